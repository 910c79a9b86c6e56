/* Whom a level asks: a server, or somebody for the address of one; and the limits of that. */
#include "resolver/lookups.h"
#include "resolver/selection.h"
#include "wire/rrtype.h"

bool lookup_may_seek(const struct context *context, struct lookup *lookup,
                     const struct delegation *delegation)
{
    const struct policy *policy = &context->policy;
    const struct lookup *purse = lookup_purse(lookup);
    return delegation->looked_up < policy->glueless_per_delegation_max &&
           purse->addresses_sought < policy->glueless_max &&
           purse->servers_missing < policy->missing_max;
}

/* An errand is one level deep already. */
static bool may_look_up(const struct context *context, struct lookup *lookup)
{
    const uint32_t depth = lookup->sender != NULL ? lookup->depth + 1U : lookup->depth;
    return depth <= context->policy.nesting_max && lookup->depth <= POLICY_NESTING_MAX &&
           lookup_may_seek(context, lookup, &lookup_top(lookup)->delegation);
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
    if (level_is_minimised(level)) {
        delegation_renew(&level->delegation, true);
        lookup_ask_whole(context, level, "nobody answers for its ancestor");
        return;
    }
    if (level->empty_seen) {
        lookup_end_denied(context, lookup, RCODE_NOERROR, NULL);
        return;
    }
    name_the_unasked(level);
    failure_of_servers(&failure, &level->delegation, &level->name, level->type);
    lookup_end_failed(context, lookup, &failure);
}

/* Pushes a level for an address of server `choice->index`. */
static void look_up_server(struct context *context, struct lookup *lookup,
                           const struct choice *choice)
{
    struct level *level = lookup_top(lookup);
    struct delegation_server *server = &level->delegation.servers[choice->index];
    TELL(context, .what = "glueless", .name = name_bytes(&server->name), .type = choice->type);
    if (lookup_needs(lookup, &server->name)) {
        server->trouble = "finding it needs itself";
        level->cut_short = true;
        TELL(context, .what = "cycle", .name = name_bytes(&server->name), .type = choice->type);
        return;
    }
    level->state = LEVEL_CHILD;
    level->server = choice->index;
    level->delegation.looked_up++;
    lookup_purse(lookup)->addresses_sought++;
    lookup_push(lookup, &server->name, choice->type);
}

/* A server whose glue is missing: its address may be asked of the parent's servers. */
static struct choice choose_without_glue(const struct delegation *delegation)
{
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        const struct delegation_server *server = &delegation->servers[i];
        if (server->address_count > 0 || server->trouble != NULL ||
            !delegation_needs_glue(delegation, i) || (server->asked_v4 && server->asked_v6)) {
            continue;
        }
        return (struct choice){CHOICE_LOOK_UP, i, server->asked_v4 ? RRTYPE_AAAA : RRTYPE_A};
    }
    return (struct choice){.kind = CHOICE_NONE};
}

/* The parent is asked for the delegation anew, once for a name: glue may have ended before its NS
 * records did. */
static bool go_up(struct context *context, struct lookup *lookup)
{
    struct level *level = lookup_top(lookup);
    if (level->went_up) {
        return false;
    }
    level->went_up = true;
    level->labels_most = level->delegation.cut.labels - 1;
    level->state = LEVEL_BEGIN;
    TELL(context, .what = "parent-side", .name = name_bytes(&level->delegation.cut),
         .note = "its delegation is asked for anew");
    return true;
}

/* The last resort: what only the parent knows. True if there is somebody to ask again. */
static bool turn_to_parent(struct context *context, struct lookup *lookup)
{
    struct delegation *delegation = &lookup_top(lookup)->delegation;
    if (!context->policy.parent_side) {
        return false;
    }
    if (!delegation->glue_recalled) {
        delegation->glue_recalled = true;
        if (lookup_recall_glue(context, delegation)) {
            TELL(context, .what = "parent-side", .name = name_bytes(&delegation->cut),
                 .note = "glue beside what its servers' zones say");
            return true;
        }
    }
    const struct choice choice = choose_without_glue(delegation);
    if (delegation->cut.labels == 0) {
        return false;
    }
    if (choice.kind != CHOICE_NONE && may_look_up(context, lookup)) {
        look_up_server(context, lookup, &choice);
        return true;
    }
    return go_up(context, lookup);
}

void lookup_ask(struct context *context, struct lookup *lookup)
{
    const struct level *level = lookup_top(lookup);
    const struct choice choice =
        selection_choose(&level->delegation, &context->servers, &context->policy,
                         may_look_up(context, lookup), &context->dice, context->now);
    switch (choice.kind) {
    case CHOICE_ASK: lookup_try(context, lookup, choice.index, TRANSPORT_UDP); break;
    case CHOICE_LOOK_UP: look_up_server(context, lookup, &choice); break;
    case CHOICE_NONE:
        if (!turn_to_parent(context, lookup)) {
            fail_for_want_of_servers(context, lookup);
        }
        break;
    }
}

/* True if a limit forbids one more query, and ended the level or the lookup. */
static bool ends_by_limit(struct context *context, struct lookup *lookup)
{
    struct failure failure;
    const struct policy *policy = &context->policy;
    struct level *level = lookup_top(lookup);
    if (lookup_purse(lookup)->queries >= policy->queries_max) {
        failure_limit(&failure, "too many queries", "more queries needed than ",
                      policy->queries_max);
        failure_add_servers(&failure, &level->delegation);
        lookup_give_up(context, lookup, &failure);
        return true;
    }
    if (level->sends >= policy->sends_per_name_max) {
        failure_limit(&failure, "too many queries for one name",
                      "more queries needed for one name than ", policy->sends_per_name_max);
        failure_add_servers(&failure, &level->delegation);
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
    TELL(context, .what = "join", .name = name_bytes(twin->name), .type = twin->type,
         .peer = twin->server, .note = "the same question is under way");
    return true;
}

/* Glue may say that we serve a zone ourselves. */
static bool is_own_address(const struct context *context, const struct address *address)
{
    return address_equal(address, &context->options.v4) ||
           address_equal(address, &context->options.v6);
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
    const bool one_case =
        !policy->case_randomisation || address->one_case || (known != NULL && known->one_case);
    const duration_ns timeout = transport == TRANSPORT_TCP
                                    ? policy->tcp_time_max
                                    : selection_timeout(known, address->tries, policy);
    exchange->name = level_asked_name(level);
    exchange->type = level_asked_type(level);
    exchange->dnssec_ok = lookup_wants_proof(lookup);
    exchange->unchecked = lookup_wants_unchecked(lookup);
    exchange->mixed_case = !one_case;
    exchange->cookies = policy->cookies;
    exchange->anew = address->own_stream;
    if (!exchange_open(context, exchange, &address->address, transport, !plain, timeout)) {
        address->trouble = exchange->oddity;
        address->over_tcp = transport == TRANSPORT_TCP;
        address->dropped = true;
        return;
    }
    TELL(context, .what = ask_word(transport, address->tries), .name = name_bytes(exchange->name),
         .type = exchange->type, .peer = exchange->server, .number = timeout / NS_PER_MS,
         .note = exchange->reused ? "over an open connection"
                 : plain          ? "without EDNS"
                                  : NULL);
    if (address->tries == 0) {
        address->probe = known != NULL && known->timeouts >= policy->dead_after;
    }
    address->tries++;
    level->sends++;
    lookup_purse(lookup)->queries++;
    context->counters.upstream_queries++;
    level->state = LEVEL_WAIT;
}

void lookup_try(struct context *context, struct lookup *lookup, uint8_t index,
                enum transport transport)
{
    struct level *level = lookup_top(lookup);
    struct delegation_address *address = &level->delegation.addresses[index];
    if (is_own_address(context, &address->address)) {
        address->trouble = "our own address";
        address->dropped = true;
        return;
    }
    if (ends_by_limit(context, lookup) ||
        (transport == TRANSPORT_UDP && joins_twin(context, lookup, address))) {
        return;
    }
    level->address = index;
    send_to(context, lookup, address, transport);
}
