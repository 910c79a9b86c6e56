/* See the header. */
#include "tests/sim/toys.h"

#include <check.h>

struct address toy_address(unsigned host)
{
    return address_v4((const uint8_t[]){192, 0, 2, (uint8_t)host});
}

struct endpoint toy_endpoint(unsigned host, unsigned port)
{
    return (struct endpoint){.address = toy_address(host), .port = (uint16_t)port};
}

struct packet toy_packet(struct endpoint from, struct endpoint to, enum transport transport,
                         struct bytes payload)
{
    return (struct packet){.from = from, .to = to, .transport = transport, .payload = payload};
}

struct bytes toy_message(uint8_t *buffer, const char *name, uint16_t type, bool response,
                         bool framed)
{
    uint8_t *at = buffer + (framed ? 2 : 0);
    const uint8_t header[12] = {0x12, 0x34, response ? 0x80 : 0, 0, 0, 1};
    memcpy(at, header, sizeof header);
    struct name parsed;
    ck_assert(name_parse_text(bytes_of_string(name), NULL, &parsed, NULL));
    memcpy(at + 12, parsed.octets, parsed.size);
    const uint8_t tail[4] = {(uint8_t)(type >> 8), (uint8_t)type, 0, 1};
    memcpy(at + 12 + parsed.size, tail, sizeof tail);
    const size_t size = 12U + parsed.size + sizeof tail;
    if (framed) {
        buffer[0] = (uint8_t)(size >> 8);
        buffer[1] = (uint8_t)size;
    }
    return bytes_of(buffer, size + (framed ? 2 : 0));
}

struct fault toy_fault(struct arena *arena, const char *name, const struct toy_number *numbers,
                       size_t count)
{
    struct param_spec specs[8];
    struct param items[8];
    ck_assert(count <= 8);
    for (size_t i = 0; i < count; i++) {
        specs[i] = (struct param_spec){.key = numbers[i].key};
        items[i] = (struct param){.spec = &specs[i], .number = numbers[i].number};
    }
    const struct fault_row *row = fault_find(bytes_of_string(name));
    ck_assert_ptr_nonnull(row);
    struct fault fault = {0};
    fault_trigger_always(&fault.trigger);
    const struct params params = {.items = items, .count = count};
    ck_assert(fault_configure(row, &params, arena, &fault, NULL));
    return fault;
}

const struct trace_entry *toy_entry(const struct trace *trace, enum trace_kind kind,
                                    const char *what, size_t n)
{
    struct trace_cursor cursor = {0};
    const struct trace_entry *entry;
    while ((entry = trace_next(trace, &cursor)) != NULL) {
        const bool meant = what == NULL || (entry->what != NULL && strcmp(entry->what, what) == 0);
        if (entry->kind == kind && meant && n-- == 0) {
            return entry;
        }
    }
    return NULL;
}

size_t toy_count(const struct trace *trace, enum trace_kind kind, const char *what)
{
    size_t count = 0;
    while (toy_entry(trace, kind, what, count) != NULL) {
        count++;
    }
    return count;
}

static void echo_step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct toy_echo *echo = (struct toy_echo *)machine;
    const struct packet *packet = &event->packet;
    if (event->kind != EVENT_PACKET) {
        return;
    }
    if (packet->kind == PACKET_CLOSE) {
        outbox_end(outbox, &packet->to, &packet->from, PACKET_CLOSE);
    } else if (packet->kind == PACKET_DATA) {
        echo->packets++;
        outbox_send_copy(outbox, &packet->to, &packet->from, packet->transport, packet->payload);
    }
}

static instant_ns never(const struct machine *machine)
{
    (void)machine;
    return NEVER;
}

void toy_echo_init(struct toy_echo *echo)
{
    static const struct machine_ops ops = {.step = echo_step, .deadline = never};
    *echo = (struct toy_echo){.machine.ops = &ops};
}

static void pinger_hear(struct toy_pinger *pinger, const struct event *event, struct outbox *outbox)
{
    const struct packet *packet = &event->packet;
    if (packet->kind != PACKET_DATA) {
        pinger->ends++;
        return;
    }
    pinger->replies++;
    pinger->last_reply = event->now;
    if (pinger->hang_up != PACKET_DATA) {
        outbox_end(outbox, &packet->to, &packet->from, pinger->hang_up);
    }
}

static void pinger_step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct toy_pinger *pinger = (struct toy_pinger *)machine;
    if (event->kind == EVENT_PACKET) {
        pinger_hear(pinger, event, outbox);
        return;
    }
    pinger->left--;
    pinger->next = pinger->left > 0 ? instant_after(event->now, pinger->interval) : NEVER;
    outbox_send_copy(outbox, &pinger->self, &pinger->to, pinger->transport, pinger->payload);
    pinger->self.port = (uint16_t)(pinger->self.port + pinger->port_step);
}

static instant_ns pinger_deadline(const struct machine *machine)
{
    return ((const struct toy_pinger *)machine)->next;
}

void toy_pinger_init(struct toy_pinger *pinger)
{
    static const struct machine_ops ops = {.step = pinger_step, .deadline = pinger_deadline};
    pinger->machine.ops = &ops;
}
