#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 1,
        .slug = "proxied",
        .title = "Proxied CNAME",
        .story = "The CNAME for the key was added at a DNS provider that is also a proxy for web "
                 "sites, and the record's proxy switch was left on: at Cloudflare the orange "
                 "cloud, which it proposes for every new CNAME. The provider then hides the CNAME "
                 "and answers for the name with the addresses of its proxy.",
        .wire = "TXT and CNAME: NODATA, with the provider's SOA. A and AAAA: two addresses each "
                "out of the proxy's published ranges, TTL 300, and often an HTTPS record. The "
                "target of the CNAME is seen nowhere.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: "
                   "hidden by a proxy.",
        .apart =
            "NODATA alone proves nothing. Ask for A at the very name: a `_domainkey` name has no "
            "reason to own an address, so one in a proxy's range proves it. No address at all: "
            "flattened (F04). The same address at a random name beside it: a wildcard (F02, F29). "
            "An address of the target's own, or of nobody's proxy: an ALIAS (F06).",
        .fix = "Set the record's proxy status to \"DNS only\" (the cloud becomes grey). Then wait "
               "until caches have forgotten that there was no key: half an hour at Cloudflare.",
    },
    {
        .number = 2,
        .slug = "proxied-wildcard",
        .title = "A wildcard answers in the record's place, proxied or not",
        .story = "The customer has a wildcard for her web sites, proxied or not, and has not added "
                 "the record that she was asked for, or thinks the wildcard serves it. Every name "
                 "below her domain answers, this one too.",
        .wire = "TXT and CNAME: NODATA. A and AAAA: the proxy's addresses, and exactly the same at "
                "any name that one makes up.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: the "
                   "record is missing, a wildcard answers.",
        .apart = "Ask at a random name beside it. If that answers alike, it is the wildcard; a "
                 "single proxied record (F01) does not change its neighbours.",
        .fix = "Add the record, not proxied. A record of its own wins over the wildcard.",
    },
    {
        .number = 3,
        .slug = "proxied-return-path",
        .title = "Proxied return-path CNAME",
        .story = "The name to which undeliverable mail returns (`bounce.customer.example`) is a "
                 "CNAME to the mail provider's host, which has an MX and an SPF record. The "
                 "customer left the proxy on for it. Her DKIM records may be fine.",
        .wire = "MX and TXT at the bounce name: NODATA. A: the proxy's addresses. The DKIM names "
                "answer as they should.",
        .reports = "DKIM passes. SPF finds no policy (none), and bounces are lost or knock at a "
                   "web proxy. A set-up check declines the return path alone.",
        .apart = "The DKIM records of the same domain are well, and only this name has a proxy's "
                 "addresses.",
        .fix = "Set the bounce name's proxy status to \"DNS only\".",
    },
    {
        .number = 4,
        .slug = "flattened",
        .title = "Flattened CNAME",
        .story = "The DNS provider follows CNAMEs itself and shows the addresses at their end. The "
                 "customer turned that on for her whole zone (\"flatten all CNAMEs\") or for this "
                 "record. The target of a DKIM CNAME is there for its key and has no address: "
                 "nothing is left to show.",
        .wire = "TXT, CNAME, A and AAAA: all NODATA. The name exists, a random name beside it does "
                "not.",
        .reports =
            "A verifier says permerror, no key for signature. A set-up check declines: flattened.",
        .apart = "It looks like proxied (F01) but for the missing addresses. It looks like a name "
                 "that only exists because there is one below it (F32): ask for such a name. A "
                 "record that was never added (F23) gives NXDOMAIN.",
        .fix = "Turn flattening off, for the zone or for this record, and wait until caches have "
               "forgotten the denial.",
    },
    {
        .number = 5,
        .slug = "flattened-in-zone",
        .title = "A CNAME within the zone flattened",
        .story = "The customer keeps the key, or a CNAME to it, at another name of her own zone "
                 "and lets the selector point there. Her DNS provider flattens CNAMEs whose target "
                 "lies in the same zone, whatever its switches say.",
        .wire = "The CNAME that leads within the zone: NODATA for TXT and CNAME. A CNAME beside it "
                "that leads out of the zone is shown as it is.",
        .reports =
            "A verifier says permerror, no key for signature. A set-up check declines: flattened.",
        .apart = "Only CNAMEs within the zone vanish. If those that lead out of it vanish too, all "
                 "are flattened (F04).",
        .fix = "Let the selector point straight at the mail provider's name, or publish the key "
               "itself as a TXT record.",
    },
    {
        .number = 6,
        .slug = "alias-type",
        .title = "ALIAS or ANAME instead of CNAME",
        .story =
            "The form offered ALIAS or ANAME beside CNAME, and it sounded the same. Such a record "
            "is an instruction to the name server: fetch the target's addresses and show them as "
            "mine. No other type comes along, and the record itself is never shown.",
        .wire = "TXT and CNAME: NODATA. A and AAAA: exactly the target's own addresses, or NODATA "
                "where the target has none. The SOA is not a proxy's.",
        .reports = "A verifier says permerror, no key for signature. A set-up check declines: not "
                   "a CNAME.",
        .apart = "Compare the addresses at the name with those at the target: the same means ALIAS "
                 "or flattening, a proxy's range means F01. An ALIAS to a key host has no address "
                 "at all and then looks like F04: the provider tells them apart.",
        .fix = "Delete the record and add one of type CNAME.",
    },
    {
        .number = 7,
        .slug = "alias-failure",
        .title = "ALIAS that cannot be followed",
        .story = "A name server that follows an ALIAS cannot get the target's addresses: the "
                 "target is gone, or the server's own resolver is slow or broken.",
        .wire = "A and AAAA: SERVFAIL from some servers (PowerDNS), an empty answer from others "
                "(DNSimple after half a second). TXT at the same name is not concerned, unless the "
                "server gives up on the whole name.",
        .reports = "A verifier whose TXT question is answered says what it always says; where TXT "
                   "gives SERVFAIL too it says temperror. A set-up check must not decline a record "
                   "for SERVFAIL; it tries again later.",
        .apart =
            "Compare types: SERVFAIL for addresses only is the ALIAS; SERVFAIL for all types "
            "is the server (F100). Where the answer is empty, look at the target: if it is "
            "gone, or has addresses that are not shown, the ALIAS could not be followed; if it "
            "is there and has none, there is nothing to show (F06).",
        .fix =
            "Use a CNAME or plain addresses instead of the ALIAS, or let its target exist again.",
    },
    {
        .number = 8,
        .slug = "proxied-tracking",
        .title = "Tracking CNAME rightly behind a proxy",
        .story = "The tracking host that appears in links (`click.customer.example`) is behind a "
                 "proxy on purpose: that is how it gets HTTPS. Mail providers document this.",
        .wire = "CNAME: NODATA. A and AAAA: the proxy's addresses. Fetching from the host over "
                "HTTPS works.",
        .reports = "DKIM has no part in it. A set-up check must not decline; it says that the DNS "
                   "cannot tell, and looks by HTTPS.",
        .apart = "It is the same as F01 on the wire. What differs is what the name is for.",
        .fix = "Nothing, if the host works. Check it by fetching the provider's test page from it, "
               "not by its CNAME.",
    },
    {
        .number = 9,
        .slug = "hidden-alias",
        .title = "A service that works declined because its CNAME is hidden",
        .story =
            "A host works, but a check that insists on seeing a CNAME declines it: the DNS "
            "provider shows only the addresses at the CNAME's end. \"Your DNS is lying to you\", "
            "says the check; the customer sees her CNAME in the panel and everything works.",
        .wire = "CNAME: NODATA. A: the target's own addresses (flattened or ALIAS), so that "
                "whoever connects arrives at the right place.",
        .reports = "DKIM has no part in it: this is about hosts one connects to. A set-up check "
                   "should say that it cannot see the CNAME, and not that the record is missing.",
        .apart = "The addresses of name and target agree, or are a proxy's and the service answers "
                 "behind it (F08). With a DKIM name the same picture is a failure (F04, F06): no "
                 "key can be seen.",
        .fix = "Accept equal addresses as proof for tracking and web hosts, or fetch a token over "
               "HTTPS. For the customer: turn flattening off for the record if the check cannot be "
               "changed.",
    },
    {.number = 0},
};

const struct failure_family family_provider_synthesis = {
    .slug = "provider-synthesis",
    .numeral = "I",
    .title = "The provider makes up the answer",
    .about = "The customer entered the right record. Her DNS provider does not show it: it answers "
             "with something that it makes up itself, most often the addresses of a proxy. Her "
             "control panel still shows the record as she entered it, which is why she is sure "
             "that it is there.\n\nAll of these begin alike: the name exists, and there is no TXT "
             "and no CNAME at it. Ask for its addresses next (A and AAAA): whose they are tells "
             "the cases apart, and that there are none is an answer too.",
    .failures = failures,
};
