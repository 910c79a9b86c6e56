/* Characters put one after another into the caller's buffer. Sticky: once it is full nothing more
 * is added, and `overflow` says so. The buffer always ends in a NUL. */
#ifndef FAULTZONE_BASE_TEXT_H
#define FAULTZONE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct text {
    char *data;
    size_t capacity; /* octets, the final NUL included; at least 1 */
    size_t size;     /* octets written, without the NUL */
    bool overflow;
};

/* Starts an empty text in `capacity` octets at `buffer`, which must outlive it. */
struct text text_in(char *buffer, size_t capacity);

void text_put(struct text *text, const char *string);
void text_put_char(struct text *text, char character);
void text_put_bytes(struct text *text, struct bytes view); /* unescaped: only for trusted octets */
void text_put_number(struct text *text, uint64_t number);
void text_put_hex(struct text *text, struct bytes view); /* lower case, two digits an octet */

/* Octets for a human: printable ASCII as it is, '"' and '\' behind a backslash, all else as \DDD
 * (three decimal digits, RFC 1035 5.1). */
void text_put_escaped(struct text *text, struct bytes view);

/* printf's formats, without any that depend on the locale. */
__attribute__((format(printf, 2, 3))) void text_put_format(struct text *text, const char *format,
                                                           ...);

#endif
