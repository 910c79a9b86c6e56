/* A chained hash table whose entries stay, once over, until their place is needed: what is sent on
 * a connection after its end must not be taken for a new one. */
#include "sim/stream.h"

#include <assert.h>

void streams_init(struct streams *streams, struct arena *arena)
{
    streams->arena = arena;
}

static void append(struct stream_list *list, struct stream *stream)
{
    stream->newer = NULL;
    stream->older = list->newest;
    if (list->newest != NULL) {
        list->newest->newer = stream;
    } else {
        list->oldest = stream;
    }
    list->newest = stream;
}

static void take_out(struct stream_list *list, struct stream *stream)
{
    *(stream->older != NULL ? &stream->older->newer : &list->oldest) = stream->newer;
    *(stream->newer != NULL ? &stream->newer->older : &list->newest) = stream->older;
}

/* The same for both directions. */
static uint32_t bucket_of(const struct endpoint *a, const struct endpoint *b)
{
    return (uint32_t)((endpoint_hash(a) + endpoint_hash(b)) % STREAM_BUCKETS);
}

static bool joins(const struct stream *stream, const struct endpoint *opener,
                  const struct endpoint *accepter)
{
    return endpoint_equal(&stream->ends[STREAM_OPENER], opener) &&
           endpoint_equal(&stream->ends[STREAM_ACCEPTER], accepter);
}

struct stream *streams_find(struct streams *streams, const struct endpoint *from,
                            const struct endpoint *to, enum stream_side *ret_side)
{
    struct stream *stream = streams->buckets[bucket_of(from, to)];
    for (; stream != NULL; stream = stream->next_in_bucket) {
        if (joins(stream, from, to)) {
            *ret_side = STREAM_OPENER;
            return stream;
        }
        if (joins(stream, to, from)) {
            *ret_side = STREAM_ACCEPTER;
            return stream;
        }
    }
    return NULL;
}

static void leave_bucket(struct streams *streams, struct stream *stream)
{
    struct stream **link = &streams->buckets[stream->bucket];
    while (*link != stream) {
        link = &(*link)->next_in_bucket;
    }
    *link = stream->next_in_bucket;
}

static struct stream *new_stream(struct streams *streams)
{
    struct stream *stream = streams->free;
    if (stream != NULL) {
        streams->free = stream->newer;
    } else if (streams->count < STREAMS_MAX) {
        stream = ARENA_NEW(streams->arena, struct stream);
        streams->count += stream != NULL;
    }
    if (stream == NULL && streams->over.oldest != NULL) {
        stream = streams->over.oldest;
        take_out(&streams->over, stream);
        leave_bucket(streams, stream);
    }
    return stream;
}

struct stream *streams_open(struct streams *streams, const struct endpoint *from,
                            const struct endpoint *to)
{
    struct stream *stream = new_stream(streams);
    if (stream == NULL) {
        return NULL;
    }
    const uint32_t bucket = bucket_of(from, to);
    *stream = (struct stream){
        .ends = {*from, *to}, .bucket = bucket, .next_in_bucket = streams->buckets[bucket]};
    streams->buckets[bucket] = stream;
    append(&streams->used, stream);
    return stream;
}

void streams_reopen(struct streams *streams, struct stream *stream)
{
    assert(stream->over);
    take_out(&streams->over, stream);
    append(&streams->used, stream);
    stream->over = false;
    for (int side = 0; side < STREAM_SIDES; side++) {
        const instant_ns due = stream->ways[side].due;
        stream->ways[side] = (struct stream_way){.due = due};
    }
}

void streams_close(struct streams *streams, struct stream *stream, enum stream_side side)
{
    stream->ways[side].closed = true;
    if (stream->ways[STREAM_OPENER].closed && stream->ways[STREAM_ACCEPTER].closed) {
        streams_end(streams, stream);
    }
}

void streams_end(struct streams *streams, struct stream *stream)
{
    if (!stream->over) {
        stream->over = true;
        take_out(&streams->used, stream);
        append(&streams->over, stream);
    }
}

static void free_all(struct streams *streams, struct stream_list *list)
{
    while (list->oldest != NULL) {
        struct stream *stream = list->oldest;
        list->oldest = stream->newer;
        streams->buckets[stream->bucket] = NULL;
        stream->newer = streams->free;
        streams->free = stream;
    }
    list->newest = NULL;
}

void streams_reset(struct streams *streams)
{
    free_all(streams, &streams->used);
    free_all(streams, &streams->over);
}

/* Follows the frames (RFC 1035 4.2.2) through a chunk. */
static void follow_frames(struct stream_way *way, struct bytes chunk)
{
    size_t at = 0;
    while (at < chunk.size) {
        if (way->rest > 0) {
            const size_t left = chunk.size - at;
            const uint32_t step = left < way->rest ? (uint32_t)left : way->rest;
            way->rest -= step;
            way->messages += way->rest == 0;
            at += step;
        } else if (way->is_half) {
            way->rest = (uint32_t)way->half << 8 | chunk.data[at++];
            way->is_half = false;
            way->messages += way->rest == 0;
        } else {
            way->half = chunk.data[at++];
            way->is_half = true;
        }
    }
}

bool stream_is_between_messages(const struct stream *stream, enum stream_side side)
{
    return stream->ways[side].rest == 0 && !stream->ways[side].is_half;
}

bool stream_advance(struct stream *stream, enum stream_side side, struct bytes payload)
{
    const bool begins = stream_is_between_messages(stream, side);
    follow_frames(&stream->ways[side], payload);
    stream->ways[side].octets += payload.size;
    return begins;
}
