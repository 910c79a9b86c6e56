#include "base/text.h"

#include "tests/support/support.h"

static const struct escape {
    const char *name;
    const char *octets;
    size_t size;
    const char *shown;
} escapes[] = {
    {"plain", "v=DKIM1; p=", 11, "v=DKIM1; p="},
    {"quote and backslash", "\"\\", 2, "\\\"\\\\"},
    {"NUL in the middle", "a\0b", 3, "a\\000b"},
    {"newline and tab", "\n\t", 2, "\\010\\009"},
    {"edges of printable", "\x1f\x20\x7e\x7f", 4, "\\031 ~\\127"},
    {"high octets", "\x80\xff", 2, "\\128\\255"},
    {"nothing", "", 0, ""},
};

START_TEST(escaped_octets_are_harmless)
{
    char buffer[64];
    struct text text = text_in(buffer, sizeof buffer);
    text_put_escaped(&text, bytes_of(escapes[_i].octets, escapes[_i].size));
    ck_assert_str_eq(buffer, escapes[_i].shown);
    ck_assert_uint_eq(text.size, strlen(escapes[_i].shown));
    ck_assert(!text.overflow);
}
END_TEST

static const struct number {
    const char *name;
    uint64_t number;
} numbers[] = {
    {"0", 0},
    {"9", 9},
    {"10", 10},
    {"18446744073709551615", UINT64_MAX},
};

START_TEST(numbers_are_decimal)
{
    char buffer[32];
    struct text text = text_in(buffer, sizeof buffer);
    text_put_number(&text, numbers[_i].number);
    ck_assert_str_eq(buffer, numbers[_i].name);
}
END_TEST

START_TEST(parts_follow_one_another)
{
    char buffer[64];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, "a");
    text_put_char(&text, 'b');
    text_put_bytes(&text, bytes_of("cx", 1));
    text_put_hex(&text, bytes_of("\x00\xfe\x10", 3));
    text_put_format(&text, "-%u-%s", 7U, "z");
    ck_assert_str_eq(buffer, "abc00fe10-7-z");
    ck_assert_uint_eq(text.size, strlen(buffer));
}
END_TEST

/* Each way to put seven characters where only six fit. */
static void put_plain(struct text *text)
{
    text_put(text, "1234567");
}

static void put_number(struct text *text)
{
    text_put_number(text, 1234567);
}

static void put_format(struct text *text)
{
    text_put_format(text, "%d", 1234567);
}

static const struct putter {
    const char *name;
    void (*put)(struct text *text);
} putters[] = {{"text_put", put_plain}, {"text_put_number", put_number}, {"format", put_format}};

START_TEST(what_does_not_fit_is_left_out_whole_and_for_good)
{
    char buffer[9];
    memset(buffer, 'X', sizeof buffer);
    struct text text = text_in(buffer, sizeof buffer - 1);
    text_put_char(&text, 'a');
    putters[_i].put(&text);
    ck_assert(text.overflow);
    text_put_char(&text, 'b'); /* would fit, but the text is closed */
    text_put_format(&text, "c");
    ck_assert_str_eq(buffer, "a");
    ck_assert_uint_eq(text.size, 1);
    ck_assert_int_eq(buffer[sizeof buffer - 1], 'X');
}
END_TEST

START_TEST(last_octet_is_for_the_nul)
{
    char buffer[4];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, "abc");
    ck_assert(!text.overflow);
    ck_assert_str_eq(buffer, "abc");
    text_put(&text, "");
    ck_assert(!text.overflow);
    text_put_char(&text, 'd');
    ck_assert(text.overflow);
    text = text_in(buffer, 1);
    ck_assert_str_eq(buffer, "");
    text_put_char(&text, 'a');
    ck_assert(text.overflow);
}
END_TEST

START_TEST(escapes_are_never_cut_in_half)
{
    char buffer[6];
    struct text text = text_in(buffer, sizeof buffer);
    text_put_escaped(&text, bytes_of("\n\n", 2));
    ck_assert(text.overflow);
    ck_assert_str_eq(buffer, "\\010");
}
END_TEST

START_TEST(text_without_room_is_a_broken_contract)
{
    char buffer[1];
    text_in(buffer, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("text");
    add_rows(suite, escaped_octets_are_harmless, escapes);
    add_rows(suite, numbers_are_decimal, numbers);
    add_test(suite, parts_follow_one_another);
    add_rows(suite, what_does_not_fit_is_left_out_whole_and_for_good, putters);
    add_test(suite, last_octet_is_for_the_nul);
    add_test(suite, escapes_are_never_cut_in_half);
    add_abort_test(suite, text_without_room_is_a_broken_contract);
    return suite;
}
