/* Two chained hash tables over the same entries. */
#include "live/atlas.h"

#include <assert.h>
#include <stddef.h>

static size_t bucket_of(const struct endpoint *endpoint)
{
    return (size_t)(endpoint_hash(endpoint) % ATLAS_BUCKETS);
}

struct atlas_entry *atlas_find_simulated(const struct atlas *atlas,
                                         const struct endpoint *simulated)
{
    struct atlas_entry *entry = atlas->simulated[bucket_of(simulated)];
    while (entry != NULL && !endpoint_equal(&entry->simulated, simulated)) {
        entry = entry->next_simulated;
    }
    return entry;
}

struct atlas_entry *atlas_find_real(const struct atlas *atlas, const struct endpoint *real)
{
    struct atlas_entry *entry = atlas->real[bucket_of(real)];
    while (entry != NULL && !endpoint_equal(&entry->real, real)) {
        entry = entry->next_real;
    }
    return entry;
}

void atlas_add(struct atlas *atlas, struct atlas_entry *entry)
{
    assert(atlas_find_simulated(atlas, &entry->simulated) == NULL);
    assert(atlas_find_real(atlas, &entry->real) == NULL);
    struct atlas_entry **simulated = &atlas->simulated[bucket_of(&entry->simulated)];
    struct atlas_entry **real = &atlas->real[bucket_of(&entry->real)];
    entry->next_simulated = *simulated;
    entry->next_real = *real;
    *simulated = entry;
    *real = entry;
}

void atlas_remove(struct atlas *atlas, struct atlas_entry *entry)
{
    struct atlas_entry **link = &atlas->simulated[bucket_of(&entry->simulated)];
    while (*link != entry) {
        link = &(*link)->next_simulated;
    }
    *link = entry->next_simulated;
    link = &atlas->real[bucket_of(&entry->real)];
    while (*link != entry) {
        link = &(*link)->next_real;
    }
    *link = entry->next_real;
}
