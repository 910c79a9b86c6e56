/* Messages made to be expensive or to deceive: every limit of the parser, and what the worst of 64
 * KiB costs. */
#include <stdlib.h>
#include <time.h>

#include "tests/wire/support.h"
#include "wire/writer.h"

#define PARSE_MS_MAX 2.0

#if defined(__SANITIZE_ADDRESS__)
#define SLOWDOWN 20 /* what a sanitizer may cost */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOWDOWN 20
#endif
#endif
#ifndef SLOWDOWN
#define SLOWDOWN 2 /* an unoptimised build */
#endif

static uint8_t octets[MESSAGE_OCTETS_MAX];
static struct writer writer;

/* A response to "www." with room for the counts. */
static void start(void)
{
    writer = writer_in(octets, sizeof octets);
    writer_bytes(&writer, octets_of_hex("1234 8180 0001 0000 0000 0000 03'www'00 0001 0001"));
}

static void put_fixed(uint16_t type, size_t size)
{
    writer_u16(&writer, type);
    writer_u16(&writer, RRCLASS_IN);
    writer_u32(&writer, 60);
    writer_u16(&writer, (uint16_t)size);
}

static void put_pointer(size_t target)
{
    writer_u16(&writer, (uint16_t)(0xc000 | target));
}

static void set_counts(size_t answers, size_t additionals)
{
    octets[6] = (uint8_t)(answers >> 8);
    octets[7] = (uint8_t)answers;
    octets[10] = (uint8_t)(additionals >> 8);
    octets[11] = (uint8_t)additionals;
}

/* Parses what was written, from a copy of exactly its size. */
static enum message_outcome outcome_in(enum message_mode mode)
{
    struct message message;
    struct message_error error = {.outcome = MESSAGE_FINE};
    uint8_t *copy = malloc(writer.size);
    ck_assert_ptr_nonnull(copy);
    ck_assert(!writer.failed);
    memcpy(copy, octets, writer.size);
    (void)message_parse(bytes_of(copy, writer.size), mode, &message, &error);
    ck_assert_uint_le(error.offset, writer.size);
    free(copy);
    return error.outcome;
}

static void is_in_both(enum message_outcome expected)
{
    ck_assert_str_eq(message_outcome_name(outcome_in(MESSAGE_STRICT)),
                     message_outcome_name(expected));
    ck_assert_str_eq(message_outcome_name(outcome_in(MESSAGE_LENIENT)),
                     message_outcome_name(expected));
}

/* --- limits, to the octet --- */

/* Writes a record of an unknown type whose data are a chain of `hops` pointers, the first of which
 * leads to the question. Returns the offset of the last one. */
static size_t put_chain(size_t hops)
{
    put_pointer(12);
    put_fixed(65280, 2 * hops);
    size_t target = 12;
    for (size_t i = 0; i < hops; i++) {
        const size_t at = writer.size;
        put_pointer(target);
        target = at;
    }
    return target;
}

START_TEST(a_name_takes_at_most_126_pointers)
{
    for (size_t hops = 120; hops <= 130; hops++) {
        start();
        const size_t last = put_chain(hops - 1);
        put_pointer(last);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
        set_counts(2, 0);
        is_in_both(hops <= MESSAGE_POINTER_HOPS_MAX ? MESSAGE_FINE : MESSAGE_POINTER_HOPS);
    }
}
END_TEST

START_TEST(known_names_do_not_hide_pointers)
{
    /* names one pointer longer each: what is known of the last one must count */
    start();
    size_t target = 12;
    for (size_t hops = 1; hops <= 130; hops++) {
        const size_t at = writer.size;
        put_pointer(target);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
        target = at;
        set_counts(hops, 0);
        is_in_both(hops <= MESSAGE_POINTER_HOPS_MAX ? MESSAGE_FINE : MESSAGE_POINTER_HOPS);
    }
}
END_TEST

/* Writes a name of `size` octets without its root: labels of 63 octets and one for the rest. */
static void put_labels(size_t size)
{
    static const uint8_t zeros[LABEL_OCTETS_MAX];
    while (size > 0) {
        const size_t label = size > 64 ? (size == 65 ? 62 : 63) : size - 1;
        writer_string(&writer, bytes_of(zeros, label));
        size -= label + 1;
    }
}

START_TEST(a_name_has_at_most_255_octets)
{
    for (size_t size = 250; size <= 260; size++) {
        writer = writer_in(octets, sizeof octets);
        writer_bytes(&writer, octets_of_hex("1234 8180 0001 0000 0000 0000"));
        put_labels(size - 1);
        writer_bytes(&writer, octets_of_hex("00 0001 0001"));
        is_in_both(size <= 255 ? MESSAGE_FINE : MESSAGE_NAME_TOO_LONG);
    }
}
END_TEST

START_TEST(a_compressed_name_has_at_most_255_octets)
{
    for (size_t size = 250; size <= 260; size++) {
        writer = writer_in(octets, sizeof octets);
        writer_bytes(&writer, octets_of_hex("1234 8180 0001 0001 0000 0000 03'abc'"));
        put_labels(199);
        writer_bytes(&writer, octets_of_hex("00 0001 0001"));
        put_labels(size - 200);
        put_pointer(12 + 4); /* past "abc": 200 octets with the root */
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
        is_in_both(size <= 255 ? MESSAGE_FINE : MESSAGE_NAME_TOO_LONG);
    }
}
END_TEST

START_TEST(a_name_known_whole_has_at_most_255_octets)
{
    for (size_t size = 250; size <= 260; size++) {
        writer = writer_in(octets, sizeof octets);
        writer_bytes(&writer, octets_of_hex("1234 8180 0001 0001 0000 0000"));
        put_labels(199);
        writer_bytes(&writer, octets_of_hex("00 0001 0001"));
        put_labels(size - 200);
        put_pointer(12);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
        is_in_both(size <= 255 ? MESSAGE_FINE : MESSAGE_NAME_TOO_LONG);
    }
}
END_TEST

START_TEST(labels_beyond_127_are_too_long)
{
    writer = writer_in(octets, sizeof octets);
    writer_bytes(&writer, octets_of_hex("1234 8180 0001 0000 0000 0000"));
    for (size_t i = 0; i < 200; i++) {
        writer_string(&writer, bytes_of("a", 1));
    }
    writer_bytes(&writer, octets_of_hex("00 0001 0001"));
    is_in_both(MESSAGE_NAME_TOO_LONG);
}
END_TEST

START_TEST(an_opt_has_at_most_32_options)
{
    for (size_t count = 31; count <= 130; count += count < 34 ? 1 : 96) {
        start();
        writer_u8(&writer, 0);
        put_fixed(RRTYPE_OPT, 4 * count);
        memset(octets + writer.size - 6, 0, 4);
        for (size_t i = 0; i < count; i++) {
            writer_u32(&writer, 3U << 16); /* an empty NSID */
        }
        set_counts(0, 1);
        is_in_both(count <= EDNS_OPTIONS_MAX ? MESSAGE_FINE : MESSAGE_OPT_OPTIONS_MANY);
    }
}
END_TEST

START_TEST(a_message_has_at_most_65535_octets)
{
    static uint8_t large[65536];
    struct message message;
    struct message_error error = {.outcome = MESSAGE_FINE};
    ck_assert(!message_parse(bytes_of(large, sizeof large), MESSAGE_LENIENT, &message, &error));
    ck_assert_int_eq(error.outcome, MESSAGE_TOO_LONG);
}
END_TEST

/* --- 64 KiB at their worst --- */

/* Backward pointers, one behind the other, to the end of what a pointer can reach. */
static void put_long_chain(size_t octets_of_chain)
{
    start();
    put_chain(octets_of_chain / 2);
}

static void fill_chain_refused(void)
{
    put_long_chain(16000);
    size_t count = 1;
    while (writer.size + 16 <= sizeof octets) {
        put_pointer(16001);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
        count++;
    }
    set_counts(count, 0);
}

/* Chains of 126 pointers that no two names share, so that nothing is known beforehand. */
static void fill_chains_of_126(void)
{
    size_t lasts[130];
    size_t chains = 0;
    size_t count = 0;
    start();
    while (writer.size < 0x3f00 && chains < COUNT_OF(lasts)) {
        lasts[chains++] = put_chain(125);
        count++;
    }
    for (size_t i = 0; writer.size + 16 <= sizeof octets; i++, count++) {
        put_pointer(lasts[i * 37 % chains]);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
    }
    set_counts(count, 0);
}

/* The same name of 127 labels, entered at every second label. */
static void fill_many_labels(void)
{
    size_t count = 1;
    start();
    put_pointer(12);
    put_fixed(65280, 16000);
    const size_t labels = writer.size;
    for (size_t i = 0; i < 16000; i += 2) {
        writer_u16(&writer, (uint16_t)(i % 254 == 252 ? 0 : 0x0161));
    }
    for (size_t i = 0; writer.size + 16 <= sizeof octets; i++, count++) {
        put_pointer(labels + i % 60 * 254 + i / 60 % 40 * 2);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
    }
    set_counts(count, 0);
}

static void fill_empty_strings(void)
{
    start();
    put_pointer(12);
    put_fixed(RRTYPE_TXT, 65000);
    for (size_t i = 0; i < 65000; i++) {
        writer_u8(&writer, 0);
    }
    set_counts(1, 0);
}

static void fill_smallest_records(void)
{
    size_t count = 0;
    for (start(); writer.size + 11 <= sizeof octets; count++) {
        writer_u8(&writer, 0);
        put_fixed(65280, 0);
    }
    set_counts(count, 0);
}

static void fill_distinct_names(void)
{
    size_t count = 0;
    for (start(); writer.size + 20 <= sizeof octets; count++) {
        writer_u8(&writer, 3);
        writer_u8(&writer, (uint8_t)('a' + count % 26));
        writer_u16(&writer, (uint16_t)count);
        put_pointer(12);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
    }
    set_counts(count, 0);
}

static void fill_labels_without_end(void)
{
    writer = writer_in(octets, sizeof octets);
    writer_bytes(&writer, octets_of_hex("1234 8180 0001 0000 0000 0000"));
    while (writer.size + 2 <= sizeof octets) {
        writer_u16(&writer, 0x0161);
    }
}

static void fill_options(void)
{
    start();
    writer_u8(&writer, 0);
    put_fixed(RRTYPE_OPT, 65000);
    memset(octets + writer.size - 6, 0, 4);
    for (size_t i = 0; i < 65000; i += 4) {
        writer_u32(&writer, 3U << 16);
    }
    set_counts(0, 1);
}

/* Names by 8 hosts' servers in 4,000 referrals: large, and nothing wrong with it. */
static void fill_zone_transfer(void)
{
    size_t count = 0;
    for (start(); writer.size + 32 <= sizeof octets; count++) {
        writer_u8(&writer, 4);
        writer_u32(&writer, (uint32_t)count);
        put_pointer(12);
        put_fixed(RRTYPE_MX, 7);
        writer_u16(&writer, 10);
        writer_u8(&writer, 2);
        writer_u16(&writer, (uint16_t)(count % 8));
        put_pointer(12);
    }
    set_counts(count, 0);
}

/* Reverse names of 34 labels, each behind its own first label: the longest that people use. */
static void fill_reverse_names(void)
{
    size_t count = 0;
    writer = writer_in(octets, sizeof octets);
    writer_bytes(&writer, octets_of_hex("1234 8180 0001 0000 0000 0000"));
    for (size_t i = 0; i < 32; i++) {
        writer_string(&writer, bytes_of("f", 1));
    }
    writer_bytes(&writer, octets_of_hex("03'ip6'04'arpa'00 000c 0001"));
    for (; writer.size + 26 <= sizeof octets; count++) {
        for (size_t i = 0; i < 3; i++) {
            writer_u16(&writer, (uint16_t)(0x0100 | "0123456789abcdef"[count >> 4 * i & 15]));
        }
        put_pointer(12 + 3 * 2);
        put_fixed(RRTYPE_PTR, 4);
        writer_u16(&writer, 0x0161);
        put_pointer(12 + 64 + 9);
    }
    set_counts(count, 0);
}

/* `names` costly names, then one of 127 labels that costs more than any of them, then a record that
 * fills the message. Returns the offset of the name of 127 labels. */
static size_t fill_up_to(size_t names)
{
    size_t lasts[60];
    start();
    for (size_t i = 0; i < COUNT_OF(lasts); i++) {
        lasts[i] = put_chain(125);
    }
    for (size_t i = 0; i < names; i++) {
        put_pointer(lasts[i * 37 % COUNT_OF(lasts)]);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
    }
    const size_t at = writer.size;
    for (size_t i = 0; i < 127; i++) {
        writer_u16(&writer, 0x0161);
    }
    writer_u8(&writer, 0);
    put_fixed(65280, 0);
    writer_u8(&writer, 0);
    put_fixed(RRTYPE_NULL, sizeof octets - writer.size - 10);
    memset(octets + writer.size, 0, sizeof octets - writer.size);
    writer.size = sizeof octets;
    set_counts(COUNT_OF(lasts) + names + 2, 0);
    return at;
}

START_TEST(names_without_pointers_are_work_too)
{
    struct message message;
    struct message_error error;
    size_t fine = 0;
    size_t refused = 2800;
    while (refused - fine > 1) {
        const size_t middle = (fine + refused) / 2;
        (void)fill_up_to(middle);
        *(outcome_in(MESSAGE_STRICT) == MESSAGE_FINE ? &fine : &refused) = middle;
    }
    const size_t at = fill_up_to(refused);
    ck_assert(!message_parse(bytes_of(octets, writer.size), MESSAGE_STRICT, &message, &error));
    ck_assert_int_eq(error.outcome, MESSAGE_WORK);
    ck_assert_uint_ge(error.offset, at);
    ck_assert_uint_lt(error.offset, at + 255);
}
END_TEST

static const struct {
    const char *name;
    void (*fill)(void);
    enum message_outcome outcome;
} worst[] = {
    {"D3 chain of 8000 pointers, 3000 names at its end", fill_chain_refused, MESSAGE_POINTER_HOPS},
    {"chains of 126 pointers that no two names share", fill_chains_of_126, MESSAGE_WORK},
    {"names of up to 127 labels, no two the same", fill_many_labels, MESSAGE_WORK},
    {"D19 65000 empty strings", fill_empty_strings, MESSAGE_FINE},
    {"5955 records of 11 octets", fill_smallest_records, MESSAGE_FINE},
    {"distinct owners", fill_distinct_names, MESSAGE_FINE},
    {"labels without end", fill_labels_without_end, MESSAGE_NAME_TOO_LONG},
    {"D16 16250 options", fill_options, MESSAGE_OPT_OPTIONS_MANY},
    {"a zone transfer", fill_zone_transfer, MESSAGE_FINE},
    {"reverse names of 34 labels", fill_reverse_names, MESSAGE_FINE},
};

START_TEST(is_judged)
{
    worst[_i].fill();
    ck_assert_uint_gt(writer.size, 60000);
    is_in_both(worst[_i].outcome);
}
END_TEST

static double milliseconds_of_parse(void)
{
    struct message message;
    const clock_t begin = clock();
    for (unsigned i = 0; i < 10; i++) {
        (void)message_parse(bytes_of(octets, writer.size), MESSAGE_STRICT, &message, NULL);
    }
    return (double)(clock() - begin) * 1000 / CLOCKS_PER_SEC / 10;
}

START_TEST(takes_less_than_two_milliseconds)
{
    double least = 1e9;
    worst[_i].fill();
    for (unsigned i = 0; i < 5; i++) {
        const double taken = milliseconds_of_parse();
        least = taken < least ? taken : least;
    }
    ck_assert_msg(least < PARSE_MS_MAX * SLOWDOWN, "%.3f ms", least);
}
END_TEST

START_TEST(every_beginning_of_many_labels_ends_at_the_same_limit)
{
    fill_many_labels();
    const size_t size = writer.size;
    for (size_t cut = 20; cut < size; cut += 4099) {
        writer.size = cut;
        ck_assert_int_ne(outcome_in(MESSAGE_STRICT), MESSAGE_FINE);
    }
}
END_TEST

/* --- strings (D20) --- */

static void put_txt(size_t strings, size_t each)
{
    static const uint8_t text[255];
    start();
    put_pointer(12);
    put_fixed(RRTYPE_TXT, strings * (each + 1));
    for (size_t i = 0; i < strings; i++) {
        writer_string(&writer, bytes_of(text, each));
    }
    set_counts(1, 0);
}

START_TEST(txt_may_have_300_strings)
{
    put_txt(300, 3);
    is_in_both(MESSAGE_FINE);
}
END_TEST

START_TEST(txt_may_have_255_strings_of_255_octets)
{
    put_txt(255, 255);
    is_in_both(MESSAGE_FINE);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("hostile");
    add_test(suite, a_name_takes_at_most_126_pointers);
    add_test(suite, known_names_do_not_hide_pointers);
    add_test(suite, a_name_has_at_most_255_octets);
    add_test(suite, a_compressed_name_has_at_most_255_octets);
    add_test(suite, a_name_known_whole_has_at_most_255_octets);
    add_test(suite, labels_beyond_127_are_too_long);
    add_test(suite, an_opt_has_at_most_32_options);
    add_test(suite, a_message_has_at_most_65535_octets);
    add_test(suite, names_without_pointers_are_work_too);
    add_rows(suite, is_judged, worst);
    add_rows(suite, takes_less_than_two_milliseconds, worst);
    add_test(suite, every_beginning_of_many_labels_ends_at_the_same_limit);
    add_test(suite, txt_may_have_300_strings);
    add_test(suite, txt_may_have_255_strings_of_255_octets);
    return suite;
}
