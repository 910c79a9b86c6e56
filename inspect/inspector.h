/* The set-up check as a machine: it puts the inspection's questions to a resolver, one after
 * another, with the retries of an ordinary stub. */
#ifndef FAULTZONE_INSPECT_INSPECTOR_H
#define FAULTZONE_INSPECT_INSPECTOR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/entropy.h"
#include "base/machine.h"
#include "base/trace.h"
#include "inspect/inspection.h"

/* 3 tries of 2, 4 and 8 s: longer than a resolver needs to try every server of a zone twice. */
#define INSPECTOR_TIMEOUT_DEFAULT   (2 * NS_PER_S)
#define INSPECTOR_TRIES_MAX_DEFAULT 3

struct inspector_options {
    const char *name;         /* the seat's; outlives the inspector */
    struct address v4, v6;    /* its own; the family of the resolver's address chooses */
    struct endpoint resolver; /* whom to ask */
    struct trace *trace;      /* may be NULL */
    struct entropy entropy;
    duration_ns timeout; /* of the first try, doubled with each further one; 0: the default */
    unsigned tries_max;  /* 0: the default */
};

struct inspector;

/* An inspector in memory of `arena` (about 70 KB untouched until used); NULL if exhausted. */
struct inspector *inspector_new(struct arena *arena, const struct inspector_options *options);

struct machine *inspector_machine(struct inspector *inspector);

/* Starts on `plan`; the first question leaves at the machine's next wake, which is due at `now`.
 * What was under way is forgotten. All that is found out lives in `arena` and stays there whatever
 * the inspector does next; the plan's records are borrowed for as long. NULL if `arena` is
 * exhausted: the inspector is then idle. */
const struct inspection *inspector_start(struct inspector *inspector, const struct plan *plan,
                                         struct arena *arena, instant_ns now);

/* True if nothing is under way: every record of the last plan has its verdict. */
bool inspector_is_done(const struct inspector *inspector);

/* Back to idle, for a new run. */
void inspector_reset(struct inspector *inspector);

#endif
