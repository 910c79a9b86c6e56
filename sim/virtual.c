/* A flat loop: a packet that is due is delivered at once. */
#include "sim/virtual.h"

#include "sim/round.h"

instant_ns virtual_run(struct world *world, const struct run_limits *limits)
{
    struct round round;
    round_start(&round, world, limits, WORLD_EVENTS_DEFAULT);
    round.carry = round_deliver;
    round.host = NULL;
    while (!round_is_done(&round)) {
        if (!round_turn(&round)) {
            return world->now;
        }
    }
    world->ended = RUN_DONE;
    return world->now;
}
