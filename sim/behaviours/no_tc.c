/* A server that cuts its replies and does not say so. */
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

/* Whether anything is missing shows only when the reply is encoded, so this counts as acting on
 * every reply. */
static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    draft->omits_tc = when_holds(state, context);
    return draft->omits_tc;
}

const struct behaviour_row behaviour_no_tc = {
    .name = "no-tc",
    .doc = "Records that do not fit a datagram are left out without the TC bit: a long key is "
           "then an answer without records, like a key that is not there.",
    .evidence = "Failure catalogue F105: mql#10460. Whole records left out, and not octets: "
                "assumed.",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .finish = finish,
};
