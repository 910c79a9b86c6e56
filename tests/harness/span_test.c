#include "harness/span.h"

#include "tests/support/support.h"

static const struct row {
    const char *name;
    duration_ns span;
    const char *expected;
} rows[] = {
    {"nothing", 0, "0s"},
    {"below_a_millisecond", 500 * NS_PER_US, "0.500ms"},
    {"milliseconds", 12 * NS_PER_MS, "12ms"},
    {"parts_of_a_millisecond", 12 * NS_PER_MS + 345 * NS_PER_US, "12.345ms"},
    {"a_second", NS_PER_S, "1s"},
    {"parts_of_a_second", 1500 * NS_PER_MS, "1.500s"},
    {"just_under_a_minute", 60 * NS_PER_S - 1, "59.999s"},
    {"minutes", 1800 * NS_PER_S, "30m00s"},
    {"hours", 7265 * NS_PER_S, "2h01m05s"},
    {"for_ever", NEVER, "5124095h34m33s"},
};

START_TEST(reads)
{
    char buffer[64];
    struct text text = text_in(buffer, sizeof buffer);
    span_put(&text, rows[_i].span);
    ck_assert_str_eq(buffer, rows[_i].expected);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("span");
    add_rows(suite, reads, rows);
    return suite;
}
