/* What the behaviours share. Each file in this directory defines one `behaviour_<file>`. */
#ifndef FAULTZONE_SIM_BEHAVIOURS_ROWS_H
#define FAULTZONE_SIM_BEHAVIOURS_ROWS_H

#include "sim/behaviour.h"

#define BEHAVIOUR(name) extern const struct behaviour_row behaviour_##name;
#include "sim/behaviour_list.h"
#undef BEHAVIOUR

/* Fills `reterr` and returns NULL. */
const void *behaviour_no_memory(struct diag *reterr);

/* The PARAM_DURATION `key` in whole seconds, as a TTL; `fallback` if it was not given. */
uint32_t behaviour_ttl(const struct params *params, const char *key, uint32_t fallback);

/* Hides an alias: what the name owns of the type asked for is shown, and NODATA where it owns
 * nothing or does not exist. True if that changes the step. */
bool behaviour_show_own_data(struct draft_step *step);

/* The own RRset of `type` at the step's name, or at the wildcard that stands for it; NULL if there
 * is none. */
const struct rrset *behaviour_own_rrset(const struct draft_step *step, uint16_t type);

#endif
