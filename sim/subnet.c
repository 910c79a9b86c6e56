#include "sim/subnet.h"

#define BITS_DIGITS_MAX 3

/* Reads digits to the end of `text`, at most `most`. */
static bool read_bits(struct bytes text, unsigned most, unsigned *ret)
{
    unsigned bits = 0;
    if (text.size == 0 || text.size > BITS_DIGITS_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        bits = bits * 10 + (unsigned)(text.data[i] - '0');
    }
    *ret = bits;
    return bits <= most;
}

bool subnet_parse(struct bytes text, struct subnet *ret)
{
    size_t slash = 0;
    while (slash < text.size && text.data[slash] != '/') {
        slash++;
    }
    struct subnet subnet;
    if (!address_parse(bytes_of(text.data, slash), &subnet.first)) {
        return false;
    }
    subnet.bits = (unsigned)address_octets(&subnet.first).size * 8;
    if (slash < text.size && !read_bits(bytes_after(text, slash + 1), subnet.bits, &subnet.bits)) {
        return false;
    }
    *ret = subnet;
    return true;
}

struct address subnet_base(const struct address *address, unsigned bits)
{
    struct address base = *address;
    for (unsigned i = 0; i < sizeof base.octets; i++) {
        const unsigned kept = bits > i * 8 ? bits - i * 8 : 0;
        if (kept < 8) {
            base.octets[i] &= (uint8_t)(0xff00U >> kept);
        }
    }
    return base;
}

bool subnet_contains(const struct subnet *subnet, const struct address *address)
{
    const struct address inside = subnet_base(&subnet->first, subnet->bits);
    const struct address asked = subnet_base(address, subnet->bits);
    return address_equal(&inside, &asked);
}
