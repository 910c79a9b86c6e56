/* A strict base64 decoder (RFC 4648 4) that says where it stopped. Folding white space between
 * characters is skipped, as RFC 6376 2.8 and 3.2 allow inside a base64string. */
#ifndef FAULTZONE_MAIL_BASE64_H
#define FAULTZONE_MAIL_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum base64_fault {
    BASE64_FINE,
    BASE64_BAD_OCTET,     /* neither of the alphabet, nor "=", nor white space */
    BASE64_EARLY_PADDING, /* "=" as first or second character of a group of four, or a third "=" */
    BASE64_AFTER_PADDING, /* a character of the alphabet after "=" */
    BASE64_MISSING_PADDING, /* the text ends inside a group of four */
    BASE64_TRAILING_BITS,   /* the last character carries bits that belong to no octet */
    BASE64_NO_ROOM,         /* more octets than the caller has room for */
};

struct base64_result {
    enum base64_fault fault;
    size_t at;   /* offset of the offending character in the text; its size if it ended early */
    size_t size; /* octets decoded, up to the fault */
    bool bare_newline; /* some CR or LF was not part of a CRLF before a space or tab: skipped too,
                          though RFC 6376 2.8 does not call it folding white space */
};

/* Octets that any text of `text_size` characters can decode to at most. */
static inline size_t base64_size_max(size_t text_size)
{
    return text_size / 4 * 3 + 3;
}

/* Decodes `text` into `octets`, which has room for `capacity`. Empty text decodes to nothing. */
struct base64_result base64_decode(struct bytes text, uint8_t *octets, size_t capacity);

/* True for the 64 characters of the alphabet ("=" is not one of them). */
bool base64_is_alphabet(uint8_t octet);

/* A sentence on the fault without its place, static: "holds a character outside base64". */
const char *base64_fault_text(enum base64_fault fault);

#endif
