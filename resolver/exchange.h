/* One question to one server address over one transport, and the matching of what comes back.
 *
 * A reply counts only if server, port, ID, opcode and question are those of the query (RFC 5452
 * 9.1). What does not match never ends the wait, with one exception: a wrong ID on the right
 * addresses and ports, another letter case than that of the query, or no cookie from a server that
 * has given one, smells of forgery, and the query is asked again over TCP. */
#ifndef FAULTZONE_RESOLVER_EXCHANGE_H
#define FAULTZONE_RESOLVER_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/machine.h"
#include "resolver/servers.h"
#include "resolver/upstreams.h"
#include "wire/message.h"

#define EXCHANGE_BUCKETS 256

struct context;
struct lookup;

struct exchange {
    struct exchange *next;   /* in its bucket */
    struct lookup *lookup;   /* whose it is */
    const struct name *name; /* of the question; borrowed while the exchange is open */
    uint16_t type;
    bool dnssec_ok;  /* ask with DO, if with EDNS at all */
    bool unchecked;  /* ask with CD */
    bool mixed_case; /* ask in random letter case */
    bool cookies;    /* ask with cookies, if with EDNS */
    bool anew;       /* ask over a connection of its own, if over TCP */
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
    const char *oddity;        /* static: what came that was no reply, NULL if nothing did */
    struct upstream *upstream; /* over TCP; else NULL */
    uint32_t upstream_serial;
    bool reused;         /* the connection has had other queries before */
    bool cookie_fits;    /* the reply has our cookie: whoever sent it has seen the query */
    uint8_t cookie_size; /* 0: asked without */
    uint8_t cookie[COOKIE_OCTETS_MAX];
    struct name sent; /* the name in the letter case it was asked in, with `mixed_case` */
};

/* All open exchanges, by local port. */
struct exchanges {
    struct exchange *buckets[EXCHANGE_BUCKETS];
    uint32_t open_count;
    uint32_t last_serial;
};

enum exchange_outcome {
    EXCHANGE_WAITS,  /* not ended: nothing that counts came */
    EXCHANGE_REPLY,  /* here is the reply */
    EXCHANGE_DOUBT,  /* what came cannot be trusted or read: ask over TCP; `why` says more */
    EXCHANGE_BROKEN, /* what came over TCP is of no use, or ICMP came; `why` says what */
    EXCHANGE_LOST,   /* TCP only: the connection ended before the reply; `why` says how */
};

/* Forgets all open exchanges without a word to anyone. */
void exchanges_reset(struct exchanges *exchanges);

/* Asks `server` what `exchange` says in `lookup`, `name`, `type`, `dnssec_ok` and
 * `mixed_case`, to be answered
 * within `timeout`. `exchange` must be closed. False, and nothing sent, if there is no room for it
 * (`exchange->oddity` says what for). */
bool exchange_open(struct context *context, struct exchange *exchange, const struct address *server,
                   enum transport transport, bool edns, duration_ns timeout);

/* Ends an open exchange; its connection is left to others. */
void exchange_close(struct context *context, struct exchange *exchange);

/* The same of one that was not answered in time: its connection takes no more queries. */
void exchange_expire(struct context *context, struct exchange *exchange);

/* The open exchange over UDP whose addresses and ports `packet` fits, NULL if there is none. */
struct exchange *exchange_find(const struct exchanges *exchanges, const struct packet *packet);

/* Takes a packet that exchange_find matched. `*ret` borrows the packet. `*ret_why` is static and
 * set with DOUBT and BROKEN. */
enum exchange_outcome exchange_receive(struct context *context, struct exchange *exchange,
                                       const struct packet *packet, struct message *ret,
                                       const char **ret_why);

/* An open exchange on the connection with this serial and local port, NULL if there is none. */
struct exchange *exchange_on(const struct exchanges *exchanges, uint32_t upstream_serial,
                             uint16_t port);

/* Takes octets off `*chunk`, which came on `upstream`, until they settle an exchange: `*ret` is
 * that one, and REPLY or BROKEN says how; `*ret_message` borrows the upstream or the chunk. LOST:
 * the upstream makes no sense any more. WAITS: all octets are taken. */
enum exchange_outcome exchange_hear(struct context *context, struct upstream *upstream,
                                    struct bytes *chunk, struct exchange **ret,
                                    struct message *ret_message, const char **ret_why);

#endif
