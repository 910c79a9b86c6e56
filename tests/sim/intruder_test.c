/* What an intruder of each power sends, to which queries, and how much of it. */
#include "sim/intruder.h"

#include <string.h>

#include "tests/sim/toys.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define ASKED "Www.vICtim.example." /* in random letter case */
#define ID    0x1234
#define PORT  40000

static struct arena arena;
static struct outbox outbox;
static struct forgery forgery;
static struct intruder *intruder;
static const struct address resolver = {ADDRESS_V4, {192, 0, 2, 7}};

static void prepare(void)
{
    arena_init(&arena, (size_t)16 << 20);
    forgery = (struct forgery){.knows = INTRUDER_KNOWS_EVERYTHING,
                               .times = INTRUDER_TIMES_MAX,
                               .packets = 1,
                               .port = 53,
                               .flags = MESSAGE_QR | MESSAGE_AA};
    const struct intruder_options options = {.name = "intruder",
                                             .seed = 1,
                                             .forgeries = &forgery,
                                             .forgery_count = 1,
                                             .spared = &resolver,
                                             .spared_count = 1};
    intruder = intruder_new(&arena, &options);
    ck_assert_ptr_nonnull(intruder);
}

static void clean(void)
{
    arena_free(&arena);
}

/* Shows it a query from 192.0.2.7 to `host`; what it sends at `now` is in the outbox. */
static void show(unsigned host, const char *name, uint16_t type, instant_ns now)
{
    uint8_t octets[300];
    struct bytes message = toy_message(octets, name, type, false, false);
    octets[0] = ID >> 8;
    octets[1] = ID & 0xff;
    const struct packet packet =
        toy_packet(toy_endpoint(7, PORT), toy_endpoint(host, 53), TRANSPORT_UDP, message);
    intruder_see(intruder, &packet, now);
}

static void wake(instant_ns now)
{
    struct machine *machine = intruder_machine(intruder);
    outbox_clear(&outbox);
    if (machine_deadline(machine) <= now) {
        machine_step(machine, &(struct event){.kind = EVENT_WAKE, .now = now}, &outbox);
    }
}

static struct message sent(size_t index)
{
    struct message message;
    ck_assert_uint_lt(index, outbox.count);
    ck_assert(message_parse(outbox.packets[index].payload, MESSAGE_STRICT, &message, NULL));
    return message;
}

/* --- power --- */

static const struct power {
    const char *name;
    enum intruder_knows knows;
    bool port, id, letters; /* which of them it gets right */
} powers[] = {
    {"nothing", INTRUDER_KNOWS_NOTHING, false, false, false},
    {"port", INTRUDER_KNOWS_PORT, true, false, false},
    {"port and ID", INTRUDER_KNOWS_PORT_AND_ID, true, true, false},
    {"everything", INTRUDER_KNOWS_EVERYTHING, true, true, true},
};

START_TEST(it_uses_what_it_knows)
{
    prepare();
    const struct power *power = &powers[_i];
    struct name asked;
    name_parse_text(bytes_of_string(ASKED), NULL, &asked, NULL);
    forgery.knows = power->knows;
    forgery.packets = INTRUDER_PACKETS_MAX;
    show(1, ASKED, RRTYPE_A, 5);
    wake(5);
    ck_assert_uint_eq(outbox.count, INTRUDER_PACKETS_MAX);
    for (size_t i = 0; i < outbox.count; i++) {
        const struct packet *packet = &outbox.packets[i];
        const struct message message = sent(i);
        const struct endpoint server = toy_endpoint(1, 53);
        ck_assert(endpoint_equal(&packet->from, &server));
        ck_assert(address_equal(&packet->to.address, &resolver));
        ck_assert_int_eq(packet->to.port == PORT, power->port);
        ck_assert_int_eq(message.id == ID, power->id);
        ck_assert_int_eq(name_ref_identical(message.question.name, &asked), power->letters);
        ck_assert(name_ref_equal(message.question.name, &asked));
        ck_assert_uint_eq(message.question.type, RRTYPE_A);
    }
    clean();
}
END_TEST

START_TEST(guesses_differ)
{
    prepare();
    forgery.knows = INTRUDER_KNOWS_NOTHING;
    forgery.packets = 2;
    show(1, ASKED, RRTYPE_A, 5);
    wake(5);
    ck_assert_uint_ne(sent(0).id, sent(1).id);
    ck_assert_uint_ne(outbox.packets[0].to.port, outbox.packets[1].to.port);
    clean();
}
END_TEST

/* --- which queries --- */

static const struct query {
    const char *name;
    const char *asked;
    unsigned host;
    uint16_t type;
    bool forged;
} queries[] = {
    {"all fits", "victim.example.", 1, RRTYPE_A, true},
    {"a name below", "www.Victim.example.", 1, RRTYPE_A, true},
    {"another name", "victim2.example.", 1, RRTYPE_A, false},
    {"a name above", "example.", 1, RRTYPE_A, false},
    {"another type", "victim.example.", 1, RRTYPE_TXT, false},
    {"another server", "victim.example.", 2, RRTYPE_A, false},
};

START_TEST(it_answers_the_queries_it_is_told)
{
    prepare();
    const struct address server = toy_address(1);
    const uint16_t type = RRTYPE_A;
    struct name name;
    name_parse_text(bytes_of_string("victim.example."), NULL, &name, NULL);
    forgery.names = &name;
    forgery.types = &type;
    forgery.to = &server;
    forgery.name_count = forgery.type_count = forgery.to_count = 1;
    show(queries[_i].host, queries[_i].asked, queries[_i].type, 0);
    wake(0);
    ck_assert_uint_eq(outbox.count, queries[_i].forged);
    clean();
}
END_TEST

START_TEST(the_resolver_is_spared_unless_it_is_named)
{
    prepare();
    show(7, ASKED, RRTYPE_A, 0);
    wake(0);
    ck_assert_uint_eq(outbox.count, 0);
    forgery.to = &resolver;
    forgery.to_count = 1;
    show(7, ASKED, RRTYPE_A, 0);
    wake(0);
    ck_assert_uint_eq(outbox.count, 1);
    clean();
}
END_TEST

START_TEST(only_datagrams_that_ask_are_answered)
{
    prepare();
    uint8_t octets[300];
    struct packet packet = toy_packet(toy_endpoint(7, PORT), toy_endpoint(1, 53), TRANSPORT_UDP,
                                      toy_message(octets, ASKED, RRTYPE_A, true, false));
    intruder_see(intruder, &packet, 0); /* a response */
    packet.payload = bytes_of("\0\1\2", 3);
    intruder_see(intruder, &packet, 0);
    packet.payload = toy_message(octets, ASKED, RRTYPE_A, false, false);
    packet.to.port = 54;
    intruder_see(intruder, &packet, 0);
    packet.to.port = 53;
    packet.transport = TRANSPORT_TCP;
    intruder_see(intruder, &packet, 0);
    wake(0);
    ck_assert_uint_eq(outbox.count, 0);
    ck_assert_uint_eq(machine_deadline(intruder_machine(intruder)), NEVER);
    clean();
}
END_TEST

/* --- how much, and when --- */

START_TEST(each_query_is_answered_when_it_is_time)
{
    prepare();
    forgery.after = 10;
    show(1, ASKED, RRTYPE_A, 5);
    show(1, ASKED, RRTYPE_TXT, 7);
    ck_assert_uint_eq(machine_deadline(intruder_machine(intruder)), 15);
    wake(15);
    ck_assert_uint_eq(outbox.count, 1);
    ck_assert_uint_eq(sent(0).question.type, RRTYPE_A);
    ck_assert_uint_eq(machine_deadline(intruder_machine(intruder)), 17);
    intruder_reset(intruder, 1);
    ck_assert_uint_eq(machine_deadline(intruder_machine(intruder)), NEVER);
    clean();
}
END_TEST

START_TEST(times_are_counted)
{
    prepare();
    forgery.times = 2;
    for (unsigned i = 0; i < 3; i++) {
        show(1, ASKED, RRTYPE_A, i);
        wake(i);
        ck_assert_uint_eq(outbox.count, i < 2);
    }
    intruder_reset(intruder, 1);
    show(1, ASKED, RRTYPE_A, 0);
    wake(0);
    ck_assert_uint_eq(outbox.count, 1);
    clean();
}
END_TEST

START_TEST(what_it_remembers_is_bounded)
{
    prepare();
    for (unsigned i = 0; i < 2 * INTRUDER_PENDING_MAX; i++) {
        show(1, ASKED, RRTYPE_A, 0);
    }
    size_t answered = 0;
    do {
        wake(0);
        answered += outbox.count;
    } while (outbox.count > 0);
    ck_assert_uint_eq(answered, INTRUDER_PENDING_MAX);
    clean();
}
END_TEST

/* --- what it says --- */

START_TEST(records_stand_as_they_are_told)
{
    prepare();
    struct name owner;
    name_parse_text(bytes_of_string("evil.example."), NULL, &owner, NULL);
    const struct rr record = {.owner = &owner,
                              .type = RRTYPE_A,
                              .rrclass = 1,
                              .ttl = 9,
                              .rdata = bytes_of("\xcb\0\x71\x42", 4)};
    forgery.records[SECTION_ADDITIONAL] = &record;
    forgery.counts[SECTION_ADDITIONAL] = 1;
    show(1, ASKED, RRTYPE_A, 0);
    wake(0);
    const struct message message = sent(0);
    ck_assert_uint_eq(message.flags, MESSAGE_QR | MESSAGE_AA);
    ck_assert_uint_eq(message.counts[SECTION_ANSWER], 0);
    ck_assert_uint_eq(message.counts[SECTION_ADDITIONAL], 1);
    clean();
}
END_TEST

START_TEST(a_header_may_be_all)
{
    prepare();
    forgery.has_no_question = true;
    forgery.flags = MESSAGE_QR | RCODE_FORMERR;
    show(1, ASKED, RRTYPE_A, 0);
    wake(0);
    ck_assert_uint_eq(outbox.packets[0].payload.size, MESSAGE_HEADER_OCTETS);
    struct message_header header;
    ck_assert(message_peek(outbox.packets[0].payload, &header));
    ck_assert_uint_eq(header.id, ID);
    ck_assert_uint_eq(header.flags, MESSAGE_QR | RCODE_FORMERR);
    clean();
}
END_TEST

START_TEST(raw_octets_get_the_id)
{
    prepare();
    forgery.raw = bytes_of("\0\0\x81\x83garbage", 11);
    forgery.as = toy_address(66);
    forgery.port = 5353;
    show(1, ASKED, RRTYPE_A, 0);
    wake(0);
    const struct bytes payload = outbox.packets[0].payload;
    const struct endpoint claimed = toy_endpoint(66, 5353);
    ck_assert_uint_eq(payload.size, 11);
    ck_assert_mem_eq(payload.data, "\x12\x34\x81\x83garbage", 11);
    ck_assert(endpoint_equal(&outbox.packets[0].from, &claimed));
    clean();
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("intruder");
    add_rows(suite, it_uses_what_it_knows, powers);
    add_test(suite, guesses_differ);
    add_rows(suite, it_answers_the_queries_it_is_told, queries);
    add_test(suite, the_resolver_is_spared_unless_it_is_named);
    add_test(suite, only_datagrams_that_ask_are_answered);
    add_test(suite, each_query_is_answered_when_it_is_time);
    add_test(suite, times_are_counted);
    add_test(suite, what_it_remembers_is_bounded);
    add_test(suite, records_stand_as_they_are_told);
    add_test(suite, a_header_may_be_all);
    add_test(suite, raw_octets_get_the_id);
    return suite;
}
