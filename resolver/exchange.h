/* One question to one server address over one transport, and the matching of what comes back.
 *
 * A reply counts only if server, port, ID, opcode and question are those of the query (RFC 5452
 * 9.1). What does not match never ends the wait, with one exception: a wrong ID on the right
 * addresses and ports, or another letter case than that of the query, smells of forgery, and the
 * query is asked again over TCP. */
#ifndef FAULTZONE_RESOLVER_EXCHANGE_H
#define FAULTZONE_RESOLVER_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/machine.h"
#include "wire/frame.h"
#include "wire/message.h"

#define EXCHANGE_BUCKETS 256

struct context;
struct lookup;

/* The receiving end of a connection to a server. */
struct stream {
    struct stream *next_free;
    struct frame frame;
    bool heard; /* something arrived on it */
    uint8_t octets[FRAME_OCTETS_MAX];
};

struct exchange {
    struct exchange *next;   /* in its bucket */
    struct lookup *lookup;   /* whose it is */
    const struct name *name; /* of the question; borrowed while the exchange is open */
    uint16_t type;
    bool dnssec_ok;  /* ask with DO, if with EDNS at all */
    bool mixed_case; /* ask in random letter case */
    bool case_lost;  /* the reply's question had another letter case than the query's */
    bool open;
    uint32_t serial; /* no other exchange has it */
    bool edns;       /* asked with EDNS */
    bool
        plain_advised; /* FORMERR or NOTIMP came without a question: nothing to match, but a hint */
    uint16_t id;
    uint32_t near_misses;
    enum transport transport;
    struct endpoint local, server;
    instant_ns asked_at, expires_at;
    const char *oddity;    /* static: what came that was no reply, NULL if nothing did */
    struct stream *stream; /* over TCP */
    struct name sent;      /* the name in the letter case it was asked in, with `mixed_case` */
};

/* All open exchanges, by local port. */
struct exchanges {
    struct exchange *buckets[EXCHANGE_BUCKETS];
    uint32_t open_count;
    uint32_t last_serial;
    struct stream *free_streams;
    struct stream *streams;
    uint32_t stream_count;
};

enum exchange_outcome {
    EXCHANGE_WAITS,  /* not ended: nothing that counts came */
    EXCHANGE_REPLY,  /* here is the reply */
    EXCHANGE_DOUBT,  /* what came cannot be trusted or read: ask over TCP; `why` says more */
    EXCHANGE_BROKEN, /* TCP only: the connection failed; `why` says how */
};

/* Room for `stream_count` connections at a time; false if `arena` is exhausted. */
bool exchanges_init(struct exchanges *exchanges, struct arena *arena, uint32_t stream_count);

/* Forgets all open exchanges without a word to anyone. */
void exchanges_reset(struct exchanges *exchanges);

/* Asks `server` what `exchange` says in `lookup`, `name`, `type`, `dnssec_ok` and
 * `mixed_case`, to be answered
 * within `timeout`. `exchange` must be closed. False, and nothing sent, if there is no room for it
 * (`exchange->oddity` says what for). */
bool exchange_open(struct context *context, struct exchange *exchange, const struct address *server,
                   enum transport transport, bool edns, duration_ns timeout);

/* Ends an open exchange; a connection is closed. */
void exchange_close(struct context *context, struct exchange *exchange);

/* The open exchange whose addresses and ports `packet` fits, NULL if there is none. */
struct exchange *exchange_find(const struct exchanges *exchanges, const struct packet *packet);

/* Takes a packet that exchange_find matched. `*ret` borrows the packet or the stream. `*ret_why` is
 * static and set with DOUBT and BROKEN. */
enum exchange_outcome exchange_receive(struct context *context, struct exchange *exchange,
                                       const struct packet *packet, struct message *ret,
                                       const char **ret_why);

#endif
