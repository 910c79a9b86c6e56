/* What all parts of one resolver share: its policy, its memory of the world, and the step under
 * way. */
#ifndef FAULTZONE_RESOLVER_CONTEXT_H
#define FAULTZONE_RESOLVER_CONTEXT_H

#include "base/rng.h"
#include "base/trace.h"
#include "resolver/cache.h"
#include "resolver/classify.h"
#include "resolver/exchange.h"
#include "resolver/failure.h"
#include "resolver/policy.h"
#include "resolver/proof.h"
#include "resolver/resolver.h"
#include "resolver/scratch.h"
#include "resolver/servers.h"
#include "wire/builder.h"

struct lookups;

struct context {
    struct resolver_options options;
    struct policy policy;
    struct cache *cache;
    struct servers servers;
    struct exchanges exchanges;
    struct upstreams upstreams;
    struct lookups *lookups;
    struct rng dice; /* what is decided by chance */
    struct rng identities;
    struct entropy entropy; /* what must not be guessed */
    struct resolver_counters counters;
    struct builder builder;
    struct scratch scratch;
    struct reply reply;
    struct proof proof;
    struct proof company;
    bool dnames_kept; /* the cache may have one */

    /* of the step under way */
    instant_ns now;
    struct outbox *outbox;
    struct bytes beside;          /* what came beside the answer about to be told, borrowed */
    struct bytes proved;          /* the proof of the answer or denial about to be told, borrowed */
    const struct failure *remark; /* on what the client is about to be told, borrowed; or NULL */
};

/* Records a decision: the members of a trace_entry that apply. */
#define TELL(context, ...)                                                                         \
    do {                                                                                           \
        if ((context)->options.trace != NULL) {                                                    \
            context_tell((context), &(struct trace_entry){__VA_ARGS__});                           \
        }                                                                                          \
    } while (0)

void context_tell(const struct context *context, struct trace_entry *entry);

#endif
