#include "tests/support/guard.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define ROOM  65536U /* octets that can be read, a multiple of every page size there is */
#define SLOTS 8U

/* Readable memory that ends where memory that cannot be touched begins. */
static uint8_t *new_slot(void)
{
    uint8_t *slot =
        mmap(NULL, (size_t)2 * ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(slot != MAP_FAILED);
    const int refused = mprotect(slot + ROOM, ROOM, PROT_NONE);
    assert(refused == 0);
    return slot;
}

struct bytes guarded(struct bytes octets)
{
    static uint8_t *slots[SLOTS];
    static size_t next;
    uint8_t **slot = &slots[next++ % SLOTS];
    assert(octets.size <= ROOM);
    if (*slot == NULL) {
        *slot = new_slot();
    }
    uint8_t *copy = *slot + ROOM - octets.size;
    if (octets.size > 0) {
        memcpy(copy, octets.data, octets.size);
    }
    return bytes_of(copy, octets.size);
}

struct bytes guarded_text(const char *text)
{
    return guarded(bytes_of_string(text));
}
