/* TCP connections on loopback that stand for simulated ones. A chunk that a machine sent is written
 * to the sender's end, read at the other, and handed over when all of it is there: so machines see
 * the chunks of the simulated network, faults' pieces included. What outsiders send comes as it
 * comes. */
#ifndef FAULTZONE_LIVE_TCP_H
#define FAULTZONE_LIVE_TCP_H

#include <uv.h>

#include "base/arena.h"
#include "base/instant.h"
#include "live/acl.h"
#include "live/arrivals.h"
#include "live/atlas.h"

#define TCP_INSIDE_MAX         256 /* connections between seats */
#define TCP_OUTSIDE_MAX        128 /* connections of outsiders; who is idle gives way */
#define TCP_LISTENERS_MAX      64  /* for ports other than 53 */
#define TCP_OCTETS_MAX         ((size_t)16 * 1024 * 1024) /* of chunks on their way */
#define TCP_BACKLOG_MAX        ((size_t)256 * 1024)       /* that an outsider may leave unread */
#define TCP_PATIENCE           (5 * NS_PER_S)             /* then a chunk was lost by the system */
#define TCP_MESSAGE_TIME       (3 * NS_PER_S)             /* for an outsider's whole message */
#define TCP_IDLE_TIME          (10 * NS_PER_S)            /* of an outsider who owes a question */
#define TCP_ANSWER_TIME        (30 * NS_PER_S)            /* of one whom an answer is owed */
#define TCP_BUFFER_OCTETS      ((size_t)65536)
#define TCP_CONNECTION_BUCKETS 256

struct tcp_listener;
struct tcp_connection;
struct tcp_end;
struct tcp_chunk;

enum { TCP_SHELVES = 4 };

struct tcp {
    uv_loop_t *loop;
    struct arena *arena;
    const struct arrivals *arrivals;
    struct atlas listeners; /* for inside connections */
    size_t listeners_on_demand;
    struct tcp_listener *waiting;   /* with somebody to accept, for whom there was no memory */
    struct tcp_listener *published; /* one more for outsiders; NULL for none */
    const struct acl *allowed;      /* NULL: loopback */
    bool hears_outsiders;           /* every listener but those on demand does */
    bool is_sealed;                 /* outsiders may come from any address */
    struct tcp_connection *buckets[TCP_CONNECTION_BUCKETS];
    struct tcp_connection *oldest, *newest; /* all that are not retired */
    struct tcp_connection *free_connections;
    struct tcp_end *free_ends;
    struct tcp_chunk *free_chunks[TCP_SHELVES];
    size_t octets;          /* taken from the arena for chunks */
    size_t inside, outside; /* connections */
    size_t afloat;          /* chunks and ends between seats, on the wire */
    bool silent;            /* losses are not worth telling */
    bool has_v6;            /* ::1 can be bound */
    uint8_t *buffer;
};

/* Prepares a zeroed `tcp`; the rest is borrowed. False if memory ran out. */
bool tcp_init(struct tcp *tcp, uv_loop_t *loop, struct arena *arena,
              const struct arrivals *arrivals);

/* Listens for `simulated` at `real` (port 0: any). NULL and a uv error. */
struct tcp_listener *tcp_listen(struct tcp *tcp, const struct endpoint *simulated,
                                const struct endpoint *real, int *reterr);

/* The same for outsiders only; there can be one. */
struct tcp_listener *tcp_publish(struct tcp *tcp, const struct endpoint *simulated,
                                 const struct endpoint *real, int *reterr);

/* Descriptors may have run out: sees that there is one in reserve (spare.h), and that an idle
 * outsider gives way to whoever comes next. False if there is none. */
bool tcp_keep_spare(struct tcp *tcp);

struct endpoint tcp_real(const struct tcp_listener *listener);

/* Puts a packet between two seats on the wire. `by_opener`: the sender opened its connection. */
void tcp_carry(struct tcp *tcp, const struct packet *packet, uint64_t flight, bool by_opener);

/* True if an outsider `to` opened a connection to `from`. */
bool tcp_has_outsider(struct tcp *tcp, const struct endpoint *from, const struct endpoint *to);

/* Sends a packet to an outsider; false if there is no such connection or it does not read. */
bool tcp_send_outside(struct tcp *tcp, const struct packet *packet);

/* What is on the wire between seats. */
size_t tcp_afloat(const struct tcp *tcp);

/* Drops outsiders who are too slow, and gives up what has been on the wire too long. */
void tcp_give_up(struct tcp *tcp);

/* Drops every connection without a word. */
void tcp_forget(struct tcp *tcp);

#endif
