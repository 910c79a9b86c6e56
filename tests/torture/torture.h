/* Makes the n-th allocation, or the n-th call of the system, of a process fail: linked into a
 * program, it stands before the C library for all of its parts, libyaml, ldns, Jansson, OpenSSL and
 * libuv among them.
 *
 * A test arms and disarms it; a whole program takes its orders from the environment, and tells what
 * it did in the file that TORTURE_REPORT names: a line for what failed first, and one at its end,
 * each with its PID and how many blocks of memory it had then.
 *
 *     TORTURE=memory:17  the 17th allocation fails
 *     TORTURE=memory:17+ and every one behind it
 *     TORTURE=calls:3    the third call fails, with an error that its manual page lists
 *
 * Calls that cannot fail in a way of their own are left alone, as are those whose failure makes
 * libuv itself abort (epoll_ctl, epoll_pwait, its own pipes, reading and writing them): nobody
 * above it can do anything about them. Children of the process have a count of their own. */
#ifndef FAULTZONE_TESTS_TORTURE_H
#define FAULTZONE_TESTS_TORTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum torture_kind { TORTURE_NOTHING, TORTURE_MEMORY, TORTURE_CALLS };

/* From now on the `nth` (from 1) of its kind fails, and with `for_good` all behind it. */
void torture_arm(enum torture_kind kind, uint64_t nth, bool for_good);

/* Nothing fails any more. True if something did. */
bool torture_disarm(void);

/* Has something failed since it was armed? */
bool torture_has_failed(void);

/* Blocks allocated and not freed. */
int64_t torture_blocks(void);

#endif
