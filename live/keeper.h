/* The first process of a sealed PID namespace: starts the command, passes signals on, reaps, sees
 * what strays, and tells the supervisor outside how it ended. When it ends, every process inside
 * does. */
#ifndef FAULTZONE_LIVE_KEEPER_H
#define FAULTZONE_LIVE_KEEPER_H

#include <signal.h>
#include <sys/resource.h>

#include "base/diag.h"
#include "live/daemon.h"
#include "live/strays.h"

enum message_kind {
    MESSAGE_MAP_ME,  /* up: the user namespace is there, its ids are not */
    MESSAGE_MAPPED,  /* down: now they are */
    MESSAGE_TROUBLE, /* up: `trouble` */
    MESSAGE_STARTED, /* up: signals may be sent */
    MESSAGE_SIGNAL,  /* down: `number` for the command */
    MESSAGE_NO_EXEC, /* up: the command could not be executed; `number` is the errno */
    MESSAGE_STRAY,   /* up */
    MESSAGE_MORE,    /* up: `number` further packets that strayed */
    MESSAGE_LOST,    /* up: the daemon ended before the command; `trouble` */
    MESSAGE_ENDED,   /* up: `number` as waitpid gives it; the last */
};

/* One datagram of the socket between supervisor and namespace. */
struct message {
    enum message_kind kind;
    uint64_t number;
    struct stray stray;
    struct diag trouble;
};

bool message_send(int channel, const struct message *message);
bool message_receive(int channel, struct message *ret); /* false at the end */

struct keeper_job {
    char *const *argv;                /* ended by NULL */
    const struct daemon_plan *daemon; /* runs before and beside the command; NULL: none */
    int channel;
    int sniffer; /* a packet socket on lo; -1 for none */
    const struct address *known;
    size_t known_count;
    sigset_t mask;            /* the command's */
    struct rlimit file_limit; /* the command's */
};

_Noreturn void keeper_run(const struct keeper_job *job);

#endif
