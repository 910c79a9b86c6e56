/* A program in the client's place: its packets, and octets that decide what becomes of answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/faultzone.h"
#include "tests/support/support.h"

#define NAME     "k1._domainkey.customer.example"
#define SECOND   UINT64_C(1000000000)
#define ROOT     "198.41.0.4"
#define AS_IT_IS 0
#define LOST     2
#define TWICE    (2 + 4 * 1)
#define LATE     (2 + 4 * 2)
#define FORGED   (2 + 4 * 3)
#define CLOSED   (2 + 4 * 2) /* over TCP, the next two too */
#define RESET    (2 + 4 * 3)
#define PIECES   (2 + 4 * (6 + 8 * 4)) /* of five octets */

static const char text[] = "scenario: a key and an alias\n"
                           "zones:\n"
                           "  customer.example:\n"
                           "    records: |\n"
                           "      k1._domainkey 300 TXT \"v=DKIM1; k=rsa; p=AAAA\"\n"
                           "      other 300 CNAME k1._domainkey\n";

/* ID 0x1234, RD, and the question NAME TXT. */
static const uint8_t query[] = "\x12\x34\x01\0\0\x01\0\0\0\0\0\0"
                               "\x02k1\x0a_domainkey\x08"
                               "customer\x07"
                               "example\0\0\x10\0\x01";
#define QUERY_SIZE (sizeof query - 1)

static struct faultzone *world;
static struct faultzone_arrival arrival;

static void open_world(void)
{
    char error[512] = "";
    world = faultzone_open_text(text, 1, error, sizeof error);
    ck_assert_msg(world != NULL, "%s", error);
}

static void fuzz(uint8_t decision)
{
    static uint8_t octets[1];
    octets[0] = decision;
    faultzone_fuzz(world, octets, sizeof octets);
}

static enum faultzone_outcome exchange(enum faultzone_transport transport)
{
    return faultzone_exchange(world, transport, NULL, query, QUERY_SIZE, &arrival);
}

static bool is_the_answer(void)
{
    return arrival.size > QUERY_SIZE && memcmp(arrival.octets, query, 2) == 0 &&
           (arrival.octets[2] & 0x80) != 0 && arrival.octets[7] == 1;
}

START_TEST(a_text_is_a_scenario)
{
    char error[512] = "";
    open_world();
    ck_assert_str_eq(faultzone_dkim(world, NAME, NULL), "permerror"); /* AAAA is no key */
    faultzone_close(world);
    ck_assert_ptr_null(
        faultzone_open_text("scenario: x\nzones: {}\nzone: 1\n", 1, error, sizeof error));
    ck_assert_msg(strncmp(error, "text:3:1: ", 10) == 0, "%s", error);
}
END_TEST

START_TEST(without_octets_answers_come_as_they_are)
{
    open_world();
    ck_assert_int_eq(exchange(FAULTZONE_UDP), FAULTZONE_ANSWERED);
    ck_assert(is_the_answer());
    ck_assert_str_eq(arrival.server, "192.0.2.53");
    ck_assert_uint_eq(arrival.server_port, 53);
    ck_assert_str_eq(faultzone_fuzz_story(world), "");
    faultzone_fuzz(world, NULL, 0);
    ck_assert_int_eq(exchange(FAULTZONE_UDP), FAULTZONE_ANSWERED);
    ck_assert(is_the_answer());
    ck_assert_int_eq(exchange(FAULTZONE_TCP), FAULTZONE_ANSWERED);
    ck_assert(is_the_answer());
    ck_assert_str_eq(faultzone_fuzz_story(world), "as-it-is as-it-is");
    faultzone_close(world);
}
END_TEST

START_TEST(what_can_not_be_sent_is_refused)
{
    static uint8_t large[70000];
    open_world();
    ck_assert(!faultzone_send(world, FAULTZONE_UDP, 5000, "nowhere", query, QUERY_SIZE));
    ck_assert(!faultzone_send(world, FAULTZONE_UDP, 5000, NULL, large, 65508));
    ck_assert(!faultzone_send(world, FAULTZONE_TCP, 5000, NULL, large, 65538));
    ck_assert_int_eq(faultzone_exchange(world, FAULTZONE_UDP, "x", query, QUERY_SIZE, &arrival),
                     FAULTZONE_BAD_NAME);
    ck_assert_int_eq(faultzone_exchange(world, FAULTZONE_TCP, NULL, large, 65536, &arrival),
                     FAULTZONE_BAD_NAME);
    faultzone_close(world);
}
END_TEST

START_TEST(servers_answer_at_their_addresses)
{
    open_world();
    ck_assert_int_eq(faultzone_exchange(world, FAULTZONE_UDP, ROOT, query, QUERY_SIZE, &arrival),
                     FAULTZONE_ANSWERED);
    ck_assert_str_eq(arrival.server, ROOT);
    ck_assert_uint_eq(arrival.octets[7], 0); /* no answer: a referral */
    ck_assert_uint_gt(arrival.octets[9], 0);
    ck_assert_int_eq(faultzone_exchange(world, FAULTZONE_UDP, "2001:503:ba3e::2:30", query,
                                        QUERY_SIZE, &arrival),
                     FAULTZONE_ANSWERED);
    ck_assert_str_eq(arrival.server, "2001:503:ba3e::2:30");
    ck_assert_int_eq(
        faultzone_exchange(world, FAULTZONE_UDP, "203.0.113.9", query, QUERY_SIZE, &arrival),
        FAULTZONE_TIMED_OUT);
    faultzone_close(world);
}
END_TEST

static const struct row {
    const char *name;
    enum faultzone_transport transport;
    uint8_t decision;
    enum faultzone_outcome outcome;
    const char *story;
} rows[] = {
    {"lost", FAULTZONE_UDP, LOST, FAULTZONE_TIMED_OUT, "lost"},
    {"late", FAULTZONE_UDP, LATE, FAULTZONE_TIMED_OUT, "late"},
    {"twice", FAULTZONE_UDP, TWICE, FAULTZONE_ANSWERED, "twice"},
    {"edited", FAULTZONE_UDP, 1, FAULTZONE_ANSWERED, "anew"},
    {"closed", FAULTZONE_TCP, CLOSED, FAULTZONE_FAILED, "closed"},
    {"reset", FAULTZONE_TCP, RESET, FAULTZONE_FAILED, "reset"},
    {"in pieces", FAULTZONE_TCP, PIECES, FAULTZONE_ANSWERED, "pieces"},
    {"edited over TCP", FAULTZONE_TCP, 1, FAULTZONE_ANSWERED, "anew"},
};

START_TEST(octets_decide)
{
    const struct row *row = &rows[_i];
    open_world();
    fuzz(row->decision);
    ck_assert_int_eq(exchange(row->transport), row->outcome);
    ck_assert_str_eq(faultzone_fuzz_story(world), row->story);
    ck_assert(row->outcome != FAULTZONE_ANSWERED || is_the_answer());
    faultzone_close(world);
}
END_TEST

START_TEST(every_packet_is_received_with_its_port)
{
    open_world();
    fuzz(FORGED);
    ck_assert(faultzone_send(world, FAULTZONE_UDP, 5000, NULL, query, QUERY_SIZE));
    ck_assert_int_eq(faultzone_receive(world, 5 * SECOND, &arrival), FAULTZONE_OCTETS);
    ck_assert_uint_eq(arrival.port, 5000);
    ck_assert(memcmp(arrival.octets, query, 2) != 0); /* the forgery has another ID */
    ck_assert_int_eq(faultzone_receive(world, 5 * SECOND, &arrival), FAULTZONE_OCTETS);
    ck_assert(is_the_answer());
    const uint64_t before = faultzone_now(world);
    ck_assert_int_eq(faultzone_receive(world, 5 * SECOND, &arrival), FAULTZONE_NOTHING);
    ck_assert_uint_eq(faultzone_now(world), before + 5 * SECOND);
    faultzone_close(world);
}
END_TEST

START_TEST(until_nothing_is_under_way)
{
    open_world();
    ck_assert(faultzone_send(world, FAULTZONE_UDP, 5000, NULL, query, QUERY_SIZE));
    ck_assert_int_eq(faultzone_receive(world, UINT64_MAX, &arrival), FAULTZONE_OCTETS);
    ck_assert_int_eq(faultzone_receive(world, UINT64_MAX, &arrival), FAULTZONE_NOTHING);
    faultzone_close(world);
}
END_TEST

START_TEST(time_ends_and_does_not_turn_round)
{
    open_world();
    faultzone_wait(world, 5);
    faultzone_wait(world, UINT64_MAX);
    ck_assert_uint_eq(faultzone_now(world), UINT64_MAX / 2);
    faultzone_wait(world, UINT64_MAX - 1);
    ck_assert_uint_eq(faultzone_now(world), UINT64_MAX / 2);
    faultzone_close(world);
}
END_TEST

START_TEST(what_comes_while_time_passes_is_kept)
{
    open_world();
    ck_assert(faultzone_send(world, FAULTZONE_UDP, 5000, NULL, query, QUERY_SIZE));
    ck_assert(faultzone_send(world, FAULTZONE_UDP, 5001, ROOT, query, QUERY_SIZE));
    faultzone_wait(world, 5 * SECOND);
    ck_assert_int_eq(faultzone_receive(world, 0, &arrival), FAULTZONE_OCTETS);
    ck_assert_uint_eq(arrival.port, 5001);
    ck_assert_int_eq(faultzone_receive(world, 0, &arrival), FAULTZONE_OCTETS);
    ck_assert_uint_eq(arrival.port, 5000);
    ck_assert_int_eq(faultzone_receive(world, 0, &arrival), FAULTZONE_NOTHING);
    faultzone_close(world);
}
END_TEST

START_TEST(as_many_wait_as_the_header_says)
{
    unsigned count = 0;
    open_world();
    for (uint16_t i = 0; i < FAULTZONE_ARRIVALS_MAX + 9; i++) {
        ck_assert(faultzone_send(world, FAULTZONE_UDP, 5000 + i, NULL, query, QUERY_SIZE));
        faultzone_wait(world, SECOND);
    }
    while (faultzone_receive(world, 0, &arrival) == FAULTZONE_OCTETS) {
        ck_assert_uint_eq(arrival.port, 5000 + count++);
    }
    ck_assert_uint_eq(count, FAULTZONE_ARRIVALS_MAX);
    faultzone_close(world);
}
END_TEST

START_TEST(an_exchange_takes_its_own_answer)
{
    open_world();
    ck_assert(faultzone_send(world, FAULTZONE_UDP, 5000, ROOT, query, QUERY_SIZE));
    ck_assert_int_eq(exchange(FAULTZONE_UDP), FAULTZONE_ANSWERED);
    ck_assert(is_the_answer());
    ck_assert_uint_ne(arrival.port, 5000);
    ck_assert_int_eq(faultzone_receive(world, SECOND, &arrival), FAULTZONE_NOTHING);
    faultzone_close(world);
}
END_TEST

START_TEST(a_stream_is_received_as_the_network_cuts_it)
{
    uint8_t framed[QUERY_SIZE + 2] = {0, (uint8_t)QUERY_SIZE};
    size_t total = 0;
    open_world();
    fuzz(PIECES);
    memcpy(framed + 2, query, QUERY_SIZE);
    ck_assert(faultzone_send(world, FAULTZONE_TCP, 5000, NULL, framed, 9));
    ck_assert(faultzone_send(world, FAULTZONE_TCP, 5000, NULL, framed + 9, sizeof framed - 9));
    while (faultzone_receive(world, SECOND, &arrival) == FAULTZONE_OCTETS) {
        ck_assert_int_eq(arrival.transport, FAULTZONE_TCP);
        ck_assert(total == 0 || arrival.size <= 5);
        total += arrival.size;
    }
    ck_assert_uint_gt(total, sizeof framed);
    faultzone_hang_up(world, 5000, NULL);
    ck_assert_int_eq(faultzone_receive(world, 60 * SECOND, &arrival), FAULTZONE_CLOSED);
    faultzone_close(world);
}
END_TEST

START_TEST(a_reset_forgets_ports_and_arrivals)
{
    uint8_t reply[4096];
    size_t size;
    open_world();
    fuzz(TWICE);
    for (unsigned port = 0; port <= UINT16_MAX; port++) {
        ck_assert(faultzone_send(world, FAULTZONE_UDP, (uint16_t)port, NULL, query, QUERY_SIZE));
    }
    faultzone_wait(world, SECOND);
    faultzone_reset(world, 1);
    ck_assert_int_eq(faultzone_receive(world, SECOND, &arrival), FAULTZONE_NOTHING);
    /* no port is the program's any more, and answers come as they are */
    ck_assert_int_eq(faultzone_ask(world, NAME, 16, reply, sizeof reply, &size),
                     FAULTZONE_ANSWERED);
    ck_assert_str_eq(faultzone_fuzz_story(world), "");
    faultzone_close(world);
}
END_TEST

/* The world's own stub is in the client's place too. */
START_TEST(who_asks_by_the_worlds_own_means_is_fuzzed_too)
{
    uint8_t reply[4096];
    size_t size;
    const uint8_t decisions[] = {LOST, LOST, LOST};
    open_world();
    faultzone_fuzz(world, decisions, sizeof decisions);
    ck_assert_int_eq(faultzone_ask(world, NAME, 16, reply, sizeof reply, &size),
                     FAULTZONE_TIMED_OUT);
    ck_assert_str_eq(faultzone_fuzz_story(world), "lost lost lost");
    ck_assert_int_eq(faultzone_ask(world, NAME, 16, reply, sizeof reply, &size),
                     FAULTZONE_ANSWERED);
    faultzone_close(world);
}
END_TEST

/* One line for each thing that happens under these octets. */
static void play(const uint8_t *octets, size_t size, char *ret, size_t capacity)
{
    size_t used = 0;
    ret[0] = '\0';
    faultzone_fuzz(world, octets, size);
    for (uint16_t port = 5000; port < 5004; port++) {
        faultzone_send(world, FAULTZONE_UDP, port, NULL, query, QUERY_SIZE);
    }
    for (;;) {
        const enum faultzone_event event = faultzone_receive(world, 5 * SECOND, &arrival);
        unsigned sum = 0;
        for (size_t i = 0; event == FAULTZONE_OCTETS && i < arrival.size; i++) {
            sum = sum * 31 + arrival.octets[i];
        }
        if (event == FAULTZONE_NOTHING || used + 80 > capacity) {
            return;
        }
        used += (size_t)snprintf(ret + used, capacity - used, "%d %u %zu %u\n", event, arrival.port,
                                 event == FAULTZONE_OCTETS ? arrival.size : 0, sum);
    }
}

START_TEST(the_same_octets_give_the_same_answers)
{
    static char first[8192], second[8192];
    unsigned state = 1, differ = 0;
    uint8_t octets[64];
    open_world();
    for (unsigned i = 0; i < 300; i++) {
        for (size_t j = 0; j < sizeof octets; j++) {
            state = state * 1103515245 + 12345;
            octets[j] = (uint8_t)(state >> 16);
        }
        play(octets, sizeof octets, first, sizeof first);
        play(NULL, 0, second, sizeof second);
        differ += strcmp(first, second) != 0;
        play(octets, sizeof octets, second, sizeof second);
        ck_assert_str_eq(first, second);
    }
    ck_assert_uint_gt(differ, 250);
    faultzone_close(world);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("embed_fuzz");
    add_test(suite, a_text_is_a_scenario);
    add_test(suite, without_octets_answers_come_as_they_are);
    add_test(suite, what_can_not_be_sent_is_refused);
    add_test(suite, servers_answer_at_their_addresses);
    add_rows(suite, octets_decide, rows);
    add_test(suite, every_packet_is_received_with_its_port);
    add_test(suite, until_nothing_is_under_way);
    add_test(suite, time_ends_and_does_not_turn_round);
    add_test(suite, what_comes_while_time_passes_is_kept);
    add_test(suite, as_many_wait_as_the_header_says);
    add_test(suite, an_exchange_takes_its_own_answer);
    add_test(suite, a_stream_is_received_as_the_network_cuts_it);
    add_test(suite, a_reset_forgets_ports_and_arrivals);
    add_test(suite, who_asks_by_the_worlds_own_means_is_fuzzed_too);
    add_test(suite, the_same_octets_give_the_same_answers);
    return suite;
}
