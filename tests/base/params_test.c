#include "base/params.h"

#include "tests/support/support.h"

static const struct param_spec ttl_spec = {.key = "ttl", .type = PARAM_DURATION};
static const struct param_spec names_spec = {.key = "names", .type = PARAM_TEXTS};
static const struct param items[] = {
    {.spec = &ttl_spec, .number = 300 * NS_PER_S},
    {.spec = &names_spec},
};
static const struct params params = {.items = items, .count = COUNT_OF(items)};

START_TEST(given_key_is_found)
{
    ck_assert_ptr_eq(params_find(&params, "ttl"), &items[0]);
    ck_assert_ptr_eq(params_find(&params, "names"), &items[1]);
    ck_assert_uint_eq(params_number(&params, "ttl", 7), 300 * NS_PER_S);
}
END_TEST

START_TEST(absent_key_gives_the_fallback)
{
    ck_assert_ptr_null(params_find(&params, "tt"));
    ck_assert_ptr_null(params_find(&params, "ttl2"));
    ck_assert_uint_eq(params_number(&params, "other", 7), 7);
    ck_assert_uint_eq(params_number(&(struct params){0}, "ttl", 9), 9);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("params");
    add_test(suite, given_key_is_found);
    add_test(suite, absent_key_gives_the_fallback);
    return suite;
}
