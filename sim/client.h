/* The stub that asks and remembers: one question at a time to one server, with retries, growing
 * time-outs, and TCP after a truncated answer (RFC 1123 6.1.3.2, RFC 7766).
 *
 * All tries of a question over UDP use one port and one ID, as resolver libraries do, so that a
 * late answer to the first try still counts; each connection has a port and an ID of its own. An
 * answer must come from the server asked, to the port that asked, with the ID, QR set, the opcode
 * and the question (any ASCII case). What does not is ignored and remembered in `why`. What matches
 * so far but is no message is ignored too, over UDP, and makes the question FAILED instead of
 * TIMED_OUT if nothing better comes; over TCP it ends the question. A TC bit is believed also in a
 * datagram that is cut inside a record. *
 * With a memory the client does not ask again what it was told before, or was not told: the
 * question then ends at once, without a packet. Only what was asked of a resolver is kept. */
#ifndef FAULTZONE_SIM_CLIENT_H
#define FAULTZONE_SIM_CLIENT_H

#include "base/arena.h"
#include "base/entropy.h"
#include "base/machine.h"
#include "base/trace.h"
#include "wire/message.h"
#include "wire/name.h"

struct client_question {
    struct name name;
    uint16_t type;
    struct endpoint server; /* whom to ask */
    bool recursion_desired;
    bool checking_disabled;
    bool dnssec_ok;
    uint16_t udp_size;    /* EDNS payload size; 0 asks without EDNS */
    uint8_t edns_version; /* 0 is the only one there is */
    bool tcp_only;
    bool ignore_truncation;      /* keep a TC answer instead of asking over TCP */
    bool lenient;                /* also take answers that only lenient parsing accepts */
    struct client_subnet subnet; /* for whom it is asked, with EDNS; no address: not said */
};

enum client_state {
    CLIENT_IDLE,     /* nothing was asked since the reset */
    CLIENT_WAITING,  /* no answer yet */
    CLIENT_ANSWERED, /* `reply` holds a matching, parsable answer */
    CLIENT_TIMED_OUT,
    CLIENT_FAILED, /* TCP refused or reset, or every answer unparsable; `why` says which */
};

struct client_answer {
    enum client_state state;
    struct bytes reply;    /* the client's copy; stays until the next question */
    struct message parsed; /* of `reply`, while ANSWERED */
    const char *why;       /* static, for FAILED and TIMED_OUT: a sentence without full stop */
    instant_ns asked_at, ended_at;
    unsigned tries; /* datagrams and connections sent */
    bool used_tcp, saw_truncation;
    bool was_refused;  /* nobody listens there, or the connection was ended */
    bool saw_mismatch; /* an answer was ignored: another ID, source or question */
};

struct client_options {
    const char *name;      /* the seat's */
    struct address v4, v6; /* its own; the family of the server's address chooses */
    struct trace *trace;   /* may be NULL */
    struct entropy entropy;
    duration_ns timeout;      /* of the first try; doubles with every further one */
    duration_ns timeout_most; /* no try's is longer; 0: any may be */
    unsigned tries_max;
    duration_ns memory; /* how long what a recursive resolver said is kept; 0: not at all */
};

/* 5 s and 3 tries: what OpenDKIM's and dkimpy's stubs wait at least (RFC 1536 2 asks for growth).
 */
#define CLIENT_TIMEOUT_DEFAULT   (5 * NS_PER_S)
#define CLIENT_TRIES_MAX_DEFAULT 3

struct client;

/* A client in memory of `arena` (about 70 KB untouched until used); NULL if exhausted. */
struct client *client_new(struct arena *arena, const struct client_options *options);

struct machine *client_machine(struct client *client);

/* Puts a question; its first packet leaves at the client's next wake, which is due at `now`. Any
 * question under way is forgotten, and its late answers are ignored. */
void client_ask(struct client *client, const struct client_question *question, instant_ns now);

/* What became of the last question. Valid until the next one. */
const struct client_answer *client_answer(const struct client *client);

/* True once the last question has ended, one way or another. */
bool client_is_done(const struct client *client);

/* True if the client waits, and for packets of this way: from whom it asked, to where it asked
 * from. */
bool client_awaits(const struct client *client, const struct packet *packet);

void client_reset(struct client *client);

#endif
