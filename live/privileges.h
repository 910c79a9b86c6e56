/* What a server gives up once its sockets are open: root's rights, and the way to new ones. */
#ifndef FAULTZONE_LIVE_PRIVILEGES_H
#define FAULTZONE_LIVE_PRIVILEGES_H

#include <stdbool.h>

#include "base/diag.h"

/* Who removes a file that the process will have no right to remove. */
struct caretaker {
    int lifeline; /* -1: there is none */
    long pid;
};

/* True if the system has a user called `user`. */
bool privileges_know(const char *user);

/* Started as root: becomes `user` for good, with no other group than that user's; NULL: nobody.
 * Whoever starts it: it gains no rights by executing anything, and leaves no core file behind.
 * False and a diag without a place if there is no such user, or the system refuses. A root without
 * the ids of others, as in a container of an ordinary user's, stays as it is unless `user` is said.
 */
bool privileges_drop(const char *user, struct diag *reterr);

/* Started as root: a process that keeps root's rights for one thing, to remove the file at `path`
 * when this process ends, however it ends. NULL, or not root: none. */
struct caretaker caretaker_start(const char *path);

/* Lets the caretaker do its work, and waits for it. */
void caretaker_end(const struct caretaker *caretaker);

#endif
