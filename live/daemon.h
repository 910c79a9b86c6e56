/* A server of somebody else's that runs beside the command in a sealed network: another resolver in
 * the place of ours. It starts in a directory of its own that nobody else sees and that goes with
 * it; what it says is kept, and told if it does not start. */
#ifndef FAULTZONE_LIVE_DAEMON_H
#define FAULTZONE_LIVE_DAEMON_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/endpoint.h"

#define DAEMON_FILES_MAX   4
#define DAEMON_START_MAX_S 15 /* until it answers; the slowest, kresd, needs a second */

struct daemon_file {
    const char *name; /* in its directory */
    struct bytes text;
};

struct daemon_plan {
    const char *name;  /* for messages */
    char *const *argv; /* ended by NULL; the first a path */
    const struct daemon_file *files;
    size_t file_count;
    struct endpoint answers_at; /* it is ready once it answers DNS queries there */
};

/* Started: its process, and a descriptor with all that it said (owned by the caller). */
struct daemon_process {
    pid_t pid;
    int log;
};

/* Starts `plan`, with `mask` as its signals and `limit` as its number of files, and waits until it
 * answers. Needs the right to mount. False and a diag without a place, the end of what it said
 * among it, if it does not start: then nothing is left of it. */
bool daemon_start(const struct daemon_plan *plan, const sigset_t *mask, const struct rlimit *limit,
                  struct daemon_process *ret, struct diag *reterr);

/* A sentence for a daemon that has ended, with `status` as waitpid gives it. */
void daemon_blame(const struct daemon_plan *plan, const struct daemon_process *process, int status,
                  struct diag *ret);

#endif
