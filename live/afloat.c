/* A bucket keeps its entries in the order they came, so that of two equal datagrams the first sent
 * is the first to arrive. */
#include "live/afloat.h"

bool afloat_init(struct afloat *afloat, struct arena *arena)
{
    struct afloat_entry *entries = ARENA_NEW_ARRAY(arena, struct afloat_entry, AFLOAT_MAX);
    for (size_t i = 0; entries != NULL && i < AFLOAT_MAX; i++) {
        entries[i].newer = afloat->free;
        afloat->free = &entries[i];
    }
    return entries != NULL;
}

static uint64_t key_of(const struct packet *packet)
{
    const uint64_t ends = endpoint_hash(&packet->from) * 31 + endpoint_hash(&packet->to);
    return bytes_hash(packet->payload, ends);
}

struct afloat_entry *afloat_add(struct afloat *afloat, const struct packet *packet, uint64_t flight,
                                uint64_t since)
{
    struct afloat_entry *entry = afloat->free;
    if (entry == NULL) {
        return NULL;
    }
    afloat->free = entry->newer;
    *entry = (struct afloat_entry){.from = packet->from,
                                   .to = packet->to,
                                   .key = key_of(packet),
                                   .flight = flight,
                                   .since = since,
                                   .older = afloat->newest};
    struct afloat_entry **link = &afloat->buckets[entry->key % AFLOAT_BUCKETS];
    while (*link != NULL) {
        link = &(*link)->next_in_bucket;
    }
    *link = entry;
    *(afloat->newest != NULL ? &afloat->newest->newer : &afloat->oldest) = entry;
    afloat->newest = entry;
    afloat->count++;
    return entry;
}

struct afloat_entry *afloat_find(const struct afloat *afloat, const struct packet *packet)
{
    const uint64_t key = key_of(packet);
    struct afloat_entry *entry = afloat->buckets[key % AFLOAT_BUCKETS];
    while (entry != NULL && (entry->key != key || !endpoint_equal(&entry->from, &packet->from) ||
                             !endpoint_equal(&entry->to, &packet->to))) {
        entry = entry->next_in_bucket;
    }
    return entry;
}

void afloat_remove(struct afloat *afloat, struct afloat_entry *entry)
{
    struct afloat_entry **link = &afloat->buckets[entry->key % AFLOAT_BUCKETS];
    while (*link != entry) {
        link = &(*link)->next_in_bucket;
    }
    *link = entry->next_in_bucket;
    *(entry->older != NULL ? &entry->older->newer : &afloat->oldest) = entry->newer;
    *(entry->newer != NULL ? &entry->newer->older : &afloat->newest) = entry->older;
    entry->newer = afloat->free;
    afloat->free = entry;
    afloat->count--;
}
