/* Takes clients' queries, refuses what is none or none of ours, and hands the rest to a lookup. */
#include "resolver/service.h"

#include <assert.h>

#include "resolver/context.h"
#include "resolver/lookups.h"
#include "wire/rrtype.h"

#define TYPE_NXNAME 128 /* RFC 9824: a denial says by it that there is no such name */

/* --- queries --- */

/* How a query is refused. */
struct refusal {
    uint16_t rcode; /* RCODE_NOERROR: it is to be resolved */
    uint16_t code;  /* EDE_… */
    const char *sentence;
};

/* Of a query that is a message. */
static struct refusal why_refused(const struct message *query, const struct policy *policy)
{
    if (query->opcode != OPCODE_QUERY) {
        return (struct refusal){RCODE_NOTIMP, EDE_NOT_SUPPORTED, "no opcode but QUERY"};
    }
    if (query->edns.present && query->edns.version > 0) {
        return (struct refusal){RCODE_BADVERS, EDE_NOT_SUPPORTED, "no EDNS version but 0"};
    }
    if (query->counts[SECTION_ANSWER] > 0 || query->counts[SECTION_AUTHORITY] > 0) {
        return (struct refusal){RCODE_FORMERR, EDE_OTHER, "a query has no answers"};
    }
    if (query->question.rrclass != RRCLASS_IN) {
        return (struct refusal){RCODE_REFUSED, EDE_NOT_SUPPORTED, "no class but IN"};
    }
    if ((query->flags & MESSAGE_RD) == 0 && !policy->snooping) { /* RFC 8914 4.21 */
        return (struct refusal){RCODE_REFUSED, EDE_NOT_AUTHORITATIVE, "no recursion desired"};
    }
    if (query->question.type == TYPE_NXNAME) { /* RFC 9824 3.5 */
        return (struct refusal){RCODE_FORMERR, EDE_INVALID_QUERY_TYPE, "nobody may ask for NXNAME"};
    }
    if (rrtype_is_meta(query->question.type) && query->question.type != RRTYPE_ANY) {
        return (struct refusal){RCODE_REFUSED, EDE_NOT_SUPPORTED, "no meta type but ANY"};
    }
    return (struct refusal){.rcode = RCODE_NOERROR};
}

/* Who sent `packet`, as far as that can be said before the message is read. */
static struct asker asker_of(const struct packet *packet, uint16_t id, uint16_t flags)
{
    struct asker asker;
    asker.client = packet->from;
    asker.local = packet->to;
    asker.transport = packet->transport;
    asker.id = id;
    asker.flags = flags;
    asker.edns = (struct edns){.present = false};
    asker.dnssec_ok = false;
    asker.has_question = false;
    return asker;
}

static void take_message(struct context *context, const struct packet *packet,
                         const struct message *query)
{
    struct asker asker = asker_of(packet, query->id, query->flags);
    asker.has_question = true;
    asker.type = query->question.type;
    asker.rrclass = query->question.rrclass;
    asker.edns = query->edns;
    asker.edns.options = bytes_of(NULL, 0);
    asker.dnssec_ok = query->edns.dnssec_ok && context->policy.dnssec_ok;
    name_expand(query->question.name, &asker.name);
    context->counters.client_queries++;
    TELL(context, .what = "query", .name = name_bytes(&asker.name), .type = asker.type,
         .peer = asker.client, .note = asker.transport == TRANSPORT_TCP ? "over TCP" : NULL);
    const struct refusal refusal = why_refused(query, &context->policy);
    if (refusal.rcode != RCODE_NOERROR) {
        answer_refuse(context, &asker, refusal.rcode, refusal.code, refusal.sentence);
        return;
    }
    lookups_ask(context, &asker);
}

/* Answers are never answered, not even with an error. */
static void take_query(struct context *context, const struct packet *packet, struct bytes octets)
{
    struct message_header header;
    struct message query;
    if (!message_peek(octets, &header) || (header.flags & MESSAGE_QR) != 0) {
        return;
    }
    if (message_parse(octets, MESSAGE_STRICT, &query, NULL)) {
        take_message(context, packet, &query);
        return;
    }
    const struct asker asker = asker_of(packet, header.id, header.flags);
    const bool is_query = (header.flags & MESSAGE_OPCODE_MASK) == 0;
    context->counters.client_queries++;
    answer_refuse(context, &asker, is_query ? RCODE_FORMERR : RCODE_NOTIMP, EDE_OTHER, NULL);
}

/* --- connections --- */

bool service_init(struct service *service, struct arena *arena, uint32_t connection_max)
{
    service->connections = ARENA_NEW_ARRAY(arena, struct connection, connection_max);
    service->connection_max = connection_max;
    service->open_count = 0;
    return service->connections != NULL;
}

void service_reset(struct service *service)
{
    for (uint32_t i = 0; service->open_count > 0 && i < service->connection_max; i++) {
        service->open_count -= service->connections[i].open;
        service->connections[i].open = false;
    }
}

static struct connection *find_connection(const struct service *service,
                                          const struct packet *packet)
{
    uint32_t left = service->open_count;
    for (uint32_t i = 0; left > 0; i++) {
        struct connection *connection = &service->connections[i];
        left -= connection->open;
        if (connection->open && endpoint_equal(&connection->client, &packet->from) &&
            endpoint_equal(&connection->local, &packet->to)) {
            return connection;
        }
    }
    return NULL;
}

static void close_connection(struct context *context, struct service *service,
                             struct connection *connection, bool tell_client)
{
    if (tell_client) {
        outbox_end(context->outbox, &connection->local, &connection->client, PACKET_CLOSE);
    }
    lookups_client_gone(context->lookups, &connection->client);
    connection->open = false;
    service->open_count--;
}

/* A free connection; the one silent for longest makes room. */
static struct connection *take_connection(struct context *context, struct service *service)
{
    struct connection *silent = &service->connections[0];
    for (uint32_t i = 0; i < service->connection_max; i++) {
        struct connection *connection = &service->connections[i];
        if (!connection->open) {
            return connection;
        }
        if (connection->heard < silent->heard) {
            silent = connection;
        }
    }
    close_connection(context, service, silent, true);
    return silent;
}

static struct connection *open_connection(struct context *context, struct service *service,
                                          const struct packet *packet)
{
    struct connection *connection = take_connection(context, service);
    connection->open = true;
    connection->client = packet->from;
    connection->local = packet->to;
    frame_start(&connection->frame, connection->octets, sizeof connection->octets);
    service->open_count++;
    return connection;
}

static void take_chunk(struct context *context, struct service *service,
                       struct connection *connection, const struct packet *packet)
{
    struct bytes chunk = packet->payload;
    struct bytes octets;
    connection->heard = context->now;
    for (;;) {
        switch (frame_next(&connection->frame, &chunk, &octets)) {
        case FRAME_MORE: return;
        case FRAME_MESSAGE: take_query(context, packet, octets); break;
        default: close_connection(context, service, connection, true); return;
        }
    }
}

static void receive_segment(struct context *context, struct service *service,
                            const struct packet *packet)
{
    struct connection *connection = find_connection(service, packet);
    if (packet->kind != PACKET_DATA) {
        if (connection != NULL) {
            close_connection(context, service, connection, packet->kind == PACKET_CLOSE);
        }
        return;
    }
    if (connection == NULL) {
        connection = open_connection(context, service, packet);
    }
    take_chunk(context, service, connection, packet);
}

void service_receive(struct context *context, struct service *service, const struct packet *packet)
{
    if (packet->transport == TRANSPORT_TCP) {
        receive_segment(context, service, packet);
    } else if (packet->kind == PACKET_DATA && !port_is_reflector(packet->from.port)) {
        take_query(context, packet, packet->payload);
    }
}

instant_ns service_deadline(const struct service *service, duration_ns idle_max)
{
    instant_ns due = NEVER;
    uint32_t left = service->open_count;
    for (uint32_t i = 0; left > 0; i++) {
        const struct connection *connection = &service->connections[i];
        left -= connection->open;
        if (connection->open) {
            due = instant_earlier(due, instant_after(connection->heard, idle_max));
        }
    }
    return due;
}

void service_wake(struct context *context, struct service *service)
{
    for (uint32_t i = 0; service->open_count > 0 && i < service->connection_max; i++) {
        struct connection *connection = &service->connections[i];
        if (connection->open &&
            instant_after(connection->heard, context->policy.tcp_idle_max) <= context->now) {
            close_connection(context, service, connection, true);
        }
    }
}
