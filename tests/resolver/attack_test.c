/* What others may send: forged and stray replies, data of other zones, and work without end. */
#include <stdio.h>

#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

#define START(scripts) rig_start(&rig, NULL, scripts, COUNT_OF(scripts))

#define NET_SERVER                                                                                 \
    {                                                                                              \
        "10.0.0.1", "*.net.", "*", "ns net. 3600 NS ns.net.\nar ns.net. 3600 A 10.0.0.4", 0        \
    }
#define TRUE_ANSWER "NOERROR\nan k.example. 300 IN TXT \"true\""

/* --- replies that are none --- */

static const struct forgery_row {
    const char *name;
    const char *reply; /* comes before the true one */
} forgery_rows[] = {
    {"wrong port", "wrong port\nforged"},
    {"wrong server", "wrong server\nforged"},
    {"wrong name", "wrong name\nforged"},
};

START_TEST(a_reply_that_does_not_match_changes_nothing)
{
    char reply[256];
    const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "k.example.", "TXT", reply, 0}};
    snprintf(reply, sizeof reply, "aa\nan @ 300 TXT \"true\"\n%s", forgery_rows[_i].reply);
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(resolver_counters(rig.resolver)->unmatched_replies, 1);
    ck_assert_uint_eq(rig.queries, 2);
}
END_TEST

START_TEST(a_reply_that_never_matches_times_out)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\nwrong name\nan @ 300 TXT \"evil\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(
        rig_ask(&rig, "k.example.", "TXT"),
        "SERVFAIL\n"
        "ede 23 k.example. TXT: no server of example. answered usefully\n"
        "ede 23 ns1.example. 10.0.0.2 over UDP: a reply to another question, asked 3 times");
}
END_TEST

START_TEST(a_wrong_id_leads_to_tcp)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "udp\naa\nwrong id\nan @ 300 TXT \"evil\"", 0},
        {"10.0.0.2", "k.example.", "TXT", "tcp\naa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(rig.tcp_queries, 1);
    ck_assert(rig_decided(&rig, "distrust", "a reply with a wrong ID"));
}
END_TEST

START_TEST(a_reply_that_comes_twice_counts_once)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\nforged\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(rig.client_answers, 1);
    ck_assert_uint_eq(resolver_counters(rig.resolver)->unmatched_replies, 1);
}
END_TEST

START_TEST(a_malformed_reply_does_not_end_the_wait)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\ncut 5\nan @ 300 TXT \"true\"", 1},
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    const instant_ns before = rig.now;
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_ge(rig.now - before, 400 * NS_PER_MS);
    ck_assert(rig_decided(&rig, "malformed", NULL));
}
END_TEST

START_TEST(servers_that_only_send_nonsense_are_named)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\ncut 5\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 23 k.example. TXT: no server of example. answered usefully\n"
                     "ede 23 ns1.example. 10.0.0.2 over UDP: malformed reply, asked 3 times");
}
END_TEST

/* --- data of other zones --- */

START_TEST(ns_records_beside_an_answer_are_not_kept)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT",
         "aa\nan @ 300 TXT \"true\"\nns example. 3600 NS ns.evil.example.\n"
         "ar ns.evil.example. 3600 A 10.0.0.66",
         0},
        {"10.0.0.2", "l.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
        {"10.0.0.66", "*", "TXT", "aa\nan @ 300 TXT \"evil\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert(strstr(rig_ask(&rig, "l.example.", "TXT"), "true") != NULL);
    ck_assert_uint_eq(rig.sent[66], 0);
}
END_TEST

START_TEST(aliases_beside_the_path_are_not_kept)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT",
         "aa\nan @ 300 TXT \"true\"\nan l.example. 300 CNAME evil.example.\n"
         "an m.example. 300 TXT \"evil\"\nan www.bank. 300 CNAME evil.example.",
         0},
        {"10.0.0.2", "*.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
        {"10.0.0.1", "www.bank.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert(strstr(rig_ask(&rig, "l.example.", "TXT"), "true") != NULL);
    ck_assert(strstr(rig_ask(&rig, "m.example.", "TXT"), "true") != NULL);
    ck_assert(strstr(rig_ask(&rig, "www.bank.", "TXT"), "true") != NULL);
    ck_assert_uint_eq(rig.sent[2], 3);
}
END_TEST

START_TEST(a_forged_dname_does_no_more_than_this_answer)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "r1.example.", "TXT",
         "aa\nan example. 86400 DNAME evil.net.\nan r1.example. 0 CNAME r1.evil.net.", 0},
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
        {"10.0.0.1", "*.net.", "*", "aa\nan @ 300 TXT \"evil\"", 0},
    };
    START(scripts);
    ck_assert(strstr(rig_ask(&rig, "r1.example.", "TXT"), "evil") != NULL);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
}
END_TEST

START_TEST(glue_of_another_zone_is_not_used)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        NET_SERVER,
        {"10.0.0.2", "k.sub.example.", "*",
         "ns sub.example. 300 NS ns.host.net.\nar ns.host.net. 300 A 10.0.0.66", 0},
        {"10.0.0.4", "ns.host.net.", "A", "aa\nan @ 300 A 10.0.0.5", 0},
        {"10.0.0.5", "k.sub.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert(strstr(rig_ask(&rig, "k.sub.example.", "TXT"), "true") != NULL);
    ck_assert_uint_eq(rig.sent[66], 0);
    ck_assert_uint_eq(rig.sent[5], 1);
}
END_TEST

START_TEST(glue_never_answers_a_client)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
        {"10.0.0.2", "ns1.example.", "A", "aa\nan @ 300 A 10.0.0.77", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_str_eq(rig_ask(&rig, "ns1.example.", "A"),
                     "NOERROR\nan ns1.example. 300 IN A 10.0.0.77");
}
END_TEST

START_TEST(a_child_does_not_prolong_its_delegation)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.example.", "*",
         "ns example. 100 NS ns1.example.\nar ns1.example. 100 A 10.0.0.2", 1},
        {"10.0.0.1", "*.example.", "*", "aa\nrcode NXDOMAIN\nns . 60 SOA a. b. 1 2 3 4 60", 0},
        {"10.0.0.2", "example.", "NS", "aa\nan @ 86400 NS ns1.example.", 0},
        {"10.0.0.2", "ns1.example.", "A", "aa\nan @ 86400 A 10.0.0.2", 0},
        {"10.0.0.2", "*.example.", "TXT", "aa\nan @ 1 TXT \"ghost\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_ask(&rig, "example.", "NS");
    rig_ask(&rig, "ns1.example.", "A");
    rig_wait(&rig, 101 * NS_PER_S);
    ck_assert(strncmp(rig_ask(&rig, "k.example.", "TXT"), "NXDOMAIN", 8) == 0);
}
END_TEST

/* Phoenix domains: cuts below the one that was taken away, each found before the one above ends. */
START_TEST(cuts_below_do_not_outlive_the_delegation)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.example.", "*",
         "ns example. 100 NS ns1.example.\nar ns1.example. 100 A 10.0.0.2", 1},
        {"10.0.0.1", "*.example.", "*", "aa\nrcode NXDOMAIN\nns . 60 SOA a. b. 1 2 3 4 60", 0},
        {"10.0.0.2", "*.a.example.", "*",
         "ns a.example. 86400 NS ns.a.example.\nar ns.a.example. 86400 A 10.0.0.3", 0},
        {"10.0.0.3", "*.b.a.example.", "*",
         "ns b.a.example. 86400 NS ns.b.a.example.\nar ns.b.a.example. 86400 A 10.0.0.4", 0},
        {"10.0.0.4", "*.b.a.example.", "TXT", "aa\nan @ 1 TXT \"phoenix\"", 0},
    };
    START(scripts);
    ck_assert(strncmp(rig_ask(&rig, "k.b.a.example.", "TXT"), "NOERROR", 7) == 0);
    rig_wait(&rig, 90 * NS_PER_S);
    ck_assert(strncmp(rig_ask(&rig, "l.b.a.example.", "TXT"), "NOERROR", 7) == 0);
    rig_wait(&rig, 11 * NS_PER_S);
    ck_assert(strncmp(rig_ask(&rig, "m.b.a.example.", "TXT"), "NXDOMAIN", 8) == 0);
}
END_TEST

START_TEST(our_own_address_is_not_asked)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.example.", "*",
         "ns example. 300 NS ns1.example.\nar ns1.example. 300 A 10.0.0.53", 0}};
    START(scripts);
    const char *answer = rig_ask(&rig, "k.example.", "TXT");
    ck_assert_msg(strstr(answer, "ns1.example. 10.0.0.53 over UDP: our own address") != NULL, "%s",
                  answer);
    ck_assert_uint_eq(rig.queries, 1);
}
END_TEST

static const char *const poison_rows_addresses[] = {"127.0.0.1", "0.0.0.0", "224.0.0.1",
                                                    "255.255.255.255"};

START_TEST(glue_that_no_server_can_have_is_not_used)
{
    char reply[256];
    const struct script scripts[] = {{"10.0.0.1", "*.example.", "*", reply, 0}};
    snprintf(reply, sizeof reply, "ns example. 300 NS ns1.example.\nar ns1.example. 300 A %s",
             poison_rows_addresses[_i]);
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.example. TXT: no server of example. answered\n"
                     "ede 22 ns1.example. has no address: no glue");
    ck_assert_uint_eq(rig.queries, 1);
}
END_TEST

/* --- work without end --- */

START_TEST(a_referral_to_150_nameless_servers_costs_little)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        NET_SERVER,
        {"10.0.0.2", "*.example.", "*", "fill 150 victim.net.", 0},
        {"10.0.0.4", "*.victim.net.", "*",
         "aa\nrcode NXDOMAIN\nns net. 300 SOA ns.net. h.net. 1 2 3 4 300", 0},
    };
    START(scripts);
    const char *answer = rig_ask(&rig, "k.evil.example.", "TXT");
    ck_assert_msg(strstr(answer,
                         "\nede 22 n3.victim.net. has no address: NXDOMAIN\n"
                         "ede 22 n4.victim.net. has no address: limit of look-ups\n") != NULL,
                  "%s", answer);
    /* Root, example, then one referral to net. and four names. */
    ck_assert_uint_le(rig.queries, 7);
}
END_TEST

START_TEST(silent_servers_without_end_are_given_up)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        NET_SERVER,
        {"10.0.0.2", "*.example.", "*", "fill 150 victim.net.", 0},
        {"10.0.0.4", "*.victim.net.", "A",
         "aa\nan @ 300 A 10.0.0.101\nan @ 300 A 10.0.0.102\nan @ 300 A 10.0.0.103\n"
         "an @ 300 A 10.0.0.104\nan @ 300 A 10.0.0.105\nan @ 300 A 10.0.0.106\n"
         "an @ 300 A 10.0.0.107\nan @ 300 A 10.0.0.108",
         0},
    };
    START(scripts);
    const instant_ns before = rig.now;
    rig_ask(&rig, "k.evil.example.", "TXT");
    ck_assert_uint_le(rig.sent[107], 3);
    ck_assert_uint_le(rig.sent[101], 3);
    ck_assert_uint_le(rig.queries, 100);
    ck_assert_uint_le(rig.now - before, 10 * NS_PER_S + 2 * RIG_LATENCY);
}
END_TEST

/* c0 to c11, each in its own zone below 30 delegations: far more work than is allowed. */
START_TEST(a_composed_attack_is_stopped_at_100_queries)
{
    static struct script scripts[64];
    static char names[64][512], replies[64][512];
    size_t count = 0;
    scripts[count++] = (struct script)ONE_SERVER;
    for (unsigned i = 0; i < 11; i++) {
        snprintf(names[count], 512, "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.z%u.example.", i);
        snprintf(replies[count], 512, "aa\nan @ 0 CNAME a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.z%u.example.",
                 i + 1);
        scripts[count] = (struct script){"10.0.0.15", names[count], "*", replies[count], 0};
        count++;
    }
    /* Each server refers one label deeper, to the next. */
    static char servers[16][32], referrals[16][64];
    for (unsigned i = 2; i < 15; i++) {
        snprintf(servers[i], 32, "10.0.0.%u", i);
        snprintf(referrals[i], 64, "deeper %u 10.0.0.%u", i, i + 1);
        scripts[count++] = (struct script){servers[i], "*", "*", referrals[i], 0};
    }
    rig_start(&rig, NULL, scripts, count);
    const char *answer = rig_ask(&rig, "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.z0.example.", "TXT");
    ck_assert_str_eq(answer, "SERVFAIL\nede 0 more queries needed than 100");
    ck_assert_uint_eq(rig.queries, 100);
    ck_assert_uint_eq(resolver_counters(rig.resolver)->upstream_queries_worst, 100);
}
END_TEST

START_TEST(referrals_end_after_32)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*", "*", "deeper 0 10.0.0.2", 0},
        {"10.0.0.2", "*", "*", "deeper 0 10.0.0.2", 0},
    };
    char name[128] = "";
    for (int i = 0; i < 40; i++) {
        strcat(name, "a.");
    }
    strcat(name, "z.");
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, name, "TXT"),
                     "SERVFAIL\nede 0 more queries needed for one name than 32");
    ck_assert_uint_eq(rig.queries, 32);
    struct policy policy = policy_default;
    policy.sends_per_name_max = 100;
    rig_stop(&rig);
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, name, "TXT"), "SERVFAIL\nede 0 more referrals than 32");
    ck_assert_uint_eq(rig.queries, 33);
}
END_TEST

START_TEST(look_ups_for_servers_nest_six_deep)
{
    static struct script scripts[16];
    static char names[16][32], replies[16][64];
    for (unsigned i = 0; i < 10; i++) {
        snprintf(names[i], 32, "*.z%u.", i);
        snprintf(replies[i], 64, "ns z%u. 300 NS ns.z%u.", i, i + 1);
        scripts[i] = (struct script){"10.0.0.1", names[i], "*", replies[i], 0};
    }
    rig_start(&rig, NULL, scripts, 10);
    ck_assert_str_eq(rig_ask(&rig, "k.z0.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.z0. TXT: no server of z0. answered\n"
                     "ede 22 ns.z1. has no address: no server answered\n"
                     "ede 22 ns.z6. A: no server of z6. answered\n"
                     "ede 22 ns.z7. has no address: limit of look-ups\n"
                     "ede 22 ns.z5. A: no server of z5. answered\n"
                     "ede 22 ns.z6. has no address: no server answered\n"
                     "ede 22 ns.z4. A: no server of z4. answered\n"
                     "ede 22 ns.z5. has no address: no server answered\n"
                     "ede 22 ns.z3. A: no server of z3. answered\n"
                     "ede 22 ns.z4. has no address: no server answered\n"
                     "ede 22 ns.z2. A: no server of z2. answered\n"
                     "ede 22 ns.z3. has no address: no server answered\n"
                     "ede 22 ns.z1. A: no server of z1. answered\n"
                     "ede 22 ns.z2. has no address: no server answered");
    ck_assert_uint_eq(rig.queries, 7);
}
END_TEST

START_TEST(a_server_that_always_wants_something_else_is_left)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "udp\nedns\nrcode FORMERR", 0},
        {"10.0.0.2", "k.example.", "TXT", "udp\nplain\ntc", 0},
        {"10.0.0.2", "k.example.", "TXT", "tcp\nrcode FORMERR", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 23 k.example. TXT: no server of example. answered usefully\n"
                     "ede 23 ns1.example. 10.0.0.2 over TCP: FORMERR, asked 3 times");
    ck_assert_uint_eq(rig.sent[2], 3);
}
END_TEST

START_TEST(an_rrset_of_101_records_is_refused)
{
    static char reply[4096];
    size_t size = (size_t)snprintf(reply, sizeof reply, "tcp\naa");
    for (unsigned i = 0; i < 101; i++) {
        size += (size_t)snprintf(reply + size, sizeof reply - size, "\nan @ 300 A 192.0.2.%u", i);
    }
    const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "A", "udp\ntc", 0},
        {"10.0.0.2", "k.example.", "A", reply, 0},
    };
    START(scripts);
    ck_assert_str_eq(
        rig_ask(&rig, "k.example.", "A"),
        "SERVFAIL\n"
        "ede 23 k.example. A: no server of example. answered usefully\n"
        "ede 23 ns1.example. 10.0.0.2 over TCP: an RRset of too many records, asked 2 times");
}
END_TEST

START_TEST(a_denial_with_200_soas_is_a_denial)
{
    static char reply[16384];
    size_t size = (size_t)snprintf(reply, sizeof reply, "tcp\naa\nrcode NXDOMAIN");
    for (unsigned i = 0; i < 200; i++) {
        size += (size_t)snprintf(reply + size, sizeof reply - size,
                                 "\nns example. 300 SOA ns1.example. h.example. %u 2 3 4 60", i);
    }
    const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "A", "udp\ntc", 0},
        {"10.0.0.2", "k.example.", "A", reply, 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "A"),
                     "NXDOMAIN\nns example. 60 IN SOA ns1.example. h.example. 0 2 3 4 60");
}
END_TEST

/* 1,000 names of 250 octets, all the same but for a few: in the message mere pointers. */
START_TEST(an_rrset_that_swells_beyond_all_room_is_refused)
{
    static char reply[512 * 1000], tail[256];
    size_t size = (size_t)snprintf(reply, sizeof reply, "tcp\naa");
    for (size_t i = 0; i + 50 < 230; i += 50) {
        strcat(tail, "0123456789012345678901234567890123456789012345678.");
    }
    for (unsigned i = 0; i < 1000; i++) {
        size +=
            (size_t)snprintf(reply + size, sizeof reply - size, "\nan @ 300 NS n%u.%s", i, tail);
    }
    const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "NS", "udp\ntc", 0},
        {"10.0.0.2", "k.example.", "NS", reply, 0},
    };
    struct policy policy = policy_default;
    policy.rrset_records_max = POLICY_RRSET_MAX;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "NS"),
                     "SERVFAIL\n"
                     "ede 23 k.example. NS: no server of example. answered usefully\n"
                     "ede 23 ns1.example. 10.0.0.2 over TCP: an RRset too large, asked 2 times");
}
END_TEST

START_TEST(name_servers_without_an_address_are_counted)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        NET_SERVER,
        {"10.0.0.2", "*.example.", "*", "fill 13 victim.net.", 0},
        {"10.0.0.4", "*.victim.net.", "*",
         "aa\nrcode NXDOMAIN\nns net. 300 SOA ns.net. h.net. 1 2 3 4 300", 0},
    };
    struct policy policy = policy_default;
    policy.missing_max = 2;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    const char *answer = rig_ask(&rig, "k.evil.example.", "TXT");
    ck_assert_uint_eq(rig.sent[4], 2);
    ck_assert_msg(strstr(answer,
                         "n1.victim.net. has no address: NXDOMAIN\n"
                         "ede 22 n2.victim.net. has no address: limit of look-ups\n") != NULL,
                  "%s", answer);
}
END_TEST

/* Water torture: names that nobody asked for before, in a zone whose servers are silent. */
START_TEST(random_names_at_a_silent_server_cost_one_query_each)
{
    static const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", "silent", 0}};
    char name[32];
    START(scripts);
    rig_ask(&rig, "first.example.", "TXT");
    ck_assert(rig_decided(&rig, "dead", NULL));
    const unsigned before = rig.sent[2];
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "x%d.example.", i);
        const char *answer = rig_ask(&rig, name, "TXT");
        ck_assert_msg(strstr(answer, "\nede 22 ns1.example. 10.0.0.2 over UDP: timed out") != NULL,
                      "%s", answer);
    }
    ck_assert_uint_eq(rig.sent[2] - before, 20);
}
END_TEST

START_TEST(a_flood_of_stray_packets_costs_nothing)
{
    static const struct script scripts[] = {ONE_SERVER};
    START(scripts);
    const uint8_t junk[40] = {0};
    struct packet packet = {.from = {{ADDRESS_V4, {10, 0, 0, 2}}, 53},
                            .to = {{ADDRESS_V4, {10, 0, 0, 53}}, 0},
                            .payload = bytes_of(junk, sizeof junk)};
    rig_decisions(&rig);
    for (uint32_t i = 1024; i < 11024; i++) {
        packet.to.port = (uint16_t)i;
        rig_deliver(&rig, &packet);
    }
    ck_assert_uint_eq(resolver_counters(rig.resolver)->unmatched_replies, 10000);
    ck_assert_str_eq(rig_decisions(&rig), "");
    ck_assert_uint_eq(machine_deadline(resolver_machine(rig.resolver)), NEVER);
}
END_TEST

Suite *test_suite(void)
{
    static const struct {
        const char *name;
    } poison_rows[] = {{"loopback"}, {"unspecified"}, {"multicast"}, {"broadcast"}};
    Suite *suite = suite_create("attack");
    add_rows(suite, a_reply_that_does_not_match_changes_nothing, forgery_rows);
    add_test(suite, a_reply_that_never_matches_times_out);
    add_test(suite, a_wrong_id_leads_to_tcp);
    add_test(suite, a_reply_that_comes_twice_counts_once);
    add_test(suite, a_malformed_reply_does_not_end_the_wait);
    add_test(suite, servers_that_only_send_nonsense_are_named);
    add_test(suite, ns_records_beside_an_answer_are_not_kept);
    add_test(suite, aliases_beside_the_path_are_not_kept);
    add_test(suite, a_forged_dname_does_no_more_than_this_answer);
    add_test(suite, glue_of_another_zone_is_not_used);
    add_test(suite, glue_never_answers_a_client);
    add_test(suite, a_child_does_not_prolong_its_delegation);
    add_test(suite, cuts_below_do_not_outlive_the_delegation);
    add_test(suite, our_own_address_is_not_asked);
    add_rows(suite, glue_that_no_server_can_have_is_not_used, poison_rows);
    add_test(suite, a_referral_to_150_nameless_servers_costs_little);
    add_test(suite, silent_servers_without_end_are_given_up);
    add_test(suite, a_composed_attack_is_stopped_at_100_queries);
    add_test(suite, referrals_end_after_32);
    add_test(suite, look_ups_for_servers_nest_six_deep);
    add_test(suite, a_server_that_always_wants_something_else_is_left);
    add_test(suite, an_rrset_of_101_records_is_refused);
    add_test(suite, a_denial_with_200_soas_is_a_denial);
    add_test(suite, an_rrset_that_swells_beyond_all_room_is_refused);
    add_test(suite, name_servers_without_an_address_are_counted);
    add_test(suite, random_names_at_a_silent_server_cost_one_query_each);
    add_test(suite, a_flood_of_stray_packets_costs_nothing);
    return suite;
}
