/* See the header. Packets that leave the members' clients pass a gate: each address has an instant
 * from which on it may be asked again. What would be kept back longer than a client waits does not
 * leave at all: the client asks again, as if it had been lost. That means that too many ask at
 * once, so half of the members pause; with every customer that is done after that, one more may
 * work again. */
#include "inspect/crowd.h"

#include <assert.h>

#include "inspect/survey.h"

#define MEMBER_OCTETS ((size_t)2 * 1024 * 1024) /* of one customer's check */
#define HELD_MAX      512                       /* packets kept back */
#define HELD_OCTETS   600                       /* of one: a query, framed */
#define GATES         1024                      /* addresses remembered; a power of two */

struct member {
    struct inspector *inspector;
    struct arena arena;
    const struct inspection *inspection; /* NULL: idle */
    void *tag;
    instant_ns due; /* when the inspector wants to be woken */
    bool done;      /* it has a verdict that nobody was told yet */
};

/* When an address may be asked again. */
struct gate {
    struct address address;
    instant_ns open_at;
};

struct held {
    struct packet packet;
    uint8_t octets[HELD_OCTETS];
    instant_ns due;
};

struct crowd {
    struct machine machine;
    struct crowd_options options;
    struct member members[CROWD_MEMBERS_MAX];
    struct known_zones known;
    struct gate gates[GATES];
    struct held held[HELD_MAX];
    size_t held_count;
    size_t active;     /* members at work */
    size_t allowed;    /* to be at work */
    instant_ns cut_at; /* when that was last halved */
    bool exhausted;    /* there are no more customers */
    instant_ns started;
};

/* --- the gate --- */

static struct gate *gate_of(struct crowd *crowd, const struct address *address)
{
    struct gate *gate = &crowd->gates[address_hash(address) & (GATES - 1)];
    if (!address_equal(&gate->address, address)) {
        *gate = (struct gate){.address = *address}; /* who shares a place may come early */
    }
    return gate;
}

/* True for a packet that asks: a datagram, or what opens a connection. */
static bool is_limited(const struct crowd *crowd, const struct packet *packet)
{
    return crowd->options.rate_per_s > 0 && packet->kind == PACKET_DATA;
}

/* Keeps a packet back until `due`; without room it is as if it were lost. */
static void hold(struct crowd *crowd, const struct packet *packet, instant_ns due)
{
    if (crowd->held_count == HELD_MAX || packet->payload.size > HELD_OCTETS) {
        return;
    }
    struct held *held = &crowd->held[crowd->held_count++];
    held->packet = *packet;
    held->due = due;
    memcpy(held->octets, packet->payload.data, packet->payload.size);
}

/* Too many ask the same at once. */
static void slow_down(struct crowd *crowd, instant_ns now)
{
    if (now < instant_after(crowd->cut_at, INSPECTOR_SERVER_TIMEOUT)) {
        return;
    }
    crowd->cut_at = now;
    crowd->allowed = crowd->active > 1 ? crowd->active / 2 : 1;
}

/* True if the packet may leave now; else it is kept back. */
static bool pass(struct crowd *crowd, const struct packet *packet, instant_ns now)
{
    if (!is_limited(crowd, packet)) {
        return true;
    }
    const duration_ns apart = NS_PER_S / crowd->options.rate_per_s;
    struct gate *gate = gate_of(crowd, &packet->to.address);
    const instant_ns due = gate->open_at > now ? gate->open_at : now;
    if (due - now > INSPECTOR_SERVER_TIMEOUT) {
        slow_down(crowd, now);
        return false; /* asked for again by then: it need not go out at all */
    }
    gate->open_at = due + apart;
    if (due > now) {
        hold(crowd, packet, due);
    }
    return due == now;
}

/* Takes those of the outbox's packets from `first` on away that may not leave yet. */
static void sift(struct crowd *crowd, struct outbox *outbox, size_t first, instant_ns now)
{
    size_t kept = first;
    for (size_t i = first; i < outbox->count; i++) {
        const struct packet packet = outbox->packets[i];
        if (pass(crowd, &packet, now)) {
            outbox->packets[kept++] = packet;
        }
    }
    outbox->count = kept;
}

static void release(struct crowd *crowd, struct outbox *outbox, instant_ns now)
{
    size_t kept = 0;
    for (size_t i = 0; i < crowd->held_count; i++) {
        struct held *held = &crowd->held[i];
        if (held->due <= now) {
            const struct packet *packet = &held->packet;
            outbox_send_copy(outbox, &packet->from, &packet->to, packet->transport,
                             bytes_of(held->octets, packet->payload.size));
        } else {
            crowd->held[kept++] = *held;
        }
    }
    crowd->held_count = kept;
}

/* --- members --- */

/* Notes what a member waits for: asking all of them at every packet would cost more than the checks
 * do. */
static void note(struct member *member)
{
    member->due = machine_deadline(inspector_machine(member->inspector));
    member->done = member->inspection != NULL && inspector_is_done(member->inspector);
}

static bool may_start(const struct crowd *crowd)
{
    return !crowd->exhausted && crowd->active < crowd->allowed;
}

static void start_next(struct crowd *crowd, struct member *member, instant_ns now)
{
    struct plan plan;
    arena_reset(&member->arena);
    member->inspection = NULL;
    while (member->inspection == NULL && may_start(crowd)) {
        if (!crowd->options.next(crowd->options.context, &member->arena, &plan, &member->tag)) {
            crowd->exhausted = true;
            break;
        }
        member->inspection = inspector_start(member->inspector, &plan, &member->arena, now);
        crowd->active += member->inspection != NULL;
    }
    note(member);
}

static void finish(struct crowd *crowd, struct member *member)
{
    known_zones_learn(&crowd->known, member->inspection);
    crowd->options.finished(crowd->options.context, member->tag, member->inspection);
    member->inspection = NULL;
    member->done = false;
    crowd->active--;
    crowd->allowed += crowd->allowed < crowd->options.members;
}

/* Tells what is finished, and goes on. */
static void turn_over(struct crowd *crowd, instant_ns now)
{
    for (size_t i = 0; i < crowd->options.members; i++) {
        struct member *member = &crowd->members[i];
        if (member->inspection == NULL && may_start(crowd)) {
            start_next(crowd, member, now);
        }
        while (member->done) {
            finish(crowd, member);
            start_next(crowd, member, now);
        }
    }
}

static void step_member(struct member *member, const struct event *event, struct outbox *outbox)
{
    machine_step(inspector_machine(member->inspector), event, outbox);
    note(member);
}

/* A packet is for him who waits for it. One that nobody waits for is seen by all. */
static void step_packet(struct crowd *crowd, const struct event *event, struct outbox *outbox)
{
    for (size_t i = 0; i < crowd->options.members; i++) {
        if (inspector_awaits(crowd->members[i].inspector, &event->packet)) {
            step_member(&crowd->members[i], event, outbox);
            return;
        }
    }
    for (size_t i = 0; i < crowd->options.members; i++) {
        step_member(&crowd->members[i], event, outbox);
    }
}

static void wake_due(struct crowd *crowd, instant_ns now, struct outbox *outbox)
{
    const struct event wake = {.kind = EVENT_WAKE, .now = now};
    for (size_t i = 0; i < crowd->options.members; i++) {
        if (crowd->members[i].due <= now) {
            step_member(&crowd->members[i], &wake, outbox);
        }
    }
}

static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct crowd *crowd = (struct crowd *)machine;
    const size_t first = outbox->count;
    if (event->kind == EVENT_PACKET) {
        step_packet(crowd, event, outbox);
    }
    wake_due(crowd, event->now, outbox);
    turn_over(crowd, event->now);
    wake_due(crowd, event->now, outbox); /* who has just begun puts his questions at once */
    sift(crowd, outbox, first, event->now);
    release(crowd, outbox, event->now);
}

static instant_ns deadline(const struct machine *machine)
{
    const struct crowd *crowd = (const struct crowd *)machine;
    instant_ns earliest = NEVER;
    for (size_t i = 0; i < crowd->options.members; i++) {
        const struct member *member = &crowd->members[i];
        if (member->done) {
            return crowd->started; /* at once */
        }
        earliest = instant_earlier(earliest, member->due);
    }
    for (size_t i = 0; i < crowd->held_count; i++) {
        earliest = instant_earlier(earliest, crowd->held[i].due);
    }
    return earliest;
}

static const struct machine_ops ops = {step, deadline};

/* As many as were asked for, or as there is memory for; returns how many. */
static size_t add_members(struct crowd *crowd, struct arena *arena)
{
    size_t count = 0;
    while (count < crowd->options.members) {
        struct member *member = &crowd->members[count];
        member->inspector = inspector_new(arena, &crowd->options.inspector);
        if (member->inspector == NULL || !arena_carve(arena, MEMBER_OCTETS, &member->arena)) {
            break;
        }
        count++;
    }
    return count;
}

struct crowd *crowd_new(struct arena *arena, const struct crowd_options *options, instant_ns now)
{
    assert(options->members > 0 && options->members <= CROWD_MEMBERS_MAX);
    struct crowd *crowd = ARENA_NEW(arena, struct crowd);
    if (crowd == NULL) {
        return NULL;
    }
    crowd->machine.ops = &ops;
    crowd->options = *options;
    crowd->options.inspector.known = &crowd->known;
    crowd->started = now;
    crowd->options.members = add_members(crowd, arena);
    if (crowd->options.members == 0) {
        return NULL;
    }
    const bool any_pace = options->rate_per_s == 0;
    crowd->allowed = any_pace ? crowd->options.members : 1; /* the pace is found out */
    for (size_t i = 0; i < crowd->options.members; i++) {
        start_next(crowd, &crowd->members[i], now);
    }
    return crowd;
}

struct machine *crowd_machine(struct crowd *crowd)
{
    return &crowd->machine;
}

bool crowd_is_done(const struct crowd *crowd)
{
    for (size_t i = 0; i < crowd->options.members; i++) {
        if (crowd->members[i].inspection != NULL) {
            return false;
        }
    }
    return crowd->exhausted;
}
