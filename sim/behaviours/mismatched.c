/* Replies that do not belong to the query they come for. */
#include "sim/behaviours/rows.h"

#include "sim/when.h"

enum mismatched_mode { MISMATCHED_ID, MISMATCHED_NAME, MISMATCHED_EMPTY };

struct mismatched {
    struct when when;
    enum mismatched_mode mode;
    struct name other;
};

#define ID_FLIP 0x0101 /* bits of the ID turned over; any will do */

static const char *const modes[] = {"wrong-id", "wrong-name", "no-question", NULL};

static const struct param_spec params[] = {
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .required = true,
     .doc = "wrong-id: another ID than the query's; wrong-name: the zone's apex as the name in the "
            "question section; no-question: an answer whose question section is empty."},
    WHEN_PARAMS,
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    struct mismatched *mismatched = ARENA_NEW(arena, struct mismatched);
    if (mismatched == NULL) {
        return behaviour_no_memory(reterr);
    }
    mismatched->mode = (enum mismatched_mode)params_number(given, "mode", MISMATCHED_ID);
    name_copy(&mismatched->other, apex);
    return when_configure(given, apex, arena, &mismatched->when, reterr) ? mismatched : NULL;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct mismatched *mismatched = state;
    if (!when_holds(&mismatched->when, context)) {
        return false;
    }
    switch (mismatched->mode) {
    case MISMATCHED_ID: draft->id_flip = ID_FLIP; break;
    case MISMATCHED_NAME:
        if (name_identical(&mismatched->other, &draft->qname)) {
            return false;
        }
        draft->question = DRAFT_QUESTION_RENAMED;
        draft->question_name = &mismatched->other;
        break;
    case MISMATCHED_EMPTY: draft->question = DRAFT_QUESTION_NONE; break;
    }
    return true;
}

const struct behaviour_row behaviour_mismatched = {
    .name = "mismatched",
    .doc = "Replies with another ID or another question than the query's, or without a question. "
           "A reader takes them for somebody else's and goes on waiting.",
    .evidence = "Failure catalogue F109: DVE-2020-0001 (no question); RFC 5452 9.1 says what a "
                "reply must match. Wrong IDs and names as a customer's bug: assumed.",
    .params = params,
    .short_param = "mode",
    .configure = configure,
    .finish = finish,
};
