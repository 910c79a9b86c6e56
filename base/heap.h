/* A min-heap of things that are due, ordered by (instant, sequence): what was filed first among
 * equals comes out first. The storage is the caller's. */
#ifndef FAULTZONE_BASE_HEAP_H
#define FAULTZONE_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/instant.h"

struct heap_item {
    instant_ns due;
    uint64_t sequence; /* given by heap_push */
    void *thing;       /* borrowed */
};

struct heap {
    struct heap_item *items;
    size_t count;
    size_t capacity;
    uint64_t next_sequence;
};

/* Uses `capacity` items at `items`, which must outlive the heap. */
void heap_init(struct heap *heap, struct heap_item *items, size_t capacity);

/* Files `thing` under `due`; false, and nothing filed, if the heap is full. */
bool heap_push(struct heap *heap, instant_ns due, void *thing);

/* When the earliest is due, NEVER if the heap is empty. */
instant_ns heap_due(const struct heap *heap);

/* Takes the earliest thing out, NULL if the heap is empty. */
void *heap_pop(struct heap *heap);

#endif
