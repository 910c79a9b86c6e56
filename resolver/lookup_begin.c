/* Where a question begins: what the cache knows of it, and else the closest zone cut known. */
#include "resolver/lookup.h"

#include <assert.h>

#include "resolver/special.h"
#include "wire/rrtype.h"

/* --- the cache --- */

static void tell_cached(const struct context *context, const struct level *level,
                        const struct cached *cached, const char *note)
{
    TELL(context, .what = "cached", .name = name_bytes(&level->name), .type = level->type,
         .number = cached->ttl, .note = note);
}

static void end_by_cached_denial(struct context *context, struct lookup *lookup,
                                 const struct cached *cached, uint16_t rcode, const char *note)
{
    struct rrset soa;
    tell_cached(context, lookup_top(lookup), cached, note);
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

/* What holds in the cache for the level's name; for a client that wants proofs only what came with
 * its own, or with word that it has none. */
static bool find_proved(struct context *context, const struct lookup *lookup, enum drawer drawer,
                        uint16_t type, struct cached *ret)
{
    const struct level *level = &lookup->levels[lookup->depth - 1];
    const struct bytes name = name_bytes(&level->name);
    struct cached proof;
    if (!cache_find(context->cache, drawer, name, type, context->now, ret)) {
        return false;
    }
    if (!lookup->dnssec_ok || lookup->depth > 1) {
        return true;
    }
    if (!cache_find(context->cache, DRAWER_PROOFS, name, type, context->now, &proof)) {
        return false;
    }
    context->proved = proof.octets;
    return true;
}

/* Ends the level if an ancestor of its name does not exist (RFC 8020 2). Only within the cut: a
 * delegation that still holds is closer to the name than what a zone above says. */
static bool end_by_missing_ancestor(struct context *context, struct lookup *lookup)
{
    const struct level *level = lookup_top(lookup);
    struct cached cached;
    if (!context->policy.nxdomain_cut || lookup_wants_proof(lookup)) {
        return false; /* the proof that an ancestor is missing is none for the name */
    }
    for (uint8_t labels = level->name.labels; labels > 0; labels--) {
        const struct bytes ancestor = name_suffix_bytes(&level->name, labels);
        if (cache_find(context->cache, DRAWER_DELEGATIONS, ancestor, RRTYPE_NS, context->now,
                       &cached)) {
            return false;
        }
        if (labels < level->name.labels &&
            cache_find(context->cache, DRAWER_NXDOMAIN, ancestor, 0, context->now, &cached) &&
            cached.trust == TRUST_AUTHORITATIVE) {
            end_by_cached_denial(context, lookup, &cached, RCODE_NXDOMAIN, "no such name above it");
            return true;
        }
    }
    return false;
}

static void follow_dname(struct context *context, struct lookup *lookup, uint8_t labels,
                         const struct cached *cached)
{
    struct level *level = lookup_top(lookup);
    struct reply_link link = {
        .ttl = cached->ttl, .dname_ttl = cached->ttl, .dname_labels = labels, .by_dname = true};
    struct bytes rest = cached->octets;
    struct bytes rdata;
    struct name owner, target, next;
    tell_cached(context, level, cached, "alias by DNAME");
    const bool sound = cached_next(&rest, &rdata) && name_from_wire(rdata, &target);
    assert(sound);
    name_copy(&link.owner, &level->name);
    name_suffix(&level->name, labels, &owner);
    if (name_replace_suffix(&level->name, &owner, &target, &next)) {
        lookup_follow(context, lookup, &link, &next);
    } else {
        lookup_end_denied(context, lookup, RCODE_YXDOMAIN, NULL);
    }
}

/* Moves the level on, or ends it, by a DNAME above its name and within its cut. */
static bool follow_cached_dname(struct context *context, struct lookup *lookup)
{
    const struct level *level = lookup_top(lookup);
    struct cached cached;
    for (int labels = level->name.labels; labels >= 0 && !lookup_wants_proof(lookup); labels--) {
        const struct bytes ancestor = name_suffix_bytes(&level->name, (uint8_t)labels);
        if (labels < level->name.labels &&
            cache_find(context->cache, DRAWER_ANSWERS, ancestor, RRTYPE_DNAME, context->now,
                       &cached) &&
            !cached.denial) {
            follow_dname(context, lookup, (uint8_t)labels, &cached);
            return true;
        }
        if (cache_find(context->cache, DRAWER_DELEGATIONS, ancestor, RRTYPE_NS, context->now,
                       &cached)) {
            return false;
        }
    }
    return false;
}

/* True if the cache settles the level's question, or moves it on. */
static bool ask_cache(struct context *context, struct lookup *lookup)
{
    const struct level *level = lookup_top(lookup);
    const struct bytes name = name_bytes(&level->name);
    const struct cache *cache = context->cache;
    const instant_ns now = context->now;
    struct cached cached;
    if (find_proved(context, lookup, DRAWER_ANSWERS, level->type, &cached)) {
        if (cached.denial) {
            end_by_cached_denial(context, lookup, &cached, RCODE_NOERROR, "no such type");
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
        find_proved(context, lookup, DRAWER_ANSWERS, RRTYPE_CNAME, &cached) && !cached.denial) {
        follow_cached_alias(context, lookup, &cached);
        return true;
    }
    if (context->dnames_kept && follow_cached_dname(context, lookup)) {
        return true;
    }
    if (find_proved(context, lookup, DRAWER_NXDOMAIN, 0, &cached)) {
        end_by_cached_denial(context, lookup, &cached, RCODE_NXDOMAIN, "no such name");
        return true;
    }
    return end_by_missing_ancestor(context, lookup);
}

/* --- the closest delegation --- */

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
    TELL(context, .what = "special", .name = name_bytes(&level->name), .type = level->type);
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
    if ((policy->special_names && end_specially(context, lookup)) || ask_cache(context, lookup)) {
        return;
    }
    const bool hints = find_delegation(context, lookup_top(lookup));
    if (hints && policy->priming && !lookup->primed && lookup->depth <= POLICY_NESTING_MAX) {
        prime(context, lookup);
    } else {
        lookup_aim(context, lookup_top(lookup));
    }
}
