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

void check_clean(const struct text *text)
{
    for (size_t i = 0; i < text->size; i++) {
        const char character = text->data[i];
        assert((character >= ' ' && character < 0x7f) || character == '\n' || character == '\t');
    }
}
