#include "inspect/cause.h"

#include <stdlib.h>

#include "tests/support/support.h"

START_TEST(every_row_is_whole_and_has_its_own_slug)
{
    size_t count = 0;
    for (const struct cause *cause = causes; cause->slug != NULL; cause++, count++) {
        ck_assert_msg(cause_find(bytes_of_string(cause->slug)) == cause, "%s", cause->slug);
        ck_assert((cause->weigh == NULL) == (cause == cause_temporary));
        ck_assert_uint_gt(strlen(cause->title), 0);
        ck_assert_int_eq(cause->why[strlen(cause->why) - 1], '.');
        ck_assert_int_eq(cause->fix[strlen(cause->fix) - 1], '.');
        ck_assert_int_eq(cause->doc[strlen(cause->doc) - 1], '.');
        ck_assert((cause->verdict != SETUP_VERIFIED) || cause->scope != CAUSE_OF_NO_VIEW);
        ck_assert((cause->verdict != SETUP_DECLINED) || cause->scope != CAUSE_OF_RISK);
        if (cause->number != NULL) {
            ck_assert_int_eq(cause->number[0], 'F');
            const long number = strtol(cause->number + 1, NULL, 10);
            ck_assert_int_ge(number, 1);
            ck_assert_int_le(number, 111);
        }
    }
    ck_assert_uint_gt(count, 10);
    ck_assert_ptr_null(cause_find(bytes_of_string("no-such-cause")));
}
END_TEST

START_TEST(trouble_never_declines)
{
    ck_assert_ptr_eq(cause_find(bytes_of_string("temporary")), cause_temporary);
    ck_assert_int_eq(cause_temporary->verdict, SETUP_RETRY_LATER);
    ck_assert_int_eq(cause_temporary->class, CLASS_TEMPORARY);
}
END_TEST

START_TEST(words_are_read_back)
{
    for (unsigned i = 0; i < SETUP_VERDICTS; i++) {
        enum setup_verdict verdict;
        ck_assert(setup_verdict_parse(bytes_of_string(setup_verdict_name(i)), &verdict));
        ck_assert_uint_eq(verdict, i);
    }
    for (unsigned i = 0; i < SETUP_CLASSES; i++) {
        enum setup_class class;
        ck_assert(setup_class_parse(bytes_of_string(setup_class_name(i)), &class));
        ck_assert_uint_eq(class, i);
    }
    enum setup_class class;
    ck_assert(!setup_class_parse(bytes_of_string("proxied"), &class));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cause");
    add_test(suite, every_row_is_whole_and_has_its_own_slug);
    add_test(suite, trouble_never_declines);
    add_test(suite, words_are_read_back);
    return suite;
}
