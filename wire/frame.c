/* DNS messages on a TCP stream. The buffer holds a message's beginning, its prefix included; a
 * message that lies whole in a chunk never enters it. */
#include "wire/frame.h"

#include <assert.h>

#include "wire/message.h"
#include "wire/octets.h"

void frame_start(struct frame *frame, uint8_t *buffer, size_t capacity)
{
    assert(capacity >= FRAME_PREFIX_OCTETS + MESSAGE_HEADER_OCTETS);
    *frame = (struct frame){
        .buffer = buffer,
        .capacity = capacity < FRAME_OCTETS_MAX ? (uint32_t)capacity : FRAME_OCTETS_MAX,
        .broken = FRAME_MORE,
    };
}

/* What a length says about the stream; FRAME_MESSAGE if it is in order. */
static enum frame_outcome judge_length(const struct frame *frame, uint32_t length)
{
    if (length == 0) {
        return FRAME_EMPTY;
    }
    if (length < MESSAGE_HEADER_OCTETS) {
        return FRAME_SHORT;
    }
    return length + FRAME_PREFIX_OCTETS > frame->capacity ? FRAME_TOO_LONG : FRAME_MESSAGE;
}

static enum frame_outcome set_broken(struct frame *frame, enum frame_outcome outcome)
{
    frame->broken = outcome;
    frame->have = 0;
    return outcome;
}

/* Moves octets from the chunk until the buffer holds `want`; true if it does. */
static bool fill(struct frame *frame, struct bytes *chunk, uint32_t want)
{
    size_t size = want - frame->have;
    if (size > chunk->size) {
        size = chunk->size;
    }
    if (size > 0) {
        memcpy(frame->buffer + frame->have, chunk->data, size);
        frame->have += (uint32_t)size;
        *chunk = bytes_after(*chunk, size);
    }
    return frame->have == want;
}

/* Goes on with a message that began in an earlier chunk. */
static enum frame_outcome next_buffered(struct frame *frame, struct bytes *chunk, struct bytes *ret)
{
    if (frame->have < FRAME_PREFIX_OCTETS && !fill(frame, chunk, FRAME_PREFIX_OCTETS)) {
        return FRAME_MORE;
    }
    const uint32_t length = load_u16(frame->buffer);
    const enum frame_outcome outcome = judge_length(frame, length);
    if (outcome != FRAME_MESSAGE) {
        return set_broken(frame, outcome);
    }
    if (!fill(frame, chunk, FRAME_PREFIX_OCTETS + length)) {
        return FRAME_MORE;
    }
    *ret = bytes_of(frame->buffer + FRAME_PREFIX_OCTETS, length);
    frame->have = 0;
    return FRAME_MESSAGE;
}

enum frame_outcome frame_next(struct frame *frame, struct bytes *chunk, struct bytes *ret)
{
    if (frame->broken != FRAME_MORE) {
        return frame->broken;
    }
    if (frame->have > 0 || chunk->size < FRAME_PREFIX_OCTETS) {
        return next_buffered(frame, chunk, ret);
    }
    const uint32_t length = load_u16(chunk->data);
    if (judge_length(frame, length) != FRAME_MESSAGE ||
        length > chunk->size - FRAME_PREFIX_OCTETS) {
        return next_buffered(frame, chunk, ret);
    }
    *ret = bytes_of(chunk->data + FRAME_PREFIX_OCTETS, length);
    *chunk = bytes_after(*chunk, FRAME_PREFIX_OCTETS + length);
    return FRAME_MESSAGE;
}

bool frame_is_inside(const struct frame *frame)
{
    return frame->have > 0;
}

void frame_prefix(uint8_t ret[FRAME_PREFIX_OCTETS], size_t size)
{
    assert(size <= MESSAGE_OCTETS_MAX);
    store_u16(ret, (uint16_t)size);
}

const char *frame_outcome_name(enum frame_outcome outcome)
{
    switch (outcome) {
    case FRAME_MORE: return "more";
    case FRAME_MESSAGE: return "message";
    case FRAME_EMPTY: return "empty";
    case FRAME_SHORT: return "short";
    case FRAME_TOO_LONG: return "too-long";
    default: assert(false); return "";
    }
}
