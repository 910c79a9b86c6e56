/* JUnit's XML as CI systems read it: a suite is a scenario, a case an expectation; the scenario's
 * id is also the class name, since some systems show nothing else. A failure is an unmet
 * expectation, an error something that could not be judged. */
#include <inttypes.h>

#include "harness/report/rows.h"
#include "harness/utf8.h"

/* True for what XML 1.0 2.2 lets a document hold. */
static bool is_xml(uint32_t code)
{
    return code == '\t' || code == '\n' ||
           (code >= 0x20 && code != UTF8_INVALID && code != 0xfffe && code != 0xffff);
}

static void put_xml(FILE *file, const char *string)
{
    const struct bytes view = bytes_of_string(string);
    for (size_t at = 0; at < view.size;) {
        uint32_t code;
        const size_t size = utf8_next(view, at, &code);
        switch (code) {
        case '&': fputs("&amp;", file); break;
        case '<': fputs("&lt;", file); break;
        case '>': fputs("&gt;", file); break;
        case '"': fputs("&quot;", file); break;
        case '\'': fputs("&apos;", file); break;
        case '\n': fputs("&#10;", file); break;
        default:
            if (is_xml(code)) {
                fwrite(view.data + at, 1, size, file);
            } else {
                putc('?', file);
            }
        }
        at += size;
    }
}

static void put_attribute(FILE *file, const char *name, const char *value)
{
    fprintf(file, " %s=\"", name);
    put_xml(file, value);
    putc('"', file);
}

static void begin(struct report *report)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"faultzone\">\n",
          report->file);
}

static void open_case(FILE *file, const struct unit *unit, const char *name,
                      const struct place *place)
{
    fputs("    <testcase", file);
    put_attribute(file, "classname", unit->id);
    put_attribute(file, "name", name);
    put_attribute(file, "file", unit->path);
    fprintf(file, " line=\"%" PRIu32 "\"", place->line);
}

static void put_finding(FILE *file, const struct unit *unit, const struct finding *finding)
{
    char expected[SEEN_OCTETS_MAX], seen[SEEN_OCTETS_MAX], name[2 * SEEN_OCTETS_MAX];
    finding_expected(finding, expected);
    snprintf(name, sizeof name, "step %zu, %s: %s", finding_step(finding),
             finding->outcome->step->shown, expected);
    open_case(file, unit, name, &finding->expectation->place);
    if (finding->judgement == JUDGED_MET) {
        fputs("/>\n", file);
        return;
    }
    const char *tag = finding->judgement == JUDGED_UNMET ? "failure" : "error";
    finding_seen(finding, seen);
    fprintf(file, ">\n      <%s", tag);
    put_attribute(file, "type", judgement_name(finding->judgement));
    put_attribute(file, "message", seen);
    putc('>', file);
    put_xml(file, "expected  ");
    put_xml(file, expected);
    put_xml(file, "\nseen      ");
    put_xml(file, seen);
    fprintf(file, "</%s>\n    </testcase>\n", tag);
}

/* The first as the message, all of them with their places as the text. */
static void put_complaints(FILE *file, const struct unit *unit)
{
    size_t count;
    const struct diag *complaints = unit_complaints(unit, &count);
    char words[COMPLAINT_OCTETS_MAX];
    complaint_words(&complaints[0], words);
    fputs(">\n      <error", file);
    put_attribute(file, "type", unit_status_name(unit->status));
    put_attribute(file, "message", words);
    putc('>', file);
    for (size_t i = 0; i < count; i++) {
        complaint_words(&complaints[i], words);
        fprintf(file, "%s%" PRIu32 ":%" PRIu32 ": ", i > 0 ? "\n" : "", complaints[i].place.line,
                complaints[i].place.column);
        put_xml(file, words);
    }
    fputs("</error>\n    </testcase>\n", file);
}

/* Stands for a scenario without expectations, and for one that has no result. */
static void put_whole(FILE *file, const struct unit *unit)
{
    const bool passed = unit->status == UNIT_PASSED;
    size_t ignored;
    open_case(file, unit, "scenario", &unit_complaints(unit, &ignored)->place);
    if (passed) {
        fputs("/>\n", file);
        return;
    }
    if (unit->status == UNIT_SKIPPED) {
        fputs(">\n      <skipped", file);
        put_attribute(file, "message", unit->skip);
        fputs("/>\n    </testcase>\n", file);
        return;
    }
    put_complaints(file, unit);
}

static size_t count(const struct unit *unit, enum judgement judgement)
{
    size_t found = 0;
    for (size_t i = 0; i < unit->result.finding_count; i++) {
        found += unit->result.findings[i].judgement == judgement;
    }
    return found;
}

static void put_unit(struct report *report, const struct unit *unit)
{
    FILE *file = report->file;
    const struct run_result *result = &unit->result;
    const bool judged = unit->status == UNIT_PASSED || unit->status == UNIT_FAILED;
    const bool whole = !judged || result->finding_count == 0;
    fputs("  <testsuite", file);
    put_attribute(file, "name", unit->id);
    put_attribute(file, "file", unit->path);
    fprintf(file, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%d\"",
            result->finding_count + whole, count(unit, JUDGED_UNMET),
            count(unit, JUDGED_ERROR) + (!judged && unit->status != UNIT_SKIPPED),
            unit->status == UNIT_SKIPPED);
    fprintf(file, " time=\"%" PRIu64 ".%03" PRIu64 "\">\n", result->virtual_time / NS_PER_S,
            result->virtual_time % NS_PER_S / NS_PER_MS);
    fputs("    <properties>\n      <property name=\"title\"", file);
    put_attribute(file, "value", unit_title(unit));
    fprintf(file, "/>\n      <property name=\"seed\" value=\"%" PRIu64 "\"/>\n    </properties>\n",
            report->seed);
    for (size_t i = 0; i < result->finding_count; i++) {
        put_finding(file, unit, &result->findings[i]);
    }
    if (whole) {
        put_whole(file, unit);
    }
    fputs("  </testsuite>\n", file);
}

static void end(struct report *report)
{
    fputs("</testsuites>\n", report->file);
}

const struct report_row report_junit = {
    .name = "junit",
    .doc = "JUnit XML: a suite a scenario, a case an expectation",
    .begin = begin,
    .unit = put_unit,
    .end = end,
};
