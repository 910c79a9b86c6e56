/* The state machine of one resolution: its levels, and what comes of a query or does not. How it
 * begins is in lookup_begin.c and lookup_cached.c, whom it asks in lookup_ask.c, what servers are
 * asked in lookup_minimise.c, what replies
 * do to it in lookup_reply.c and, kind by kind, in lookup_answer.c, lookup_alias.c and
 * lookup_referral.c; how it ends in lookup_end.c and lookup_stale.c. */
#include "resolver/lookup.h"

#include <assert.h>

#include "resolver/errands.h"
#include "resolver/lookups.h"
#include "wire/rrtype.h"

/* --- levels --- */

void lookup_push(struct lookup *lookup, const struct name *name, uint16_t type)
{
    assert(lookup->depth <= POLICY_NESTING_MAX);
    struct level *level = &lookup->levels[lookup->depth++];
    level->state = LEVEL_BEGIN;
    name_copy(&level->name, name);
    level->type = type;
    level->restarts = 0;
    level->steps = 0;
    level_start_name(level);
    level->cut_short = false;
    level->exchange.lookup = lookup;
    level->exchange.open = false;
    delegation_start(&level->delegation, name_root());
}

void lookup_start(struct lookup *lookup, const struct name *name, uint16_t type, bool dnssec_ok,
                  instant_ns ends_at)
{
    lookup->dnssec_ok = dnssec_ok;
    lookup->primed = false;
    lookup->snoops = false;
    lookup->unchecked = false;
    lookup->ends_at = ends_at;
    lookup->sender = NULL;
    lookup->errands = 0;
    lookup->has_news = false;
    failure_start(&lookup->aside, NULL);
    lookup->queries = 0;
    lookup->addresses_sought = 0;
    lookup->servers_missing = 0;
    lookup->depth = 0;
    name_copy(&lookup->name, name);
    lookup->type = type;
    lookup->chain.count = 0;
    lookup_push(lookup, name, type);
}

bool lookup_needs(const struct lookup *lookup, const struct name *name)
{
    for (uint8_t i = 0; i < lookup->depth; i++) {
        if (name_equal(&lookup->levels[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* --- states --- */

void lookup_run(struct context *context, struct lookup *lookup)
{
    while (lookup->depth > 0) {
        switch (lookup_top(lookup)->state) {
        case LEVEL_BEGIN: lookup_begin(context, lookup); break;
        case LEVEL_ASK: lookup_ask(context, lookup); break;
        default: return;
        }
    }
}

/* --- WAIT: what comes, or does not --- */

/* An address whose letter case led to TCP, in vain, is asked over UDP without it, once. */
static bool falls_back_to_one_case(struct delegation_address *address)
{
    if (!address->over_tcp || !address->case_doubted || address->one_case) {
        return false;
    }
    address->one_case = true;
    return true;
}

void lookup_drop_address(struct context *context, struct lookup *lookup, const char *what,
                         const char *trouble)
{
    struct level *level = lookup_top(lookup);
    struct delegation_address *address = &level->delegation.addresses[level->address];
    address->trouble = trouble;
    address->over_tcp = level->exchange.transport == TRANSPORT_TCP;
    address->dropped = !falls_back_to_one_case(address);
    level->state = LEVEL_ASK;
    TELL(context, .what = what, .name = name_bytes(level->exchange.name),
         .type = level->exchange.type, .peer = level->exchange.server, .note = trouble);
}

/* Once more over TCP, where its UDP cannot be used or trusted. */
static void turn_to_tcp(struct context *context, struct lookup *lookup, const char *why)
{
    struct level *level = lookup_top(lookup);
    TELL(context, .what = "distrust", .name = name_bytes(level->exchange.name),
         .type = level->exchange.type, .peer = level->exchange.server, .note = why);
    level->delegation.addresses[level->address].case_doubted = level->exchange.case_lost;
    level->state = LEVEL_ASK;
    lookup_try(context, lookup, level->address, TRANSPORT_TCP);
}

/* What a reply teaches about its server. */
static void note_server(struct context *context, const struct level *level,
                        const struct exchange *exchange)
{
    const struct address *server = &exchange->server.address;
    if (exchange->transport == TRANSPORT_UDP) {
        servers_answered(&context->servers, server, instant_since(exchange->asked_at, context->now),
                         context->now);
    }
    if (exchange->case_lost || level->delegation.addresses[level->address].one_case) {
        TELL(context, .what = "one-case", .peer = exchange->server);
        servers_lose_case(&context->servers, server, context->now);
    }
}

/* A connection that had queries before may end for no fault of this one: it is asked once more,
 * over a connection of its own (RFC 7766 6.2.4). */
static bool reconnects(struct context *context, struct lookup *lookup, const char *why)
{
    struct level *level = lookup_top(lookup);
    if (!level->exchange.reused) {
        return false;
    }
    TELL(context, .what = "reconnect", .name = name_bytes(level->exchange.name),
         .type = level->exchange.type, .peer = level->exchange.server, .note = why);
    level->delegation.addresses[level->address].own_stream = true;
    level->state = LEVEL_ASK;
    lookup_try(context, lookup, level->address, TRANSPORT_TCP);
    return true;
}

void lookup_take(struct context *context, struct lookup *lookup, enum exchange_outcome outcome,
                 const struct message *message, const char *why)
{
    struct level *level = lookup_top(lookup);
    struct exchange *exchange = &level->exchange;
    exchange_close(context, exchange);
    switch (outcome) {
    case EXCHANGE_LOST:
        if (!reconnects(context, lookup, why)) {
            lookup_drop_address(context, lookup, "broken", why);
        }
        break;
    case EXCHANGE_BROKEN: lookup_drop_address(context, lookup, "broken", why); break;
    case EXCHANGE_DOUBT: turn_to_tcp(context, lookup, why); break;
    default:
        note_server(context, level, exchange);
        lookup_take_reply(context, lookup, message);
        break;
    }
    lookup_run(context, lookup);
}

void lookup_receive(struct context *context, struct lookup *lookup, const struct packet *packet)
{
    struct message message;
    const char *why = NULL;
    const enum exchange_outcome outcome =
        exchange_receive(context, &lookup_top(lookup)->exchange, packet, &message, &why);
    if (outcome != EXCHANGE_WAITS) {
        lookup_take(context, lookup, outcome, &message, why);
    }
}

static void time_out(struct context *context, struct lookup *lookup)
{
    struct level *level = lookup_top(lookup);
    struct exchange *exchange = &level->exchange;
    struct delegation_address *address = &level->delegation.addresses[level->address];
    const duration_ns waited = exchange->expires_at - exchange->asked_at;
    exchange_expire(context, exchange);
    const duration_ns alone =
        servers_timed_out(&context->servers, &address->address, waited, context->now);
    context->counters.upstream_timeouts++;
    address->trouble = exchange->oddity != NULL ? exchange->oddity : "timed out";
    address->over_tcp = exchange->transport == TRANSPORT_TCP;
    address->dropped = address->over_tcp && !falls_back_to_one_case(address);
    if (exchange->plain_advised && exchange->edns) {
        address->plain = true;
    }
    TELL(context, .what = "timeout", .name = name_bytes(exchange->name), .type = exchange->type,
         .peer = exchange->server, .number = waited / NS_PER_MS, .note = exchange->oddity);
    if (alone > 0) {
        TELL(context, .what = "dead", .peer = exchange->server, .number = alone / NS_PER_S);
    }
    level->state = LEVEL_ASK;
    if (level_is_minimised(level)) {
        lookup_step_timed_out(context, level);
    }
    errands_send(context, lookup);
}

static void run_out_of_time(struct context *context, struct lookup *lookup)
{
    struct failure failure, reason;
    char first[48];
    struct text text = text_in(first, sizeof first);
    struct level *level = lookup_top(lookup);
    if (level->state == LEVEL_WAIT) {
        time_out(context, lookup);
    }
    text_put_format(&text, "took longer than %u s",
                    (unsigned)(context->policy.time_max / NS_PER_S));
    failure_of_servers(&reason, &level->delegation, &level->name, level->type);
    failure_before(&failure, reason.code, first, &reason);
    failure.word = "out of time";
    lookup_give_up(context, lookup, &failure);
}

instant_ns lookup_due(const struct lookup *lookup)
{
    const struct level *level = &lookup->levels[lookup->depth - 1];
    return level->state == LEVEL_WAIT ? instant_earlier(lookup->ends_at, level->exchange.expires_at)
                                      : lookup->ends_at;
}

void lookup_wake(struct context *context, struct lookup *lookup)
{
    struct exchange *exchange = &lookup_top(lookup)->exchange;
    if (context->now >= lookup->ends_at) {
        run_out_of_time(context, lookup);
    } else if (exchange->reused) {
        exchange_expire(context, exchange);
        reconnects(context, lookup, "timed out");
    } else {
        time_out(context, lookup);
    }
    lookup_run(context, lookup);
}
