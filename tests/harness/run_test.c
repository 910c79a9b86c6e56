/* The step loop: what a run leaves behind, and what becomes of steps that do not end. */
#include "harness/unit.h"

#include "sim/virtual.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"

static const char story[] = "proxy/proxied-then-dns-only";

static struct unit unit;

static void set_up(void)
{
    unit_init(&unit);
    ck_assert(unit_load(&unit, shipped_path(story), story));
    ck_assert(unit_stage(&unit, 1, (struct entropy){0}));
}

static void tear_down(void)
{
    unit_free(&unit);
}

/* A host that gives up at once. */
static instant_ns restless(struct world *world, const struct run_limits *limits)
{
    (void)limits;
    world->ended = RUN_EVENTS;
    return world->now;
}

/* A host in which nothing happens. */
static instant_ns dead(struct world *world, const struct run_limits *limits)
{
    (void)limits;
    world->ended = RUN_IDLE;
    return world->now;
}

static void assert_broken(enum step_end first)
{
    const struct run_result *result = &unit.result;
    ck_assert(result->broken);
    ck_assert_int_eq(unit.status, UNIT_BROKEN);
    ck_assert_int_eq(result->outcomes[0].end, first);
    ck_assert_uint_eq(result->unmet, result->finding_count);
    ck_assert_ptr_nonnull(strstr(result->error.sentence, unit.scenario->steps[0].shown));
    ck_assert_uint_eq(result->error.place.line, unit.scenario->steps[0].place.line);
    for (size_t i = 1; i < result->outcome_count; i++) {
        ck_assert_int_eq(result->outcomes[i].end, STEP_NOT_RUN);
    }
    for (size_t i = 0; i < result->finding_count; i++) {
        ck_assert_int_eq(result->findings[i].judgement, JUDGED_ERROR);
    }
}

START_TEST(a_restless_world_is_no_verdict)
{
    set_up();
    unit_run(&unit, restless, 1);
    assert_broken(STEP_STUCK);
    tear_down();
}
END_TEST

START_TEST(a_dead_world_is_no_verdict)
{
    set_up();
    unit_run(&unit, dead, 1);
    assert_broken(STEP_IDLE);
    tear_down();
}
END_TEST

START_TEST(a_good_run_follows_a_broken_one)
{
    set_up();
    unit_run(&unit, restless, 1);
    unit_run(&unit, virtual_run, 1);
    ck_assert_int_eq(unit.status, UNIT_PASSED);
    ck_assert_uint_eq(unit.result.unmet, 0);
    tear_down();
}
END_TEST

START_TEST(steps_share_the_trace_out)
{
    set_up();
    unit_run(&unit, virtual_run, 1);
    const struct run_result *result = &unit.result;
    ck_assert_uint_eq(result->outcome_count, unit.scenario->step_count);
    ck_assert_uint_eq(result->outcomes[0].first_entry, 0);
    for (size_t i = 0; i + 1 < result->outcome_count; i++) {
        ck_assert_uint_eq(result->outcomes[i].last_entry, result->outcomes[i + 1].first_entry);
        ck_assert_uint_eq(result->outcomes[i].ended, result->outcomes[i + 1].started);
    }
    const struct step_outcome *last = &result->outcomes[result->outcome_count - 1];
    ck_assert_uint_eq(last->last_entry, unit.stage->trace.count);
    ck_assert_uint_eq(last->ended, result->virtual_time);

    uint64_t read = 0;
    for (size_t i = 0; i < result->outcome_count; i++) {
        struct trace_cursor cursor = outcome_entries(&result->outcomes[i]);
        const struct trace_entry *entry;
        while ((entry = outcome_next(&result->outcomes[i], &cursor)) != NULL) {
            ck_assert_uint_eq(entry->sequence, read++);
        }
    }
    ck_assert_uint_eq(read, unit.stage->trace.count);
    tear_down();
}
END_TEST

START_TEST(answers_outlive_later_questions)
{
    set_up();
    unit_run(&unit, virtual_run, 1);
    const struct step_outcome *first = &unit.result.outcomes[0];
    ck_assert_int_eq(first->step->kind, STEP_DKIM);
    ck_assert_int_eq(first->answer.state, CLIENT_ANSWERED);
    ck_assert(name_ref_equal(first->answer.parsed.question.name, &first->step->as.dkim.name));
    ck_assert_uint_eq(first->answer.parsed.counts[SECTION_ANSWER], 0);
    ck_assert_int_eq(first->dkim.word, DKIM_PERMERROR);
    tear_down();
}
END_TEST

START_TEST(a_wait_takes_just_its_time)
{
    set_up();
    unit_run(&unit, virtual_run, 1);
    for (size_t i = 0; i < unit.result.outcome_count; i++) {
        const struct step_outcome *outcome = &unit.result.outcomes[i];
        if (outcome->step->kind == STEP_WAIT) {
            ck_assert_uint_eq(outcome->ended - outcome->started, outcome->step->as.wait);
        }
    }
    tear_down();
}
END_TEST

START_TEST(a_seed_belongs_to_run_and_id)
{
    ck_assert_uint_eq(run_unit_seed(1, "a"), run_unit_seed(1, "a"));
    ck_assert_uint_ne(run_unit_seed(1, "a"), run_unit_seed(2, "a"));
    ck_assert_uint_ne(run_unit_seed(1, "a"), run_unit_seed(1, "b"));
}
END_TEST

START_TEST(what_is_no_file_is_unloaded)
{
    unit_init(&unit);
    unit_judge(&unit, "/nowhere/x.yaml", "x", 1);
    ck_assert_int_eq(unit.status, UNIT_UNLOADED);
    ck_assert_uint_eq(unit.diags.count, 1);
    ck_assert_ptr_null(unit.stage);
    tear_down();
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("run");
    add_test(suite, a_restless_world_is_no_verdict);
    add_test(suite, a_dead_world_is_no_verdict);
    add_test(suite, a_good_run_follows_a_broken_one);
    add_test(suite, steps_share_the_trace_out);
    add_test(suite, answers_outlive_later_questions);
    add_test(suite, a_wait_takes_just_its_time);
    add_test(suite, a_seed_belongs_to_run_and_id);
    add_test(suite, what_is_no_file_is_unloaded);
    return suite;
}
