/* A world without outsiders over real sockets: what happens, and when, is what happens in virtual
 * time, down to the last octet of the trace. */
#include "live/live.h"

#include <signal.h>

#include "sim/virtual.h"
#include "tests/sim/toys.h"
#include "tests/support/support.h"

#define LATENCY (10 * NS_PER_MS)

static struct arena arena;
static struct trace trace;
static struct world *world;
static struct toy_echo echo;
static struct toy_pinger pinger;
static struct address homes[2];
static struct fault faults[2];

static void prepare(void)
{
    arena_init(&arena, (size_t)128 << 20);
    trace_init(&trace, &arena);
    struct transit *transit =
        transit_new(&arena, &(struct transit_options){.trace = &trace, .latency = LATENCY});
    world = world_new(&arena, transit, &trace);
    homes[0] = toy_address(1);
    homes[1] = toy_address(2);
    toy_echo_init(&echo);
    toy_pinger_init(&pinger);
}

static void clean(void)
{
    arena_free(&arena);
}

static void seat_both(void)
{
    struct machine *machines[2] = {&pinger.machine, &echo.machine};
    static const char *const names[2] = {"pinger", "echo"};
    for (size_t i = 0; i < 2; i++) {
        ck_assert(world_seat(world, &(struct seat){.name = names[i],
                                                   .machine = machines[i],
                                                   .addresses = &homes[i],
                                                   .address_count = 1}));
    }
}

static void set_pinger(enum transport transport, unsigned count, struct bytes payload)
{
    const struct machine machine = pinger.machine;
    pinger = (struct toy_pinger){.machine = machine,
                                 .self = {.address = homes[0], .port = 4000},
                                 .to = {.address = homes[1], .port = 53},
                                 .transport = transport,
                                 .payload = payload,
                                 .interval = NS_PER_S,
                                 .left = count};
}

static struct live *open_live(void)
{
    struct diag diag;
    struct live *live = live_open(world, &(struct live_options){0}, &diag);
    ck_assert_msg(live != NULL, "%s", diag.sentence);
    return live;
}

static enum run_end run(host_run *host)
{
    host(world, &(struct run_limits){.until = NEVER});
    return world->ended;
}

/* --- the same in both hosts --- */

struct story {
    const char *name;
    enum transport transport;
    unsigned count;
    const char *fault; /* NULL for none */
    struct toy_number number;
    uint32_t percent; /* its chance, 0 for always */
    bool v6;
    unsigned port_step;
    enum packet_kind hang_up;
    size_t payload;
    duration_ns interval;
};

static const struct story stories[] = {
    {"datagrams", TRANSPORT_UDP, .count = 5},
    {"datagrams over v6", TRANSPORT_UDP, .count = 5, .v6 = true},
    {"empty datagrams", TRANSPORT_UDP, .count = 3, .payload = SIZE_MAX},
    {"large datagrams", TRANSPORT_UDP, .count = 3, .payload = 60000},
    {"a stream", TRANSPORT_TCP, .count = 5},
    {"a stream over v6", TRANSPORT_TCP, .count = 5, .v6 = true},
    {"large chunks", TRANSPORT_TCP, .count = 3, .payload = 120000},
    {"chunks at once", TRANSPORT_TCP, .count = 50, .interval = 1},
    {"more datagram ports than sockets", TRANSPORT_UDP, .count = 600, .port_step = 1},
    {"datagram ports at once", TRANSPORT_UDP, .count = 600, .port_step = 1, .interval = 1},
    {"closed connections", TRANSPORT_TCP, .count = 20, .port_step = 1, .hang_up = PACKET_CLOSE},
    {"one connection after another", TRANSPORT_TCP, .count = 5, .hang_up = PACKET_CLOSE},
    {"reset connections", TRANSPORT_TCP, .count = 20, .port_step = 1, .hang_up = PACKET_RESET},
    {"more connections than are kept", TRANSPORT_TCP, .count = 300, .port_step = 1},
    {"loss", TRANSPORT_UDP, .count = 40, .fault = "loss", .percent = 40},
    {"loss on a stream", TRANSPORT_TCP, .count = 10, .fault = "loss", .percent = 40},
    {"a black hole", TRANSPORT_TCP, .count = 3, .fault = "loss"},
    {"delay", TRANSPORT_UDP, .count = 40, .fault = "delay", .number = {"jitter", 3 * NS_PER_S}},
    {"duplicates", TRANSPORT_UDP, .count = 10, .fault = "duplicate", .number = {"copies", 3}},
    {"reordering", TRANSPORT_UDP, .count = 40, .fault = "reorder",
     .number = {"window", 5 * NS_PER_S}},
    {"corruption", TRANSPORT_UDP, .count = 10, .fault = "corrupt", .number = {"bits", 5}},
    {"truncation", TRANSPORT_UDP, .count = 10, .fault = "truncate", .number = {"to", 2}},
    {"refused connections", TRANSPORT_TCP, .count = 5, .port_step = 1, .fault = "tcp-refused"},
    {"connections reset by the network", TRANSPORT_TCP, .count = 5, .port_step = 1,
     .fault = "tcp-reset", .number = {"after", 2}},
    {"connections reset later", TRANSPORT_TCP, .count = 5, .fault = "tcp-reset",
     .number = {"after", 10}},
    {"stalled connections", TRANSPORT_TCP, .count = 5, .port_step = 1, .fault = "tcp-stalled"},
    {"single octets", TRANSPORT_TCP, .count = 5, .fault = "tcp-segment", .number = {"size", 1}},
};

static void start_story(const struct story *story)
{
    static uint8_t octets[120000];
    struct bytes payload = bytes_of(octets, story->payload);
    for (size_t i = 0; i < sizeof octets; i++) {
        octets[i] = (uint8_t)(i * 7);
    }
    if (story->payload == 0 || story->payload == SIZE_MAX) {
        payload = story->payload == 0 ? bytes_of_string("ping") : bytes_of(octets, 0);
    }
    world_reset(world, 42);
    trace_reset(&trace);
    set_pinger(story->transport, story->count, payload);
    pinger.port_step = story->port_step;
    pinger.hang_up = story->hang_up;
    pinger.interval = story->interval > 0 ? story->interval : pinger.interval;
}

static void set_story_fault(const struct story *story)
{
    if (story->fault != NULL) {
        faults[0] = toy_fault(&arena, story->fault, &story->number, story->number.key != NULL);
        faults[0].trigger.chance_ppm = story->percent > 0 ? story->percent * 10000 : CHANCE_ALWAYS;
        ck_assert(transit_set_faults(world->transit, faults, 1));
    }
}

static void put_entry(char *buffer, size_t size, const struct trace_entry *entry)
{
    static const char *const kinds[] = {"SENT", "ARRIVED", "LOST", "FAULT", "DECISION"};
    struct text text = text_in(buffer, size);
    text_put_format(&text, "%llu %s %s %s flight %llu size %zu kind %d",
                    (unsigned long long)entry->at, kinds[entry->kind], entry->who,
                    entry->what != NULL ? entry->what : "-", (unsigned long long)entry->flight,
                    entry->packet.payload.size, (int)entry->packet.kind);
}

/* Fails with the first entry that differs. */
static void compare(const struct trace *expected, const struct trace *seen)
{
    struct trace_cursor cursors[2] = {{0}};
    for (;;) {
        const struct trace_entry *a = trace_next(expected, &cursors[0]);
        const struct trace_entry *b = trace_next(seen, &cursors[1]);
        char texts[2][200] = {"nothing", "nothing"};
        if (a != NULL) {
            put_entry(texts[0], sizeof texts[0], a);
        }
        if (b != NULL) {
            put_entry(texts[1], sizeof texts[1], b);
        }
        ck_assert_str_eq(texts[1], texts[0]);
        if (a == NULL) {
            break;
        }
    }
    ck_assert_uint_eq(trace_digest(seen), trace_digest(expected));
}

START_TEST(both_hosts_tell_the_same)
{
    const struct story *story = &stories[_i];
    if (story->v6) {
        homes[0] = address_v6((const uint8_t[16]){0x20, 1, 0x0d, 0xb8, [15] = 1});
        homes[1] = address_v6((const uint8_t[16]){0x20, 1, 0x0d, 0xb8, [15] = 2});
    }
    seat_both();
    set_story_fault(story);
    start_story(story);
    ck_assert_int_eq(run(virtual_run), RUN_IDLE);
    const instant_ns expected_now = world->now;
    const unsigned expected_replies = pinger.replies;
    const struct trace expected = trace;
    trace_init(&trace, &arena);

    struct live *live = open_live();
    for (unsigned again = 0; again < 2; again++) {
        start_story(story);
        ck_assert_int_eq(run(live_run), RUN_IDLE);
        compare(&expected, &trace);
        ck_assert_uint_eq(world->now, expected_now);
        ck_assert_uint_eq(pinger.replies, expected_replies);
    }
    live_close(live);
    ck_assert_ptr_null(world->host);
}
END_TEST

/* --- the run --- */

START_TEST(waiting_moves_the_clock)
{
    seat_both();
    set_pinger(TRANSPORT_UDP, 2, bytes_of_string("x"));
    struct live *live = open_live();
    live_run(world, &(struct run_limits){.until = 86400 * NS_PER_S});
    ck_assert_int_eq(world->ended, RUN_UNTIL);
    ck_assert_uint_eq(world->now, 86400 * NS_PER_S);
    ck_assert_uint_eq(pinger.replies, 2);
    live_close(live);
}
END_TEST

static bool has_reply(void *context)
{
    return ((struct toy_pinger *)context)->replies > 0;
}

START_TEST(done_ends_the_run)
{
    seat_both();
    set_pinger(TRANSPORT_UDP, 3, bytes_of_string("x"));
    struct live *live = open_live();
    live_run(world, &(struct run_limits){.until = NEVER, .done = has_reply, .context = &pinger});
    ck_assert_int_eq(world->ended, RUN_DONE);
    ck_assert(!live_was_stopped(live));
    ck_assert_uint_eq(pinger.replies, 1);
    live_close(live);
}
END_TEST

START_TEST(packets_to_nobody_have_no_route)
{
    seat_both();
    set_pinger(TRANSPORT_UDP, 1, bytes_of_string("x"));
    pinger.to = toy_endpoint(77, 53);
    struct live *live = open_live();
    ck_assert_int_eq(run(live_run), RUN_IDLE);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "no route"), 1);
    live_close(live);
}
END_TEST

START_TEST(loopback_is_nobody_either)
{
    seat_both();
    set_pinger(TRANSPORT_UDP, 1, bytes_of_string("x"));
    pinger.to.address = address_v4((const uint8_t[]){127, 0, 0, 1});
    struct live *live = open_live();
    ck_assert_int_eq(run(live_run), RUN_IDLE);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "no route"), 1);
    live_close(live);
}
END_TEST

static bool raise_signal(void *context)
{
    raise(*(const int *)context);
    return false;
}

static void stop_by(int number)
{
    seat_both();
    set_pinger(TRANSPORT_UDP, UINT32_MAX, bytes_of_string("x"));
    struct diag diag;
    struct live *live = live_open(world, &(struct live_options){.stop_on_signals = true}, &diag);
    ck_assert_ptr_nonnull(live);
    live_run(world, &(struct run_limits){.until = NEVER, .done = raise_signal, .context = &number});
    ck_assert_int_eq(world->ended, RUN_DONE);
    ck_assert(live_was_stopped(live));
    live_close(live);
}

START_TEST(sigint_ends_the_run)
{
    stop_by(SIGINT);
}
END_TEST

START_TEST(sigterm_ends_the_run)
{
    stop_by(SIGTERM);
}
END_TEST

START_TEST(a_run_can_end_with_packets_on_their_way_and_go_on)
{
    seat_both();
    set_pinger(TRANSPORT_TCP, 3, bytes_of_string("x"));
    struct live *live = open_live();
    for (instant_ns until = 1; until < 4 * NS_PER_S; until += 7 * NS_PER_MS) {
        live_run(world, &(struct run_limits){.until = until});
        ck_assert_uint_eq(world->now, until);
    }
    ck_assert_uint_eq(pinger.replies, 3);
    live_close(live);
}
END_TEST

START_TEST(a_world_can_be_opened_again)
{
    seat_both();
    for (unsigned i = 1; i <= 20; i++) {
        struct live *live = open_live();
        set_pinger(i % 2 == 0 ? TRANSPORT_UDP : TRANSPORT_TCP, 3, bytes_of_string("x"));
        world_reset(world, i);
        ck_assert_int_eq(run(live_run), RUN_IDLE);
        ck_assert_uint_eq(pinger.replies, 3);
        live_close(live);
    }
}
END_TEST

START_TEST(chance_comes_from_the_system)
{
    const struct entropy entropy = live_entropy();
    uint64_t numbers[200];
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        numbers[i] = entropy_next(&entropy);
        for (size_t j = 0; j < i; j++) {
            ck_assert_uint_ne(numbers[i], numbers[j]);
        }
    }
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test, int row)
{
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, prepare, clean);
    tcase_add_loop_test(tcase, test, row, row + 1);
    suite_add_tcase(suite, tcase);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("live");
    for (size_t i = 0; i < COUNT_OF(stories); i++) {
        add(suite, stories[i].name, both_hosts_tell_the_same, (int)i);
    }
    add(suite, "waiting_moves_the_clock", waiting_moves_the_clock, 0);
    add(suite, "done_ends_the_run", done_ends_the_run, 0);
    add(suite, "packets_to_nobody_have_no_route", packets_to_nobody_have_no_route, 0);
    add(suite, "loopback_is_nobody_either", loopback_is_nobody_either, 0);
    add(suite, "sigint_ends_the_run", sigint_ends_the_run, 0);
    add(suite, "sigterm_ends_the_run", sigterm_ends_the_run, 0);
    add(suite, "a_run_can_end_with_packets_on_their_way_and_go_on",
        a_run_can_end_with_packets_on_their_way_and_go_on, 0);
    add(suite, "a_world_can_be_opened_again", a_world_can_be_opened_again, 0);
    add(suite, "chance_comes_from_the_system", chance_comes_from_the_system, 0);
    return suite;
}
