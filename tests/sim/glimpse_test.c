/* What a carrier sees of a message, however little of it there is. */
#include "sim/glimpse.h"

#include <stdlib.h>

#include "tests/sim/toys.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

static uint8_t buffer[300];

START_TEST(a_query_shows_its_question)
{
    const struct glimpse seen =
        glimpse_of(toy_message(buffer, "www.example", RRTYPE_TXT, false, false));
    const uint8_t name[] = "\x03www\x07"
                           "example";
    ck_assert(seen.has_header && seen.has_question && !seen.is_response);
    ck_assert(bytes_equal(seen.name, bytes_of(name, sizeof name)));
    ck_assert_uint_eq(seen.type, RRTYPE_TXT);
}
END_TEST

START_TEST(a_response_shows_that_it_is_one)
{
    const struct glimpse seen = glimpse_of(toy_message(buffer, ".", RRTYPE_NS, true, false));
    ck_assert(seen.is_response && seen.has_question);
    ck_assert_uint_eq(seen.name.size, 1);
}
END_TEST

START_TEST(a_cut_message_shows_less_and_nothing_false)
{
    const struct bytes whole = toy_message(buffer, "www.example", RRTYPE_A, true, false);
    for (size_t size = 0; size <= whole.size; size++) {
        uint8_t *exact = malloc(size > 0 ? size : 1); /* so that a sanitizer sees its end */
        memcpy(exact, whole.data, size);
        const struct glimpse seen = glimpse_of(bytes_of(exact, size));
        ck_assert_int_eq(seen.has_header, size >= 12);
        ck_assert_int_eq(seen.is_response, size >= 12);
        ck_assert_int_eq(seen.has_question, size == whole.size);
        ck_assert_uint_eq(seen.type, size == whole.size ? RRTYPE_A : 0);
        free(exact);
    }
}
END_TEST

START_TEST(a_message_without_a_question_has_none)
{
    const struct bytes whole = toy_message(buffer, "www.example", RRTYPE_A, false, false);
    buffer[5] = 0;
    ck_assert(!glimpse_of(whole).has_question);
    buffer[4] = 1; /* QDCOUNT 256 */
    ck_assert(glimpse_of(whole).has_question);
}
END_TEST

START_TEST(a_name_that_is_none_is_no_question)
{
    const struct bytes whole = toy_message(buffer, "www.example", RRTYPE_A, false, false);
    buffer[12] = 0xc0;
    ck_assert(glimpse_of(whole).has_header);
    ck_assert(!glimpse_of(whole).has_question);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("glimpse");
    add_test(suite, a_query_shows_its_question);
    add_test(suite, a_response_shows_that_it_is_one);
    add_test(suite, a_cut_message_shows_less_and_nothing_false);
    add_test(suite, a_message_without_a_question_has_none);
    add_test(suite, a_name_that_is_none_is_no_question);
    return suite;
}
