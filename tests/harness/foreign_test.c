/* How other people's resolvers are configured: for a simulated internet, and from its addresses. */
#include "harness/foreign.h"

#include <string.h>

#include "tests/harness/loading.h"
#include "tests/support/support.h"

#define TWO_ROOTS                                                                                  \
    "scenario: x\nzones:\n  .:\n    servers:\n      one.root.: {addresses: [198.51.100.1]}\n"      \
    "      two.root.: {addresses: [198.51.100.2, 2001:db8:1::2]}\n  a.b: {}\n"

static char buffer[16384];

static struct text configuration(const char *name, bool has_ipv6)
{
    const struct foreign *foreign = foreign_find(name);
    struct loading loading;
    struct text text = text_in(buffer, sizeof buffer);
    loading_begin_fine(&loading, "scenario: x\nzones: {a.b: {}}\n");
    const struct foreign_site site = {
        .scenario = loading.scenario, .has_ipv6 = has_ipv6, .is_root = true};
    foreign->write(&text, &site);
    loading_end(&loading);
    return text;
}

static const struct said {
    const char *name;
    const char *text;
} said[] = {
    {"unbound", "outgoing-interface: 192.0.2.53"},
    {"unbound", "interface: 127.0.0.1"},
    {"unbound", "root-hints: \"root.hints\""},
    {"named", "query-source address 192.0.2.53;"},
    {"named", "dnssec-validation no;"},
    {"kresd", "net.outgoing_v4('192.0.2.53')"},
    {"kresd", "trust_anchors.remove('.')"},
    {"pdns-recursor", "query-local-address=192.0.2.53,2001:db8::53"},
    {"pdns-recursor", "dont-query=\n"},
    {"pdns-recursor", "security-poll-suffix=\n"},
    {"dnsmasq", "server=192.0.2.53"},
};

START_TEST(a_configuration_says_what_the_simulation_needs)
{
    const struct text text = configuration(said[_i].name, true);
    ck_assert(!text.overflow);
    ck_assert_msg(strstr(text.data, said[_i].text) != NULL, "%s", text.data);
}
END_TEST

START_TEST(without_ipv6_nobody_is_told_of_it)
{
    for (const struct foreign *foreign = foreign_resolvers; foreign->name != NULL; foreign++) {
        const struct text text = configuration(foreign->name, false);
        ck_assert_msg(strstr(text.data, "2001:db8") == NULL, "%s", text.data);
        ck_assert_msg(strstr(text.data, "::1") == NULL, "%s", text.data);
    }
}
END_TEST

START_TEST(hints_are_the_scenarios_root_servers)
{
    struct loading loading;
    struct text text = text_in(buffer, sizeof buffer);
    loading_begin_fine(&loading, TWO_ROOTS);
    foreign_hints_put(&text, loading.scenario);
    loading_end(&loading);
    ck_assert_str_eq(text.data, ". 3600000 NS one.root.\n"
                                "one.root. 3600000 A 198.51.100.1\n"
                                ". 3600000 NS two.root.\n"
                                "two.root. 3600000 A 198.51.100.2\n"
                                "two.root. 3600000 AAAA 2001:db8:1::2\n");
}
END_TEST

START_TEST(an_unknown_name_is_no_resolver)
{
    ck_assert_ptr_null(foreign_find("djbdns"));
    ck_assert_ptr_null(foreign_find("builtin"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("foreign");
    add_rows(suite, a_configuration_says_what_the_simulation_needs, said);
    add_test(suite, without_ipv6_nobody_is_told_of_it);
    add_test(suite, hints_are_the_scenarios_root_servers);
    add_test(suite, an_unknown_name_is_no_resolver);
    return suite;
}
