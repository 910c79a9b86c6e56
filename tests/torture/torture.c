/* See the header. The program's own definitions of these functions come before those of the C
 * library and of sanitizers, which stay reachable under other names. */
#undef _FILE_OFFSET_BITS /* which would give them other names */
#undef _GNU_SOURCE
#define _DEFAULT_SOURCE /* and no more, which would give them other types */
#include "tests/torture/torture.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NEXT ((void *)-1L) /* RTLD_NEXT */

struct place { /* Dl_info */
    const char *object;
    void *base;
    const char *symbol;
    void *address;
};
int dladdr(const void *address, struct place *ret);

static enum torture_kind armed;
static uint64_t left; /* until one fails, itself included */
static bool keeps_failing, has_failed;
static int64_t blocks;

/* Of the C library, and of sanitizers where they are linked. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);
__attribute__((weak)) void *__interceptor_malloc(size_t size);
__attribute__((weak)) void *__interceptor_calloc(size_t count, size_t size);
__attribute__((weak)) void *__interceptor_realloc(void *block, size_t size);
__attribute__((weak)) void *__interceptor_memalign(size_t alignment, size_t size);
__attribute__((weak)) void __interceptor_free(void *block);

/* --- orders --- */

void torture_arm(enum torture_kind kind, uint64_t nth, bool for_good)
{
    left = nth;
    keeps_failing = for_good;
    has_failed = false;
    armed = kind;
}

bool torture_disarm(void)
{
    armed = TORTURE_NOTHING;
    return has_failed;
}

bool torture_has_failed(void)
{
    return has_failed;
}

int64_t torture_blocks(void)
{
    return blocks;
}

/* A line of what happened here; without an allocation. */
static void report(const char *what, int64_t number)
{
    const char *path = getenv("TORTURE_REPORT");
    char line[128];
    if (path != NULL) {
        const int size =
            snprintf(line, sizeof line, "%d %s %lld\n", (int)getpid(), what, (long long)number);
        const int to =
            (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (to >= 0) {
            syscall(SYS_write, to, line, (size_t)size);
            syscall(SYS_close, to);
        }
    }
}

/* ldns and Jansson's parser end the program where their own memory fails; who calls them tries
 * beforehand whether there is enough, and that trial fails in their stead. */
static bool is_parsing;

static bool is_in_ldns(const void *caller)
{
    struct place found;
    return dladdr(caller, &found) != 0 && strstr(found.object, "libldns") != NULL;
}

static bool fails(enum torture_kind kind, const char *what)
{
    if (armed != kind || left == 0) {
        return false;
    }
    if (--left > 0) {
        return false;
    }
    const int error = errno;
    left = keeps_failing ? 1 : 0;
    if (!has_failed) {
        has_failed = true;
        report(what, blocks);
    }
    errno = error;
    return true;
}

__attribute__((constructor)) static void take_orders(void)
{
    const char *orders = getenv("TORTURE");
    const char *number = orders != NULL ? strchr(orders, ':') : NULL;
    if (number != NULL) {
        char *end;
        const uint64_t nth = strtoull(number + 1, &end, 10);
        torture_arm(orders[0] == 'm' ? TORTURE_MEMORY : TORTURE_CALLS, nth, *end == '+');
    }
}

__attribute__((destructor)) static void tell_blocks(void)
{
    armed = TORTURE_NOTHING;
    if (__interceptor_malloc == NULL) { /* sanitizers take blocks too, and look for themselves */
        report("end", blocks);
    }
}

/* --- memory --- */

#define CALLER __builtin_return_address(0)

static bool memory_fails(const char *what, const void *caller)
{
    if (armed != TORTURE_MEMORY || is_parsing || is_in_ldns(caller) ||
        !fails(TORTURE_MEMORY, what)) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

static void *count_block(void *block)
{
    blocks += block != NULL;
    return block;
}

static void *allocate(size_t size)
{
    return count_block(__interceptor_malloc != NULL ? __interceptor_malloc(size)
                                                    : __libc_malloc(size));
}

void *malloc(size_t size)
{
    return memory_fails("malloc", CALLER) ? NULL : allocate(size);
}

void *calloc(size_t count, size_t size)
{
    if (memory_fails("calloc", CALLER)) {
        return NULL;
    }
    return count_block(__interceptor_calloc != NULL ? __interceptor_calloc(count, size)
                                                    : __libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
    if (memory_fails("realloc", CALLER)) {
        return NULL;
    }
    const bool is_new = block == NULL;
    void *moved = __interceptor_realloc != NULL ? __interceptor_realloc(block, size)
                                                : __libc_realloc(block, size);
    blocks += is_new ? moved != NULL : size == 0 && moved == NULL ? -1 : 0;
    return moved;
}

void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size)
{
    if (memory_fails("memalign", CALLER)) {
        return NULL;
    }
    return count_block(__interceptor_memalign != NULL ? __interceptor_memalign(alignment, size)
                                                      : __libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
    void *block = memalign(alignment, size);
    if (block != NULL) {
        *ret = block;
    }
    return block != NULL ? 0 : ENOMEM;
}

void free(void *block)
{
    blocks -= block != NULL;
    if (__interceptor_free != NULL) {
        __interceptor_free(block);
    } else {
        __libc_free(block);
    }
}

/* Sanitizers have one of their own that takes memory elsewhere. */
static char *copy_string(const char *string, size_t size, const void *caller)
{
    const size_t length = strnlen(string, size);
    char *copy = memory_fails("strdup", caller) ? NULL : allocate(length + 1);
    if (copy != NULL) {
        memcpy(copy, string, length);
        copy[length] = '\0';
    }
    return copy;
}

char *strndup(const char *string, size_t size)
{
    return copy_string(string, size, CALLER);
}

char *strdup(const char *string)
{
    return copy_string(string, SIZE_MAX, CALLER);
}

char *__strdup(const char *string);
char *__strdup(const char *string)
{
    return copy_string(string, SIZE_MAX, CALLER);
}

void *json_loadb(const char *octets, size_t size, size_t flags, void *reterr);
void *json_loadb(const char *octets, size_t size, size_t flags, void *reterr)
{
    static void *(*next)(const char *, size_t, size_t, void *);
    if (next == NULL) {
        *(void **)&next = dlsym(NEXT, "json_loadb");
    }
    is_parsing = true;
    void *value = next(octets, size, flags, reterr);
    is_parsing = false;
    return value;
}

/* --- calls --- */

/* What libuv aborts for where it fails, fails for our own code only. */
extern const char __executable_start, etext;

static bool is_ours(const void *caller)
{
    return (const char *)caller >= &__executable_start && (const char *)caller < &etext;
}

/* A definition of `name` that fails with `error` on order, and else does what the next one does. */
#define CALL(type, failure, error, name, parameters, arguments)                                    \
    CALL_IF(true, type, failure, error, name, parameters, arguments)

#define CALL_IF(may_fail, type, failure, error, name, parameters, arguments)                       \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*next) parameters;                                                             \
        if ((may_fail) && fails(TORTURE_CALLS, #name)) {                                           \
            errno = (error);                                                                       \
            return (failure);                                                                      \
        }                                                                                          \
        if (next == NULL) {                                                                        \
            *(void **)&next = dlsym(NEXT, #name);                                                  \
        }                                                                                          \
        return next arguments;                                                                     \
    }

typedef struct sockaddr sockaddr;

CALL(int, -1, EMFILE, socket, (int family, int type, int protocol), (family, type, protocol))
CALL(int, -1, EMFILE, socketpair, (int family, int type, int protocol, int ends[2]),
     (family, type, protocol, ends))
CALL(int, -1, EADDRINUSE, bind, (int to, const sockaddr *address, socklen_t size),
     (to, address, size))
CALL(int, -1, EADDRINUSE, listen, (int to, int backlog), (to, backlog))
CALL(int, -1, ENETUNREACH, connect, (int from, const sockaddr *address, socklen_t size),
     (from, address, size))
/* Only once: libuv asks again until it succeeds. */
CALL_IF(!has_failed, int, -1, EMFILE, accept4,
        (int from, sockaddr *address, socklen_t *size, int flags), (from, address, size, flags))
CALL(int, -1, ENOBUFS, setsockopt, (int at, int level, int option, const void *value, socklen_t n),
     (at, level, option, value, n))
CALL(int, -1, ENOBUFS, getsockopt, (int at, int level, int option, void *value, socklen_t *size),
     (at, level, option, value, size))
CALL(int, -1, ENOBUFS, getsockname, (int at, sockaddr *address, socklen_t *size),
     (at, address, size))
CALL(int, -1, ENOBUFS, getpeername, (int at, sockaddr *address, socklen_t *size),
     (at, address, size))
CALL(int, -1, ENOTCONN, shutdown, (int at, int how), (at, how))
CALL(int, -1, ENOMEM, recvmmsg,
     (int from, void *messages, unsigned count, int flags, void *timeout),
     (from, messages, count, flags, timeout))
CALL(int, -1, ENOBUFS, sendmmsg, (int to, void *messages, unsigned count, int flags),
     (to, messages, count, flags))
CALL(ssize_t, -1, ENOMEM, recvmsg, (int from, struct msghdr *message, int flags),
     (from, message, flags))
CALL(ssize_t, -1, ENOBUFS, sendmsg, (int to, const struct msghdr *message, int flags),
     (to, message, flags))
CALL(ssize_t, -1, ECONNRESET, recv, (int from, void *octets, size_t size, int flags),
     (from, octets, size, flags))
CALL(ssize_t, -1, EPIPE, send, (int to, const void *octets, size_t size, int flags),
     (to, octets, size, flags))
CALL(ssize_t, -1, ENOMEM, recvfrom,
     (int from, void *octets, size_t n, int flags, sockaddr *address, socklen_t *size),
     (from, octets, n, flags, address, size))
CALL(ssize_t, -1, ENOBUFS, sendto,
     (int to, const void *octets, size_t n, int flags, const sockaddr *address, socklen_t size),
     (to, octets, n, flags, address, size))
CALL(int, -1, EMFILE, epoll_create1, (int flags), (flags))
CALL(int, -1, EMFILE, eventfd, (unsigned first, int flags), (first, flags))
CALL(int, -1, EMFILE, signalfd, (int at, const void *mask, int flags), (at, mask, flags))
CALL(int, -1, EMFILE, memfd_create, (const char *name, unsigned flags), (name, flags))
CALL(int, -1, EMFILE, pipe, (int ends[2]), (ends))
CALL_IF(is_ours(CALLER), int, -1, EMFILE, pipe2, (int ends[2], int flags), (ends, flags))
CALL(int, -1, EBUSY, dup2, (int from, int to), (from, to))
CALL(pid_t, -1, EAGAIN, fork, (void), ())
CALL(int, -1, ENOSPC, unshare, (int flags), (flags))
CALL(int, -1, EPERM, mount,
     (const char *from, const char *to, const char *type, unsigned long flags, const void *data),
     (from, to, type, flags, data))
CALL(int, -1, EBUSY, umount2, (const char *at, int flags), (at, flags))
CALL(int, -1, EPERM, setrlimit64, (int what, const void *limit), (what, limit))
CALL(int, -1, EINVAL, getrlimit64, (int what, void *limit), (what, limit))
CALL(int, -1, EAGAIN, setresuid, (uid_t real, uid_t effective, uid_t saved),
     (real, effective, saved))
CALL(int, -1, EPERM, setresgid, (gid_t real, gid_t effective, gid_t saved),
     (real, effective, saved))
CALL(int, -1, EPERM, setgroups, (size_t count, const gid_t *groups), (count, groups))
CALL(int, -1, EIO, chdir, (const char *path), (path))
CALL(int, -1, EROFS, chmod, (const char *path, mode_t mode), (path, mode))
CALL(int, -1, EROFS, fchmod, (int at, mode_t mode), (at, mode))
CALL(int, -1, EROFS, mkdir, (const char *path, mode_t mode), (path, mode))
CALL(char *, NULL, EROFS, mkdtemp, (char *path), (path))
CALL(int, -1, EIO, stat64, (const char *path, void *status), (path, status))
CALL(int, -1, EIO, lstat64, (const char *path, void *status), (path, status))
CALL(int, -1, EIO, fstat64, (int at, void *status), (at, status))
CALL(FILE *, NULL, EMFILE, fopen64, (const char *path, const char *mode), (path, mode))

ssize_t read(int from, void *octets, size_t size)
{
    if (is_ours(CALLER) && fails(TORTURE_CALLS, "read")) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_read, from, octets, size);
}

ssize_t write(int to, const void *octets, size_t size)
{
    if (is_ours(CALLER) && fails(TORTURE_CALLS, "write")) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, to, octets, size);
}

int poll(struct pollfd *watched, nfds_t count, int timeout_ms)
{
    if (is_ours(CALLER) && fails(TORTURE_CALLS, "poll")) {
        errno = ENOMEM;
        return -1;
    }
    const struct timespec time = {.tv_sec = timeout_ms / 1000,
                                  .tv_nsec = timeout_ms % 1000 * 1000000L};
    return (int)syscall(SYS_ppoll, watched, count, timeout_ms < 0 ? NULL : &time, NULL, 0);
}

static int open_file(const char *path, int flags, unsigned mode)
{
    if (fails(TORTURE_CALLS, "open")) {
        errno = EMFILE;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...);
int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const unsigned mode = (flags & O_CREAT) != 0 ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return open_file(path, flags, mode);
}

int ioctl(int at, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (fails(TORTURE_CALLS, "ioctl")) {
        errno = ENOTTY;
        return -1;
    }
    return (int)syscall(SYS_ioctl, at, request, argument);
}
