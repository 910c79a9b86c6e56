/* Eyes on a world's packets that share no code with the resolver: what must hold whatever happens
 * to them (docs/fuzzing.md tells the properties). */
#ifndef FAULTZONE_FUZZ_WATCH_H
#define FAULTZONE_FUZZ_WATCH_H

#include "harness/build.h"

struct watch {
    const struct scenario *scenario;
    unsigned upstream;     /* queries of the resolver since watch_question */
    unsigned answers;      /* of the resolver to clients since then */
    unsigned upstream_max; /* for one client's question, as the world's policy says */
    instant_ns asked_at;
    uint32_t least_ttl; /* of the last answer's records, UINT32_MAX without any */
};

/* Puts the eyes on `stage`, whose trace has room for one listener. After every reset anew. */
void watch_start(struct watch *watch, struct stage *stage);

/* A client asks its next question now. */
void watch_question(struct watch *watch, instant_ns now);

#endif
