/* Where libuv's own memory comes from. It aborts where its table of watchers cannot grow; with this
 * the process says why, and ends with the status of an environment that cannot run it. */
#ifndef FAULTZONE_LIVE_LOOP_MEMORY_H
#define FAULTZONE_LIVE_LOOP_MEMORY_H

/* For all loops of the process; before the first. */
void loop_memory_use(void);

/* The socket in the file system that is removed where the process ends like that; NULL: none.
 * Borrowed. */
void loop_memory_removes(const char *path);

#endif
