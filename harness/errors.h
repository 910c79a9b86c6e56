/* Errors as members of JSON documents. Where a document is written before all of its errors are
 * known, they are kept until it has come to them. */
#ifndef FAULTZONE_HARNESS_ERRORS_H
#define FAULTZONE_HARNESS_ERRORS_H

#include "base/arena.h"
#include "harness/json.h"
#include "harness/unit.h"

struct errors {
    struct arena *arena;
    struct error_kept *first, *last;
    uint64_t dropped; /* there was no memory for them */
};

/* None yet; those to come are kept in `arena`. */
struct errors errors_in(struct arena *arena);

/* Keeps a copy of `diag`; its file is borrowed and has to stay. */
void errors_add(struct errors *errors, const struct diag *diag);

/* Keeps what is wrong with a unit that is not loaded, or broken. The unit's path is borrowed and
 * has to stay. */
void errors_add_unit(struct errors *errors, const struct unit *unit);

/* Writes them as the array `errors`, each with its file (null where it is about none). */
void errors_put(const struct errors *errors, struct json *json);

/* The members of one error: sentence, hint, line and column. */
void errors_put_members(struct json *json, const struct diag *diag);

#endif
