#include "harness/show.h"

#include <inttypes.h>
#include <string.h>

#include "harness/span.h"
#include "harness/walk.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

#define LINE_OCTETS_MAX 4096
#define COLUMNS_MAX     WALK_COLUMNS_MAX
#define NAMES_MAX       32 /* names whose records are told */
#define LINKS_MAX       16 /* CNAMEs followed from each of them */

#define BOLD "\033[1m"
#define RED  "\033[31m"
#define OFF  "\033[0m"

struct story {
    FILE *file;
    const struct unit *unit;
    const struct show_options *options;
};

static void put_in(const struct story *story, const char *colour, const char *string)
{
    if (story->options->colour) {
        fprintf(story->file, "%s%s%s", colour, string, OFF);
    } else {
        fputs(string, story->file);
    }
}

/* A paragraph folded at COLUMNS_MAX, each line behind `indent` blanks. */
static void put_folded(FILE *file, const char *string, int indent)
{
    int column = 0;
    while (*(string += strspn(string, " \n")) != '\0') {
        const int size = (int)strcspn(string, " \n");
        if (column > 0 && column + 1 + size > COLUMNS_MAX) {
            putc('\n', file);
            column = 0;
        }
        column += column == 0 ? fprintf(file, "%*s", indent, "") : fprintf(file, " ");
        fwrite(string, 1, (size_t)size, file);
        column += size;
        string += size;
    }
    if (column > 0) {
        putc('\n', file);
    }
}

static void put_cut_line(FILE *file, const struct text *line)
{
    if (line->size <= COLUMNS_MAX && !line->overflow) {
        fprintf(file, "%s\n", line->data);
    } else {
        fprintf(file, "%.*s...\n", COLUMNS_MAX - 3, line->data);
    }
}

/* --- what is published --- */

struct names {
    struct name items[NAMES_MAX];
    size_t count;
};

static bool add_name(struct names *names, const struct name *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (name_equal(&names->items[i], name)) {
            return false;
        }
    }
    if (names->count == NAMES_MAX) {
        return false;
    }
    name_copy(&names->items[names->count++], name);
    return true;
}

static const struct scenario_zone *zone_of(const struct scenario *scenario, const struct name *name)
{
    const struct scenario_zone *best = NULL;
    for (size_t i = 0; i < scenario->zone_count; i++) {
        const struct scenario_zone *zone = &scenario->zones[i];
        if (name_is_at_or_below(name, &zone->apex) &&
            (best == NULL || zone->apex.labels > best->apex.labels)) {
            best = zone;
        }
    }
    return best;
}

static void put_record(FILE *file, const struct rrset *rrset, size_t index)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    text_put(&line, "    ");
    name_put(&line, rrset->owner);
    text_put_format(&line, "  %u ", rrset->ttl);
    rrtype_put(&line, rrset->type);
    text_put_char(&line, ' ');
    rdata_put(&line, rrset->type, rrset->rdata[index]);
    put_cut_line(file, &line);
}

/* Tells the records at `name`; false if there are none. `ret_target` is where its CNAME leads. */
static bool put_records(FILE *file, const struct zone *zone, const struct name *name,
                        struct name *ret_target, bool *ret_alias)
{
    size_t count;
    const struct rrset *rrsets = zone_rrsets(zone, name, &count);
    *ret_alias = false;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < rrsets[i].count; j++) {
            put_record(file, &rrsets[i], j);
        }
        *ret_alias |= rrsets[i].type == RRTYPE_CNAME &&
                      rdata_target(RRTYPE_CNAME, rrsets[i].rdata[0], ret_target);
    }
    return count > 0;
}

/* The line of the scenario's file that `place` is on, without what surrounds it. */
static struct bytes source_line(const struct scenario *scenario, const struct place *place)
{
    struct bytes rest = bytes_of(scenario->source_text, scenario->source_size);
    for (uint32_t line = 1; line < place->line && rest.size > 0; line++) {
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        rest = bytes_after(rest, end != NULL ? (size_t)(end - rest.data) + 1 : rest.size);
    }
    while (rest.size > 0 && (rest.data[0] == ' ' || rest.data[0] == '-')) {
        rest = bytes_after(rest, 1);
    }
    size_t size = 0;
    while (size < rest.size && rest.data[size] >= ' ' && rest.data[size] != '#') {
        size++;
    }
    while (size > 0 && rest.data[size - 1] == ' ') {
        size--;
    }
    return bytes_of(rest.data, size);
}

/* As the file says it, if it does so in one line. */
static void put_behaviour(struct text *line, const char *name, struct bytes said)
{
    const size_t size = strlen(name);
    text_put(line, ", with ");
    if (said.size > size && bytes_are(bytes_of(said.data, size), name)) {
        text_put_bytes(line, said);
    } else {
        text_put(line, name);
    }
}

/* Only what the file says, in its words, not the provider's habits. */
static void put_behaviours(struct text *line, const struct scenario *scenario,
                           const struct scenario_zone *zone)
{
    for (size_t i = 0; i < zone->behaviours.count; i++) {
        const struct place *place = &zone->behaviours.places[i];
        if (place->line != zone->place.line || place->column != zone->place.column) {
            put_behaviour(line, zone->behaviours.items[i].row->name, source_line(scenario, place));
        }
    }
}

static void put_zone_head(const struct story *story, const struct scenario_zone *zone)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    text_put(&line, "  ");
    name_put(&line, &zone->apex);
    text_put(&line, " at ");
    text_put(&line, zone->provider->title);
    put_behaviours(&line, story->unit->scenario, zone);
    put_cut_line(story->file, &line);
}

/* The records at `name` and wherever CNAMEs lead from there. */
static void put_published(const struct story *story, struct names *told, struct name name,
                          const struct scenario_zone **last)
{
    bool alias = true;
    for (unsigned links = 0; alias && links <= LINKS_MAX && add_name(told, &name); links++) {
        const struct scenario_zone *zone = zone_of(story->unit->scenario, &name);
        if (zone == NULL || zone->made) {
            return;
        }
        if (zone != *last) {
            put_zone_head(story, zone);
            *last = zone;
        }
        struct name owner = name;
        if (!put_records(story->file, zone->zone, &owner, &name, &alias)) {
            char buffer[NAME_TEXT_MAX];
            struct text text = text_in(buffer, sizeof buffer);
            name_put(&text, &owner);
            fprintf(story->file, "    %s  no record\n", buffer);
        }
    }
}

static void put_all_published(const struct story *story)
{
    const struct scenario *scenario = story->unit->scenario;
    const struct scenario_zone *last = NULL;
    struct names told = {.count = 0};
    put_in(story, BOLD, "Published\n");
    for (size_t i = 0; i < scenario->step_count; i++) {
        const struct step *step = &scenario->steps[i];
        if (step->kind == STEP_LOOKUP) {
            put_published(story, &told, step->as.lookup.question.name, &last);
        } else if (step->kind == STEP_DKIM) {
            put_published(story, &told, step->as.dkim.name, &last);
        } else if (step->kind == STEP_SETUP) {
            for (size_t j = 0; j < step->as.setup.record_count; j++) {
                put_published(story, &told, step->as.setup.records[j].name, &last);
            }
        }
    }
}

/* --- steps --- */

/* True if something was expected of the step, and all of it was met. */
static bool is_as_expected(const struct story *story, const struct step_outcome *outcome)
{
    const struct run_result *result = &story->unit->result;
    bool expected = false;
    for (size_t i = 0; i < result->finding_count; i++) {
        if (result->findings[i].outcome == outcome) {
            expected = true;
            if (result->findings[i].judgement != JUDGED_MET) {
                return false;
            }
        }
    }
    return expected;
}

/* "Step 2  setup k1... CNAME  (30m00s) as expected": the middle is cut where the line is too long.
 */
static void put_step_head(const struct story *story, size_t index)
{
    const struct step_outcome *outcome = &story->unit->result.outcomes[index];
    char head[32], buffer[64];
    struct text tail = text_in(buffer, sizeof buffer);
    text_put(&tail, "  (");
    span_put(&tail, outcome->started);
    text_put(&tail, is_as_expected(story, outcome) ? ") as expected" : ")");
    const int head_size = snprintf(head, sizeof head, "Step %zu  ", index + 1);
    const int room = COLUMNS_MAX - head_size - (int)tail.size;
    const int size = (int)strlen(outcome->step->shown);
    put_in(story, BOLD, head);
    fprintf(story->file, "%.*s%s%s\n", size <= room ? size : room - 3, outcome->step->shown,
            size <= room ? "" : "...", tail.data);
}

static void put_unmet(const struct story *story, const struct finding *finding)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    text_put(&line, "  NOT as expected: ");
    text_put(&line, finding->expectation->forbidden ? "forbidden " : "");
    text_put(&line, finding->expectation->shown);
    text_put(&line, "; seen: ");
    verdict_put_seen(&line, finding->expectation, finding->outcome);
    put_in(story, RED, line.data);
    putc('\n', story->file);
}

/* What is not as expected. */
static void put_findings(const struct story *story, const struct step_outcome *outcome)
{
    const struct run_result *result = &story->unit->result;
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct finding *finding = &result->findings[i];
        if (finding->outcome == outcome && finding->judgement != JUDGED_MET) {
            put_unmet(story, finding);
        }
    }
}

static void put_sentence(FILE *file, const char *lead, const struct text *sentence, int indent)
{
    char buffer[LINE_OCTETS_MAX];
    if (sentence->size > 0) {
        snprintf(buffer, sizeof buffer, "%s%s", lead, sentence->data);
        put_folded(file, buffer, indent);
    }
}

/* Verdict, what has happened and what to do, for each record that was asked for. */
static void put_inspection(FILE *file, const struct inspection *inspection, int indent)
{
    char buffer[LINE_OCTETS_MAX / 2];
    for (size_t i = 0; i < inspection->count; i++) {
        const struct inspected *record = &inspection->records[i];
        struct text text = text_in(buffer, sizeof buffer);
        name_put(&text, &record->record->name);
        text_put_char(&text, ' ');
        inspected_put(&text, record);
        put_sentence(file, "Set-up check: ", &text, indent);
        text = text_in(buffer, sizeof buffer);
        inspected_why_put(&text, record);
        put_sentence(file, "What happened: ", &text, indent);
        text = text_in(buffer, sizeof buffer);
        inspected_fix_put(&text, record);
        put_sentence(file, "How to repair it: ", &text, indent);
    }
}

/* What the verifier or the check concludes. */
static void put_conclusion(FILE *file, const struct step_outcome *outcome, int indent)
{
    char buffer[LINE_OCTETS_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    if (outcome->end == STEP_ENDED && outcome->step->kind == STEP_DKIM) {
        fprintf(file, "%*s", indent, "");
        text_put(&text, "DKIM verifier: ");
        dkim_result_put(&text, &outcome->dkim);
        fprintf(file, "%s\n", buffer);
    }
    if (outcome->end == STEP_ENDED && outcome->step->kind == STEP_SETUP) {
        put_inspection(file, outcome->inspection, indent);
    }
}

static void put_walk(FILE *file, const struct stage *stage, const struct step_outcome *outcome,
                     unsigned indent, bool packets)
{
    const struct walk walk = {
        .file = file,
        .stage = stage,
        .outcome = outcome,
        .indent = indent,
        .brief = outcome->step->kind == STEP_SETUP && !packets,
        .packets = packets,
    };
    walk_put(&walk);
    put_conclusion(file, outcome, (int)indent);
}

void show_step(FILE *file, const struct stage *stage, const struct step_outcome *outcome,
               unsigned indent)
{
    put_walk(file, stage, outcome, indent, false);
}

static void put_step(const struct story *story, size_t index)
{
    const struct step_outcome *outcome = &story->unit->result.outcomes[index];
    put_step_head(story, index);
    if (outcome->end == STEP_NOT_RUN) {
        fputs("  not run: an earlier step did not end\n", story->file);
        return;
    }
    put_walk(story->file, story->unit->stage, outcome, 2, story->options->packets);
    put_findings(story, outcome);
}

/* --- all --- */

static void put_head(const struct story *story)
{
    const struct scenario *scenario = story->unit->scenario;
    put_in(story, BOLD, scenario->title);
    putc('\n', story->file);
    put_folded(story->file, scenario->about, 0);
    fprintf(story->file, "%s", scenario->path);
    for (size_t i = 0; scenario->covers != NULL && scenario->covers[i] != NULL; i++) {
        fprintf(story->file, "%s%s", i == 0 ? "  shows " : ", ", scenario->covers[i]);
    }
    fputs("\n\n", story->file);
}

static void put_end(const struct story *story)
{
    const struct run_result *result = &story->unit->result;
    const bool one = result->finding_count == 1;
    putc('\n', story->file);
    if (result->unmet == 0 && one) {
        fputs("The expectation is met.\n", story->file);
    } else if (result->unmet == 0) {
        fprintf(story->file, "All %zu expectations met.\n", result->finding_count);
    } else if (one) {
        fputs("The expectation is NOT met.\n", story->file);
    } else {
        fprintf(story->file, "%zu of %zu expectations NOT met.\n", result->unmet,
                result->finding_count);
    }
}

void show_unit(FILE *file, const struct unit *unit, const struct show_options *options)
{
    const struct story story = {.file = file, .unit = unit, .options = options};
    const size_t count = unit->result.outcome_count;
    put_head(&story);
    if (options->step > 0) {
        put_step(&story, options->step - 1);
        return;
    }
    if (unit->status == UNIT_SKIPPED) {
        fprintf(file, "Not run: needs %s\n", unit->skip);
        return;
    }
    if (unit->scenario->played == NULL) {
        put_all_published(&story);
        putc('\n', file);
    }
    for (size_t i = 0; i < count; i++) {
        put_step(&story, i);
    }
    put_end(&story);
}
