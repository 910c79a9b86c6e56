/* The stub against a server that answers as each test tells it. */
#include "sim/client.h"

#include "sim/virtual.h"
#include "tests/sim/toys.h"
#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/frame.h"
#include "wire/rrtype.h"

#define LATENCY (10 * NS_PER_MS)

/* How the server answers. */
enum manner {
    GOOD,
    LOUD, /* the question in capitals */
    SILENT,
    WRONG_ID,
    WRONG_NAME,
    WRONG_TYPE,
    WRONG_OPCODE,
    WRONG_PORT,
    A_QUERY,
    SHORT,
    TRAILING,
    REFUSES,
    TRUNCATED,
    CUT, /* truncated inside a record */
    CLOSES,
    LENGTH_0,
};

struct server {
    struct machine machine;
    enum manner over_udp, over_tcp;
    unsigned silent; /* first queries that get no answer */
    unsigned queries, closes;
    uint8_t last[512];
    size_t last_size;
    struct endpoint last_from;
};

static struct arena arena;
static struct trace trace;
static struct world *world;
static struct server server;
static struct client *client;
static struct client_question question;
static struct address homes[2];
static struct rng rng;

/* --- the server --- */

static uint16_t flags_of(enum manner manner)
{
    switch (manner) {
    case A_QUERY: return MESSAGE_RD;
    case WRONG_OPCODE: return MESSAGE_QR | OPCODE_NOTIFY << MESSAGE_OPCODE_SHIFT;
    case REFUSES: return MESSAGE_QR | RCODE_REFUSED;
    case TRUNCATED:
    case CUT: return MESSAGE_QR | MESSAGE_TC;
    default: return MESSAGE_QR;
    }
}

static size_t answer(const struct message *query, enum manner manner, uint8_t *buffer)
{
    struct name name;
    name_expand(query->question.name, &name);
    for (size_t i = 0; manner == LOUD && i < name.size; i++) {
        const bool is_letter = name.octets[i] >= 'a' && name.octets[i] <= 'z';
        name.octets[i] = (uint8_t)(name.octets[i] ^ (is_letter ? 'a' ^ 'A' : 0));
    }
    struct builder builder;
    const uint16_t id = (uint16_t)(query->id + (manner == WRONG_ID));
    const uint16_t type = (uint16_t)(query->question.type + (manner == WRONG_TYPE));
    builder_start(&builder, buffer, 512, id, flags_of(manner));
    builder_question(&builder, manner == WRONG_NAME ? name_root() : &name, type, 1);
    const uint8_t octets[4] = {192, 0, 2, 7};
    const struct rr rr = {
        .owner = &name, .type = RRTYPE_A, .rrclass = 1, .ttl = 60, .rdata = bytes_of(octets, 4)};
    ck_assert(builder_record(&builder, SECTION_ANSWER, &rr));
    const size_t size = builder_finish(&builder);
    buffer[size] = 0;
    return manner == TRAILING ? size + 1 : manner == CUT ? size - 2 : manner == SHORT ? 11 : size;
}

static void reply(const struct packet *packet, struct bytes octets, enum manner manner,
                  struct outbox *outbox)
{
    const size_t prefix = packet->transport == TRANSPORT_TCP ? 2 : 0;
    struct message query;
    uint8_t buffer[600];
    ck_assert(message_parse(octets, MESSAGE_STRICT, &query, NULL));
    const size_t size = answer(&query, manner, buffer + prefix);
    if (prefix > 0) {
        frame_prefix(buffer, manner == LENGTH_0 ? 0 : size);
    }
    struct endpoint from = packet->to;
    from.port = (uint16_t)(from.port + (manner == WRONG_PORT));
    outbox_send_copy(outbox, &from, &packet->from, packet->transport,
                     bytes_of(buffer, prefix + size));
}

static void server_step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    const struct packet *packet = &event->packet;
    (void)machine;
    if (packet->kind != PACKET_DATA) {
        server.closes++;
        return;
    }
    const bool tcp = packet->transport == TRANSPORT_TCP;
    const struct bytes octets = bytes_after(packet->payload, tcp ? 2 : 0);
    ck_assert_ptr_nonnull(octets.data);
    memcpy(server.last, octets.data, octets.size);
    server.last_size = octets.size;
    server.last_from = packet->from;
    server.queries++;
    const enum manner manner = tcp ? server.over_tcp : server.over_udp;
    if (manner == CLOSES) {
        outbox_end(outbox, &packet->to, &packet->from, PACKET_CLOSE);
    } else if (manner != SILENT && server.queries > server.silent) {
        reply(packet, octets, manner, outbox);
    }
}

static instant_ns never(const struct machine *machine)
{
    (void)machine;
    return NEVER;
}

/* --- the world --- */

static void seat(const char *name, struct machine *machine, const struct address *address)
{
    ck_assert(world_seat(
        world, &(struct seat){
                   .name = name, .machine = machine, .addresses = address, .address_count = 1}));
}

static void prepare(void)
{
    static const struct machine_ops ops = {.step = server_step, .deadline = never};
    arena_init(&arena, (size_t)64 << 20);
    trace_init(&trace, &arena);
    struct transit *transit =
        transit_new(&arena, &(struct transit_options){.trace = &trace, .latency = LATENCY});
    world = world_new(&arena, transit, &trace);
    homes[0] = toy_address(1);
    homes[1] = toy_address(2);
    server = (struct server){.machine.ops = &ops};
    rng_seed(&rng, 1, bytes_of_string("client"));
    client = client_new(&arena, &(struct client_options){.name = "client",
                                                         .v4 = homes[0],
                                                         .trace = &trace,
                                                         .entropy = entropy_of_rng(&rng),
                                                         .timeout = 5 * NS_PER_S,
                                                         .tries_max = 3});
    seat("client", client_machine(client), &homes[0]);
    seat("server", &server.machine, &homes[1]);
    question = (struct client_question){.type = RRTYPE_A,
                                        .server = toy_endpoint(2, 53),
                                        .recursion_desired = true,
                                        .udp_size = 1232};
    ck_assert(name_parse_text(bytes_of_string("www.example"), NULL, &question.name, NULL));
}

static void clean(void)
{
    arena_free(&arena);
}

static const struct client_answer *ask(void)
{
    client_ask(client, &question, world->now);
    virtual_run(world, &(struct run_limits){.until = NEVER});
    ck_assert_int_eq(world->ended, RUN_IDLE);
    ck_assert(client_is_done(client));
    return client_answer(client);
}

static const struct message *last_query(void)
{
    static struct message query;
    ck_assert(message_parse(bytes_of(server.last, server.last_size), MESSAGE_STRICT, &query, NULL));
    return &query;
}

/* --- asking --- */

START_TEST(an_answer_is_kept_and_parsed)
{
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_ANSWERED);
    ck_assert_uint_eq(answered->tries, 1);
    ck_assert_uint_eq(answered->ended_at - answered->asked_at, 2 * LATENCY);
    ck_assert_uint_eq(answered->parsed.counts[SECTION_ANSWER], 1);
    ck_assert_uint_eq(answered->parsed.id, last_query()->id);
    ck_assert(!answered->used_tcp && !answered->saw_truncation);
    ck_assert_ptr_null(answered->why);
    ck_assert_uint_eq(toy_count(&trace, TRACE_DECISION, "answered"), 1);
}
END_TEST

START_TEST(the_query_says_what_was_asked_for)
{
    question.checking_disabled = true;
    question.dnssec_ok = true;
    ask();
    const struct message *query = last_query();
    ck_assert_uint_eq(query->flags, MESSAGE_RD | MESSAGE_CD);
    ck_assert(query->edns.present && query->edns.dnssec_ok);
    ck_assert_uint_eq(query->edns.udp_size, 1232);
    ck_assert(name_ref_identical(query->question.name, &question.name));
    question.udp_size = 0;
    question.recursion_desired = question.checking_disabled = false;
    ask();
    ck_assert_uint_eq(last_query()->flags, 0);
    ck_assert(!last_query()->edns.present);
}
END_TEST

START_TEST(ids_and_ports_differ_between_questions)
{
    ask();
    const uint16_t id = last_query()->id;
    const uint16_t port = server.last_from.port;
    ask();
    ck_assert_uint_ne(last_query()->id, id);
    ck_assert_uint_ne(server.last_from.port, port);
    ck_assert_uint_ge(server.last_from.port, 1024);
}
END_TEST

START_TEST(patience_doubles)
{
    server.silent = 2;
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_ANSWERED);
    ck_assert_uint_eq(answered->tries, 3);
    ck_assert_uint_eq(answered->ended_at, 15 * NS_PER_S + 2 * LATENCY);
}
END_TEST

START_TEST(patience_ends)
{
    server.silent = 100;
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_TIMED_OUT);
    ck_assert_uint_eq(answered->tries, 3);
    ck_assert_uint_eq(answered->ended_at, 35 * NS_PER_S);
    ck_assert_str_eq(answered->why, "no answer came");
}
END_TEST

START_TEST(a_late_answer_to_an_earlier_try_counts)
{
    ck_assert(transit_set_latency(world->transit, &homes[0], &homes[1], 3 * NS_PER_S));
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_ANSWERED);
    ck_assert_uint_eq(answered->tries, 2);
    ck_assert_uint_eq(answered->ended_at, 6 * NS_PER_S);
}
END_TEST

START_TEST(an_answer_to_the_question_before_is_ignored)
{
    ck_assert(transit_set_latency(world->transit, &homes[0], &homes[1], 2 * NS_PER_S));
    client_ask(client, &question, 0);
    virtual_run(world, &(struct run_limits){.until = NS_PER_S});
    ck_assert(!client_is_done(client));
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_ANSWERED);
    ck_assert_uint_eq(answered->asked_at, NS_PER_S);
    ck_assert_uint_eq(answered->ended_at, 5 * NS_PER_S);
}
END_TEST

START_TEST(a_family_the_client_lacks_fails)
{
    question.server.address = address_v6((const uint8_t[16]){0x20, 1, [15] = 1});
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_FAILED);
    ck_assert_str_eq(answered->why, "the client has no address of the server's family");
    ck_assert_uint_eq(answered->ended_at, 0);
}
END_TEST

START_TEST(a_reset_forgets_the_question)
{
    client_ask(client, &question, 0);
    client_reset(client);
    virtual_run(world, &(struct run_limits){.until = NEVER});
    ck_assert_int_eq(client_answer(client)->state, CLIENT_IDLE);
    ck_assert_uint_eq(server.queries, 0);
}
END_TEST

/* --- what counts as an answer --- */

struct manner_row {
    const char *name;
    enum manner udp, tcp;
    bool tcp_only;
    bool lenient;
    bool ignore_truncation;
    enum client_state state;
    const char *why;
    unsigned tries;
    bool used_tcp, saw_truncation;
};

static const struct manner_row manner_rows[] = {
    {"good", GOOD, GOOD, .state = CLIENT_ANSWERED, .tries = 1},
    {"in capitals", LOUD, GOOD, .state = CLIENT_ANSWERED, .tries = 1},
    {"refused is an answer", REFUSES, GOOD, .state = CLIENT_ANSWERED, .tries = 1},
    {"another ID", WRONG_ID, GOOD, .state = CLIENT_TIMED_OUT, .tries = 3,
     .why = "an answer with another ID was ignored"},
    {"another name", WRONG_NAME, GOOD, .state = CLIENT_TIMED_OUT, .tries = 3,
     .why = "an answer to another question was ignored"},
    {"another type", WRONG_TYPE, GOOD, .state = CLIENT_TIMED_OUT, .tries = 3,
     .why = "an answer to another question was ignored"},
    {"another opcode", WRONG_OPCODE, GOOD, .state = CLIENT_TIMED_OUT, .tries = 3,
     .why = "an answer with another opcode was ignored"},
    {"another port", WRONG_PORT, GOOD, .state = CLIENT_TIMED_OUT, .tries = 3,
     .why = "an answer from another address was ignored"},
    {"a query", A_QUERY, GOOD, .state = CLIENT_TIMED_OUT, .tries = 3,
     .why = "a query came where an answer was due"},
    {"too short", SHORT, GOOD, .state = CLIENT_TIMED_OUT, .tries = 3,
     .why = "an answer too short for a header was ignored"},
    {"malformed", TRAILING, GOOD, .state = CLIENT_FAILED, .tries = 3, .why = "?"},
    {"malformed and forgiven", TRAILING, GOOD, .lenient = true, .state = CLIENT_ANSWERED,
     .tries = 1},
    {"truncated", TRUNCATED, GOOD, .state = CLIENT_ANSWERED, .tries = 2, .used_tcp = true,
     .saw_truncation = true},
    {"cut inside a record", CUT, GOOD, .state = CLIENT_ANSWERED, .tries = 2, .used_tcp = true,
     .saw_truncation = true},
    {"truncated and kept", TRUNCATED, GOOD, .ignore_truncation = true, .state = CLIENT_ANSWERED,
     .tries = 1, .saw_truncation = true},
    {"truncated over TCP", TRUNCATED, TRUNCATED, .state = CLIENT_FAILED, .tries = 2,
     .used_tcp = true, .saw_truncation = true, .why = "the answer was truncated over TCP too"},
    {"truncated and silent", TRUNCATED, SILENT, .state = CLIENT_TIMED_OUT, .tries = 3,
     .used_tcp = true, .saw_truncation = true, .why = "no answer came over TCP"},
    {"over TCP", SILENT, GOOD, .tcp_only = true, .state = CLIENT_ANSWERED, .tries = 1,
     .used_tcp = true},
    {"silent over TCP", GOOD, SILENT, .tcp_only = true, .state = CLIENT_TIMED_OUT, .tries = 3,
     .used_tcp = true, .why = "no answer came over TCP"},
    {"malformed over TCP", GOOD, TRAILING, .tcp_only = true, .state = CLIENT_FAILED, .tries = 1,
     .used_tcp = true, .why = "?"},
    {"closed", GOOD, CLOSES, .tcp_only = true, .state = CLIENT_FAILED, .tries = 1, .used_tcp = true,
     .why = "the connection was closed without an answer"},
    {"a frame of nothing", GOOD, LENGTH_0, .tcp_only = true, .state = CLIENT_FAILED, .tries = 1,
     .used_tcp = true, .why = "the connection carried no DNS messages"},
};

START_TEST(answers_count_or_not)
{
    const struct manner_row *row = &manner_rows[_i];
    server.over_udp = row->udp;
    server.over_tcp = row->tcp;
    question.tcp_only = row->tcp_only;
    question.lenient = row->lenient;
    question.ignore_truncation = row->ignore_truncation;
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, row->state);
    ck_assert_uint_eq(answered->tries, row->tries);
    ck_assert_int_eq(answered->used_tcp, row->used_tcp);
    ck_assert_int_eq(answered->saw_truncation, row->saw_truncation);
    const char *why = row->why;
    if (why != NULL && strcmp(why, "?") == 0) {
        why = message_outcome_text(MESSAGE_TRAILING);
    }
    if (why == NULL) {
        ck_assert_ptr_null(answered->why);
    } else {
        ck_assert_str_eq(answered->why, why);
    }
}
END_TEST

START_TEST(what_is_ignored_is_told)
{
    server.over_udp = TRAILING;
    ask();
    ck_assert_uint_eq(toy_count(&trace, TRACE_DECISION, "ignore"), 3);
    ck_assert_str_eq(toy_entry(&trace, TRACE_DECISION, "ignore", 0)->note,
                     message_outcome_text(MESSAGE_TRAILING));
}
END_TEST

/* --- connections --- */

START_TEST(a_connection_gets_patience_of_its_own)
{
    server.silent = 1;
    server.over_udp = TRUNCATED;
    server.over_tcp = SILENT;
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_TIMED_OUT);
    ck_assert_uint_eq(answered->tries, 3);
    ck_assert_uint_eq(answered->ended_at, 10 * NS_PER_S + 2 * LATENCY);
}
END_TEST

static const struct client_answer *ask_with_fault(const char *name, const char *key,
                                                  uint64_t number)
{
    static struct fault faults[1];
    faults[0] = toy_fault(&arena, name, (const struct toy_number[]){{key, number}}, 1);
    faults[0].trigger.transport = TRANSPORT_TCP;
    ck_assert(transit_set_faults(world->transit, faults, 1));
    server.over_udp = TRUNCATED;
    return ask();
}

START_TEST(a_refused_connection_fails)
{
    const struct client_answer *answered = ask_with_fault("tcp-refused", "none", 0);
    ck_assert_int_eq(answered->state, CLIENT_FAILED);
    ck_assert(answered->used_tcp && answered->saw_truncation);
    ck_assert_str_eq(answered->why, "the connection was refused or reset");
    ck_assert_uint_eq(answered->ended_at, 4 * LATENCY);
}
END_TEST

START_TEST(a_reset_connection_fails)
{
    static struct fault faults[1];
    faults[0] = toy_fault(&arena, "tcp-reset", (const struct toy_number[]){{"after", 9}}, 1);
    faults[0].from = &homes[1];
    faults[0].from_count = 1;
    ck_assert(transit_set_faults(world->transit, faults, 1));
    question.tcp_only = true;
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_FAILED);
    ck_assert_str_eq(answered->why, "the connection was reset");
}
END_TEST

START_TEST(a_stalled_connection_times_out)
{
    const struct client_answer *answered = ask_with_fault("tcp-stalled", "none", 0);
    ck_assert_int_eq(answered->state, CLIENT_TIMED_OUT);
    ck_assert_uint_eq(answered->tries, 3);
    ck_assert_uint_eq(answered->ended_at, 2 * LATENCY + 15 * NS_PER_S);
}
END_TEST

START_TEST(an_answer_in_single_octets_is_put_together)
{
    static struct fault faults[1];
    faults[0] = toy_fault(&arena, "tcp-segment", (const struct toy_number[]){{"size", 1}}, 1);
    faults[0].from = &homes[1];
    faults[0].from_count = 1;
    ck_assert(transit_set_faults(world->transit, faults, 1));
    question.tcp_only = true;
    const struct client_answer *answered = ask();
    ck_assert_int_eq(answered->state, CLIENT_ANSWERED);
    ck_assert_uint_eq(answered->parsed.counts[SECTION_ANSWER], 1);
}
END_TEST

START_TEST(patience_has_a_limit)
{
    client = client_new(&arena, &(struct client_options){.name = "client",
                                                         .v4 = homes[0],
                                                         .trace = &trace,
                                                         .entropy = entropy_of_rng(&rng),
                                                         .timeout = 400 * NS_PER_MS,
                                                         .timeout_most = 700 * NS_PER_MS,
                                                         .tries_max = 4});
    world->seats[0].machine = client_machine(client);
    server.silent = 100;
    const struct client_answer *answered = ask();
    ck_assert_uint_eq(answered->tries, 4);
    ck_assert_uint_eq(answered->ended_at, (400 + 3 * 700) * NS_PER_MS);
}
END_TEST

/* --- remembering --- */

static void give_memory(duration_ns memory)
{
    client = client_new(&arena, &(struct client_options){.name = "client",
                                                         .v4 = homes[0],
                                                         .trace = &trace,
                                                         .entropy = entropy_of_rng(&rng),
                                                         .timeout = NS_PER_S,
                                                         .tries_max = 1,
                                                         .memory = memory});
    world->seats[0].machine = client_machine(client);
}

START_TEST(what_was_told_is_remembered)
{
    give_memory(60 * NS_PER_S);
    const uint16_t id = ask()->parsed.id;
    ck_assert_uint_eq(server.queries, 1);
    world->now += 59 * NS_PER_S;
    const struct client_answer *again = ask();
    ck_assert_int_eq(again->state, CLIENT_ANSWERED);
    ck_assert_uint_eq(again->parsed.id, id);
    ck_assert_uint_eq(again->parsed.counts[SECTION_ANSWER], 1);
    ck_assert_uint_eq(again->tries, 0);
    ck_assert_uint_eq(again->ended_at, again->asked_at);
    ck_assert_uint_eq(server.queries, 1);
    world->now += NS_PER_S;
    ask();
    ck_assert_uint_eq(server.queries, 2);
}
END_TEST

START_TEST(silence_is_remembered_too)
{
    give_memory(60 * NS_PER_S);
    server.silent = 1;
    ck_assert_int_eq(ask()->state, CLIENT_TIMED_OUT);
    ck_assert_int_eq(ask()->state, CLIENT_TIMED_OUT);
    ck_assert_uint_eq(server.queries, 1);
    client_reset(client);
    ck_assert_int_eq(ask()->state, CLIENT_ANSWERED);
}
END_TEST

START_TEST(only_what_a_resolver_said_is_remembered)
{
    give_memory(60 * NS_PER_S);
    question.recursion_desired = false;
    ask();
    ask();
    ck_assert_uint_eq(server.queries, 2);
}
END_TEST

START_TEST(another_question_is_asked)
{
    give_memory(60 * NS_PER_S);
    ask();
    question.type = RRTYPE_AAAA;
    ask();
    ck_assert_uint_eq(server.queries, 2);
    for (unsigned i = 0; i < 8; i++) { /* more than there is room for */
        question.type = (uint16_t)(1000 + i);
        ask();
    }
    question.type = RRTYPE_A;
    ask();
    ck_assert_uint_eq(server.queries, 11);
}
END_TEST

START_TEST(the_client_hangs_up)
{
    question.tcp_only = true;
    ask();
    ck_assert_uint_eq(server.closes, 1);
    server.over_tcp = SILENT;
    ask();
    ck_assert_uint_eq(server.closes, 4);
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test, int row)
{
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, prepare, clean);
    tcase_add_loop_test(tcase, test, row, row + 1);
    suite_add_tcase(suite, tcase);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("client");
    add(suite, "an_answer_is_kept_and_parsed", an_answer_is_kept_and_parsed, 0);
    add(suite, "the_query_says_what_was_asked_for", the_query_says_what_was_asked_for, 0);
    add(suite, "ids_and_ports_differ_between_questions", ids_and_ports_differ_between_questions, 0);
    add(suite, "patience_doubles", patience_doubles, 0);
    add(suite, "patience_ends", patience_ends, 0);
    add(suite, "a_late_answer_to_an_earlier_try_counts", a_late_answer_to_an_earlier_try_counts, 0);
    add(suite, "an_answer_to_the_question_before_is_ignored",
        an_answer_to_the_question_before_is_ignored, 0);
    add(suite, "a_family_the_client_lacks_fails", a_family_the_client_lacks_fails, 0);
    add(suite, "a_reset_forgets_the_question", a_reset_forgets_the_question, 0);
    for (size_t i = 0; i < COUNT_OF(manner_rows); i++) {
        add(suite, manner_rows[i].name, answers_count_or_not, (int)i);
    }
    add(suite, "what_is_ignored_is_told", what_is_ignored_is_told, 0);
    add(suite, "a_connection_gets_patience_of_its_own", a_connection_gets_patience_of_its_own, 0);
    add(suite, "a_refused_connection_fails", a_refused_connection_fails, 0);
    add(suite, "a_reset_connection_fails", a_reset_connection_fails, 0);
    add(suite, "a_stalled_connection_times_out", a_stalled_connection_times_out, 0);
    add(suite, "an_answer_in_single_octets_is_put_together",
        an_answer_in_single_octets_is_put_together, 0);
    add(suite, "the_client_hangs_up", the_client_hangs_up, 0);
    add(suite, "patience_has_a_limit", patience_has_a_limit, 0);
    add(suite, "what_was_told_is_remembered", what_was_told_is_remembered, 0);
    add(suite, "silence_is_remembered_too", silence_is_remembered_too, 0);
    add(suite, "only_what_a_resolver_said_is_remembered", only_what_a_resolver_said_is_remembered,
        0);
    add(suite, "another_question_is_asked", another_question_is_asked, 0);
    return suite;
}
