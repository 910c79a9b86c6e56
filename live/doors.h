/* Where the world can be reached: sockets for port 53 of every seat, UDP and TCP at the same real
 * port, and one more pair at the port that the user chose. */
#ifndef FAULTZONE_LIVE_DOORS_H
#define FAULTZONE_LIVE_DOORS_H

#include "base/diag.h"
#include "live/tcp.h"
#include "live/udp.h"
#include "sim/world.h"

#define DOOR_TRIES_MAX 32 /* to find a port that is free for both UDP and TCP */

enum { DNS_PORT = 53 };

struct doors {
    struct udp *udp;
    struct tcp *tcp;
    bool is_sealed;            /* a door stands at its simulated address */
    const char *const *absent; /* seats without doors, ended by NULL; NULL: none */
    struct endpoint published; /* simulated */
    struct endpoint published_at;
};

/* Opens the doors of all seats: at ::1 for IPv6 addresses where the system has it, else at
 * 127.0.0.1. */
bool doors_open_seats(struct doors *doors, const struct world *world, struct diag *reterr);

/* The same for one seat. */
bool doors_open_seat(struct doors *doors, const struct seat *seat, struct diag *reterr);

/* Opens a door to the seat called `name` at `real`, whose port may be 0: on loopback, or where
 * there is a list of who is allowed, at any address but a wildcard; to the seat's address of the
 * same family, if it has one. */
bool doors_publish(struct doors *doors, const struct world *world, const char *name,
                   const struct endpoint *real, struct diag *reterr);

#endif
