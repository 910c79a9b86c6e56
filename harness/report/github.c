/* Annotations of GitHub Actions: at most as many as it shows of one step, then how many more there
 * are; and a table for the job's summary page. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/rows.h"

#define WARNING_OCTETS_MAX 4096

static void begin(struct report *report)
{
    (void)report;
}

/* Text of a workflow command; in a property ':' and ',' have a meaning too. */
static void put_command_text(FILE *file, const char *string, bool property)
{
    for (; *string != '\0'; string++) {
        const unsigned char octet = (unsigned char)*string;
        if (octet < 0x20 || octet == '%' || (property && (octet == ':' || octet == ','))) {
            fprintf(file, "%%%02X", octet);
        } else {
            putc(octet, file);
        }
    }
}

static void annotate(struct report *report, const struct unit *unit, const struct place *place,
                     const char *message)
{
    if (report->annotations++ >= REPORT_ANNOTATIONS_MAX) {
        return;
    }
    fputs("::error file=", report->file);
    put_command_text(report->file, unit->path, true);
    fprintf(report->file, ",line=%" PRIu32 ",col=%" PRIu32 ",title=", place->line, place->column);
    put_command_text(report->file, unit_title(unit), true);
    fputs("::", report->file);
    put_command_text(report->file, message, false);
    putc('\n', report->file);
}

static void annotate_finding(struct report *report, const struct unit *unit,
                             const struct finding *finding)
{
    char expected[SEEN_OCTETS_MAX], seen[SEEN_OCTETS_MAX], message[3 * SEEN_OCTETS_MAX];
    finding_expected(finding, expected);
    finding_seen(finding, seen);
    snprintf(message, sizeof message, "step %zu, %s: expected %s, seen %s", finding_step(finding),
             finding->outcome->step->shown, expected, seen);
    annotate(report, unit, &finding->expectation->place, message);
}

static void annotate_complaints(struct report *report, const struct unit *unit)
{
    size_t count;
    const struct diag *complaints = unit_complaints(unit, &count);
    for (size_t i = 0; i < count; i++) {
        char words[COMPLAINT_OCTETS_MAX];
        complaint_words(&complaints[i], words);
        annotate(report, unit, &complaints[i].place, words);
    }
}

static void put_unit(struct report *report, const struct unit *unit)
{
    for (size_t i = 0; i < unit->result.finding_count; i++) {
        if (unit->result.findings[i].judgement == JUDGED_UNMET) {
            annotate_finding(report, unit, &unit->result.findings[i]);
        }
    }
    if (unit->status == UNIT_BROKEN || unit->status == UNIT_UNLOADED) {
        annotate_complaints(report, unit);
    }
}

static void put_table(FILE *file, const struct report_totals *totals)
{
    fprintf(
        file,
        "### faultzone\n\n| scenarios | as expected | not as expected | not judged | not loaded "
        "|\n|--:|--:|--:|--:|--:|\n| %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64
        " | %" PRIu64 " |\n",
        totals->scenarios, totals->passed, totals->failed, totals->broken, totals->unloaded);
}

/* The job's summary page, where the environment names its file. Without it the report is whole all
 * the same, so that it is no more than told. */
static void put_summary(const struct report_totals *totals)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    if (path == NULL || path[0] == '\0') {
        return;
    }
    FILE *file = fopen(path, "ae");
    if (file != NULL) {
        put_table(file, totals);
    }
    if (file == NULL || fclose(file) != 0) {
        char buffer[WARNING_OCTETS_MAX];
        struct text text = text_in(buffer, sizeof buffer);
        struct diag diag;
        diag_set(&diag, (struct place){.file = path}, "the summary cannot be written: %s",
                 strerror(errno));
        diag_put(&text, &diag, "warning", (struct bytes){0});
        fputs(buffer, stderr);
    }
}

static void end(struct report *report)
{
    const struct report_totals *totals = &report->totals;
    if (report->annotations > REPORT_ANNOTATIONS_MAX) {
        fprintf(report->file, "::notice::%zu more findings are not shown here\n",
                report->annotations - REPORT_ANNOTATIONS_MAX);
    }
    fprintf(report->file, "%" PRIu64 " of %" PRIu64 " scenarios as expected\n", totals->passed,
            totals->scenarios);
    put_summary(totals);
}

const struct report_row report_github = {
    .name = "github",
    .doc = "annotations for GitHub Actions, and its summary page",
    .begin = begin,
    .unit = put_unit,
    .end = end,
};
