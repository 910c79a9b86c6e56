/* A resolver among scripted servers: packets take 10 ms, time jumps, replies come from a table of
 * text. What the client gets, and what the resolver decided, comes back as text. */
#ifndef FAULTZONE_TESTS_RESOLVER_RIG_H
#define FAULTZONE_TESTS_RESOLVER_RIG_H

#include "base/arena.h"
#include "base/machine.h"
#include "base/trace.h"
#include "resolver/resolver.h"
#include "wire/message.h"

#define RIG_LATENCY (10 * NS_PER_MS)

/* What a server says. The first row that fits answers; "*" fits everything. `reply` is lines:
 *
 *   aa, ra, tc, ad                    flags
 *   rcode NXDOMAIN                    RCODE
 *   an OWNER TTL TYPE RDATA           a record; also ns, ar. OWNER "@" is the question's name
 *   fill N SUFFIX                     N NS records at the question's parent: n0.SUFFIX …
 *   deeper N ADDRESS                  a referral to the ancestor of N labels, ns below it, glue;
 *                                     N 0: one label more than the last time
 *   silent                            no reply
 *   header RCODE                      a reply of 12 octets
 *   cut N                             the reply loses its last N octets
 *   wrong id, wrong port, wrong name, wrong server, wrong case
 *                                     the reply is sent with this wrong, and then not sent right
 *   forged                            with "wrong …": the right reply follows
 *   refuse                            TCP: the connection is reset
 *   close                             TCP: the connection is closed without a reply
 *   hang up                           TCP: the connection is closed after the reply
 *   empty frame                       TCP: a length of 0 comes
 *   bytes                             TCP: one octet a segment
 *   cookie TEXT                       the query's cookie comes back, TEXT behind it
 *   wrong cookie TEXT                 the same with another cookie than the query's
 *   given TEXT, given nothing         the row fits only queries with a cookie of ours, and this one
 *                                     of the server's
 *   do, cd                            the row fits only queries with DO, with CD
 *   udp, tcp, edns, plain             the row fits only such queries
 *   mixed                             the row fits only questions with a capital letter
 */
struct script {
    const char *server; /* address */
    const char *name, *type;
    const char *reply;
    unsigned times; /* how often the row may be used; 0: always */
};

struct rig {
    struct arena arena, trace_arena;
    struct trace trace;
    struct resolver *resolver;
    struct outbox *outbox;
    instant_ns now;
    const struct script *scripts;
    size_t script_count;
    unsigned used[256];
    unsigned depth;     /* of the last `deeper` referral */
    unsigned sent[256]; /* by last octet of the server's IPv4 address */
    unsigned queries;   /* that reached any server, TCP connections included */
    unsigned tcp_queries;
    unsigned connections;     /* to any server */
    uint8_t ports[65536 / 8]; /* of the connections: a bit each */
    unsigned closes;          /* ends of connections that reached any server */
    unsigned client_answers;  /* datagrams and messages */
    struct flight *flights;   /* in order of arrival */
    struct arena flight_arena;
    uint8_t answer_octets[66000];
    size_t answer_size;
    bool answer_over_tcp;
    uint16_t next_id;
    bool client_do; /* the client sets DO */
    bool client_cd; /* the client sets CD */
    char text[65536];
};

/* A resolver with hints for one root server, a.root. at 10.0.0.1. `policy` may be NULL. The rig is
 * zeroed, or what an earlier test has left. */
void rig_start(struct rig *rig, const struct policy *policy, const struct script *scripts,
               size_t script_count);
void rig_stop(struct rig *rig);

/* The same with these addresses of the resolver's own; NULL for none. The root server is at
 * 10.0.0.1 and at 2001:db8::1. */
void rig_start_at(struct rig *rig, const char *v4, const char *v6, const struct policy *policy,
                  const struct script *scripts, size_t script_count);

/* Asks as a client with EDNS and runs until all is quiet or `limit` has passed; returns the answer
 * as text: "NOERROR", then lines "an …", "ns …", "ede CODE TEXT"; "silence" if none came. */
const char *rig_ask(struct rig *rig, const char *name, const char *type);

/* The same as a client that sets DO. */
const char *rig_ask_signed(struct rig *rig, const char *name, const char *type);

/* The same, in its parts: `client` tells clients apart (its port). */
void rig_send_query(struct rig *rig, uint16_t client, const char *name, const char *type,
                    uint16_t udp_size);
void rig_send_octets(struct rig *rig, uint16_t client, enum transport transport,
                     struct bytes octets);
void rig_run(struct rig *rig, duration_ns limit);
const char *rig_answer(struct rig *rig);

/* Lets `duration` pass. */
void rig_wait(struct rig *rig, duration_ns duration);

/* Delivers a packet to the resolver at once. */
void rig_deliver(struct rig *rig, const struct packet *packet);

/* Decisions since the last call, one a line: "WORD NAME TYPE PEER NUMBER (NOTE)". */
const char *rig_decisions(struct rig *rig);

/* True if a decision with this word (and note, if not NULL) was made since the last call of
 * rig_decisions. */
bool rig_decided(const struct rig *rig, const char *word, const char *note);

/* Writes a message as rig_ask does. */
void rig_show(struct bytes octets, char *buffer, size_t size);

/* The reply to a question that `reply` describes, parsed; valid until the next call. */
const struct message *rig_compose(const char *name, const char *type, const char *reply);

/* The root of a script: it refers to example., with a name server or two. */
#define ONE_SERVER                                                                                 \
    {                                                                                              \
        "10.0.0.1", "*.example.", "*",                                                             \
            "ns example. 3600 NS ns1.example.\nar ns1.example. 3600 A 10.0.0.2", 0                 \
    }
#define TWO_SERVERS                                                                                \
    {                                                                                              \
        "10.0.0.1", "*.example.", "*",                                                             \
            "ns example. 3600 NS ns1.example.\nns example. 3600 NS ns2.example.\n"                 \
            "ar ns1.example. 3600 A 10.0.0.2\nar ns2.example. 3600 A 10.0.0.3",                    \
            0                                                                                      \
    }

#endif
