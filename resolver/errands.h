/* Errands: address look-ups for a lookup's name servers beside the one that it makes itself.
 *
 * A lookup seeks the addresses of its servers one after another: the first that is found will do,
 * and so servers are asked for no more than is needed. Where that one meets a time-out, the next
 * server's address is sought beside it, by an errand: a lookup without clients that spends from its
 * sender's purse. What an errand finds lies in the cache; the sender goes on with it at once. With
 * the sender's end its errands end. */
#ifndef FAULTZONE_RESOLVER_ERRANDS_H
#define FAULTZONE_RESOLVER_ERRANDS_H

#include <stdbool.h>

#include "resolver/lookup.h"

/* `lookup` has met a time-out: sends an errand if there is something to seek and it may. The errand
 * begins when all lookups get their turn (lookups.c). */
void errands_send(struct context *context, struct lookup *lookup);

/* An errand is over: its sender, if that is still there, has news. */
void errands_return(struct lookup *errand);

/* True for an errand whose sender is over. */
bool errand_is_vain(const struct lookup *errand);
void errand_cancel(struct context *context, struct lookup *errand);

/* The sender goes on with what its errands have found. */
void errands_take_news(struct context *context, struct lookup *lookup);

#endif
