/* Query-name minimisation: who learns how much of the question, and what odd answers lead to. */
#include <stdio.h>

#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

#define SOA "ns example. 7200 SOA ns1.example. h.example. 1 2 3 4 1800"

static void start(const struct script *scripts, size_t count)
{
    struct policy policy = policy_default;
    policy.qname_minimisation = true;
    rig_start(&rig, &policy, scripts, count);
}

#define START(scripts) start(scripts, COUNT_OF(scripts))

START_TEST(servers_learn_no_more_than_they_need)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*.sub.example.", "*",
         "ns sub.example. 3600 NS ns.sub.example.\nar ns.sub.example. 3600 A 10.0.0.3", 0},
        {"10.0.0.3", "ent.sub.example.", "*", "aa\nns sub.example. 300 SOA a. b. 1 2 3 4 60", 0},
        {"10.0.0.3", "k.ent.sub.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.ent.sub.example.", "TXT"),
                     "NOERROR\nan k.ent.sub.example. 300 IN TXT \"v\"");
    ck_assert_str_eq(rig_decisions(&rig), "query k.ent.sub.example. TXT 10.0.0.99 0\n"
                                          "start . 1 (root hints)\n"
                                          "ask example. A 10.0.0.1 400\n"
                                          "referral example. 10.0.0.1 1 (with glue)\n"
                                          "ask sub.example. A 10.0.0.2 400\n"
                                          "referral sub.example. 10.0.0.2 1 (with glue)\n"
                                          "ask ent.sub.example. A 10.0.0.3 400\n"
                                          "no-cut ent.sub.example. 10.0.0.3 0 (nodata)\n"
                                          "ask k.ent.sub.example. TXT 10.0.0.3 400\n"
                                          "answer k.ent.sub.example. TXT 10.0.0.3 300\n"
                                          "reply k.ent.sub.example. TXT 10.0.0.99 0\n");
    /* What was learnt of the ancestor is not asked again. */
    rig_ask(&rig, "l.ent.sub.example.", "TXT");
    ck_assert(!rig_decided(&rig, "no-cut", NULL));
}
END_TEST

START_TEST(names_with_underscores_are_not_asked_for_alone)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k._domainkey.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    START(scripts);
    ck_assert(strstr(rig_ask(&rig, "k._domainkey.example.", "TXT"), "TXT \"v\"") != NULL);
    ck_assert_uint_eq(rig.queries, 2);
}
END_TEST

static const struct odd_row {
    const char *name;
    const char *reply;  /* to the question for the ancestor */
    const char *widens; /* note; NULL if it leads on without the whole question */
} odd_rows[] = {
    {"nodata", "aa\n" SOA, NULL},
    {"nodata without a SOA", "aa", NULL},
    {"an answer", "aa\nan @ 300 A 192.0.2.1", NULL},
    {"an alias", "aa\nan @ 300 CNAME elsewhere.net.", NULL},
    {"an alias in the zone", "aa\nan @ 300 CNAME x.example.\n" SOA, NULL},
    {"nxdomain", "aa\nrcode NXDOMAIN\n" SOA, "nxdomain"},
    {"refused", "rcode REFUSED", "refused"},
    {"servfail", "rcode SERVFAIL", "servfail"},
    {"formerr", "plain\nrcode FORMERR", "formerr"},
    {"notimp", "plain\nrcode NOTIMP", "notimp"},
    {"lame", "", "lame"},
    {"an upward referral", "ns . 300 NS a.root.", "lame"},
    {"nonsense", "aa\nrcode NXDOMAIN\nan @ 300 A 192.0.2.1", "broken"},
    {"silence", "silent", "time-outs"},
};

START_TEST(an_odd_answer_leads_to_the_whole_question)
{
    const struct odd_row *row = &odd_rows[_i];
    const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "ent.example.", "A", row->reply, 0},
        {"10.0.0.2", "ent.example.", "A", "edns\nrcode FORMERR", 0},
        {"10.0.0.2", "*.ent.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.ent.example.", "TXT"),
                     "NOERROR\nan k.ent.example. 300 IN TXT \"v\"");
    ck_assert_int_eq(rig_decided(&rig, "widen", NULL), row->widens != NULL);
    ck_assert(row->widens == NULL || rig_decided(&rig, "widen", row->widens));
}
END_TEST

START_TEST(a_denied_ancestor_is_not_believed_for_other_names)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "ent.example.", "*", "aa\nrcode NXDOMAIN\n" SOA, 0},
        {"10.0.0.2", "*.ent.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.ent.example.", "TXT");
    ck_assert(strstr(rig_ask(&rig, "l.ent.example.", "TXT"), "TXT \"v\"") != NULL);
}
END_TEST

/* Servers that drop what they do not expect, and one that hangs up. */
START_TEST(what_fails_for_the_ancestor_is_tried_for_the_name)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "ent.example.", "A", "udp\ntc", 0},
        {"10.0.0.2", "ent.example.", "A", "tcp\nclose", 0},
        {"10.0.0.2", "*.ent.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    START(scripts);
    ck_assert(strstr(rig_ask(&rig, "k.ent.example.", "TXT"), "TXT \"v\"") != NULL);
    ck_assert(rig_decided(&rig, "widen", "nobody answers for its ancestor"));
}
END_TEST

/* 120 labels, and a server with no data for any of them: the tenth step is the whole name. */
START_TEST(a_name_of_120_labels_costs_ten_steps)
{
    static const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", "aa\n" SOA, 0}};
    char name[512] = "";
    for (int i = 0; i < 119; i++) {
        strcat(name, "a.");
    }
    strcat(name, "example.");
    START(scripts);
    ck_assert(strncmp(rig_ask(&rig, name, "TXT"), "NOERROR", 7) == 0);
    ck_assert_uint_eq(rig.sent[1], 1);
    ck_assert_uint_eq(rig.sent[2], 9);
}
END_TEST

static const char *const first_steps[] = {
    "ask s.example. A 10.0.0.2", "ask r.s.example. A 10.0.0.2", "ask q.r.s.example. A 10.0.0.2",
    "ask o.p.q.r.s.example. A 10.0.0.2"};

START_TEST(four_steps_take_one_label_the_others_share)
{
    static const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", "aa\n" SOA, 0}};
    START(scripts);
    rig_ask(&rig, "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.example.", "TXT");
    const char *decisions = rig_decisions(&rig);
    for (size_t i = 0; i < COUNT_OF(first_steps); i++) {
        ck_assert_msg(strstr(decisions, first_steps[i]) != NULL, "%s: %s", first_steps[i],
                      decisions);
    }
    ck_assert(strstr(decisions, "ask p.q.r.s.example.") == NULL);
}
END_TEST

START_TEST(lookups_that_ask_for_the_same_ancestor_ask_once)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"k\"", 0},
        {"10.0.0.2", "l.example.", "TXT", "aa\nan @ 300 TXT \"l\"", 0},
    };
    START(scripts);
    rig_send_query(&rig, 40001, "k.example.", "TXT", 1232);
    rig_send_query(&rig, 40002, "l.example.", "TXT", 1232);
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.sent[1], 1);
    ck_assert_uint_eq(rig.client_answers, 2);
}
END_TEST

START_TEST(an_alias_is_minimised_anew)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.1", "*.net.", "*", "ns net. 3600 NS ns.net.\nar ns.net. 3600 A 10.0.0.4", 0},
        {"10.0.0.2", "k.example.", "*", "aa\nan @ 300 CNAME k.esp.net.", 0},
        {"10.0.0.4", "esp.net.", "A", "aa\nns net. 300 SOA a. b. 1 2 3 4 60", 0},
        {"10.0.0.4", "k.esp.net.", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    START(scripts);
    ck_assert(strstr(rig_ask(&rig, "k.example.", "TXT"), "k.esp.net. 300 IN TXT \"v\"") != NULL);
    const char *decisions = rig_decisions(&rig);
    ck_assert_msg(strstr(decisions, "ask net. A 10.0.0.1") != NULL, "%s", decisions);
    ck_assert_msg(strstr(decisions, "ask esp.net. A 10.0.0.4") != NULL, "%s", decisions);
}
END_TEST

/* Or each alias of a chain would cost its target's labels. */
START_TEST(the_steps_of_a_chain_are_counted_together)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.a.b.c.d.e.f.g.h.i.j.k.example.", "TXT",
         "aa\nan @ 300 CNAME k.p.q.r.s.t.u.v.w.x.y.z.example.", 0},
        {"10.0.0.2", "k.p.q.r.s.t.u.v.w.x.y.z.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
        {"10.0.0.2", "*", "*", "aa\n" SOA, 0},
    };
    START(scripts);
    ck_assert(strstr(rig_ask(&rig, "k.a.b.c.d.e.f.g.h.i.j.k.example.", "TXT"), "\"v\"") != NULL);
    ck_assert_uint_eq(rig.sent[1], 1);
    ck_assert_uint_eq(rig.sent[2], 9 + 1); /* steps and the alias; its target at once */
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("minimise");
    add_test(suite, servers_learn_no_more_than_they_need);
    add_test(suite, names_with_underscores_are_not_asked_for_alone);
    add_rows(suite, an_odd_answer_leads_to_the_whole_question, odd_rows);
    add_test(suite, a_denied_ancestor_is_not_believed_for_other_names);
    add_test(suite, what_fails_for_the_ancestor_is_tried_for_the_name);
    add_test(suite, a_name_of_120_labels_costs_ten_steps);
    add_test(suite, four_steps_take_one_label_the_others_share);
    add_test(suite, lookups_that_ask_for_the_same_ancestor_ask_once);
    add_test(suite, an_alias_is_minimised_anew);
    add_test(suite, the_steps_of_a_chain_are_counted_together);
    return suite;
}
