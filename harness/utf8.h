/* UTF-8, strictly (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef FAULTZONE_HARNESS_UTF8_H
#define FAULTZONE_HARNESS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define UTF8_INVALID UINT32_MAX

/* Reads the character at octet `at` (which must be inside `view`); returns its octets, at least 1.
 * What is no character is one octet long and UTF8_INVALID. */
size_t utf8_next(struct bytes view, size_t at, uint32_t *ret_code);

/* True for characters that may be shown on a terminal as they are: no controls, no line
 * separators, nothing that is invisible or turns the direction of writing. */
bool utf8_is_harmless(uint32_t code);

#endif
