/* Among things due at the same instant packets come before wakes, packets in the order they were
 * filed, seats in the order they were seated. */
#include "sim/round.h"

void round_start(struct round *round, struct world *world, const struct run_limits *limits,
                 uint64_t events_default)
{
    round->world = world;
    round->limits = limits;
    round->events_left = limits->events_max > 0 ? limits->events_max : events_default;
    round->simultaneous = 0;
    for (size_t i = 0; i < world->seat_count; i++) {
        round_ask(round, &world->seats[i]);
    }
}

void round_ask(struct round *round, const struct seat *seat)
{
    round->deadlines[seat - round->world->seats] = machine_deadline(seat->machine);
}

/* The earliest deadline, and whose it is: the first seated among equals. */
static instant_ns earliest(const struct round *round, size_t *ret_seat)
{
    instant_ns due = NEVER;
    for (size_t i = 0; i < round->world->seat_count; i++) {
        if (round->deadlines[i] < due) {
            due = round->deadlines[i];
            *ret_seat = i;
        }
    }
    const struct seat *watcher = round->world->watcher;
    if (watcher != NULL && machine_deadline(watcher->machine) < due) {
        due = machine_deadline(watcher->machine);
        *ret_seat = (size_t)(watcher - round->world->seats);
    }
    return due;
}

instant_ns round_due(const struct round *round)
{
    size_t seat;
    return instant_earlier(transit_due(round->world->transit), earliest(round, &seat));
}

bool round_is_done(const struct round *round)
{
    return round->limits->done != NULL && round->limits->done(round->limits->context);
}

/* Moves the clock to `due`, never back. False if too much has happened. */
static bool advance(struct round *round, instant_ns due)
{
    if (due > round->world->now) {
        round->world->now = due;
        round->simultaneous = 0;
    }
    if (round->events_left == 0 || round->simultaneous == WORLD_SIMULTANEOUS_MAX) {
        return false;
    }
    round->events_left--;
    round->simultaneous++;
    return true;
}

static bool end(struct round *round, enum run_end why)
{
    round->world->ended = why;
    return false;
}

static void let_arrive(struct round *round)
{
    struct packet packet;
    uint64_t flight;
    if (transit_take(round->world->transit, round->world->now, &packet, &flight)) {
        round->carry(round, &packet, flight);
    }
}

static void wake(struct round *round, const struct seat *seat)
{
    world_wake(round->world, seat);
    round_ask(round, seat);
}

bool round_turn(struct round *round)
{
    struct world *world = round->world;
    const instant_ns until = round->limits->until;
    const instant_ns packet_due = transit_due(world->transit);
    size_t waker = 0;
    const instant_ns due = instant_earlier(packet_due, earliest(round, &waker));
    if (due == NEVER && until == NEVER) {
        return end(round, RUN_IDLE);
    }
    if (due > until) {
        world->now = world->now < until ? until : world->now;
        return end(round, RUN_UNTIL);
    }
    if (!advance(round, due)) {
        return end(round, RUN_EVENTS);
    }
    if (packet_due <= world->now) {
        let_arrive(round);
    } else {
        wake(round, &world->seats[waker]);
    }
    return true;
}

void round_deliver(struct round *round, const struct packet *packet, uint64_t flight)
{
    const struct seat *seat = world_deliver(round->world, packet, flight);
    if (seat != NULL) {
        round_ask(round, seat);
    }
}
