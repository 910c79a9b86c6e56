/* Where unguessable numbers come from: message IDs, source ports, letter case. In virtual time they
 * are a seeded stream; in live runs the host hands in the system's source. Nothing that is decided
 * may depend on them. */
#ifndef FAULTZONE_BASE_ENTROPY_H
#define FAULTZONE_BASE_ENTROPY_H

#include <stdint.h>

#include "base/rng.h"

struct entropy {
    uint64_t (*next)(void *source); /* 64 fresh bits */
    void *source;                   /* borrowed */
};

static inline uint64_t entropy_next(const struct entropy *entropy)
{
    return entropy->next(entropy->source);
}

/* An entropy that draws from `rng`, which must outlive it. */
struct entropy entropy_of_rng(struct rng *rng);

#endif
