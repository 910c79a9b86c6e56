/* Zone cuts, their servers, and which glue counts. */
#include "resolver/delegation.h"

#include <stdio.h>

#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct delegation delegation;

static struct name name_of(const char *text)
{
    struct name name;
    ck_assert(name_parse_text(bytes_of_string(text), NULL, &name, NULL));
    return name;
}

static uint32_t read_referral(const char *zone_text, const char *reply)
{
    const struct name zone = name_of(zone_text);
    const struct name cut = name_of("sub.example.");
    uint32_t ttl = 0;
    delegation_from_referral(&delegation, rig_compose("k.sub.example.", "TXT", reply), &zone, &cut,
                             &policy_default, &ttl);
    return ttl;
}

static const struct glue_row {
    const char *name;
    const char *zone;
    const char *reply;
    int servers, addresses;
} glue_rows[] = {
    {"glue below the cut", "example.",
     "ns sub.example. 9 NS ns.sub.example.\nar ns.sub.example. 9 A 10.0.0.5", 1, 1},
    {"glue of a sibling", "example.",
     "ns sub.example. 9 NS ns.other.example.\nar ns.other.example. 9 A 10.0.0.5", 1, 1},
    {"glue of another zone", "example.", "ns sub.example. 9 NS ns.net.\nar ns.net. 9 A 10.0.0.5", 1,
     0},
    {"the root may speak of all", ".", "ns sub.example. 9 NS ns.net.\nar ns.net. 9 A 10.0.0.5", 1,
     1},
    {"glue of no server", "example.",
     "ns sub.example. 9 NS ns.sub.example.\nar www.sub.example. 9 A 10.0.0.5", 1, 0},
    {"glue in other letters", "example.",
     "ns sub.example. 9 NS ns.sub.example.\nar NS.Sub.example. 9 A 10.0.0.5", 1, 1},
    {"both families", "example.",
     "ns sub.example. 9 NS ns.sub.example.\nar ns.sub.example. 9 A 10.0.0.5\n"
     "ar ns.sub.example. 9 AAAA 2001:db8::5",
     1, 2},
    {"an address twice counts once", "example.",
     "ns sub.example. 9 NS a.example.\nns sub.example. 9 NS b.example.\n"
     "ar a.example. 9 A 10.0.0.5\nar b.example. 9 A 10.0.0.5",
     2, 1},
    {"a server twice counts once", "example.",
     "ns sub.example. 9 NS a.example.\nns sub.example. 9 NS A.example.", 1, 0},
    {"servers of another cut", "example.",
     "ns sub.example. 9 NS a.example.\nns other.example. 9 NS b.example.", 1, 0},
    {"seven addresses of a server", "example.",
     "ns sub.example. 9 NS a.example.\nar a.example. 9 A 10.0.0.1\nar a.example. 9 A 10.0.0.2\n"
     "ar a.example. 9 A 10.0.0.3\nar a.example. 9 A 10.0.0.4\nar a.example. 9 A 10.0.0.5\n"
     "ar a.example. 9 A 10.0.0.6\nar a.example. 9 A 10.0.0.7",
     1, 6},
};

START_TEST(counts)
{
    const struct glue_row *row = &glue_rows[_i];
    ck_assert_uint_eq(read_referral(row->zone, row->reply), 9);
    ck_assert_int_eq(delegation.server_count, row->servers);
    ck_assert_int_eq(delegation.address_count, row->addresses);
}
END_TEST

START_TEST(the_least_ttl_counts)
{
    ck_assert_uint_eq(
        read_referral("example.", "ns sub.example. 9 NS a.net.\nns sub.example. 7 NS b.net."), 7);
}
END_TEST

START_TEST(of_20_servers_13_are_considered_those_with_glue_first)
{
    char reply[4096];
    size_t size = 0;
    for (unsigned i = 0; i < 25; i++) {
        size += (size_t)snprintf(reply + size, sizeof reply - size,
                                 "ns sub.example. 9 NS n%u.example.\n", i);
    }
    snprintf(reply + size, sizeof reply - size,
             "ar n19.example. 9 A 10.0.0.19\nar n20.example. 9 A 10.0.0.20");
    read_referral("example.", reply);
    const struct name glued = name_of("n19.example.");
    const struct name first = name_of("n0.example.");
    ck_assert_uint_eq(delegation.server_count, 13);
    ck_assert(name_equal(&delegation.servers[0].name, &glued));
    ck_assert(name_equal(&delegation.servers[1].name, &first));
    ck_assert_uint_eq(delegation.address_count, 1);
}
END_TEST

START_TEST(no_more_servers_than_the_policy_says)
{
    struct policy policy = policy_default;
    const struct name cut = name_of("example.");
    const struct name names[] = {name_of("a.net."), name_of("b.net."), name_of("c.net.")};
    policy.servers_max = 2;
    delegation_start(&delegation, &cut);
    ck_assert_int_eq(delegation_add_server(&delegation, &names[0], &policy), 0);
    ck_assert_int_eq(delegation_add_server(&delegation, &names[1], &policy), 1);
    ck_assert_int_eq(delegation_add_server(&delegation, &names[2], &policy), -1);
    ck_assert_int_eq(delegation_add_server(&delegation, &names[1], &policy), 1);
}
END_TEST

START_TEST(is_dead_if_glue_is_needed_and_missing)
{
    read_referral("example.", "ns sub.example. 9 NS ns.sub.example.");
    ck_assert(delegation_is_dead(&delegation));
    ck_assert(delegation_needs_glue(&delegation, 0));
    read_referral("example.", "ns sub.example. 9 NS ns.sub.example.\nns sub.example. 9 NS ns.net.");
    ck_assert(!delegation_is_dead(&delegation));
    ck_assert(!delegation_needs_glue(&delegation, 1));
}
END_TEST

static const struct address_row {
    const char *name; /* an address */
    bool usable;
} address_rows[] = {
    {"192.0.2.1", true},
    {"10.0.0.1", true},
    {"0.0.0.0", false},
    {"0.1.2.3", false},
    {"127.0.0.53", false},
    {"224.0.0.1", false},
    {"255.255.255.255", false},
    {"2001:db8::1", true},
    {"::", false},
    {"::1", false},
    {"ff02::1", false},
    {"::ffff:127.0.0.1", false},
};

START_TEST(usable)
{
    struct address address;
    ck_assert(address_parse(bytes_of_string(address_rows[_i].name), &address));
    ck_assert_int_eq(address_is_usable(&address, &policy_default), address_rows[_i].usable);
}
END_TEST

START_TEST(a_family_switched_off_is_not_used)
{
    struct policy policy = policy_default;
    struct address v6 = {0}, v4 = {0};
    policy.ipv6 = false;
    policy.loopback = true;
    ck_assert(address_parse(bytes_of_string("2001:db8::1"), &v6));
    ck_assert(address_parse(bytes_of_string("127.0.0.1"), &v4));
    ck_assert(!address_is_usable(&v6, &policy));
    ck_assert(address_is_usable(&v4, &policy));
    policy.ipv4 = false;
    ck_assert(address_parse(bytes_of_string("192.0.2.1"), &v4));
    ck_assert(!address_is_usable(&v4, &policy));
    ck_assert(!address_is_usable(&(struct address){.family = ADDRESS_NONE}, &policy_default));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("delegation");
    add_rows(suite, counts, glue_rows);
    add_test(suite, the_least_ttl_counts);
    add_test(suite, of_20_servers_13_are_considered_those_with_glue_first);
    add_test(suite, no_more_servers_than_the_policy_says);
    add_test(suite, is_dead_if_glue_is_needed_and_missing);
    add_rows(suite, usable, address_rows);
    add_test(suite, a_family_switched_off_is_not_used);
    return suite;
}
