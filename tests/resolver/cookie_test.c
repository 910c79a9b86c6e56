/* DNS cookies: what is sent, what is believed, and what becomes of servers that are never content.
 */
#include "resolver/cookie.h"

#include "tests/resolver/rig.h"
#include "tests/support/support.h"

static struct rig rig;

#define ROOT                                                                                       \
    {                                                                                              \
        "10.0.0.1", "*.example.", "*",                                                             \
            "given nothing\nns example. 3600 NS ns1.example.\nar ns1.example. 3600 A 10.0.0.2", 0  \
    }
#define TRUE_ANSWER "NOERROR\nan k.example. 300 IN TXT \"true\""

static void start(const struct script *scripts, size_t count)
{
    struct policy policy = policy_default;
    policy.cookies = true;
    rig_start(&rig, &policy, scripts, count);
}

#define START(scripts) start(scripts, COUNT_OF(scripts))

START_TEST(what_a_server_gives_is_sent_back)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT",
         "given nothing\ncookie 01234567\naa\nan @ 300 TXT \"true\"", 0},
        {"10.0.0.2", "l.example.", "TXT", "given 01234567\ncookie 89abcdef\naa\nan @ 300 TXT \"2\"",
         0},
        {"10.0.0.2", "m.example.", "TXT", "given 89abcdef\ncookie 89abcdef\naa\nan @ 300 TXT \"3\"",
         0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_str_eq(rig_ask(&rig, "l.example.", "TXT"), "NOERROR\nan l.example. 300 IN TXT \"2\"");
    ck_assert_str_eq(rig_ask(&rig, "m.example.", "TXT"), "NOERROR\nan m.example. 300 IN TXT \"3\"");
    ck_assert_uint_eq(rig.queries, 4);
    /* Cookies are the server's, not the cache's: they outlive what is forgotten there. */
    resolver_forget(rig.resolver);
    rig_ask(&rig, "m.example.", "TXT");
    ck_assert_uint_eq(rig.queries, 6);
}
END_TEST

START_TEST(without_the_policy_none_is_sent)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "k.example.", "TXT", "given nothing\nrcode REFUSED", 0},
        {"10.0.0.1", "k.example.", "TXT", "aa\nan @ 300 TXT \"true\"", 0},
    };
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
}
END_TEST

START_TEST(a_reply_with_a_wrong_cookie_is_overlooked)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "wrong cookie 01234567\naa\nan @ 300 TXT \"forged\"", 1},
        {"10.0.0.2", "k.example.", "TXT", "cookie 01234567\naa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(resolver_counters(rig.resolver)->upstream_timeouts, 1);
    ck_assert_uint_eq(resolver_counters(rig.resolver)->unmatched_replies, 1);
}
END_TEST

START_TEST(only_wrong_cookies_are_told_to_the_client)
{
    static const struct script scripts[] = {
        ROOT, {"10.0.0.2", "*", "*", "wrong cookie 01234567\naa\nan @ 300 TXT \"forged\"", 0}};
    START(scripts);
    ck_assert(strstr(rig_ask(&rig, "k.example.", "TXT"),
                     ": a reply with another cookie, asked 3") != NULL);
}
END_TEST

/* Once the server has given one, an answer without it may be anybody's. */
START_TEST(a_missing_cookie_leads_to_tcp)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "cookie 01234567\naa\nan @ 300 TXT \"true\"", 0},
        {"10.0.0.2", "l.example.", "TXT", "udp\naa\nan @ 300 TXT \"forged\"", 0},
        {"10.0.0.2", "l.example.", "TXT", "tcp\naa\nan @ 300 TXT \"2\"", 0},
        {"10.0.0.2", "m.example.", "TXT", "given nothing\nudp\naa\nan @ 300 TXT \"3\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_str_eq(rig_ask(&rig, "l.example.", "TXT"), "NOERROR\nan l.example. 300 IN TXT \"2\"");
    ck_assert(rig_decided(&rig, "distrust", "a reply without the cookie"));
    /* Over TCP it gave none either: it gives none any more. */
    ck_assert_str_eq(rig_ask(&rig, "m.example.", "TXT"), "NOERROR\nan m.example. 300 IN TXT \"3\"");
    ck_assert_uint_eq(rig.tcp_queries, 1);
}
END_TEST

START_TEST(a_wrong_cookie_over_tcp_is_overlooked_too)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "udp\ntc\naa", 0},
        {"10.0.0.2", "k.example.", "TXT", "wrong cookie 01234567\naa\nan @ 300 TXT \"forged\"", 0},
    };
    START(scripts);
    const char *answer = rig_ask(&rig, "k.example.", "TXT");
    ck_assert_msg(strncmp(answer, "SERVFAIL\n", 9) == 0, "%s", answer);
    ck_assert_msg(strstr(answer, "a reply with another cookie") != NULL, "%s", answer);
    ck_assert_uint_gt(rig.tcp_queries, 0);
    ck_assert_uint_eq(resolver_counters(rig.resolver)->unmatched_replies, rig.tcp_queries);
}
END_TEST

START_TEST(badcookie_is_asked_again_with_the_new_one)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "given nothing\ncookie 01234567\nrcode BADCOOKIE", 0},
        {"10.0.0.2", "k.example.", "TXT",
         "given 01234567\ncookie 01234567\naa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(rig.queries, 3);
    ck_assert_uint_eq(rig.tcp_queries, 0);
}
END_TEST

START_TEST(badcookie_again_leads_to_tcp)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.example.", "TXT", "udp\ncookie 01234567\nrcode BADCOOKIE", 0},
        {"10.0.0.2", "k.example.", "TXT", "tcp\ncookie 01234567\naa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), TRUE_ANSWER);
    ck_assert_uint_eq(rig.queries, 4);
    ck_assert_uint_eq(rig.tcp_queries, 1);
}
END_TEST

static const struct never_row {
    const char *name;
    const char *reply;
    unsigned queries;
} never_rows[] = {
    {"with cookies", "cookie 01234567\nrcode BADCOOKIE", 3},
    {"without one", "rcode BADCOOKIE", 1},
};

START_TEST(a_server_that_is_never_content_is_left)
{
    const struct script scripts[] = {ROOT, {"10.0.0.2", "*", "*", never_rows[_i].reply, 0}};
    START(scripts);
    ck_assert(strncmp(rig_ask(&rig, "k.example.", "TXT"), "SERVFAIL\nede 23 ", 16) == 0);
    ck_assert_uint_eq(rig.sent[2], never_rows[_i].queries);
}
END_TEST

/* Who sends our cookie back has seen the query: no forgery from aside. */
START_TEST(a_dname_that_comes_with_our_cookie_is_kept)
{
    static const struct script scripts[] = {
        ROOT,
        {"10.0.0.2", "k.d.example.", "TXT",
         "cookie 01234567\naa\nan d.example. 300 DNAME t.example.", 0},
        {"10.0.0.2", "k.t.example.", "TXT", "cookie 01234567\naa\nan @ 300 TXT \"true\"", 0},
        {"10.0.0.2", "l.t.example.", "TXT", "cookie 01234567\naa\nan @ 300 TXT \"true\"", 0},
    };
    START(scripts);
    ck_assert(strncmp(rig_ask(&rig, "k.d.example.", "TXT"), "NOERROR", 7) == 0);
    const unsigned before = rig.queries;
    ck_assert(strncmp(rig_ask(&rig, "l.d.example.", "TXT"), "NOERROR", 7) == 0);
    ck_assert_uint_eq(rig.queries - before, 1);
}
END_TEST

/* --- the pure part --- */

static const struct judge_row {
    const char *name;
    size_t size; /* of the option; 0: none */
    bool same;
    enum cookie_verdict verdict;
} judge_rows[] = {
    {"none", 0, true, COOKIE_MISSING},     {"ours alone", 8, true, COOKIE_FITS},
    {"not ours", 8, false, COOKIE_WRONG},  {"7 octets", 7, true, COOKIE_WRONG},
    {"9 octets", 9, true, COOKIE_WRONG},   {"15 octets", 15, true, COOKIE_WRONG},
    {"16 octets", 16, true, COOKIE_FITS},  {"40 octets", 40, true, COOKIE_FITS},
    {"41 octets", 41, true, COOKIE_WRONG}, {"16 of another", 16, false, COOKIE_WRONG},
};

START_TEST(a_cookie_is_judged_by_length_and_our_part)
{
    static const uint8_t sent[] = "abcdefgh";
    const struct judge_row *row = &judge_rows[_i];
    uint8_t cookie[48], options[64];
    size_t size = 0;
    struct message reply = {.edns = {.present = true}};
    struct bytes server = bytes_of(NULL, 0);
    memset(cookie, 'x', sizeof cookie);
    memcpy(cookie, row->same ? "abcdefgh" : "abcdefgH", 8);
    if (row->size > 0) {
        edns_option_append(options, sizeof options, &size, EDNS_OPTION_COOKIE,
                           bytes_of(cookie, row->size));
    }
    reply.edns.options = bytes_of(options, size);
    ck_assert_int_eq(cookie_judge(&reply, bytes_of(sent, 8), &server), row->verdict);
    if (row->verdict == COOKIE_FITS) {
        ck_assert_uint_eq(server.size, row->size - 8);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cookie");
    add_test(suite, what_a_server_gives_is_sent_back);
    add_test(suite, without_the_policy_none_is_sent);
    add_test(suite, a_reply_with_a_wrong_cookie_is_overlooked);
    add_test(suite, only_wrong_cookies_are_told_to_the_client);
    add_test(suite, a_missing_cookie_leads_to_tcp);
    add_test(suite, a_wrong_cookie_over_tcp_is_overlooked_too);
    add_test(suite, badcookie_is_asked_again_with_the_new_one);
    add_test(suite, badcookie_again_leads_to_tcp);
    add_rows(suite, a_server_that_is_never_content_is_left, never_rows);
    add_test(suite, a_dname_that_comes_with_our_cookie_is_kept);
    add_rows(suite, a_cookie_is_judged_by_length_and_our_part, judge_rows);
    return suite;
}
