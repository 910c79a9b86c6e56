#include "inspect/inspector.h"

#include "base/rng.h"
#include "tests/inspect/stories.h"
#include "tests/support/support.h"
#include "wire/frame.h"

#define STEPS_MOST 4000
#define TRIP       (10 * NS_PER_MS) /* to the resolver and back */
#define SECONDS(n) ((n)*NS_PER_S)

/* A world of two: the inspector and a resolver that answers from a story. */
struct pair {
    struct arena arena;
    struct rng rng;
    struct outbox *outbox;
    struct inspector *inspector;
    const struct story *story;
    struct plan_record record;
    const struct inspection *inspection;
    uint32_t loss_ppm; /* of each datagram, either way */
    bool truncates;    /* UDP answers are cut */
    instant_ns now;
    unsigned queries; /* that left the inspector */
    unsigned connections;
    instant_ns due; /* of the answer on its way, NEVER for none */
    struct packet answer;
    uint8_t octets[4200];
};

static struct address address_of_text(const char *text)
{
    struct address address;
    ck_assert(address_parse(bytes_of_string(text), &address));
    return address;
}

static void start(struct pair *pair, const struct story *story, uint64_t seed)
{
    memset(pair, 0, sizeof *pair);
    arena_init(&pair->arena, 4U << 20);
    rng_seed(&pair->rng, seed, bytes_of_string("pair"));
    pair->outbox = ARENA_NEW(&pair->arena, struct outbox);
    const struct inspector_options options = {
        .name = "check",
        .v4 = address_of_text("192.0.2.9"),
        .resolver = {address_of_text("192.0.2.53"), 53},
        .entropy = entropy_of_rng(&pair->rng),
    };
    pair->inspector = inspector_new(&pair->arena, &options);
    pair->story = story;
    pair->due = NEVER;
    pair->record = story_record(story);
    const struct plan plan = {&pair->record, 1};
    pair->inspection = inspector_start(pair->inspector, &plan, &pair->arena, pair->now);
    ck_assert_ptr_nonnull(pair->inspection);
}

/* The story's answer to `query`, with the query's ID; its size. */
static size_t answer_to(struct pair *pair, struct bytes query, bool truncated, uint8_t *octets)
{
    struct message message;
    struct canned_reply reply;
    struct name name;
    ck_assert(message_parse(query, MESSAGE_STRICT, &message, NULL));
    ck_assert((message.flags & MESSAGE_RD) != 0);
    name_expand(message.question.name, &name);
    if (truncated) {
        reply_build_for(&reply, &name, message.question.type, "* TXT\nflag TC\n");
    } else {
        story_reply(pair->story, &name, message.question.type, &reply);
    }
    memcpy(octets, reply.message.octets.data, reply.message.octets.size);
    octets[0] = (uint8_t)(message.id >> 8);
    octets[1] = (uint8_t)message.id;
    return reply.message.octets.size;
}

static bool is_lost(struct pair *pair, const struct packet *packet)
{
    return packet->transport == TRANSPORT_UDP && rng_chance(&pair->rng, pair->loss_ppm);
}

static void take_query(struct pair *pair, const struct packet *packet)
{
    const bool tcp = packet->transport == TRANSPORT_TCP;
    if (packet->kind != PACKET_DATA) {
        return;
    }
    pair->queries++;
    pair->connections += tcp;
    /* on its way, and on the way back: NOLINTNEXTLINE(misc-redundant-expression) */
    if (is_lost(pair, packet) || is_lost(pair, packet)) {
        return;
    }
    const size_t prefix = tcp ? FRAME_PREFIX_OCTETS : 0;
    const size_t size = answer_to(pair, bytes_after(packet->payload, prefix),
                                  pair->truncates && !tcp, pair->octets + prefix);
    if (tcp) {
        frame_prefix(pair->octets, size);
    }
    pair->answer = (struct packet){.from = packet->to,
                                   .to = packet->from,
                                   .transport = packet->transport,
                                   .kind = PACKET_DATA,
                                   .payload = bytes_of(pair->octets, prefix + size)};
    pair->due = pair->now + TRIP;
}

static void step(struct pair *pair)
{
    struct machine *machine = inspector_machine(pair->inspector);
    const instant_ns deadline = machine_deadline(machine);
    struct event event = {.kind = EVENT_WAKE};
    pair->now = instant_earlier(deadline, pair->due);
    ck_assert_uint_ne(pair->now, NEVER);
    if (pair->due == pair->now) {
        event.kind = EVENT_PACKET;
        event.packet = pair->answer;
        pair->due = NEVER;
    }
    event.now = pair->now;
    outbox_clear(pair->outbox);
    machine_step(machine, &event, pair->outbox);
    for (size_t i = 0; i < pair->outbox->count; i++) {
        take_query(pair, &pair->outbox->packets[i]);
    }
}

static const struct inspected *finish(struct pair *pair)
{
    for (unsigned steps = 0; !inspector_is_done(pair->inspector); steps++) {
        ck_assert_uint_lt(steps, STEPS_MOST);
        step(pair);
    }
    ck_assert_uint_eq(machine_deadline(inspector_machine(pair->inspector)), NEVER);
    ck_assert(inspection_is_done(pair->inspection));
    return &pair->inspection->records[0];
}

static const struct story *find_story(const char *name)
{
    for (size_t i = 0; i < story_count; i++) {
        if (strcmp(stories[i].name, name) == 0) {
            return &stories[i];
        }
    }
    ck_abort_msg("no story %s", name);
    return NULL;
}

static const char *cause_slug(const struct inspected *inspected)
{
    return inspected->cause == NULL ? "none" : inspected->cause->slug;
}

START_TEST(says_what_the_judgement_says)
{
    struct pair pair;
    const struct story *story = &stories[_i];
    start(&pair, story, 1);
    const struct inspected *inspected = finish(&pair);
    if (strcmp(story->name, "truncated") != 0) { /* the test's resolver cuts TCP answers too */
        ck_assert_str_eq(setup_verdict_name(inspected->verdict), story->verdict);
        ck_assert_str_eq(cause_slug(inspected), story->cause == NULL ? "none" : story->cause);
    }
    ck_assert_uint_eq(pair.inspection->facts.count, pair.queries - pair.connections);
    arena_free(&pair.arena);
}
END_TEST

#define SEEDS 60

START_TEST(lost_packets_may_weaken_a_verdict_but_never_turn_it)
{
    const struct story *story = &stories[_i];
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct pair pair;
        start(&pair, story, seed);
        pair.loss_ppm = (uint32_t)(seed % 6) * 100000;
        const struct inspected *inspected = finish(&pair);
        const bool same =
            strcmp(setup_verdict_name(inspected->verdict), story->verdict) == 0 &&
            strcmp(cause_slug(inspected), story->cause == NULL ? "none" : story->cause) == 0;
        ck_assert_msg(same || inspected->class == CLASS_TEMPORARY, "seed %u: %s", (unsigned)seed,
                      cause_slug(inspected));
        arena_free(&pair.arena);
    }
}
END_TEST

START_TEST(a_lost_first_packet_is_made_good_by_a_retry)
{
    struct pair pair;
    start(&pair, find_story("healthy CNAME"), 1);
    pair.loss_ppm = CHANCE_ALWAYS;
    step(&pair);
    pair.loss_ppm = 0;
    ck_assert_int_eq(finish(&pair)->verdict, SETUP_VERIFIED);
    ck_assert_uint_eq(pair.queries, 3);
    ck_assert_uint_eq(pair.now, INSPECTOR_TIMEOUT_DEFAULT + 2 * TRIP);
    arena_free(&pair.arena);
}
END_TEST

START_TEST(no_more_is_asked_than_the_budget_allows)
{
    struct pair pair;
    memset(&pair, 0, sizeof pair);
    start(&pair, find_story("F23 no such name"), 1);
    pair.loss_ppm = CHANCE_ALWAYS / 2;
    finish(&pair);
    ck_assert_uint_le(pair.queries, INSPECTOR_QUESTIONS_DEFAULT);
    ck_assert_uint_le(pair.now, INSPECTOR_TIME_DEFAULT);
    arena_free(&pair.arena);
}
END_TEST

START_TEST(silence_is_retry_later)
{
    struct pair pair;
    start(&pair, find_story("F01 proxied"), 1);
    pair.loss_ppm = CHANCE_ALWAYS;
    const struct inspected *inspected = finish(&pair);
    ck_assert_int_eq(inspected->verdict, SETUP_RETRY_LATER);
    ck_assert_int_eq(inspected->class, CLASS_TEMPORARY);
    ck_assert_uint_eq(pair.queries, INSPECTOR_TRIES_MAX_DEFAULT);
    ck_assert_uint_eq(pair.now, INSPECTOR_TIME_DEFAULT); /* the last try would last longer */
    ck_assert_ptr_eq(inspected->cause, cause_temporary);
    arena_free(&pair.arena);
}
END_TEST

START_TEST(a_truncated_answer_is_fetched_over_tcp)
{
    struct pair pair;
    start(&pair, find_story("healthy TXT"), 1);
    pair.truncates = true;
    ck_assert_int_eq(finish(&pair)->verdict, SETUP_VERIFIED);
    ck_assert_uint_eq(pair.connections, 1);
    arena_free(&pair.arena);
}
END_TEST

START_TEST(an_earlier_inspection_outlives_the_next)
{
    struct pair pair;
    start(&pair, find_story("F01 proxied"), 1);
    const struct inspected *first = finish(&pair);
    const struct plan plan = {&pair.record, 1};
    pair.story = find_story("healthy CNAME");
    pair.inspection = inspector_start(pair.inspector, &plan, &pair.arena, pair.now);
    ck_assert_int_eq(finish(&pair)->verdict, SETUP_VERIFIED);
    ck_assert_str_eq(cause_slug(first), "proxied");
    ck_assert_uint_eq(first->evidence.proof_count, 3);
    arena_free(&pair.arena);
}
END_TEST

START_TEST(a_new_start_forgets_what_was_under_way)
{
    struct pair pair;
    start(&pair, find_story("F01 proxied"), 1);
    step(&pair);
    const struct plan plan = {&pair.record, 1};
    pair.story = find_story("healthy CNAME");
    pair.due = NEVER;
    pair.inspection = inspector_start(pair.inspector, &plan, &pair.arena, pair.now);
    ck_assert_int_eq(finish(&pair)->verdict, SETUP_VERIFIED);
    inspector_reset(pair.inspector);
    ck_assert(inspector_is_done(pair.inspector));
    ck_assert_uint_eq(machine_deadline(inspector_machine(pair.inspector)), NEVER);
    arena_free(&pair.arena);
}
END_TEST

START_TEST(an_empty_plan_is_verified_at_once)
{
    struct pair pair;
    start(&pair, find_story("F01 proxied"), 1);
    const struct plan plan = {NULL, 0};
    pair.inspection = inspector_start(pair.inspector, &plan, &pair.arena, pair.now);
    ck_assert(inspector_is_done(pair.inspector));
    ck_assert(inspection_is_done(pair.inspection));
    ck_assert_int_eq(pair.inspection->verdict, SETUP_VERIFIED);
    arena_free(&pair.arena);
}
END_TEST

static void add_stories(Suite *suite, const TTest *test)
{
    support_add_rows(suite, test, &stories[0].name, sizeof stories[0], story_count);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("inspector");
    add_stories(suite, says_what_the_judgement_says);
    add_stories(suite, lost_packets_may_weaken_a_verdict_but_never_turn_it);
    add_test(suite, a_lost_first_packet_is_made_good_by_a_retry);
    add_test(suite, no_more_is_asked_than_the_budget_allows);
    add_test(suite, silence_is_retry_later);
    add_test(suite, a_truncated_answer_is_fetched_over_tcp);
    add_test(suite, an_earlier_inspection_outlives_the_next);
    add_test(suite, a_new_start_forgets_what_was_under_way);
    add_test(suite, an_empty_plan_is_verified_at_once);
    return suite;
}
