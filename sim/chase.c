#include "sim/chase.h"

#include <assert.h>

/* The zone of the scenario nearest to `name`, NULL if none holds it. */
static const struct zone *nearest_zone(const struct behaviour_context *context,
                                       const struct name *name)
{
    const struct zone *nearest = NULL;
    for (size_t i = 0; i < context->zone_count; i++) {
        const struct zone *zone = context->zones[i];
        const struct name *apex = zone_apex(zone);
        if (name_is_at_or_below(name, apex) &&
            (nearest == NULL || apex->labels > zone_apex(nearest)->labels)) {
            nearest = zone;
        }
    }
    return nearest;
}

/* Moves `name` on to where the CNAME or DNAME in `found` points; false if there is no such name. */
static bool move_on(const struct zone_found *found, struct name *name)
{
    struct name base;
    assert(found->rrset != NULL);
    if (!rdata_target(found->rrset->type, found->rrset->rdata[0], &base)) {
        return false;
    }
    if (found->outcome == ZONE_CNAME) {
        name_copy(name, &base);
        return true;
    }
    struct name from;
    name_copy(&from, name);
    return name_replace_suffix(&from, found->rrset->owner, &base, name);
}

static void settle(const struct zone_found *found, struct chased *ret)
{
    switch (found->outcome) {
    case ZONE_ANSWER:
        ret->outcome = CHASE_FOUND;
        ret->rrset = found->rrset;
        break;
    case ZONE_NODATA: ret->outcome = CHASE_NODATA; break;
    case ZONE_NXDOMAIN: ret->outcome = CHASE_NXDOMAIN; break;
    default: ret->outcome = CHASE_FAILED; break;
    }
}

void chase(const struct behaviour_context *context, const struct name *start, uint16_t type,
           struct chased *ret)
{
    *ret = (struct chased){.outcome = CHASE_FAILED, .ttl = UINT32_MAX};
    struct name name;
    name_copy(&name, start);
    for (size_t links = 0; links <= CHASE_LINKS_MAX; links++) {
        const struct zone *zone = nearest_zone(context, &name);
        if (zone == NULL) {
            return;
        }
        struct zone_found found;
        zone_look_up(zone, &name, type, &found);
        if (found.rrset != NULL && found.rrset->ttl < ret->ttl) {
            ret->ttl = found.rrset->ttl;
        }
        if (found.outcome != ZONE_CNAME && found.outcome != ZONE_DNAME) {
            settle(&found, ret);
            return;
        }
        if (!move_on(&found, &name)) {
            return;
        }
    }
}
