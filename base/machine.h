/* The one seam: everything that speaks DNS is a machine, and a host is what surrounds machines.
 *
 * A machine takes one event with the time inside it, writes packets to an outbox, and says when it
 * next wants to be woken. It has no clock, no dice, no socket and no heap of its own. The virtual
 * network (sim/virtual) and libuv (live/live) are the two hosts, and they run the same world. */
#ifndef FAULTZONE_BASE_MACHINE_H
#define FAULTZONE_BASE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/endpoint.h"
#include "base/instant.h"

#define OUTBOX_OCTETS_MAX  ((size_t)128 * 1024)
#define OUTBOX_PACKETS_MAX 128

enum transport { TRANSPORT_UDP, TRANSPORT_TCP };

enum packet_kind {
    PACKET_DATA,  /* a datagram, or octets of a TCP stream (RFC 1035 4.2.2 framing, any chunking) */
    PACKET_CLOSE, /* TCP: the sender will send no more (FIN) */
    PACKET_RESET, /* TCP: the connection is gone, or was refused (RST); UDP: nobody listens (ICMP)
                   */
};

/* Packets carry explicit 4-tuples, not handles: spoofing, traces and matching become natural. A TCP
 * connection is its 4-tuple; the first data packet from the side that connects opens it. */
struct packet {
    struct endpoint from;
    struct endpoint to;
    enum transport transport;
    enum packet_kind kind;
    struct bytes payload; /* of PACKET_DATA */
};

enum event_kind {
    EVENT_WAKE,   /* the machine's deadline has come */
    EVENT_PACKET, /* a packet arrived */
};

/* Borrowed for the length of the call: copy what you keep. */
struct event {
    enum event_kind kind;
    instant_ns now;
    struct packet packet; /* of EVENT_PACKET */
};

/* What a machine wants sent. One per world, emptied by the host after every step. */
struct outbox {
    struct packet packets[OUTBOX_PACKETS_MAX];
    size_t count;
    size_t used;    /* octets */
    size_t dropped; /* packets that found no room since outbox_clear */
    uint8_t octets[OUTBOX_OCTETS_MAX];
};

struct machine;

struct machine_ops {
    /* Takes `event`; everything the machine wants sent goes into `outbox`. */
    void (*step)(struct machine *machine, const struct event *event, struct outbox *outbox);
    /* When the machine next wants an EVENT_WAKE, NEVER if it does not. */
    instant_ns (*deadline)(const struct machine *machine);
};

/* The first member of every machine's own struct. */
struct machine {
    const struct machine_ops *ops;
};

static inline void machine_step(struct machine *machine, const struct event *event,
                                struct outbox *outbox)
{
    machine->ops->step(machine, event, outbox);
}

static inline instant_ns machine_deadline(const struct machine *machine)
{
    return machine->ops->deadline(machine);
}

void outbox_clear(struct outbox *outbox);

/* Room to write the next payload into, before outbox_send. At least `least` octets, or NULL if the
 * outbox is too full. `ret_size` receives how many there are and may be NULL. */
uint8_t *outbox_room(struct outbox *outbox, size_t least, size_t *ret_size);

/* Sends the first `size` octets of the room last returned by outbox_room as one PACKET_DATA. With
 * no slot left the packet is counted in `dropped` and false returned. */
bool outbox_send(struct outbox *outbox, const struct endpoint *from, const struct endpoint *to,
                 enum transport transport, size_t size);

/* Sends a copy of `payload`. */
bool outbox_send_copy(struct outbox *outbox, const struct endpoint *from, const struct endpoint *to,
                      enum transport transport, struct bytes payload);

/* The same of any transport. Over UDP, PACKET_RESET tells `to` that nobody listens at `from` (ICMP,
 * RFC 1122 4.1.3.3). */
bool outbox_end_by(struct outbox *outbox, const struct endpoint *from, const struct endpoint *to,
                   enum transport transport, enum packet_kind kind);

/* Ends the TCP connection (`from`, `to`) with PACKET_CLOSE or PACKET_RESET. */
bool outbox_end(struct outbox *outbox, const struct endpoint *from, const struct endpoint *to,
                enum packet_kind kind);

#endif
