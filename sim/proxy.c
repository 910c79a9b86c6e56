#include "sim/proxy.h"

const struct proxy_profile proxy_profiles[] = {
    {
        .slug = "cloudflare",
        .title = "Cloudflare, proxied (orange cloud)",
        .evidence =
            "Failure catalogue A1.1 to A1.11: captured answers for blmf.jp (two A from 104.21.x.x "
            "and 172.67.x.x, two AAAA 2606:4700:303x:: with the IPv4 address in the low 32 bits, "
            "one HTTPS record, TTL 300; CNAME and MX as NODATA); cloudflare-docs "
            "dns/proxy-status/proxied-records. SVCB as NODATA, and one pair of addresses a zone: "
            "assumed.",
        .v4 = {{"104.21.0.0", 16}, {"172.67.0.0", 16}},
        .v6 = {{"2606:4700:3030::", 48}},
        .v6_kind = PROXY_V6_EMBEDDED,
        .ttl = 300,
        .https = true,
        .any = PROXY_ANY_HINFO,
        .any_ttl = 3600, /* 3789 in older captures */
    },
    {
        .slug = "akamai",
        .title = "Akamai edge",
        .evidence = "Assumed throughout: no capture of a protected name was found. Akamai sits on "
                    "a name only by a CNAME to its edge or by its own zone's synthesis "
                    "(AKAMAICDN, AKAMAITLC: techdocs.akamai.com/edge-dns), of which addresses "
                    "remain.",
        .v4 = {{"23.192.0.0", 11}, {"23.192.0.0", 11}},
        .v6 = {{"2600:1400::", 24}, {"2600:1400::", 24}},
        .v6_kind = PROXY_V6_POOL,
        .ttl = 20,
        .any = PROXY_ANY_ADDRESSES,
    },
    {
        .slug = "imperva",
        .title = "Imperva (Incapsula)",
        .evidence = "Assumed: customers point A records at the edge; what TXT gives through "
                    "Imperva's DNS is unsourced (support.incapsula.com 200627800, 360003256353).",
        .v4 = {{"45.60.0.0", 16}},
        .v6_kind = PROXY_V6_NONE,
        .ttl = 30,
        .any = PROXY_ANY_ADDRESSES,
    },
    {
        .slug = "sucuri",
        .title = "Sucuri firewall",
        .evidence = "Addresses 192.124.249.x: docs.sucuri.net troubleshooting. TTL, AAAA and TXT: "
                    "assumed.",
        .v4 = {{"192.124.249.0", 24}},
        .v6_kind = PROXY_V6_NONE,
        .ttl = 300,
        .any = PROXY_ANY_ADDRESSES,
    },
    {.slug = NULL},
};
