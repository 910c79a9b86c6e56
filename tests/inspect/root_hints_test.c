#include "inspect/root_hints.h"

#include <stdio.h>

#include "tests/support/support.h"

static const char sample[] =
    "; a comment\n"
    ".                        3600000      NS    A.ROOT-SERVERS.NET.\n"
    "A.ROOT-SERVERS.NET.      3600000      A     198.41.0.4\n"
    "A.ROOT-SERVERS.NET.      3600000      AAAA  2001:503:ba3e::2:30\n"
    "B.ROOT-SERVERS.NET. 3600000 IN A 170.247.170.2 ; no longer 199.9.14.201\n"
    "A 1.2.3 A nonsense\n"
    "x TXT 192.0.2.9\n";

START_TEST(addresses_of_a_hints_file_are_read)
{
    struct address found[ROOT_HINTS_MAX];
    size_t known_count;
    const struct address *known = root_hints(&known_count);
    ck_assert_uint_eq(root_hints_read(bytes_of_string(sample), found), 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert(address_equal(&found[i], &known[i]));
    }
}
END_TEST

START_TEST(nothing_is_read_out_of_nothing)
{
    struct address found[ROOT_HINTS_MAX];
    ck_assert_uint_eq(root_hints_read(bytes_of(NULL, 0), found), 0);
    ck_assert_uint_eq(root_hints_read(bytes_of_string("A"), found), 0);
}
END_TEST

START_TEST(no_more_are_read_than_there_is_room_for)
{
    static char text[ROOT_HINTS_MAX * 2 * 20];
    struct address found[ROOT_HINTS_MAX];
    for (size_t i = 0; i < (size_t)ROOT_HINTS_MAX * 2; i++) {
        snprintf(text + strlen(text), 20, "x A 192.0.2.%u\n", (unsigned)i);
    }
    ck_assert_uint_eq(root_hints_read(bytes_of_string(text), found), ROOT_HINTS_MAX);
}
END_TEST

START_TEST(thirteen_servers_have_two_addresses_each)
{
    size_t count;
    const struct address *known = root_hints(&count);
    ck_assert_uint_eq(count, 26);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(known[i].family, i % 2 == 0 ? ADDRESS_V4 : ADDRESS_V6);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("root_hints");
    add_test(suite, addresses_of_a_hints_file_are_read);
    add_test(suite, nothing_is_read_out_of_nothing);
    add_test(suite, no_more_are_read_than_there_is_room_for);
    add_test(suite, thirteen_servers_have_two_addresses_each);
    return suite;
}
