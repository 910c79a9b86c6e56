/* The pool of lookups and the clients behind them. */
#include "resolver/lookups.h"

#include "resolver/errands.h"

#include <assert.h>

bool lookups_init(struct lookups *lookups, struct arena *arena, const struct policy *policy)
{
    lookups->max = policy->lookups_max;
    lookups->waiter_max = policy->waiting_max;
    lookups->items = ARENA_NEW_ARRAY(arena, struct lookup, lookups->max);
    lookups->waiter_items = ARENA_NEW_ARRAY(arena, struct waiter, lookups->waiter_max);
    lookups_reset(lookups);
    return lookups->items != NULL && lookups->waiter_items != NULL;
}

void lookups_reset(struct lookups *lookups)
{
    lookups->oldest = NULL;
    lookups->newest = NULL;
    lookups->free = NULL;
    lookups->free_waiters = NULL;
    lookups->fresh = 0;
    lookups->fresh_waiters = 0;
    lookups->last_serial = 0;
}

/* One that is free, NULL if none is. */
static struct lookup *take_free(struct lookups *lookups)
{
    struct lookup *lookup = lookups->free;
    if (lookup != NULL) {
        lookups->free = lookup->next;
    } else if (lookups->fresh < lookups->max) {
        lookup = &lookups->items[lookups->fresh++];
    }
    return lookup;
}

static bool has_free_waiter(const struct lookups *lookups)
{
    return lookups->free_waiters != NULL || lookups->fresh_waiters < lookups->waiter_max;
}

static struct waiter *take_waiter(struct lookups *lookups)
{
    struct waiter *waiter = lookups->free_waiters;
    if (waiter == NULL) {
        assert(lookups->fresh_waiters < lookups->waiter_max);
        return &lookups->waiter_items[lookups->fresh_waiters++];
    }
    lookups->free_waiters = waiter->next;
    return waiter;
}

/* --- the list of those under way --- */

static void enlist(struct lookups *lookups, struct lookup *lookup)
{
    lookup->next = NULL;
    if (lookups->newest != NULL) {
        lookups->newest->next = lookup;
    } else {
        lookups->oldest = lookup;
    }
    lookups->newest = lookup;
}

static void discharge(struct lookups *lookups, struct lookup *lookup)
{
    struct lookup *before = NULL;
    for (struct lookup *it = lookups->oldest; it != lookup; it = it->next) {
        assert(it != NULL);
        before = it;
    }
    if (before != NULL) {
        before->next = lookup->next;
    } else {
        lookups->oldest = lookup->next;
    }
    if (lookups->newest == lookup) {
        lookups->newest = before;
    }
    lookup->next = lookups->free;
    lookups->free = lookup;
}

static void count(struct resolver_counters *counters, const struct lookup *lookup,
                  const struct finding *finding)
{
    if (lookup->queries == 0 && finding->failure == NULL) {
        counters->cache_answers++;
    }
    if (lookup->queries > counters->upstream_queries_worst) {
        counters->upstream_queries_worst = lookup->queries;
    }
}

void lookups_finish(struct context *context, struct lookup *lookup, const struct finding *finding)
{
    struct lookups *lookups = context->lookups;
    struct waiter *waiter = lookup->waiters;
    while (waiter != NULL) {
        struct waiter *next = waiter->next;
        if (!waiter->gone) {
            answer_send(context, &waiter->asker, finding);
        }
        waiter->next = lookups->free_waiters;
        lookups->free_waiters = waiter;
        waiter = next;
    }
    if (lookup->sender != NULL) {
        errands_return(lookup);
    } else {
        count(&context->counters, lookup, finding);
    }
    lookup->waiters = NULL;
    discharge(lookups, lookup);
}

/* --- lookups that wait for one another --- */

const struct exchange *lookups_find_twin(const struct lookups *lookups, const struct lookup *lookup,
                                         const struct address *server)
{
    const struct level *wants = &lookup->levels[lookup->depth - 1];
    const struct name *name = level_asked_name(wants);
    const uint16_t type = level_asked_type(wants);
    for (const struct lookup *it = lookups->oldest; it != NULL; it = it->next) {
        const struct level *top = &it->levels[it->depth - 1];
        if (it != lookup && top->state == LEVEL_WAIT && top->exchange.type == type &&
            top->exchange.dnssec_ok == lookup_wants_proof(lookup) &&
            top->exchange.unchecked == lookup_wants_unchecked(lookup) &&
            address_equal(&top->exchange.server.address, server) &&
            name_equal(top->exchange.name, name)) {
            return &top->exchange;
        }
    }
    return NULL;
}

static bool has_lost_twin(const struct level *level)
{
    return level->state == LEVEL_TWIN &&
           (!level->twin->open || level->twin->serial != level->twin_serial);
}

/* True if something has happened to it while others had their turn: its twin has ended, it is an
 * errand that has not begun or has lost its sender, or an errand of its own is over. */
static bool needs_turn(struct lookup *lookup)
{
    const struct level *top = lookup_top(lookup);
    return has_lost_twin(top) || top->state == LEVEL_BEGIN || lookup->has_news ||
           errand_is_vain(lookup);
}

/* The oldest that does. */
static struct lookup *find_next(const struct lookups *lookups)
{
    struct lookup *lookup = lookups->oldest;
    while (lookup != NULL && !needs_turn(lookup)) {
        lookup = lookup->next;
    }
    return lookup;
}

static void give_turn(struct context *context, struct lookup *lookup)
{
    if (errand_is_vain(lookup)) {
        errand_cancel(context, lookup);
    } else if (lookup->has_news) {
        errands_take_news(context, lookup);
    } else {
        lookup_top(lookup)->state = LEVEL_BEGIN;
        lookup_run(context, lookup);
    }
}

/* After each event: lookups that wait for one another go on until none has reason to. */
static void settle(struct context *context)
{
    struct lookup *lookup;
    while ((lookup = find_next(context->lookups)) != NULL) {
        give_turn(context, lookup);
    }
}

/* --- clients --- */

static bool asks_the_same(const struct lookup *lookup, const struct asker *asker)
{
    return lookup->sender == NULL && lookup->type == asker->type &&
           lookup->dnssec_ok == asker->dnssec_ok &&
           lookup->snoops == ((asker->flags & MESSAGE_RD) == 0) &&
           lookup->unchecked == ((asker->flags & MESSAGE_CD) != 0) &&
           name_equal(&lookup->name, &asker->name);
}

static struct lookup *find_same(const struct lookups *lookups, const struct asker *asker)
{
    for (struct lookup *it = lookups->oldest; it != NULL; it = it->next) {
        if (asks_the_same(it, asker)) {
            return it;
        }
    }
    return NULL;
}

/* True for a client's repetition of a question that it waits for already. */
static bool waits_already(const struct lookup *lookup, const struct asker *asker)
{
    for (const struct waiter *it = lookup->waiters; it != NULL; it = it->next) {
        if (it->asker.id == asker->id && it->asker.transport == asker->transport &&
            endpoint_equal(&it->asker.client, &asker->client)) {
            return true;
        }
    }
    return false;
}

static void add_waiter(struct lookups *lookups, struct lookup *lookup, const struct asker *asker)
{
    struct waiter *waiter = take_waiter(lookups);
    assert(lookup != NULL);
    waiter->gone = false;
    waiter->asker = *asker;
    waiter->next = NULL;
    struct waiter **end = &lookup->waiters;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = waiter;
    lookup->waiter_count++;
}

static void turn_away(struct context *context, const struct asker *asker)
{
    struct failure failure;
    failure_say(&failure, EDE_OTHER, "too many clients", "too many clients wait for answers");
    const struct finding finding = {.rcode = RCODE_SERVFAIL, .failure = &failure};
    answer_send(context, asker, &finding);
}

static void join(struct context *context, struct lookup *lookup, const struct asker *asker)
{
    if (waits_already(lookup, asker)) {
        return;
    }
    if (lookup->waiter_count >= context->policy.clients_max || !has_free_waiter(context->lookups)) {
        turn_away(context, asker);
        return;
    }
    TELL(context, .what = "join", .name = name_bytes(&asker->name), .type = asker->type,
         .peer = asker->client, .note = "another client asked the same");
    add_waiter(context->lookups, lookup, asker);
}

/* Fails the oldest lookup to make room. The next who asks the same begins afresh: a flood must not
 * make names fail that it only crowded out. */
static void crowd_out(struct context *context)
{
    struct failure failure;
    failure_say(&failure, EDE_OTHER, "crowded out", "too many questions at a time");
    failure.passing = true;
    lookup_give_up(context, context->lookups->oldest, &failure);
}

struct lookup *lookups_add(struct lookups *lookups)
{
    struct lookup *lookup = take_free(lookups);
    if (lookup != NULL) {
        lookup->waiters = NULL;
        lookup->waiter_count = 0;
        lookup->serial = ++lookups->last_serial;
        enlist(lookups, lookup);
    }
    return lookup;
}

static struct lookup *take_lookup(struct context *context)
{
    struct lookup *lookup = lookups_add(context->lookups);
    if (lookup == NULL) {
        crowd_out(context);
        lookup = lookups_add(context->lookups);
    }
    return lookup;
}

void lookups_ask(struct context *context, const struct asker *asker)
{
    struct lookups *lookups = context->lookups;
    struct lookup *lookup = find_same(lookups, asker);
    if (lookup != NULL) {
        join(context, lookup, asker);
        return;
    }
    if (!has_free_waiter(lookups)) {
        turn_away(context, asker);
        return;
    }
    lookup = take_lookup(context);
    add_waiter(lookups, lookup, asker);
    lookup_start(lookup, &asker->name, asker->type, asker->dnssec_ok,
                 instant_after(context->now, context->policy.time_max));
    lookup->snoops = (asker->flags & MESSAGE_RD) == 0;
    lookup->unchecked = (asker->flags & MESSAGE_CD) != 0;
    lookup_run(context, lookup);
    settle(context);
}

void lookups_receive(struct context *context, struct exchange *exchange,
                     const struct packet *packet)
{
    lookup_receive(context, exchange->lookup, packet);
    settle(context);
}

/* The connection is over: all who wait on it are told. */
static void lose_upstream(struct context *context, struct upstream *upstream, enum packet_kind kind,
                          const char *why)
{
    const uint32_t serial = upstream->serial;
    const uint16_t port = upstream->local.port;
    struct exchange *exchange;
    upstreams_end(context, upstream, kind);
    while ((exchange = exchange_on(&context->exchanges, serial, port)) != NULL) {
        lookup_take(context, exchange->lookup, EXCHANGE_LOST, NULL, why);
    }
}

/* What comes of a message may close the connection, and even open another in its place. */
static void read_upstream(struct context *context, struct upstream *upstream, struct bytes chunk)
{
    const uint32_t serial = upstream->serial;
    while (upstream->open && upstream->serial == serial) {
        struct exchange *exchange;
        struct message message;
        const char *why = NULL;
        const enum exchange_outcome outcome =
            exchange_hear(context, upstream, &chunk, &exchange, &message, &why);
        if (outcome == EXCHANGE_WAITS) {
            return;
        }
        if (outcome == EXCHANGE_LOST) {
            lose_upstream(context, upstream, PACKET_CLOSE, why);
            return;
        }
        lookup_take(context, exchange->lookup, outcome, &message, why);
    }
}

void lookups_read(struct context *context, struct upstream *upstream, const struct packet *packet)
{
    switch (packet->kind) {
    case PACKET_DATA: read_upstream(context, upstream, packet->payload); break;
    case PACKET_CLOSE: lose_upstream(context, upstream, PACKET_CLOSE, "connection closed"); break;
    case PACKET_RESET:
        lose_upstream(context, upstream, PACKET_RESET,
                      upstream->heard ? "connection reset" : "connection refused");
        break;
    }
    settle(context);
}

void lookups_wake(struct context *context)
{
    struct lookup *next = NULL;
    for (struct lookup *it = context->lookups->oldest; it != NULL; it = next) {
        next = it->next;
        if (lookup_due(it) <= context->now) {
            lookup_wake(context, it);
        }
    }
    settle(context);
}

instant_ns lookups_deadline(const struct lookups *lookups)
{
    instant_ns due = NEVER;
    for (const struct lookup *it = lookups->oldest; it != NULL; it = it->next) {
        due = instant_earlier(due, lookup_due(it));
    }
    return due;
}

void lookups_client_gone(struct lookups *lookups, const struct endpoint *client)
{
    for (struct lookup *it = lookups->oldest; it != NULL; it = it->next) {
        for (struct waiter *waiter = it->waiters; waiter != NULL; waiter = waiter->next) {
            if (waiter->asker.transport == TRANSPORT_TCP &&
                endpoint_equal(&waiter->asker.client, client)) {
                waiter->gone = true;
            }
        }
    }
}
