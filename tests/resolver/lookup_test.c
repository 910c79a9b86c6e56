/* What a resolution does: referrals, aliases, missing addresses, dead and lame servers, TCP,
 * denials. Scripted servers: 10.0.0.1 is the root, 10.0.0.2 and .3 serve example., .4 serves net.
 */
#include <stdio.h>

#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

#define START(scripts) rig_start(&rig, NULL, scripts, COUNT_OF(scripts))

#define NET_SERVER                                                                                 \
    {                                                                                              \
        "10.0.0.1", "*.net.", "*", "ns net. 3600 NS ns.net.\nar ns.net. 3600 A 10.0.0.4", 0        \
    }
#define SOA "ns example. 7200 SOA ns1.example. h.example. 1 2 3 4 1800"

/* --- the plain case --- */

START_TEST(of_many_name_servers_some_are_kept)
{
    static char reply[2048];
    size_t size = (size_t)snprintf(reply, sizeof reply, "aa");
    for (int i = 0; i < 30; i++) {
        size +=
            (size_t)snprintf(reply + size, sizeof reply - size, "\nan @ 300 NS ns%d.example.", i);
    }
    const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "NS", reply, 0}};
    START(scripts);
    unsigned count = 0;
    for (const char *at = rig_ask(&rig, "k.example.", "NS"); (at = strstr(at, "IN NS")) != NULL;
         at++) {
        count++;
    }
    ck_assert_uint_eq(count, 20);
}
END_TEST

START_TEST(answers_after_a_referral)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan k.example. 300 TXT \"v=DKIM1\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\nan k.example. 300 IN TXT \"v=DKIM1\"");
    ck_assert_str_eq(rig_decisions(&rig), "query k.example. TXT 10.0.0.99 0\n"
                                          "start . 1 (root hints)\n"
                                          "ask k.example. TXT 10.0.0.1 400\n"
                                          "referral example. 10.0.0.1 1 (with glue)\n"
                                          "ask k.example. TXT 10.0.0.2 400\n"
                                          "answer k.example. TXT 10.0.0.2 300\n"
                                          "reply k.example. TXT 10.0.0.99 0\n");
    ck_assert_uint_eq(rig.queries, 2);
}
END_TEST

START_TEST(answers_from_the_cache_until_the_ttl_has_run_out)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan k.example. 300 TXT \"a\"", 1},
        {"10.0.0.2", "k.example.", "TXT", "aa\nan k.example. 300 TXT \"b\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 100 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "K.eXample.", "TXT"), "NOERROR\nan K.eXample. 200 IN TXT \"a\"");
    ck_assert_uint_eq(rig.queries, 2);
    rig_wait(&rig, 201 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"b\"");
    ck_assert_uint_eq(rig.queries, 3);
}
END_TEST

START_TEST(a_ttl_with_bit_31_is_zero_and_long_ones_are_capped)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "msb.example.", "A", "aa\nan @ 4294967295 A 192.0.2.1", 0},
        {"10.0.0.2", "long.example.", "A", "aa\nan @ 2147483647 A 192.0.2.1", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "msb.example.", "A"),
                     "NOERROR\nan msb.example. 0 IN A 192.0.2.1");
    rig_ask(&rig, "msb.example.", "A");
    ck_assert_uint_eq(rig.queries, 3);
    ck_assert_str_eq(rig_ask(&rig, "long.example.", "A"),
                     "NOERROR\nan long.example. 86400 IN A 192.0.2.1");
}
END_TEST

START_TEST(forgetting_a_name_asks_again)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*.example.", "TXT", "aa\nan @ 300 TXT \"a\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_ask(&rig, "l.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 3);
    const struct name name = {11, 2, "\1k\7example"};
    resolver_forget_name(rig.resolver, &name);
    rig_ask(&rig, "l.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 3);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 4);
    resolver_forget(rig.resolver);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 6);
}
END_TEST

START_TEST(a_reset_gives_the_same_run_again)
{
    static const struct script scripts[] = {
        TWO_SERVERS,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan k.example. 300 TXT \"a\"", 0},
        {"10.0.0.3", "k.example.", "TXT", "aa\nan k.example. 300 TXT \"a\"", 0},
    };
    START(scripts);
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint64_t digests[2];
        for (int i = 0; i < 2; i++) {
            resolver_reset(rig.resolver, seed);
            ck_assert_uint_eq(resolver_counters(rig.resolver)->client_queries, 0);
            rig.now = 0;
            rig_decisions(&rig);
            rig_ask(&rig, "k.example.", "TXT");
            digests[i] = trace_digest(&rig.trace);
        }
        ck_assert_uint_eq(digests[0], digests[1]);
    }
    ck_assert_uint_gt(rig.sent[2], 0);
    ck_assert_uint_gt(rig.sent[3], 0);
}
END_TEST

/* --- denials --- */

START_TEST(a_denial_holds_for_the_soas_minimum)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "no.example.", "*", "aa\nrcode NXDOMAIN\n" SOA, 0},
        {"10.0.0.2", "k.example.", "*", "aa\n" SOA, 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "no.example.", "TXT"),
                     "NXDOMAIN\nns example. 1800 IN SOA ns1.example. h.example. 1 2 3 4 1800");
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\nns example. 1800 IN SOA ns1.example. h.example. 1 2 3 4 1800");
    ck_assert_uint_eq(rig.queries, 3);
    rig_wait(&rig, 1799 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "no.example.", "A"),
                     "NXDOMAIN\nns example. 1 IN SOA ns1.example. h.example. 1 2 3 4 1800");
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 3);
    rig_wait(&rig, 2 * NS_PER_S);
    rig_ask(&rig, "no.example.", "TXT");
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 5);
}
END_TEST

START_TEST(no_data_of_one_type_says_nothing_of_another)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\n" SOA, 0},
        {"10.0.0.2", "k.example.", "A", "aa\nan @ 300 A 192.0.2.7", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "A"), "NOERROR\nan k.example. 300 IN A 192.0.2.7");
}
END_TEST

START_TEST(below_a_name_that_does_not_exist_nothing_does)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "no.example.", "*", "aa\nrcode NXDOMAIN\n" SOA, 1},
        {"10.0.0.2", "*.example.", "*", "aa\nan @ 300 TXT \"there\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "no.example.", "TXT");
    rig_wait(&rig, 100 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "k1._domainkey.no.example.", "TXT"),
                     "NXDOMAIN\nns example. 1700 IN SOA ns1.example. h.example. 1 2 3 4 1800");
    ck_assert(rig_decided(&rig, "cached", "no such name above it"));
    ck_assert_uint_eq(rig.queries, 2);
    /* Beside it, and when the denial has run out, servers are asked. */
    ck_assert(strstr(rig_ask(&rig, "k.yes.example.", "TXT"), "there") != NULL);
    rig_wait(&rig, 1701 * NS_PER_S);
    ck_assert(strstr(rig_ask(&rig, "k.no.example.", "TXT"), "there") != NULL);
}
END_TEST

START_TEST(a_missing_name_does_not_hide_another_cut)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*.sub.no.example.", "*",
         "ns sub.no.example. 3600 NS ns.sub.no.example.\nar ns.sub.no.example. 3600 A 10.0.0.5", 0},
        {"10.0.0.2", "no.example.", "*", "aa\nrcode NXDOMAIN\n" SOA, 0},
        {"10.0.0.5", "*", "TXT", "aa\nan @ 300 TXT \"there\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.sub.no.example.", "TXT");
    rig_ask(&rig, "no.example.", "TXT");
    ck_assert(strstr(rig_ask(&rig, "l.sub.no.example.", "TXT"), "there") != NULL);
    ck_assert(strncmp(rig_ask(&rig, "l.other.no.example.", "TXT"), "NXDOMAIN", 8) == 0);
}
END_TEST

START_TEST(the_cut_below_a_missing_name_can_be_switched_off)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "no.example.", "*", "aa\nrcode NXDOMAIN\n" SOA, 0},
        {"10.0.0.2", "*.example.", "*", "aa\nan @ 300 TXT \"there\"", 0},
    };
    struct policy policy = policy_default;
    policy.nxdomain_cut = false;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    rig_ask(&rig, "no.example.", "TXT");
    ck_assert(strstr(rig_ask(&rig, "k.no.example.", "TXT"), "there") != NULL);
}
END_TEST

static const struct denial_row {
    const char *name;
    const char *reply;
    unsigned queries; /* for two questions and the referral */
} denial_rows[] = {
    {"a denial without a SOA is not kept", "aa\nrcode NXDOMAIN", 3},
    {"nor one with a SOA above the zone",
     "aa\nrcode NXDOMAIN\nns . 7200 SOA a.root. h.root. 1 2 3 4 1800", 3},
    {"nor one with a SOA beside the name",
     "aa\nrcode NXDOMAIN\nns x.example. 7200 SOA a.root. h.root. 1 2 3 4 1800", 3},
    {"nor one with a SOA below the name",
     "aa\nrcode NXDOMAIN\nns x.no.example. 7200 SOA a.root. h.root. 1 2 3 4 1800", 3},
    {"nor one with a TTL of 0", "aa\nrcode NXDOMAIN\nns example. 0 SOA a.root. h.root. 1 2 3 4 60",
     3},
    {"nor one with bit 31 in its TTL",
     "aa\nrcode NXDOMAIN\nns example. 2147483648 SOA a.root. h.root. 1 2 3 4 60", 3},
    {"nor one with a minimum of 0",
     "aa\nrcode NXDOMAIN\nns example. 7200 SOA a.root. h.root. 1 2 3 4 0", 3},
    {"nor one with bit 31 in its minimum",
     "aa\nrcode NXDOMAIN\nns example. 7200 SOA a.root. h.root. 1 2 3 4 2147483648", 3},
    {"one with a SOA of the zone is", "aa\nrcode NXDOMAIN\n" SOA, 2},
    {"one with a SOA at the name itself is",
     "aa\nrcode NXDOMAIN\nns no.example. 7200 SOA a.root. h.root. 1 2 3 4 60", 2},
    {"of two SOAs the first that may speak counts",
     "aa\nrcode NXDOMAIN\nns . 7200 SOA a.root. h.root. 1 2 3 4 60\n" SOA, 2},
};

START_TEST(denial_is_kept_only_with_a_fitting_soa)
{
    const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "no.example.", "TXT", denial_rows[_i].reply, 0},
    };
    START(scripts);
    ck_assert(strncmp(rig_ask(&rig, "no.example.", "TXT"), "NXDOMAIN", 8) == 0);
    ck_assert(strncmp(rig_ask(&rig, "no.example.", "TXT"), "NXDOMAIN", 8) == 0);
    ck_assert_uint_eq(rig.queries, denial_rows[_i].queries);
}
END_TEST

START_TEST(a_denial_is_capped_at_an_hour)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT",
         "aa\nns example. 90000 SOA ns1.example. h.example. 1 2 3 4 90000", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\nns example. 3600 IN SOA ns1.example. h.example. 1 2 3 4 90000");
}
END_TEST

/* --- aliases --- */

START_TEST(follows_an_alias_into_another_zone)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        NET_SERVER,
        {"10.0.0.2", "k.example.", "TXT",
         "aa\nan k.example. 300 CNAME k.esp.net.\nan k.esp.net. 300 TXT \"forged\"", 0},
        {"10.0.0.4", "k.esp.net.", "TXT", "aa\nan k.esp.net. 60 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\n"
                                                         "an k.example. 300 IN CNAME k.esp.net.\n"
                                                         "an k.esp.net. 60 IN TXT \"true\"");
    ck_assert(rig_decided(&rig, "cname", NULL));
}
END_TEST

START_TEST(takes_a_whole_chain_of_its_zone_from_one_reply)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "a.example.", "TXT",
         "aa\nan b.example. 200 CNAME c.example.\nan c.example. 100 TXT \"c\"\n"
         "an a.example. 300 CNAME b.example.\nan x.example. 300 TXT \"stray\"",
         0},
    };
    START(scripts);
    const char *answer = "NOERROR\nan a.example. 300 IN CNAME b.example.\n"
                         "an b.example. 200 IN CNAME c.example.\nan c.example. 100 IN TXT \"c\"";
    ck_assert_str_eq(rig_ask(&rig, "a.example.", "TXT"), answer);
    ck_assert_uint_eq(rig.queries, 2);
    rig_ask(&rig, "x.example.", "TXT");
    ck_assert_uint_gt(rig.queries, 2);
}
END_TEST

START_TEST(a_missing_target_gives_nxdomain_with_the_alias)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        NET_SERVER,
        {"10.0.0.2", "k.example.", "*", "aa\nan @ 300 CNAME gone.esp.net.", 0},
        {"10.0.0.4", "gone.esp.net.", "TXT",
         "aa\nrcode NXDOMAIN\nns net. 300 SOA ns.net. h.net. 1 2 3 4 300", 0},
    };
    START(scripts);
    const char *answer = "NXDOMAIN\nan k.example. 300 IN CNAME gone.esp.net.\n"
                         "ns net. 300 IN SOA ns.net. h.net. 1 2 3 4 300";
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), answer);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), answer);
    ck_assert_uint_eq(rig.queries, 4);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "CNAME"),
                     "NOERROR\nan k.example. 300 IN CNAME gone.esp.net.");
}
END_TEST

START_TEST(an_alias_asked_for_itself_is_not_followed)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "CNAME", "aa\nan @ 300 CNAME k.esp.net.", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "CNAME"),
                     "NOERROR\nan k.example. 300 IN CNAME k.esp.net.");
}
END_TEST

/* c1 to c2 … to c`links` + 1, which has a TXT; in one zone, one link a reply. */
static void start_chain(struct script *scripts, char replies[][64], unsigned links)
{
    static char names[20][32];
    scripts[0] = (struct script)ONE_SERVER;
    for (unsigned i = 1; i <= links + 1; i++) {
        snprintf(names[i], sizeof names[i], "c%u.example.", i);
        snprintf(replies[i], 64, "aa\nan @ 300 CNAME c%u.example.", i + 1);
        scripts[i] = (struct script){"10.0.0.2", names[i], "*", replies[i], 0};
    }
    scripts[links + 1].reply = "aa\nan @ 300 TXT \"end\"";
    rig_start(&rig, NULL, scripts, links + 2);
}

START_TEST(a_chain_of_11_is_followed)
{
    struct script scripts[20];
    char replies[20][64];
    start_chain(scripts, replies, 11);
    const char *answer = rig_ask(&rig, "c1.example.", "TXT");
    ck_assert(strncmp(answer, "NOERROR\nan c1.example. 300 IN CNAME c2.example.\n", 40) == 0);
    ck_assert(strstr(answer, "\nan c12.example. 300 IN TXT \"end\"") != NULL);
}
END_TEST

START_TEST(a_chain_of_12_is_not)
{
    struct script scripts[20];
    char replies[20][64];
    start_chain(scripts, replies, 12);
    ck_assert_str_eq(rig_ask(&rig, "c1.example.", "TXT"),
                     "SERVFAIL\nede 0 CNAME chain longer than 11");
    ck_assert_str_eq(rig_ask(&rig, "c1.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 13 failed before, not tried again for 5 s\n"
                     "ede 0 CNAME chain longer than 11");
    ck_assert(strstr(rig_ask(&rig, "c12.example.", "TXT"), "TXT \"end\"") != NULL);
}
END_TEST

START_TEST(a_chain_of_12_in_one_reply_is_not_followed_either)
{
    char reply[1024] = "aa";
    size_t size = 2;
    for (unsigned i = 1; i <= 12; i++) {
        size += (size_t)snprintf(reply + size, sizeof reply - size,
                                 "\nan c%u.example. 300 CNAME c%u.example.", i, i + 1);
    }
    snprintf(reply + size, sizeof reply - size, "\nan c13.example. 300 TXT \"end\"");
    const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", reply, 0}};
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "c1.example.", "TXT"),
                     "SERVFAIL\nede 0 CNAME chain longer than 11");
    ck_assert(strstr(rig_ask(&rig, "c2.example.", "TXT"), "an c13.example. 300 IN TXT") != NULL);
}
END_TEST

START_TEST(a_loop_in_one_reply_fails)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*", "*",
         "aa\nan a.example. 300 CNAME b.example.\nan b.example. 300 CNAME a.example.", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "a.example.", "TXT"),
                     "SERVFAIL\nede 0 CNAME loop at a.example.");
}
END_TEST

START_TEST(a_loop_of_aliases_fails)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "a.example.", "*", "aa\nan @ 300 CNAME b.example.", 0},
        {"10.0.0.2", "b.example.", "*", "aa\nan @ 300 CNAME A.example.", 0},
        {"10.0.0.2", "self.example.", "*", "aa\nan @ 300 CNAME self.example.", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "a.example.", "TXT"),
                     "SERVFAIL\nede 0 CNAME loop at A.example.");
    ck_assert_str_eq(rig_ask(&rig, "self.example.", "TXT"),
                     "SERVFAIL\nede 0 CNAME loop at self.example.");
    ck_assert_uint_eq(rig.queries, 4);
}
END_TEST

START_TEST(a_loop_that_is_told_says_what_it_is)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "a.example.", "*", "aa\nan @ 300 CNAME b.example.", 0},
        {"10.0.0.2", "b.example.", "*", "aa\nan @ 300 CNAME a.example.", 0},
    };
    struct policy policy = policy_default;
    policy.loop_answers = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "a.example.", "TXT"), "SERVFAIL\n"
                                                         "an a.example. 300 IN CNAME b.example.\n"
                                                         "an b.example. 300 IN CNAME a.example.\n"
                                                         "ede 0 CNAME loop at a.example.");
    /* The remark was about that answer alone. */
    ck_assert(strstr(rig_ask(&rig, "b.example.", "CNAME"), "ede") == NULL);
}
END_TEST

START_TEST(the_cache_alone_refuses_what_it_lacks)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"a\"", 0},
    };
    static const uint8_t query[] = "\0\7\0\0\0\1\0\0\0\0\0\1\1k\7example\0\0\20\0\1"
                                   "\0\0\51\4\320\0\0\0\0\0";
    const struct bytes octets = bytes_of(query, sizeof query);
    struct policy policy = policy_default;
    policy.snooping = true;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    rig_send_octets(&rig, 40000, TRANSPORT_UDP, octets);
    rig_run(&rig, NS_PER_S);
    ck_assert_str_eq(rig_answer(&rig),
                     "REFUSED\nede 20 no recursion desired, and not in the cache");
    rig_ask(&rig, "k.example.", "TXT");
    rig_send_octets(&rig, 40000, TRANSPORT_UDP, octets);
    rig_run(&rig, NS_PER_S);
    ck_assert_str_eq(rig_answer(&rig), "NOERROR\nan k.example. 300 IN TXT \"a\"");
}
END_TEST

START_TEST(a_dname_redirects_and_is_not_kept)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        NET_SERVER,
        {"10.0.0.2", "*.d.example.", "TXT",
         "aa\nan d.example. 300 DNAME t.net.\nan @ 0 CNAME lies.net.", 0},
        {"10.0.0.4", "k.t.net.", "TXT", "aa\nan @ 60 TXT \"k\"", 0},
        {"10.0.0.4", "l.t.net.", "TXT", "aa\nan @ 60 TXT \"l\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.d.example.", "TXT"), "NOERROR\n"
                                                           "an d.example. 300 IN DNAME t.net.\n"
                                                           "an k.d.example. 0 IN CNAME k.t.net.\n"
                                                           "an k.t.net. 60 IN TXT \"k\"");
    const unsigned queries = rig.queries;
    rig_ask(&rig, "k.d.example.", "TXT");
    ck_assert_uint_eq(rig.queries, queries + 1);
    rig_ask(&rig, "l.d.example.", "TXT");
    ck_assert_uint_eq(rig.queries, queries + 3);
}
END_TEST

#define DNAME_OVER_TCP                                                                             \
    {"10.0.0.2", "k.d.example.", "*", "udp\ntc", 0},                                               \
        {"10.0.0.2", "k.d.example.", "*", "tcp\naa\nan d.example. 300 DNAME esp.example.", 0},     \
    {                                                                                              \
        "10.0.0.2", "*.esp.example.", "*", "aa\nan @ 60 TXT \"v\"", 0                              \
    }

START_TEST(a_dname_learnt_over_tcp_is_kept)
{
    static const struct script scripts[] = {ONE_SERVER, DNAME_OVER_TCP};
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.d.example.", "TXT"),
                     "NOERROR\nan d.example. 300 IN DNAME esp.example.\n"
                     "an k.d.example. 300 IN CNAME k.esp.example.\n"
                     "an k.esp.example. 60 IN TXT \"v\"");
    const unsigned before = rig.queries;
    rig_wait(&rig, 100 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "l.m.d.example.", "TXT"),
                     "NOERROR\nan d.example. 190 IN DNAME esp.example.\n"
                     "an l.m.d.example. 190 IN CNAME l.m.esp.example.\n"
                     "an l.m.esp.example. 60 IN TXT \"v\"");
    ck_assert_uint_eq(rig.queries - before, 1);
    /* Not for its owner, and not for ever. */
    rig_ask(&rig, "d.example.", "TXT");
    ck_assert(!rig_decided(&rig, "dname", "d.example."));
    rig_wait(&rig, 201 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "n.d.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 n.d.example. TXT: no server of example. answered\n"
                     "ede 22 ns1.example. 10.0.0.2 over UDP: timed out");
}
END_TEST

START_TEST(a_kept_dname_makes_no_name_too_long)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.d.example.", "*", "udp\ntc", 0},
        {"10.0.0.2", "k.d.example.", "*",
         "tcp\naa\nan d.example. 300 DNAME "
         "0123456789012345678901234567890123456789.0123456789012345678901234567890123456789.net.",
         0},
    };
    static const char fifty[] = "01234567890123456789012345678901234567890123456789";
    char name[256];
    snprintf(name, sizeof name, "%s.%s.%s.%s.d.example.", fifty, fifty, fifty, fifty);
    START(scripts);
    rig_ask(&rig, "k.d.example.", "TXT");
    const unsigned before = rig.queries;
    const char *answer = rig_ask(&rig, name, "TXT");
    ck_assert(strncmp(answer, "YXDOMAIN\nan d.example. ", 23) == 0);
    ck_assert_ptr_null(strstr(strstr(answer, "DNAME") + 1, "DNAME")); /* once */
    ck_assert_uint_eq(rig.queries, before);
}
END_TEST

START_TEST(a_dname_that_grows_too_long_is_yxdomain)
{
    static const char sixty[] = "012345678901234567890123456789012345678901234567890123456789";
    static char reply[512], name[512];
    snprintf(reply, sizeof reply, "aa\nan d.example. 300 DNAME %s.%s.%s.d.example.", sixty, sixty,
             sixty);
    snprintf(name, sizeof name, "%s.d.example.", sixty);
    const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*.d.example.", "*", reply, 0}};
    START(scripts);
    ck_assert(strncmp(rig_ask(&rig, name, "TXT"), "YXDOMAIN\nan d.example. 300 IN DNAME ", 35) ==
              0);
}
END_TEST

START_TEST(a_dname_that_makes_two_aliases_is_told_once)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*.example.", "TXT",
         "aa\nan d.example. 300 DNAME e.example.\nan k.e.example. 300 CNAME l.d.example.\n"
         "an l.e.example. 300 TXT \"v\"",
         0}};
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.d.example.", "TXT"),
                     "NOERROR\nan d.example. 300 IN DNAME e.example.\n"
                     "an k.d.example. 300 IN CNAME k.e.example.\n"
                     "an k.e.example. 300 IN CNAME l.d.example.\n"
                     "an l.d.example. 300 IN CNAME l.e.example.\n"
                     "an l.e.example. 300 IN TXT \"v\"");
}
END_TEST

START_TEST(a_denial_behind_too_many_aliases_is_a_failure)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*.example.", "TXT",
         "aa\nrcode NXDOMAIN\nan @ 300 CNAME a.example.\nan a.example. 300 CNAME b.example.\n" SOA,
         0}};
    struct policy policy = policy_default;
    policy.restarts_max = 1;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    const char *answer = rig_ask(&rig, "k.example.", "TXT");
    ck_assert_msg(strncmp(answer, "SERVFAIL\n", 9) == 0, "%s", answer);
}
END_TEST

START_TEST(a_servers_name_that_grows_too_long_has_no_address)
{
    static const char sixty[] = "012345678901234567890123456789012345678901234567890123456789";
    static char reply[512], delegation[512];
    snprintf(reply, sizeof reply, "aa\nan d.example. 300 DNAME %s.%s.%s.d.example.", sixty, sixty,
             sixty);
    snprintf(delegation, sizeof delegation, "ns org. 3600 NS %s.d.example.", sixty);
    const struct script scripts[] = {ONE_SERVER,
                                     {"10.0.0.1", "*.org.", "*", delegation, 0},
                                     {"10.0.0.2", "*.d.example.", "*", reply, 0}};
    START(scripts);
    const char *answer = rig_ask(&rig, "k.org.", "TXT");
    ck_assert_msg(strncmp(answer, "SERVFAIL\n", 9) == 0, "%s", answer);
    ck_assert(rig_decided(&rig, "yxdomain", NULL));
    ck_assert(rig_decided(&rig, "no-address", NULL));
}
END_TEST

/* DNAME is a singleton type (RFC 6672): two records of one owner are none. */
START_TEST(yxdomain_by_two_dnames_is_told_without_any)
{
    static const struct script scripts[] = {ONE_SERVER,
                                            {"10.0.0.2", "*.d.example.", "*",
                                             "aa\nrcode YXDOMAIN\nan d.example. 300 DNAME "
                                             "a.example.\nan d.example. 300 DNAME b.example.",
                                             0}};
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.d.example.", "TXT"), "YXDOMAIN");
}
END_TEST

/* --- servers without an address --- */

START_TEST(a_server_known_to_have_no_address_is_not_looked_up)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"2001:db8::1", "*.example.", "*",
         "ns example. 3600 NS ns1.example.\nar ns1.example. 3600 A 10.0.0.2", 0},
        {"2001:db8::1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "ns.example.", "*", "aa\n" SOA, 0},
    };
    rig_start_at(&rig, "10.0.0.53", "2001:db8::53", NULL, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "ns.example.", "A"),
                     "NOERROR\nns example. 1800 IN SOA ns1.example. h.example. 1 2 3 4 1800");
    rig_ask(&rig, "ns.example.", "AAAA");
    rig_decisions(&rig);
    const unsigned before = rig.sent[2];
    const char *answer = rig_ask(&rig, "k.org.", "TXT");
    ck_assert_msg(strncmp(answer, "SERVFAIL\n", 9) == 0, "%s", answer);
    ck_assert_msg(strstr(answer, "it has none") != NULL, "%s", answer);
    ck_assert(!rig_decided(&rig, "glueless", NULL));
    ck_assert_uint_eq(rig.sent[2], before);
}
END_TEST

START_TEST(looks_up_a_server_without_glue)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "ns.example.", "A", "aa\nan @ 300 A 10.0.0.5", 0},
        {"10.0.0.5", "k.org.", "TXT", "aa\nan @ 300 TXT \"k\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"), "NOERROR\nan k.org. 300 IN TXT \"k\"");
    ck_assert_str_eq(rig_decisions(&rig), "query k.org. TXT 10.0.0.99 0\n"
                                          "start . 1 (root hints)\n"
                                          "ask k.org. TXT 10.0.0.1 400\n"
                                          "referral org. 10.0.0.1 1 (without glue)\n"
                                          "glueless ns.example. A 0\n"
                                          "start . 1 (root hints)\n"
                                          "ask ns.example. A 10.0.0.1 400\n"
                                          "referral example. 10.0.0.1 1 (with glue)\n"
                                          "ask ns.example. A 10.0.0.2 400\n"
                                          "answer ns.example. A 10.0.0.2 300\n"
                                          "address ns.example. A 1\n"
                                          "ask k.org. TXT 10.0.0.5 400\n"
                                          "answer k.org. TXT 10.0.0.5 300\n"
                                          "reply k.org. TXT 10.0.0.99 0\n");
}
END_TEST

START_TEST(a_server_whose_name_does_not_exist_is_named)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "ns.example.", "*", "aa\nrcode NXDOMAIN\n" SOA, 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.org. TXT: no server of org. answered\n"
                     "ede 22 ns.example. has no address: NXDOMAIN");
}
END_TEST

START_TEST(a_server_with_only_useless_addresses_is_named)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "ns.example.", "A", "aa\nan @ 300 A 127.0.0.1", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.org. TXT: no server of org. answered\n"
                     "ede 22 ns.example. has no address: no usable address");
}
END_TEST

START_TEST(a_server_below_the_cut_without_glue_is_not_looked_up)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.org.", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.org. TXT: no server of org. answered\n"
                     "ede 22 ns.org. has no address: no glue");
    ck_assert_uint_eq(rig.queries, 1);
}
END_TEST

START_TEST(zones_that_need_each_other_fail_at_little_cost)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.a.", "*", "ns a. 3600 NS ns.b.", 0},
        {"10.0.0.1", "*.b.", "*", "ns b. 3600 NS ns.a.", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.a.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.a. TXT: no server of a. answered\n"
                     "ede 22 ns.b. has no address: no server answered\n"
                     "ede 22 ns.a. A: no server of a. answered\n"
                     "ede 22 ns.b. has no address: finding it needs itself\n"
                     "ede 22 ns.b. A: no server of b. answered\n"
                     "ede 22 ns.a. has no address: no server answered");
    ck_assert_uint_le(rig.queries, 5);
    ck_assert(rig_decided(&rig, "cycle", NULL));
    rig_ask(&rig, "k.a.", "TXT");
    ck_assert_uint_le(rig.queries, 5);
}
END_TEST

START_TEST(a_failure_for_want_of_itself_is_not_kept_for_others)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.a.", "*", "ns a. 3600 NS ns.b.", 0},
        {"10.0.0.1", "*.b.", "*", "ns b. 3600 NS ns.a.", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.a.", "TXT");
    ck_assert_str_eq(rig_ask(&rig, "ns.b.", "A"),
                     "SERVFAIL\n"
                     "ede 22 ns.b. A: no server of b. answered\n"
                     "ede 22 ns.a. has no address: no server answered\n"
                     "ede 22 ns.a. A: no server of a. answered\n"
                     "ede 22 ns.b. has no address: finding it needs itself");
}
END_TEST

START_TEST(a_servers_own_failure_is_kept)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "ns.example.", "A", "rcode REFUSED", 0},
        {"10.0.0.1", "*.a.", "*", "ns a. 3600 NS ns.b.", 0},
        {"10.0.0.1", "*.b.", "*", "ns b. 3600 NS ns.a.", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.a.", "TXT");
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.org. TXT: no server of org. answered\n"
                     "ede 22 ns.example. has no address: no server answered\n"
                     "ede 22 ns.example. A: no server of example. answered\n"
                     "ede 22 ns1.example. 10.0.0.2 over UDP: REFUSED");
    ck_assert_str_eq(rig_ask(&rig, "ns.example.", "A"),
                     "SERVFAIL\n"
                     "ede 13 failed before, not tried again for 5 s\n"
                     "ede 22 ns.example. A: no server of example. answered\n"
                     "ede 22 ns1.example. 10.0.0.2 over UDP: REFUSED");
}
END_TEST

START_TEST(expired_glue_is_fetched_from_the_parent_again)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.example.", "*",
         "ns example. 3600 NS ns1.example.\nar ns1.example. 10 A 10.0.0.2", 0},
        {"10.0.0.2", "*.example.", "TXT", "aa\nan @ 1 TXT \"a\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    rig_wait(&rig, 20 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 1 IN TXT \"a\"");
    ck_assert_uint_eq(rig.sent[1], 2);
}
END_TEST

START_TEST(an_alias_in_the_way_to_a_servers_address_is_followed)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        NET_SERVER,
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "ns.example.", "A", "aa\nan @ 300 CNAME host.net.", 0},
        {"10.0.0.4", "host.net.", "A", "aa\nan @ 300 A 10.0.0.5", 0},
        {"10.0.0.5", "k.org.", "TXT", "aa\nan @ 300 TXT \"k\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"), "NOERROR\nan k.org. 300 IN TXT \"k\"");
}
END_TEST

START_TEST(a_second_server_is_looked_up_where_the_first_has_no_address)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS no.example.\nns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "no.example.", "A", "aa\n" SOA, 0},
        {"10.0.0.2", "ns.example.", "A", "aa\nan @ 300 A 10.0.0.5", 0},
        {"10.0.0.5", "k.org.", "TXT", "aa\nan @ 300 TXT \"k\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"), "NOERROR\nan k.org. 300 IN TXT \"k\"");
    ck_assert(rig_decided(&rig, "no-address", "it has none"));
}
END_TEST

START_TEST(a_servers_ipv6_address_is_looked_up_if_it_has_no_other)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"2001:db8::1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        ONE_SERVER,
        {"2001:db8::1", "*.example.", "*",
         "ns example. 3600 NS ns1.example.\nar ns1.example. 3600 A 10.0.0.2", 0},
        {"10.0.0.2", "ns.example.", "A", "aa\n" SOA, 0},
        {"10.0.0.2", "ns.example.", "AAAA", "aa\nan @ 300 AAAA 2001:db8::5", 0},
        {"2001:db8::5", "k.org.", "TXT", "aa\nan @ 300 TXT \"k\"", 0},
    };
    rig_start_at(&rig, "10.0.0.53", "2001:db8::53", NULL, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"), "NOERROR\nan k.org. 300 IN TXT \"k\"");
    ck_assert(rig_decided(&rig, "no-address", NULL));
}
END_TEST

START_TEST(with_ipv6_alone_only_ipv6_is_used)
{
    static const struct script scripts[] = {
        {"2001:db8::1", "*.example.", "*",
         "ns example. 3600 NS ns1.example.\nar ns1.example. 3600 A 10.0.0.2\n"
         "ar ns1.example. 3600 AAAA 2001:db8::2",
         0},
        {"2001:db8::2", "*.example.", "TXT", "udp\ntc", 0},
        {"2001:db8::2", "*.example.", "TXT", "tcp\naa\nan @ 300 TXT \"a\"", 0},
        {"2001:db8::1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"2001:db8::2", "ns.example.", "AAAA", "aa\n" SOA, 0},
    };
    rig_start_at(&rig, NULL, "2001:db8::53", NULL, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"a\"");
    ck_assert_str_eq(rig_ask(&rig, "k.org.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.org. TXT: no server of org. answered\n"
                     "ede 22 ns.example. has no address: it has none");
    ck_assert_uint_eq(rig.queries, 5);
}
END_TEST

START_TEST(the_policy_is_obeyed)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "a.example.", "*", "aa\nan @ 300 CNAME b.example.", 0},
        {"10.0.0.2", "b.example.", "*", "aa\nan @ 300 CNAME c.example.", 0},
        {"10.0.0.2", "c.example.", "*", "aa\nan @ 300 TXT \"c\"", 0},
        {"10.0.0.2", "p.example.", "*", "plain\naa\nan @ 300 TXT \"p\"", 0},
    };
    struct policy policy = policy_default;
    policy.restarts_max = 1;
    policy.edns = false;
    policy.ttl_max = 7 * NS_PER_S;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "a.example.", "TXT"),
                     "SERVFAIL\nede 0 CNAME chain longer than 1");
    ck_assert_str_eq(rig_ask(&rig, "p.example.", "TXT"), "NOERROR\nan p.example. 7 IN TXT \"p\"");
    ck_assert(strstr(rig_ask(&rig, "b.example.", "TXT"), "an c.example. 7 IN TXT \"c\"") != NULL);
}
END_TEST

/* --- servers of no use --- */

static const struct useless_row {
    const char *name;
    const char *reply; /* of 10.0.0.2, once; then it is silent */
    const char *word, *note;
} useless_rows[] = {
    {"refused", "rcode REFUSED", "error", "REFUSED"},
    {"servfail", "rcode SERVFAIL", "error", "SERVFAIL"},
    {"notauth", "rcode NOTAUTH", "lame", "lame: NOTAUTH"},
    {"upward referral", "ns . 300 NS a.root.\nar a.root. 300 A 10.0.0.66", "lame",
     "lame: upward referral"},
    {"referral to itself", "ns example. 300 NS ns1.example.", "lame",
     "lame: refers to its own zone"},
    {"referral elsewhere", "ns other.example. 300 NS ns.evil.", "lame",
     "lame: refers to another zone"},
    {"not authoritative", "an k.example. 300 TXT \"evil\"", "lame",
     "lame: its answer is not authoritative"},
    {"a resolver", "ra\nan k.example. 300 TXT \"evil\"", "lame",
     "lame: it recurses instead of being in charge"},
    {"a resolver's denial", "ra\nrcode NXDOMAIN\n" SOA, "lame",
     "lame: it recurses instead of being in charge"},
    {"empty and not authoritative", "", "lame", "lame: its answer is not authoritative"},
    {"two aliases", "aa\nan k.example. 300 CNAME a.net.\nan k.example. 300 CNAME b.net.", "error",
     "several CNAMEs at one name"},
    {"nxdomain beside an answer", "aa\nrcode NXDOMAIN\nan k.example. 300 TXT \"x\"", "error",
     "NXDOMAIN beside an answer"},
    {"odd rcode", "rcode YXRRSET", "error", "an RCODE without meaning here"},
};

START_TEST(goes_on_to_the_next_server)
{
    const struct useless_row *row = &useless_rows[_i];
    const struct script scripts[] = {
        TWO_SERVERS,
        {"10.0.0.2", "k.example.", "TXT", row->reply, 1},
        {"10.0.0.2", "k.example.", "TXT", "silent", 0},
        {"10.0.0.3", "k.example.", "TXT", "aa\nan k.example. 300 TXT \"true\"", 0},
    };
    START(scripts);
    bool met = false;
    for (uint64_t seed = 0; seed < 20; seed++) {
        resolver_reset(rig.resolver, seed);
        rig.used[1] = 0;
        rig_decisions(&rig);
        ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                         "NOERROR\nan k.example. 300 IN TXT \"true\"");
        met = met || rig_decided(&rig, row->word, row->note);
    }
    ck_assert_msg(met, "no decision %s (%s)", row->word, row->note);
}
END_TEST

START_TEST(one_dead_server_of_two_costs_one_time_out)
{
    static const struct script scripts[] = {
        TWO_SERVERS,
        {"10.0.0.3", "*.example.", "TXT", "aa\nan @ 300 TXT \"a\"", 0},
    };
    START(scripts);
    char name[32];
    for (unsigned i = 0; i < 40; i++) {
        const instant_ns before = rig.now;
        snprintf(name, sizeof name, "k%u.example.", i);
        ck_assert(strncmp(rig_ask(&rig, name, "TXT"), "NOERROR", 7) == 0);
        ck_assert_uint_le(rig.now - before, 500 * NS_PER_MS);
    }
    /* Once met, the dead one is avoided. */
    ck_assert_uint_eq(rig.sent[2], 1);
}
END_TEST

START_TEST(a_lost_first_packet_is_made_good)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.example.", "*", "silent", 1},
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "silent", 1},
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"a\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"a\"");
    ck_assert_uint_eq(rig.queries, 4);
}
END_TEST

START_TEST(time_outs_grow_and_say_who_was_silent)
{
    static const struct script scripts[] = {TWO_SERVERS,
                                            {"10.0.0.3", "*", "*", "rcode REFUSED", 0}};
    START(scripts);
    const instant_ns before = rig.now;
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.example. TXT: no server of example. answered\n"
                     "ede 22 ns1.example. 10.0.0.2 over UDP: timed out, asked 3 times\n"
                     "ede 22 ns2.example. 10.0.0.3 over UDP: REFUSED");
    ck_assert_uint_eq(rig.sent[2], 3);
    ck_assert_uint_eq(rig.sent[3], 1);
    ck_assert_uint_ge(rig.now - before, 2800 * NS_PER_MS);
    ck_assert_uint_le(rig.now - before, 2900 * NS_PER_MS);
}
END_TEST

START_TEST(a_servers_error_is_a_network_error)
{
    static const struct script scripts[] = {ONE_SERVER,
                                            {"10.0.0.2", "*", "*", "rcode SERVFAIL", 0}};
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 23 k.example. TXT: no server of example. answered usefully\n"
                     "ede 23 ns1.example. 10.0.0.2 over UDP: SERVFAIL");
}
END_TEST

START_TEST(a_failure_is_kept_for_5_s_then_longer)
{
    static const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", "rcode REFUSED", 0}};
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.sent[2], 1);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 13 failed before, not tried again for 5 s\n"
                     "ede 22 k.example. TXT: no server of example. answered\n"
                     "ede 22 ns1.example. 10.0.0.2 over UDP: REFUSED");
    rig_wait(&rig, 6 * NS_PER_S);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.sent[2], 2);
    rig_wait(&rig, 9 * NS_PER_S);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.sent[2], 2);
    rig_wait(&rig, 2 * NS_PER_S);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.sent[2], 3);
    rig_wait(&rig, 200 * NS_PER_S);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.sent[2], 4);
    rig_wait(&rig, 6 * NS_PER_S);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.sent[2], 5);
}
END_TEST

START_TEST(every_question_ends_within_10_s)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.example.", "*",
         "ns example. 60 NS n1.example.\nns example. 60 NS n2.example.\n"
         "ns example. 60 NS n3.example.\nns example. 60 NS n4.example.\n"
         "ar n1.example. 60 A 10.0.0.2\nar n2.example. 60 A 10.0.0.3\n"
         "ar n3.example. 60 A 10.0.0.4\nar n4.example. 60 A 10.0.0.5",
         0},
    };
    START(scripts);
    rig_send_query(&rig, 40000, "k.example.", "TXT", 1232);
    rig_run(&rig, 10 * NS_PER_S + RIG_LATENCY);
    const char *answer = rig_answer(&rig);
    ck_assert_msg(strncmp(answer,
                          "SERVFAIL\n"
                          "ede 22 took longer than 10 s\n"
                          "ede 22 k.example. TXT: no server of example. answered\n"
                          "ede 22 n1.example. 10.0.0.2 over UDP: timed out, asked ",
                          144) == 0,
                  "%s", answer);
    ck_assert_uint_eq(rig.client_answers, 1);
}
END_TEST

/* --- EDNS --- */

START_TEST(formerr_with_the_question_is_asked_again_without_edns)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*", "*", "edns\nno opt\nrcode FORMERR", 0},
        {"10.0.0.2", "*", "*", "aa\nan @ 300 TXT \"a\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"a\"");
    ck_assert_uint_eq(rig.sent[2], 2);
    rig_ask(&rig, "l.example.", "TXT");
    ck_assert_uint_eq(rig.sent[2], 3);
}
END_TEST

START_TEST(a_bare_header_is_heeded_only_when_time_is_up)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*", "*", "edns\nheader FORMERR", 0},
        {"10.0.0.2", "*", "*", "aa\nan @ 300 TXT \"a\"", 0},
    };
    START(scripts);
    const instant_ns before = rig.now;
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"a\"");
    ck_assert_uint_ge(rig.now - before, 400 * NS_PER_MS);
    ck_assert_uint_eq(rig.sent[2], 2);
}
END_TEST

START_TEST(only_bare_headers_are_named)
{
    static const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", "header NOTIMP", 0}};
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 23 k.example. TXT: no server of example. answered usefully\n"
                     "ede 23 ns1.example. 10.0.0.2 over UDP: FORMERR or NOTIMP without a question, "
                     "asked 3 times");
}
END_TEST

START_TEST(what_came_last_is_named)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*", "*", "aa\ncut 5\nan @ 300 TXT \"a\"", 1},
        {"10.0.0.2", "*", "*", "silent", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.example. TXT: no server of example. answered\n"
                     "ede 22 ns1.example. 10.0.0.2 over UDP: timed out, asked 3 times");
}
END_TEST

START_TEST(silence_never_switches_edns_off)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*", "*", "edns\nsilent", 0},
        {"10.0.0.2", "*", "*", "aa\nan @ 300 TXT \"a\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "SERVFAIL\n"
                     "ede 22 k.example. TXT: no server of example. answered\n"
                     "ede 22 ns1.example. 10.0.0.2 over UDP: timed out, asked 3 times");
}
END_TEST

/* --- TCP --- */

START_TEST(a_truncated_reply_is_asked_for_over_tcp)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "udp\naa\ntc\nan @ 300 TXT \"part\"", 0},
        {"10.0.0.2", "k.example.", "TXT", "tcp\nbytes\naa\nan @ 300 TXT \"whole\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\nan k.example. 300 IN TXT \"whole\"");
    ck_assert_uint_eq(rig.tcp_queries, 1);
    ck_assert_uint_eq(rig.closes, 1);
    ck_assert(rig_decided(&rig, "truncated", NULL));
    ck_assert(rig_decided(&rig, "tcp", NULL));
}
END_TEST

static const struct tcp_row {
    const char *name;
    const char *reply;
    const char *answer;
} tcp_rows[] = {
    {"refused", "tcp\nrefuse",
     "SERVFAIL\n"
     "ede 23 k.example. TXT: no server of example. answered usefully\n"
     "ede 23 ns1.example. 10.0.0.2 over TCP: connection refused, asked 2 times"},
    {"closed", "tcp\nclose",
     "SERVFAIL\n"
     "ede 23 k.example. TXT: no server of example. answered usefully\n"
     "ede 23 ns1.example. 10.0.0.2 over TCP: connection closed, asked 2 times"},
    {"silent", "tcp\nsilent",
     "SERVFAIL\n"
     "ede 22 k.example. TXT: no server of example. answered\n"
     "ede 22 ns1.example. 10.0.0.2 over TCP: timed out, asked 2 times"},
    {"truncated", "tcp\ntc\naa",
     "SERVFAIL\n"
     "ede 23 k.example. TXT: no server of example. answered usefully\n"
     "ede 23 ns1.example. 10.0.0.2 over TCP: truncated, asked 2 times"},
    {"cut", "tcp\naa\ncut 3\nan @ 300 TXT \"whole\"",
     "SERVFAIL\n"
     "ede 23 k.example. TXT: no server of example. answered usefully\n"
     "ede 23 ns1.example. 10.0.0.2 over TCP: malformed reply, asked 2 times"},
};

START_TEST(tcp_that_fails_is_told)
{
    const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "udp\ntc\naa", 0},
        {"10.0.0.2", "k.example.", "TXT", tcp_rows[_i].reply, 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), tcp_rows[_i].answer);
    ck_assert_uint_eq(rig.tcp_queries, 1);
}
END_TEST

START_TEST(any_gives_what_came)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "ANY", "aa\nan @ 3789 HINFO \"RFC8482\" \"x\"", 0},
        {"10.0.0.2", "l.example.", "ANY", "aa\nan @ 60 A 192.0.2.1\nan @ 50 TXT \"x\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "ANY"),
                     "NOERROR\nan k.example. 3789 IN HINFO \"RFC8482\" \"x\"");
    ck_assert_str_eq(rig_ask(&rig, "l.example.", "ANY"),
                     "NOERROR\nan l.example. 60 IN A 192.0.2.1\nan l.example. 50 IN TXT \"x\"");
}
END_TEST

START_TEST(an_answer_to_any_is_not_kept)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "ANY",
         "aa\nan @ 300 HINFO \"RFC8482\" \"x\"\nan @ 300 A 192.0.2.9", 0},
        {"10.0.0.2", "k.example.", "A", "aa\nan @ 300 A 192.0.2.1", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "ANY");
    rig_ask(&rig, "k.example.", "ANY");
    ck_assert_uint_eq(rig.queries, 3);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "A"), "NOERROR\nan k.example. 300 IN A 192.0.2.1");
}
END_TEST

START_TEST(ds_is_asked_above_the_cut)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*.sub.example.", "TXT",
         "ns sub.example. 300 NS ns.sub.example.\nar ns.sub.example. 300 A 10.0.0.5", 0},
        {"10.0.0.5", "k.sub.example.", "TXT", "aa\nan @ 300 TXT \"a\"", 0},
        {"10.0.0.2", "sub.example.", "DS", "aa\n" SOA, 0},
    };
    START(scripts);
    rig_ask(&rig, "k.sub.example.", "TXT");
    ck_assert(strncmp(rig_ask(&rig, "sub.example.", "DS"), "NOERROR\nns example.", 19) == 0);
    ck_assert_uint_eq(rig.sent[5], 1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("lookup");
    add_test(suite, of_many_name_servers_some_are_kept);
    add_test(suite, answers_after_a_referral);
    add_test(suite, answers_from_the_cache_until_the_ttl_has_run_out);
    add_test(suite, a_ttl_with_bit_31_is_zero_and_long_ones_are_capped);
    add_test(suite, forgetting_a_name_asks_again);
    add_test(suite, a_reset_gives_the_same_run_again);
    add_test(suite, a_denial_holds_for_the_soas_minimum);
    add_test(suite, no_data_of_one_type_says_nothing_of_another);
    add_test(suite, below_a_name_that_does_not_exist_nothing_does);
    add_test(suite, a_missing_name_does_not_hide_another_cut);
    add_test(suite, the_cut_below_a_missing_name_can_be_switched_off);
    add_rows(suite, denial_is_kept_only_with_a_fitting_soa, denial_rows);
    add_test(suite, a_denial_is_capped_at_an_hour);
    add_test(suite, follows_an_alias_into_another_zone);
    add_test(suite, takes_a_whole_chain_of_its_zone_from_one_reply);
    add_test(suite, a_missing_target_gives_nxdomain_with_the_alias);
    add_test(suite, an_alias_asked_for_itself_is_not_followed);
    add_test(suite, a_chain_of_11_is_followed);
    add_test(suite, a_chain_of_12_is_not);
    add_test(suite, a_chain_of_12_in_one_reply_is_not_followed_either);
    add_test(suite, a_loop_in_one_reply_fails);
    add_test(suite, a_loop_of_aliases_fails);
    add_test(suite, a_loop_that_is_told_says_what_it_is);
    add_test(suite, the_cache_alone_refuses_what_it_lacks);
    add_test(suite, a_dname_redirects_and_is_not_kept);
    add_test(suite, a_dname_learnt_over_tcp_is_kept);
    add_test(suite, a_kept_dname_makes_no_name_too_long);
    add_test(suite, a_dname_that_grows_too_long_is_yxdomain);
    add_test(suite, a_dname_that_makes_two_aliases_is_told_once);
    add_test(suite, a_denial_behind_too_many_aliases_is_a_failure);
    add_test(suite, a_servers_name_that_grows_too_long_has_no_address);
    add_test(suite, yxdomain_by_two_dnames_is_told_without_any);
    add_test(suite, a_server_known_to_have_no_address_is_not_looked_up);
    add_test(suite, looks_up_a_server_without_glue);
    add_test(suite, a_server_whose_name_does_not_exist_is_named);
    add_test(suite, a_server_with_only_useless_addresses_is_named);
    add_test(suite, a_server_below_the_cut_without_glue_is_not_looked_up);
    add_test(suite, zones_that_need_each_other_fail_at_little_cost);
    add_test(suite, a_failure_for_want_of_itself_is_not_kept_for_others);
    add_test(suite, a_servers_own_failure_is_kept);
    add_test(suite, expired_glue_is_fetched_from_the_parent_again);
    add_test(suite, an_alias_in_the_way_to_a_servers_address_is_followed);
    add_test(suite, a_second_server_is_looked_up_where_the_first_has_no_address);
    add_test(suite, a_servers_ipv6_address_is_looked_up_if_it_has_no_other);
    add_test(suite, with_ipv6_alone_only_ipv6_is_used);
    add_test(suite, the_policy_is_obeyed);
    add_rows(suite, goes_on_to_the_next_server, useless_rows);
    add_test(suite, one_dead_server_of_two_costs_one_time_out);
    add_test(suite, a_lost_first_packet_is_made_good);
    add_test(suite, time_outs_grow_and_say_who_was_silent);
    add_test(suite, a_servers_error_is_a_network_error);
    add_test(suite, a_failure_is_kept_for_5_s_then_longer);
    add_test(suite, every_question_ends_within_10_s);
    add_test(suite, formerr_with_the_question_is_asked_again_without_edns);
    add_test(suite, a_bare_header_is_heeded_only_when_time_is_up);
    add_test(suite, only_bare_headers_are_named);
    add_test(suite, what_came_last_is_named);
    add_test(suite, silence_never_switches_edns_off);
    add_test(suite, a_truncated_reply_is_asked_for_over_tcp);
    add_rows(suite, tcp_that_fails_is_told, tcp_rows);
    add_test(suite, any_gives_what_came);
    add_test(suite, an_answer_to_any_is_not_kept);
    add_test(suite, ds_is_asked_above_the_cut);
    return suite;
}
