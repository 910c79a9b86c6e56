/* What is legal in a scenario file but looks wrong. One row per finding. */
#ifndef FAULTZONE_HARNESS_LINT_H
#define FAULTZONE_HARNESS_LINT_H

#include "harness/diags.h"
#include "harness/scenario.h"

struct lint;

struct lint_rule {
    const char *name; /* as a file's `intended:` may list it */
    const char *doc;
    void (*look)(struct lint *lint);
};

/* All findings; ended by a NULL name. At most 32. */
extern const struct lint_rule lint_rules[];

#endif
