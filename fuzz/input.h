/* An input of a fuzz target as a source of decisions and of octets, and copies of its octets that
 * end where their memory ends. */
#ifndef FAULTZONE_FUZZ_INPUT_H
#define FAULTZONE_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"

/* What is left of an input. At its end every number is 0. */
struct input {
    struct bytes rest;
};

static inline struct input input_of(const uint8_t *data, size_t size)
{
    return (struct input){.rest = bytes_of(data, size)};
}

static inline bool input_is_empty(const struct input *input)
{
    return input->rest.size == 0;
}

/* The next number of one octet, of two (the high one first), and one from 0 to `bound` - 1. */
uint8_t input_u8(struct input *input);
uint16_t input_u16(struct input *input);
uint8_t input_below(struct input *input, uint8_t bound);

/* The next `size` octets, or what is left; borrowed. */
struct bytes input_take(struct input *input, size_t size);

/* What is left; borrowed. */
struct bytes input_rest(struct input *input);

/* A copy on the heap of exactly its size, so that a sanitizer sees every read beyond it; and its
 * end. */
struct bytes exact_copy(struct bytes octets);
void exact_free(struct bytes copy);

/* Aborts if `text` holds anything but printable ASCII, tabs and line feeds. */
void check_clean(const struct text *text);

#endif
