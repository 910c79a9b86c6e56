#include "tests/wire/support.h"

#define QUESTION "03'www'00 0001 0001"

/* A response with one question, its records at offset 21. */
#define RESPONSE(answers, authorities, additionals)                                                \
    "1234 8180 0001" #answers #authorities #additionals QUESTION
#define QUERY(additionals) "1234 0100 0001 0000 0000" #additionals QUESTION

#define ANSWER(rest) RESPONSE(0001, 0000, 0000) "c00c" rest
#define A_RECORD     "c00c 0001 0001 0000003c 0004 01020304"
#define OPT_RECORD   "00 0029 04d0 00000000 0000"
#define TSIG_RECORD  "00 00fa 00ff 00000000 0011 00 000000000000 012c 0000 1234 0000 0000"

struct row {
    const char *name;
    const char *hex;
    enum message_outcome strict;
    enum message_outcome lenient;
    uint32_t forgiven; /* in lenient mode */
};

#define FINE(name, hex)                                                                            \
    {                                                                                              \
        name, hex, MESSAGE_FINE, MESSAGE_FINE, 0                                                   \
    }
#define REFUSED(name, hex, outcome)                                                                \
    {                                                                                              \
        name, hex, outcome, outcome, 0                                                             \
    }
#define FORGIVEN(name, hex, outcome)                                                               \
    {                                                                                              \
        name, hex, outcome, MESSAGE_FINE, MESSAGE_BIT(outcome)                                     \
    }

static const struct row rows[] = {
    FINE("a query", QUERY(0000)),
    FINE("a query with OPT", QUERY(0001) OPT_RECORD),
    FINE("an answer", ANSWER("0001 0001 0000003c 0004 01020304")),
    FINE("a record without owner compression",
         RESPONSE(0001, 0000, 0000) "03'www'00 0001 0001 0000003c 0004 01020304"),
    FINE("all three sections",
         RESPONSE(0001, 0001, 0002) A_RECORD "00 0002 0001 00000000 0002 c00c" A_RECORD OPT_RECORD),
    FINE("an unknown type", ANSWER("ff00 0001 0000003c 0003 c0ffee")),
    FINE("an unknown type without data", ANSWER("ff00 0001 0000003c 0000")),
    FINE("TSIG at the end", RESPONSE(0001, 0000, 0001) A_RECORD TSIG_RECORD),
    REFUSED("nothing", "", MESSAGE_HEADER_CUT),
    REFUSED("eleven octets", "1234 8180 0001 0000 0000 00", MESSAGE_HEADER_CUT),

    REFUSED("D1 pointer to itself",
            RESPONSE(0001, 0000, 0000) "c015 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_AHEAD),
    REFUSED("D1 loop of two pointers",
            ANSWER("0002 0001 0000003c 0002 c023") "c021 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_AHEAD),
    REFUSED("D1 label and a pointer back to it",
            "1234 8180 0001 0000 0000 0000 01'a'c00c 0001 0001", MESSAGE_POINTER_AHEAD),
    REFUSED("D2 forward pointer", ANSWER("0002 0001 0000003c 0002 c030") A_RECORD,
            MESSAGE_POINTER_AHEAD),
    REFUSED("D2 pointer into later RDATA",
            RESPONSE(0002, 0000, 0000) "c021 0001 0001 0000003c 0004 01020304" A_RECORD,
            MESSAGE_POINTER_AHEAD),
    REFUSED("D4 pointer to offset 4",
            RESPONSE(0001, 0000, 0000) "c004 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_HEADER),
    REFUSED("D4 pointer to offset 0",
            RESPONSE(0001, 0000, 0000) "c000 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_HEADER),
    REFUSED("D4 pointer to offset 11",
            RESPONSE(0001, 0000, 0000) "c00b 0001 0001 0000003c 0004 01020304",
            MESSAGE_POINTER_HEADER),
    REFUSED("D5 label octet 0x40",
            RESPONSE(0001, 0000, 0000) "40 00 0001 0001 0000003c 0004 01020304",
            MESSAGE_LABEL_TYPE),
    REFUSED("D5 label octet 0x80",
            RESPONSE(0001, 0000, 0000) "80 00 0001 0001 0000003c 0004 01020304",
            MESSAGE_LABEL_TYPE),
    REFUSED("D5 label octet 0xbf in RDATA", ANSWER("0005 0001 0000003c 0003 bf0000"),
            MESSAGE_LABEL_TYPE),
    FINE("D7 dot, NUL, backslash, ESC and no UTF-8 in a label",
         "1234 0100 0001 0000 0000 0000 06'.'00'\\'1bfffe00 0001 0001"),
    FORGIVEN("D8 A of 0 octets", ANSWER("0001 0001 0000003c 0000"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D8 A of 3 octets", ANSWER("0001 0001 0000003c 0003 010203"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D8 A of 6 octets", ANSWER("0001 0001 0000003c 0006 010203040506"),
             MESSAGE_RDATA_LONG),
    FORGIVEN("D8 A of 16 octets",
             ANSWER("0001 0001 0000003c 0010 00000000000000000000000000000001"),
             MESSAGE_RDATA_LONG),
    FORGIVEN("D8 AAAA of 4 octets", ANSWER("001c 0001 0000003c 0004 01020304"),
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D9 A of 19 octets that hides a record",
             ANSWER("0001 0001 0000003c 0013 01020304 00 0001 0001 0000003c 0004 05060708"),
             MESSAGE_RDATA_LONG),
    FORGIVEN("D10 CNAME longer than RDLENGTH",
             RESPONSE(0002, 0000, 0000) "c00c 0005 0001 0000003c 0003 03'ab'" A_RECORD,
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D10 CNAME longer than RDLENGTH and than the message",
             ANSWER("0005 0001 0000003c 0003 03'ab'"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D10 CNAME shorter than RDLENGTH", ANSWER("0005 0001 0000003c 0004 01'a'0000"),
             MESSAGE_RDATA_LONG),
    FORGIVEN("D10 CNAME cut in its pointer", ANSWER("0005 0001 0000003c 0001 c0"),
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D10 CNAME without octets", ANSWER("0005 0001 0000003c 0000"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D11 MX without exchange", ANSWER("000f 0001 0000003c 0002 000a"),
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D11 MX of one octet", ANSWER("000f 0001 0000003c 0001 00"), MESSAGE_RDATA_SHORT),
    FORGIVEN("D11 SOA without its minimum",
             ANSWER("0006 0001 0000003c 0014 c00c c00c 00000001 00000002 00000003 00000004"),
             MESSAGE_RDATA_SHORT),
    FORGIVEN("D11 SOA with one name", ANSWER("0006 0001 0000003c 0002 c00c"), MESSAGE_RDATA_SHORT),
    REFUSED("D12 65535 answers, none there", RESPONSE(ffff, 0000, 0000), MESSAGE_RECORD_CUT),
    REFUSED("D12 65535 questions, one there", "1234 8180 ffff 0000 0000 0000" QUESTION,
            MESSAGE_QUESTION_SEVERAL),
    FORGIVEN("D13 an octet after the last record", ANSWER("0001 0001 0000003c 0004 01020304") "00",
             MESSAGE_TRAILING),
    FORGIVEN("D13 a record after the counts", RESPONSE(0001, 0000, 0000) A_RECORD A_RECORD,
             MESSAGE_TRAILING),
    FORGIVEN("D14 a response that is only a header", "1234 8181 0000 0000 0000 0000",
             MESSAGE_HEADER_ONLY),
    FORGIVEN("D14 a response with OPT and no question", "1234 8181 0000 0000 0000 0001" OPT_RECORD,
             MESSAGE_QUESTION_MISSING),
    FORGIVEN("D14 a query without a question", "1234 0100 0000 0000 0000 0000",
             MESSAGE_QUESTION_MISSING),
    FORGIVEN("D14 a response with two questions", "1234 8180 0002 0000 0000 0000" QUESTION QUESTION,
             MESSAGE_QUESTION_SEVERAL),
    FORGIVEN("D15 two OPT", RESPONSE(0000, 0000, 0002) OPT_RECORD OPT_RECORD, MESSAGE_OPT_SEVERAL),
    FORGIVEN("D15 OPT in the answer", RESPONSE(0001, 0000, 0000) OPT_RECORD, MESSAGE_OPT_MISPLACED),
    FORGIVEN("D15 OPT in the authority", RESPONSE(0000, 0001, 0000) OPT_RECORD,
             MESSAGE_OPT_MISPLACED),
    FORGIVEN("D15 OPT not at the root", RESPONSE(0000, 0000, 0001) "c00c 0029 04d0 00000000 0000",
             MESSAGE_OPT_OWNER),
    FORGIVEN("D15 option longer than the OPT",
             RESPONSE(0000, 0000, 0001) "00 0029 04d0 00000000 0006 000a 0008 0102",
             MESSAGE_OPT_OPTIONS),
    FORGIVEN("D15 half an option", RESPONSE(0000, 0000, 0001) "00 0029 04d0 00000000 0003 000a00",
             MESSAGE_OPT_OPTIONS),
    FORGIVEN("D15 a response in version 5", RESPONSE(0000, 0000, 0001) "00 0029 04d0 00050000 0000",
             MESSAGE_OPT_VERSION),
    FINE("D15 a query in version 5", QUERY(0001) "00 0029 04d0 00050000 0000"),
    REFUSED("D17 two TSIG", RESPONSE(0000, 0000, 0002) TSIG_RECORD TSIG_RECORD,
            MESSAGE_TSIG_SEVERAL),
    REFUSED("D17 TSIG before another record", RESPONSE(0000, 0000, 0002) TSIG_RECORD A_RECORD,
            MESSAGE_TSIG_MISPLACED),
    REFUSED("D17 TSIG before OPT", RESPONSE(0000, 0000, 0002) TSIG_RECORD OPT_RECORD,
            MESSAGE_TSIG_MISPLACED),
    REFUSED("D17 TSIG in the answer", RESPONSE(0001, 0000, 0000) TSIG_RECORD,
            MESSAGE_TSIG_MISPLACED),
    FORGIVEN("D18 TXT of 0 octets", ANSWER("0010 0001 0000003c 0000"), MESSAGE_TXT_EMPTY),
    FINE("D18 TXT of one empty string", ANSWER("0010 0001 0000003c 0001 00")),
    FINE("D20 TXT with NUL and 0xff", ANSWER("0010 0001 0000003c 0004 0300ff0a")),
    REFUSED("D21 string longer than RDLENGTH", ANSWER("0010 0001 0000003c 0003 03'ab'"),
            MESSAGE_RDATA_STRING),
    REFUSED("D21 second string of HINFO longer than RDLENGTH",
            ANSWER("000d 0001 0000003c 0005 02'ab'05'c'"), MESSAGE_RDATA_STRING),
    REFUSED("D21 salt longer than RDLENGTH", ANSWER("0033 0001 0000003c 0006 01 00 000a 08 aa"),
            MESSAGE_RDATA_STRING),

#define D22_FINE(type, rdata) FINE("D22 compressed " #type, ANSWER(rdata))
    D22_FINE(NS, "0002 0001 0000003c 0002 c00c"),
    D22_FINE(MD, "0003 0001 0000003c 0002 c00c"),
    D22_FINE(MF, "0004 0001 0000003c 0002 c00c"),
    D22_FINE(CNAME, "0005 0001 0000003c 0002 c00c"),
    D22_FINE(SOA, "0006 0001 0000003c 0018 c00c c00c 00000001 00000002 00000003 00000004 00000005"),
    D22_FINE(MB, "0007 0001 0000003c 0002 c00c"),
    D22_FINE(MG, "0008 0001 0000003c 0002 c00c"),
    D22_FINE(MR, "0009 0001 0000003c 0002 c00c"),
    D22_FINE(PTR, "000c 0001 0000003c 0002 c00c"),
    D22_FINE(MINFO, "000e 0001 0000003c 0004 c00c c00c"),
    D22_FINE(MX, "000f 0001 0000003c 0004 000a c00c"),

#define D22_FORGIVEN(type, rdata)                                                                  \
    FORGIVEN("D22 compressed " #type, ANSWER(rdata), MESSAGE_RDATA_COMPRESSED)
    D22_FORGIVEN(RP, "0011 0001 0000003c 0004 c00c c00c"),
    D22_FORGIVEN(AFSDB, "0012 0001 0000003c 0004 0001 c00c"),
    D22_FORGIVEN(RT, "0015 0001 0000003c 0004 000a c00c"),
    D22_FORGIVEN(SIG,
                 "0018 0001 0000003c 0016 0001 05 01 0000003c 00000001 00000000 1234 c00c 'ab'"),
    D22_FORGIVEN(PX, "001a 0001 0000003c 0006 000a c00c c00c"),
    D22_FORGIVEN(NXT, "001e 0001 0000003c 0003 c00c 40"),
    D22_FORGIVEN(SRV, "0021 0001 0000003c 0008 0001 0002 0003 c00c"),
    D22_FORGIVEN(NAPTR, "0023 0001 0000003c 000b 0001 0002 01'u' 01'e' 00 c00c"),

#define D22_REFUSED(type, rdata)                                                                   \
    REFUSED("D22 compressed " #type, ANSWER(rdata), MESSAGE_RDATA_COMPRESSED)
    D22_REFUSED(KX, "0024 0001 0000003c 0004 0001 c00c"),
    D22_REFUSED(DNAME, "0027 0001 0000003c 0002 c00c"),
    D22_REFUSED(IPSECKEY, "002d 0001 0000003c 0006 0a 03 02 c00c ab"),
    D22_REFUSED(RRSIG,
                "002e 0001 0000003c 0015 0001 05 01 0000003c 00000001 00000000 1234 c00c ab"),
    D22_REFUSED(NSEC, "002f 0001 0000003c 0005 c00c 000140"),
    D22_REFUSED(HIP, "0037 0001 0000003c 0008 01 02 0001 aa bb c00c"),
    D22_REFUSED(SVCB, "0040 0001 0000003c 0004 0001 c00c"),
    D22_REFUSED(HTTPS, "0041 0001 0000003c 0004 0001 c00c"),
    D22_REFUSED(LP, "006b 0001 0000003c 0004 0001 c00c"),
    D22_REFUSED(NSAP_PTR, "0017 0001 0000003c 0002 c00c"),
    D22_REFUSED(AMTRELAY, "0104 0001 0000003c 0004 0a 03 c00c"),
    FINE("D22 pointer octets in an unknown type are data", ANSWER("ff00 0001 0000003c 0002 c0ff")),

    REFUSED("question cut before its class", "1234 0100 0001 0000 0000 0000 00 0001 00",
            MESSAGE_QUESTION_CUT),
    REFUSED("question missing at the end", "1234 0100 0001 0000 0000 0000", MESSAGE_QUESTION_CUT),
    REFUSED("question name cut", "1234 0100 0001 0000 0000 0000 03'ww'", MESSAGE_NAME_CUT),
    REFUSED("pointer cut in two", RESPONSE(0001, 0000, 0000) "c0", MESSAGE_NAME_CUT),
    REFUSED("fixed fields cut", ANSWER("0001 0001 000000"), MESSAGE_RECORD_CUT),
    REFUSED("RDATA cut", ANSWER("0001 0001 0000003c 0004 010203"), MESSAGE_RECORD_CUT),
    FINE("UPDATE may have records without data",
         "1234 2800 0001 0001 0000 0000" QUESTION "c00c 0001 00ff 00000000 0000"),
    FORGIVEN("a query may not",
             "1234 0000 0001 0001 0000 0000" QUESTION "c00c 0001 00ff 00000000 0000",
             MESSAGE_RDATA_SHORT),
    FORGIVEN("TSIG must have data in an UPDATE too",
             "1234 2800 0001 0000 0000 0001" QUESTION "c00c 00fa 00ff 00000000 0000",
             MESSAGE_RDATA_SHORT),
};

static void judge(const struct row *row, enum message_mode mode, enum message_outcome expected)
{
    const struct bytes octets = octets_of_hex(row->hex);
    struct message message;
    struct message_error error = {.outcome = MESSAGE_FINE};
    const bool parsed = message_parse(octets, mode, &message, &error);
    ck_assert_msg(error.outcome == expected, "%s, not %s (at %u)",
                  message_outcome_name(error.outcome), message_outcome_name(expected),
                  error.offset);
    ck_assert(parsed == (expected == MESSAGE_FINE));
    ck_assert_uint_le(error.offset, octets.size);
    if (parsed) {
        ck_assert_uint_eq(message.forgiven, mode == MESSAGE_LENIENT ? row->forgiven : 0);
    }
}

START_TEST(strict)
{
    judge(&rows[_i], MESSAGE_STRICT, rows[_i].strict);
}
END_TEST

START_TEST(lenient)
{
    /* what cannot be forgiven may lie behind what was */
    const bool behind = strncmp(rows[_i].name, "D12 65535 questions", 19) == 0;
    judge(&rows[_i], MESSAGE_LENIENT, behind ? MESSAGE_QUESTION_CUT : rows[_i].lenient);
}
END_TEST

START_TEST(failure_leaves_the_message_untouched)
{
    struct message message, before;
    memset(&message, 0x5a, sizeof message);
    memcpy(&before, &message, sizeof before);
    ck_assert(
        !message_parse(octets_of_hex(RESPONSE(0001, 0000, 0000)), MESSAGE_STRICT, &message, NULL));
    ck_assert_mem_eq(&message, &before, sizeof before);
}
END_TEST

START_TEST(peeks_at_a_header)
{
    struct message_header header;
    ck_assert(!message_peek(octets_of_hex("1234 8181 0001 0002 0003 00"), &header));
    ck_assert(message_peek(octets_of_hex("1234 8181 0001 0002 0003 0004 ff"), &header));
    ck_assert_uint_eq(header.id, 0x1234);
    ck_assert_uint_eq(header.flags, 0x8181);
    for (unsigned i = 0; i < SECTIONS; i++) {
        ck_assert_uint_eq(header.counts[i], i + 1);
    }
}
END_TEST

static struct message parsed(struct bytes octets, enum message_mode mode)
{
    struct message message;
    struct message_error error = {.outcome = MESSAGE_FINE};
    ck_assert_msg(message_parse(octets, mode, &message, &error), "%s at %u",
                  message_outcome_name(error.outcome), error.offset);
    return message;
}

START_TEST(tells_header_question_and_edns)
{
    const struct message message =
        parsed(octets_of_hex("1234 a783 0001 0000 0000 0001" QUESTION
                             "00 0029 1000 01008000 0006 000a 0002 abcd"),
               MESSAGE_STRICT);
    const struct name www = name_of("www.");
    struct edns_option option;
    ck_assert_uint_eq(message.id, 0x1234);
    ck_assert_uint_eq(message.flags, 0xa783);
    ck_assert_uint_eq(message.opcode, 4);
    ck_assert_uint_eq(message.rcode, 0x13);
    ck_assert(message_is_response(&message));
    ck_assert(name_ref_identical(message.question.name, &www));
    ck_assert_uint_eq(message.question.type, RRTYPE_A);
    ck_assert_uint_eq(message.question.rrclass, RRCLASS_IN);
    ck_assert(message.edns.present && message.edns.dnssec_ok);
    ck_assert_uint_eq(message.edns.udp_size, 4096);
    ck_assert_uint_eq(message.edns.version, 0);
    ck_assert(edns_option_find(message.edns.options, EDNS_OPTION_COOKIE, &option));
    ck_assert(bytes_equal(option.data, octets_of_hex("abcd")));
    ck_assert(!message.has_tsig);
    ck_assert(
        parsed(octets_of_hex(RESPONSE(0000, 0000, 0001) TSIG_RECORD), MESSAGE_STRICT).has_tsig);
}
END_TEST

START_TEST(version_of_a_query_is_a_value)
{
    const struct message message =
        parsed(octets_of_hex(QUERY(0001) "00 0029 04d0 00050000 0000"), MESSAGE_STRICT);
    ck_assert_uint_eq(message.edns.version, 5);
}
END_TEST

START_TEST(the_first_of_two_opts_counts)
{
    const struct message message =
        parsed(octets_of_hex(RESPONSE(0000, 0000, 0002) OPT_RECORD "00 0029 ffff 00000000 0000"),
               MESSAGE_LENIENT);
    ck_assert_uint_eq(message.edns.udp_size, 0x4d0);
}
END_TEST

START_TEST(a_misplaced_opt_does_not_count)
{
    const struct message message =
        parsed(octets_of_hex(RESPONSE(0001, 0000, 0000) OPT_RECORD), MESSAGE_LENIENT);
    ck_assert(!message.edns.present);
}
END_TEST

START_TEST(the_first_of_two_questions_counts)
{
    const struct message message = parsed(
        octets_of_hex("1234 8180 0002 0001 0000 0000 01'a'00 0001 0001 01'b'00 0002 0001" A_RECORD),
        MESSAGE_LENIENT);
    const struct name a = name_of("a.");
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    struct record record;
    ck_assert(name_ref_identical(message.question.name, &a));
    ck_assert(record_next(&walk, &record));
    ck_assert_uint_eq(record.type, RRTYPE_A);
}
END_TEST

START_TEST(walks_each_section)
{
    const struct message message =
        parsed(octets_of_hex(RESPONSE(0002, 0001, 0001) A_RECORD
                             "c00c 0005 0003 ffffffff 0007 04'mail'c00c"
                             "00 0002 0001 00000007 0002 c031" OPT_RECORD),
               MESSAGE_STRICT);
    const struct name www = name_of("www.");
    const struct name mail = name_of("mail.www.");
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    struct record record;
    struct name_ref target;
    ck_assert(record_next(&walk, &record));
    ck_assert(name_ref_identical(record.owner, &www));
    ck_assert(bytes_equal(record.rdata, octets_of_hex("01020304")));
    ck_assert_uint_eq(record.ttl, 60);
    ck_assert(!record.unsound && record.section == SECTION_ANSWER);
    ck_assert(!record_target(&record, &target));
    ck_assert(record_next(&walk, &record));
    ck_assert_uint_eq(record.type, RRTYPE_CNAME);
    ck_assert_uint_eq(record.rrclass, RRCLASS_CH);
    ck_assert_uint_eq(record.ttl, UINT32_MAX);
    ck_assert(record_target(&record, &target));
    ck_assert(name_ref_identical(target, &mail));
    ck_assert(name_ref_identical(record_name(&record, 0), &mail));
    ck_assert(!record_next(&walk, &record));
    walk = record_walk_start(&message, SECTION_AUTHORITY);
    ck_assert(record_next(&walk, &record));
    ck_assert(name_ref_identical(record.owner, name_root()));
    ck_assert(record_target(&record, &target));
    ck_assert(name_ref_identical(target, &mail));
    ck_assert(!record_next(&walk, &record));
    walk = record_walk_start(&message, SECTION_ADDITIONAL);
    ck_assert(record_next(&walk, &record));
    ck_assert_uint_eq(record.type, RRTYPE_OPT);
    ck_assert(!record_next(&walk, &record));
    ck_assert_uint_eq(message.end, message.octets.size);
}
END_TEST

START_TEST(only_the_forgiven_record_is_unsound)
{
    const struct message message = parsed(octets_of_hex(RESPONSE(0004, 0000, 0000) A_RECORD
                                                        "c00c 0001 0001 0000003c 0003 010203"
                                                        "c00c 0010 0001 0000003c 0000" A_RECORD),
                                          MESSAGE_LENIENT);
    const bool unsound[] = {false, true, true, false};
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    struct record record;
    for (size_t i = 0; i < COUNT_OF(unsound); i++) {
        ck_assert(record_next(&walk, &record));
        ck_assert_msg(record.unsound == unsound[i], "record %zu", i);
    }
    ck_assert_uint_eq(message.forgiven,
                      MESSAGE_BIT(MESSAGE_RDATA_SHORT) | MESSAGE_BIT(MESSAGE_TXT_EMPTY));
}
END_TEST

START_TEST(a_smuggled_record_stays_hidden)
{
    const struct message message =
        parsed(octets_of_hex(
                   ANSWER("0001 0001 0000003c 0013 01020304 00 0001 0001 0000003c 0004 05060708")),
               MESSAGE_LENIENT);
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    struct record record;
    ck_assert(record_next(&walk, &record));
    ck_assert(record.unsound);
    ck_assert_uint_eq(record.rdata.size, 19);
    ck_assert(!record_next(&walk, &record));
}
END_TEST

START_TEST(leniently_compressed_names_are_sound)
{
    const struct message message = parsed(
        octets_of_hex(ANSWER("0021 0001 0000003c 0008 0001 0002 0003 c00c")), MESSAGE_LENIENT);
    const struct name www = name_of("www.");
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    struct record record;
    struct name_ref target;
    ck_assert(record_next(&walk, &record));
    ck_assert(!record.unsound && record_target(&record, &target));
    ck_assert(name_ref_identical(target, &www));
    ck_assert(name_ref_identical(record_name(&record, 6), &www));
}
END_TEST

START_TEST(an_unsound_opt_is_told)
{
    const struct message message =
        parsed(octets_of_hex(RESPONSE(
                   0000, 0000, 0001) "00 0029 04d0 00000000 000b 000a 0002 abcd 000f ffff 01"),
               MESSAGE_LENIENT);
    struct record_walk walk = record_walk_start(&message, SECTION_ADDITIONAL);
    struct record record;
    struct edns_option option;
    struct bytes rest = message.edns.options;
    ck_assert(record_next(&walk, &record) && record.unsound);
    ck_assert(edns_option_next(&rest, &option));
    ck_assert_uint_eq(option.code, EDNS_OPTION_COOKIE);
    ck_assert(!edns_option_next(&rest, &option));
}
END_TEST

START_TEST(every_outcome_has_its_own_word)
{
    for (unsigned i = 0; i < MESSAGE_OUTCOMES; i++) {
        const char *name = message_outcome_name((enum message_outcome)i);
        ck_assert_ptr_nonnull(name);
        ck_assert_ptr_nonnull(message_outcome_text((enum message_outcome)i));
        for (unsigned j = 0; j < i; j++) {
            ck_assert_str_ne(name, message_outcome_name((enum message_outcome)j));
        }
    }
}
END_TEST

static const struct {
    const char *name;
    uint16_t number;
    const char *word;
} words[] = {
    {"NOERROR", 0, "NOERROR"},
    {"NXDOMAIN", 3, "NXDOMAIN"},
    {"gap below BADVERS", 11, "RCODE11"},
    {"BADVERS", 16, "BADVERS"},
    {"BADCOOKIE", 23, "BADCOOKIE"},
    {"largest", 4095, "RCODE4095"},
};

START_TEST(rcodes_have_words)
{
    char buffer[32];
    struct text text = text_in(buffer, sizeof buffer);
    uint16_t number = 77;
    rcode_put(&text, words[_i].number);
    ck_assert_str_eq(buffer, words[_i].word);
    if (strncmp(words[_i].word, "RCODE", 5) != 0) {
        ck_assert(rcode_parse(bytes_of_string(words[_i].word), &number));
        ck_assert_uint_eq(number, words[_i].number);
    }
}
END_TEST

START_TEST(rcodes_are_read_in_any_case)
{
    uint16_t number = 77;
    ck_assert(rcode_parse(bytes_of_string("ServFail"), &number));
    ck_assert_uint_eq(number, RCODE_SERVFAIL);
    ck_assert(!rcode_parse(bytes_of_string("ServFai"), &number));
    ck_assert(!rcode_parse(bytes_of_string("ServFails"), &number));
    ck_assert(!rcode_parse(bytes_of_string(""), &number));
}
END_TEST

START_TEST(opcodes_have_words)
{
    char buffer[32];
    struct text text = text_in(buffer, sizeof buffer);
    opcode_put(&text, OPCODE_UPDATE);
    opcode_put(&text, 3);
    opcode_put(&text, 15);
    ck_assert_str_eq(buffer, "UPDATEOPCODE3OPCODE15");
}
END_TEST

START_TEST(forgiven_outcomes_are_listed)
{
    char buffer[64];
    struct text text = text_in(buffer, sizeof buffer);
    message_forgiven_put(&text, MESSAGE_BIT(MESSAGE_TRAILING) | MESSAGE_BIT(MESSAGE_TXT_EMPTY));
    ck_assert_str_eq(buffer, "txt-empty, trailing");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("message");
    add_rows(suite, strict, rows);
    add_rows(suite, lenient, rows);
    add_test(suite, failure_leaves_the_message_untouched);
    add_test(suite, peeks_at_a_header);
    add_test(suite, tells_header_question_and_edns);
    add_test(suite, version_of_a_query_is_a_value);
    add_test(suite, the_first_of_two_opts_counts);
    add_test(suite, a_misplaced_opt_does_not_count);
    add_test(suite, the_first_of_two_questions_counts);
    add_test(suite, walks_each_section);
    add_test(suite, only_the_forgiven_record_is_unsound);
    add_test(suite, a_smuggled_record_stays_hidden);
    add_test(suite, leniently_compressed_names_are_sound);
    add_test(suite, an_unsound_opt_is_told);
    add_test(suite, every_outcome_has_its_own_word);
    add_rows(suite, rcodes_have_words, words);
    add_test(suite, rcodes_are_read_in_any_case);
    add_test(suite, opcodes_have_words);
    add_test(suite, forgiven_outcomes_are_listed);
    return suite;
}
