/* Plays the steps of an `.rpl` scenario: what `run` is to a YAML step. */
#ifndef FAULTZONE_HARNESS_PLAY_H
#define FAULTZONE_HARNESS_PLAY_H

#include "harness/run.h"

/* What became of a played step. */
struct play_outcome {
    bool met;
    const char *seen; /* escaped; what was not as it should be */
};

/* The one expectation of a played step: that it went as the file says. */
extern const struct expect_row played_row;

/* Plays the step of `ret`; what became of it lives in `arena`. */
enum step_end play_step(struct stage *stage, host_run *host, struct arena *arena,
                        struct step_outcome *ret);

#endif
