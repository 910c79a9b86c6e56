/* The Test Anything Protocol, version 13 and flat, since that is what most consumers read: one test
 * a scenario, and a YAML block where it failed. */
#include <inttypes.h>

#include "harness/report/rows.h"

static void begin(struct report *report)
{
    fputs("TAP version 13\n", report->file);
}

/* A description may not hold '#', which begins a directive. */
static void put_description(FILE *file, const char *string)
{
    for (; *string != '\0'; string++) {
        if (*string == '#' || *string == '\\') {
            putc('\\', file);
        }
        putc(*string, file);
    }
}

/* A scalar in YAML's double quotes, which are JSON's. */
static void put_scalar(FILE *file, const char *key, const char *value)
{
    fprintf(file, "%s: ", key);
    struct json json = json_to(file, true);
    json_put_string(&json, NULL, value);
    putc('\n', file);
}

static void put_finding(FILE *file, const struct finding *finding)
{
    char expected[SEEN_OCTETS_MAX], seen[SEEN_OCTETS_MAX];
    if (finding->judgement == JUDGED_MET) {
        return;
    }
    finding_expected(finding, expected);
    finding_seen(finding, seen);
    const struct place *place = &finding->expectation->place;
    put_scalar(file, "    - step", finding->outcome->step->shown);
    put_scalar(file, "      expected", expected);
    put_scalar(file, "      seen", seen);
    put_scalar(file, "      file", place->file);
    fprintf(file, "      line: %" PRIu32 "\n      column: %" PRIu32 "\n", place->line,
            place->column);
}

/* The first as the message, which is what consumers show; all of them where there are several. */
static void put_complaints(FILE *file, const struct unit *unit)
{
    size_t count;
    const struct diag *complaints = unit_complaints(unit, &count);
    char words[COMPLAINT_OCTETS_MAX];
    complaint_words(&complaints[0], words);
    put_scalar(file, "  message", words);
    put_scalar(file, "  file", unit->path);
    fprintf(file, "  line: %" PRIu32 "\n", complaints[0].place.line);
    if (count > 1) {
        fputs("  errors:\n", file);
    }
    for (size_t i = 0; count > 1 && i < count; i++) {
        complaint_words(&complaints[i], words);
        put_scalar(file, "    - message", words);
        fprintf(file, "      line: %" PRIu32 "\n      column: %" PRIu32 "\n",
                complaints[i].place.line, complaints[i].place.column);
    }
}

static void put_block(FILE *file, const struct unit *unit, uint64_t seed)
{
    fputs("  ---\n", file);
    fprintf(file, "  seed: %" PRIu64 "\n", seed);
    if (unit->status != UNIT_FAILED) {
        put_complaints(file, unit);
    }
    if (unit->result.unmet > 0) {
        fputs("  failures:\n", file);
    }
    for (size_t i = 0; i < unit->result.finding_count; i++) {
        put_finding(file, &unit->result.findings[i]);
    }
    fputs("  ...\n", file);
}

static void put_unit(struct report *report, const struct unit *unit)
{
    const bool passed = unit->status == UNIT_PASSED || unit->status == UNIT_SKIPPED;
    fprintf(report->file, "%s %" PRIu64 " - ", passed ? "ok" : "not ok", report->totals.scenarios);
    put_description(report->file, unit->id);
    if (unit->scenario != NULL) {
        fputs(": ", report->file);
        put_description(report->file, unit->scenario->title);
    }
    if (unit->status == UNIT_SKIPPED) {
        fputs(" # SKIP needs ", report->file);
        put_description(report->file, unit->skip);
    }
    putc('\n', report->file);
    if (!passed) {
        put_block(report->file, unit, report->seed);
    }
}

static void end(struct report *report)
{
    fprintf(report->file, "1..%" PRIu64 "\n", report->totals.scenarios);
}

const struct report_row report_tap = {
    .name = "tap",
    .doc = "Test Anything Protocol, version 13: one test a scenario",
    .begin = begin,
    .unit = put_unit,
    .end = end,
};
