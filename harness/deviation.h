/* `deviations:` of a `dkim` step: which real programs are known to say another word than the one
 * expected, and where that is told. */
#ifndef FAULTZONE_HARNESS_DEVIATION_H
#define FAULTZONE_HARNESS_DEVIATION_H

#include "harness/loader.h"
#include "harness/scenario.h"

/* The programs by name, each with the words of RFC 8601, and `source`; ended by a NULL key. */
extern const struct param_spec deviation_params[];

/* Loads the deviations of a step from its member `deviations`. False if anything was wrong (told).
 */
bool deviations_load(struct loader *loader, const struct yaml_node *node, struct step *step);

/* The word that the program called `peer` is known to say at `step`; false if it is known to say
 * what is expected. */
bool deviation_of(const struct step *step, const char *peer, enum dkim_word *ret);

#endif
