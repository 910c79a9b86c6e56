/* The way from the root to a name, asked of the servers themselves without recursion: which zone it
 * lies in, who serves that, and what they say. It needs no resolver, and no cache stands between.
 * As everywhere in this room there is no state but the facts: each call walks anew over what is
 * known, and asks for what is not. */
#ifndef FAULTZONE_INSPECT_SURVEY_H
#define FAULTZONE_INSPECT_SURVEY_H

#include "inspect/inspection.h"
#include "inspect/suffixes.h"
#include "inspect/weighing.h"
#include "resolver/delegation.h"

enum survey_state {
    SURVEY_OPEN,    /* a question must be answered first */
    SURVEY_FOUND,   /* `reply` is of a server of the zone, and no referral */
    SURVEY_UNHEARD, /* no server of the zone gives a usable answer */
    SURVEY_DEAD,    /* no server of the zone has an address */
};

struct survey {
    enum survey_state state;
    struct delegation zone;      /* the deepest zone cut known: its servers and their addresses */
    struct name parent;          /* the zone above it; the root has the root */
    const struct fact *referral; /* by which that zone delegates; NULL for the root */
    const struct fact *answer;   /* FOUND: of the first server that gave a usable one */
    const struct fact *trouble;  /* UNHEARD: what came of the last server asked */
    struct reply reply;          /* of `answer` */
};

#define KNOWN_ZONES_MAX 128

/* Delegations from the root that earlier checks have met: they need not be asked for again. */
struct known_zones {
    struct delegation items[KNOWN_ZONES_MAX];
    size_t count;
};

/* Remembers what `inspection` has heard from the root's servers, while there is room. */
void known_zones_learn(struct known_zones *known, const struct inspection *inspection);

/* Walks from the root to the zone of `name` by asking for `type` there. */
void survey_walk(struct weighing *weighing, const struct name *name, uint16_t type,
                 struct survey *ret);

/* Troubles of a server without an address: they are told apart by these pointers. */
extern const char survey_no_name[], survey_no_address[];

/* Looks up the addresses of those servers of a zone that came without. What is wrong with one that
 * has none goes into its `trouble`. False while a question is open. */
bool survey_complete(struct weighing *weighing, struct delegation *zone);

/* True if a server has answered any question with EDNS. */
bool survey_knows_edns(const struct weighing *weighing, const struct address *server);

/* What came of asking a server: in the plain manner, or without EDNS where that helps. NULL while
 * the question is open. */
const struct fact *survey_ask(struct weighing *weighing, const struct address *server,
                              const struct name *name, uint16_t type);

/* True for a zone below which a registry registers domains, after `suffixes` (may be NULL): its
 * servers are not the customer's. */
bool survey_is_registry(const struct suffix_list *suffixes, const struct name *zone);

/* True if a reply says something about the name it was asked for, referrals aside. */
bool survey_speaks(enum reply_kind kind);

/* The answer that a resolver without a cache and without limits would find: CNAMEs followed from
 * zone to zone, put together in one fact of VIEW_OWN. NULL while a question is open. */
const struct fact *survey_answer(struct weighing *weighing, const struct name *name, uint16_t type);

#endif
