/* Which queries were made in a served world: by whom, of which server, and how they were answered.
 * A ring: the oldest are forgotten. Read from the trace's facts. */
#ifndef FAULTZONE_HARNESS_HISTORY_H
#define FAULTZONE_HARNESS_HISTORY_H

#include <stdio.h>

#include "harness/json.h"
#include "sim/world.h"
#include "wire/message.h"

#define HISTORY_QUERIES_MAX 4096
#define HISTORY_SLOTS       16384

struct history_query {
    uint64_t number; /* from 1 */
    instant_ns at;
    struct endpoint from, to;
    const char *asker;  /* the seat's name; NULL: from outside the world */
    const char *server; /* the seat's name */
    enum transport transport;
    uint16_t id, type;
    bool is_forgotten;
    bool is_answered; /* what follows is its server's reply, whether or not it arrived */
    instant_ns answered_at;
    uint16_t rcode, flags;
    uint16_t counts[SECTIONS];
    struct name name; /* last: most of it is never touched */
};

struct history {
    const struct world *world; /* borrowed */
    FILE *log;                 /* every query and reply, one JSON object a line; NULL: nowhere */
    int *log_error;   /* gets errno of the first write to the log that fails; may be NULL */
    uint64_t count;   /* queries since the start */
    uint64_t cleared; /* those up to this number are forgotten */
    struct history_query ring[HISTORY_QUERIES_MAX];
    uint64_t slots[HISTORY_SLOTS]; /* number of the latest query by (asker, server, ID) */
};

/* A trace's listener; the context is the history. */
void history_listen(void *context, const struct trace_entry *entry);

/* A mangler's listener (sim/mangler.h): what is done to answers goes to the log. */
void history_hear_mangler(void *context, const struct packet *answer, instant_ns now,
                          const char *done);

void history_clear(struct history *history);

/* Forgets the queries for `name`. */
void history_clear_name(struct history *history, const struct name *name);

/* The next query that is remembered after number `after` (0: from the oldest); NULL at the end. */
const struct history_query *history_next(const struct history *history, uint64_t after);

/* Writes one query as a JSON object. */
void history_put(struct json *json, const struct history_query *query);

#endif
