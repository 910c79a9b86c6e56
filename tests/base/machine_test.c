#include "base/machine.h"

#include "tests/support/support.h"

static struct outbox outbox; /* large: not for the stack */

static struct endpoint endpoint(uint8_t last, uint16_t port)
{
    return (struct endpoint){.address = address_v4((uint8_t[]){192, 0, 2, last}), .port = port};
}

START_TEST(sent_packet_carries_its_four_tuple_and_payload)
{
    const struct endpoint from = endpoint(1, 4000);
    const struct endpoint to = endpoint(2, 53);
    outbox_clear(&outbox);
    size_t room;
    uint8_t *octets = outbox_room(&outbox, 3, &room);
    ck_assert_uint_eq(room, OUTBOX_OCTETS_MAX);
    memcpy(octets, "abc", 3);
    ck_assert(outbox_send(&outbox, &from, &to, TRANSPORT_UDP, 3));
    ck_assert_uint_eq(outbox.count, 1);
    const struct packet *packet = &outbox.packets[0];
    ck_assert(endpoint_equal(&packet->from, &from));
    ck_assert(endpoint_equal(&packet->to, &to));
    ck_assert_int_eq(packet->transport, TRANSPORT_UDP);
    ck_assert_int_eq(packet->kind, PACKET_DATA);
    ck_assert(bytes_are(packet->payload, "abc"));
}
END_TEST

START_TEST(packets_do_not_overlap)
{
    const struct endpoint a = endpoint(1, 1);
    outbox_clear(&outbox);
    ck_assert(outbox_send_copy(&outbox, &a, &a, TRANSPORT_UDP, bytes_of_string("first")));
    ck_assert(outbox_send_copy(&outbox, &a, &a, TRANSPORT_TCP, bytes_of(NULL, 0)));
    ck_assert(outbox_send_copy(&outbox, &a, &a, TRANSPORT_UDP, bytes_of_string("second")));
    ck_assert(bytes_are(outbox.packets[0].payload, "first"));
    ck_assert_uint_eq(outbox.packets[1].payload.size, 0);
    ck_assert(bytes_are(outbox.packets[2].payload, "second"));
}
END_TEST

START_TEST(packets_beyond_the_last_slot_are_counted)
{
    const struct endpoint a = endpoint(1, 1);
    outbox_clear(&outbox);
    for (size_t i = 0; i < OUTBOX_PACKETS_MAX; i++) {
        ck_assert(outbox_send_copy(&outbox, &a, &a, TRANSPORT_UDP, bytes_of_string("x")));
    }
    ck_assert(!outbox_send_copy(&outbox, &a, &a, TRANSPORT_UDP, bytes_of_string("x")));
    ck_assert(!outbox_end(&outbox, &a, &a, PACKET_RESET));
    ck_assert_uint_eq(outbox.count, OUTBOX_PACKETS_MAX);
    ck_assert_uint_eq(outbox.dropped, 2);
    outbox_clear(&outbox);
    ck_assert_uint_eq(outbox.dropped, 0);
    ck_assert(outbox_send_copy(&outbox, &a, &a, TRANSPORT_UDP, bytes_of_string("x")));
}
END_TEST

START_TEST(octets_beyond_the_last_are_refused)
{
    static uint8_t filler[OUTBOX_OCTETS_MAX];
    const struct endpoint a = endpoint(1, 1);
    outbox_clear(&outbox);
    const struct bytes nearly_all = bytes_of(filler, OUTBOX_OCTETS_MAX - 1);
    ck_assert(outbox_send_copy(&outbox, &a, &a, TRANSPORT_TCP, nearly_all));
    ck_assert_ptr_null(outbox_room(&outbox, 2, NULL));
    ck_assert(!outbox_send_copy(&outbox, &a, &a, TRANSPORT_TCP, bytes_of_string("ab")));
    ck_assert_uint_eq(outbox.dropped, 1);
    ck_assert(outbox_send_copy(&outbox, &a, &a, TRANSPORT_TCP, bytes_of_string("a")));
    ck_assert_uint_eq(outbox.used, OUTBOX_OCTETS_MAX);
    ck_assert_ptr_nonnull(outbox_room(&outbox, 0, NULL));
}
END_TEST

START_TEST(connections_end_by_close_or_reset)
{
    const struct endpoint a = endpoint(1, 1);
    const struct endpoint b = endpoint(2, 53);
    outbox_clear(&outbox);
    ck_assert(outbox_end(&outbox, &a, &b, PACKET_CLOSE));
    ck_assert(outbox_end(&outbox, &a, &b, PACKET_RESET));
    ck_assert_int_eq(outbox.packets[0].kind, PACKET_CLOSE);
    ck_assert_int_eq(outbox.packets[1].kind, PACKET_RESET);
    ck_assert_int_eq(outbox.packets[0].transport, TRANSPORT_TCP);
    ck_assert_uint_eq(outbox.packets[0].payload.size, 0);
}
END_TEST

START_TEST(ending_with_data_is_a_broken_contract)
{
    const struct endpoint a = endpoint(1, 1);
    outbox_clear(&outbox);
    outbox_end(&outbox, &a, &a, PACKET_DATA);
}
END_TEST

START_TEST(sending_more_than_the_room_is_a_broken_contract)
{
    const struct endpoint a = endpoint(1, 1);
    outbox_clear(&outbox);
    outbox_send(&outbox, &a, &a, TRANSPORT_UDP, OUTBOX_OCTETS_MAX + 1);
}
END_TEST

/* A machine that counts its events and wants to be woken one nanosecond after each. */
struct counter {
    struct machine machine;
    instant_ns last;
    size_t events;
};

static void counter_step(struct machine *machine, const struct event *event, struct outbox *to)
{
    struct counter *counter = (struct counter *)machine;
    (void)to;
    counter->last = event->now;
    counter->events++;
}

static instant_ns counter_deadline(const struct machine *machine)
{
    return ((const struct counter *)machine)->last + 1;
}

START_TEST(a_machine_is_reached_through_its_operations)
{
    static const struct machine_ops ops = {counter_step, counter_deadline};
    struct counter counter = {.machine = {&ops}};
    const struct event event = {.kind = EVENT_WAKE, .now = 41};
    machine_step(&counter.machine, &event, &outbox);
    ck_assert_uint_eq(counter.events, 1);
    ck_assert_uint_eq(machine_deadline(&counter.machine), 42);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("machine");
    add_test(suite, sent_packet_carries_its_four_tuple_and_payload);
    add_test(suite, packets_do_not_overlap);
    add_test(suite, packets_beyond_the_last_slot_are_counted);
    add_test(suite, octets_beyond_the_last_are_refused);
    add_test(suite, connections_end_by_close_or_reset);
    add_abort_test(suite, ending_with_data_is_a_broken_contract);
    add_abort_test(suite, sending_more_than_the_room_is_a_broken_contract);
    add_test(suite, a_machine_is_reached_through_its_operations);
    return suite;
}
