/* Octets as decisions: in order, and 0 at the end. */
#include "base/input.h"

#include "tests/support/support.h"

static const uint8_t octets[] = {7, 1, 2, 250, 'a', 'b', 'c'};

START_TEST(numbers_come_in_order)
{
    struct input input = input_of(octets, sizeof octets);
    ck_assert_uint_eq(input_u8(&input), 7);
    ck_assert_uint_eq(input_u16(&input), 0x0102);
    ck_assert_uint_eq(input_below(&input, 100), 50);
    ck_assert(bytes_are(input_take(&input, 2), "ab"));
    ck_assert(!input_is_empty(&input));
    ck_assert(bytes_are(input_rest(&input), "c"));
    ck_assert(input_is_empty(&input));
}
END_TEST

START_TEST(at_its_end_everything_is_nothing)
{
    struct input input = input_of(octets, 1);
    ck_assert_uint_eq(input_u16(&input), 0x0700);
    ck_assert_uint_eq(input_u8(&input), 0);
    ck_assert_uint_eq(input_below(&input, 3), 0);
    ck_assert_uint_eq(input_take(&input, 5).size, 0);
    input = input_of(NULL, 0);
    ck_assert(input_is_empty(&input));
    ck_assert_uint_eq(input_rest(&input).size, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("input");
    add_test(suite, numbers_come_in_order);
    add_test(suite, at_its_end_everything_is_nothing);
    return suite;
}
