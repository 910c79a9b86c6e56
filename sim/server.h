/* An authoritative server as a machine: parse, draft, behave, encode. UDP and TCP, EDNS (RFC 6891),
 * truncation to what the client can take. Never answers an answer, never answers an error with one.
 */
#ifndef FAULTZONE_SIM_SERVER_H
#define FAULTZONE_SIM_SERVER_H

#include "base/machine.h"
#include "base/trace.h"
#include "sim/behaviour.h"

struct server;

/* A zone as one server shows it: its data and the behaviours over it. Immutable; a change of the
 * scenario makes a new one. */
struct served_zone {
    const struct zone *zone;
    const struct behaviour *behaviours; /* sorted in table order */
    size_t behaviour_count;
};

struct server_options {
    const char *name;                /* the seat's name, e.g. "ns1.customer.example" */
    uint64_t seed;                   /* of the run */
    struct trace *trace;             /* may be NULL */
    const struct zone *const *zones; /* of the whole scenario, for behaviours that look elsewhere */
    size_t zone_count;
    size_t served_max; /* how many zones this server may be given */
};

/* A server in memory of `arena`; NULL if exhausted. It answers on every address the world seats it
 * at. */
struct server *server_new(struct arena *arena, const struct server_options *options);

struct machine *server_machine(struct server *server);

/* Lets the server answer for `served` (borrowed), replacing what it showed for the same apex. False
 * if it is full. The server answers from the served zone nearest to the question's name; from none:
 * REFUSED. */
bool server_serve(struct server *server, const struct served_zone *served);

/* Stops answering for `apex`. */
void server_withdraw(struct server *server, const struct name *apex);

/* Stops answering for every zone. */
void server_withdraw_all(struct server *server);

/* Replaces the list of all the scenario's zones. */
void server_set_zones(struct server *server, const struct zone *const *zones, size_t zone_count);

/* The start of a new run: dice and connections as new, zones kept. */
void server_reset(struct server *server, uint64_t seed);

#endif
