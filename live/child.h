/* A command run to its end, with what it says kept. */
#ifndef FAULTZONE_LIVE_CHILD_H
#define FAULTZONE_LIVE_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#define CHILD_SAID_MAX 65536 /* octets kept of each stream */

struct child_options {
    char *const *argv;     /* ended by NULL; sought in PATH */
    const char *directory; /* where it works; NULL: where we do */
    unsigned time_limit_s;
};

struct child_result {
    bool has_run;                  /* it was started, and ended by itself within its time */
    bool was_slow;                 /* it was killed */
    int status;                    /* as a shell would say it: 128 and more for signals */
    char said[CHILD_SAID_MAX + 1]; /* on standard output; ended by NUL */
    char complained[1024];         /* on standard error */
};

/* Runs the command with no standard input. */
void child_run(const struct child_options *options, struct child_result *ret);

#endif
