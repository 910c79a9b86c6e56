/* Which simulated endpoint stands where on the real machine, and back. Entries are embedded in
 * what they stand for and live as long as that. */
#ifndef FAULTZONE_LIVE_ATLAS_H
#define FAULTZONE_LIVE_ATLAS_H

#include <stdbool.h>

#include "base/endpoint.h"

#define ATLAS_BUCKETS 1024

struct atlas_entry {
    struct endpoint simulated;
    struct endpoint real;
    struct atlas_entry *next_simulated, *next_real; /* in the buckets */
};

struct atlas {
    struct atlas_entry *simulated[ATLAS_BUCKETS];
    struct atlas_entry *real[ATLAS_BUCKETS];
};

/* Adds `entry` (borrowed until atlas_remove); neither of its endpoints may be there already. */
void atlas_add(struct atlas *atlas, struct atlas_entry *entry);

void atlas_remove(struct atlas *atlas, struct atlas_entry *entry);

/* NULL if there is none. */
struct atlas_entry *atlas_find_simulated(const struct atlas *atlas,
                                         const struct endpoint *simulated);
struct atlas_entry *atlas_find_real(const struct atlas *atlas, const struct endpoint *real);

#endif
