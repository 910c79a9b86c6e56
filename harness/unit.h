/* One scenario from its file to its result, with all the memory that takes. A unit is used again
 * and again: what the last run left is given back when the next one starts. */
#ifndef FAULTZONE_HARNESS_UNIT_H
#define FAULTZONE_HARNESS_UNIT_H

#include "harness/run.h"

#define UNIT_DIAGS_MAX    32
#define UNIT_ARENA_MAX    ((size_t)256 * 1024 * 1024) /* of each of a unit's arenas */
#define UNIT_SCENARIO_MAX ((size_t)64 * 1024 * 1024)

enum unit_status {
    UNIT_IDLE,
    UNIT_PASSED,   /* every expectation met */
    UNIT_FAILED,   /* some are not */
    UNIT_BROKEN,   /* it could not be judged: `result.error` says why */
    UNIT_SKIPPED,  /* it cannot be judged here: `skip` says why */
    UNIT_UNLOADED, /* the file is no scenario: `diags` says why */
};

struct unit {
    const char *path, *id; /* borrowed */
    enum unit_status status;
    const struct scenario *scenario; /* NULL if UNLOADED */
    const char *skip; /* of SKIPPED: what is missing here; borrowed from the scenario */
    struct diags diags;
    struct stage *stage; /* holds the trace of the run */
    struct run_result result;
    struct arena scenario_arena, stage_arena, trace_arena, result_arena;
    struct diag diag_items[UNIT_DIAGS_MAX];
};

/* Prepares a unit; takes no memory yet. */
void unit_init(struct unit *unit);
void unit_free(struct unit *unit);

/* Loads the file at `path` (borrowed, as `id`); false if it is no scenario. */
bool unit_load(struct unit *unit, const char *path, const char *id);

/* The same for who needs zones and a host: an `.rpl` file is none of those (rpl.h). */
bool unit_load_world(struct unit *unit, const char *path, const char *id);

/* The same from memory: the scenario in `text` (borrowed), which diagnostics call `path`. */
bool unit_parse_world(struct unit *unit, struct bytes text, const char *path);

/* Builds the loaded scenario's world for runs under `seed`; false if memory runs out. */
bool unit_stage(struct unit *unit, uint64_t seed, struct entropy entropy);

/* Runs what was staged, any number of times. */
void unit_run(struct unit *unit, host_run *host, uint64_t seed);

/* All of it in virtual time, under the unit's own seed of `run_seed`. */
void unit_judge(struct unit *unit, const char *path, const char *id, uint64_t run_seed);

/* "passed", "failed", "broken", "unloaded". */
const char *unit_status_name(enum unit_status status);

#endif
