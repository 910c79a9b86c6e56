/* See the header. As a PID namespace's first process it is immune to signals from inside, and to
 * the terminal's. */
#include "live/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/mounts.h"

enum {
    HEADERS_OCTETS = 128, /* of a packet: enough for its headers */
    SNIFFS_A_TURN = 256,
};

bool message_send(int channel, const struct message *message)
{
    ssize_t sent;
    do {
        sent = send(channel, message, sizeof *message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof *message;
}

bool message_receive(int channel, struct message *ret)
{
    ssize_t got;
    do {
        got = recv(channel, ret, sizeof *ret, 0);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *ret;
}

/* --- the command --- */

_Noreturn static void become_command(const struct keeper_job *job, int failure)
{
    setrlimit(RLIMIT_NOFILE, &job->file_limit);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &job->mask, NULL);
    execvp(job->argv[0], job->argv);
    const int error = errno;
    const ssize_t written = write(failure, &error, sizeof error);
    _exit(written > 0 ? 127 : 126);
}

/* The command's PID; else -1 and errno, also if it cannot be executed. */
static pid_t start_command(const struct keeper_job *job)
{
    int failure[2];
    if (pipe2(failure, O_CLOEXEC) != 0) {
        return -1;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        become_command(job, failure[1]);
    }
    close(failure[1]);
    int error = pid < 0 ? errno : 0;
    if (pid > 0 && read(failure[0], &error, sizeof error) <= 0) {
        error = 0;
    }
    close(failure[0]);
    errno = error;
    return error == 0 ? pid : -1;
}

/* --- strays --- */

static bool is_known(const struct keeper_job *job, const struct address *address)
{
    if (address_is_loopback(address)) {
        return true;
    }
    for (size_t i = 0; i < job->known_count; i++) {
        if (address_equal(&job->known[i], address)) {
            return true;
        }
    }
    return false;
}

static void sniff(const struct keeper_job *job, struct strays *strays)
{
    uint8_t packet[HEADERS_OCTETS];
    for (int i = 0; i < SNIFFS_A_TURN; i++) {
        struct sockaddr_ll from = {0};
        socklen_t size = sizeof from;
        struct stray stray;
        const ssize_t got = recvfrom(job->sniffer, packet, sizeof packet, MSG_DONTWAIT,
                                     (struct sockaddr *)&from, &size);
        if (got <= 0) {
            return;
        }
        if (from.sll_pkttype == PACKET_OUTGOING && /* each is seen leaving and arriving */
            strays_read(bytes_of(packet, (size_t)got), &stray) &&
            !is_known(job, &stray.to.address)) {
            strays_note(strays, &stray);
        }
    }
}

static void tell_strays(const struct keeper_job *job, const struct strays *strays)
{
    struct message message = {.kind = MESSAGE_STRAY};
    for (size_t i = 0; i < strays->count; i++) {
        message.stray = strays->items[i];
        message_send(job->channel, &message);
    }
    if (strays->more > 0) {
        message.kind = MESSAGE_MORE;
        message.number = strays->more;
        message_send(job->channel, &message);
    }
}

/* --- the loop --- */

struct keeper {
    const struct keeper_job *job;
    struct strays strays;
    pid_t command;
    int status; /* of the command, once it has ended */
    struct daemon_process daemon;
    bool has_lost; /* the daemon has ended */
    int lost_status;
};

/* True once the command has ended. */
static bool reap(struct keeper *keeper, int children)
{
    struct signalfd_siginfo information;
    const ssize_t got = read(children, &information, sizeof information);
    (void)got;
    int status;
    pid_t pid;
    bool ended = false;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == keeper->command) {
            keeper->status = status;
            ended = true;
        } else if (pid == keeper->daemon.pid) {
            keeper->has_lost = true;
            keeper->lost_status = status;
        }
    }
    return ended;
}

/* False if the supervisor is gone. */
static bool pass_signal(const struct keeper *keeper)
{
    struct message message;
    if (!message_receive(keeper->job->channel, &message)) {
        return false;
    }
    if (message.kind == MESSAGE_SIGNAL) {
        kill(keeper->command, (int)message.number);
    }
    return true;
}

/* False if the supervisor is gone, or nothing more can be heard of it. */
static bool keep(struct keeper *keeper, int children)
{
    struct pollfd watched[] = {
        {.fd = children, .events = POLLIN},
        {.fd = keeper->job->channel, .events = POLLIN},
        {.fd = keeper->job->sniffer, .events = POLLIN},
    };
    for (;;) {
        if (poll(watched, 3, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        if (watched[2].revents != 0) {
            sniff(keeper->job, &keeper->strays);
        }
        if (watched[0].revents != 0 && reap(keeper, children)) {
            return true;
        }
        if (watched[1].revents != 0 && !pass_signal(keeper)) {
            return false;
        }
    }
}

static void tell_end(const struct keeper *keeper)
{
    const struct keeper_job *job = keeper->job;
    struct message message = {.kind = MESSAGE_LOST};
    tell_strays(job, &keeper->strays);
    if (keeper->has_lost) {
        daemon_blame(job->daemon, &keeper->daemon, keeper->lost_status, &message.trouble);
        message_send(job->channel, &message);
    }
    message.kind = MESSAGE_ENDED;
    message.number = (uint64_t)keeper->status;
    message_send(job->channel, &message);
}

/* The daemon, if there is one, must answer before the command may ask. */
static bool start_all(struct keeper *keeper)
{
    const struct keeper_job *job = keeper->job;
    struct message message = {.kind = MESSAGE_TROUBLE};
    if (job->daemon != NULL && !daemon_start(job->daemon, &job->mask, &job->file_limit,
                                             &keeper->daemon, &message.trouble)) {
        message_send(job->channel, &message);
        return false;
    }
    if (!message_send(job->channel, &(struct message){.kind = MESSAGE_STARTED})) {
        return false; /* the supervisor is gone: nobody wants the command any more */
    }
    keeper->command = start_command(job);
    if (keeper->command < 0) {
        message.kind = MESSAGE_NO_EXEC;
        message.number = (uint64_t)errno;
        message_send(job->channel, &message);
    }
    return keeper->command >= 0;
}

void keeper_run(const struct keeper_job *job)
{
    struct keeper keeper = {.job = job};
    sigset_t children;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    const int descriptor = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    mounts_fresh_proc();
    if (start_all(&keeper) && keep(&keeper, descriptor)) {
        sniff(job, &keeper.strays);
        tell_end(&keeper);
    }
    _exit(0);
}
