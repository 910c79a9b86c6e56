/* One RCODE, whatever the zone says. */
#include "sim/behaviours/rows.h"

#include "sim/names.h"
#include "sim/subnet.h"
#include "sim/when.h"

struct fixed_rcode {
    struct when when;
    struct subnet *spared;
    size_t spared_count;
    uint16_t rcode;
    uint16_t extended_error; /* INFO-CODE + 1, 0 for none */
};

static const struct param_spec params[] = {
    {.key = "rcode",
     .type = PARAM_TEXT,
     .required = true,
     .doc = "The RCODE by its name: SERVFAIL, REFUSED, NXDOMAIN, FORMERR, NOTIMP, …"},
    {.key = "extended-error",
     .type = PARAM_INTEGER,
     .most = UINT16_MAX - 1,
     .doc = "The INFO-CODE of an extended error beside it (RFC 8914): 18 Prohibited, 20 Not "
            "Authoritative, 14 Not Ready."},
    {.key = "spares",
     .type = PARAM_TEXTS,
     .doc = "Who is answered all the same: addresses, or ranges of them (10.0.0.0/8)."},
    WHEN_PARAMS,
    {.key = NULL},
};

/* Reads the ranges of who is spared; false (told) if one is none. */
static bool read_spared(const struct param *spared, struct arena *arena, struct fixed_rcode *ret,
                        struct diag *reterr)
{
    if (spared == NULL) {
        return true;
    }
    ret->spared = ARENA_NEW_ARRAY(arena, struct subnet, spared->count);
    if (ret->spared == NULL) {
        behaviour_no_memory(reterr);
        return false;
    }
    for (size_t i = 0; i < spared->count; i++) {
        if (!subnet_parse(spared->texts[i], &ret->spared[i])) {
            return diag_set(reterr, spared->text_places[i],
                            "\"%.*s\" is neither an address nor a range of them",
                            (int)spared->texts[i].size, (const char *)spared->texts[i].data);
        }
    }
    ret->spared_count = spared->count;
    return true;
}

static bool is_spared(const struct fixed_rcode *fixed, const struct address *client)
{
    for (size_t i = 0; i < fixed->spared_count; i++) {
        if (subnet_contains(&fixed->spared[i], client)) {
            return true;
        }
    }
    return false;
}

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
    const struct param *error = params_find(given, "extended-error");
    fixed->extended_error = error == NULL ? 0 : (uint16_t)(error->number + 1);
    return read_spared(params_find(given, "spares"), arena, fixed, reterr) &&
                   when_configure(given, apex, arena, &fixed->when, reterr)
               ? fixed
               : NULL;
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    const struct fixed_rcode *fixed = state;
    if (!when_holds(&fixed->when, context) || is_spared(fixed, &context->client->address)) {
        return false;
    }
    draft->extended_error = fixed->extended_error;
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
