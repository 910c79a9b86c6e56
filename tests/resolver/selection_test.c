/* Whom to ask next and how long to wait, and what is remembered of servers. */
#include "resolver/selection.h"

#include "tests/support/support.h"
#include "wire/rrtype.h"

static struct arena arena;
static struct servers servers;
static struct delegation delegation;
static struct rng dice;

static struct address address_of(uint8_t last)
{
    return address_v4((uint8_t[]){192, 0, 2, last});
}

static struct name name_of(const char *text)
{
    struct name name;
    ck_assert(name_parse_text(bytes_of_string(text), NULL, &name, NULL));
    return name;
}

/* A delegation of example. to `count` servers with an address each: 192.0.2.0, .1 … */
static void start(uint8_t count)
{
    const struct name cut = name_of("example.");
    static const char *const names[] = {"a.net.", "b.net.", "c.net.", "d.net."};
    arena_free(&arena); /* of the test before */
    arena_init(&arena, 1 << 20);
    ck_assert(servers_init(&servers, &arena, 16, 900 * NS_PER_S));
    rng_seed(&dice, 1, bytes_of_string("dice"));
    delegation_start(&delegation, &cut);
    for (uint8_t i = 0; i < count; i++) {
        const struct name server = name_of(names[i]);
        const struct address address = address_of((uint8_t)(i + 1));
        ck_assert_int_eq(delegation_add_server(&delegation, &server, &policy_default), i);
        ck_assert(delegation_add_address(&delegation, i, &address, &policy_default));
    }
}

static struct choice choose(bool may_look_up)
{
    return selection_choose(&delegation, &servers, &policy_default, may_look_up, &dice, 0);
}

START_TEST(every_address_is_asked_once_before_any_twice)
{
    start(4);
    for (uint8_t round = 1; round <= 3; round++) {
        for (uint8_t i = 0; i < 4; i++) {
            const struct choice choice = choose(true);
            ck_assert_int_eq(choice.kind, CHOICE_ASK);
            delegation.addresses[choice.index].tries++;
            ck_assert_uint_eq(delegation.addresses[choice.index].tries, round);
        }
    }
    ck_assert_int_eq(choose(true).kind, CHOICE_NONE);
}
END_TEST

START_TEST(those_dropped_are_not_asked)
{
    start(2);
    delegation.addresses[0].dropped = true;
    for (int i = 0; i < 20; i++) {
        ck_assert_uint_eq(choose(true).index, 1);
    }
    delegation.addresses[1].dropped = true;
    ck_assert_int_eq(choose(true).kind, CHOICE_NONE);
}
END_TEST

START_TEST(unknown_addresses_are_looked_up_before_anyone_is_asked_twice)
{
    start(1);
    const struct name glueless = name_of("ns.other.");
    delegation_add_server(&delegation, &glueless, &policy_default);
    ck_assert_int_eq(choose(true).kind, CHOICE_ASK);
    delegation.addresses[0].tries = 1;
    struct choice choice = choose(true);
    ck_assert_int_eq(choice.kind, CHOICE_LOOK_UP);
    ck_assert_uint_eq(choice.index, 1);
    ck_assert_uint_eq(choice.type, RRTYPE_A);
    delegation.servers[1].asked_v4 = true;
    ck_assert_uint_eq(choose(true).type, RRTYPE_AAAA);
    ck_assert_int_eq(choose(false).kind, CHOICE_ASK);
    delegation.servers[1].asked_v6 = true;
    ck_assert_int_eq(choose(true).kind, CHOICE_ASK);
}
END_TEST

START_TEST(a_server_below_the_cut_is_never_looked_up)
{
    start(0);
    const struct name inside = name_of("ns.example.");
    delegation_add_server(&delegation, &inside, &policy_default);
    ck_assert_int_eq(choose(true).kind, CHOICE_NONE);
}
END_TEST

/* How often each of two addresses is chosen in 1000 times. */
static void count_choices(unsigned ret[2])
{
    ret[0] = ret[1] = 0;
    for (int i = 0; i < 1000; i++) {
        ret[choose(true).index]++;
    }
}

START_TEST(within_the_band_chance_decides_fairly)
{
    unsigned counts[2];
    const struct address fast = address_of(1), slow = address_of(2);
    start(2);
    servers_answered(&servers, &fast, 10 * NS_PER_MS, 0);
    servers_answered(&servers, &slow, 409 * NS_PER_MS, 0);
    count_choices(counts);
    ck_assert_uint_gt(counts[0], 400);
    ck_assert_uint_gt(counts[1], 400);
}
END_TEST

START_TEST(a_server_that_timed_out_is_left_for_one_that_answers)
{
    unsigned counts[2];
    const struct address alive = address_of(1), dead = address_of(2);
    start(2);
    servers_answered(&servers, &alive, 10 * NS_PER_MS, 0);
    servers_timed_out(&servers, &dead, 400 * NS_PER_MS, 0);
    count_choices(counts);
    ck_assert_uint_eq(counts[1], 0);
    ck_assert_ptr_null(servers_find(&servers, &dead, 900 * NS_PER_S));
}
END_TEST

static const struct timeout_row {
    const char *name;
    duration_ns round_trip; /* 0: never measured */
    uint8_t tries;
    uint64_t expected_ms;
} timeout_rows[] = {
    {"unknown", 0, 0, 400},
    {"unknown, second try", 0, 1, 800},
    {"unknown, third try", 0, 2, 1600},
    {"unknown, fourth try", 0, 3, 3000},
    {"unknown, far on", 0, 14, 3000},
    {"fast", 20 * NS_PER_MS, 0, 400},
    {"slow", 200 * NS_PER_MS, 0, 600},
    {"slow, second try", 200 * NS_PER_MS, 1, 1200},
    {"very slow", 2000 * NS_PER_MS, 0, 3000},
    {"odd", 201 * NS_PER_MS, 0, 700},
};

START_TEST(time_out)
{
    const struct timeout_row *row = &timeout_rows[_i];
    const struct address address = address_of(1);
    start(1);
    if (row->round_trip > 0) {
        servers_answered(&servers, &address, row->round_trip, 0);
    }
    ck_assert_uint_eq(
        selection_timeout(servers_find(&servers, &address, 0), row->tries, &policy_default) /
            NS_PER_MS,
        row->expected_ms);
}
END_TEST

/* --- what is remembered --- */

START_TEST(expectation_grows_with_every_time_out_and_falls_with_an_answer)
{
    const struct address address = address_of(1);
    start(1);
    duration_ns last = 0;
    for (int i = 0; i < 10; i++) {
        servers_timed_out(&servers, &address, 400 * NS_PER_MS, 0);
        const struct server_record *record = servers_find(&servers, &address, 0);
        ck_assert_uint_ge(record->expected, last);
        ck_assert_uint_le(record->expected, SERVER_EXPECTED_MAX);
        last = record->expected;
    }
    ck_assert_uint_eq(last, SERVER_EXPECTED_MAX);
    servers_answered(&servers, &address, 50 * NS_PER_MS, 0);
    ck_assert_uint_eq(servers_find(&servers, &address, 0)->expected, 50 * NS_PER_MS);
}
END_TEST

/* Silent three times in a row: left alone for 5 s, probed, left alone for twice as long. */
START_TEST(a_dead_server_is_left_alone_and_probed)
{
    start(1);
    const struct address address = address_of(1);
    servers_back_off(&servers, 3, 5 * NS_PER_S, 60 * NS_PER_S);
    ck_assert_uint_eq(servers_timed_out(&servers, &address, NS_PER_S, 0), 0);
    ck_assert_uint_eq(servers_timed_out(&servers, &address, NS_PER_S, 0), 0);
    ck_assert_uint_eq(servers_timed_out(&servers, &address, NS_PER_S, 0), 5 * NS_PER_S);
    ck_assert(server_is_dead(servers_find(&servers, &address, 0), 5 * NS_PER_S - 1));
    ck_assert(!server_is_dead(servers_find(&servers, &address, 0), 5 * NS_PER_S));
    ck_assert_uint_eq(servers_timed_out(&servers, &address, NS_PER_S, 6 * NS_PER_S), 10 * NS_PER_S);
    for (int i = 0; i < 300; i++) {
        ck_assert_uint_le(servers_timed_out(&servers, &address, NS_PER_S, 0), 60 * NS_PER_S);
    }
    servers_answered(&servers, &address, 10 * NS_PER_MS, 0);
    ck_assert(!server_is_dead(servers_find(&servers, &address, 0), 0));
    ck_assert_uint_eq(servers_timed_out(&servers, &address, NS_PER_S, 0), 0);
}
END_TEST

static void silence(uint8_t last, instant_ns now)
{
    const struct address address = address_of(last);
    for (int i = 0; i < 3; i++) {
        servers_timed_out(&servers, &address, NS_PER_S, now);
    }
}

START_TEST(the_dead_are_asked_last_and_once)
{
    start(2);
    servers_back_off(&servers, 3, 5 * NS_PER_S, 60 * NS_PER_S);
    silence(1, 0);
    ck_assert_uint_eq(choose(true).index, 1);
    delegation.addresses[1].dropped = true;
    ck_assert_uint_eq(choose(true).index, 0);
    delegation.addresses[0].tries = 1;
    ck_assert_int_eq(choose(true).kind, CHOICE_ASK);
    delegation.addresses[0].probe = true;
    ck_assert_int_eq(choose(true).kind, CHOICE_NONE);
}
END_TEST

START_TEST(a_probe_has_its_chance_among_the_unknown)
{
    bool probed = false;
    start(2);
    servers_back_off(&servers, 3, 5 * NS_PER_S, 60 * NS_PER_S);
    silence(1, 0);
    for (int i = 0; i < 100; i++) {
        ck_assert_uint_eq(choose(true).index, 1);
        probed = probed ||
                 selection_choose(&delegation, &servers, &policy_default, true, &dice, 5 * NS_PER_S)
                         .index == 0;
    }
    ck_assert(probed);
}
END_TEST

START_TEST(round_trips_are_smoothed)
{
    const struct address address = address_of(1);
    start(1);
    servers_answered(&servers, &address, 80 * NS_PER_MS, 0);
    servers_answered(&servers, &address, 160 * NS_PER_MS, 0);
    ck_assert_uint_eq(servers_find(&servers, &address, 0)->smooth, 90 * NS_PER_MS);
    ck_assert_uint_eq(servers_find(&servers, &address, 0)->deviation, 50 * NS_PER_MS);
}
END_TEST

START_TEST(a_reset_forgets_and_a_full_table_forgets_the_oldest)
{
    const struct address first = address_of(1);
    start(1);
    servers_answered(&servers, &first, 1, 0);
    servers_reset(&servers);
    ck_assert_ptr_null(servers_find(&servers, &first, 0));
    for (unsigned i = 0; i < 255; i++) {
        const struct address address = address_of((uint8_t)i);
        servers_are_plain(&servers, &address, i);
        ck_assert(servers_find(&servers, &address, i)->plain);
    }
    ck_assert_ptr_null(servers_find(&servers, &first, 255));
}
END_TEST

/* --- cookies --- */

START_TEST(a_servers_cookie_is_kept_beside_one_of_ours)
{
    static const uint8_t cookie[SERVER_COOKIE_OCTETS_MAX + 1] = {1, 2, 3};
    const struct address address = address_of(1);
    start(1);
    const struct entropy entropy = entropy_of_rng(&dice);
    servers_keep_cookie(&servers, &address, bytes_of(cookie, 8), 0); /* none of ours yet */
    const struct bytes ours = servers_cookie(&servers, &address, &entropy, 0);
    ck_assert_uint_eq(ours.size, CLIENT_COOKIE_OCTETS);
    servers_keep_cookie(&servers, &address, bytes_of(cookie, sizeof cookie), 0); /* too long */
    ck_assert_uint_eq(servers_cookie(&servers, &address, &entropy, 0).size, CLIENT_COOKIE_OCTETS);
    servers_keep_cookie(&servers, &address, bytes_of(cookie, SERVER_COOKIE_OCTETS_MAX), 0);
    const struct bytes both = servers_cookie(&servers, &address, &entropy, 0);
    ck_assert_uint_eq(both.size, COOKIE_OCTETS_MAX);
    ck_assert_mem_eq(both.data, ours.data, CLIENT_COOKIE_OCTETS);
    ck_assert_mem_eq(both.data + CLIENT_COOKIE_OCTETS, cookie, SERVER_COOKIE_OCTETS_MAX);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("selection");
    add_test(suite, every_address_is_asked_once_before_any_twice);
    add_test(suite, those_dropped_are_not_asked);
    add_test(suite, unknown_addresses_are_looked_up_before_anyone_is_asked_twice);
    add_test(suite, a_server_below_the_cut_is_never_looked_up);
    add_test(suite, within_the_band_chance_decides_fairly);
    add_test(suite, a_server_that_timed_out_is_left_for_one_that_answers);
    add_rows(suite, time_out, timeout_rows);
    add_test(suite, expectation_grows_with_every_time_out_and_falls_with_an_answer);
    add_test(suite, a_dead_server_is_left_alone_and_probed);
    add_test(suite, the_dead_are_asked_last_and_once);
    add_test(suite, a_probe_has_its_chance_among_the_unknown);
    add_test(suite, round_trips_are_smoothed);
    add_test(suite, a_reset_forgets_and_a_full_table_forgets_the_oldest);
    add_test(suite, a_servers_cookie_is_kept_beside_one_of_ours);
    return suite;
}
