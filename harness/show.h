/* The walk of a run, look-up by look-up, for somebody who knows the DNS but not this program: who
 * was asked what, what came back, and what was concluded from it. */
#ifndef FAULTZONE_HARNESS_SHOW_H
#define FAULTZONE_HARNESS_SHOW_H

#include <stdio.h>

#include "harness/unit.h"

struct show_options {
    bool colour;
    bool packets; /* every message in dig's layout */
    size_t step;  /* only this one, from 1; 0 for all */
};

/* What a scenario's story is about, what is published, every step's walk, and how it ended. */
void show_unit(FILE *file, const struct unit *unit, const struct show_options *options);

/* The walk of one step, each line behind `indent` blanks. */
void show_step(FILE *file, const struct stage *stage, const struct step_outcome *outcome,
               unsigned indent);

#endif
