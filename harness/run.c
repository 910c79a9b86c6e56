/* The step loop. A look-up is put to the client and the host runs until the client is done; a wait
 * runs it until its time has come; what is still on its way then arrives during the next step. */
#include "harness/run.h"

#include <assert.h>

#include "harness/play.h"
#include "wire/edns.h"
#include "wire/rrtype.h"

uint64_t run_unit_seed(uint64_t run_seed, const char *id)
{
    return bytes_hash(bytes_of_string(id), run_seed);
}

struct trace_cursor outcome_entries(const struct step_outcome *outcome)
{
    struct trace_cursor cursor = {0}, before;
    const struct trace_entry *entry;
    do {
        before = cursor;
        entry = trace_next(outcome->trace, &cursor);
    } while (entry != NULL && entry->sequence < outcome->first_entry);
    return before;
}

const struct trace_entry *outcome_next(const struct step_outcome *outcome,
                                       struct trace_cursor *cursor)
{
    const struct trace_entry *entry = trace_next(outcome->trace, cursor);
    return entry != NULL && entry->sequence < outcome->last_entry ? entry : NULL;
}

/* --- hosts --- */

static bool client_settled(void *context)
{
    return client_is_done(context);
}

static bool inspector_settled(void *context)
{
    return inspector_is_done(context);
}

/* Runs the host until `done`, or until `until` where that is NULL. */
static enum step_end run_until(struct stage *stage, host_run *host, instant_ns until,
                               bool (*done)(void *), void *context)
{
    const struct run_limits limits = {
        .until = until,
        .events_max = RUN_STEP_EVENTS_MAX,
        .done = done,
        .context = context,
    };
    host(stage->world, &limits);
    if (done != NULL && done(context)) {
        return STEP_ENDED;
    }
    if (stage->world->ended == RUN_EVENTS) {
        return STEP_STUCK;
    }
    return done == NULL || stage->world->ended == RUN_DONE ? STEP_ENDED : STEP_IDLE;
}

/* --- steps --- */

/* The client's answer with a reply of its own, so that it outlives the next question. */
static void keep_answer(const struct client_answer *answer, struct arena *arena,
                        struct client_answer *ret)
{
    *ret = *answer;
    if (answer->state != CLIENT_ANSWERED) {
        return;
    }
    ret->reply = arena_copy(arena, answer->reply);
    if (ret->reply.data == NULL ||
        !message_parse(ret->reply, MESSAGE_LENIENT, &ret->parsed, NULL)) {
        ret->state = CLIENT_FAILED;
        ret->why = "out of memory";
    }
}

static enum step_end ask(struct stage *stage, host_run *host,
                         const struct client_question *question, struct arena *arena,
                         struct step_outcome *ret)
{
    client_ask(stage->client, question, stage->world->now);
    const enum step_end end = run_until(stage, host, NEVER, client_settled, stage->client);
    keep_answer(client_answer(stage->client), arena, &ret->answer);
    return end;
}

bool run_verify(const struct dkim_step *step, const struct dkim_retrieval *retrieval,
                struct arena *arena, struct dkim_result *ret)
{
    struct dkim_key right;
    const bool known = step->expected_said || step->expected_record.size > 0;
    if (known && !dkim_key_parse(step->expected_record, arena, &right)) {
        return false;
    }
    return dkim_result_of(retrieval, &step->signature, known ? &right : NULL, arena, ret);
}

static bool verify(const struct dkim_step *step, struct arena *arena, struct step_outcome *outcome)
{
    const struct client_answer *answer = &outcome->answer;
    struct dkim_retrieval retrieval;
    if (answer->state == CLIENT_ANSWERED) {
        dkim_retrieval_of_reply(&answer->parsed, &step->name, &retrieval);
    } else {
        dkim_retrieval_failed(answer->state == CLIENT_TIMED_OUT ? "timeout" : answer->why,
                              &retrieval);
    }
    return run_verify(step, &retrieval, arena, &outcome->dkim);
}

static enum step_end run_dkim(struct stage *stage, host_run *host, struct arena *arena,
                              struct step_outcome *ret)
{
    const struct dkim_step *step = &ret->step->as.dkim;
    const struct client_question question = {
        .name = step->name,
        .type = RRTYPE_TXT,
        .server = {.address = stage->scenario->resolver_v4, .port = 53},
        .recursion_desired = true,
        .udp_size = (uint16_t)params_number(&stage->scenario->client, "edns", EDNS_UDP_SIZE),
    };
    const enum step_end end = ask(stage, host, &question, arena, ret);
    return end == STEP_ENDED && !verify(step, arena, ret) ? STEP_EXHAUSTED : end;
}

static enum step_end run_setup(struct stage *stage, host_run *host, struct arena *arena,
                               struct step_outcome *ret)
{
    const struct setup_step *step = &ret->step->as.setup;
    const struct plan plan = {.records = step->records, .count = step->record_count};
    ret->inspection = inspector_start(stage->inspector, &plan, arena, stage->world->now);
    if (ret->inspection == NULL) {
        return STEP_EXHAUSTED;
    }
    return run_until(stage, host, NEVER, inspector_settled, stage->inspector);
}

static enum step_end run_step(struct stage *stage, host_run *host, struct arena *arena,
                              struct step_outcome *ret)
{
    const struct step *step = ret->step;
    switch (step->kind) {
    case STEP_LOOKUP: return ask(stage, host, &step->as.lookup.question, arena, ret);
    case STEP_DKIM: return run_dkim(stage, host, arena, ret);
    case STEP_SETUP: return run_setup(stage, host, arena, ret);
    case STEP_PLAYED: return play_step(stage, host, arena, ret);
    case STEP_CHANGE: stage_change(stage, &step->as.change); return STEP_ENDED;
    case STEP_WAIT:
        return run_until(stage, host, instant_after(stage->world->now, step->as.wait), NULL, NULL);
    default: return STEP_ENDED;
    }
}

/* --- the run --- */

/* What a run in progress needs at hand. */
struct running {
    struct stage *stage;
    host_run *host;
    struct arena *arena;
    struct step_outcome *outcomes;
    struct finding *findings;
    struct run_result *result;
};

static void judge(struct running *running, struct step_outcome *outcome)
{
    struct run_result *result = running->result;
    for (size_t i = 0; i < outcome->step->expectation_count; i++) {
        struct finding *finding = &running->findings[result->finding_count++];
        finding->expectation = &outcome->step->expectations[i];
        finding->outcome = outcome;
        finding->judgement = verdict_judge(finding->expectation, outcome);
        result->unmet += finding->judgement != JUDGED_MET;
    }
}

static void tell_breakdown(struct run_result *result, const struct step_outcome *outcome)
{
    static const char *const sentences[] = {
        [STEP_STUCK] = "does not come to rest: somebody keeps sending",
        [STEP_IDLE] = "comes to rest with its question still open",
        [STEP_EXHAUSTED] = "needs more memory than it may have",
    };
    result->broken = true;
    diag_set(&result->error, outcome->step->place, "the step \"%s\" %s", outcome->step->shown,
             sentences[outcome->end]);
}

static void do_step(struct running *running, struct step_outcome *outcome)
{
    struct stage *stage = running->stage;
    outcome->started = stage->world->now;
    outcome->first_entry = stage->trace.count;
    if (running->result->broken) {
        outcome->end = STEP_NOT_RUN;
    } else {
        outcome->end = run_step(stage, running->host, running->arena, outcome);
    }
    outcome->ended = stage->world->now;
    outcome->last_entry = stage->trace.count;
    if (outcome->end > STEP_ENDED) {
        tell_breakdown(running->result, outcome);
    }
    judge(running, outcome);
}

static size_t count_expectations(const struct scenario *scenario)
{
    size_t count = 0;
    for (size_t i = 0; i < scenario->step_count; i++) {
        count += scenario->steps[i].expectation_count;
    }
    return count;
}

static bool make_room(struct running *running, const struct scenario *scenario)
{
    running->outcomes = ARENA_NEW_ARRAY(running->arena, struct step_outcome, scenario->step_count);
    running->findings =
        ARENA_NEW_ARRAY(running->arena, struct finding, count_expectations(scenario));
    running->result->outcomes = running->outcomes;
    running->result->findings = running->findings;
    return running->outcomes != NULL && running->findings != NULL;
}

static uint64_t count_packets(const struct trace *trace)
{
    struct trace_cursor cursor = {0};
    const struct trace_entry *entry;
    uint64_t count = 0;
    while ((entry = trace_next(trace, &cursor)) != NULL) {
        count += entry->kind == TRACE_SENT;
    }
    return count;
}

void scenario_run(struct stage *stage, host_run *host, uint64_t seed, struct arena *arena,
                  struct run_result *ret)
{
    const struct scenario *scenario = stage->scenario;
    struct running running = {.stage = stage, .host = host, .arena = arena, .result = ret};
    *ret = (struct run_result){.scenario = scenario, .seed = seed};
    stage_reset(stage, seed);
    if (!make_room(&running, scenario)) {
        ret->broken = true;
        diag_set(&ret->error, scenario->place, "not enough memory for the results");
        return;
    }
    ret->outcome_count = scenario->step_count;
    for (size_t i = 0; i < scenario->step_count; i++) {
        struct step_outcome *outcome = &running.outcomes[i];
        outcome->scenario = scenario;
        outcome->step = &scenario->steps[i];
        outcome->trace = &stage->trace;
        do_step(&running, outcome);
    }
    ret->digest = trace_digest(&stage->trace);
    ret->packets = count_packets(&stage->trace);
    ret->virtual_time = stage->world->now;
}
