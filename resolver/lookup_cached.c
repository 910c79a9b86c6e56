/* What the cache knows of a question: answers, aliases, denials, also of names above, failures. */
#include "resolver/lookup.h"

#include <assert.h>

#include "wire/rrtype.h"

static void tell_cached(const struct context *context, const struct level *level,
                        const struct cached *cached, const char *note)
{
    TELL(context, .what = "cached", .name = name_bytes(&level->name), .type = level->type,
         .number = cached->ttl, .note = note);
}

/* What came beside the answer or denial that is about to be told. */
static void take_company(struct context *context, const struct lookup *lookup, uint16_t type)
{
    const struct name *name = &lookup->levels[lookup->depth - 1].name;
    struct cached company;
    if (context->policy.full_answers && lookup->depth == 1 &&
        cache_find(context->cache, DRAWER_COMPANY, name_bytes(name), type, context->now,
                   &company)) {
        context->beside = company.octets;
    }
}

static void end_by_cached_denial(struct context *context, struct lookup *lookup,
                                 const struct cached *cached, uint16_t rcode, const char *note)
{
    struct rrset soa;
    take_company(context, lookup, rcode == RCODE_NXDOMAIN ? 0 : lookup_top(lookup)->type);
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
    failure_cached(&failure, cached->octets, cached->ttl);
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
        struct rrset dname;
        scratch_take_cached(&context->scratch, cached, &dname);
        lookup_end_overlong(context, lookup, &dname);
    }
}

/* Moves the level on, or ends it, by a DNAME above its name and within its cut. */
static bool follow_cached_dname(struct context *context, struct lookup *lookup)
{
    const struct level *level = lookup_top(lookup);
    struct cached cached;
    const bool may = context->policy.keep_dnames || !lookup_wants_proof(lookup);
    for (int labels = level->name.labels; may && labels >= 0; labels--) {
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

bool lookup_ask_cache(struct context *context, struct lookup *lookup)
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
        take_company(context, lookup, level->type);
        tell_cached(context, level, &cached, "answer");
        scratch_take_cached(&context->scratch, &cached, &rrset);
        lookup_end_found(context, lookup, &rrset, NULL);
        return true;
    }
    if (cache_find(cache, DRAWER_FAILURES, name, level->type, now, &cached) &&
        (cached.unchecked || !lookup->unchecked || lookup->depth > 1)) {
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
