#include "harness/verdict.h"

#include <assert.h>

#include "harness/run.h"
#include "harness/span.h"

const char *judgement_name(enum judgement judgement)
{
    static const char *const names[] = {"met", "unmet", "error"};
    return names[judgement];
}

static bool holds(uint64_t fact, enum expect_relation relation, uint64_t wanted)
{
    switch (relation) {
    case EXPECT_EQUAL: return fact == wanted;
    case EXPECT_AT_MOST: return fact <= wanted;
    case EXPECT_AT_LEAST: return fact >= wanted;
    }
    return false;
}

static bool is_met(const struct expect_row *row, const struct step_outcome *outcome,
                   const struct param *wanted)
{
    if (row->read == NULL) {
        return row->check(outcome, wanted);
    }
    uint64_t fact;
    return row->read(outcome, &fact) && holds(fact, row->relation, wanted->number);
}

/* The `index`-th wish of a list as a list of its own. */
static struct param single(const struct param *wanted, size_t index)
{
    struct param one = *wanted;
    one.count = 1;
    one.texts = wanted->texts != NULL ? wanted->texts + index : NULL;
    one.text_places = wanted->text_places != NULL ? wanted->text_places + index : NULL;
    one.addresses = wanted->addresses != NULL ? wanted->addresses + index : NULL;
    one.types = wanted->types != NULL ? wanted->types + index : NULL;
    return one;
}

/* True if what is forbidden was found: of a list, any of its wishes. */
static bool is_violated(const struct expectation *expectation, const struct step_outcome *outcome)
{
    const struct param *wanted = &expectation->wanted;
    if (!expectation->row->each) {
        return is_met(expectation->row, outcome, wanted);
    }
    for (size_t i = 0; i < wanted->count; i++) {
        const struct param one = single(wanted, i);
        if (is_met(expectation->row, outcome, &one)) {
            return true;
        }
    }
    return false;
}

enum judgement verdict_judge(const struct expectation *expectation,
                             const struct step_outcome *outcome)
{
    if (outcome->end != STEP_ENDED) {
        return JUDGED_ERROR;
    }
    const bool fine = expectation->forbidden
                          ? !is_violated(expectation, outcome)
                          : is_met(expectation->row, outcome, &expectation->wanted);
    return fine ? JUDGED_MET : JUDGED_UNMET;
}

static void put_number(struct text *text, const struct param_spec *spec, uint64_t number)
{
    if (spec->type == PARAM_CHOICE) {
        text_put(text, spec->choices[number]);
    } else if (spec->type == PARAM_BOOL) {
        text_put(text, number != 0 ? "true" : "false");
    } else if (spec->type == PARAM_DURATION) {
        span_put(text, number);
    } else {
        text_put_number(text, number);
    }
}

/* Why there is no fact to read. */
static const char *absence(const struct step_outcome *outcome)
{
    switch (outcome->answer.state) {
    case CLIENT_TIMED_OUT: return "no answer: timed out";
    case CLIENT_FAILED: return "no usable answer";
    case CLIENT_ANSWERED: return "nothing of the kind in the answer";
    default: return "nothing";
    }
}

static const char *unended(enum step_end end)
{
    switch (end) {
    case STEP_NOT_RUN: return "not run: an earlier step did not end";
    case STEP_STUCK: return "the world did not come to rest: somebody keeps sending";
    case STEP_EXHAUSTED: return "memory ran out";
    default: return "nothing was under way any more and the question was still open";
    }
}

void verdict_put_seen(struct text *text, const struct expectation *expectation,
                      const struct step_outcome *outcome)
{
    const struct expect_row *row = expectation->row;
    if (outcome->end != STEP_ENDED) {
        text_put(text, unended(outcome->end));
        return;
    }
    if (row->show != NULL) {
        row->show(outcome, text);
        return;
    }
    uint64_t fact;
    if (row->read(outcome, &fact)) {
        put_number(text, &row->spec, fact);
    } else {
        text_put(text, absence(outcome));
    }
}
