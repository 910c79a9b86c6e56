#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 26,
        .slug = "cname-and-text",
        .title = "CNAME and TXT at one name, served by type",
        .story = "There is a CNAME and a TXT record at the same name, which the DNS forbids, and "
                 "the provider accepted both. Its servers answer each question with the record of "
                 "that type.",
        .wire = "TXT: the customer's own text. CNAME: the target. Each alone looks right. A "
                "resolver that has the CNAME in its cache follows it even for TXT: what comes out "
                "depends on what was asked before.",
        .reports = "pass or permerror, by luck. A set-up check must not trust one of the two; it "
                   "calls the record ambiguous.",
        .apart = "Both types answer at one name. A proxied name may have a TXT of its own too "
                 "(F01), but no CNAME shows there.",
        .fix = "Keep one of the two: the one that was asked for.",
    },
    {
        .number = 27,
        .slug = "zone-refused",
        .title = "Zone refused by a secondary",
        .story =
            "As F26, and one of the name servers is stricter than the other: it refuses to load a "
            "zone with a CNAME beside other records and keeps the last version it had, or none.",
        .wire = "One server answers with the new zone; another has an older serial, or says "
                "SERVFAIL or REFUSED for everything.",
        .reports = "pass or permerror (an old copy), or temperror, by which server is asked. A "
                   "set-up check finds the servers inconsistent, or one of them without the zone.",
        .apart = "Serials in the SOA records differ between the servers, and a name in the zone "
                 "has a CNAME and something else; at the domain itself a CNAME is never alone "
                 "(F20). Stale for another reason: F86.",
        .fix = "Remove the clash; the strict server then takes the zone again.",
    },
    {
        .number = 28,
        .slug = "several-cnames",
        .title = "Two CNAMEs at one name",
        .story = "Two CNAMEs at one name: the old target and the new. The DNS forbids it, but a "
                 "form may let it pass.",
        .wire = "CNAME: two records. Some resolvers follow the first that comes, others give up.",
        .reports = "One key or the other, or temperror. A set-up check declines: ambiguous.",
        .apart = "Count the CNAMEs.",
        .fix = "Delete the one that was not asked for.",
    },
    {
        .number = 29,
        .slug = "wildcard-address",
        .title = "A wildcard address masks that the record is missing",
        .story = "The customer has a wildcard with an address for her web sites. It makes every "
                 "name exist, so that a missing record looks like one without data.",
        .wire = "TXT and CNAME: NODATA, where NXDOMAIN was to be expected. A: the wildcard's "
                "address, the same at any name.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: "
                   "missing, and a wildcard hides that.",
        .apart = "Ask at a random name beside it. A proxy's range: F02.",
        .fix = "Add the record; it wins over the wildcard.",
    },
    {
        .number = 30,
        .slug = "wildcard-record",
        .title = "A wildcard CNAME answers instead",
        .story = "The customer has a wildcard CNAME, `*.customer.example`, to her web host. It "
                 "answers for the record that she did not add.",
        .wire = "CNAME: the web host. TXT: whatever the web host has there, often nothing, "
                "sometimes its SPF record.",
        .reports = "A verifier says permerror: no key, or a text that is no key. A set-up check "
                   "declines: a wildcard answers.",
        .apart = "A random name beside it gives the same CNAME. If it does not, the target is "
                 "wrong (F13).",
        .fix = "Add the record; it wins over the wildcard.",
    },
    {
        .number = 31,
        .slug = "wildcard-text",
        .title = "A wildcard TXT answers instead",
        .story = "The customer has her SPF or DMARC record on a wildcard, `*.customer.example`. It "
                 "answers at the selector that she forgot to add.",
        .wire = "TXT: `v=spf1 …`, the same at any name.",
        .reports = "permerror: the text is no key. Verifiers use many different words for it. A "
                   "set-up check declines: a wildcard answers.",
        .apart = "A random name beside it gives the same text. Text at this name alone: somebody "
                 "put it there (F33).",
        .fix = "Add the record; it wins over the wildcard.",
    },
    {
        .number = 32,
        .slug = "shadowed-wildcard",
        .title = "A new record switches a wildcard off below it",
        .story = "Selectors worked by a wildcard, until somebody added one of them as a record of "
                 "its own. Now `_domainkey.customer.example` exists, if only because there is a "
                 "name below it, and the wildcard no longer reaches below that.",
        .wire =
            "The new selector answers. The others, which used to: NXDOMAIN. "
            "`_domainkey.customer.example` itself: NODATA, it has become an empty non-terminal.",
        .reports = "pass for the new selector, permerror for the others. A set-up check of the "
                   "others declines: missing.",
        .apart = "They broke at the moment when another record was added. The zone has a wildcard, "
                 "and random names elsewhere still get it.",
        .fix = "Add each selector as a record of its own, or a wildcard below `_domainkey`.",
    },
    {
        .number = 33,
        .slug = "foreign-text",
        .title = "Somebody else's TXT beside the key",
        .story = "A TXT record of something else stands at the selector beside the key: a site "
                 "verification, an SPF record.",
        .wire = "TXT: two records, in changing order. One begins with `v=DKIM1`.",
        .reports =
            "RFC 6376 leaves it open: pass, if the verifier looks for the key among them; "
            "permerror or worse if it takes the first. A set-up check calls it ambiguous: declined "
            "at the customer's own name, to be looked at later where her CNAME leads.",
        .apart = "Count the records, and see which are keys. Two keys: F34. A second one that is "
                 "bare base64: F35.",
        .fix = "Move the other text to the name where it belongs.",
    },
    {
        .number = 34,
        .slug = "several-keys",
        .title = "Two keys at one selector",
        .story = "The new key was added, and the old one left.",
        .wire = "TXT: two records that begin with `v=DKIM1`.",
        .reports =
            "RFC 6376 leaves it open: pass if the verifier tries each, else fail, permerror "
            "or temperror. A set-up check calls it ambiguous: declined at the customer's own "
            "name, to be looked at later where her CNAME leads.",
        .apart = "Two records with `p=`.",
        .fix = "Keep one key at a selector. For a change of keys use a new selector.",
    },
    {.number = 0},
};

const struct failure_family family_coexistence = {
    .slug = "coexistence",
    .numeral = "III",
    .title = "Records that stand in each other's way",
    .about = "More than one record wants to speak for the same name, or a wildcard speaks where "
             "the customer's record is missing. What readers see then depends on the type they ask "
             "for, on the order in which records come, or on what a cache has seen first.\n\nThe "
             "look-up that tells most is one at a random name beside the record's own, "
             "`zz9._domainkey.customer.example`: nobody has added that, so whatever it answers "
             "comes from a wildcard.",
    .failures = failures,
};
