/* Addresses of name servers sought beside one another, once the first search meets a time-out. */
#include "resolver/errands.h"

#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

/* The servers of zone.example. lie in slow.net. (at .3) and in fast.org. (at .4) and others.net.:
 * none has glue. */
#define EXAMPLE                                                                                    \
    {                                                                                              \
        "10.0.0.1", "*.zone.example.", "*",                                                        \
            "ns zone.example. 3600 NS ns.slow.net.\nns zone.example. 3600 NS ns.fast.org.\n"       \
            "ns zone.example. 3600 NS ns.other.net.",                                              \
            0                                                                                      \
    }
#define SLOW                                                                                       \
    {                                                                                              \
        "10.0.0.1", "*.slow.net.", "*",                                                            \
            "ns slow.net. 3600 NS a.slow.net.\nar a.slow.net. 3600 A 10.0.0.3", 0                  \
    }
#define FAST                                                                                       \
    {                                                                                              \
        "10.0.0.1", "*.fast.org.", "*",                                                            \
            "ns fast.org. 3600 NS a.fast.org.\nar a.fast.org. 3600 A 10.0.0.4", 0                  \
    }
#define OTHER                                                                                      \
    {                                                                                              \
        "10.0.0.1", "*.other.net.", "*",                                                           \
            "ns other.net. 3600 NS a.other.net.\nar a.other.net. 3600 A 10.0.0.6", 0               \
    }
#define FAST_ADDRESS                                                                               \
    {                                                                                              \
        "10.0.0.4", "ns.fast.org.", "A", "aa\nan @ 300 A 10.0.0.5", 0                              \
    }
#define ZONE                                                                                       \
    {                                                                                              \
        "10.0.0.5", "*", "*", "aa\nan @ 300 TXT \"v\"", 0                                          \
    }
#define ANSWER "NOERROR\nan k.zone.example. 300 IN TXT \"v\""

static void start(uint32_t parallel_max, const struct script *scripts, size_t count)
{
    struct policy policy = policy_default;
    policy.parallel_addresses_max = parallel_max;
    rig_start(&rig, &policy, scripts, count);
}

#define START(parallel_max, scripts) start(parallel_max, scripts, COUNT_OF(scripts))

/* How long the answer to k.zone.example. TXT took. */
static duration_ns ask(void)
{
    const instant_ns began = rig.now;
    rig_send_query(&rig, 40000, "k.zone.example.", "TXT", 1232);
    for (unsigned before = rig.client_answers; rig.client_answers == before;) {
        rig_run(&rig, RIG_LATENCY);
        rig.now += RIG_LATENCY;
    }
    return rig.now - began;
}

START_TEST(a_silent_servers_address_does_not_hold_up_the_others)
{
    static const struct script scripts[] = {EXAMPLE,
                                            SLOW,
                                            FAST,
                                            OTHER,
                                            FAST_ADDRESS,
                                            ZONE,
                                            {"10.0.0.3", "*", "*", "silent", 0},
                                            {"10.0.0.6", "*", "*", "silent", 0}};
    START(2, scripts);
    ck_assert(ask() < NS_PER_S);
    ck_assert_str_eq(rig_answer(&rig), ANSWER);
    ck_assert(rig_decided(&rig, "errand", NULL));
    rig_stop(&rig);
    START(0, scripts);
    ck_assert(ask() > 2 * NS_PER_S);
    ck_assert_str_eq(rig_answer(&rig), ANSWER);
    ck_assert(!rig_decided(&rig, "errand", NULL));
}
END_TEST

START_TEST(nobody_is_asked_for_more_while_all_goes_well)
{
    static const struct script scripts[] = {
        EXAMPLE,
        SLOW,
        FAST,
        OTHER,
        FAST_ADDRESS,
        ZONE,
        {"10.0.0.3", "ns.slow.net.", "A", "aa\nan @ 300 A 10.0.0.5", 0}};
    START(2, scripts);
    ask();
    ck_assert_str_eq(rig_answer(&rig), ANSWER);
    ck_assert_uint_eq(rig.queries, 4);
    ck_assert_uint_eq(rig.sent[4], 0);
}
END_TEST

START_TEST(errands_end_with_their_sender)
{
    static const struct script scripts[] = {
        EXAMPLE,
        SLOW,
        FAST,
        OTHER,
        ZONE,
        {"10.0.0.3", "ns.slow.net.", "A", "silent", 1},
        {"10.0.0.3", "ns.slow.net.", "A", "aa\nan @ 300 A 10.0.0.5", 0},
        {"10.0.0.4", "*", "*", "silent", 0}};
    START(2, scripts);
    ask();
    ck_assert_str_eq(rig_answer(&rig), ANSWER);
    const unsigned before = rig.queries;
    rig_wait(&rig, 15 * NS_PER_S);
    ck_assert_uint_eq(rig.queries, before);
    /* They fail for nobody: the name is asked for afresh. */
    const char *answer = rig_ask(&rig, "ns.fast.org.", "A");
    ck_assert(strstr(answer, "ede 13") == NULL);
}
END_TEST

START_TEST(errands_spend_from_their_senders_purse)
{
    static const struct script scripts[] = {EXAMPLE,
                                            SLOW,
                                            FAST,
                                            OTHER,
                                            {"10.0.0.3", "*", "*", "silent", 0},
                                            {"10.0.0.4", "*", "*", "silent", 0},
                                            {"10.0.0.6", "*", "*", "silent", 0}};
    struct policy policy = policy_default;
    policy.queries_max = 7;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    const char *answer = rig_ask(&rig, "k.zone.example.", "TXT");
    ck_assert_msg(strstr(answer, "more queries needed than 7") != NULL, "%s", answer);
    ck_assert_uint_eq(rig.queries, 7);
    ck_assert_uint_eq(resolver_counters(rig.resolver)->upstream_queries_worst, 7);
}
END_TEST

START_TEST(errands_count_as_look_ups_for_the_delegation)
{
    static const struct script scripts[] = {EXAMPLE,
                                            SLOW,
                                            FAST,
                                            OTHER,
                                            {"10.0.0.3", "*", "*", "silent", 0},
                                            {"10.0.0.4", "*", "*", "silent", 0},
                                            {"10.0.0.6", "*", "*", "silent", 0}};
    struct policy policy = policy_default;
    policy.glueless_per_delegation_max = 2;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    rig_ask(&rig, "k.zone.example.", "TXT");
    ck_assert_uint_gt(rig.sent[4], 0);
    ck_assert_uint_eq(rig.sent[6], 0);
}
END_TEST

START_TEST(errands_crowd_nobody_out)
{
    static const struct script scripts[] = {
        EXAMPLE, SLOW, FAST, OTHER, FAST_ADDRESS, ZONE, {"10.0.0.3", "*", "*", "silent", 0}};
    struct policy policy = policy_default;
    policy.lookups_max = 1;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ask();
    ck_assert_str_eq(rig_answer(&rig), ANSWER);
    ck_assert(!rig_decided(&rig, "errand", NULL));
}
END_TEST

START_TEST(a_client_that_asks_the_same_gets_an_answer_of_its_own)
{
    static const struct script scripts[] = {
        EXAMPLE,
        SLOW,
        FAST,
        OTHER,
        ZONE,
        {"10.0.0.3", "ns.slow.net.", "A", "silent", 1},
        {"10.0.0.3", "ns.slow.net.", "A", "aa\nan @ 300 A 10.0.0.5", 0},
        {"10.0.0.4", "*", "*", "silent", 2},
        FAST_ADDRESS};
    START(2, scripts);
    rig_send_query(&rig, 40000, "k.zone.example.", "TXT", 1232);
    rig_run(&rig, 470 * NS_PER_MS); /* the errand has asked 10.0.0.4 */
    ck_assert_uint_eq(rig.sent[4], 1);
    rig_send_query(&rig, 40001, "ns.fast.org.", "A", 1232);
    rig_run(&rig, 10 * NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 2);
    ck_assert_str_eq(rig_answer(&rig), "NOERROR\nan ns.fast.org. 300 IN A 10.0.0.5");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("errands");
    add_test(suite, a_silent_servers_address_does_not_hold_up_the_others);
    add_test(suite, nobody_is_asked_for_more_while_all_goes_well);
    add_test(suite, errands_end_with_their_sender);
    add_test(suite, errands_spend_from_their_senders_purse);
    add_test(suite, errands_count_as_look_ups_for_the_delegation);
    add_test(suite, errands_crowd_nobody_out);
    add_test(suite, a_client_that_asks_the_same_gets_an_answer_of_its_own);
    return suite;
}
