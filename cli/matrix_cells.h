/* The cells of a matrix: a program run inside a scenario, and what it said, judged. */
#ifndef FAULTZONE_CLI_MATRIX_CELLS_H
#define FAULTZONE_CLI_MATRIX_CELLS_H

#include "harness/foreign.h"
#include "harness/matrix.h"
#include "harness/run.h"
#include "harness/verifier.h"

/* What the cells of one scenario share. */
struct matrix_site {
    const char *self; /* our own program's path */
    const char *path; /* the scenario's, absolute */
    struct matrix *matrix;
    size_t first_row, row_count; /* the scenario's rows that can be asked */
    const struct scenario *scenario;
    const struct step_outcome *outcomes; /* as in virtual time */
    struct arena *arena;
};

/* Asks the resolver called `peers[column]` for the names of all rows. */
void matrix_ask_resolver(const struct matrix_site *site, size_t column);

/* Has the verifier called `peers[column]` verify the message of each row, in turn. */
void matrix_ask_verifier(const struct matrix_site *site, size_t column);

/* True if the peer's program is installed; `ret_package` is what to install else. */
bool matrix_peer_is_there(const struct matrix_peer *peer, const char **ret_package);

#endif
