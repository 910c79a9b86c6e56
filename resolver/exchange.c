/* One question to one server, and what counts as its reply. */
#include "resolver/exchange.h"

#include <assert.h>

#include "resolver/context.h"
#include "resolver/cookie.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

#define QUERY_OCTETS_MAX   512
#define OPTION_HEAD_OCTETS 4
#define SERVER_PORT        53
#define PORT_LEAST         1024U
#define PORT_DRAWS_MAX     16

/* --- the table --- */

void exchanges_reset(struct exchanges *exchanges)
{
    if (exchanges->open_count > 0) {
        memset(exchanges->buckets, 0, sizeof exchanges->buckets);
    }
    exchanges->open_count = 0;
    exchanges->last_serial = 0;
}

static struct exchange **bucket_of(struct exchanges *exchanges, uint16_t port)
{
    return &exchanges->buckets[port % EXCHANGE_BUCKETS];
}

static bool port_is_taken(const struct context *context, uint16_t port)
{
    const struct exchange *other = context->exchanges.buckets[port % EXCHANGE_BUCKETS];
    while (other != NULL && other->local.port != port) {
        other = other->next;
    }
    return other != NULL || upstreams_have_port(&context->upstreams, port);
}

struct exchange *exchange_find(const struct exchanges *exchanges, const struct packet *packet)
{
    struct exchange *exchange = exchanges->buckets[packet->to.port % EXCHANGE_BUCKETS];
    while (exchange != NULL) {
        if (exchange->transport == TRANSPORT_UDP && packet->transport == TRANSPORT_UDP &&
            endpoint_equal(&exchange->local, &packet->to) &&
            endpoint_equal(&exchange->server, &packet->from)) {
            return exchange;
        }
        exchange = exchange->next;
    }
    return NULL;
}

struct exchange *exchange_on(const struct exchanges *exchanges, uint32_t upstream_serial,
                             uint16_t port)
{
    struct exchange *exchange = exchanges->buckets[port % EXCHANGE_BUCKETS];
    while (exchange != NULL &&
           (exchange->upstream == NULL || exchange->upstream_serial != upstream_serial)) {
        exchange = exchange->next;
    }
    return exchange;
}

/* The one on `upstream` that was asked with `id`. */
static struct exchange *find_on_upstream(const struct exchanges *exchanges,
                                         const struct upstream *upstream, uint16_t id)
{
    struct exchange *exchange = exchanges->buckets[upstream->local.port % EXCHANGE_BUCKETS];
    while (exchange != NULL && (exchange->upstream != upstream || exchange->id != id)) {
        exchange = exchange->next;
    }
    return exchange;
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
        if (!port_is_taken(context, exchange->local.port)) {
            return;
        }
    }
}

/* An ID that no other query on the connection has. */
static void draw_id(struct context *context, struct exchange *exchange)
{
    exchange->local.port = exchange->upstream->local.port;
    do {
        exchange->id = (uint16_t)entropy_next(&context->entropy);
    } while (find_on_upstream(&context->exchanges, exchange->upstream, exchange->id) != NULL);
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

/* The cookies that go with the query (RFC 7873 5.1). */
static void take_cookie(struct context *context, struct exchange *exchange)
{
    exchange->cookie_size = 0;
    exchange->cookie_fits = false;
    if (exchange->cookies && exchange->edns) {
        const struct bytes cookie = servers_cookie(&context->servers, &exchange->server.address,
                                                   &context->entropy, context->now);
        exchange->cookie_size = (uint8_t)cookie.size;
        memcpy(exchange->cookie, cookie.data, cookie.size);
    }
}

static size_t build_query(struct context *context, const struct exchange *exchange, uint8_t *octets)
{
    struct builder *builder = &context->builder;
    uint8_t options[OPTION_HEAD_OCTETS + COOKIE_OCTETS_MAX];
    size_t options_size = 0;
    if (exchange->cookie_size > 0) {
        edns_option_append(options, sizeof options, &options_size, EDNS_OPTION_COOKIE,
                           bytes_of(exchange->cookie, exchange->cookie_size));
    }
    const struct edns edns = {.present = exchange->edns,
                              .dnssec_ok = exchange->dnssec_ok,
                              .udp_size = (uint16_t)context->policy.edns_size,
                              .options = bytes_of(options, options_size)};
    builder_start(builder, octets, QUERY_OCTETS_MAX, exchange->id,
                  exchange->unchecked ? MESSAGE_CD : 0);
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

/* A connection to ask over; true at once for UDP. */
static bool take_upstream(struct context *context, struct exchange *exchange)
{
    exchange->upstream = NULL;
    exchange->reused = false;
    if (exchange->transport == TRANSPORT_UDP) {
        return true;
    }
    exchange->upstream = upstreams_take(context, &exchange->server, exchange->anew);
    if (exchange->upstream == NULL) {
        exchange->oddity = "not asked: too many connections";
        return false;
    }
    exchange->upstream_serial = exchange->upstream->serial;
    exchange->reused = exchange->upstream->asked > 0;
    return true;
}

static void leave_upstream(struct context *context, struct exchange *exchange)
{
    if (exchange->upstream != NULL) {
        upstreams_release(context, exchange->upstream);
        exchange->upstream = NULL;
    }
}

static void draw(struct context *context, struct exchange *exchange)
{
    if (exchange->reused) {
        draw_id(context, exchange);
    } else {
        draw_identity(context, exchange);
    }
    if (exchange->upstream != NULL) {
        exchange->upstream->local = exchange->local;
    }
    if (exchange->mixed_case) {
        draw_case(context, exchange);
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
    if (!take_upstream(context, exchange)) {
        return false;
    }
    draw(context, exchange);
    take_cookie(context, exchange);
    if (!send_query(context, exchange)) {
        exchange->oddity = "not asked: no room to send";
        leave_upstream(context, exchange);
        return false;
    }
    if (exchange->upstream != NULL) {
        exchange->upstream->asked++;
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
    leave_upstream(context, exchange);
}

void exchange_expire(struct context *context, struct exchange *exchange)
{
    if (exchange->upstream != NULL) {
        exchange->upstream->retired = true;
    }
    exchange_close(context, exchange);
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

/* Takes the cookie of a reply that fits otherwise; what it says of the reply. Over TCP the sender
 * is known anyhow, and a server that gives none there gives none. */
static enum cookie_verdict take_reply_cookie(struct context *context, struct exchange *exchange,
                                             const struct message *message)
{
    struct bytes server = bytes_of(exchange->cookie, 0);
    if (exchange->cookie_size == 0) {
        return COOKIE_FITS;
    }
    const enum cookie_verdict verdict =
        cookie_judge(message, bytes_of(exchange->cookie, exchange->cookie_size), &server);
    const bool was_given = exchange->cookie_size > CLIENT_COOKIE_OCTETS;
    if (verdict == COOKIE_WRONG) {
        return COOKIE_WRONG;
    }
    if (verdict == COOKIE_MISSING && exchange->transport == TRANSPORT_UDP) {
        return was_given ? COOKIE_MISSING : COOKIE_FITS;
    }
    exchange->cookie_fits = verdict == COOKIE_FITS;
    servers_keep_cookie(&context->servers, &exchange->server.address, server, context->now);
    return COOKIE_FITS;
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

/* The same of what would be told if nothing better came. */
static enum exchange_outcome overlook_oddity(struct context *context, struct exchange *exchange,
                                             const char *oddity)
{
    exchange->oddity = oddity;
    return overlook(context);
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
        return overlook_oddity(context, exchange, "a reply to another question");
    }
    if (!keeps_case(exchange, ret)) {
        exchange->case_lost = true;
        context->counters.unmatched_replies++;
        return doubt(ret_why, "a reply in another letter case");
    }
    switch (take_reply_cookie(context, exchange, ret)) {
    case COOKIE_WRONG: return overlook_oddity(context, exchange, "a reply with another cookie");
    case COOKIE_MISSING: return doubt(ret_why, "a reply without the cookie");
    default: return EXCHANGE_REPLY;
    }
}

enum exchange_outcome exchange_receive(struct context *context, struct exchange *exchange,
                                       const struct packet *packet, struct message *ret,
                                       const char **ret_why)
{
    assert(exchange->open && exchange->transport == TRANSPORT_UDP);
    if (packet->kind != PACKET_DATA) {
        *ret_why = "unreachable";
        return EXCHANGE_BROKEN;
    }
    return receive_datagram(context, exchange, packet->payload, ret, ret_why);
}

/* What a whole message on a connection means to the exchange that it has the ID of. */
static enum exchange_outcome read_message(struct context *context, struct exchange *exchange,
                                          struct bytes octets, struct message *ret,
                                          const char **ret_why)
{
    if (!message_parse(octets, MESSAGE_STRICT, ret, NULL)) {
        *ret_why = "malformed reply";
        return EXCHANGE_BROKEN;
    }
    if (!message_is_response(ret) || !fits_question(exchange, ret)) {
        return overlook_oddity(context, exchange, "a reply to another question");
    }
    if (take_reply_cookie(context, exchange, ret) == COOKIE_WRONG) {
        return overlook_oddity(context, exchange, "a reply with another cookie");
    }
    exchange->case_lost = !keeps_case(exchange, ret);
    return EXCHANGE_REPLY;
}

enum exchange_outcome exchange_hear(struct context *context, struct upstream *upstream,
                                    struct bytes *chunk, struct exchange **ret,
                                    struct message *ret_message, const char **ret_why)
{
    struct message_header header;
    struct bytes octets;
    enum frame_outcome outcome;
    upstream->heard = true;
    while ((outcome = frame_next(&upstream->frame, chunk, &octets)) == FRAME_MESSAGE) {
        if (!message_peek(octets, &header) ||
            (*ret = find_on_upstream(&context->exchanges, upstream, header.id)) == NULL) {
            context->counters.unmatched_replies++;
            continue;
        }
        const enum exchange_outcome read =
            read_message(context, *ret, octets, ret_message, ret_why);
        if (read != EXCHANGE_WAITS) {
            return read;
        }
    }
    *ret_why = "malformed stream";
    return outcome == FRAME_MORE ? EXCHANGE_WAITS : EXCHANGE_LOST;
}
