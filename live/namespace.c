/* See the header. */
#include "live/namespace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_ether.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live/keeper.h"
#include "live/live.h"
#include "live/mounts.h"
#include "live/netlink.h"

#define MAP_OCTETS_MAX 4096
#define SNIFFER_MEMORY (4 * 1024 * 1024)

/* Signals that end a program, or that it gives a meaning of its own. */
static const int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
#define FORWARDED (sizeof forwarded / sizeof *forwarded)

static bool refused(struct diag *reterr, const char *what, int error)
{
    return diag_set(reterr, (struct place){0}, "%s: %s", what, strerror(error));
}

/* --- what may forbid it --- */

static long read_number(const char *path)
{
    FILE *file = fopen(path, "re");
    long number = -1;
    if (file != NULL) {
        number = fscanf(file, "%ld", &number) == 1 ? number : -1;
        fclose(file);
    }
    return number;
}

/* Why namespaces are refused, as far as the system says. */
static void hint_fix(struct diag *diag, int error)
{
    if (error != EPERM && error != EACCES && error != ENOSPC && error != EUSERS &&
        error != ENOSYS && error != EINVAL) {
        return;
    }
    if (read_number("/proc/sys/user/max_user_namespaces") == 0) {
        diag_hint(diag, "sysctl -w user.max_user_namespaces=15000");
    } else if (read_number("/proc/sys/kernel/unprivileged_userns_clone") == 0) {
        diag_hint(diag, "sysctl -w kernel.unprivileged_userns_clone=1");
    } else if (read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1) {
        diag_hint(diag, "install the AppArmor profile docs/apparmor/faultzone, or: "
                        "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
    } else {
        diag_hint(diag, "in a container, allow it: docker run --privileged, or "
                        "--security-opt seccomp=unconfined --security-opt apparmor=unconfined");
    }
}

static bool forbidden(struct diag *reterr, const char *what, int error)
{
    refused(reterr, what, error);
    hint_fix(reterr, error);
    return false;
}

/* --- ids --- */

static bool write_proc(pid_t pid, const char *file, const char *string)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, file);
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    const size_t size = strlen(string);
    const bool fine = descriptor >= 0 && write(descriptor, string, size) == (ssize_t)size;
    const int error = errno;
    if (descriptor >= 0) {
        close(descriptor);
    }
    errno = error;
    return fine;
}

/* Every id that there is here, under its own number. */
static void whole_map(const char *own, struct text *ret)
{
    FILE *file = fopen(own, "re");
    unsigned long inside, outside, count;
    while (file != NULL && fscanf(file, "%lu %lu %lu", &inside, &outside, &count) == 3) {
        text_put_format(ret, "%lu %lu %lu\n", inside, inside, count);
    }
    if (file != NULL) {
        fclose(file);
    }
}

/* All ids if we may, so that daemons inside can change theirs; else only our own. */
static bool map_ids(pid_t pid, const char *file, const char *own, unsigned id)
{
    char whole[MAP_OCTETS_MAX], single[64];
    struct text text = text_in(whole, sizeof whole);
    whole_map(own, &text);
    if (geteuid() == 0 && text.size > 0 && write_proc(pid, file, whole)) {
        return true;
    }
    snprintf(single, sizeof single, "%u %u 1\n", id, id);
    write_proc(pid, "setgroups", "deny"); /* without it nobody may map his group */
    return write_proc(pid, file, single);
}

static bool map_process(pid_t pid)
{
    return map_ids(pid, "uid_map", "/proc/self/uid_map", (unsigned)geteuid()) &&
           map_ids(pid, "gid_map", "/proc/self/gid_map", (unsigned)getegid());
}

/* --- the server: setting up --- */

struct server {
    const struct namespace_options *options;
    int channel; /* to the supervisor */
    sigset_t mask;
    struct rlimit file_limit;
    struct address known[WORLD_ADDRESSES_MAX];
    size_t known_count;
};

_Noreturn static void give_up(const struct server *server, const struct diag *trouble)
{
    message_send(server->channel, &(struct message){.kind = MESSAGE_TROUBLE, .trouble = *trouble});
    _exit(0);
}

/* Becomes owner of new namespaces, all but the PID namespace, which begins with the next child. */
static bool enter(int channel, struct diag *reterr)
{
    struct message message = {.kind = MESSAGE_MAP_ME};
    if (unshare(CLONE_NEWUSER) != 0) {
        return forbidden(reterr, "user namespaces are forbidden here", errno);
    }
    if (!message_send(channel, &message) || !message_receive(channel, &message)) {
        return refused(reterr, "the supervisor is gone", EPIPE);
    }
    if (message.kind != MESSAGE_MAPPED) {
        return forbidden(reterr, "user ids cannot be mapped", (int)message.number);
    }
    return unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID) == 0 ||
           forbidden(reterr, "network, mount and PID namespaces are forbidden here", errno);
}

static void set_number(const char *path, const char *number)
{
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        const ssize_t written = write(file, number, strlen(number));
        (void)written; /* a container may forbid it; then these comforts are missing */
        close(file);
    }
}

/* Whoever likes may serve at port 53; and no address but the world's answers anything. */
static void set_habits(void)
{
    set_number("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
    set_number("/proc/sys/net/ipv4/icmp_echo_ignore_all", "1");
    set_number("/proc/sys/net/ipv6/icmp/echo_ignore_all", "1");
}

static bool is_source(const struct server *server, const struct address *address)
{
    const struct address *sources = server->options->sources;
    return address_equal(&sources[0], address) || address_equal(&sources[1], address);
}

/* Where the system has no IPv6, IPv6 addresses are left out. */
static int add_known(struct server *server, int netlink, const struct address *address)
{
    const int error = netlink_add_address(netlink, address);
    if (error == 0 && !is_source(server, address)) {
        netlink_forget_route(netlink, address);
    }
    server->known[server->known_count++] = *address;
    return address->family == ADDRESS_V6 ? 0 : error;
}

static int add_world(struct server *server, int netlink)
{
    const struct world *world = server->options->world;
    int error = 0;
    for (size_t i = 0; i < world->seat_count; i++) {
        for (size_t j = 0; error == 0 && j < world->seats[i].address_count; j++) {
            const struct address *address = &world->seats[i].addresses[j];
            error = address_is_loopback(address) ? 0 : add_known(server, netlink, address);
        }
    }
    return error;
}

static int build_network(struct server *server, int netlink)
{
    int error = netlink_loopback_up(netlink);
    error = error != 0 ? error : add_world(server, netlink);
    for (size_t i = 0; error == 0 && i < 2; i++) {
        const struct address *source = &server->options->sources[i];
        error = netlink_catch_all(netlink, source);
        error = source->family == ADDRESS_V6 ? 0 : error;
    }
    return error;
}

static bool make_network(struct server *server, struct diag *reterr)
{
    const int netlink = netlink_open();
    const int error = netlink < 0 ? errno : build_network(server, netlink);
    if (netlink >= 0) {
        close(netlink);
    }
    set_habits();
    return error == 0 || forbidden(reterr, "the sealed network cannot be set up", error);
}

/* Sees every packet on lo; -1 where the system has no such thing. */
static int open_sniffer(void)
{
    const int descriptor = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
    const int size = SNIFFER_MEMORY;
    if (descriptor >= 0) {
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    }
    return descriptor;
}

/* --- the server: running --- */

/* A pipe that hangs up when the keeper ends: it alone has the writing end. */
static pid_t start_keeper(struct server *server, int *ret_lifeline)
{
    int lifeline[2];
    const int sniffer = open_sniffer();
    if (pipe2(lifeline, O_CLOEXEC) != 0) {
        return -1;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        close(lifeline[0]);
        const struct keeper_job job = {.argv = server->options->argv,
                                       .daemon = server->options->daemon,
                                       .channel = server->channel,
                                       .sniffer = sniffer,
                                       .known = server->known,
                                       .known_count = server->known_count,
                                       .mask = server->mask,
                                       .file_limit = server->file_limit};
        keeper_run(&job);
    }
    close(lifeline[1]);
    close(sniffer);
    *ret_lifeline = lifeline[0];
    return pid;
}

static void serve_until_end(struct server *server)
{
    const struct namespace_options *options = server->options;
    struct live_options live = {
        .published_seat = options->resolver_seat,
        .published_at = {.address = address_v4((const uint8_t[]){127, 0, 0, 1}), .port = 53},
        .is_sealed = true,
        .absent = options->absent,
    };
    struct diag trouble = {0};
    struct live *host = live_open(options->world, &live, &trouble);
    if (host == NULL) {
        give_up(server, &trouble);
    }
    int lifeline = -1;
    const pid_t keeper = start_keeper(server, &lifeline);
    if (keeper < 0) {
        forbidden(&trouble, "no process can be started", errno);
        give_up(server, &trouble);
    }
    close(server->channel); /* from here on the keeper speaks */
    if (live_stop_at(host, lifeline)) {
        live_run(options->world, &(struct run_limits){.until = NEVER});
    }
    waitpid(keeper, NULL, 0);
    _exit(0);
}

_Noreturn static void serve(struct server *server, pid_t supervisor)
{
    struct diag trouble = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) {
        _exit(0); /* it died before we could ask to be told */
    }
    if (!enter(server->channel, &trouble) || !make_network(server, &trouble) ||
        !mounts_replace(&server->options->nameserver, &trouble)) {
        give_up(server, &trouble);
    }
    serve_until_end(server);
    _exit(0);
}

/* --- the supervisor --- */

struct supervisor {
    struct namespace_result *result;
    int channel, signals;
    const sigset_t *mask; /* the caller's */
    pid_t server;
    bool is_started;  /* the command can be sent signals */
    bool is_told;     /* how it ended */
    uint64_t limit_s; /* 0: none */
    uint64_t started; /* milliseconds, by the monotonic clock */
    uint64_t pending; /* bit per signal that came before */
};

static void send_signal(const struct supervisor *supervisor, unsigned number)
{
    message_send(supervisor->channel, &(struct message){.kind = MESSAGE_SIGNAL, .number = number});
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void send_pending(struct supervisor *supervisor)
{
    supervisor->is_started = true;
    supervisor->started = now_ms();
    for (unsigned number = 1; number < 64; number++) {
        if ((supervisor->pending >> number & 1) != 0) {
            send_signal(supervisor, number);
        }
    }
}

static void answer_mapping(const struct supervisor *supervisor)
{
    struct message message = {.kind = MESSAGE_MAPPED};
    if (!map_process(supervisor->server)) {
        message.kind = MESSAGE_TROUBLE;
        message.number = (uint64_t)errno;
    }
    if (!message_send(supervisor->channel, &message)) {
        shutdown(supervisor->channel, SHUT_RDWR); /* or each waits for the other for ever */
    }
}

static void tell(struct supervisor *supervisor, enum namespace_end end)
{
    supervisor->result->end = end;
    supervisor->is_told = true;
}

static void take_message(struct supervisor *supervisor, const struct message *message)
{
    struct namespace_result *result = supervisor->result;
    switch (message->kind) {
    case MESSAGE_MAP_ME: answer_mapping(supervisor); break;
    case MESSAGE_STARTED: send_pending(supervisor); break;
    case MESSAGE_STRAY: strays_note(&result->strays, &message->stray); break;
    case MESSAGE_MORE: result->strays.more += message->number; break;
    case MESSAGE_LOST:
        result->has_lost = true;
        result->lost = message->trouble;
        break;
    case MESSAGE_TROUBLE:
        result->trouble = message->trouble;
        tell(supervisor, NAMESPACE_TROUBLE);
        break;
    case MESSAGE_NO_EXEC:
        result->error = (int)message->number;
        tell(supervisor, NAMESPACE_NO_EXEC);
        break;
    case MESSAGE_ENDED:
        result->status = (int)message->number;
        tell(supervisor, NAMESPACE_ENDED);
        break;
    default: break;
    }
}

/* Would it have ended the command, had that begun? By its default, and not if the caller ignores or
 * blocks it. */
static bool is_deadly(const struct supervisor *supervisor, unsigned number)
{
    struct sigaction action;
    return number != SIGUSR1 && number != SIGUSR2 &&
           sigismember(supervisor->mask, (int)number) == 0 &&
           sigaction((int)number, NULL, &action) == 0 && action.sa_handler != SIG_IGN;
}

/* Before the command begins, nobody inside hears a signal, and a resolver may take long to start:
 * the run ends as if the command had died of it. What is inside dies with the server. */
static void end_early(struct supervisor *supervisor, unsigned number)
{
    supervisor->result->status = (int)number; /* as waitpid tells a death by a signal */
    tell(supervisor, NAMESPACE_ENDED);
    kill(supervisor->server, SIGKILL);
}

/* What the terminal sends reaches the command by itself; what is sent to us alone is passed on. */
static void take_signal(struct supervisor *supervisor)
{
    struct signalfd_siginfo information;
    if (read(supervisor->signals, &information, sizeof information) != sizeof information ||
        information.ssi_signo == SIGCHLD) {
        return;
    }
    supervisor->result->interrupted =
        supervisor->result->interrupted ||
        (information.ssi_signo != SIGUSR1 && information.ssi_signo != SIGUSR2);
    if (!supervisor->is_started && !supervisor->is_told &&
        is_deadly(supervisor, information.ssi_signo)) {
        end_early(supervisor, information.ssi_signo);
        return;
    }
    if (information.ssi_code > 0) {
        return;
    }
    if (supervisor->is_started) {
        send_signal(supervisor, information.ssi_signo);
    } else {
        supervisor->pending |= (uint64_t)1 << information.ssi_signo;
    }
}

/* True if the server has ended: then nobody answers the command any more. */
static bool has_ended(const struct supervisor *supervisor)
{
    siginfo_t information = {0};
    return waitid(P_PID, (id_t)supervisor->server, &information, WEXITED | WNOHANG | WNOWAIT) ==
               0 &&
           information.si_pid != 0;
}

/* Milliseconds to wait for what happens inside, as poll takes them: -1 without a limit. */
static int patience(const struct supervisor *supervisor)
{
    if (!supervisor->is_started || supervisor->limit_s == 0 || supervisor->is_told) {
        return -1;
    }
    const uint64_t limit = supervisor->limit_s * 1000;
    const uint64_t passed = now_ms() - supervisor->started;
    const uint64_t left = passed < limit ? limit - passed : 0;
    return left < INT_MAX ? (int)left : INT_MAX;
}

static void end_late(struct supervisor *supervisor)
{
    tell(supervisor, NAMESPACE_TIMED_OUT);
    kill(supervisor->server, SIGKILL);
}

static void supervise(struct supervisor *supervisor)
{
    struct pollfd watched[] = {
        {.fd = supervisor->channel, .events = POLLIN},
        {.fd = supervisor->signals, .events = POLLIN},
    };
    for (;;) {
        struct message message;
        const bool ended = has_ended(supervisor); /* what it said before is there by now */
        const int wait = ended ? 0 : patience(supervisor);
        const int ready = poll(watched, 2, wait);
        if (ready < 0) {
            if (errno == EINTR) {
                continue;
            }
            return;
        }
        if (ready == 0 && wait == 0 && !ended) {
            end_late(supervisor);
        }
        if (watched[0].revents != 0) {
            if (!message_receive(supervisor->channel, &message)) {
                return;
            }
            take_message(supervisor, &message);
        } else if (ended) {
            return;
        }
        if (watched[1].revents != 0) {
            take_signal(supervisor);
        }
    }
}

/* An interactive command may have taken the terminal; the shell expects it back with us. */
static void take_terminal_back(int terminal)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    if (terminal >= 0) {
        sigaction(SIGTTOU, &ignore, &before);
        tcsetpgrp(terminal, getpgrp());
        sigaction(SIGTTOU, &before, NULL);
        close(terminal);
    }
}

/* The controlling terminal if we are in its foreground, else -1. */
static int own_terminal(void)
{
    const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal >= 0 && tcgetpgrp(terminal) != getpgrp()) {
        close(terminal);
        return -1;
    }
    return terminal;
}

static sigset_t watched_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (size_t i = 0; i < FORWARDED; i++) {
        sigaddset(&set, forwarded[i]);
    }
    return set;
}

static void start_and_supervise(struct server *server, struct supervisor *supervisor)
{
    int channel[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) != 0) {
        refused(&supervisor->result->trouble, "no socket", errno);
        return;
    }
    const pid_t own = getpid();
    supervisor->channel = channel[0];
    supervisor->server = fork();
    if (supervisor->server == 0) {
        close(channel[0]);
        server->channel = channel[1];
        serve(server, own);
    }
    close(channel[1]);
    if (supervisor->server < 0) {
        refused(&supervisor->result->trouble, "no process can be started", errno);
    } else {
        supervise(supervisor);
    }
    close(channel[0]); /* the keeper ends, if it has not yet */
    if (supervisor->server > 0) {
        waitpid(supervisor->server, NULL, 0);
    }
}

void namespace_run(const struct namespace_options *options, struct namespace_result *ret)
{
    static struct server server; /* large */
    struct supervisor supervisor = {
        .result = ret, .mask = &server.mask, .limit_s = options->limit_s};
    const sigset_t watched = watched_signals();
    const int terminal = own_terminal();
    memset(ret, 0, sizeof *ret);
    ret->end = NAMESPACE_TROUBLE;
    diag_set(&ret->trouble, (struct place){0}, "the simulated internet came to an unexpected end");
    server = (struct server){.options = options};
    if (getrlimit(RLIMIT_NOFILE, &server.file_limit) != 0) {
        server.file_limit = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY}; /* left as it is */
    }
    sigprocmask(SIG_BLOCK, &watched, &server.mask);
    supervisor.signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    start_and_supervise(&server, &supervisor);
    close(supervisor.signals);
    sigprocmask(SIG_SETMASK, &server.mask, NULL);
    take_terminal_back(terminal);
}

/* --- trying --- */

static bool try_network(struct diag *reterr)
{
    const int netlink = netlink_open();
    const struct address address = address_v4((const uint8_t[]){198, 41, 0, 4});
    int error = netlink < 0 ? errno : netlink_loopback_up(netlink);
    error = error != 0 ? error : netlink_add_address(netlink, &address);
    return error == 0 || forbidden(reterr, "addresses cannot be added", error);
}

static bool try_here(enum namespace_need need, struct diag *reterr)
{
    static const int flags[NEEDS] = {
        [NEED_NETWORK] = CLONE_NEWNET, [NEED_MOUNT] = CLONE_NEWNS, [NEED_PID] = CLONE_NEWPID};
    const struct address nowhere = address_v4((const uint8_t[]){127, 0, 0, 1});
    if (need != NEED_USER && unshare(flags[need]) != 0) {
        return forbidden(reterr, "forbidden here", errno);
    }
    switch (need) {
    case NEED_NETWORK: return try_network(reterr);
    case NEED_MOUNT: return mounts_replace(&nowhere, reterr) || (hint_fix(reterr, EPERM), false);
    default: return true;
    }
}

_Noreturn static void try_inside(enum namespace_need need, int channel)
{
    struct message message = {.kind = MESSAGE_MAP_ME};
    if (unshare(CLONE_NEWUSER) != 0) {
        forbidden(&message.trouble, "forbidden here", errno);
        message.kind = MESSAGE_TROUBLE;
    } else if (message_send(channel, &message) && message_receive(channel, &message)) {
        message.kind =
            message.kind == MESSAGE_MAPPED
                ? (try_here(need, &message.trouble) ? MESSAGE_ENDED : MESSAGE_TROUBLE)
                : (forbidden(&message.trouble, "user ids cannot be mapped", (int)message.number),
                   MESSAGE_TROUBLE);
    }
    message_send(channel, &message);
    _exit(0);
}

bool namespace_try(enum namespace_need need, struct diag *reterr)
{
    struct namespace_result result = {.end = NAMESPACE_TROUBLE};
    struct supervisor supervisor = {.result = &result};
    struct message message;
    int channel[2];
    diag_set(&result.trouble, (struct place){0}, "the attempt came to an unexpected end");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) != 0) {
        return refused(reterr, "no socket", errno);
    }
    supervisor.channel = channel[0];
    supervisor.server = fork();
    if (supervisor.server == 0) {
        close(channel[0]);
        try_inside(need, channel[1]);
    }
    close(channel[1]);
    while (!supervisor.is_told && message_receive(channel[0], &message)) {
        take_message(&supervisor, &message);
    }
    close(channel[0]);
    waitpid(supervisor.server, NULL, 0);
    *reterr = result.trouble;
    return result.end == NAMESPACE_ENDED;
}
