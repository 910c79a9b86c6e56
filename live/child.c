/* See the header. Its streams are files in memory, so that it never waits for a reader. */
#include "live/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EVERY_MS 5

_Noreturn static void become(const struct child_options *options, const int streams[2])
{
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    signal(SIGPIPE, SIG_DFL);
    dup2(nothing, STDIN_FILENO);
    dup2(streams[0], STDOUT_FILENO);
    dup2(streams[1], STDERR_FILENO);
    if (options->directory == NULL || chdir(options->directory) == 0) {
        execvp(options->argv[0], options->argv);
    }
    _exit(127);
}

/* False if it had to be killed. */
static bool wait_for(pid_t pid, unsigned limit_s, int *ret_status)
{
    const struct timespec look = {.tv_nsec = LOOK_EVERY_MS * 1000000L};
    for (unsigned waited_ms = 0; waitpid(pid, ret_status, WNOHANG) == 0;
         waited_ms += LOOK_EVERY_MS) {
        if (waited_ms >= limit_s * 1000) {
            kill(pid, SIGKILL);
            waitpid(pid, ret_status, 0);
            return false;
        }
        nanosleep(&look, NULL);
    }
    return true;
}

static void read_back(int stream, char *ret, size_t capacity)
{
    const ssize_t got = pread(stream, ret, capacity - 1, 0);
    ret[got > 0 ? got : 0] = '\0';
}

void child_run(const struct child_options *options, struct child_result *ret)
{
    const int streams[2] = {memfd_create("out", MFD_CLOEXEC), memfd_create("err", MFD_CLOEXEC)};
    const pid_t pid = streams[0] >= 0 && streams[1] >= 0 ? fork() : -1;
    int status = 0;
    if (pid == 0) {
        become(options, streams);
    }
    ret->has_run = pid > 0 && wait_for(pid, options->time_limit_s, &status);
    ret->was_slow = pid > 0 && !ret->has_run;
    ret->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ret->said[0] = ret->complained[0] = '\0';
    for (size_t i = 0; i < 2; i++) {
        if (streams[i] >= 0) {
            read_back(streams[i], i == 0 ? ret->said : ret->complained,
                      i == 0 ? sizeof ret->said : sizeof ret->complained);
            close(streams[i]);
        }
    }
}
