/* A name that knows addresses and nothing else: the bare form of what proxies, parking and broken
 * load balancers make of it. */
#include "sim/behaviours/rows.h"

#include "sim/names.h"
#include "sim/synth.h"
#include "wire/rrtype.h"

#define ADDRESS_ONLY_TTL 300

struct address_only {
    struct names names;
    const struct rrset *ipv4, *ipv6; /* NULL: the name's own */
};

static const struct param_spec params[] = {
    {.key = "names",
     .type = PARAM_TEXTS,
     .required = true,
     .doc = "The names, relative to the zone; the word all means every name that exists."},
    {.key = "ipv4",
     .type = PARAM_ADDRESSES,
     .doc = "The answer to A; by default the name's own A records."},
    {.key = "ipv6",
     .type = PARAM_ADDRESSES,
     .doc = "The answer to AAAA; by default the name's own AAAA records."},
    {.key = "ttl",
     .type = PARAM_DURATION,
     .fallback = "300",
     .doc = "The TTL of the addresses given here."},
    {.key = NULL},
};

/* The RRset of the addresses in `param`; `*ret` stays NULL if there are none. */
static bool make_addresses(const struct param *param, uint16_t type, uint32_t ttl,
                           struct arena *arena, const struct rrset **ret)
{
    if (param == NULL) {
        return true;
    }
    *ret = synth_addresses(arena, type, ttl, param->addresses, param->count);
    return *ret != NULL;
}

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    const uint32_t ttl = behaviour_ttl(given, "ttl", ADDRESS_ONLY_TTL);
    struct address_only *only = ARENA_NEW(arena, struct address_only);
    if (only == NULL ||
        !make_addresses(params_find(given, "ipv4"), RRTYPE_A, ttl, arena, &only->ipv4) ||
        !make_addresses(params_find(given, "ipv6"), RRTYPE_AAAA, ttl, arena, &only->ipv6)) {
        return behaviour_no_memory(reterr);
    }
    if (!names_configure(params_find(given, "names"), apex, arena, &only->names, reterr)) {
        return NULL;
    }
    return only;
}

/* What is answered to `type`; NULL for nothing. */
static const struct rrset *answer_to(const struct address_only *only, const struct draft_step *step,
                                     uint16_t type)
{
    if (type != RRTYPE_A && type != RRTYPE_AAAA) {
        return NULL;
    }
    const struct rrset *given = type == RRTYPE_A ? only->ipv4 : only->ipv6;
    return given != NULL ? given : behaviour_own_rrset(step, type);
}

/* True if the step already shows the name's own addresses, and those only. */
static bool is_shown(const struct address_only *only, const struct draft_step *step, uint16_t type)
{
    return step->outcome == DRAFT_ANSWER && ((type == RRTYPE_A && only->ipv4 == NULL) ||
                                             (type == RRTYPE_AAAA && only->ipv6 == NULL));
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    (void)draft;
    const struct address_only *only = state;
    const enum names_match match = names_match(&only->names, step, NULL);
    if (match != NAMES_HIT || step->edited) {
        return !step->edited && names_make_ancestor(match, step);
    }
    if (is_shown(only, step, context->qtype)) {
        return false;
    }
    const struct rrset *rrset = answer_to(only, step, context->qtype);
    if (rrset == NULL || rrset->count == 0) {
        draft_step_nodata(step);
        return true;
    }
    draft_step_answer(step);
    draft_step_put(step, rrset, rrset->ttl);
    return true;
}

const struct behaviour_row behaviour_address_only = {
    .name = "address-only",
    .doc = "These names answer A and AAAA, and NODATA to everything else, whatever the zone holds.",
    .evidence = "Failure catalogue F01, F29, F81 in their common part; the bare form: assumed.",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .edit = edit,
};
