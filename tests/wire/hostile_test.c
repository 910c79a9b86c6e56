/* Messages made to be expensive or to deceive: every limit of the parser, and the worst of 64
 * KiB. (What they cost: bench/worst.c.) */
#include <stdlib.h>

#include "tests/wire/support.h"
#include "tests/wire/worst.h"

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

START_TEST(is_judged)
{
    worst[_i].fill();
    ck_assert_uint_gt(writer.size, 60000);
    is_in_both(worst[_i].outcome);
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
    add_test(suite, every_beginning_of_many_labels_ends_at_the_same_limit);
    add_test(suite, txt_may_have_300_strings);
    add_test(suite, txt_may_have_255_strings_of_255_octets);
    return suite;
}
