#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#define ARENA_CHUNK_FIRST ((size_t)16 * 1024)
#define ARENA_CHUNK_MAX   ((size_t)1024 * 1024)
#define ARENA_ALIGNMENT   _Alignof(max_align_t)

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* octets behind this header */
    size_t used;
    size_t touched; /* octets that may hold something other than zero */
    _Alignas(max_align_t) unsigned char octets[];
};

void arena_init(struct arena *arena, size_t ceiling)
{
    *arena = (struct arena){.chunk_size = ARENA_CHUNK_FIRST, .ceiling = ceiling};
}

bool arena_carve(struct arena *parent, size_t size, struct arena *ret)
{
    struct arena_chunk *chunk = arena_alloc(parent, sizeof *chunk + size);
    if (chunk == NULL) {
        return false;
    }
    chunk->size = size;
    *ret = (struct arena){.newest = chunk, .ceiling = size};
    return true;
}

bool arena_could_take(size_t size)
{
    void *trial = calloc(1, size);
    free(trial);
    return trial != NULL;
}

static bool add_chunk(struct arena *arena, size_t size)
{
    size_t room = arena->chunk_size;
    if (arena->chunk_size < ARENA_CHUNK_MAX) {
        arena->chunk_size *= 2;
    }
    if (room < size) {
        room = size;
    }
    struct arena_chunk *chunk = calloc(1, sizeof *chunk + room);
    if (chunk == NULL) {
        return false;
    }
    chunk->older = arena->newest;
    chunk->size = room;
    arena->newest = chunk;
    return true;
}

static void *refuse(struct arena *arena)
{
    arena->exhausted = true;
    return NULL;
}

/* Takes `size` octets that hold whatever they held; `*ret_stale` is how many of them, from the
 * first on, may not be zero. */
static unsigned char *take(struct arena *arena, size_t size, size_t *ret_stale)
{
    if (size > arena->ceiling || arena->ceiling - size < arena->used + ARENA_ALIGNMENT) {
        return refuse(arena);
    }
    const size_t rounded = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    struct arena_chunk *chunk = arena->newest;
    if (chunk == NULL || chunk->size - chunk->used < rounded) {
        if (!add_chunk(arena, rounded)) {
            return refuse(arena);
        }
        chunk = arena->newest;
    }
    unsigned char *start = chunk->octets + chunk->used;
    const size_t stale = chunk->touched > chunk->used ? chunk->touched - chunk->used : 0;
    *ret_stale = stale < rounded ? stale : rounded;
    chunk->used += rounded;
    if (chunk->touched < chunk->used) {
        chunk->touched = chunk->used;
    }
    arena->used += rounded;
    return start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t stale;
    unsigned char *start = take(arena, size, &stale);
    return start != NULL ? memset(start, 0, stale) : NULL;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return refuse(arena);
    }
    return arena_alloc(arena, count * size);
}

struct bytes arena_copy(struct arena *arena, struct bytes view)
{
    size_t stale;
    uint8_t *copy = view.size < SIZE_MAX ? take(arena, view.size + 1, &stale) : refuse(arena);
    if (copy == NULL) {
        return bytes_of(NULL, 0);
    }
    if (view.size > 0) {
        memcpy(copy, view.data, view.size);
    }
    copy[view.size] = '\0';
    return bytes_of(copy, view.size);
}

char *arena_copy_string(struct arena *arena, const char *string)
{
    return (char *)(uintptr_t)arena_copy(arena, bytes_of_string(string)).data;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){
        .chunk = arena->newest,
        .chunk_used = arena->newest != NULL ? arena->newest->used : 0,
        .used = arena->used,
    };
}

static void drop_newest(struct arena *arena)
{
    struct arena_chunk *chunk = arena->newest;
    arena->newest = chunk->older;
    free(chunk);
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->newest != mark.chunk) {
        assert(arena->newest != NULL);
        drop_newest(arena);
    }
    if (arena->newest != NULL) {
        assert(mark.chunk_used <= arena->newest->used);
        arena->newest->used = mark.chunk_used;
    }
    arena->used = mark.used;
    arena->exhausted = false;
}

void arena_reset(struct arena *arena)
{
    struct arena_chunk *keep = NULL;
    while (arena->newest != NULL) {
        struct arena_chunk *chunk = arena->newest;
        arena->newest = chunk->older;
        if (keep == NULL || chunk->size > keep->size) {
            free(keep);
            keep = chunk;
        } else {
            free(chunk);
        }
    }
    if (keep != NULL) {
        keep->older = NULL;
        keep->used = 0;
    }
    arena->newest = keep;
    arena->used = 0;
    arena->exhausted = false;
}

void arena_free(struct arena *arena)
{
    while (arena->newest != NULL) {
        drop_newest(arena);
    }
    arena_init(arena, arena->ceiling);
}
