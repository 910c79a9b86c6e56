/* Datagrams between two sockets of ours: which flight a received one belongs to. */
#ifndef FAULTZONE_LIVE_AFLOAT_H
#define FAULTZONE_LIVE_AFLOAT_H

#include "base/arena.h"
#include "base/machine.h"

#define AFLOAT_MAX     1024
#define AFLOAT_BUCKETS 256

struct afloat_entry {
    struct endpoint from, to; /* simulated */
    uint64_t key;             /* hash of both and the payload */
    uint64_t flight;
    uint64_t since;   /* of the monotonic clock, in nanoseconds */
    void *holders[2]; /* the caller's */
    struct afloat_entry *next_in_bucket;
    struct afloat_entry *older, *newer;
};

struct afloat {
    struct afloat_entry *buckets[AFLOAT_BUCKETS];
    struct afloat_entry *oldest, *newest;
    struct afloat_entry *free; /* chained by `newer` */
    size_t count;
};

/* Prepares a zeroed `afloat` with memory of `arena`; false if exhausted. */
bool afloat_init(struct afloat *afloat, struct arena *arena);

/* Remembers that `packet` was put on the wire; NULL if too many are there. */
struct afloat_entry *afloat_add(struct afloat *afloat, const struct packet *packet, uint64_t flight,
                                uint64_t since);

/* The oldest entry with the same ends and payload, NULL if there is none. */
struct afloat_entry *afloat_find(const struct afloat *afloat, const struct packet *packet);

void afloat_remove(struct afloat *afloat, struct afloat_entry *entry);

#endif
