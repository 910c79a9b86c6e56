/* Names that do not exist and are not denied: the unsigned side of compact denial. */
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
    if (step->outcome != DRAFT_NXDOMAIN || !when_holds(state, context)) {
        return false;
    }
    draft_step_nodata(step);
    return true;
}

const struct behaviour_row behaviour_compact_denial = {
    .name = "compact-denial",
    .doc = "What does not exist is answered NOERROR without records, as if the name existed and "
           "only the type did not. Signed zones say the truth in an NSEC record with NXNAME, "
           "which only who validates looks at; here nothing is signed.",
    .evidence = "Failure catalogue A1b, F73: RFC 9824; blog.cloudflare.com/black-lies.",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .edit = edit,
};
