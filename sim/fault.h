/* What can happen to a packet on its way: one row each. Faults edit flights (carriage), never
 * meaning. They live in `transit`, which both hosts share, so a fault works on real sockets too.
 *
 * Faults strike datagrams and the data of TCP streams. The end of a stream (close, reset) follows
 * its data in order and shares its fate. */
#ifndef FAULTZONE_SIM_FAULT_H
#define FAULTZONE_SIM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/instant.h"
#include "base/machine.h"
#include "base/params.h"
#include "base/rng.h"
#include "wire/name.h"

#define FAULT_COPIES_MAX   8    /* of one packet */
#define FAULT_SEGMENTS_MAX 1024 /* of one chunk of a TCP stream; smaller pieces are made larger */

/* A packet about to travel; a fault may change every member below `opens`. */
struct flight {
    bool opens;             /* TCP: this packet opens its connection */
    uint64_t stream_octets; /* TCP: octets sent before it on its connection in its direction */

    struct packet packet; /* payload: octets of `room` octets that the fault may change */
    uint8_t *payload;     /* the same octets, writable */
    size_t room;
    duration_ns delay;
    bool lost;              /* UDP: gone. TCP: sent again after a time-out (see transit.h) */
    bool stalled;           /* TCP: this packet and all that follow it on its way are gone */
    bool refused;           /* TCP: the sender gets a reset after one round trip */
    bool reset;             /* TCP: what is left of the payload arrives, then both get a reset */
    unsigned copies;        /* further copies to deliver, at most FAULT_COPIES_MAX */
    duration_ns copy_delay; /* of each copy after the one before it */
    size_t segment_size;    /* TCP: arrives in pieces of so many octets; 0 in one piece */
    duration_ns segment_gap;
};

/* When a fault strikes: every condition given must hold. Fill with fault_trigger_always first. */
struct fault_trigger {
    instant_ns from, until;       /* [from, until) of the run */
    uint64_t nth_first, nth_last; /* of the packets that meet all other conditions, from 1 */
    bool first;                   /* only the first packet of each (from, to, question) */
    uint32_t chance_ppm;          /* rolled last */
    int transport;                /* enum transport, -1 for any */
    const uint16_t *types;        /* the question's RR type is one of these; count 0: any */
    size_t type_count;
    const struct name *names; /* the question's name is one of these; count 0: any */
    size_t name_count;
    size_t size_least, size_most; /* octets of payload, both inclusive */
    int direction;                /* 0 any, 1 queries (QR=0), 2 responses (QR=1) */
};

struct fault_row {
    const char *name; /* "loss" */
    const char *doc;
    const struct param_spec *params; /* ended by a NULL key */
    const char *short_param; /* what a scalar stands for, e.g. `delay: 200ms`; may be NULL */
    /* Turns parameters into state in `arena`; NULL and a diag on failure. NULL for a row without
     * state. */
    const void *(*configure)(const struct params *params, struct arena *arena, struct diag *reterr);
    /* Strikes; false if there was nothing to strike at (a datagram for tcp-reset, say). `rng` is
     * the stream of (run seed, this fault, link direction). */
    bool (*strike)(const void *state, struct flight *flight, struct rng *rng);
};

/* One configured fault: on which links, when, what. */
struct fault {
    const struct fault_row *row;
    const void *state;
    struct fault_trigger trigger;
    const struct address *from; /* sender is one of these; count 0: anybody */
    size_t from_count;
    const struct address *to;
    size_t to_count;
    struct place place; /* in the scenario */
};

/* All faults; ended by a NULL name. */
extern const struct fault_row fault_rows[];

const struct fault_row *fault_find(struct bytes name);

/* Fills `ret->row` and `ret->state` from checked parameters of `row`; the rest of `ret` stays. */
bool fault_configure(const struct fault_row *row, const struct params *params, struct arena *arena,
                     struct fault *ret, struct diag *reterr);

/* The keys of a trigger as a file may write them (from, to, between, nth, first, chance, transport,
 * type, name, larger-than, smaller-than, direction); ended by a NULL key. `from` and `to` name
 * seats, zones or addresses and are resolved by the loader into `struct fault`. */
extern const struct param_spec fault_trigger_params[];

void fault_trigger_always(struct fault_trigger *trigger);

/* Fills `ret` from checked parameters; what it points to lives in `arena`. */
bool fault_trigger_configure(const struct params *params, struct arena *arena,
                             struct fault_trigger *ret, struct diag *reterr);

#endif
