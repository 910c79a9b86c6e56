/* TXT records that the provider lost or never published, at names that exist. */
#include "sim/behaviours/rows.h"

#include "sim/names.h"
#include "wire/rrtype.h"

static const struct param_spec params[] = {
    {.key = "names",
     .type = PARAM_TEXTS,
     .required = true,
     .doc = "The names, relative to the zone; the word all means every name."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    struct names *names = ARENA_NEW(arena, struct names);
    if (names == NULL) {
        return behaviour_no_memory(reterr);
    }
    return names_configure(params_find(given, "names"), apex, arena, names, reterr) ? names : NULL;
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    (void)draft;
    if (context->qtype != RRTYPE_TXT || names_match(state, step, NULL) != NAMES_HIT) {
        return false;
    }
    draft_step_nodata(step);
    return true;
}

const struct behaviour_row behaviour_missing_txt = {
    .name = "missing-txt",
    .doc = "A TXT query at these names is NODATA; every other type is as the zone says.",
    .evidence = "Failure catalogue F66, and F01 and F04 as a TXT reader sees them.",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .edit = edit,
};
