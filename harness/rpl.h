/* Scenarios in the form that Unbound's testbound and CZ.NIC's Deckard read (`.rpl`): what servers
 * answer while which step is played, and what a client asks and must be told. Read unmodified, both
 * dialects, into the same plain structs as a YAML scenario; the servers are a script (sim/script).
 */
#ifndef FAULTZONE_HARNESS_RPL_H
#define FAULTZONE_HARNESS_RPL_H

#include "harness/scenario.h"
#include "sim/script.h"

#define RPL_STEPS_MAX   4000
#define RPL_RANGES_MAX  1000
#define RPL_ENTRIES_MAX 20000
#define RPL_HINTS_MAX   16
#define RPL_SKIP_OCTETS 160

enum rpl_step_kind {
    RPL_NOTHING, /* TRAFFIC, and what the dialect ignores, too */
    RPL_QUERY,
    RPL_CHECK_ANSWER,
    RPL_CHECK_OUT_QUERY,
    RPL_REPLY,
    RPL_TIMEOUT,
    RPL_ERROR,
    RPL_TIME_PASSES,
    RPL_STEP_KINDS,
};

struct rpl_step {
    uint32_t number;
    enum rpl_step_kind kind;
    const struct script_entry *entry; /* NULL: none */
    struct address address;           /* ADDRESS_NONE: none */
    duration_ns elapses;              /* of TIME_PASSES */
};

/* What a scenario of this form has beside the common. */
struct rpl {
    enum script_dialect dialect;
    const struct script_range *ranges;
    size_t range_count;
    const struct rpl_step *steps; /* one for each of the scenario's */
    const struct script_moment *moments;
    size_t step_count;
    bool has_silence; /* some step is TIMEOUT or ERROR: queries may end without an answer */
    const struct address *hints; /* the root's servers */
    size_t hint_count;
    const char *skip; /* why it cannot be judged here, a sentence's end; NULL: it can */
};

/* True if the file is in this form: its name ends in ".rpl". */
bool rpl_is(const char *path);

/* Reads and checks a file's text as scenario_parse does. */
const struct scenario *rpl_parse(struct bytes text, const char *path, const char *id,
                                 struct arena *arena, struct diags *diags);

#endif
