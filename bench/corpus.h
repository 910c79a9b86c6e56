/* Realistic messages, made from a seed: referrals, CNAMEs with a 2048-bit DKIM key behind them,
 * NODATA, NXDOMAIN, signed answers, MX and address answers, nearly all with OPT. What resolvers see
 * on a working day: about 300 octets and five to six records each. */
#ifndef FAULTZONE_BENCH_CORPUS_H
#define FAULTZONE_BENCH_CORPUS_H

#include "base/arena.h"
#include "base/rng.h"
#include "wire/builder.h"
#include "wire/message.h"
#include "wire/rdata.h"

#define SAMPLE_RRSETS_MAX  12
#define SAMPLE_OCTETS_MAX  4096
#define CORPUS_KINDS       8
#define CORPUS_ARENA_LIMIT ((size_t)64 << 20)

struct sample_rrset {
    enum section section;
    struct rrset rrset;
};

/* A message as a server would have it before encoding, and its wire form. */
struct sample {
    struct name question;
    uint16_t type;
    uint16_t flags;
    struct edns edns;
    size_t count;
    struct sample_rrset rrsets[SAMPLE_RRSETS_MAX];
    size_t records; /* OPT included, question not */
    struct bytes wire;
};

/* Makes one message of `kind` (below CORPUS_KINDS); everything it holds lives in `arena`. */
void sample_make(struct sample *sample, unsigned kind, struct rng *rng, struct arena *arena);

/* `count` messages, kinds mixed as on a working day. NULL if the arena's ceiling forbids it. */
struct sample *corpus_make(size_t count, uint64_t seed, struct arena *arena);

/* Writes `sample` with our builder; the octets written. */
size_t sample_build(const struct sample *sample, uint8_t *buffer, size_t capacity);

#endif
