#include "base/diag.h"

#include <string.h>

#include "tests/support/support.h"

static const struct row {
    const char *name;
    const char *given;
    const char *shown;
} rows[] = {
    {"printable as it is", "unknown key 'proxid' (\"x\\y\")", "unknown key 'proxid' (\"x\\y\")"},
    {"newline", "a\nb", "a\\010b"},
    {"terminal escape", "\x1b[31m", "\\027[31m"},
    {"last control character", "\x1f", "\\031"},
    {"delete", "\x7f", "\\127"},
    {"UTF-8 stays ASCII", "\xc3\xa9", "\\195\\169"},
    {"percent is not a format", "100%s", "100%s"},
};

START_TEST(sentence_is_escaped)
{
    struct diag diag;
    const struct place place = {.file = "x.yaml", .line = 3, .column = 7};
    ck_assert(!diag_set(&diag, place, "%s", rows[_i].given));
    ck_assert_str_eq(diag.sentence, rows[_i].shown);
    ck_assert_str_eq(diag.hint, "");
    ck_assert_str_eq(diag.place.file, "x.yaml");
    ck_assert_uint_eq(diag.place.line, 3);
    ck_assert_uint_eq(diag.place.column, 7);
}
END_TEST

START_TEST(hint_is_escaped)
{
    struct diag diag;
    diag_set(&diag, (struct place){0}, "wrong");
    diag_hint(&diag, "%s", rows[_i].given);
    ck_assert_str_eq(diag.hint, rows[_i].shown);
    ck_assert_str_eq(diag.sentence, "wrong");
}
END_TEST

START_TEST(new_sentence_forgets_the_old_hint)
{
    struct diag diag;
    diag_set(&diag, (struct place){0}, "one");
    diag_hint(&diag, "try two");
    diag_set(&diag, (struct place){0}, "two");
    ck_assert_str_eq(diag.hint, "");
}
END_TEST

START_TEST(too_long_is_cut_between_escapes)
{
    char endless[2000];
    memset(endless, '\n', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    struct diag diag;
    diag_set(&diag, (struct place){0}, "%s", endless);
    const size_t size = strlen(diag.sentence);
    ck_assert_uint_lt(size, DIAG_SENTENCE_MAX);
    ck_assert_uint_gt(size, DIAG_SENTENCE_MAX - 6);
    ck_assert_uint_eq(size % 4, 0); /* whole \010 only */
    diag_hint(&diag, "%s", endless);
    ck_assert_uint_lt(strlen(diag.hint), DIAG_HINT_MAX);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("diag");
    add_rows(suite, sentence_is_escaped, rows);
    add_rows(suite, hint_is_escaped, rows);
    add_test(suite, new_sentence_forgets_the_old_hint);
    add_test(suite, too_long_is_cut_between_escapes);
    return suite;
}
