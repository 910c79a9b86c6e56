/* Small things for tests of the network: addresses, messages that are only a question, faults by
 * hand, machines that echo and ping, and ways to read a trace. */
#ifndef FAULTZONE_TESTS_SIM_TOYS_H
#define FAULTZONE_TESTS_SIM_TOYS_H

#include "base/trace.h"
#include "sim/fault.h"
#include "sim/world.h"

/* 192.0.2.`host`, and a port there. */
struct address toy_address(unsigned host);
struct endpoint toy_endpoint(unsigned host, unsigned port);

/* A datagram or a chunk. */
struct packet toy_packet(struct endpoint from, struct endpoint to, enum transport transport,
                         struct bytes payload);

/* A header and a question into `buffer` (at least 300 octets); with TCP's prefix if `framed`. */
struct bytes toy_message(uint8_t *buffer, const char *name, uint16_t type, bool response,
                         bool framed);

/* A fault of row `name` that always strikes everybody, configured with `param_count` numbers. */
struct toy_number {
    const char *key;
    uint64_t number;
};
struct fault toy_fault(struct arena *arena, const char *name, const struct toy_number *numbers,
                       size_t count);

/* Entries of `kind`, and of `what` if that is not NULL. */
size_t toy_count(const struct trace *trace, enum trace_kind kind, const char *what);

/* The n-th of them from 0, or NULL. */
const struct trace_entry *toy_entry(const struct trace *trace, enum trace_kind kind,
                                    const char *what, size_t n);

/* Sends every payload back, and ends connections that the other side ends. */
struct toy_echo {
    struct machine machine;
    unsigned packets;
};
void toy_echo_init(struct toy_echo *echo);

/* Sends `left` packets to `to`, one every `interval`, each from a port `port_step` further, and
 * counts what comes back. Over TCP it may answer with PACKET_CLOSE or PACKET_RESET. */
struct toy_pinger {
    struct machine machine;
    struct endpoint self, to;
    enum transport transport;
    struct bytes payload;
    duration_ns interval;
    instant_ns next;
    unsigned left;
    unsigned port_step;
    enum packet_kind hang_up; /* PACKET_DATA for not at all */
    unsigned replies;         /* packets of data */
    unsigned ends;            /* packets that end a connection */
    instant_ns last_reply;
};
void toy_pinger_init(struct toy_pinger *pinger);

#endif
