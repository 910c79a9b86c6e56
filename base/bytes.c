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
static uint64_t load_8(const uint8_t *octets)
{
    uint64_t word;
    memcpy(&word, octets, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static uint64_t load_4(const uint8_t *octets)
{
    uint32_t word;
    memcpy(&word, octets, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

/* Fewer than eight octets as one word; the size is hashed beside it. */
static uint64_t load_short(struct bytes view)
{
    if (view.size >= 4) {
        return load_4(view.data) << 32 | load_4(view.data + view.size - 4);
    }
    uint64_t word = 0;
    for (size_t i = view.size; i-- > 0;) {
        word = word << 8 | view.data[i];
    }
    return word;
}

/* Two lanes, because one would wait for its own multiplications; the last words overlap what came
 * before them rather than fall back to single octets. */
uint64_t bytes_hash(struct bytes view, uint64_t seed)
{
    uint64_t left = seed ^ (view.size * UINT64_C(0x9e3779b97f4a7c15));
    if (view.size < 8) {
        return mix(mix(left ^ load_short(view)) + UINT64_C(0x9e3779b97f4a7c15));
    }
    uint64_t right = ~left;
    const uint8_t *at = view.data;
    const uint8_t *end = view.data + view.size;
    for (; end - at > 16; at += 16) {
        left = mix(left ^ load_8(at));
        right = mix(right ^ load_8(at + 8));
    }
    left = mix(left ^ load_8(view.size < 16 ? at : end - 16));
    right = mix(right ^ load_8(end - 8));
    return mix(left + (right << 1 | right >> 63) + UINT64_C(0x9e3779b97f4a7c15));
}
