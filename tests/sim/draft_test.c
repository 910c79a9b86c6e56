/* The departures from protocol that behaviours may ask of a draft, and its limits. */
#include "sim/draft.h"

#include <string.h>

#include "tests/sim/stage.h"
#include "tests/support/support.h"
#include "wire/message.h"
#include "wire/rrtype.h"

/* One reply about www.a.test with one A record, to a query with EDNS of 1232. */
struct table {
    struct arena arena;
    struct name owner;
    uint8_t query_octets[512];
    struct message query;
    struct draft draft;
    uint8_t reply[65535];
    struct message parsed;
};

static struct table *lay_table(void)
{
    static struct table table;
    arena_init(&table.arena, 1 << 20);
    table.owner = stage_name("www.a.test.");
    const struct stage_query how = {.udp_size = 1232};
    const size_t size =
        stage_build("www.a.test. A", &how, table.query_octets, sizeof table.query_octets);
    ck_assert(
        message_parse(bytes_of(table.query_octets, size), MESSAGE_STRICT, &table.query, NULL));
    draft_begin(&table.draft);
    name_copy(&table.draft.qname, &table.owner);
    return &table;
}

static const struct rrset *a_records(struct table *table, size_t count)
{
    struct bytes *rdata = ARENA_NEW_ARRAY(&table->arena, struct bytes, count);
    for (size_t i = 0; i < count; i++) {
        const uint8_t octets[4] = {10, 0, (uint8_t)(i >> 8), (uint8_t)i};
        rdata[i] = arena_copy(&table->arena, bytes_of(octets, 4));
    }
    return draft_rrset_new(&table->arena, &table->owner, RRTYPE_A, 60, rdata, count);
}

static size_t encode(struct table *table, enum transport transport)
{
    const size_t size =
        draft_encode(&table->draft, &table->query, transport, table->reply, sizeof table->reply);
    struct message_error error;
    ck_assert_msg(
        message_parse(bytes_of(table->reply, size), MESSAGE_LENIENT, &table->parsed, &error), "%s",
        message_outcome_name(error.outcome));
    return size;
}

START_TEST(question_can_be_left_out)
{
    struct table *table = lay_table();
    table->draft.question = DRAFT_QUESTION_NONE;
    table->draft.opt = DRAFT_OPT_NONE;
    draft_fail(&table->draft, RCODE_FORMERR);
    ck_assert_uint_eq(encode(table, TRANSPORT_UDP), MESSAGE_HEADER_OCTETS);
    arena_free(&table->arena);
}
END_TEST

START_TEST(question_can_be_another_name)
{
    struct table *table = lay_table();
    const struct name other = stage_name("other.test.");
    table->draft.question = DRAFT_QUESTION_RENAMED;
    table->draft.question_name = &other;
    encode(table, TRANSPORT_UDP);
    ck_assert(name_ref_identical(table->parsed.question.name, &other));
    arena_free(&table->arena);
}
END_TEST

START_TEST(id_can_be_wrong)
{
    struct table *table = lay_table();
    table->draft.id_flip = 0x00ff;
    encode(table, TRANSPORT_UDP);
    ck_assert_uint_eq(table->parsed.id, 0x12cb);
    arena_free(&table->arena);
}
END_TEST

START_TEST(opt_can_be_left_out)
{
    struct table *table = lay_table();
    encode(table, TRANSPORT_UDP);
    ck_assert(table->parsed.edns.present);
    ck_assert_uint_eq(table->parsed.edns.udp_size, 1232);
    ck_assert_uint_eq(table->parsed.edns.version, 0);
    table->draft.opt = DRAFT_OPT_NONE;
    encode(table, TRANSPORT_UDP);
    ck_assert(!table->parsed.edns.present);
    arena_free(&table->arena);
}
END_TEST

START_TEST(size_can_be_ignored)
{
    struct table *table = lay_table();
    draft_add_answer(&table->draft, &table->owner, a_records(table, 200), 60);
    ck_assert_uint_le(encode(table, TRANSPORT_UDP), 1232);
    ck_assert((table->parsed.flags & MESSAGE_TC) != 0);
    table->draft.ignores_size = true;
    ck_assert_uint_gt(encode(table, TRANSPORT_UDP), 3200);
    ck_assert((table->parsed.flags & MESSAGE_TC) == 0);
    arena_free(&table->arena);
}
END_TEST

START_TEST(server_may_offer_more_but_keeps_to_the_client)
{
    struct table *table = lay_table();
    draft_add_answer(&table->draft, &table->owner, a_records(table, 200), 60);
    table->draft.udp_size_max = 4096;
    ck_assert_uint_le(encode(table, TRANSPORT_UDP), 1232);
    ck_assert_uint_eq(table->parsed.edns.udp_size, 4096);
    arena_free(&table->arena);
}
END_TEST

START_TEST(tc_can_be_set_for_nothing)
{
    struct table *table = lay_table();
    table->draft.truncated = true;
    encode(table, TRANSPORT_UDP);
    ck_assert((table->parsed.flags & MESSAGE_TC) != 0);
    arena_free(&table->arena);
}
END_TEST

START_TEST(more_than_a_message_holds_is_truncated_over_tcp_too)
{
    struct table *table = lay_table();
    draft_add_answer(&table->draft, &table->owner, a_records(table, 3000), 60);
    draft_add_authority(&table->draft, &table->owner, a_records(table, 1500), 60);
    ck_assert_uint_le(encode(table, TRANSPORT_TCP), 65535);
    ck_assert((table->parsed.flags & MESSAGE_TC) != 0);
    ck_assert_uint_eq(table->parsed.counts[SECTION_ANSWER], 3000);
    ck_assert_uint_eq(table->parsed.counts[SECTION_AUTHORITY], 0);
    arena_free(&table->arena);
}
END_TEST

START_TEST(full_section_drops_the_rest)
{
    struct table *table = lay_table();
    const struct rrset *rrset = a_records(table, 1);
    for (size_t i = 0; i < DRAFT_ANSWERS_MAX; i++) {
        ck_assert(draft_add_answer(&table->draft, &table->owner, rrset, 60));
    }
    ck_assert(!draft_add_answer(&table->draft, &table->owner, rrset, 60));
    ck_assert_uint_eq(table->draft.answer_count, DRAFT_ANSWERS_MAX);
    encode(table, TRANSPORT_TCP);
    arena_free(&table->arena);
}
END_TEST

/* A step whose synthesised records find no memory is SERVFAIL, whatever is left. */
START_TEST(exhausted_scratch_is_servfail)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const struct zone *zone =
        stage_make_zone(&arena, "a.test.", "d 60 DNAME e.test.\nc 60 CNAME x.e.test.");
    const char *const questions[] = {"x.d.a.test.", "c.a.test."};
    for (size_t i = 0; i < COUNT_OF(questions); i++) {
        const struct name qname = stage_name(questions[i]);
        struct zone_found found;
        zone_look_up(zone, &qname, RRTYPE_A, &found);
        bool done = false;
        for (size_t ceiling = 16; !done; ceiling += 16) {
            ck_assert_uint_lt(ceiling, 5000);
            struct arena scratch;
            arena_init(&scratch, ceiling);
            struct draft_step step;
            draft_step_fill(&step, zone, &qname, RRTYPE_A, &found, &scratch);
            done = step.outcome == DRAFT_ALIAS;
            ck_assert(done || (step.outcome == DRAFT_FAILURE && step.rcode == RCODE_SERVFAIL));
            arena_free(&scratch);
        }
    }
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("draft");
    add_test(suite, question_can_be_left_out);
    add_test(suite, question_can_be_another_name);
    add_test(suite, id_can_be_wrong);
    add_test(suite, opt_can_be_left_out);
    add_test(suite, size_can_be_ignored);
    add_test(suite, server_may_offer_more_but_keeps_to_the_client);
    add_test(suite, tc_can_be_set_for_nothing);
    add_test(suite, more_than_a_message_holds_is_truncated_over_tcp_too);
    add_test(suite, full_section_drops_the_rest);
    add_test(suite, exhausted_scratch_is_servfail);
    return suite;
}
