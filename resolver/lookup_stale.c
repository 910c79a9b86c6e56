/* Serving stale data (RFC 8767): where a question cannot be resolved, what is known of it from
 * before, though its time is over. */
#include "resolver/lookup.h"

#include <assert.h>

#include "wire/rrtype.h"

static bool find(const struct context *context, enum drawer drawer, const struct name *name,
                 uint16_t type, struct cached *ret)
{
    return cache_find_stale(context->cache, drawer, name_bytes(name), type, context->now,
                            context->policy.stale_max, ret);
}

/* What was learnt last of the question, answer or denial. */
static bool find_end(const struct context *context, const struct name *name, uint16_t type,
                     struct cached *ret)
{
    struct cached no_name;
    const bool answers = find(context, DRAWER_ANSWERS, name, type, ret);
    if (find(context, DRAWER_NXDOMAIN, name, 0, &no_name) &&
        (!answers || no_name.expires > ret->expires)) {
        *ret = no_name;
        return true;
    }
    return answers;
}

/* Follows one stale alias of the lowest level; false if there is none, or too many. */
static bool follow(struct context *context, struct chain *chain, struct name *name)
{
    struct cached cached;
    struct bytes rest, target;
    if (!find(context, DRAWER_ANSWERS, name, RRTYPE_CNAME, &cached) || cached.denial ||
        chain->count >= context->policy.restarts_max || chain_has(chain, name)) {
        return false;
    }
    struct chain_link *link = &chain->links[chain->count++];
    name_copy(&link->owner, name);
    link->expires = instant_after(context->now, context->policy.stale_ttl);
    link->by_dname = false;
    rest = cached.octets;
    const bool sound = cached_next(&rest, &target) && name_from_wire(target, name);
    assert(sound);
    return true;
}

static void fill(struct context *context, const struct cached *cached, struct rrset *rrset,
                 struct finding *finding)
{
    scratch_take_cached(&context->scratch, cached, rrset);
    rrset->ttl = (uint32_t)(context->policy.stale_ttl / NS_PER_S);
    finding->rcode = cached->drawer == DRAWER_NXDOMAIN ? RCODE_NXDOMAIN : RCODE_NOERROR;
    finding->rrset = cached->denial ? NULL : rrset;
    finding->soa = cached->denial ? rrset : NULL;
}

bool lookup_find_stale(struct context *context, struct lookup *lookup, struct rrset *rrset,
                       struct finding *finding)
{
    struct level *lowest = &lookup->levels[0];
    struct chain chain = lookup->chain;
    struct name name;
    struct cached cached;
    name_copy(&name, &lowest->name);
    while (!find_end(context, &name, lowest->type, &cached)) {
        if (lowest->type == RRTYPE_CNAME || !follow(context, &chain, &name)) {
            return false;
        }
    }
    lookup->chain = chain;
    name_copy(&lowest->name, &name);
    fill(context, &cached, rrset, finding);
    TELL(context, .what = "stale", .name = name_bytes(&name), .type = lowest->type,
         .number = instant_since(cached.expires, context->now) / NS_PER_S);
    return true;
}
