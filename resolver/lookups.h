/* Who waits for which lookup: the pool of lookups, the clients behind each, and the lookups that
 * wait for one another. */
#ifndef FAULTZONE_RESOLVER_LOOKUPS_H
#define FAULTZONE_RESOLVER_LOOKUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "resolver/lookup.h"

/* A client that waits for a lookup's end. */
struct waiter {
    struct waiter *next;
    bool gone; /* its connection has ended */
    struct asker asker;
};

/* All lookups, under way and free. */
struct lookups {
    struct lookup *items;
    struct waiter *waiter_items;
    struct lookup *oldest, *newest;
    struct lookup *free; /* used before and given back; those from `fresh` on never were */
    struct waiter *free_waiters;
    uint32_t fresh, fresh_waiters;
    uint32_t max, waiter_max;
    uint32_t last_serial;
};

/* Takes memory for as many lookups as the policy says; false if `arena` is exhausted. */
bool lookups_init(struct lookups *lookups, struct arena *arena, const struct policy *policy);

/* Forgets all that is under way, at once. */
void lookups_reset(struct lookups *lookups);

/* Takes a client's question: joins a lookup of the same question, or starts one. The answer may be
 * sent at once. */
void lookups_ask(struct context *context, const struct asker *asker);

/* Takes a datagram for the open `exchange` of one of the lookups. */
void lookups_receive(struct context *context, struct exchange *exchange,
                     const struct packet *packet);

/* Takes what came on a connection to a server. */
void lookups_read(struct context *context, struct upstream *upstream, const struct packet *packet);

/* One without clients, to be started by the caller; NULL if all are in use. */
struct lookup *lookups_add(struct lookups *lookups);

/* Does what is due. */
void lookups_wake(struct context *context);

/* When the next thing is due. */
instant_ns lookups_deadline(const struct lookups *lookups);

/* The connection of this client has ended: it is not answered. */
void lookups_client_gone(struct lookups *lookups, const struct endpoint *client);

/* The open exchange of another lookup that asks `server` what the top level of `lookup` wants to
 * know; NULL if there is none. */
const struct exchange *lookups_find_twin(const struct lookups *lookups, const struct lookup *lookup,
                                         const struct address *server);

/* Tells `finding` to all clients of a lookup that is over, and frees it. */
void lookups_finish(struct context *context, struct lookup *lookup, const struct finding *finding);

#endif
