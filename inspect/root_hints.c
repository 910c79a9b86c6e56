/* The root's servers: https://www.internic.net/domain/named.root (IANA), as of 2024. */
#include "inspect/root_hints.h"

#define V6(a, b, c, d, e)                                                                          \
    {                                                                                              \
        ADDRESS_V6,                                                                                \
        {                                                                                          \
            (a) >> 8, (a)&255, (b) >> 8, (b)&255, (c) >> 8, (c)&255, 0, 0, 0, 0, 0, 0, (d) >> 8,   \
                (d)&255, (e) >> 8, (e)&255                                                         \
        }                                                                                          \
    }

/* clang-format off */
static const struct address hints[] = {
    {ADDRESS_V4, {198,  41,   0,   4}}, V6(0x2001, 0x0503, 0xba3e, 0x0002, 0x0030), /* a */
    {ADDRESS_V4, {170, 247, 170,   2}}, V6(0x2801, 0x01b8, 0x0010, 0x0000, 0x000b), /* b */
    {ADDRESS_V4, {192,  33,   4,  12}}, V6(0x2001, 0x0500, 0x0002, 0x0000, 0x000c), /* c */
    {ADDRESS_V4, {199,   7,  91,  13}}, V6(0x2001, 0x0500, 0x002d, 0x0000, 0x000d), /* d */
    {ADDRESS_V4, {192, 203, 230,  10}}, V6(0x2001, 0x0500, 0x00a8, 0x0000, 0x000e), /* e */
    {ADDRESS_V4, {192,   5,   5, 241}}, V6(0x2001, 0x0500, 0x002f, 0x0000, 0x000f), /* f */
    {ADDRESS_V4, {192, 112,  36,   4}}, V6(0x2001, 0x0500, 0x0012, 0x0000, 0x0d0d), /* g */
    {ADDRESS_V4, {198,  97, 190,  53}}, V6(0x2001, 0x0500, 0x0001, 0x0000, 0x0053), /* h */
    {ADDRESS_V4, {192,  36, 148,  17}}, V6(0x2001, 0x07fe, 0x0000, 0x0000, 0x0053), /* i */
    {ADDRESS_V4, {192,  58, 128,  30}}, V6(0x2001, 0x0503, 0x0c27, 0x0002, 0x0030), /* j */
    {ADDRESS_V4, {193,   0,  14, 129}}, V6(0x2001, 0x07fd, 0x0000, 0x0000, 0x0001), /* k */
    {ADDRESS_V4, {199,   7,  83,  42}}, V6(0x2001, 0x0500, 0x009f, 0x0000, 0x0042), /* l */
    {ADDRESS_V4, {202,  12,  27,  33}}, V6(0x2001, 0x0dc3, 0x0000, 0x0000, 0x0035), /* m */
};
/* clang-format on */

const struct address *root_hints(size_t *ret_count)
{
    *ret_count = sizeof hints / sizeof hints[0];
    return hints;
}

static bool is_blank(uint8_t octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r';
}

/* Takes the next word of a line off `*rest`; empty at the line's end. */
static struct bytes next_word(struct bytes *rest)
{
    while (rest->size > 0 && is_blank(rest->data[0])) {
        *rest = bytes_after(*rest, 1);
    }
    size_t size = 0;
    while (size < rest->size && !is_blank(rest->data[size]) && rest->data[size] != '\n') {
        size++;
    }
    const struct bytes word = bytes_of(rest->data, size);
    *rest = bytes_after(*rest, size);
    return word;
}

static void skip_line(struct bytes *rest)
{
    while (rest->size > 0 && rest->data[0] != '\n') {
        *rest = bytes_after(*rest, 1);
    }
    *rest = bytes_after(*rest, rest->size > 0 ? 1 : 0);
}

size_t root_hints_read(struct bytes text, struct address ret[ROOT_HINTS_MAX])
{
    size_t count = 0;
    while (text.size > 0 && count < ROOT_HINTS_MAX) {
        bool typed = false;
        struct bytes word = next_word(&text);
        for (; word.size > 0 && word.data[0] != ';'; word = next_word(&text)) {
            if (typed && address_parse(word, &ret[count])) {
                count++;
            }
            typed = bytes_are(word, "A") || bytes_are(word, "AAAA");
        }
        skip_line(&text);
    }
    return count;
}
