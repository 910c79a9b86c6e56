/* One question to one server, and what counts as its reply. */
#include "resolver/exchange.h"

#include <assert.h>

#include "resolver/context.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

#define QUERY_OCTETS_MAX 512
#define SERVER_PORT      53
#define PORT_LEAST       1024U
#define PORT_DRAWS_MAX   16

/* --- the table --- */

bool exchanges_init(struct exchanges *exchanges, struct arena *arena, uint32_t stream_count)
{
    *exchanges = (struct exchanges){.stream_count = stream_count};
    exchanges->streams = ARENA_NEW_ARRAY(arena, struct stream, stream_count);
    if (exchanges->streams == NULL) {
        return false;
    }
    exchanges_reset(exchanges);
    return true;
}

void exchanges_reset(struct exchanges *exchanges)
{
    if (exchanges->open_count > 0) {
        memset(exchanges->buckets, 0, sizeof exchanges->buckets);
    }
    exchanges->open_count = 0;
    exchanges->last_serial = 0;
    exchanges->free_streams = NULL;
    for (uint32_t i = exchanges->stream_count; i-- > 0;) {
        exchanges->streams[i].next_free = exchanges->free_streams;
        exchanges->free_streams = &exchanges->streams[i];
    }
}

static struct exchange **bucket_of(struct exchanges *exchanges, uint16_t port)
{
    return &exchanges->buckets[port % EXCHANGE_BUCKETS];
}

static bool port_is_taken(const struct exchanges *exchanges, uint16_t port)
{
    const struct exchange *other = exchanges->buckets[port % EXCHANGE_BUCKETS];
    while (other != NULL && other->local.port != port) {
        other = other->next;
    }
    return other != NULL;
}

struct exchange *exchange_find(const struct exchanges *exchanges, const struct packet *packet)
{
    struct exchange *exchange = exchanges->buckets[packet->to.port % EXCHANGE_BUCKETS];
    while (exchange != NULL) {
        if (exchange->transport == packet->transport &&
            endpoint_equal(&exchange->local, &packet->to) &&
            endpoint_equal(&exchange->server, &packet->from)) {
            return exchange;
        }
        exchange = exchange->next;
    }
    return NULL;
}

/* --- asking --- */

/* A fresh ID and a port that no other exchange has. */
static void draw_identity(struct context *context, struct exchange *exchange)
{
    for (int i = 0; i < PORT_DRAWS_MAX; i++) {
        const uint64_t bits = entropy_next(&context->entropy);
        exchange->id = (uint16_t)bits;
        exchange->local.port =
            (uint16_t)(PORT_LEAST + (uint32_t)(bits >> 32) % (UINT16_MAX + 1U - PORT_LEAST));
        if (!port_is_taken(&context->exchanges, exchange->local.port)) {
            return;
        }
    }
}

static bool is_letter(uint8_t octet)
{
    return (octet | 0x20) >= 'a' && (octet | 0x20) <= 'z';
}

/* The name in random letter case. At least one letter is a capital, so that what comes of a server
 * that writes all in small ones is no matter of chance. */
static void draw_case(struct context *context, struct exchange *exchange)
{
    struct name *sent = &exchange->sent;
    uint8_t *first = NULL;
    uint8_t capitals = 0;
    uint64_t bits = 0;
    uint32_t left = 0;
    name_copy(sent, exchange->name);
    for (uint32_t i = 0; i < sent->size; i++) { /* no length octet is a letter */
        uint8_t *octet = &sent->octets[i];
        if (!is_letter(*octet)) {
            continue;
        }
        if (left == 0) {
            bits = entropy_next(&context->entropy);
            left = 64;
        }
        const bool capital = (bits & 1) != 0;
        bits >>= 1;
        left--;
        first = first != NULL ? first : octet;
        capitals |= capital;
        *octet = (uint8_t)(capital ? *octet & ~0x20U : *octet | 0x20U);
    }
    if (capitals == 0 && first != NULL) {
        *first = (uint8_t)(*first & ~0x20U);
    }
}

static size_t build_query(struct context *context, const struct exchange *exchange, uint8_t *octets)
{
    struct builder *builder = &context->builder;
    const struct edns edns = {.present = exchange->edns,
                              .dnssec_ok = exchange->dnssec_ok,
                              .udp_size = (uint16_t)context->policy.edns_size};
    builder_start(builder, octets, QUERY_OCTETS_MAX, exchange->id, 0);
    builder_question(builder, exchange->mixed_case ? &exchange->sent : exchange->name,
                     exchange->type, RRCLASS_IN);
    builder_edns(builder, &edns);
    const size_t size = builder_finish(builder);
    assert(size > 0);
    return size;
}

static bool send_query(struct context *context, const struct exchange *exchange)
{
    const size_t prefix = exchange->transport == TRANSPORT_TCP ? FRAME_PREFIX_OCTETS : 0;
    uint8_t *room = outbox_room(context->outbox, prefix + QUERY_OCTETS_MAX, NULL);
    if (room == NULL) {
        return false;
    }
    const size_t size = build_query(context, exchange, room + prefix);
    if (prefix > 0) {
        frame_prefix(room, size);
    }
    return outbox_send(context->outbox, &exchange->local, &exchange->server, exchange->transport,
                       prefix + size);
}

/* A receiving end for a connection; true at once for UDP. */
static bool take_stream(struct context *context, struct exchange *exchange)
{
    struct stream *stream = context->exchanges.free_streams;
    exchange->stream = NULL;
    if (exchange->transport == TRANSPORT_UDP) {
        return true;
    }
    if (stream == NULL) {
        exchange->oddity = "not asked: too many connections";
        return false;
    }
    context->exchanges.free_streams = stream->next_free;
    stream->heard = false;
    frame_start(&stream->frame, stream->octets, sizeof stream->octets);
    exchange->stream = stream;
    return true;
}

static void give_stream_back(struct context *context, struct exchange *exchange)
{
    if (exchange->stream != NULL) {
        exchange->stream->next_free = context->exchanges.free_streams;
        context->exchanges.free_streams = exchange->stream;
        exchange->stream = NULL;
    }
}

bool exchange_open(struct context *context, struct exchange *exchange, const struct address *server,
                   enum transport transport, bool edns, duration_ns timeout)
{
    assert(!exchange->open);
    exchange->transport = transport;
    exchange->edns = edns;
    exchange->plain_advised = false;
    exchange->near_misses = 0;
    exchange->case_lost = false;
    exchange->oddity = NULL;
    exchange->server = (struct endpoint){.address = *server, .port = SERVER_PORT};
    exchange->local.address =
        server->family == ADDRESS_V4 ? context->options.v4 : context->options.v6;
    exchange->asked_at = context->now;
    exchange->expires_at = instant_after(context->now, timeout);
    if (!take_stream(context, exchange)) {
        return false;
    }
    draw_identity(context, exchange);
    if (exchange->mixed_case) {
        draw_case(context, exchange);
    }
    if (!send_query(context, exchange)) {
        exchange->oddity = "not asked: no room to send";
        give_stream_back(context, exchange);
        return false;
    }
    struct exchange **bucket = bucket_of(&context->exchanges, exchange->local.port);
    exchange->next = *bucket;
    *bucket = exchange;
    exchange->open = true;
    exchange->serial = ++context->exchanges.last_serial;
    context->exchanges.open_count++;
    return true;
}

void exchange_close(struct context *context, struct exchange *exchange)
{
    assert(exchange->open);
    struct exchange **link = bucket_of(&context->exchanges, exchange->local.port);
    while (*link != exchange) {
        link = &(*link)->next;
    }
    *link = exchange->next;
    exchange->open = false;
    context->exchanges.open_count--;
    if (exchange->transport == TRANSPORT_TCP) {
        outbox_end(context->outbox, &exchange->local, &exchange->server, PACKET_CLOSE);
        give_stream_back(context, exchange);
    }
}

/* --- receiving --- */

static bool fits_question(const struct exchange *exchange, const struct message *message)
{
    return message->opcode == OPCODE_QUERY && message->counts[SECTION_QUESTION] == 1 &&
           message->question.type == exchange->type && message->question.rrclass == RRCLASS_IN &&
           name_ref_equal(message->question.name, exchange->name);
}

static bool keeps_case(const struct exchange *exchange, const struct message *message)
{
    return !exchange->mixed_case || name_ref_identical(message->question.name, &exchange->sent);
}

static bool advises_plain(uint16_t flags)
{
    const uint16_t rcode = flags & MESSAGE_RCODE_MASK;
    return rcode == RCODE_FORMERR || rcode == RCODE_NOTIMP;
}

static enum exchange_outcome doubt(const char **ret_why, const char *why)
{
    *ret_why = why;
    return EXCHANGE_DOUBT;
}

static enum exchange_outcome overlook(struct context *context)
{
    context->counters.unmatched_replies++;
    return EXCHANGE_WAITS;
}

/* Octets with the right ID that are no message. */
static enum exchange_outcome receive_unreadable(struct context *context, struct exchange *exchange,
                                                const struct message_header *header,
                                                enum message_outcome outcome, const char **ret_why)
{
    const bool no_question = outcome == MESSAGE_HEADER_ONLY || outcome == MESSAGE_QUESTION_MISSING;
    if (no_question && advises_plain(header->flags)) {
        exchange->plain_advised = true;
        exchange->oddity = "FORMERR or NOTIMP without a question";
        return EXCHANGE_WAITS;
    }
    TELL(context, .what = "malformed", .name = name_bytes(exchange->name), .type = exchange->type,
         .peer = exchange->server, .note = message_outcome_text(outcome));
    exchange->oddity = "malformed reply";
    if ((header->flags & MESSAGE_TC) != 0) {
        return doubt(ret_why, "a truncated reply that ends inside a record");
    }
    return overlook(context);
}

static enum exchange_outcome receive_datagram(struct context *context, struct exchange *exchange,
                                              struct bytes octets, struct message *ret,
                                              const char **ret_why)
{
    struct message_header header;
    struct message_error error;
    if (!message_peek(octets, &header) || (header.flags & MESSAGE_QR) == 0) {
        return overlook(context);
    }
    if (header.id != exchange->id) {
        context->counters.unmatched_replies++;
        const bool enough = ++exchange->near_misses >= context->policy.near_miss_max;
        return enough ? doubt(ret_why, "a reply with a wrong ID") : EXCHANGE_WAITS;
    }
    if (!message_parse(octets, MESSAGE_STRICT, ret, &error)) {
        return receive_unreadable(context, exchange, &header, error.outcome, ret_why);
    }
    if (!fits_question(exchange, ret)) {
        exchange->oddity = "a reply to another question";
        return overlook(context);
    }
    if (!keeps_case(exchange, ret)) {
        exchange->case_lost = true;
        context->counters.unmatched_replies++;
        return doubt(ret_why, "a reply in another letter case");
    }
    return EXCHANGE_REPLY;
}

static enum exchange_outcome broken(const char **ret_why, const char *why)
{
    *ret_why = why;
    return EXCHANGE_BROKEN;
}

static enum exchange_outcome receive_octets(struct context *context, struct exchange *exchange,
                                            struct bytes chunk, struct message *ret,
                                            const char **ret_why)
{
    struct stream *stream = exchange->stream;
    struct bytes octets;
    stream->heard = true;
    for (;;) {
        switch (frame_next(&stream->frame, &chunk, &octets)) {
        case FRAME_MORE: return EXCHANGE_WAITS;
        case FRAME_MESSAGE: break;
        default: return broken(ret_why, "malformed stream");
        }
        if (!message_parse(octets, MESSAGE_STRICT, ret, NULL)) {
            return broken(ret_why, "malformed reply");
        }
        if (message_is_response(ret) && ret->id == exchange->id && fits_question(exchange, ret)) {
            exchange->case_lost = !keeps_case(exchange, ret);
            return EXCHANGE_REPLY;
        }
        exchange->oddity = "a reply to another question";
        context->counters.unmatched_replies++;
    }
}

enum exchange_outcome exchange_receive(struct context *context, struct exchange *exchange,
                                       const struct packet *packet, struct message *ret,
                                       const char **ret_why)
{
    assert(exchange->open);
    if (exchange->transport == TRANSPORT_UDP && packet->kind != PACKET_DATA) {
        return broken(ret_why, "unreachable");
    }
    if (exchange->transport == TRANSPORT_UDP) {
        return receive_datagram(context, exchange, packet->payload, ret, ret_why);
    }
    switch (packet->kind) {
    case PACKET_DATA: return receive_octets(context, exchange, packet->payload, ret, ret_why);
    case PACKET_CLOSE: return broken(ret_why, "connection closed");
    case PACKET_RESET: break;
    }
    return broken(ret_why, exchange->stream->heard ? "connection reset" : "connection refused");
}
