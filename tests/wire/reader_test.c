#include "tests/wire/support.h"
#include "wire/reader.h"

START_TEST(reads_numbers_in_network_order)
{
    struct reader reader = reader_of(octets_of_hex("01 0203 04050607 08090a0b0c0d 02'ab' ff"));
    ck_assert_uint_eq(reader_u8(&reader), 1);
    ck_assert_uint_eq(reader_u16(&reader), 0x0203);
    ck_assert_uint_eq(reader_u32(&reader), 0x04050607);
    ck_assert_uint_eq(reader_u48(&reader), UINT64_C(0x08090a0b0c0d));
    ck_assert(bytes_are(reader_string(&reader), "ab"));
    ck_assert_uint_eq(reader_left(&reader), 1);
    ck_assert_uint_eq(reader_rest(&reader).size, 1);
    ck_assert_uint_eq(reader_rest(&reader).size, 0);
    ck_assert(!reader.failed);
}
END_TEST

START_TEST(failure_is_sticky)
{
    struct reader reader = reader_of(octets_of_hex("0102"));
    ck_assert_uint_eq(reader_u32(&reader), 0);
    ck_assert(reader.failed);
    ck_assert_uint_eq(reader_u8(&reader), 0);
    ck_assert_uint_eq(reader_u16(&reader), 0);
    ck_assert_uint_eq(reader_u48(&reader), 0);
    ck_assert_uint_eq(reader_bytes(&reader, 1).size, 0);
    ck_assert_uint_eq(reader_rest(&reader).size, 0);
    ck_assert_uint_eq(reader_string(&reader).size, 0);
    ck_assert_uint_eq(reader.at, 0);
}
END_TEST

START_TEST(a_string_longer_than_the_rest_fails)
{
    struct reader reader = reader_of(octets_of_hex("03'ab'"));
    ck_assert_uint_eq(reader_string(&reader).size, 0);
    ck_assert(reader.failed);
}
END_TEST

START_TEST(nothing_can_be_read_from_nothing)
{
    struct reader reader = reader_of(bytes_of(NULL, 0));
    ck_assert_uint_eq(reader_bytes(&reader, 0).size, 0);
    ck_assert(!reader.failed);
    ck_assert_uint_eq(reader_u8(&reader), 0);
    ck_assert(reader.failed);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("reader");
    add_test(suite, reads_numbers_in_network_order);
    add_test(suite, failure_is_sticky);
    add_test(suite, a_string_longer_than_the_rest_fails);
    add_test(suite, nothing_can_be_read_from_nothing);
    return suite;
}
