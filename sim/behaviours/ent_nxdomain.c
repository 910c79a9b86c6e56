/* A server that forgets that names exist once there are names below them. */
#include "sim/behaviours/rows.h"

#include "sim/when.h"

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
    if (!step->found.empty_non_terminal || step->outcome != DRAFT_NODATA ||
        !when_holds(state, context)) {
        return false;
    }
    draft_step_nxdomain(step);
    return true;
}

const struct behaviour_row behaviour_ent_nxdomain = {
    .name = "ent-nxdomain",
    .doc = "An empty non-terminal, a name that owns nothing and has names below it, is NXDOMAIN "
           "instead of NODATA: whoever believes it takes the names below for missing too.",
    .evidence = "Failure catalogue F70: DVE-2019-0001; dns-operations 2019-04 (Akamai, fixed about "
                "2019). RFC 8020 says what follows from NXDOMAIN.",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .edit = edit,
};
