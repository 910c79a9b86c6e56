/* What boxes on the way make of other people's replies. Both change a message in place; false, and
 * nothing changed, where there is nothing for them to change. `*size` is the message's, at most
 * `room`. Messages that are not sound are left alone. */
#ifndef FAULTZONE_SIM_REWRITE_H
#define FAULTZONE_SIM_REWRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/endpoint.h"

/* Leaves of a reply that leads on by aliases only the first of them: ANCOUNT 1, nothing else. */
bool rewrite_to_alias(uint8_t *octets, size_t *size);

/* How NXDOMAIN is made into something else. */
struct rewrite_denial {
    struct address address; /* IPv4: what A questions are answered with */
    uint32_t ttl;
    bool empties; /* other types become NODATA; else they pass */
};

/* Turns NXDOMAIN into an address. */
bool rewrite_denial(uint8_t *octets, size_t *size, size_t room, const struct rewrite_denial *how);

/* Turns what the asker did not forbid to validate (CD, RFC 4035 3.2.2) into what a resolver says
 * that finds it bogus: SERVFAIL without records, and, to who knows EDNS, the extended error
 * `info_code` (RFC 8914); NULL: none. */
bool rewrite_to_bogus(uint8_t *octets, size_t *size, size_t room, const uint16_t *info_code);

#endif
