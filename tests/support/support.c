#include "tests/support/support.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define CASE_SECONDS_MAX 60

static TCase *new_case(Suite *suite, const char *name)
{
    assert(name != NULL && strchr(name, '#') == NULL);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, CASE_SECONDS_MAX);
    suite_add_tcase(suite, tcase);
    return tcase;
}

void support_add_test(Suite *suite, const char *name, const TTest *test)
{
    tcase_add_test(new_case(suite, name), test);
}

void support_add_abort_test(Suite *suite, const char *name, const TTest *test)
{
    tcase_add_test_raise_signal(new_case(suite, name), test, SIGABRT);
}

void support_add_rows(Suite *suite, const TTest *test, const char *const *first_name, size_t stride,
                      size_t count)
{
    assert(count > 0);
    for (size_t i = 0; i < count; i++) {
        const char *name;
        memcpy(&name, (const char *)first_name + i * stride, sizeof name);
        tcase_add_loop_test(new_case(suite, name), test, (int)i, (int)i + 1);
    }
}

int main(void)
{
    SRunner *runner = srunner_create(test_suite());
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    const int failed = srunner_ntests_failed(runner);
    const int ran = srunner_ntests_run(runner);
    srunner_free(runner);
    return failed == 0 && ran > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
