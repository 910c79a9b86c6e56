/* Octets behind the end of a reply. */
#include "sim/behaviours/rows.h"

#define TRAILING_MAX 64

static const uint8_t zeros[TRAILING_MAX];

static const struct param_spec params[] = {
    {.key = "octets",
     .type = PARAM_INTEGER,
     .least = 1,
     .most = TRAILING_MAX,
     .fallback = "8",
     .doc = "How many octets of zero follow each reply's last record."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)apex;
    (void)provider;
    size_t *octets = ARENA_NEW(arena, size_t);
    if (octets == NULL) {
        return behaviour_no_memory(reterr);
    }
    *octets = (size_t)params_number(given, "octets", 8);
    return octets;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    (void)context;
    const size_t *octets = state;
    draft->trailing = bytes_of(zeros, *octets);
    return true;
}

const struct behaviour_row behaviour_trailing = {
    .name = "trailing",
    .doc = "Octets follow each reply that belong to no record. Some readers overlook them, others "
           "take the reply for damaged.",
    .evidence = "Failure catalogue F110: DVE-2017-0001 and 0002 (8 octets of zero behind the "
                "message).",
    .params = params,
    .short_param = "octets",
    .configure = configure,
    .finish = finish,
};
