/* A server that does not take the letter case of questions as it should. */
#include "sim/behaviours/rows.h"

enum letter_case_mode { LETTER_CASE_LOWER, LETTER_CASE_REFUSED, LETTER_CASE_NXDOMAIN };

struct letter_case {
    enum letter_case_mode mode;
};

static const char *const modes[] = {"lower", "refused", "nxdomain", NULL};

static const struct param_spec params[] = {
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "lower",
     .doc = "lower: replies repeat the question in small letters; refused, nxdomain: that RCODE, "
            "with AA, for a question with capital letters; NXDOMAIN with the zone's SOA."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    (void)apex;
    struct letter_case *letter_case = ARENA_NEW(arena, struct letter_case);
    if (letter_case == NULL) {
        return behaviour_no_memory(reterr);
    }
    letter_case->mode = (enum letter_case_mode)params_number(given, "mode", LETTER_CASE_LOWER);
    return letter_case;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct letter_case *letter_case = state;
    struct name *lower = ARENA_NEW(context->scratch, struct name);
    if (lower == NULL) {
        return false;
    }
    name_copy(lower, &draft->qname);
    name_lower(lower);
    if (name_identical(lower, &draft->qname)) {
        return false;
    }
    if (letter_case->mode == LETTER_CASE_LOWER) {
        draft->question = DRAFT_QUESTION_RENAMED;
        draft->question_name = lower;
        return true;
    }
    draft_fail(draft, letter_case->mode == LETTER_CASE_REFUSED ? RCODE_REFUSED : RCODE_NXDOMAIN);
    draft->authoritative = true;
    const struct rrset *soa = zone_soa(context->zone);
    if (letter_case->mode == LETTER_CASE_NXDOMAIN && soa != NULL) {
        draft_add_authority(draft, soa->owner, soa, zone_negative_ttl(context->zone));
    }
    return true;
}

const struct behaviour_row behaviour_letter_case = {
    .name = "letter-case",
    .doc = "The server does not keep the letter case of questions, or looks names up by it: what "
           "resolvers that mix it (0x20) trip over.",
    .evidence = "Failure catalogue F108: DVE-2017-0003 (NXDOMAIN with AA and SOA), DVE-2017-0006 "
                "(REFUSED with AA); Zonemaster NAMESERVER08 and 09.",
    .params = params,
    .short_param = "mode",
    .configure = configure,
    .finish = finish,
};
