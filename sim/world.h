/* Who sits where, and what happens to them. A world is the same for both hosts: they decide when,
 * the world does it. */
#ifndef FAULTZONE_SIM_WORLD_H
#define FAULTZONE_SIM_WORLD_H

#include "base/arena.h"
#include "base/machine.h"
#include "base/trace.h"
#include "sim/transit.h"

#define WORLD_SEATS_MAX        256
#define WORLD_ADDRESSES_MAX    1024    /* of all seats together */
#define WORLD_EVENTS_DEFAULT   1000000 /* of a run in virtual time that sets no limit */
#define WORLD_SIMULTANEOUS_MAX 100000  /* events at one instant of virtual time */

struct mangler;

struct seat {
    const char *name; /* outlives the world */
    struct machine *machine;
    const struct address *addresses; /* borrowed */
    size_t address_count;
};

enum run_end {
    RUN_DONE,   /* `done` said so */
    RUN_UNTIL,  /* `until` came */
    RUN_IDLE,   /* nothing in flight and nobody wants to be woken, and `until` is NEVER */
    RUN_EVENTS, /* `events_max` reached, or time stands still: something does not come to rest */
};

struct run_limits {
    instant_ns until;    /* stop here; the world's clock then stands at `until` */
    uint64_t events_max; /* 0: WORLD_EVENTS_DEFAULT in virtual time, no limit in a live run */
    /* Asked before the first event and after every one; NULL: never done. It may look at machines
     * but not change what they wait for. */
    bool (*done)(void *context);
    void *context;
};

struct world {
    struct seat seats[WORLD_SEATS_MAX];
    size_t seat_count;
    struct transit *transit;
    struct trace *trace; /* may be NULL */
    struct outbox *outbox;
    instant_ns now;
    uint64_t events;             /* since the reset */
    enum run_end ended;          /* why the last run stopped */
    struct world_index *index;   /* address to seat */
    const struct seat *anywhere; /* who sits at every address that nobody took; NULL: nobody */
    const struct seat *watcher;  /* who is shown what others send; NULL: nobody */
    struct mangler *mangler;     /* who meddles with answers to one asker; NULL: nobody */
    void *host;                  /* the live host's own, NULL in virtual time */
};

/* What both hosts are: virtual_run and live_run. Returns the world's clock, sets `world->ended`. */
typedef instant_ns host_run(struct world *world, const struct run_limits *limits);

/* An empty world in memory of `arena`; NULL if exhausted. `transit` and `trace` are borrowed. */
struct world *world_new(struct arena *arena, struct transit *transit, struct trace *trace);

/* Seats a machine (borrowed) at its addresses. False if the world is full or an address is taken.
 */
bool world_seat(struct world *world, const struct seat *seat);

/* Lets the seat at `known`, an address of a seat's, be at further addresses too: `addresses`
 * (borrowed) are all that it has from now on, those that it had being the first. False, and nothing
 * has changed, if the world is full or one is taken. */
bool world_extend_seat(struct world *world, const struct address *known,
                       const struct address *addresses, size_t count);

/* Seats a machine at every address that has no seat of its own, now or later: at most once. False
 * if the world is full. */
bool world_seat_anywhere(struct world *world, const struct seat *seat);

/* Seats a machine that is shown every packet sent, through `see` with `context` (transit_watch):
 * nothing else may change when it wants to be woken. At most once. False if the world is full. */
bool world_seat_watcher(struct world *world, const struct seat *seat, transit_see *see,
                        void *context);

/* Who sits at `address`, NULL if nobody does: packets to nobody are lost as "no route". */
const struct seat *world_find(const struct world *world, const struct address *address);

/* Sets the clock to 0 and empties transit; seats stay, and reset their machines themselves. */
void world_reset(struct world *world, uint64_t seed);

/* --- for hosts --- */

/* Wakes the machine of `seat` at `world->now` and sends off what it puts into the outbox. */
void world_wake(struct world *world, const struct seat *seat);

/* Hands `packet` to whom it is addressed, recording ARRIVED, and sends off the replies; or records
 * LOST as "no route". Returns the seat, NULL if nobody sits there. */
const struct seat *world_deliver(struct world *world, const struct packet *packet, uint64_t flight);

/* Records the loss of a packet that was on its way. */
void world_lose(struct world *world, const struct packet *packet, uint64_t flight, const char *why);

#endif
