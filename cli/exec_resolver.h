/* Who answers inside `exec` in the place of the scenario's resolver. */
#ifndef FAULTZONE_CLI_EXEC_RESOLVER_H
#define FAULTZONE_CLI_EXEC_RESOLVER_H

#include "base/arena.h"
#include "harness/foreign.h"
#include "live/daemon.h"

/* How `foreign` is started for `scenario`; all of it lives in `arena`. False, told on stderr, if
 * the program is not installed or memory runs out. */
bool exec_resolver_plan(const struct foreign *foreign, const struct scenario *scenario,
                        struct arena *arena, struct daemon_plan *ret);

#endif
