#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 84,
        .slug = "all-lame",
        .title = "All name servers lame",
        .story = "All the servers listed for the zone no longer have it: the contract ended, the "
                 "zone was deleted or could not be loaded, or the delegation still shows the "
                 "provider before last.",
        .wire =
            "REFUSED or SERVFAIL, or the list of the root's servers, or data without the AA flag "
            "that means \"I am in charge\". At every listed server.",
        .reports = "A verifier says temperror. A set-up check says retry-later, and must never say "
                   "\"missing\". Some verifiers say permerror to REFUSED, which is wrong.",
        .apart = "Something arrives, and it is not an answer of somebody in charge. Silence is "
                 "F103. If answers are thrown away only by resolvers that validate, it is DNSSEC "
                 "(F95 to F99).",
        .fix = "At the registrar, list the servers that really have the zone; or bring the "
               "zone back to those that are listed.",
    },
    {
        .number = 85,
        .slug = "one-lame",
        .title = "One name server lame",
        .story = "One of several servers has lost the zone or is switched off, the others are "
                 "well. Nobody notices but for a delay now and then.",
        .wire = "One server refuses, fails or is silent, the others answer alike.",
        .reports = "A verifier passes, sometimes seconds later. A set-up check verifies, and may "
                   "mention the server.",
        .apart = "Ask each server by itself. If the bad one answers, but something else, it is "
                 "F86 or F87.",
        .fix = "Mend the server or take it out of the delegation, above and in the zone "
               "itself.",
    },
    {
        .number = 86,
        .slug = "stale-server",
        .title = "One name server stale",
        .story = "One server still shows the zone of some days ago: the copy from the main "
                 "server to it has stopped working. A record that was added since then is there "
                 "at one, and not at the other.",
        .wire = "The SOA serial numbers differ. The server with the smaller one says NXDOMAIN, "
                "the other shows the record.",
        .reports = "A verifier passes or says permerror, by chance and by turns. A set-up check "
                   "finds the servers inconsistent.",
        .apart = "Compare the serial numbers. If they are the same and the answers are not, it "
                 "is F87. If no server has the record, it has not been published (F23).",
        .fix = "Mend the transfer between the servers; the bad server's log says why it fails. "
               "Two CNAMEs at one name are a common reason (F27).",
    },
    {
        .number = 87,
        .slug = "text-differs",
        .title = "One name server has another text",
        .story = "All servers claim the same version of the zone, and one of them shows the "
                 "key's text differently: with quotation marks around it, say. A provider's "
                 "import did that on one machine.",
        .wire = "The same serial number everywhere, and different octets in the TXT record.",
        .reports = "A verifier passes or says permerror, by turns. A set-up check finds the "
                   "servers inconsistent.",
        .apart = "Compare the octets of the records, not how a tool prints them. Different "
                 "serial numbers are F86.",
        .fix = "The DNS provider has to mend the one server.",
    },
    {
        .number = 88,
        .slug = "dangling-server",
        .title = "Name server's name mistyped",
        .story = "A name server's name was typed wrong, `ns2.akam.ne` for `ns2.akam.net`. As "
                 "long as another server is right, nobody notices. Whoever registers the wrong "
                 "name answers for the customer, with any key he likes.",
        .wire = "One of the NS records leads to a name that does not exist.",
        .reports = "A verifier passes, a little later for some. A set-up check verifies, and "
                   "should warn: this is a danger rather than a fault.",
        .apart = "Look up the address of each listed server. A server that exists and refuses is "
                 "F85.",
        .fix = "Correct the name, at the registrar and in the zone. Do not wait.",
    },
    {
        .number = 89,
        .slug = "parent-child",
        .title = "Parent and child list different servers",
        .story = "The zone above lists other servers than the zone itself does. The customer "
                 "changed her servers in one place and not in the other.",
        .wire = "The NS records above and those of the zone differ. If the server that only one "
                "of them lists is gone, questions to it are refused or lost.",
        .reports = "A verifier passes, later for some; if the forgotten server still shows an old "
                   "zone, by turns. A set-up check verifies what the listed servers agree on.",
        .apart = "Ask above and ask the zone's servers for NS, and compare. If the sets are the "
                 "same and one server is bad, it is F85 or F86.",
        .fix = "Make them the same. What counts is what the zone above says, and that is "
               "changed at the registrar.",
    },
    {
        .number = 90,
        .slug = "broken-glue",
        .title = "Glue wrong or in a circle",
        .story = "To ask a server one must know its address. For a server inside the zone it "
                 "serves, the zone above has to give the address along; that is called glue. It "
                 "may be out of date; or two zones may each have their servers inside the other, "
                 "so that neither can be found first.",
        .wire =
            "The resolver gives up with SERVFAIL: its walk repeats itself, or ends at an "
            "address where nobody is any more. The servers, asked where they really are, answer "
            "well. If only one server's address is old, look-ups succeed, some of them late.",
        .reports = "A verifier says temperror. A set-up check says retry-later, or verifies where "
                   "another server is well, and tells which address is the old one.",
        .apart = "Compare the address that the zone above gives for a server with the one in the "
                 "zone itself. If they are the same and nobody answers there, it is F103, or F85 "
                 "where other servers answer. Where no server can be reached, only somebody who "
                 "knows the right address can tell: the DNS provider, or a resolver that remembers "
                 "it. If the walk reaches servers and they refuse, it is F84.",
        .fix = "At the registrar, correct the addresses of the name servers (\"host records\"). "
               "Do not let two domains depend on each other alone.",
    },
    {
        .number = 91,
        .slug = "split-horizon",
        .title = "Split horizon",
        .story = "The servers show different zones to different people: one to the customer's "
                 "own network, one to the world. The record was added to the inner one only.",
        .wire = "From inside: the record. From outside: NXDOMAIN, from the same server.",
        .reports =
            "A verifier outside says permerror. A set-up check declines the record as "
            "missing, whatever the customer sees on her screen, and says that this is one of "
            "the things that it may be. If it may also ask a resolver inside, it sees both.",
        .apart = "Ask the same server from a network elsewhere; over IPv4 and IPv6 one often asks "
                 "from two. If every server inside is "
                 "another machine than those outside, it is F17: typed at the wrong place.",
        .fix = "Add the record to the view that is shown to the world.",
    },
    {
        .number = 92,
        .slug = "by-location",
        .title = "The answer depends on where one asks",
        .story = "The provider answers by where the question comes from, in order to send "
                 "visitors to a near web server. The key's record was changed in one region and "
                 "not in all.",
        .wire = "The same server says different things to different resolvers, each time the "
                "same to the same.",
        .reports = "A verifier passes in one part of the world and not in another. Where "
                   "servers say that they answer by network, a set-up check asks as if from five "
                   "parts of the world, and says retry-later if one is told something else.",
        .apart = "Ask through resolvers in several countries. A resolver that remembers the old "
                 "record (F77) looks the same at one look; at a second its answer has grown older, "
                 "and when its time is over it has the new one. "
                 "Where the answers change from one minute to the next at one place, it is F86 or "
                 "F87.",
        .fix = "Give the record the same content in all regions; keys need no geography.",
    },
    {
        .number = 93,
        .slug = "no-apex-soa",
        .title = "No SOA at the apex",
        .story = "The servers do not know the SOA record of their own zone. Everything else is "
                 "there.",
        .wire = "SOA at the apex: empty, or NXDOMAIN. NS, TXT and the key: well.",
        .reports = "A verifier passes; it has no use for the SOA. Checks that begin by looking for "
                   "the zone find none and may say so. A set-up check verifies.",
        .apart = "Ask for the SOA at the apex, and for anything else. If both fail it is F84.",
        .fix = "The DNS provider has to mend its servers.",
    },
    {
        .number = 94,
        .slug = "unrelated-data",
        .title = "Unrelated records come along",
        .story = "Answers bring records along that have nothing to do with the question, of "
                 "names that the server is not in charge of: an over-eager server, or somebody "
                 "who hopes that they are believed.",
        .wire = "Records of foreign names beside the answer.",
        .reports = "A verifier passes: a sound resolver overlooks them. A set-up check verifies.",
        .apart = "The names are not at or below the zone that was asked.",
        .fix = "The DNS provider has to mend its servers. A resolver that keeps such records "
               "has to be replaced.",
    },
    {.number = 0},
};

const struct failure_family family_delegation = {
    .slug = "delegation",
    .numeral = "VII",
    .title = "Delegation and servers that disagree",
    .about = "The zone above says which servers a zone has. They are asked in no particular "
             "order; if one says something else than another, what a verifier sees is "
             "chance, and a customer is told yes today and no tomorrow. So look at every "
             "server by itself before believing any of them, and compare the serial numbers "
             "of their SOA records: the server with the smaller one is behind.\n\n"
             "A server that is listed for a zone which it does not have is called lame.",
    .failures = failures,
};
