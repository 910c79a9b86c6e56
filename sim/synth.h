/* Records that no zone holds: a provider's own. Their owner is the root until they are shown under
 * the name that a draft gives them. */
#ifndef FAULTZONE_SIM_SYNTH_H
#define FAULTZONE_SIM_SYNTH_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/endpoint.h"
#include "wire/rdata.h"

/* The A or AAAA RRset of those of `addresses` that are of its family; no records (count 0) if none
 * is. NULL if `arena` is exhausted. */
const struct rrset *synth_addresses(struct arena *arena, uint16_t type, uint32_t ttl,
                                    const struct address *addresses, size_t count);

/* HINFO "RFC8482" "" (RFC 8482 4.2). NULL if `arena` is exhausted. */
const struct rrset *synth_hinfo(struct arena *arena, uint32_t ttl);

/* What an HTTPS record in service form says beside its target "." (RFC 9460). */
struct synth_https {
    const char *const *alpn;         /* protocol names, ended by NULL */
    const struct rrset *ipv4, *ipv6; /* hints; no hint where NULL or empty */
    struct bytes ech;                /* an ECHConfigList; none if empty */
};

/* One HTTPS record "1 ." with its parameters in the order of their keys. NULL if `arena` is
 * exhausted. */
const struct rrset *synth_https(struct arena *arena, uint32_t ttl,
                                const struct synth_https *service);

/* An ECHConfigList (TLS Encrypted Client Hello) of one configuration with `public_name` and a
 * made-up key. Empty if `arena` is exhausted. */
struct bytes synth_ech(struct arena *arena, const char *public_name);

#endif
