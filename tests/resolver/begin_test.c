/* Where lookups begin: root servers by priming, and names that no server is asked about. */
#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

static void start(bool priming, bool special_names, const struct script *scripts, size_t count)
{
    struct policy policy = policy_default;
    policy.priming = priming;
    policy.special_names = special_names;
    rig_start(&rig, &policy, scripts, count);
}

#define ROOT_SERVERS                                                                               \
    "aa\nan . 3600 NS b.root.\nan . 3600 NS c.root.\nar b.root. 3600 A 10.0.0.9\n"                 \
    "ar stray.root. 3600 A 10.0.0.66"

START_TEST(the_roots_servers_are_asked_for_once)
{
    static const struct script scripts[] = {
        {"10.0.0.1", ".", "NS", ROOT_SERVERS, 0},
        {"10.0.0.9", "*", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    start(true, false, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"v\"");
    ck_assert_str_eq(rig_decisions(&rig), "query k.example. TXT 10.0.0.99 0\n"
                                          "start . 1 (root hints)\n"
                                          "prime . NS 0\n"
                                          "start . 1 (root hints)\n"
                                          "ask . NS 10.0.0.1 400\n"
                                          "answer . NS 10.0.0.1 3600\n"
                                          "primed . NS 0\n"
                                          "start . 2 (cached delegation)\n"
                                          "ask k.example. TXT 10.0.0.9 400\n"
                                          "answer k.example. TXT 10.0.0.9 300\n"
                                          "reply k.example. TXT 10.0.0.99 0\n");
    rig_ask(&rig, "l.example.", "TXT");
    ck_assert_uint_eq(rig.sent[1], 1);
    rig_wait(&rig, 3601 * NS_PER_S);
    rig_ask(&rig, "m.example.", "TXT");
    ck_assert_uint_eq(rig.sent[1], 2);
    ck_assert_uint_eq(rig.sent[66], 0);
}
END_TEST

static const struct bad_row {
    const char *name;
    const char *reply;
} bad_rows[] = {{"refused", "rcode REFUSED"},
                {"silent", "silent"},
                {"denied", "aa\nrcode NXDOMAIN"},
                {"without addresses", "aa\nan . 3600 NS b.root."}};

START_TEST(hints_serve_where_priming_fails)
{
    const struct script scripts[] = {
        {"10.0.0.1", ".", "NS", bad_rows[_i].reply, 0},
        {"10.0.0.1", "*", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    start(true, false, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"v\"");
}
END_TEST

static const struct special_row {
    const char *name, *type;
    const char *answer; /* begins so */
} special_rows[] = {
    {"localhost.", "A", "NOERROR\nan localhost. 10800 IN A 127.0.0.1"},
    {"a.LocalHost.", "AAAA", "NOERROR\nan a.LocalHost. 10800 IN AAAA ::1"},
    {"localhost.", "TXT",
     "NOERROR\nns localhost. 10800 IN SOA localhost. nobody.invalid. 1 3600 1200 604800 10800"},
    {"k.invalid.", "A", "NXDOMAIN\nns invalid. 10800 IN SOA"},
    {"test.", "NS", "NXDOMAIN\nns test. 10800 IN SOA"},
    {"k.onion.", "A", "NXDOMAIN\nns onion. "},
    {"printer.local.", "A", "NXDOMAIN\nns local. "},
    {"x.alt.", "A", "NXDOMAIN\nns alt. "},
    {"router.home.arpa.", "A", "NXDOMAIN\nns home.arpa. "},
    {"1.0.0.10.in-addr.arpa.", "PTR", "NXDOMAIN\nns 10.in-addr.arpa. "},
    {"1.1.16.172.in-addr.arpa.", "PTR", "NXDOMAIN\nns 16.172.in-addr.arpa. "},
    {"1.1.31.172.in-addr.arpa.", "PTR", "NXDOMAIN\nns 31.172.in-addr.arpa. "},
    {"1.1.168.192.in-addr.arpa.", "PTR", "NXDOMAIN\nns 168.192.in-addr.arpa. "},
};

START_TEST(special_names_are_answered_at_home)
{
    const struct special_row *row = &special_rows[_i];
    start(false, true, NULL, 0);
    const char *answer = rig_ask(&rig, row->name, row->type);
    ck_assert_msg(strncmp(answer, row->answer, strlen(row->answer)) == 0, "%s", answer);
    ck_assert_msg(strstr(answer, "\nede 29 a special name") != NULL, "%s", answer);
    ck_assert_uint_eq(rig.queries, 0);
}
END_TEST

static const struct plain_row {
    const char *name;
} plain_rows[] = {
    {"k.example."}, {"tests."}, {"localhost.net."}, {"32.172.in-addr.arpa."}, {"in-addr.arpa."}};

START_TEST(other_names_are_not_special)
{
    static const struct script scripts[] = {{"10.0.0.1", "*", "*", "aa\nan @ 1 A 192.0.2.1", 0}};
    start(false, true, scripts, COUNT_OF(scripts));
    rig_ask(&rig, plain_rows[_i].name, "A");
    ck_assert_uint_eq(rig.queries, 1);
}
END_TEST

START_TEST(nothing_is_special_without_the_policy)
{
    static const struct script scripts[] = {{"10.0.0.1", "*", "*", "aa\nan @ 1 A 192.0.2.1", 0}};
    start(false, false, scripts, COUNT_OF(scripts));
    rig_ask(&rig, "k.test.", "A");
    ck_assert_uint_eq(rig.queries, 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("begin");
    add_test(suite, the_roots_servers_are_asked_for_once);
    add_rows(suite, hints_serve_where_priming_fails, bad_rows);
    add_rows(suite, special_names_are_answered_at_home, special_rows);
    add_rows(suite, other_names_are_not_special, plain_rows);
    add_test(suite, nothing_is_special_without_the_policy);
    return suite;
}
