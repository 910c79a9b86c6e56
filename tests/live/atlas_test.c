/* Endpoints and what stands for them. */
#include "live/atlas.h"

#include "tests/sim/toys.h"
#include "tests/support/support.h"

#define ENTRIES 3000

static struct atlas atlas;
static struct atlas_entry entries[ENTRIES];

static void add_all(void)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        entries[i].simulated = toy_endpoint(i % 200, i);
        entries[i].real = toy_endpoint(250, 10000 + i);
        atlas_add(&atlas, &entries[i]);
    }
}

START_TEST(entries_are_found_from_both_sides)
{
    add_all();
    for (unsigned i = 0; i < ENTRIES; i++) {
        const struct endpoint simulated = toy_endpoint(i % 200, i);
        const struct endpoint real = toy_endpoint(250, 10000 + i);
        ck_assert_ptr_eq(atlas_find_simulated(&atlas, &simulated), &entries[i]);
        ck_assert_ptr_eq(atlas_find_real(&atlas, &real), &entries[i]);
        ck_assert_ptr_null(atlas_find_simulated(&atlas, &real));
        ck_assert_ptr_null(atlas_find_real(&atlas, &simulated));
    }
}
END_TEST

START_TEST(what_is_removed_is_gone_and_nothing_else)
{
    add_all();
    for (unsigned i = 0; i < ENTRIES; i += 2) {
        atlas_remove(&atlas, &entries[i]);
    }
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct atlas_entry *expected = i % 2 == 0 ? NULL : &entries[i];
        ck_assert_ptr_eq(atlas_find_simulated(&atlas, &entries[i].simulated), expected);
        ck_assert_ptr_eq(atlas_find_real(&atlas, &entries[i].real), expected);
    }
}
END_TEST

START_TEST(an_endpoint_has_one_entry)
{
    struct atlas_entry twin = {.simulated = toy_endpoint(1, 1), .real = toy_endpoint(2, 2)};
    entries[0] = (struct atlas_entry){.simulated = toy_endpoint(1, 1), .real = toy_endpoint(2, 3)};
    atlas_add(&atlas, &entries[0]);
    atlas_add(&atlas, &twin);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("atlas");
    add_test(suite, entries_are_found_from_both_sides);
    add_test(suite, what_is_removed_is_gone_and_nothing_else);
    add_abort_test(suite, an_endpoint_has_one_entry);
    return suite;
}
