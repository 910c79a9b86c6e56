/* Runs a scenario's steps on a host and gathers what happened. */
#ifndef FAULTZONE_HARNESS_RUN_H
#define FAULTZONE_HARNESS_RUN_H

#include "harness/build.h"
#include "harness/expect.h"
#include "harness/verdict.h"

/* Events of one step before it is called stuck: hundreds of times what the longest honest step
 * needs. */
#define RUN_STEP_EVENTS_MAX 200000

enum step_end {
    STEP_NOT_RUN, /* an earlier step did not end */
    STEP_ENDED,
    STEP_STUCK,     /* RUN_STEP_EVENTS_MAX passed: the world does not come to rest */
    STEP_IDLE,      /* nothing is under way, and yet the question was never settled */
    STEP_EXHAUSTED, /* memory ran out */
};

/* What one step came to. Lives in the arena given to scenario_run. */
struct step_outcome {
    const struct scenario *scenario;
    const struct step *step;
    enum step_end end;
    instant_ns started, ended;
    uint64_t first_entry, last_entry; /* of the trace: [first, last) happened during the step */
    const struct trace *trace;
    struct client_answer answer;         /* lookup, dkim */
    struct dkim_result dkim;             /* dkim */
    const struct inspection *inspection; /* setup; NULL if it was not started */
    const struct play_outcome *played;   /* a step of an `.rpl` file (play.h) */
};

/* One expectation's fate. */
struct finding {
    const struct expectation *expectation;
    const struct step_outcome *outcome;
    enum judgement judgement;
};

struct run_result {
    const struct scenario *scenario; /* NULL if it could not be loaded */
    uint64_t seed;
    const struct step_outcome *outcomes;
    size_t outcome_count;
    const struct finding *findings;
    size_t finding_count;
    size_t unmet; /* findings not met */
    bool broken;  /* the harness itself failed: `error` says how */
    struct diag error;
    uint64_t digest; /* of the trace */
    uint64_t packets;
    duration_ns virtual_time;
};

/* Runs all steps under `seed` with `host` (virtual_run or live_run). Results live in `arena`
 * (outcomes, findings); the trace stays in the stage until its next reset. */
void scenario_run(struct stage *stage, host_run *host, uint64_t seed, struct arena *arena,
                  struct run_result *ret);

/* What a verifier makes of `retrieval` in a `dkim` step; false if `arena` is exhausted. `ret`
 * borrows from the reply and the arena. */
bool run_verify(const struct dkim_step *step, const struct dkim_retrieval *retrieval,
                struct arena *arena, struct dkim_result *ret);

/* The seed of one scenario in a run: depends on nothing but the two. */
uint64_t run_unit_seed(uint64_t run_seed, const char *id);

/* Starts to read the trace at the step's first entry. */
struct trace_cursor outcome_entries(const struct step_outcome *outcome);

/* The step's next entry, NULL at its end. */
const struct trace_entry *outcome_next(const struct step_outcome *outcome,
                                       struct trace_cursor *cursor);

#endif
