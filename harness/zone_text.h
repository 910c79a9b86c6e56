/* Zone text (RFC 1035 5.1) as entries of tokens that know where they stand: comments gone,
 * parentheses joined, quotes kept. What the tokens mean is read in `records`. */
#ifndef FAULTZONE_HARNESS_ZONE_TEXT_H
#define FAULTZONE_HARNESS_ZONE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

#define ZONE_TEXT_TOKENS_MAX 1024 /* of one entry */

struct zone_token {
    struct bytes text; /* as written: with its quotes and backslashes */
    size_t offset;     /* in the whole text */
};

/* One record or directive. */
struct zone_entry {
    struct zone_token tokens[ZONE_TEXT_TOKENS_MAX];
    size_t count;
    bool starts_blank; /* the line begins with white space: the owner is the one before */
    size_t glued;      /* offset + 1 of a comment that follows a token without a space, or 0 */
};

struct zone_text {
    struct bytes text; /* borrowed */
    size_t at;
    const char *error;   /* static; NULL while all is well */
    size_t error_offset; /* where */
};

/* Starts at the beginning of `text` (borrowed). */
struct zone_text zone_text_of(struct bytes text);

/* Reads the next entry that is not empty; false at the end or where the text is wrong (`error`,
 * after which the reading stands at the next line). */
bool zone_text_next(struct zone_text *text, struct zone_entry *ret);

#endif
