/* A scenario that changes while it is served. The file, and the changes made since as JSON, are
 * loaded together into an edition of their own; the stage moves there, and the edition before is
 * given back. So whatever a file may say can be changed, and memory does not grow. */
#ifndef FAULTZONE_HARNESS_EDITIONS_H
#define FAULTZONE_HARNESS_EDITIONS_H

#include <jansson.h>

#include "harness/build.h"

#define EDITIONS_OCTETS_MAX ((size_t)64 * 1024 * 1024) /* of one edition */
#define EDITIONS_EDITS_MAX  ((size_t)1024 * 1024)      /* of all changes together, as JSON */
#define EDITIONS_SPARE      128                        /* zones more that a server may get */
#define EDITIONS_DIAGS_MAX  8

#define EDITIONS_NO_MEMORY_TEXT "there is not enough memory for this"

/* What was changed; where memory ran out, members are NULL. JSON objects, and for faults a list. */
struct edits {
    json_t *zones; /* from a zone's name to its keys, as in a file */
    json_t *mocks; /* from a host's name to what challenge.h sets there */
    json_t *faults;
    bool lifts_faults; /* those of the file */
};

struct editions {
    struct scenario_file file;   /* borrowed */
    struct arena arenas[2];      /* of the file's own edition, and of the present one */
    const struct scenario *base; /* the file's */
    const struct scenario *now;  /* perhaps the same */
    struct edits edits;
    struct stage *stage;    /* set by the owner before the first change */
    struct stage_host host; /* likewise */
    struct diags diags;     /* of the last change that failed */
    struct diag diag_items[EDITIONS_DIAGS_MAX];
};

/* Loads the file's own edition: its zones and faults, without its steps; and all of its keys, so
 * that no file need be read later. False, and `diags`, if it
 * cannot be loaded. `file` is borrowed. editions_free either way. */
bool editions_init(struct editions *editions, const struct scenario_file *file);

/* A copy of the present edits to change; edits_free, or editions_apply. */
struct edits editions_edits(const struct editions *editions);
void edits_free(struct edits *edits);

enum editions_outcome {
    EDITIONS_APPLIED,
    EDITIONS_WRONG,     /* what is wanted is no scenario: `diags` */
    EDITIONS_NO_MEMORY, /* for the edits themselves: `diags` */
    EDITIONS_TOO_FAR,   /* it is, but there is no room for it: `diags` */
};

/* Puts a new object under `key`. NULL, and nothing is changed, if memory runs out. */
json_t *json_member_made(json_t *object, const char *key);

/* Moves the stage to the file with `edits`, which it takes over. Unless APPLIED nothing changes. */
enum editions_outcome editions_apply(struct editions *editions, struct edits *edits,
                                     enum stage_faults faults);

/* Back to the file, under `seed`; the stage begins a new run. */
void editions_reset(struct editions *editions, uint64_t seed);

/* The zone that records for `name` belong to: the most specific one that the file or a change
 * has said; where there is none, the one below its TLD. */
void editions_zone_of(const struct editions *editions, const struct edits *edits,
                      const struct name *name, struct name *ret);

/* A name as the edits' keys have it: lower case, no final dot. */
void editions_key(const struct name *name, char ret[NAME_TEXT_MAX]);

void editions_free(struct editions *editions);

#endif
