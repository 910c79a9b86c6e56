/* The table of edge ranges. A wrong row is a false "proxied": only what a provider says itself, or
 * what is marked as assumed, may stand here. */
#include "mail/edge_ranges.h"

static const struct edge_provider cloudflare = {
    "cloudflare", "Cloudflare", "set the record's proxy status to \"DNS only\" (grey cloud)"};
static const struct edge_provider imperva = {"imperva", "Imperva (Incapsula)", NULL};
static const struct edge_provider sucuri = {"sucuri", "Sucuri", NULL};
static const struct edge_provider akamai = {"akamai", "Akamai", NULL};

#define V4(provider, a, b, c, d, bits, evidence)                                                   \
    {                                                                                              \
        &(provider), {ADDRESS_V4, {(a), (b), (c), (d)}}, (bits), (evidence)                        \
    }

/* The first two groups: no published prefix is longer than 32 bits. */
#define V6(provider, a, b, bits, evidence)                                                         \
    {                                                                                              \
        &(provider), {ADDRESS_V6, {(a) >> 8, (a)&255, (b) >> 8, (b)&255}}, (bits), (evidence)      \
    }

/* clang-format off */
static const struct edge_range ranges[] = {
    /* https://www.cloudflare.com/ips-v4 and ips-v6, which also developers.cloudflare.com
     * "Cloudflare IP addresses" points to; copies dated 2026-09 agree. */
    V4(cloudflare, 103,  21, 244, 0, 22, EDGE_PUBLISHED),
    V4(cloudflare, 103,  22, 200, 0, 22, EDGE_PUBLISHED),
    V4(cloudflare, 103,  31,   4, 0, 22, EDGE_PUBLISHED),
    V4(cloudflare, 104,  16,   0, 0, 13, EDGE_PUBLISHED),
    V4(cloudflare, 104,  24,   0, 0, 14, EDGE_PUBLISHED),
    V4(cloudflare, 108, 162, 192, 0, 18, EDGE_PUBLISHED),
    V4(cloudflare, 131,   0,  72, 0, 22, EDGE_PUBLISHED),
    V4(cloudflare, 141, 101,  64, 0, 18, EDGE_PUBLISHED),
    V4(cloudflare, 162, 158,   0, 0, 15, EDGE_PUBLISHED),
    V4(cloudflare, 172,  64,   0, 0, 13, EDGE_PUBLISHED),
    V4(cloudflare, 173, 245,  48, 0, 20, EDGE_PUBLISHED),
    V4(cloudflare, 188, 114,  96, 0, 20, EDGE_PUBLISHED),
    V4(cloudflare, 190,  93, 240, 0, 20, EDGE_PUBLISHED),
    V4(cloudflare, 197, 234, 240, 0, 22, EDGE_PUBLISHED),
    V4(cloudflare, 198,  41, 128, 0, 17, EDGE_PUBLISHED),
    V6(cloudflare, 0x2400, 0xcb00, 32, EDGE_PUBLISHED),
    V6(cloudflare, 0x2405, 0x8100, 32, EDGE_PUBLISHED),
    V6(cloudflare, 0x2405, 0xb500, 32, EDGE_PUBLISHED),
    V6(cloudflare, 0x2606, 0x4700, 32, EDGE_PUBLISHED),
    V6(cloudflare, 0x2803, 0xf800, 32, EDGE_PUBLISHED),
    V6(cloudflare, 0x2a06, 0x98c0, 29, EDGE_PUBLISHED),
    V6(cloudflare, 0x2c0f, 0xf248, 32, EDGE_PUBLISHED),

    /* support.incapsula.com 200627570 "Whitelist Incapsula IP addresses"; 131.125.128.0/17 added
     * later: docs.imperva.com z-kb-articles-km c85245b7. */
    V4(imperva,  45,  60,   0, 0, 16, EDGE_PUBLISHED),
    V4(imperva,  45,  64,  64, 0, 22, EDGE_PUBLISHED),
    V4(imperva,  45, 223,   0, 0, 16, EDGE_PUBLISHED),
    V4(imperva, 103,  28, 248, 0, 22, EDGE_PUBLISHED),
    V4(imperva, 107, 154,   0, 0, 16, EDGE_PUBLISHED),
    V4(imperva, 131, 125, 128, 0, 17, EDGE_PUBLISHED),
    V4(imperva, 149, 126,  72, 0, 21, EDGE_PUBLISHED),
    V4(imperva, 185,  11, 124, 0, 22, EDGE_PUBLISHED),
    V4(imperva, 192, 230,  64, 0, 18, EDGE_PUBLISHED),
    V4(imperva, 198, 143,  32, 0, 19, EDGE_PUBLISHED),
    V4(imperva, 199,  83, 128, 0, 21, EDGE_PUBLISHED),
    V6(imperva, 0x2a02, 0xe980, 29, EDGE_PUBLISHED),

    /* docs.sucuri.net, firewall troubleshooting guide: protected names resolve into 192.124.249.x.
     * The rest: its list of firewall addresses to allow at the origin. */
    V4(sucuri,  66, 248, 200, 0, 22, EDGE_PUBLISHED),
    V4(sucuri, 185,  93, 228, 0, 22, EDGE_PUBLISHED),
    V4(sucuri, 192,  88, 134, 0, 23, EDGE_PUBLISHED),
    V4(sucuri, 192, 124, 249, 0, 24, EDGE_PUBLISHED),
    V4(sucuri, 208, 109,   0, 0, 22, EDGE_PUBLISHED),
    V6(sucuri, 0x2a02, 0xfe80, 29, EDGE_PUBLISHED),

    /* Akamai has no list of where edge hostnames resolve to. These blocks stand in its Origin IP
     * Access Control List (techdocs.akamai.com/origin-ip-acl), which is about traffic to origins. */
    V4(akamai,   2,  16,   0, 0, 13, EDGE_ASSUMED),
    V4(akamai,  23,  32,   0, 0, 11, EDGE_ASSUMED),
    V4(akamai,  23, 192,   0, 0, 11, EDGE_ASSUMED),
    V4(akamai, 104,  64,   0, 0, 10, EDGE_ASSUMED),
    V4(akamai, 184,  24,   0, 0, 13, EDGE_ASSUMED),
    V6(akamai, 0x2600, 0x1400, 24, EDGE_ASSUMED),
    V6(akamai, 0x2a02, 0x26f0, 32, EDGE_ASSUMED),
};
/* clang-format on */

#define RANGES_COUNT (sizeof ranges / sizeof ranges[0])

static bool covers(const struct edge_range *range, const struct address *address)
{
    if (range->first.family != address->family) {
        return false;
    }
    const size_t whole = range->bits / 8;
    const unsigned rest = range->bits % 8;
    if (memcmp(range->first.octets, address->octets, whole) != 0) {
        return false;
    }
    const unsigned mask = 0xff00U >> rest & 0xffU;
    return rest == 0 || ((range->first.octets[whole] ^ address->octets[whole]) & mask) == 0;
}

const struct edge_range *edge_range_find(const struct address *address)
{
    for (size_t i = 0; i < RANGES_COUNT; i++) {
        if (covers(&ranges[i], address)) {
            return &ranges[i];
        }
    }
    return NULL;
}

const struct edge_range *edge_range_all(size_t *ret_count)
{
    *ret_count = RANGES_COUNT;
    return ranges;
}

void edge_range_put(struct text *text, const struct edge_range *range)
{
    address_put(text, &range->first);
    text_put_char(text, '/');
    text_put_number(text, range->bits);
}
