/* DNS messages on a TCP stream (RFC 1035 4.2.2): a 16-bit length before each, cut into chunks
 * anywhere. A message that lies whole in a chunk is handed out in place; only one that does not is
 * put together in the caller's buffer. */
#ifndef FAULTZONE_WIRE_FRAME_H
#define FAULTZONE_WIRE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define FRAME_PREFIX_OCTETS 2
#define FRAME_OCTETS_MAX    (65535 + FRAME_PREFIX_OCTETS)

enum frame_outcome {
    FRAME_MORE,     /* all of the chunk is taken in, no message is complete */
    FRAME_MESSAGE,  /* here is one */
    FRAME_EMPTY,    /* length 0: the stream is broken */
    FRAME_SHORT,    /* length below 12: the stream is broken */
    FRAME_TOO_LONG, /* longer than the caller's buffer: the stream is broken */
};

struct frame {
    uint8_t *buffer;
    uint32_t capacity;
    uint32_t have;             /* octets in the buffer, prefix included */
    enum frame_outcome broken; /* FRAME_MORE while the stream is in order */
};

/* Starts at the beginning of a stream. `buffer` (borrowed) holds what is incomplete; with fewer
 * than FRAME_OCTETS_MAX octets, messages that would not fit break the stream. At least 14 octets.
 */
void frame_start(struct frame *frame, uint8_t *buffer, size_t capacity);

/* Takes octets off the front of `*chunk`; call again until FRAME_MORE or a broken stream. On
 * FRAME_MESSAGE `*ret` is the message without its prefix, in the chunk or in the buffer: valid
 * until the next call and while the chunk is. A broken stream stays broken. */
enum frame_outcome frame_next(struct frame *frame, struct bytes *chunk, struct bytes *ret);

/* True if the stream is inside a message: an end here cuts it. */
bool frame_is_inside(const struct frame *frame);

/* Writes the prefix of a message of `size` octets (at most 65535). */
void frame_prefix(uint8_t ret[FRAME_PREFIX_OCTETS], size_t size);

/* A word for an outcome: "short". Static. */
const char *frame_outcome_name(enum frame_outcome outcome);

#endif
