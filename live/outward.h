/* The host of a single machine that asks the real internet: it has no world of its own, no seats
 * and no faults, only the system's sockets and the monotonic clock. What the machine sends from its
 * port leaves from a socket of that port, or of any other where that one is taken; the machine does
 * not notice. Datagrams are taken from anybody, so that the machine sees what forgers send. */
#ifndef FAULTZONE_LIVE_OUTWARD_H
#define FAULTZONE_LIVE_OUTWARD_H

#include "base/arena.h"
#include "base/machine.h"

struct outward;

/* A host in memory of `arena`; NULL if exhausted. */
struct outward *outward_new(struct arena *arena);

/* Nanoseconds since the host was made: what to start the machine at. */
instant_ns outward_now(const struct outward *outward);

/* Whether the system has a way to addresses of a family: ADDRESS_V4 or ADDRESS_V6. */
bool outward_reaches(uint8_t family);

/* Runs `machine` until `done(context)` says so or it has no deadline any more. False if the system
 * gives no sockets at all. */
bool outward_run(struct outward *outward, struct machine *machine, bool (*done)(void *context),
                 void *context);

/* Closes all sockets. */
void outward_close(struct outward *outward);

#endif
