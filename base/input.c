#include "base/input.h"

uint8_t input_u8(struct input *input)
{
    const struct bytes taken = input_take(input, 1);
    return taken.size == 1 ? taken.data[0] : 0;
}

uint16_t input_u16(struct input *input)
{
    const unsigned high = input_u8(input);
    return (uint16_t)(high << 8 | input_u8(input));
}

uint8_t input_below(struct input *input, uint8_t bound)
{
    return (uint8_t)(input_u8(input) % bound);
}

struct bytes input_take(struct input *input, size_t size)
{
    const struct bytes rest = input->rest;
    const size_t taken = size < rest.size ? size : rest.size;
    input->rest = bytes_after(rest, taken);
    return bytes_of(rest.data, taken);
}

struct bytes input_rest(struct input *input)
{
    return input_take(input, input->rest.size);
}
