/* What every Check program shares: `main`, and test cases whose names tell rows of a table apart.
 *
 * A program defines test_suite() and nothing else outside its tests:
 *
 *     static const struct row { const char *name; int input; bool expected; } rows[] = {…};
 *     START_TEST(accepts) { ck_assert(f(rows[_i].input) == rows[_i].expected); }
 *     END_TEST
 *     Suite *test_suite(void)
 *     {
 *         Suite *suite = suite_create("module");
 *         add_test(suite, single_statement);
 *         add_rows(suite, accepts, rows);
 *         return suite;
 *     }
 *
 * Results go to stdout as TAP. CK_FORK=no runs everything in one process, for a debugger;
 * CK_RUN_CASE=<row or test name> runs one. */
#ifndef FAULTZONE_TESTS_SUPPORT_H
#define FAULTZONE_TESTS_SUPPORT_H

#include <check.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The program's tests; defined by each program. */
Suite *test_suite(void);

/* Adds one START_TEST as a case of its own name. */
#define add_test(suite, test) support_add_test((suite), #test, (test))

/* Adds a START_TEST that must end in a failed assertion. */
#define add_abort_test(suite, test) support_add_abort_test((suite), #test, (test))

/* Adds a START_TEST once for each row of a table (an array whose elements have a `const char *name`
 * member); `_i` is the row's index, and the row's name is the case's name. */
#define add_rows(suite, test, table)                                                               \
    support_add_rows((suite), (test), &(table)[0].name, sizeof(table)[0], COUNT_OF(table))

/* Names must outlive the suite and be free of '#', which TAP gives a meaning. */
void support_add_test(Suite *suite, const char *name, const TTest *test);
void support_add_abort_test(Suite *suite, const char *name, const TTest *test);

/* `first_name` is the name member of the first row; the others follow every `stride` octets. */
void support_add_rows(Suite *suite, const TTest *test, const char *const *first_name, size_t stride,
                      size_t count);

#endif
