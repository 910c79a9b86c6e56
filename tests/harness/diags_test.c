/* What a person is told: suggestions for misspelt words, and lines with a caret. */
#include "harness/diags.h"
#include "harness/spelling.h"
#include "harness/utf8.h"
#include "tests/support/support.h"

static const struct {
    const char *name, *other;
    size_t distance;
} distances[] = {
    {"expect", "expect", 0},  {"expct", "expect", 1},  {"epxect", "expect", 1},
    {"expects", "expect", 1}, {"Expect", "expect", 0}, {"edns_size", "edns-size", 0},
    {"kitten", "sitting", 3}, {"abc", "", 3},          {"ca", "abc", 3},
};

START_TEST(counts_edits)
{
    const struct bytes a = bytes_of_string(distances[_i].name);
    const struct bytes b = bytes_of_string(distances[_i].other);
    ck_assert_uint_eq(spelling_distance(a, b), distances[_i].distance);
    ck_assert_uint_eq(spelling_distance(b, a), distances[_i].distance);
}
END_TEST

START_TEST(suggests_the_nearest_and_nothing_far)
{
    struct spelling spelling = spelling_of(bytes_of_string("expct"));
    spelling_offer(&spelling, "forbid");
    ck_assert_ptr_null(spelling.best);
    spelling_offer(&spelling, "except");
    spelling_offer(&spelling, "expect");
    spelling_offer(&spelling, NULL);
    ck_assert_str_eq(spelling.best, "expect");
    spelling = spelling_of(bytes_of_string("xyz"));
    spelling_offer(&spelling, "abc");
    ck_assert_ptr_null(spelling.best);
    char longest[SPELLING_WORD_MAX + 2];
    memset(longest, 'x', sizeof longest);
    spelling = spelling_of(bytes_of(longest, sizeof longest));
    spelling_offer(&spelling, "expect");
    ck_assert_ptr_null(spelling.best);
}
END_TEST

static const struct {
    const char *name, *octets;
    size_t size;
    uint32_t code;
} characters[] = {
    {"ascii", "a", 1, 'a'},
    {"two octets", "\xc3\xa4", 2, 0xe4},
    {"three octets", "\xe2\x82\xac", 3, 0x20ac},
    {"four octets", "\xf0\x9f\x98\x80", 4, 0x1f600},
    {"last", "\xf4\x8f\xbf\xbf", 4, 0x10ffff},
    {"beyond the last", "\xf4\x90\x80\x80", 1, UTF8_INVALID},
    {"lone continuation", "\x80", 1, UTF8_INVALID},
    {"overlong two", "\xc1\xbf", 1, UTF8_INVALID},
    {"overlong three", "\xe0\x9f\xbf", 1, UTF8_INVALID},
    {"overlong four", "\xf0\x8f\xbf\xbf", 1, UTF8_INVALID},
    {"surrogate", "\xed\xbf\xbf", 1, UTF8_INVALID},
    {"cut short", "\xe2\x82", 1, UTF8_INVALID},
    {"five octets", "\xf8\x88\x80\x80\x80", 1, UTF8_INVALID},
};

START_TEST(reads_characters)
{
    uint32_t code = 0;
    ck_assert_uint_eq(utf8_next(bytes_of_string(characters[_i].octets), 0, &code),
                      characters[_i].size);
    ck_assert_uint_eq(code, characters[_i].code);
}
END_TEST

START_TEST(diagnostics_show_the_line_and_a_caret)
{
    char buffer[512];
    struct text text = text_in(buffer, sizeof buffer);
    struct diag items[1];
    struct diags diags = {.items = items, .capacity = 1};
    const struct place place = {"f.yaml", 2, 6};
    diags_hint(diags_add(&diags, place, "a %s", "mistake"), "do it %s", "right");
    ck_assert_ptr_null(diags_add(&diags, place, "one too many"));
    diags_hint(NULL, "nothing");
    ck_assert_uint_eq(diags.dropped, 1);
    diag_put(&text, &items[0], "error", bytes_of_string("one\n\xc3\xa4\tb\x1b c\nthree\n"));
    ck_assert_str_eq(buffer, "f.yaml:2:6: error: a mistake; do it right\n"
                             "    2 | \xc3\xa4 b? c\n"
                             "      |     ^\n");
}
END_TEST

START_TEST(long_lines_are_cut_around_the_caret)
{
    char line[2000];
    char buffer[512];
    memset(line, 'x', sizeof line);
    line[1499] = 'Y';
    struct text text = text_in(buffer, sizeof buffer);
    struct diag diag;
    diag_set(&diag, (struct place){NULL, 1, 1500}, "here");
    diag_put(&text, &diag, "warning", bytes_of(line, sizeof line));
    const char *mark = strchr(buffer, 'Y');
    const char *caret = strchr(buffer, '^');
    ck_assert_ptr_nonnull(mark);
    ck_assert_ptr_nonnull(caret);
    const char *source_line = strchr(buffer, '\n') + 1;
    const char *caret_line = strchr(source_line, '\n') + 1;
    ck_assert_int_eq(mark - source_line, caret - caret_line);
    ck_assert_ptr_eq(strstr(buffer, "1:1500: warning: here\n"), buffer);
}
END_TEST

START_TEST(diagnostics_are_sorted_by_place_and_stay_in_order_otherwise)
{
    struct diag items[4];
    struct diags diags = {.items = items, .capacity = 4};
    diags_add(&diags, (struct place){NULL, 3, 1}, "c");
    diags_add(&diags, (struct place){NULL, 1, 9}, "b1");
    diags_add(&diags, (struct place){NULL, 1, 2}, "a");
    diags_add(&diags, (struct place){NULL, 1, 9}, "b2");
    diags_sort(&diags);
    ck_assert_str_eq(items[0].sentence, "a");
    ck_assert_str_eq(items[1].sentence, "b1");
    ck_assert_str_eq(items[2].sentence, "b2");
    ck_assert_str_eq(items[3].sentence, "c");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("diags");
    add_rows(suite, counts_edits, distances);
    add_test(suite, suggests_the_nearest_and_nothing_far);
    add_rows(suite, reads_characters, characters);
    add_test(suite, diagnostics_show_the_line_and_a_caret);
    add_test(suite, long_lines_are_cut_around_the_caret);
    add_test(suite, diagnostics_are_sorted_by_place_and_stay_in_order_otherwise);
    return suite;
}
