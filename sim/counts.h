/* What a server has counted of late: the only thing servers remember between two replies. */
#ifndef FAULTZONE_SIM_COUNTS_H
#define FAULTZONE_SIM_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#define COUNTS_ENTRIES_MAX 64

struct counts {
    struct counts_entry {
        uint64_t key;
        uint64_t period;
        uint32_t count; /* 0: free */
    } entries[COUNTS_ENTRIES_MAX];
};

/* Counts one more of `key` in `period`, a number that never falls; returns how many there are now,
 * this one included. Where there are too many keys, that of the longest past period is forgotten.
 */
uint32_t counts_add(struct counts *counts, uint64_t key, uint64_t period);

/* Forgets everything. */
void counts_reset(struct counts *counts);

#endif
