/* What is known of server addresses: how fast they answer, and whether they know EDNS. Bounded: an
 * address that finds its places taken takes that of the one unheard of for longest. */
#ifndef FAULTZONE_RESOLVER_SERVERS_H
#define FAULTZONE_RESOLVER_SERVERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/endpoint.h"
#include "base/instant.h"

/* What is expected of a server not met before (Unbound's UNKNOWN_SERVER_NICENESS). */
#define SERVER_UNKNOWN (376 * NS_PER_MS)

/* A dead server is expected to take no longer than this. */
#define SERVER_EXPECTED_MAX (12 * NS_PER_S)

/* What is expected of one left alone: more than of any other. */
#define SERVER_EXPECTED_DEAD (60 * NS_PER_S)

struct server_record {
    struct address address;
    bool plain;            /* it said that it does not know EDNS */
    bool one_case;         /* it does not repeat the letter case of questions */
    uint8_t timeouts;      /* in a row */
    uint32_t epoch;        /* of the table when this was written */
    instant_ns dead_until; /* not asked until then if others are left; then probed */
    instant_ns heard;      /* when it was last heard of, or missed */
    duration_ns smooth;    /* round trip time, RFC 6298's SRTT; 0 if never measured */
    duration_ns deviation; /* RFC 6298's RTTVAR */
    duration_ns expected;  /* for comparing servers: grows with every time-out */
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

/* It does not repeat the letter case of questions, or does not like it mixed. */
void servers_lose_case(struct servers *servers, const struct address *address, instant_ns now);

#endif
