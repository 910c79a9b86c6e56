/* From a scenario to a world: seats for every server, the resolver, the client and the set-up
 * check. */
#ifndef FAULTZONE_HARNESS_BUILD_H
#define FAULTZONE_HARNESS_BUILD_H

#include "base/entropy.h"
#include "harness/scenario.h"
#include "inspect/inspector.h"
#include "resolver/resolver.h"
#include "sim/client.h"
#include "sim/server.h"
#include "sim/world.h"

/* A world with its machines, ready to run again and again. */
struct stage {
    const struct scenario *scenario;
    struct arena *arena;       /* machines; lives as long as the stage */
    struct arena *trace_arena; /* reset with every run */
    struct trace trace;
    struct transit *transit;
    struct world *world;
    struct resolver *resolver;
    struct client *client;
    struct inspector *inspector;
    struct server **servers; /* one per seat that serves zones */
    size_t server_count;
    struct stage_private *private;
};

struct stage_options {
    uint64_t seed;
    struct entropy entropy; /* a NULL `next`: seeded streams */
};

/* Builds in `arena`; traces go to `trace_arena`. NULL and a diag if memory runs out. */
struct stage *stage_build(const struct scenario *scenario, const struct stage_options *options,
                          struct arena *arena, struct arena *trace_arena, struct diag *reterr);

/* The start of a new run under `seed`: the scenario's first state, empty caches, clock at 0. */
void stage_reset(struct stage *stage, uint64_t seed);

/* Carries out a `change` step. */
void stage_change(struct stage *stage, const struct change_step *change);

#endif
