/* A server's connections: queries in any chunks, several on one, and how a connection ends. */
#include "sim/server.h"

#include <string.h>

#include "tests/sim/stage.h"
#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/frame.h"
#include "wire/message.h"
#include "wire/rrtype.h"

#define CONNECTIONS_MAX 64

static const char zone_lines[] = "@ 60 SOA n h 1 2 3 4 5\nw 60 A 192.0.2.1\nv 60 A 192.0.2.2\n";

/* Framed queries one after another; returns their octets. */
static size_t put_queries(uint8_t *buffer, size_t capacity, const char *const *questions,
                          size_t count)
{
    const struct stage_query how = {.transport = TRANSPORT_TCP};
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t query = stage_build(questions[i], &how, buffer + size + FRAME_PREFIX_OCTETS,
                                         capacity - size - FRAME_PREFIX_OCTETS);
        frame_prefix(buffer + size, query);
        size += query + FRAME_PREFIX_OCTETS;
    }
    return size;
}

static void send_kind(struct stage *stage, enum packet_kind kind, uint16_t port)
{
    const uint8_t client[4] = {192, 0, 2, 1};
    const uint8_t server[4] = {192, 0, 2, 53};
    const struct event event = {
        .kind = EVENT_PACKET,
        .now = stage->now,
        .packet =
            {
                .from = {.address = address_v4(client), .port = port},
                .to = {.address = address_v4(server), .port = 53},
                .transport = TRANSPORT_TCP,
                .kind = kind,
            },
    };
    outbox_clear(stage->outbox);
    machine_step(server_machine(stage->server), &event, stage->outbox);
}

static void wake(struct stage *stage)
{
    const struct event event = {.kind = EVENT_WAKE, .now = stage->now};
    outbox_clear(stage->outbox);
    machine_step(server_machine(stage->server), &event, stage->outbox);
}

static instant_ns due(const struct stage *stage)
{
    return machine_deadline(server_machine(stage->server));
}

static void open_stage(struct stage *stage)
{
    stage_open(stage);
    stage_serve(stage, "t.test.", zone_lines);
}

START_TEST(any_chunking_gives_the_same_replies)
{
    static const char *const questions[] = {"w.t.test. A", "v.t.test. A", "x.t.test. A"};
    static struct stage stage;
    uint8_t queries[512];
    const size_t size = put_queries(queries, sizeof queries, questions, COUNT_OF(questions));
    for (size_t chunk = 1; chunk <= size; chunk++) {
        open_stage(&stage);
        size_t replies = 0;
        for (size_t at = 0; at < size; at += chunk) {
            const size_t take = at + chunk < size ? chunk : size - at;
            stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(queries + at, take));
            for (size_t i = 0; i < stage.outbox->count; i++) {
                const struct bytes reply = stage.outbox->packets[i].payload;
                stage_show(bytes_after(reply, 2), stage.text, sizeof stage.text);
                const char *wanted = replies == 0   ? "AN w.t.test. 60 IN A 192.0.2.1"
                                     : replies == 1 ? "AN v.t.test. 60 IN A 192.0.2.2"
                                                    : "NXDOMAIN aa";
                ck_assert_msg(strstr(stage.text, wanted) != NULL, "%s", stage.text);
                ck_assert_uint_eq((size_t)reply.data[0] << 8 | reply.data[1], reply.size - 2);
                replies++;
            }
        }
        ck_assert_uint_eq(replies, COUNT_OF(questions));
        stage_close(&stage);
    }
}
END_TEST

START_TEST(silence_ends_the_connection_after_ten_seconds)
{
    static const char *const question[] = {"w.t.test. A"};
    static struct stage stage;
    uint8_t query[512];
    const size_t size = put_queries(query, sizeof query, question, 1);
    open_stage(&stage);
    ck_assert_uint_eq(due(&stage), NEVER);
    stage.now = NS_PER_S;
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(query, size));
    ck_assert_uint_eq(due(&stage), 11 * NS_PER_S);
    stage.now = 5 * NS_PER_S;
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(query, size));
    ck_assert_uint_eq(due(&stage), 15 * NS_PER_S);
    stage.now = 14 * NS_PER_S;
    wake(&stage);
    ck_assert_uint_eq(stage.outbox->count, 0);
    stage.now = 15 * NS_PER_S;
    wake(&stage);
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_int_eq(stage.outbox->packets[0].kind, PACKET_CLOSE);
    ck_assert_uint_eq(stage.outbox->packets[0].to.port, 40000);
    ck_assert_uint_eq(due(&stage), NEVER);
    stage_close(&stage);
}
END_TEST

START_TEST(trickling_query_is_reset_after_three_seconds)
{
    static const char *const question[] = {"w.t.test. A"};
    static struct stage stage;
    uint8_t query[512];
    put_queries(query, sizeof query, question, 1);
    open_stage(&stage);
    for (size_t i = 0; i < 3; i++) {
        stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(query + i, 1));
        ck_assert_uint_eq(due(&stage), 3 * NS_PER_S);
        stage.now += NS_PER_S;
    }
    wake(&stage);
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_int_eq(stage.outbox->packets[0].kind, PACKET_RESET);
    ck_assert_uint_eq(due(&stage), NEVER);
    stage_close(&stage);
}
END_TEST

START_TEST(a_query_after_an_answer_has_its_own_three_seconds)
{
    static const char *const question[] = {"w.t.test. A"};
    static struct stage stage;
    uint8_t query[512];
    const size_t size = put_queries(query, sizeof query, question, 1);
    memcpy(query + size, query, 5); /* and the beginning of another */
    open_stage(&stage);
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(query, 5));
    stage.now = 2 * NS_PER_S;
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(query + 5, size));
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_uint_eq(due(&stage), 5 * NS_PER_S);
    stage_close(&stage);
}
END_TEST

START_TEST(client_that_closes_is_closed)
{
    static const char *const question[] = {"w.t.test. A"};
    static struct stage stage;
    uint8_t query[512];
    const size_t size = put_queries(query, sizeof query, question, 1);
    open_stage(&stage);
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(query, size));
    send_kind(&stage, PACKET_CLOSE, 40000);
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_int_eq(stage.outbox->packets[0].kind, PACKET_CLOSE);
    ck_assert_uint_eq(due(&stage), NEVER);
    send_kind(&stage, PACKET_CLOSE, 40000);
    ck_assert_uint_eq(stage.outbox->count, 0);
    stage_close(&stage);
}
END_TEST

START_TEST(client_that_resets_is_forgotten)
{
    static struct stage stage;
    uint8_t octet = 0;
    open_stage(&stage);
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(&octet, 1));
    send_kind(&stage, PACKET_RESET, 40000);
    ck_assert_uint_eq(stage.outbox->count, 0);
    ck_assert_uint_eq(due(&stage), NEVER);
    stage_close(&stage);
}
END_TEST

static const struct breakage {
    const char *name;
    uint8_t octets[4];
    size_t size;
} breakages[] = {
    {"length_0_is_reset", {0, 0}, 2},
    {"length_below_a_header_is_reset", {0, 11, 1}, 3},
};

START_TEST(broken_stream_is_reset)
{
    static struct stage stage;
    open_stage(&stage);
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(breakages[_i].octets, breakages[_i].size));
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_int_eq(stage.outbox->packets[0].kind, PACKET_RESET);
    ck_assert_uint_eq(due(&stage), NEVER);
    stage_close(&stage);
}
END_TEST

START_TEST(connections_are_told_apart_by_port)
{
    static const char *const question[] = {"w.t.test. A"};
    static struct stage stage;
    uint8_t query[512];
    const size_t size = put_queries(query, sizeof query, question, 1);
    open_stage(&stage);
    stage_send(&stage, TRANSPORT_TCP, 1001, bytes_of(query, 9));
    stage_send(&stage, TRANSPORT_TCP, 1002, bytes_of(query, 20));
    stage_send(&stage, TRANSPORT_TCP, 1001, bytes_of(query + 9, size - 9));
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_uint_eq(stage.outbox->packets[0].to.port, 1001);
    stage_send(&stage, TRANSPORT_TCP, 1002, bytes_of(query + 20, size - 20));
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_uint_eq(stage.outbox->packets[0].to.port, 1002);
    stage_close(&stage);
}
END_TEST

START_TEST(one_connection_too_many_is_refused)
{
    static struct stage stage;
    uint8_t octet = 0;
    open_stage(&stage);
    for (uint16_t i = 0; i < CONNECTIONS_MAX; i++) {
        stage_send(&stage, TRANSPORT_TCP, (uint16_t)(2000 + i), bytes_of(&octet, 1));
        ck_assert_uint_eq(stage.outbox->count, 0);
    }
    stage_send(&stage, TRANSPORT_TCP, 3000, bytes_of(&octet, 1));
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_int_eq(stage.outbox->packets[0].kind, PACKET_RESET);
    ck_assert_uint_eq(stage.outbox->packets[0].to.port, 3000);
    send_kind(&stage, PACKET_RESET, 2017);
    stage_send(&stage, TRANSPORT_TCP, 3000, bytes_of(&octet, 1));
    ck_assert_uint_eq(stage.outbox->count, 0);
    stage.now = 3 * NS_PER_S;
    wake(&stage);
    ck_assert_uint_eq(stage.outbox->count, CONNECTIONS_MAX);
    ck_assert_uint_eq(due(&stage), NEVER);
    stage_close(&stage);
}
END_TEST

START_TEST(idle_connections_give_way_the_longest_idle_first)
{
    static struct stage stage;
    static const char *const question = "w.t.test. A";
    uint8_t query[512];
    open_stage(&stage);
    const size_t size = put_queries(query, sizeof query, &question, 1);
    for (uint16_t i = 0; i < CONNECTIONS_MAX; i++) {
        stage.now = i * NS_PER_MS;
        stage_send(&stage, TRANSPORT_TCP, (uint16_t)(2000 + i), bytes_of(query, i == 0 ? 1 : size));
        ck_assert_uint_eq(stage.outbox->count, i == 0 ? 0 : 1);
    }
    stage.now = 100 * NS_PER_MS;
    stage_send(&stage, TRANSPORT_TCP, 2001, bytes_of(query, size)); /* not idle the longest now */
    for (uint16_t i = 0; i < 3; i++) {
        stage_send(&stage, TRANSPORT_TCP, (uint16_t)(3000 + i), bytes_of(query, size));
        ck_assert_uint_eq(stage.outbox->count, 2);
        ck_assert_int_eq(stage.outbox->packets[0].kind, PACKET_CLOSE);
        ck_assert_uint_eq(stage.outbox->packets[0].to.port, 2002 + i);
        ck_assert_int_eq(stage.outbox->packets[1].kind, PACKET_DATA);
        ck_assert_uint_eq(stage.outbox->packets[1].to.port, 3000 + i);
    }
    stage_send(&stage, TRANSPORT_TCP, 2000, bytes_of(query + 1, size - 1)); /* was left alone */
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_uint_eq(stage.outbox->packets[0].to.port, 2000);
    stage_close(&stage);
}
END_TEST

START_TEST(reset_forgets_connections)
{
    static struct stage stage;
    uint8_t octet = 0;
    open_stage(&stage);
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(&octet, 1));
    server_reset(stage.server, 2);
    ck_assert_uint_eq(due(&stage), NEVER);
    static const char *const question[] = {"w.t.test. A"};
    uint8_t query[512];
    const size_t size = put_queries(query, sizeof query, question, 1);
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(query, size));
    ck_assert_uint_eq(stage.outbox->count, 1);
    ck_assert_int_eq(stage.outbox->packets[0].kind, PACKET_DATA);
    stage_close(&stage);
}
END_TEST

/* A client that asks for more than the outbox holds loses its connection, not its neighbours'. */
START_TEST(more_queries_than_the_outbox_takes_end_in_a_reset)
{
    static const char *const question[] = {"w.t.test. A"};
    static struct stage stage;
    static uint8_t stream[16384];
    uint8_t query[128];
    const size_t size = put_queries(query, sizeof query, question, 1);
    size_t used = 0;
    for (; used + size <= sizeof stream; used += size) {
        memcpy(stream + used, query, size);
    }
    open_stage(&stage);
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(stream, used));
    ck_assert_uint_eq(stage.outbox->count, OUTBOX_PACKETS_MAX);
    ck_assert_uint_eq(due(&stage), NEVER);
    stage_close(&stage);
}
END_TEST

START_TEST(more_octets_than_the_outbox_takes_end_in_a_reset)
{
    static const char *const questions[] = {"big.test. A", "big.test. A", "big.test. A"};
    static struct stage stage;
    uint8_t queries[512];
    const size_t size = put_queries(queries, sizeof queries, questions, COUNT_OF(questions));
    stage_open(&stage);
    const struct name apex = stage_name("big.test.");
    struct zone *zone = zone_new(&stage.arena, &apex);
    for (unsigned i = 0; i < 3900; i++) {
        const uint8_t octets[4] = {10, 0, (uint8_t)(i >> 8), (uint8_t)i};
        const struct rr rr = {&apex, RRTYPE_A, RRCLASS_IN, 60, bytes_of(octets, 4)};
        const char *why = NULL;
        ck_assert(zone_add(zone, &rr, &why));
    }
    ck_assert(zone_finish(zone));
    const struct served_zone served = {.zone = zone};
    ck_assert(server_serve(stage.server, &served));
    stage_send(&stage, TRANSPORT_TCP, 40000, bytes_of(queries, size));
    ck_assert_uint_eq(stage.outbox->count, 3);
    ck_assert_uint_gt(stage.outbox->packets[1].payload.size, 62000);
    ck_assert_int_eq(stage.outbox->packets[2].kind, PACKET_RESET);
    ck_assert_uint_eq(due(&stage), NEVER);
    stage_close(&stage);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("server_tcp");
    add_test(suite, any_chunking_gives_the_same_replies);
    add_test(suite, silence_ends_the_connection_after_ten_seconds);
    add_test(suite, trickling_query_is_reset_after_three_seconds);
    add_test(suite, a_query_after_an_answer_has_its_own_three_seconds);
    add_test(suite, client_that_closes_is_closed);
    add_test(suite, client_that_resets_is_forgotten);
    add_rows(suite, broken_stream_is_reset, breakages);
    add_test(suite, connections_are_told_apart_by_port);
    add_test(suite, one_connection_too_many_is_refused);
    add_test(suite, idle_connections_give_way_the_longest_idle_first);
    add_test(suite, reset_forgets_connections);
    add_test(suite, more_octets_than_the_outbox_takes_end_in_a_reset);
    add_test(suite, more_queries_than_the_outbox_takes_end_in_a_reset);
    return suite;
}
