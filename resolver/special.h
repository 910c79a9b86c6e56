/* Names that no server is asked about (RFC 6761 and its registry). Pure. */
#ifndef FAULTZONE_RESOLVER_SPECIAL_H
#define FAULTZONE_RESOLVER_SPECIAL_H

#include <stdint.h>

#include "wire/name.h"
#include "wire/rdata.h"

enum special_kind {
    SPECIAL_NOT,     /* an ordinary name */
    SPECIAL_ADDRESS, /* `rdata` is the answer */
    SPECIAL_NODATA,
    SPECIAL_NXDOMAIN,
};

struct special {
    enum special_kind kind;
    struct bytes rdata; /* static */
    struct name zone;   /* the special name that the question lies at or below */
};

/* Whether (`name`, `type`) is special, and what is said of it. */
void special_find(const struct name *name, uint16_t type, struct special *ret);

/* TTL and RDATA of the SOA record that speaks for a special name (RFC 6303 3). Static. */
#define SPECIAL_TTL 10800
struct bytes special_soa(void);

#endif
