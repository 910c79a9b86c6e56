#include "fuzz/watch.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>

#include "sim/decoy.h"
#include "wire/message.h"
#include "wire/text.h"

#define ANSWER_TIME_MAX (UINT64_C(11) * NS_PER_S) /* 10 s of policy, and the way back */

static const uint8_t mark_address[] = DECOY_MARK_ADDRESS;

static bool is_resolver(const struct watch *watch, const struct address *address)
{
    return address_equal(address, &watch->scenario->resolver_v4) ||
           address_equal(address, &watch->scenario->resolver_v6);
}

/* Shows what a client must not get. */
static void show(const struct packet *packet)
{
    static char buffer[1 << 16];
    struct text text = text_in(buffer, sizeof buffer);
    struct message message;
    if (message_parse(packet->payload, MESSAGE_LENIENT, &message, NULL)) {
        message_put(&text, &message);
    }
    fputs(buffer, stderr);
}

static void check_answer(struct watch *watch, const struct packet *packet, instant_ns at)
{
    struct message message;
    struct record record;
    watch->answers++;
    assert(at - watch->asked_at <= ANSWER_TIME_MAX);
    if (decoy_shows_in(packet->payload)) {
        show(packet);
        assert(false && "something forged reaches a client");
    }
    watch->least_ttl = UINT32_MAX;
    if (packet->transport == TRANSPORT_UDP) {
        assert(message_parse(packet->payload, MESSAGE_STRICT, &message, NULL));
        struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
        while (record_next(&walk, &record)) {
            watch->least_ttl = record.ttl < watch->least_ttl ? record.ttl : watch->least_ttl;
        }
    }
}

static void check_query(struct watch *watch, const struct packet *packet)
{
    watch->upstream++;
    assert(watch->upstream <= watch->upstream_max);
    assert(memcmp(packet->to.address.octets, mark_address, sizeof mark_address) != 0);
}

static void see(void *context, const struct trace_entry *entry)
{
    struct watch *watch = context;
    if (entry->kind != TRACE_SENT || entry->packet.kind != PACKET_DATA ||
        !is_resolver(watch, &entry->packet.from.address)) {
        return;
    }
    if (entry->packet.from.port == 53) {
        check_answer(watch, &entry->packet, entry->at);
    } else {
        check_query(watch, &entry->packet);
    }
}

void watch_start(struct watch *watch, struct stage *stage)
{
    *watch = (struct watch){.scenario = stage->scenario, .least_ttl = UINT32_MAX};
    watch->upstream_max = (unsigned)params_number(&stage->scenario->policy, "queries-max", 100);
    stage->trace.listener = see;
    stage->trace.listener_context = watch;
}

void watch_question(struct watch *watch, instant_ns now)
{
    watch->upstream = watch->answers = 0;
    watch->asked_at = now;
}
