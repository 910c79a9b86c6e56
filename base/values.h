/* The words of a scenario file as values: numbers, durations, chances. */
#ifndef FAULTZONE_BASE_VALUES_H
#define FAULTZONE_BASE_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Each reads all of `text` into `ret`; on failure false, and `ret` stays as it was. */

/* "true" or "false", nothing else. */
bool value_bool(struct bytes text, uint64_t *ret);

/* Decimal digits; hexadecimal ones after "0x". */
bool value_integer(struct bytes text, uint64_t *ret);

/* One or more of <number><unit>, largest unit first or not ("1h30m", "300ms", "0.5s"), units d, h,
 * m, s, ms, us, ns; a bare number is seconds. Nanoseconds; at most about 68 years. */
bool value_duration(struct bytes text, uint64_t *ret);

/* A chance in parts per million: "20%", "0.2", "1". */
bool value_chance(struct bytes text, uint64_t *ret);

/* A TTL in seconds as zone files write it: "300", "1h30m", "2w"; at most 2^31 - 1 (RFC 2181 8). */
bool value_ttl(struct bytes text, uint32_t *ret);

/* The value of a hexadecimal digit, -1 for anything else. */
int value_hex_digit(uint8_t octet);

/* An even number of hexadecimal digits, at least two, as at most `capacity` octets in `ret`. */
bool value_hex(struct bytes text, size_t capacity, uint8_t *ret, size_t *ret_size);

#endif
