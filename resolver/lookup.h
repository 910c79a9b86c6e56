/* One question's resolution: a bounded stack of levels, the lowest for the client's question, each
 * further one for an address of a name server that the level below needs.
 *
 *   BEGIN   look into the cache; find the closest delegation known
 *   ASK     choose a server and ask it, or push a level for the address of one
 *   WAIT    a query is under way
 *   TWIN    another lookup is asking the same server the same: wait for its end, then BEGIN
 *   CHILD   the level above looks for an address
 *
 * The happy path is BEGIN, ASK, WAIT and, by what the reply means: a referral replaces the
 * delegation (ASK), an alias moves the question (BEGIN), an answer or a denial ends the level. A
 * reply of no use, or none, leads back to ASK until nobody is left to ask; then the level fails. A
 * level's end is told to the level below, the lowest level's to the clients. */
#ifndef FAULTZONE_RESOLVER_LOOKUP_H
#define FAULTZONE_RESOLVER_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "resolver/answer.h"
#include "resolver/classify.h"
#include "resolver/context.h"
#include "resolver/delegation.h"
#include "resolver/exchange.h"
#include "wire/rrtype.h"

enum level_state { LEVEL_BEGIN, LEVEL_ASK, LEVEL_WAIT, LEVEL_TWIN, LEVEL_CHILD };

#define LEVEL_PRIMING UINT8_MAX

struct level {
    enum level_state state;
    struct name name;
    uint16_t type;
    uint8_t restarts, referrals;
    uint32_t sends;         /* of this name */
    struct name ancestor;   /* what is asked for while that is not the whole name */
    uint16_t ancestor_type; /* and its type */
    uint8_t asked_labels;   /* of what is asked for */
    uint8_t steps;          /* questions for ancestors of this name and its aliases */
    uint8_t step_timeouts;  /* of them */
    bool whole;             /* this name is not minimised */
    bool hides_type;        /* the whole name is asked for with another type */
    bool type_was_hidden;
    bool empty_seen;             /* somebody's answer was empty to its last section */
    bool went_up;                /* its delegation was fetched anew from the parent */
    bool seeks_parent;           /* minimised to find the zone above the name, for its DS */
    uint8_t labels_most;         /* of a delegation to begin with */
    uint8_t address;             /* in WAIT: whom of the delegation it asks */
    uint8_t server;              /* in CHILD: whose address is looked up, or LEVEL_PRIMING */
    bool cut_short;              /* a limit or a cycle kept it from asking all it could */
    const struct exchange *twin; /* in TWIN: what it waits for */
    uint32_t twin_serial;
    struct exchange exchange;
    struct delegation delegation;
};

struct waiter;

struct lookup {
    struct lookup *next; /* in the list of those under way, oldest first; or of the free ones */
    uint32_t serial;     /* no other lookup has it */
    struct waiter *waiters;
    uint32_t waiter_count;
    struct lookup *sender; /* of an errand (errands.h): whose; NULL for a client's question */
    uint32_t sender_serial;
    uint8_t errands; /* of its own, under way */
    bool has_news;   /* one of them is over */
    instant_ns ends_at;
    /* what it has cost, its errands included; never reset */
    uint32_t queries, addresses_sought, servers_missing;
    uint8_t depth; /* levels in use; 0: the lookup is over */
    struct name name;
    uint16_t type;
    bool dnssec_ok; /* the client wants proofs */
    bool unchecked; /* the client set CD: what somebody may have found bogus is wanted */
    bool snoops;    /* the cache answers, or nobody does */
    bool primed;    /* the root's servers were asked for, with or without success */
    struct chain chain;
    struct failure aside; /* why addresses of its servers were not found */
    struct level levels[POLICY_NESTING_MAX + 1];
};

/* Starts `lookup` on a client's question; lookup_run does the rest. */
void lookup_start(struct lookup *lookup, const struct name *name, uint16_t type, bool dnssec_ok,
                  instant_ns ends_at);

/* Goes on until a query is under way or the lookup is over (its depth is 0). */
void lookup_run(struct context *context, struct lookup *lookup);

/* Takes a datagram for its open exchange. */
void lookup_receive(struct context *context, struct lookup *lookup, const struct packet *packet);

/* Its open exchange has come to `outcome`: `message` with EXCHANGE_REPLY, `why` with others. */
void lookup_take(struct context *context, struct lookup *lookup, enum exchange_outcome outcome,
                 const struct message *message, const char *why);

/* When it wants to be woken, and what is due then. */
instant_ns lookup_due(const struct lookup *lookup);
void lookup_wake(struct context *context, struct lookup *lookup);

/* --- among the files called lookup_*.c --- */

/* The level on top. */
static inline struct level *lookup_top(struct lookup *lookup)
{
    return &lookup->levels[lookup->depth - 1];
}

/* Whose limits its queries and look-ups count for. */
static inline struct lookup *lookup_purse(struct lookup *lookup)
{
    return lookup->sender != NULL ? lookup->sender : lookup;
}

/* True if one of its levels looks for `name`. */
bool lookup_needs(const struct lookup *lookup, const struct name *name);

/* True if one more address may be sought for the servers of `delegation`. */
bool lookup_may_seek(const struct context *context, struct lookup *lookup,
                     const struct delegation *delegation);

/* True if the level asks for an ancestor of its name only. */
static inline bool level_is_minimised(const struct level *level)
{
    return level->hides_type || level->asked_labels < level->name.labels;
}

/* The question that servers are asked. */
static inline const struct name *level_asked_name(const struct level *level)
{
    return level_is_minimised(level) ? &level->ancestor : &level->name;
}

static inline uint16_t level_asked_type(const struct level *level)
{
    return level_is_minimised(level) ? level->ancestor_type : level->type;
}

/* True if the top level's question is asked with DO. */
static inline bool lookup_wants_proof(const struct lookup *lookup)
{
    return lookup->dnssec_ok && lookup->depth == 1 && !level_is_minimised(&lookup->levels[0]);
}

/* True if the top level's question is asked with CD (RFC 4035 3.2.2). */
static inline bool lookup_wants_unchecked(const struct lookup *lookup)
{
    return lookup->unchecked && lookup->depth == 1 && !level_is_minimised(&lookup->levels[0]);
}

/* True if the top level asks for the root's servers, for the level below to begin with. */
static inline bool lookup_is_priming(const struct lookup *lookup)
{
    return lookup->depth > 1 && lookup->levels[lookup->depth - 2].state == LEVEL_CHILD &&
           lookup->levels[lookup->depth - 2].server == LEVEL_PRIMING;
}

/* Adds a level for a question that the one below waits for. */
void lookup_push(struct lookup *lookup, const struct name *name, uint16_t type);

/* The level has a name that it has asked nobody about. */
void level_start_name(struct level *level);

/* Decides what the servers of a new delegation are asked; the level is to ask then. */
void lookup_aim(const struct context *context, struct level *level);

/* The same servers are asked for more of the name: it has no cut where they were asked for. */
void lookup_ask_further(const struct context *context, struct level *level);

/* The zone above the name is sought, label by label, from the delegation that is known. */
void lookup_seek_parent(const struct context *context, struct level *level);

/* They are asked the whole question, and so are all others; `why` is static. */
void lookup_ask_whole(const struct context *context, struct level *level, const char *why);

/* A question for an ancestor was not answered; true if that leads to the whole question. */
bool lookup_step_timed_out(const struct context *context, struct level *level);

/* Takes the top level out of ASK: a query leaves, a level is pushed, or nobody is left. */
void lookup_ask(struct context *context, struct lookup *lookup);

/* Asks address `index` of the top level's delegation its question; a limit may end the lookup
 * instead.
 */
void lookup_try(struct context *context, struct lookup *lookup, uint8_t index,
                enum transport transport);

/* The top level has no more use for the address that it asked: `trouble` says why. */
void lookup_drop_address(struct context *context, struct lookup *lookup, const char *what,
                         const char *trouble);

/* Adds the glue that the parent gave for the delegation's servers, whatever is known of them beside
 * it. True if that is an address more. */
bool lookup_recall_glue(struct context *context, struct delegation *delegation);

/* Takes the top level out of BEGIN: the cache ends it or moves its question, or it goes to ASK. */
void lookup_begin(struct context *context, struct lookup *lookup);

/* Lets the cache settle the top level's question or move it on; false if it can do neither. */
bool lookup_ask_cache(struct context *context, struct lookup *lookup);

/* Adds to servers without an address what the cache knows of them. */
void lookup_fill_addresses(struct context *context, struct delegation *delegation);

/* Takes what a reply to the top level means. The level's exchange is closed already; its state is
 * set to what comes next, or it has ended. */
void lookup_take_reply(struct context *context, struct lookup *lookup,
                       const struct message *message);

/* The top level's question moves on to `target`. False if the lookup cannot follow and has failed.
 */
bool lookup_follow(struct context *context, struct lookup *lookup, const struct reply_link *link,
                   const struct name *target);

/* The top level ends: with an RRset (or, for ANY, a message that has all), with a denial, or
 * without success. */
void lookup_end_found(struct context *context, struct lookup *lookup, const struct rrset *rrset,
                      const struct message *any);
void lookup_end_denied(struct context *context, struct lookup *lookup, uint16_t rcode,
                       const struct rrset *soa);

/* A DNAME (NULL where it is not known) makes the name too long (RFC 6672 2.2): the client gets it
 * with YXDOMAIN. */
void lookup_end_overlong(struct context *context, struct lookup *lookup, const struct rrset *dname);
void lookup_end_failed(struct context *context, struct lookup *lookup,
                       const struct failure *failure);

/* What the cache still has of the lowest level's question though its time is over, in `finding`,
 * aliases in the lookup's chain; false if nothing. */
bool lookup_find_stale(struct context *context, struct lookup *lookup, struct rrset *rrset,
                       struct finding *finding);

/* The whole lookup ends without success: a limit is reached. */
void lookup_give_up(struct context *context, struct lookup *lookup, const struct failure *failure);

#endif
