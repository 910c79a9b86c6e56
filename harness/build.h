/* From a scenario to a world: seats for every server, the resolver, the client and the set-up
 * check. */
#ifndef FAULTZONE_HARNESS_BUILD_H
#define FAULTZONE_HARNESS_BUILD_H

#include "base/entropy.h"
#include "harness/scenario.h"
#include "inspect/inspector.h"
#include "resolver/resolver.h"
#include "sim/client.h"
#include "sim/intruder.h"
#include "sim/script.h"
#include "sim/server.h"
#include "sim/world.h"

#define SERVED_LOOKUPS_MAX 256 /* the policy's defaults, where programs outside may ask */
#define SERVED_WAITING_MAX 1024

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
    struct intruder *intruder; /* NULL where the scenario has none */
    struct script *script;     /* of an `.rpl` scenario: it plays everybody else; else NULL */
    struct server **servers;   /* one per seat that serves zones */
    size_t server_count;
    size_t spare_zones; /* as the options say */
    struct stage_private *private;
};

struct stage_options {
    uint64_t seed;
    struct entropy entropy; /* a NULL `next`: seeded streams; else a crowd may be served */
    size_t spare_zones;     /* how many zones more every server may be given (stage_adopt) */
};

/* Builds in `arena`; traces go to `trace_arena`. NULL and a diag if memory runs out. */
struct stage *stage_build(const struct scenario *scenario, const struct stage_options *options,
                          struct arena *arena, struct arena *trace_arena, struct diag *reterr);

/* The start of a new run under `seed`: the scenario's first state, empty caches, clock at 0. */
void stage_reset(struct stage *stage, uint64_t seed);

/* How stage_adopt treats what is under way. */
enum stage_faults {
    STAGE_FAULTS_GO_ON, /* the faults are as they were: their counters too */
    STAGE_FAULTS_ANEW,
};

/* What stage_adopt tells the stage's host. */
struct stage_host {
    bool (*admit)(void *context, const struct seat *seat, struct diag *reterr); /* a new seat */
    void *context;
};

/* Moves the stage, which was built with spare zones, to `scenario` (borrowed from now on): an
 * edition of its own with other zones and faults. Caches and clock stay. New servers get seats,
 * which stay for good: the seats of one address are one. False and a sentence, and servers and
 * faults as they were, if seats or zones do not fit. */
bool stage_adopt(struct stage *stage, const struct scenario *scenario, enum stage_faults faults,
                 const struct stage_host *host, struct diag *reterr);

/* Carries out a `change` step. */
void stage_change(struct stage *stage, const struct change_step *change);

#endif
