#include "tests/wire/support.h"
#include "wire/edns.h"

static const struct {
    const char *name;
    bool present;
    uint16_t said;
    uint16_t most;
    uint16_t limit;
} limits[] = {
    {"no EDNS is 512", false, 4096, 1232, 512},
    {"0 is read as 512", true, 0, 1232, 512},
    {"511 is read as 512", true, 511, 1232, 512},
    {"what is said", true, 700, 1232, 700},
    {"never more than ours", true, 65535, 1232, 1232},
    {"ours may be less than 512", true, 4096, 300, 300},
};

START_TEST(obeys_the_udp_size)
{
    const struct edns edns = {.present = limits[_i].present, .udp_size = limits[_i].said};
    ck_assert_uint_eq(edns_udp_limit(&edns, limits[_i].most), limits[_i].limit);
}
END_TEST

static const struct {
    const char *name;
    const char *hex;
    bool sound;
    size_t count;
} options[] = {
    {"none", "", true, 0},
    {"an empty one", "000a 0000", true, 1},
    {"two", "000a 0002 abcd 0003 0000", true, 2},
    {"head cut", "000a 00", false, 0},
    {"data cut", "000a 0002 ab", false, 0},
    {"second cut", "000a 0001 ab 0003 ffff", false, 1},
};

START_TEST(walks_options)
{
    const struct bytes octets = octets_of_hex(options[_i].hex);
    size_t count = 99;
    ck_assert(edns_options_are_sound(octets, &count) == options[_i].sound);
    ck_assert_uint_eq(count, options[_i].count);
    ck_assert(edns_options_are_sound(octets, NULL) == options[_i].sound);
}
END_TEST

START_TEST(appends_and_finds_options)
{
    uint8_t buffer[16];
    size_t size = 0;
    struct edns_option option;
    ck_assert(
        edns_option_append(buffer, sizeof buffer, &size, EDNS_OPTION_COOKIE, bytes_of("ab", 2)));
    ck_assert(
        edns_option_append(buffer, sizeof buffer, &size, EDNS_OPTION_NSID, bytes_of(NULL, 0)));
    ck_assert_uint_eq(size, 10);
    ck_assert(
        !edns_option_append(buffer, sizeof buffer, &size, EDNS_OPTION_NSID, bytes_of("abc", 3)));
    ck_assert_uint_eq(size, 10);
    ck_assert(
        edns_option_append(buffer, sizeof buffer, &size, EDNS_OPTION_NSID, bytes_of("yz", 2)));
    ck_assert_uint_eq(size, 16);
    ck_assert(
        !edns_option_append(buffer, sizeof buffer, &size, EDNS_OPTION_NSID, bytes_of(NULL, 0)));
    ck_assert(edns_option_find(bytes_of(buffer, size), EDNS_OPTION_NSID, &option));
    ck_assert_uint_eq(option.data.size, 0);
    ck_assert(edns_option_find(bytes_of(buffer, size), EDNS_OPTION_COOKIE, &option));
    ck_assert(bytes_are(option.data, "ab"));
    ck_assert(!edns_option_find(bytes_of(buffer, size), EDNS_OPTION_PADDING, &option));
}
END_TEST

START_TEST(an_option_has_at_most_65535_octets)
{
    static uint8_t buffer[70000];
    static const uint8_t data[65536];
    size_t size = 0;
    ck_assert(!edns_option_append(buffer, sizeof buffer, &size, 1, bytes_of(data, 65536)));
    ck_assert(!extended_error_append(buffer, sizeof buffer, &size, 1, bytes_of(data, 65534)));
    ck_assert(edns_option_append(buffer, sizeof buffer, &size, 1, bytes_of(data, 65535)));
    ck_assert_uint_eq(size, 65539);
}
END_TEST

START_TEST(extended_errors_come_back)
{
    uint8_t buffer[64];
    size_t size = 0;
    struct extended_error error;
    ck_assert(
        extended_error_append(buffer, sizeof buffer, &size, EDE_NETWORK_ERROR, bytes_of("who", 3)));
    ck_assert(
        edns_option_append(buffer, sizeof buffer, &size, EDNS_OPTION_COOKIE, bytes_of("ab", 2)));
    ck_assert(edns_option_append(buffer, sizeof buffer, &size, EDNS_OPTION_EXTENDED_ERROR,
                                 bytes_of("x", 1)));
    ck_assert(extended_error_append(buffer, sizeof buffer, &size, EDE_OTHER, bytes_of(NULL, 0)));
    struct bytes rest = bytes_of(buffer, size);
    ck_assert(extended_error_next(&rest, &error));
    ck_assert_uint_eq(error.code, EDE_NETWORK_ERROR);
    ck_assert(bytes_are(error.extra, "who"));
    ck_assert(extended_error_next(&rest, &error));
    ck_assert_uint_eq(error.code, EDE_OTHER);
    ck_assert_uint_eq(error.extra.size, 0);
    ck_assert(!extended_error_next(&rest, &error));
    size = sizeof buffer - 5;
    ck_assert(!extended_error_append(buffer, sizeof buffer, &size, EDE_OTHER, bytes_of(NULL, 0)));
}
END_TEST

static const struct {
    const char *name;
    uint16_t code;
    const char *extra;
    const char *text;
} errors[] = {
    {"with extra text", EDE_NO_REACHABLE_AUTHORITY, "at ns\x1b",
     "22 (No Reachable Authority): (at ns\\027)"},
    {"without", EDE_OTHER, "", "0 (Other)"},
    {"of the registry's end", EDE_INVALID_QUERY_TYPE, "", "30 (Invalid Query Type)"},
    {"unknown", 4711, "x", "4711: (x)"},
};

START_TEST(extended_errors_are_said)
{
    char buffer[100];
    struct text text = text_in(buffer, sizeof buffer);
    const struct extended_error error = {.code = errors[_i].code,
                                         .extra = bytes_of_string(errors[_i].extra)};
    extended_error_put(&text, &error);
    ck_assert_str_eq(buffer, errors[_i].text);
}
END_TEST

START_TEST(every_code_up_to_30_has_its_own_name)
{
    for (uint16_t i = 0; i <= 30; i++) {
        ck_assert_ptr_nonnull(extended_error_name(i));
        for (uint16_t j = 0; j < i; j++) {
            ck_assert_str_ne(extended_error_name(i), extended_error_name(j));
        }
    }
    ck_assert_ptr_null(extended_error_name(31));
    ck_assert_ptr_null(extended_error_name(UINT16_MAX));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("edns");
    add_rows(suite, obeys_the_udp_size, limits);
    add_rows(suite, walks_options, options);
    add_test(suite, appends_and_finds_options);
    add_test(suite, an_option_has_at_most_65535_octets);
    add_test(suite, extended_errors_come_back);
    add_rows(suite, extended_errors_are_said, errors);
    add_test(suite, every_code_up_to_30_has_its_own_name);
    return suite;
}
