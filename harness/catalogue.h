/* The failure catalogue: every way known in which a customer's DNS breaks a mail provider's set-up,
 * numbered F01 to F111. One family a file in catalogue/, one row a failure; the pages in
 * docs/catalogue and `list --by-failure` are made from it.
 *
 * The texts are for readers who have never run a name server: plain sentences, no abbreviation that
 * `catalogue_words` does not explain. */
#ifndef FAULTZONE_HARNESS_CATALOGUE_H
#define FAULTZONE_HARNESS_CATALOGUE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "harness/scenario.h"

#define CATALOGUE_LAST        111 /* the number of the last row */
#define CATALOGUE_NUMBER_SIZE 5   /* "F111" and its NUL */

/* One failure. Texts may be NULL until they are written; then a page leaves them out. */
struct failure {
    unsigned number;     /* 1 to CATALOGUE_LAST; 0 ends a family */
    const char *slug;    /* the word for it: "doubled-zone" */
    const char *title;   /* a few words */
    const char *story;   /* what has happened, and to whom */
    const char *wire;    /* what a look-up shows */
    const char *reports; /* what a DKIM verifier says (RFC 8601), and what a set-up check should */
    const char *apart;   /* what tells it from its look-alikes */
    const char *fix;     /* what to tell the customer */
    const char *waits;   /* what it needs before a scenario can show it; NULL: nothing */
};

struct failure_family {
    const char *slug;    /* "provider-synthesis": its page's name */
    const char *numeral; /* "I" */
    const char *title;
    const char *about;              /* a paragraph or two */
    const struct failure *failures; /* ended by number 0 */
};

/* In the order of their numbers; ended by NULL. */
extern const struct failure_family *const failure_families[];

/* A word that the texts use and that needs explaining. */
struct catalogue_word {
    const char *word;
    const char *meaning;
};

/* In an order in which each is explained by those before it; ended by a NULL word. */
extern const struct catalogue_word catalogue_words[];

/* The row with this number, and its family if `ret_family` is not NULL. NULL if there is none. */
const struct failure *failure_at(unsigned number, const struct failure_family **ret_family);

/* The number that "F01" to "F111" stands for, 0 for any other text. */
unsigned failure_number(struct bytes text);

/* Writes "F01" into `room`. */
void failure_number_put(unsigned number, char room[static CATALOGUE_NUMBER_SIZE]);

/* --- which scenarios show which failure --- */

struct coverage_entry {
    const char *id, *title;
    const struct coverage_entry *next; /* in the order in which they were added */
};

struct coverage {
    struct arena *arena; /* borrowed */
    struct coverage_entry *first[CATALOGUE_LAST + 1], *last[CATALOGUE_LAST + 1];
};

/* Nothing yet; entries will live in `arena`. */
void coverage_init(struct coverage *coverage, struct arena *arena);

/* Adds what `scenario` covers, copying its texts. False if memory runs out. */
bool coverage_add(struct coverage *coverage, const struct scenario *scenario);

/* --- pages, as Markdown --- */

/* The page that leads to the others: families, their rows, and the words they use. */
void catalogue_write_index(FILE *file);

/* A family's page. Scenarios are linked to relative to docs/catalogue. */
void catalogue_write_family(FILE *file, const struct failure_family *family,
                            const struct coverage *coverage);

#endif
