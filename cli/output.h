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

/* Where results go: a file, or standard output. */
struct output {
    FILE *file;
    const char *path; /* borrowed; NULL: a standard stream, which stays open */
    int error; /* errno of the first write that failed, -1 where it is unknown; 0: none did */
};

/* Opens `path` for writing; NULL and "-" mean standard output. False, told, if that is not
 * possible. */
bool output_open(const char *path, struct output *ret);

/* True, told, if the last of `outputs` goes where another one does: they would write over each
 * other. Devices are spared. */
bool output_collides(const struct output *outputs, size_t count);

/* Closes what was opened and is not to be written after all. */
void output_drop(const struct output *outputs, size_t count);

/* Looks whether a write has failed, the last of them with errno as it is now. False if one did. */
bool output_note(struct output *output);

/* Hands the rest to the system, and closes what is no standard stream. If anything was lost: a
 * reader of standard output that went away is no error of ours and ends quietly, all else is told.
 * Returns `otherwise` or CLI_ENVIRONMENT. */
enum cli_exit output_close(struct output *output, enum cli_exit otherwise);

/* output_close of a standard stream. */
enum cli_exit output_finish(FILE *file, enum cli_exit otherwise);

/* Opens what --log names, to be written line by line; without it `file` is NULL. False, told, if
 * that is not possible. */
bool output_open_log(const struct cli *cli, struct output *ret);

#endif
