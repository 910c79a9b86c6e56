/* How a server answers QTYPE ANY (RFC 8482). */
#include "sim/behaviours/rows.h"

#include "sim/synth.h"
#include "wire/rrtype.h"

#define ANY_TTL 3600

enum any_answer { ANY_HINFO, ANY_ONE, ANY_ALL, ANY_REFUSED, ANY_NOTIMP, ANY_EMPTY };

struct any {
    enum any_answer answer;
    const struct rrset *hinfo;
};

static const char *const answers[] = {"hinfo", "one", "all", "refused", "notimp", "empty", NULL};

static const struct param_spec params[] = {
    {.key = "answer",
     .type = PARAM_CHOICE,
     .choices = answers,
     .fallback = "hinfo",
     .doc = "hinfo: one HINFO \"RFC8482\" \"\"; one: the name's first RRset; all: every RRset; "
            "refused, notimp: that RCODE; empty: NODATA."},
    {.key = "ttl",
     .type = PARAM_DURATION,
     .fallback = "3600",
     .doc = "The TTL of the HINFO record."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    (void)apex;
    struct any *any = ARENA_NEW(arena, struct any);
    const struct rrset *hinfo = synth_hinfo(arena, behaviour_ttl(given, "ttl", ANY_TTL));
    if (any == NULL || hinfo == NULL) {
        return behaviour_no_memory(reterr);
    }
    any->answer = (enum any_answer)params_number(given, "answer", ANY_HINFO);
    any->hinfo = hinfo;
    return any;
}

static void answer_hinfo(const struct any *any, struct draft *draft, struct draft_step *step)
{
    draft_step_answer(step);
    draft_step_put(step, any->hinfo, any->hinfo->ttl);
    draft->extended_error = EDE_NOT_SUPPORTED + 1;
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    const struct any *any = state;
    if (context->qtype != RRTYPE_ANY || step->edited || any->answer == ANY_ALL ||
        step->outcome != DRAFT_ANSWER) {
        return false;
    }
    switch (any->answer) {
    case ANY_HINFO: answer_hinfo(any, draft, step); break;
    case ANY_ONE: step->count = 1; break;
    case ANY_REFUSED: draft_step_fail(step, RCODE_REFUSED); break;
    case ANY_NOTIMP: draft_step_fail(step, RCODE_NOTIMP); break;
    default: draft_step_nodata(step); break;
    }
    return true;
}

const struct behaviour_row behaviour_any = {
    .name = "any",
    .doc = "What a query for ANY gets at a name that owns records. Servers without this behaviour "
           "answer with every RRset.",
    .evidence = "RFC 8482 4; failure catalogue A1.9 (HINFO with TTL 3600, newer answers with "
                "extended error 21).",
    .params = params,
    .short_param = "answer",
    .configure = configure,
    .edit = edit,
};
