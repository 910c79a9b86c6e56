#include "base/bytes.h"

#include "base/instant.h"
#include "tests/support/support.h"

static const struct order {
    const char *name;
    const char *a, *b;
    int sign;
} orders[] = {
    {"both empty", "", "", 0},
    {"empty first", "", "a", -1},
    {"equal", "abc", "abc", 0},
    {"prefix before longer", "ab", "abc", -1},
    {"longer after prefix", "abc", "ab", 1},
    {"first difference decides, not length", "b", "aaaa", 1},
    {"octets are unsigned", "\x7f", "\x80", -1},
};

START_TEST(compare_orders_bytewise)
{
    const struct bytes a = bytes_of_string(orders[_i].a);
    const struct bytes b = bytes_of_string(orders[_i].b);
    const int order = bytes_compare(a, b);
    ck_assert_int_eq((order > 0) - (order < 0), orders[_i].sign);
    ck_assert_int_eq(bytes_equal(a, b), orders[_i].sign == 0);
}
END_TEST

START_TEST(views_of_nothing_are_equal)
{
    ck_assert(bytes_equal(bytes_of(NULL, 0), bytes_of("x", 0)));
    ck_assert_int_eq(bytes_compare(bytes_of(NULL, 0), bytes_of("x", 0)), 0);
    ck_assert(bytes_are(bytes_of(NULL, 0), ""));
}
END_TEST

START_TEST(after_stops_at_the_end)
{
    const struct bytes view = bytes_of_string("hello");
    ck_assert(bytes_are(bytes_after(view, 0), "hello"));
    ck_assert(bytes_are(bytes_after(view, 4), "o"));
    ck_assert_uint_eq(bytes_after(view, 5).size, 0);
    ck_assert_uint_eq(bytes_after(view, SIZE_MAX).size, 0);
}
END_TEST

/* Every way in which the last octets are loaded. */
static const struct size_row {
    const char *name;
    size_t size;
} sizes[] = {
    {"1 octet", 1},    {"3 octets", 3},   {"4 octets", 4},   {"7 octets", 7},   {"8 octets", 8},
    {"9 octets", 9},   {"15 octets", 15}, {"16 octets", 16}, {"17 octets", 17}, {"31 octets", 31},
    {"32 octets", 32}, {"33 octets", 33}, {"40 octets", 40},
};

START_TEST(hash_sees_every_octet_length_and_seed)
{
    uint8_t octets[40] = {0};
    const size_t size = sizes[_i].size;
    const uint64_t plain = bytes_hash(bytes_of(octets, size), 1);
    ck_assert(plain != bytes_hash(bytes_of(octets, size), 2));
    ck_assert(plain != bytes_hash(bytes_of(octets, size - 1), 1));
    for (size_t i = 0; i < sizeof octets; i++) {
        octets[i] = 1;
        ck_assert_int_eq(plain != bytes_hash(bytes_of(octets, size), 1), i < size);
        octets[i] = 0;
    }
}
END_TEST

/* Seeds, and with them recorded digests, depend on these values: they must never change. */
static const struct golden {
    const char *name;
    uint64_t seed, hash;
} goldens[] = {
    {"", 0, UINT64_C(0x17fb89ee9dcab42a)},
    {"a", 0, UINT64_C(0xb64cb282d9030bad)},
    {"seat:resolver", 1, UINT64_C(0x3ce9a9bd6bd89646)},
    {"exactly sixteen!", 7, UINT64_C(0x7fc90a5a620d0bfa)},
    {"one more than two words, and a rest", 7, UINT64_C(0x2e152cd3b1ed0da2)},
};

START_TEST(hash_is_the_same_in_every_version)
{
    const struct golden *row = &goldens[_i];
    ck_assert_uint_eq(bytes_hash(bytes_of_string(row->name), row->seed), row->hash);
}
END_TEST

START_TEST(time_stops_at_never)
{
    ck_assert_uint_eq(instant_after(5, 7), 12);
    ck_assert_uint_eq(instant_after(NEVER, 0), NEVER);
    ck_assert_uint_eq(instant_after(NEVER, 1), NEVER);
    ck_assert_uint_eq(instant_after(NEVER - 1, 2), NEVER);
    ck_assert_uint_eq(instant_after(1, NEVER), NEVER);
}
END_TEST

START_TEST(durations_are_never_negative)
{
    ck_assert_uint_eq(instant_since(3, 10), 7);
    ck_assert_uint_eq(instant_since(10, 3), 0);
    ck_assert_uint_eq(instant_earlier(NEVER, 3), 3);
    ck_assert_uint_eq(instant_earlier(2, 3), 2);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("bytes");
    add_rows(suite, compare_orders_bytewise, orders);
    add_test(suite, views_of_nothing_are_equal);
    add_test(suite, after_stops_at_the_end);
    add_rows(suite, hash_sees_every_octet_length_and_seed, sizes);
    add_rows(suite, hash_is_the_same_in_every_version, goldens);
    add_test(suite, time_stops_at_never);
    add_test(suite, durations_are_never_negative);
    return suite;
}
