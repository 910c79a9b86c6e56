/* Packets to addresses that nobody has: what a program wanted from the world outside. */
#ifndef FAULTZONE_LIVE_STRAYS_H
#define FAULTZONE_LIVE_STRAYS_H

#include "base/endpoint.h"

#define STRAYS_MAX 64 /* different ones; more are only counted */

enum stray_kind { STRAY_TCP, STRAY_UDP, STRAY_PING };

struct stray {
    enum stray_kind kind;
    struct endpoint to; /* port 0 for STRAY_PING */
    uint64_t count;
};

struct strays {
    struct stray items[STRAYS_MAX]; /* in order of first appearance */
    size_t count;
    uint64_t more; /* packets that found no room */
};

/* What the IP packet `packet` asks for: a TCP connection, an answer to a datagram or to a ping.
 * False for all else, fragments and malformed packets included. `ret->count` is 1. */
bool strays_read(struct bytes packet, struct stray *ret);

/* Adds up. */
void strays_note(struct strays *strays, const struct stray *stray);

/* "TCP", "UDP" or "ping". */
const char *stray_kind_name(enum stray_kind kind);

#endif
