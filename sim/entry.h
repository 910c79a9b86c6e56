/* What happens to records between the customer's hand and the zone: a web form adds the zone's
 * name, a paste brings quotes along. One row each. Unlike a behaviour this is done once, when
 * records are entered: the zone keeps what came of it, and all its servers show that. */
#ifndef FAULTZONE_SIM_ENTRY_H
#define FAULTZONE_SIM_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "wire/name.h"
#include "wire/rdata.h"

#define ENTRY_RECORDS_MAX 2 /* that one record may become */

/* How the text of a TXT record is changed. All but `all` are optional. */
struct entry_text {
    const char *lead, *trail; /* put before and after it */
    const char *find, *put;   /* the first place of `find` becomes `put` */
    bool all;                 /* every place of it */
    size_t every;             /* `put` is inserted after so many octets, again and again */
    size_t keep;              /* only so many octets are kept */
};

struct entry_row {
    const char *name;     /* the word in a scenario: that of the failure that it leads to */
    const char *doc;      /* for the reference */
    const char *evidence; /* source of the facts, or "assumed" */
    /* Rewrites `records[0]`, as it was typed in the zone at `apex`, and may add another. Returns
     * how many there are now; 0 if `arena` is exhausted or a name grew longer than names may be.
     * Records that the row does not concern are left as they are. */
    size_t (*enter)(const struct entry_row *row, const struct name *apex, struct arena *arena,
                    struct rr records[static ENTRY_RECORDS_MAX]);
    struct entry_text text; /* of rows that change texts */
};

/* All rows; ended by a NULL name. */
extern const struct entry_row entry_rows[];

/* The row called `name`, NULL if there is none. */
const struct entry_row *entry_find(struct bytes name);

#endif
