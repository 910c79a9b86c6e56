/* In one process: a scenario is loaded, built and run, in virtual time and on real sockets, and a
 * served world is changed, while the n-th allocation or the n-th call fails, n = 1, 2, … until none
 * does. Each time it succeeds wholly or says why not, and nothing is left allocated. */
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/control.h"
#include "harness/unit.h"
#include "live/live.h"
#include "tests/support/support.h"
#include "tests/torture/torture.h"

#define PLACES_MAX 100000

static const char text[] = "scenario: a key behind a proxy\n"
                           "zones:\n"
                           "  customer.example:\n"
                           "    provider: cloudflare\n"
                           "    records: |\n"
                           "      k1._domainkey 300 CNAME k1.esp.example.\n"
                           "  esp.example:\n"
                           "    records: |\n"
                           "      k1 300 TXT \"v=DKIM1; p=\"\n"
                           "faults:\n"
                           "  - delay: 5ms\n"
                           "steps:\n"
                           "  - lookup: k1._domainkey.customer.example TXT\n"
                           "    expect: {rcode: NOERROR}\n";

static char path[] = "/tmp/torture-XXXXXX.yaml";

static void write_scenario(void)
{
    const int file = mkstemps(path, 5);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, sizeof text - 1), sizeof text - 1);
    close(file);
}

/* --- a whole unit --- */

enum { FINE, TOLD, SILENT };

static int judged(const struct unit *unit)
{
    switch (unit->status) {
    case UNIT_PASSED: return FINE;
    case UNIT_UNLOADED: return unit->diags.count > 0 ? TOLD : SILENT;
    case UNIT_BROKEN: return unit->result.error.sentence[0] != '\0' ? TOLD : SILENT;
    default: return SILENT;
    }
}

static int run_in_virtual_time(void)
{
    struct unit unit;
    unit_init(&unit);
    unit_judge(&unit, path, "test", 1);
    const int outcome = judged(&unit);
    unit_free(&unit);
    return outcome;
}

static int run_on_sockets(void)
{
    struct unit unit;
    struct diag error = {0};
    unit_init(&unit);
    int outcome = TOLD;
    if (unit_load(&unit, path, "test") && unit_stage(&unit, 1, (struct entropy){0})) {
        struct live *live = live_open(unit.stage->world, &(struct live_options){0}, &error);
        outcome = live != NULL || error.sentence[0] != '\0' ? TOLD : SILENT;
        if (live != NULL) {
            unit_run(&unit, live_run, 1);
            outcome = unit.status == UNIT_PASSED ? FINE : TOLD; /* a packet may be lost */
            live_close(live);
        }
    }
    unit_free(&unit);
    return outcome;
}

/* --- a served world --- */

static bool admit(void *context, const struct seat *seat, struct diag *reterr)
{
    (void)context, (void)seat, (void)reterr;
    return true;
}

static bool real_endpoint(void *context, const struct endpoint *simulated, struct endpoint *ret)
{
    (void)context;
    *ret = *simulated;
    return true;
}

static void stand_still(void *context)
{
    (void)context;
}

static struct editions editions;
static struct history history;
static struct control control;
static struct arena stage_arena, trace_arena;

static void serve(void)
{
    const struct scenario_file file = {
        .text = bytes_of_string(text), .path = "test.yaml", .id = "test"};
    struct diag error;
    arena_init(&stage_arena, (size_t)256 << 20);
    arena_init(&trace_arena, (size_t)16 << 20);
    ck_assert(editions_init(&editions, &file));
    const struct stage_options options = {.seed = 1, .spare_zones = EDITIONS_SPARE};
    editions.stage = stage_build(editions.base, &options, &stage_arena, &trace_arena, &error);
    ck_assert_ptr_nonnull(editions.stage);
    editions.host = (struct stage_host){.admit = admit};
    history = (struct history){.world = editions.stage->world};
    control = (struct control){
        .editions = &editions,
        .history = &history,
        .seed = 1,
        .host = {.real_endpoint = real_endpoint, .rewind = stand_still},
    };
}

/* The status of a call; its body is no longer than `room`. */
static unsigned call(const char *method, const char *target, const char *body, char *ret,
                     size_t room)
{
    struct arena answers;
    const struct control_request request = {.method = bytes_of_string(method),
                                            .path = bytes_of_string(target),
                                            .body = bytes_of_string(body)};
    struct control_response response;
    arena_init(&answers, (size_t)16 << 20);
    control_handle(&control, &request, &answers, &response);
    const size_t size = response.body.size < room - 1 ? response.body.size : room - 1;
    if (size > 0) {
        memcpy(ret, response.body.data, size);
    }
    ret[size] = '\0';
    arena_free(&answers);
    return response.status;
}

static const struct change {
    const char *name, *method, *path, *body;
    const char *shows; /* in the state, once it has been made */
} changes[] = {
    {"a zone's key", "POST", "/v1/zones/customer.example", "{\"ttl\": 60}", "\"changed\": true"},
    {"a new zone", "POST", "/v1/zones/new.example", "{\"records\": \"a A 192.0.2.1\"}",
     "\"changed\": true"},
    {"a fault", "POST", "/v1/faults", "{\"loss\": true}", "loss"},
    {"a list of faults", "POST", "/v1/faults", "[{\"loss\": true}]", "loss"},
    {"an address", "POST", "/add-a",
     "{\"host\": \"mocked.example\", \"addresses\": [\"192.0.2.7\"]}",
     "\"zone\": \"mocked.example\""},
};
static const struct change *change;
static char state[1 << 16];
static char answer[1024];

/* What is answered with 200 has happened, and what is not has not. */
static int change_it(void)
{
    const unsigned status = call(change->method, change->path, change->body, answer, sizeof answer);
    const bool was_failing = torture_disarm();
    ck_assert_uint_eq(call("GET", "/v1/state", "", state, sizeof state), 200);
    const bool is_there = strstr(state, change->shows) != NULL;
    ck_assert_msg(is_there == (status == 200), "%u: %s", status, answer);
    ck_assert_uint_eq(call("POST", "/v1/reset", "", state, sizeof state), 200);
    if (was_failing && status != 200) {
        return status == 503 || strstr(answer, "memory") != NULL ? TOLD : SILENT;
    }
    return status == 200 ? FINE : SILENT;
}

/* --- places --- */

static int (*attempt)(void);

/* Fails at each place in turn; how many there were. */
static uint64_t torture_all(enum torture_kind kind, bool for_good)
{
    ck_assert_int_eq(attempt(), FINE); /* what is taken once and kept, is taken now */
    for (uint64_t n = 1; n < PLACES_MAX; n++) {
        const int64_t before = torture_blocks();
        torture_arm(kind, n, for_good);
        const int outcome = attempt();
        const bool has_failed = torture_has_failed();
        torture_disarm();
        ck_assert_msg(outcome != SILENT, "place %llu: no sentence: %s", (unsigned long long)n,
                      answer);
        ck_assert_msg(torture_blocks() == before, "place %llu: %lld blocks of memory are left",
                      (unsigned long long)n, (long long)(torture_blocks() - before));
        if (!has_failed) {
            ck_assert_int_eq(outcome, FINE);
            return n - 1;
        }
    }
    ck_abort_msg("it never ends");
}

static const struct way {
    const char *name;
    int (*attempt)(void);
    enum torture_kind kind;
    bool for_good;
    uint64_t least; /* places there must be, or nothing was tried */
} ways[] = {
    {"virtual time, an allocation", run_in_virtual_time, TORTURE_MEMORY, false, 50},
    {"virtual time, all allocations from one on", run_in_virtual_time, TORTURE_MEMORY, true, 50},
    {"virtual time, a call", run_in_virtual_time, TORTURE_CALLS, false, 2},
    {"sockets, a call", run_on_sockets, TORTURE_CALLS, false, 50},
};

START_TEST(what_fails_is_told_and_leaves_nothing_behind)
{
    write_scenario();
    attempt = ways[_i].attempt;
    const uint64_t places = torture_all(ways[_i].kind, ways[_i].for_good);
    unlink(path);
    ck_assert_uint_ge(places, ways[_i].least);
}
END_TEST

START_TEST(a_change_is_made_or_it_is_said_why_not)
{
    change = &changes[_i];
    attempt = change_it;
    serve();
    ck_assert_uint_ge(torture_all(TORTURE_MEMORY, false), 20);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("places");
    add_rows(suite, what_fails_is_told_and_leaves_nothing_behind, ways);
    add_rows(suite, a_change_is_made_or_it_is_said_why_not, changes);
    return suite;
}
