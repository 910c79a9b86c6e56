/* Numbers in and out of octets, and eight octets at a time: small and inlined, for this floor's
 * hot paths. */
#ifndef FAULTZONE_WIRE_OCTETS_H
#define FAULTZONE_WIRE_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OCTETS_ONES UINT64_C(0x0101010101010101)

static inline uint16_t load_u16(const uint8_t *octets)
{
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

static inline uint32_t load_u32(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
           octets[3];
}

static inline void store_u16(uint8_t *octets, uint16_t value)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap16(value);
#endif
    memcpy(octets, &value, sizeof value);
}

static inline void store_u32(uint8_t *octets, uint32_t value)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    memcpy(octets, &value, sizeof value);
}

/* Eight octets, the first one lowest: the same value on machines of either byte order. */
static inline uint64_t load_word(const uint8_t *octets)
{
    uint64_t word;
    memcpy(&word, octets, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Four octets in the same manner. */
static inline uint32_t load_half(const uint8_t *octets)
{
    uint32_t half;
    memcpy(&half, octets, sizeof half);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    half = __builtin_bswap32(half);
#endif
    return half;
}

/* One to eight octets in one word, different for different octets of the same `size`. Reads nothing
 * outside them. */
static inline uint64_t load_few(const uint8_t *octets, size_t size)
{
    if (size >= 4) {
        return (uint64_t)load_half(octets) << 32 | load_half(octets + size - 4);
    }
    return (uint64_t)octets[0] << 16 | (uint64_t)octets[size / 2] << 8 | octets[size - 1];
}

/* True if two runs of `size` octets, at least 1, are the same. For sizes known to be small: labels
 * and names. */
static inline bool octets_same(const uint8_t *a, const uint8_t *b, size_t size)
{
    if (size < 8) {
        return load_few(a, size) == load_few(b, size);
    }
    for (size_t at = 0; at + 8 < size; at += 8) {
        if (load_word(a + at) != load_word(b + at)) {
            return false;
        }
    }
    return load_word(a + size - 8) == load_word(b + size - 8);
}

/* Copies `size` octets, quickly if they are few. */
static inline void octets_copy(uint8_t *to, const uint8_t *from, size_t size)
{
    uint64_t first, last;
    if (size > 16) {
        memcpy(to, from, size);
    } else if (size >= 8) {
        memcpy(&first, from, 8);
        memcpy(&last, from + size - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + size - 8, &last, 8);
    } else if (size >= 4) {
        uint32_t head, tail;
        memcpy(&head, from, 4);
        memcpy(&tail, from + size - 4, 4);
        memcpy(to, &head, 4);
        memcpy(to + size - 4, &tail, 4);
    } else {
        for (size_t i = 0; i < size; i++) {
            to[i] = from[i];
        }
    }
}

/* Lower-cases the ASCII letters among eight octets. */
static inline uint64_t lower_word(uint64_t word)
{
    const uint64_t low = word & (OCTETS_ONES * 0x7f);
    const uint64_t from_a = low + OCTETS_ONES * (0x80 - 'A');
    const uint64_t above_z = low + OCTETS_ONES * (0x7f - 'Z');
    const uint64_t upper = (from_a ^ above_z) & ~word & (OCTETS_ONES * 0x80);
    return word | upper >> 2;
}

/* True if both are the same but for the case of ASCII letters. Most pairs that are not differ in
 * more than one bit's place, and most that are the same are so as they stand. */
static inline bool same_folded(uint64_t a, uint64_t b)
{
    const uint64_t difference = a ^ b;
    return difference == 0 ||
           ((difference & ~(OCTETS_ONES * 0x20)) == 0 && lower_word(a) == lower_word(b));
}

static inline uint8_t lower_octet(uint8_t octet)
{
    return (uint8_t)(octet - 'A') < 26 ? (uint8_t)(octet | 0x20) : octet;
}

/* Stirs `word` into `state`. */
static inline uint64_t hash_step(uint64_t state, uint64_t word)
{
    state = (state ^ word) * UINT64_C(0xd6e8feb86659fd93);
    return state ^ state >> 32;
}

#endif
