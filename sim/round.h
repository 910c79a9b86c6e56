/* What both hosts do at each turn of their loops: find the next due thing, move the clock, let it
 * happen. They differ in how a packet is carried to its addressee. */
#ifndef FAULTZONE_SIM_ROUND_H
#define FAULTZONE_SIM_ROUND_H

#include "sim/world.h"

/* One run. Every machine's deadline is asked at the start and again after its own step only:
 * nothing else may change it during a run. The world's watcher, which is shown what others send, is
 * asked at every turn. */
struct round {
    struct world *world;
    const struct run_limits *limits;
    uint64_t events_left;
    uint64_t simultaneous; /* events since the clock moved */
    instant_ns deadlines[WORLD_SEATS_MAX];
    /* Brings a packet, just taken from transit, to its addressee: now, or later through `host`. */
    void (*carry)(struct round *round, const struct packet *packet, uint64_t flight);
    void *host;
};

/* Starts a run of `world` within `limits` (both borrowed); `events_max` 0 stands for
 * `events_default`. The caller sets `carry` and `host`. */
void round_start(struct round *round, struct world *world, const struct run_limits *limits,
                 uint64_t events_default);

/* Asks again when the machine of `seat` (one of the world's) wants to be woken. */
void round_ask(struct round *round, const struct seat *seat);

/* When the next packet or wake is due, NEVER if nothing is. */
instant_ns round_due(const struct round *round);

/* True if the limits say that the run has reached its end. */
bool round_is_done(const struct round *round);

/* Lets the next thing happen, moving the clock to it; false if none may, with the reason in
 * `world->ended` and the clock where the limits want it. */
bool round_turn(struct round *round);

/* Hands a packet to its addressee's machine. */
void round_deliver(struct round *round, const struct packet *packet, uint64_t flight);

#endif
