#include <stdlib.h>

#include "tests/wire/support.h"
#include "wire/frame.h"

#define MESSAGES 3

/* Three messages of 12, 300 and 13 octets on one stream. */
static const size_t sizes[MESSAGES] = {12, 300, 13};
static uint8_t stream[12 + 300 + 13 + 2 * MESSAGES];
static uint8_t buffer[FRAME_OCTETS_MAX];
static struct frame frame;

static void setup_stream(void)
{
    size_t at = 0;
    for (size_t i = 0; i < MESSAGES; i++) {
        frame_prefix(stream + at, sizes[i]);
        memset(stream + at + 2, (int)('a' + i), sizes[i]);
        at += 2 + sizes[i];
    }
}

static bool is_message(struct bytes message, size_t number)
{
    bool is = number < MESSAGES && message.size == sizes[number];
    for (size_t i = 0; is && i < message.size; i++) {
        is = message.data[i] == 'a' + number;
    }
    return is;
}

/* Feeds one chunk, from a copy of exactly its size; counts the messages that come out and checks
 * each. */
static void feed(struct bytes octets, size_t *count)
{
    struct bytes message;
    enum frame_outcome outcome;
    uint8_t *copy = malloc(octets.size + (octets.size == 0));
    struct bytes chunk = bytes_of(copy, octets.size);
    bool fine = copy != NULL;
    if (fine && octets.size > 0) {
        memcpy(copy, octets.data, octets.size);
    }
    while ((outcome = frame_next(&frame, &chunk, &message)) == FRAME_MESSAGE) {
        fine = fine && is_message(message, *count);
        ++*count;
    }
    ck_assert_msg(fine && outcome == FRAME_MORE && chunk.size == 0, "after %zu octets",
                  octets.size);
    free(copy);
}

START_TEST(any_two_cuts_give_the_same_messages)
{
    setup_stream();
    for (size_t first = 0; first <= sizeof stream; first++) {
        for (size_t second = first; second <= sizeof stream; second += 1 + second % 5) {
            size_t count = 0;
            frame_start(&frame, buffer, sizeof buffer);
            feed(bytes_of(stream, first), &count);
            feed(bytes_of(stream + first, second - first), &count);
            feed(bytes_of(stream + second, sizeof stream - second), &count);
            ck_assert_uint_eq(count, MESSAGES);
            ck_assert(!frame_is_inside(&frame));
        }
    }
}
END_TEST

START_TEST(a_message_that_is_a_chunk_is_handed_out_in_place)
{
    struct bytes message;
    setup_stream();
    struct bytes chunk = bytes_of(stream, 2 + 12);
    frame_start(&frame, buffer, sizeof buffer);
    ck_assert_int_eq(frame_next(&frame, &chunk, &message), FRAME_MESSAGE);
    ck_assert_ptr_eq(message.data, stream + 2);
    ck_assert_uint_eq(message.size, 12);
    ck_assert_uint_eq(chunk.size, 0);
}
END_TEST

START_TEST(chunks_of_any_size_give_the_same_messages)
{
    setup_stream();
    for (size_t each = 1; each <= sizeof stream; each++) {
        size_t count = 0;
        frame_start(&frame, buffer, sizeof buffer);
        for (size_t at = 0; at < sizeof stream; at += each) {
            const size_t left = sizeof stream - at;
            feed(bytes_of(stream + at, left < each ? left : each), &count);
        }
        ck_assert_uint_eq(count, MESSAGES);
    }
}
END_TEST

START_TEST(a_whole_message_is_handed_out_in_place)
{
    struct bytes chunk, message;
    setup_stream();
    chunk = bytes_of(stream, sizeof stream);
    frame_start(&frame, buffer, sizeof buffer);
    memset(buffer, 0xee, sizeof buffer);
    ck_assert_int_eq(frame_next(&frame, &chunk, &message), FRAME_MESSAGE);
    ck_assert_ptr_eq(message.data, stream + 2);
    ck_assert_int_eq(frame_next(&frame, &chunk, &message), FRAME_MESSAGE);
    ck_assert_ptr_eq(message.data, stream + 16);
    ck_assert_uint_eq(buffer[0], 0xee);
}
END_TEST

START_TEST(an_end_inside_a_message_is_known)
{
    size_t count = 0;
    setup_stream();
    for (size_t size = 0; size <= 14; size++) {
        frame_start(&frame, buffer, sizeof buffer);
        count = 0;
        feed(bytes_of(stream, size), &count);
        ck_assert(frame_is_inside(&frame) == (size > 0 && size < 14));
    }
}
END_TEST

START_TEST(the_largest_message_fits)
{
    static uint8_t large[FRAME_OCTETS_MAX];
    struct bytes message, chunk;
    frame_prefix(large, 65535);
    for (size_t cut = 0; cut <= 3; cut++) {
        frame_start(&frame, buffer, sizeof buffer);
        chunk = bytes_of(large, cut);
        ck_assert_int_eq(frame_next(&frame, &chunk, &message), FRAME_MORE);
        chunk = bytes_of(large + cut, sizeof large - cut);
        ck_assert_int_eq(frame_next(&frame, &chunk, &message), FRAME_MESSAGE);
        ck_assert_uint_eq(message.size, 65535);
        ck_assert_uint_eq(chunk.size, 0);
    }
}
END_TEST

static const struct {
    const char *name;
    const char *hex;
    enum frame_outcome outcome;
} breaks[] = {
    {"length 0", "0000", FRAME_EMPTY},
    {"length 1", "0001", FRAME_SHORT},
    {"length 11", "000b", FRAME_SHORT},
    {"length 0 with octets after it", "0000 0102", FRAME_EMPTY},
    {"length 11 with its octets", "000b 0102030405060708090a0b", FRAME_SHORT},
    {"longer than the buffer", "001f", FRAME_TOO_LONG},
    {"longer than the buffer, whole in the chunk",
     "001f 00000000000000000000000000000000000000000000000000000000000000", FRAME_TOO_LONG},
};

START_TEST(breaks_the_stream)
{
    const struct bytes octets = octets_of_hex(breaks[_i].hex);
    uint8_t exact[32];
    struct bytes message;
    for (size_t cut = 0; cut <= octets.size; cut++) {
        struct bytes chunk = bytes_of(octets.data, cut);
        frame_start(&frame, exact, sizeof exact);
        (void)frame_next(&frame, &chunk, &message);
        chunk = bytes_of(octets.data + cut, octets.size - cut);
        ck_assert_int_eq(frame_next(&frame, &chunk, &message), breaks[_i].outcome);
        /* and it stays broken */
        chunk = octets_of_hex("000c 0102030405060708090a0b0c");
        ck_assert_int_eq(frame_next(&frame, &chunk, &message), breaks[_i].outcome);
        ck_assert(!frame_is_inside(&frame));
    }
}
END_TEST

START_TEST(a_message_that_just_fits_the_buffer_is_whole)
{
    uint8_t exact[14];
    struct bytes message;
    struct bytes chunk = octets_of_hex("000c 0102030405060708090a0b");
    frame_start(&frame, exact, sizeof exact);
    ck_assert_int_eq(frame_next(&frame, &chunk, &message), FRAME_MORE);
    chunk = octets_of_hex("0c 000c");
    ck_assert_int_eq(frame_next(&frame, &chunk, &message), FRAME_MESSAGE);
    ck_assert(bytes_equal(message, octets_of_hex("0102030405060708090a0b0c")));
    ck_assert_uint_eq(chunk.size, 2);
}
END_TEST

START_TEST(every_outcome_has_its_own_word)
{
    for (unsigned i = 0; i <= FRAME_TOO_LONG; i++) {
        for (unsigned j = 0; j < i; j++) {
            ck_assert_str_ne(frame_outcome_name((enum frame_outcome)i),
                             frame_outcome_name((enum frame_outcome)j));
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("frame");
    add_test(suite, any_two_cuts_give_the_same_messages);
    add_test(suite, chunks_of_any_size_give_the_same_messages);
    add_test(suite, a_whole_message_is_handed_out_in_place);
    add_test(suite, an_end_inside_a_message_is_known);
    add_test(suite, the_largest_message_fits);
    add_rows(suite, breaks_the_stream, breaks);
    add_test(suite, a_message_that_just_fits_the_buffer_is_whole);
    add_test(suite, every_outcome_has_its_own_word);
    add_test(suite, a_message_that_is_a_chunk_is_handed_out_in_place);
    return suite;
}
