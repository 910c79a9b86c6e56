/* A command run inside the simulated internet: in user, network, mount and PID namespaces of its
 * own, where the world's addresses are the only ones there are.
 *
 * Three processes. The supervisor is the caller: it passes signals on and waits. The server is its
 * child, inside the network namespace, and runs the world. The keeper is the server's child, the
 * first process of the PID namespace, and the command's parent. Whoever dies takes those after him
 * along, and the namespaces go with the last of them.
 *
 * The network: every seat's addresses are on `lo`, and its servers at port 53 there. All other
 * addresses are delivered to `lo` too, where nobody listens: so who asks them is refused at once,
 * and seen. What the command sends comes from the client's addresses. */
#ifndef FAULTZONE_LIVE_NAMESPACE_H
#define FAULTZONE_LIVE_NAMESPACE_H

#include "base/diag.h"
#include "live/daemon.h"
#include "live/strays.h"
#include "sim/world.h"

struct namespace_options {
    char *const *argv;         /* the command; ended by NULL */
    struct world *world;       /* reset; its trace is lost with the server's memory */
    const char *resolver_seat; /* answers at 127.0.0.1 too; NULL: it is absent, and the command
                                  brings its own */
    struct address nameserver; /* for resolv.conf */
    const char *const *absent; /* seats without sockets, ended by NULL */
    struct address sources[2]; /* where the command's packets come from; a family each */
    const struct daemon_plan *daemon; /* answers before the command starts; NULL: none */
    uint64_t limit_s;                 /* for the command, by the system's clock; 0: none */
};

enum namespace_end {
    NAMESPACE_ENDED,     /* the command ran; `status` as waitpid gives it */
    NAMESPACE_TIMED_OUT, /* it took longer than it may, and was killed */
    NAMESPACE_NO_EXEC,   /* it could not be executed; `error` is the errno */
    NAMESPACE_TROUBLE,   /* it was not started, or the servers died; `trouble` says why */
};

struct namespace_result {
    enum namespace_end end;
    int status;
    int error;
    bool interrupted; /* a signal to end came, from the terminal or otherwise */
    struct diag trouble;
    struct strays strays;
    bool has_lost; /* the daemon ended before the command; `lost` says how */
    struct diag lost;
};

/* Runs the command to its end. The terminal, standard streams and all else that a process inherits
 * are the caller's. */
void namespace_run(const struct namespace_options *options, struct namespace_result *ret);

/* What a sealed network needs, each tried on its own. */
enum namespace_need {
    NEED_USER,    /* user namespaces */
    NEED_NETWORK, /* network namespaces, with addresses on lo */
    NEED_MOUNT,   /* mount namespaces, with files bound over others */
    NEED_PID,     /* PID namespaces */
    NEEDS,
};

/* Tries in a process of its own; false and a diag without a place, its hint naming the fix. */
bool namespace_try(enum namespace_need need, struct diag *reterr);

#endif
