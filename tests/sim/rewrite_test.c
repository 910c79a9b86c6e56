/* What boxes on the way make of replies, as faults: who strikes at what, and what is left. */
#include "sim/rewrite.h"

#include <string.h>

#include "tests/sim/stage.h"
#include "tests/sim/toys.h"
#include "tests/support/support.h"
#include "wire/message.h"

static const char zone[] = "@ 60 SOA n h 1 2 3 4 5\n"
                           "www 60 CNAME web\n"
                           "web 60 A 192.0.2.80\n";

static struct stage stage;
static uint8_t octets[2048];

/* The octets of the reply to `question`, in `octets`. */
static size_t reply_to(const char *question)
{
    uint8_t query[600];
    const struct stage_query how = {.udp_size = 1232};
    const size_t size = stage_build(question, &how, query, sizeof query);
    stage_send(&stage, TRANSPORT_UDP, 40000, bytes_of(query, size));
    ck_assert_uint_eq(stage.outbox->count, 1);
    const struct bytes reply = stage.outbox->packets[0].payload;
    memcpy(octets, reply.data, reply.size);
    return reply.size;
}

static struct rewrite_denial hijack(bool empties)
{
    const uint8_t address[4] = {203, 0, 113, 80};
    return (struct rewrite_denial){.address = address_v4(address), .ttl = 60, .empties = empties};
}

static const struct row {
    const char *name;
    const char *question;
    enum { TO_ALIAS, HIJACK, HIJACK_ALL } what;
    const char *reply; /* NULL: untouched */
} rows[] = {
    {"an alias is all that is left", "www.a.test. A", TO_ALIAS,
     "NOERROR aa\nAN www.a.test. 60 IN CNAME web.a.test."},
    {"an alias alone stays", "www.a.test. CNAME", TO_ALIAS, NULL},
    {"an answer without aliases stays", "web.a.test. A", TO_ALIAS, NULL},
    {"an empty answer stays", "web.a.test. TXT", TO_ALIAS, NULL},
    {"a denied address is given", "nope.a.test. A", HIJACK,
     "NOERROR aa\nAN nope.a.test. 60 IN A 203.0.113.80"},
    {"another denied type passes", "nope.a.test. TXT", HIJACK, NULL},
    {"another denied type is emptied", "nope.a.test. TXT", HIJACK_ALL, "NOERROR aa"},
    {"what exists passes", "web.a.test. A", HIJACK_ALL, NULL},
    {"what exists without the type passes", "web.a.test. TXT", HIJACK_ALL, NULL},
};

START_TEST(replies_are_rewritten)
{
    const struct row *row = &rows[_i];
    char text[1024];
    stage_open(&stage);
    stage_serve(&stage, "a.test.", zone);
    const size_t before = reply_to(row->question);
    size_t size = before;
    const struct rewrite_denial how = hijack(row->what == HIJACK_ALL);
    const bool changed = row->what == TO_ALIAS ? rewrite_to_alias(octets, &size)
                                               : rewrite_denial(octets, &size, sizeof octets, &how);
    ck_assert(changed == (row->reply != NULL));
    if (changed) {
        struct message message;
        ck_assert(message_parse(bytes_of(octets, size), MESSAGE_STRICT, &message, NULL));
        stage_show(bytes_of(octets, size), text, sizeof text);
        ck_assert_str_eq(text, row->reply);
    } else {
        ck_assert_uint_eq(size, before);
    }
    stage_close(&stage);
}
END_TEST

START_TEST(queries_and_fragments_pass)
{
    uint8_t query[600];
    const struct stage_query how = {.udp_size = 0};
    const struct rewrite_denial denial = hijack(true);
    size_t size = stage_build("nope.a.test. A", &how, query, sizeof query);
    ck_assert(!rewrite_denial(query, &size, sizeof query, &denial));
    stage_open(&stage);
    stage_serve(&stage, "a.test.", zone);
    const size_t whole = reply_to("www.a.test. A");
    for (size_t cut = 0; cut < whole; cut++) {
        size = cut;
        ck_assert(!rewrite_to_alias(octets, &size));
        ck_assert_uint_eq(size, cut);
    }
    stage_close(&stage);
}
END_TEST

START_TEST(an_address_without_room_is_not_given)
{
    const struct rewrite_denial denial = hijack(false);
    stage_open(&stage);
    stage_serve(&stage, "a.test.", zone);
    size_t size = reply_to("nope.a.test. A");
    const struct name name = stage_name("nope.a.test.");
    const size_t question = MESSAGE_HEADER_OCTETS + name.size + 4;
    ck_assert(!rewrite_denial(octets, &size, question + 15, &denial));
    ck_assert(rewrite_denial(octets, &size, question + 16, &denial));
    ck_assert_uint_eq(size, question + 16);
    stage_close(&stage);
}
END_TEST

static const uint16_t missing_key = 9; /* RFC 8914 4.10 */

START_TEST(what_may_be_validated_is_bogus)
{
    char text[1024];
    stage_open(&stage);
    stage_serve(&stage, "a.test.", zone);
    size_t size = reply_to("web.a.test. A");
    ck_assert(rewrite_to_bogus(octets, &size, sizeof octets, &missing_key));
    stage_show(bytes_of(octets, size), text, sizeof text);
    ck_assert_str_eq(text, "SERVFAIL opt ede=9");
    ck_assert(!rewrite_to_bogus(octets, &size, sizeof octets, &missing_key)); /* it is already */
    stage_close(&stage);
}
END_TEST

START_TEST(what_is_not_to_be_validated_stays)
{
    uint8_t query[600];
    const struct stage_query how = {.udp_size = 1232, .flags = MESSAGE_CD};
    stage_open(&stage);
    stage_serve(&stage, "a.test.", zone);
    const size_t asked = stage_build("web.a.test. A", &how, query, sizeof query);
    stage_send(&stage, TRANSPORT_UDP, 40000, bytes_of(query, asked));
    const struct bytes reply = stage.outbox->packets[0].payload;
    size_t size = reply.size;
    memcpy(octets, reply.data, size);
    ck_assert(!rewrite_to_bogus(octets, &size, sizeof octets, &missing_key));
    ck_assert_uint_eq(size, reply.size);
    ck_assert(!rewrite_to_bogus(query, &size, sizeof query, &missing_key)); /* no reply */
    stage_close(&stage);
}
END_TEST

START_TEST(without_room_there_is_no_extended_error)
{
    stage_open(&stage);
    stage_serve(&stage, "a.test.", zone);
    size_t size = reply_to("web.a.test. A");
    const struct name name = stage_name("web.a.test.");
    const size_t question = MESSAGE_HEADER_OCTETS + name.size + 4;
    ck_assert(rewrite_to_bogus(octets, &size, question + 16, &missing_key));
    ck_assert_uint_eq(size, question);
    stage_close(&stage);
}
END_TEST

/* --- as faults --- */

static struct flight flight_of(enum transport transport, size_t size)
{
    return (struct flight){
        .packet = toy_packet(toy_endpoint(1, 53), toy_endpoint(2, 4000), transport,
                             bytes_of(octets, size)),
        .payload = octets,
        .room = sizeof octets,
    };
}

START_TEST(only_datagrams_are_rewritten)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    stage_open(&stage);
    stage_serve(&stage, "a.test.", zone);
    const struct fault fault = toy_fault(&arena, "alias-only", NULL, 0);
    struct flight flight = flight_of(TRANSPORT_TCP, reply_to("www.a.test. A"));
    ck_assert(!fault.row->strike(fault.state, &flight, NULL));
    flight = flight_of(TRANSPORT_UDP, flight.packet.payload.size);
    ck_assert(fault.row->strike(fault.state, &flight, NULL));
    stage_close(&stage);
    arena_free(&arena);
}
END_TEST

START_TEST(source_is_the_port_after)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const struct fault fault = toy_fault(&arena, "wrong-source", NULL, 0);
    struct flight flight = flight_of(TRANSPORT_UDP, 12);
    ck_assert(fault.row->strike(fault.state, &flight, NULL));
    ck_assert_uint_eq(flight.packet.from.port, 54);
    flight = flight_of(TRANSPORT_TCP, 12);
    ck_assert(!fault.row->strike(fault.state, &flight, NULL));
    ck_assert_uint_eq(flight.packet.from.port, 53);
    arena_free(&arena);
}
END_TEST

START_TEST(source_is_the_port_said)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const struct fault fault =
        toy_fault(&arena, "wrong-source", (const struct toy_number[]){{"port", 5353}}, 1);
    struct flight flight = flight_of(TRANSPORT_UDP, 12);
    ck_assert(fault.row->strike(fault.state, &flight, NULL));
    ck_assert_uint_eq(flight.packet.from.port, 5353);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("rewrite");
    add_rows(suite, replies_are_rewritten, rows);
    add_test(suite, queries_and_fragments_pass);
    add_test(suite, an_address_without_room_is_not_given);
    add_test(suite, what_may_be_validated_is_bogus);
    add_test(suite, what_is_not_to_be_validated_stays);
    add_test(suite, without_room_there_is_no_extended_error);
    add_test(suite, only_datagrams_are_rewritten);
    add_test(suite, source_is_the_port_after);
    add_test(suite, source_is_the_port_said);
    return suite;
}
