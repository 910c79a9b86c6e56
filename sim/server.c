/* UDP: every datagram is one query. TCP: a connection is its 4-tuple, opened by its first data,
 * with as many queries on it as the client likes, answered in order (RFC 7766). A connection ends
 * when the client ends it, when nothing was asked on it for SERVER_IDLE, when a newcomer finds no
 * place and it has been idle for the longest, or, with a reset, when a query takes longer than
 * SERVER_STALL from its first octet to its last. */
#include "sim/server.h"

#include <assert.h>

#include "sim/compose.h"
#include "wire/frame.h"

#define SERVER_CONNECTIONS_MAX  64
#define SERVER_QUERY_OCTETS_MAX 512 /* of a query that comes over TCP in pieces */
#define SERVER_SCRATCH_OCTETS   ((size_t)32 * 1024)
#define SERVER_IDLE             (10 * NS_PER_S)
#define SERVER_STALL            (3 * NS_PER_S)

struct connection {
    bool open;
    struct endpoint client, server;
    instant_ns due; /* when it ends unless something is asked */
    bool inside;    /* a query has begun and not ended */
    struct frame frame;
    uint8_t octets[SERVER_QUERY_OCTETS_MAX + FRAME_PREFIX_OCTETS];
};

struct server {
    struct machine machine;
    const char *name;
    struct trace *trace;
    const struct zone *const *zones;
    size_t zone_count;
    struct shelf shelf;
    struct arena scratch;
    struct rng rng;
    struct counts counts;
    struct draft draft;
    instant_ns due;
    size_t used; /* connections in use lie below this */
    struct connection connections[SERVER_CONNECTIONS_MAX];
};

/* --- one query --- */

/* What is left of a query that is no sound message: enough to turn it down. False if it must not
 * be answered at all: no header, or an answer itself. */
static bool read_query(struct bytes octets, struct message *ret)
{
    struct message_header header;
    if (!message_peek(octets, &header) || (header.flags & MESSAGE_QR) != 0) {
        return false;
    }
    if (!message_parse(octets, MESSAGE_STRICT, ret, NULL)) {
        *ret = (struct message){
            .octets = octets,
            .id = header.id,
            .flags = header.flags,
            .opcode = (uint8_t)((header.flags & MESSAGE_OPCODE_MASK) >> MESSAGE_OPCODE_SHIFT),
        };
    }
    return true;
}

/* The largest reply that can be due. */
static size_t room_needed(const struct draft *draft, enum transport transport)
{
    if (transport == TRANSPORT_TCP) {
        return FRAME_OCTETS_MAX;
    }
    const size_t said = draft->udp_size_max;
    return (said > EDNS_UDP_SIZE ? said : EDNS_UDP_SIZE) + draft->trailing.size;
}

/* Encodes into the outbox, behind a length prefix over TCP; false if there is no room. */
static bool send_draft(struct server *server, const struct message *query,
                       const struct packet *packet, struct outbox *outbox)
{
    const size_t prefix = packet->transport == TRANSPORT_TCP ? FRAME_PREFIX_OCTETS : 0;
    size_t size;
    uint8_t *room = outbox_room(outbox, room_needed(&server->draft, packet->transport), &size);
    if (room == NULL) {
        return false;
    }
    size = draft_encode(&server->draft, query, packet->transport, room + prefix, size - prefix);
    if (size == 0) {
        return true;
    }
    if (prefix > 0) {
        frame_prefix(room, size);
    }
    return outbox_send(outbox, &packet->to, &packet->from, packet->transport, size + prefix);
}

/* Answers one query. False if the outbox had no room. */
static bool answer(struct server *server, struct bytes octets, const struct packet *packet,
                   instant_ns now, struct outbox *outbox)
{
    struct message query;
    if (!read_query(octets, &query)) {
        return true;
    }
    const struct composer composer = {
        .shelf = &server->shelf,
        .server = server->name,
        .trace = server->trace,
        .zones = server->zones,
        .zone_count = server->zone_count,
        .scratch = &server->scratch,
        .rng = &server->rng,
        .counts = &server->counts,
    };
    const struct asker asker = {
        .client = &packet->from,
        .transport = packet->transport,
        .now = now,
    };
    arena_reset(&server->scratch);
    compose(&composer, &query, &asker, &server->draft);
    return server->draft.silent || send_draft(server, &query, packet, outbox);
}

static void take_datagram(struct server *server, const struct packet *packet, instant_ns now,
                          struct outbox *outbox)
{
    if (packet->kind == PACKET_DATA && !port_is_reflector(packet->from.port)) {
        answer(server, packet->payload, packet, now, outbox);
    }
}

/* --- connections --- */

static void note_due(struct server *server)
{
    server->due = NEVER;
    for (size_t i = 0; i < server->used; i++) {
        const struct connection *connection = &server->connections[i];
        if (connection->open) {
            server->due = instant_earlier(server->due, connection->due);
        }
    }
}

static struct connection *find_connection(struct server *server, const struct packet *packet)
{
    for (size_t i = 0; i < server->used; i++) {
        struct connection *connection = &server->connections[i];
        if (connection->open && endpoint_equal(&connection->client, &packet->from) &&
            endpoint_equal(&connection->server, &packet->to)) {
            return connection;
        }
    }
    return NULL;
}

/* One on which no query is under way, silent for the longest; NULL if there is none. */
static struct connection *find_idle(struct server *server)
{
    struct connection *idle = NULL;
    for (size_t i = 0; i < server->used; i++) {
        struct connection *connection = &server->connections[i];
        if (connection->open && !connection->inside &&
            (idle == NULL || connection->due < idle->due)) {
            idle = connection;
        }
    }
    return idle;
}

/* A free place; who is idle gives way. NULL if everybody is in the midst of a query. */
static struct connection *take_place(struct server *server, struct outbox *outbox)
{
    size_t i = 0;
    while (i < server->used && server->connections[i].open) {
        i++;
    }
    if (i < SERVER_CONNECTIONS_MAX) {
        server->used = i == server->used ? i + 1 : server->used;
        return &server->connections[i];
    }
    struct connection *idle = find_idle(server);
    if (idle != NULL) {
        outbox_end(outbox, &idle->server, &idle->client, PACKET_CLOSE);
    }
    return idle;
}

/* A new connection, NULL if there are too many. */
static struct connection *open_connection(struct server *server, const struct packet *packet,
                                          instant_ns now, struct outbox *outbox)
{
    struct connection *connection = take_place(server, outbox);
    if (connection == NULL) {
        return NULL;
    }
    connection->open = true;
    connection->client = packet->from;
    connection->server = packet->to;
    connection->due = instant_after(now, SERVER_IDLE);
    connection->inside = false;
    frame_start(&connection->frame, connection->octets, sizeof connection->octets);
    return connection;
}

static void forget_connection(struct server *server, struct connection *connection)
{
    connection->open = false;
    while (server->used > 0 && !server->connections[server->used - 1].open) {
        server->used--;
    }
}

static void end_connection(struct server *server, struct connection *connection,
                           enum packet_kind kind, struct outbox *outbox)
{
    outbox_end(outbox, &connection->server, &connection->client, kind);
    forget_connection(server, connection);
}

/* Sets when the connection ends: a query under way has SERVER_STALL from its start, whatever
 * trickles in. */
static void set_due(struct connection *connection, bool answered, instant_ns now)
{
    const bool inside = frame_is_inside(&connection->frame);
    if (inside && (answered || !connection->inside)) {
        connection->due = instant_after(now, SERVER_STALL);
    } else if (!inside) {
        connection->due = instant_after(now, SERVER_IDLE);
    }
    connection->inside = inside;
}

static void take_stream(struct server *server, struct connection *connection,
                        const struct packet *packet, instant_ns now, struct outbox *outbox)
{
    struct bytes chunk = packet->payload;
    struct bytes query;
    enum frame_outcome outcome = frame_next(&connection->frame, &chunk, &query);
    bool answered = false;
    while (outcome == FRAME_MESSAGE) {
        if (!answer(server, query, packet, now, outbox)) {
            end_connection(server, connection, PACKET_RESET, outbox);
            return;
        }
        answered = true;
        outcome = frame_next(&connection->frame, &chunk, &query);
    }
    if (outcome != FRAME_MORE) {
        end_connection(server, connection, PACKET_RESET, outbox);
        return;
    }
    set_due(connection, answered, now);
}

static void take_segment(struct server *server, const struct packet *packet, instant_ns now,
                         struct outbox *outbox)
{
    struct connection *connection = find_connection(server, packet);
    if (packet->kind == PACKET_DATA) {
        if (connection == NULL) {
            connection = open_connection(server, packet, now, outbox);
        }
        if (connection == NULL) {
            outbox_end(outbox, &packet->to, &packet->from, PACKET_RESET);
            return;
        }
        take_stream(server, connection, packet, now, outbox);
    } else if (connection != NULL && packet->kind == PACKET_CLOSE) {
        end_connection(server, connection, PACKET_CLOSE, outbox);
    } else if (connection != NULL) {
        forget_connection(server, connection);
    }
    note_due(server);
}

static void end_overdue(struct server *server, instant_ns now, struct outbox *outbox)
{
    for (size_t i = server->used; i > 0; i--) {
        struct connection *connection = &server->connections[i - 1];
        if (connection->open && connection->due <= now) {
            end_connection(server, connection, connection->inside ? PACKET_RESET : PACKET_CLOSE,
                           outbox);
        }
    }
    note_due(server);
}

/* --- the machine --- */

static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct server *server = (struct server *)machine;
    if (event->kind == EVENT_WAKE) {
        end_overdue(server, event->now, outbox);
    } else if (event->packet.transport == TRANSPORT_UDP) {
        take_datagram(server, &event->packet, event->now, outbox);
    } else {
        take_segment(server, &event->packet, event->now, outbox);
    }
}

static instant_ns deadline(const struct machine *machine)
{
    return ((const struct server *)machine)->due;
}

static const struct machine_ops server_ops = {.step = step, .deadline = deadline};

struct server *server_new(struct arena *arena, const struct server_options *options)
{
    struct server *server = ARENA_NEW(arena, struct server);
    if (server == NULL || !shelf_init(&server->shelf, arena, options->served_max) ||
        !arena_carve(arena, SERVER_SCRATCH_OCTETS, &server->scratch)) {
        return NULL;
    }
    server->machine.ops = &server_ops;
    server->name = options->name;
    server->trace = options->trace;
    server->zones = options->zones;
    server->zone_count = options->zone_count;
    server_reset(server, options->seed);
    return server;
}

struct machine *server_machine(struct server *server)
{
    return &server->machine;
}

bool server_serve(struct server *server, const struct served_zone *served)
{
    return shelf_put(&server->shelf, served);
}

void server_withdraw(struct server *server, const struct name *apex)
{
    shelf_remove(&server->shelf, apex);
}

void server_withdraw_all(struct server *server)
{
    shelf_clear(&server->shelf);
}

void server_set_zones(struct server *server, const struct zone *const *zones, size_t zone_count)
{
    server->zones = zones;
    server->zone_count = zone_count;
}

void server_reset(struct server *server, uint64_t seed)
{
    for (size_t i = 0; i < server->used; i++) {
        server->connections[i].open = false;
    }
    server->used = 0;
    server->due = NEVER;
    arena_reset(&server->scratch);
    counts_reset(&server->counts);
    rng_seed(&server->rng, seed, bytes_of_string(server->name));
}
