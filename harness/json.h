/* A small streaming JSON writer (RFC 8259). Whatever strings hold, the output is valid UTF-8:
 * octets that are not become U+FFFD. Reading is Jansson's (control.c); its names json_object,
 * json_array and json_string are not ours to give. */
#ifndef FAULTZONE_HARNESS_JSON_H
#define FAULTZONE_HARNESS_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bytes.h"

#define JSON_DEPTH_MAX 16

struct json {
    FILE *file; /* borrowed */
    bool compact;
    unsigned depth;
    bool filled[JSON_DEPTH_MAX + 1]; /* the container at this depth has a member */
    char closers[JSON_DEPTH_MAX];
};

/* Writes to `file`; `compact` puts everything on one line. */
struct json json_to(FILE *file, bool compact);

/* In all that follows `key` names a member of an object and is NULL in an array and at the top. */
void json_begin_object(struct json *json, const char *key);
void json_begin_array(struct json *json, const char *key);
void json_end(struct json *json); /* of the innermost object or array; a newline after the last */

void json_put_string(struct json *json, const char *key, const char *value); /* NULL writes null */
void json_bytes(struct json *json, const char *key, struct bytes value);
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);

/* A 64-bit number as a string of 16 hex digits: JSON readers keep only 53 bits of a number. */
void json_hex(struct json *json, const char *key, uint64_t value);

#endif
