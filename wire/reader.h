/* A sticky cursor for reading: take ten fields in ten lines, test `failed` once. After a failure
 * every read gives zeros and the cursor stays. Numbers are in network order. */
#ifndef FAULTZONE_WIRE_READER_H
#define FAULTZONE_WIRE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct reader {
    const uint8_t *data; /* borrowed */
    size_t size;
    size_t at;
    bool failed; /* a read wanted more than was left */
};

struct reader reader_of(struct bytes octets);

/* Octets left. */
static inline size_t reader_left(const struct reader *reader)
{
    return reader->size - reader->at;
}

uint8_t reader_u8(struct reader *reader);
uint16_t reader_u16(struct reader *reader);
uint32_t reader_u32(struct reader *reader);
uint64_t reader_u48(struct reader *reader);

/* The next `size` octets, borrowed; nothing after a failure. */
struct bytes reader_bytes(struct reader *reader, size_t size);

/* A character-string (RFC 1035 3.3): a length octet and that many octets. */
struct bytes reader_string(struct reader *reader);

/* All that is left. */
struct bytes reader_rest(struct reader *reader);

#endif
