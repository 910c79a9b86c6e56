/* Memory that is freed all at once and has a ceiling. This room holds the project's only malloc.
 *
 * Memory comes zeroed. A request beyond the ceiling, or refused by the system, returns NULL and
 * sets `exhausted`: a named outcome the caller must handle, never a crash. */
#ifndef FAULTZONE_BASE_ARENA_H
#define FAULTZONE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *newest;
    size_t chunk_size;
    size_t used;    /* octets handed out and reserved, all chunks */
    size_t ceiling; /* octets `used` may never exceed */
    bool exhausted; /* a request was refused since the last reset */
};

/* A place in an arena to return to. */
struct arena_mark {
    struct arena_chunk *chunk;
    size_t chunk_used;
    size_t used;
};

/* Prepares `arena`; takes no memory yet. `ceiling` in octets. */
void arena_init(struct arena *arena, size_t ceiling);

/* Cuts `size` octets out of `parent` and makes `ret` an arena over them: it never grows, is never
 * passed to arena_free, and ends with its parent. False if the parent is exhausted. */
bool arena_carve(struct arena *parent, size_t size, struct arena *ret);

/* Could the system give `size` octets now? For libraries that cannot bear to be told that it does
 * not, in a process of one thread. */
bool arena_could_take(size_t size);

/* `size` zeroed octets aligned for any object, or NULL if the ceiling forbids it. `size` 0 gives a
 * valid pointer to nothing. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count` zeroed objects of `size` octets each; NULL also when the product does not fit. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* A copy of `view` (followed by a NUL octet, not counted); `.data` is NULL if refused. */
struct bytes arena_copy(struct arena *arena, struct bytes view);

/* A copy of a C string, NULL if refused. */
char *arena_copy_string(struct arena *arena, const char *string);

struct arena_mark arena_mark(const struct arena *arena);

/* Gives back all that was taken since `mark`; what was taken before it stays valid. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* Gives back everything but keeps the largest chunk for reuse: the cheap start of a new run. */
void arena_reset(struct arena *arena);

/* Frees everything; `arena` may be used again as if freshly initialised. */
void arena_free(struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_NEW_ARRAY(arena, type, count)                                                        \
    ((type *)arena_alloc_array((arena), (count), sizeof(type)))

#endif
