#include "live/mmsg.h"

#include <arpa/inet.h>
#include <unistd.h>

#include "live/sockaddr.h"
#include "tests/support/support.h"

#define ROOMY ((size_t)16 << 20)

static struct arena arena;
static struct mmsg_inbox inbox;
static struct mmsg_outbox outbox;
static uint64_t taken, refused, last_taken, last_refused;

static void departed(void *context, const struct departure *departure, bool was_taken)
{
    ck_assert_ptr_eq(context, &outbox);
    *(was_taken ? &taken : &refused) += 1;
    *(was_taken ? &last_taken : &last_refused) = departure->flight;
}

static void prepare(void)
{
    arena_init(&arena, ROOMY);
    inbox = (struct mmsg_inbox){0};
    outbox = (struct mmsg_outbox){.departed = departed, .context = &outbox};
    ck_assert(mmsg_inbox_init(&inbox, &arena));
    ck_assert(mmsg_outbox_init(&outbox, &arena));
    taken = refused = last_taken = last_refused = 0;
}

/* A socket on loopback, and where it is. */
static int open_socket(uint8_t family, struct endpoint *ret)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    const struct endpoint loopback = sockaddr_loopback(family);
    sockaddr_put(&loopback, &address);
    const int descriptor = socket(address.ss_family, SOCK_DGRAM, 0);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(bind(descriptor, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    ck_assert(sockaddr_get((struct sockaddr *)&address, ret));
    return descriptor;
}

static void put(int descriptor, const struct endpoint *to, uint64_t flight, struct bytes payload)
{
    const struct departure departure = {
        .descriptor = descriptor, .packet = {.payload = payload}, .flight = flight};
    mmsg_put(&outbox, &departure, to);
}

/* Puts `count` datagrams, each its number. */
static void put_numbers(int descriptor, const struct endpoint *to, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(descriptor, to, i + 1, bytes_of(&i, sizeof i));
    }
}

/* Receives as many as there are, at most a batch, which must be numbers from `first` on. */
static size_t expect_numbers(int descriptor, const struct endpoint *from, uint32_t first)
{
    const size_t count = mmsg_receive(&inbox, descriptor);
    for (size_t i = 0; i < count; i++) {
        struct datagram datagram;
        uint32_t number;
        ck_assert(mmsg_get(&inbox, i, &datagram));
        ck_assert(endpoint_equal(&datagram.from, from));
        ck_assert_uint_eq(datagram.payload.size, sizeof number);
        memcpy(&number, datagram.payload.data, sizeof number);
        ck_assert_uint_eq(number, first + i);
    }
    return count;
}

static const struct family_row {
    const char *name;
    uint8_t family;
} family_rows[] = {{"IPv4", ADDRESS_V4}, {"IPv6", ADDRESS_V6}};

START_TEST(more_than_a_batch_arrives_in_order)
{
    struct endpoint from, to;
    prepare();
    const int sender = open_socket(family_rows[_i].family, &from);
    const int receiver = open_socket(family_rows[_i].family, &to);
    put_numbers(sender, &to, MMSG_BATCH_MAX + 9);
    ck_assert_uint_eq(taken, MMSG_BATCH_MAX); /* there was no room for the next */
    mmsg_flush(&outbox);
    ck_assert_uint_eq(taken, MMSG_BATCH_MAX + 9);
    ck_assert_uint_eq(last_taken, MMSG_BATCH_MAX + 9);
    ck_assert_uint_eq(refused, 0);
    ck_assert_uint_eq(expect_numbers(receiver, &from, 0), MMSG_BATCH_MAX);
    ck_assert_uint_eq(expect_numbers(receiver, &from, MMSG_BATCH_MAX), 9);
    ck_assert_uint_eq(mmsg_receive(&inbox, receiver), 0);
    close(sender);
    close(receiver);
    arena_free(&arena);
}
END_TEST

START_TEST(each_leaves_from_its_own_socket)
{
    struct endpoint from[2], to;
    prepare();
    const int senders[2] = {open_socket(ADDRESS_V4, &from[0]), open_socket(ADDRESS_V4, &from[1])};
    const int receiver = open_socket(ADDRESS_V4, &to);
    static const unsigned order[] = {0, 0, 1, 0, 1, 1};
    for (size_t i = 0; i < 6; i++) {
        put(senders[order[i]], &to, i, bytes_of_string("x"));
    }
    mmsg_flush(&outbox);
    ck_assert_uint_eq(taken, 6);
    ck_assert_uint_eq(mmsg_receive(&inbox, receiver), 6);
    for (size_t i = 0; i < 6; i++) {
        struct datagram datagram;
        ck_assert(mmsg_get(&inbox, i, &datagram));
        ck_assert(endpoint_equal(&datagram.from, &from[order[i]]));
    }
    close(senders[0]);
    close(senders[1]);
    close(receiver);
    arena_free(&arena);
}
END_TEST

START_TEST(what_the_system_refuses_is_told_and_does_not_hold_up_the_rest)
{
    static uint8_t large[65535]; /* more than a datagram over IPv4 can hold */
    struct endpoint from, to;
    prepare();
    const int sender = open_socket(ADDRESS_V4, &from);
    const int receiver = open_socket(ADDRESS_V4, &to);
    put(sender, &to, 1, bytes_of_string("before"));
    put(sender, &to, 2, bytes_of(large, sizeof large));
    put(sender, &to, 3, bytes_of_string("after"));
    mmsg_flush(&outbox);
    ck_assert_uint_eq(taken, 2);
    ck_assert_uint_eq(refused, 1);
    ck_assert_uint_eq(last_refused, 2);
    ck_assert_uint_eq(mmsg_receive(&inbox, receiver), 2);
    close(sender);
    close(receiver);
    arena_free(&arena);
}
END_TEST

START_TEST(what_is_forgotten_does_not_leave)
{
    struct endpoint from, to;
    prepare();
    const int sender = open_socket(ADDRESS_V4, &from);
    const int receiver = open_socket(ADDRESS_V4, &to);
    put_numbers(sender, &to, 3);
    mmsg_forget(&outbox);
    mmsg_flush(&outbox);
    ck_assert_uint_eq(taken + refused, 0);
    ck_assert_uint_eq(mmsg_receive(&inbox, receiver), 0);
    put_numbers(sender, &to, 2);
    mmsg_flush(&outbox);
    ck_assert_uint_eq(expect_numbers(receiver, &from, 0), 2);
    close(sender);
    close(receiver);
    arena_free(&arena);
}
END_TEST

START_TEST(large_ones_fill_the_outbox_before_the_batch)
{
    static uint8_t large[60000];
    struct endpoint from, to;
    struct datagram datagram;
    prepare();
    const int sender = open_socket(ADDRESS_V4, &from);
    const int receiver = open_socket(ADDRESS_V4, &to);
    for (uint64_t i = 1; i <= 3; i++) {
        put(sender, &to, i, bytes_of(large, sizeof large));
    }
    ck_assert_uint_eq(taken, 2);
    ck_assert_uint_eq(mmsg_receive(&inbox, receiver), 2);
    ck_assert(mmsg_get(&inbox, 1, &datagram));
    ck_assert_uint_eq(datagram.payload.size, sizeof large);
    close(sender);
    close(receiver);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("mmsg");
    add_rows(suite, more_than_a_batch_arrives_in_order, family_rows);
    add_test(suite, each_leaves_from_its_own_socket);
    add_test(suite, what_the_system_refuses_is_told_and_does_not_hold_up_the_rest);
    add_test(suite, what_is_forgotten_does_not_leave);
    add_test(suite, large_ones_fill_the_outbox_before_the_batch);
    return suite;
}
