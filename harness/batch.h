/* Several scenarios on several threads. Threads share nothing but the list of what is to be done:
 * each scenario has its own world, memory and dice, so that its result is the same whichever thread
 * runs it, and when. Results are handed over in the order of the list. */
#ifndef FAULTZONE_HARNESS_BATCH_H
#define FAULTZONE_HARNESS_BATCH_H

#include "harness/unit.h"

#define BATCH_JOBS_MAX 256

struct batch_item {
    const char *path, *id;
};

struct batch_options {
    const struct batch_item *items;
    size_t count;
    unsigned jobs;         /* threads, 1 to BATCH_JOBS_MAX */
    uint64_t seed;         /* of the run */
    uint32_t time_limit_s; /* by the wall clock, 0 for none */
    /* Called on the caller's thread for every item in order; the unit is borrowed for the call.
     * False: no more. */
    bool (*done)(void *context, const struct unit *unit);
    void *context;
};

enum batch_end {
    BATCH_FINISHED,
    BATCH_STOPPED,    /* `done` said so */
    BATCH_TIME_LIMIT, /* threads may still be running: the process has to end */
    BATCH_NO_MEMORY,
    BATCH_NO_THREADS, /* the system refused a thread */
};

/* Runs all items; returns when all are done or something ended it. */
enum batch_end batch_run(const struct batch_options *options);

#endif
