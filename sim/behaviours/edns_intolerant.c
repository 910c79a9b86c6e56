/* A server that takes EDNS only in its barest form. */
#include "sim/behaviours/rows.h"

enum edns_intolerant_of { INTOLERANT_OF_OPTIONS, INTOLERANT_OF_VERSION, INTOLERANT_OF_DO };

enum edns_intolerant_mode {
    INTOLERANT_FORMERR,
    INTOLERANT_BADVERS,
    INTOLERANT_BADVERS_HEADER,
    INTOLERANT_SILENT
};

struct edns_intolerant {
    enum edns_intolerant_of of;
    enum edns_intolerant_mode mode;
};

static const char *const subjects[] = {"options", "version", "dnssec-ok", NULL};
static const char *const modes[] = {"formerr", "badvers", "badvers-header", "silent", NULL};

static const struct param_spec params[] = {
    {.key = "of",
     .type = PARAM_CHOICE,
     .choices = subjects,
     .required = true,
     .doc = "What it does not bear in a query's OPT record: options, a version above 0, or the DO "
            "bit."},
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "formerr",
     .doc = "What such a query gets. formerr: FORMERR without OPT; badvers: BADVERS; "
            "badvers-header: BADVERS without the question; silent: nothing."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)apex;
    (void)provider;
    struct edns_intolerant *intolerant = ARENA_NEW(arena, struct edns_intolerant);
    if (intolerant == NULL) {
        return behaviour_no_memory(reterr);
    }
    intolerant->of = (enum edns_intolerant_of)params_number(given, "of", INTOLERANT_OF_OPTIONS);
    intolerant->mode = (enum edns_intolerant_mode)params_number(given, "mode", INTOLERANT_FORMERR);
    return intolerant;
}

static bool has_subject(const struct edns_intolerant *intolerant, const struct edns *edns)
{
    switch (intolerant->of) {
    case INTOLERANT_OF_OPTIONS: return edns->options.size > 0;
    case INTOLERANT_OF_VERSION: return edns->version > 0;
    case INTOLERANT_OF_DO: return edns->dnssec_ok;
    }
    return false;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct edns_intolerant *intolerant = state;
    const struct edns *edns = &context->query->edns;
    if (!edns->present || !has_subject(intolerant, edns)) {
        return false;
    }
    switch (intolerant->mode) {
    case INTOLERANT_FORMERR:
        draft_fail(draft, RCODE_FORMERR);
        draft->opt = DRAFT_OPT_NONE;
        break;
    case INTOLERANT_BADVERS: draft_fail(draft, RCODE_BADVERS); break;
    case INTOLERANT_BADVERS_HEADER:
        draft_fail(draft, RCODE_BADVERS);
        draft->question = DRAFT_QUESTION_NONE;
        break;
    case INTOLERANT_SILENT: draft->silent = true; break;
    }
    return true;
}

const struct behaviour_row behaviour_edns_intolerant = {
    .name = "edns-intolerant",
    .doc = "The server takes EDNS, but not what a query may say with it: options it does not know "
           "(RFC 6891 6.1.2 has it overlook them), a later version, or the DO bit.",
    .evidence = "Failure catalogue F106: DVE-2017-0005 (BADVERS without the question), "
                "DVE-2017-0018 (silence to version 1), DVE-2020-0004; Zonemaster NAMESERVER10 to "
                "12. The DO bit: dnsflagday.net.",
    .params = params,
    .short_param = "of",
    .configure = configure,
    .finish = finish,
};
