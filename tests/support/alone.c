/* The same as support.c without Check's library: for MemorySanitizer, which takes what comes from
 * code that it did not see for uninitialised. Test cases run one after another in this process;
 * those that must abort, in a child. */
#include <assert.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/support.h"

#define CASES_MAX 2000

struct support_case {
    const char *name;
    const TTest *test;
    int index;
    bool must_abort;
};

struct Suite {
    struct support_case cases[CASES_MAX];
    size_t count;
};

/* --- what Check's macros call --- */

Suite *suite_create(const char *name)
{
    static Suite suite;
    (void)name;
    return &suite;
}

void _mark_point(const char *file, int line)
{
    (void)file;
    (void)line;
}

void _ck_assert_failed(const char *file, int line, const char *expression, const char *message, ...)
{
    va_list arguments;
    printf("# %s:%d: %s: ", file, line, expression);
    if (message != NULL) {
        va_start(arguments, message);
        vprintf(message, arguments);
        va_end(arguments);
    }
    putchar('\n');
    exit(EXIT_FAILURE);
}

/* --- what tests call --- */

static void add(Suite *suite, const char *name, const TTest *test, int index, bool must_abort)
{
    assert(suite->count < CASES_MAX);
    suite->cases[suite->count++] = (struct support_case){name, test, index, must_abort};
}

void support_add_test(Suite *suite, const char *name, const TTest *test)
{
    add(suite, name, test, 0, false);
}

void support_add_abort_test(Suite *suite, const char *name, const TTest *test)
{
    add(suite, name, test, 0, true);
}

void support_add_rows(Suite *suite, const TTest *test, const char *const *first_name, size_t stride,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *name;
        memcpy(&name, (const char *)first_name + i * stride, sizeof name);
        add(suite, name, test, (int)i, false);
    }
}

static bool aborts(const struct support_case *one)
{
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        one->test->fn(one->index);
        _exit(EXIT_SUCCESS);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

int main(void)
{
    const Suite *suite = test_suite();
    printf("1..%zu\n", suite->count);
    for (size_t i = 0; i < suite->count; i++) {
        const struct support_case *one = &suite->cases[i];
        printf("# %s\n", one->name); /* what ends the program is told by the last line */
        if (one->must_abort && !aborts(one)) {
            _ck_assert_failed(one->test->file, one->test->line, one->name, "does not abort");
        } else if (!one->must_abort) {
            one->test->fn(one->index);
        }
        printf("ok %zu - %s\n", i + 1, one->name);
    }
    return suite->count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
