/* Packets on their way. Both hosts put every packet a machine sends through here: it is copied
 * once, faults strike it, and it is filed under (due, sequence).
 *
 * A TCP connection is its 4-tuple. Who sends first opens it, and that packet takes one round trip
 * more, for the handshake. Each direction keeps its order. What a fault loses is sent again after
 * TRANSIT_RETRANSMIT_AFTER, twice that, and so on; where the last retransmission is lost too, the
 * direction is dead: this and all later packets on it are lost. After a close from both sides or a
 * reset from one, only the opener may use the 4-tuple again; other packets on it are lost as "no
 * connection".
 *
 * Facts recorded here: SENT for every packet a machine sends; FAULT for every fault that changes
 * it, with the packet as it then is; LOST with the fault's name, "network full" or "no
 * connection". Copies, pieces and resets that the network makes have a flight number of their own,
 * told by a FAULT whose `number` is the flight they come from. */
#ifndef FAULTZONE_SIM_TRANSIT_H
#define FAULTZONE_SIM_TRANSIT_H

#include "base/arena.h"
#include "base/machine.h"
#include "base/trace.h"
#include "sim/fault.h"

#define TRANSIT_FLIGHTS_MAX         4096
#define TRANSIT_OCTETS_MAX          ((size_t)16 * 1024 * 1024) /* of memory for payloads */
#define TRANSIT_RETRANSMIT_AFTER    NS_PER_S                   /* RFC 6298 2 */
#define TRANSIT_RETRANSMISSIONS_MAX 6

struct transit;

struct transit_options {
    uint64_t seed;
    struct trace *trace; /* may be NULL */
    duration_ns latency; /* one way, every link without a latency of its own */
    const struct fault *faults;
    size_t fault_count; /* at most STRIKE_FAULTS_MAX */
};

/* A transit in memory of `arena` (about 150 KB, and what packets in flight need); NULL if exhausted
 * or there are too many faults. */
struct transit *transit_new(struct arena *arena, const struct transit_options *options);

/* One way latency between two addresses, both directions. False if the table is full. */
bool transit_set_latency(struct transit *transit, const struct address *a, const struct address *b,
                         duration_ns latency);

/* Replaces the faults (borrowed). Counters of nth, first and hits start anew. False, and nothing
 * changed, if there are more than STRIKE_FAULTS_MAX. */
bool transit_set_faults(struct transit *transit, const struct fault *faults, size_t fault_count);

/* The same faults, loaded anew (borrowed): counters go on. */
bool transit_renew_faults(struct transit *transit, const struct fault *faults, size_t fault_count);

/* How often fault `index` struck since the reset: what a scenario configured in vain shows 0. */
uint64_t transit_fault_hits(const struct transit *transit, size_t index);

/* Takes a copy of `packet` sent by `who` at `now`; records SENT, and LOST where a fault or a full
 * table ends it. */
void transit_send(struct transit *transit, const char *who, const struct packet *packet,
                  instant_ns now);

/* Tells of a TCP connection from outside the world, which transit did not see opened; and of the
 * end of any connection that transit did not see closed. For the live host. */
void transit_opened(struct transit *transit, const struct endpoint *opener,
                    const struct endpoint *accepter);
void transit_ended(struct transit *transit, const struct endpoint *a, const struct endpoint *b);

/* True if `from` opened the connection between the two. */
bool transit_is_opener(struct transit *transit, const struct endpoint *from,
                       const struct endpoint *to);

/* When the next packet is due, NEVER if none is on its way. */
instant_ns transit_due(const struct transit *transit);

/* Packets on their way. */
size_t transit_count(const struct transit *transit);

/* Takes the earliest packet out if it is due at or before `now`. The packet's payload stays valid
 * until the next call on `transit`. */
bool transit_take(struct transit *transit, instant_ns now, struct packet *ret,
                  uint64_t *ret_flight);

/* Shows every packet that is sent from now on, as its sender wrote it, to `see` (NULL: to nobody).
 * It may not send anything itself. */
typedef void transit_see(void *context, const struct packet *packet, instant_ns now);
void transit_watch(struct transit *transit, transit_see *see, void *context);

/* Forgets all packets, connections and counters; dice as new. The start of a new run. */
void transit_reset(struct transit *transit, uint64_t seed);

#endif
