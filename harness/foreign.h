/* Other people's resolvers in the place of ours: how each is configured for a simulated internet. A
 * resolver is one row, with one function that writes its configuration. None validates (simulated
 * zones are unsigned, and the real root's trust anchor is not theirs), and each asks from the
 * address of the scenario's resolver, so that servers, links and faults take it for that. */
#ifndef FAULTZONE_HARNESS_FOREIGN_H
#define FAULTZONE_HARNESS_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "harness/scenario.h"

#define FOREIGN_ARGUMENTS_MAX 8

/* Where it runs. */
struct foreign_site {
    const struct scenario *scenario; /* its root servers, and its resolver's addresses */
    bool has_ipv6;                   /* of the system */
    bool is_root;                    /* of the user */
};

struct foreign {
    const char *name;    /* as --resolver takes it */
    const char *program; /* its file */
    const char *package; /* of Debian 12 */
    bool forwards;       /* to the scenario's own resolver, which stays then */
    const char *arguments[FOREIGN_ARGUMENTS_MAX]; /* ended by NULL */
    const char *configuration;                    /* the file that `write` fills */
    void (*write)(struct text *text, const struct foreign_site *site);
};

/* Ended by a NULL name. */
extern const struct foreign foreign_resolvers[];

/* The row called `name`, NULL if there is none. */
const struct foreign *foreign_find(const char *name);

/* The root servers as a zone file, for FOREIGN_HINTS beside the configuration. */
#define FOREIGN_HINTS "root.hints"
void foreign_hints_put(struct text *text, const struct scenario *scenario);

#endif
