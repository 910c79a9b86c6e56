/* The virtual host: time jumps to the next due thing. Among things due at the same instant packets
 * come before wakes, packets in the order they were filed, seats in the order they were seated. */
#ifndef FAULTZONE_SIM_VIRTUAL_H
#define FAULTZONE_SIM_VIRTUAL_H

#include "sim/world.h"

/* Runs `world` until a limit ends it; returns the world's clock and sets `world->ended`. What is
 * due at `until` still happens. With nothing left to happen the clock goes to `until` at once, or,
 * if that is NEVER, stays. Packets that are still on their way stay there for the next run. */
instant_ns virtual_run(struct world *world, const struct run_limits *limits);

#endif
