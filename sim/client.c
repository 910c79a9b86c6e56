/* The happy path: client_ask makes the client due at once; the wake sends the query; the reply that
 * matches is kept, and the question is ANSWERED. Off it: a time-out sends the next try with twice
 * the patience, until tries_max; a truncated reply, or a question that asks for it, opens a
 * connection; a reset, an end without an answer or nonsense on a connection ends the question. */
#include "sim/client.h"

#include <assert.h>

#include "sim/client_memory.h"
#include "wire/builder.h"
#include "wire/frame.h"

#define QUERY_OCTETS_MAX 512 /* header, longest question and OPT fit */

enum { CLASS_IN = 1, PORT_FIRST = 1024, PORTS = 65536 - PORT_FIRST };

struct client {
    struct machine machine;
    struct client_options options;
    struct client_question question;
    struct client_answer answer;
    instant_ns deadline;
    duration_ns patience; /* of the try under way */
    uint16_t id;
    struct endpoint local;
    bool over_tcp;                /* the try under way is */
    bool connected;               /* a connection from `local` needs an end */
    bool heard;                   /* octets came on it */
    bool malformed;               /* a matching answer was no message */
    struct client_memory *memory; /* NULL without one */
    struct endpoint connected_to;
    struct frame frame;
    uint8_t octets[FRAME_OCTETS_MAX]; /* of the frame, then of the reply */
};

/* --- decisions --- */

static void decide(struct client *client, instant_ns now, const char *what, uint64_t number,
                   const char *note)
{
    const struct client_question *question = &client->question;
    trace_put(client->options.trace, &(struct trace_entry){.at = now,
                                                           .kind = TRACE_DECISION,
                                                           .who = client->options.name,
                                                           .what = what,
                                                           .name = name_bytes(&question->name),
                                                           .type = question->type,
                                                           .peer = question->server,
                                                           .number = number,
                                                           .note = note});
}

static void hang_up(struct client *client, struct outbox *outbox, enum packet_kind kind)
{
    if (client->connected) {
        outbox_end(outbox, &client->local, &client->connected_to, kind);
        client->connected = false;
    }
}

static void end(struct client *client, enum client_state state, const char *why, instant_ns now,
                struct outbox *outbox)
{
    client->answer.state = state;
    client->answer.why = why;
    client->answer.ended_at = now;
    client->deadline = NEVER;
    hang_up(client, outbox, PACKET_CLOSE);
    if (client->memory != NULL && client->question.recursion_desired) {
        client_memory_keep(client->memory, &client->question, &client->answer,
                           instant_after(now, client->options.memory));
    }
}

static void fail(struct client *client, const char *why, instant_ns now, struct outbox *outbox)
{
    decide(client, now, "fail", client->answer.tries, why);
    end(client, CLIENT_FAILED, why, now, outbox);
}

/* --- asking --- */

/* A port and an ID that nobody can guess. False if the client has no address of the server's
 * family. */
static bool choose_local(struct client *client)
{
    const bool is_v6 = client->question.server.address.family == ADDRESS_V6;
    client->local.address = is_v6 ? client->options.v6 : client->options.v4;
    const uint64_t draw = entropy_next(&client->options.entropy);
    client->id = (uint16_t)draw;
    client->local.port = (uint16_t)(PORT_FIRST + (draw >> 16) % PORTS);
    return client->local.address.family != ADDRESS_NONE;
}

/* Writes the query; its size. */
static size_t build(const struct client *client, uint8_t *buffer, size_t capacity)
{
    const struct client_question *question = &client->question;
    const uint16_t flags = (uint16_t)((question->recursion_desired ? MESSAGE_RD : 0) |
                                      (question->checking_disabled ? MESSAGE_CD : 0));
    uint8_t options[CLIENT_SUBNET_OCTETS_MAX];
    size_t options_size = 0;
    client_subnet_append(options, sizeof options, &options_size, &question->subnet);
    const struct edns edns = {.present = question->udp_size > 0,
                              .udp_size = question->udp_size,
                              .version = question->edns_version,
                              .dnssec_ok = question->dnssec_ok,
                              .options = bytes_of(options, options_size)};
    struct builder builder;
    builder_start(&builder, buffer, capacity, client->id, flags);
    builder_question(&builder, &question->name, question->type, CLASS_IN);
    builder_edns(&builder, &edns);
    const size_t size = builder_finish(&builder);
    assert(size > 0);
    return size;
}

static void send_query(struct client *client, struct outbox *outbox)
{
    const struct endpoint *server = &client->question.server;
    const size_t prefix = client->over_tcp ? FRAME_PREFIX_OCTETS : 0;
    uint8_t *room = outbox_room(outbox, prefix + QUERY_OCTETS_MAX, NULL);
    if (room == NULL) {
        return; /* the time-out will try again */
    }
    const size_t size = build(client, room + prefix, QUERY_OCTETS_MAX);
    if (client->over_tcp) {
        frame_prefix(room, size);
        client->connected = true;
        client->connected_to = *server;
    }
    outbox_send(outbox, &client->local, server, client->over_tcp ? TRANSPORT_TCP : TRANSPORT_UDP,
                prefix + size);
}

static void start_connection(struct client *client, struct outbox *outbox)
{
    hang_up(client, outbox, PACKET_RESET);
    choose_local(client);
    frame_start(&client->frame, client->octets, sizeof client->octets);
    client->heard = false;
    client->answer.used_tcp = true;
}

/* Sends the next try; `client->patience` is its own. */
static void try(struct client *client, instant_ns now, struct outbox *outbox)
{
    client->answer.tries++;
    client->deadline = instant_after(now, client->patience);
    decide(client, now, client->over_tcp ? "ask over TCP" : "ask", client->answer.tries, NULL);
    if (client->over_tcp) {
        start_connection(client, outbox);
    }
    send_query(client, outbox);
}

static void start(struct client *client, instant_ns now, struct outbox *outbox)
{
    hang_up(client, outbox, PACKET_RESET);
    if (!choose_local(client)) {
        fail(client, "the client has no address of the server's family", now, outbox);
        return;
    }
    client->over_tcp = client->question.tcp_only;
    client->patience = client->options.timeout;
    try(client, now, outbox);
}

static void run_out(struct client *client, instant_ns now, struct outbox *outbox)
{
    const char *why = client->answer.why;
    if (client->malformed) {
        fail(client, why, now, outbox);
        return;
    }
    if (why == NULL) {
        why = client->over_tcp ? "no answer came over TCP" : "no answer came";
    }
    decide(client, now, "time out", client->answer.tries, why);
    end(client, CLIENT_TIMED_OUT, why, now, outbox);
}

/* The patience of the next try. */
static duration_ns longer(const struct client *client)
{
    const duration_ns twice = instant_after(client->patience, client->patience);
    const duration_ns most = client->options.timeout_most;
    return most > 0 && twice > most ? most : twice;
}

static void wake(struct client *client, instant_ns now, struct outbox *outbox)
{
    if (client->answer.tries == 0) {
        start(client, now, outbox);
    } else if (client->answer.tries >= client->options.tries_max) {
        run_out(client, now, outbox);
    } else {
        client->patience = longer(client);
        try(client, now, outbox);
    }
}

/* --- hearing --- */

static void ignore(struct client *client, const char *why, instant_ns now)
{
    decide(client, now, "ignore", 0, why);
    client->answer.saw_mismatch = true;
    if (!client->malformed) {
        client->answer.why = why;
    }
}

/* What keeps a message from being the answer, or NULL. */
static const char *objection(const struct client *client, const struct message *message)
{
    if (message->opcode != OPCODE_QUERY) {
        return "an answer with another opcode was ignored";
    }
    if (message->counts[SECTION_QUESTION] > 0 &&
        (message->question.type != client->question.type || message->question.rrclass != CLASS_IN ||
         !name_ref_equal(message->question.name, &client->question.name))) {
        return "an answer to another question was ignored";
    }
    return NULL;
}

/* The same for a header. */
static const char *header_objection(const struct client *client, struct bytes octets,
                                    struct message_header *ret)
{
    if (!message_peek(octets, ret)) {
        return "an answer too short for a header was ignored";
    }
    if (ret->id != client->id) {
        return "an answer with another ID was ignored";
    }
    return (ret->flags & MESSAGE_QR) == 0 ? "a query came where an answer was due" : NULL;
}

static void keep(struct client *client, struct bytes octets)
{
    struct client_answer *answer = &client->answer;
    memmove(client->octets, octets.data, octets.size);
    answer->reply = bytes_of(client->octets, octets.size);
    const enum message_mode mode = client->question.lenient ? MESSAGE_LENIENT : MESSAGE_STRICT;
    const bool parsed = message_parse(answer->reply, mode, &answer->parsed, NULL);
    assert(parsed);
}

static void accept(struct client *client, struct bytes octets, instant_ns now,
                   struct outbox *outbox)
{
    keep(client, octets);
    decide(client, now, "answered", client->answer.parsed.rcode, NULL);
    end(client, CLIENT_ANSWERED, NULL, now, outbox);
}

static void turn_to_tcp(struct client *client, instant_ns now, struct outbox *outbox)
{
    client->answer.saw_truncation = true;
    client->over_tcp = true;
    client->patience = client->options.timeout;
    try(client, now, outbox);
}

static void hear_truncated(struct client *client, instant_ns now, struct outbox *outbox)
{
    decide(client, now, "truncated", client->answer.tries, NULL);
    if (client->over_tcp) {
        fail(client, "the answer was truncated over TCP too", now, outbox);
    } else {
        turn_to_tcp(client, now, outbox);
    }
}

static void hear_malformed(struct client *client, enum message_outcome outcome, instant_ns now,
                           struct outbox *outbox)
{
    const char *why = message_outcome_text(outcome);
    if (client->over_tcp) {
        fail(client, why, now, outbox);
        return;
    }
    decide(client, now, "ignore", 0, why);
    client->malformed = true;
    client->answer.why = why;
}

static void hear(struct client *client, struct bytes octets, instant_ns now, struct outbox *outbox)
{
    struct message_header header;
    const char *why = header_objection(client, octets, &header);
    if (why != NULL) {
        ignore(client, why, now);
        return;
    }
    const enum message_mode mode = client->question.lenient ? MESSAGE_LENIENT : MESSAGE_STRICT;
    const bool truncated = (header.flags & MESSAGE_TC) != 0;
    struct message message;
    struct message_error error;
    const bool parsed = message_parse(octets, mode, &message, &error);
    why = parsed ? objection(client, &message) : NULL;
    if (why != NULL) {
        ignore(client, why, now);
    } else if (truncated && !(parsed && client->question.ignore_truncation)) {
        hear_truncated(client, now, outbox);
    } else if (parsed) {
        client->answer.saw_truncation |= truncated;
        accept(client, octets, now, outbox);
    } else {
        hear_malformed(client, error.outcome, now, outbox);
    }
}

static void hear_chunk(struct client *client, struct bytes chunk, instant_ns now,
                       struct outbox *outbox)
{
    client->heard = true;
    while (client->answer.state == CLIENT_WAITING && client->connected) {
        struct bytes message;
        const enum frame_outcome outcome = frame_next(&client->frame, &chunk, &message);
        if (outcome == FRAME_MORE) {
            return;
        }
        if (outcome != FRAME_MESSAGE) {
            fail(client, "the connection carried no DNS messages", now, outbox);
            return;
        }
        hear(client, message, now, outbox);
    }
}

static void hear_end(struct client *client, enum packet_kind kind, instant_ns now,
                     struct outbox *outbox)
{
    const char *why = "the connection was closed without an answer";
    client->answer.was_refused = true;
    if (kind == PACKET_RESET) {
        client->connected = false; /* there is nothing left to end */
        why = client->heard ? "the connection was reset" : "the connection was refused or reset";
    }
    fail(client, why, now, outbox);
}

static void take(struct client *client, const struct packet *packet, instant_ns now,
                 struct outbox *outbox)
{
    const enum transport transport = client->over_tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
    if (packet->transport != transport || !endpoint_equal(&packet->to, &client->local)) {
        return; /* late, and for an earlier question or connection */
    }
    if (!endpoint_equal(&packet->from, &client->question.server)) {
        ignore(client, "an answer from another address was ignored", now);
    } else if (packet->kind != PACKET_DATA) {
        hear_end(client, packet->kind, now, outbox);
    } else if (transport == TRANSPORT_TCP) {
        hear_chunk(client, packet->payload, now, outbox);
    } else {
        hear(client, packet->payload, now, outbox);
    }
}

/* --- the machine --- */

static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct client *client = (struct client *)machine;
    if (client->answer.state != CLIENT_WAITING) {
        return;
    }
    if (event->kind == EVENT_PACKET) {
        if (client->answer.tries > 0) {
            take(client, &event->packet, event->now, outbox);
        }
    } else if (event->now >= client->deadline) {
        wake(client, event->now, outbox);
    }
}

static instant_ns deadline(const struct machine *machine)
{
    return ((const struct client *)machine)->deadline;
}

static const struct machine_ops ops = {.step = step, .deadline = deadline};

struct client *client_new(struct arena *arena, const struct client_options *options)
{
    assert(options->tries_max > 0 && options->timeout > 0);
    struct client *client = ARENA_NEW(arena, struct client);
    if (client == NULL) {
        return NULL;
    }
    client->machine.ops = &ops;
    client->options = *options;
    client->deadline = NEVER;
    if (options->memory > 0) {
        client->memory = ARENA_NEW(arena, struct client_memory);
        return client->memory != NULL ? client : NULL;
    }
    return client;
}

struct machine *client_machine(struct client *client)
{
    return &client->machine;
}

static void forget_answer(struct client *client, enum client_state state)
{
    client->answer = (struct client_answer){.state = state};
    client->malformed = false;
}

/* Ends the question with what is remembered of it. */
static void recall(struct client *client, const struct client_answer *kept, instant_ns now)
{
    const enum client_state state = kept->state;
    const char *why = kept->why;
    if (state == CLIENT_ANSWERED) {
        keep(client, kept->reply);
    }
    client->answer.state = state;
    client->answer.why = why;
    client->answer.ended_at = now;
    client->deadline = NEVER;
    decide(client, now, "remember", 0, why);
}

void client_ask(struct client *client, const struct client_question *question, instant_ns now)
{
    client->question = *question;
    forget_answer(client, CLIENT_WAITING);
    client->answer.asked_at = now;
    client->deadline = now;
    if (client->memory != NULL && question->recursion_desired) {
        const struct client_answer *kept = client_memory_find(client->memory, question, now);
        if (kept != NULL) {
            recall(client, kept, now);
        }
    }
}

const struct client_answer *client_answer(const struct client *client)
{
    return &client->answer;
}

bool client_awaits(const struct client *client, const struct packet *packet)
{
    return client->answer.state == CLIENT_WAITING && endpoint_equal(&packet->to, &client->local) &&
           endpoint_equal(&packet->from, &client->question.server);
}

bool client_is_done(const struct client *client)
{
    return client->answer.state >= CLIENT_ANSWERED;
}

void client_reset(struct client *client)
{
    forget_answer(client, CLIENT_IDLE);
    client->deadline = NEVER;
    client->connected = false;
    if (client->memory != NULL) {
        client_memory_reset(client->memory);
    }
}
