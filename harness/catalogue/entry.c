#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 10,
        .slug = "doubled-zone",
        .title = "The zone's name typed twice",
        .story = "The form has a field for the name and adds the zone's name to whatever is typed. "
                 "The customer pasted the whole name. No mistake is reported by more mail "
                 "providers than this one.",
        .wire = "The name asked for: NXDOMAIN. `k1._domainkey.customer.example.customer.example` "
                "answers with the record.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: the "
                   "zone's name is there twice.",
        .apart = "Ask for the name with the zone's name added once more. If nothing is there "
                 "either, the record is missing (F23).",
        .fix = "Enter only what stands left of the zone's name: `k1._domainkey`.",
    },
    {
        .number = 11,
        .slug = "missing-dot",
        .title = "No final dot on the target",
        .story = "In zone files, and in some forms, a name without a dot at its end is taken as "
                 "relative, and the zone's name comes behind it. The customer typed the target "
                 "without the dot.",
        .wire = "CNAME: `k1.dkim.esp.example.customer.example`, which does not exist: NXDOMAIN "
                "with the CNAME in the answer.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: "
                   "wrong target, the final dot is missing.",
        .apart = "The end of the chain lies in the customer's own zone. A target that its owner "
                 "has removed (F65) ends in the mail provider's.",
        .fix = "Put a dot behind the target. In forms that add it themselves, take the zone's name "
               "out of it.",
    },
    {
        .number = 12,
        .slug = "escaped-dot",
        .title = "A dot entered where the form forbids it",
        .story = "The customer heard that a target wants a dot at its end, and the form wants "
                 "none: it stores the dot as an ordinary character, and the name as a relative "
                 "one. In another form the dots of the record's own name suffer the same.",
        .wire = "CNAME: `k1.dkim.esp.example\\..customer.example`: the last label but the zone's "
                "is \"example.\" with a dot inside, shown as `\\.` or `\\046`. NXDOMAIN behind it. "
                "Where it is the owner, the name asked for is NXDOMAIN.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: "
                   "wrong target.",
        .apart = "A backslash in front of a dot in what `dig` prints. Without it this is F11.",
        .fix = "Delete the dot that the form does not want.",
    },
    {
        .number = 13,
        .slug = "wrong-target",
        .title = "Wrong or stale target",
        .story = "The CNAME leads somewhere else: to the host of another account, to last year's "
                 "host, to a misspelt one.",
        .wire = "CNAME: another name than the one asked for. Behind it a sound key, of somebody "
                "else; or nothing.",
        .reports = "fail (signature did not verify) where another key comes back, permerror where "
                   "none does. A set-up check declines: wrong target.",
        .apart = "Compare the target with the one that was asked for, letter by letter, without "
                 "regard to case. If it is right and the key is still another one, the mail "
                 "provider has to look (F61).",
        .fix = "Copy the target again.",
    },
    {
        .number = 14,
        .slug = "target-as-text",
        .title = "Fields swapped, or the target typed as TXT",
        .story = "The record was added with type TXT and the target as its text, or name and value "
                 "were typed into each other's fields.",
        .wire = "TXT at the name: `k1.dkim.esp.example`, a host name and no key. With swapped "
                "fields: NXDOMAIN, and a CNAME at `k1.dkim.esp.example.customer.example`.",
        .reports = "A verifier says permerror, key syntax error, for the text; no key for "
                   "signature for the swap. A set-up check declines: the target was typed as text.",
        .apart = "The text looks like a host name, and is the target.",
        .fix = "Delete it, and add the same value as a CNAME.",
    },
    {
        .number = 15,
        .slug = "no-domainkey",
        .title = "Selector at the wrong depth",
        .story = "A DKIM name has three parts: selector, `_domainkey`, domain. One of them was "
                 "left out, or the record was added below another sub-domain.",
        .wire = "The name asked for: NXDOMAIN. The record answers at `k1.customer.example`, at "
                "`_domainkey.customer.example`, or at `k1._domainkey.www.customer.example`. Where "
                "something else lies below `_domainkey`, that name exists, and some look-ups give "
                "NODATA.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: the "
                   "name is incomplete.",
        .apart = "Ask at the three wrong places.",
        .fix = "Enter the name as `k1._domainkey`, in the zone of the domain that the mail comes "
               "from.",
    },
    {
        .number = 16,
        .slug = "no-underscore",
        .title = "Underscore refused or stripped",
        .story = "The form refuses underscores, which are no part of host names, or drops them "
                 "without a word. DKIM names have one.",
        .wire = "The name asked for: NXDOMAIN. `k1.domainkey.customer.example` answers with the "
                "record.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: the "
                   "underscore is missing.",
        .apart = "Ask for the name without its underscore.",
        .fix = "Ask the DNS provider to add the record, delegate `_domainkey` to another one, or "
               "move the zone to a provider that takes underscores.",
    },
    {
        .number = 17,
        .slug = "other-host",
        .title = "Records typed at the wrong DNS host",
        .story = "The domain's DNS is at one company, and the customer added the records at "
                 "another: where the web site is, or where the domain was bought. That company's "
                 "servers may even know the zone; but the zone above does not delegate to them.",
        .wire = "The delegated servers: NXDOMAIN. A server that nobody delegates to, asked "
                "directly: the record, as it should be.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: the "
                   "record is missing. From outside it cannot know where she typed it; asked "
                   "where, it can say more.",
        .apart = "Compare the name servers in the delegation with the company that the customer "
                 "names. Without her help it is the same as F18 and F23.",
        .fix = "Add the records where the domain's name servers are: the delegation names them.",
    },
    {
        .number = 18,
        .slug = "lost-in-move",
        .title = "Records lost when DNS moved",
        .story =
            "The domain moved to another DNS provider. The new zone was made from what a scan "
            "found, and a scan does not find names like `k1._domainkey` unless it is told them.",
        .wire = "The new servers: NXDOMAIN. The old ones still answer well, if they are asked. "
                "Mail passes until caches have forgotten the old answers, and then no more.",
        .reports = "A verifier says pass while caches remember, then permerror. A set-up check "
                   "declines: the record is missing.",
        .apart = "It worked before; the name servers changed; the old ones still know it. Without "
                 "that history it is the same as F17 and F23.",
        .fix = "Add the records again at the new provider.",
    },
    {
        .number = 19,
        .slug = "shadowed",
        .title = "Delegated away, so that the record is shadowed",
        .story = "`_domainkey.customer.example` (or the sub-domain that the mail comes from) was "
                 "delegated to other servers some time, by NS records. What the customer adds in "
                 "her own zone below that point is seen by nobody: the other servers answer there.",
        .wire = "A referral: her servers name others for `_domainkey.customer.example`. Those say "
                "NXDOMAIN, or whatever they have.",
        .reports = "Whatever the other zone holds counts: mostly permerror, no key for signature. "
                   "A set-up check declines: the record is missing, in a zone of its own.",
        .apart = "The SOA in the denial belongs to `_domainkey.customer.example`, not to "
                 "`customer.example`; NS at that name answers.",
        .fix = "Add the record at the servers it is delegated to, or delete the NS records.",
    },
    {
        .number = 20,
        .slug = "apex-cname",
        .title = "CNAME at the zone's apex",
        .story = "The customer put a CNAME at the domain's own name, where SOA and NS must be, and "
                 "a CNAME allows nothing beside it. Some servers refuse the zone, others show the "
                 "CNAME and hide the rest.",
        .wire = "CNAME at the apex answers; MX, TXT and the like at the apex follow it to the "
                "target and vanish. Names below the apex may go on working, or fail with the zone.",
        .reports = "permerror or temperror for all that is looked for at the apex; names below "
                   "depend on the server. A set-up check declines what was asked for at the apex: "
                   "another record is there.",
        .apart = "Ask for CNAME at the apex: it must not answer.",
        .fix = "Remove the CNAME. For a web site use the provider's ALIAS, or addresses.",
    },
    {
        .number = 21,
        .slug = "other-idn-form",
        .title = "International domain name in the wrong form",
        .story = "A domain with letters beyond a to z has two forms: the one people read, and the "
                 "one the DNS knows, which begins with `xn--`. The record was added, or is looked "
                 "for, under the readable form, as raw UTF-8.",
        .wire = "The `xn--` form answers. The raw form is another name, and NXDOMAIN (or the other "
                "way round where the record was added raw).",
        .reports = "pass where mail is signed with the `xn--` form in d=, permerror otherwise. A "
                   "set-up check asks for the `xn--` form.",
        .apart = "Ask for both forms.",
        .fix = "Publish and sign with the `xn--` form.",
    },
    {
        .number = 22,
        .slug = "upper-case",
        .title = "Capital letters in a name",
        .story = "Somebody typed capital letters into the selector or the domain. Nothing is "
                 "wrong: the DNS makes no difference.",
        .wire = "The same answer, in whatever case one asks.",
        .reports = "pass. A set-up check verifies.",
        .apart = "If the answer changes with the case, the server is broken (F108).",
        .fix = "Nothing.",
    },
    {
        .number = 23,
        .slug = "missing",
        .title = "Not published yet",
        .story = "The record is not there. The customer has not added it yet, has not saved it, or "
                 "her provider takes its time to put it on the servers.",
        .wire = "NXDOMAIN from all name servers, or NODATA where the name exists for another "
                "reason. The serial number in the SOA, which grows with every change of the zone, "
                "is the same as before.",
        .reports =
            "A verifier says permerror, no key for signature. A set-up check declines: missing.",
        .apart =
            "It is what remains when the record is nowhere else (F10, F15, F16) and nothing "
            "hides it. From outside, F17, F18 and F91 look the same: ask the customer where she "
            "typed it, and whether her domain has moved.",
        .fix = "Add the record, wait as long as the SOA's minimum says, and check again.",
    },
    {
        .number = 24,
        .slug = "search-list",
        .title = "The resolver's search list appended",
        .story =
            "The verifier, not the customer, is at fault: it asks for "
            "`k1._domainkey.customer.example` without saying that the name is complete, and the "
            "system's resolver library adds its own domain, as it does for short host names.",
        .wire = "Queries for `k1._domainkey.customer.example.corp.lan` at somebody else's servers: "
                "NXDOMAIN. Asked with a dot at the end, the name answers well.",
        .reports = "That verifier says permerror, no key for signature. All others pass. A set-up "
                   "check verifies.",
        .apart = "The domain is fine from everywhere else; the verifier's query log shows a longer "
                 "name.",
        .fix = "Ask with a final dot. For the customer there is nothing to do.",
    },
    {
        .number = 25,
        .slug = "special-name",
        .title = "A name that the resolver keeps to itself",
        .story = "Some names are set aside and never looked up in the world: `.test`, `.invalid`, "
                 "`.onion` and others. Resolvers answer for them by themselves. A test set-up "
                 "under such a name works with one resolver and not with another.",
        .wire = "NXDOMAIN at once, and no query ever reaches the domain's servers.",
        .reports = "A verifier says permerror, no key for signature. A set-up check through such a "
                   "resolver finds the record missing.",
        .apart = "The servers' logs are empty, and a resolver that does not know the rule finds "
                 "the record.",
        .fix = "Use another name for tests (`.example` is not set aside by resolvers), or teach "
               "the resolver about it.",
    },
    {.number = 0},
};

const struct failure_family family_entry = {
    .slug = "entry",
    .numeral = "II",
    .title = "Names and targets typed wrongly",
    .about =
        "What was asked for and what was typed differ, by the customer's hand or by the form that "
        "she typed it into. The name servers are in order and show what they were given.\n\nMost "
        "of these look the same at first: the record is not there (NXDOMAIN). It is somewhere "
        "else, and the way to tell is to ask at the places where such records end up.",
    .failures = failures,
};
