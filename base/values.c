/* Reading scalars. Everything is unsigned, bounded, and independent of the locale. */
#include "base/values.h"

#include "base/instant.h"
#include "base/rng.h"

#define DURATION_NS_MAX (UINT64_C(1) << 61)
#define TTL_MAX         UINT32_C(0x7fffffff)

bool value_bool(struct bytes text, uint64_t *ret)
{
    if (!bytes_are(text, "true") && !bytes_are(text, "false")) {
        return false;
    }
    *ret = bytes_are(text, "true");
    return true;
}

static bool is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

/* Takes decimal digits off `*rest`; false if there is none or the number does not fit. */
static bool take_number(struct bytes *rest, uint64_t *ret)
{
    uint64_t number = 0;
    size_t digits = 0;
    for (; digits < rest->size && is_digit(rest->data[digits]); digits++) {
        const uint64_t digit = (uint64_t)(rest->data[digits] - '0');
        if (number > (UINT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *rest = bytes_after(*rest, digits);
    *ret = number;
    return digits > 0;
}

int value_hex_digit(uint8_t octet)
{
    if (is_digit(octet)) {
        return octet - '0';
    }
    const uint8_t lower = octet | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool read_hex(struct bytes digits, uint64_t *ret)
{
    uint64_t number = 0;
    if (digits.size == 0 || digits.size > 16) {
        return false;
    }
    for (size_t i = 0; i < digits.size; i++) {
        const int digit = value_hex_digit(digits.data[i]);
        if (digit < 0) {
            return false;
        }
        number = number << 4 | (uint64_t)digit;
    }
    *ret = number;
    return true;
}

bool value_integer(struct bytes text, uint64_t *ret)
{
    if (text.size > 2 && text.data[0] == '0' && text.data[1] == 'x') {
        return read_hex(bytes_after(text, 2), ret);
    }
    struct bytes rest = text;
    uint64_t number;
    if (!take_number(&rest, &number) || rest.size > 0) {
        return false;
    }
    *ret = number;
    return true;
}

/* Takes "<digits>[.<digits>]" off `*rest`, as parts of `one` (a power of ten times anything):
 * "0.5" of 1000 is 500. Digits beyond what `one` can express are refused. */
static bool take_decimal(struct bytes *rest, uint64_t one, uint64_t *ret)
{
    uint64_t whole;
    if (!take_number(rest, &whole) || whole > UINT64_MAX / 2 / one) {
        return false;
    }
    uint64_t sum = whole * one;
    if (rest->size > 0 && rest->data[0] == '.') {
        *rest = bytes_after(*rest, 1);
        uint64_t part = one;
        size_t digits = 0;
        for (; digits < rest->size && is_digit(rest->data[digits]); digits++) {
            if (part % 10 != 0) {
                return false;
            }
            part /= 10;
            sum += part * (uint64_t)(rest->data[digits] - '0');
        }
        *rest = bytes_after(*rest, digits);
        if (digits == 0) {
            return false;
        }
    }
    *ret = sum;
    return true;
}

static const struct unit {
    const char *name; /* those that begin alike: longest first */
    uint64_t ns;
} units[] = {
    {"ms", NS_PER_MS},      {"us", NS_PER_US},    {"ns", 1},       {"d", 86400 * NS_PER_S},
    {"h", 3600 * NS_PER_S}, {"m", 60 * NS_PER_S}, {"s", NS_PER_S},
};

/* The unit at the start of `text`, NULL if there is none. */
static const struct unit *find_unit(struct bytes text)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const struct bytes name = bytes_of_string(units[i].name);
        if (text.size >= name.size && bytes_equal(bytes_of(text.data, name.size), name)) {
            return &units[i];
        }
    }
    return NULL;
}

/* The unit that follows a decimal at the start of `text`; seconds if nothing does. */
static const struct unit *unit_after_decimal(struct bytes text)
{
    size_t at = 0;
    while (at < text.size && (is_digit(text.data[at]) || text.data[at] == '.')) {
        at++;
    }
    return at == text.size ? &units[6] : find_unit(bytes_after(text, at));
}

bool value_duration(struct bytes text, uint64_t *ret)
{
    struct bytes rest = text;
    uint64_t sum = 0;
    do {
        const struct unit *unit = unit_after_decimal(rest);
        const bool bare = rest.size == text.size; /* only a lone number may lack its unit */
        uint64_t part;
        if (unit == NULL || !take_decimal(&rest, unit->ns, &part) || part > DURATION_NS_MAX) {
            return false;
        }
        if (rest.size == 0 && !bare) {
            return false;
        }
        rest = rest.size > 0 ? bytes_after(rest, strlen(unit->name)) : rest;
        sum += part;
        if (sum > DURATION_NS_MAX) {
            return false;
        }
    } while (rest.size > 0);
    *ret = sum;
    return true;
}

bool value_chance(struct bytes text, uint64_t *ret)
{
    struct bytes rest = text;
    const bool percent = text.size > 0 && text.data[text.size - 1] == '%';
    rest.size -= percent ? 1 : 0;
    uint64_t parts;
    if (!take_decimal(&rest, percent ? CHANCE_ALWAYS / 100 : CHANCE_ALWAYS, &parts) ||
        rest.size > 0 || parts > CHANCE_ALWAYS) {
        return false;
    }
    *ret = parts;
    return true;
}

static uint64_t ttl_unit(uint8_t octet)
{
    switch (octet | 0x20) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    case 'w': return UINT64_C(7) * 86400;
    default: return 0;
    }
}

bool value_ttl(struct bytes text, uint32_t *ret)
{
    struct bytes rest = text;
    uint64_t sum = 0;
    do {
        const bool bare = rest.size == text.size;
        uint64_t number;
        if (!take_number(&rest, &number) || number > TTL_MAX) {
            return false;
        }
        if (rest.size == 0) {
            sum += bare ? number : UINT64_MAX / 2;
        } else {
            const uint64_t unit = ttl_unit(rest.data[0]);
            sum += unit > 0 ? number * unit : UINT64_MAX / 2;
            rest = bytes_after(rest, 1);
        }
    } while (rest.size > 0 && sum <= TTL_MAX);
    if (sum > TTL_MAX) {
        return false;
    }
    *ret = (uint32_t)sum;
    return true;
}

bool value_hex(struct bytes text, size_t capacity, uint8_t *ret, size_t *ret_size)
{
    if (text.size == 0 || text.size % 2 != 0 || text.size / 2 > capacity) {
        return false;
    }
    for (size_t i = 0; i < text.size; i += 2) {
        const int high = value_hex_digit(text.data[i]);
        const int low = value_hex_digit(text.data[i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        ret[i / 2] = (uint8_t)(high * 16 + low);
    }
    *ret_size = text.size / 2;
    return true;
}
