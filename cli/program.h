/* Where other programs are. */
#ifndef FAULTZONE_CLI_PROGRAM_H
#define FAULTZONE_CLI_PROGRAM_H

#include <stdbool.h>

#define PROGRAM_PATH_MAX 4096

/* The path of the program called `name`, sought in PATH and where daemons live. False if it is not
 * there. */
bool program_find(const char *name, char ret[PROGRAM_PATH_MAX]);

#endif
