#include "base/rng.h"

#include <assert.h>

static uint64_t split_mix(uint64_t *state)
{
    uint64_t word = *state += UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
    return word ^ (word >> 31);
}

void rng_seed(struct rng *rng, uint64_t seed, struct bytes purpose)
{
    uint64_t state = bytes_hash(purpose, seed);
    for (size_t i = 0; i < 4; i++) {
        rng->state[i] = split_mix(&state);
    }
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->state;
    const uint64_t result = rotate(s[0] + s[3], 23) + s[0];
    const uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t rng_below(struct rng *rng, uint64_t bound)
{
    assert(bound != 0);
    const uint64_t surplus = (UINT64_MAX - bound + 1) % bound; /* 2^64 mod bound */
    uint64_t draw = rng_next(rng);
    while (draw < surplus) {
        draw = rng_next(rng);
    }
    return draw % bound;
}

bool rng_chance(struct rng *rng, uint32_t chance_ppm)
{
    assert(chance_ppm <= CHANCE_ALWAYS);
    return rng_next(rng) % CHANCE_ALWAYS < chance_ppm;
}
