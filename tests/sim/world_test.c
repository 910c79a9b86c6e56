/* Seats and their addresses, and what is recorded of an event. */
#include "sim/world.h"

#include "tests/sim/toys.h"
#include "tests/support/support.h"

static struct arena arena;
static struct trace trace;
static struct world *world;
static struct toy_echo echo;

static void prepare(void)
{
    arena_init(&arena, (size_t)64 << 20);
    trace_init(&trace, &arena);
    struct transit *transit =
        transit_new(&arena, &(struct transit_options){.trace = &trace, .latency = 10});
    world = world_new(&arena, transit, &trace);
    ck_assert_ptr_nonnull(world);
    toy_echo_init(&echo);
}

static void clean(void)
{
    arena_free(&arena);
}

static bool seat(const char *name, const struct address *addresses, size_t count)
{
    return world_seat(world, &(struct seat){.name = name,
                                            .machine = &echo.machine,
                                            .addresses = addresses,
                                            .address_count = count});
}

START_TEST(each_address_leads_to_its_seat)
{
    const struct address addresses[3] = {toy_address(1), toy_address(2),
                                         address_v6((const uint8_t[16]){0x20, 1, [15] = 1})};
    ck_assert(seat("one", addresses, 1));
    ck_assert(seat("two", addresses + 1, 2));
    ck_assert_str_eq(world_find(world, &addresses[0])->name, "one");
    ck_assert_str_eq(world_find(world, &addresses[1])->name, "two");
    ck_assert_str_eq(world_find(world, &addresses[2])->name, "two");
    const struct address nobodys = toy_address(9);
    ck_assert_ptr_null(world_find(world, &nobodys));
}
END_TEST

START_TEST(an_address_has_one_seat)
{
    const struct address addresses[2] = {toy_address(1), toy_address(2)};
    ck_assert(seat("one", addresses, 1));
    ck_assert(!seat("two", addresses, 2));
    ck_assert_ptr_null(world_find(world, &addresses[1]));
    ck_assert_uint_eq(world->seat_count, 1);
}
END_TEST

START_TEST(a_seat_can_be_at_further_addresses)
{
    const struct address addresses[4] = {toy_address(1), toy_address(2), toy_address(3),
                                         toy_address(2)};
    const struct address taken[2] = {toy_address(1), toy_address(9)};
    ck_assert(seat("one", addresses, 1));
    ck_assert(seat("nine", taken + 1, 1));
    ck_assert(!world_extend_seat(world, &addresses[0], taken, 2));
    ck_assert_uint_eq(world_find(world, &addresses[0])->address_count, 1);
    ck_assert(world_extend_seat(world, &addresses[0], addresses, 4));
    ck_assert_str_eq(world_find(world, &addresses[2])->name, "one");
    ck_assert_uint_eq(world_find(world, &addresses[1])->address_count, 4);
    ck_assert_str_eq(world_find(world, &taken[1])->name, "nine");
}
END_TEST

START_TEST(seats_are_bounded)
{
    static struct address addresses[WORLD_SEATS_MAX + 1];
    for (unsigned i = 0; i < COUNT_OF(addresses); i++) {
        addresses[i] = address_v4((const uint8_t[]){10, 0, (uint8_t)(i / 256), (uint8_t)i});
        ck_assert(seat("seat", &addresses[i], 1) == (i < WORLD_SEATS_MAX));
    }
}
END_TEST

START_TEST(addresses_are_bounded)
{
    static struct address addresses[WORLD_ADDRESSES_MAX + 1];
    for (unsigned i = 0; i < COUNT_OF(addresses); i++) {
        addresses[i] = address_v4((const uint8_t[]){10, 0, (uint8_t)(i / 256), (uint8_t)i});
    }
    ck_assert(!seat("too many", addresses, COUNT_OF(addresses)));
    ck_assert(seat("all", addresses, WORLD_ADDRESSES_MAX));
    ck_assert(!seat("one more", &addresses[WORLD_ADDRESSES_MAX], 1));
    for (unsigned i = 0; i < WORLD_ADDRESSES_MAX; i++) {
        ck_assert_str_eq(world_find(world, &addresses[i])->name, "all");
    }
}
END_TEST

START_TEST(a_delivery_is_recorded_and_answered)
{
    const struct address here = toy_address(1);
    ck_assert(seat("here", &here, 1));
    world->now = 5;
    const struct packet packet =
        toy_packet(toy_endpoint(2, 9), toy_endpoint(1, 53), TRANSPORT_UDP, bytes_of_string("ping"));
    const struct seat *reached = world_deliver(world, &packet, 7);
    ck_assert_ptr_eq(reached, &world->seats[0]);
    const struct trace_entry *arrived = toy_entry(&trace, TRACE_ARRIVED, NULL, 0);
    ck_assert_str_eq(arrived->who, "here");
    ck_assert_uint_eq(arrived->at, 5);
    ck_assert_uint_eq(arrived->flight, 7);
    const struct trace_entry *sent = toy_entry(&trace, TRACE_SENT, NULL, 0);
    ck_assert_str_eq(sent->who, "here");
    ck_assert(endpoint_equal(&sent->packet.to, &packet.from));
    ck_assert_uint_eq(transit_due(world->transit), 15);
    ck_assert_uint_eq(world->events, 1);
}
END_TEST

START_TEST(packets_to_nobody_have_no_route)
{
    const struct address here = toy_address(1);
    ck_assert(seat("here", &here, 1));
    const struct packet packet =
        toy_packet(toy_endpoint(1, 9), toy_endpoint(2, 53), TRANSPORT_UDP, bytes_of_string("ping"));
    ck_assert_ptr_null(world_deliver(world, &packet, 7));
    const struct trace_entry *lost = toy_entry(&trace, TRACE_LOST, "no route", 0);
    ck_assert_str_eq(lost->who, "here");
    ck_assert_uint_eq(lost->flight, 7);
    ck_assert_uint_eq(toy_count(&trace, TRACE_ARRIVED, NULL), 0);
}
END_TEST

static void flood(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    (void)machine;
    for (unsigned i = 0; i < OUTBOX_PACKETS_MAX + 5; i++) {
        outbox_send_copy(outbox, &event->packet.to, &event->packet.from, TRANSPORT_UDP,
                         bytes_of_string("x"));
    }
}

static instant_ns never(const struct machine *machine)
{
    (void)machine;
    return NEVER;
}

START_TEST(what_the_outbox_cannot_hold_is_told)
{
    static const struct machine_ops ops = {.step = flood, .deadline = never};
    struct machine machine = {.ops = &ops};
    const struct address here = toy_address(1);
    ck_assert(world_seat(
        world, &(struct seat){
                   .name = "flood", .machine = &machine, .addresses = &here, .address_count = 1}));
    const struct packet packet =
        toy_packet(toy_endpoint(2, 9), toy_endpoint(1, 53), TRANSPORT_UDP, bytes_of_string("ping"));
    world_deliver(world, &packet, 7);
    ck_assert_uint_eq(transit_count(world->transit), OUTBOX_PACKETS_MAX);
    const struct trace_entry *lost = toy_entry(&trace, TRACE_LOST, "outbox full", 0);
    ck_assert_str_eq(lost->who, "flood");
    ck_assert_uint_eq(lost->number, 5);
}
END_TEST

START_TEST(a_reset_empties_the_network_and_keeps_the_seats)
{
    const struct address here = toy_address(1);
    ck_assert(seat("here", &here, 1));
    const struct packet packet =
        toy_packet(toy_endpoint(2, 9), toy_endpoint(1, 53), TRANSPORT_UDP, bytes_of_string("ping"));
    world->now = 5;
    world_deliver(world, &packet, 7);
    world_reset(world, 1);
    ck_assert_uint_eq(world->now, 0);
    ck_assert_uint_eq(world->events, 0);
    ck_assert_uint_eq(transit_due(world->transit), NEVER);
    ck_assert_ptr_nonnull(world_find(world, &here));
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
    Suite *suite = suite_create("world");
    add(suite, "each_address_leads_to_its_seat", each_address_leads_to_its_seat);
    add(suite, "an_address_has_one_seat", an_address_has_one_seat);
    add(suite, "a_seat_can_be_at_further_addresses", a_seat_can_be_at_further_addresses);
    add(suite, "seats_are_bounded", seats_are_bounded);
    add(suite, "addresses_are_bounded", addresses_are_bounded);
    add(suite, "a_delivery_is_recorded_and_answered", a_delivery_is_recorded_and_answered);
    add(suite, "packets_to_nobody_have_no_route", packets_to_nobody_have_no_route);
    add(suite, "what_the_outbox_cannot_hold_is_told", what_the_outbox_cannot_hold_is_told);
    add(suite, "a_reset_empties_the_network_and_keeps_the_seats",
        a_reset_empties_the_network_and_keeps_the_seats);
    return suite;
}
