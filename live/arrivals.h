/* What the wire tells the host: this came, that left, that never will arrive. */
#ifndef FAULTZONE_LIVE_ARRIVALS_H
#define FAULTZONE_LIVE_ARRIVALS_H

#include "base/machine.h"

struct arrivals {
    /* Datagrams came; those of one batch are told one after another. */
    void (*woke)(void *context);
    /* `packet` came out of a socket, in simulated terms; borrowed for the call. `flight` is 0 for
     * what comes from outside. May send. */
    void (*arrived)(void *context, const struct packet *packet, uint64_t flight);
    /* `packet` was for outside, and the system took it. */
    void (*left)(void *context, const struct packet *packet, uint64_t flight);
    /* `packet` was put on the wire and is gone; `why` is static. */
    void (*lost)(void *context, const struct packet *packet, uint64_t flight, const char *why);
    /* A connection from outside came into being, or ended without its ends saying so. */
    void (*opened)(void *context, const struct endpoint *opener, const struct endpoint *accepter);
    void (*ended)(void *context, const struct endpoint *opener, const struct endpoint *accepter);
    void *context;
};

#define LOST_BY_SYSTEM "lost by the system"
#define LOST_NO_SOCKET "no socket left"

#endif
