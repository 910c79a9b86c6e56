#include "tests/support/guard.h"
#include "tests/wire/message_rows.h"
#include "tests/wire/support.h"

static void judge(const struct message_row *row, enum message_mode mode,
                  enum message_outcome expected)
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
    judge(&message_rows[_i], MESSAGE_STRICT, message_rows[_i].strict);
}
END_TEST

START_TEST(lenient)
{
    /* what cannot be forgiven may lie behind what was */
    const bool behind = strncmp(message_rows[_i].name, "D12 65535 questions", 19) == 0;
    judge(&message_rows[_i], MESSAGE_LENIENT,
          behind ? MESSAGE_QUESTION_CUT : message_rows[_i].lenient);
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

static const struct rcode_row {
    const char *name;
    const char *hex;
    uint16_t rcode;
} rcode_rows[] = {
    {"nothing", "", 0},
    {"a header cut short", "1234 8183 0000 0000 0000 00", 0},
    {"only a header", "1234 8184 0000 0000 0000 0000", 4},
    {"no OPT", "1234 8183 0001 0000 0000 0000" QUESTION, 3},
    {"OPT", "1234 8180 0001 0000 0000 0001" QUESTION "00 0029 1000 01000000 0000", 16},
    {"OPT and the header's bits",
     "1234 8187 0001 0000 0000 0001" QUESTION "00 0029 1000 01000000 0000", 23},
    {"OPT behind a record",
     "1234 8180 0001 0001 0000 0001" QUESTION
     "c00c 0010 0001 00000000 0003 02 6161 00 0029 1000 01000000 0000",
     16},
    {"a record that ends nowhere",
     "1234 8181 0001 0001 0000 0001" QUESTION
     "c00c 0010 0001 00000000 ffff 02 6161 00 0029 1000 01000000 0000",
     1},
    {"OPT cut short", "1234 8181 0001 0000 0000 0001" QUESTION "00 0029 1000 01000000 00", 1},
    {"no records where some are promised", "1234 8181 0001 0000 0000 0001" QUESTION, 1},
    {"questions that are not there", "1234 8182 ffff 0000 0000 ffff", 2},
    {"OPT that is not counted",
     "1234 8181 0001 0000 0000 0000" QUESTION "00 0029 1000 01000000 0000", 1},
    {"a question whose label is none",
     "1234 8181 0001 0000 0000 0001 4000 0001 0001"
     "00 0029 1000 01000000 0000",
     17},
    {"a name that ends nowhere", "1234 8182 0001 0000 0000 0001 3f61", 2},
};

START_TEST(peeks_at_an_rcode)
{
    ck_assert_uint_eq(message_peek_rcode(octets_of_hex(rcode_rows[_i].hex)), rcode_rows[_i].rcode);
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
    const struct message message = parsed(octets_of_hex(RESPONSE(0005, 0000, 0000) A_RECORD
                                                        "c00c 0001 0001 0000003c 0003 010203"
                                                        "c00c 0010 0001 0000003c 0000" A_RECORD
                                                        "c00c ff00 0001 0000003c 0000"),
                                          MESSAGE_LENIENT);
    const bool unsound[] = {false, true, true, false, false};
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

/* Deletions of an UPDATE have no data; those that have some must have it right. */
START_TEST(only_empty_data_of_an_update_need_not_be_sound)
{
    const struct message message =
        parsed(octets_of_hex("1234 2800 0001 0000 0003 0000" QUESTION "c00c 0001 00ff 00000000 0000"
                             "c00c 0001 00fe 00000000 0000"
                             "c00c 0001 00ff 00000000 0003 010203"),
               MESSAGE_LENIENT);
    const bool unsound[] = {false, false, true};
    struct record_walk walk = record_walk_start(&message, SECTION_AUTHORITY);
    struct record record;
    for (size_t i = 0; i < COUNT_OF(unsound); i++) {
        ck_assert(record_next(&walk, &record));
        ck_assert_msg(record.unsound == unsound[i], "record %zu", i);
    }
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
    {"first beyond the table", 24, "RCODE24"},
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
    ck_assert(!rcode_parse(guarded_text("ServFai"), &number));
    ck_assert(!rcode_parse(guarded_text("ServFails"), &number));
    ck_assert(!rcode_parse(guarded_text(""), &number));
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
    add_rows(suite, strict, message_rows);
    add_rows(suite, lenient, message_rows);
    add_test(suite, failure_leaves_the_message_untouched);
    add_test(suite, peeks_at_a_header);
    add_rows(suite, peeks_at_an_rcode, rcode_rows);
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
    add_test(suite, only_empty_data_of_an_update_need_not_be_sound);
    return suite;
}
