/* One step's packets as a story: who asked whom what, what came back, and when. Made of facts
 * alone, so that it can be told of any resolver. */
#ifndef FAULTZONE_HARNESS_WALK_H
#define FAULTZONE_HARNESS_WALK_H

#include <stdio.h>

#include "harness/run.h"

#define WALK_COLUMNS_MAX 100

struct walk {
    FILE *file;
    const struct stage *stage;
    const struct step_outcome *outcome;
    unsigned indent;
    bool brief;   /* only what the one who asks sees, not whom the resolver asks */
    bool packets; /* every message in dig's layout */
};

void walk_put(const struct walk *walk);

#endif
