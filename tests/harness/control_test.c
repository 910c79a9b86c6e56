/* What requests mean: a served world without sockets. Its host runs in virtual time. */
#include "harness/control.h"

#include <jansson.h>
#include <string.h>

#include "sim/virtual.h"
#include "tests/support/support.h"

static const char text[] = "scenario: a key behind a proxy\n"
                           "zones:\n"
                           "  customer.example:\n"
                           "    provider: cloudflare\n"
                           "    proxied: [k1._domainkey]\n"
                           "    records: |\n"
                           "      k1._domainkey 300 CNAME k1.esp.example.\n"
                           "  esp.example:\n"
                           "    records: |\n"
                           "      k1 300 TXT \"a key\"\n"
                           "faults:\n"
                           "  - delay: 5ms\n"
                           "steps:\n"
                           "  - change: {customer.example: {proxied: []}}\n";

static struct arena stage_arena, trace_arena, answers;
static struct editions editions;
static struct history history;
static struct control control;
static size_t admitted, rewound;
static bool at_rest;

static bool admit(void *context, const struct seat *seat, struct diag *reterr)
{
    (void)context;
    (void)seat;
    (void)reterr;
    admitted++;
    return true;
}

static bool real_endpoint(void *context, const struct endpoint *simulated, struct endpoint *ret)
{
    (void)context;
    *ret = *simulated;
    return true;
}

static void rewind_world(void *context)
{
    (void)context;
    rewound++;
}

static bool advance(void *context, duration_ns duration)
{
    (void)context;
    editions.stage->world->now += at_rest ? duration : 0;
    return at_rest;
}

static void prepare(void)
{
    const struct scenario_file file = {
        .text = bytes_of_string(text), .path = "test.yaml", .id = "test"};
    struct diag error;
    arena_init(&stage_arena, (size_t)256 << 20);
    arena_init(&trace_arena, (size_t)16 << 20);
    arena_init(&answers, (size_t)64 << 20);
    ck_assert_msg(editions_init(&editions, &file), "%s", editions.diag_items[0].sentence);
    const struct stage_options options = {.seed = 1, .spare_zones = EDITIONS_SPARE};
    editions.stage = stage_build(editions.base, &options, &stage_arena, &trace_arena, &error);
    ck_assert_ptr_nonnull(editions.stage);
    editions.host = (struct stage_host){.admit = admit};
    history = (struct history){.world = editions.stage->world};
    editions.stage->trace.listener = history_listen;
    editions.stage->trace.listener_context = &history;
    control = (struct control){
        .editions = &editions,
        .history = &history,
        .seed = 1,
        .host = {.real_endpoint = real_endpoint, .rewind = rewind_world, .advance = advance}};
    admitted = rewound = 0;
    at_rest = true;
}

static void finish(void)
{
    editions_free(&editions);
    arena_free(&answers);
    arena_free(&trace_arena);
    arena_free(&stage_arena);
}

/* The answer's status; `ret_answer`, if wanted, is a new reference. */
static unsigned call(const char *method, const char *path, const char *body, json_t **ret_answer)
{
    const char *mark = strchr(path, '?');
    const size_t size = mark != NULL ? (size_t)(mark - path) : strlen(path);
    const struct control_request request = {
        .method = bytes_of_string(method),
        .path = bytes_of(path, size),
        .query = bytes_of_string(mark != NULL ? mark + 1 : ""),
        .body = bytes_of_string(body),
    };
    struct control_response response;
    control_handle(&control, &request, &answers, &response);
    json_t *answer =
        json_loadb((const char *)response.body.data, response.body.size, JSON_DECODE_ANY, NULL);
    ck_assert_msg(answer != NULL, "%s: %.*s", path, (int)response.body.size,
                  (const char *)response.body.data);
    ck_assert(response.status == 200 || json_object_get(answer, "error") != NULL);
    if (ret_answer != NULL) {
        *ret_answer = answer;
    } else {
        json_decref(answer);
    }
    return response.status;
}

static bool is_settled(void *context)
{
    (void)context;
    return client_is_done(editions.stage->client);
}

/* Answers that the resolver gives for the key. */
static size_t ask(const char *name, uint16_t type)
{
    struct stage *stage = editions.stage;
    struct client_question question = {
        .type = type,
        .server = {.address = stage->scenario->resolver_v4, .port = 53},
        .recursion_desired = true,
        .udp_size = 1232};
    const char *why;
    ck_assert(name_parse_text(bytes_of_string(name), NULL, &question.name, &why));
    client_ask(stage->client, &question, stage->world->now);
    const struct run_limits limits = {.until = NEVER, .done = is_settled};
    virtual_run(stage->world, &limits);
    const struct client_answer *answer = client_answer(stage->client);
    ck_assert_int_eq(answer->state, CLIENT_ANSWERED);
    return answer->parsed.counts[SECTION_ANSWER];
}

#define KEY "k1._domainkey.customer.example"

static const struct row {
    const char *name, *method, *path, *body;
    unsigned status;
} rows[] = {
    {"state", "GET", "/v1/state", "", 200},
    {"state_is_not_posted", "POST", "/v1/state", "", 405},
    {"nothing_there", "GET", "/v1", "", 404},
    {"nothing_at_the_root", "GET", "/", "", 404},
    {"zone_without_name", "POST", "/v1/zones/", "{}", 404},
    {"zone_unchanged", "POST", "/v1/zones/customer.example", "{}", 200},
    {"zone_with_final_dot", "POST", "/v1/zones/Customer.Example.", "{\"proxied\": false}", 200},
    {"zone_percent", "POST", "/v1/zones/customer%2eexample", "{\"proxied\": false}", 200},
    {"zone_percent_cut", "POST", "/v1/zones/customer%2", "{}", 400},
    {"zone_no_name", "POST", "/v1/zones/a..b", "{}", 400},
    {"reset_with_null", "POST", "/v1/reset", "null", 200},
    {"forget_with_null", "POST", "/v1/forget", "null", 200},
    {"zone_with_null", "POST", "/v1/zones/customer.example", "null", 400},
    {"zone_without_body", "POST", "/v1/zones/customer.example", "", 400},
    {"zone_list", "POST", "/v1/zones/customer.example", "[]", 400},
    {"zone_text", "POST", "/v1/zones/customer.example", "\"x\"", 400},
    {"zone_broken", "POST", "/v1/zones/customer.example", "{", 400},
    {"zone_key_twice", "POST", "/v1/zones/customer.example", "{\"ttl\": 1, \"ttl\": 2}", 400},
    {"zone_unknown_key", "POST", "/v1/zones/customer.example", "{\"proxide\": []}", 422},
    {"zone_control_character", "POST", "/v1/zones/customer.example",
     "{\"records\": \"a 1 TXT \\u001b\"}", 422},
    {"zone_key_control_character", "POST", "/v1/zones/customer.example", "{\"\\u001b\": 1}", 422},
    {"zone_bad_record", "POST", "/v1/zones/customer.example", "{\"records\": \"a A 1.2.3\"}", 422},
    {"zone_new", "POST", "/v1/zones/new.test", "{\"records\": \"a A 192.0.2.1\"}", 200},
    {"zone_two_servers", "POST", "/v1/zones/new.test", "{\"servers\": [\"a\", \"b\"]}", 200},
    {"zone_at_the_resolvers_address", "POST", "/v1/zones/new.test",
     "{\"servers\": {\"a\": {\"address\": \"192.0.2.53\"}}}", 422},
    {"zone_root", "POST", "/v1/zones/.", "{\"ttl\": 60}", 200},
    {"fault", "POST", "/v1/faults", "{\"loss\": true}", 200},
    {"faults", "POST", "/v1/faults", "[{\"loss\": true}, {\"delay\": \"1s\"}]", 200},
    {"faults_wrapped", "POST", "/v1/faults", "{\"faults\": []}", 200},
    {"fault_unknown", "POST", "/v1/faults", "{\"los\": true}", 422},
    {"fault_number", "POST", "/v1/faults", "[7]", 422},
    {"fault_nobody", "POST", "/v1/faults", "{\"loss\": true, \"to\": \"nobody.test\"}", 422},
    {"faults_missing", "POST", "/v1/faults", "", 400},
    {"lift", "DELETE", "/v1/faults", "", 200},
    {"forget", "POST", "/v1/forget", "", 200},
    {"forget_name", "POST", "/v1/forget", "{\"name\": \"a.test\"}", 200},
    {"forget_no_name", "POST", "/v1/forget", "{\"name\": []}", 400},
    {"time", "POST", "/v1/time", "{\"advance\": \"1h30m\"}", 200},
    {"time_missing", "POST", "/v1/time", "{}", 400},
    {"time_backwards", "POST", "/v1/time", "{\"advance\": \"-1s\"}", 400},
    {"time_too_long", "POST", "/v1/time", "{\"advance\": \"400d\"}", 400},
    {"queries_bad_limit", "GET", "/v1/queries?limit=x", "", 400},
    {"queries_bad_name", "GET", "/v1/queries?name=a..b", "", 400},
    {"queries_without_a_last_page", "GET", "/v1/queries?limit=0", "", 400},
    {"queries_more_than_there_may_be", "GET", "/v1/queries?limit=5000&after=1", "", 200},
    {"queries_by_a_typo", "GET", "/v1/queries?lmit=1", "", 400},
    {"state_by_something", "GET", "/v1/state?x", "", 400},
    {"forget_by_a_typo", "POST", "/v1/forget", "{\"nam\": \"a.test\"}", 400},
    {"forget_a_list", "POST", "/v1/forget", "[]", 400},
    {"forget_and_more", "POST", "/v1/forget", "{\"name\": \"a.test\", \"x\": 1}", 400},
    {"time_and_more", "POST", "/v1/time", "{\"advance\": \"1s\", \"x\": 1}", 400},
    {"reset_something", "POST", "/v1/reset", "{\"zone\": \"a.test\"}", 400},
    {"reset_by_an_empty_object", "POST", "/v1/reset", "{}", 200},
    {"reset", "POST", "/v1/reset", "", 200},
    {"schema", "GET", "/v1/schema", "", 200},
    {"txt_without_value", "POST", "/set-txt", "{\"host\": \"a.test\"}", 400},
    {"txt_root", "POST", "/set-txt", "{\"host\": \".\", \"value\": \"x\"}", 400},
    {"txt_without_body", "POST", "/set-txt", "", 400},
    {"clear_what_is_not_there", "POST", "/clear-txt", "{\"host\": \"a.test\"}", 200},
};

START_TEST(requests_have_their_status)
{
    prepare();
    ck_assert_uint_eq(call(rows[_i].method, rows[_i].path, rows[_i].body, NULL), rows[_i].status);
    ck_assert_uint_eq(call("GET", "/v1/state", "", NULL), 200);
    finish();
}
END_TEST

START_TEST(what_changed_is_seen_and_reset_takes_it_back)
{
    prepare();
    ck_assert_uint_eq(ask(KEY, 16), 0);
    ck_assert_uint_eq(call("POST", "/v1/zones/customer.example", "{\"proxied\": []}", NULL), 200);
    ck_assert_uint_eq(ask(KEY, 16), 0); /* cached */
    ck_assert_uint_eq(call("POST", "/v1/forget", "", NULL), 200);
    ck_assert_uint_eq(ask(KEY, 16), 2);
    ck_assert_uint_eq(call("POST", "/v1/reset", "", NULL), 200);
    ck_assert_uint_eq(rewound, 1);
    ck_assert_uint_eq(ask(KEY, 16), 0);
    finish();
}
END_TEST

START_TEST(keys_not_given_stay_as_they_were_changed)
{
    prepare();
    ck_assert_uint_eq(call("POST", "/v1/zones/customer.example", "{\"proxied\": []}", NULL), 200);
    ck_assert_uint_eq(call("POST", "/v1/zones/customer.example", "{\"ttl\": 60}", NULL), 200);
    ck_assert_uint_eq(call("POST", "/v1/zones/customer.example", "{\"ttl\": \"x\"}", NULL), 422);
    ck_assert_uint_eq(ask(KEY, 16), 2);
    finish();
}
END_TEST

START_TEST(new_servers_are_admitted_once_and_keep_their_addresses)
{
    prepare();
    const size_t seats = editions.stage->world->seat_count;
    const char *records = "{\"records\": \"a A 192.0.2.1\"}";
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(call("POST", "/v1/zones/one.test", records, NULL), 200);
        ck_assert_uint_eq(call("POST", "/v1/zones/two.test", records, NULL), 200);
        ck_assert_uint_eq(
            call("POST", "/v1/zones/one.test", "{\"servers\": [\"x\", \"y\", \"z\"]}", NULL), 200);
        ck_assert_uint_eq(ask("a.one.test", 1), 1);
        ck_assert_uint_eq(ask("a.two.test", 1), 1);
        ck_assert_uint_eq(call("POST", "/v1/reset", "", NULL), 200);
    }
    ck_assert_uint_eq(admitted, editions.stage->world->seat_count - seats);
    ck_assert_uint_eq(admitted, 7);
    finish();
}
END_TEST

static bool is_seated(const char *name)
{
    const struct world *world = editions.stage->world;
    for (size_t i = 0; i < world->seat_count; i++) {
        if (strcmp(world->seats[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

START_TEST(a_seat_is_called_after_who_sits_there)
{
    prepare();
    const char *records = "{\"records\": \"a A 192.0.2.1\"}";
    ck_assert_uint_eq(call("POST", "/v1/zones/one.test", records, NULL), 200);
    ck_assert(is_seated("ns1.one.test"));
    ck_assert_uint_eq(call("POST", "/v1/reset", "", NULL), 200);
    ck_assert_uint_eq(call("POST", "/v1/zones/two.test", records, NULL), 200);
    ck_assert(is_seated("ns1.two.test"));
    ck_assert(!is_seated("ns1.one.test"));
    finish();
}
END_TEST

START_TEST(time_passes_only_at_rest)
{
    prepare();
    at_rest = false;
    ck_assert_uint_eq(call("POST", "/v1/time", "{\"advance\": \"1s\"}", NULL), 409);
    finish();
}
END_TEST

/* How many faults there are. */
static size_t fault_count(void)
{
    json_t *state;
    ck_assert_uint_eq(call("GET", "/v1/state", "", &state), 200);
    const size_t count = json_array_size(json_object_get(state, "faults"));
    json_decref(state);
    return count;
}

START_TEST(lifted_faults_of_the_file_come_back_with_a_reset)
{
    prepare();
    ck_assert_uint_eq(call("POST", "/v1/faults", "{\"delay\": \"1s\"}", NULL), 200);
    ck_assert_uint_eq(call("POST", "/v1/faults", "[{\"loss\": true}]", NULL), 200);
    ck_assert_uint_eq(fault_count(), 3);
    ck_assert_uint_eq(call("DELETE", "/v1/faults", "", NULL), 200);
    ck_assert_uint_eq(fault_count(), 0);
    ck_assert_uint_eq(call("POST", "/v1/faults", "{\"loss\": true}", NULL), 200);
    ck_assert_uint_eq(fault_count(), 1);
    ck_assert_uint_eq(call("POST", "/v1/reset", "", NULL), 200);
    ck_assert_uint_eq(fault_count(), 1);
    ck_assert_uint_eq(ask(KEY, 1) > 0, 1);
    finish();
}
END_TEST

START_TEST(all_changes_together_are_bounded)
{
    static char body[200 * 1024];
    prepare();
    memset(body, 'x', sizeof body - 1);
    memcpy(body, "{\"records\": \"", 13);
    for (size_t i = 13; i + 1 < sizeof body; i++) {
        body[i] = i % 64 == 0 ? ';' : ' ';
    }
    memcpy(body + sizeof body - 4, "\"}", 3);
    unsigned status = 200;
    for (unsigned i = 0; i < 7 && status == 200; i++) {
        char path[64];
        snprintf(path, sizeof path, "/v1/zones/z%u.test", i);
        status = call("POST", path, body, NULL);
        ck_assert_uint_eq(status, i < 5 ? 200 : 409);
    }
    finish();
}
END_TEST

START_TEST(the_history_is_a_ring)
{
    prepare();
    ask(KEY, 16);
    const uint64_t count = history.count;
    ck_assert_uint_gt(count, 3);
    for (unsigned i = 0; i < HISTORY_QUERIES_MAX / count + 2; i++) {
        ck_assert_uint_eq(call("POST", "/v1/forget", "", NULL), 200);
        ask(KEY, 16);
    }
    size_t remembered = 0;
    for (const struct history_query *query = history_next(&history, 0); query != NULL;
         query = history_next(&history, query->number)) {
        ck_assert(query->is_answered);
        remembered++;
    }
    ck_assert_uint_eq(remembered, HISTORY_QUERIES_MAX);
    finish();
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("control");
    add_rows(suite, requests_have_their_status, rows);
    add_test(suite, what_changed_is_seen_and_reset_takes_it_back);
    add_test(suite, keys_not_given_stay_as_they_were_changed);
    add_test(suite, new_servers_are_admitted_once_and_keep_their_addresses);
    add_test(suite, a_seat_is_called_after_who_sits_there);
    add_test(suite, time_passes_only_at_rest);
    add_test(suite, lifted_faults_of_the_file_come_back_with_a_reset);
    add_test(suite, all_changes_together_are_bounded);
    add_test(suite, the_history_is_a_ring);
    return suite;
}
