#include "tests/wire/rdata_samples.h"
#include "tests/wire/support.h"
#include "wire/builder.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

START_TEST(is_sound)
{
    ck_assert(rdata_is_sound(rdata_samples[_i].type, octets_of_hex(rdata_samples[_i].hex)));
}
END_TEST

START_TEST(is_said_as_text)
{
    char buffer[800];
    struct text text = text_in(buffer, sizeof buffer);
    rdata_put(&text, rdata_samples[_i].type, octets_of_hex(rdata_samples[_i].hex));
    ck_assert_str_eq(buffer, rdata_samples[_i].text);
}
END_TEST

static const struct rdata_sample *find_sample(uint16_t type)
{
    for (size_t i = 0; i < COUNT_OF(rdata_samples); i++) {
        if (rdata_samples[i].type == type) {
            return &rdata_samples[i];
        }
    }
    return NULL;
}

START_TEST(every_row_has_a_sample)
{
    size_t count;
    const struct rrtype *rows = rrtype_rows(&count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(find_sample(rows[i].number) != NULL, "%s", rows[i].mnemonic);
    }
}
END_TEST

/* Octets to the end may end anywhere; all else may not. */
static bool may_end_anywhere(uint8_t field)
{
    return field >= FIELD_STRING_0 && field <= FIELD_OPAQUE_REST && field != FIELD_NAMES;
}

START_TEST(cut_or_prolonged_it_is_unsound_unless_it_has_a_rest)
{
    const struct bytes rdata = octets_of_hex(rdata_samples[_i].hex);
    const struct rrtype *row = rrtype_find(rdata_samples[_i].type);
    uint8_t longer[400];
    const uint8_t *field = row == NULL ? NULL : row->layout;
    if (row == NULL || rdata.size == 0 || row->number == RRTYPE_LOC || row->number == RRTYPE_OPT ||
        strstr(rdata_samples[_i].name, "unknown") != NULL) {
        return;
    }
    while (field[1] != FIELD_END) {
        field++;
    }
    if (!may_end_anywhere(*field)) {
        memcpy(longer, rdata.data, rdata.size);
        longer[rdata.size] = 0x3f;
        ck_assert(!rdata_is_sound(row->number, exact_copy(bytes_of(longer, rdata.size + 1))));
        if (row->number != RRTYPE_TXT && row->number != RRTYPE_HIP && row->number != RRTYPE_APL) {
            ck_assert(
                !rdata_is_sound(row->number, exact_copy(bytes_of(rdata.data, rdata.size - 1))));
        }
    }
    /* wherever it is cut, it is judged without a look beyond */
    for (size_t size = 0; size < rdata.size; size++) {
        (void)rdata_is_sound(row->number, exact_copy(bytes_of(rdata.data, size)));
    }
}
END_TEST

static struct builder builder;
static uint8_t buffer[2048];

START_TEST(round_trips_through_a_message)
{
    const struct bytes rdata = octets_of_hex(rdata_samples[_i].hex);
    const uint16_t type = rdata_samples[_i].type;
    const struct rr rr = rr_of("example.", type, 60, rdata);
    const struct name a = name_of("a.example.");
    const enum section section =
        type == RRTYPE_OPT || type == RRTYPE_TSIG ? SECTION_ADDITIONAL : SECTION_ANSWER;
    struct message message;
    struct message_error error = {.outcome = MESSAGE_FINE};
    struct record record;
    struct bytes again;
    uint8_t expanded[1100];
    builder_start(&builder, buffer, sizeof buffer, 1, MESSAGE_QR);
    ck_assert(builder_question(&builder, &a, RRTYPE_A, RRCLASS_IN));
    ck_assert(builder_record(&builder, section, &rr));
    const struct bytes octets = exact_copy(bytes_of(buffer, builder_finish(&builder)));
    const enum message_mode mode = type == RRTYPE_OPT ? MESSAGE_LENIENT : MESSAGE_STRICT;
    ck_assert_msg(message_parse(octets, mode, &message, &error), "%s at %u",
                  message_outcome_name(error.outcome), error.offset);
    struct record_walk walk = record_walk_start(&message, section);
    ck_assert(record_next(&walk, &record));
    ck_assert_uint_eq(record.type, type);
    ck_assert(!record.unsound);
    ck_assert(name_ref_identical(record.owner, rr.owner));
    ck_assert(rdata_expand(&record, expanded, sizeof expanded, &again));
    ck_assert(bytes_equal(again, rdata));
}
END_TEST

START_TEST(unsound_rdata_is_said_in_hex)
{
    char said[64];
    struct text text = text_in(said, sizeof said);
    rdata_put(&text, RRTYPE_A, octets_of_hex("010203"));
    text_put(&text, "|");
    rdata_put(&text, RRTYPE_TXT, octets_of_hex(""));
    text_put(&text, "|");
    rdata_put(&text, RRTYPE_CNAME, octets_of_hex("c00c"));
    ck_assert_str_eq(said, "\\# 3 010203|\\# 0|\\# 2 C00C");
}
END_TEST

START_TEST(soundness_ends_where_rdata_must)
{
    static uint8_t octets[65536];
    ck_assert(rdata_is_sound(0xff00, bytes_of(octets, 65535)));
    ck_assert(!rdata_is_sound(0xff00, bytes_of(octets, 65536)));
    ck_assert(rdata_is_sound(RRTYPE_OPT, octets_of_hex("0003 0002 abcd")));
    ck_assert(!rdata_is_sound(RRTYPE_OPT, octets_of_hex("0003 0002 ab")));
    const uint8_t head[] = {0, 3, 0xff, 0xfb}; /* 65531 octets of data */
    memcpy(octets, head, sizeof head);
    ck_assert(rdata_is_sound(RRTYPE_OPT, bytes_of(octets, 65535)));
    ck_assert(!rdata_is_sound(RRTYPE_OPT, bytes_of(octets, 65536)));
}
END_TEST

START_TEST(the_shortest_soa_has_its_numbers)
{
    const struct bytes rdata = octets_of_hex("00 00 00000001 00000002 00000003 00000004 00000005");
    struct soa_numbers numbers;
    ck_assert(rdata_soa_numbers(rdata, &numbers));
    ck_assert_uint_eq(numbers.serial, 1);
    ck_assert_uint_eq(numbers.minimum, 5);
    ck_assert(!rdata_soa_numbers(exact_copy(bytes_of(rdata.data, rdata.size - 1)), &numbers));
}
END_TEST

START_TEST(a_full_text_stays_full)
{
    char said[8];
    struct text text = text_in(said, sizeof said);
    rdata_put(&text, RRTYPE_MX, octets_of_hex("000a 02'mx'07'example'00"));
    ck_assert(text.overflow);
    ck_assert_uint_lt(text.size, sizeof said);
}
END_TEST

START_TEST(a_record_is_said_as_dig_does)
{
    char said[128];
    struct text text = text_in(said, sizeof said);
    const struct rr rr = rr_of("k1._domainkey.example.", RRTYPE_TXT, 300, octets_of_hex("03'p=;'"));
    rr_put(&text, &rr);
    ck_assert_str_eq(said, "k1._domainkey.example.\t300\tIN\tTXT\t\"p=;\"");
}
END_TEST

START_TEST(rdata_that_stands_alone_has_no_pointers)
{
    ck_assert(rdata_is_sound(RRTYPE_PX, octets_of_hex("000a 01'a'00 01'a'00")));
    ck_assert(!rdata_is_sound(RRTYPE_PX, octets_of_hex("000a 01'a'00 c002")));
    ck_assert(!rdata_is_sound(RRTYPE_NS, octets_of_hex("c00c")));
}
END_TEST

static const struct {
    const char *name;
    uint16_t type;
    const char *a;
    const char *b;
    int order;
} orders[] = {
    {"A", RRTYPE_A, "01020304", "01020305", -1},
    {"shorter first", RRTYPE_TXT, "01'a'", "01'a'01'b'", -1},
    {"case of a CNAME does not matter", RRTYPE_CNAME, "01'a'00", "01'A'00", 0},
    {"case of an MX's name does not matter", RRTYPE_MX, "0041 01'a'00", "0041 01'A'00", 0},
    {"case of a number does", RRTYPE_MX, "0061 01'a'00", "0041 01'A'00", 1},
    {"case of a TXT does", RRTYPE_TXT, "01'a'", "01'A'", 1},
    {"case of an NSEC's name does", RRTYPE_NSEC, "01'a'00", "01'A'00", 1},
    {"case of an RRSIG's signer does not", RRTYPE_RRSIG,
     "0001 05 01 00000000 00000000 00000000 0000 01'a'00 61",
     "0001 05 01 00000000 00000000 00000000 0000 01'A'00 61", 0},
    {"case of its signature does", RRTYPE_RRSIG,
     "0001 05 01 00000000 00000000 00000000 0000 01'a'00 61",
     "0001 05 01 00000000 00000000 00000000 0000 01'A'00 41", 1},
    {"second name of a SOA", RRTYPE_SOA,
     "01'a'00 01'B'00 00000000 00000000 00000000 00000000 00000000",
     "01'A'00 01'c'00 00000000 00000000 00000000 00000000 00000000", -1},
    {"unknown types octet by octet", 65280, "41", "61", -1},
    {"a longer name", RRTYPE_NS, "01'a'00", "01'a'01'b'00", -1},
};

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

START_TEST(has_canonical_order)
{
    const struct bytes a = octets_of_hex(orders[_i].a);
    const struct bytes b = octets_of_hex(orders[_i].b);
    ck_assert_int_eq(sign(rdata_compare(orders[_i].type, a, b)), orders[_i].order);
    ck_assert_int_eq(sign(rdata_compare(orders[_i].type, b, a)), -orders[_i].order);
    ck_assert(rdata_equal(orders[_i].type, a, b) == (orders[_i].order == 0));
}
END_TEST

START_TEST(canonical_form_lowers_names_only)
{
    uint8_t rdata[] = {'A', 'B', 2, 'C', 'd', 0};
    rdata_canonicalise(RRTYPE_MX, rdata, sizeof rdata);
    ck_assert_mem_eq(rdata, "AB\2cd", sizeof rdata);
    rdata[3] = 'C';
    rdata_canonicalise(RRTYPE_NSEC, rdata + 2, 4);
    rdata_canonicalise(65280, rdata, sizeof rdata);
    ck_assert_mem_eq(rdata, "AB\2Cd", sizeof rdata);
}
END_TEST

START_TEST(names_inside_are_walked)
{
    const struct bytes soa =
        octets_of_hex("01'm'00 01'r'00 00000001 00000002 00000003 00000004 00000005");
    const struct name m = name_of("m."), r = name_of("r.");
    struct soa_numbers numbers;
    struct name_ref ref;
    struct name target;
    size_t at = 0;
    ck_assert(rdata_next_name(RRTYPE_SOA, soa, &at, &ref) && name_ref_equal(ref, &m));
    ck_assert(rdata_next_name(RRTYPE_SOA, soa, &at, &ref) && name_ref_equal(ref, &r));
    ck_assert(!rdata_next_name(RRTYPE_SOA, soa, &at, &ref));
    ck_assert(rdata_target(RRTYPE_SOA, soa, &target) && name_equal(&target, &m));
    ck_assert(!rdata_target(RRTYPE_A, octets_of_hex("01020304"), &target));
    ck_assert(rdata_soa_numbers(soa, &numbers));
    ck_assert_uint_eq(numbers.serial, 1);
    ck_assert_uint_eq(numbers.refresh, 2);
    ck_assert_uint_eq(numbers.retry, 3);
    ck_assert_uint_eq(numbers.expire, 4);
    ck_assert_uint_eq(numbers.minimum, 5);
    ck_assert(!rdata_soa_numbers(octets_of_hex("000102"), &numbers));
}
END_TEST

START_TEST(strings_are_joined_with_nothing_between)
{
    uint8_t joined[16];
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex("02'ab'00 01'c'"), joined, sizeof joined), 3);
    ck_assert_mem_eq(joined, "abc", 3);
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex("00"), joined, 0), 0);
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex("02'ab'01'c'"), joined, 2), SIZE_MAX);
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex("02'a'"), joined, sizeof joined), SIZE_MAX);
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex(""), joined, sizeof joined), SIZE_MAX);
}
END_TEST

START_TEST(no_octets_have_no_names)
{
    const struct bytes none = bytes_of(NULL, 0);
    struct name_ref ref;
    size_t at = 0;
    ck_assert(!rdata_next_name(RRTYPE_MX, none, &at, &ref));
    ck_assert(rdata_equal(RRTYPE_MX, none, none));
}
END_TEST

START_TEST(what_cannot_be_compressed_is_not_copied)
{
    const struct bytes octets = octets_of_hex("1234 8180 0001 0001 0000 0000 03'www'00 0001 0001"
                                              "c00c 0027 0001 0000003c 0003 01'a'00");
    struct message message;
    struct record record;
    struct bytes rdata;
    ck_assert(message_parse(octets, MESSAGE_STRICT, &message, NULL));
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    ck_assert(record_next(&walk, &record));
    ck_assert(rdata_expand(&record, NULL, 0, &rdata));
    ck_assert_ptr_eq(rdata.data, record.rdata.data);
}
END_TEST

START_TEST(expansion_may_need_more_than_there_is)
{
    const struct bytes octets = octets_of_hex("1234 8180 0001 0001 0000 0000 03'www'00 0001 0001"
                                              "c00c 0005 0001 0000003c 0002 c00c");
    struct message message;
    struct record record;
    struct bytes rdata;
    uint8_t room[5];
    ck_assert(message_parse(octets, MESSAGE_STRICT, &message, NULL));
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    ck_assert(record_next(&walk, &record));
    ck_assert(!rdata_expand(&record, room, 4, &rdata));
    ck_assert(rdata_expand(&record, room, 5, &rdata));
    ck_assert(bytes_equal(rdata, octets_of_hex("03'www'00")));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("rdata");
    add_rows(suite, is_sound, rdata_samples);
    add_rows(suite, is_said_as_text, rdata_samples);
    add_test(suite, every_row_has_a_sample);
    add_rows(suite, cut_or_prolonged_it_is_unsound_unless_it_has_a_rest, rdata_samples);
    add_rows(suite, round_trips_through_a_message, rdata_samples);
    add_test(suite, rdata_that_stands_alone_has_no_pointers);
    add_test(suite, unsound_rdata_is_said_in_hex);
    add_test(suite, a_full_text_stays_full);
    add_test(suite, a_record_is_said_as_dig_does);
    add_rows(suite, has_canonical_order, orders);
    add_test(suite, canonical_form_lowers_names_only);
    add_test(suite, names_inside_are_walked);
    add_test(suite, strings_are_joined_with_nothing_between);
    add_test(suite, no_octets_have_no_names);
    add_test(suite, what_cannot_be_compressed_is_not_copied);
    add_test(suite, expansion_may_need_more_than_there_is);
    add_test(suite, soundness_ends_where_rdata_must);
    add_test(suite, the_shortest_soa_has_its_numbers);
    return suite;
}
