/* The state machine of one resolution: what happens next, up to where a query is under way. What
 * replies mean to it is in lookup_reply.c; who waits for its end, in lookups.c. */
#include "resolver/lookup.h"

#include <assert.h>

#include "resolver/lookups.h"
#include "resolver/selection.h"
#include "wire/rrtype.h"

/* --- levels --- */

static void push_level(struct lookup *lookup, const struct name *name, uint16_t type)
{
    assert(lookup->depth <= POLICY_NESTING_MAX);
    struct level *level = &lookup->levels[lookup->depth++];
    level->state = LEVEL_BEGIN;
    name_copy(&level->name, name);
    level->type = type;
    level->restarts = 0;
    level->referrals = 0;
    level->sends = 0;
    level->cut_short = false;
    level->exchange.lookup = lookup;
    level->exchange.open = false;
    delegation_start(&level->delegation, name_root());
}

void lookup_start(struct lookup *lookup, const struct name *name, uint16_t type, instant_ns ends_at)
{
    lookup->ends_at = ends_at;
    lookup->queries = 0;
    lookup->addresses_sought = 0;
    lookup->servers_missing = 0;
    lookup->depth = 0;
    name_copy(&lookup->name, name);
    lookup->type = type;
    lookup->chain.count = 0;
    push_level(lookup, name, type);
}

static bool is_on_stack(const struct lookup *lookup, const struct name *name)
{
    for (uint8_t i = 0; i < lookup->depth; i++) {
        if (name_equal(&lookup->levels[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* --- BEGIN: the cache --- */

static void tell_cached(const struct context *context, const struct level *level,
                        const struct cached *cached, const char *note)
{
    TELL(context, .what = "cached", .name = name_bytes(&level->name), .type = level->type,
         .number = cached->ttl, .note = note);
}

static void end_by_cached_denial(struct context *context, struct lookup *lookup,
                                 const struct cached *cached, uint16_t rcode)
{
    struct rrset soa;
    tell_cached(context, lookup_top(lookup), cached,
                rcode == RCODE_NXDOMAIN ? "no such name" : "no such type");
    scratch_take_cached(&context->scratch, cached, &soa);
    lookup_end_denied(context, lookup, rcode, &soa);
}

static void follow_cached_alias(struct context *context, struct lookup *lookup,
                                const struct cached *cached)
{
    struct level *level = lookup_top(lookup);
    struct reply_link link = {.ttl = cached->ttl};
    struct rrset alias;
    struct name target;
    tell_cached(context, level, cached, "alias");
    scratch_take_cached(&context->scratch, cached, &alias);
    const bool sound = name_from_wire(alias.rdata[0], &target);
    assert(sound);
    name_copy(&link.owner, &level->name);
    lookup_follow(context, lookup, &link, &target);
}

static void end_by_cached_failure(struct context *context, struct lookup *lookup,
                                  const struct cached *cached)
{
    struct failure failure;
    tell_cached(context, lookup_top(lookup), cached, "failure");
    failure_cached(&failure, cached->octets);
    lookup_end_failed(context, lookup, &failure);
}

/* True if the cache settles the level's question, or moves it on. */
static bool ask_cache(struct context *context, struct lookup *lookup)
{
    const struct level *level = lookup_top(lookup);
    const struct bytes name = name_bytes(&level->name);
    const struct cache *cache = context->cache;
    const instant_ns now = context->now;
    struct cached cached;
    if (cache_find(cache, DRAWER_ANSWERS, name, level->type, now, &cached)) {
        if (cached.denial) {
            end_by_cached_denial(context, lookup, &cached, RCODE_NOERROR);
            return true;
        }
        struct rrset rrset;
        tell_cached(context, level, &cached, "answer");
        scratch_take_cached(&context->scratch, &cached, &rrset);
        lookup_end_found(context, lookup, &rrset, NULL);
        return true;
    }
    if (cache_find(cache, DRAWER_FAILURES, name, level->type, now, &cached)) {
        end_by_cached_failure(context, lookup, &cached);
        return true;
    }
    if (level->type != RRTYPE_CNAME && level->type != RRTYPE_ANY &&
        cache_find(cache, DRAWER_ANSWERS, name, RRTYPE_CNAME, now, &cached) && !cached.denial) {
        follow_cached_alias(context, lookup, &cached);
        return true;
    }
    if (cache_find(cache, DRAWER_NXDOMAIN, name, 0, now, &cached)) {
        end_by_cached_denial(context, lookup, &cached, RCODE_NXDOMAIN);
        return true;
    }
    return false;
}

/* --- BEGIN: the closest delegation --- */

static void add_octets(struct delegation *delegation, uint8_t index, struct bytes octets,
                       const struct policy *policy)
{
    struct address address;
    if (octets.size == 4) {
        address = address_v4(octets.data);
    } else if (octets.size == 16) {
        address = address_v6(octets.data);
    } else {
        return;
    }
    delegation_add_address(delegation, index, &address, policy);
}

/* Adds cached addresses of one type; true if the cache says that there are none. */
static bool fill_type(struct context *context, struct delegation *delegation, uint8_t index,
                      uint16_t type)
{
    const struct bytes name = name_bytes(&delegation->servers[index].name);
    struct cached cached;
    if (!cache_find(context->cache, DRAWER_ANSWERS, name, type, context->now, &cached) &&
        !cache_find(context->cache, DRAWER_DELEGATIONS, name, type, context->now, &cached)) {
        return false;
    }
    if (cached.denial) {
        return true;
    }
    struct bytes rest = cached.octets;
    struct bytes octets;
    while (cached_next(&rest, &octets)) {
        add_octets(delegation, index, octets, &context->policy);
    }
    return false;
}

void lookup_fill_addresses(struct context *context, struct delegation *delegation)
{
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        struct delegation_server *server = &delegation->servers[i];
        if (server->address_count > 0) {
            continue;
        }
        if (!server->asked_v4 && fill_type(context, delegation, i, RRTYPE_A)) {
            server->asked_v4 = true;
        }
        if (!server->asked_v6 && fill_type(context, delegation, i, RRTYPE_AAAA)) {
            server->asked_v6 = true;
        }
        if (server->address_count == 0 && server->asked_v4 && server->asked_v6) {
            server->trouble = "it has none";
        }
    }
}

static void take_hints(const struct context *context, struct delegation *delegation)
{
    delegation_start(delegation, name_root());
    for (size_t i = 0; i < context->options.hint_count; i++) {
        const struct resolver_hint *hint = &context->options.hints[i];
        const int index = delegation_add_server(delegation, &hint->name, &context->policy);
        for (size_t j = 0; index >= 0 && j < hint->address_count; j++) {
            delegation_add_address(delegation, (uint8_t)index, &hint->addresses[j],
                                   &context->policy);
        }
    }
}

static void take_cached_delegation(struct context *context, struct delegation *delegation,
                                   const struct name *cut, const struct cached *cached)
{
    struct bytes rest = cached->octets;
    struct bytes octets;
    struct name server;
    delegation_start(delegation, cut);
    while (cached_next(&rest, &octets)) {
        if (name_from_wire(octets, &server)) {
            delegation_add_server(delegation, &server, &context->policy);
        }
    }
    lookup_fill_addresses(context, delegation);
}

/* The closest delegation known that leads anywhere. DS records lie above the cut. */
static void find_delegation(struct context *context, struct level *level)
{
    struct delegation *delegation = &level->delegation;
    uint8_t labels = level->name.labels;
    if (level->type == RRTYPE_DS && labels > 0) {
        labels--;
    }
    for (; labels > 0; labels--) {
        struct cached cached;
        struct name cut;
        if (!cache_find(context->cache, DRAWER_DELEGATIONS, name_suffix_bytes(&level->name, labels),
                        RRTYPE_NS, context->now, &cached)) {
            continue;
        }
        name_suffix(&level->name, labels, &cut);
        take_cached_delegation(context, delegation, &cut, &cached);
        if (!delegation_is_dead(delegation)) {
            break;
        }
    }
    if (labels == 0) {
        take_hints(context, delegation);
    }
    TELL(context, .what = "start", .name = name_bytes(&delegation->cut),
         .number = delegation->server_count,
         .note = labels == 0 ? "root hints" : "cached delegation");
}

static void begin(struct context *context, struct lookup *lookup)
{
    if (!ask_cache(context, lookup)) {
        struct level *level = lookup_top(lookup);
        find_delegation(context, level);
        level->state = LEVEL_ASK;
    }
}

/* --- ASK --- */

static bool may_look_up(const struct context *context, const struct lookup *lookup)
{
    const struct policy *policy = &context->policy;
    const struct delegation *delegation = &lookup->levels[lookup->depth - 1].delegation;
    return delegation->looked_up < policy->glueless_per_delegation_max &&
           lookup->addresses_sought < policy->glueless_max &&
           lookup->servers_missing < policy->missing_max && lookup->depth <= policy->nesting_max;
}

/* Servers that were left without an address for the sake of a limit say so. */
static void name_the_unasked(struct level *level)
{
    struct delegation *delegation = &level->delegation;
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        struct delegation_server *server = &delegation->servers[i];
        if (server->address_count == 0 && server->trouble == NULL &&
            !delegation_needs_glue(delegation, i)) {
            server->trouble = "limit of look-ups";
            level->cut_short = true;
        }
    }
}

static void fail_for_want_of_servers(struct context *context, struct lookup *lookup)
{
    struct failure failure;
    struct level *level = lookup_top(lookup);
    name_the_unasked(level);
    failure_of_servers(&failure, &level->delegation, NULL);
    lookup_end_failed(context, lookup, &failure);
}

/* Pushes a level for an address of server `choice->index`. */
static void look_up_server(struct context *context, struct lookup *lookup,
                           const struct choice *choice)
{
    struct level *level = lookup_top(lookup);
    struct delegation_server *server = &level->delegation.servers[choice->index];
    TELL(context, .what = "glueless", .name = name_bytes(&server->name), .type = choice->type);
    if (is_on_stack(lookup, &server->name)) {
        server->trouble = "finding it needs itself";
        level->cut_short = true;
        TELL(context, .what = "cycle", .name = name_bytes(&server->name), .type = choice->type);
        return;
    }
    level->state = LEVEL_CHILD;
    level->server = choice->index;
    level->delegation.looked_up++;
    lookup->addresses_sought++;
    push_level(lookup, &server->name, choice->type);
}

static void ask(struct context *context, struct lookup *lookup)
{
    const struct level *level = lookup_top(lookup);
    const struct choice choice =
        selection_choose(&level->delegation, &context->servers, &context->policy,
                         may_look_up(context, lookup), &context->dice, context->now);
    switch (choice.kind) {
    case CHOICE_ASK: lookup_try(context, lookup, choice.index, TRANSPORT_UDP); break;
    case CHOICE_LOOK_UP: look_up_server(context, lookup, &choice); break;
    case CHOICE_NONE: fail_for_want_of_servers(context, lookup); break;
    }
}

/* True if a limit forbids one more query, and ended the level or the lookup. */
static bool ends_by_limit(struct context *context, struct lookup *lookup)
{
    struct failure failure;
    const struct policy *policy = &context->policy;
    struct level *level = lookup_top(lookup);
    if (lookup->queries >= policy->queries_max) {
        failure_limit(&failure, "too many queries", "more queries needed than ",
                      policy->queries_max);
        lookup_give_up(context, lookup, &failure);
        return true;
    }
    if (level->sends >= policy->sends_per_name_max) {
        failure_limit(&failure, "too many queries for one name",
                      "more queries needed for one name than ", policy->sends_per_name_max);
        level->cut_short = true;
        lookup_end_failed(context, lookup, &failure);
        return true;
    }
    return false;
}

static const char *ask_word(enum transport transport, uint8_t tries)
{
    if (transport == TRANSPORT_TCP) {
        return "tcp";
    }
    return tries == 0 ? "ask" : "retry";
}

/* Waits for another lookup that asks this server the same, if there is one. */
static bool joins_twin(struct context *context, struct lookup *lookup,
                       const struct delegation_address *address)
{
    struct level *level = lookup_top(lookup);
    const struct exchange *twin = lookups_find_twin(context->lookups, lookup, &address->address);
    if (twin == NULL) {
        return false;
    }
    level->state = LEVEL_TWIN;
    level->twin = twin;
    level->twin_serial = twin->serial;
    TELL(context, .what = "join", .name = name_bytes(&level->name), .type = level->type,
         .peer = twin->server, .note = "the same question is under way");
    return true;
}

/* Sends the query; WAIT if that worked. */
static void send_to(struct context *context, struct lookup *lookup,
                    struct delegation_address *address, enum transport transport)
{
    struct level *level = lookup_top(lookup);
    struct exchange *exchange = &level->exchange;
    const struct policy *policy = &context->policy;
    const struct server_record *known =
        servers_find(&context->servers, &address->address, context->now);
    const bool plain = !policy->edns || address->plain || (known != NULL && known->plain);
    const duration_ns timeout = transport == TRANSPORT_TCP
                                    ? policy->tcp_time_max
                                    : selection_timeout(known, address->tries, policy);
    exchange->name = &level->name;
    exchange->type = level->type;
    if (!exchange_open(context, exchange, &address->address, transport, !plain, timeout)) {
        address->trouble = exchange->oddity;
        address->dropped = true;
        return;
    }
    TELL(context, .what = ask_word(transport, address->tries), .name = name_bytes(&level->name),
         .type = level->type, .peer = exchange->server, .number = timeout / NS_PER_MS,
         .note = plain ? "without EDNS" : NULL);
    address->tries++;
    level->sends++;
    lookup->queries++;
    context->counters.upstream_queries++;
    level->state = LEVEL_WAIT;
}

void lookup_try(struct context *context, struct lookup *lookup, uint8_t index,
                enum transport transport)
{
    struct level *level = lookup_top(lookup);
    struct delegation_address *address = &level->delegation.addresses[index];
    if (ends_by_limit(context, lookup) ||
        (transport == TRANSPORT_UDP && joins_twin(context, lookup, address))) {
        return;
    }
    level->address = index;
    send_to(context, lookup, address, transport);
}

void lookup_run(struct context *context, struct lookup *lookup)
{
    while (lookup->depth > 0) {
        switch (lookup_top(lookup)->state) {
        case LEVEL_BEGIN: begin(context, lookup); break;
        case LEVEL_ASK: ask(context, lookup); break;
        default: return;
        }
    }
}

/* --- WAIT: what comes, or does not --- */

void lookup_drop_address(struct context *context, struct lookup *lookup, const char *what,
                         const char *trouble)
{
    struct level *level = lookup_top(lookup);
    struct delegation_address *address = &level->delegation.addresses[level->address];
    address->trouble = trouble;
    address->over_tcp = level->exchange.transport == TRANSPORT_TCP;
    address->dropped = true;
    level->state = LEVEL_ASK;
    TELL(context, .what = what, .name = name_bytes(&level->name), .type = level->type,
         .peer = level->exchange.server, .note = trouble);
}

/* Once more over TCP, where its UDP cannot be used or trusted. */
static void turn_to_tcp(struct context *context, struct lookup *lookup, const char *why)
{
    struct level *level = lookup_top(lookup);
    TELL(context, .what = "distrust", .name = name_bytes(&level->name), .type = level->type,
         .peer = level->exchange.server, .note = why);
    level->state = LEVEL_ASK;
    lookup_try(context, lookup, level->address, TRANSPORT_TCP);
}

void lookup_receive(struct context *context, struct lookup *lookup, const struct packet *packet)
{
    struct level *level = lookup_top(lookup);
    struct exchange *exchange = &level->exchange;
    struct message message;
    const char *why = NULL;
    const enum exchange_outcome outcome =
        exchange_receive(context, exchange, packet, &message, &why);
    if (outcome == EXCHANGE_WAITS) {
        return;
    }
    exchange_close(context, exchange);
    switch (outcome) {
    case EXCHANGE_BROKEN: lookup_drop_address(context, lookup, "broken", why); break;
    case EXCHANGE_DOUBT: turn_to_tcp(context, lookup, why); break;
    default:
        if (exchange->transport == TRANSPORT_UDP) {
            servers_answered(&context->servers, &exchange->server.address,
                             instant_since(exchange->asked_at, context->now), context->now);
        }
        lookup_take_reply(context, lookup, &message);
        break;
    }
    lookup_run(context, lookup);
}

static void time_out(struct context *context, struct lookup *lookup)
{
    struct level *level = lookup_top(lookup);
    struct exchange *exchange = &level->exchange;
    struct delegation_address *address = &level->delegation.addresses[level->address];
    const duration_ns waited = exchange->expires_at - exchange->asked_at;
    exchange_close(context, exchange);
    servers_timed_out(&context->servers, &address->address, waited, context->now);
    context->counters.upstream_timeouts++;
    address->trouble = exchange->oddity != NULL ? exchange->oddity : "timed out";
    address->over_tcp = exchange->transport == TRANSPORT_TCP;
    address->dropped = address->over_tcp;
    if (exchange->plain_advised && exchange->edns) {
        address->plain = true;
    }
    TELL(context, .what = "timeout", .name = name_bytes(&level->name), .type = level->type,
         .peer = exchange->server, .number = waited / NS_PER_MS, .note = exchange->oddity);
    level->state = LEVEL_ASK;
}

static void run_out_of_time(struct context *context, struct lookup *lookup)
{
    struct failure failure;
    char first[48];
    struct text text = text_in(first, sizeof first);
    struct level *level = lookup_top(lookup);
    if (level->state == LEVEL_WAIT) {
        time_out(context, lookup);
    }
    text_put_format(&text, "took longer than %u s",
                    (unsigned)(context->policy.time_max / NS_PER_S));
    failure_of_servers(&failure, &level->delegation, first);
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
    if (context->now >= lookup->ends_at) {
        run_out_of_time(context, lookup);
    } else {
        time_out(context, lookup);
    }
    lookup_run(context, lookup);
}
