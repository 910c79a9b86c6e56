/* For people: one line a scenario, a summary, and on failure what was expected, what was seen and
 * how it came about. */
#include <inttypes.h>

#include "harness/report/rows.h"
#include "harness/show.h"
#include "harness/span.h"

#define ID_COLUMNS 36

#define COLOUR_OFF    "\033[0m"
#define COLOUR_RED    "\033[31m"
#define COLOUR_GREEN  "\033[32m"
#define COLOUR_YELLOW "\033[33m"

static void begin(struct report *report)
{
    (void)report;
}

static void put_status(const struct report *report, enum unit_status status)
{
    static const struct {
        const char *word, *colour;
    } words[] = {
        [UNIT_PASSED] = {"ok   ", COLOUR_GREEN},    [UNIT_FAILED] = {"FAIL ", COLOUR_RED},
        [UNIT_BROKEN] = {"ERROR", COLOUR_YELLOW},   [UNIT_SKIPPED] = {"skip ", COLOUR_YELLOW},
        [UNIT_UNLOADED] = {"ERROR", COLOUR_YELLOW},
    };
    if (report->colour) {
        fprintf(report->file, "%s%s%s", words[status].colour, words[status].word, COLOUR_OFF);
    } else {
        fputs(words[status].word, report->file);
    }
}

static void put_finding(FILE *file, const struct finding *finding)
{
    char expected[SEEN_OCTETS_MAX], seen[SEEN_OCTETS_MAX];
    finding_expected(finding, expected);
    finding_seen(finding, seen);
    const struct place *place = &finding->expectation->place;
    fprintf(file, "      %s:%" PRIu32 ":%" PRIu32 ": step %zu, %s\n", place->file, place->line,
            place->column, finding_step(finding), finding->outcome->step->shown);
    fprintf(file, "        expected  %s\n        seen      %s\n", expected, seen);
}

/* The unmet findings of one step, then its walk. */
static size_t put_step(FILE *file, const struct unit *unit, size_t first)
{
    bool has_walk;
    const size_t next = unit_put_step(file, unit, first, put_finding, &has_walk);
    if (has_walk) {
        fputs("      why\n", file);
        show_step(file, unit->stage, unit->result.findings[first].outcome, 8);
    }
    return next;
}

static void put_complaints(FILE *file, const struct unit *unit)
{
    size_t count;
    const struct diag *complaints = unit_complaints(unit, &count);
    for (size_t i = 0; i < count; i++) {
        char words[COMPLAINT_OCTETS_MAX];
        complaint_words(&complaints[i], words);
        fprintf(file, "      %s\n", words);
    }
}

static void put_unit(struct report *report, const struct unit *unit)
{
    const struct run_result *result = &unit->result;
    put_status(report, unit->status);
    if (unit->scenario != NULL) {
        fprintf(report->file, "  %-*s  %s\n", ID_COLUMNS, unit->id, unit->scenario->title);
    } else {
        fprintf(report->file, "  %s\n", unit->id);
    }
    if (unit->status == UNIT_BROKEN || unit->status == UNIT_UNLOADED) {
        put_complaints(report->file, unit);
    }
    if (unit->status == UNIT_SKIPPED) {
        fprintf(report->file, "      needs %s\n", unit->skip);
    }
    for (size_t i = 0; unit->status != UNIT_PASSED && i < result->finding_count;) {
        i = put_step(report->file, unit, i);
    }
}

static void put_count(FILE *file, uint64_t count, const char *what)
{
    if (count > 0) {
        fprintf(file, ", %" PRIu64 " %s", count, what);
    }
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void end(struct report *report)
{
    char buffer[64];
    struct text span = text_in(buffer, sizeof buffer);
    const struct report_totals *totals = &report->totals;
    fprintf(report->file, "\n%" PRIu64 " scenario%s: %" PRIu64 " as expected", totals->scenarios,
            plural(totals->scenarios), totals->passed);
    put_count(report->file, totals->failed, "not as expected");
    put_count(report->file, totals->broken, "not judged");
    put_count(report->file, totals->skipped, "skipped");
    put_count(report->file, totals->unloaded, "not loaded");
    fprintf(report->file, "; %" PRIu64 " expectation%s", totals->expectations,
            plural(totals->expectations));
    put_count(report->file, totals->unmet, "unmet");
    span_put(&span, totals->virtual_time);
    fprintf(report->file, "; %" PRIu64 " packet%s in %s of virtual time; seed %" PRIu64 "\n",
            totals->packets, plural(totals->packets), buffer, report->seed);
}

const struct report_row report_text = {
    .name = "text",
    .doc = "for people: one line a scenario, a summary, and the walk of what failed",
    .begin = begin,
    .unit = put_unit,
    .end = end,
};
