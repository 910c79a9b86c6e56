/* What servers count. */
#include "sim/counts.h"

#include "tests/support/support.h"

static struct counts counts;

START_TEST(keys_are_counted_apart)
{
    counts_reset(&counts);
    ck_assert_uint_eq(counts_add(&counts, 1, 0), 1);
    ck_assert_uint_eq(counts_add(&counts, 1, 0), 2);
    ck_assert_uint_eq(counts_add(&counts, 2, 0), 1);
    ck_assert_uint_eq(counts_add(&counts, 1, 0), 3);
}
END_TEST

START_TEST(a_period_begins_with_one)
{
    counts_reset(&counts);
    counts_add(&counts, 1, 5);
    counts_add(&counts, 1, 5);
    ck_assert_uint_eq(counts_add(&counts, 1, 6), 1);
}
END_TEST

START_TEST(a_reset_forgets)
{
    counts_reset(&counts);
    counts_add(&counts, 0, 0);
    counts_reset(&counts);
    ck_assert_uint_eq(counts_add(&counts, 0, 0), 1);
}
END_TEST

START_TEST(the_oldest_makes_room)
{
    counts_reset(&counts);
    for (uint64_t key = 0; key < COUNTS_ENTRIES_MAX; key++) {
        counts_add(&counts, key, 100 + (key + 60) % COUNTS_ENTRIES_MAX);
    }
    ck_assert_uint_eq(counts_add(&counts, 1000, 200), 1); /* in the place of key 4 */
    ck_assert_uint_eq(counts_add(&counts, 5, 101), 2);
    ck_assert_uint_eq(counts_add(&counts, 1000, 200), 2);
    ck_assert_uint_eq(counts_add(&counts, 4, 200), 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("counts");
    add_test(suite, keys_are_counted_apart);
    add_test(suite, a_period_begins_with_one);
    add_test(suite, a_reset_forgets);
    add_test(suite, the_oldest_makes_room);
    return suite;
}
