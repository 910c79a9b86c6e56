#include "tests/wire/support.h"
#include "wire/writer.h"

START_TEST(writes_numbers_in_network_order)
{
    uint8_t buffer[16];
    struct writer writer = writer_in(buffer, sizeof buffer);
    writer_u8(&writer, 1);
    writer_u16(&writer, 0x0203);
    writer_u32(&writer, 0x04050607);
    writer_string(&writer, bytes_of("ab", 2));
    writer_bytes(&writer, bytes_of("c", 1));
    writer_bytes(&writer, bytes_of(NULL, 0));
    ck_assert(!writer.failed);
    ck_assert(bytes_equal(writer_written(&writer), octets_of_hex("01 0203 04050607 02'abc'")));
}
END_TEST

START_TEST(failure_is_sticky)
{
    uint8_t buffer[4] = {0, 0, 0xee, 0xee};
    struct writer writer = writer_in(buffer, 2);
    writer_u8(&writer, 1);
    writer_u16(&writer, 2);
    ck_assert(writer.failed);
    writer_u8(&writer, 3);
    writer_u32(&writer, 3);
    writer_bytes(&writer, bytes_of("c", 1));
    ck_assert_uint_eq(writer.size, 1);
    ck_assert_uint_eq(buffer[2], 0xee);
}
END_TEST

START_TEST(a_string_has_at_most_255_octets)
{
    static const uint8_t octets[256];
    uint8_t buffer[300];
    struct writer writer = writer_in(buffer, sizeof buffer);
    writer_string(&writer, bytes_of(octets, 255));
    ck_assert(!writer.failed);
    ck_assert_uint_eq(writer.size, 256);
    writer = writer_in(buffer, sizeof buffer);
    writer_string(&writer, bytes_of(octets, 256));
    ck_assert(writer.failed);
    ck_assert_uint_eq(writer.size, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("writer");
    add_test(suite, writes_numbers_in_network_order);
    add_test(suite, failure_is_sticky);
    add_test(suite, a_string_has_at_most_255_octets);
    return suite;
}
