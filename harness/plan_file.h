/* A plan of records as a mail provider keeps it: a YAML file with `records:`, each with a name
 * (relative to the customer's domain unless it ends in a dot, "@" the domain itself), type, value
 * and perhaps a role. */
#ifndef FAULTZONE_HARNESS_PLAN_FILE_H
#define FAULTZONE_HARNESS_PLAN_FILE_H

#include "harness/loader.h"
#include "inspect/plan.h"

#define PLAN_FILE_OCTETS_MAX ((size_t)256 * 1024)

/* Reads the plan at `path` for the customer's domain `origin` into `arena`. False, and at least one
 * diagnostic with its place, if it is no plan. */
bool plan_file_read(const char *path, const struct name *origin, struct arena *arena,
                    struct diags *diags, struct plan *ret);

/* The same from memory; `path` is only shown. */
bool plan_file_parse(struct bytes text, const char *path, const struct name *origin,
                     struct arena *arena, struct diags *diags, struct plan *ret);

#endif
