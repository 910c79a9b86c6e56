/* A TCP stream in chunks. The first octet gives the room, the next ones the sizes of chunks, the
 * rest is the stream. What must hold: however it is cut, the same messages come out, and the stream
 * breaks at the same place for the same reason. */
#include <assert.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "wire/frame.h"

#define CUTS 8

/* What came of a stream. */
struct outcome {
    enum frame_outcome end;
    size_t messages;
    uint64_t hash; /* of the messages in their order */
    bool inside;
};

static enum frame_outcome take(struct frame *frame, struct bytes chunk, struct outcome *outcome)
{
    struct bytes message = {0};
    for (;;) {
        const size_t before = chunk.size;
        const enum frame_outcome come = frame_next(frame, &chunk, &message);
        assert(chunk.size <= before);
        if (come != FRAME_MESSAGE) {
            assert(come != FRAME_MORE || chunk.size == 0);
            return come;
        }
        assert(message.size >= 12 && message.size + FRAME_PREFIX_OCTETS <= frame->capacity);
        outcome->hash = bytes_hash(message, outcome->hash);
        outcome->messages++;
    }
}

/* Takes `stream` in pieces of the sizes in `cuts`, over and over; without any, in one. */
static struct outcome run(struct bytes stream, struct bytes cuts, size_t capacity)
{
    static uint8_t buffer[FRAME_OCTETS_MAX];
    struct outcome outcome = {.end = FRAME_MORE};
    struct frame frame;
    frame_start(&frame, buffer, capacity);
    for (size_t i = 0; stream.size > 0 && outcome.end == FRAME_MORE; i++) {
        const size_t wanted = cuts.size > 0 ? cuts.data[i % cuts.size] + (size_t)1 : stream.size;
        const size_t size = wanted < stream.size ? wanted : stream.size;
        const struct bytes chunk = exact_copy(bytes_of(stream.data, size));
        outcome.end = take(&frame, chunk, &outcome);
        exact_free(chunk);
        stream = bytes_after(stream, size);
    }
    outcome.inside = frame_is_inside(&frame);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    const uint8_t room = input_u8(&input);
    const size_t capacity = room < 128 ? FRAME_OCTETS_MAX : (size_t)room - 114;
    const struct bytes cuts = input_take(&input, CUTS);
    const struct bytes stream = input_rest(&input);
    const struct outcome whole = run(stream, bytes_of(NULL, 0), capacity);
    const struct outcome cut = run(stream, cuts, capacity);
    assert(whole.end == cut.end && whole.messages == cut.messages && whole.hash == cut.hash);
    assert(whole.end != FRAME_MORE || whole.inside == cut.inside);
    return 0;
}
