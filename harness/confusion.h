/* The confusion table: for every failure of the catalogue, what the set-up check names in the
 * scenarios that show it. Where that is something else, the table says why. */
#ifndef FAULTZONE_HARNESS_CONFUSION_H
#define FAULTZONE_HARNESS_CONFUSION_H

#include <stdio.h>

#include "harness/catalogue.h"
#include "harness/unit.h"

#define CONFUSION_NUMBERS (CATALOGUE_LAST + 1)

/* What came of one failure in one scenario. */
struct confusion_entry {
    const char *id;   /* the scenario's */
    bool named;       /* the check names the failure, as decisive or beside it */
    bool decisive;    /* as decisive */
    bool candidate;   /* if not: it is among what the check says that it may be */
    unsigned instead; /* if not: the number it names first, 0 for none */
    enum setup_verdict verdict;
    const struct confusion_entry *next;
};

struct confusion {
    struct arena *arena; /* borrowed */
    struct confusion_entry *first[CONFUSION_NUMBERS], *last[CONFUSION_NUMBERS];
};

/* Nothing yet; entries will live in `arena`. */
void confusion_init(struct confusion *confusion, struct arena *arena);

/* Adds what a judged unit's set-up checks have named; scenarios without one add nothing. False if
 * memory runs out. */
bool confusion_add(struct confusion *confusion, const struct unit *unit);

/* Why a failure is not named in the scenario `id`, a sentence; NULL if there is no good reason. */
const char *confusion_reason(const char *id, unsigned number);

/* True if nothing is wrong in the scenario but what looks like that failure. */
bool confusion_is_harmless(const char *id, unsigned number);

/* Writes the table as Markdown. */
void confusion_write(FILE *file, const struct confusion *confusion);

#endif
