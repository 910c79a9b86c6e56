/* Serving stale data: what, for how long, and only where nothing better can be had. */
#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

#define ROOT                                                                                       \
    {                                                                                              \
        "10.0.0.1", "*.example.", "*",                                                             \
            "ns example. 86400 NS ns1.example.\nar ns1.example. 86400 A 10.0.0.2", 0               \
    }
#define SOA "ns example. 7200 SOA ns1.example. h.example. 1 2 3 4 300"

static void start(bool serve_stale, const struct script *scripts, size_t count)
{
    struct policy policy = policy_default;
    policy.serve_stale = serve_stale;
    rig_start(&rig, &policy, scripts, count);
}

#define START(scripts) start(true, scripts, COUNT_OF(scripts))

static const struct script once[] = {
    ROOT,
    {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 1},
    {"10.0.0.2", "*", "*", "silent", 0},
};

START_TEST(a_stale_answer_is_better_than_none)
{
    START(once);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 301 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\n"
                     "an k.example. 30 IN TXT \"v\"\n"
                     "ede 3 what was known before\n"
                     "ede 22 k.example. TXT: no server of example. answered\n"
                     "ede 22 ns1.example. 10.0.0.2 over UDP: timed out, asked 3 times");
    ck_assert(rig_decided(&rig, "stale", NULL));
    /* At once while the failure is remembered. */
    const unsigned before = rig.queries;
    ck_assert(strncmp(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 30 ", 24) == 0);
    ck_assert_uint_eq(rig.queries, before);
}
END_TEST

START_TEST(without_the_policy_a_failure_is_a_failure)
{
    start(false, once, COUNT_OF(once));
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 301 * NS_PER_S);
    ck_assert(strncmp(rig_ask(&rig, "k.example.", "TXT"), "SERVFAIL", 8) == 0);
}
END_TEST

START_TEST(what_is_over_for_more_than_a_day_is_not_served)
{
    START(once);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, (300 + 86400) * NS_PER_S);
    ck_assert(strncmp(rig_ask(&rig, "k.example.", "TXT"), "SERVFAIL", 8) == 0);
}
END_TEST

START_TEST(what_can_be_had_anew_is_not_served_stale)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"old\"", 1},
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"new\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 301 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\nan k.example. 300 IN TXT \"new\"");
}
END_TEST

static const struct denial_row {
    const char *name;
    const char *reply, *answer;
} denial_rows[] = {
    {"no such name", "aa\nrcode NXDOMAIN\n" SOA, "NXDOMAIN\nns example. 30 IN SOA"},
    {"no such type", "aa\n" SOA, "NOERROR\nns example. 30 IN SOA"},
};

START_TEST(denials_are_served_stale_too)
{
    const struct denial_row *row = &denial_rows[_i];
    const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", row->reply, 1},
        {"10.0.0.2", "*", "*", "rcode SERVFAIL", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 301 * NS_PER_S);
    const char *answer = rig_ask(&rig, "k.example.", "TXT");
    ck_assert_msg(strncmp(answer, row->answer, strlen(row->answer)) == 0, "%s", answer);
    ck_assert(strstr(answer, _i == 0 ? "ede 19 " : "ede 3 ") != NULL);
}
END_TEST

START_TEST(what_was_learnt_last_is_served)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 60 TXT \"v\"", 1},
        {"10.0.0.2", "k.example.", "TXT", "aa\nrcode NXDOMAIN\n" SOA, 1},
        {"10.0.0.2", "*", "*", "rcode SERVFAIL", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 61 * NS_PER_S);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 301 * NS_PER_S);
    ck_assert(strncmp(rig_ask(&rig, "k.example.", "TXT"), "NXDOMAIN", 8) == 0);
}
END_TEST

START_TEST(stale_aliases_are_followed)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT",
         "aa\nan k.example. 60 CNAME l.example.\nan l.example. 300 TXT \"v\"", 1},
        {"10.0.0.2", "*", "*", "rcode SERVFAIL", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 301 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\n"
                     "an k.example. 30 IN CNAME l.example.\n"
                     "an l.example. 30 IN TXT \"v\"\n"
                     "ede 3 what was known before\n"
                     "ede 23 k.example. TXT: no server of example. answered usefully\n"
                     "ede 23 ns1.example. 10.0.0.2 over UDP: SERVFAIL");
}
END_TEST

START_TEST(a_stale_loop_is_a_failure)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan k.example. 60 CNAME l.example.", 1},
        {"10.0.0.2", "l.example.", "TXT", "aa\nan l.example. 60 CNAME k.example.", 1},
        {"10.0.0.2", "*", "*", "rcode SERVFAIL", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 301 * NS_PER_S);
    ck_assert(strncmp(rig_ask(&rig, "k.example.", "TXT"), "SERVFAIL", 8) == 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("stale");
    add_test(suite, a_stale_answer_is_better_than_none);
    add_test(suite, without_the_policy_a_failure_is_a_failure);
    add_test(suite, what_is_over_for_more_than_a_day_is_not_served);
    add_test(suite, what_can_be_had_anew_is_not_served_stale);
    add_rows(suite, denials_are_served_stale_too, denial_rows);
    add_test(suite, what_was_learnt_last_is_served);
    add_test(suite, stale_aliases_are_followed);
    add_test(suite, a_stale_loop_is_a_failure);
    return suite;
}
