/* The table of connections: who opened what, what is over, and whose place is taken. */
#include "sim/stream.h"

#include "tests/sim/toys.h"
#include "tests/support/support.h"

static struct arena arena;
static struct streams *streams;
static struct endpoint server;

static void prepare(void)
{
    arena_init(&arena, (size_t)16 << 20);
    streams = ARENA_NEW(&arena, struct streams);
    streams_init(streams, &arena);
    server = toy_endpoint(9, 53);
}

static void clean(void)
{
    arena_free(&arena);
}

static struct stream *open_from(unsigned port)
{
    const struct endpoint opener = toy_endpoint(1, port);
    return streams_open(streams, &opener, &server);
}

static struct stream *find_from(unsigned port)
{
    const struct endpoint opener = toy_endpoint(1, port);
    enum stream_side side;
    struct stream *stream = streams_find(streams, &opener, &server, &side);
    if (stream != NULL) {
        ck_assert_int_eq(side, STREAM_OPENER);
        ck_assert_ptr_eq(streams_find(streams, &server, &opener, &side), stream);
        ck_assert_int_eq(side, STREAM_ACCEPTER);
    }
    return stream;
}

START_TEST(each_connection_is_found_from_both_ends)
{
    struct stream *opened[STREAMS_MAX];
    for (unsigned i = 0; i < STREAMS_MAX; i++) {
        opened[i] = open_from(i);
        ck_assert_ptr_nonnull(opened[i]);
    }
    for (unsigned i = 0; i < STREAMS_MAX; i++) {
        ck_assert_ptr_eq(find_from(i), opened[i]);
    }
    ck_assert_ptr_null(find_from(STREAMS_MAX));
    ck_assert_ptr_null(open_from(STREAMS_MAX));
}
END_TEST

START_TEST(the_longest_over_makes_room)
{
    for (unsigned i = 0; i < STREAMS_MAX; i++) {
        open_from(i);
    }
    streams_end(streams, find_from(30));
    streams_end(streams, find_from(10));
    streams_end(streams, find_from(20));
    streams_end(streams, find_from(30)); /* changes nothing */
    streams_reopen(streams, find_from(10));
    ck_assert_ptr_nonnull(open_from(5000));
    ck_assert_ptr_null(find_from(30));
    ck_assert_ptr_nonnull(open_from(5001));
    ck_assert_ptr_null(find_from(20));
    ck_assert_ptr_null(open_from(5002));
    streams_end(streams, find_from(10));
    ck_assert_ptr_nonnull(open_from(5002));
    ck_assert_ptr_null(find_from(10));
}
END_TEST

START_TEST(both_sides_must_close)
{
    struct stream *stream = open_from(1);
    streams_close(streams, stream, STREAM_OPENER);
    ck_assert(!stream->over);
    streams_close(streams, stream, STREAM_ACCEPTER);
    ck_assert(stream->over);
}
END_TEST

START_TEST(a_reopened_connection_starts_anew_but_in_order)
{
    struct stream *stream = open_from(1);
    stream_advance(stream, STREAM_OPENER, bytes_of_string("abc"));
    stream->ways[STREAM_ACCEPTER].due = 77;
    stream->ways[STREAM_ACCEPTER].broken = "loss";
    streams_close(streams, stream, STREAM_OPENER);
    streams_close(streams, stream, STREAM_ACCEPTER);
    streams_reopen(streams, stream);
    ck_assert(!stream->over);
    for (int side = 0; side < STREAM_SIDES; side++) {
        ck_assert(!stream->ways[side].closed);
        ck_assert_ptr_null(stream->ways[side].broken);
        ck_assert_uint_eq(stream->ways[side].octets, 0);
    }
    ck_assert(stream_is_between_messages(stream, STREAM_OPENER));
    ck_assert_uint_eq(stream->ways[STREAM_ACCEPTER].due, 77);
}
END_TEST

START_TEST(a_reset_forgets_all_and_takes_no_memory)
{
    size_t used = 0;
    for (unsigned run = 0; run < 4; run++) {
        for (unsigned i = 0; i < STREAMS_MAX; i++) {
            ck_assert_ptr_nonnull(open_from(run * 2000 + i));
        }
        for (unsigned i = 0; i < STREAMS_MAX; i += 3) {
            streams_end(streams, find_from(run * 2000 + i));
        }
        streams_reset(streams);
        for (unsigned i = 0; i < STREAMS_MAX; i++) {
            ck_assert_ptr_null(find_from(run * 2000 + i));
        }
        used = run == 0 ? arena.used : used;
        ck_assert_uint_eq(arena.used, used);
    }
}
END_TEST

/* Three messages: of 3 octets, of none, of 300. */
START_TEST(messages_are_counted_however_they_are_cut)
{
    uint8_t octets[2 + 3 + 2 + 2 + 300] = {0, 3, 'a', 'b', 'c', 0, 0, 1, 44};
    for (size_t step = 1; step <= sizeof octets; step++) {
        struct stream stream = {.over = false};
        unsigned begins = 0;
        for (size_t at = 0; at < sizeof octets; at += step) {
            const size_t left = sizeof octets - at;
            const struct bytes chunk = bytes_of(octets + at, left < step ? left : step);
            begins += stream_advance(&stream, STREAM_ACCEPTER, chunk);
        }
        const struct stream_way *way = &stream.ways[STREAM_ACCEPTER];
        ck_assert_uint_eq(way->octets, sizeof octets);
        ck_assert_uint_eq(way->messages, 3);
        ck_assert(stream_is_between_messages(&stream, STREAM_ACCEPTER));
        ck_assert_uint_eq(begins, step == 1 ? 3 : begins);
        ck_assert_uint_ge(begins, 1);
    }
}
END_TEST

START_TEST(a_message_under_way_shows)
{
    struct stream stream = {.over = false};
    const uint8_t octets[] = {0, 2, 'a', 'b', 0};
    for (size_t i = 0; i < sizeof octets; i++) {
        stream_advance(&stream, STREAM_OPENER, bytes_of(octets + i, 1));
        ck_assert_int_eq(stream_is_between_messages(&stream, STREAM_OPENER), i == 3);
    }
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test)
{
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, prepare, clean);
    tcase_add_test(tcase, test);
    suite_add_tcase(suite, tcase);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("stream");
    add(suite, "each_connection_is_found_from_both_ends", each_connection_is_found_from_both_ends);
    add(suite, "the_longest_over_makes_room", the_longest_over_makes_room);
    add(suite, "both_sides_must_close", both_sides_must_close);
    add(suite, "a_reopened_connection_starts_anew_but_in_order",
        a_reopened_connection_starts_anew_but_in_order);
    add(suite, "a_reset_forgets_all_and_takes_no_memory", a_reset_forgets_all_and_takes_no_memory);
    add(suite, "messages_are_counted_however_they_are_cut",
        messages_are_counted_however_they_are_cut);
    add(suite, "a_message_under_way_shows", a_message_under_way_shows);
    return suite;
}
