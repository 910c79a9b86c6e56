/* A server that wants every question asked otherwise. */
#include "sim/behaviours/rows.h"

enum content_mode { CONTENT_LADDER, CONTENT_AT_RANDOM };

struct content {
    enum content_mode mode;
};

static const char *const modes[] = {"ladder", "at-random", NULL};

static const struct param_spec params[] = {
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "ladder",
     .doc = "ladder: with EDNS it wants none (FORMERR), without it wants TCP (TC), and over TCP "
            "it wants EDNS again (NOTIMP), where it wants cookies (BADCOOKIE); at-random: any of "
            "FORMERR, NOTIMP, BADVERS, BADCOOKIE, REFUSED, SERVFAIL and TC."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    (void)apex;
    struct content *content = ARENA_NEW(arena, struct content);
    if (content == NULL) {
        return behaviour_no_memory(reterr);
    }
    content->mode = (enum content_mode)params_number(given, "mode", CONTENT_LADDER);
    return content;
}

/* The next rung: RCODE, or NOERROR for TC. */
static uint16_t next_rung(const struct behaviour_context *context)
{
    if (context->transport == TRANSPORT_UDP) {
        return context->query->edns.present ? RCODE_FORMERR : RCODE_NOERROR;
    }
    return context->query->edns.present ? RCODE_BADCOOKIE : RCODE_NOTIMP;
}

static uint16_t any_rung(struct rng *rng)
{
    static const uint16_t rungs[] = {RCODE_FORMERR, RCODE_NOTIMP,   RCODE_BADVERS, RCODE_BADCOOKIE,
                                     RCODE_REFUSED, RCODE_SERVFAIL, RCODE_NOERROR};
    return rungs[rng_below(rng, sizeof rungs / sizeof *rungs)];
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct content *content = state;
    const uint16_t rcode =
        content->mode == CONTENT_LADDER ? next_rung(context) : any_rung(context->rng);
    const bool is_said_without = rcode == RCODE_FORMERR || rcode == RCODE_NOTIMP;
    draft_fail(draft, rcode);
    draft->opt = is_said_without ? DRAFT_OPT_NONE : DRAFT_OPT_PROPER;
    draft->truncated = rcode == RCODE_NOERROR;
    return true;
}

const struct behaviour_row behaviour_never_content = {
    .name = "never-content",
    .doc = "The server answers nothing, and always as if the question should have been put in "
           "another way. A resolver that undoes one fallback for the next goes round for ever.",
    .evidence = "CVE-2026-5950 and GL#5804 (BIND): loops of fallbacks.",
    .params = params,
    .short_param = "mode",
    .configure = configure,
    .finish = finish,
};
