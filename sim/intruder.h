/* Who forges answers from off the path: it sees that somebody asks, knows of the question what its
 * power allows, and sends what the scenario tells it in the name of the server that was asked. Its
 * packets race the genuine answer like any others: transit carries them, and faults strike them.
 *
 * It is shown every datagram that a machine sends (transit_watch) and keeps a copy of what it will
 * answer. Of each question it uses no more than it is said to know:
 *
 *   nothing      which server is asked and for what, because it had the question asked; it guesses
 *                the port and the ID anew for every packet
 *   port         the port too; the IDs it tries are near misses and never the right one, which
 *                would be luck
 *   port-and-id  the port and the ID, but not in which letter case the name was asked
 *   everything   all of it, as somebody on the path does
 */
#ifndef FAULTZONE_SIM_INTRUDER_H
#define FAULTZONE_SIM_INTRUDER_H

#include "base/arena.h"
#include "base/machine.h"
#include "base/params.h"
#include "base/trace.h"
#include "wire/message.h"
#include "wire/name.h"
#include "wire/rdata.h"

#define INTRUDER_FORGERIES_MAX 16  /* of a scenario */
#define INTRUDER_PACKETS_MAX   100 /* for one query: an outbox takes 128 */
#define INTRUDER_TIMES_MAX     1000
#define INTRUDER_PENDING_MAX   64 /* queries seen and not yet answered; it misses what exceeds it */

enum intruder_knows {
    INTRUDER_KNOWS_NOTHING,
    INTRUDER_KNOWS_PORT,
    INTRUDER_KNOWS_PORT_AND_ID,
    INTRUDER_KNOWS_EVERYTHING,
};

/* One kind of answer that is forged, and to which queries. All pointers are borrowed. */
struct forgery {
    enum intruder_knows knows;
    /* Which queries; a count of 0: any. */
    const struct name *names; /* the question's name is one of these or below it */
    size_t name_count;
    const uint16_t *types;
    size_t type_count;
    const struct address *to; /* the server asked; count 0: any but those spared */
    size_t to_count;
    uint64_t times;       /* how many queries it answers */
    uint64_t packets;     /* for each of them */
    duration_ns after;    /* how long after the query they set out */
    struct address as;    /* who they claim to come from; ADDRESS_NONE: the server asked */
    uint16_t port;        /* from which port */
    uint16_t flags;       /* the header's second word: QR and what else is set, opcode, RCODE */
    bool has_no_question; /* a header, and records if any */
    struct bytes raw;     /* the whole message instead, but for the ID in its first two octets */
    const struct rr *records[SECTIONS];
    size_t counts[SECTIONS];
};

/* The keys of a forgery that are values (knows, name, type, to, times, packets, after, as, port,
 * rcode, opcode, response, authoritative, truncated, question, hex); ended by a NULL key. `to`
 * names seats, zones or addresses and is resolved by the loader, who reads the sections' records
 * too. */
extern const struct param_spec forgery_params[];

/* Fills `ret` from checked parameters but for `to` and the records; what it points to lives in
 * `arena`. */
bool forgery_configure(const struct params *params, struct arena *arena, struct forgery *ret,
                       struct diag *reterr);

struct intruder_options {
    const char *name; /* the seat's */
    uint64_t seed;
    const struct forgery *forgeries; /* borrowed; at most INTRUDER_FORGERIES_MAX */
    size_t forgery_count;
    const struct address *spared; /* servers whose name it takes only if `to` says so: borrowed */
    size_t spared_count;
    struct trace *trace; /* may be NULL */
};

struct intruder;

/* An intruder in memory of `arena`; NULL if exhausted. */
struct intruder *intruder_new(struct arena *arena, const struct intruder_options *options);

/* Its machine. It acts when it wakes only; what it is sent means nothing to it. */
struct machine *intruder_machine(struct intruder *intruder);

/* Shows it a packet that somebody sends at `now` (borrowed for the call); `context` is the
 * intruder. It may be due from then on. The form is that of transit_watch. */
void intruder_see(void *context, const struct packet *packet, instant_ns now);

/* Forgets what it saw and did; dice as new. */
void intruder_reset(struct intruder *intruder, uint64_t seed);

#endif
