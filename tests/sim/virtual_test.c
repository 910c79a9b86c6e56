/* The virtual host: time jumps, ties are broken as promised, and every run ends. */
#include "sim/virtual.h"

#include "tests/sim/toys.h"
#include "tests/support/support.h"

#define LATENCY (10 * NS_PER_MS)

static struct arena arena;
static struct trace trace;
static struct world *world;
static struct toy_echo echo;
static struct toy_pinger pinger;
static struct address addresses[2];

static void prepare(void)
{
    arena_init(&arena, (size_t)64 << 20);
    trace_init(&trace, &arena);
    struct transit *transit =
        transit_new(&arena, &(struct transit_options){.trace = &trace, .latency = LATENCY});
    world = world_new(&arena, transit, &trace);
    addresses[0] = toy_address(1);
    addresses[1] = toy_address(2);
    toy_echo_init(&echo);
    pinger = (struct toy_pinger){.self = toy_endpoint(1, 4000),
                                 .to = toy_endpoint(2, 53),
                                 .transport = TRANSPORT_UDP,
                                 .payload = bytes_of_string("ping"),
                                 .interval = NS_PER_S,
                                 .left = 3};
    toy_pinger_init(&pinger);
}

static void clean(void)
{
    arena_free(&arena);
}

static void seat(const char *name, struct machine *machine, const struct address *address)
{
    ck_assert(world_seat(world, &(struct seat){.name = name,
                                               .machine = machine,
                                               .addresses = address,
                                               .address_count = address != NULL}));
}

static void seat_both(void)
{
    seat("pinger", &pinger.machine, &addresses[0]);
    seat("echo", &echo.machine, &addresses[1]);
}

static enum run_end run(instant_ns until)
{
    virtual_run(world, &(struct run_limits){.until = until});
    return world->ended;
}

START_TEST(time_jumps_from_event_to_event)
{
    seat_both();
    ck_assert_int_eq(run(NEVER), RUN_IDLE);
    ck_assert_uint_eq(pinger.replies, 3);
    ck_assert_uint_eq(echo.packets, 3);
    ck_assert_uint_eq(pinger.last_reply, 2 * NS_PER_S + 2 * LATENCY);
    ck_assert_uint_eq(world->now, pinger.last_reply);
    ck_assert_uint_eq(world->events, 9);
}
END_TEST

START_TEST(streams_arrive_too)
{
    pinger.transport = TRANSPORT_TCP;
    seat_both();
    ck_assert_int_eq(run(NEVER), RUN_IDLE);
    ck_assert_uint_eq(pinger.replies, 3);
}
END_TEST

START_TEST(until_includes_its_instant)
{
    seat_both();
    ck_assert_int_eq(run(LATENCY - 1), RUN_UNTIL);
    ck_assert_uint_eq(world->now, LATENCY - 1);
    ck_assert_uint_eq(echo.packets, 0);
    ck_assert_int_eq(run(LATENCY), RUN_UNTIL);
    ck_assert_uint_eq(echo.packets, 1);
    ck_assert_uint_eq(world->now, LATENCY);
}
END_TEST

START_TEST(waiting_with_nothing_to_come_moves_the_clock)
{
    pinger.left = 0;
    pinger.next = NEVER;
    seat_both();
    ck_assert_int_eq(run(1800 * NS_PER_S), RUN_UNTIL);
    ck_assert_uint_eq(world->now, 1800 * NS_PER_S);
    ck_assert_uint_eq(world->events, 0);
}
END_TEST

START_TEST(the_clock_never_goes_back)
{
    seat_both();
    run(5 * NS_PER_S);
    ck_assert_int_eq(run(NS_PER_S), RUN_UNTIL);
    ck_assert_uint_eq(world->now, 5 * NS_PER_S);
}
END_TEST

static bool has_two(void *context)
{
    return ((struct toy_pinger *)context)->replies >= 2;
}

START_TEST(done_ends_the_run_at_once)
{
    seat_both();
    const struct run_limits limits = {.until = NEVER, .done = has_two, .context = &pinger};
    ck_assert_uint_eq(virtual_run(world, &limits), NS_PER_S + 2 * LATENCY);
    ck_assert_int_eq(world->ended, RUN_DONE);
    const uint64_t events = world->events;
    virtual_run(world, &limits);
    ck_assert_int_eq(world->ended, RUN_DONE);
    ck_assert_uint_eq(world->events, events);
}
END_TEST

START_TEST(events_are_bounded)
{
    seat_both();
    virtual_run(world, &(struct run_limits){.until = NEVER, .events_max = 4});
    ck_assert_int_eq(world->ended, RUN_EVENTS);
    ck_assert_uint_eq(world->events, 4);
}
END_TEST

START_TEST(a_run_without_limits_ends)
{
    pinger.left = UINT32_MAX;
    seat_both();
    ck_assert_int_eq(run(NEVER), RUN_EVENTS);
    ck_assert_uint_eq(world->events, WORLD_EVENTS_DEFAULT);
}
END_TEST

static void forget(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    (void)machine;
    (void)event;
    (void)outbox;
}

static instant_ns always_now(const struct machine *machine)
{
    (void)machine;
    return 5;
}

START_TEST(a_machine_that_does_not_come_to_rest_is_caught)
{
    static const struct machine_ops ops = {.step = forget, .deadline = always_now};
    struct machine machine = {.ops = &ops};
    seat("restless", &machine, NULL);
    ck_assert_int_eq(run(NEVER), RUN_EVENTS);
    ck_assert_uint_eq(world->now, 5);
    ck_assert_uint_eq(world->events, WORLD_SIMULTANEOUS_MAX);
}
END_TEST

/* --- ties --- */

/* Writes its letter into a log whenever it is stepped: small for a wake, large for a packet. */
struct scribe {
    struct machine machine;
    char letter;
    instant_ns due;
};

static struct text scribes_log;
static char log_buffer[64];

static void scribe_step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct scribe *scribe = (struct scribe *)machine;
    (void)outbox;
    const int shift = event->kind == EVENT_PACKET ? 'A' - 'a' : 0;
    text_put_char(&scribes_log, (char)(scribe->letter + shift));
    scribe->due = event->kind == EVENT_WAKE ? NEVER : scribe->due;
}

static instant_ns scribe_deadline(const struct machine *machine)
{
    return ((const struct scribe *)machine)->due;
}

START_TEST(packets_come_before_wakes_and_seats_in_their_order)
{
    static const struct machine_ops ops = {.step = scribe_step, .deadline = scribe_deadline};
    struct scribe scribes[3];
    struct address homes[3];
    scribes_log = text_in(log_buffer, sizeof log_buffer);
    for (unsigned i = 0; i < 3; i++) {
        scribes[i] = (struct scribe){.machine.ops = &ops, .letter = (char)('a' + i)};
        scribes[i].due = i == 1 ? LATENCY - 1 : LATENCY;
        homes[i] = toy_address(i + 1);
        seat("scribe", &scribes[i].machine, &homes[i]);
    }
    static const unsigned order[] = {3, 1, 2, 1};
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        const struct packet packet = toy_packet(toy_endpoint(9, 9), toy_endpoint(order[i], 53),
                                                TRANSPORT_UDP, bytes_of_string("x"));
        transit_send(world->transit, "nobody", &packet, 0);
    }
    ck_assert_int_eq(run(NEVER), RUN_IDLE);
    ck_assert_str_eq(log_buffer, "bCABAac");
}
END_TEST

START_TEST(the_same_seed_gives_the_same_trace)
{
    struct fault faults[2] = {
        toy_fault(&arena, "loss", (const struct toy_number[]){{"none", 0}}, 1),
        toy_fault(&arena, "delay", (const struct toy_number[]){{"jitter", 3 * NS_PER_S}}, 1)};
    faults[0].trigger.chance_ppm = 300000;
    ck_assert(transit_set_faults(world->transit, faults, 2));
    seat_both();
    uint64_t digests[3];
    for (unsigned i = 0; i < 3; i++) {
        world_reset(world, i == 2 ? 8 : 7);
        trace_reset(&trace);
        pinger.left = 50;
        pinger.next = 0;
        ck_assert_int_eq(run(NEVER), RUN_IDLE);
        digests[i] = trace_digest(&trace);
    }
    ck_assert_uint_eq(digests[0], digests[1]);
    ck_assert_uint_ne(digests[0], digests[2]);
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test)
{
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, prepare, clean);
    tcase_add_test(tcase, test);
    suite_add_tcase(suite, tcase);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("virtual");
    add(suite, "time_jumps_from_event_to_event", time_jumps_from_event_to_event);
    add(suite, "streams_arrive_too", streams_arrive_too);
    add(suite, "until_includes_its_instant", until_includes_its_instant);
    add(suite, "waiting_with_nothing_to_come_moves_the_clock",
        waiting_with_nothing_to_come_moves_the_clock);
    add(suite, "the_clock_never_goes_back", the_clock_never_goes_back);
    add(suite, "done_ends_the_run_at_once", done_ends_the_run_at_once);
    add(suite, "events_are_bounded", events_are_bounded);
    add(suite, "a_run_without_limits_ends", a_run_without_limits_ends);
    add(suite, "a_machine_that_does_not_come_to_rest_is_caught",
        a_machine_that_does_not_come_to_rest_is_caught);
    add(suite, "packets_come_before_wakes_and_seats_in_their_order",
        packets_come_before_wakes_and_seats_in_their_order);
    add(suite, "the_same_seed_gives_the_same_trace", the_same_seed_gives_the_same_trace);
    return suite;
}
