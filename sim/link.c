/* A chained hash table over a free list. The reset touches only buckets in use, so that a run of
 * thirty packets pays for thirty. */
#include "sim/link.h"

void links_init(struct links *links, struct arena *arena, duration_ns latency)
{
    links->arena = arena;
    links->latency = latency;
}

static bool joins(const struct link_latency *pair, const struct address *a, const struct address *b)
{
    return (address_equal(&pair->a, a) && address_equal(&pair->b, b)) ||
           (address_equal(&pair->a, b) && address_equal(&pair->b, a));
}

static struct link_latency *find_latency(struct links *links, const struct address *a,
                                         const struct address *b)
{
    for (size_t i = 0; i < links->latency_count; i++) {
        if (joins(&links->latencies[i], a, b)) {
            return &links->latencies[i];
        }
    }
    return NULL;
}

bool links_set_latency(struct links *links, const struct address *a, const struct address *b,
                       duration_ns latency)
{
    struct link_latency *pair = find_latency(links, a, b);
    if (pair == NULL) {
        if (links->latency_count == LINK_LATENCIES_MAX) {
            return false;
        }
        pair = &links->latencies[links->latency_count++];
    }
    *pair = (struct link_latency){.a = *a, .b = *b, .latency = latency};
    for (struct link *link = links->used; link != NULL; link = link->next) {
        if (joins(pair, &link->from, &link->to)) {
            link->latency = latency;
        }
    }
    return true;
}

static struct link *new_link(struct links *links)
{
    struct link *link = links->free;
    if (link != NULL) {
        links->free = link->next;
        return link;
    }
    return ARENA_NEW(links->arena, struct link);
}

static struct link *add(struct links *links, const struct address *from, const struct address *to,
                        uint64_t key)
{
    if (links->count == LINKS_MAX) {
        links_reset(links);
    }
    struct link *link = new_link(links);
    if (link == NULL) {
        return NULL;
    }
    const struct link_latency *pair = find_latency(links, from, to);
    const uint32_t bucket = (uint32_t)(key % LINK_BUCKETS);
    *link = (struct link){.from = *from,
                          .to = *to,
                          .latency = pair != NULL ? pair->latency : links->latency,
                          .key = key,
                          .next_in_bucket = links->buckets[bucket],
                          .next = links->used,
                          .bucket = bucket};
    links->buckets[bucket] = link;
    links->used = link;
    links->count++;
    return link;
}

struct link *links_get(struct links *links, const struct address *from, const struct address *to)
{
    const uint64_t key = address_hash(from) * 31 + address_hash(to);
    struct link *link = links->buckets[key % LINK_BUCKETS];
    for (; link != NULL; link = link->next_in_bucket) {
        if (link->key == key && address_equal(&link->from, from) && address_equal(&link->to, to)) {
            return link;
        }
    }
    return add(links, from, to, key);
}

void links_reset(struct links *links)
{
    while (links->used != NULL) {
        struct link *link = links->used;
        links->used = link->next;
        links->buckets[link->bucket] = NULL;
        link->next = links->free;
        links->free = link;
    }
    links->count = 0;
}
