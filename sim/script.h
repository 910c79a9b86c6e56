/* A script: what surrounds a resolver, played from a list of entries. Servers at any addresses that
 * answer by the entry that matches a query while a step is played, and clients that ask what a step
 * says and keep what comes. The zone-backed servers' neighbour, for scenarios in the form that
 * Unbound's testbound and Deckard read.
 *
 * One machine plays all of it: it sits wherever the resolver does not. Whole messages are expected
 * in one piece of a TCP stream, as our own resolver sends them. */
#ifndef FAULTZONE_SIM_SCRIPT_H
#define FAULTZONE_SIM_SCRIPT_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/machine.h"
#include "base/trace.h"
#include "wire/message.h"
#include "wire/name.h"
#include "wire/rdata.h"

#define SCRIPT_PENDING_MAX    64                   /* queries that wait for an answer */
#define SCRIPT_ANSWERS_MAX    64                   /* answers that no step has looked at */
#define SCRIPT_ASKED_MAX      64                   /* client queries on their way */
#define SCRIPT_COMPLAINTS_MAX 16                   /* queries without an entry that are told of */
#define SCRIPT_ROOM           ((size_t)512 * 1024) /* octets kept of a run, at most */

/* What of a message must be as the entry says; several together. */
enum script_match {
    SCRIPT_OPCODE = 1U << 0,
    SCRIPT_QTYPE = 1U << 1,
    SCRIPT_QNAME = 1U << 2,
    SCRIPT_SUBDOMAIN = 1U << 3, /* the name asked for is the entry's or lies below it */
    SCRIPT_QCLASS = 1U << 4,
    SCRIPT_QCASE = 1U << 5, /* the name to the letter */
    SCRIPT_FLAGS = 1U << 6,
    SCRIPT_RCODE = 1U << 7,
    SCRIPT_ANSWER = 1U << 8,
    SCRIPT_AUTHORITY = 1U << 9,
    SCRIPT_ADDITIONAL = 1U << 10,
    SCRIPT_TTL = 1U << 11, /* of the sections compared */
    SCRIPT_DO = 1U << 12,
    SCRIPT_NO_EDNS = 1U << 13,
    SCRIPT_UDP = 1U << 14,
    SCRIPT_TCP = 1U << 15,
    SCRIPT_EDE = 1U << 16,       /* the extended error `ede`; SCRIPT_EDE_ANY: some */
    SCRIPT_EDNS_DATA = 1U << 17, /* the options, to the octet */
    SCRIPT_EDNS = 1U << 18,      /* DO as the entry says, and EDNS at all only if it says so */
};
#define SCRIPT_EDE_ANY UINT32_MAX

/* How an entry's reply is fitted to the query. */
enum script_adjust {
    SCRIPT_COPY_ID = 1U << 0,
    SCRIPT_COPY_QUERY = 1U << 1, /* the question, and owners that are its name, as the query's */
    SCRIPT_SILENT = 1U << 2,
};

/* A message as a script writes it. Everything is borrowed. */
struct script_message {
    uint16_t flags; /* MESSAGE_QR …, opcode and RCODE */
    bool dnssec_ok; /* with EDNS and DO */
    bool edns;      /* with EDNS */
    bool has_question;
    struct name question;
    uint16_t type, rrclass;
    const struct rr *records[SECTIONS]; /* of ANSWER and below */
    size_t counts[SECTIONS];
    struct bytes options; /* of EDNS, in wire form */
    struct bytes raw;     /* the whole message instead; empty: none */
};

struct script_entry {
    struct place place;
    uint32_t match;  /* enum script_match */
    uint32_t adjust; /* enum script_adjust */
    uint32_t ede;
    struct script_message message;
};

/* Entries of servers while steps `first` to `last` are played. */
struct script_range {
    struct place place;
    uint32_t first, last;
    const struct address *addresses;
    size_t address_count; /* 0: at any address */
    const struct script_entry *entries;
    size_t entry_count;
};

enum script_moment_kind {
    SCRIPT_OTHER,     /* a step that does not look at queries */
    SCRIPT_OUT_QUERY, /* the resolver must ask this */
    SCRIPT_REPLY,     /* one of the queries that wait gets this */
};

/* A step, as far as servers have to know it. */
struct script_moment {
    uint32_t number;
    enum script_moment_kind kind;
    const struct script_entry *entry; /* NULL: any query */
    struct address address;           /* ADDRESS_NONE: any */
};

/* Which of the two readers of such files the script is written for: how servers choose. */
enum script_dialect {
    SCRIPT_TESTBOUND, /* every range that covers the step; else the query waits */
    SCRIPT_DECKARD,   /* the first range that does; else SERVFAIL and a complaint */
};

struct script_options {
    enum script_dialect dialect;
    const struct script_range *ranges;
    size_t range_count;
    const struct script_moment *moments;
    size_t moment_count;
    struct endpoint resolver; /* whom clients ask */
    struct trace *trace;
};

/* A query to a server that no entry has answered. */
struct script_query {
    struct bytes octets;
    struct message parsed;
    struct endpoint from, to;
    enum transport transport;
    uint32_t moment; /* when it came */
};

/* An answer to a client. */
struct script_answer {
    struct bytes octets;
    struct message parsed;
    bool readable;
    enum transport transport;
    struct endpoint client;
};

struct script;

/* A script in memory of `arena`; NULL if exhausted. */
struct script *script_new(struct arena *arena, const struct script_options *options);

struct machine *script_machine(struct script *script);

/* The start of a new run. */
void script_reset(struct script *script);

/* Step `moment` is the next to be played: ranges are those of step `number`. Queries that wait are
 * looked at anew with the next wake, which is due at `now`. */
void script_move(struct script *script, size_t moment, uint32_t number, instant_ns now);

/* The step that is next; past those that queries have met on their own. */
size_t script_moment(const struct script *script);

/* Lets a client ask; it leaves with the next wake, due at `now`. False if too many wait. */
bool script_ask(struct script *script, const struct script_message *message,
                const struct address *source, enum transport transport, instant_ns now);

/* Answers to clients, the oldest first, that were not taken away. */
size_t script_answer_count(const struct script *script);
const struct script_answer *script_answer(const struct script *script, size_t index);
void script_take_answer(struct script *script, size_t index);

/* Queries that wait, the oldest first. */
size_t script_pending_count(const struct script *script);
const struct script_query *script_pending(const struct script *script, size_t index);

/* Who sent the newest query that waits hears with the next wake, due at `now`, that its server
 * cannot be reached. False if none waits. */
bool script_time_out(struct script *script, instant_ns now);

/* Queries that no entry matched where one had to: kept until the reset. */
size_t script_complaint_count(const struct script *script);
const struct script_query *script_complaint(const struct script *script, size_t index);

/* --- script_match.c --- */

/* The first part of `got` that is not as `entry` says and should be, a static word; NULL if all is.
 */
const char *script_difference(const struct script_entry *entry, const struct message *got,
                              enum transport transport);

/* --- script_reply.c --- */

/* Writes `message` fitted to `query` (may be NULL) into `buffer`; the octets, 0 if it does not fit.
 */
size_t script_compose(const struct script_message *message, uint32_t adjust,
                      const struct message *query, uint16_t id, uint8_t *buffer, size_t capacity);

#endif
