/* RFC 3492, section 6: the numbers and the two procedures. */
#include "inspect/punycode.h"

#include <stddef.h>
#include <string.h>

enum {
    BASE = 36,
    T_MIN = 1,
    T_MAX = 26,
    SKEW = 38,
    DAMP = 700,
    BIAS = 72,
    FIRST = 128,
    POINT_MAX = 0x10ffff,
};

/* A label as code points. */
struct points {
    uint32_t items[LABEL_OCTETS_MAX];
    size_t count;
};

static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / count;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE) {
        delta /= BASE - T_MIN;
    }
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
    return k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
}

/* --- UTF-8 --- */

static bool read_utf8(struct bytes label, struct points *ret)
{
    ret->count = 0;
    for (size_t i = 0; i < label.size;) {
        const uint8_t lead = label.data[i];
        const size_t more = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        uint32_t point = more == 0 ? lead : lead & (0x3fU >> more);
        if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || label.size - i <= more) {
            return false;
        }
        for (size_t j = 1; j <= more; j++) {
            if ((label.data[i + j] & 0xc0) != 0x80) {
                return false;
            }
            point = point << 6 | (label.data[i + j] & 0x3fU);
        }
        ret->items[ret->count++] = point;
        i += more + 1;
    }
    return true;
}

/* The octets of a code point; 0 if there is no room. */
static size_t write_utf8(uint32_t point, uint8_t *octets, size_t room)
{
    const size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (size > room) {
        return 0;
    }
    for (size_t i = size; i > 1; i--) {
        octets[i - 1] = (uint8_t)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    octets[0] = (uint8_t)(leads[size] | point);
    return size;
}

/* --- decoding --- */

static int digit_of(uint8_t octet)
{
    if (octet >= '0' && octet <= '9') {
        return octet - '0' + 26;
    }
    const uint8_t lower = octet | 0x20;
    return lower >= 'a' && lower <= 'z' ? lower - 'a' : -1;
}

static bool insert(struct points *points, uint32_t at, uint32_t point)
{
    if (points->count == LABEL_OCTETS_MAX || point > POINT_MAX) {
        return false;
    }
    memmove(&points->items[at + 1], &points->items[at],
            (points->count - at) * sizeof points->items[0]);
    points->items[at] = point;
    points->count++;
    return true;
}

/* Reads one number of variable length off `*rest` and adds it to `*i`. */
static bool read_number(struct bytes *rest, uint32_t bias, uint32_t *i)
{
    uint32_t weight = 1;
    for (uint32_t k = BASE;; k += BASE) {
        const int digit = rest->size == 0 ? -1 : digit_of(rest->data[0]);
        if (digit < 0 || (uint32_t)digit > (UINT32_MAX - *i) / weight) {
            return false;
        }
        *rest = bytes_after(*rest, 1);
        *i += (uint32_t)digit * weight;
        const uint32_t t = threshold(k, bias);
        if ((uint32_t)digit < t) {
            return true;
        }
        if (weight > UINT32_MAX / (BASE - t)) {
            return false;
        }
        weight *= BASE - t;
    }
}

/* Reads what stands behind "xn--". */
static bool decode(struct bytes text, struct points *ret)
{
    uint32_t n = FIRST;
    uint32_t i = 0;
    uint32_t bias = BIAS;
    size_t basic = text.size;
    ret->count = 0;
    while (basic > 0 && text.data[basic - 1] != '-') {
        basic--;
    }
    for (size_t at = 0; at + 1 < basic; at++) {
        ret->items[ret->count++] = text.data[at];
    }
    for (struct bytes rest = bytes_after(text, basic); rest.size > 0; i++) {
        const uint32_t before = i;
        if (!read_number(&rest, bias, &i)) {
            return false;
        }
        const uint32_t count = (uint32_t)ret->count + 1;
        bias = adapt(i - before, count, before == 0);
        n += i / count;
        i %= count;
        if (!insert(ret, i, n)) {
            return false;
        }
    }
    return true;
}

/* --- encoding --- */

static bool put(uint8_t *label, size_t *size, uint32_t octet)
{
    if (*size == LABEL_OCTETS_MAX) {
        return false;
    }
    label[(*size)++] = (uint8_t)octet;
    return true;
}

static uint32_t digit_char(uint32_t digit)
{
    return digit < 26 ? 'a' + digit : '0' + digit - 26;
}

static bool write_number(uint8_t *label, size_t *size, uint32_t number, uint32_t bias)
{
    uint32_t q = number;
    for (uint32_t k = BASE;; k += BASE) {
        const uint32_t t = threshold(k, bias);
        if (q < t) {
            return put(label, size, digit_char(q));
        }
        if (!put(label, size, digit_char(t + (q - t) % (BASE - t)))) {
            return false;
        }
        q = (q - t) / (BASE - t);
    }
}

static uint32_t least_from(const struct points *points, uint32_t n)
{
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < points->count; i++) {
        if (points->items[i] >= n && points->items[i] < least) {
            least = points->items[i];
        }
    }
    return least;
}

static bool encode(const struct points *points, uint8_t *label, size_t *size)
{
    uint32_t n = FIRST;
    uint32_t delta = 0;
    uint32_t bias = BIAS;
    uint32_t basic = 0;
    for (size_t i = 0; i < points->count; i++) {
        basic += points->items[i] < FIRST;
        if (points->items[i] < FIRST && !put(label, size, points->items[i])) {
            return false;
        }
    }
    if (basic > 0 && !put(label, size, '-')) {
        return false;
    }
    for (uint32_t done = basic; done < points->count; n++, delta++) {
        const uint32_t next = least_from(points, n);
        delta += (next - n) * (done + 1);
        n = next;
        for (size_t i = 0; i < points->count; i++) {
            delta += points->items[i] < n;
            if (points->items[i] != n) {
                continue;
            }
            if (!write_number(label, size, delta, bias)) {
                return false;
            }
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
    }
    return true;
}

/* --- names --- */

static bool has_prefix(struct bytes label)
{
    return label.size > 4 && (label.data[0] | 0x20) == 'x' && (label.data[1] | 0x20) == 'n' &&
           label.data[2] == '-' && label.data[3] == '-';
}

static bool is_ascii(struct bytes label)
{
    for (size_t i = 0; i < label.size; i++) {
        if (label.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* Turns one label; false if it cannot be. `changed` is set where it is another. */
static bool decode_label(struct bytes label, uint8_t *octets, size_t *size, bool *changed)
{
    struct points points;
    *size = label.size;
    memcpy(octets, label.data, label.size);
    if (!has_prefix(label)) {
        return true;
    }
    if (!decode(bytes_after(label, 4), &points)) {
        return false;
    }
    *size = 0;
    *changed = true;
    for (size_t i = 0; i < points.count; i++) {
        const size_t more = write_utf8(points.items[i], octets + *size, LABEL_OCTETS_MAX - *size);
        if (more == 0) {
            return false;
        }
        *size += more;
    }
    return *size > 0;
}

static bool encode_label(struct bytes label, uint8_t *octets, size_t *size, bool *changed)
{
    struct points points;
    *size = label.size;
    memcpy(octets, label.data, label.size);
    if (is_ascii(label)) {
        return true;
    }
    *size = 4;
    *changed = true;
    memcpy(octets, "xn--", 4);
    return read_utf8(label, &points) && encode(&points, octets, size);
}

static bool turn(const struct name *name,
                 bool (*turn_label)(struct bytes label, uint8_t *octets, size_t *size,
                                    bool *changed),
                 struct name *ret)
{
    struct name built;
    bool changed = false;
    name_copy(&built, name_root());
    for (uint8_t labels = 1; labels <= name->labels; labels++) {
        const struct bytes suffix = name_suffix_bytes(name, labels);
        uint8_t octets[LABEL_OCTETS_MAX];
        size_t size;
        struct name longer;
        if (!turn_label(bytes_of(suffix.data + 1, suffix.data[0]), octets, &size, &changed) ||
            !name_child(&built, bytes_of(octets, size), &longer)) {
            return false;
        }
        name_copy(&built, &longer);
    }
    if (changed) {
        name_copy(ret, &built);
    }
    return changed;
}

bool punycode_decode_name(const struct name *name, struct name *ret)
{
    return turn(name, decode_label, ret);
}

bool punycode_encode_name(const struct name *name, struct name *ret)
{
    return turn(name, encode_label, ret);
}
