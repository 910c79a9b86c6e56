/* Scenarios against real programs: a table of what each said of each `dkim` step, in RFC 8601's
 * words, beside what the scenario expects. Who asks the programs is the caller's business. */
#ifndef FAULTZONE_HARNESS_MATRIX_H
#define FAULTZONE_HARNESS_MATRIX_H

#include <stdio.h>

#include "base/arena.h"
#include "harness/errors.h"
#include "harness/scenario.h"

#define MATRIX_PEERS_MAX 16
#define MATRIX_SAID_MAX  160

enum matrix_state {
    MATRIX_SKIPPED,  /* nobody asked it: `said` tells why */
    MATRIX_AGREES,   /* the word expected, or one that a conforming verifier may say */
    MATRIX_KNOWN,    /* another one, which the scenario states as a deviation */
    MATRIX_DIFFERS,  /* another one */
    MATRIX_REPAIRED, /* the word expected, though the scenario states a deviation */
    MATRIX_BROKEN,   /* it said nothing that can be read: `said` tells what */
    MATRIX_STATES,
};

struct matrix_cell {
    enum matrix_state state;
    enum dkim_word word;        /* of all but SKIPPED and BROKEN */
    char said[MATRIX_SAID_MAX]; /* the program's own words, escaped */
};

enum matrix_kind { MATRIX_RESOLVER, MATRIX_VERIFIER };

struct matrix_peer {
    const char *name;
    enum matrix_kind kind;
};

struct matrix_row {
    const char *id, *path, *title; /* of the scenario */
    size_t step;                   /* counted from 0 */
    const char *name;              /* the name asked for */
    enum dkim_word expected;
    struct matrix_cell cells[MATRIX_PEERS_MAX];
};

struct matrix {
    struct arena *arena;
    struct matrix_peer peers[MATRIX_PEERS_MAX];
    size_t peer_count;
    struct matrix_row *rows;
    size_t row_count, row_capacity;
    struct errors errors; /* of files that have no rows because they cannot be judged */
};

/* A further row, its cells SKIPPED without a reason; NULL if memory ran out. Earlier rows move. */
struct matrix_row *matrix_add(struct matrix *matrix);

/* Fills a cell with `word`, which `peer` said of `step`; `result` is what is expected. */
void matrix_judge(struct matrix_cell *cell, const struct step *step, const char *peer,
                  const struct dkim_result *result, enum dkim_word word);

/* Sets `said` to a line that somebody wrote, up to its end and escaped. */
void matrix_quote(struct matrix_cell *cell, const char *line);

/* How many cells are in `state`. */
size_t matrix_count(const struct matrix *matrix, enum matrix_state state);

/* "skipped", "agrees", "known", "differs", "repaired", "broken". */
const char *matrix_state_name(enum matrix_state state);

/* The whole table. */
void matrix_put_text(const struct matrix *matrix, FILE *file);
void matrix_put_json(const struct matrix *matrix, FILE *file);
void matrix_put_html(const struct matrix *matrix, FILE *file);
void matrix_put_markdown(const struct matrix *matrix, FILE *file);

#endif
