/* Base64, strictly. Four characters are taken at once while they are plain; the slow path sees
 * white space, padding and faults. */
#include "mail/base64.h"

#define OTHER 255 /* not a character of the alphabet */

/* Values + 1, so that what is not written is 0: OTHER. */
static const uint8_t values_plus_one[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

struct decoder {
    struct bytes text;
    size_t at;
    uint8_t *octets;
    size_t capacity;
    uint32_t group;   /* the bits of the group under way */
    unsigned filled;  /* its characters of the alphabet, 0 to 3 */
    unsigned padding; /* "=" seen */
    size_t last;      /* offset of the last character of the alphabet */
    struct base64_result result;
};

static unsigned value_of(uint8_t octet)
{
    return values_plus_one[octet] == 0 ? OTHER : values_plus_one[octet] - 1U;
}

bool base64_is_alphabet(uint8_t octet)
{
    return values_plus_one[octet] != 0;
}

static bool stop(struct decoder *decoder, enum base64_fault fault, size_t at)
{
    decoder->result.fault = fault;
    decoder->result.at = at;
    return false;
}

/* Hands out `count` octets, the highest of `bits`' 24 first. */
static bool put(struct decoder *decoder, uint32_t bits, unsigned count)
{
    if (decoder->capacity - decoder->result.size < count) {
        return stop(decoder, BASE64_NO_ROOM, decoder->at);
    }
    for (unsigned i = 0; i < count; i++) {
        decoder->octets[decoder->result.size++] = (uint8_t)(bits >> (16 - 8 * i));
    }
    return true;
}

/* Takes whole groups as long as nothing but the alphabet comes. */
static bool take_groups(struct decoder *decoder)
{
    const uint8_t *text = decoder->text.data;
    while (decoder->text.size - decoder->at >= 4) {
        const uint8_t *four = text + decoder->at;
        const unsigned a = value_of(four[0]);
        const unsigned b = value_of(four[1]);
        const unsigned c = value_of(four[2]);
        const unsigned d = value_of(four[3]);
        if ((a | b | c | d) > 63) {
            return true;
        }
        if (!put(decoder, a << 18 | b << 12 | c << 6 | d, 3)) {
            return false;
        }
        decoder->at += 4;
    }
    return true;
}

/* Folding white space is [*WSP CRLF] 1*WSP (RFC 5322 3.2.2 as RFC 6376 2.8 takes it over). */
static void take_space(struct decoder *decoder)
{
    const struct bytes text = decoder->text;
    const size_t at = decoder->at++;
    if (text.data[at] == ' ' || text.data[at] == '\t') {
        return;
    }
    if (text.data[at] == '\r' && at + 2 < text.size && text.data[at + 1] == '\n' &&
        (text.data[at + 2] == ' ' || text.data[at + 2] == '\t')) {
        decoder->at = at + 3;
        return;
    }
    decoder->result.bare_newline = true;
}

static bool take_character(struct decoder *decoder, unsigned value)
{
    if (decoder->padding > 0) {
        return stop(decoder, BASE64_AFTER_PADDING, decoder->at);
    }
    decoder->last = decoder->at;
    decoder->group = decoder->group << 6 | value;
    if (++decoder->filled == 4) {
        if (!put(decoder, decoder->group, 3)) {
            return false;
        }
        decoder->group = 0;
        decoder->filled = 0;
    }
    decoder->at++;
    return true;
}

static bool take_padding(struct decoder *decoder)
{
    if (decoder->filled < 2 || decoder->filled + decoder->padding == 4) {
        return stop(decoder, BASE64_EARLY_PADDING, decoder->at);
    }
    decoder->padding++;
    decoder->at++;
    return true;
}

static bool take_one(struct decoder *decoder)
{
    const uint8_t octet = decoder->text.data[decoder->at];
    const unsigned value = value_of(octet);
    if (value != OTHER) {
        return take_character(decoder, value);
    }
    switch (octet) {
    case '=': return take_padding(decoder);
    case ' ':
    case '\t':
    case '\r':
    case '\n': take_space(decoder); return true;
    default: return stop(decoder, BASE64_BAD_OCTET, decoder->at);
    }
}

/* The octets of a last, incomplete group. */
static void finish(struct decoder *decoder)
{
    if (decoder->filled == 0) {
        return;
    }
    const uint32_t bits = decoder->group << (6 * (4 - decoder->filled));
    const unsigned whole = decoder->filled - 1;
    if (!put(decoder, bits, whole)) {
        return;
    }
    if (decoder->filled + decoder->padding != 4) {
        stop(decoder, BASE64_MISSING_PADDING, decoder->text.size);
    } else if ((bits & (0xffffffU >> (8 * whole))) != 0) {
        stop(decoder, BASE64_TRAILING_BITS, decoder->last);
    }
}

struct base64_result base64_decode(struct bytes text, uint8_t *octets, size_t capacity)
{
    struct decoder decoder = {.text = text, .octets = octets, .capacity = capacity};
    while (decoder.at < text.size) {
        if (decoder.filled == 0 && !take_groups(&decoder)) {
            return decoder.result;
        }
        if (decoder.at < text.size && !take_one(&decoder)) {
            return decoder.result;
        }
    }
    finish(&decoder);
    return decoder.result;
}

const char *base64_fault_text(enum base64_fault fault)
{
    switch (fault) {
    case BASE64_FINE: return "is well-formed base64";
    case BASE64_BAD_OCTET: return "holds a character outside base64";
    case BASE64_EARLY_PADDING: return "holds \"=\" where base64 has no padding";
    case BASE64_AFTER_PADDING: return "goes on after its base64 padding";
    case BASE64_MISSING_PADDING: return "ends inside a group of four base64 characters";
    case BASE64_TRAILING_BITS:
        return "ends in a base64 character with bits that belong to no octet";
    case BASE64_NO_ROOM: return "is longer than any key";
    }
    return "";
}
