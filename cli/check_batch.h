/* `check --batch`: many domains, one line of JSON each. */
#ifndef FAULTZONE_CLI_CHECK_BATCH_H
#define FAULTZONE_CLI_CHECK_BATCH_H

#include "cli/options.h"
#include "inspect/inspector.h"

/* Checks every domain that a line of the file at `path` names (`-`: standard input) against the
 * plan at `plan_path`, asking as `options` says. Lines come out in the order in which checks end; a
 * summary goes to standard error. 0 if all are verified, else 1 if any is declined, else 4; 2 if a
 * line is no domain name, 3 if the system does not allow it. */
enum cli_exit check_batch(const char *path, const char *plan_path,
                          const struct inspector_options *options, unsigned rate_per_s);

#endif
