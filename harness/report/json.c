/* JSON: one document, or one event a line. Members are only ever added, never renamed; the value of
 * "schema" changes when that promise must be broken. */
#include "harness/errors.h"
#include "harness/report/rows.h"

#define SCHEMA "faultzone/run/1"

static void put_place(struct json *json, const struct place *place)
{
    json_number(json, "line", place->line);
    json_number(json, "column", place->column);
}

static void put_finding(struct json *json, const struct finding *finding)
{
    char expected[SEEN_OCTETS_MAX], seen[SEEN_OCTETS_MAX];
    finding_expected(finding, expected);
    finding_seen(finding, seen);
    json_begin_object(json, NULL);
    json_number(json, "step", finding_step(finding));
    json_put_string(json, "asks", finding->outcome->step->shown);
    json_put_string(json, "judgement", judgement_name(finding->judgement));
    json_put_string(json, "key", finding->expectation->row->key);
    json_bool(json, "forbidden", finding->expectation->forbidden);
    json_put_string(json, "expected", expected);
    json_put_string(json, "seen", seen);
    put_place(json, &finding->expectation->place);
    json_end(json);
}

static void put_error(struct json *json, const struct diag *diag)
{
    json_begin_object(json, NULL);
    errors_put_members(json, diag);
    json_end(json);
}

static void put_errors(struct json *json, const struct unit *unit)
{
    json_begin_array(json, "errors");
    if (unit->status == UNIT_BROKEN) {
        put_error(json, &unit->result.error);
    }
    for (size_t i = 0; unit->status == UNIT_UNLOADED && i < unit->diags.count; i++) {
        put_error(json, &unit->diags.items[i]);
    }
    json_end(json);
}

static void put_strings(struct json *json, const char *key, const char *const *strings)
{
    json_begin_array(json, key);
    for (; strings != NULL && *strings != NULL; strings++) {
        json_put_string(json, NULL, *strings);
    }
    json_end(json);
}

/* The members of a scenario's object. */
static void put_members(struct json *json, const struct unit *unit)
{
    const struct run_result *result = &unit->result;
    json_put_string(json, "id", unit->id);
    json_put_string(json, "file", unit->path);
    json_put_string(json, "title", unit_title(unit));
    put_strings(json, "covers", unit->scenario != NULL ? unit->scenario->covers : NULL);
    json_put_string(json, "status", unit_status_name(unit->status));
    if (unit->status == UNIT_SKIPPED) {
        json_put_string(json, "skip", unit->skip);
    }
    json_hex(json, "seed", result->seed);
    json_hex(json, "digest", result->digest);
    json_number(json, "virtual_time_ns", result->virtual_time);
    json_number(json, "packets", result->packets);
    json_number(json, "unmet", result->unmet);
    json_begin_array(json, "findings");
    for (size_t i = 0; i < result->finding_count; i++) {
        put_finding(json, &result->findings[i]);
    }
    json_end(json);
    put_errors(json, unit);
}

static void put_totals(struct json *json, const struct report_totals *totals)
{
    json_number(json, "scenarios", totals->scenarios);
    json_number(json, "passed", totals->passed);
    json_number(json, "failed", totals->failed);
    json_number(json, "broken", totals->broken);
    json_number(json, "skipped", totals->skipped);
    json_number(json, "unloaded", totals->unloaded);
    json_number(json, "expectations", totals->expectations);
    json_number(json, "unmet", totals->unmet);
    json_number(json, "packets", totals->packets);
    json_number(json, "virtual_time_ns", totals->virtual_time);
}

/* --- the document --- */

static void begin_document(struct report *report)
{
    report->json = json_to(report->file, false);
    json_begin_object(&report->json, NULL);
    json_put_string(&report->json, "schema", SCHEMA);
    json_hex(&report->json, "seed", report->seed);
    json_begin_array(&report->json, "scenarios");
}

static void put_document_unit(struct report *report, const struct unit *unit)
{
    json_begin_object(&report->json, NULL);
    put_members(&report->json, unit);
    json_end(&report->json);
}

static void end_document(struct report *report)
{
    json_end(&report->json);
    json_begin_object(&report->json, "summary");
    put_totals(&report->json, &report->totals);
    json_end(&report->json);
    json_end(&report->json);
}

const struct report_row report_json = {
    .name = "json",
    .doc = "one JSON document",
    .begin = begin_document,
    .unit = put_document_unit,
    .end = end_document,
};

/* --- events --- */

static struct json *begin_event(struct report *report, const char *event)
{
    report->json = json_to(report->file, true);
    json_begin_object(&report->json, NULL);
    json_put_string(&report->json, "event", event);
    return &report->json;
}

static void begin_lines(struct report *report)
{
    struct json *json = begin_event(report, "begin");
    json_put_string(json, "schema", SCHEMA);
    json_hex(json, "seed", report->seed);
    json_end(json);
}

static void put_line(struct report *report, const struct unit *unit)
{
    struct json *json = begin_event(report, "scenario");
    put_members(json, unit);
    json_end(json);
    fflush(report->file);
}

static void end_lines(struct report *report)
{
    struct json *json = begin_event(report, "end");
    put_totals(json, &report->totals);
    json_end(json);
}

const struct report_row report_jsonl = {
    .name = "jsonl",
    .doc = "JSON, one event a line as it happens",
    .begin = begin_lines,
    .unit = put_line,
    .end = end_lines,
};
