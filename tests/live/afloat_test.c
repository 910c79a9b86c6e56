/* Datagrams on the wire are told apart by their ends and their payload. */
#include "live/afloat.h"

#include "tests/sim/toys.h"
#include "tests/support/support.h"

static struct packet ping(unsigned from, const char *text)
{
    return toy_packet(toy_endpoint(from, 1000), toy_endpoint(9, 53), TRANSPORT_UDP,
                      bytes_of_string(text));
}

static struct arena arena;
static struct afloat afloat;

static void prepare(void)
{
    arena_init(&arena, (size_t)16 << 20);
    ck_assert(afloat_init(&afloat, &arena));
}

static void clean(void)
{
    arena_free(&arena);
}

static uint64_t flight_of(struct packet packet)
{
    struct afloat_entry *entry = afloat_find(&afloat, &packet);
    const uint64_t flight = entry != NULL ? entry->flight : 0;
    if (entry != NULL) {
        afloat_remove(&afloat, entry);
    }
    return flight;
}

static bool add(struct packet packet, uint64_t flight)
{
    return afloat_add(&afloat, &packet, flight, flight) != NULL;
}

START_TEST(a_datagram_is_known_by_ends_and_payload)
{
    ck_assert(add(ping(1, "a"), 1) && add(ping(2, "a"), 2) && add(ping(1, "b"), 3));
    ck_assert_uint_eq(flight_of(ping(1, "b")), 3);
    ck_assert_uint_eq(flight_of(ping(2, "a")), 2);
    ck_assert_uint_eq(flight_of(ping(1, "a")), 1);
    ck_assert_uint_eq(flight_of(ping(1, "a")), 0);
    ck_assert_uint_eq(afloat.count, 0);
}
END_TEST

START_TEST(of_equals_the_first_sent_is_the_first_to_arrive)
{
    ck_assert(add(ping(1, "a"), 1) && add(ping(1, "a"), 2));
    ck_assert_uint_eq(flight_of(ping(1, "a")), 1);
    ck_assert_uint_eq(flight_of(ping(1, "a")), 2);
}
END_TEST

START_TEST(the_oldest_comes_first_whatever_was_removed)
{
    ck_assert(add(ping(1, "a"), 1) && add(ping(1, "b"), 2) && add(ping(1, "c"), 3));
    ck_assert_uint_eq(flight_of(ping(1, "a")), 1);
    ck_assert_uint_eq(afloat.oldest->flight, 2);
    ck_assert_uint_eq(flight_of(ping(1, "c")), 3);
    ck_assert(add(ping(1, "d"), 4));
    ck_assert_uint_eq(flight_of(ping(1, "b")), 2);
    ck_assert_uint_eq(afloat.oldest->flight, 4);
}
END_TEST

START_TEST(the_wire_is_bounded)
{
    for (unsigned i = 0; i < AFLOAT_MAX; i++) {
        ck_assert(add(ping(i % 200, "a"), i + 1));
    }
    ck_assert(!add(ping(1, "a"), 1));
    ck_assert_uint_eq(flight_of(ping(7, "a")), 8);
    ck_assert(add(ping(1, "a"), 1));
}
END_TEST

static void add_case(Suite *suite, const char *name, const TTest *test)
{
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, prepare, clean);
    tcase_add_test(tcase, test);
    suite_add_tcase(suite, tcase);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("afloat");
    add_case(suite, "a_datagram_is_known_by_ends_and_payload",
             a_datagram_is_known_by_ends_and_payload);
    add_case(suite, "of_equals_the_first_sent_is_the_first_to_arrive",
             of_equals_the_first_sent_is_the_first_to_arrive);
    add_case(suite, "the_oldest_comes_first_whatever_was_removed",
             the_oldest_comes_first_whatever_was_removed);
    add_case(suite, "the_wire_is_bounded", the_wire_is_bounded);
    return suite;
}
