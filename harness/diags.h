/* Diagnostics of a file, gathered so that one run tells all that is wrong. */
#ifndef FAULTZONE_HARNESS_DIAGS_H
#define FAULTZONE_HARNESS_DIAGS_H

#include <stddef.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/text.h"

#define DIAGS_DEFAULT_MAX 20 /* as many as anybody reads of one file */

/* Diagnostics in the order found. The storage is the caller's. */
struct diags {
    struct diag *items;
    size_t count, capacity;
    size_t dropped;      /* beyond capacity */
    struct bytes source; /* octets of the file they are about, for carets; may be empty */
};

/* Adds a diagnostic, formatted as by diag_set. Returns it, for a hint, or NULL if there was no
 * room (it is counted all the same). */
__attribute__((format(printf, 3, 4))) struct diag *
diags_add(struct diags *diags, struct place place, const char *format, ...);

/* Adds a copy. */
void diags_add_copy(struct diags *diags, const struct diag *diag);

/* Puts them into the order of their places in the file; those of one place stay as they were. */
void diags_sort(struct diags *diags);

/* Gives `diag` a hint; NULL swallows it. */
__attribute__((format(printf, 2, 3))) void diags_hint(struct diag *diag, const char *format, ...);

/* Writes "file:line:column: severity: sentence; hint", then, if `source` has that line, the line
 * and a caret below the column. Ends with a newline. */
void diag_put(struct text *text, const struct diag *diag, const char *severity,
              struct bytes source);

#endif
