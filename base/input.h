/* Octets as a source of decisions: what a fuzzer hands over, or what was drawn from a stream. */
#ifndef FAULTZONE_BASE_INPUT_H
#define FAULTZONE_BASE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

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

#endif
