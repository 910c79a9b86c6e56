/* Shipped scenarios on a bad network: 20% of all packets are lost, others late or doubled. A
 * check's verdict may weaken to retry-later, and never turns. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/unit.h"
#include "sim/virtual.h"
#include "tests/harness/loading.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"

#define SEEDS_DEFAULT 200
#define SECONDS_MAX   240 /* some 15 s on a quiet machine */
#define CHECKS_MAX    32  /* of one scenario */

static const char storm[] = "scenario: a bad network\n"
                            "zones: {customer.example: {}}\n"
                            "faults:\n"
                            "  - loss: 20%\n"
                            "  - delay: {time: 20ms, jitter: 150ms}\n"
                            "    chance: 30%\n"
                            "  - duplicate: 1\n"
                            "    chance: 10%\n"
                            "steps:\n"
                            "  - wait: 1s\n";

/* The verdicts of a scenario's checks. */
struct verdicts {
    enum setup_verdict items[CHECKS_MAX];
    size_t count;
};

static struct verdicts verdicts_of(const struct run_result *result)
{
    struct verdicts verdicts = {.count = 0};
    for (size_t i = 0; i < result->outcome_count; i++) {
        const struct inspection *inspection = result->outcomes[i].inspection;
        for (size_t j = 0; inspection != NULL && j < inspection->count; j++) {
            if (verdicts.count < CHECKS_MAX) {
                verdicts.items[verdicts.count++] = inspection->records[j].verdict;
            }
        }
    }
    return verdicts;
}

/* The unit's scenario with the storm's faults after its own. */
static void add_storm(struct unit *unit, const struct scenario *bad)
{
    struct scenario *copy = ARENA_NEW(&unit->scenario_arena, struct scenario);
    struct fault *faults = ARENA_NEW_ARRAY(&unit->scenario_arena, struct fault,
                                           unit->scenario->fault_count + bad->fault_count);
    ck_assert(copy != NULL && faults != NULL);
    *copy = *unit->scenario;
    for (size_t i = 0; i < copy->fault_count; i++) {
        faults[i] = copy->faults[i];
    }
    for (size_t i = 0; i < bad->fault_count; i++) {
        faults[copy->fault_count + i] = bad->faults[i];
    }
    copy->faults = faults;
    copy->fault_count += bad->fault_count;
    unit->scenario = copy;
}

/* Scenarios whose servers are not consistent. Whether a limited one says what all say depends on
 * how often it was asked just before, so that retries make it worse; and where servers failed
 * first, a resolver that meets the storm afterwards keeps the new failure for twice as long. */
static const char *const inconsistent[] = {
    "negative/failure-ends-while-waiting",
    "transport/rate-limited",
    "transport/rate-limited-refused",
    "transport/rate-limited-without-slip",
};

struct score {
    unsigned same, weaker, turned;
};

static void compare(const struct verdicts *calm, const struct verdicts *wild, struct score *score)
{
    ck_assert_uint_eq(calm->count, wild->count);
    for (size_t i = 0; i < calm->count; i++) {
        if (calm->items[i] == SETUP_RETRY_LATER) {
            score->turned += wild->items[i] == SETUP_DECLINED; /* no trouble is a reason */
            continue;
        }
        if (wild->items[i] == calm->items[i]) {
            score->same++;
        } else if (wild->items[i] == SETUP_RETRY_LATER) {
            score->weaker++;
        } else {
            score->turned++;
        }
    }
}

static unsigned seeds_wanted(void)
{
    const char *said = getenv("FAULTZONE_STORM_SEEDS");
    return said != NULL ? (unsigned)strtoul(said, NULL, 10) : SEEDS_DEFAULT;
}

static bool run_storm(const struct shipped *shipped, const struct scenario *bad,
                      struct score *score)
{
    static struct unit unit; /* large */
    unit_init(&unit);
    unit_judge(&unit, shipped->path, shipped->name, 1);
    const struct verdicts calm = verdicts_of(&unit.result);
    const bool counts = unit.status == UNIT_PASSED && calm.count > 0 &&
                        unit.scenario->fault_count == 0; /* one storm is enough */
    if (counts) {
        add_storm(&unit, bad);
        arena_reset(&unit.stage_arena);
        arena_reset(&unit.trace_arena);
        ck_assert(unit_stage(&unit, 1, (struct entropy){0}));
    }
    for (unsigned seed = 1; counts && seed <= seeds_wanted(); seed++) {
        unit_run(&unit, virtual_run, seed);
        const struct verdicts wild = verdicts_of(&unit.result);
        compare(&calm, &wild, score);
    }
    unit_free(&unit);
    return counts;
}

/* Of a scenario with consistent servers at least 95% of the verdicts are kept. A few seeds say
 * nothing about that. */
static bool keeps_enough(const char *name, const struct score *score)
{
    if (seeds_wanted() < SEEDS_DEFAULT) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(inconsistent); i++) {
        if (strcmp(inconsistent[i], name) == 0) {
            return true;
        }
    }
    return score->same >= 19 * score->weaker;
}

START_TEST(a_verdict_may_weaken_and_never_turns)
{
    struct loading loading;
    struct score all = {0};
    unsigned scenarios = 0, weak = 0;
    size_t count;
    const struct shipped *shipped = shipped_all(&count);
    loading_begin_fine(&loading, storm);
    for (size_t i = 0; i < count; i++) {
        struct score score = {0};
        if (!run_storm(&shipped[i], loading.scenario, &score)) {
            continue;
        }
        scenarios++;
        if (!keeps_enough(shipped[i].name, &score) || score.turned > 0) {
            weak++;
            fprintf(stderr, "# %s: %u kept, %u weaker, %u turned\n", shipped[i].name, score.same,
                    score.weaker, score.turned);
        }
        all.same += score.same;
        all.weaker += score.weaker;
        all.turned += score.turned;
    }
    fprintf(stderr, "# %u scenarios: %u verdicts kept, %u weaker, %u turned\n", scenarios, all.same,
            all.weaker, all.turned);
    ck_assert_uint_gt(scenarios, 20);
    ck_assert_uint_eq(all.turned, 0);
    ck_assert_uint_eq(weak, 0);
    ck_assert_uint_ge(all.same, (uint64_t)19 * all.weaker);
    loading_end(&loading);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("storm");
    TCase *tcase = tcase_create("storm");
    tcase_set_timeout(tcase, SECONDS_MAX);
    tcase_add_test(tcase, a_verdict_may_weaken_and_never_turns);
    suite_add_tcase(suite, tcase);
    return suite;
}
