#include "base/heap.h"

#include <assert.h>

void heap_init(struct heap *heap, struct heap_item *items, size_t capacity)
{
    *heap = (struct heap){.items = items, .capacity = capacity};
}

static bool before(const struct heap_item *a, const struct heap_item *b)
{
    return a->due != b->due ? a->due < b->due : a->sequence < b->sequence;
}

static void sift_up(struct heap *heap, size_t at)
{
    const struct heap_item item = heap->items[at];
    while (at > 0) {
        const size_t parent = (at - 1) / 2;
        if (!before(&item, &heap->items[parent])) {
            break;
        }
        heap->items[at] = heap->items[parent];
        at = parent;
    }
    heap->items[at] = item;
}

static void sift_down(struct heap *heap, size_t at)
{
    const struct heap_item item = heap->items[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= heap->count) {
            break;
        }
        if (child + 1 < heap->count && before(&heap->items[child + 1], &heap->items[child])) {
            child++;
        }
        if (!before(&heap->items[child], &item)) {
            break;
        }
        heap->items[at] = heap->items[child];
        at = child;
    }
    heap->items[at] = item;
}

bool heap_push(struct heap *heap, instant_ns due, void *thing)
{
    assert(thing != NULL);
    if (heap->count == heap->capacity) {
        return false;
    }
    heap->items[heap->count] =
        (struct heap_item){.due = due, .sequence = heap->next_sequence++, .thing = thing};
    sift_up(heap, heap->count++);
    return true;
}

instant_ns heap_due(const struct heap *heap)
{
    return heap->count == 0 ? NEVER : heap->items[0].due;
}

void *heap_pop(struct heap *heap)
{
    if (heap->count == 0) {
        return NULL;
    }
    void *thing = heap->items[0].thing;
    heap->items[0] = heap->items[--heap->count];
    if (heap->count > 0) {
        sift_down(heap, 0);
    }
    return thing;
}
