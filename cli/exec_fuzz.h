/* `exec --fuzz-seeds`: which ends of a run are findings, and what is told of them. */
#ifndef FAULTZONE_CLI_EXEC_FUZZ_H
#define FAULTZONE_CLI_EXEC_FUZZ_H

#include "cli/options.h"
#include "live/namespace.h"

#define EXEC_FUZZ_SECONDS  60 /* of one run, unless --time-limit says otherwise */
#define EXEC_FUZZ_STATUSES 256
#define EXEC_FUZZ_TOLD_MAX 32 /* findings told one by one; further ones are counted */

struct exec_fuzz {
    bool may_end[EXEC_FUZZ_STATUSES]; /* with this status */
    uint64_t limit_s;
    uint64_t findings;
    uint64_t first;                     /* the seed of the first one */
    uint64_t ended[EXEC_FUZZ_STATUSES]; /* runs, by status as a shell would tell it */
};

/* What --may-end says; without it every status below 124. A run takes at most `limit_s`. False,
 * told, if it is no list of statuses. */
bool exec_fuzz_options(struct exec_fuzz *fuzz, const struct cli *cli, uint64_t limit_s);

/* Lets sanitizers in the command end it with a status that is a finding by default and by any list
 * of ordinary ones: appended to what the environment tells them, unless that says `exitcode`
 * itself. False, told, if the environment cannot be changed. */
bool exec_fuzz_environment(void);

/* Judges one run under `seed` that came to `result`, and tells if it is a finding, with the story
 * of what was done to the answers. */
void exec_fuzz_judge(struct exec_fuzz *fuzz, uint64_t seed, const struct namespace_result *result,
                     const char *story);

/* Tells the sum, with which statuses the runs ended, and the command line that repeats the first
 * finding. */
void exec_fuzz_sum_up(const struct exec_fuzz *fuzz, const struct cli *cli, uint64_t runs);

#endif
