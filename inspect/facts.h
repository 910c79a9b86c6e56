/* What was asked and what came of it: the set-up check's memory. Each question is logically asked
 * once; its answer is kept whole, so that any cause may read what it needs from it. */
#ifndef FAULTZONE_INSPECT_FACTS_H
#define FAULTZONE_INSPECT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/endpoint.h"
#include "base/text.h"
#include "inspect/probe.h"
#include "resolver/classify.h"
#include "wire/message.h"

#define FACTS_MAX 256 /* questions of one inspection, and answers put together from others */

#define FACTS_LATE_MAX 8 /* as many as can be under way at once, and more */

enum fact_kind {
    FACT_ANSWER,  /* NOERROR or NXDOMAIN: the DNS has said something */
    FACT_TROUBLE, /* silence, an error code, an unusable reply: nothing may be concluded */
};

/* What kind of trouble, as far as it tells causes apart. */
enum trouble {
    TROUBLE_NONE,
    TROUBLE_SILENCE,
    TROUBLE_NO_TCP,   /* the answer is truncated, and TCP brings none (F104) */
    TROUBLE_MISMATCH, /* answers came, to another question or from elsewhere (F109) */
    TROUBLE_MALFORMED,
    TROUBLE_CUT,        /* a message that ends in the middle, without TC (F105) */
    TROUBLE_RCODE,      /* the message says which */
    TROUBLE_CIRCLE,     /* VIEW_OWN: the CNAMEs lead back to a name that they come from */
    TROUBLE_LONG_CHAIN, /* VIEW_OWN: they lead on for too long */
    TROUBLE_SPENT,      /* it was not asked: the check's budget was spent */
};

struct fact {
    struct probe probe;
    enum fact_kind kind;
    enum trouble trouble;
    struct message message; /* if a reply came: over a copy in the arena */
    bool replied;
    bool may_refer;  /* the reply has name servers in its authority section */
    const char *why; /* of TROUBLE, static: "SERVFAIL", "no answer came" */
};

struct facts {
    struct arena *arena; /* borrowed: facts and replies live here */
    const struct fact *items[FACTS_MAX];
    uint32_t hashes[FACTS_MAX]; /* of their probes, to find one fast */
    size_t count;
    uint8_t silent[FACTS_MAX]; /* indices of servers' silences, asked in the plain manner */
    size_t silent_count;
    bool full;                         /* a fact found no room: no further question makes sense */
    bool spent;                        /* nor does one beyond the budget */
    size_t asked;                      /* facts that were asked for: those of VIEW_OWN are not */
    struct probe late[FACTS_LATE_MAX]; /* asked, and not answered at the first try */
    size_t late_count;
};

/* An empty memory whose facts live in `arena`. */
void facts_init(struct facts *facts, struct arena *arena);

/* Remembers a reply to `probe`, copying its octets. A reply that has an error code or is truncated
 * is TROUBLE. */
void facts_add_reply(struct facts *facts, const struct probe *probe, const struct message *reply);

/* Remembers that no usable reply came; `why` is static. */
void facts_add_trouble(struct facts *facts, const struct probe *probe, enum trouble trouble,
                       const char *why);

/* Remembers, until it is answered, that a question under way has to be put again: nobody need wait
 * for it with what else is to be asked. */
void facts_note_late(struct facts *facts, const struct probe *probe);

/* True if a question put to the server is late, or if it has been silent before. */
bool facts_is_slow(const struct facts *facts, const struct address *server);

/* What came of a question, NULL if it was not asked. */
const struct fact *facts_find(const struct facts *facts, const struct probe *probe);

/* --- what an answer says --- */

/* What the reply to a question put to a server of `zone` means; `ret` (may be NULL) receives the
 * rest of it. REPLY_KINDS, and `ret` untouched, if there is no reply. */
enum reply_kind fact_reply(const struct fact *fact, const struct name *zone, struct reply *ret);

/* True if the answer denies the name: NXDOMAIN, and no CNAME in it that leads elsewhere first. */
bool fact_denies_name(const struct fact *fact);

/* The target of the CNAME at the asked-for name; `ret_count` (may be NULL) receives how many CNAMEs
 * there are at it. False if none. */
bool fact_alias(const struct fact *fact, struct name *ret, size_t *ret_count);

/* The last name of the CNAME chain in the answer: the asked-for name itself without one. */
void fact_chain_end(const struct fact *fact, struct name *ret);

/* Walks the records of `type` at the end of the chain: start with a zeroed cursor. */
struct fact_cursor {
    size_t index;
};
bool fact_next_record(const struct fact *fact, uint16_t type, struct fact_cursor *cursor,
                      struct record *ret);

/* Walks the addresses (A and AAAA) at the end of the chain. */
bool fact_next_address(const struct fact *fact, struct fact_cursor *cursor, struct address *ret);

/* True if both answers have an address in common. */
bool fact_shares_address(const struct fact *a, const struct fact *b);

/* The zone that a negative answer speaks for: the owner of its SOA. False if it has none. */
bool fact_zone(const struct fact *fact, struct name *ret);

/* For how many more seconds whoever answered keeps this answer: the negative TTL (RFC 2308 5, the
 * lesser of SOA TTL and minimum) of a negative one, the smallest TTL of the answer section of
 * another. 0 if the answer does not say. */
uint32_t fact_lifetime_s(const struct fact *fact);

/* One line: question, rcode, and what came, with the provider's name behind edge addresses. */
void fact_put(struct text *text, const struct fact *fact);

#endif
