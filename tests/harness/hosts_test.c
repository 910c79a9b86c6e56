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

static void stage_up(struct unit *unit, const char *id, struct entropy entropy)
{
    unit_init(unit);
    ck_assert_msg(unit_load(unit, shipped_path(id), id), "%s", unit->diag_items[0].sentence);
    ck_assert(unit_stage(unit, SEED, entropy));
}

START_TEST(decisions_are_equal)
{
    static struct unit still, live;
    static char still_octets[DECISIONS_OCTETS], live_octets[DECISIONS_OCTETS];
    struct text still_text = text_in(still_octets, sizeof still_octets);
    struct text live_text = text_in(live_octets, sizeof live_octets);
    struct diag error;
    size_t count;
    const char *id = shipped_all(&count)[_i].name;
    stage_up(&still, id, (struct entropy){0});
    unit_run(&still, virtual_run, SEED);
    put_decisions(&still_text, still.stage);
    ck_assert(!still_text.overflow);
    ck_assert_uint_eq(still.result.unmet, 0);

    stage_up(&live, id, live_entropy());
    struct live *host = live_open(live.stage->world, &(struct live_options){0}, &error);
    ck_assert_msg(host != NULL, "%s", error.sentence);
    unit_run(&live, live_run, SEED);
    put_decisions(&live_text, live.stage);
    ck_assert(!live_text.overflow);
    ck_assert_str_eq(live_octets, still_octets);
    ck_assert_uint_eq(live.result.unmet, 0);
    ck_assert(!live.result.broken);
    live_close(host);
    unit_free(&live);
    unit_free(&still);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("hosts");
    size_t count;
    const struct shipped *all = shipped_all(&count);
    support_add_rows(suite, decisions_are_equal, &all[0].name, sizeof all[0], count);
    return suite;
}
