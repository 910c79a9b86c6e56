/* A server that gives its own name servers to whoever asks for any name's. */
#include "sim/behaviours/rows.h"

#include "sim/when.h"
#include "wire/rrtype.h"

static const struct param_spec params[] = {
    WHEN_PARAMS,
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    struct when *when = ARENA_NEW(arena, struct when);
    if (when == NULL) {
        return behaviour_no_memory(reterr);
    }
    return when_configure(given, apex, arena, when, reterr) ? when : NULL;
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    (void)draft;
    const struct rrset *own = zone_rrset(step->zone, zone_apex(step->zone), RRTYPE_NS);
    const bool is_apex = name_equal(step->owner, zone_apex(step->zone));
    if (context->qtype != RRTYPE_NS || is_apex || own == NULL || !when_holds(state, context)) {
        return false;
    }
    draft_step_answer(step);
    draft_step_put(step, own, own->ttl);
    return true;
}

const struct behaviour_row behaviour_ns_anywhere = {
    .name = "ns-anywhere",
    .doc = "Asked for the NS records of any name, the server gives its own, as if there were a "
           "zone at every name: who looks for zone cuts that way finds one at each step.",
    .evidence = "Failure catalogue F72: DVE-2017-0002 (a name nobody has, NS, answered with the "
                "zone's name servers under that name).",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .edit = edit,
};
