/* A text file in memory: its octets, its lines, and the way from an offset to a place. */
#ifndef FAULTZONE_HARNESS_SOURCE_H
#define FAULTZONE_HARNESS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "harness/diags.h"

struct source {
    const char *file;      /* as shown; borrowed */
    struct bytes text;     /* borrowed; followed by a NUL */
    const uint32_t *lines; /* offset of each line's first octet */
    size_t line_count;
};

/* Reads the file at `path`, at most `size_max` octets, into `arena`. False and one diagnostic if
 * that is impossible: no such file, a directory, not readable, too large. */
bool source_read(const char *path, size_t size_max, struct arena *arena, struct diags *diags,
                 struct bytes *ret);

/* Checks that `text` is what a text file may be (UTF-8, no NUL, no control character but tab and
 * line feed, carriage returns only before line feeds, no byte order mark but the first) and finds
 * its lines. A byte order mark at the start is left out. The first offence becomes a diagnostic.
 * `ret` borrows `text` and `file`. */
bool source_open(struct bytes text, const char *file, struct arena *arena, struct diags *diags,
                 struct source *ret);

/* Line `number` (from 1) without its end; empty if there is none. */
struct bytes source_line(const struct source *source, uint32_t number);

/* Where the last place was found, so that the next one on the same line need not count from its
 * start. Zeroed to begin with. */
struct source_cursor {
    size_t line, column, octet;
};

/* The place of character `column` (from 0) of line `line` (from 0), as libyaml counts. */
struct place source_place(const struct source *source, struct source_cursor *cursor, size_t line,
                          size_t column);

#endif
