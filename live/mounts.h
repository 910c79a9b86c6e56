/* The files by which programs find their resolver, replaced in a mount namespace of one's own. */
#ifndef FAULTZONE_LIVE_MOUNTS_H
#define FAULTZONE_LIVE_MOUNTS_H

#include "base/diag.h"
#include "base/endpoint.h"

/* Must be called in a new mount namespace; nothing of it is seen outside. Afterwards resolv.conf
 * names `resolver`, nsswitch.conf looks hosts up in files and DNS only, hosts knows nobody but this
 * host, and the sockets of name service daemons are no sockets. Files that do not exist stay so:
 * the C library's defaults are the same. False and a diag without a place if the system refuses. */
bool mounts_replace(const struct address *resolver, struct diag *reterr);

/* A new, empty working directory of at most `megabytes`, seen in this mount namespace alone: it
 * covers another one, /run as a rule. False and a diag without a place if the system refuses. */
bool mounts_own_directory(unsigned megabytes, struct diag *reterr);

/* A /proc that shows the processes of our PID namespace. Where the system refuses, the old one
 * stays. */
void mounts_fresh_proc(void);

#endif
