/* The names a behaviour was told to act on, and whether a step is about one of them. */
#ifndef FAULTZONE_SIM_NAMES_H
#define FAULTZONE_SIM_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/params.h"
#include "sim/draft.h"
#include "wire/name.h"

struct names {
    const struct name *items;
    size_t count;
    bool all; /* every name of the zone */
};

enum names_match {
    NAMES_NONE,
    NAMES_HIT,
    NAMES_ABOVE, /* a name that does not exist, above one of the listed names */
};

/* Reads a PARAM_TEXTS of names relative to `apex` ("@" is the apex, a final dot makes a name
 * absolute, a first label "*" a wildcard, the one word "all" every name). `param` may be NULL: no
 * names. False and a diag with the offending name's place if one cannot be read or lies outside
 * the zone. */
bool names_configure(const struct param *param, const struct name *apex, struct arena *arena,
                     struct names *ret, struct diag *reterr);

/* Reads one name as above. */
bool names_read(struct bytes text, struct place place, const struct name *apex, struct name *ret,
                struct diag *reterr);

/* Whether the step's name is in the list. A listed wildcard hits the names it stands for by
 * RFC 4592, whether or not the zone has a record at it. Names behind a zone cut or a DNAME are
 * never hit: the zone has no say in them. `ret_index` receives the item's place and may be NULL. */
enum names_match names_match(const struct names *names, const struct draft_step *step,
                             size_t *ret_index);

/* What a listed name without records owes its ancestors: NAMES_ABOVE makes the step NODATA, since
 * an empty non-terminal exists (RFC 8020 2). True if it did. */
bool names_make_ancestor(enum names_match match, struct draft_step *step);

#endif
