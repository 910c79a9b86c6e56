/* A flattened CNAME: the provider follows it itself and shows the addresses at its end. A key host
 * has none, so nothing is left. */
#include "sim/behaviours/rows.h"

#include "sim/chase.h"
#include "sim/names.h"
#include "wire/rrtype.h"

struct flattened {
    struct names names;
    bool apex;
    bool in_zone;
};

static const struct param_spec params[] = {
    {.key = "names",
     .type = PARAM_TEXTS,
     .doc = "The names whose CNAME is flattened, relative to the zone; the word all flattens "
            "every CNAME of the zone."},
    {.key = "all",
     .type = PARAM_BOOL,
     .fallback = "false",
     .doc = "Flattens every CNAME of the zone."},
    {.key = "apex",
     .type = PARAM_BOOL,
     .fallback = "true",
     .doc = "Flattens a CNAME at the apex, which the provider must."},
    {.key = "in-zone",
     .type = PARAM_BOOL,
     .fallback = "false",
     .doc = "Flattens CNAMEs that point into the same zone (F05)."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    struct flattened *flattened = ARENA_NEW(arena, struct flattened);
    if (flattened == NULL) {
        return behaviour_no_memory(reterr);
    }
    if (!names_configure(params_find(given, "names"), apex, arena, &flattened->names, reterr)) {
        return NULL;
    }
    if (params_number(given, "all", 0) != 0) {
        flattened->names.all = true;
    }
    flattened->apex = params_number(given, "apex", 1) != 0;
    flattened->in_zone = params_number(given, "in-zone", 0) != 0;
    return flattened;
}

/* Whether this step's `cname`, which points at `target`, is to be flattened. */
static bool is_meant(const struct flattened *flattened, const struct draft_step *step,
                     const struct name *target)
{
    const struct name *apex = zone_apex(step->zone);
    if (flattened->apex && name_equal(step->owner, apex)) {
        return true;
    }
    if (flattened->in_zone && name_is_at_or_below(target, apex)) {
        return true;
    }
    return names_match(&flattened->names, step, NULL) == NAMES_HIT;
}

static void show_addresses(const struct behaviour_context *context, const struct rrset *cname,
                           const struct name *target, struct draft_step *step)
{
    struct chased chased;
    chase(context, target, context->qtype, &chased);
    switch (chased.outcome) {
    case CHASE_FOUND:
        draft_step_answer(step);
        draft_step_put(step, chased.rrset, chased.ttl < cname->ttl ? chased.ttl : cname->ttl);
        break;
    case CHASE_NODATA:
    case CHASE_NXDOMAIN: draft_step_nodata(step); break;
    case CHASE_FAILED: draft_step_fail(step, RCODE_SERVFAIL); break; /* assumed */
    }
}

/* All that the name owns but the CNAME. */
static void show_rest(struct draft_step *step)
{
    size_t kept = 0;
    for (size_t i = 0; i < step->count; i++) {
        if (step->rrsets[i].rrset->type != RRTYPE_CNAME) {
            step->rrsets[kept++] = step->rrsets[i];
        }
    }
    step->count = kept;
    if (kept == 0) {
        draft_step_nodata(step);
    }
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    (void)draft;
    const struct rrset *cname = behaviour_own_rrset(step, RRTYPE_CNAME);
    struct name target;
    if (step->edited || cname == NULL || !rdata_target(RRTYPE_CNAME, cname->rdata[0], &target) ||
        !is_meant(state, step, &target)) {
        return false;
    }
    switch (context->qtype) {
    case RRTYPE_A:
    case RRTYPE_AAAA: show_addresses(context, cname, &target, step); return true;
    case RRTYPE_CNAME: draft_step_nodata(step); return true;
    case RRTYPE_ANY: show_rest(step); return true;
    default: return behaviour_show_own_data(step);
    }
}

const struct behaviour_row behaviour_flattened = {
    .name = "flattened",
    .doc = "The provider follows a CNAME itself and answers with the addresses at its end, TTL the "
           "lesser of theirs and the CNAME's. CNAME and all other types are NODATA, but for own "
           "records beside it; where the target has no address, A and AAAA are NODATA too. A "
           "proxied name is not flattened as well.",
    .evidence = "Failure catalogue A2, E3, F04, F05: cloudflare-docs dns/cname-flattening; "
                "MicrosoftDocs/OfficeDocs-o365seccomp#950. SERVFAIL for a target that cannot be "
                "followed: assumed.",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .edit = edit,
};
