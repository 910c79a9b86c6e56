/* Ranges of addresses, read and looked into. */
#include "sim/subnet.h"

#include "tests/support/support.h"

static const struct row {
    const char *name;
    const char *text;
    const char *inside, *outside; /* NULL: `text` is no range */
} rows[] = {
    {"one address", "192.0.2.1", "192.0.2.1", "192.0.2.2"},
    {"one IPv6 address", "2001:db8::1", "2001:db8::1", "2001:db8::2"},
    {"whole octets", "10.0.0.0/8", "10.255.255.255", "11.0.0.0"},
    {"parts of an octet", "192.0.2.64/26", "192.0.2.127", "192.0.2.128"},
    {"written with bits behind the prefix", "192.0.2.77/24", "192.0.2.1", "192.0.3.1"},
    {"everybody of a family", "0.0.0.0/0", "255.1.2.3", "2001:db8::1"},
    {"IPv6", "2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"},
    {"all bits", "2001:db8::1/128", "2001:db8::1", "2001:db8::3"},
    {"too many bits", "192.0.2.0/33", NULL, NULL},
    {"too many bits of IPv6", "2001:db8::/129", NULL, NULL},
    {"no bits", "192.0.2.0/", NULL, NULL},
    {"bits of words", "192.0.2.0/x", NULL, NULL},
    {"bits without end", "192.0.2.0/00000000024", NULL, NULL},
    {"no address", "/8", NULL, NULL},
    {"nothing", "", NULL, NULL},
};

START_TEST(ranges_are_read)
{
    const struct row *row = &rows[_i];
    struct subnet subnet;
    struct address address;
    ck_assert(subnet_parse(bytes_of_string(row->text), &subnet) == (row->inside != NULL));
    if (row->inside == NULL) {
        return;
    }
    ck_assert(address_parse(bytes_of_string(row->inside), &address));
    ck_assert(subnet_contains(&subnet, &address));
    ck_assert(address_parse(bytes_of_string(row->outside), &address));
    ck_assert(!subnet_contains(&subnet, &address));
}
END_TEST

START_TEST(base_is_the_first_address)
{
    struct address address, first;
    ck_assert(address_parse(bytes_of_string("192.0.2.255"), &address));
    ck_assert(address_parse(bytes_of_string("192.0.2.240"), &first));
    const struct address base = subnet_base(&address, 28);
    ck_assert(address_equal(&base, &first));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("subnet");
    add_rows(suite, ranges_are_read, rows);
    add_test(suite, base_is_the_first_address);
    return suite;
}
