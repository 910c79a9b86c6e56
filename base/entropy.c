#include "base/entropy.h"

static uint64_t next_of_rng(void *source)
{
    return rng_next(source);
}

struct entropy entropy_of_rng(struct rng *rng)
{
    return (struct entropy){.next = next_of_rng, .source = rng};
}
