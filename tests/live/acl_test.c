/* Who is in a list of networks. */
#include "live/acl.h"

#include "tests/support/support.h"

static const struct row {
    const char *name; /* the list */
    const char *address;
    bool allowed;
} rows[] = {
    {"192.0.2.1", "192.0.2.1", true},
    {"192.0.2.1,198.51.100.0/24", "198.51.100.255", true},
    {"198.51.100.0/24", "198.51.101.0", false},
    {"10.0.0.0/8", "10.255.255.255", true},
    {"10.0.0.0/8 ", "10.1.1.1", false},
    {"10.128.0.0/9", "10.127.255.255", false},
    {"10.128.0.0/9,10.127.255.255", "10.127.255.255", true},
    {"0.0.0.0/0", "203.0.113.1", true},
    {"0.0.0.0/0,127.0.0.1", "2001:db8::1", false},
    {"2001:db8::/33", "2001:db8:7fff::1", true},
    {"2001:db8::/33,::1", "2001:db8:8000::1", false},
    {"10.0.0.1/32", "::ffff:10.0.0.1", true},
    {"192.0.2.0/31", "192.0.2.1", true},
    {"192.0.2.0/31,10.0.0.1", "192.0.2.2", false},
};

static bool parse(const char *text, struct acl *ret)
{
    struct bytes bad;
    return acl_parse(bytes_of_string(text), ret, &bad);
}

START_TEST(networks_hold_their_addresses)
{
    struct acl acl;
    struct address address;
    ck_assert(address_parse(bytes_of_string(rows[_i].address), &address));
    const bool parsed = parse(rows[_i].name, &acl);
    ck_assert_int_eq(parsed && acl_allows(&acl, &address), rows[_i].allowed);
}
END_TEST

START_TEST(what_is_no_list_is_refused)
{
    static const char *const bad[] = {"",  "10.0.0.0/33", "10.0.0.0/", "::/129",      "10.0.0",
                                      "a", "10.0.0.1,",   ",10.0.0.1", "10.0.0.1/-1", "::1/1234"};
    struct acl acl;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        ck_assert_msg(!parse(bad[i], &acl), "%s", bad[i]);
    }
}
END_TEST

START_TEST(too_many_networks_are_refused)
{
    char text[2 * (ACL_NETWORKS_MAX + 1) * 4];
    struct text list = text_in(text, sizeof text);
    struct acl acl;
    for (size_t i = 0; i < ACL_NETWORKS_MAX; i++) {
        text_put(&list, i > 0 ? ",::1" : "::1");
    }
    ck_assert(parse(text, &acl));
    text_put(&list, ",::1");
    ck_assert(!parse(text, &acl));
}
END_TEST

START_TEST(no_list_means_loopback)
{
    struct address address;
    ck_assert(address_parse(bytes_of_string("127.9.9.9"), &address));
    ck_assert(acl_allows(NULL, &address));
    ck_assert(address_parse(bytes_of_string("192.0.2.1"), &address));
    ck_assert(!acl_allows(NULL, &address));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("acl");
    add_rows(suite, networks_hold_their_addresses, rows);
    add_test(suite, what_is_no_list_is_refused);
    add_test(suite, too_many_networks_are_refused);
    add_test(suite, no_list_means_loopback);
    return suite;
}
