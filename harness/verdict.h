/* Whether what was seen is what was expected, and both in words. */
#ifndef FAULTZONE_HARNESS_VERDICT_H
#define FAULTZONE_HARNESS_VERDICT_H

#include "base/text.h"
#include "harness/expect.h"

enum judgement {
    JUDGED_MET,
    JUDGED_UNMET,
    JUDGED_ERROR, /* the step did not end, so there is nothing to judge */
};

/* Judges `expectation` by `outcome`. */
enum judgement verdict_judge(const struct expectation *expectation,
                             const struct step_outcome *outcome);

/* Writes what was seen, escaped: "permerror (no key for signature)". */
void verdict_put_seen(struct text *text, const struct expectation *expectation,
                      const struct step_outcome *outcome);

/* "met", "unmet", "error". */
const char *judgement_name(enum judgement judgement);

#endif
