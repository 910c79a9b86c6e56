#include "tests/wire/support.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

static struct builder builder;
static uint8_t buffer[70000];

static void start(size_t capacity)
{
    const struct name www = name_of("www.example.");
    memset(buffer, 0xee, sizeof buffer);
    builder_start(&builder, buffer, capacity, 0x1234, MESSAGE_QR | MESSAGE_RD);
    ck_assert(builder_question(&builder, &www, RRTYPE_A, RRCLASS_IN));
}

static bool add(enum section section, const char *owner, uint16_t type, const char *rdata)
{
    const struct rr rr = rr_of(owner, type, 60, octets_of_hex(rdata));
    return builder_record(&builder, section, &rr);
}

static void finish_is(const char *hex)
{
    char seen[2000];
    struct text text = text_in(seen, sizeof seen);
    const size_t size = builder_finish(&builder);
    const struct bytes expected = octets_of_hex(hex);
    text_put_hex(&text, bytes_of(buffer, size));
    ck_assert_msg(bytes_equal(bytes_of(buffer, size), expected), "%s", seen);
}

#define HEAD(qd, an, ns, ar) "1234 8100 " #qd #an #ns #ar
#define QUESTION             "03'www'07'example'00 0001 0001"

START_TEST(writes_header_and_question)
{
    start(512);
    builder_flags(&builder, MESSAGE_AA);
    builder_rcode(&builder, RCODE_NXDOMAIN);
    finish_is("1234 8503 0001 0000 0000 0000" QUESTION);
}
END_TEST

START_TEST(owner_is_a_pointer_to_the_question)
{
    start(512);
    ck_assert(add(SECTION_ANSWER, "www.example.", RRTYPE_A, "01020304"));
    finish_is(HEAD(0001, 0001, 0000, 0000) QUESTION "c00c 0001 0001 0000003c 0004 01020304");
}
END_TEST

START_TEST(suffixes_are_shared)
{
    start(512);
    ck_assert(add(SECTION_ANSWER, "mail.example.", RRTYPE_A, "01020304"));
    ck_assert(add(SECTION_ANSWER, "a.mail.example.", RRTYPE_A, "01020304"));
    finish_is(HEAD(0001, 0002, 0000, 0000) QUESTION "04'mail'c010 0001 0001 0000003c 0004 01020304"
                                                    "01'a'c01d 0001 0001 0000003c 0004 01020304");
}
END_TEST

START_TEST(names_of_another_case_keep_it)
{
    start(512);
    ck_assert(add(SECTION_ANSWER, "wWw.example.", RRTYPE_A, "01020304"));
    finish_is(HEAD(0001, 0001, 0000, 0000) QUESTION "03'wWw'c010 0001 0001 0000003c 0004 01020304");
}
END_TEST

START_TEST(root_is_never_a_pointer)
{
    start(512);
    ck_assert(add(SECTION_ANSWER, ".", RRTYPE_NS, "00"));
    ck_assert(add(SECTION_ANSWER, ".", RRTYPE_NS, "01'a'00"));
    finish_is(HEAD(0001, 0002, 0000, 0000) QUESTION "00 0002 0001 0000003c 0001 00"
                                                    "00 0002 0001 0000003c 0003 01'a'00");
}
END_TEST

START_TEST(a_name_is_not_compared_with_itself)
{
    start(512);
    ck_assert(add(SECTION_ANSWER, "a.a.a.", RRTYPE_NS, "01'a'01'a'01'a'00"));
    finish_is(HEAD(0001, 0001, 0000, 0000) QUESTION
              "01'a'01'a'01'a'00 0002 0001 0000003c 0002 c01d");
}
END_TEST

static const struct {
    const char *name;
    uint16_t type;
    const char *rdata;
    const char *written;
} rdatas[] = {
    {"NS", RRTYPE_NS, "03'www'07'example'00", "c00c"},
    {"CNAME", RRTYPE_CNAME, "07'example'00", "c010"},
    {"PTR", RRTYPE_PTR, "01'x'07'example'00", "01'x'c010"},
    {"MX", RRTYPE_MX, "000a 07'example'00", "000a c010"},
    {"MINFO", RRTYPE_MINFO, "07'example'00 03'www'07'example'00", "c010 c00c"},
    {"SOA", RRTYPE_SOA,
     "07'example'00 01'r'07'example'00 00000001 00000002 00000003 00000004 00000005",
     "c010 01'r'c010 00000001 00000002 00000003 00000004 00000005"},
    {"SRV is not compressed", RRTYPE_SRV, "0001 0002 0003 07'example'00",
     "0001 0002 0003 07'example'00"},
    {"DNAME is not compressed", RRTYPE_DNAME, "07'example'00", "07'example'00"},
    {"RP is not compressed", RRTYPE_RP, "07'example'00 00", "07'example'00 00"},
    {"RRSIG is not compressed", RRTYPE_RRSIG,
     "0001 05 01 0000003c 00000001 00000000 1234 07'example'00 ab",
     "0001 05 01 0000003c 00000001 00000000 1234 07'example'00 ab"},
    {"TXT", RRTYPE_TXT, "07'example'00", "07'example'00"},
    {"unknown types are copied", 65280, "07'example'00", "07'example'00"},
    {"unsound CNAME is copied", RRTYPE_CNAME, "07'example'", "07'example'"},
    {"CNAME with octets after it is copied", RRTYPE_CNAME, "07'example'00ff", "07'example'00ff"},
    {"MX cut is copied", RRTYPE_MX, "00", "00"},
    {"SOA without numbers is copied", RRTYPE_SOA, "07'example'00 07'example'00",
     "07'example'00 07'example'00"},
    {"empty NS is copied", RRTYPE_NS, "", ""},
};

START_TEST(writes_rdata)
{
    char expected[400];
    struct text text = text_in(expected, sizeof expected);
    start(512);
    ck_assert(add(SECTION_ANSWER, "www.example.", rdatas[_i].type, rdatas[_i].rdata));
    text_put_format(&text, HEAD(0001, 0001, 0000, 0000) QUESTION "c00c %04x 0001 0000003c %04zx %s",
                    rdatas[_i].type, octets_of_hex(rdatas[_i].written).size, rdatas[_i].written);
    finish_is(expected);
}
END_TEST

START_TEST(a_name_taken_back_is_not_pointed_to)
{
    start(512);
    ck_assert(add(SECTION_ANSWER, "www.example.", RRTYPE_SOA, "01'm'00 01'r'00"));
    ck_assert(add(SECTION_ANSWER, "m.", RRTYPE_A, "01020304"));
    finish_is(HEAD(0001, 0002, 0000, 0000) QUESTION "c00c 0006 0001 0000003c 0006 01'm'00 01'r'00"
                                                    "01'm'00 0001 0001 0000003c 0004 01020304");
}
END_TEST

/* The message of RESPONSE with one A record is 12 + 17 + 16 = 45 octets. */
START_TEST(a_record_that_does_not_fit_is_not_there)
{
    for (size_t capacity = 29; capacity < 45; capacity++) {
        start(capacity);
        ck_assert(!add(SECTION_ANSWER, "www.example.", RRTYPE_A, "01020304"));
        ck_assert_int_eq(builder.error, BUILDER_FINE);
        finish_is(HEAD(0001, 0000, 0000, 0000) QUESTION);
        ck_assert_uint_eq(buffer[capacity], 0xee);
    }
    start(45);
    ck_assert(add(SECTION_ANSWER, "www.example.", RRTYPE_A, "01020304"));
    ck_assert_uint_eq(builder_finish(&builder), 45);
    ck_assert_uint_eq(buffer[45], 0xee);
}
END_TEST

START_TEST(a_smaller_record_may_fit_after_one_that_did_not)
{
    start(60);
    ck_assert(!add(SECTION_ANSWER, "much.longer.than.that.", RRTYPE_TXT, "03'abc'"));
    ck_assert(add(SECTION_ANSWER, "than.that.", RRTYPE_A, "01020304"));
    finish_is(HEAD(0001, 0001, 0000, 0000) QUESTION
              "04'than'04'that'00 0001 0001 0000003c 0004 01020304");
}
END_TEST

START_TEST(an_rrset_comes_whole_or_not_at_all)
{
    const struct name owner = name_of("www.example.");
    const struct bytes rdata[] = {octets_of_hex("01020304"), octets_of_hex("01020305"),
                                  octets_of_hex("01020306")};
    const struct rrset rrset = {.owner = &owner,
                                .type = RRTYPE_A,
                                .rrclass = RRCLASS_IN,
                                .ttl = 60,
                                .count = 3,
                                .rdata = rdata};
    start(29 + 3 * 16 - 1);
    ck_assert(!builder_rrset(&builder, SECTION_ANSWER, &rrset));
    finish_is(HEAD(0001, 0000, 0000, 0000) QUESTION);
    start(29 + 3 * 16);
    ck_assert(builder_rrset(&builder, SECTION_ANSWER, &rrset));
    finish_is(HEAD(0001, 0003, 0000, 0000) QUESTION "c00c 0001 0001 0000003c 0004 01020304"
                                                    "c00c 0001 0001 0000003c 0004 01020305"
                                                    "c00c 0001 0001 0000003c 0004 01020306");
}
END_TEST

START_TEST(rewinds_to_a_mark)
{
    start(512);
    ck_assert(add(SECTION_ANSWER, "a.", RRTYPE_A, "01020304"));
    const struct builder_mark mark = builder_mark(&builder);
    ck_assert(add(SECTION_AUTHORITY, "b.", RRTYPE_A, "01020304"));
    ck_assert(add(SECTION_ADDITIONAL, "c.", RRTYPE_A, "01020304"));
    builder_rewind(&builder, mark);
    ck_assert(add(SECTION_AUTHORITY, "c.", RRTYPE_A, "01020304"));
    finish_is(HEAD(0001, 0001, 0001, 0000) QUESTION "01'a'00 0001 0001 0000003c 0004 01020304"
                                                    "01'c'00 0001 0001 0000003c 0004 01020304");
}
END_TEST

START_TEST(rewinds_to_before_the_question)
{
    const struct name www = name_of("www.example.");
    const struct name other = name_of("abc.example.");
    builder_start(&builder, buffer, sizeof buffer, 0x1234, MESSAGE_QR | MESSAGE_RD);
    const struct builder_mark mark = builder_mark(&builder);
    ck_assert(builder_question(&builder, &www, RRTYPE_A, RRCLASS_IN));
    builder_rewind(&builder, mark);
    ck_assert(builder_question(&builder, &other, RRTYPE_A, RRCLASS_IN));
    ck_assert(add(SECTION_ANSWER, "www.example.", RRTYPE_A, "01020304"));
    finish_is(HEAD(0001, 0001, 0000, 0000) "03'abc'07'example'00 0001 0001"
                                           "03'www'c010 0001 0001 0000003c 0004 01020304");
    builder_rewind(&builder, mark);
    ck_assert(add(SECTION_ANSWER, "abc.example.", RRTYPE_A, "01020304"));
    finish_is(HEAD(0000, 0001, 0000, 0000) "03'abc'07'example'00 0001 0001 0000003c 0004 01020304");
}
END_TEST

START_TEST(reserved_octets_are_kept_for_edns)
{
    const struct edns edns = {.present = true,
                              .udp_size = 1232,
                              .dnssec_ok = true,
                              .options = octets_of_hex("000a 0002 abcd")};
    start(45 + EDNS_OPT_OCTETS + 6 - 1);
    builder_reserve(&builder, EDNS_OPT_OCTETS + 6);
    ck_assert(!add(SECTION_ANSWER, "www.example.", RRTYPE_A, "01020304"));
    builder_rcode(&builder, RCODE_BADVERS);
    ck_assert(builder_edns(&builder, &edns));
    finish_is("1234 8100 0001 0000 0000 0001" QUESTION "00 0029 04d0 01008000 0006 000a 0002 abcd");
}
END_TEST

START_TEST(edns_that_does_not_fit_is_not_there)
{
    const struct edns edns = {.present = true, .udp_size = 1232};
    start(29 + EDNS_OPT_OCTETS - 1);
    ck_assert(!builder_edns(&builder, &edns));
    finish_is(HEAD(0001, 0000, 0000, 0000) QUESTION);
}
END_TEST

START_TEST(absent_edns_is_nothing)
{
    const struct edns edns = {.present = false};
    start(512);
    builder_reserve(&builder, 100);
    ck_assert(builder_edns(&builder, &edns));
    finish_is(HEAD(0001, 0000, 0000, 0000) QUESTION);
    ck_assert_uint_eq(builder.limit, 512);
}
END_TEST

static void is_broken(enum builder_error error)
{
    ck_assert_int_eq(builder.error, error);
    ck_assert(!add(SECTION_ADDITIONAL, "a.", RRTYPE_A, "01020304"));
    ck_assert_uint_eq(builder_finish(&builder), 0);
}

START_TEST(errors_are_sticky_no_room_for_the_header)
{
    builder_start(&builder, buffer, 11, 1, 0);
    builder_flags(&builder, MESSAGE_TC);
    is_broken(BUILDER_HEADER_FULL);
}
END_TEST

START_TEST(errors_are_sticky_no_room_for_the_question)
{
    const struct name www = name_of("www.example.");
    builder_start(&builder, buffer, 28, 1, 0);
    ck_assert(!builder_question(&builder, &www, RRTYPE_A, RRCLASS_IN));
    is_broken(BUILDER_HEADER_FULL);
}
END_TEST

START_TEST(errors_are_sticky_no_room_to_reserve)
{
    start(40);
    builder_reserve(&builder, 12);
    is_broken(BUILDER_HEADER_FULL);
}
END_TEST

START_TEST(errors_are_sticky_rdata_of_65536_octets)
{
    const struct rr rr = rr_of("a.", RRTYPE_NULL, 60, bytes_of(buffer, 65536));
    start(sizeof buffer);
    ck_assert(!builder_record(&builder, SECTION_ANSWER, &rr));
    is_broken(BUILDER_RDATA_LONG);
}
END_TEST

START_TEST(errors_are_sticky_options_of_65536_octets)
{
    const struct edns edns = {.present = true, .options = bytes_of(buffer, 65536)};
    start(sizeof buffer);
    ck_assert(!builder_edns(&builder, &edns));
    is_broken(BUILDER_OPTIONS_LONG);
}
END_TEST

START_TEST(what_is_just_possible_is_no_error)
{
    const struct rr rr = rr_of("a.", RRTYPE_NULL, 60, bytes_of(buffer, 65535));
    const struct edns edns = {.present = true, .options = bytes_of(buffer, 65535)};
    builder_start(&builder, buffer, 12, 0x1234, 0);
    ck_assert_uint_eq(builder_finish(&builder), 12);
    start(40);
    builder_reserve(&builder, 11);
    ck_assert_uint_eq(builder_left(&builder), 0);
    ck_assert_int_eq(builder.error, BUILDER_FINE);
    start(sizeof buffer); /* no room is no error */
    ck_assert(!builder_record(&builder, SECTION_ANSWER, &rr));
    ck_assert_int_eq(builder.error, BUILDER_FINE);
    ck_assert(!builder_edns(&builder, &edns));
    ck_assert_int_eq(builder.error, BUILDER_FINE);
}
END_TEST

START_TEST(what_is_left_is_told)
{
    start(100);
    ck_assert_uint_eq(builder_left(&builder), 100 - 29);
    builder_reserve(&builder, 11);
    ck_assert_uint_eq(builder_left(&builder), 100 - 29 - 11);
    ck_assert(add(SECTION_ANSWER, "www.example.", RRTYPE_A, "01020304"));
    ck_assert_uint_eq(builder_left(&builder), 100 - 29 - 11 - 16);
}
END_TEST

START_TEST(after_an_error_absent_edns_is_an_error_too)
{
    const struct edns edns = {.present = false};
    start(40);
    builder_reserve(&builder, 12);
    ck_assert(!builder_edns(&builder, &edns));
}
END_TEST

START_TEST(a_root_in_question_and_record_is_one_octet)
{
    builder_start(&builder, buffer, 512, 0x1234, MESSAGE_QR | MESSAGE_RD);
    ck_assert(builder_question(&builder, name_root(), RRTYPE_NS, RRCLASS_IN));
    ck_assert(add(SECTION_ANSWER, ".", RRTYPE_A, "01020304"));
    finish_is(HEAD(0001, 0001, 0000, 0000) "00 0002 0001"
                                           "00 0001 0001 0000003c 0004 01020304");
}
END_TEST

/* A length octet of 64 begins no label: the octets stand as they are, twice. */
START_TEST(what_is_no_name_is_not_compressed)
{
    uint8_t octets[66] = {64};
    const struct rr rr = rr_of("www.example.", RRTYPE_NS, 60, bytes_of(octets, sizeof octets));
    start(512);
    ck_assert(builder_record(&builder, SECTION_ANSWER, &rr));
    ck_assert(builder_record(&builder, SECTION_ANSWER, &rr));
    ck_assert_uint_eq(builder_finish(&builder), 29 + 2 * (12 + sizeof octets));
}
END_TEST

START_TEST(a_message_never_exceeds_65535_octets)
{
    static const uint8_t zeros[65535];
    const struct rr rr = rr_of(".", RRTYPE_NULL, 60, bytes_of(zeros, 65535 - 29 - 11));
    const struct rr longer = rr_of(".", RRTYPE_NULL, 60, bytes_of(zeros, 65535 - 29 - 10));
    struct message message;
    start(sizeof buffer);
    ck_assert(!builder_record(&builder, SECTION_ANSWER, &longer));
    ck_assert(builder_record(&builder, SECTION_ANSWER, &rr));
    ck_assert_uint_eq(builder_finish(&builder), 65535);
    ck_assert_uint_eq(buffer[65535], 0xee);
    ck_assert(message_parse(bytes_of(buffer, 65535), MESSAGE_STRICT, &message, NULL));
}
END_TEST

START_TEST(no_pointer_leads_beyond_0x3fff)
{
    static const uint8_t zeros[0x4000];
    struct message message;
    struct record_walk walk;
    struct record record;
    for (size_t size = 0x3fff - 29 - 11 - 3; size <= 0x3fff - 29 - 11 + 3; size++) {
        const struct rr filler = rr_of(".", RRTYPE_NULL, 60, bytes_of(zeros, size));
        start(sizeof buffer);
        ck_assert(builder_record(&builder, SECTION_ANSWER, &filler));
        const uint32_t at = builder.size;
        ck_assert(add(SECTION_ANSWER, "b.c.", RRTYPE_A, "01020304"));
        ck_assert(add(SECTION_ANSWER, "b.c.", RRTYPE_A, "01020304"));
        /* "c." at two octets further must be within reach for "b.c." to be known */
        const size_t first = at + 2 <= 0x3fff ? 2 : 5;
        ck_assert_uint_eq(builder.size, at + 5 + 14 + first + 14);
        ck_assert(message_parse(bytes_of(buffer, builder_finish(&builder)), MESSAGE_STRICT,
                                &message, NULL));
        const struct name name = name_of("b.c.");
        walk = record_walk_start(&message, SECTION_ANSWER);
        ck_assert(record_next(&walk, &record) && record_next(&walk, &record));
        ck_assert(record_next(&walk, &record) && name_ref_identical(record.owner, &name));
    }
}
END_TEST

START_TEST(at_most_128_suffixes_are_remembered)
{
    start(sizeof buffer);
    for (unsigned i = 0; i < 300; i++) {
        char owner[32];
        struct text text = text_in(owner, sizeof owner);
        text_put_format(&text, "n%u.example.", i);
        ck_assert(add(SECTION_ANSWER, owner, RRTYPE_A, "01020304"));
    }
    ck_assert_uint_eq(builder.suffix_count, BUILDER_SUFFIXES_MAX);
    /* two suffixes of the question and 126 owners are known, the others cost their label again */
    const uint32_t before = builder.size;
    ck_assert(add(SECTION_ANSWER, "n125.example.", RRTYPE_A, "01020304"));
    ck_assert_uint_eq(builder.size - before, 2 + 14);
    ck_assert(add(SECTION_ANSWER, "n126.example.", RRTYPE_A, "01020304"));
    ck_assert_uint_eq(builder.size - before, 2 + 14 + 7 + 14);
}
END_TEST

/* The owner of the nth record that was written. */
static struct name owner_at(size_t nth)
{
    struct message message;
    struct record record;
    struct name owner;
    ck_assert(
        message_parse(bytes_of(buffer, builder_finish(&builder)), MESSAGE_STRICT, &message, NULL));
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    for (size_t i = 0; i <= nth; i++) {
        ck_assert(record_next(&walk, &record));
    }
    name_expand(record.owner, &owner);
    return owner;
}

START_TEST(equal_labels_below_different_names_are_told_apart)
{
    /* "a.", "a.a.", …: more entries of one label than there are buckets */
    char owner[2 * 100 + 1] = "";
    start(sizeof buffer);
    for (size_t i = 0; i < 100; i++) {
        memcpy(owner + 2 * i, "a.", 3);
        ck_assert(add(SECTION_ANSWER, owner, RRTYPE_A, "01020304"));
        const struct name written = owner_at(i);
        const struct name meant = name_of(owner);
        ck_assert_msg(name_identical(&written, &meant), "%s", owner);
    }
}
END_TEST

START_TEST(labels_that_differ_anywhere_are_told_apart)
{
    for (size_t size = 1; size <= 20; size++) {
        for (size_t at = 0; at < size; at++) {
            char names[2][32];
            for (size_t i = 0; i < 2; i++) {
                memset(names[i], 'x', size);
                names[i][at] = (char)('x' + i);
                memcpy(names[i] + size, ".", 2);
            }
            start(512);
            for (size_t i = 0; i < 2; i++) {
                ck_assert(add(SECTION_ANSWER, names[i], RRTYPE_A, "01020304"));
                const struct name written = owner_at(i);
                const struct name meant = name_of(names[i]);
                ck_assert_msg(name_identical(&written, &meant), "%s", names[i]);
            }
        }
    }
}
END_TEST

START_TEST(long_labels_are_told_apart_to_their_end)
{
    const char *const owners[] = {"_domainkey.", "_domainkez.", "abcdefg.",    "abcdefgh.",
                                  "abcdefgi.",   "abcdefghi.",  "abcdefghij.", "abcdefgh."};
    start(sizeof buffer);
    for (size_t i = 0; i < COUNT_OF(owners); i++) {
        ck_assert(add(SECTION_ANSWER, owners[i], RRTYPE_A, "01020304"));
        const struct name written = owner_at(i);
        const struct name meant = name_of(owners[i]);
        ck_assert_msg(name_identical(&written, &meant), "%s", owners[i]);
    }
}
END_TEST

START_TEST(a_section_has_at_most_65535_records)
{
    start(sizeof buffer);
    builder.counts[SECTION_ANSWER] = UINT16_MAX;
    ck_assert(!add(SECTION_ANSWER, "a.", RRTYPE_A, "01020304"));
    is_broken(BUILDER_COUNT_OVERFLOW);
}
END_TEST

START_TEST(copies_records_and_compresses_them_anew)
{
    const struct bytes source =
        octets_of_hex("1234 8100 0001 0002 0000 0000" QUESTION
                      "03'www'07'example'00 0005 0001 0000003c 000d 03'www'07'example'00"
                      "c010 0021 0001 0000003c 0008 0001 0002 0003 c00c");
    struct message message;
    struct record record;
    ck_assert(message_parse(source, MESSAGE_LENIENT, &message, NULL));
    start(512);
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    while (record_next(&walk, &record)) {
        ck_assert(builder_copy_record(&builder, &record));
    }
    finish_is(HEAD(0001, 0002, 0000, 0000) QUESTION
              "c00c 0005 0001 0000003c 0002 c00c"
              "c010 0021 0001 0000003c 0013 0001 0002 0003 03'www'07'example'00");
}
END_TEST

START_TEST(copies_unsound_records_as_they_stand)
{
    const struct bytes source = octets_of_hex("1234 8100 0001 0001 0000 0000" QUESTION
                                              "c00c 0005 0001 0000003c 0003 c00c ff");
    struct message message;
    struct record record;
    ck_assert(message_parse(source, MESSAGE_LENIENT, &message, NULL));
    start(46);
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    ck_assert(record_next(&walk, &record) && builder_copy_record(&builder, &record));
    ck_assert(!builder_copy_record(&builder, &record));
    ck_assert_uint_eq(builder_finish(&builder), source.size);
    ck_assert_mem_eq(buffer, source.data, source.size);
}
END_TEST

/* A message of many names, record by record, as far as it fits. */
static size_t fill(size_t capacity, const struct message *source)
{
    static const uint8_t options[] = {0, 10, 0, 2, 0xab, 0xcd};
    const struct edns edns = {
        .present = true, .udp_size = 1232, .options = bytes_of(options, sizeof options)};
    struct record record;
    struct record_walk walk = record_walk_start(source, SECTION_ANSWER);
    start(capacity);
    while (record_next(&walk, &record)) {
        (void)builder_copy_record(&builder, &record);
    }
    (void)add(SECTION_AUTHORITY, "a.b.c.", RRTYPE_SOA,
              "01'm'01'b'01'c'00 01'r'01'b'01'c'00 00000001 00000002 00000003 00000004 00000005");
    (void)add(SECTION_AUTHORITY, "d.b.c.", RRTYPE_MX, "000a 01'e'01'd'01'b'01'c'00");
    (void)builder_edns(&builder, &edns);
    return builder_finish(&builder);
}

START_TEST(at_every_capacity_what_fits_is_a_message)
{
    struct message source, message;
    size_t last = 0;
    ck_assert(message_parse(octets_of_hex("1234 8100 0001 0003 0000 0000" QUESTION
                                          "c00c 0005 0001 0000003c 0004 01'x'c010"
                                          "01'x'c010 0010 0001 0000003c 0002 01'y'"
                                          "c010 0021 0001 0000003c 0008 0001 0002 0003 c010"),
                            MESSAGE_LENIENT, &source, NULL));
    for (size_t capacity = 29; capacity < 300; capacity++) {
        const size_t size = fill(capacity, &source);
        ck_assert_uint_le(size, capacity);
        ck_assert_uint_eq(buffer[capacity], 0xee);
        ck_assert(
            message_parse(exact_copy(bytes_of(buffer, size)), MESSAGE_STRICT, &message, NULL));
        last = size;
    }
    ck_assert_uint_eq(message.counts[SECTION_ANSWER], 3);
    ck_assert_uint_eq(message.counts[SECTION_AUTHORITY], 2);
    ck_assert(message.edns.present);
    ck_assert_uint_lt(last, 299);
}
END_TEST

START_TEST(an_error_stops_everything)
{
    const struct edns edns = {.present = true, .udp_size = 1232};
    const struct name name = name_of("a.");
    struct message source;
    struct record record;
    ck_assert(message_parse(octets_of_hex("1234 8100 0001 0001 0000 0000" QUESTION
                                          "c00c 0001 0001 0000003c 0004 01020304"),
                            MESSAGE_STRICT, &source, NULL));
    struct record_walk walk = record_walk_start(&source, SECTION_ANSWER);
    ck_assert(record_next(&walk, &record));
    builder_start(&builder, buffer, 11, 1, 0);
    ck_assert(!builder_question(&builder, &name, RRTYPE_A, RRCLASS_IN));
    ck_assert(!builder_copy_record(&builder, &record));
    ck_assert(!builder_edns(&builder, &edns));
    is_broken(BUILDER_HEADER_FULL);
}
END_TEST

START_TEST(sections_come_in_order)
{
    start(512);
    ck_assert(add(SECTION_AUTHORITY, "a.", RRTYPE_A, "01020304"));
    ck_assert(!add(SECTION_ANSWER, "a.", RRTYPE_A, "01020304"));
}
END_TEST

START_TEST(every_error_has_its_own_word)
{
    for (unsigned i = 0; i <= BUILDER_OPTIONS_LONG; i++) {
        for (unsigned j = 0; j < i; j++) {
            ck_assert_str_ne(builder_error_name((enum builder_error)i),
                             builder_error_name((enum builder_error)j));
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("builder");
    add_test(suite, writes_header_and_question);
    add_test(suite, owner_is_a_pointer_to_the_question);
    add_test(suite, suffixes_are_shared);
    add_test(suite, names_of_another_case_keep_it);
    add_test(suite, root_is_never_a_pointer);
    add_test(suite, a_name_is_not_compared_with_itself);
    add_rows(suite, writes_rdata, rdatas);
    add_test(suite, a_name_taken_back_is_not_pointed_to);
    add_test(suite, a_record_that_does_not_fit_is_not_there);
    add_test(suite, a_smaller_record_may_fit_after_one_that_did_not);
    add_test(suite, an_rrset_comes_whole_or_not_at_all);
    add_test(suite, rewinds_to_a_mark);
    add_test(suite, rewinds_to_before_the_question);
    add_test(suite, reserved_octets_are_kept_for_edns);
    add_test(suite, edns_that_does_not_fit_is_not_there);
    add_test(suite, absent_edns_is_nothing);
    add_test(suite, errors_are_sticky_no_room_for_the_header);
    add_test(suite, errors_are_sticky_no_room_for_the_question);
    add_test(suite, errors_are_sticky_no_room_to_reserve);
    add_test(suite, errors_are_sticky_rdata_of_65536_octets);
    add_test(suite, errors_are_sticky_options_of_65536_octets);
    add_test(suite, a_message_never_exceeds_65535_octets);
    add_test(suite, no_pointer_leads_beyond_0x3fff);
    add_test(suite, at_most_128_suffixes_are_remembered);
    add_test(suite, equal_labels_below_different_names_are_told_apart);
    add_test(suite, long_labels_are_told_apart_to_their_end);
    add_test(suite, a_section_has_at_most_65535_records);
    add_test(suite, copies_records_and_compresses_them_anew);
    add_test(suite, copies_unsound_records_as_they_stand);
    add_test(suite, at_every_capacity_what_fits_is_a_message);
    add_test(suite, an_error_stops_everything);
    add_abort_test(suite, sections_come_in_order);
    add_test(suite, every_error_has_its_own_word);
    add_test(suite, what_is_just_possible_is_no_error);
    add_test(suite, what_is_left_is_told);
    add_test(suite, after_an_error_absent_edns_is_an_error_too);
    add_test(suite, a_root_in_question_and_record_is_one_octet);
    add_test(suite, what_is_no_name_is_not_compressed);
    add_test(suite, labels_that_differ_anywhere_are_told_apart);
    return suite;
}
