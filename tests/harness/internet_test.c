/* What is made around a scenario's zones, and what is left alone. */
#include "tests/harness/loading.h"
#include "tests/support/support.h"

#define FOUNDING                                                                                   \
    "scenario: x\nzones:\n  esp.example:\n    records: |\n      k 60 TXT x\n"                      \
    "  customer.example:\n    provider: cloudflare\n    records: |\n      k 60 CNAME "             \
    "k.esp.example.\n"

#define ENTERED(entry)                                                                             \
    "scenario: x\nzones: {a.b: {entry: " entry ", records: [\"k._d 60 CNAME t.c.\", \"l._d 60 "    \
    "CNAME t.c.\"]}}\n"

static const struct made {
    const char *name;
    const char *text;
    const char *zone;
    const char *record;
    bool there;
} made[] = {
    {"apex NS", FOUNDING, "esp.example", "esp.example. 86400 IN NS ns1.esp.example.", true},
    {"second NS", FOUNDING, "esp.example", "esp.example. 86400 IN NS ns2.esp.example.", true},
    {"SOA", FOUNDING, "esp.example",
     "esp.example. 3600 IN SOA ns1.esp.example. hostmaster.esp.example. 2026010101 7200 3600 "
     "1209600 3600",
     true},
    {"SOA of a provider", FOUNDING, "customer.example",
     "customer.example. 1800 IN SOA mia.ns.cloudflare.com. dns.cloudflare.com. 2392502268 10000 "
     "2400 604800 1800",
     true},
    {"host address", FOUNDING, "esp.example", "ns1.esp.example. 86400 IN A 192.0.2.101", true},
    {"host IPv6 address", FOUNDING, "esp.example", "ns1.esp.example. 86400 IN AAAA 2001:db8::1:1",
     true},
    {"next host address", FOUNDING, "esp.example", "ns2.esp.example. 86400 IN A 192.0.2.102", true},
    {"delegation", FOUNDING, "example", "esp.example. 172800 IN NS ns1.esp.example.", true},
    {"glue", FOUNDING, "example", "ns1.esp.example. 172800 IN A 192.0.2.101", true},
    {"glueless delegation", FOUNDING, "example",
     "customer.example. 172800 IN NS mia.ns.cloudflare.com.", true},
    {"zone of name servers", FOUNDING, "cloudflare.com",
     "mia.ns.cloudflare.com. 86400 IN A 192.0.2.103", true},
    {"its delegation", FOUNDING, "com", "cloudflare.com. 172800 IN NS mia.ns.cloudflare.com.",
     true},
    {"its glue", FOUNDING, "com", "mia.ns.cloudflare.com. 172800 IN A 192.0.2.103", true},
    {"TLD in the root", FOUNDING, ".", "example. 172800 IN NS a.nic.example.", true},
    {"glue of the TLD", FOUNDING, ".", "a.nic.example. 172800 IN A 192.5.6.30", true},
    {"root NS", FOUNDING, ".", ". 86400 IN NS a.root-servers.net.", true},
    {"root address", FOUNDING, ".", "a.root-servers.net. 86400 IN AAAA 2001:503:ba3e::2:30", true},

    {"entered elsewhere", ENTERED("{doubled-zone: [k._d]}"), "a.b",
     "k._d.a.b.a.b. 60 IN CNAME t.c.", true},
    {"entered not here", ENTERED("{doubled-zone: [k._d]}"), "a.b", "k._d.a.b. 60 IN CNAME t.c.",
     false},
    {"another's entry", ENTERED("{doubled-zone: [k._d]}"), "a.b", "l._d.a.b. 60 IN CNAME t.c.",
     true},
    {"all are entered so", ENTERED("{no-underscore: all}"), "a.b", "l.d.a.b. 60 IN CNAME t.c.",
     true},
    {"entered twice wrong", ENTERED("{missing-dot: k._d, no-underscore: k._d}"), "a.b",
     "k.d.a.b. 60 IN CNAME t.c.a.b.", true},
    {"entered well", ENTERED("false"), "a.b", "k._d.a.b. 60 IN CNAME t.c.", true},

    {"said NS wins", "scenario: x\nzones: {a.b: {records: [\"@ 60 NS n.c.d.\"]}}\n", "a.b",
     "a.b. 86400 IN NS ns1.a.b.", false},
    {"said NS makes servers", "scenario: x\nzones: {a.b: {records: [\"@ 60 NS n.c.d.\"]}}\n", "c.d",
     "n.c.d. 86400 IN A 192.0.2.101", true},
    {"said NS is delegated to", "scenario: x\nzones: {a.b: {records: [\"@ 60 NS n.c.d.\"]}}\n", "b",
     "a.b. 172800 IN NS n.c.d.", true},
    {"said SOA wins", "scenario: x\nzones: {a.b: {records: [\"@ 60 SOA m r 1 2 3 4 5\"]}}\n", "a.b",
     "a.b. 60 IN SOA m.a.b. r.a.b. 1 2 3 4 5", true},
    {"said SOA is the only one",
     "scenario: x\nzones: {a.b: {records: [\"@ 60 SOA m r 1 2 3 4 5\"]}}\n", "a.b",
     "a.b. 60 IN SOA ns1.a.b. hostmaster.a.b. 2026010101 7200 3600 1209600 3600", false},
    {"made address avoids said ones",
     "scenario: x\nzones: {a.b: {}, c.b: {servers: {n: {addresses: 192.0.2.101}}}}\n", "a.b",
     "ns1.a.b. 86400 IN A 192.0.2.102", true},
    {"made address avoids recorded ones",
     "scenario: x\nzones: {a.b: {}, c.b: {records: [\"ns1 60 A 192.0.2.102\"]}}\n", "a.b",
     "ns2.a.b. 86400 IN A 192.0.2.103", true},
    {"soa key", "scenario: x\nzones: {a.b: {soa: {serial: 7, minimum: 1m, ttl: 2, rname: x}}}\n",
     "a.b", "a.b. 2 IN SOA ns1.a.b. x.a.b. 7 7200 3600 1209600 60", true},
    {"soa mname", "scenario: x\nzones: {a.b: {soa: {mname: q.}}}\n", "a.b",
     "a.b. 3600 IN SOA q. hostmaster.a.b. 2026010101 7200 3600 1209600 3600", true},
    {"said host address wins", "scenario: x\nzones: {a.b: {records: [\"ns1 60 A 192.0.2.7\"]}}\n",
     "b", "ns1.a.b. 172800 IN A 192.0.2.7", true},
    {"said host address is the only one",
     "scenario: x\nzones: {a.b: {records: [\"ns1 60 A 192.0.2.7\"]}}\n", "a.b",
     "ns1.a.b. 86400 IN AAAA 2001:db8::1:1", false},
    {"said server address", "scenario: x\nzones: {a.b: {servers: {n: {addresses: 192.0.2.8}}}}\n",
     "a.b", "n.a.b. 86400 IN A 192.0.2.8", true},
    {"said server address and record differ",
     "scenario: x\nzones: {a.b: {servers: {n: {addresses: 192.0.2.8}}, records: [\"n 60 A "
     "192.0.2.9\"]}}\n",
     "b", "n.a.b. 172800 IN A 192.0.2.8", true},
    {"said delegation wins", "scenario: x\nzones: {a.b: {}, b: {records: [\"a 60 NS n.c.d.\"]}}\n",
     "b", "a.b. 172800 IN NS ns1.a.b.", false},
    {"said glue wins", "scenario: x\nzones: {a.b: {}, b: {records: [\"ns1.a 60 A 192.0.2.9\"]}}\n",
     "b", "ns1.a.b. 172800 IN A 192.0.2.101", false},
    {"said TLD", "scenario: x\nzones: {a.b: {}, b: {}}\n", "b", "a.b. 172800 IN NS ns1.a.b.", true},
    {"said root", "scenario: x\nzones: {a.b: {}, .: {records: [\"q 60 A 192.0.2.9\"]}}\n", ".",
     "b. 172800 IN NS a.nic.b.", true},
    {"parent is the nearest zone", "scenario: x\nzones: {a.b: {}, s.a.b: {}}\n", "a.b",
     "s.a.b. 172800 IN NS ns1.s.a.b.", true},
    {"not the TLD", "scenario: x\nzones: {a.b: {}, s.a.b: {}}\n", "b",
     "s.a.b. 172800 IN NS ns1.s.a.b.", false},
    {"undelegated server", "scenario: x\nzones: {a.b: {servers: {n: {}, o: {delegated: false}}}}\n",
     "b", "a.b. 172800 IN NS o.a.b.", false},
    {"undelegated server has an address",
     "scenario: x\nzones: {a.b: {servers: {n: {}, o: {delegated: false}}}}\n", "a.b",
     "o.a.b. 86400 IN A 192.0.2.102", true},
    {"host in another zone", "scenario: x\nzones: {a.b: {servers: [n.c.b.]}, c.b: {}}\n", "c.b",
     "n.c.b. 86400 IN A 192.0.2.101", true},
};

START_TEST(makes)
{
    const struct made *row = &made[_i];
    struct loading loading;
    loading_begin_fine(&loading, row->text);
    ck_assert_msg(loading_has(loading_zone(&loading, row->zone)->zone, row->record) == row->there,
                  "%s", row->name);
    loading_end(&loading);
}
END_TEST

START_TEST(no_soa_is_made_where_it_is_turned_off)
{
    struct loading loading;
    loading_begin_fine(&loading, "scenario: x\nzones: {a.b: {soa: false}}\n");
    ck_assert_ptr_null(zone_soa(loading_zone(&loading, "a.b")->zone));
    loading_end(&loading);
}
END_TEST

START_TEST(made_zones_are_marked_and_the_root_is_last)
{
    struct loading loading;
    loading_begin_fine(&loading, FOUNDING);
    const struct scenario *scenario = loading.scenario;
    ck_assert_uint_eq(scenario->zone_count, 6);
    ck_assert(!loading_zone(&loading, "customer.example")->made);
    ck_assert(loading_zone(&loading, "cloudflare.com")->made);
    ck_assert_uint_eq(scenario->zones[5].apex.labels, 0);
    for (size_t i = 0; i < scenario->zone_count; i++) {
        ck_assert_ptr_eq(scenario->zone_views[i], scenario->zones[i].zone);
    }
    loading_end(&loading);
}
END_TEST

/* --- seats --- */

START_TEST(one_seat_per_server_the_root_first_and_one_for_all_made_tlds)
{
    struct loading loading;
    loading_begin_fine(&loading, FOUNDING);
    const struct scenario *scenario = loading.scenario;
    ck_assert_uint_eq(scenario->seat_count, 6);
    ck_assert_str_eq(scenario->seats[0].name, "root");
    ck_assert_str_eq(scenario->seats[1].name, "tld");
    ck_assert_str_eq(scenario->seats[2].name, "ns1.esp.example");
    ck_assert_uint_eq(loading_zone(&loading, "example")->servers[0].seat, 1);
    ck_assert_uint_eq(loading_zone(&loading, "com")->servers[0].seat, 1);
    ck_assert_uint_eq(loading_zone(&loading, "cloudflare.com")->servers[0].seat,
                      loading_zone(&loading, "customer.example")->servers[0].seat);
    loading_end(&loading);
}
END_TEST

START_TEST(servers_with_one_address_share_a_seat)
{
    struct loading loading;
    loading_begin_fine(&loading, "scenario: x\nzones:\n"
                                 "  a.b: {servers: {n: {addresses: [192.0.2.8, 192.0.2.9]}}}\n"
                                 "  c.b: {servers: {m: {addresses: 192.0.2.9}}}\n");
    ck_assert_uint_eq(loading_zone(&loading, "a.b")->servers[0].seat,
                      loading_zone(&loading, "c.b")->servers[0].seat);
    loading_end(&loading);
}
END_TEST

START_TEST(a_server_that_moves_gets_another_seat)
{
    struct loading loading;
    loading_begin_fine(&loading,
                       "scenario: x\nzones: {a.b: {servers: {n: {addresses: 192.0.2.8}}}}\n"
                       "steps: [{change: {a.b: {servers: {n: {addresses: 192.0.2.9}}}}}]\n");
    const struct change_step *change = &loading.scenario->steps[0].as.change;
    ck_assert_uint_eq(change->change_count, 2); /* the zone, and its delegation's glue */
    ck_assert_uint_ne(change->changes[0].before->servers[0].seat,
                      change->changes[0].after->servers[0].seat);
    ck_assert_str_eq(loading.scenario->seats[change->changes[0].after->servers[0].seat].name,
                     "n.a.b#2");
    loading_end(&loading);
}
END_TEST

START_TEST(too_many_servers_are_told)
{
    static char text[64 * 1024];
    struct loading loading;
    struct text buffer = text_in(text, sizeof text);
    text_put(&buffer, "scenario: x\nzones:\n");
    for (unsigned i = 0; i < 130; i++) {
        text_put_format(&buffer, "  z%u.b: {}\n", i);
    }
    loading_begin(&loading, text);
    ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "too many servers"));
    loading_end(&loading);
    loading_begin(&loading, "scenario: x\nzones: {a.b: {servers: [a, b, c, d, e, f, g, h, i, j, k, "
                            "l, m, n]}}\n");
    ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "13 servers at most"));
    loading_end(&loading);
}
END_TEST

/* --- views and behaviours --- */

START_TEST(a_server_may_show_its_own_records_and_behave_on_its_own)
{
    struct loading loading;
    loading_begin_fine(&loading,
                       "scenario: x\nzones:\n  a.b:\n    lame: refused\n    missing-txt: [q]\n"
                       "    records: [\"q 60 A 192.0.2.9\"]\n    servers:\n      one:\n"
                       "      two: {records: [\"q 60 A 192.0.2.8\"], lame: false, silent: true}\n");
    const struct scenario_zone *zone = loading_zone(&loading, "a.b");
    ck_assert_ptr_null(zone->servers[0].zone);
    ck_assert(loading_has(zone->zone, "q.a.b. 60 IN A 192.0.2.9"));
    ck_assert(loading_has(zone->servers[1].zone, "q.a.b. 60 IN A 192.0.2.8"));
    ck_assert(!loading_has(zone->servers[1].zone, "q.a.b. 60 IN A 192.0.2.9"));
    ck_assert(loading_has(zone->servers[1].zone, "a.b. 86400 IN NS one.a.b."));
    ck_assert_ptr_nonnull(zone_soa(zone->servers[1].zone));
    ck_assert_uint_eq(zone->servers[0].behaviours.count, 2);
    ck_assert_str_eq(zone->servers[0].behaviours.items[0].row->name, "missing-txt");
    ck_assert_str_eq(zone->servers[0].behaviours.items[1].row->name, "lame");
    ck_assert_uint_eq(zone->servers[1].behaviours.count, 2);
    ck_assert_str_eq(zone->servers[1].behaviours.items[1].row->name, "silent");
    loading_end(&loading);
}
END_TEST

START_TEST(a_provider_brings_its_behaviours_and_false_turns_them_off)
{
    struct loading loading;
    loading_begin_fine(&loading, "scenario: x\nzones:\n  a.b: {provider: cloudflare}\n"
                                 "  c.b: {provider: cloudflare, any: false, flattened: []}\n");
    ck_assert_uint_gt(loading_zone(&loading, "a.b")->behaviours.count, 0);
    ck_assert_uint_eq(loading_zone(&loading, "c.b")->behaviours.count, 0);
    loading_end(&loading);
}
END_TEST

/* --- changes --- */

START_TEST(a_change_touches_only_what_it_names)
{
    struct loading loading;
    loading_begin_fine(&loading, FOUNDING
                       "    proxied: [k]\nsteps:\n  - change: {customer.example: {proxied: []}}\n"
                       "  - change: {esp.example: {records: [\"k 60 TXT y\"]}}\n"
                       "  - change: {esp.example: {records: [\"k 60 TXT y\"]}}\n");
    const struct step *steps = loading.scenario->steps;
    const struct change_step *first = &steps[0].as.change;
    ck_assert_uint_eq(first->change_count, 1);
    ck_assert_ptr_eq(first->changes[0].before->zone,
                     loading_zone(&loading, "customer.example")->zone);
    ck_assert_uint_eq(first->changes[0].before->behaviours.count,
                      first->changes[0].after->behaviours.count + 1);
    const struct change_step *second = &steps[1].as.change;
    ck_assert_uint_eq(second->change_count, 1);
    ck_assert(loading_has(second->changes[0].after->zone, "k.esp.example. 60 IN TXT \"y\""));
    ck_assert(loading_has(second->changes[0].after->zone,
                          "esp.example. 3600 IN SOA ns1.esp.example. hostmaster.esp.example. "
                          "2026010102 7200 3600 1209600 3600"));
    ck_assert(
        loading_has(loading_zone(&loading, "esp.example")->zone, "k.esp.example. 60 IN TXT \"x\""));
    ck_assert_uint_eq(second->zone_count, loading.scenario->zone_count);
    loading_end(&loading);
}
END_TEST

START_TEST(another_provider_moves_the_delegation)
{
    struct loading loading;
    loading_begin_fine(&loading, "scenario: x\nzones: {a.b: {}}\n"
                                 "steps: [{change: {a.b: {provider: cloudflare}}}]\n");
    const struct change_step *change = &loading.scenario->steps[0].as.change;
    bool parent = false;
    bool host_zone = false;
    for (size_t i = 0; i < change->change_count; i++) {
        const struct zone *zone = change->changes[i].after->zone;
        parent = parent || loading_has(zone, "a.b. 172800 IN NS mia.ns.cloudflare.com.");
        host_zone = host_zone || change->changes[i].before == NULL;
    }
    ck_assert(parent && host_zone);
    loading_end(&loading);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("internet");
    add_rows(suite, makes, made);
    add_test(suite, no_soa_is_made_where_it_is_turned_off);
    add_test(suite, made_zones_are_marked_and_the_root_is_last);
    add_test(suite, one_seat_per_server_the_root_first_and_one_for_all_made_tlds);
    add_test(suite, servers_with_one_address_share_a_seat);
    add_test(suite, a_server_that_moves_gets_another_seat);
    add_test(suite, too_many_servers_are_told);
    add_test(suite, a_server_may_show_its_own_records_and_behave_on_its_own);
    add_test(suite, a_provider_brings_its_behaviours_and_false_turns_them_off);
    add_test(suite, a_change_touches_only_what_it_names);
    add_test(suite, another_provider_moves_the_delegation);
    return suite;
}
