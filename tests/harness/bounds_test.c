/* What no scenario may drive the resolver beyond, read from the facts of every shipped one: a
 * hundred queries for one client's question, and no packet to an address that nobody gave it. */
#include <stdlib.h>

#include "harness/rpl.h"
#include "harness/unit.h"
#include "sim/virtual.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"
#include "wire/frame.h"
#include "wire/rrtype.h"

#define QUERIES_MAX   100 /* upstream, for one client's question */
#define SEEDS         3
#define ADDRESSES_MAX 4096
#define DNS_PORT      53

/* What a walk over the facts has seen so far. */
struct watch {
    const struct scenario *scenario;
    struct address known[ADDRESSES_MAX]; /* that the resolver may ask */
    size_t known_count;
    struct endpoint asker; /* of the latest question */
    uint64_t questions;
    uint64_t queries; /* since the latest question */
    uint64_t all_queries;
};

static bool is_resolver(const struct watch *watch, const struct address *address)
{
    return address_equal(address, &watch->scenario->resolver_v4) ||
           address_equal(address, &watch->scenario->resolver_v6);
}

static bool knows(const struct watch *watch, const struct address *address)
{
    for (size_t i = 0; i < watch->known_count; i++) {
        if (address_equal(&watch->known[i], address)) {
            return true;
        }
    }
    return false;
}

static void learn(struct watch *watch, const struct address *address)
{
    if (!knows(watch, address)) {
        ck_assert_uint_lt(watch->known_count, ADDRESSES_MAX);
        watch->known[watch->known_count++] = *address;
    }
}

static void learn_hints(struct watch *watch)
{
    const struct scenario *scenario = watch->scenario;
    for (size_t i = 0; scenario->played != NULL && i < scenario->played->hint_count; i++) {
        learn(watch, &scenario->played->hints[i]);
    }
    for (size_t z = 0; z < scenario->zone_count; z++) {
        const struct scenario_zone *zone = &scenario->zones[z];
        for (size_t s = 0; s < zone->server_count && zone->apex.labels == 0; s++) {
            for (size_t a = 0; a < zone->servers[s].address_count; a++) {
                learn(watch, &zone->servers[s].addresses[a]);
            }
        }
    }
}

/* Addresses in a message that reaches the resolver, wherever they stand. */
static void learn_records(struct watch *watch, struct bytes octets)
{
    struct message message;
    if (!message_parse(octets, MESSAGE_LENIENT, &message, NULL)) {
        return;
    }
    for (unsigned section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(&message, (enum section)section);
        struct record record;
        while (record_next(&walk, &record)) {
            struct address address = {.family = ADDRESS_NONE};
            const struct bytes rdata = record.rdata;
            if (record.type == RRTYPE_A && rdata.size == 4) {
                address = address_v4(rdata.data);
            } else if (record.type == RRTYPE_AAAA && rdata.size == 16) {
                address = address_v6(rdata.data);
            } else {
                continue;
            }
            learn(watch, &address);
        }
    }
}

static struct bytes message_in(const struct packet *packet)
{
    const bool framed = packet->transport == TRANSPORT_TCP;
    return framed && packet->payload.size > FRAME_PREFIX_OCTETS
               ? bytes_after(packet->payload, FRAME_PREFIX_OCTETS)
               : packet->payload;
}

/* A question is new if another port asks: a repetition comes from the same. */
static void watch_question(struct watch *watch, const struct packet *packet)
{
    if (!endpoint_equal(&packet->from, &watch->asker)) {
        watch->asker = packet->from;
        watch->questions++;
        watch->queries = 0;
    }
}

static void watch_query(struct watch *watch, const struct packet *packet, const char *id)
{
    char buffer[ENDPOINT_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    endpoint_put(&text, &packet->to);
    watch->all_queries++;
    ck_assert_msg(++watch->queries <= QUERIES_MAX, "%s: over %d queries for one question", id,
                  QUERIES_MAX);
    ck_assert_msg(!is_resolver(watch, &packet->to.address), "%s: the resolver asks itself", id);
    ck_assert_msg(knows(watch, &packet->to.address), "%s: %s was told by nobody", id, buffer);
}

static void watch_entry(struct watch *watch, const struct trace_entry *entry, const char *id)
{
    const struct packet *packet = &entry->packet;
    const bool is_fact = entry->kind == TRACE_SENT || entry->kind == TRACE_ARRIVED;
    if (!is_fact || packet->kind != PACKET_DATA) {
        return;
    }
    if (entry->kind == TRACE_ARRIVED && is_resolver(watch, &packet->to.address)) {
        learn_records(watch, message_in(packet));
    }
    if (entry->kind != TRACE_SENT || packet->to.port != DNS_PORT) {
        return;
    }
    if (is_resolver(watch, &packet->from.address)) {
        watch_query(watch, packet, id);
    } else if (is_resolver(watch, &packet->to.address)) {
        watch_question(watch, packet);
    }
}

static void watch_run(struct watch *watch, const struct unit *unit)
{
    struct trace_cursor cursor = {0};
    const struct trace_entry *entry;
    *watch = (struct watch){.scenario = unit->scenario};
    learn_hints(watch);
    while ((entry = trace_next(&unit->stage->trace, &cursor)) != NULL) {
        watch_entry(watch, entry, unit->id);
    }
    ck_assert_uint_eq(unit->stage->trace.missing, 0);
}

START_TEST(the_resolver_keeps_within_bounds)
{
    static struct unit unit;
    static struct watch watch;
    size_t count;
    const struct shipped *shipped = &shipped_all(&count)[_i];
    unit_init(&unit);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        unit_judge(&unit, shipped->path, shipped->name, seed);
        ck_assert_msg(unit.stage != NULL, "%s: %s", shipped->path, unit.diag_items[0].sentence);
        watch_run(&watch, &unit);
    }
    unit_free(&unit);
}
END_TEST

/* Or the bound above would be one that nothing comes near. */
START_TEST(some_attack_reaches_the_bound)
{
    static struct unit unit;
    static struct watch watch;
    const char *id = "attack/aliases-times-referrals";
    unit_init(&unit);
    unit_judge(&unit, shipped_path(id), id, 1);
    ck_assert_ptr_nonnull(unit.stage);
    watch_run(&watch, &unit);
    ck_assert_uint_gt(watch.questions, 0);
    ck_assert_uint_ge(watch.all_queries, QUERIES_MAX);
    unit_free(&unit);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("bounds");
    size_t count;
    const struct shipped *all = shipped_all(&count);
    support_add_rows(suite, the_resolver_keeps_within_bounds, &all[0].name, sizeof all[0], count);
    add_test(suite, some_attack_reaches_the_bound);
    return suite;
}
