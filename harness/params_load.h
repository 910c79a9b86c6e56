/* From nodes to configured keys, by the tables that own them. */
#ifndef FAULTZONE_HARNESS_PARAMS_LOAD_H
#define FAULTZONE_HARNESS_PARAMS_LOAD_H

#include "harness/loader.h"

/* Something that is configured: a behaviour, a fault, the resolver's policy, a step. */
struct param_form {
    const char *what;               /* for sentences: "the behaviour \"proxied\"" */
    const struct param_spec *specs; /* ended by a NULL key; may be NULL for none */
    const char *short_param; /* what a scalar or list stands for; NULL: it must be a mapping */
};

/* Reads `node` by `form`: a mapping of keys; a scalar or list for the short parameter; `true` for
 * all defaults. Keys that were not given get their fallback. False if anything was wrong (told). */
bool params_load(struct loader *loader, const struct param_form *form, const struct yaml_node *node,
                 struct params *ret);

/* The same from some members of a mapping: those with `skip` set (one flag per member, in order)
 * are somebody else's. Unknown keys are told with `others` (ended by NULL, may be NULL) among the
 * suggestions. */
bool params_load_members(struct loader *loader, const struct param_form *form,
                         const struct yaml_node *mapping, const bool *skip,
                         const char *const *others, struct params *ret);

/* Only the fallbacks: what an absent mapping stands for. */
bool params_load_defaults(struct loader *loader, const struct param_form *form, struct place place,
                          struct params *ret);

/* One value by its specification. */
bool param_load(struct loader *loader, const struct param_spec *spec, const struct yaml_node *node,
                struct param *ret);

/* The specification called `key` in a table (may be NULL), NULL if there is none. */
const struct param_spec *param_spec_find(const struct param_spec *specs, struct bytes key);

#endif
