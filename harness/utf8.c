/* Reading UTF-8 one character at a time. */
#include "harness/utf8.h"

static size_t sequence_size(uint8_t lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        return 2;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
        return 3;
    }
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* True if a sequence of `size` octets is the right one for `code`. */
static bool is_shortest(uint32_t code, size_t size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code >= least[size] && code <= 0x10ffff && !surrogate;
}

size_t utf8_next(struct bytes view, size_t at, uint32_t *ret_code)
{
    const uint8_t lead = view.data[at];
    const size_t size = sequence_size(lead);
    *ret_code = UTF8_INVALID;
    if (size == 0 || size > view.size - at) {
        return 1;
    }
    uint32_t code = size == 1 ? lead : lead & (0x7fU >> size);
    for (size_t i = 1; i < size; i++) {
        const uint8_t octet = view.data[at + i];
        if ((octet & 0xc0) != 0x80) {
            return 1;
        }
        code = code << 6 | (octet & 0x3fU);
    }
    if (!is_shortest(code, size)) {
        return 1;
    }
    *ret_code = code;
    return size;
}

bool utf8_is_harmless(uint32_t code)
{
    if (code == UTF8_INVALID || code < 0x20 || (code >= 0x7f && code < 0xa0)) {
        return false;
    }
    const bool invisible = code >= 0x200b && code <= 0x200f;
    const bool turning = (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f);
    return !invisible && !turning && code != 0xfeff && code != 0xad && code < 0xe0000;
}
