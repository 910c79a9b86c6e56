/* TCP connections as the network between their ends sees them: who opened which 4-tuple, how much
 * went through, and what is over. */
#ifndef FAULTZONE_SIM_STREAM_H
#define FAULTZONE_SIM_STREAM_H

#include "base/arena.h"
#include "base/endpoint.h"
#include "base/instant.h"

#define STREAMS_MAX    1024 /* at once; connections that are over make room */
#define STREAM_BUCKETS 256

enum stream_side { STREAM_OPENER, STREAM_ACCEPTER, STREAM_SIDES };

/* One direction. */
struct stream_way {
    uint64_t octets;    /* sent so far */
    uint64_t messages;  /* of them, whole DNS messages */
    instant_ns due;     /* when the last of it arrives: nothing may overtake it */
    uint32_t rest;      /* octets to come of the DNS message under way */
    uint8_t half;       /* first octet of a length prefix that is cut in two */
    bool is_half;       /* there is one */
    bool closed;        /* its sender said so */
    const char *broken; /* nothing arrives any more: the name of the cause; NULL if whole */
};

struct stream {
    struct endpoint ends[STREAM_SIDES];
    struct stream_way ways[STREAM_SIDES]; /* by sender */
    bool over;                            /* closed by both, or reset */
    struct stream *next_in_bucket;
    struct stream *older, *newer; /* among those used, or among those over */
    uint32_t bucket;
};

/* Oldest first. */
struct stream_list {
    struct stream *oldest, *newest;
};

struct streams {
    struct arena *arena;
    struct stream *buckets[STREAM_BUCKETS];
    struct stream_list used, over;
    struct stream *free; /* chained by `newer` */
    size_t count;
};

void streams_init(struct streams *streams, struct arena *arena);

/* The connection between two endpoints, also one that is over; NULL if there is none. `*ret_side`
 * is `from`'s. */
struct stream *streams_find(struct streams *streams, const struct endpoint *from,
                            const struct endpoint *to, enum stream_side *ret_side);

/* A new connection, opened by `from`; the place of one that is over is taken if need be. NULL if
 * STREAMS_MAX are open. There must be none between the two. */
struct stream *streams_open(struct streams *streams, const struct endpoint *from,
                            const struct endpoint *to);

/* The opener opens a connection that is over again. */
void streams_reopen(struct streams *streams, struct stream *stream);

/* No more will be sent from `side`. */
void streams_close(struct streams *streams, struct stream *stream, enum stream_side side);

/* Nobody sends any more. */
void streams_end(struct streams *streams, struct stream *stream);

/* Forgets all connections; costs what there were. */
void streams_reset(struct streams *streams);

/* True if the last octet sent from `side` ended a DNS message, or nothing was sent. */
bool stream_is_between_messages(const struct stream *stream, enum stream_side side);

/* Counts `payload` in, sent from `side`. True if a DNS message begins with its first octet. */
bool stream_advance(struct stream *stream, enum stream_side side, struct bytes payload);

#endif
