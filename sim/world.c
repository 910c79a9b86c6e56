/* Seats, their index by address, and the one step that both hosts take: event in, outbox out. */
#include "sim/world.h"

#include <assert.h>

#include "sim/mangler.h"

#define INDEX_SLOTS ((size_t)2 * WORLD_ADDRESSES_MAX)

/* An open hash table of addresses. */
struct world_index {
    struct {
        struct address address;
        uint16_t seat; /* index + 1, 0 is free */
    } slots[INDEX_SLOTS];
    size_t count;
};

struct world *world_new(struct arena *arena, struct transit *transit, struct trace *trace)
{
    struct world *world = ARENA_NEW(arena, struct world);
    struct world_index *index = ARENA_NEW(arena, struct world_index);
    struct outbox *outbox = ARENA_NEW(arena, struct outbox);
    if (world == NULL || index == NULL || outbox == NULL) {
        return NULL;
    }
    world->transit = transit;
    world->trace = trace;
    world->index = index;
    world->outbox = outbox;
    return world;
}

/* The slot of `address`, or the free one where it belongs. */
static size_t slot_of(const struct world_index *index, const struct address *address)
{
    size_t slot = (size_t)(address_hash(address) % INDEX_SLOTS);
    while (index->slots[slot].seat != 0 && !address_equal(&index->slots[slot].address, address)) {
        slot = (slot + 1) % INDEX_SLOTS;
    }
    return slot;
}

const struct seat *world_find(const struct world *world, const struct address *address)
{
    const uint16_t seat = world->index->slots[slot_of(world->index, address)].seat;
    return seat == 0 ? world->anywhere : &world->seats[seat - 1];
}

static bool has_room_for(const struct world *world, const struct seat *seat)
{
    if (world->seat_count == WORLD_SEATS_MAX ||
        seat->address_count > WORLD_ADDRESSES_MAX - world->index->count) {
        return false;
    }
    for (size_t i = 0; i < seat->address_count; i++) {
        if (world->index->slots[slot_of(world->index, &seat->addresses[i])].seat != 0) {
            return false;
        }
    }
    return true;
}

bool world_seat(struct world *world, const struct seat *seat)
{
    assert(seat->name != NULL && seat->machine != NULL);
    if (!has_room_for(world, seat)) {
        return false;
    }
    struct world_index *index = world->index;
    world->seats[world->seat_count++] = *seat;
    for (size_t i = 0; i < seat->address_count; i++) {
        const size_t slot = slot_of(index, &seat->addresses[i]);
        index->count += index->slots[slot].seat == 0;
        index->slots[slot].address = seat->addresses[i];
        index->slots[slot].seat = (uint16_t)world->seat_count;
    }
    return true;
}

bool world_extend_seat(struct world *world, const struct address *known,
                       const struct address *addresses, size_t count)
{
    struct world_index *index = world->index;
    const uint16_t number = index->slots[slot_of(index, known)].seat;
    assert(number > 0);
    struct seat *seat = &world->seats[number - 1];
    assert(count >= seat->address_count);
    if (count - seat->address_count > WORLD_ADDRESSES_MAX - index->count) {
        return false;
    }
    for (size_t i = seat->address_count; i < count; i++) {
        if (index->slots[slot_of(index, &addresses[i])].seat != 0) {
            return false;
        }
    }
    for (size_t i = seat->address_count; i < count; i++) {
        const size_t slot = slot_of(index, &addresses[i]);
        index->count += index->slots[slot].seat == 0; /* the same one may be there twice */
        index->slots[slot].address = addresses[i];
        index->slots[slot].seat = number;
    }
    seat->addresses = addresses;
    seat->address_count = count;
    return true;
}

bool world_seat_anywhere(struct world *world, const struct seat *seat)
{
    assert(seat->name != NULL && seat->machine != NULL && world->anywhere == NULL);
    if (world->seat_count == WORLD_SEATS_MAX) {
        return false;
    }
    world->seats[world->seat_count] = *seat;
    world->anywhere = &world->seats[world->seat_count++];
    return true;
}

bool world_seat_watcher(struct world *world, const struct seat *seat, transit_see *see,
                        void *context)
{
    assert(world->watcher == NULL);
    if (!world_seat(world, seat)) {
        return false;
    }
    world->watcher = &world->seats[world->seat_count - 1];
    transit_watch(world->transit, see, context);
    return true;
}

void world_reset(struct world *world, uint64_t seed)
{
    world->now = 0;
    world->events = 0;
    world->ended = RUN_IDLE;
    transit_reset(world->transit, seed);
}

/* --- events --- */

static void send(struct world *world, const struct seat *seat, const struct packet *packet)
{
    struct mangler *mangler = world->mangler;
    if (mangler != NULL &&
        mangler_takes(mangler, packet, world_find(world, &packet->to.address) == NULL)) {
        mangler_send(mangler, world->transit, seat->name, packet, world->now);
    } else {
        transit_send(world->transit, seat->name, packet, world->now);
    }
}

static void step(struct world *world, const struct seat *seat, const struct event *event)
{
    struct outbox *outbox = world->outbox;
    outbox_clear(outbox);
    world->events++;
    machine_step(seat->machine, event, outbox);
    for (size_t i = 0; i < outbox->count; i++) {
        send(world, seat, &outbox->packets[i]);
    }
    if (outbox->dropped > 0) {
        trace_put(world->trace, &(struct trace_entry){.at = world->now,
                                                      .kind = TRACE_LOST,
                                                      .who = seat->name,
                                                      .what = "outbox full",
                                                      .number = outbox->dropped});
    }
}

void world_wake(struct world *world, const struct seat *seat)
{
    step(world, seat, &(struct event){.kind = EVENT_WAKE, .now = world->now});
}

static void record(struct world *world, enum trace_kind kind, const struct seat *seat,
                   const struct packet *packet, uint64_t flight, const char *what)
{
    if (world->trace != NULL) {
        trace_put(world->trace, &(struct trace_entry){.at = world->now,
                                                      .kind = kind,
                                                      .who = seat != NULL ? seat->name : "nobody",
                                                      .what = what,
                                                      .flight = flight,
                                                      .packet = *packet});
    }
}

void world_lose(struct world *world, const struct packet *packet, uint64_t flight, const char *why)
{
    record(world, TRACE_LOST, world_find(world, &packet->from.address), packet, flight, why);
}

const struct seat *world_deliver(struct world *world, const struct packet *packet, uint64_t flight)
{
    const struct seat *seat = world_find(world, &packet->to.address);
    if (seat == NULL) {
        world->events++;
        world_lose(world, packet, flight, "no route");
        return NULL;
    }
    record(world, TRACE_ARRIVED, seat, packet, flight, NULL);
    step(world, seat, &(struct event){.kind = EVENT_PACKET, .now = world->now, .packet = *packet});
    return seat;
}
