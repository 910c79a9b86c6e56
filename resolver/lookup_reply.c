/* What a matched reply does to the lookup. What helps is taken by lookup_alias.c, lookup_answer.c
 * and lookup_referral.c, what is said of an ancestor by lookup_minimise.c; here is what does not
 * help. */
#include "resolver/taking.h"

#include "wire/rrtype.h"

static void take_truncated(const struct taking *taking)
{
    struct level *level = lookup_top(taking->lookup);
    if (taking->transport == TRANSPORT_TCP) {
        lookup_drop_address(taking->context, taking->lookup, "broken", "truncated");
        return;
    }
    TELL(taking->context, .what = "truncated", .name = name_bytes(&level->name),
         .type = level->type, .peer = taking->server);
    lookup_try(taking->context, taking->lookup, level->address, TRANSPORT_TCP);
}

/* FORMERR, NOTIMP and BADVERS may be about EDNS: once without it then, over the same transport. */
static void take_misunderstanding(const struct taking *taking)
{
    struct context *context = taking->context;
    struct level *level = lookup_top(taking->lookup);
    struct delegation_address *address = &level->delegation.addresses[level->address];
    if (!taking->edns || address->tries >= context->policy.tries_per_server_max) {
        lookup_drop_address(context, taking->lookup, "error", taking->reply->why);
        return;
    }
    TELL(context, .what = "no-edns", .name = name_bytes(&level->name), .type = level->type,
         .peer = taking->server, .note = taking->reply->why);
    address->plain = true;
    servers_are_plain(&context->servers, &address->address, context->now);
    lookup_try(context, taking->lookup, level->address, taking->transport);
}

/* The server wants another cookie, and has just given it (RFC 7873 5.3): once more with that, then
 * over TCP, where it needs none. */
static void take_bad_cookie(const struct taking *taking)
{
    struct context *context = taking->context;
    struct level *level = lookup_top(taking->lookup);
    struct delegation_address *address = &level->delegation.addresses[level->address];
    const enum transport transport = address->cookie_renewed ? TRANSPORT_TCP : TRANSPORT_UDP;
    if (!level->exchange.cookie_fits || taking->transport == TRANSPORT_TCP ||
        address->tries >= context->policy.tries_per_server_max) {
        lookup_drop_address(context, taking->lookup, "error", taking->reply->why);
        return;
    }
    TELL(context, .what = "new-cookie", .name = name_bytes(level->exchange.name),
         .type = taking->type, .peer = taking->server);
    address->cookie_renewed = true;
    lookup_try(context, taking->lookup, level->address, transport);
}

/* An error may be about letter case: once without mixing it then. */
static void take_error(const struct taking *taking)
{
    struct context *context = taking->context;
    struct level *level = lookup_top(taking->lookup);
    struct delegation_address *address = &level->delegation.addresses[level->address];
    if (!level->exchange.mixed_case || address->tries >= context->policy.tries_per_server_max) {
        lookup_drop_address(context, taking->lookup, "error", taking->reply->why);
        return;
    }
    TELL(context, .what = "retry-case", .name = name_bytes(level->exchange.name),
         .type = taking->type, .peer = taking->server, .note = taking->reply->why);
    address->one_case = true;
    lookup_try(context, taking->lookup, level->address, taking->transport);
}

/* DS records lie above the cut (RFC 4035 2.4). A server may be in charge of zones on both sides of
 * it and answer from below: with a denial proved by the name's own SOA, or with an alias. Where
 * cuts may lie between, the zone above is sought then, once. */
static bool is_from_below_the_cut(const struct taking *taking)
{
    const struct level *level = lookup_top(taking->lookup);
    const struct reply *reply = taking->reply;
    if (taking->type != RRTYPE_DS || level->seeks_parent ||
        level->name.labels <= taking->zone->labels + 1) {
        return false;
    }
    if (reply->link_count > 0) {
        return !reply->links[0].by_dname;
    }
    return reply->kind == REPLY_NODATA && reply->has_soa &&
           name_ref_equal(reply->soa.owner, &level->name);
}

void lookup_take_reply(struct context *context, struct lookup *lookup,
                       const struct message *message)
{
    struct reply *reply = &context->reply;
    struct level *level = lookup_top(lookup);
    const struct taking taking = {.context = context,
                                  .lookup = lookup,
                                  .message = message,
                                  .server = level->exchange.server,
                                  .transport = level->exchange.transport,
                                  .edns = level->exchange.edns,
                                  .is_proved = level->exchange.transport == TRANSPORT_TCP ||
                                               level->exchange.cookie_fits,
                                  .reply = reply,
                                  .type = level->exchange.type,
                                  .dnssec_ok = level->exchange.dnssec_ok,
                                  .zone = &level->delegation.cut};
    const struct reply_question question = {level->exchange.name, level->exchange.type,
                                            &level->delegation.cut};
    classify(message, &question, &context->policy, reply);
    level->state = LEVEL_ASK;
    if (taking_step(&taking)) {
        return;
    }
    if (is_from_below_the_cut(&taking)) {
        lookup_seek_parent(context, level);
        return;
    }
    switch (reply->kind) {
    case REPLY_ANSWER: taking_answer(&taking); break;
    case REPLY_ALIAS: taking_follow(&taking); break;
    case REPLY_REFERRAL: taking_referral(&taking); break;
    case REPLY_NODATA:
    case REPLY_NXDOMAIN: taking_denial(&taking); break;
    case REPLY_YXDOMAIN: taking_yxdomain(&taking); break;
    case REPLY_TRUNCATED: take_truncated(&taking); break;
    case REPLY_FORMERR:
    case REPLY_NOTIMP:
    case REPLY_BADVERS: take_misunderstanding(&taking); break;
    case REPLY_BADCOOKIE: take_bad_cookie(&taking); break;
    case REPLY_LAME: lookup_drop_address(context, lookup, "lame", reply->why); break;
    default: take_error(&taking); break;
    }
}
