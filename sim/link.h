/* Links: what lies between two addresses, one for each direction. A link exists once a packet
 * travels on it and is forgotten when the run ends. */
#ifndef FAULTZONE_SIM_LINK_H
#define FAULTZONE_SIM_LINK_H

#include "base/arena.h"
#include "base/endpoint.h"
#include "base/instant.h"

#define LINKS_MAX          4096
#define LINK_LATENCIES_MAX 256
#define LINK_BUCKETS       512

struct link {
    struct address from, to;
    duration_ns latency;
    uint64_t key;  /* depends on the two addresses only */
    uint64_t sent; /* packets, since the run began: the place in the link's stream of dice */
    struct link *next_in_bucket;
    struct link *next; /* of all in use, or of all free */
    uint32_t bucket;
};

/* A latency of a pair's own, both directions. */
struct link_latency {
    struct address a, b;
    duration_ns latency;
};

struct links {
    struct arena *arena;
    duration_ns latency; /* of every link without its own */
    struct link *buckets[LINK_BUCKETS];
    struct link *used, *free;
    size_t count;
    struct link_latency latencies[LINK_LATENCIES_MAX];
    size_t latency_count;
};

/* Prepares `links`; they live in `arena`. */
void links_init(struct links *links, struct arena *arena, duration_ns latency);

/* Sets the latency between `a` and `b`, both directions, from now on; false if there are too many
 * pairs. */
bool links_set_latency(struct links *links, const struct address *a, const struct address *b,
                       duration_ns latency);

/* The link from `from` to `to`, until the next call; NULL if memory ran out. Where there are
 * LINKS_MAX others, all are forgotten first: a world that is served sees any number of clients. */
struct link *links_get(struct links *links, const struct address *from, const struct address *to);

/* Forgets all links; latencies of pairs stay. */
void links_reset(struct links *links);

#endif
