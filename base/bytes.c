#include "base/bytes.h"

int bytes_compare(struct bytes a, struct bytes b)
{
    const size_t common = a.size < b.size ? a.size : b.size;
    const int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

static uint64_t mix(uint64_t word)
{
    word ^= word >> 32;
    word *= UINT64_C(0xd6e8feb86659fd93);
    word ^= word >> 32;
    return word;
}

/* Eight octets, first octet lowest: the same value on machines of either byte order. */
static uint64_t load_word(const uint8_t *octets)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    memcpy(&word, octets, sizeof word);
    return word;
#else
    uint64_t word = 0;
    for (size_t i = 8; i-- > 0;) {
        word = word << 8 | octets[i];
    }
    return word;
#endif
}

uint64_t bytes_hash(struct bytes view, uint64_t seed)
{
    uint64_t state = seed ^ (view.size * UINT64_C(0x9e3779b97f4a7c15));
    size_t at = 0;
    for (; at + 8 <= view.size; at += 8) {
        state = mix(state ^ load_word(view.data + at));
    }
    uint64_t rest = 0;
    for (size_t i = view.size; i-- > at;) {
        rest = rest << 8 | view.data[i];
    }
    return mix(mix(state ^ rest) + UINT64_C(0x9e3779b97f4a7c15));
}
