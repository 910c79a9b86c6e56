/* What a process can do no more once its sockets are open, whatever a message makes it do: open
 * files, run programs, start or look into processes, and reach the rarer doors of the kernel. For
 * good, and for all that it might still start. Two parts of Linux do it, each as far as it is
 * there; what is not there is told, and the process goes on without it. */
#ifndef FAULTZONE_LIVE_SANDBOX_H
#define FAULTZONE_LIVE_SANDBOX_H

#include <stdbool.h>

#include "base/diag.h"

enum sandbox_part {
    SANDBOX_LANDLOCK, /* no file, and nothing in a directory (since Linux 5.13) */
    SANDBOX_SECCOMP,  /* system calls that a server has no use for fail with EPERM */
    SANDBOX_PARTS,
};

/* How the part is named to people and programs: "landlock", "seccomp". */
const char *sandbox_part_name(enum sandbox_part part);

/* Is the part there? False and a sentence if not. Changes nothing. */
bool sandbox_try(enum sandbox_part part, struct diag *reterr);

struct sandbox {
    bool has[SANDBOX_PARTS];
    struct diag why[SANDBOX_PARTS]; /* not; a sentence */
};

/* Shuts the process in, as far as it can be. It must have set no-new-privs (privileges.h) and have
 * one thread. It may still remove files from the directory of `removable` (a path; NULL: from
 * none), have what is open already, and talk over IPv4 and IPv6. Sanitizers need to see the process
 * from outside at its end: what they instrument cannot be shut in. */
void sandbox_enter(const char *removable, struct sandbox *ret);

#endif
