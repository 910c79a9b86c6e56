/* Answers on their way to one asker: what the mangler makes of the packets. */
#include "sim/mangler.h"

#include <stdio.h>
#include <string.h>

#include "sim/decoy.h"
#include "tests/sim/toys.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define ASKER  1
#define OTHER  2
#define SERVER 53

static struct arena arena;
static struct transit *transit;
static struct mangler mangler;
static uint8_t answer[600];
static struct packet arrived[64];
static uint8_t octets[64][1024];
static size_t arrivals;

static void open_transit(void)
{
    const struct transit_options options = {.seed = 1, .latency = NS_PER_MS};
    const struct address asker = toy_address(ASKER);
    arena_init(&arena, (size_t)16 * 1024 * 1024);
    transit = transit_new(&arena, &options);
    mangler_init(&mangler, &asker, 1);
    arrivals = 0;
}

static struct packet answer_to(const char *name, enum transport transport)
{
    const struct bytes message =
        toy_message(answer, name, RRTYPE_TXT, true, transport == TRANSPORT_TCP);
    return toy_packet(toy_endpoint(SERVER, 53), toy_endpoint(ASKER, 4000), transport, message);
}

/* As if the asker had opened the connection. */
static void ask_over_tcp(void)
{
    const struct packet query =
        toy_packet(toy_endpoint(ASKER, 4000), toy_endpoint(SERVER, 53), TRANSPORT_TCP,
                   toy_message(answer, "a.test.", RRTYPE_TXT, false, true));
    transit_send(transit, "asker", &query, 0);
}

static void collect(void)
{
    struct packet packet;
    uint64_t flight;
    for (arrivals = 0; transit_take(transit, NEVER - 1, &packet, &flight);) {
        if (packet.from.port != 53) {
            continue;
        }
        if (packet.payload.size > 0) {
            memcpy(octets[arrivals], packet.payload.data, packet.payload.size);
        }
        arrived[arrivals] = packet;
        arrived[arrivals].payload.data = octets[arrivals];
        arrivals++;
    }
}

static void send(const char *name, enum transport transport)
{
    const struct packet packet = answer_to(name, transport);
    mangler_send(&mangler, transit, "server", &packet, 0);
}

static bool is_as_it_was(size_t index, const char *name, enum transport transport)
{
    return bytes_equal(arrived[index].payload, answer_to(name, transport).payload);
}

START_TEST(only_answers_to_the_asker_are_taken)
{
    open_transit();
    struct packet packet = answer_to("a.test.", TRANSPORT_UDP);
    ck_assert(mangler_takes(&mangler, &packet, false));
    packet.to = toy_endpoint(OTHER, 4000);
    ck_assert(!mangler_takes(&mangler, &packet, false));
    ck_assert(!mangler_takes(&mangler, &packet, true));
    mangler.strangers = true;
    ck_assert(mangler_takes(&mangler, &packet, true));
    packet = answer_to("a.test.", TRANSPORT_UDP);
    packet.from.port = 54;
    ck_assert(!mangler_takes(&mangler, &packet, false));
    packet = answer_to("a.test.", TRANSPORT_TCP);
    packet.kind = PACKET_CLOSE;
    ck_assert(!mangler_takes(&mangler, &packet, false));
    arena_free(&arena);
}
END_TEST

/* A decision: 0 as it is, 1 edits, 2 and four times a number from the network's. */
#define NETWORK(how) (uint8_t)(2 + 4 * (how))

static const struct row {
    const char *name;
    enum transport transport;
    uint8_t decisions[4];
    const char *story;
    size_t arrivals;
    int as_it_was; /* which of them is the genuine one; -1: none */
} rows[] = {
    {"as it is", TRANSPORT_UDP, {0}, "as-it-is", 1, 0},
    {"put together anew", TRANSPORT_UDP, {1}, "anew", 1, 0},
    {"edited", TRANSPORT_UDP, {1, 0, 2, 2}, "id", 1, 0},
    {"lost", TRANSPORT_UDP, {NETWORK(0)}, "lost", 0, -1},
    {"twice", TRANSPORT_UDP, {NETWORK(1)}, "twice", 2, 0},
    {"late, without another", TRANSPORT_UDP, {NETWORK(2)}, "late", 0, -1},
    {"a forgery before it", TRANSPORT_UDP, {NETWORK(3)}, "forged-before", 2, 1},
    {"over TCP, edited", TRANSPORT_TCP, {1}, "anew", 1, 0},
    {"silence", TRANSPORT_TCP, {NETWORK(0)}, "silence", 0, -1},
    {"twice on one connection", TRANSPORT_TCP, {NETWORK(1)}, "twice", 2, 0},
    {"closed", TRANSPORT_TCP, {NETWORK(2)}, "closed", 1, -1},
    {"reset", TRANSPORT_TCP, {NETWORK(3)}, "reset", 1, -1},
    {"cut and closed", TRANSPORT_TCP, {NETWORK(4), 0, 2}, "cut-and-closed", 2, -1},
    {"a wrong length", TRANSPORT_TCP, {NETWORK(5), 0xff, 0xff}, "length", 1, -1},
    {"in pieces", TRANSPORT_TCP, {NETWORK(6 + 8)}, "pieces", 13, -1},
};

START_TEST(answers_fare_as_decided)
{
    const struct row *row = &rows[_i];
    open_transit();
    mangler_start(&mangler, bytes_of(row->decisions, sizeof row->decisions));
    if (row->transport == TRANSPORT_TCP) {
        ask_over_tcp();
    }
    send("a.test.", row->transport);
    collect();
    ck_assert_str_eq(mangler_story(&mangler), row->story);
    ck_assert_uint_eq(arrivals, row->arrivals);
    for (size_t i = 0; i < arrivals && row->as_it_was >= 0; i++) {
        ck_assert(is_as_it_was(i, "a.test.", row->transport) == (i >= (size_t)row->as_it_was));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(forgeries_bear_the_mark_and_miss)
{
    for (unsigned miss = 0; miss < DECOY_MISSES; miss++) {
        const uint8_t decision = NETWORK(3 + 8 * miss);
        open_transit();
        mangler_start(&mangler, bytes_of(&decision, 1));
        send("a.test.", TRANSPORT_UDP);
        collect();
        ck_assert_uint_eq(arrivals, 2);
        ck_assert(decoy_shows_in(arrived[0].payload) == (miss != DECOY_BROKEN));
        ck_assert(!decoy_shows_in(arrived[1].payload));
        const bool same_id = memcmp(octets[0], octets[1], 2) == 0;
        const bool same_question = memcmp(octets[0] + 12, octets[1] + 12, 8) == 0;
        const bool same_source = address_equal(&arrived[0].from.address, &arrived[1].from.address);
        ck_assert(same_id == (miss != DECOY_ID));
        ck_assert(same_source == (miss != DECOY_SOURCE));
        ck_assert(same_question == (miss != DECOY_QUESTION));
        ck_assert(((octets[0][2] & 2) != 0) == (miss == DECOY_CUT));
        arena_free(&arena);
    }
}
END_TEST

START_TEST(the_input_can_not_write_the_mark)
{
    /* a record added: in the answer, of type A, with the marked address */
    const uint8_t decisions[] = {1, 1, 0, 13, 0, 0, 4, 203, 0, 113, 66};
    open_transit();
    mangler_start(&mangler, bytes_of(decisions, sizeof decisions));
    send("a.test.", TRANSPORT_UDP);
    mangler_start(&mangler, bytes_of(decisions, sizeof decisions - 1));
    send("a.test.", TRANSPORT_UDP);
    collect();
    ck_assert_uint_eq(arrivals, 2);
    ck_assert(is_as_it_was(0, "a.test.", TRANSPORT_UDP));
    ck_assert(!is_as_it_was(1, "a.test.", TRANSPORT_UDP));
    ck_assert_str_eq(mangler_story(&mangler), "added");
    arena_free(&arena);
}
END_TEST

static const struct mark_row {
    const char *name;
    const char *octets;
    bool shows;
} mark_rows[] = {
    {"the text",
     "\x14"
     "forged by the fuzzer",
     true},
    {"the text in two strings",
     "x\x06"
     "forged\x0e"
     " by the fuzzer\x03",
     true},
    {"an empty string between",
     "\x06"
     "forged\x01\x0e"
     " by the fuzzer",
     true},
    {"not all of it",
     "\x13"
     "forged by the fuzze",
     false},
    {"other letters between", "forged.... by the fuzzer", false},
    {"part of the address", "ab\xcbq\xcbq", false},
};

START_TEST(the_mark_is_seen)
{
    const struct mark_row *row = &mark_rows[_i];
    static const uint8_t address[] = {1, 203, 0, 113, 66, 1};
    ck_assert(decoy_shows_in(bytes_of_string(row->octets)) == row->shows);
    ck_assert(decoy_shows_in(bytes_of(address, sizeof address)));
    ck_assert(!decoy_shows_in(bytes_of(address, 4)));
}
END_TEST

START_TEST(a_late_answer_comes_behind_the_next_one)
{
    const uint8_t decisions[] = {NETWORK(2), 0};
    open_transit();
    mangler_start(&mangler, bytes_of(decisions, sizeof decisions));
    send("a.test.", TRANSPORT_UDP);
    send("b.test.", TRANSPORT_UDP);
    collect();
    ck_assert_uint_eq(arrivals, 2);
    ck_assert(is_as_it_was(0, "b.test.", TRANSPORT_UDP));
    ck_assert(is_as_it_was(1, "a.test.", TRANSPORT_UDP));
    ck_assert_str_eq(mangler_story(&mangler), "late as-it-is");
    arena_free(&arena);
}
END_TEST

/* What arrived for `name`, as one number. */
static uint64_t fate_of(const char *first, const char *second, const char *name, uint64_t seed)
{
    uint64_t hash = 0;
    open_transit();
    mangler_start_seed(&mangler, seed);
    const char *const names[] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        send(names[i], TRANSPORT_UDP);
        collect();
        for (size_t j = 0; j < arrivals && strcmp(names[i], name) == 0; j++) {
            hash = bytes_hash(arrived[j].payload, hash);
        }
        mangler.held.full = false; /* order is a fate of its own */
    }
    arena_free(&arena);
    return hash;
}

START_TEST(by_a_seed_the_order_of_questions_does_not_matter)
{
    unsigned differ = 0;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        const uint64_t fate = fate_of("a.test.", "b.test.", "a.test.", seed);
        ck_assert_uint_eq(fate, fate_of("b.test.", "a.test.", "a.test.", seed));
        differ += fate != fate_of("a.test.", "b.test.", "a.test.", seed + 1);
    }
    ck_assert_uint_gt(differ, 25);
}
END_TEST

START_TEST(by_a_seed_questions_fare_differently)
{
    unsigned differ = 0;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        char first[MANGLER_STORY_MAX];
        open_transit();
        mangler_start_seed(&mangler, seed);
        send("a.test.", TRANSPORT_UDP);
        snprintf(first, sizeof first, "%s ", mangler_story(&mangler));
        send("b.test.", TRANSPORT_UDP);
        const char *second = mangler_story(&mangler) + strlen(first);
        differ += strncmp(second, first, strlen(first) - 1) != 0;
        arena_free(&arena);
    }
    ck_assert_uint_gt(differ, 20);
}
END_TEST

START_TEST(by_a_seed_the_second_time_is_another)
{
    unsigned differ = 0;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        size_t sizes[2];
        open_transit();
        mangler_start_seed(&mangler, seed);
        for (size_t i = 0; i < 2; i++) {
            send("a.test.", TRANSPORT_UDP);
            collect();
            sizes[i] = arrivals > 0 ? arrived[0].payload.size : 0;
        }
        differ += sizes[0] != sizes[1];
        arena_free(&arena);
    }
    ck_assert_uint_gt(differ, 10);
}
END_TEST

static char heard[256];

static void hear(void *context, const struct packet *packet, instant_ns now, const char *done)
{
    const size_t size = strlen(heard);
    ck_assert_ptr_null(context);
    ck_assert_uint_eq(now, 0);
    snprintf(heard + size, sizeof heard - size, "%zu %s;", packet->payload.size, done);
}

START_TEST(a_listener_hears_of_every_answer)
{
    const uint8_t decisions[] = {0, NETWORK(1), NETWORK(0)};
    open_transit();
    heard[0] = '\0';
    mangler_start(&mangler, bytes_of(decisions, sizeof decisions));
    mangler.listener = hear;
    send("a.test.", TRANSPORT_UDP);
    send("bc.test.", TRANSPORT_UDP);
    send("a.test.", TRANSPORT_UDP);
    ck_assert_str_eq(heard, "24 as-it-is;25 twice;24 lost;");
    arena_free(&arena);
}
END_TEST

START_TEST(a_story_that_is_too_long_is_cut)
{
    open_transit();
    mangler_start_seed(&mangler, 1);
    for (unsigned i = 0; i < 500; i++) {
        send("a.test.", TRANSPORT_UDP);
        collect();
    }
    ck_assert_uint_lt(strlen(mangler_story(&mangler)), MANGLER_STORY_MAX);
    ck_assert_uint_gt(strlen(mangler_story(&mangler)), MANGLER_STORY_MAX / 2);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("mangler");
    add_test(suite, only_answers_to_the_asker_are_taken);
    add_rows(suite, answers_fare_as_decided, rows);
    add_test(suite, forgeries_bear_the_mark_and_miss);
    add_test(suite, the_input_can_not_write_the_mark);
    add_rows(suite, the_mark_is_seen, mark_rows);
    add_test(suite, a_late_answer_comes_behind_the_next_one);
    add_test(suite, by_a_seed_the_order_of_questions_does_not_matter);
    add_test(suite, by_a_seed_questions_fare_differently);
    add_test(suite, by_a_seed_the_second_time_is_another);
    add_test(suite, a_listener_hears_of_every_answer);
    add_test(suite, a_story_that_is_too_long_is_cut);
    return suite;
}
