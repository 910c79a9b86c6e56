/* A recursive resolver as a machine: it serves clients from a pool of lookups, iterates from root
 * hints, and caches.
 *
 * To read it in an hour, read in this order:
 *
 *   policy.h                      what it has an opinion on, and every limit
 *   service.c, lookups.c          from a client's query to a lookup, from its end to the client
 *   lookup.h, lookup.c            the machine of one lookup: levels and their states
 *   lookup_begin.c, _cached.c     where a question begins: memory, or the closest zone cut
 *   lookup_ask.c                  whom it asks, within which limits
 *   delegation.c, selection.c,    whom to ask, whom next, how long to wait, and what is known of
 *   servers.c                     servers
 *   exchange.c, upstreams.c       one query and what counts as its reply; connections
 *   classify.c                    what the reply means: pure, and worth a careful read
 *   lookup_reply.c, _answer.c,    what it does to the lookup, kind by kind
 *   _alias.c, _referral.c
 *   lookup_end.c, failure.c,      how it ends, and what the client is told
 *   answer.c
 *   cache.c                       what is remembered, and for how long
 *
 * The rest stands alone: errands.c, lookup_minimise.c, lookup_stale.c, proof.c, company.c,
 * cookie.c, special.c. */
#ifndef FAULTZONE_RESOLVER_RESOLVER_H
#define FAULTZONE_RESOLVER_RESOLVER_H

#include "base/arena.h"
#include "base/entropy.h"
#include "base/machine.h"
#include "base/trace.h"
#include "resolver/policy.h"
#include "wire/name.h"

struct resolver;

/* A root server to begin with (RFC 8109). */
struct resolver_hint {
    struct name name;
    const struct address *addresses;
    size_t address_count;
};

struct resolver_options {
    const char *name;                  /* the seat's */
    struct address v4, v6;             /* its own addresses; ADDRESS_NONE switches a family off */
    const struct policy *policy;       /* copied; NULL for policy_default */
    const struct resolver_hint *hints; /* borrowed for the resolver's life */
    size_t hint_count;
    uint64_t seed;          /* of the run: server selection's dice */
    struct entropy entropy; /* IDs and ports; a NULL `next` takes a seeded stream */
    struct trace *trace;    /* may be NULL */
};

/* A resolver in memory of `arena`; NULL if exhausted. Serves queries that reach port 53 of its
 * addresses over UDP and TCP. */
struct resolver *resolver_new(struct arena *arena, const struct resolver_options *options);

struct machine *resolver_machine(struct resolver *resolver);

/* The start of a new run: lookups, cache, server statistics and dice as new. Cheap. */
void resolver_reset(struct resolver *resolver, uint64_t seed);

/* Forgets all cached data, keeps lookups under way. */
void resolver_forget(struct resolver *resolver);

/* Forgets what is cached at `name` (every type). */
void resolver_forget_name(struct resolver *resolver, const struct name *name);

struct resolver_counters {
    uint64_t client_queries, cache_answers, upstream_queries, upstream_timeouts, unmatched_replies;
    uint64_t upstream_queries_worst; /* most that one client query cost */
};

const struct resolver_counters *resolver_counters(const struct resolver *resolver);

#endif
