/* What is done with octets a word at a time is what would be done with one after the other. */
#include "wire/octets.h"

#include "tests/support/guard.h"
#include "tests/support/support.h"

#define SIZE_MOST 40

static uint8_t run[SIZE_MOST];

static void fill_run(void)
{
    for (size_t i = 0; i < SIZE_MOST; i++) {
        run[i] = (uint8_t)(i + 'A' - 5);
    }
}

START_TEST(runs_that_differ_anywhere_are_not_the_same)
{
    fill_run();
    for (size_t size = 1; size <= SIZE_MOST; size++) {
        const struct bytes a = guarded(bytes_of(run, size));
        ck_assert(octets_same(a.data, run, size));
        for (size_t at = 0; at < size; at++) {
            uint8_t other[SIZE_MOST];
            memcpy(other, run, size);
            other[at] ^= 0x80;
            ck_assert_msg(!octets_same(a.data, other, size), "%zu of %zu", at, size);
        }
    }
}
END_TEST

START_TEST(few_octets_that_differ_anywhere_are_different_words)
{
    fill_run();
    for (size_t size = 1; size <= 8; size++) {
        const struct bytes a = guarded(bytes_of(run, size));
        const uint64_t word = load_few(a.data, size);
        for (size_t at = 0; at < size; at++) {
            uint8_t other[SIZE_MOST];
            memcpy(other, run, size);
            other[at]++;
            ck_assert_msg(load_few(other, size) != word, "%zu of %zu", at, size);
        }
    }
}
END_TEST

START_TEST(copies_all_and_nothing_beyond)
{
    fill_run();
    for (size_t size = 0; size <= SIZE_MOST; size++) {
        uint8_t to[SIZE_MOST + 1];
        memset(to, 0xee, sizeof to);
        octets_copy(to, guarded(bytes_of(run, size)).data, size);
        ck_assert_mem_eq(to, run, size);
        ck_assert_uint_eq(to[size], 0xee);
    }
}
END_TEST

START_TEST(words_are_lowered_octet_by_octet)
{
    for (unsigned octet = 0; octet < 256; octet++) {
        for (unsigned at = 0; at < 8; at++) {
            const uint64_t word = (uint64_t)octet << (8 * at);
            const uint64_t lowered = (uint64_t)lower_octet((uint8_t)octet) << (8 * at);
            ck_assert_uint_eq(lower_word(word), lowered);
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("octets");
    add_test(suite, runs_that_differ_anywhere_are_not_the_same);
    add_test(suite, few_octets_that_differ_anywhere_are_different_words);
    add_test(suite, copies_all_and_nothing_beyond);
    add_test(suite, words_are_lowered_octet_by_octet);
    return suite;
}
