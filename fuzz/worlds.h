/* Small worlds for targets to play in, and what is true in each. */
#ifndef FAULTZONE_FUZZ_WORLDS_H
#define FAULTZONE_FUZZ_WORLDS_H

#include "harness/build.h"
#include "inspect/cause.h"
#include "mail/dkim_result.h"

#define WORLDS 6

struct fuzz_world {
    const char *text;           /* a scenario file */
    const char *const *names;   /* worth asking for; ended by NULL */
    const char *liar;           /* a zone whose servers may lie of others */
    enum dkim_word dkim;        /* of its `dkim` steps when nothing is lost */
    enum setup_verdict verdict; /* of its `setup` steps likewise */
};

/* World `index` (below WORLDS). */
const struct fuzz_world *fuzz_world(size_t index);

/* Its stage, made when first wanted and kept. Not reset. */
struct stage *fuzz_world_stage(size_t index);

#endif
