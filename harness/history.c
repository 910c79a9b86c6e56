/* See the header. */
#include "harness/history.h"

#include <errno.h>

#include "sim/glimpse.h"
#include "wire/frame.h"
#include "wire/rrtype.h"

#define DNS_PORT 53

static size_t slot_of(const struct endpoint *asker, const struct endpoint *server, uint16_t id)
{
    return (size_t)((endpoint_hash(asker) * 31 + endpoint_hash(server) * 7 + id) % HISTORY_SLOTS);
}

static struct history_query *at_number(struct history *history, uint64_t number)
{
    return &history->ring[(number - 1) % HISTORY_QUERIES_MAX];
}

static const char *name_of_seat(const struct history *history, const struct address *address)
{
    const struct seat *seat = world_find(history->world, address);
    return seat != NULL ? seat->name : NULL;
}

/* --- the log --- */

/* Who reads the log may read along. */
static void flush_log(struct history *history)
{
    errno = 0;
    const bool is_lost = fflush(history->log) != 0 || ferror(history->log) != 0;
    if (is_lost && history->log_error != NULL && *history->log_error == 0) {
        *history->log_error = errno != 0 ? errno : EIO;
    }
}

static void put_log(struct history *history, const char *event, const struct history_query *query)
{
    if (history->log == NULL) {
        return;
    }
    struct json json = json_to(history->log, true);
    json_begin_object(&json, NULL);
    json_put_string(&json, "event", event);
    history_put(&json, query);
    json_end(&json);
    flush_log(history);
}

/* --- what packets tell --- */

static void take_query(struct history *history, const struct trace_entry *entry, uint16_t id,
                       const struct glimpse *glimpse)
{
    const struct packet *packet = &entry->packet;
    struct history_query *query = at_number(history, ++history->count);
    query->number = history->count;
    query->at = entry->at;
    query->from = packet->from;
    query->to = packet->to;
    query->asker = entry->kind == TRACE_SENT ? entry->who : NULL;
    query->server = name_of_seat(history, &packet->to.address);
    query->transport = packet->transport;
    query->id = id;
    query->type = glimpse->type;
    query->is_forgotten = false;
    query->is_answered = false;
    name_from_prefix(glimpse->name, &query->name);
    history->slots[slot_of(&packet->from, &packet->to, id)] = query->number;
    put_log(history, "query", query);
}

static void take_reply(struct history *history, const struct trace_entry *entry,
                       const struct message_header *header, struct bytes octets)
{
    const struct packet *packet = &entry->packet;
    const uint64_t number = history->slots[slot_of(&packet->to, &packet->from, header->id)];
    if (number == 0 || history->count - number >= HISTORY_QUERIES_MAX) {
        return;
    }
    struct history_query *query = at_number(history, number);
    if (query->is_answered || query->id != header->id ||
        !endpoint_equal(&query->from, &packet->to) || !endpoint_equal(&query->to, &packet->from)) {
        return;
    }
    query->is_answered = true;
    query->answered_at = entry->at;
    query->rcode = message_peek_rcode(octets);
    query->flags = header->flags;
    memcpy(query->counts, header->counts, sizeof query->counts);
    put_log(history, "reply", query);
}

/* Every query and reply of a served world comes through here: nothing is parsed that need not be.
 */
static void take_message(struct history *history, const struct trace_entry *entry,
                         struct bytes octets)
{
    const struct packet *packet = &entry->packet;
    struct message_header header;
    if (!message_peek(octets, &header)) {
        return;
    }
    if ((header.flags & MESSAGE_QR) != 0) {
        if (packet->from.port == DNS_PORT && entry->kind == TRACE_SENT) {
            take_reply(history, entry, &header, octets);
        }
    } else if (packet->to.port == DNS_PORT) {
        const struct glimpse glimpse = glimpse_of(octets);
        if (glimpse.has_question) {
            take_query(history, entry, header.id, &glimpse);
        }
    }
}

/* The messages that are whole in one chunk of a stream. */
static void take_chunk(struct history *history, const struct trace_entry *entry)
{
    struct bytes rest = entry->packet.payload;
    while (rest.size > FRAME_PREFIX_OCTETS) {
        const size_t size = (size_t)rest.data[0] << 8 | rest.data[1];
        rest = bytes_after(rest, FRAME_PREFIX_OCTETS);
        if (size > rest.size) {
            return;
        }
        take_message(history, entry, bytes_of(rest.data, size));
        rest = bytes_after(rest, size);
    }
}

void history_listen(void *context, const struct trace_entry *entry)
{
    const bool from_outside = entry->kind == TRACE_ARRIVED && entry->flight == 0;
    if ((entry->kind != TRACE_SENT && !from_outside) || entry->packet.kind != PACKET_DATA) {
        return;
    }
    if (entry->packet.transport == TRANSPORT_TCP) {
        take_chunk(context, entry);
    } else {
        take_message(context, entry, entry->packet.payload);
    }
}

void history_hear_mangler(void *context, const struct packet *answer, instant_ns now,
                          const char *done)
{
    struct history *history = context;
    char buffer[NAME_TEXT_MAX];
    struct bytes octets = answer->payload;
    const bool is_tcp = answer->transport == TRANSPORT_TCP;
    const struct glimpse glimpse =
        glimpse_of(is_tcp ? bytes_after(octets, FRAME_PREFIX_OCTETS) : octets);
    struct json json = json_to(history->log, true);
    struct text text = text_in(buffer, sizeof buffer);
    json_begin_object(&json, NULL);
    json_put_string(&json, "event", "mangled");
    json_number(&json, "at_us", now / NS_PER_US);
    json_put_string(&json, "server", name_of_seat(history, &answer->from.address));
    json_put_string(&json, "transport", is_tcp ? "tcp" : "udp");
    if (glimpse.has_question) {
        name_wire_put(&text, glimpse.name);
        json_put_string(&json, "name", buffer);
        text = text_in(buffer, sizeof buffer);
        rrtype_put(&text, glimpse.type);
        json_put_string(&json, "type", buffer);
    }
    json_put_string(&json, "done", done);
    json_end(&json);
    flush_log(history);
}

/* --- forgetting --- */

void history_clear(struct history *history)
{
    history->cleared = history->count;
}

void history_clear_name(struct history *history, const struct name *name)
{
    for (const struct history_query *query = history_next(history, 0); query != NULL;
         query = history_next(history, query->number)) {
        if (name_equal(&query->name, name)) {
            at_number(history, query->number)->is_forgotten = true;
        }
    }
}

/* --- reading --- */

const struct history_query *history_next(const struct history *history, uint64_t after)
{
    uint64_t number = after > history->cleared ? after : history->cleared;
    if (history->count - number > HISTORY_QUERIES_MAX) {
        number = history->count - HISTORY_QUERIES_MAX;
    }
    while (number < history->count) {
        const struct history_query *query = &history->ring[number++ % HISTORY_QUERIES_MAX];
        if (!query->is_forgotten) {
            return query;
        }
    }
    return NULL;
}

static void put_reply(struct json *json, const struct history_query *query)
{
    char buffer[32];
    struct text text = text_in(buffer, sizeof buffer);
    rcode_put(&text, query->rcode);
    json_put_string(json, "rcode", buffer);
    json_bool(json, "authoritative", (query->flags & MESSAGE_AA) != 0);
    json_bool(json, "truncated", (query->flags & MESSAGE_TC) != 0);
    json_number(json, "answers", query->counts[SECTION_ANSWER]);
    json_number(json, "authority", query->counts[SECTION_AUTHORITY]);
    json_number(json, "additional", query->counts[SECTION_ADDITIONAL]);
    json_number(json, "took_us", (query->answered_at - query->at) / NS_PER_US);
}

void history_put(struct json *json, const struct history_query *query)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    json_number(json, "number", query->number);
    json_number(json, "at_us", query->at / NS_PER_US);
    endpoint_put(&text, &query->from);
    json_put_string(json, "from", buffer);
    json_put_string(json, "asker", query->asker != NULL ? query->asker : "outside");
    text = text_in(buffer, sizeof buffer);
    endpoint_put(&text, &query->to);
    json_put_string(json, "to", buffer);
    json_put_string(json, "server", query->server);
    json_put_string(json, "transport", query->transport == TRANSPORT_TCP ? "tcp" : "udp");
    text = text_in(buffer, sizeof buffer);
    name_put(&text, &query->name);
    json_put_string(json, "name", buffer);
    text = text_in(buffer, sizeof buffer);
    rrtype_put(&text, query->type);
    json_put_string(json, "type", buffer);
    if (query->is_answered) {
        put_reply(json, query);
    } else {
        json_put_string(json, "rcode", NULL);
    }
}
