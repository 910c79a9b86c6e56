/* What was probably meant: the nearest of the words allowed at a place. */
#ifndef FAULTZONE_HARNESS_SPELLING_H
#define FAULTZONE_HARNESS_SPELLING_H

#include <stddef.h>

#include "base/bytes.h"

#define SPELLING_WORD_MAX 64 /* octets; longer words have no neighbours */

/* Damerau-Levenshtein distance (optimal string alignment) between two words, ASCII case aside;
 * SIZE_MAX if one is longer than SPELLING_WORD_MAX. */
size_t spelling_distance(struct bytes a, struct bytes b);

/* The search for the best of several candidates. */
struct spelling {
    struct bytes word; /* as it was written */
    const char *best;  /* borrowed; NULL while no candidate is near enough */
    size_t distance;
};

/* Starts a search for `word` (borrowed). */
struct spelling spelling_of(struct bytes word);

/* Offers a candidate (borrowed); NULL is ignored. Nearer ones win, the first among equals. */
void spelling_offer(struct spelling *spelling, const char *candidate);

#endif
