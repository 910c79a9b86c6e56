/* A query in a trace and what became of it. */
#ifndef FAULTZONE_HARNESS_EXCHANGE_H
#define FAULTZONE_HARNESS_EXCHANGE_H

#include "harness/run.h"

struct exchange {
    const struct trace_entry *query;
    const struct trace_entry *reply; /* NULL if none came */
    const struct trace_entry *loss;  /* what ended it otherwise, NULL if nothing did */
    struct message asked, answered;
    bool readable; /* `answered` is */
    bool cached;   /* the resolver answered without asking anybody */
};

/* True if `entry` is a DNS query being sent to port 53; fills `ret->query` and `ret->asked`. */
bool exchange_begins(const struct trace_entry *entry, struct exchange *ret);

/* Finds what became of the query in the step's entries after `cursor`. */
void exchange_follow(const struct step_outcome *outcome, struct trace_cursor cursor,
                     struct exchange *exchange);

/* Reads the message in a packet: over TCP only one that lies whole in it. */
bool exchange_read(const struct packet *packet, struct message *ret);

/* True if both ask for the same name. */
bool exchange_same_name(const struct message *a, const struct message *b);

/* True if both ask for the same name and type. */
bool exchange_same_question(const struct message *a, const struct message *b);

#endif
