/* A served world under requests to its control API: eight octets of how they are cut, then what
 * clients send, one after another, with the octet 0x1e between them; after each, somebody asks the
 * resolver. What must hold: the replies are the same however the requests are cut; each is sound
 * HTTP with the length it announces and sound JSON, an error telling what is wrong; after a reset
 * the world is as the file says, and plays the same trace; memory is bounded, and given back. */
#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "harness/control.h"
#include "sim/virtual.h"
#include "wire/rrtype.h"

#define SEED            1
#define CUTS            8
#define BETWEEN         0x1e
#define TALKS_MAX       16
#define EVENTS_MAX      100000
#define STAGE_CEILING   ((size_t)256 << 20)
#define TRACE_CEILING   ((size_t)16 << 20)
#define JSON_OCTETS_MAX ((size_t)128 << 20)
#define HASH_SEED       1

static const char file_text[] = "scenario: a key behind a proxy\n"
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
                                "  - {delay: 5ms, to: esp.example}\n";

/* --- the memory of JSON values --- */

static size_t json_octets;

static void *json_take(size_t size)
{
    size_t *block = malloc(sizeof(max_align_t) + size);
    assert(block != NULL);
    *block = size;
    json_octets += size;
    assert(json_octets <= JSON_OCTETS_MAX);
    return (uint8_t *)block + sizeof(max_align_t);
}

static void json_give(void *pointer)
{
    if (pointer != NULL) {
        size_t *block = (void *)((uint8_t *)pointer - sizeof(max_align_t));
        json_octets -= *block;
        free(block);
    }
}

/* --- the world, and its host in virtual time --- */

struct served {
    struct arena stage_arena, trace_arena;
    struct editions editions;
    struct history history;
    struct control control;
    struct control_house house;
    size_t seats;          /* of the file */
    size_t json_octets;    /* at rest */
    json_t *state;         /* as the file says */
    uint64_t trace_digest; /* of the first question after a reset */
};

static bool admit(void *context, const struct seat *seat, struct diag *reterr)
{
    (void)context;
    (void)seat;
    (void)reterr;
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
}

static bool advance(void *context, duration_ns duration)
{
    const struct served *served = context;
    struct world *world = served->editions.stage->world;
    world->now = instant_after(world->now, duration);
    return true;
}

static bool is_settled(void *client)
{
    return client_is_done(client);
}

/* Somebody asks for the key, and waits for what comes of it. */
static void ask(struct served *served)
{
    struct stage *stage = served->editions.stage;
    struct client_question question = {
        .type = RRTYPE_TXT,
        .server = {.address = stage->scenario->resolver_v4, .port = 53},
        .recursion_desired = true,
        .udp_size = EDNS_UDP_SIZE};
    const struct run_limits limits = {
        .until = NEVER, .events_max = EVENTS_MAX, .done = is_settled, .context = stage->client};
    name_parse_text(bytes_of_string("k1._domainkey.customer.example."), NULL, &question.name, NULL);
    client_ask(stage->client, &question, stage->world->now);
    virtual_run(stage->world, &limits);
    assert(stage->world->ended == RUN_DONE);
}

/* --- replies --- */

static bool find(struct bytes text, const char *word, struct bytes *ret_behind)
{
    const size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        if (memcmp(text.data + i, word, size) == 0) {
            *ret_behind = bytes_after(text, i + size);
            return true;
        }
    }
    return false;
}

static size_t number_of(struct bytes text)
{
    size_t number = 0, i = 0;
    for (; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++) {
        number = number * 10 + text.data[i] - '0';
    }
    assert(i > 0 && i < text.size && text.data[i] == '\r');
    return number;
}

/* The status of a sound head; the length it announces. */
static unsigned check_head(struct bytes head, size_t *ret_length)
{
    struct bytes behind;
    assert(head.size > 13 && memcmp(head.data, "HTTP/1.1 ", 9) == 0 && head.data[12] == ' ');
    for (size_t i = 0; i < head.size; i++) {
        const bool is_end = head.data[i] == '\r' && i + 1 < head.size && head.data[i + 1] == '\n';
        assert(is_end || head.data[i] == '\n' || (head.data[i] >= ' ' && head.data[i] < 0x7f));
    }
    assert(find(head, "\r\nContent-Length: ", &behind));
    *ret_length = number_of(behind);
    assert(find(head, "\r\n\r\n", &behind) && behind.size == 0);
    return (unsigned)(head.data[9] - '0') * 100 + (unsigned)(head.data[10] - '0') * 10 +
           (unsigned)(head.data[11] - '0');
}

static void check_reply(const struct control_talk *talk)
{
    size_t length;
    const unsigned status = check_head(talk->head, &length);
    const bool is_head = talk->has_request && bytes_are(talk->request.method, "HEAD");
    assert(http_reason(status) != NULL);
    assert(is_head ? talk->body.size == 0 : talk->body.size == length);
    if (is_head) {
        return;
    }
    json_t *body =
        json_loadb((const char *)talk->body.data, talk->body.size, JSON_DECODE_ANY, NULL);
    assert(body != NULL);
    const json_t *error = json_object_get(body, "error");
    assert((status == 200) == (error == NULL));
    assert(error == NULL || json_string_length(json_object_get(error, "message")) > 0);
    json_decref(body);
}

/* --- requests --- */

/* One client's talk; its reply goes into the hash. */
static uint64_t talk(struct served *served, struct bytes request, const uint8_t cuts[CUTS],
                     bool is_tcp, uint64_t hash)
{
    struct control_talk talk;
    const bool started = control_talk_start(&talk, &served->house, is_tcp);
    enum control_outcome outcome = CONTROL_MORE;
    assert(started);
    for (size_t i = 0; outcome == CONTROL_MORE && request.size > 0; i++) {
        const size_t size = cuts == NULL ? request.size : cuts[i % CUTS] + 1U;
        const size_t taken = size < request.size ? size : request.size;
        const struct bytes chunk = exact_copy(bytes_of(request.data, taken));
        outcome = control_talk_take(&talk, chunk);
        exact_free(chunk);
        request = bytes_after(request, taken);
    }
    if (outcome == CONTROL_MORE) {
        outcome = control_talk_refuse(&talk, 408, "the request took too long");
    }
    assert(outcome == CONTROL_ANSWERED);
    check_reply(&talk);
    hash = bytes_hash(talk.body, bytes_hash(talk.head, hash + talk.owes_continue));
    control_talk_end(&talk);
    assert(served->house.octets == 0);
    return hash;
}

/* All talks of an input; the hash of their replies. */
static uint64_t talk_all(struct served *served, struct bytes requests, const uint8_t cuts[CUTS],
                         bool is_tcp)
{
    uint64_t hash = HASH_SEED;
    for (size_t i = 0; i < TALKS_MAX && requests.size > 0; i++) {
        const uint8_t *end = memchr(requests.data, BETWEEN, requests.size);
        const size_t size = end != NULL ? (size_t)(end - requests.data) : requests.size;
        hash = talk(served, bytes_of(requests.data, size), cuts, is_tcp, hash);
        ask(served);
        requests = bytes_after(requests, size + (end != NULL));
    }
    return hash;
}

/* --- the file's state --- */

/* What /v1/state tells, without the servers' endpoints: servers once met stay. */
static json_t *state_of(struct served *served)
{
    const struct control_request request = {.method = bytes_of_string("GET"),
                                            .path = bytes_of_string("/v1/state")};
    struct control_response response;
    struct arena arena;
    arena_init(&arena, CONTROL_OCTETS_MAX);
    control_handle(&served->control, &request, &arena, &response);
    json_t *state = json_loadb((const char *)response.body.data, response.body.size, 0, NULL);
    assert(response.status == 200 && state != NULL);
    json_object_del(state, "servers");
    arena_free(&arena);
    return state;
}

static void reset(struct served *served)
{
    const struct control_request request = {.method = bytes_of_string("POST"),
                                            .path = bytes_of_string("/v1/reset")};
    struct control_response response;
    struct arena arena;
    arena_init(&arena, CONTROL_OCTETS_MAX);
    control_handle(&served->control, &request, &arena, &response);
    assert(response.status == 200);
    arena_free(&arena);
}

/* Queries are counted through resets, so that who pages through them misses none. */
static void count_anew(struct history *history)
{
    history->count = history->cleared = 0;
    memset(history->slots, 0, sizeof history->slots);
}

static void check_reset(struct served *served)
{
    reset(served);
    json_t *state = state_of(served);
    assert(json_equal(state, served->state));
    json_decref(state);
    assert(json_octets == served->json_octets);
    ask(served);
    assert(trace_digest(&served->editions.stage->trace) == served->trace_digest);
    reset(served);
    count_anew(&served->history);
}

/* --- beginning and end --- */

static void serve(struct served *served)
{
    const struct scenario_file file = {
        .text = bytes_of_string(file_text), .path = "control.yaml", .id = "control"};
    const struct stage_options options = {.seed = SEED, .spare_zones = EDITIONS_SPARE};
    struct diag error;
    arena_init(&served->stage_arena, STAGE_CEILING);
    arena_init(&served->trace_arena, TRACE_CEILING);
    const bool loaded = editions_init(&served->editions, &file);
    assert(loaded);
    struct stage *stage = stage_build(served->editions.base, &options, &served->stage_arena,
                                      &served->trace_arena, &error);
    assert(stage != NULL);
    served->editions.stage = stage;
    served->editions.host = (struct stage_host){.admit = admit};
    memset(&served->history, 0, sizeof served->history);
    served->history.world = stage->world;
    stage->trace.listener = history_listen;
    stage->trace.listener_context = &served->history;
    served->control = (struct control){.editions = &served->editions,
                                       .history = &served->history,
                                       .seed = SEED,
                                       .host = {.real_endpoint = real_endpoint,
                                                .rewind = rewind_world,
                                                .advance = advance,
                                                .context = served}};
    served->house = (struct control_house){.handle = control_handle, .context = &served->control};
    served->seats = stage->world->seat_count;
}

static void stop_serving(struct served *served)
{
    json_decref(served->state);
    editions_free(&served->editions);
    arena_free(&served->trace_arena);
    arena_free(&served->stage_arena);
}

/* A world that is as the file says, and has no other servers. */
static struct served *fresh(void)
{
    static struct served served;
    static bool is_serving;
    if (is_serving && served.editions.stage->world->seat_count == served.seats) {
        return &served;
    }
    if (is_serving) {
        stop_serving(&served);
    } else {
        json_set_alloc_funcs(json_take, json_give);
        json_object_seed(SEED);
    }
    serve(&served);
    is_serving = true;
    reset(&served);
    served.state = state_of(&served);
    served.json_octets = json_octets;
    ask(&served);
    served.trace_digest = trace_digest(&served.editions.stage->trace);
    reset(&served);
    count_anew(&served.history);
    return &served;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    const struct bytes given = input_take(&input, CUTS);
    const struct bytes requests = input_rest(&input);
    uint8_t cuts[CUTS] = {0};
    memcpy(cuts, given.size > 0 ? given.data : cuts, given.size);
    const bool is_tcp = (cuts[0] & 1) != 0;
    struct served *served = fresh();
    const uint64_t cut = talk_all(served, requests, cuts, is_tcp);
    check_reset(served);
    served = fresh();
    const uint64_t whole = talk_all(served, requests, NULL, is_tcp);
    check_reset(served);
    assert(cut == whole);
    return 0;
}
