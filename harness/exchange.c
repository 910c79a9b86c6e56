#include "harness/exchange.h"

#include "wire/frame.h"

#define DNS_PORT 53

bool exchange_read(const struct packet *packet, struct message *ret)
{
    struct bytes octets = packet->payload;
    if (packet->kind != PACKET_DATA) {
        return false;
    }
    if (packet->transport == TRANSPORT_TCP) {
        octets = bytes_after(octets, FRAME_PREFIX_OCTETS);
    }
    return message_parse(octets, MESSAGE_LENIENT, ret, NULL);
}

bool exchange_begins(const struct trace_entry *entry, struct exchange *ret)
{
    ret->query = entry;
    return entry->kind == TRACE_SENT && entry->packet.to.port == DNS_PORT &&
           exchange_read(&entry->packet, &ret->asked) && !message_is_response(&ret->asked);
}

static bool goes_back(const struct packet *query, const struct packet *packet)
{
    return endpoint_equal(&query->from, &packet->to) && endpoint_equal(&query->to, &packet->from);
}

/* Takes what came for the reply. True if nothing better can come: octets that are no message, or a
 * message that repeats no question, do not keep anybody from waiting on. */
static bool take_reply(struct exchange *exchange, const struct trace_entry *entry)
{
    struct message answered;
    const bool readable = exchange_read(&entry->packet, &answered);
    if (readable && answered.id != exchange->asked.id) {
        return false;
    }
    const bool repeats = readable && answered.counts[SECTION_QUESTION] > 0;
    if (repeats || exchange->reply == NULL) {
        exchange->reply = entry;
        exchange->readable = readable;
    }
    if (readable && exchange->reply == entry) {
        exchange->answered = answered;
    }
    return repeats;
}

/* True if `entry` ends the exchange: its reply, the loss of its query or reply, or a reset. */
static bool settle(struct exchange *exchange, const struct trace_entry *entry)
{
    const struct packet *query = &exchange->query->packet;
    if (entry->kind == TRACE_LOST &&
        (entry->flight == exchange->query->flight || goes_back(query, &entry->packet))) {
        exchange->loss = entry;
        return true;
    }
    if (entry->kind != TRACE_ARRIVED || !goes_back(query, &entry->packet)) {
        return false;
    }
    if (entry->packet.kind != PACKET_DATA) {
        exchange->loss = entry;
        return true;
    }
    return take_reply(exchange, entry);
}

void exchange_follow(const struct step_outcome *outcome, struct trace_cursor cursor,
                     struct exchange *exchange)
{
    const struct trace_entry *entry;
    exchange->reply = exchange->loss = NULL;
    exchange->readable = exchange->cached = false;
    while ((entry = outcome_next(outcome, &cursor)) != NULL && !settle(exchange, entry)) {}
}

bool exchange_same_name(const struct message *a, const struct message *b)
{
    struct name name;
    if (a->counts[SECTION_QUESTION] == 0 || b->counts[SECTION_QUESTION] == 0) {
        return false;
    }
    name_expand(a->question.name, &name);
    return name_ref_equal(b->question.name, &name);
}

bool exchange_same_question(const struct message *a, const struct message *b)
{
    return exchange_same_name(a, b) && a->question.type == b->question.type;
}
