/* How it travelled: time, transports, losses, and what the resolver asked of whom. */
#include "harness/expect/rows.h"

#define DNS_PORT        53
#define ASKED_SHOWN_MAX 64

bool read_time(const struct step_outcome *outcome, uint64_t *ret)
{
    *ret = instant_since(outcome->started, outcome->ended);
    return true;
}

static bool is_resolver(const struct step_outcome *outcome, const struct address *address)
{
    const struct scenario *scenario = outcome->scenario;
    return address_equal(address, &scenario->resolver_v4) ||
           address_equal(address, &scenario->resolver_v6);
}

/* True if the resolver sent a query to a server. */
static bool is_query(const struct step_outcome *outcome, const struct trace_entry *entry)
{
    return entry->kind == TRACE_SENT && entry->packet.kind == PACKET_DATA &&
           entry->packet.to.port == DNS_PORT && is_resolver(outcome, &entry->packet.from.address);
}

bool read_queries(const struct step_outcome *outcome, uint64_t *ret)
{
    struct trace_cursor cursor = outcome_entries(outcome);
    const struct trace_entry *entry;
    *ret = 0;
    while ((entry = outcome_next(outcome, &cursor)) != NULL) {
        *ret += is_query(outcome, entry);
    }
    return true;
}

static bool was_asked(const struct step_outcome *outcome, const struct address *address)
{
    struct trace_cursor cursor = outcome_entries(outcome);
    const struct trace_entry *entry;
    while ((entry = outcome_next(outcome, &cursor)) != NULL) {
        if (is_query(outcome, entry) && address_equal(&entry->packet.to.address, address)) {
            return true;
        }
    }
    return false;
}

bool check_asked(const struct step_outcome *outcome, const struct param *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (!was_asked(outcome, &wanted->addresses[i])) {
            return false;
        }
    }
    return true;
}

/* True if `address` is new; it is then remembered. */
static bool remember(struct address *known, size_t *count, const struct address *address)
{
    for (size_t i = 0; i < *count; i++) {
        if (address_equal(&known[i], address)) {
            return false;
        }
    }
    if (*count == ASKED_SHOWN_MAX) {
        return false;
    }
    known[(*count)++] = *address;
    return true;
}

void show_asked(const struct step_outcome *outcome, struct text *seen)
{
    struct trace_cursor cursor = outcome_entries(outcome);
    const struct trace_entry *entry;
    struct address known[ASKED_SHOWN_MAX];
    size_t count = 0;
    while ((entry = outcome_next(outcome, &cursor)) != NULL) {
        if (is_query(outcome, entry) && remember(known, &count, &entry->packet.to.address)) {
            text_put(seen, count > 1 ? ", " : "");
            address_put(seen, &entry->packet.to.address);
        }
    }
    text_put(seen, count == 0 ? "nobody" : "");
}

bool read_tcp(const struct step_outcome *outcome, uint64_t *ret)
{
    struct trace_cursor cursor = outcome_entries(outcome);
    const struct trace_entry *entry;
    *ret = 0;
    while (*ret == 0 && (entry = outcome_next(outcome, &cursor)) != NULL) {
        *ret = entry->kind == TRACE_SENT && entry->packet.transport == TRANSPORT_TCP;
    }
    return true;
}

/* True if the packet is a response with TC=1 over UDP. */
static bool is_truncated(const struct packet *packet)
{
    struct message_header header;
    return packet->transport == TRANSPORT_UDP && packet->kind == PACKET_DATA &&
           message_peek(packet->payload, &header) && (header.flags & MESSAGE_QR) != 0 &&
           (header.flags & MESSAGE_TC) != 0;
}

bool read_truncated(const struct step_outcome *outcome, uint64_t *ret)
{
    struct trace_cursor cursor = outcome_entries(outcome);
    const struct trace_entry *entry;
    *ret = 0;
    while (*ret == 0 && (entry = outcome_next(outcome, &cursor)) != NULL) {
        *ret = entry->kind == TRACE_ARRIVED && is_truncated(&entry->packet);
    }
    return true;
}

bool read_lost(const struct step_outcome *outcome, uint64_t *ret)
{
    struct trace_cursor cursor = outcome_entries(outcome);
    const struct trace_entry *entry;
    *ret = 0;
    while ((entry = outcome_next(outcome, &cursor)) != NULL) {
        *ret += entry->kind == TRACE_LOST;
    }
    return true;
}
