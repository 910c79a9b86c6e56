/* What is known of server addresses: how fast they answer, and whether they know EDNS. Bounded: an
 * address that finds its places taken takes that of the one unheard of for longest. */
#ifndef FAULTZONE_RESOLVER_SERVERS_H
#define FAULTZONE_RESOLVER_SERVERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/endpoint.h"
#include "base/entropy.h"
#include "base/instant.h"

/* What is expected of a server not met before (Unbound's UNKNOWN_SERVER_NICENESS). */
#define SERVER_UNKNOWN (376 * NS_PER_MS)

#define CLIENT_COOKIE_OCTETS     8 /* RFC 7873 4.1 */
#define SERVER_COOKIE_OCTETS_MIN 8 /* RFC 7873 4.2 */
#define SERVER_COOKIE_OCTETS_MAX 32
#define COOKIE_OCTETS_MAX        (CLIENT_COOKIE_OCTETS + SERVER_COOKIE_OCTETS_MAX)

/* A dead server is expected to take no longer than this. */
#define SERVER_EXPECTED_MAX (12 * NS_PER_S)

/* What is expected of one left alone: more than of any other. */
#define SERVER_EXPECTED_DEAD (60 * NS_PER_S)

struct server_record {
    struct address address;
    bool plain;                        /* it said that it does not know EDNS */
    bool one_case;                     /* it does not repeat the letter case of questions */
    uint8_t timeouts;                  /* in a row */
    uint32_t epoch;                    /* of the table when this was written */
    instant_ns dead_until;             /* not asked until then if others are left; then probed */
    instant_ns heard;                  /* when it was last heard of, or missed */
    duration_ns smooth;                /* round trip time, RFC 6298's SRTT; 0 if never measured */
    duration_ns deviation;             /* RFC 6298's RTTVAR */
    duration_ns expected;              /* for comparing servers: grows with every time-out */
    uint8_t cookie_size;               /* 0: none was made for it yet */
    uint8_t cookie[COOKIE_OCTETS_MAX]; /* our cookie for it, and behind it its own for us */
};

struct servers {
    struct server_record *records;
    uint32_t mask;
    uint32_t epoch;
    duration_ns memory;
    uint32_t dead_after; /* time-outs in a row; 0: never */
    duration_ns backoff_least, backoff_most;
};

/* A table of at least `count` records of `arena` that hold for `memory`; false if exhausted. */
bool servers_init(struct servers *servers, struct arena *arena, uint32_t count, duration_ns memory);

/* When servers count as dead, and how long they are then left alone. */
void servers_back_off(struct servers *servers, uint32_t dead_after, duration_ns least,
                      duration_ns most);

/* True if the server is left alone now. */
static inline bool server_is_dead(const struct server_record *record, instant_ns now)
{
    return now < record->dead_until;
}

/* Forgets everything, at once. */
void servers_reset(struct servers *servers);

/* What is known of `address`, NULL if nothing is, or nothing recent. */
const struct server_record *servers_find(const struct servers *servers,
                                         const struct address *address, instant_ns now);

/* It answered, `time` after it was asked. */
void servers_answered(struct servers *servers, const struct address *address, duration_ns time,
                      instant_ns now);

/* It did not answer within `time`. How long it is left alone therefore, 0 if it is not. */
duration_ns servers_timed_out(struct servers *servers, const struct address *address,
                              duration_ns time, instant_ns now);

/* It said that it does not know EDNS. */
void servers_are_plain(struct servers *servers, const struct address *address, instant_ns now);

/* The cookies to send it (RFC 7873 5.1), borrowed until the next call: ours, made of `entropy` the
 * first time, and its own if it gave one. */
struct bytes servers_cookie(struct servers *servers, const struct address *address,
                            const struct entropy *entropy, instant_ns now);

/* It gave this cookie of its own; with none it gives none any more. */
void servers_keep_cookie(struct servers *servers, const struct address *address,
                         struct bytes cookie, instant_ns now);

/* It does not repeat the letter case of questions, or does not like it mixed. */
void servers_lose_case(struct servers *servers, const struct address *address, instant_ns now);

#endif
