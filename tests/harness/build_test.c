/* From a scenario to a world, again and again. */
#include "harness/build.h"

#include "harness/run.h"
#include "harness/verdict.h"
#include "sim/virtual.h"
#include "tests/harness/loading.h"
#include "tests/support/support.h"

struct staging {
    struct loading loading;
    struct arena arena, traces, results;
    struct stage *stage;
};

static void begin(struct staging *staging, const char *text)
{
    struct diag diag;
    const struct stage_options options = {.seed = 1};
    loading_begin_fine(&staging->loading, text);
    arena_init(&staging->arena, LOADING_ARENA_MAX);
    arena_init(&staging->traces, LOADING_ARENA_MAX);
    arena_init(&staging->results, LOADING_ARENA_MAX);
    staging->stage =
        stage_build(staging->loading.scenario, &options, &staging->arena, &staging->traces, &diag);
    ck_assert_ptr_nonnull(staging->stage);
}

static void end(struct staging *staging)
{
    arena_free(&staging->arena);
    arena_free(&staging->traces);
    arena_free(&staging->results);
    loading_end(&staging->loading);
}

static struct run_result run(struct staging *staging, uint64_t seed)
{
    struct run_result result;
    arena_reset(&staging->results);
    scenario_run(staging->stage, virtual_run, seed, &staging->results, &result);
    ck_assert_msg(!result.broken, "%s", result.error.sentence);
    return result;
}

/* Fails the test with what was seen instead, if anything expected is not so. */
static void expect_all_met(const struct run_result *result)
{
    static char seen[4096];
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct finding *finding = &result->findings[i];
        struct text text = text_in(seen, sizeof seen);
        verdict_put_seen(&text, finding->expectation, finding->outcome);
        ck_assert_msg(finding->judgement == JUDGED_MET, "%s, seen: %s", finding->expectation->shown,
                      seen);
    }
}

static const char changing[] =
    "scenario: x\nzones:\n  z.example:\n    records: [\"a 60 A 192.0.2.7\"]\n"
    "steps:\n  - lookup: a.z.example\n    expect: {addresses: 192.0.2.7}\n"
    "  - change: {z.example: {records: [\"a 60 A 192.0.2.8\"]}, resolver: forget}\n"
    "  - lookup: a.z.example\n    expect: {addresses: 192.0.2.8}\n"
    "  - change:\n      z.example: {servers: {n: {addresses: 192.0.2.77}}}\n"
    "      faults: [{delay: 1s, to: 192.0.2.77}]\n      resolver: forget\n"
    "  - lookup: a.z.example\n    expect: {addresses: 192.0.2.8, asked: [192.0.2.77],\n"
    "      time-at-least: 1s}\n"
    "  - lookup: {name: a.z.example, server: 192.0.2.101}\n    expect: {rcode: REFUSED}\n"
    "  - change: {z.example: {lame: refused}, faults: [], resolver: forget}\n"
    "  - lookup: a.z.example\n    expect: {rcode: SERVFAIL, time-at-most: 1s}\n";

START_TEST(changes_take_effect_one_after_another)
{
    struct staging staging;
    begin(&staging, changing);
    const struct run_result result = run(&staging, 1);
    ck_assert_uint_eq(result.finding_count, 8);
    expect_all_met(&result);
    end(&staging);
}
END_TEST

START_TEST(a_change_is_seen_by_servers_that_look_into_other_zones)
{
    struct staging staging;
    begin(&staging,
          "scenario: x\nzones:\n  z.example:\n    flattened: {all: true}\n"
          "    records: [\"a 60 CNAME b.esp.example.\"]\n"
          "  esp.example:\n    records: [\"b 60 A 192.0.2.7\"]\n"
          "steps:\n  - lookup: a.z.example\n    expect: {addresses: 192.0.2.7}\n"
          "  - change: {esp.example: {records: [\"b 60 A 192.0.2.8\"]}, resolver: forget}\n"
          "  - lookup: a.z.example\n    expect: {addresses: 192.0.2.8}\n");
    const struct run_result result = run(&staging, 1);
    expect_all_met(&result);
    end(&staging);
}
END_TEST

START_TEST(a_reset_is_a_new_beginning)
{
    struct staging staging;
    begin(&staging, changing);
    const struct run_result first = run(&staging, 7);
    const struct run_result other = run(&staging, 8);
    const struct run_result again = run(&staging, 7);
    ck_assert_uint_eq(first.unmet + other.unmet + again.unmet, 0);
    ck_assert(first.digest == again.digest);
    ck_assert(first.digest != other.digest);
    end(&staging);
}
END_TEST

START_TEST(two_stages_of_one_scenario_are_alike)
{
    struct staging one;
    struct staging two;
    begin(&one, changing);
    begin(&two, changing);
    ck_assert(run(&one, 3).digest == run(&two, 3).digest);
    end(&one);
    end(&two);
}
END_TEST

START_TEST(everybody_has_a_seat)
{
    static const char *const names[] = {"root",        "tld",      "ns1.z.example", "ns2.z.example",
                                        "n.z.example", "resolver", "client",        "check"};
    struct staging staging;
    begin(&staging, changing);
    const struct world *world = staging.stage->world;
    ck_assert_uint_eq(world->seat_count, COUNT_OF(names));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        ck_assert_str_eq(world->seats[i].name, names[i]);
    }
    ck_assert_ptr_eq(world_find(world, &staging.loading.scenario->resolver_v6), &world->seats[5]);
    end(&staging);
}
END_TEST

START_TEST(memory_that_runs_out_is_told)
{
    struct loading loading;
    loading_begin_fine(&loading, changing);
    bool built = false;
    for (size_t ceiling = 0; !built; ceiling += (size_t)97 * 1024) {
        struct arena arena;
        struct arena traces;
        struct diag diag = {.sentence = ""};
        const struct stage_options options = {.seed = 1};
        arena_init(&arena, ceiling);
        arena_init(&traces, ceiling);
        built = stage_build(loading.scenario, &options, &arena, &traces, &diag) != NULL;
        ck_assert_int_eq(built, diag.sentence[0] == '\0');
        ck_assert_uint_lt(ceiling, 64 << 20);
        arena_free(&arena);
        arena_free(&traces);
    }
    loading_end(&loading);
}
END_TEST

START_TEST(the_resolver_begins_with_the_roots_own_servers)
{
    struct staging staging;
    begin(&staging, "scenario: x\nzones:\n  .: {servers: {p: {silent: true}, q: }}\n"
                    "  z.example: {records: [\"a 60 A 192.0.2.7\"]}\n"
                    "resolver: {ipv6: false}\n"
                    "steps:\n  - lookup: a.z.example\n    expect: {addresses: 192.0.2.7}\n");
    const struct run_result result = run(&staging, 1);
    expect_all_met(&result);
    end(&staging);
}
END_TEST

/* --- the founding story, with and without the cloud --- */

#define STORY(proxied, expect_dkim, expect_setup)                                                  \
    "scenario: x\nzones:\n  esp.example:\n    records: |\n      k 60 TXT \"v=DKIM1; p=\"\n"        \
    "      k 60 A 198.51.100.1\n  customer.example:\n    provider: cloudflare\n" proxied           \
    "    records: |\n      c._domainkey 300 CNAME k.esp.example.\n"                                \
    "steps:\n  - dkim: c._domainkey.customer.example\n    expect: " expect_dkim                    \
    "\n  - setup: {name: c._domainkey.customer.example, type: CNAME, value: k.esp.example}\n"      \
    "    expect: " expect_setup "\n"

START_TEST(flipping_the_proxy_flips_the_verdicts)
{
    static const char *const stories[] = {
        STORY("    proxied: [c._domainkey]\n", "{key: no-key}",
              "{verdict: declined, cause: proxied}"),
        STORY("", "{key: revoked}", "{class: present}"),
    };
    for (size_t i = 0; i < 2; i++) {
        struct staging staging;
        begin(&staging, stories[i]);
        const struct run_result result = run(&staging, 1);
        expect_all_met(&result);
        end(&staging);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("build");
    add_test(suite, changes_take_effect_one_after_another);
    add_test(suite, a_change_is_seen_by_servers_that_look_into_other_zones);
    add_test(suite, a_reset_is_a_new_beginning);
    add_test(suite, two_stages_of_one_scenario_are_alike);
    add_test(suite, everybody_has_a_seat);
    add_test(suite, memory_that_runs_out_is_told);
    add_test(suite, the_resolver_begins_with_the_roots_own_servers);
    add_test(suite, flipping_the_proxy_flips_the_verdicts);
    return suite;
}
