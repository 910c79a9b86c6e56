/* See the header. The daemon has a mount namespace of its own, so that its directory covers /run
 * for it alone. It is asked a question that no resolver carries on: one without RD. */
#include "live/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live/mounts.h"
#include "live/sockaddr.h"

enum {
    DIRECTORY_MEGABYTES = 64, /* caches of resolvers live there */
    WAIT_MS = 20,             /* between two questions */
    LAST_WORDS_MAX = 240,     /* octets of a log that are told */
};

/* --- becoming it --- */

static void say_why(int log, const char *what)
{
    dprintf(log, "%s: %s\n", what, strerror(errno));
}

static bool write_files(const struct daemon_plan *plan)
{
    for (size_t i = 0; i < plan->file_count; i++) {
        const struct daemon_file *file = &plan->files[i];
        const int to = open(file->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        const bool fine =
            to >= 0 && write(to, file->text.data, file->text.size) == (ssize_t)file->text.size;
        if (to >= 0) {
            close(to);
        }
        if (!fine) {
            return false;
        }
    }
    return true;
}

_Noreturn static void become(const struct daemon_plan *plan, const sigset_t *mask,
                             const struct rlimit *limit, int log)
{
    struct diag diag = {0};
    setsid(); /* what the terminal sends is for the command */
    if (unshare(CLONE_NEWNS) != 0 || !mounts_own_directory(DIRECTORY_MEGABYTES, &diag)) {
        say_why(log, "its directory cannot be made");
    } else if (!write_files(plan)) {
        say_why(log, "its files cannot be written");
    } else {
        const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(nothing, STDIN_FILENO);
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        setrlimit(RLIMIT_NOFILE, limit);
        sigprocmask(SIG_SETMASK, mask, NULL);
        execv(plan->argv[0], plan->argv);
        say_why(log, plan->argv[0]);
    }
    _exit(126);
}

/* --- waiting for it --- */

/* "localhost. A IN", RD clear: answered or refused on the spot by every resolver. */
static const uint8_t question[] = {
    0x46, 0x5a, 0,   0,   0,   1,   0,   0,   0, 0, 0, 0, 9, 'l',
    'o',  'c',  'a', 'l', 'h', 'o', 's', 't', 0, 0, 1, 0, 1,
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* True if a reply came within WAIT_MS. A closed port refuses at once: then the time is slept. */
static bool answers(int descriptor)
{
    uint8_t reply[512];
    const struct timespec wait = {.tv_nsec = WAIT_MS * 1000000L};
    if (send(descriptor, question, sizeof question, MSG_NOSIGNAL) == (ssize_t)sizeof question &&
        recv(descriptor, reply, sizeof reply, 0) >= 12) {
        return true;
    }
    nanosleep(&wait, NULL);
    return false;
}

static int open_asker(const struct endpoint *to)
{
    struct sockaddr_storage address;
    sockaddr_put(to, &address);
    const struct timeval wait = {.tv_usec = (suseconds_t)WAIT_MS * 1000};
    const int descriptor = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 &&
        (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0 ||
         connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0)) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* True once it answers; false with its status if it has ended, -1 if it takes too long. */
static bool wait_until_ready(const struct daemon_plan *plan, pid_t pid, int *ret_status)
{
    const int64_t until = now_ms() + (int64_t)DAEMON_START_MAX_S * 1000;
    const int asker = open_asker(&plan->answers_at);
    bool ready = false, ended = false;
    *ret_status = -1;
    while (asker >= 0 && !ready && !ended && now_ms() < until) {
        ready = answers(asker);
        ended = waitpid(pid, ret_status, WNOHANG) == pid;
    }
    if (asker >= 0) {
        close(asker);
    }
    if (ended || ready) {
        return ready && !ended;
    }
    *ret_status = -1;
    return false;
}

/* --- telling --- */

/* The end of what it said, in one line, from the start of a line on. */
static void last_words(int log, char ret[LAST_WORDS_MAX + 1])
{
    const off_t size = lseek(log, 0, SEEK_END);
    const off_t from = size > LAST_WORDS_MAX ? size - LAST_WORDS_MAX : 0;
    const ssize_t got = pread(log, ret, LAST_WORDS_MAX, from);
    size_t length = got > 0 ? (size_t)got : 0;
    while (length > 0 && ret[length - 1] == '\n') {
        length--;
    }
    ret[length] = '\0';
    const char *line = from > 0 ? strchr(ret, '\n') : NULL;
    if (line != NULL) {
        memmove(ret, line + 1, strlen(line + 1) + 1);
    }
    for (char *at = ret; (at = strchr(at, '\n')) != NULL;) {
        *at = ' ';
    }
}

void daemon_blame(const struct daemon_plan *plan, const struct daemon_process *process, int status,
                  struct diag *ret)
{
    char words[LAST_WORDS_MAX + 1];
    char how[64];
    if (status < 0) {
        snprintf(how, sizeof how, "did not answer within %d s", DAEMON_START_MAX_S);
    } else if (WIFSIGNALED(status)) {
        snprintf(how, sizeof how, "was ended by signal %d", WTERMSIG(status));
    } else {
        snprintf(how, sizeof how, "ended with status %d", WEXITSTATUS(status));
    }
    last_words(process->log, words);
    diag_set(ret, (struct place){0}, "%s %s%s%s", plan->name, how, words[0] != '\0' ? ": " : "",
             words);
}

bool daemon_start(const struct daemon_plan *plan, const sigset_t *mask, const struct rlimit *limit,
                  struct daemon_process *ret, struct diag *reterr)
{
    struct daemon_process process = {.log = memfd_create("log", MFD_CLOEXEC)};
    int status = -1;
    process.pid = process.log >= 0 ? fork() : -1;
    if (process.pid == 0) {
        become(plan, mask, limit, process.log);
    }
    if (process.pid > 0 && wait_until_ready(plan, process.pid, &status)) {
        *ret = process;
        return true;
    }
    if (process.pid < 0) {
        diag_set(reterr, (struct place){0}, "%s: %s", plan->name, strerror(errno));
    } else {
        daemon_blame(plan, &process, status, reterr);
        if (status < 0) {
            kill(process.pid, SIGKILL);
            waitpid(process.pid, NULL, 0);
        }
    }
    if (process.log >= 0) {
        close(process.log);
    }
    return false;
}
