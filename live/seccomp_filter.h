/* A filter of system calls: a server that only talks over sockets it has, or makes of their kind,
 * does not need most of what a kernel offers. What is named in the table of seccomp_filter.c fails
 * with EPERM; all else works, so that another C library or libuv does not break it. */
#ifndef FAULTZONE_LIVE_SECCOMP_FILTER_H
#define FAULTZONE_LIVE_SECCOMP_FILTER_H

#include <stdbool.h>

/* Does the kernel take filters, and do we know the machine's system calls? Else false and errno. */
bool seccomp_filter_is_there(void);

/* Puts this thread under the filter, for good, with all that it starts. `opens_files`: opening is
 * left to Landlock; else it fails. Needs no-new-privs. False and errno if the system refuses. */
bool seccomp_filter_install(bool opens_files);

#endif
