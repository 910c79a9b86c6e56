/* No reply at all. */
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

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    if (!when_holds(state, context)) {
        return false;
    }
    draft->silent = true;
    return true;
}

const struct behaviour_row behaviour_silent = {
    .name = "silent",
    .doc = "The server takes queries for these names, or for all of the zone, and never replies; "
           "over TCP it accepts and stays mute.",
    .evidence = "Failure catalogue F72, F84, F103.",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .finish = finish,
};
