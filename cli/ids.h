/* The ids that scenario files go by. An id is where the file is below the directory that was named,
 * or below the last directory called "scenarios" in its path, without its ending. No two files of a
 * run have the same one, because seeds and reports depend on it: files that would are told apart by
 * their endings, where those differ, else by as many more directories of their paths as it takes.
 */
#ifndef FAULTZONE_CLI_IDS_H
#define FAULTZONE_CLI_IDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define IDS_DEFAULT_FOLDER "scenarios"

struct id_file {
    const char *path; /* in the arena, as all strings */
    const char *base; /* what the id is made of: the path from here on */
    const char *id;
    bool is_repeated; /* the same file was named before: it has no id */
    bool keeps_ending;
    size_t place;                 /* where it was named: the order of all */
    unsigned long long folder[2]; /* what the system knows its directory by; 0: nothing yet */
};

/* True for the name of a scenario file, by its ending. */
bool ids_is_scenario(const char *name);

/* A file that was found below the directory `below`, "" if it was named itself. Borrows `path`. */
struct id_file ids_file(const char *path, const char *below, size_t place);

/* Gives every file its id. False if there is no memory for them. */
bool ids_give(struct id_file *files, size_t count, struct arena *arena);

#endif
