/* The set-up check as a machine: it puts the inspection's questions to the name servers and to a
 * resolver, a few at a time, with the retries of an ordinary stub. */
#ifndef FAULTZONE_INSPECT_INSPECTOR_H
#define FAULTZONE_INSPECT_INSPECTOR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/entropy.h"
#include "base/machine.h"
#include "base/trace.h"
#include "inspect/inspection.h"

/* Of a resolver, which may have to ask many: 4 tries of 1, 2, 4 and 8 s. */
#define INSPECTOR_TIMEOUT_DEFAULT   NS_PER_S
#define INSPECTOR_TRIES_MAX_DEFAULT 4

/* Of a name server, which has the answer at hand: 4 tries of 0.4, 0.8, 0.8 and 0.8 s. Who is silent
 * is asked without EDNS as often again. */
#define INSPECTOR_SERVER_TIMEOUT      (400 * NS_PER_MS)
#define INSPECTOR_SERVER_TIMEOUT_MOST (800 * NS_PER_MS)
#define INSPECTOR_SERVER_TRIES_MAX    4

#define INSPECTOR_QUESTIONS_DEFAULT 60 /* of one plan's record, on average, retries included */
#define INSPECTOR_TIME_DEFAULT      (10 * NS_PER_S)
#define INSPECTOR_ASKING_MAX        4 /* questions under way at once, of name servers */
#define INSPECTOR_RESOLVING_MAX     2 /* of the resolver */

struct inspector_options {
    const char *name;            /* the seat's; outlives the inspector */
    struct address v4, v6;       /* its own; the family of the resolver's address chooses */
    struct endpoint resolver;    /* family ADDRESS_NONE: there is none */
    const struct address *roots; /* of the root's servers, borrowed; NULL: only the resolver is
                                    asked */
    size_t root_count;
    const struct known_zones *known;    /* of crowd.h; NULL for a check on its own */
    const struct suffix_list *suffixes; /* of suffixes.h, borrowed; NULL: a short table */
    struct trace *trace;                /* may be NULL */
    struct entropy entropy;
    duration_ns timeout; /* of the first try of a resolver, doubled with each further one; 0: the
                            default */
    unsigned tries_max;  /* 0: the default */
    unsigned
        questions_max;    /* datagrams and connections for each record of a plan; 0: the default */
    duration_ns time_max; /* of a whole check, waits that it is allowed aside; 0: the default */
};

struct inspector;

/* An inspector in memory of `arena` (about 400 KB untouched until used); NULL if exhausted. */
struct inspector *inspector_new(struct arena *arena, const struct inspector_options *options);

struct machine *inspector_machine(struct inspector *inspector);

/* True if a question under way waits for packets of this way: from whom it was asked, to where it
 * was asked from. */
bool inspector_awaits(const struct inspector *inspector, const struct packet *packet);

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
