#include "harness/json.h"

#include <stdlib.h>

#include "tests/support/support.h"

/* What `write` makes of `value`; the caller frees it. */
static char *written(void (*write)(struct json *json, struct bytes value), struct bytes value,
                     bool compact)
{
    char *octets = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&octets, &size);
    ck_assert_ptr_nonnull(file);
    struct json json = json_to(file, compact);
    write(&json, value);
    ck_assert_int_eq(fclose(file), 0);
    return octets;
}

static void write_string(struct json *json, struct bytes value)
{
    json_bytes(json, NULL, value);
}

static const struct string_row {
    const char *name;
    const char *octets;
    const char *expected;
} string_rows[] = {
    {"plain_text_stays", "abc", "\"abc\""},
    {"quotes_and_backslashes_are_escaped", "a\"b\\c", "\"a\\\"b\\\\c\""},
    {"line_feeds_are_escaped", "a\nb", "\"a\\nb\""},
    {"controls_are_escaped", "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
    {"utf8_stays", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9f",
     "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9f\""},
    {"a_lone_continuation_is_replaced", "a\x80z", "\"a\\ufffdz\""},
    {"an_overlong_form_is_replaced", "\xc0\xaf", "\"\\ufffd\\ufffd\""},
    {"a_surrogate_is_replaced", "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
    {"a_cut_character_is_replaced", "\xe2\x82", "\"\\ufffd\\ufffd\""},
    {"beyond_unicode_is_replaced", "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
};

START_TEST(strings)
{
    const struct string_row *row = &string_rows[_i];
    char *octets = written(write_string, bytes_of_string(row->octets), true);
    ck_assert_str_eq(octets, row->expected);
    free(octets);
}
END_TEST

static void write_nested(struct json *json, struct bytes value)
{
    json_begin_object(json, NULL);
    json_bytes(json, "a", value);
    json_begin_array(json, "b");
    json_number(json, NULL, 18446744073709551615U);
    json_bool(json, NULL, true);
    json_put_string(json, NULL, NULL);
    json_end(json);
    json_begin_array(json, "empty");
    json_end(json);
    json_hex(json, "c", 255);
    json_end(json);
}

START_TEST(compact_output_is_one_line)
{
    char *octets = written(write_nested, bytes_of_string("x"), true);
    ck_assert_str_eq(octets, "{\"a\":\"x\",\"b\":[18446744073709551615,true,null],\"empty\":[],"
                             "\"c\":\"00000000000000ff\"}\n");
    free(octets);
}
END_TEST

START_TEST(other_output_is_indented)
{
    char *octets = written(write_nested, bytes_of_string("x"), false);
    ck_assert_str_eq(octets,
                     "{\n  \"a\": \"x\",\n  \"b\": [\n    18446744073709551615,\n    true,\n"
                     "    null\n  ],\n  \"empty\": [],\n  \"c\": \"00000000000000ff\"\n}\n");
    free(octets);
}
END_TEST

static void write_two(struct json *json, struct bytes value)
{
    for (int i = 0; i < 2; i++) {
        json_begin_object(json, NULL);
        json_bytes(json, "v", value);
        json_end(json);
    }
}

START_TEST(documents_follow_each_other_without_commas)
{
    char *octets = written(write_two, bytes_of_string("x"), true);
    ck_assert_str_eq(octets, "{\"v\":\"x\"}\n{\"v\":\"x\"}\n");
    free(octets);
}
END_TEST

static void write_keyless_member(struct json *json, struct bytes value)
{
    json_begin_object(json, NULL);
    json_bytes(json, NULL, value);
}

START_TEST(a_member_without_a_key_is_refused)
{
    written(write_keyless_member, bytes_of_string("x"), true);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("json");
    add_rows(suite, strings, string_rows);
    add_test(suite, compact_output_is_one_line);
    add_test(suite, other_output_is_indented);
    add_test(suite, documents_follow_each_other_without_commas);
    add_abort_test(suite, a_member_without_a_key_is_refused);
    return suite;
}
