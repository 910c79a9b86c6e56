/* Where a question begins that the cache does not settle: at the closest zone cut known. */
#include "resolver/lookup.h"

#include <assert.h>

#include "resolver/special.h"
#include "wire/rrtype.h"

/* --- the closest delegation --- */

static void add_octets(struct delegation *delegation, uint8_t index, struct bytes octets,
                       const struct policy *policy)
{
    assert(octets.size == 4 || octets.size == 16); /* unsound records are not kept */
    const struct address address =
        octets.size == 4 ? address_v4(octets.data) : address_v6(octets.data);
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

static void recall_type(struct context *context, struct delegation *delegation, uint8_t index,
                        uint16_t type)
{
    const struct bytes name = name_bytes(&delegation->servers[index].name);
    struct cached cached;
    if (cache_find(context->cache, DRAWER_DELEGATIONS, name, type, context->now, &cached)) {
        struct bytes rest = cached.octets;
        struct bytes octets;
        while (cached_next(&rest, &octets)) {
            add_octets(delegation, index, octets, &context->policy);
        }
    }
}

bool lookup_recall_glue(struct context *context, struct delegation *delegation)
{
    const uint8_t before = delegation->address_count;
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        recall_type(context, delegation, i, RRTYPE_A);
        recall_type(context, delegation, i, RRTYPE_AAAA);
    }
    return delegation->address_count > before;
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
    delegation->expires = cached->expires;
    while (cached_next(&rest, &octets)) {
        if (name_from_wire(octets, &server)) {
            delegation_add_server(delegation, &server, &context->policy);
        }
    }
    lookup_fill_addresses(context, delegation);
}

/* The root's servers as they say themselves, if that is known and leads anywhere. */
static bool take_primed(struct context *context, struct delegation *delegation)
{
    struct cached cached;
    if (!context->policy.priming ||
        !cache_find(context->cache, DRAWER_DELEGATIONS, name_bytes(name_root()), RRTYPE_NS,
                    context->now, &cached)) {
        return false;
    }
    take_cached_delegation(context, delegation, name_root(), &cached);
    return !delegation_is_dead(delegation);
}

/* The closest delegation known that leads anywhere; true if it is that of the hints. DS records lie
 * above the cut. */
static bool find_delegation(struct context *context, struct level *level)
{
    struct delegation *delegation = &level->delegation;
    uint8_t labels = level->name.labels;
    if (level->type == RRTYPE_DS && labels > 0) {
        labels--;
    }
    labels = labels < level->labels_most ? labels : level->labels_most;
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
    const bool hints = labels == 0 && !take_primed(context, delegation);
    if (hints) {
        take_hints(context, delegation);
    }
    TELL(context, .what = "start", .name = name_bytes(&delegation->cut),
         .number = delegation->server_count, .note = hints ? "root hints" : "cached delegation");
    return hints;
}

/* --- names that no server is asked about --- */

static bool end_specially(struct context *context, struct lookup *lookup)
{
    const struct level *level = lookup_top(lookup);
    const struct bytes soa_rdata = special_soa();
    struct special special;
    special_find(&level->name, level->type, &special);
    if (special.kind == SPECIAL_NOT) {
        return false;
    }
    const bool answers = special.kind == SPECIAL_ADDRESS;
    const struct rrset rrset = {.owner = answers ? &level->name : &special.zone,
                                .type = answers ? level->type : RRTYPE_SOA,
                                .rrclass = RRCLASS_IN,
                                .ttl = SPECIAL_TTL,
                                .count = 1,
                                .rdata = answers ? &special.rdata : &soa_rdata};
    struct failure remark;
    TELL(context, .what = "special", .name = name_bytes(&level->name), .type = level->type);
    failure_say(&remark, EDE_SYNTHESIZED, "special", "a special name, no server is asked of it");
    context->remark = &remark;
    if (answers) {
        lookup_end_found(context, lookup, &rrset, NULL);
    } else {
        lookup_end_denied(context, lookup,
                          special.kind == SPECIAL_NODATA ? RCODE_NOERROR : RCODE_NXDOMAIN, &rrset);
    }
    return true;
}

/* Asks for the root's servers first (RFC 8109), once a lookup. */
static void prime(struct context *context, struct lookup *lookup)
{
    TELL(context, .what = "prime", .name = name_bytes(name_root()), .type = RRTYPE_NS);
    lookup->primed = true;
    lookup_top(lookup)->state = LEVEL_CHILD;
    lookup_top(lookup)->server = LEVEL_PRIMING;
    lookup_push(lookup, name_root(), RRTYPE_NS);
}

void lookup_begin(struct context *context, struct lookup *lookup)
{
    const struct policy *policy = &context->policy;
    if ((policy->special_names && end_specially(context, lookup)) ||
        lookup_ask_cache(context, lookup)) {
        return;
    }
    if (lookup->snoops) {
        struct failure remark;
        failure_say(&remark, EDE_NOT_AUTHORITATIVE, "refused",
                    "no recursion desired, and not in the cache");
        context->remark = &remark;
        lookup_end_denied(context, lookup, RCODE_REFUSED, NULL);
        return;
    }
    const bool hints = find_delegation(context, lookup_top(lookup));
    if (hints && policy->priming && !lookup->primed && lookup->depth <= POLICY_NESTING_MAX) {
        prime(context, lookup);
    } else {
        lookup_aim(context, lookup_top(lookup));
    }
}
