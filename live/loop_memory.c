#include "live/loop_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#define NO_MEMORY_STATUS 3

static const char *to_remove; /* NULL: nothing */

/* Only the table of watchers is made larger. */
static void *grow_or_end(void *block, size_t size)
{
    void *grown = realloc(block, size);
    if (grown == NULL && size > 0) {
        fputs("faultzone: there is no memory for one socket more\n", stderr);
        if (to_remove != NULL) {
            unlink(to_remove);
        }
        _exit(NO_MEMORY_STATUS);
    }
    return grown;
}

void loop_memory_use(void)
{
    uv_replace_allocator(malloc, grow_or_end, calloc, free);
}

void loop_memory_removes(const char *path)
{
    to_remove = path;
}
