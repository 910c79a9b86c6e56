#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 70,
        .slug = "empty-non-terminal",
        .title = "NXDOMAIN for a name that has names below it",
        .story = "`_domainkey.customer.example` has no records of its own, but the key's name "
                 "lies below it. So it exists, as a folder exists that only holds other folders. "
                 "Some servers forget that and say NXDOMAIN for it. A resolver that believes "
                 "them knows that nothing can be below a name that does not exist, and denies "
                 "the key without asking.",
        .wire = "The name above the key gives NXDOMAIN; the key's own name gives the key. "
                "Through a resolver the key comes or does not, by what somebody has asked "
                "before.",
        .reports = "A verifier passes, or says permerror with NXDOMAIN where its resolver has met "
                   "the wrong answer first. A set-up check that asks for the key's name verifies.",
        .apart = "Ask the servers for the name above alone. NODATA is right, NXDOMAIN is this "
                 "fault. If the key's own name is denied by the servers too, it is missing "
                 "(F23).",
        .fix = "The DNS provider has to upgrade its servers. Until then, put any TXT record at "
               "the name above; it then has something of its own.",
    },
    {
        .number = 71,
        .slug = "nxdomain-by-type",
        .title = "NXDOMAIN for a name that has other types",
        .story = "The name exists and has an address, say. Asked for another type the server "
                 "says that there is no such name, where it should say that there is no such "
                 "record. Load balancers that know only addresses do that. Whoever believes it "
                 "forgets the address as well.",
        .wire = "TXT: NXDOMAIN, often without the SOA that a denial should have. A at the same "
                "name: an address.",
        .reports = "A verifier says permerror, no key for signature. That is right by chance: "
                   "there is no key either. A set-up check must not conclude that the customer's "
                   "record is missing.",
        .apart = "Ask for two types at the same name and server: one says that the name exists, "
                 "one that it does not.",
        .fix = "The owner of the load balancer has to mend it, or the key has to move to a "
               "name that ordinary servers answer for.",
    },
    {
        .number = 72,
        .slug = "minimisation",
        .title = "Servers that trip over minimised questions",
        .story = "Many resolvers tell a server no more of a name than it needs, for the sake of "
                 "privacy: they ask it for `_domainkey.customer.example` first, and only then "
                 "for the whole. They call that minimisation. Some servers have never been asked "
                 "for so little and refuse, say that they cannot do that, say NXDOMAIN, or stay "
                 "silent. Others go along too far and claim that a zone of its own begins at "
                 "every name.",
        .wire = "The short question gets REFUSED, NOTIMP, NXDOMAIN or nothing, the whole "
                "question gets the key. Or: NS records are given at names that nobody has.",
        .reports = "Behind a resolver that insists, a verifier says temperror, or permerror after "
                   "NXDOMAIN; behind one that then asks for the whole name, or does not minimise, "
                   "it passes. A set-up check verifies if its resolver does the same.",
        .apart = "Ask the servers for the short and for the whole name. If both fail alike, it "
                 "is another fault (F84, F100 to F103). NXDOMAIN for the short name alone is "
                 "F70.",
        .fix = "The DNS provider has to mend its servers. Whoever runs the resolver can relax "
               "its minimisation.",
    },
    {
        .number = 73,
        .slug = "compact-denial",
        .title = "Compact denial: NXDOMAIN that looks like NODATA",
        .story = "Some DNS providers never say that a name does not exist. To a name that nobody "
                 "has they answer as if it were there without records, and put the truth into a "
                 "signed record that only few look at. They save work that way. A reader of "
                 "plain answers cannot tell a name that exists from one that does not.",
        .wire = "Any name that one makes up gives success with nothing in it, and an SOA. With "
                "signatures asked for, an NSEC record lists the type NXNAME.",
        .reports = "A verifier says permerror, no key for signature, as it would for NXDOMAIN. A "
                   "set-up check declines the record as missing, and must blame neither a proxy "
                   "nor flattening.",
        .apart = "Ask for a random name beside it. If that seems to exist too, that this name "
                 "exists proves nothing. With flattening (F04) the random name is NXDOMAIN; a "
                 "proxy (F01) shows addresses.",
        .fix = "Nothing is broken; add the record. Programs should not conclude from success "
               "that a name exists.",
    },
    {
        .number = 74,
        .slug = "cached-absence",
        .title = "A denial remembered after the repair",
        .story = "The record was missing, somebody asked, and then it was added. The resolver "
                 "remembers the no for as long as the zone's SOA allows: half an hour at "
                 "Cloudflare, an hour at many others, at most three hours. The customer sees her "
                 "record in her provider's form and is told that it is missing.",
        .wire = "The zone's servers show the record. A resolver still says no, with an SOA "
                "whose TTL falls from one question to the next.",
        .reports = "A verifier says permerror until the time is over, then passes. A set-up check "
                   "says how long it will take, and does not decline a second time.",
        .apart =
            "Ask the servers and the resolver: they differ. If the servers say no as well, "
            "the record is still missing (F23) or one of them is behind (F86). Ask the resolver "
            "again ten seconds later: a denial whose TTL has not run down comes from no cache "
            "(F92).",
        .fix = "Wait for as long as the SOA in the denial says, and check again. Add records "
               "before asking for the check. A shorter minimum in the SOA shortens the wait "
               "next time.",
    },
    {
        .number = 75,
        .slug = "no-soa",
        .title = "A denial without SOA",
        .story = "A server says no, and leaves out the SOA record that says for how long. "
                 "Resolvers cannot keep such a no, ask anew every time, and some take it for a "
                 "broken server.",
        .wire = "Success or NXDOMAIN, with all sections empty.",
        .reports = "A verifier says permerror, no key for signature: a no is a no. A set-up check "
                   "declines the record as missing. When it is added it is seen at once, since "
                   "nobody remembers anything.",
        .apart = "The answer is empty to its last section, and has the AA flag. Servers that do "
                 "not have the zone (F84) leave that flag out, or refuse.",
        .fix = "The DNS provider has to mend its servers. For the customer it changes nothing.",
    },
    {
        .number = 76,
        .slug = "cached-failure",
        .title = "A failure remembered after the repair",
        .story = "The servers failed for a while and are well again. A resolver remembers "
                 "failures too: for some seconds at first, for up to five minutes where they "
                 "repeat, so as not to storm a server that is down.",
        .wire = "The servers answer well. The resolver says SERVFAIL, and no question of it "
                "reaches them.",
        .reports = "A verifier says temperror, which is what it is for. A set-up check says "
                   "retry-later.",
        .apart = "Ask the servers themselves. If they fail too, it is not over (F100). A denial "
                 "kept too long (F74) says NXDOMAIN or NODATA, not SERVFAIL.",
        .fix = "Wait five minutes.",
    },
    {
        .number = 77,
        .slug = "long-ttl",
        .title = "An old answer remembered for its long TTL",
        .story = "The record was wrong and has been corrected. Its TTL was a day, or a week: for "
                 "so long resolvers go on with the old one.",
        .wire = "The servers show the new record. A resolver shows the old one, with a TTL that "
                "falls.",
        .reports = "By the old record: fail if it was another key, permerror if it led nowhere. A "
                   "set-up check sees a wrong value, and that it is on its way out.",
        .apart = "Two questions to the resolver a few seconds apart: the TTL is smaller the "
                 "second time, and the servers say something else. If the servers say the same, "
                 "nobody has corrected anything (F13, F61).",
        .fix = "Wait out the TTL. Before a planned change, set it to five minutes for a day. "
               "Records that matter can do with an hour.",
    },
    {
        .number = 78,
        .slug = "ttl-zero",
        .title = "TTL 0, or oddly rounded",
        .story = "The record may be kept for zero seconds: not at all. Some providers give that "
                 "out for names that they make up on the spot, and some resolvers round a small "
                 "TTL down to it. It is legal. A few readers take zero for \"gone\".",
        .wire = "The right record, TTL 0, at every question.",
        .reports = "A verifier passes, and a set-up check verifies. A reader that trips over it "
                   "drops the answer, and reports that there is no key.",
        .apart = "The TTL in the answer is 0 from the servers themselves. A TTL that reaches 0 "
                 "only in the resolver is an ordinary one at its end.",
        .fix = "None is needed; the reader has to be mended. A TTL of some minutes saves "
               "everybody work.",
    },
    {
        .number = 79,
        .slug = "verifier-cache",
        .title = "The verifier's own memory keeps the failure",
        .story = "The DNS is right and every resolver shows it. The verifier keeps findings of "
                 "its own, for an hour or a day, whatever the TTLs say, and tells the customer "
                 "what it found before she mended anything.",
        .wire = "When the check is repeated no question reaches the servers, nor the resolver.",
        .reports = "What was true before: permerror, or a declined set-up. No other verifier "
                   "agrees.",
        .apart = "Watch for a question while the check runs. If one comes and a resolver answers "
                 "it with old data, it is F74 or F77.",
        .fix = "The mail provider has to look again instead of remembering: a button that says "
               "\"check now\" must check now.",
    },
    {
        .number = 80,
        .slug = "hijacked",
        .title = "NXDOMAIN rewritten by the resolver",
        .story = "The record is missing. The resolver, run by a provider of Internet access, "
                 "turns \"no such name\" into the address of a page with advertisements. To a "
                 "program it seems that the name exists and has an address.",
        .wire = "Through this resolver every name one makes up has the same address, in every "
                "domain. TXT is untouched or NODATA. The zone's servers say NXDOMAIN.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines the "
                   "record as missing, and must not take the address for a proxy's.",
        .apart = "Ask for a random name in a quite different domain: it has the same address. "
                 "With a wildcard (F29) or a proxied one (F02) only names of this zone do.",
        .fix = "Use another resolver for mail. And add the record.",
    },
    {
        .number = 81,
        .slug = "parked",
        .title = "Expired domain on parking servers",
        .story = "The domain has expired. The registrar sends it to parking servers, which "
                 "answer for any name with the address of a page that offers it for sale; some "
                 "add a TXT that says that nobody may send mail.",
        .wire = "The name servers are somebody else's. Every name has the same address, TXT is "
                "an SPF record or nothing, and the customer's records are gone, all of them.",
        .reports = "A verifier says permerror: no key, or a TXT that is no key. A set-up check "
                   "declines.",
        .apart = "Look at the name servers: they belong to a parking service or to the "
                 "registrar. A wildcard of the customer's own (F29 to F31) is served by the "
                 "servers that she knows. A hold (F82) takes away all servers.",
        .fix = "Renew the domain. When it is back at its old servers everything is as before, "
               "within a day or two: delegations are remembered for long.",
    },
    {
        .number = 82,
        .slug = "on-hold",
        .title = "The registry holds the domain back",
        .story = "The domain is registered and its servers are well, but the registry or the "
                 "registrar has taken it out of the DNS: the owner's e-mail address was not "
                 "confirmed, a bill not paid, a dispute is under way.",
        .wire = "NXDOMAIN for every name of the domain, with the SOA of the zone above. The "
                "servers, asked by their addresses, answer as ever.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines; with "
                   "the registry's status it can say why.",
        .apart = "The SOA in the denial is of the zone above: the whole domain is missing, not "
                 "one record (F23). Its registration data say clientHold or serverHold. If there "
                 "are none, it is not registered (F83).",
        .fix = "Ask the registrar what is wrong: often it is enough to follow the link in an "
               "old e-mail.",
    },
    {
        .number = 83,
        .slug = "not-registered",
        .title = "Domain mistyped or not registered",
        .story = "Nobody has registered this domain. The customer typed her own name wrong, or "
                 "was given a wrong one.",
        .wire = "NXDOMAIN for every name of the domain, with the SOA of the zone above.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: "
                   "there is no such domain.",
        .apart = "The registry has no data for it; for a domain on hold (F82) it has. Compare it "
                 "letter by letter with the address the customer writes from.",
        .fix = "Correct the spelling, or register the domain.",
    },
    {.number = 0},
};

const struct failure_family family_negative_and_caches = {
    .slug = "negative-and-caches",
    .numeral = "VI",
    .title = "Denials and caches",
    .about = "The DNS says no in two ways, and both are remembered. NXDOMAIN means that "
             "there is no such name; NODATA means that the name exists and has no record of "
             "this type. How long a no may be kept stands in the SOA record that comes along "
             "with it: the smaller of its own TTL and of its last number, the minimum. So a "
             "record that was asked for a moment too early stays missing for that long, for "
             "everybody behind the same resolver, while the servers already show it.\n\n"
             "Most of this family is one of three things: a server that says no in the wrong "
             "way, a memory that still holds yesterday's answer, or somebody other than the "
             "zone's own servers who says no.",
    .failures = failures,
};
