/* One seeded stream of chance per participant. Streams are split by name, so that adding a
 * participant shifts nobody else's dice. xoshiro256++ (Blackman and Vigna), seeded by SplitMix64.
 * For simulation only: IDs and ports of live runs come from the system (see entropy.h). */
#ifndef FAULTZONE_BASE_RNG_H
#define FAULTZONE_BASE_RNG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define CHANCE_ALWAYS UINT32_C(1000000) /* chances are in parts per million */

struct rng {
    uint64_t state[4];
};

/* Starts the stream that belongs to (`seed`, `purpose`), e.g. "seat:resolver" or "link:a>b:loss".
 */
void rng_seed(struct rng *rng, uint64_t seed, struct bytes purpose);

/* The next 64 bits of the stream. */
uint64_t rng_next(struct rng *rng);

/* A number from 0 to `bound` - 1, every one equally likely; `bound` must not be 0. */
uint64_t rng_below(struct rng *rng, uint64_t bound);

/* True `chance_ppm` times in a million. Takes one draw whatever the chance, so that changing a
 * chance does not shift the draws after it. */
bool rng_chance(struct rng *rng, uint32_t chance_ppm);

#endif
