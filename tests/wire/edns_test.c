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

START_TEST(an_empty_option_fits_exactly)
{
    uint8_t buffer[4];
    size_t size = 0;
    ck_assert(!edns_option_append(buffer, 3, &size, EDNS_OPTION_NSID, bytes_of(NULL, 0)));
    ck_assert(edns_option_append(buffer, 4, &size, EDNS_OPTION_NSID, bytes_of(NULL, 0)));
    ck_assert_uint_eq(size, 4);
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

static const struct {
    const char *name;
    const char *hex;
    const char *address; /* NULL: refused */
    uint8_t source;
} subnets[] = {
    {"IPv4, three octets", "0008 0007 0001 1800 cb0071", "203.0.113.0", 24},
    {"IPv4, parts of an octet", "0008 0007 0001 1400 cb0070", "203.0.112.0", 20},
    {"IPv6", "0008 0008 0002 2000 20010db8", "2001:db8::", 32},
    {"nobody in particular", "0008 0004 0001 0000", "0.0.0.0", 0},
    {"behind another option", "000a 0001 ff 0008 0007 0001 1800 cb0071", "203.0.113.0", 24},
    {"bits behind the prefix", "0008 0007 0001 1400 cb0071", NULL, 0},
    {"too few octets", "0008 0006 0001 1800 cb00", NULL, 0},
    {"too many octets", "0008 0008 0001 1800 cb007100", NULL, 0},
    {"too many bits", "0008 0009 0001 2100 cb00710000", NULL, 0},
    {"a family of its own", "0008 0005 0003 0800 cb", NULL, 0},
    {"no head", "0008 0003 0001 18", NULL, 0},
    {"none", "000a 0001 ff", NULL, 0},
};

START_TEST(subnets_are_read_strictly)
{
    struct client_subnet subnet;
    struct address address;
    const bool found = client_subnet_find(octets_of_hex(subnets[_i].hex), &subnet);
    ck_assert(found == (subnets[_i].address != NULL));
    if (found) {
        ck_assert(address_parse(bytes_of_string(subnets[_i].address), &address));
        ck_assert(address_equal(&subnet.address, &address));
        ck_assert_uint_eq(subnet.source, subnets[_i].source);
    }
}
END_TEST

START_TEST(subnets_come_back)
{
    uint8_t buffer[CLIENT_SUBNET_OCTETS_MAX];
    for (unsigned bits = 0; bits <= 128; bits += 8) {
        size_t size = 0;
        struct client_subnet subnet = {.source = (uint8_t)bits, .scope = 7}, again;
        subnet.address.family = ADDRESS_V6;
        memset(subnet.address.octets, 0xa5, bits / 8);
        ck_assert(client_subnet_append(buffer, sizeof buffer, &size, &subnet));
        ck_assert(client_subnet_find(bytes_of(buffer, size), &again));
        ck_assert(address_equal(&again.address, &subnet.address));
        ck_assert_uint_eq(again.source, bits);
        ck_assert_uint_eq(again.scope, 7);
        size = 0;
        ck_assert(!client_subnet_append(buffer, bits / 8 + 7, &size, &subnet));
    }
    size_t size = 0;
    ck_assert(!client_subnet_append(buffer, sizeof buffer, &size, &(struct client_subnet){0}));
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
    add_rows(suite, subnets_are_read_strictly, subnets);
    add_test(suite, subnets_come_back);
    add_test(suite, extended_errors_come_back);
    add_rows(suite, extended_errors_are_said, errors);
    add_test(suite, every_code_up_to_30_has_its_own_name);
    add_test(suite, an_empty_option_fits_exactly);
    return suite;
}
