/* Scalars: durations, chances, TTLs, numbers, words. */
#include "base/values.h"

#include "tests/support/support.h"

#define REFUSED UINT64_MAX

struct number {
    const char *name; /* the text */
    uint64_t value;
};

#define MS UINT64_C(1000000)
#define S  UINT64_C(1000000000)

static const struct number durations[] = {
    {"0", 0},
    {"300ms", 300 * MS},
    {"5s", 5 * S},
    {"5", 5 * S},
    {"0.5s", 500 * MS},
    {"1.25", 1250 * MS},
    {"30m", 1800 * S},
    {"1h30m", 5400 * S},
    {"2d", 172800 * S},
    {"1d1h1m1s1ms1us1ns", 90061 * S + MS + 1000 + 1},
    {"0.000000001s", 1},
    {"0.0000000001s", REFUSED},
    {"", REFUSED},
    {"s", REFUSED},
    {"5 s", REFUSED},
    {"-5s", REFUSED},
    {"5x", REFUSED},
    {"1h30", REFUSED},
    {".5s", REFUSED},
    {"5.s", REFUSED},
    {"1e3", REFUSED},
    {"soon", REFUSED},
    {"99999999999999999999s", REFUSED},
    {"9999999999d", REFUSED},
};

START_TEST(reads_durations)
{
    uint64_t value = REFUSED;
    ck_assert_int_eq(value_duration(bytes_of_string(durations[_i].name), &value),
                     durations[_i].value != REFUSED);
    ck_assert_uint_eq(value, durations[_i].value);
}
END_TEST

static const struct number chances[] = {
    {"0", 0},          {"1", 1000000},    {"20%", 200000},        {"0.2", 200000},
    {"100%", 1000000}, {"0.000001", 1},   {"12.5%", 125000},      {"0.5%", 5000},
    {"1.1", REFUSED},  {"101%", REFUSED}, {"0.0000001", REFUSED}, {"%", REFUSED},
    {"20 %", REFUSED}, {"", REFUSED},     {"-1", REFUSED},        {"20", REFUSED},
};

START_TEST(reads_chances)
{
    uint64_t value = REFUSED;
    ck_assert_int_eq(value_chance(bytes_of_string(chances[_i].name), &value),
                     chances[_i].value != REFUSED);
    ck_assert_uint_eq(value, chances[_i].value);
}
END_TEST

static const struct number ttls[] = {
    {"0", 0},
    {"300", 300},
    {"5m", 300},
    {"1h30m", 5400},
    {"1w", 604800},
    {"2147483647", 0x7fffffff},
    {"2147483648", REFUSED},
    {"1H", 3600},
    {"", REFUSED},
    {"5x", REFUSED},
    {"5m3", REFUSED},
    {"m", REFUSED},
    {"-1", REFUSED},
    {"99999w", REFUSED},
    {"IN", REFUSED},
    {"0x10", REFUSED},
};

START_TEST(reads_ttls)
{
    uint32_t value = UINT32_MAX;
    const bool fine = value_ttl(bytes_of_string(ttls[_i].name), &value);
    ck_assert_int_eq(fine, ttls[_i].value != REFUSED);
    ck_assert_uint_eq(value, fine ? ttls[_i].value : UINT32_MAX);
}
END_TEST

static const struct number integers[] = {
    {"0", 0},
    {"18446744073709551614", UINT64_MAX - 1},
    {"18446744073709551616", REFUSED},
    {"0x1F", 31},
    {"0x", REFUSED},
    {"0x11111111111111111", REFUSED},
    {"1.0", REFUSED},
    {"-1", REFUSED},
    {"", REFUSED},
    {"1 ", REFUSED},
    {"0xg", REFUSED},
};

START_TEST(reads_integers)
{
    uint64_t value = REFUSED;
    ck_assert_int_eq(value_integer(bytes_of_string(integers[_i].name), &value),
                     integers[_i].value != REFUSED);
    ck_assert_uint_eq(value, integers[_i].value);
}
END_TEST

static const struct number words[] = {
    {"true", 1},     {"false", 0},     {"True", REFUSED}, {"yes", REFUSED}, {"no", REFUSED},
    {"on", REFUSED}, {"off", REFUSED}, {"1", REFUSED},    {"", REFUSED},
};

START_TEST(only_true_and_false_are_truth_values)
{
    uint64_t value = REFUSED;
    ck_assert_int_eq(value_bool(bytes_of_string(words[_i].name), &value),
                     words[_i].value != REFUSED);
    ck_assert_uint_eq(value, words[_i].value);
}
END_TEST

static const struct octets {
    const char *name; /* the digits */
    const char *octets;
    size_t size; /* 0: refused */
} octets[] = {
    {"00", "\x00", 1},
    {"ff7F", "\xff\x7f", 2},
    {"0123456789aB", "\x01#Eg\x89\xab", 6},
    {"", "", 0},
    {"0", "", 0},
    {"0g", "", 0},
    {"00 0", "", 0},
    {"00112233445566", "", 0},
};

START_TEST(reads_hexadecimal_octets)
{
    uint8_t room[6];
    size_t size = 0;
    ck_assert_int_eq(value_hex(bytes_of_string(octets[_i].name), sizeof room, room, &size),
                     octets[_i].size > 0);
    ck_assert_uint_eq(size, octets[_i].size);
    ck_assert_mem_eq(room, octets[_i].octets, size);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("values");
    add_rows(suite, reads_durations, durations);
    add_rows(suite, reads_chances, chances);
    add_rows(suite, reads_ttls, ttls);
    add_rows(suite, reads_integers, integers);
    add_rows(suite, only_true_and_false_are_truth_values, words);
    add_rows(suite, reads_hexadecimal_octets, octets);
    return suite;
}
