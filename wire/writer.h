/* A sticky cursor for writing into the caller's buffer: after something did not fit nothing more is
 * written and `failed` says so. Numbers are in network order. */
#ifndef FAULTZONE_WIRE_WRITER_H
#define FAULTZONE_WIRE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct writer {
    uint8_t *data; /* borrowed */
    size_t capacity;
    size_t size;
    bool failed;
};

struct writer writer_in(uint8_t *buffer, size_t capacity);

void writer_u8(struct writer *writer, uint8_t value);
void writer_u16(struct writer *writer, uint16_t value);
void writer_u32(struct writer *writer, uint32_t value);
void writer_bytes(struct writer *writer, struct bytes octets);

/* A character-string of at most 255 octets; more is a failure. */
void writer_string(struct writer *writer, struct bytes octets);

/* What was written so far, borrowed. */
struct bytes writer_written(const struct writer *writer);

#endif
