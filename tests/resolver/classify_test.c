/* What replies mean: one row a reply to k.sub.example. TXT from a server of example. */
#include "resolver/classify.h"

#include "tests/resolver/rig.h"
#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

#define SOA "ns example. 7200 SOA ns. h. 1 2 3 4 1800"

static struct reply reply;

static struct name name_of(const char *text)
{
    struct name name;
    ck_assert(name_parse_text(bytes_of_string(text), NULL, &name, NULL));
    return name;
}

static void classify_text(const char *type, const char *text, const struct policy *policy)
{
    uint16_t number = 0;
    const struct name name = name_of("k.sub.example.");
    const struct name zone = name_of("example.");
    ck_assert(rrtype_parse(bytes_of_string(type), &number));
    const struct reply_question question = {&name, number, &zone};
    memset(&reply, 0xaa, sizeof reply);
    classify(rig_compose("k.sub.example.", type, text), &question, policy, &reply);
}

/* A name of 254 octets: with one label more it is too long. */
#define L57  "012345678901234567890123456789012345678901234567890123456"
#define L63  L57 "789012"
#define LONG L63 "." L63 "." L63 "." L57 "789."

static const struct kind_row {
    const char *name;
    const char *type;
    const char *text;
    const char *kind;
    const char *last; /* where the path ends, or the cut of a referral */
    int links;
    bool has_soa;
} kind_rows[] = {
    /* answers */
    {"answer", "TXT", "aa\nan @ 300 TXT \"a\"", "answer", "k.sub.example.", 0, false},
    {"answer in other letters", "TXT", "aa\nan K.SUB.example. 300 TXT \"a\"", "answer",
     "k.sub.example.", 0, false},
    {"answer beside an alias", "TXT", "aa\nan @ 300 CNAME b.example.\nan @ 300 TXT \"a\"", "answer",
     "k.sub.example.", 0, false},
    {"alias and its end", "TXT", "aa\nan @ 300 CNAME b.example.\nan b.example. 300 TXT \"a\"",
     "answer", "b.example.", 1, false},
    {"end before its alias", "TXT", "aa\nan b.example. 300 TXT \"a\"\nan @ 300 CNAME b.example.",
     "answer", "b.example.", 1, false},
    {"alias asked for", "CNAME", "aa\nan @ 300 CNAME b.example.", "answer", "k.sub.example.", 0,
     false},
    {"any", "ANY", "aa\nan @ 300 CNAME b.example.\nan @ 300 TXT \"a\"", "answer", "k.sub.example.",
     0, false},
    /* aliases */
    {"alias alone", "TXT", "aa\nan @ 300 CNAME b.example.", "alias", "b.example.", 1, false},
    {"alias out of the zone", "TXT", "aa\nan @ 300 CNAME b.net.\nan b.net. 300 TXT \"evil\"",
     "alias", "b.net.", 1, false},
    {"alias of an alias", "TXT", "aa\nan @ 300 CNAME b.example.\nan b.example. 300 CNAME c.net.",
     "alias", "c.net.", 2, false},
    {"dname", "TXT", "aa\nan sub.example. 300 DNAME t.net.", "alias", "k.t.net.", 1, false},
    {"dname and its cname", "TXT", "aa\nan sub.example. 300 DNAME t.net.\nan @ 0 CNAME k.t.net.",
     "alias", "k.t.net.", 1, false},
    {"dname and a cname that lies", "TXT",
     "aa\nan sub.example. 300 DNAME t.net.\nan @ 0 CNAME k.evil.net.", "alias", "k.t.net.", 1,
     false},
    {"the closest of two dnames", "TXT",
     "aa\nan example. 300 DNAME far.net.\nan sub.example. 300 DNAME t.net.", "alias", "k.t.net.", 1,
     false},
    {"the closest of two dnames, named first", "TXT",
     "aa\nan sub.example. 300 DNAME t.net.\nan example. 300 DNAME far.net.", "alias", "k.t.net.", 1,
     false},
    {"the first of two dnames of one owner", "TXT",
     "aa\nan sub.example. 300 DNAME t.net.\nan sub.example. 300 DNAME u.net.", "alias", "k.t.net.",
     1, false},
    {"empty, with its own name servers", "TXT", "aa\nns example. 300 NS ns1.example.", "nodata",
     "k.sub.example.", 0, false},
    {"empty, with its own name servers and others", "TXT",
     "aa\nns example. 300 NS ns1.example.\nns . 300 NS a.root.", "nodata", "k.sub.example.", 0,
     false},
    {"dname of the name itself", "TXT", "aa\nan @ 300 DNAME t.net.\n" SOA, "nodata",
     "k.sub.example.", 0, true},
    {"dname above the zone", "TXT", "aa\nan . 300 DNAME t.net.\n" SOA, "nodata", "k.sub.example.",
     0, true},
    {"alias with a denial", "TXT", "aa\nrcode NXDOMAIN\nan @ 300 CNAME b.example.\n" SOA,
     "nxdomain", "b.example.", 1, true},
    {"alias with a denial out of the zone", "TXT",
     "aa\nrcode NXDOMAIN\nan @ 300 CNAME b.net.\nns net. 7200 SOA ns. h. 1 2 3 4 5", "alias",
     "b.net.", 1, false},
    {"alias with no data", "TXT", "aa\nan @ 300 CNAME b.example.\n" SOA, "nodata", "b.example.", 1,
     true},
    /* referrals */
    {"referral", "TXT", "ns sub.example. 300 NS ns.net.", "referral", "sub.example.", 0, false},
    {"referral to the name", "TXT", "ns k.sub.example. 300 NS ns.net.", "referral",
     "k.sub.example.", 0, false},
    {"referral with AA", "TXT", "aa\nns sub.example. 300 NS ns.net.", "referral", "sub.example.", 0,
     false},
    {"referral for DS at the cut", "DS", "ns k.sub.example. 300 NS ns.net.", "nodata",
     "k.sub.example.", 0, false},
    {"referral for DS below the cut", "DS", "ns sub.example. 300 NS ns.net.", "referral",
     "sub.example.", 0, false},
    {"referral with a SOA, not authoritative", "TXT", "ns sub.example. 300 NS ns.net.\n" SOA,
     "referral", "sub.example.", 0, true},
    /* denials */
    {"no data", "TXT", "aa\n" SOA, "nodata", "k.sub.example.", 0, true},
    {"no data with NS", "TXT", "aa\n" SOA "\nns example. 300 NS ns.example.", "nodata",
     "k.sub.example.", 0, true},
    {"no data of a zone below", "TXT",
     "aa\nns sub.example. 9 SOA ns. h. 1 2 3 4 5\nns sub.example. 9 NS ns.net.", "nodata",
     "k.sub.example.", 0, true},
    {"no data without a SOA", "TXT", "aa", "nodata", "k.sub.example.", 0, false},
    {"no data with a SOA from above", "TXT", "aa\nns . 9 SOA ns. h. 1 2 3 4 5", "nodata",
     "k.sub.example.", 0, false},
    {"no such name", "TXT", "aa\nrcode NXDOMAIN\n" SOA, "nxdomain", "k.sub.example.", 0, true},
    {"no such name without a SOA", "TXT", "aa\nrcode NXDOMAIN", "nxdomain", "k.sub.example.", 0,
     false},
    {"no such name with a SOA beside", "TXT",
     "aa\nrcode NXDOMAIN\nns other.example. 9 SOA ns. h. 1 2 3 4 5", "nxdomain", "k.sub.example.",
     0, false},
    /* of no use */
    {"truncated", "TXT", "aa\ntc\nan @ 300 TXT \"a\"", "truncated", "k.sub.example.", 0, false},
    {"truncated error", "TXT", "tc\nrcode SERVFAIL", "truncated", "k.sub.example.", 0, false},
    {"servfail", "TXT", "rcode SERVFAIL", "servfail", "k.sub.example.", 0, false},
    {"servfail with an answer", "TXT", "aa\nrcode SERVFAIL\nan @ 300 TXT \"a\"", "servfail",
     "k.sub.example.", 0, false},
    {"refused", "TXT", "rcode REFUSED", "refused", "k.sub.example.", 0, false},
    {"formerr", "TXT", "rcode FORMERR", "formerr", "k.sub.example.", 0, false},
    {"notimp", "TXT", "rcode NOTIMP", "notimp", "k.sub.example.", 0, false},
    {"notauth", "TXT", "rcode NOTAUTH", "lame", "k.sub.example.", 0, false},
    {"yxdomain", "TXT", "aa\nrcode YXDOMAIN\nan sub.example. 300 DNAME b.example.", "yxdomain",
     "k.sub.example.", 0, false},
    {"yxdomain without a dname", "TXT", "aa\nrcode YXDOMAIN", "odd-rcode", "k.sub.example.", 0,
     false},
    {"the same alias twice", "TXT", "aa\nan @ 300 CNAME b.net.\nan @ 300 CNAME b.net.", "alias",
     "b.net.", 1, false},
    {"empty, and refers upward", "TXT", "aa\nns . 300 NS a.root.", "lame", "k.sub.example.", 0,
     false},
    {"dname that grows too long", "TXT", "aa\nan sub.example. 300 DNAME " LONG, "yxdomain",
     "k.sub.example.", 0, false},
    {"odd", "TXT", "rcode NOTZONE", "odd-rcode", "k.sub.example.", 0, false},
    {"not authoritative", "TXT", "an @ 300 TXT \"a\"", "lame", "k.sub.example.", 0, false},
    {"alias not authoritative", "TXT", "an @ 300 CNAME b.net.", "lame", "b.net.", 1, false},
    {"denial not authoritative", "TXT", "rcode NXDOMAIN\n" SOA, "lame", "k.sub.example.", 0, true},
    {"upward referral", "TXT", "ns . 300 NS a.root.", "lame", "k.sub.example.", 0, false},
    {"referral to its own zone", "TXT", "ns example. 300 NS ns.example.", "lame", "k.sub.example.",
     0, false},
    {"referral beside", "TXT", "ns other.example. 300 NS ns.net.", "lame", "k.sub.example.", 0,
     false},
    {"referral below", "TXT", "ns x.k.sub.example. 300 NS ns.net.", "lame", "k.sub.example.", 0,
     false},
    {"nothing", "TXT", "", "lame", "k.sub.example.", 0, false},
    {"answer to something else", "TXT", "an other.example. 300 TXT \"a\"", "lame", "k.sub.example.",
     0, false},
    {"two aliases", "TXT", "aa\nan @ 300 CNAME b.net.\nan @ 300 CNAME c.net.", "broken",
     "k.sub.example.", 0, false},
    {"no such name but an answer", "TXT", "aa\nrcode NXDOMAIN\nan @ 300 TXT \"a\"", "broken",
     "k.sub.example.", 0, false},
};

START_TEST(means)
{
    const struct kind_row *row = &kind_rows[_i];
    classify_text(row->type, row->text, &policy_default);
    ck_assert_str_eq(reply_kind_name(reply.kind), row->kind);
    const struct name wanted = name_of(row->last);
    ck_assert(name_equal(reply.kind == REPLY_REFERRAL ? &reply.cut : &reply.last, &wanted));
    ck_assert_int_eq(reply.link_count, row->links);
    ck_assert_int_eq(reply.has_soa, row->has_soa);
    ck_assert_int_eq(reply.why != NULL, reply.kind >= REPLY_YXDOMAIN);
}
END_TEST

START_TEST(answers_without_aa_are_taken_if_the_policy_says_so)
{
    struct policy policy = policy_default;
    policy.require_authoritative = false;
    classify_text("TXT", "an @ 300 TXT \"a\"", &policy);
    ck_assert_int_eq(reply.kind, REPLY_ANSWER);
    classify_text("TXT", "rcode NXDOMAIN\n" SOA, &policy);
    ck_assert_int_eq(reply.kind, REPLY_NXDOMAIN);
    classify_text("TXT", "ns . 300 NS a.root.", &policy);
    ck_assert_int_eq(reply.kind, REPLY_LAME);
    classify_text("TXT", "", &policy);
    ck_assert_int_eq(reply.kind, REPLY_NODATA);
    classify_text("TXT", "", &policy_default);
    ck_assert_int_eq(reply.kind, REPLY_LAME);
}
END_TEST

START_TEST(a_loop_in_one_reply_ends)
{
    classify_text("TXT", "aa\nan @ 300 CNAME b.example.\nan b.example. 300 CNAME k.sub.example.",
                  &policy_default);
    ck_assert_int_eq(reply.kind, REPLY_ALIAS);
    ck_assert_uint_eq(reply.link_count, policy_default.restarts_max + 1);
}
END_TEST

static const struct soa_row {
    const char *name;
    const char *text;
    uint32_t ttl;
} soa_rows[] = {
    {"the minimum is less", "aa\nns example. 7200 SOA ns. h. 1 2 3 4 1800", 1800},
    {"the TTL is less", "aa\nns example. 60 SOA ns. h. 1 2 3 4 1800", 60},
    {"the minimum has bit 31", "aa\nns example. 60 SOA ns. h. 1 2 3 4 2147483648", 0},
    {"the TTL has bit 31", "aa\nns example. 4294967295 SOA ns. h. 1 2 3 4 1800", 0},
};

START_TEST(a_denial_holds_for_the_least_of_both)
{
    classify_text("TXT", soa_rows[_i].text, &policy_default);
    ck_assert(reply.has_soa);
    ck_assert_uint_eq(denial_ttl(&reply.soa), soa_rows[_i].ttl);
}
END_TEST

/* A reply to k.sub.example. TXT with AA and one record, as lenient mode reads it. */
static void classify_record(enum section section, const struct rr *rr)
{
    static uint8_t octets[512];
    static struct builder builder;
    static struct message message;
    const struct name name = name_of("k.sub.example.");
    const struct name zone = name_of("example.");
    const struct reply_question question = {&name, RRTYPE_TXT, &zone};
    builder_start(&builder, octets, sizeof octets, 1, MESSAGE_QR | MESSAGE_AA);
    ck_assert(builder_question(&builder, &name, RRTYPE_TXT, RRCLASS_IN));
    ck_assert(builder_record(&builder, section, rr));
    const size_t size = builder_finish(&builder);
    ck_assert(message_parse(bytes_of(octets, size), MESSAGE_LENIENT, &message, NULL));
    classify(&message, &question, &policy_default, &reply);
}

START_TEST(another_class_is_overlooked)
{
    const struct name name = name_of("k.sub.example.");
    const struct rr text = {&name, RRTYPE_TXT, RRCLASS_CH, 300, bytes_of("\1a", 2)};
    classify_record(SECTION_ANSWER, &text);
    ck_assert_int_eq(reply.kind, REPLY_NODATA);
    const struct name zone = name_of("example.");
    const struct name root = *name_root();
    const struct rr server = {&root, RRTYPE_NS, RRCLASS_CH, 300, name_bytes(&zone)};
    classify_record(SECTION_AUTHORITY, &server);
    ck_assert_int_eq(reply.kind, REPLY_NODATA);
}
END_TEST

START_TEST(a_record_that_lenient_mode_forgave_is_overlooked)
{
    const struct name name = name_of("k.sub.example.");
    const struct rr text = {&name, RRTYPE_TXT, RRCLASS_IN, 300, bytes_of("", 0)};
    classify_record(SECTION_ANSWER, &text);
    ck_assert_int_eq(reply.kind, REPLY_NODATA);
    const struct name zone = name_of("example.");
    const struct rr soa = {&zone, RRTYPE_SOA, RRCLASS_IN, 300, bytes_of("\0\0\0", 3)};
    classify_record(SECTION_AUTHORITY, &soa);
    ck_assert_int_eq(reply.kind, REPLY_NODATA);
    ck_assert(!reply.has_soa);
}
END_TEST

START_TEST(a_dname_ends_the_reply_if_the_policy_says_so)
{
    static const char text[] = "aa\nan sub.example. 300 DNAME t.example.\n"
                               "an k.t.example. 300 TXT \"a\"";
    struct policy policy = policy_default;
    classify_text("TXT", text, &policy);
    ck_assert_int_eq(reply.kind, REPLY_ANSWER);
    policy.dname_ends_reply = true;
    classify_text("TXT", text, &policy);
    ck_assert_int_eq(reply.kind, REPLY_ALIAS);
    ck_assert_uint_eq(reply.link_count, 1);
}
END_TEST

START_TEST(a_soa_cut_short_proves_nothing_for_any_time)
{
    const struct record soa = {
        .type = RRTYPE_SOA, .rrclass = RRCLASS_IN, .ttl = 60, .rdata = bytes_of("\0\0\0\0", 4)};
    ck_assert_uint_eq(denial_ttl(&soa), 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("classify");
    add_rows(suite, means, kind_rows);
    add_test(suite, answers_without_aa_are_taken_if_the_policy_says_so);
    add_test(suite, a_loop_in_one_reply_ends);
    add_rows(suite, a_denial_holds_for_the_least_of_both, soa_rows);
    add_test(suite, a_soa_cut_short_proves_nothing_for_any_time);
    add_test(suite, another_class_is_overlooked);
    add_test(suite, a_record_that_lenient_mode_forgave_is_overlooked);
    add_test(suite, a_dname_ends_the_reply_if_the_policy_says_so);
    return suite;
}
