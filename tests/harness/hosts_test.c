/* A scenario that runs in virtual time runs unchanged on real sockets: every machine takes the same
 * decisions in the same order. Instants, IDs, ports and measured times are left out; so is the
 * order of decisions of different machines, which no machine can see. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/unit.h"
#include "live/live.h"
#include "sim/virtual.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"

#define SEED             7
#define DECISIONS_OCTETS ((size_t)256 * 1024)

static void put_decision(struct text *text, const struct trace_entry *entry)
{
    text_put_format(text, "  %s ", entry->what);
    if (entry->name.size > 0) { /* letter case is no decision */
        struct name name;
        ck_assert(name_from_wire(entry->name, &name));
        name_lower(&name);
        name_put(text, &name);
    }
    text_put_format(text, " %u ", entry->type);
    address_put(text, &entry->peer.address);
    text_put_format(text, " %s\n", entry->note != NULL ? entry->note : "");
}

/* All decisions, machine by machine. */
static void put_decisions(struct text *text, const struct stage *stage)
{
    for (size_t i = 0; i < stage->world->seat_count; i++) {
        const char *who = stage->world->seats[i].name;
        struct trace_cursor cursor = {0};
        const struct trace_entry *entry;
        text_put_format(text, "%s\n", who);
        while ((entry = trace_next(&stage->trace, &cursor)) != NULL) {
            if (entry->kind == TRACE_DECISION && strcmp(entry->who, who) == 0) {
                put_decision(text, entry);
            }
        }
    }
}

/* IDs, ports and letter case are from `entropy`, but for a scenario with an intruder who guesses
 * them: one of its hundreds of guesses at a port is right once in a hundred runs. */
static void stage_up(struct unit *unit, const char *path, const char *id, struct entropy entropy)
{
    unit_init(unit);
    const struct entropy seeded = {0};
    ck_assert_msg(unit_load(unit, path, id), "%s", unit->diag_items[0].sentence);
    ck_assert(unit_stage(unit, SEED, unit->scenario->forgery_count > 0 ? seeded : entropy));
}

/* The same scenario in both hosts. */
struct pair {
    struct unit still, live;
    struct live *host;
    char still_decisions[DECISIONS_OCTETS], live_decisions[DECISIONS_OCTETS];
};

static void open_pair(struct pair *pair, const char *path, const char *id, struct entropy entropy)
{
    struct diag error;
    stage_up(&pair->still, path, id, (struct entropy){0});
    stage_up(&pair->live, path, id, entropy);
    pair->host = live_open(pair->live.stage->world, &(struct live_options){0}, &error);
    ck_assert_msg(pair->host != NULL, "%s", error.sentence);
}

/* Runs it under `seed`, first in virtual time. */
static void run_pair(struct pair *pair, uint64_t seed)
{
    struct text still = text_in(pair->still_decisions, sizeof pair->still_decisions);
    struct text live = text_in(pair->live_decisions, sizeof pair->live_decisions);
    unit_run(&pair->still, virtual_run, seed);
    put_decisions(&still, pair->still.stage);
    unit_run(&pair->live, live_run, seed);
    put_decisions(&live, pair->live.stage);
    ck_assert(!still.overflow && !live.overflow);
    ck_assert(!pair->still.result.broken && !pair->live.result.broken);
}

/* Tells the first line that differs: all of them are more than a message may hold. */
static void assert_equal_lines(const char *live, const char *still)
{
    size_t at = 0, line = 0;
    for (; live[at] != '\0' && live[at] == still[at]; at++) {
        line = live[at] == '\n' ? at + 1 : line;
    }
    ck_assert_msg(live[at] == still[at], "live: %.*s; in virtual time: %.*s",
                  (int)strcspn(live + line, "\n"), live + line, (int)strcspn(still + line, "\n"),
                  still + line);
}

static void close_pair(struct pair *pair)
{
    live_close(pair->host);
    unit_free(&pair->live);
    unit_free(&pair->still);
}

static struct pair pair; /* large */

START_TEST(decisions_are_equal)
{
    size_t count;
    const char *id = shipped_all(&count)[_i].name;
    open_pair(&pair, shipped_path(id), id, live_entropy());
    run_pair(&pair, SEED);
    ck_assert_uint_eq(pair.still.result.unmet, 0);
    assert_equal_lines(pair.live_decisions, pair.still_decisions);
    ck_assert_uint_eq(pair.live.result.unmet, 0);
    close_pair(&pair);
}
END_TEST

/* --- every fault --- */

/* A key behind an alias, in another zone, and too long for a resolver without EDNS: every run has
 * connections too. */
#define HUNDRED_OCTETS                                                                             \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
    "xxxxxxxx"
static const char story[] =
    "scenario: a fault in both hosts\n"
    "resolver: {edns: false}\n"
    "zones:\n"
    "  esp.example:\n"
    "    records: |\n"
    "      k1.dkim 3600 TXT \"v=DKIM1; k=rsa; p=\" \"" HUNDRED_OCTETS HUNDRED_OCTETS
    "\" \"" HUNDRED_OCTETS HUNDRED_OCTETS "\" \"" HUNDRED_OCTETS HUNDRED_OCTETS "\"\n"
    "  customer.example:\n"
    "    records: |\n"
    "      k1._domainkey 300 CNAME k1.dkim.esp.example.\n"
    "steps:\n"
    "  - dkim: k1._domainkey.customer.example\n"
    "  - lookup: nobody.customer.example A\n";

#define FAULT_SEEDS 20

struct fault_story {
    const char *name;
    const char *fault;  /* of fault_rows */
    const char *faults; /* as in a scenario */
};

/* There are no exceptions: while nobody outside waits, the live host's clock stands still, and no
 * race of timers comes out otherwise than in virtual time. Ports are the seed's in both hosts: once
 * in some thousand runs the system's are such that a late reply finds its old port in use again,
 * and the resolver rightly takes it for an attack. */
static const struct fault_story fault_stories[] = {
    {"loss", "loss", "  - loss: 30%\n"},
    {"a black hole", "loss", "  - loss: true\n    to: esp.example\n"},
    {"loss on connections", "loss", "  - loss: 50%\n    transport: tcp\n"},
    {"delay", "delay", "  - delay: {time: 20ms, jitter: 100ms}\n"},
    {"answers that come too late", "delay", "  - delay: {jitter: 3s}\n"},
    {"reorder", "reorder", "  - reorder: 2s\n"},
    {"duplicate", "duplicate", "  - duplicate: {copies: 3, delay: 30ms}\n"},
    {"copies at once", "duplicate", "  - duplicate: 2\n"},
    {"corrupt", "corrupt", "  - corrupt: {bits: 3, offset: 40}\n    chance: 30%\n"},
    {"corrupt anywhere", "corrupt", "  - corrupt: 5\n    chance: 30%\n"},
    {"corrupt connections", "corrupt", "  - corrupt: 5\n    transport: tcp\n"},
    {"truncate", "truncate", "  - truncate: 40\n    chance: 40%\n"},
    {"truncate and say so", "truncate",
     "  - truncate: {to: 30, set-tc: true}\n    direction: responses\n    chance: 50%\n"},
    {"tcp-refused", "tcp-refused", "  - tcp-refused: 50%\n"},
    {"tcp-reset", "tcp-reset", "  - tcp-reset: 20\n    chance: 50%\n"},
    {"tcp-stalled", "tcp-stalled", "  - tcp-stalled: 50%\n"},
    {"tcp-segment", "tcp-segment", "  - tcp-segment: {size: 1, gap: 1ms}\n"},
    {"tcp-length", "tcp-length", "  - tcp-length: 0\n    direction: responses\n    chance: 50%\n"},
    {"wrong port", "wrong-source",
     "  - wrong-source: {port: 5353}\n    direction: responses\n    chance: 40%\n"},
    {"wrong address", "wrong-source",
     "  - wrong-source: 192.0.2.200\n    direction: responses\n    chance: 40%\n"},
    {"alias-only", "alias-only", "  - alias-only: true\n"},
    {"bogus", "bogus", "  - bogus: 9\n    from: resolver\n    chance: 50%\n"},
    {"nxdomain-hijack", "nxdomain-hijack", "  - nxdomain-hijack: 192.0.2.80\n    chance: 50%\n"},
    {"everything at once", "loss",
     "  - loss: 10%\n  - delay: {jitter: 500ms}\n  - reorder: 300ms\n  - duplicate: 1\n"
     "  - corrupt: 2\n    chance: 5%\n  - truncate: 60\n    chance: 10%\n  - tcp-refused: 10%\n"
     "  - tcp-reset: 30\n    chance: 10%\n  - tcp-stalled: 10%\n  - tcp-segment: 7\n"},
};

/* The story with the row's faults, as a file; its path lives until the next call. */
static const char *write_story(const struct fault_story *row)
{
    static char path[] = "/tmp/faultzone-hosts-XXXXXX";
    const int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    ck_assert_ptr_nonnull(file);
    ck_assert_int_gt(fprintf(file, "%sfaults:\n%s", story, row->faults), 0);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static uint64_t strikes(const struct unit *unit)
{
    uint64_t count = 0;
    for (size_t i = 0; i < unit->scenario->fault_count; i++) {
        count += transit_fault_hits(unit->stage->world->transit, i);
    }
    return count;
}

START_TEST(faults_lead_to_equal_decisions)
{
    const struct fault_story *row = &fault_stories[_i];
    const char *path = write_story(row);
    uint64_t struck = 0;
    open_pair(&pair, path, row->name, (struct entropy){0});
    ck_assert_int_eq(remove(path), 0);
    for (uint64_t seed = 1; seed <= FAULT_SEEDS; seed++) {
        run_pair(&pair, seed);
        struck += strikes(&pair.live);
        assert_equal_lines(pair.live_decisions, pair.still_decisions);
        ck_assert_uint_eq(strikes(&pair.live), strikes(&pair.still));
    }
    ck_assert_uint_gt(struck, 0);
    close_pair(&pair);
}
END_TEST

START_TEST(every_fault_has_a_story)
{
    for (const struct fault_row *fault = fault_rows; fault->name != NULL; fault++) {
        size_t i = 0;
        while (i < COUNT_OF(fault_stories) && strcmp(fault_stories[i].fault, fault->name) != 0) {
            i++;
        }
        ck_assert_msg(i < COUNT_OF(fault_stories), "%s", fault->name);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("hosts");
    size_t count;
    const struct shipped *all = shipped_all(&count);
    support_add_rows(suite, decisions_are_equal, &all[0].name, sizeof all[0], count);
    add_rows(suite, faults_lead_to_equal_decisions, fault_stories);
    add_test(suite, every_fault_has_a_story);
    return suite;
}
