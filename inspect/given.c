#include "inspect/given.h"

#include <string.h>

#include "inspect/punycode.h"
#include "wire/octets.h"

#define NO_LOWER_CASE                                                                              \
    "it has letters that are not written in one way only; give it in the DNS's own form, "         \
    "xn--..., as your registrar shows it"

static bool is_blank(uint8_t octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static struct bytes trimmed(struct bytes text)
{
    while (text.size > 0 && is_blank(text.data[0])) {
        text = bytes_after(text, 1);
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

/* --- letters beyond ASCII --- */

enum lower {
    AS_IT_IS,
    PLUS_32,
    PLUS_80,
    EVEN_PLUS_1, /* capitals are even, each before its small letter */
    ODD_PLUS_1,
};

/* Letters that RFC 5892 allows (PVALID), with their capitals. Left out is what needs more than its
 * small letter: combining marks, which would have to be composed, and the four letters that older
 * IDNA took for others (ss for U+00DF; U+03C2). */
static const struct letters {
    uint32_t first, last;
    enum lower lower;
} letters[] = {
    {0x00c0, 0x00d6, PLUS_32},     {0x00d8, 0x00de, PLUS_32},     {0x00e0, 0x00f6, AS_IT_IS},
    {0x00f8, 0x00ff, AS_IT_IS},    {0x0100, 0x012f, EVEN_PLUS_1}, {0x0131, 0x0131, AS_IT_IS},
    {0x0134, 0x0137, EVEN_PLUS_1}, {0x0139, 0x013e, ODD_PLUS_1},  {0x0141, 0x0148, ODD_PLUS_1},
    {0x014a, 0x0177, EVEN_PLUS_1}, {0x0179, 0x017e, ODD_PLUS_1},  {0x0218, 0x021b, EVEN_PLUS_1},
    {0x0391, 0x03a1, PLUS_32},     {0x03a3, 0x03ab, PLUS_32},     {0x03ac, 0x03c1, AS_IT_IS},
    {0x03c3, 0x03ce, AS_IT_IS},    {0x0400, 0x040f, PLUS_80},     {0x0410, 0x042f, PLUS_32},
    {0x0430, 0x045f, AS_IT_IS},    {0x0490, 0x0491, EVEN_PLUS_1}, {0x05d0, 0x05ea, AS_IT_IS},
    {0x0621, 0x063a, AS_IT_IS},    {0x0641, 0x064a, AS_IT_IS},    {0x0e01, 0x0e32, AS_IT_IS},
    {0x0e34, 0x0e3a, AS_IT_IS},    {0x0e40, 0x0e4e, AS_IT_IS},    {0x10d0, 0x10fa, AS_IT_IS},
    {0x1ea0, 0x1ef9, EVEN_PLUS_1}, {0x3005, 0x3005, AS_IT_IS},    {0x3041, 0x3096, AS_IT_IS},
    {0x30a1, 0x30fa, AS_IT_IS},    {0x30fc, 0x30fc, AS_IT_IS},    {0x4e00, 0x9fff, AS_IT_IS},
    {0xac00, 0xd7a3, AS_IT_IS},
};

/* The small letter; 0 if that is not simple. All have as many octets as their capitals. */
static uint32_t lower_point(uint32_t point)
{
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        if (point < letters[i].first || point > letters[i].last) {
            continue;
        }
        switch (letters[i].lower) {
        case AS_IT_IS: return point;
        case PLUS_32: return point + 32;
        case PLUS_80: return point + 80;
        case EVEN_PLUS_1: return point + (point % 2 == 0);
        case ODD_PLUS_1: return point + (point % 2 == 1);
        }
    }
    return 0;
}

/* Makes the letter of two or three octets at `octets` small; its octets, 0 if that is not simple.
 */
static size_t lower_letter(uint8_t *octets, size_t size)
{
    const size_t count = octets[0] >= 0xe0 ? 3 : 2;
    uint32_t point = octets[0] & (count == 3 ? 0x0fU : 0x1fU);
    if (octets[0] < 0xc2 || octets[0] > 0xef || count > size) {
        return 0;
    }
    for (size_t i = 1; i < count; i++) {
        if ((octets[i] & 0xc0) != 0x80) {
            return 0;
        }
        point = point << 6 | (octets[i] & 0x3fU);
    }
    point = lower_point(point);
    for (size_t i = count; i > 1; i--) {
        octets[i - 1] = (uint8_t)(0x80 | (point >> 6 * (count - i) & 0x3f));
    }
    octets[0] = (uint8_t)((count == 3 ? 0xe0 : 0xc0) | point >> 6 * (count - 1));
    return point != 0 ? count : 0;
}

static bool lower_text(uint8_t *octets, size_t size)
{
    for (size_t i = 0; i < size;) {
        const size_t more = octets[i] < 0x80 ? 1 : lower_letter(octets + i, size - i);
        octets[i] = lower_octet(octets[i]);
        if (more == 0) {
            return false;
        }
        i += more;
    }
    return true;
}

static bool is_ascii(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static bool read_letters(struct bytes text, const struct name *origin, struct name *ret,
                         const char **reterr)
{
    uint8_t lower[NAME_TEXT_MAX];
    struct name raw;
    if (is_ascii(text)) {
        return name_parse_text(text, origin, ret, reterr);
    }
    *reterr = NO_LOWER_CASE;
    if (text.size > sizeof lower) {
        *reterr = "the name is longer than 255 octets";
        return false;
    }
    memcpy(lower, text.data, text.size);
    return lower_text(lower, text.size) &&
           name_parse_text(bytes_of(lower, text.size), origin, &raw, reterr) &&
           punycode_encode_name(&raw, ret);
}

/* --- what is no name --- */

static bool is_of_names(uint8_t octet)
{
    const uint8_t lower = lower_octet(octet);
    return (lower >= 'a' && lower <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' ||
           octet == '_' || octet == '.' || octet == '*' || octet >= 0x80;
}

static bool has(struct bytes text, const char *octets)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '\0' && strchr(octets, text.data[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Why `text` cannot be a name; NULL if nothing speaks against it. */
static const char *complaint(struct bytes text)
{
    size_t at = 0;
    while (at < text.size && (is_of_names(text.data[at]) || text.data[at] == '\\')) {
        at += text.data[at] == '\\' ? 2 : 1; /* with whatever is escaped */
    }
    if (at >= text.size || bytes_are(text, "@")) {
        return NULL;
    }
    return has(text, "/")      ? "it is a URL or a path"
           : has(text, "@")    ? "it is an e-mail address"
           : has(text, ":")    ? "there is a colon in it"
           : has(text, " \t")  ? "there is a blank in it"
           : has(text, "\"'<") ? "there are quotes around it"
                               : "a character in it is none of a name's";
}

static struct bytes until(struct bytes text, const char *octets)
{
    size_t size = 0;
    while (size < text.size && text.data[size] != '\0' && strchr(octets, text.data[size]) == NULL) {
        size++;
    }
    return bytes_of(text.data, size);
}

/* The host of a URL or an address, where it is a name of two labels at least. */
static void guess(struct bytes text, struct name *ret)
{
    const char *why;
    ret->size = 0;
    while (text.size > 0 && !is_of_names(text.data[0])) {
        text = bytes_after(text, 1);
    }
    for (size_t i = 0; i + 3 <= text.size; i++) {
        if (memcmp(text.data + i, "://", 3) == 0) {
            text = bytes_after(text, i + 3);
            break;
        }
    }
    text = until(text, "/?#,; \t\"'>\\");
    for (size_t i = text.size; i > 0; i--) {
        if (text.data[i - 1] == '@') {
            text = bytes_after(text, i);
            break;
        }
    }
    text = until(text, ":");
    if (complaint(text) != NULL || !read_letters(text, NULL, ret, &why) || ret->labels < 2) {
        ret->size = 0;
    }
}

bool given_name_read(struct bytes text, const struct name *origin, struct name *ret,
                     struct given_fault *reterr)
{
    const char *why = complaint(text);
    if (why == NULL && read_letters(text, origin, ret, &why)) {
        return true;
    }
    reterr->why = why;
    reterr->meant.size = 0;
    if (complaint(text) != NULL) {
        guess(text, &reterr->meant);
    }
    return false;
}

void given_name_put(struct text *text, const struct name *name)
{
    char buffer[NAME_TEXT_MAX];
    struct text shown = text_in(buffer, sizeof buffer);
    name_put(&shown, name);
    text_put_bytes(text, bytes_of(buffer, shown.size - (name->labels > 0)));
}

void given_fault_put(struct text *text, const struct given_fault *fault)
{
    text_put(text, fault->why);
    if (fault->meant.size > 0) {
        text_put(text, "; did you mean ");
        given_name_put(text, &fault->meant);
        text_put_char(text, '?');
    }
}

/* --- texts --- */

/* One octet at `*at` of a quoted string, escaped or not (RFC 1035 5.1). */
static uint8_t read_octet(struct bytes text, size_t *at)
{
    uint32_t number = 0;
    size_t digits = 0;
    if (text.data[*at] != '\\' || *at + 1 == text.size) {
        return text.data[(*at)++];
    }
    for (; digits < 3 && *at + 1 + digits < text.size; digits++) {
        const uint8_t digit = text.data[*at + 1 + digits];
        if (digit < '0' || digit > '9') {
            break;
        }
        number = number * 10 + (digit - '0');
    }
    if (digits == 3 && number <= UINT8_MAX) {
        *at += 4;
        return (uint8_t)number;
    }
    *at += 2;
    return text.data[*at - 1];
}

/* Appends the string that begins at `*at`; false if it has no end. */
static bool join_string(struct bytes text, size_t *at, uint8_t *joined, size_t *size)
{
    for (++*at; *at < text.size && text.data[*at] != '"';) {
        joined[(*size)++] = read_octet(text, at);
    }
    return (*at)++ < text.size;
}

bool given_text_read(struct bytes text, struct arena *arena, struct bytes *ret, const char **reterr)
{
    const struct bytes strings = trimmed(text);
    size_t size = 0;
    if (strings.size == 0 || (strings.data[0] != '"' && strings.data[0] != '(')) {
        *ret = text;
        return true;
    }
    uint8_t *joined = arena_alloc(arena, strings.size);
    *reterr = "out of memory";
    for (size_t at = 0; joined != NULL && at < strings.size;) {
        const uint8_t octet = strings.data[at];
        if (octet == ';') {
            break; /* a comment follows */
        }
        if (octet != '"' && octet != '(' && octet != ')' && !is_blank(octet)) {
            *reterr =
                "something stands behind its closing quote; put all of it into quotes, or none";
            return false;
        }
        if (octet == '"' && !join_string(strings, &at, joined, &size)) {
            *reterr = "its closing quote is missing";
            return false;
        }
        at += octet != '"';
    }
    if (joined != NULL) {
        *ret = bytes_of(joined, size);
    }
    return joined != NULL;
}
