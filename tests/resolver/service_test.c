/* What clients see: refusals, sizes, TCP, joined questions, bounds. */
#include <stdio.h>

#include "tests/resolver/rig.h"
#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/frame.h"
#include "wire/rrtype.h"

static struct rig rig;

#define START(scripts) rig_start(&rig, NULL, scripts, COUNT_OF(scripts))

#define ANSWERS                                                                                    \
    {                                                                                              \
        "10.0.0.2", "*.example.", "TXT", "aa\nan @ 300 TXT \"a\"", 0                               \
    }

static const struct script plain_scripts[] = {ONE_SERVER, ANSWERS};

/* A query with these header fields for k.example. TXT, ID 7. */
static struct bytes query_of(uint16_t flags, uint16_t type, uint16_t rrclass, uint8_t version)
{
    static uint8_t octets[512];
    static struct builder builder;
    const struct name name = {11, 2, "\1k\7example"};
    const struct edns edns = {.present = true, .udp_size = 1232, .version = version};
    builder_start(&builder, octets, sizeof octets, 7, flags);
    builder_question(&builder, &name, type, rrclass);
    builder_edns(&builder, &edns);
    return bytes_of(octets, builder_finish(&builder));
}

static const struct refusal_row {
    const char *name;
    uint16_t flags, type, rrclass;
    uint8_t version;
    const char *answer;
} refusal_rows[] = {
    {"a plain question is answered", MESSAGE_RD, RRTYPE_TXT, RRCLASS_IN, 0,
     "NOERROR\nan k.example. 300 IN TXT \"a\""},
    {"no recursion desired", 0, RRTYPE_TXT, RRCLASS_IN, 0,
     "REFUSED\n"
     "ede 20 no recursion desired"},
    {"class CH", MESSAGE_RD, RRTYPE_TXT, RRCLASS_CH, 0,
     "REFUSED\n"
     "ede 21 no class but IN"},
    {"class ANY", MESSAGE_RD, RRTYPE_TXT, RRCLASS_ANY, 0,
     "REFUSED\n"
     "ede 21 no class but IN"},
    {"AXFR", MESSAGE_RD, RRTYPE_AXFR, RRCLASS_IN, 0,
     "REFUSED\n"
     "ede 21 no meta type but ANY"},
    {"OPT", MESSAGE_RD, RRTYPE_OPT, RRCLASS_IN, 0,
     "REFUSED\n"
     "ede 21 no meta type but ANY"},
    {"TKEY", MESSAGE_RD, RRTYPE_TKEY, RRCLASS_IN, 0,
     "REFUSED\n"
     "ede 21 no meta type but ANY"},
    {"NXNAME", MESSAGE_RD, 128, RRCLASS_IN, 0, "FORMERR\nede 30 nobody may ask for NXNAME"},
    {"NOTIFY", MESSAGE_RD | OPCODE_NOTIFY << MESSAGE_OPCODE_SHIFT, RRTYPE_SOA, RRCLASS_IN, 0,
     "NOTIMP\n"
     "ede 21 no opcode but QUERY"},
    {"EDNS 1", MESSAGE_RD, RRTYPE_TXT, RRCLASS_IN, 1,
     "BADVERS\n"
     "ede 21 no EDNS version but 0"},
    {"an answer", MESSAGE_RD | MESSAGE_QR, RRTYPE_TXT, RRCLASS_IN, 0, "silence"},
};

START_TEST(query_is_taken_or_refused)
{
    const struct refusal_row *row = &refusal_rows[_i];
    START(plain_scripts);
    rig_send_octets(&rig, 40000, TRANSPORT_UDP,
                    query_of(row->flags, row->type, row->rrclass, row->version));
    rig_run(&rig, NS_PER_S);
    ck_assert_str_eq(rig_answer(&rig), row->answer);
}
END_TEST

START_TEST(a_cut_query_is_formerr_and_a_cut_header_nothing)
{
    START(plain_scripts);
    const struct bytes query = query_of(MESSAGE_RD, RRTYPE_TXT, RRCLASS_IN, 0);
    rig_send_octets(&rig, 40000, TRANSPORT_UDP, bytes_of(query.data, 20));
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.answer_size, 12);
    ck_assert_uint_eq(rig.answer_octets[3] & 15, RCODE_FORMERR);
    rig_send_octets(&rig, 40000, TRANSPORT_UDP, bytes_of(query.data, 11));
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 1);
}
END_TEST

START_TEST(a_query_with_an_answer_in_it_is_formerr)
{
    static const enum section sections[] = {SECTION_ANSWER, SECTION_AUTHORITY};
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        uint8_t octets[512];
        struct builder builder;
        const struct name name = {11, 2, "\1k\7example"};
        const struct rr rr = {&name, RRTYPE_TXT, RRCLASS_IN, 300, bytes_of("\1a", 2)};
        const struct edns edns = {.present = true, .udp_size = 1232};
        START(plain_scripts);
        builder_start(&builder, octets, sizeof octets, 7, MESSAGE_RD);
        ck_assert(builder_question(&builder, &name, RRTYPE_TXT, RRCLASS_IN));
        ck_assert(builder_record(&builder, sections[i], &rr) && builder_edns(&builder, &edns));
        rig_send_octets(&rig, 40000, TRANSPORT_UDP, bytes_of(octets, builder_finish(&builder)));
        rig_run(&rig, NS_PER_S);
        ck_assert_str_eq(rig_answer(&rig), "FORMERR\nede 0 a query has no answers");
        ck_assert_uint_eq(rig.queries, 0);
        rig_stop(&rig);
    }
}
END_TEST

START_TEST(a_query_from_a_reflectors_port_is_dropped)
{
    START(plain_scripts);
    rig_send_query(&rig, 19, "k.example.", "TXT", 1232);
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 0);
    ck_assert_uint_eq(rig.queries, 0);
}
END_TEST

START_TEST(the_reply_copies_id_question_and_flags)
{
    struct message message;
    START(plain_scripts);
    rig_send_query(&rig, 40000, "K.exAmple.", "TXT", 1232);
    rig_run(&rig, NS_PER_S);
    ck_assert(message_parse(bytes_of(rig.answer_octets, rig.answer_size), MESSAGE_STRICT, &message,
                            NULL));
    ck_assert_uint_eq(message.id, 1);
    ck_assert_uint_eq(message.flags, MESSAGE_QR | MESSAGE_RD | MESSAGE_RA);
    const struct name name = {11, 2, "\1K\7exAmple"};
    ck_assert(name_ref_identical(message.question.name, &name));
    ck_assert(message.edns.present);
}
END_TEST

START_TEST(without_edns_there_is_no_opt_and_no_extended_error)
{
    static const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", "rcode REFUSED", 0}};
    struct message message;
    START(scripts);
    rig_send_query(&rig, 40000, "k.example.", "TXT", 0);
    rig_run(&rig, NS_PER_S);
    ck_assert(message_parse(bytes_of(rig.answer_octets, rig.answer_size), MESSAGE_STRICT, &message,
                            NULL));
    ck_assert_uint_eq(message.rcode, RCODE_SERVFAIL);
    ck_assert(!message.edns.present);
}
END_TEST

/* --- sizes --- */

/* 12 TXT records of about 100 octets; over TCP only. */
static void start_large(void)
{
    static char reply[4096];
    static struct script scripts[3];
    size_t size = (size_t)snprintf(reply, sizeof reply, "tcp\naa");
    for (int i = 0; i < 12; i++) {
        size += (size_t)snprintf(
            reply + size, sizeof reply - size,
            "\nan @ 300 TXT \"%02d-567890123456789012345678901234567890123456789012345678901234567"
            "8901234567890123456789012345678\"",
            i);
    }
    scripts[0] = (struct script)ONE_SERVER;
    scripts[1] = (struct script){"10.0.0.2", "*", "TXT", "udp\ntc\naa", 0};
    scripts[2] = (struct script){"10.0.0.2", "*", "TXT", reply, 0};
    rig_start(&rig, NULL, scripts, 3);
}

static const struct size_row {
    const char *name;
    uint16_t udp_size;
    const char *answer;
} size_rows[] = {
    {"without EDNS 512", 0, "NOERROR TC"},
    {"less than 512 is 512", 100, "NOERROR TC"},
    {"1232", 1232, "NOERROR TC"},
    {"never more than 1232", 4096, "NOERROR TC"},
};

START_TEST(what_does_not_fit_is_truncated_to_nothing)
{
    start_large();
    rig_send_query(&rig, 40000, "k.example.", "TXT", size_rows[_i].udp_size);
    rig_run(&rig, NS_PER_S);
    ck_assert_str_eq(rig_answer(&rig), size_rows[_i].answer);
    ck_assert_uint_le(rig.answer_size, 512);
}
END_TEST

#define L50   "a2345678901234567890123456789012345678901234567890"
#define LONG1 L50 ".b" L50 ".c" L50 ".d" L50 ".example."
#define LONG2 "e" L50 ".f" L50 ".g" L50 ".h" L50 ".example."
#define LONG3 "i" L50 ".j" L50 ".k" L50 ".l" L50 ".example."

static const struct part_row {
    const char *name, *type;
    const char *reply;
    bool dnssec_ok;
} part_rows[] = {
    {"the aliases", "TXT",
     "aa\nan @ 300 CNAME " LONG1 "\nan " LONG1 " 300 CNAME " LONG2 "\nan " LONG2 " 300 CNAME " LONG3
     "\nan " LONG3 " 300 TXT \"v\"",
     false},
    {"signatures of the aliases", "TXT",
     "aa\nan @ 300 CNAME " LONG1 "\nan @ 300 RRSIG CNAME\nan " LONG1 " 300 CNAME " LONG2
     "\nan " LONG1 " 300 RRSIG CNAME\nan " LONG2 " 300 TXT \"v\"",
     true},
    {"all types", "ANY",
     "aa\nan @ 300 TXT \"1" L50 L50 L50 "\"\nan @ 300 TXT \"2" L50 L50 L50
     "\"\nan @ 300 TXT \"3" L50 L50 L50 "\"\nan @ 300 HINFO \"c\" \"o\"",
     false},
    {"signatures", "TXT",
     "aa\nan @ 300 TXT \"" L50 L50 L50 L50 L50 "\"\nan @ 300 TXT \"2" L50 L50 L50 L50
     "\"\nan @ 300 RRSIG TXT",
     true},
};

/* In whatever part of it the room ends, nothing is told but that TCP has more. */
START_TEST(an_answer_is_told_whole_or_not_at_all)
{
    const struct part_row *row = &part_rows[_i];
    const struct script scripts[] = {ONE_SERVER, {"10.0.0.2", "*", "*", row->reply, 0}};
    unsigned cut = 0;
    START(scripts);
    rig.client_do = row->dnssec_ok;
    rig_send_query(&rig, 40000, "k.example.", row->type, 1232);
    rig_run(&rig, NS_PER_S);
    const size_t size = rig.answer_size;
    ck_assert_msg(strncmp(rig_answer(&rig), "NOERROR\nan ", 11) == 0, "%s", rig_answer(&rig));
    for (uint16_t room = 512; room < size + 4; room++) {
        rig_send_query(&rig, 40000, "k.example.", row->type, room);
        rig_run(&rig, NS_PER_S);
        if (strcmp(rig_answer(&rig), "NOERROR TC") == 0) {
            cut++;
        } else {
            ck_assert_uint_eq(rig.answer_size, size);
        }
    }
    ck_assert_uint_eq(cut, size - 512);
    rig_stop(&rig);
}
END_TEST

/* The query of query_of with its length before it. */
static struct bytes framed_query(void)
{
    static uint8_t octets[514];
    const struct bytes query = query_of(MESSAGE_RD, RRTYPE_TXT, RRCLASS_IN, 0);
    frame_prefix(octets, query.size);
    memcpy(octets + 2, query.data, query.size);
    return bytes_of(octets, query.size + 2);
}

START_TEST(tcp_gives_the_whole_answer)
{
    start_large();
    const struct bytes query = framed_query();
    for (size_t i = 0; i < query.size; i++) {
        rig_send_octets(&rig, 40000, TRANSPORT_TCP, bytes_of(query.data + i, 1));
    }
    rig_run(&rig, NS_PER_S);
    const char *answer = rig_answer(&rig);
    ck_assert(strncmp(answer, "NOERROR\nan k.example. 300 IN TXT \"00-", 37) == 0);
    ck_assert(strstr(answer, "\"11-") != NULL);
}
END_TEST

START_TEST(two_queries_in_one_segment_get_two_answers)
{
    uint8_t both[1028];
    START(plain_scripts);
    const struct bytes query = framed_query();
    memcpy(both, query.data, query.size);
    memcpy(both + query.size, query.data, query.size);
    both[query.size + 3] = 8; /* another ID */
    rig_send_octets(&rig, 40000, TRANSPORT_TCP, bytes_of(both, 2 * query.size));
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 2);
}
END_TEST

START_TEST(a_silent_connection_is_closed_after_10_s)
{
    START(plain_scripts);
    rig_send_octets(&rig, 40000, TRANSPORT_TCP, framed_query());
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 1);
    ck_assert_uint_eq(machine_deadline(resolver_machine(rig.resolver)), 10 * NS_PER_S);
    rig_run(&rig, 20 * NS_PER_S);
    ck_assert_uint_eq(machine_deadline(resolver_machine(rig.resolver)), NEVER);
}
END_TEST

START_TEST(a_client_that_hung_up_is_not_answered)
{
    START(plain_scripts);
    rig_send_octets(&rig, 40000, TRANSPORT_TCP, framed_query());
    const struct packet packet = {.from = {{ADDRESS_V4, {10, 0, 0, 99}}, 40000},
                                  .to = {{ADDRESS_V4, {10, 0, 0, 53}}, 53},
                                  .transport = TRANSPORT_TCP,
                                  .kind = PACKET_RESET};
    rig_deliver(&rig, &packet);
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.queries, 2);
    ck_assert_uint_eq(rig.client_answers, 0);
    rig_ask(&rig, "k.example.", "TXT");
    ck_assert_uint_eq(rig.client_answers, 1);
}
END_TEST

START_TEST(more_connections_than_64_close_the_one_silent_for_longest)
{
    START(plain_scripts);
    for (uint16_t i = 0; i < 100; i++) {
        rig_send_octets(&rig, (uint16_t)(40000 + i), TRANSPORT_TCP, framed_query());
        rig_run(&rig, 100 * NS_PER_MS);
    }
    ck_assert_uint_eq(rig.client_answers, 100);
}
END_TEST

START_TEST(a_length_of_a_lie_closes_the_connection)
{
    START(plain_scripts);
    rig_send_octets(&rig, 40000, TRANSPORT_TCP, bytes_of("\xff\xff\x00", 3));
    ck_assert_uint_eq(machine_deadline(resolver_machine(rig.resolver)), NEVER);
}
END_TEST

/* --- many clients --- */

START_TEST(one_question_of_many_clients_is_asked_once)
{
    START(plain_scripts);
    for (uint16_t i = 0; i < 10; i++) {
        rig_send_query(&rig, (uint16_t)(40000 + i), "k.example.", "TXT", 1232);
    }
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 10);
    ck_assert_uint_eq(rig.queries, 2);
    ck_assert_uint_eq(resolver_counters(rig.resolver)->client_queries, 10);
}
END_TEST

START_TEST(a_clients_repetition_is_answered_once)
{
    START(plain_scripts);
    const struct bytes query = query_of(MESSAGE_RD, RRTYPE_TXT, RRCLASS_IN, 0);
    rig_send_octets(&rig, 40000, TRANSPORT_UDP, query);
    rig_send_octets(&rig, 40000, TRANSPORT_UDP, query);
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 1);
}
END_TEST

START_TEST(different_questions_share_the_way_down)
{
    START(plain_scripts);
    rig_send_query(&rig, 40000, "k.example.", "TXT", 1232);
    rig_send_query(&rig, 40001, "l.example.", "TXT", 1232);
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 2);
}
END_TEST

START_TEST(two_look_ups_of_one_address_ask_once)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "ns.example.", "A", "aa\nan @ 300 A 10.0.0.5", 0},
        {"10.0.0.5", "*.org.", "TXT", "aa\nan @ 300 TXT \"k\"", 0},
    };
    START(scripts);
    rig_send_query(&rig, 40000, "k.org.", "TXT", 1232);
    rig_send_query(&rig, 40001, "l.org.", "TXT", 1232);
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 2);
    ck_assert_uint_eq(rig.sent[1], 3);
    ck_assert_uint_eq(rig.sent[2], 1);
    ck_assert_uint_eq(rig.sent[5], 2);
}
END_TEST

START_TEST(who_waits_for_another_goes_on_when_that_has_ended)
{
    static const struct script scripts[] = {
        ONE_SERVER,
        {"10.0.0.1", "*.org.", "*", "ns org. 3600 NS ns.example.", 0},
        {"10.0.0.2", "w.example.", "TXT", "aa\nan @ 300 TXT \"w\"", 0},
        {"10.0.0.2", "ns.example.", "A", "aa\nan @ 0 A 10.0.0.5", 0},
        {"10.0.0.5", "*.org.", "TXT", "aa\nan @ 300 TXT \"k\"", 0},
    };
    START(scripts);
    rig_ask(&rig, "w.example.", "TXT");
    rig_send_query(&rig, 40000, "k.org.", "TXT", 1232);
    rig_send_query(&rig, 40001, "l.org.", "TXT", 1232);
    rig_run(&rig, 200 * NS_PER_MS);
    ck_assert_uint_eq(rig.client_answers, 3);
    ck_assert(rig_decided(&rig, "join", "the same question is under way"));
    /* Its answer could not be kept, so the other asked after all. */
    ck_assert_uint_eq(rig.sent[2], 3);
}
END_TEST

START_TEST(a_full_pool_fails_the_oldest_question)
{
    static const struct script scripts[] = {ONE_SERVER};
    char name[32];
    START(scripts);
    for (uint16_t i = 0; i < 17; i++) {
        snprintf(name, sizeof name, "k%u.example.", i);
        rig_send_query(&rig, (uint16_t)(40000 + i), name, "TXT", 1232);
    }
    rig_run(&rig, RIG_LATENCY);
    ck_assert_uint_eq(rig.client_answers, 1);
    ck_assert_str_eq(rig_answer(&rig), "SERVFAIL\nede 0 too many questions at a time");
    rig_run(&rig, 20 * NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 17);
    ck_assert_uint_eq(machine_deadline(resolver_machine(rig.resolver)), NEVER);
}
END_TEST

/* A flood must not make names fail that it only crowded out: the second time k0 is asked afresh,
 * and it is k1 that makes room. */
START_TEST(what_was_crowded_out_is_not_held_against_its_name)
{
    static const struct script scripts[] = {ONE_SERVER};
    char name[32];
    START(scripts);
    for (uint16_t i = 0; i < 17; i++) {
        snprintf(name, sizeof name, "k%u.example.", i);
        rig_send_query(&rig, (uint16_t)(40000 + i), name, "TXT", 1232);
    }
    rig_run(&rig, RIG_LATENCY);
    rig_send_query(&rig, 41000, "k0.example.", "TXT", 1232);
    rig_run(&rig, RIG_LATENCY);
    ck_assert_uint_eq(rig.client_answers, 2);
    ck_assert_str_eq(rig_answer(&rig), "SERVFAIL\nede 0 too many questions at a time");
}
END_TEST

START_TEST(more_clients_than_may_wait_are_turned_away)
{
    START(plain_scripts);
    for (uint16_t i = 0; i < 17; i++) {
        rig_send_query(&rig, (uint16_t)(40000 + i), "k.example.", "TXT", 1232);
    }
    rig_run(&rig, RIG_LATENCY);
    ck_assert_str_eq(rig_answer(&rig), "SERVFAIL\nede 0 too many clients wait for answers");
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 17);
}
END_TEST

START_TEST(a_resolver_needs_all_its_memory)
{
    const struct resolver_options options = {.name = "resolver"};
    unsigned refused = 0;
    for (size_t ceiling = 0; ceiling < (size_t)8 << 20; ceiling += (size_t)32 << 10) {
        struct arena arena;
        arena_init(&arena, ceiling);
        const struct resolver *resolver = resolver_new(&arena, &options);
        refused += resolver == NULL;
        ck_assert_int_eq(resolver == NULL, refused == ceiling / ((size_t)32 << 10) + 1);
        arena_free(&arena);
    }
    ck_assert_uint_gt(refused, 20);
    ck_assert_uint_lt(refused, 120);
}
END_TEST

START_TEST(no_more_clients_wait_than_the_policy_says)
{
    struct policy policy = policy_default;
    policy.waiting_max = 2;
    rig_start(&rig, &policy, plain_scripts, COUNT_OF(plain_scripts));
    rig_send_query(&rig, 40000, "k.example.", "TXT", 1232);
    rig_send_query(&rig, 40001, "l.example.", "TXT", 1232);
    rig_send_query(&rig, 40002, "m.example.", "TXT", 1232);
    rig_send_query(&rig, 40003, "k.example.", "TXT", 1232);
    rig_run(&rig, RIG_LATENCY);
    ck_assert_uint_eq(rig.client_answers, 2);
    ck_assert_str_eq(rig_answer(&rig), "SERVFAIL\nede 0 too many clients wait for answers");
    rig_run(&rig, NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 4);
    rig_ask(&rig, "m.example.", "TXT");
    ck_assert_uint_eq(rig.client_answers, 5);
}
END_TEST

/* --- when there is no room, and resets --- */

/* Hands the resolver a query for `name` while its host's outbox has no octet left. */
static void send_to_full_outbox(const struct bytes query)
{
    const struct packet packet = {.from = {{ADDRESS_V4, {10, 0, 0, 99}}, 40000},
                                  .to = {{ADDRESS_V4, {10, 0, 0, 53}}, 53},
                                  .payload = query};
    const struct event event = {.kind = EVENT_PACKET, .now = rig.now, .packet = packet};
    rig.outbox->used = OUTBOX_OCTETS_MAX;
    machine_step(resolver_machine(rig.resolver), &event, rig.outbox);
    rig.outbox->used = 0;
}

START_TEST(an_answer_without_room_is_counted_as_dropped)
{
    START(plain_scripts);
    send_to_full_outbox(query_of(0, RRTYPE_TXT, RRCLASS_IN, 0)); /* to be refused */
    ck_assert_uint_eq(rig.outbox->count, 0);
    ck_assert_uint_eq(rig.outbox->dropped, 1);
    rig_stop(&rig);
}
END_TEST

START_TEST(a_question_without_room_is_a_failure_to_ask)
{
    START(plain_scripts);
    send_to_full_outbox(query_of(MESSAGE_RD, RRTYPE_TXT, RRCLASS_IN, 0));
    rig_run(&rig, 20 * NS_PER_S);
    ck_assert_uint_eq(rig.queries, 0);
    ck_assert_uint_eq(machine_deadline(resolver_machine(rig.resolver)), NEVER);
    /* and no harm to the next one */
    rig_wait(&rig, 10 * NS_PER_S);
    ck_assert_str_eq(rig_ask(&rig, "l.example.", "TXT"), "NOERROR\nan l.example. 300 IN TXT \"a\"");
    rig_stop(&rig);
}
END_TEST

START_TEST(a_reset_forgets_connections_and_questions_under_way)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*", "*", "silent", 1}, ONE_SERVER, ANSWERS};
    START(scripts);
    rig_send_octets(&rig, 40000, TRANSPORT_TCP, framed_query());
    rig_run(&rig, 100 * NS_PER_MS);
    ck_assert_uint_eq(rig.queries, 1);
    resolver_reset(rig.resolver, 1);
    ck_assert_uint_eq(machine_deadline(resolver_machine(rig.resolver)), NEVER);
    rig_run(&rig, 20 * NS_PER_S);
    ck_assert_uint_eq(rig.client_answers, 0);
    ck_assert_uint_eq(rig.queries, 1);
    ck_assert_str_eq(rig_ask(&rig, "k.example.", "TXT"), "NOERROR\nan k.example. 300 IN TXT \"a\"");
    rig_stop(&rig);
}
END_TEST

START_TEST(memory_that_ends_is_told_wherever_it_ends)
{
    const struct resolver_options options = {.name = "resolver"};
    size_t refused = 0;
    for (size_t ceiling = 1024;; ceiling += 4096) {
        struct arena arena;
        arena_init(&arena, ceiling);
        const bool fits = resolver_new(&arena, &options) != NULL;
        arena_free(&arena);
        if (fits) {
            break;
        }
        refused++;
    }
    ck_assert_uint_gt(refused, 100);
}
END_TEST

static uint64_t count_up(void *source)
{
    uint64_t *last = source;
    return ++*last;
}

START_TEST(ids_come_from_the_entropy_that_is_given)
{
    static struct outbox outbox;
    static const struct address root = {ADDRESS_V4, {10, 0, 0, 1}};
    const struct resolver_hint hint = {*name_root(), &root, 1};
    uint64_t last = 0x1234;
    const struct resolver_options options = {.name = "resolver",
                                             .v4 = {ADDRESS_V4, {10, 0, 0, 53}},
                                             .hints = &hint,
                                             .hint_count = 1,
                                             .entropy = {count_up, &last}};
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    struct resolver *resolver = resolver_new(&arena, &options);
    const struct packet packet = {.from = {{ADDRESS_V4, {10, 0, 0, 99}}, 40000},
                                  .to = {{ADDRESS_V4, {10, 0, 0, 53}}, 53},
                                  .payload = query_of(MESSAGE_RD, RRTYPE_TXT, RRCLASS_IN, 0)};
    const struct event event = {.kind = EVENT_PACKET, .packet = packet};
    outbox_clear(&outbox);
    machine_step(resolver_machine(resolver), &event, &outbox);
    ck_assert_uint_eq(outbox.count, 1);
    ck_assert_uint_eq(outbox.packets[0].payload.data[0], 0x12);
    ck_assert_uint_eq(outbox.packets[0].payload.data[1], 0x35);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("service");
    add_rows(suite, query_is_taken_or_refused, refusal_rows);
    add_test(suite, a_cut_query_is_formerr_and_a_cut_header_nothing);
    add_test(suite, a_query_with_an_answer_in_it_is_formerr);
    add_test(suite, a_query_from_a_reflectors_port_is_dropped);
    add_test(suite, the_reply_copies_id_question_and_flags);
    add_test(suite, without_edns_there_is_no_opt_and_no_extended_error);
    add_rows(suite, what_does_not_fit_is_truncated_to_nothing, size_rows);
    add_rows(suite, an_answer_is_told_whole_or_not_at_all, part_rows);
    add_test(suite, tcp_gives_the_whole_answer);
    add_test(suite, two_queries_in_one_segment_get_two_answers);
    add_test(suite, a_silent_connection_is_closed_after_10_s);
    add_test(suite, a_client_that_hung_up_is_not_answered);
    add_test(suite, more_connections_than_64_close_the_one_silent_for_longest);
    add_test(suite, a_length_of_a_lie_closes_the_connection);
    add_test(suite, one_question_of_many_clients_is_asked_once);
    add_test(suite, a_clients_repetition_is_answered_once);
    add_test(suite, different_questions_share_the_way_down);
    add_test(suite, two_look_ups_of_one_address_ask_once);
    add_test(suite, who_waits_for_another_goes_on_when_that_has_ended);
    add_test(suite, a_full_pool_fails_the_oldest_question);
    add_test(suite, what_was_crowded_out_is_not_held_against_its_name);
    add_test(suite, more_clients_than_may_wait_are_turned_away);
    add_test(suite, no_more_clients_wait_than_the_policy_says);
    add_test(suite, a_resolver_needs_all_its_memory);
    add_test(suite, an_answer_without_room_is_counted_as_dropped);
    add_test(suite, a_question_without_room_is_a_failure_to_ask);
    add_test(suite, a_reset_forgets_connections_and_questions_under_way);
    add_test(suite, memory_that_ends_is_told_wherever_it_ends);
    add_test(suite, ids_come_from_the_entropy_that_is_given);
    return suite;
}
