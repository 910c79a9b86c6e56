/* Where a served world is controlled, and how `ctl` finds it: a Unix socket of its own for every
 * process, in the user's runtime directory. */
#ifndef FAULTZONE_CLI_CONTROL_PATH_H
#define FAULTZONE_CLI_CONTROL_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define CONTROL_PATH_ROOM 256

/* This process's path; false if it would be too long. */
bool control_path_own(char ret[CONTROL_PATH_ROOM]);

/* The only socket of this user's: FAULTZONE_CONTROL in the environment, else the one in the
 * directory. False after telling on stderr that there is none, or which there are. */
bool control_path_find(char ret[CONTROL_PATH_ROOM]);

#endif
