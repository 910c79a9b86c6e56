/* Which scenario files a command line means, and the ids they go by. */
#ifndef FAULTZONE_CLI_FILES_H
#define FAULTZONE_CLI_FILES_H

#include "base/arena.h"
#include "cli/options.h"
#include "harness/batch.h"

#define FILES_MAX       100000 /* scenarios of one command line */
#define FILES_DEPTH_MAX 32     /* directories inside directories */

struct files {
    struct arena arena;
    struct batch_item *items; /* sorted by path within each argument; strings in the arena */
    size_t count;
};

/* Gathers the scenarios that the command's arguments mean (./scenarios if there are none) and
 * --filter leaves, with their ids (ids.h). A file that is named twice is one of them once. A file
 * that does not exist is one of them: loading it will tell. False after telling on stderr why there
 * are none. */
bool files_gather(const struct cli *cli, struct files *ret);

/* The single scenario that the command wants as its argument: a file. */
bool files_single(const struct cli *cli, struct files *ret);

void files_free(struct files *files);

#endif
