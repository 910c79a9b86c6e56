/* A scenario while it is being loaded. The keys of each place in a file are rows of a table: the
 * loader, the JSON Schema and the reference walk the same ones. */
#ifndef FAULTZONE_HARNESS_STORY_H
#define FAULTZONE_HARNESS_STORY_H

#include "harness/internet.h"
#include "harness/loader.h"
#include "harness/params_load.h"
#include "harness/scenario.h"

#define STORY_STEPS_MAX 1000

struct story {
    struct loader loader;
    struct scenario *scenario;
    struct internet internet;
    struct zone_spec *zones; /* as the file says them at the step being loaded */
    size_t zone_count, zone_capacity;
    struct internet_state *states; /* the first, then one per change of zones */
    size_t state_count, state_capacity;
    struct address reserved[6];
    const struct scenario_edits *edits; /* NULL: the file as it is */
};

/* A key of the file's top level. */
struct story_key {
    const char *key;
    const char *doc;
    const char *shape; /* a definition of the schema */
    bool required;
    bool (*load)(struct story *story, const struct yaml_node *node);
};
extern const struct story_key story_keys[]; /* ended by a NULL key */

/* A kind of step. */
struct step_row {
    const char *key;
    const char *doc;
    const char *value_doc; /* what a bare text stands for, NULL if it must be a mapping */
    const char *shape;     /* a definition of the schema, where `specs` do not say it all */
    const struct param_spec *specs;
    bool (*load)(struct story *story, const struct step_row *row, const struct yaml_node *node,
                 struct step *step);
};
extern const struct step_row step_rows[STEP_KINDS]; /* by kind */

/* The keys under `client:`. */
extern const struct param_spec client_params[];

/* What zones are now, NULL while they could not be made. */
const struct internet_state *story_now(const struct story *story);

/* --- parts, one file each --- */

/* scenario_zones.c: the zones of the file; the zones of a change. */
bool story_load_zones(struct story *story, const struct yaml_node *node);
bool story_edit_zones(struct story *story, const struct scenario_edits *edits);
bool story_change_zones(struct story *story, const struct yaml_node *mapping, const bool *skip,
                        struct change_step *change);

/* scenario_faults.c: a list of faults, whose links are resolved in the present state. */
bool story_load_faults(struct story *story, const struct yaml_node *node,
                       const struct fault **ret_faults, size_t *ret_count);

/* The addresses that a list of names (as story_find_addresses takes them; NULL: none) stands for,
 * each once. */
bool story_find_all(struct story *story, const struct param *param, const struct address **ret,
                    size_t *ret_count);

/* The addresses that `name` (a seat's, server's or zone's name, or an address) stands for. False
 * (told) if nothing is called so. */
bool story_find_addresses(struct story *story, struct bytes name, struct place place,
                          const struct address **ret, size_t *ret_count);

/* scenario_intruder.c: what is forged; one of its keys, and the section it fills. */
struct forgery_key {
    const char *key, *doc;
    enum section section;
};
extern const struct forgery_key forgery_keys[]; /* ended by a NULL key */
bool story_load_intruder(struct story *story, const struct yaml_node *node);

/* scenario_steps.c */
bool story_load_steps(struct story *story, const struct yaml_node *node);

/* scenario_setup.c: what the check is asked to look at. */
bool story_load_setup(struct story *story, const struct step_row *row, const struct yaml_node *node,
                      struct step *step);
extern const struct param_spec setup_params[];

/* scenario_expect.c: `expect:` and `forbid:` of a step. */
bool story_load_expectations(struct story *story, const struct yaml_node *step_node,
                             struct step *step);

/* scenario_key.c: the text of the TXT record that the zones as written lead to from `name`; empty
 * if there is none. */
struct bytes story_key_record(struct story *story, const struct name *name);

#endif
