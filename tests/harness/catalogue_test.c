/* The failure catalogue is whole: every number once, every word once, every text there. */
#include "harness/catalogue.h"

#include <string.h>

#include "inspect/cause.h"
#include "tests/support/support.h"

START_TEST(numbers_run_from_first_to_last)
{
    unsigned expected = 1;
    for (size_t i = 0; failure_families[i] != NULL; i++) {
        for (const struct failure *row = failure_families[i]->failures; row->number != 0; row++) {
            ck_assert_uint_eq(row->number, expected++);
        }
    }
    ck_assert_uint_eq(expected, CATALOGUE_LAST + 1);
}
END_TEST

static bool is_slug(const char *text)
{
    const size_t size = strlen(text);
    return size > 0 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

START_TEST(words_are_told_apart)
{
    for (unsigned i = 1; i <= CATALOGUE_LAST; i++) {
        const struct failure *row = failure_at(i, NULL);
        ck_assert_msg(is_slug(row->slug), "F%u: %s", i, row->slug);
        for (unsigned k = 1; k < i; k++) {
            const struct failure *other = failure_at(k, NULL);
            ck_assert_msg(strcmp(row->slug, other->slug) != 0, "%s", row->slug);
            ck_assert_msg(strcmp(row->title, other->title) != 0, "%s", row->title);
        }
    }
}
END_TEST

START_TEST(a_rows_family_is_found)
{
    const struct failure_family *family = NULL;
    ck_assert_str_eq(failure_at(1, &family)->slug, "proxied");
    ck_assert_str_eq(family->slug, "provider-synthesis");
    ck_assert_str_eq(failure_at(CATALOGUE_LAST, &family)->slug, "rate-limited");
    ck_assert_str_eq(family->slug, "transport");
    ck_assert_ptr_null(failure_at(0, NULL));
    ck_assert_ptr_null(failure_at(CATALOGUE_LAST + 1, NULL));
}
END_TEST

static const struct number_row {
    const char *name;
    unsigned number;
} numbers[] = {
    {"F01", 1}, {"F99", 99}, {"F100", 100}, {"F111", 111}, {"F1", 0},  {"F001", 0}, {"F00", 0},
    {"F", 0},   {"f01", 0},  {"F112", 0},   {"F0100", 0},  {"F1x", 0}, {"", 0},
};

START_TEST(numbers_are_read_strictly)
{
    char written[CATALOGUE_NUMBER_SIZE];
    const struct number_row *row = &numbers[_i];
    ck_assert_uint_eq(failure_number(bytes_of_string(row->name)), row->number);
    if (row->number != 0) {
        failure_number_put(row->number, written);
        ck_assert_str_eq(written, row->name);
    }
}
END_TEST

START_TEST(rows_are_told)
{
    for (unsigned i = 1; i <= CATALOGUE_LAST; i++) {
        const struct failure *row = failure_at(i, NULL);
        const char *const texts[] = {row->story, row->wire, row->reports, row->apart, row->fix};
        for (size_t k = 0; k < COUNT_OF(texts); k++) {
            ck_assert_msg(texts[k] != NULL && strlen(texts[k]) > 5, "F%02u, text %zu", i, k);
        }
    }
}
END_TEST

START_TEST(causes_have_numbers_of_rows)
{
    for (const struct cause *cause = causes; cause->slug != NULL; cause++) {
        ck_assert_msg(cause->number == NULL || failure_number(bytes_of_string(cause->number)) != 0,
                      "%s: %s", cause->slug, cause->number);
    }
}
END_TEST

START_TEST(what_waits_are_the_rows_that_need_validation)
{
    for (unsigned i = 1; i <= CATALOGUE_LAST; i++) {
        ck_assert_msg((failure_at(i, NULL)->waits != NULL) == (i >= 95 && i <= 99), "F%u", i);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("catalogue");
    add_test(suite, numbers_run_from_first_to_last);
    add_test(suite, words_are_told_apart);
    add_test(suite, a_rows_family_is_found);
    add_rows(suite, numbers_are_read_strictly, numbers);
    add_test(suite, rows_are_told);
    add_test(suite, causes_have_numbers_of_rows);
    add_test(suite, what_waits_are_the_rows_that_need_validation);
    return suite;
}
