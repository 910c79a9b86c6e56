#include "base/params.h"

const struct param *params_find(const struct params *params, const char *key)
{
    for (size_t i = 0; i < params->count; i++) {
        if (strcmp(params->items[i].spec->key, key) == 0) {
            return &params->items[i];
        }
    }
    return NULL;
}

uint64_t params_number(const struct params *params, const char *key, uint64_t fallback)
{
    const struct param *param = params_find(params, key);
    return param != NULL ? param->number : fallback;
}

/* Nanoseconds in one `unit`, 0 if there is no such unit. */
static uint64_t unit_size(struct bytes unit)
{
    static const struct {
        const char *name;
        uint64_t size;
    } units[] = {
        {"", NS_PER_S},         {"ns", 1},
        {"us", NS_PER_US},      {"ms", NS_PER_MS},
        {"s", NS_PER_S},        {"m", 60 * NS_PER_S},
        {"h", 3600 * NS_PER_S}, {"d", 86400 * NS_PER_S},
    };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (bytes_are(unit, units[i].name)) {
            return units[i].size;
        }
    }
    return 0;
}

static bool is_digit(struct bytes text, size_t at)
{
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

/* Adds the digits at the start of `number` to `*sum`, in units; `*ret_at` is where they end. */
static bool add_whole(struct bytes number, uint64_t unit, uint64_t *sum, size_t *ret_at)
{
    uint64_t whole = 0;
    size_t at = 0;
    for (; is_digit(number, at); at++) {
        whole = whole * 10 + (uint64_t)(number.data[at] - '0');
        if (whole > INT64_MAX / unit) {
            return false;
        }
    }
    *sum += whole * unit;
    *ret_at = at;
    return at > 0;
}

/* Adds the decimal digits from `at` to the end of `number`; false if there is none. */
static bool add_fraction(struct bytes number, size_t at, uint64_t unit, uint64_t *sum)
{
    const size_t start = at;
    for (; is_digit(number, at); at++) {
        unit /= 10;
        *sum += unit * (uint64_t)(number.data[at] - '0');
    }
    return at > start && at == number.size;
}

bool params_parse_duration(struct bytes text, duration_ns *ret)
{
    size_t end = 0;
    while (is_digit(text, end) || (end < text.size && text.data[end] == '.')) {
        end++;
    }
    const uint64_t unit = unit_size(bytes_after(text, end));
    const struct bytes number = bytes_of(text.data, end);
    uint64_t sum = 0;
    size_t at = 0;
    if (unit == 0 || !add_whole(number, unit, &sum, &at)) {
        return false;
    }
    if (at < end && !add_fraction(number, at + 1, unit, &sum)) {
        return false;
    }
    *ret = sum;
    return true;
}
