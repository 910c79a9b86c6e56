#include "harness/report.h"

#include <assert.h>
#include <string.h>

#include "harness/report/rows.h"

/* The order is that of the documentation. */
static const struct report_row *const rows[] = {
    &report_text,  &report_tap,    &report_junit, &report_json,
    &report_jsonl, &report_github, &report_html,
};

const struct report_row *report_find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i]->name, name) == 0) {
            return rows[i];
        }
    }
    return NULL;
}

const struct report_row *report_row_at(size_t index)
{
    return index < sizeof rows / sizeof *rows ? rows[index] : NULL;
}

void report_begin(struct report *report, const struct report_row *row, FILE *file, uint64_t seed,
                  bool colour)
{
    *report = (struct report){.row = row, .file = file, .seed = seed, .colour = colour};
    row->begin(report);
}

static void count(struct report_totals *totals, const struct unit *unit)
{
    totals->scenarios++;
    totals->passed += unit->status == UNIT_PASSED;
    totals->failed += unit->status == UNIT_FAILED;
    totals->broken += unit->status == UNIT_BROKEN;
    totals->skipped += unit->status == UNIT_SKIPPED;
    totals->unloaded += unit->status == UNIT_UNLOADED;
    totals->expectations += unit->result.finding_count;
    totals->unmet += unit->result.unmet;
    totals->packets += unit->result.packets;
    totals->virtual_time += unit->result.virtual_time;
}

void report_unit(struct report *report, const struct unit *unit)
{
    assert(unit->status != UNIT_IDLE);
    count(&report->totals, unit);
    report->row->unit(report, unit);
}

bool report_end(struct report *report)
{
    report->row->end(report);
    return fflush(report->file) == 0 && ferror(report->file) == 0;
}

/* --- what the formats share --- */

static void finish(struct text *text)
{
    if (text->overflow) {
        const size_t last = text->capacity - sizeof "...";
        memcpy(text->data + (text->size < last ? text->size : last), "...", sizeof "...");
    }
}

void finding_expected(const struct finding *finding, char ret[SEEN_OCTETS_MAX])
{
    struct text text = text_in(ret, SEEN_OCTETS_MAX);
    text_put(&text, finding->expectation->forbidden ? "not " : "");
    text_put(&text, finding->expectation->shown);
    finish(&text);
}

void finding_seen(const struct finding *finding, char ret[SEEN_OCTETS_MAX])
{
    struct text text = text_in(ret, SEEN_OCTETS_MAX);
    verdict_put_seen(&text, finding->expectation, finding->outcome);
    finish(&text);
}

size_t finding_step(const struct finding *finding)
{
    return (size_t)(finding->outcome->step - finding->outcome->scenario->steps) + 1;
}

size_t unit_put_step(FILE *file, const struct unit *unit, size_t first,
                     void (*put)(FILE *file, const struct finding *finding), bool *ret_has_walk)
{
    const struct run_result *result = &unit->result;
    const struct step_outcome *outcome = result->findings[first].outcome;
    bool unmet = false;
    size_t at = first;
    for (; at < result->finding_count && result->findings[at].outcome == outcome; at++) {
        if (result->findings[at].judgement != JUDGED_MET) {
            put(file, &result->findings[at]);
            unmet = true;
        }
    }
    *ret_has_walk = unmet && outcome->end != STEP_NOT_RUN;
    return at;
}

const struct diag *unit_complaints(const struct unit *unit, size_t *ret_count)
{
    static const struct diag silent = {.sentence = "cannot be loaded"};
    *ret_count = 1;
    if (unit->status == UNIT_BROKEN) {
        return &unit->result.error;
    }
    if (unit->diags.count == 0) {
        return &silent;
    }
    *ret_count = unit->diags.count;
    return unit->diags.items;
}

void complaint_words(const struct diag *complaint, char ret[COMPLAINT_OCTETS_MAX])
{
    const bool hints = complaint->hint[0] != '\0';
    snprintf(ret, COMPLAINT_OCTETS_MAX, "%s%s%s", complaint->sentence, hints ? "; " : "",
             complaint->hint);
}

const char *unit_title(const struct unit *unit)
{
    return unit->scenario != NULL ? unit->scenario->title : unit->id;
}
