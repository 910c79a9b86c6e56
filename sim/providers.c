/* Providers as data: name servers, SOA template, default behaviours, proxy. One row each; a row
 * whose facts have changed stays, and a newer one of the same slug goes before it. */
#include "sim/behaviour.h"
#include "sim/proxy.h"

enum { CLOUDFLARE, AKAMAI, IMPERVA, SUCURI }; /* rows of proxy_profiles */

static const char *const cloudflare_servers[] = {
    "mia.ns.cloudflare.com.",
    "todd.ns.cloudflare.com.",
    NULL,
};

static const char *const dnsimple_servers[] = {
    "ns1.dnsimple.com.",
    "ns2.dnsimple.com.",
    NULL,
};

static const char *const route53_servers[] = {
    "ns-2048.awsdns-64.com.",
    "ns-2049.awsdns-65.net.",
    NULL,
};

static const char *const cloudflare_behaviours[] = {"flattened", "any", NULL};

/* RFC 1912 2.2 for refresh, retry and expire; RFC 2308 5 finds one to three hours a good minimum.
 */
#define PLAIN_SOA                                                                                  \
    .soa_ttl = 3600, .soa_serial = 2026010101, .soa_refresh = 7200, .soa_retry = 3600,             \
    .soa_expire = 1209600, .soa_minimum = 3600

const struct provider providers[] = {
    {
        .slug = "generic",
        .date = "2026",
        .title = "Plain authoritative servers",
        .doc = "No quirks: what the zone says, as the RFCs say it. ns1 and ns2 below the zone.",
        .evidence = "RFC 1034, 1912, 2308, 4592, 6672, 8020.",
        PLAIN_SOA,
    },
    {
        .slug = "cloudflare",
        .date = "2026",
        .title = "Cloudflare",
        .doc = "Proxied names, CNAME at the apex flattened, HINFO for ANY, negative answers kept "
               "for 1800 s.",
        .evidence = "Failure catalogue A1 and A2: captured answer \"1800 IN SOA "
                    "mia.ns.cloudflare.com. dns.cloudflare.com. 2392502268 10000 2400 604800 "
                    "1800\"; cloudflare-docs dns-record-types.mdx.",
        .name_servers = cloudflare_servers,
        .soa_rname = "dns.cloudflare.com.",
        .soa_ttl = 1800,
        .soa_serial = 2392502268,
        .soa_refresh = 10000,
        .soa_retry = 2400,
        .soa_expire = 604800,
        .soa_minimum = 1800,
        .behaviours = cloudflare_behaviours,
        .proxy = &proxy_profiles[CLOUDFLARE],
    },
    {
        .slug = "cloudflare",
        .date = "2017",
        .title = "Cloudflare, zones of older days",
        .doc = "As cloudflare@2026, with negative answers kept for 3600 s.",
        .evidence = "Failure catalogue A1: older zones show minimum 3600. The year: assumed.",
        .name_servers = cloudflare_servers,
        .soa_rname = "dns.cloudflare.com.",
        .soa_ttl = 3600,
        .soa_serial = 2023000000,
        .soa_refresh = 10000,
        .soa_retry = 2400,
        .soa_expire = 604800,
        .soa_minimum = 3600,
        .behaviours = cloudflare_behaviours,
        .proxy = &proxy_profiles[CLOUDFLARE],
    },
    {
        .slug = "akamai",
        .date = "2026",
        .title = "Akamai",
        .doc = "Protected names answer with edge addresses only.",
        .evidence = "Assumed.",
        PLAIN_SOA,
        .proxy = &proxy_profiles[AKAMAI],
    },
    {
        .slug = "imperva",
        .date = "2026",
        .title = "Imperva (Incapsula)",
        .doc = "Protected names answer with edge addresses only.",
        .evidence = "Assumed.",
        PLAIN_SOA,
        .proxy = &proxy_profiles[IMPERVA],
    },
    {
        .slug = "incapsula",
        .date = "2026",
        .title = "Incapsula, Imperva's former name",
        .doc = "The same as imperva.",
        .evidence = "Assumed.",
        PLAIN_SOA,
        .proxy = &proxy_profiles[IMPERVA],
    },
    {
        .slug = "sucuri",
        .date = "2026",
        .title = "Sucuri",
        .doc = "Protected names answer with firewall addresses only.",
        .evidence = "Addresses: docs.sucuri.net troubleshooting. The rest: assumed.",
        PLAIN_SOA,
        .proxy = &proxy_profiles[SUCURI],
    },
    {
        .slug = "powerdns",
        .date = "2026",
        .title = "A DNS host that runs PowerDNS",
        .doc = "ALIAS records whose target cannot be followed give SERVFAIL for addresses.",
        .evidence =
            "doc.powerdns.com guides/alias.rst: a target that is SERVFAIL or NXDOMAIN gives "
            "SERVFAIL. SOA: assumed.",
        PLAIN_SOA,
        .alias_failure = ALIAS_SERVFAIL,
    },
    {
        .slug = "dnsimple",
        .date = "2026",
        .title = "DNSimple",
        .doc = "ALIAS records whose target cannot be followed give an empty answer; denials are "
               "kept for 300 s.",
        .evidence =
            "support.dnsimple.com on ALIAS (after 500 ms the cached or an empty answer) and "
            "on SOA records (86400 7200 604800 300). The SOA's TTL and the other servers' "
            "names: assumed.",
        .name_servers = dnsimple_servers,
        .soa_rname = "admin.dnsimple.com.",
        .soa_ttl = 3600,
        .soa_serial = 1700000000,
        .soa_refresh = 86400,
        .soa_retry = 7200,
        .soa_expire = 604800,
        .soa_minimum = 300,
        .alias_failure = ALIAS_EMPTY,
    },
    {
        .slug = "route53",
        .date = "2026",
        .title = "Amazon Route 53",
        .doc = "Denials are kept for 900 s: the SOA's own TTL is less than its minimum of a day.",
        .evidence = "docs.aws.amazon.com SOA-NSrecords (names of servers, 7200 900 1209600 86400, "
                    "TTL 900). The mailbox, and an empty answer where an alias has no data: "
                    "assumed.",
        .name_servers = route53_servers,
        .soa_rname = "awsdns-hostmaster.amazon.com.",
        .soa_ttl = 900,
        .soa_serial = 1,
        .soa_refresh = 7200,
        .soa_retry = 900,
        .soa_expire = 1209600,
        .soa_minimum = 86400,
        .alias_failure = ALIAS_EMPTY,
    },
    {.slug = NULL},
};

static bool is_named(const struct provider *provider, struct bytes slug, struct bytes date)
{
    return bytes_are(slug, provider->slug) && (date.size == 0 || bytes_are(date, provider->date));
}

const struct provider *provider_find(struct bytes slug)
{
    struct bytes date = bytes_of(NULL, 0);
    for (size_t i = 0; i < slug.size; i++) {
        if (slug.data[i] == '@') {
            date = bytes_after(slug, i + 1);
            if (date.size == 0) {
                return NULL;
            }
            slug.size = i;
        }
    }
    for (const struct provider *provider = providers; provider->slug != NULL; provider++) {
        if (is_named(provider, slug, date)) {
            return provider;
        }
    }
    return NULL;
}

const struct provider *provider_default(void)
{
    return &providers[0];
}
