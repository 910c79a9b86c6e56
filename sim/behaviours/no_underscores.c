/* A server that takes names with an underscore for mistakes. */
#include "sim/behaviours/rows.h"

#include "sim/when.h"

enum no_underscores_mode {
    UNDERSCORES_HEADER,
    UNDERSCORES_FORMERR,
    UNDERSCORES_NOTIMP,
    UNDERSCORES_REFUSED,
    UNDERSCORES_NXDOMAIN,
    UNDERSCORES_SILENT
};

struct no_underscores {
    struct when when;
    enum no_underscores_mode mode;
};

static const char *const modes[] = {
    "formerr-header", "formerr", "notimp", "refused", "nxdomain", "silent", NULL,
};

static const struct param_spec params[] = {
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "formerr-header",
     .doc = "What a question for a name with an underscore at the beginning of a label gets. "
            "formerr-header: FORMERR in a reply of 12 octets, without even the question; formerr, "
            "notimp, refused, nxdomain: that RCODE; silent: nothing."},
    WHEN_PARAMS,
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    struct no_underscores *state = ARENA_NEW(arena, struct no_underscores);
    if (state == NULL) {
        return behaviour_no_memory(reterr);
    }
    state->mode = (enum no_underscores_mode)params_number(given, "mode", UNDERSCORES_HEADER);
    return when_configure(given, apex, arena, &state->when, reterr) ? state : NULL;
}

static bool has_underscore(const struct name *name)
{
    for (size_t at = 0; name->octets[at] != 0; at += (size_t)name->octets[at] + 1) {
        if (name->octets[at + 1] == '_') {
            return true;
        }
    }
    return false;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    static const uint16_t rcodes[] = {
        [UNDERSCORES_HEADER] = RCODE_FORMERR,    [UNDERSCORES_FORMERR] = RCODE_FORMERR,
        [UNDERSCORES_NOTIMP] = RCODE_NOTIMP,     [UNDERSCORES_REFUSED] = RCODE_REFUSED,
        [UNDERSCORES_NXDOMAIN] = RCODE_NXDOMAIN, [UNDERSCORES_SILENT] = RCODE_NOERROR,
    };
    const struct no_underscores *no_underscores = state;
    if (!has_underscore(context->qname) || !when_holds(&no_underscores->when, context)) {
        return false;
    }
    draft_fail(draft, rcodes[no_underscores->mode]);
    draft->silent = no_underscores->mode == UNDERSCORES_SILENT;
    draft->authoritative = no_underscores->mode == UNDERSCORES_NXDOMAIN;
    if (no_underscores->mode == UNDERSCORES_HEADER) {
        draft->question = DRAFT_QUESTION_NONE;
        draft->opt = DRAFT_OPT_NONE;
    }
    return true;
}

const struct behaviour_row behaviour_no_underscores = {
    .name = "no-underscores",
    .doc = "The server holds that host names have no underscore, and turns down questions for "
           "names that do: DKIM's, DMARC's and all others of RFC 8552.",
    .evidence = "Failure catalogue F102: DVE-2020-0003 (FORMERR of a header only, to any label "
                "that begins with an underscore). The other modes: assumed.",
    .params = params,
    .short_param = "mode",
    .configure = configure,
    .finish = finish,
};
