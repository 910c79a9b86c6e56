/* Connections to servers, and several queries over one (RFC 7766 6.2). A connection that has
 * nothing to do stays open for a while; one that a server ends costs the queries on it no more than
 * being asked anew. Bounded: where all are in use, the one idle for longest makes room. */
#ifndef FAULTZONE_RESOLVER_UPSTREAMS_H
#define FAULTZONE_RESOLVER_UPSTREAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/endpoint.h"
#include "base/instant.h"
#include "base/machine.h"
#include "wire/frame.h"

struct context;

struct upstream {
    bool open;
    bool retired;    /* takes no more queries: closed with the last that is on it */
    bool heard;      /* something arrived on it */
    uint32_t serial; /* no other connection has it */
    uint32_t users;  /* queries that wait on it */
    uint32_t asked;  /* queries sent on it */
    instant_ns used; /* when the last of them ended */
    struct endpoint local, server;
    struct frame frame;
    uint8_t octets[FRAME_OCTETS_MAX];
};

struct upstreams {
    struct upstream *items;
    uint32_t count;
    uint32_t open_count;
    uint32_t last_serial;
};

/* Room for `count` connections at a time; false if `arena` is exhausted. */
bool upstreams_init(struct upstreams *upstreams, struct arena *arena, uint32_t count);

/* Forgets all of them without a word to anyone. */
void upstreams_reset(struct upstreams *upstreams);

/* The open one whose addresses and ports `packet` fits, NULL if there is none. */
struct upstream *upstreams_find(const struct upstreams *upstreams, const struct packet *packet);

/* True if an open one has this port. */
bool upstreams_have_port(const struct upstreams *upstreams, uint16_t port);

/* For one more query to `server`: an open connection that takes it, unless `anew`; or one that the
 * caller opens with the first query, whose `asked` is 0 and `local` not set. NULL if all are in
 * use. Counted as its user. */
struct upstream *upstreams_take(struct context *context, const struct endpoint *server, bool anew);

/* A query on it has ended, or could not be sent. Closes what nobody needs any more. */
void upstreams_release(struct context *context, struct upstream *upstream);

/* The server has ended it. Its users stay until they release it. */
void upstreams_end(struct context *context, struct upstream *upstream, enum packet_kind kind);

/* When the next one has been idle for too long, and what is due then. */
instant_ns upstreams_deadline(const struct upstreams *upstreams, duration_ns idle_max);
void upstreams_wake(struct context *context);

#endif
