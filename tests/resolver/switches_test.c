/* What the switches of the policy change that are off by default, or on and seldom off. */
#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

#define SOA "ns example. 7200 SOA ns1.example. h.example. 1 2 3 4 1800"

/* --- full-answers, scrub-promiscuous --- */

static const struct company_row {
    const char *name;
    const char *type;
    const char *reply;
    bool promiscuous;
    const char *answer;
} company_rows[] = {
    {"addresses of what the answer names", "MX",
     "aa\nan @ 300 MX 10 mail.example.\nns example. 300 NS ns1.example.\n"
     "ar mail.example. 300 A 192.0.2.1\nar ns1.example. 300 A 10.0.0.2\n"
     "ar stray.example. 300 A 192.0.2.9\nar mail.example. 300 TXT \"no address\"",
     false,
     "NOERROR\nan k.example. 300 IN MX 10 mail.example.\nar mail.example. 300 IN A 192.0.2.1"},
    {"name servers of the zone, and their addresses", "TXT",
     "aa\nan @ 300 TXT \"v\"\nns example. 300 NS ns1.example.\nar ns1.example. 300 A 10.0.0.2\n"
     "ar ns1.example. 300 AAAA 2001:db8::2",
     true,
     "NOERROR\nan k.example. 300 IN TXT \"v\"\nns example. 300 IN NS ns1.example.\n"
     "ar ns1.example. 300 IN A 10.0.0.2\nar ns1.example. 300 IN AAAA 2001:db8::2"},
    {"nothing of other zones", "TXT",
     "aa\nan @ 300 TXT \"v\"\nns net. 300 NS ns.net.\nns . 300 NS a.root.\n"
     "ns other.example. 300 NS ns1.example.\nns example. 300 TXT \"no server\"\n"
     "ar ns.net. 300 A 10.0.0.66\nar ns1.example. 300 A 10.0.0.2",
     true, "NOERROR\nan k.example. 300 IN TXT \"v\""},
    {"nothing said twice", "NS",
     "aa\nan @ 300 NS ns1.k.example.\nns @ 300 NS ns1.k.example.\n"
     "ar ns1.k.example. 300 A 10.0.0.2",
     true, "NOERROR\nan k.example. 300 IN NS ns1.k.example.\nar ns1.k.example. 300 IN A 10.0.0.2"},
    {"no address that is the answer", "A",
     "aa\nan @ 300 A 192.0.2.1\nns example. 300 NS k.example.\nar @ 300 A 192.0.2.1", true,
     "NOERROR\nan k.example. 300 IN A 192.0.2.1\nns example. 300 IN NS k.example."},
};

START_TEST(what_stood_beside_the_answer_goes_with_it)
{
    const struct company_row *row = &company_rows[_i];
    const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", row->reply, 0}};
    struct policy policy = policy_default;
    policy.full_answers = true;
    policy.scrub_promiscuous = !row->promiscuous;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", row->type), row->answer);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", row->type), row->answer); /* from the cache */
    ck_assert_uint_eq(rig.queries, 2);
    rig_stop(&rig);
}
END_TEST

START_TEST(what_stood_beside_the_answer_ages_and_goes_first)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*", "*",
         "aa\nan @ 300 MX 10 mail.example.\nar mail.example. 100 A 192.0.2.1\n"
         "ar mail.example. 200 AAAA 2001:db8::1",
         0}};
    struct policy policy = policy_default;
    policy.full_answers = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    rig_ask(&rig, "k.example.", "MX");
    rig_wait(&rig, 120 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "MX"),
                     "NOERROR\nan k.example. 180 IN MX 10 mail.example.\n"
                     "ar mail.example. 80 IN AAAA 2001:db8::1");
    rig_stop(&rig);
}
END_TEST

/* Six addresses and long names beside the answer, for a client that takes 512 octets. */
START_TEST(what_stood_beside_the_answer_never_truncates_it)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*", "*",
         "aa\nan @ 300 MX 6 mx.example.\n"
         "an @ 300 MX 1 a2345678901234567890123456789012345678901234567890.example.\n"
         "an @ 300 MX 2 b2345678901234567890123456789012345678901234567890.example.\n"
         "an @ 300 MX 3 c2345678901234567890123456789012345678901234567890.example.\n"
         "an @ 300 MX 4 d2345678901234567890123456789012345678901234567890.example.\n"
         "an @ 300 MX 5 e2345678901234567890123456789012345678901234567890.example.\n"
         "ar a2345678901234567890123456789012345678901234567890.example. 300 AAAA 2001:db8::1\n"
         "ar b2345678901234567890123456789012345678901234567890.example. 300 AAAA 2001:db8::2\n"
         "ar c2345678901234567890123456789012345678901234567890.example. 300 AAAA 2001:db8::3\n"
         "ar d2345678901234567890123456789012345678901234567890.example. 300 AAAA 2001:db8::4\n"
         "ar e2345678901234567890123456789012345678901234567890.example. 300 AAAA 2001:db8::5\n"
         "ar mx.example. 300 AAAA 2001:db8::6",
         0}};
    struct policy policy = policy_default;
    policy.full_answers = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    rig_send_query(&rig, 40000, "k.example.", "MX", 0);
    rig_run(&rig, NS_PER_S);
    const char *answer = rig_answer(&rig);
    ck_assert_msg(strncmp(answer, "NOERROR\nan ", 11) == 0, "%s", answer);
    ck_assert_msg(strstr(answer, "MX 5 ") != NULL, "%s", answer);
    ck_assert_msg(strstr(answer, "2001:db8::1") != NULL, "%s", answer);
    ck_assert_msg(strstr(answer, "2001:db8::6") == NULL, "%s", answer);
    rig_stop(&rig);
}
END_TEST

/* --- retry-empty --- */

START_TEST(an_empty_answer_is_believed_when_no_server_has_more)
{
    static const struct script scripts[] = {
        TWO_SERVERS, {"10.0.0.2", "*", "*", "aa", 0}, {"10.0.0.3", "*", "*", "aa", 0}};
    struct policy policy = policy_default;
    policy.retry_empty = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR");
    ck_assert_uint_eq(rig.sent[2], 1);
    ck_assert_uint_eq(rig.sent[3], 1);
    rig_stop(&rig);
}
END_TEST

START_TEST(an_empty_answer_sends_to_the_next_server)
{
    static const struct script scripts[] = {TWO_SERVERS,
                                            {"10.0.0.2", "*", "*", "aa", 0},
                                            {"10.0.0.3", "*", "*", "aa\nan @ 300 TXT \"v\"", 0}};
    struct policy policy = policy_default;
    policy.retry_empty = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    for (uint64_t seed = 0; seed < 8; seed++) {
        resolver_reset(rig.resolver, seed);
        ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                         "NOERROR\nan k.example. 300 IN TXT \"v\"");
    }
    ck_assert_uint_gt(rig.sent[2], 0);
    rig_stop(&rig);
}
END_TEST

/* --- parent-side --- */

START_TEST(above_the_root_there_is_nobody_to_ask)
{
    static const struct script scripts[] = {{"10.0.0.1", "*", "*", "rcode REFUSED", 0}};
    struct policy policy = policy_default;
    policy.parent_side = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    const char *answer = rig_ask(&rig, "k.example.", "TXT");
    ck_assert_msg(strncmp(answer, "SERVFAIL\n", 9) == 0, "%s", answer);
    ck_assert(!rig_decided(&rig, "parent-side", NULL));
    ck_assert_uint_eq(rig.queries, 1);
    rig_stop(&rig);
}
END_TEST

START_TEST(a_delegation_whose_servers_fail_is_asked_for_anew_once)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.example.", "*",
         "ns example. 3600 NS ns1.example.\nar ns1.example. 3600 A 10.0.0.2", 1},
        {"10.0.0.1", "*.example.", "*",
         "ns example. 3600 NS ns2.example.\nar ns2.example. 3600 A 10.0.0.3", 0},
        {"10.0.0.2", "*", "*", "rcode REFUSED", 0},
        {"10.0.0.3", "*", "*", "aa\nan @ 300 TXT \"v\"", 0}};
    struct policy policy = policy_default;
    policy.parent_side = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"v\"");
    ck_assert(rig_decided(&rig, "parent-side", "its delegation is asked for anew"));
    rig_stop(&rig);
}
END_TEST

/* --- minimise-type, minimise-on --- */

START_TEST(the_type_is_hidden_until_the_last_server_is_known)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "A",
         "ns k.example. 3600 NS ns.k.example.\nar ns.k.example. 3600 A 10.0.0.3", 0},
        {"10.0.0.3", "k.example.", "A", "aa\n" SOA, 0},
        {"10.0.0.3", "k.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0}};
    struct policy policy = policy_default;
    policy.qname_minimisation = true;
    policy.minimise_type = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"v\"");
    ck_assert_str_eq(rig_decisions(&rig), "query k.example. TXT 10.0.0.99 0\n"
                                          "start . 1 (root hints)\n"
                                          "ask example. A 10.0.0.1 400\n"
                                          "referral example. 10.0.0.1 1 (with glue)\n"
                                          "ask k.example. A 10.0.0.2 400\n"
                                          "referral k.example. 10.0.0.2 1 (with glue)\n"
                                          "ask k.example. TXT 10.0.0.3 400\n"
                                          "answer k.example. TXT 10.0.0.3 300\n"
                                          "reply k.example. TXT 10.0.0.99 0\n");
    rig_stop(&rig);
}
END_TEST

START_TEST(an_ancestor_without_records_ends_minimising)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "b.example.", "A", "aa\n" SOA, 0},
        {"10.0.0.2", "k.a.b.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0}};
    struct policy policy = policy_default;
    policy.qname_minimisation = true;
    policy.minimise_on = false;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.a.b.example.", "TXT"),
                     "NOERROR\nan k.a.b.example. 300 IN TXT \"v\"");
    ck_assert(rig_decided(&rig, "widen", "no such type at its ancestor"));
    ck_assert_uint_eq(rig.queries, 3);
    rig_stop(&rig);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("switches");
    add_rows(suite, what_stood_beside_the_answer_goes_with_it, company_rows);
    add_test(suite, what_stood_beside_the_answer_ages_and_goes_first);
    add_test(suite, what_stood_beside_the_answer_never_truncates_it);
    add_test(suite, an_empty_answer_is_believed_when_no_server_has_more);
    add_test(suite, an_empty_answer_sends_to_the_next_server);
    add_test(suite, above_the_root_there_is_nobody_to_ask);
    add_test(suite, a_delegation_whose_servers_fail_is_asked_for_anew_once);
    add_test(suite, the_type_is_hidden_until_the_last_server_is_known);
    add_test(suite, an_ancestor_without_records_ends_minimising);
    return suite;
}
