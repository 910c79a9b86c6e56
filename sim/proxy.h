/* What a proxying provider answers at a proxied name: data, so that a profile can be corrected
 * without code. Where a verdict recognises a proxy by its addresses it has its own table with its
 * own sources; the two never meet. */
#ifndef FAULTZONE_SIM_PROXY_H
#define FAULTZONE_SIM_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROXY_ADDRESSES_MAX 8 /* of one family that a profile gives by itself */

/* Addresses to choose from: the first `bits` are given, the rest comes from the zone's name. */
struct proxy_pool {
    const char *base; /* an address as text */
    unsigned bits;
};

enum proxy_v6 {
    PROXY_V6_NONE,
    PROXY_V6_POOL,     /* from `v6` as IPv4 addresses are from `v4` */
    PROXY_V6_EMBEDDED, /* 2606:4700:3030::/44's habit: each carries an IPv4 address in its low 32
                          bits, below one of eight neighbouring /48s from the first of `v6` on */
};

enum proxy_any {
    PROXY_ANY_HINFO,     /* HINFO "RFC8482" "" (RFC 8482 4.2) and extended error 21 */
    PROXY_ANY_ADDRESSES, /* the addresses, as of any name */
};

struct proxy_profile {
    const char *slug;
    const char *title;
    const char *evidence;
    struct proxy_pool v4[PROXY_ADDRESSES_MAX]; /* one address from each; ended by a NULL base */
    struct proxy_pool v6[PROXY_ADDRESSES_MAX];
    enum proxy_v6 v6_kind;
    uint32_t ttl;
    bool https; /* synthesises an HTTPS record */
    enum proxy_any any;
    uint32_t any_ttl; /* of the HINFO */
};

/* All profiles; ended by a NULL slug. */
extern const struct proxy_profile proxy_profiles[];

#endif
