/* A page to look at: a line for each scenario, and below those that are not as expected what was
 * seen instead and how it came about. It needs nothing but itself. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include <inttypes.h>
#include <stdlib.h>

#include "harness/html.h"
#include "harness/report/rows.h"
#include "harness/show.h"

static void begin(struct report *report)
{
    html_begin(report->file, "faultzone");
    fputs(
        ".passed { background: #d9f2d9; } .failed { background: #f8c8c8; font-weight: bold; }\n"
        ".broken, .unloaded { background: #fff3c4; } .skipped { background: #eee; color: #777; }\n"
        "td { vertical-align: top; } pre { overflow-x: auto; }\n"
        "</style>\n<h1>faultzone</h1>\n<table><thead><tr><th></th><th>scenario</th>"
        "<th>what it tells</th></tr></thead>\n<tbody>\n",
        report->file);
}

static void put_finding(FILE *file, const struct finding *finding)
{
    char expected[SEEN_OCTETS_MAX], seen[SEEN_OCTETS_MAX];
    const struct place *place = &finding->expectation->place;
    finding_expected(finding, expected);
    finding_seen(finding, seen);
    fprintf(file, "<p>Step %zu, ", finding_step(finding));
    html_put(file, finding->outcome->step->shown);
    fputs(" (", file);
    html_put(file, place->file);
    fprintf(file, ":%" PRIu32 ":%" PRIu32 ")<br>expected <b>", place->line, place->column);
    html_put(file, expected);
    fputs("</b>, seen <b>", file);
    html_put(file, seen);
    fputs("</b></p>\n", file);
}

/* The walk of a step, which is written as plain text. Left out where there is no memory for it. */
static void put_walk(FILE *file, const struct unit *unit, const struct step_outcome *outcome)
{
    char *walk = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&walk, &size);
    if (memory == NULL) {
        return;
    }
    show_step(memory, unit->stage, outcome, 0);
    if (fclose(memory) == 0) {
        fputs("<pre>", file);
        html_put(file, walk);
        fputs("</pre>\n", file);
    }
    free(walk);
}

/* What is unmet of one step, then its walk. Returns the index of the next step's first finding. */
static size_t put_step(FILE *file, const struct unit *unit, size_t first)
{
    bool has_walk;
    const size_t next = unit_put_step(file, unit, first, put_finding, &has_walk);
    if (has_walk) {
        put_walk(file, unit, unit->result.findings[first].outcome);
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
        fputs("<p>", file);
        html_put(file, unit->path);
        fprintf(file, ":%" PRIu32 ":%" PRIu32 ": ", complaints[i].place.line,
                complaints[i].place.column);
        html_put(file, words);
        fputs("</p>\n", file);
    }
}

static void put_why(FILE *file, const struct unit *unit)
{
    if (unit->status == UNIT_SKIPPED) {
        fputs("<p>needs ", file);
        html_put(file, unit->skip);
        fputs("</p>\n", file);
    }
    if (unit->status == UNIT_BROKEN || unit->status == UNIT_UNLOADED) {
        put_complaints(file, unit);
    }
    for (size_t i = 0; unit->status != UNIT_PASSED && i < unit->result.finding_count;) {
        i = put_step(file, unit, i);
    }
}

static void put_unit(struct report *report, const struct unit *unit)
{
    const char *status = unit_status_name(unit->status);
    fprintf(report->file, "<tr><td class=\"%s\">%s</td><th scope=\"row\">", status, status);
    html_put(report->file, unit->id);
    fputs("</th><td>", report->file);
    html_put(report->file, unit_title(unit));
    put_why(report->file, unit);
    fputs("</td></tr>\n", report->file);
}

static void end(struct report *report)
{
    const struct report_totals *totals = &report->totals;
    fprintf(report->file,
            "</tbody></table>\n<p>%" PRIu64 " scenarios: %" PRIu64 " as expected, %" PRIu64
            " not as expected, %" PRIu64 " not judged, %" PRIu64 " skipped, %" PRIu64
            " not loaded; %" PRIu64 " expectations, %" PRIu64 " unmet; seed %" PRIu64
            "</p></html>\n",
            totals->scenarios, totals->passed, totals->failed, totals->broken, totals->skipped,
            totals->unloaded, totals->expectations, totals->unmet, report->seed);
}

const struct report_row report_html = {
    .name = "html",
    .doc = "a page to look at, which needs nothing but itself",
    .begin = begin,
    .unit = put_unit,
    .end = end,
};
