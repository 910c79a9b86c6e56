/* What a process in the sandbox can do and cannot: a child enters it, tries one thing, and tells
 * errno. Outside the sandbox the same thing works, or fails in another way. */
#include "live/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/seccomp_filter.h"
#include "tests/support/support.h"

static char directory[] = "/tmp/sandbox-XXXXXX";
static char other_directory[] = "/tmp/sandbox-XXXXXX";
static char file[64], elsewhere[64]; /* in the directory of the file that may be removed */
static char other[64];               /* a file in another one */

/* --- attempts: what the system call returned --- */

static long open_to_read(void)
{
    return open("/etc/passwd", O_RDONLY);
}

static long make_file(void)
{
    return open(elsewhere, O_WRONLY | O_CREAT, 0600);
}

static long list_directory(void)
{
    return open("/", O_RDONLY | O_DIRECTORY);
}

static long make_directory(void)
{
    return mkdir(elsewhere, 0700);
}

static long rename_file(void)
{
    return rename(file, elsewhere);
}

static long run_program(void)
{
    char *const words[] = {NULL};
    return execve("/bin/true", words, words);
}

static long start_process(void)
{
    const pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return pid;
}

static long signal_parent(void)
{
    return kill(getppid(), 0);
}

static long be_traced(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long take_namespace(void)
{
    return unshare(0);
}

static long make_memory_a_program(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED ? mprotect(page, 4096, PROT_READ | PROT_EXEC) : -1;
}

static long unix_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long netlink_socket(void)
{
    return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static long v4_socket(void)
{
    return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static long v6_socket(void)
{
    return socket(AF_INET6, SOCK_STREAM, 0);
}

static long take_memory(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                   MAP_FAILED
               ? 0
               : -1;
}

static long remove_file(void)
{
    return unlink(file);
}

static long remove_other_file(void)
{
    return unlink(other);
}

/* --- rows --- */

static const struct row {
    const char *name;
    long (*attempt)(void);
    int by_both;   /* errno in the whole sandbox; 0: it works */
    int by_filter; /* errno under the filter alone */
} rows[] = {
    {"a file to read", open_to_read, EACCES, EPERM},
    {"a new file", make_file, EACCES, EPERM},
    {"a directory", list_directory, EACCES, EPERM},
    {"a new directory", make_directory, EACCES, EPERM},
    {"another name for a file", rename_file, EACCES, EPERM},
    {"a program", run_program, EPERM, EPERM},
    {"a process", start_process, EPERM, EPERM},
    {"a signal", signal_parent, EPERM, EPERM},
    {"tracing", be_traced, EPERM, EPERM},
    {"a namespace", take_namespace, EPERM, EPERM},
    {"memory that is a program", make_memory_a_program, EPERM, EPERM},
    {"a Unix socket", unix_socket, EPERM, EPERM},
    {"a netlink socket", netlink_socket, EPERM, EPERM},
    {"IPv4", v4_socket, 0, 0},
    {"IPv6", v6_socket, 0, 0},
    {"memory", take_memory, 0, 0},
    {"removing the file that may be removed", remove_file, 0, 0},
    {"removing another one", remove_other_file, EACCES, 0},
};

enum prison { OPEN, BOTH, FILTER };

_Noreturn static void try_inside(const struct row *row, enum prison prison)
{
    struct sandbox sandbox;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prison == BOTH) {
        sandbox_enter(file, &sandbox);
    } else if (prison == FILTER && !seccomp_filter_install(false)) {
        _exit(255);
    }
    _exit(row->attempt() >= 0 ? 0 : errno);
}

static void make(const char *path)
{
    const int made = open(path, O_WRONLY | O_CREAT, 0600);
    ck_assert_int_ge(made, 0);
    close(made);
}

/* errno of the attempt, 0 if it worked; a program that was run is /bin/true. */
static int outcome(const struct row *row, enum prison prison)
{
    int status;
    make(file);
    make(other);
    const pid_t pid = fork();
    if (pid == 0) {
        try_inside(row, prison);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    unlink(elsewhere);
    rmdir(elsewhere);
    unlink(file);
    unlink(other);
    return WEXITSTATUS(status);
}

static void prepare(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_ptr_nonnull(mkdtemp(other_directory));
    snprintf(other, sizeof other, "%s/file", other_directory);
    snprintf(file, sizeof file, "%s/file", directory);
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", directory);
}

static bool is_there(enum sandbox_part part)
{
    struct diag why;
    return sandbox_try(part, &why);
}

START_TEST(what_is_not_needed_is_forbidden)
{
    const struct row *row = &rows[_i];
    prepare();
    const int outside = outcome(row, OPEN);
    ck_assert(outside == 0 || outside == row->by_filter); /* a container may forbid it already */
    if (is_there(SANDBOX_SECCOMP)) {
        ck_assert_int_eq(outcome(row, FILTER), row->by_filter);
    }
#ifndef FAULTZONE_INSTRUMENTED
    if (is_there(SANDBOX_SECCOMP) && is_there(SANDBOX_LANDLOCK)) {
        ck_assert_int_eq(outcome(row, BOTH), row->by_both);
    }
#endif
    rmdir(directory);
    rmdir(other_directory);
}
END_TEST

START_TEST(what_is_not_there_is_told)
{
    struct diag why = {0};
    for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
        ck_assert(sandbox_try((enum sandbox_part)part, &why) || strlen(why.sentence) > 0);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("sandbox");
    add_rows(suite, what_is_not_needed_is_forbidden, rows);
    add_test(suite, what_is_not_there_is_told);
    return suite;
}
