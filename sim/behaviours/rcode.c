/* One RCODE, whatever the zone says. */
#include "sim/behaviours/rows.h"

#include "sim/names.h"
#include "sim/when.h"

struct fixed_rcode {
    struct when when;
    uint16_t rcode;
};

static const struct param_spec params[] = {
    {.key = "rcode",
     .type = PARAM_TEXT,
     .required = true,
     .doc = "The RCODE by its name: SERVFAIL, REFUSED, NXDOMAIN, FORMERR, NOTIMP, …"},
    WHEN_PARAMS,
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    const struct param *rcode = params_find(given, "rcode");
    struct fixed_rcode *fixed = ARENA_NEW(arena, struct fixed_rcode);
    if (fixed == NULL) {
        return behaviour_no_memory(reterr);
    }
    if (rcode == NULL || rcode->count == 0 || !rcode_parse(rcode->texts[0], &fixed->rcode)) {
        diag_set(reterr, rcode != NULL ? rcode->place : (struct place){.file = NULL},
                 "this is not an RCODE");
        diag_hint(reterr, "SERVFAIL, REFUSED, NXDOMAIN, FORMERR, NOTIMP");
        return NULL;
    }
    return when_configure(given, apex, arena, &fixed->when, reterr) ? fixed : NULL;
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    (void)draft;
    const struct fixed_rcode *fixed = state;
    if (!when_holds(&fixed->when, context)) {
        return false;
    }
    draft_step_fail(step, fixed->rcode);
    return true;
}

const struct behaviour_row behaviour_rcode = {
    .name = "rcode",
    .doc = "These names, or all of the zone, answer with one RCODE and no records; at the end of "
           "an alias the alias stays in the answer.",
    .evidence = "Failure catalogue F71, F100 to F102: PowerDNS/pdns#9863, DVE-2017-0017, "
                "DVE-2020-0003.",
    .params = params,
    .short_param = "rcode",
    .configure = configure,
    .edit = edit,
};
