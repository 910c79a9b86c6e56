/* Where results and complaints go. */
#ifndef FAULTZONE_CLI_OUTPUT_H
#define FAULTZONE_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/options.h"
#include "harness/unit.h"

/* One line on stderr: "faultzone: …", with everything unprintable escaped. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* Tells on stderr what is wrong with a file, with its lines. `severity` is "error" or "warning". */
void complain_of_diags(const struct diags *diags, const char *severity);

/* Tells on stderr what is wrong with a unit's file, with the source lines. `severity` is "error" or
 * "warning". */
void complain_of_unit(const struct unit *unit, const char *severity);

/* True if colour is wanted on `file`. */
bool output_has_colour(const struct cli *cli, FILE *file);

/* Opens what --log names, to be written line by line; `*ret` is NULL where it is not given. False,
 * told, if that is not possible. */
bool output_open_log(const struct cli *cli, FILE **ret);

/* Flushes stdout. If that fails: a reader that went away is no error of ours and ends quietly, all
 * else is told. Returns `otherwise` or CLI_ENVIRONMENT. */
enum cli_exit output_finish(FILE *file, enum cli_exit otherwise);

#endif
