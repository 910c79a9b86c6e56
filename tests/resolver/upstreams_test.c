/* Connections to servers: several questions over one, and what their ends cost. */
#include "resolver/upstreams.h"

#include "resolver/exchange.h"
#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

/* Every server sets TC over UDP. */
#define ROOT_NET                                                                                   \
    {                                                                                              \
        "10.0.0.1", "*.net.", "*", "ns net. 3600 NS ns.net.\nar ns.net. 3600 A 10.0.0.4", 0        \
    }
#define SHORT                                                                                      \
    {                                                                                              \
        "10.0.0.2", "*", "*", "udp\ntc\naa", 0                                                     \
    }
#define SHORT_NET                                                                                  \
    {                                                                                              \
        "10.0.0.4", "*", "*", "udp\ntc\naa", 0                                                     \
    }
#define ANSWER "tcp\naa\nan @ 300 TXT \"v\""

static void ask(uint16_t client, const char *name)
{
    rig_send_query(&rig, client, name, "TXT", 1232);
}

/* Asks and lets one second pass: an idle connection stays. */
static const char *ask_for_a_second(const char *name)
{
    ask(40000, name);
    rig_run(&rig, NS_PER_S);
    return rig_answer(&rig);
}

static bool is_answered(const char *answer)
{
    return strncmp(answer, "NOERROR\nan ", 11) == 0;
}

START_TEST(questions_to_one_server_share_a_connection)
{
    static const struct script scripts[] = {ONE_SERVER, SHORT, {"10.0.0.2", "*", "*", ANSWER, 0}};
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ck_assert(is_answered(ask_for_a_second("a.example.")));
    ck_assert(is_answered(ask_for_a_second("b.example.")));
    ck_assert(is_answered(ask_for_a_second("c.example.")));
    ck_assert_uint_eq(rig.tcp_queries, 3);
    ck_assert_uint_eq(rig.connections, 1);
    ck_assert_uint_eq(rig.closes, 0);
    /* Ten idle seconds end it, and the next question opens another. */
    rig_wait(&rig, 11 * NS_PER_S);
    ck_assert_uint_eq(rig.closes, 1);
    ck_assert(is_answered(ask_for_a_second("d.example.")));
    ck_assert_uint_eq(rig.connections, 2);
}
END_TEST

static const struct policy_row_of {
    const char *name;
    uint32_t reuse_max;
    duration_ns idle;
    unsigned connections, closes;
} policy_rows_of[] = {
    {"one query each", 1, 10 * NS_PER_S, 4, 4},
    {"two queries each", 2, 10 * NS_PER_S, 2, 2},
    {"no waiting", 200, 0, 4, 4},
};

START_TEST(reuse_is_bounded_by_policy)
{
    static const struct script scripts[] = {ONE_SERVER, SHORT, {"10.0.0.2", "*", "*", ANSWER, 0}};
    static const char *const names[] = {"a.example.", "b.example.", "c.example.", "d.example."};
    struct policy policy = policy_default;
    policy.tcp_reuse_max = policy_rows_of[_i].reuse_max;
    policy.tcp_reuse_idle = policy_rows_of[_i].idle;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        ck_assert(is_answered(ask_for_a_second(names[i])));
    }
    ck_assert_uint_eq(rig.connections, policy_rows_of[_i].connections);
    ck_assert_uint_eq(rig.closes, policy_rows_of[_i].closes);
}
END_TEST

START_TEST(a_query_does_not_wait_for_the_one_before_it)
{
    static const struct script scripts[] = {ONE_SERVER,
                                            SHORT,
                                            {"10.0.0.2", "slow.example.", "*", "tcp\nsilent", 0},
                                            {"10.0.0.2", "*", "*", ANSWER, 0}};
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ask(40001, "slow.example.");
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 0);
    ck_assert(is_answered(ask_for_a_second("b.example.")));
    ck_assert_uint_eq(rig.connections, 1);
    /* The silent one's end is its own: the connection takes no more, and closes. */
    rig_run(&rig, 10 * NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 2);
    ck_assert(strstr(rig_answer(&rig), "10.0.0.2 over TCP: timed out") != NULL);
    ck_assert_uint_eq(rig.closes, 1);
}
END_TEST

START_TEST(a_server_that_hangs_up_after_each_costs_nothing)
{
    static const struct script scripts[] = {
        ONE_SERVER, SHORT, {"10.0.0.2", "*", "*", ANSWER "\nhang up", 0}};
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ck_assert(is_answered(ask_for_a_second("a.example.")));
    ck_assert(is_answered(ask_for_a_second("b.example.")));
    ck_assert_uint_eq(rig.tcp_queries, 2);
    ck_assert_uint_eq(rig.connections, 2);
    ck_assert(!rig_decided(&rig, "reconnect", NULL));
}
END_TEST

static const struct end_row {
    const char *name;
    const char *reply;
} end_rows[] = {{"closed", "tcp\nclose"},
                {"reset", "tcp\nrefuse"},
                {"nonsense", "tcp\nempty frame"},
                {"silent", "tcp\nsilent"}};

START_TEST(a_shared_connection_that_ends_is_opened_anew_once)
{
    const struct script scripts[] = {ONE_SERVER,
                                     SHORT,
                                     {"10.0.0.2", "a.example.", "*", ANSWER, 0},
                                     {"10.0.0.2", "b.example.", "*", end_rows[_i].reply, 1},
                                     {"10.0.0.2", "b.example.", "*", ANSWER, 0}};
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ck_assert(is_answered(ask_for_a_second("a.example.")));
    ask(40000, "b.example.");
    rig_run(&rig, 4 * NS_PER_S);
    ck_assert(is_answered(rig_answer(&rig)));
    ck_assert(rig_decided(&rig, "reconnect", NULL));
    ck_assert_uint_eq(rig.connections, 2);
    ck_assert_uint_eq(rig.tcp_queries, 3);
}
END_TEST

START_TEST(a_server_that_ends_all_connections_is_left)
{
    const struct script scripts[] = {ONE_SERVER,
                                     SHORT,
                                     {"10.0.0.2", "a.example.", "*", ANSWER, 0},
                                     {"10.0.0.2", "b.example.", "*", end_rows[_i].reply, 0}};
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ck_assert(is_answered(ask_for_a_second("a.example.")));
    const char *answer = rig_ask(&rig, "b.example.", "TXT");
    ck_assert(strncmp(answer, "SERVFAIL", 8) == 0);
    ck_assert_uint_eq(rig.tcp_queries, 3);
    ck_assert_uint_eq(rig.connections, 2);
}
END_TEST

START_TEST(all_who_wait_on_a_connection_are_told_of_its_end)
{
    static const struct script scripts[] = {ONE_SERVER,
                                            SHORT,
                                            {"10.0.0.2", "a.example.", "*", "tcp\nsilent", 1},
                                            {"10.0.0.2", "b.example.", "*", "tcp\nsilent", 1},
                                            {"10.0.0.2", "c.example.", "*", "tcp\nclose", 1},
                                            {"10.0.0.2", "*", "*", ANSWER, 0}};
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ask(40001, "a.example.");
    ask(40002, "b.example.");
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.tcp_queries, 2);
    ask(40003, "c.example.");
    rig_run(&rig, NS_PER_S);
    /* The first of them had the connection to itself: that was its try over TCP. The others get one
     * of their own. */
    ck_assert_uint_eq(rig.client_answers, 3);
    ck_assert_uint_eq(rig.connections, 3);
    ck_assert_uint_eq(rig.tcp_queries, 5);
}
END_TEST

START_TEST(an_idle_connection_makes_room)
{
    static const struct script scripts[] = {ONE_SERVER,
                                            ROOT_NET,
                                            SHORT,
                                            SHORT_NET,
                                            {"10.0.0.2", "*", "*", ANSWER, 0},
                                            {"10.0.0.4", "*", "*", ANSWER, 0}};
    struct policy policy = policy_default;
    policy.tcp_upstream_max = 1;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert(is_answered(ask_for_a_second("a.example.")));
    ck_assert(is_answered(ask_for_a_second("a.net.")));
    ck_assert_uint_eq(rig.closes, 1);
    ck_assert(is_answered(ask_for_a_second("b.net.")));
    ck_assert_uint_eq(rig.connections, 2);
}
END_TEST

START_TEST(a_busy_connection_does_not)
{
    static const struct script scripts[] = {ONE_SERVER,
                                            ROOT_NET,
                                            SHORT,
                                            SHORT_NET,
                                            {"10.0.0.2", "*", "*", "tcp\nsilent", 0},
                                            {"10.0.0.4", "*", "*", ANSWER, 0}};
    struct policy policy = policy_default;
    policy.tcp_upstream_max = 1;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ask(40001, "a.example.");
    rig_run(&rig, NS_PER_S);
    const char *answer = ask_for_a_second("a.net.");
    ck_assert_msg(strstr(answer, "over TCP: not asked: too many connections") != NULL, "%s",
                  answer);
}
END_TEST

START_TEST(only_the_port_of_an_open_connection_is_taken)
{
    struct arena arena;
    struct upstreams upstreams;
    arena_init(&arena, (size_t)1 << 22);
    ck_assert(upstreams_init(&upstreams, &arena, 3));
    ck_assert(!upstreams_have_port(&upstreams, 0));
    upstreams.items[0].local.port = 3000;
    upstreams.items[2].local.port = 4000;
    upstreams.items[2].open = true;
    upstreams.open_count = 1;
    ck_assert(!upstreams_have_port(&upstreams, 3000));
    ck_assert(upstreams_have_port(&upstreams, 4000));
    ck_assert(!upstreams_have_port(&upstreams, 4001));
    upstreams_reset(&upstreams);
    ck_assert(!upstreams_have_port(&upstreams, 4000));
    arena_free(&arena);
}
END_TEST

START_TEST(a_connection_that_finds_no_room_to_ask_is_no_connection)
{
    static const struct script scripts[] = {ONE_SERVER, SHORT, {"10.0.0.2", "*", "*", ANSWER, 0}};
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ask(40000, "a.example.");
    rig_run(&rig, 35 * NS_PER_MS);
    ck_assert_uint_eq(rig.sent[2], 1);
    rig.outbox->used = OUTBOX_OCTETS_MAX; /* when the truncated reply comes */
    rig_run(&rig, 20 * NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 0); /* there was none for an answer either */
    ck_assert_uint_eq(rig.connections, 0);
    ck_assert_uint_eq(rig.closes, 0);
    ck_assert(is_answered(ask_for_a_second("b.example.")));
    rig_stop(&rig);
}
END_TEST

START_TEST(memory_that_ends_is_told)
{
    struct arena arena;
    struct upstreams upstreams;
    arena_init(&arena, 64);
    ck_assert(!upstreams_init(&upstreams, &arena, 3));
    arena_free(&arena);
}
END_TEST

START_TEST(an_exchange_is_found_by_its_connection_whoever_shares_its_bucket)
{
    static struct exchanges exchanges;
    static struct upstream upstream;
    static struct exchange datagram, other, wanted;
    datagram = (struct exchange){.next = &other, .upstream_serial = 7};
    other = (struct exchange){.next = &wanted, .upstream = &upstream, .upstream_serial = 6};
    wanted = (struct exchange){.upstream = &upstream, .upstream_serial = 7};
    exchanges.buckets[5000 % EXCHANGE_BUCKETS] = &datagram;
    ck_assert_ptr_eq(exchange_on(&exchanges, 7, 5000), &wanted);
    ck_assert_ptr_eq(exchange_on(&exchanges, 6, 5000), &other);
    ck_assert_ptr_null(exchange_on(&exchanges, 8, 5000));
    ck_assert_ptr_null(exchange_on(&exchanges, 7, 5001));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("upstreams");
    add_test(suite, questions_to_one_server_share_a_connection);
    add_rows(suite, reuse_is_bounded_by_policy, policy_rows_of);
    add_test(suite, a_query_does_not_wait_for_the_one_before_it);
    add_test(suite, a_server_that_hangs_up_after_each_costs_nothing);
    add_rows(suite, a_shared_connection_that_ends_is_opened_anew_once, end_rows);
    add_rows(suite, a_server_that_ends_all_connections_is_left, end_rows);
    add_test(suite, all_who_wait_on_a_connection_are_told_of_its_end);
    add_test(suite, an_idle_connection_makes_room);
    add_test(suite, a_busy_connection_does_not);
    add_test(suite, only_the_port_of_an_open_connection_is_taken);
    add_test(suite, a_connection_that_finds_no_room_to_ask_is_no_connection);
    add_test(suite, memory_that_ends_is_told);
    add_test(suite, an_exchange_is_found_by_its_connection_whoever_shares_its_bucket);
    return suite;
}
