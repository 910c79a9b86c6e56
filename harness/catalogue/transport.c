#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 100,
        .slug = "servfail",
        .title = "SERVFAIL from the servers",
        .story = "The zone's servers are there and fail: a database is down, a zone could not be "
                 "loaded, one malformed record makes them fail for its whole name.",
        .wire = "SERVFAIL, from the servers themselves.",
        .reports = "A verifier says temperror, key unavailable. A set-up check says retry-later.",
        .apart = "Ask other names of the zone. If only one name fails, a record at it is "
                 "damaged; if all do, the zone is lost (F84). If the servers answer well and "
                 "only the resolver says SERVFAIL, it is F76, F90, or DNSSEC (F95).",
        .fix = "The DNS provider finds the reason in its servers' log. Removing and adding the "
               "record at that name may help.",
    },
    {
        .number = 101,
        .slug = "refused",
        .title = "REFUSED from the servers",
        .story = "The servers turn the question away: the zone is not there, or they answer only "
                 "to networks on a list.",
        .wire = "REFUSED, from the servers themselves.",
        .reports =
            "A verifier says temperror. Programs that take REFUSED for \"no\" say permerror, "
            "and are wrong. A set-up check says retry-later.",
        .apart =
            "Ask from another network. If it is answered there, it is a list; if nowhere, "
            "the servers are lame (F84). Some servers say which it is, by an extended error "
            "beside REFUSED: 18 (prohibited) for a list, 20 (not authoritative) where the zone "
            "is not theirs. If it is refused only under load, see F111.",
        .fix = "Open the servers to everybody, or load the zone.",
    },
    {
        .number = 102,
        .slug = "formerr",
        .title = "FORMERR or NOTIMP for TXT or underscores",
        .story = "The servers, or a box before them, hold that a name must not begin with an "
                 "underscore, or know no TXT records. Web site and mail work; DKIM and DMARC, "
                 "whose names all have an underscore, do not.",
        .wire = "FORMERR or NOTIMP for names with an underscore, at times in a packet of twelve "
                "octets that does not even repeat the question. Other names are answered.",
        .reports = "A verifier says temperror. A set-up check says retry-later.",
        .apart = "Ask for a name without an underscore. If that fails too, see F100 and F106.",
        .fix = "The DNS provider has to mend its servers; until then the customer can move her "
               "zone.",
    },
    {
        .number = 103,
        .slug = "silent",
        .title = "Silence",
        .story = "No packet comes back: servers are down, a network is cut, a firewall drops "
                 "what it does not like.",
        .wire = "Nothing, for as long as one cares to wait.",
        .reports = "A verifier says temperror after five or ten seconds. A set-up check says "
                   "retry-later, however often it has tried.",
        .apart = "Try TCP, a question without EDNS, another network. If any of these is "
                 "answered, it is F104, F106, F107 or a matter of place. A refusal that arrives "
                 "is F101.",
        .fix = "See that UDP and TCP port 53 of every listed server can be reached from "
               "everywhere.",
    },
    {
        .number = 104,
        .slug = "tcp-blocked",
        .title = "Truncated, and TCP is blocked",
        .story = "The key is too long for a packet. The answer comes cut and flagged, the asker "
                 "turns to TCP, and a firewall lets only UDP pass.",
        .wire = "UDP: an answer with the TC flag and without the key. TCP: refused, reset or "
                "silent.",
        .reports = "A verifier says temperror. One that asks with a larger EDNS size may pass. A "
                   "set-up check says retry-later.",
        .apart = "The TC flag is seen. If nothing at all comes to a large question and a small "
                 "one is answered, it is F107. A 2048-bit key fits a packet, so long keys fail "
                 "and short ones do not.",
        .fix = "Open TCP port 53 to the name servers. A 2048-bit key instead of a 4096-bit one "
               "avoids it.",
    },
    {
        .number = 105,
        .slug = "cut-answer",
        .title = "Truncation ignored, or an answer cut without a word",
        .story = "The answer is too long and is cut, but nobody says so: the server leaves the "
                 "record out, or a box passes on the first 512 octets and no more. Or the reader "
                 "overlooks the flag that says so.",
        .wire = "An answer without records that looks like \"no such record\", or a packet of "
                "exactly 512 octets that ends in the middle of the key.",
        .reports = "A reader that believes it says permerror: no key, or a broken one. A careful "
                   "one says temperror. A set-up check must not take it for \"missing\".",
        .apart = "Ask once with a large EDNS size and once over TCP: the whole key comes. A key "
                 "that was stored cut (F37) is short over TCP as well.",
        .fix = "The owner of the server or box has to mend it. A shorter key avoids it.",
    },
    {
        .number = 106,
        .slug = "edns",
        .title = "EDNS dropped or refused",
        .story = "The question's OPT record is not understood: it is dropped together with the "
                 "question, answered with FORMERR, NOTIMP or BADVERS, copied back, or "
                 "overwritten with zeros. Or only some of what it may say is not borne: options, "
                 "a version, the wish for signatures.",
        .wire = "With EDNS: silence or an error. Without: the answer.",
        .reports = "A verifier passes if its resolver tries again without EDNS, which fewer and "
                   "fewer do; else it says temperror. A set-up check verifies or says retry-later, "
                   "likewise.",
        .apart = "Ask with and without EDNS. If both fail alike it is F100 to F103. If only "
                 "large answers fail it is F107.",
        .fix = "Upgrade the servers, or the firewall's rules for DNS: it should pass what it "
               "does not know.",
    },
    {
        .number = 107,
        .slug = "fragments",
        .title = "Fragments lost",
        .story = "The asker offers to take 4,096 octets, and the answer is so large that the "
                 "network has to send it in pieces. Firewalls like to drop pieces. The whole "
                 "answer is lost, and nobody is told.",
        .wire = "With a size of 4,096: nothing. With 1,232: an answer, cut or whole, and over "
                "TCP all of it.",
        .reports = "A verifier behind such a resolver says temperror. A set-up check says "
                   "retry-later.",
        .apart = "Only large answers fail, and only at a large size. The TC flag is not seen, "
                 "unlike F104.",
        .fix = "Set the EDNS size to 1,232 at resolver and server, which has been the advice "
               "since 2020, and open TCP.",
    },
    {
        .number = 108,
        .slug = "letter-case",
        .title = "Letter case not kept",
        .story = "To make forging harder, some resolvers ask for names in random capital and "
                 "small letters and expect the answer to repeat them. Some servers write "
                 "everything small; others look names up letter by letter and know only the "
                 "small ones.",
        .wire = "Asked in small letters: the key. Asked with capitals: a question in small "
                "letters, or NXDOMAIN or REFUSED.",
        .reports = "Behind a resolver that mixes letters: temperror, or permerror after NXDOMAIN, "
                   "or a pass if it tries otherwise. Behind others it passes.",
        .apart = "Ask the servers twice, in small and in mixed letters.",
        .fix = "The DNS provider has to mend its servers: names are the same in any letters.",
    },
    {
        .number = 109,
        .slug = "wrong-question",
        .title = "Wrong question, ID or source",
        .story = "An answer comes that does not belong to the question: its number (ID) is "
                 "another, its question is another or left out, or it comes from an address that "
                 "was not asked. It might be a forger's, so it is not believed, though it may be "
                 "the right one.",
        .wire = "Packets come, and the asker reports a time-out.",
        .reports = "A verifier says temperror. One that does not compare passes and can be lied "
                   "to: Mail::DKIM takes an answer with a wrong or empty question. A set-up check "
                   "says retry-later.",
        .apart = "Look at the packets themselves: something arrives. In F103 nothing does.",
        .fix = "The DNS provider has to mend its servers, or the box that changes addresses on "
               "the way: answers have to leave from the address that was asked.",
    },
    {
        .number = 110,
        .slug = "malformed",
        .title = "Malformed answers",
        .story = "The answer is not built as it should be: octets follow its end, a record of "
                 "zeros stands where the OPT record was, an address comes whatever was asked "
                 "for, or the same record three times.",
        .wire = "Odd packets. Strict readers report them as damaged, lax ones show an answer.",
        .reports = "By the reader: pass, temperror or permerror. A careful one says temperror. A "
                   "set-up check says retry-later where it could not read the answer.",
        .apart = "Two tools disagree about the same server. Look at the octets.",
        .fix = "The owner of the load balancer, or whatever builds the answers, has to mend "
               "it.",
    },
    {
        .number = 111,
        .slug = "rate-limited",
        .title = "Rate limiting",
        .story = "Servers limit how many answers a network gets in a second, so as not to be "
                 "used against others. A busy resolver, or a mail provider's check of many "
                 "domains at once, meets the limit. What is too much is dropped, cut short, or "
                 "refused.",
        .wire = "One question is answered. Of many in the same second some are not, or come "
                "empty with the TC flag, or REFUSED.",
        .reports = "A verifier passes, or under load says temperror. A set-up check says "
                   "retry-later, and should ask more slowly.",
        .apart = "It happens only under load. Over TCP everything is answered.",
        .fix = "Whoever asks: slow down, and use TCP after TC. Whoever answers: cut short "
               "rather than drop, and let known resolvers through.",
    },
    {.number = 0},
};

const struct failure_family family_transport = {
    .slug = "transport",
    .numeral = "IX",
    .title = "Transport and protocol",
    .about = "Questions and answers travel as small packets of up to about 1,232 octets; "
             "longer answers are cut, flagged as truncated (TC), and asked for again over a "
             "TCP connection. EDNS is an addition from 1999 by which the asker says, in a "
             "record called OPT, how large a packet it takes. Boxes between the two ends "
             "(firewalls, load balancers, protection against attacks) often know only part "
             "of that.\n\n"
             "In all of this family nothing is wrong with the record, and hardly ever may "
             "anything be concluded about it: try again, from elsewhere, in another manner. "
             "A set-up check that says \"missing\" to any of these makes a customer change "
             "what was right.",
    .failures = failures,
};
