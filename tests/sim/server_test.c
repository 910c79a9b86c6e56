/* What a server puts on the wire: sections, flags, TTLs, EDNS, truncation, refusals. */
#include "sim/server.h"

#include <stdlib.h>
#include <string.h>

#include "sim/compose.h"
#include "tests/sim/stage.h"
#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/message.h"
#include "wire/rrtype.h"

static const char customer[] = "@ 3600 SOA ns1 hostmaster 7 7200 3600 1209600 900\n"
                               "@ 3600 NS ns1\n"
                               "ns1 3600 A 192.0.2.53\n"
                               "www 300 A 192.0.2.80\n"
                               "www 300 AAAA 2001:db8::80\n"
                               "k1._domainkey 300 CNAME k1.dkim.esp.test.\n"
                               "k2._domainkey 300 CNAME k2.dkim.other.test.\n"
                               "gone._domainkey 300 CNAME gone.dkim.esp.test.\n"
                               "empty._domainkey 300 CNAME dkim.esp.test.\n"
                               "both 300 CNAME www\n"
                               "both 300 TXT own\n"
                               "*.wild 60 TXT from the wildcard\n"
                               "loop1 60 CNAME loop2\n"
                               "loop2 60 CNAME loop1\n"
                               "self 60 CNAME self\n"
                               "incut 60 CNAME x.sub\n"
                               "sub 300 NS ns.sub\n"
                               "sub 300 NS ns.esp.test.\n"
                               "sub 300 NS ns1\n"
                               "ns.sub 300 A 192.0.2.99\n"
                               "ns.sub 300 AAAA 2001:db8::99\n"
                               "old 120 DNAME dkim.esp.test.\n"
                               "deep 120 DNAME www\n"
                               "child 300 NS ns1.child\n"
                               "child 300 DS 1 13 2 abcd\n"
                               "ns1.child 300 A 192.0.2.77\n";

static const char provider[] = "@ 600 SOA ns1 hostmaster 3 7200 3600 1209600 60\n"
                               "@ 600 NS ns1\n"
                               "k1.dkim 60 TXT v=DKIM1; |p=AAAA\n"
                               "k2.dkim 60 TXT v=DKIM1; p=BBBB\n";

static const char child[] = "@ 3600 SOA ns1 h 1 2 3 4 5\n@ 3600 NS ns1\n";

static const struct row {
    const char *name;
    const char *question;
    const char *reply;
} rows[] = {
    {"answers", "www.customer.example. A",
     "NOERROR aa opt\nAN www.customer.example. 300 IN A 192.0.2.80"},
    {"keeps_the_askers_case", "wWw.Customer.EXAMPLE. A",
     "NOERROR aa opt\nAN wWw.Customer.EXAMPLE. 300 IN A 192.0.2.80"},
    {"nodata_has_soa_with_negative_ttl", "www.customer.example. TXT",
     "NOERROR aa opt\nNS customer.example. 900 IN SOA ns1.customer.example. "
     "hostmaster.customer.example. 7 7200 3600 1209600 900"},
    {"nxdomain_has_soa", "nope.customer.example. TXT",
     "NXDOMAIN aa opt\nNS customer.example. 900 IN SOA ns1.customer.example. "
     "hostmaster.customer.example. 7 7200 3600 1209600 900"},
    {"soa_itself_keeps_its_ttl", "customer.example. SOA",
     "NOERROR aa opt\nAN customer.example. 3600 IN SOA ns1.customer.example. "
     "hostmaster.customer.example. 7 7200 3600 1209600 900"},
    {"cname_goes_on_into_another_zone", "k1._domainkey.customer.example. TXT",
     "NOERROR aa opt\nAN k1._domainkey.customer.example. 300 IN CNAME k1.dkim.esp.test.\n"
     "AN k1.dkim.esp.test. 60 IN TXT \"v=DKIM1; \" \"p=AAAA\""},
    {"cname_into_the_unknown_stops", "k2._domainkey.customer.example. TXT",
     "NOERROR aa opt\nAN k2._domainkey.customer.example. 300 IN CNAME k2.dkim.other.test."},
    {"cname_to_nothing_is_nxdomain_with_the_targets_soa", "gone._domainkey.customer.example. TXT",
     "NXDOMAIN aa opt\nAN gone._domainkey.customer.example. 300 IN CNAME gone.dkim.esp.test.\n"
     "NS esp.test. 60 IN SOA ns1.esp.test. hostmaster.esp.test. 3 7200 3600 1209600 60"},
    {"cname_to_no_txt_is_nodata_with_the_targets_soa", "empty._domainkey.customer.example. TXT",
     "NOERROR aa opt\nAN empty._domainkey.customer.example. 300 IN CNAME dkim.esp.test.\n"
     "NS esp.test. 60 IN SOA ns1.esp.test. hostmaster.esp.test. 3 7200 3600 1209600 60"},
    {"cname_asked_for_is_not_followed", "k1._domainkey.customer.example. CNAME",
     "NOERROR aa opt\nAN k1._domainkey.customer.example. 300 IN CNAME k1.dkim.esp.test."},
    {"txt_beside_a_cname_is_served", "both.customer.example. TXT",
     "NOERROR aa opt\nAN both.customer.example. 300 IN TXT \"own\""},
    {"any_shows_every_rrset", "both.customer.example. ANY",
     "NOERROR aa opt\nAN both.customer.example. 300 IN CNAME www.customer.example.\n"
     "AN both.customer.example. 300 IN TXT \"own\""},
    {"wildcard_answers_under_the_name_asked", "a.B.wild.customer.example. TXT",
     "NOERROR aa opt\nAN a.B.wild.customer.example. 60 IN TXT \"from the wildcard\""},
    {"loop_of_two_is_told_once", "loop1.customer.example. TXT",
     "NOERROR aa opt\nAN loop1.customer.example. 60 IN CNAME loop2.customer.example.\n"
     "AN loop2.customer.example. 60 IN CNAME loop1.customer.example."},
    {"loop_of_one_is_told_once", "self.customer.example. TXT",
     "NOERROR aa opt\nAN self.customer.example. 60 IN CNAME self.customer.example."},
    {"referral_is_not_authoritative_and_has_glue", "x.sub.customer.example. TXT",
     "NOERROR opt\nNS sub.customer.example. 300 IN NS ns.sub.customer.example.\n"
     "NS sub.customer.example. 300 IN NS ns.esp.test.\n"
     "NS sub.customer.example. 300 IN NS ns1.customer.example.\n"
     "AR ns.sub.customer.example. 300 IN A 192.0.2.99\n"
     "AR ns.sub.customer.example. 300 IN AAAA 2001:db8::99\n"
     "AR ns1.customer.example. 3600 IN A 192.0.2.53"},
    {"cname_into_a_cut_ends_in_a_referral", "incut.customer.example. TXT",
     "NOERROR aa opt\nAN incut.customer.example. 60 IN CNAME x.sub.customer.example.\n"
     "NS sub.customer.example. 300 IN NS ns.sub.customer.example.\n"
     "NS sub.customer.example. 300 IN NS ns.esp.test.\n"
     "NS sub.customer.example. 300 IN NS ns1.customer.example.\n"
     "AR ns.sub.customer.example. 300 IN A 192.0.2.99\n"
     "AR ns.sub.customer.example. 300 IN AAAA 2001:db8::99\n"
     "AR ns1.customer.example. 3600 IN A 192.0.2.53"},
    {"dname_comes_with_a_cname_of_its_ttl", "k1.old.customer.example. TXT",
     "NOERROR aa opt\nAN old.customer.example. 120 IN DNAME dkim.esp.test.\n"
     "AN k1.old.customer.example. 120 IN CNAME k1.dkim.esp.test.\n"
     "AN k1.dkim.esp.test. 60 IN TXT \"v=DKIM1; \" \"p=AAAA\""},
    {"dname_of_a_cname_question_stops_at_the_cname", "k1.old.customer.example. CNAME",
     "NOERROR aa opt\nAN old.customer.example. 120 IN DNAME dkim.esp.test.\n"
     "AN k1.old.customer.example. 120 IN CNAME k1.dkim.esp.test."},
    {"dname_to_nothing_is_nxdomain", "x.deep.customer.example. A",
     "NXDOMAIN aa opt\nAN deep.customer.example. 120 IN DNAME www.customer.example.\n"
     "AN x.deep.customer.example. 120 IN CNAME x.www.customer.example.\n"
     "NS customer.example. 900 IN SOA ns1.customer.example. hostmaster.customer.example. 7 7200 "
     "3600 1209600 900"},
    {"child_served_here_answers_itself", "child.customer.example. SOA",
     "NOERROR aa opt\nAN child.customer.example. 3600 IN SOA ns1.child.customer.example. "
     "h.child.customer.example. 1 2 3 4 5"},
    {"ds_is_answered_by_the_parent", "child.customer.example. DS",
     "NOERROR aa opt\nAN child.customer.example. 300 IN DS 1 13 2 61626364"},
    {"not_served_is_refused", "www.example.org. A", "REFUSED opt ede=20"},
    {"parent_of_what_is_served_is_refused", "example. NS", "REFUSED opt ede=20"},
    {"axfr_is_refused", "customer.example. AXFR", "REFUSED opt"},
    {"ixfr_is_refused", "customer.example. IXFR", "REFUSED opt"},
    {"opt_as_a_question_is_formerr", "customer.example. OPT", "FORMERR opt"},
    {"tsig_as_a_question_is_formerr", "customer.example. TSIG", "FORMERR opt"},
    {"mailb_is_notimp", "customer.example. MAILB", "NOTIMP opt"},
    {"unknown_type_is_nodata", "www.customer.example. TYPE4711",
     "NOERROR aa opt\nNS customer.example. 900 IN SOA ns1.customer.example. "
     "hostmaster.customer.example. 7 7200 3600 1209600 900"},
};

static void open_stage(struct stage *stage)
{
    stage_open(stage);
    stage_serve(stage, "customer.example.", customer);
    stage_serve(stage, "esp.test.", provider);
    stage_serve(stage, "child.customer.example.", child);
}

START_TEST(replies)
{
    static struct stage stage;
    open_stage(&stage);
    ck_assert_str_eq(stage_ask(&stage, rows[_i].question), rows[_i].reply);
    stage_close(&stage);
}
END_TEST

static const struct form {
    const char *name;
    struct stage_query how;
    const char *reply;
} forms[] = {
    {"no_edns_asked_none_given", {.udp_size = 0}, "NOERROR aa"},
    {"rd_is_copied_ra_is_not_set", {.flags = MESSAGE_RD}, "NOERROR aa rd"},
    {"cd_is_copied", {.flags = MESSAGE_CD}, "NOERROR aa cd"},
    {"ad_and_z_are_not_copied", {.flags = MESSAGE_AD | MESSAGE_Z}, "NOERROR aa"},
    {"do_is_copied", {.udp_size = 1232, .dnssec_ok = true}, "NOERROR aa opt do"},
    {"edns_version_1_is_badvers", {.udp_size = 1232, .version = 1}, "BADVERS opt"},
    {"class_chaos_is_refused", {.rrclass = RRCLASS_CH}, "REFUSED"},
    {"class_hesiod_is_refused", {.rrclass = RRCLASS_HS}, "REFUSED"},
    {"class_any_is_formerr", {.rrclass = RRCLASS_ANY}, "FORMERR"},
    {"class_none_is_formerr", {.rrclass = RRCLASS_NONE}, "FORMERR"},
    {"iquery_is_notimp", {.opcode = OPCODE_IQUERY}, "NOTIMP"},
    {"notify_is_notimp", {.opcode = OPCODE_NOTIFY}, "NOTIMP"},
    {"update_is_notimp", {.opcode = OPCODE_UPDATE, .udp_size = 1232}, "NOTIMP opt"},
    {"tcp_answers_the_same", {.transport = TRANSPORT_TCP, .udp_size = 512}, "NOERROR aa opt"},
};

START_TEST(obeys_form)
{
    static struct stage stage;
    open_stage(&stage);
    const char *reply = stage_ask_as(&stage, "www.customer.example. A", &forms[_i].how);
    const size_t size = strlen(forms[_i].reply);
    ck_assert_msg(strncmp(reply, forms[_i].reply, size) == 0 &&
                      (reply[size] == '\n' || reply[size] == '\0'),
                  "expected %s, got %s", forms[_i].reply, reply);
    stage_close(&stage);
}
END_TEST

START_TEST(question_is_repeated_octet_by_octet)
{
    static struct stage stage;
    open_stage(&stage);
    uint8_t query[512];
    const struct stage_query how = {.udp_size = 0};
    const size_t size = stage_build("wWw.CuStOmEr.eXaMpLe. A", &how, query, sizeof query);
    stage_send(&stage, TRANSPORT_UDP, 40000, bytes_of(query, size));
    ck_assert_uint_eq(stage.outbox->count, 1);
    const struct bytes reply = stage.outbox->packets[0].payload;
    ck_assert_uint_gt(reply.size, size);
    ck_assert(bytes_equal(bytes_of(reply.data + 12, size - 12), bytes_of(query + 12, size - 12)));
    stage_close(&stage);
}
END_TEST

/* --- what is no query --- */

static const struct junk {
    const char *name;
    const char *octets; /* hex */
    uint16_t port;
    const char *reply;
} junk[] = {
    {"nothing_is_not_answered", "", 40000, "silence"},
    {"half_a_header_is_not_answered", "1234000000010000000000", 40000, "silence"},
    {"an_answer_is_not_answered",
     "123480000001000000000000"
     "00"
     "00010001",
     40000, "silence"},
    {"a_broken_answer_is_not_answered", "123480000001000000000000", 40000, "silence"},
    {"a_header_alone_is_formerr", "123401000000000000000000", 40000, "FORMERR rd no-question"},
    {"a_cut_question_is_formerr",
     "123401000001000000000000"
     "03777777",
     40000, "FORMERR rd no-question"},
    {"two_questions_are_formerr",
     "123400000002000000000000"
     "00"
     "00010001"
     "00"
     "00010001",
     40000, "FORMERR no-question"},
    {"trailing_octets_are_formerr",
     "123400000001000000000000"
     "00"
     "00010001"
     "ff",
     40000, "FORMERR no-question"},
    {"two_opts_are_formerr",
     "123400000001000000000002"
     "00"
     "00010001"
     "00002904d0000000000000"
     "00002904d0000000000000",
     40000, "FORMERR no-question"},
    {"broken_update_is_notimp", "123428000001000000000000", 40000, "NOTIMP no-question"},
    {"port_0_is_not_answered",
     "123400000001000000000000"
     "00"
     "00010001",
     0, "silence"},
    {"echo_port_is_not_answered",
     "123400000001000000000000"
     "00"
     "00010001",
     7, "silence"},
    {"daytime_port_is_not_answered",
     "123400000001000000000000"
     "00"
     "00010001",
     13, "silence"},
    {"qotd_port_is_not_answered",
     "123400000001000000000000"
     "00"
     "00010001",
     17, "silence"},
    {"chargen_port_is_not_answered",
     "123400000001000000000000"
     "00"
     "00010001",
     19, "silence"},
    {"time_port_is_not_answered",
     "123400000001000000000000"
     "00"
     "00010001",
     37, "silence"},
    {"kpasswd_port_is_not_answered",
     "123400000001000000000000"
     "00"
     "00010001",
     464, "silence"},
    {"port_53_is_answered",
     "123400000001000000000000"
     "00"
     "00010001",
     53, "REFUSED"},
    {"unknown_options_are_ignored",
     "123400000001000000000001"
     "00"
     "00010001"
     "00002904d00000000000"
     "08"
     "fde9000401020304",
     40000, "REFUSED opt ede=20"},
};

static size_t unhex(const char *hex, uint8_t *buffer)
{
    size_t size = 0;
    for (; hex[0] != '\0'; hex += 2) {
        const char digits[3] = {hex[0], hex[1], '\0'};
        buffer[size++] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return size;
}

START_TEST(takes_junk_calmly)
{
    static struct stage stage;
    open_stage(&stage);
    uint8_t octets[256];
    const size_t size = unhex(junk[_i].octets, octets);
    stage_send(&stage, TRANSPORT_UDP, junk[_i].port, bytes_of(octets, size));
    char text[512] = "silence";
    if (stage.outbox->count > 0) {
        stage_show(stage.outbox->packets[0].payload, text, sizeof text);
    }
    ck_assert_str_eq(text, junk[_i].reply);
    stage_close(&stage);
}
END_TEST

/* --- truncation --- */

static const char big[] =
    "@ 3600 SOA ns1 hostmaster 7 7200 3600 1209600 900\n"
    "key 60 TXT "
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "45678901234567890123456789012345678901234567890123456789012345678901234567890123456789|"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "45678901234567890123456789012345678901234567890123456789012345678901234567890123456789|"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "45678901234567890123456789012345678901234567890123456789012345678901234567890123456789\n"
    "alias 60 CNAME key\n"
    "cut 60 NS n1.cut\ncut 60 NS n2.cut\ncut 60 NS n3.cut\ncut 60 NS sibling\n"
    "n1.cut 60 AAAA 2001:db8::1\nn1.cut 60 AAAA 2001:db8::2\nn1.cut 60 AAAA 2001:db8::3\n"
    "n2.cut 60 AAAA 2001:db8::4\nn2.cut 60 AAAA 2001:db8::5\nn2.cut 60 AAAA 2001:db8::6\n"
    "n3.cut 60 AAAA 2001:db8::7\nn3.cut 60 AAAA 2001:db8::8\nn3.cut 60 AAAA 2001:db8::9\n"
    "n3.cut 60 AAAA 2001:db8::a\nn3.cut 60 AAAA 2001:db8::b\nn3.cut 60 AAAA 2001:db8::c\n"
    "n3.cut 60 AAAA 2001:db8::d\nn3.cut 60 AAAA 2001:db8::e\nn3.cut 60 AAAA 2001:db8::f\n"
    "sibling 60 AAAA 2001:db8::11\nsibling 60 AAAA 2001:db8::12\nsibling 60 AAAA 2001:db8::13\n";

static const struct limit {
    const char *name;
    const char *question;
    struct stage_query how;
    const char *reply;
    int answers; /* -1: not looked at */
} limits[] = {
    {"too_long_for_512_sets_tc", "key.big. TXT", {.udp_size = 0}, "NOERROR aa tc", 0},
    {"what_fits_before_stays", "alias.big. TXT", {.udp_size = 0}, "NOERROR aa tc", 1},
    {"edns_size_below_512_counts_as_512",
     "key.big. TXT",
     {.udp_size = 100},
     "NOERROR aa tc opt",
     0},
    {"fits_into_1232", "key.big. TXT", {.udp_size = 1232}, "NOERROR aa opt", 1},
    {"tcp_is_not_truncated", "key.big. TXT", {.transport = TRANSPORT_TCP}, "NOERROR aa", 1},
    {"in_domain_glue_that_does_not_fit_sets_tc", "x.cut.big. A", {.udp_size = 0}, "NOERROR tc", 0},
    {"sibling_glue_that_does_not_fit_is_left_out",
     "x.cut.big. A",
     {.udp_size = 560},
     "NOERROR opt",
     0},
    {"all_glue_fits", "x.cut.big. A", {.udp_size = 1232}, "NOERROR opt", 0},
};

START_TEST(truncates)
{
    static struct stage stage;
    stage_open(&stage);
    stage_serve(&stage, "big.", big);
    const struct limit *limit = &limits[_i];
    const char *reply = stage_ask_as(&stage, limit->question, &limit->how);
    const size_t size = strlen(limit->reply);
    ck_assert_msg(strncmp(reply, limit->reply, size) == 0 &&
                      (reply[size] == '\n' || reply[size] == '\0'),
                  "expected %s, got %s", limit->reply, reply);
    int answers = 0;
    for (const char *at = reply; (at = strstr(at, "\nAN ")) != NULL; at++) {
        answers++;
    }
    ck_assert_int_eq(answers, limit->answers);
    const size_t most = limit->how.udp_size > 512 ? limit->how.udp_size : 512;
    ck_assert(limit->how.transport == TRANSPORT_TCP ||
              stage.outbox->packets[0].payload.size <= most);
    stage_close(&stage);
}
END_TEST

START_TEST(all_glue_is_there_when_it_fits)
{
    static struct stage stage;
    stage_open(&stage);
    stage_serve(&stage, "big.", big);
    const char *reply = stage_ask(&stage, "x.cut.big. A");
    ck_assert_ptr_nonnull(strstr(reply, "AR n1.cut.big. 60 IN AAAA 2001:db8::1"));
    ck_assert_ptr_nonnull(strstr(reply, "AR n3.cut.big. 60 IN AAAA 2001:db8::c"));
    ck_assert_ptr_nonnull(strstr(reply, "AR sibling.big. 60 IN AAAA 2001:db8::13"));
    const char *less = stage_ask_as(&stage, "x.cut.big. A", &(struct stage_query){.udp_size = 560});
    ck_assert_ptr_nonnull(strstr(less, "AR n3.cut.big. 60 IN AAAA 2001:db8::c"));
    ck_assert_ptr_null(strstr(less, "AR sibling.big."));
    stage_close(&stage);
}
END_TEST

/* --- long things --- */

START_TEST(chain_is_followed_sixteen_links)
{
    static struct stage stage;
    stage_open(&stage);
    char lines[2048];
    struct text text = text_in(lines, sizeof lines);
    for (unsigned i = 0; i < 30; i++) {
        text_put_format(&text, "c%u 60 CNAME c%u\n", i, i + 1);
    }
    stage_serve(&stage, "long.", lines);
    const char *reply =
        stage_ask_as(&stage, "c0.long. TXT", &(struct stage_query){.transport = TRANSPORT_TCP});
    ck_assert_ptr_nonnull(strstr(reply, "AN c15.long. 60 IN CNAME c16.long."));
    ck_assert_ptr_nonnull(strstr(reply, "AN c16.long. 60 IN CNAME c17.long."));
    ck_assert_ptr_null(strstr(reply, "AN c17.long."));
    stage_close(&stage);
}
END_TEST

START_TEST(dname_to_a_name_too_long_is_yxdomain)
{
    static struct stage stage;
    stage_open(&stage);
    stage_serve(&stage, "grow.",
                "@ 60 SOA n. h. 1 2 3 4 5\n"
                "d 60 DNAME aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
                "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
                "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.test.\n");
    const char *reply =
        stage_ask(&stage, "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd."
                          "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.d.grow. A");
    ck_assert_msg(strncmp(reply, "YXDOMAIN aa opt\nAN d.grow. 60 IN DNAME ", 39) == 0, "%s", reply);
    ck_assert_ptr_null(strstr(reply, "CNAME"));
    stage_close(&stage);
}
END_TEST

START_TEST(a_reply_keeps_nothing_of_the_one_before)
{
    static struct stage stage;
    open_stage(&stage);
    stage_ask(&stage, "x.sub.customer.example. A"); /* glue that is needed */
    ck_assert_str_eq(stage_ask(&stage, "www.customer.example. A"),
                     "NOERROR aa opt\nAN www.customer.example. 300 IN A 192.0.2.80");
    stage_ask(&stage, "nope.customer.example. A");
    stage_ask(&stage, "elsewhere.test. A"); /* an extended error */
    ck_assert_str_eq(stage_ask(&stage, "www.customer.example. AAAA"),
                     "NOERROR aa opt\nAN www.customer.example. 300 IN AAAA 2001:db8::80");
    stage_close(&stage);
}
END_TEST

START_TEST(thousand_replies_need_no_more_memory_than_one)
{
    static struct stage stage;
    open_stage(&stage);
    for (int i = 0; i < 1000; i++) {
        const char *reply = stage_ask(&stage, "k1.old.customer.example. TXT");
        ck_assert_msg(strncmp(reply, "NOERROR aa", 10) == 0, "%s", reply);
    }
    stage_close(&stage);
}
END_TEST

START_TEST(loop_is_told_in_the_trace)
{
    static struct stage stage;
    open_stage(&stage);
    stage_ask(&stage, "loop1.customer.example. TXT");
    struct trace_cursor cursor = {0};
    const struct trace_entry *entry = trace_next(&stage.trace, &cursor);
    ck_assert_ptr_nonnull(entry);
    ck_assert_str_eq(entry->what, "alias-loop");
    stage_close(&stage);
}
END_TEST

START_TEST(zones_come_and_go)
{
    static struct stage stage;
    stage_open(&stage);
    stage_serve(&stage, "a.test.", "w 60 A 192.0.2.1");
    struct stage_zone *b = stage_serve(&stage, "b.test.", "w 60 A 192.0.2.2");
    const struct name a = stage_name("A.test.");
    server_withdraw(stage.server, &a);
    ck_assert_str_eq(stage_ask(&stage, "w.a.test. A"), "REFUSED opt ede=20");
    ck_assert_str_eq(stage_ask(&stage, "w.b.test. A"),
                     "NOERROR aa opt\nAN w.b.test. 60 IN A 192.0.2.2");
    const struct served_zone changed = {
        .zone = stage_make_zone(&stage.arena, "b.test.", "w 60 A 192.0.2.3")};
    ck_assert(server_serve(stage.server, &changed));
    ck_assert_str_eq(stage_ask(&stage, "w.b.test. A"),
                     "NOERROR aa opt\nAN w.b.test. 60 IN A 192.0.2.3");
    (void)b;
    stage_close(&stage);
}
END_TEST

START_TEST(full_shelf_refuses_one_more)
{
    static struct stage stage;
    stage_open(&stage);
    for (unsigned i = 0; i < STAGE_ZONES_MAX; i++) {
        char apex[16];
        struct text text = text_in(apex, sizeof apex);
        text_put_format(&text, "z%u.test.", i);
        stage_serve(&stage, apex, "@ 60 A 192.0.2.1");
    }
    const struct served_zone more = {.zone = stage_make_zone(&stage.arena, "more.test.", "")};
    ck_assert(!server_serve(stage.server, &more));
    ck_assert_str_eq(stage_ask(&stage, "z7.test. A"),
                     "NOERROR aa opt\nAN z7.test. 60 IN A 192.0.2.1");
    stage_close(&stage);
}
END_TEST

static struct name numbered_apex(unsigned number)
{
    char text[32];
    struct text out = text_in(text, sizeof text);
    text_put_format(&out, "z%u.test.", number);
    return stage_name(text);
}

START_TEST(shelf_finds_each_of_many_zones)
{
    enum { MANY = 300 };
    struct arena arena;
    arena_init(&arena, 8 << 20);
    struct shelf shelf;
    ck_assert(shelf_init(&shelf, &arena, MANY));
    for (unsigned i = 0; i < MANY; i++) {
        const struct name apex = numbered_apex(i);
        struct zone *zone = zone_new(&arena, &apex);
        ck_assert(zone_finish(zone));
        ck_assert(shelf_put(&shelf, &(struct served_zone){.zone = zone}));
    }
    for (unsigned i = 0; i < MANY; i += 3) {
        const struct name apex = numbered_apex(i);
        shelf_remove(&shelf, &apex);
    }
    for (unsigned i = 0; i < MANY; i++) {
        const struct name apex = numbered_apex(i);
        struct zone_path path;
        zone_path_make(&path, &apex);
        const struct served_zone *served = shelf_find(&shelf, &path, apex.labels);
        ck_assert_int_eq(served == NULL, i % 3 == 0);
        ck_assert(served == NULL || name_equal(zone_apex(served->zone), &apex));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(full_outbox_drops_the_reply)
{
    static struct stage stage;
    open_stage(&stage);
    uint8_t query[512];
    const struct stage_query how = {.udp_size = 0};
    const size_t size = stage_build("www.customer.example. A", &how, query, sizeof query);
    const struct event event = {
        .kind = EVENT_PACKET,
        .packet = {.from = {.port = 40000}, .payload = bytes_of(query, size)},
    };
    outbox_clear(stage.outbox);
    for (size_t i = 0; i < OUTBOX_PACKETS_MAX + 5; i++) {
        machine_step(server_machine(stage.server), &event, stage.outbox);
    }
    ck_assert_uint_eq(stage.outbox->count, OUTBOX_PACKETS_MAX);
    stage_close(&stage);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("server");
    add_rows(suite, replies, rows);
    add_rows(suite, obeys_form, forms);
    add_rows(suite, takes_junk_calmly, junk);
    add_rows(suite, truncates, limits);
    add_test(suite, question_is_repeated_octet_by_octet);
    add_test(suite, all_glue_is_there_when_it_fits);
    add_test(suite, chain_is_followed_sixteen_links);
    add_test(suite, dname_to_a_name_too_long_is_yxdomain);
    add_test(suite, a_reply_keeps_nothing_of_the_one_before);
    add_test(suite, thousand_replies_need_no_more_memory_than_one);
    add_test(suite, loop_is_told_in_the_trace);
    add_test(suite, zones_come_and_go);
    add_test(suite, full_shelf_refuses_one_more);
    add_test(suite, shelf_finds_each_of_many_zones);
    add_test(suite, full_outbox_drops_the_reply);
    return suite;
}
