/* Answers that say everything several times. */
#include "sim/behaviours/rows.h"

#include "sim/when.h"

#define COPIES_MAX 8

struct duplicated {
    struct when when;
    size_t copies;
};

static const struct param_spec params[] = {
    {.key = "copies",
     .type = PARAM_INTEGER,
     .least = 2,
     .most = COPIES_MAX,
     .fallback = "3",
     .doc = "How often each record of the answer section stands there."},
    WHEN_PARAMS,
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    struct duplicated *duplicated = ARENA_NEW(arena, struct duplicated);
    if (duplicated == NULL) {
        return behaviour_no_memory(reterr);
    }
    duplicated->copies = (size_t)params_number(given, "copies", 3);
    return when_configure(given, apex, arena, &duplicated->when, reterr) ? duplicated : NULL;
}

/* `rrset` with each record `copies` times; NULL if `arena` is exhausted. */
static const struct rrset *repeat(const struct rrset *rrset, size_t copies, struct arena *arena)
{
    const size_t count = rrset->count * copies;
    struct bytes *rdata = ARENA_NEW_ARRAY(arena, struct bytes, count);
    if (rdata == NULL || count > UINT16_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        rdata[i] = rrset->rdata[i % rrset->count];
    }
    return draft_rrset_new(arena, rrset->owner, rrset->type, rrset->ttl, rdata, count);
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct duplicated *duplicated = state;
    if (draft->answer_count == 0 || !when_holds(&duplicated->when, context)) {
        return false;
    }
    for (size_t i = 0; i < draft->answer_count; i++) {
        const struct rrset *repeated =
            repeat(draft->answer[i].rrset, duplicated->copies, context->scratch);
        if (repeated != NULL) {
            draft->answer[i].rrset = repeated;
        }
    }
    return true;
}

const struct behaviour_row behaviour_duplicated = {
    .name = "duplicated",
    .doc = "Each record of an answer stands there several times, octet by octet the same. It is "
           "one record all the same (RFC 2181 5); who counts them thinks otherwise.",
    .evidence = "Failure catalogue F110: DVE-2017-0016 (one A record three times).",
    .params = params,
    .short_param = "copies",
    .configure = configure,
    .finish = finish,
};
