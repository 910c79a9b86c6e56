#include "inspect/crowd.h"

#include "base/rng.h"
#include "tests/inspect/stories.h"
#include "tests/support/support.h"

#define CUSTOMERS   60
#define MEMBERS     8
#define TRIP        (10 * NS_PER_MS)
#define ANSWERS_MAX 256
#define STEPS_MOST  20000

#define ENOUGH         ((size_t)64 << 20)
#define ENOUGH_FOR_FEW ((size_t)8 << 20)

/* An answer on its way. */
struct answer {
    struct packet packet;
    uint8_t octets[1500];
    instant_ns due;
};

/* A crowd, and a resolver that answers from a story. */
struct square {
    struct arena arena;
    struct rng rng;
    struct outbox *outbox;
    struct crowd *crowd;
    const struct story *story;
    struct plan_record record;
    instant_ns now;
    size_t handed_out, finished, verified;
    struct answer *answers;
    size_t answer_count;
    instant_ns asked[4096]; /* when each question left */
    size_t asked_count;
};

static bool next(void *context, struct arena *arena, struct plan *ret, void **ret_tag)
{
    struct square *square = context;
    (void)arena;
    *ret = (struct plan){&square->record, 1};
    *ret_tag = square;
    return square->handed_out++ < CUSTOMERS;
}

static void finished(void *context, void *tag, const struct inspection *inspection)
{
    struct square *square = context;
    ck_assert_ptr_eq(tag, square);
    square->finished++;
    square->verified += inspection->verdict == SETUP_VERIFIED;
}

static struct address address_of(const char *text)
{
    struct address address;
    ck_assert(address_parse(bytes_of_string(text), &address));
    return address;
}

static void start_with(struct square *square, unsigned rate_per_s, size_t octets)
{
    memset(square, 0, sizeof *square);
    arena_init(&square->arena, octets);
    rng_seed(&square->rng, 1, bytes_of_string("square"));
    square->outbox = ARENA_NEW(&square->arena, struct outbox);
    square->answers = ARENA_NEW_ARRAY(&square->arena, struct answer, ANSWERS_MAX);
    square->story = &stories[0];
    square->record = story_record(square->story);
    const struct crowd_options options = {
        .inspector = {.name = "check",
                      .v4 = address_of("192.0.2.9"),
                      .resolver = {address_of("192.0.2.53"), 53},
                      .entropy = entropy_of_rng(&square->rng)},
        .members = MEMBERS,
        .rate_per_s = rate_per_s,
        .next = next,
        .finished = finished,
        .context = square,
    };
    square->crowd = crowd_new(&square->arena, &options, 0);
    ck_assert_ptr_nonnull(square->crowd);
}

static void start(struct square *square, unsigned rate_per_s)
{
    start_with(square, rate_per_s, ENOUGH);
}

static void take_query(struct square *square, const struct packet *packet)
{
    struct message message;
    struct canned_reply reply;
    struct name name;
    if (packet->kind != PACKET_DATA) {
        return;
    }
    ck_assert(message_parse(packet->payload, MESSAGE_STRICT, &message, NULL));
    ck_assert_uint_lt(square->answer_count, ANSWERS_MAX);
    ck_assert_uint_lt(square->asked_count, 4096);
    square->asked[square->asked_count++] = square->now;
    name_expand(message.question.name, &name);
    story_reply(square->story, &name, message.question.type, &reply);
    struct answer *answer = &square->answers[square->answer_count++];
    const struct bytes octets = reply.message.octets;
    ck_assert_uint_le(octets.size, sizeof answer->octets);
    memcpy(answer->octets, octets.data, octets.size);
    answer->octets[0] = (uint8_t)(message.id >> 8);
    answer->octets[1] = (uint8_t)message.id;
    answer->due = square->now + TRIP;
    answer->packet = (struct packet){.from = packet->to,
                                     .to = packet->from,
                                     .transport = TRANSPORT_UDP,
                                     .kind = PACKET_DATA,
                                     .payload = bytes_of(NULL, octets.size)};
}

/* The first answer due, NULL if none is on its way. */
static struct answer *first_due(struct square *square)
{
    struct answer *first = NULL;
    for (size_t i = 0; i < square->answer_count; i++) {
        struct answer *answer = &square->answers[i];
        first = first == NULL || answer->due < first->due ? answer : first;
    }
    return first;
}

static void step(struct square *square)
{
    struct machine *machine = crowd_machine(square->crowd);
    const instant_ns deadline = machine_deadline(machine);
    struct answer *answer = first_due(square);
    struct event event = {.kind = EVENT_WAKE};
    struct answer taken;
    ck_assert(answer != NULL || deadline != NEVER);
    if (answer != NULL && answer->due <= deadline) {
        taken = *answer;
        *answer = square->answers[--square->answer_count];
        taken.packet.payload.data = taken.octets;
        event.kind = EVENT_PACKET;
        event.packet = taken.packet;
        square->now = taken.due > square->now ? taken.due : square->now;
    } else {
        square->now = deadline > square->now ? deadline : square->now;
    }
    event.now = square->now;
    outbox_clear(square->outbox);
    machine_step(machine, &event, square->outbox);
    for (size_t i = 0; i < square->outbox->count; i++) {
        take_query(square, &square->outbox->packets[i]);
    }
}

static void finish(struct square *square)
{
    for (unsigned steps = 0; !crowd_is_done(square->crowd); steps++) {
        ck_assert_uint_lt(steps, STEPS_MOST);
        step(square);
    }
}

START_TEST(every_customer_is_checked_once)
{
    static struct square square;
    start(&square, 0);
    finish(&square);
    ck_assert_uint_eq(square.finished, CUSTOMERS);
    ck_assert_uint_eq(square.verified, CUSTOMERS);
    ck_assert_uint_eq(square.asked_count, (size_t)2 * CUSTOMERS);
    ck_assert_uint_le(square.now, 2 * TRIP * (CUSTOMERS / MEMBERS + 1));
    arena_free(&square.arena);
}
END_TEST

START_TEST(little_memory_makes_it_slow_and_no_more)
{
    static struct square square;
    start_with(&square, 0, ENOUGH_FOR_FEW);
    finish(&square);
    ck_assert_uint_eq(square.finished, CUSTOMERS);
    ck_assert_uint_eq(square.verified, CUSTOMERS);
    ck_assert_uint_ge(square.now, 2 * TRIP * (2 * CUSTOMERS / MEMBERS));
    arena_free(&square.arena);
}
END_TEST

START_TEST(no_server_is_asked_more_often_than_it_may_be)
{
    static struct square square;
    const unsigned rate = 50;
    start(&square, rate);
    finish(&square);
    ck_assert_uint_eq(square.finished, CUSTOMERS);
    ck_assert_uint_eq(square.verified, CUSTOMERS);
    for (size_t i = rate; i < square.asked_count; i++) {
        ck_assert_uint_ge(square.asked[i] - square.asked[i - rate], NS_PER_S);
    }
    ck_assert_uint_ge(square.now, (2 * CUSTOMERS / rate - 1) * NS_PER_S);
    arena_free(&square.arena);
}
END_TEST

START_TEST(nobody_to_check_is_done_at_once)
{
    static struct square square;
    start(&square, 0);
    finish(&square);
    square.handed_out = CUSTOMERS;
    ck_assert(crowd_is_done(square.crowd));
    ck_assert_uint_eq(machine_deadline(crowd_machine(square.crowd)), NEVER);
    arena_free(&square.arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("crowd");
    add_test(suite, every_customer_is_checked_once);
    add_test(suite, little_memory_makes_it_slow_and_no_more);
    add_test(suite, no_server_is_asked_more_often_than_it_may_be);
    add_test(suite, nobody_to_check_is_done_at_once);
    return suite;
}
