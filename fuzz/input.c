#include <assert.h>
#include <stdlib.h>

#include "fuzz/input.h"

struct bytes exact_copy(struct bytes octets)
{
    uint8_t *copy = malloc(octets.size);
    assert(copy != NULL || octets.size == 0);
    if (octets.size > 0) {
        memcpy(copy, octets.data, octets.size);
    }
    return bytes_of(copy, octets.size);
}

void exact_free(struct bytes copy)
{
    free((void *)(uintptr_t)copy.data);
}

#define EACH(octet) (UINT64_C(0x0101010101010101) * (octet))

/* True if all eight octets are from 0x20 to 0x7e: a target spends much of its time on this. */
static bool are_printable(const char *eight)
{
    uint64_t word;
    memcpy(&word, eight, sizeof word);
    /* one below 0x20 borrows, 0x7f carries, and what is above stands out as it is */
    return ((word | (word - EACH(0x20)) | (word + EACH(1))) & EACH(0x80)) == 0;
}

void check_clean(const struct text *text)
{
    for (size_t i = 0; i < text->size; i++) {
        const char character = text->data[i];
        if (i + 8 <= text->size && are_printable(text->data + i)) {
            i += 7;
            continue;
        }
        assert((character >= ' ' && character < 0x7f) || character == '\n' || character == '\t');
    }
}
