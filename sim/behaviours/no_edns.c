/* A server, or a box before it, that does not know EDNS. */
#include "sim/behaviours/rows.h"

enum no_edns_mode {
    NO_EDNS_FORMERR,
    NO_EDNS_HEADER,
    NO_EDNS_NOTIMP,
    NO_EDNS_IGNORED,
    NO_EDNS_BADVERS,
    NO_EDNS_SILENT
};

struct no_edns {
    enum no_edns_mode mode;
};

static const char *const modes[] = {
    "formerr", "formerr-header", "notimp", "ignored", "badvers", "silent", NULL,
};

static const struct param_spec params[] = {
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "formerr",
     .doc = "What a query with an OPT record gets. formerr, notimp: that RCODE without OPT; "
            "formerr-header: FORMERR without even the question; ignored: the answer without OPT "
            "and within 512 octets; badvers: BADVERS; silent: nothing."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    (void)apex;
    struct no_edns *no_edns = ARENA_NEW(arena, struct no_edns);
    if (no_edns == NULL) {
        return behaviour_no_memory(reterr);
    }
    no_edns->mode = (enum no_edns_mode)params_number(given, "mode", NO_EDNS_FORMERR);
    return no_edns;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct no_edns *no_edns = state;
    if (!context->query->edns.present) {
        return false;
    }
    draft->opt = no_edns->mode == NO_EDNS_BADVERS ? DRAFT_OPT_PROPER : DRAFT_OPT_NONE;
    switch (no_edns->mode) {
    case NO_EDNS_FORMERR: draft_fail(draft, RCODE_FORMERR); break;
    case NO_EDNS_HEADER:
        draft_fail(draft, RCODE_FORMERR);
        draft->question = DRAFT_QUESTION_NONE;
        break;
    case NO_EDNS_NOTIMP: draft_fail(draft, RCODE_NOTIMP); break;
    case NO_EDNS_IGNORED: draft->udp_size_max = EDNS_UDP_SIZE_MIN; break;
    case NO_EDNS_BADVERS: draft_fail(draft, RCODE_BADVERS); break;
    case NO_EDNS_SILENT: draft->silent = true; break;
    }
    return true;
}

const struct behaviour_row behaviour_no_edns = {
    .name = "no-edns",
    .doc = "The server does not take EDNS; queries without an OPT record are answered well.",
    .evidence = "Failure catalogue F106: DVE-2020-0001, DVE-2017-0018, DVE-2018-0002, "
                "dnsflagday.net. Header-only FORMERR: DVE-2020-0001 and 0003.",
    .params = params,
    .short_param = "mode",
    .configure = configure,
    .finish = finish,
};
