/* The record of a run, in two voices. Facts are what the host sees: packets sent, arrived, lost.
 * Decisions are what machines say about themselves. Assertions read facts only, so that the same
 * scenario can judge a program that tells no decisions.
 *
 * A trace is a sink: machines and hosts write to it and never read it. Entries are kept in order
 * until the trace is reset; the digest runs over every entry, also over those that found no room.
 * It is worked out when somebody asks for it: most runs are over before anybody does.
 */
#ifndef FAULTZONE_BASE_TRACE_H
#define FAULTZONE_BASE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/machine.h"

enum trace_kind {
    TRACE_SENT,     /* fact: a machine handed the packet to the network */
    TRACE_ARRIVED,  /* fact: the packet reached its addressee */
    TRACE_LOST,     /* fact: it never will; `what` names the reason */
    TRACE_FAULT,    /* fact: a fault changed or copied the packet; `what` names the fault */
    TRACE_DECISION, /* a machine's word on itself */
};

struct trace_entry {
    uint64_t sequence; /* from 0 */
    instant_ns at;
    enum trace_kind kind;
    const char *who;  /* the seat's name; outlives the trace */
    const char *what; /* a word from a fixed set: static, never formatted */

    /* facts */
    uint64_t flight; /* one number from SENT to ARRIVED or LOST; a duplicate has its own */
    struct packet packet;

    /* decisions; what does not apply is empty */
    struct bytes name;    /* a domain name in wire form (uncompressed) */
    uint16_t type;        /* an RR type, 0 for none */
    struct endpoint peer; /* family ADDRESS_NONE for none */
    uint64_t number;      /* its meaning belongs to `what` */
    const char *note;     /* static, or NULL */
};

struct trace_block;

/* How far a reader has come; starts zeroed. */
struct trace_cursor {
    const struct trace_block *block; /* NULL: before the first entry */
    size_t index;
};

struct trace {
    struct arena *arena; /* borrowed; entries and copies live here */
    struct trace_block *first, *last;
    uint64_t count;   /* entries seen */
    uint64_t missing; /* entries that found no room in the arena */
    uint64_t digest;  /* of the entries before `digested` and of those without room among them */
    struct trace_cursor digested;
    bool is_passing; /* nothing is kept nor digested: see trace_let_pass */
    /* Called with every entry as it is recorded, if not NULL. For `serve --log` and the like. */
    void (*listener)(void *context, const struct trace_entry *entry);
    void *listener_context;
};

/* Prepares a trace whose entries live in `arena` (borrowed). */
void trace_init(struct trace *trace, struct arena *arena);

/* From now on entries are told to the listener, and that is all: for worlds that are
 * served, whose record nobody reads and which run for days. Resets leave it so. */
void trace_let_pass(struct trace *trace);

/* Forgets all entries and restarts the digest; the caller resets the arena. */
void trace_reset(struct trace *trace);

/* Records a copy of `entry` (its packet payload and name are copied, `who`, `what`, `note` are
 * not). `sequence` is filled in here. A NULL trace swallows it. */
void trace_put(struct trace *trace, const struct trace_entry *entry);

/* Reads entries in order: start with a zeroed cursor; NULL at the end. */
const struct trace_entry *trace_next(const struct trace *trace, struct trace_cursor *cursor);

/* Hash of everything recorded since the last reset: same seed, same digest. Reads every entry that
 * is kept. */
uint64_t trace_digest(const struct trace *trace);

#endif
