/* What the flags of a plain build do when they are needed. hardening.py looks for their traces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

#define OCTETS 16

/* A number that the compiler cannot know. */
static size_t unknown(size_t number)
{
    volatile size_t hidden = number;
    return hidden;
}

START_TEST(write_within_a_buffer_is_done)
{
    uint8_t *buffer = malloc(unknown(OCTETS));
    ck_assert_ptr_nonnull(buffer);
    memset(buffer, 7, unknown(OCTETS));
    ck_assert_int_eq(buffer[OCTETS - 1], 7);
    free(buffer);
}
END_TEST

/* The size of the buffer is known at run time only: level 3 of _FORTIFY_SOURCE, not level 2. */
START_TEST(write_beyond_a_buffer_ends_the_program)
{
    uint8_t *buffer = malloc(unknown(OCTETS));
    ck_assert_ptr_nonnull(buffer);
    memset(buffer, 7, unknown(OCTETS + 1));
    ck_assert_int_eq(buffer[OCTETS - 1], 7);
    free(buffer);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("fortified");
    add_test(suite, write_within_a_buffer_is_done);
    add_abort_test(suite, write_beyond_a_buffer_ends_the_program);
    return suite;
}
