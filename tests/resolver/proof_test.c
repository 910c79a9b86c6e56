/* Signatures and proofs on their way from servers to clients that set DO, also out of the cache. */
#include <stdio.h>

#include "resolver/proof.h"
#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

#define START(scripts) rig_start(&rig, NULL, scripts, COUNT_OF(scripts))
#define SOA            "ns example. 7200 SOA ns1.example. h.example. 1 2 3 4 1800"
#define SIGNED         "aa\nan @ 300 TXT \"v\"\nan @ 300 RRSIG TXT"
#define DENIED                                                                                     \
    "aa\n" SOA "\nns example. 7200 RRSIG SOA\nns a.example. 600 NSEC z.example.\n"                 \
    "ns a.example. 600 RRSIG NSEC"

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

START_TEST(signatures_come_with_the_answer)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "do\n" SIGNED, 0},
    };
    START(scripts);
    for (int i = 0; i < 2; i++) { /* once more from the cache */
        const char *answer = rig_ask_signed(&rig, "k.example.", "TXT");
        ck_assert_msg(has(answer, "an k.example. 300 IN TXT \"v\""), "%s", answer);
        ck_assert_msg(has(answer, "an k.example. 300 IN RRSIG TXT 13 1 300"), "%s", answer);
    }
    ck_assert_uint_eq(rig.queries, 2);
}
END_TEST

START_TEST(who_does_not_ask_for_signatures_gets_none)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "do\n" SIGNED, 0},
        {"10.0.0.2", "k.example.", "TXT", "aa\nan @ 300 TXT \"plain\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"),
                     "NOERROR\nan k.example. 300 IN TXT \"plain\"");
    /* What was asked for without DO does not serve who sets it; the other way round it does. */
    ck_assert(has(rig_ask_signed(&rig, "k.example.", "TXT"), "RRSIG"));
    ck_assert_uint_eq(rig.queries, 3);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"v\"");
    ck_assert_uint_eq(rig.queries, 3);
}
END_TEST

static const struct denial_row {
    const char *name;
    const char *reply;
} denial_rows[] = {{"no such name", "do\nrcode NXDOMAIN\n" DENIED},
                   {"no such type", "do\n" DENIED}};

START_TEST(proofs_come_with_the_denial)
{
    const struct script scripts[] = {ONE_SERVER,
                                     {"10.0.0.2", "k.example.", "TXT", denial_rows[_i].reply, 0}};
    START(scripts);
    for (int i = 0; i < 2; i++) {
        const char *answer = rig_ask_signed(&rig, "k.example.", "TXT");
        ck_assert_msg(has(answer, "ns a.example. 600 IN NSEC z.example. NS"), "%s", answer);
        ck_assert_msg(has(answer, "ns a.example. 600 IN RRSIG NSEC"), "%s", answer);
        ck_assert_msg(has(answer, "ns example. 1800 IN RRSIG SOA"), "%s", answer);
    }
    ck_assert_uint_eq(rig.queries, 2);
    ck_assert(!has(rig_ask(&rig, "k.example.", "TXT"), "RRSIG"));
}
END_TEST

START_TEST(aliases_come_with_their_signatures)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT",
         "do\naa\nan k.example. 300 CNAME l.example.\nan k.example. 300 RRSIG CNAME\n"
         "an l.example. 300 TXT \"v\"\nan l.example. 300 RRSIG TXT",
         0},
    };
    START(scripts);
    for (int i = 0; i < 2; i++) {
        const char *answer = rig_ask_signed(&rig, "k.example.", "TXT");
        ck_assert_msg(has(answer, "an k.example. 300 IN RRSIG CNAME"), "%s", answer);
        ck_assert_msg(has(answer, "an l.example. 300 IN RRSIG TXT"), "%s", answer);
    }
    ck_assert_uint_eq(rig.queries, 2);
}
END_TEST

START_TEST(a_lookup_under_way_leaves_no_proof_to_others)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT",
         "do\naa\nan @ 300 CNAME l.example.\nan @ 300 RRSIG CNAME\nan l.example. 0 TXT \"v\"", 0},
        {"10.0.0.2", "l.example.", "TXT", "silent", 0},
        {"10.0.0.2", "m.example.", "TXT", "aa\nan @ 300 TXT \"v\"", 0},
    };
    START(scripts);
    rig_ask_signed(&rig, "k.example.", "TXT");
    rig.client_do = true;
    rig_send_query(&rig, 40001, "k.example.", "TXT", 1232);
    rig.client_do = false;
    rig_send_query(&rig, 40002, "m.example.", "TXT", 1232);
    rig_run(&rig, 100 * NS_PER_MS);
    ck_assert_str_eq(rig_answer(&rig), "NOERROR\nan m.example. 300 IN TXT \"v\"");
}
END_TEST

START_TEST(proofs_of_other_zones_are_not_carried)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT",
         "do\naa\nrcode NXDOMAIN\n" SOA "\nns a.net. 600 NSEC z.net.\nns b.example. 600 RRSIG A",
         0},
    };
    START(scripts);
    const char *answer = rig_ask_signed(&rig, "k.example.", "TXT");
    ck_assert_msg(!has(answer, "NSEC") && !has(answer, "RRSIG"), "%s", answer);
}
END_TEST

START_TEST(what_is_learnt_without_do_takes_the_old_proof_away)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "do\naa\nan @ 300 CNAME l.example.\nan @ 300 RRSIG CNAME",
         1},
        {"10.0.0.2", "l.example.", "TXT", "do\n" SIGNED, 1},
        {"10.0.0.2", "*", "A", "aa\nan @ 300 CNAME m.example.\nan m.example. 300 A 192.0.2.1", 0},
        {"10.0.0.2", "*", "TXT", "do\n" SIGNED, 0},
    };
    START(scripts);
    rig_ask_signed(&rig, "k.example.", "TXT");
    resolver_forget_name(rig.resolver, &(struct name){11, 2, "\1k\7example"});
    rig_ask(&rig, "k.example.", "A"); /* another alias, without a signature */
    ck_assert(!has(rig_ask_signed(&rig, "k.example.", "TXT"), "RRSIG CNAME"));
}
END_TEST

START_TEST(a_cut_above_is_no_proof_for_the_name)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "*.no.example.", "TXT", "do\nrcode NXDOMAIN\n" DENIED, 0},
    };
    START(scripts);
    rig_ask_signed(&rig, "no.example.", "TXT");
    rig_ask_signed(&rig, "k.no.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 3);
    rig_ask(&rig, "l.no.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 3);
}
END_TEST

START_TEST(the_policy_switches_it_off)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "do\nrcode REFUSED", 0},
        {"10.0.0.2", "k.example.", "TXT", SIGNED, 0},
    };
    struct policy policy = policy_default;
    policy.dnssec_ok = false;
    rig_start(&rig, &policy, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask_signed(&rig, "k.example.", "TXT"),
                     "NOERROR\nan k.example. 300 IN TXT \"v\"");
}
END_TEST

/* A server whose answers over TCP are `start` and then `line`, 300 times. */
static void start_with_many(const char *start, const char *line)
{
    static char reply[16384];
    size_t size = (size_t)snprintf(reply, sizeof reply, "tcp\naa\n%s", start);
    for (int i = 0; i < 300; i++) {
        size += (size_t)snprintf(reply + size, sizeof reply - size, "\n%s", line);
    }
    static const struct script scripts[] = {
        ONE_SERVER, {"10.0.0.2", "*", "TXT", "udp\ntc", 0}, {"10.0.0.2", "*", "TXT", reply, 0}};
    START(scripts);
}

START_TEST(of_many_signatures_some_are_carried)
{
    unsigned count = 0;
    start_with_many("an @ 300 TXT \"v\"", "an @ 300 RRSIG TXT");
    const char *at = rig_ask_signed(&rig, "k.example.", "TXT");
    while ((at = strstr(at, "RRSIG TXT")) != NULL) {
        at++;
        count++;
    }
    ck_assert_uint_eq(count, PROOF_SIGNATURES_MAX);
}
END_TEST

START_TEST(too_large_a_proof_is_not_carried_at_all)
{
    start_with_many(SOA, "ns a.example. 600 NSEC z.example.");
    ck_assert_ptr_null(strstr(rig_ask_signed(&rig, "k.example.", "TXT"), "NSEC"));
    ck_assert(rig_decided(&rig, "no-proof", NULL));
}
END_TEST

/* --- CD and AD --- */

static const char *ask_unchecked(const char *name)
{
    rig.client_cd = true;
    const char *answer = rig_ask(&rig, name, "TXT");
    rig.client_cd = false;
    return answer;
}

static uint16_t answer_flags(void)
{
    return (uint16_t)(rig.answer_octets[2] << 8 | rig.answer_octets[3]);
}

START_TEST(cd_goes_to_the_servers_and_back_to_the_client)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "cd\naa\nan @ 300 TXT \"v\"", 0},
        {"10.0.0.2", "*", "TXT", "aa\nan @ 300 TXT \"without\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(ask_unchecked("k.example."), "NOERROR\nan k.example. 300 IN TXT \"v\"");
    ck_assert_uint_eq(answer_flags() & MESSAGE_CD, MESSAGE_CD);
    ck_assert_str_eq(rig_ask(&rig, "l.example.", "TXT"),
                     "NOERROR\nan l.example. 300 IN TXT \"without\"");
    ck_assert_uint_eq(answer_flags() & MESSAGE_CD, 0);
}
END_TEST

START_TEST(a_failure_is_not_told_from_memory_to_who_sets_cd)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "cd\naa\nan @ 300 TXT \"v\"", 0},
        {"10.0.0.2", "*", "TXT", "rcode SERVFAIL", 0},
    };
    START(scripts);
    ck_assert(has(rig_ask(&rig, "k.example.", "TXT"), "SERVFAIL\nede 23"));
    ck_assert_str_eq(ask_unchecked("k.example."), "NOERROR\nan k.example. 300 IN TXT \"v\"");
    /* What fails even so has failed for all. */
    ck_assert(has(ask_unchecked("l.example."), "SERVFAIL\nede 23"));
    ck_assert(has(rig_ask(&rig, "l.example.", "TXT"), "SERVFAIL\nede 13"));
    ck_assert(has(ask_unchecked("l.example."), "SERVFAIL\nede 13"));
}
END_TEST

START_TEST(questions_with_and_without_cd_are_not_joined)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.2", "k.example.", "TXT", "cd\naa\nan @ 0 TXT \"v\"", 0},
        {"10.0.0.2", "*", "TXT", "aa\nan @ 0 TXT \"without\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "k.example.", "TXT");
    const unsigned before = rig.sent[2];
    rig_send_query(&rig, 40001, "k.example.", "TXT", 1232);
    rig.client_cd = true;
    rig_send_query(&rig, 40002, "k.example.", "TXT", 1232);
    rig.client_cd = false;
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.sent[2] - before, 2);
}
END_TEST

START_TEST(ad_of_a_server_is_nobodys_proof)
{
    static const struct script scripts[] = {ONE_SERVER,
                                            {"10.0.0.2", "k.example.", "TXT", "ad\n" SIGNED, 0}};
    START(scripts);
    for (int i = 0; i < 2; i++) {
        ck_assert(has(rig_ask_signed(&rig, "k.example.", "TXT"), "RRSIG"));
        ck_assert_uint_eq(answer_flags() & MESSAGE_AD, 0);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("proof");
    add_test(suite, signatures_come_with_the_answer);
    add_test(suite, who_does_not_ask_for_signatures_gets_none);
    add_rows(suite, proofs_come_with_the_denial, denial_rows);
    add_test(suite, aliases_come_with_their_signatures);
    add_test(suite, a_lookup_under_way_leaves_no_proof_to_others);
    add_test(suite, proofs_of_other_zones_are_not_carried);
    add_test(suite, what_is_learnt_without_do_takes_the_old_proof_away);
    add_test(suite, a_cut_above_is_no_proof_for_the_name);
    add_test(suite, the_policy_switches_it_off);
    add_test(suite, of_many_signatures_some_are_carried);
    add_test(suite, too_large_a_proof_is_not_carried_at_all);
    add_test(suite, cd_goes_to_the_servers_and_back_to_the_client);
    add_test(suite, a_failure_is_not_told_from_memory_to_who_sets_cd);
    add_test(suite, questions_with_and_without_cd_are_not_joined);
    add_test(suite, ad_of_a_server_is_nobodys_proof);
    return suite;
}
