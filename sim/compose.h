/* From a query to the draft of its reply: which zone, which links, which behaviours. */
#ifndef FAULTZONE_SIM_COMPOSE_H
#define FAULTZONE_SIM_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/machine.h"
#include "base/rng.h"
#include "base/trace.h"
#include "sim/behaviour.h"
#include "sim/counts.h"
#include "sim/draft.h"
#include "sim/server.h"

#define COMPOSE_LINKS_MAX 16 /* aliases followed in one reply; the asker goes on by itself */

/* The zones a server answers for. */
struct shelf {
    struct served_zone *zones;
    uint16_t *slots; /* index + 1 by hash of the apex; 0 is free */
    size_t slot_count;
    size_t count, capacity;
};

/* An empty shelf for `capacity` zones in `arena`; false if exhausted. */
bool shelf_init(struct shelf *shelf, struct arena *arena, size_t capacity);

/* Puts `served` on the shelf in place of what has its apex; false if the shelf is full. */
bool shelf_put(struct shelf *shelf, const struct served_zone *served);

void shelf_remove(struct shelf *shelf, const struct name *apex);

void shelf_clear(struct shelf *shelf);

/* The zone nearest to the path's name among those whose apex has at most `labels_max` labels; NULL
 * if there is none. */
const struct served_zone *shelf_find(const struct shelf *shelf, const struct zone_path *path,
                                     size_t labels_max);

/* What composing needs of the server; all borrowed. */
struct composer {
    const struct shelf *shelf;
    const char *server; /* the seat's name */
    struct trace *trace;
    const struct zone *const *zones; /* of the scenario */
    size_t zone_count;
    struct arena *scratch; /* the reply's memory */
    struct rng *rng;
    struct counts *counts;
};

/* Who asks, how, when. */
struct asker {
    const struct endpoint *client;
    enum transport transport;
    instant_ns now;
};

/* Composes the reply to a checked query (QR=0), or to one whose octets were no sound message: then
 * `query` has a header and no question, and the reply is NOTIMP or FORMERR. */
void compose(const struct composer *composer, const struct message *query,
             const struct asker *asker, struct draft *ret);

#endif
