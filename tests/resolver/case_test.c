/* Random letter case (0x20): what must be repeated, and what becomes of servers that cannot. */
#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

#define ROOT                                                                                       \
    {                                                                                              \
        "10.0.0.1", "*.example.", "*",                                                             \
            "mixed\nns example. 3600 NS ns1.example.\nar ns1.example. 3600 A 10.0.0.2", 0          \
    }
#define TRUE_ANSWER "NOERROR\nan k.example. 300 IN TXT \"true\""

static void start(const struct script *scripts, size_t count)
{
    struct policy policy = policy_default;
    policy.case_randomisation = true;
    rig_start(&rig, &policy, scripts, count);
}

#define START(scripts) start(scripts, COUNT_OF(scripts))

START_TEST(questions_are_in_mixed_case_and_clients_never_see_it)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "mixed\naa\nan @ 300 CNAME l.example.", 0},
        {"10.0.0.2", "l.example.", "TXT", "mixed\naa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\nan k.example. 300 IN CNAME l.example.\n"
                     "an l.example. 300 IN TXT \"true\"");
    ck_assert_str_eq(rig_decisions(&rig), "query k.example. TXT 10.0.0.99 0\n"
                                          "start . 1 (root hints)\n"
                                          "ask k.example. TXT 10.0.0.1 400\n"
                                          "referral example. 10.0.0.1 1 (with glue)\n"
                                          "ask k.example. TXT 10.0.0.2 400\n"
                                          "cname l.example. TXT 1\n"
                                          "start example. 1 (cached delegation)\n"
                                          "ask l.example. TXT 10.0.0.2 400\n"
                                          "answer l.example. TXT 10.0.0.2 300\n"
                                          "reply k.example. TXT 10.0.0.99 0\n");
}
END_TEST

START_TEST(without_the_policy_names_are_asked_as_they_are)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "k.example.", "TXT", "mixed\nrcode REFUSED", 0},
        {"10.0.0.1", "k.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
    };
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
}
END_TEST

START_TEST(another_case_is_no_match_and_leads_to_tcp)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "udp\naa\nwrong case\nan @ 300 TXT \"evil\"", 0},
        {"10.0.0.2", "k.example.", "TXT", "tcp\naa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert(rig_decided(&rig, "distrust", "a reply in another letter case"));
    /* The server repeats the case: it was a forgery, and the server is still asked in mixed case.
     */
    ck_assert(!rig_decided(&rig, "one-case", NULL));
}
END_TEST

START_TEST(a_server_that_writes_small_letters_is_remembered)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "*", "TXT", "aa\nwrong case\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(rig.tcp_queries, 1);
    ck_assert(rig_decided(&rig, "one-case", NULL));
    ck_assert(strstr(rig_ask(&rig, "l.example.", "TXT"), "true") != NULL);
    ck_assert_uint_eq(rig.tcp_queries, 1);
    ck_assert_uint_eq(rig.queries, 4);
}
END_TEST

static const struct tcp_row {
    const char *name;
    const char *reply;
} tcp_rows[] = {{"refused", "tcp\nrefuse"}, {"closed", "tcp\nclose"}, {"silent", "tcp\nsilent"}};

START_TEST(where_tcp_fails_one_case_is_tried)
{
    const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "*", "TXT", tcp_rows[_i].reply, 0},
        {"10.0.0.2", "*", "TXT", "udp\naa\nwrong case\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(rig.sent[2], 3);
}
END_TEST

START_TEST(an_error_for_mixed_case_is_tried_in_one_case)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "mixed\naa\nrcode REFUSED", 0},
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(rig.sent[2], 2);
}
END_TEST

START_TEST(an_error_in_any_case_is_an_error)
{
    static const struct script scripts[] = {ROOT, {"10.0.0.2", "*", "*", "rcode SERVFAIL", 0}};
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 23 k.example. TXT: no server of example. answered usefully\n"
                     "ede 23 ns1.example. 10.0.0.2 over UDP: SERVFAIL, asked 2 times");
    ck_assert_uint_eq(rig.sent[2], 2);
}
END_TEST

START_TEST(names_without_letters_are_asked_too)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "1.2.", "TXT", "aa\nwrong case\nan @ 300 TXT \"true\"", 0}};
    START(scripts);
    ck_assert(strstr(rig_ask(&rig, "1.2.", "TXT"), "true") != NULL);
    ck_assert_uint_eq(rig.queries, 1);
}
END_TEST

/* The only letter of a name would be small every second time. */
START_TEST(at_least_one_letter_is_a_capital)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*", "TXT", "mixed\naa\nan @ 300 TXT \"true\"", 0},
        {"10.0.0.1", "*", "TXT", "rcode REFUSED", 0},
    };
    START(scripts);
    for (int letter = 'a'; letter <= 'z'; letter++) {
        const char name[] = {'1', (char)letter, '.', '\0'};
        const char *answer = rig_ask(&rig, name, "TXT");
        ck_assert_msg(strncmp(answer, "NOERROR\nan ", 11) == 0, "%s", answer);
    }
    ck_assert_uint_eq(rig.queries, 26);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("case");
    add_test(suite, questions_are_in_mixed_case_and_clients_never_see_it);
    add_test(suite, without_the_policy_names_are_asked_as_they_are);
    add_test(suite, another_case_is_no_match_and_leads_to_tcp);
    add_test(suite, a_server_that_writes_small_letters_is_remembered);
    add_rows(suite, where_tcp_fails_one_case_is_tried, tcp_rows);
    add_test(suite, an_error_for_mixed_case_is_tried_in_one_case);
    add_test(suite, an_error_in_any_case_is_an_error);
    add_test(suite, names_without_letters_are_asked_too);
    add_test(suite, at_least_one_letter_is_a_capital);
    return suite;
}
