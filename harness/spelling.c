/* Suggestions for misspelt words. */
#include "harness/spelling.h"

#include <stdbool.h>
#include <stdint.h>

static uint8_t fold(uint8_t octet)
{
    if (octet >= 'A' && octet <= 'Z') {
        return (uint8_t)(octet + 'a' - 'A');
    }
    return octet == '_' ? '-' : octet;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* True if the last two letters of both prefixes are each other's, swapped. */
static bool is_swap(struct bytes a, struct bytes b, size_t i, size_t j)
{
    return i > 1 && j > 1 && fold(a.data[i - 1]) == fold(b.data[j - 2]) &&
           fold(a.data[i - 2]) == fold(b.data[j - 1]);
}

size_t spelling_distance(struct bytes a, struct bytes b)
{
    if (a.size > SPELLING_WORD_MAX || b.size > SPELLING_WORD_MAX) {
        return SIZE_MAX;
    }
    size_t rows[3][SPELLING_WORD_MAX + 1]; /* the last three, by index modulo 3 */
    for (size_t j = 0; j <= b.size; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            const size_t change = fold(a.data[i - 1]) == fold(b.data[j - 1]) ? 0 : 1;
            row[j] = least(above[j - 1] + change, least(above[j], row[j - 1]) + 1);
            if (is_swap(a, b, i, j)) {
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a.size % 3][b.size];
}

struct spelling spelling_of(struct bytes word)
{
    return (struct spelling){.word = word, .best = NULL, .distance = SIZE_MAX};
}

void spelling_offer(struct spelling *spelling, const char *candidate)
{
    if (candidate == NULL) {
        return;
    }
    const struct bytes view = bytes_of_string(candidate);
    const size_t distance = spelling_distance(spelling->word, view);
    const size_t longer = view.size > spelling->word.size ? view.size : spelling->word.size;
    const size_t bearable = longer <= 3 ? 1 : (longer + 2) / 3; /* a third of the letters */
    if (distance <= bearable && distance < spelling->distance && distance < longer) {
        spelling->best = candidate;
        spelling->distance = distance;
    }
}
