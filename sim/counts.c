#include "sim/counts.h"

#include "base/bytes.h"

void counts_reset(struct counts *counts)
{
    memset(counts, 0, sizeof *counts);
}

/* The entry of `key`, or else the one to use for it. */
static struct counts_entry *entry_for(struct counts *counts, uint64_t key)
{
    struct counts_entry *oldest = &counts->entries[0];
    for (size_t i = 0; i < COUNTS_ENTRIES_MAX; i++) {
        struct counts_entry *entry = &counts->entries[i];
        if (entry->count == 0 || entry->key == key) {
            return entry;
        }
        if (entry->period < oldest->period) {
            oldest = entry;
        }
    }
    return oldest;
}

uint32_t counts_add(struct counts *counts, uint64_t key, uint64_t period)
{
    struct counts_entry *entry = entry_for(counts, key);
    if (entry->count == 0 || entry->key != key || entry->period != period) {
        *entry = (struct counts_entry){.key = key, .period = period};
    }
    if (entry->count < UINT32_MAX) {
        entry->count++;
    }
    return entry->count;
}
