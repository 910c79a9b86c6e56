/* A server on a stage: zones written as lines of text, behaviours as "key: value; key: value", and
 * questions whose replies come back as text. */
#ifndef FAULTZONE_TESTS_SIM_STAGE_H
#define FAULTZONE_TESTS_SIM_STAGE_H

#include <check.h>

#include "base/arena.h"
#include "base/machine.h"
#include "base/trace.h"
#include "sim/behaviour.h"
#include "sim/server.h"
#include "sim/zone.h"

#define STAGE_ZONES_MAX      8
#define STAGE_BEHAVIOURS_MAX 8
#define STAGE_TEXT_MAX       16384

struct stage_zone {
    struct served_zone served;
    struct behaviour behaviours[STAGE_BEHAVIOURS_MAX];
};

struct stage {
    struct arena arena;
    struct arena told; /* what the trace holds */
    struct trace trace;
    struct outbox *outbox;
    struct server *server;
    struct stage_zone zones[STAGE_ZONES_MAX];
    const struct zone *all[STAGE_ZONES_MAX];
    size_t zone_count;
    instant_ns now;
    char text[STAGE_TEXT_MAX]; /* of the last reply */
};

/* How a question is put; zero is a plain UDP query without EDNS. */
struct stage_query {
    enum transport transport;
    uint16_t udp_size; /* with EDNS if not 0 */
    uint8_t version;   /* of EDNS */
    uint16_t flags;    /* MESSAGE_RD … */
    uint16_t rrclass;  /* 0: IN */
    uint8_t opcode;
    bool dnssec_ok;
};

/* The name in `text`, absolute. */
struct name stage_name(const char *text);

/* A zone of the lines "owner ttl TYPE rdata" (A, AAAA, NS, CNAME, DNAME, TXT, MX, SOA, DS, HTTPS;
 * owners relative to `apex`, "@" the apex; TXT strings are split by "|"), finished, in `arena`. */
const struct zone *stage_make_zone(struct arena *arena, const char *apex, const char *lines);

/* Opens a stage whose server serves nothing yet and tells its decisions to `stage->trace`. */
void stage_open(struct stage *stage);
void stage_close(struct stage *stage);

/* Adds a zone and serves it. */
struct stage_zone *stage_serve(struct stage *stage, const char *apex, const char *lines);

/* Adds a zone that only behaviours can see. */
void stage_know(struct stage *stage, const char *apex, const char *lines);

/* Turns on a behaviour with parameters "key: value, value; key: value" for a provider (NULL: the
 * default one). In the order of calls. */
void stage_behave(struct stage *stage, struct stage_zone *zone, const char *provider,
                  const char *behaviour, const char *params);

/* The same, not served, its parameters in `given`; returns NULL and fills `reterr` on failure. */
const void *stage_configure(struct arena *given, struct arena *arena, const char *apex,
                            const char *provider, const char *behaviour, const char *params,
                            struct diag *reterr);

/* Writes the query "name TYPE" into `buffer`; returns its octets. */
size_t stage_build(const char *question, const struct stage_query *how, uint8_t *buffer,
                   size_t capacity);

/* Puts a datagram (or stream octets) to the server; what it sends lies in the outbox. */
void stage_send(struct stage *stage, enum transport transport, uint16_t port, struct bytes octets);

/* Asks "name TYPE" over UDP with EDNS of 1232 and returns the reply as text, one line each:
 * "NOERROR aa", then "AN|NS|AR owner ttl class type rdata" in order; "silence" if none came. The
 * OPT record is not shown but as "opt" in the first line; extended errors as "ede=21". */
const char *stage_ask(struct stage *stage, const char *question);
const char *stage_ask_as(struct stage *stage, const char *question, const struct stage_query *how);

/* Writes one DNS message as stage_ask does. */
void stage_show(struct bytes octets, char *buffer, size_t capacity);

#endif
