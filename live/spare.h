/* A descriptor in reserve. Where a process has no descriptor left, a connection that waits cannot
 * be accepted, and would be told of again and again: so libuv gives up the one in reserve, accepts
 * and ends the connection, and takes another one, by opening a directory. A sandbox forbids that,
 * and libuv without a reserve never comes back. So we see to it that there always is one. */
#ifndef FAULTZONE_LIVE_SPARE_H
#define FAULTZONE_LIVE_SPARE_H

#include <stdbool.h>
#include <uv.h>

bool spare_is_there(const uv_loop_t *loop);

/* Takes another reserve if there is none; false if there is no descriptor for it: then the one that
 * was accepted last must give way. To be called after every accepted connection. */
bool spare_keep(uv_loop_t *loop);

#endif
