/* The same seed gives the same trace, octet by octet, whoever runs it and however often. */
#include <stdlib.h>

#include "harness/batch.h"
#include "sim/virtual.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"

#define SEED 42

static uint64_t digest_of(struct unit *unit, const struct shipped *shipped, uint64_t seed)
{
    unit_judge(unit, shipped->path, shipped->name, seed);
    ck_assert_msg(unit->stage != NULL, "%s: %s", shipped->path, unit->diag_items[0].sentence);
    return unit->result.digest;
}

START_TEST(two_runs_are_one)
{
    static struct unit first, second;
    size_t count;
    const struct shipped *shipped = &shipped_all(&count)[_i];
    unit_init(&first);
    unit_init(&second);
    const uint64_t digest = digest_of(&first, shipped, SEED);
    ck_assert_uint_gt(first.result.packets, 0);
    ck_assert_uint_eq(first.stage->trace.missing, 0);
    ck_assert_uint_eq(digest_of(&second, shipped, SEED), digest);

    /* and once more on the stage that was just used, other seeds in between */
    unit_run(&second, virtual_run, SEED + 1);
    unit_run(&second, virtual_run, second.result.seed);
    unit_run(&second, virtual_run, run_unit_seed(SEED, shipped->name));
    ck_assert_uint_eq(second.result.digest, digest);
    ck_assert_uint_eq(second.result.virtual_time, first.result.virtual_time);
    unit_free(&first);
    unit_free(&second);
}
END_TEST

START_TEST(another_seed_is_another_run)
{
    static struct unit unit;
    size_t count;
    const struct shipped *shipped = &shipped_all(&count)[0];
    unit_init(&unit);
    const uint64_t digest = digest_of(&unit, shipped, SEED);
    ck_assert_uint_ne(digest_of(&unit, shipped, SEED + 1), digest);
    unit_free(&unit);
}
END_TEST

struct digests {
    uint64_t items[1000];
    const char *ids[1000];
    size_t count;
};

static bool keep(void *context, const struct unit *unit)
{
    struct digests *digests = context;
    digests->ids[digests->count] = unit->id;
    digests->items[digests->count++] = unit->result.digest;
    return true;
}

static void run_batch(const struct batch_item *items, size_t count, unsigned jobs,
                      struct digests *ret)
{
    const struct batch_options options = {
        .items = items, .count = count, .jobs = jobs, .seed = SEED, .done = keep, .context = ret};
    ck_assert_int_eq(batch_run(&options), BATCH_FINISHED);
    ck_assert_uint_eq(ret->count, count);
}

/* Whoever runs it, beside whom, and in whatever order. */
START_TEST(neither_threads_nor_order_matter)
{
    static struct digests alone, together;
    static struct batch_item items[1000], reversed[1000];
    size_t count;
    const struct shipped *all = shipped_all(&count);
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct batch_item){.path = all[i].path, .id = all[i].name};
        reversed[count - 1 - i] = items[i];
    }
    run_batch(items, count, 1, &alone);
    run_batch(reversed, count, 5, &together);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(alone.ids[i], items[i].id);
        ck_assert_str_eq(together.ids[count - 1 - i], items[i].id);
        ck_assert_msg(alone.items[i] == together.items[count - 1 - i], "%s differs", alone.ids[i]);
    }
}
END_TEST

static bool stop_at_third(void *context, const struct unit *unit)
{
    size_t *seen = context;
    (void)unit;
    return ++*seen < 3;
}

START_TEST(a_batch_stops_when_told)
{
    static struct batch_item items[1000];
    size_t count, seen = 0;
    const struct shipped *all = shipped_all(&count);
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct batch_item){.path = all[i].path, .id = all[i].name};
    }
    const struct batch_options options = {.items = items,
                                          .count = count,
                                          .jobs = 3,
                                          .seed = SEED,
                                          .done = stop_at_third,
                                          .context = &seen};
    ck_assert_int_eq(batch_run(&options), BATCH_STOPPED);
    ck_assert_uint_eq(seen, 3);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("determinism");
    size_t count;
    const struct shipped *all = shipped_all(&count);
    support_add_rows(suite, two_runs_are_one, &all[0].name, sizeof all[0], count);
    add_test(suite, another_seed_is_another_run);
    add_test(suite, neither_threads_nor_order_matter);
    add_test(suite, a_batch_stops_when_told);
    return suite;
}
