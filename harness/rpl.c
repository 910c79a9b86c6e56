/* Line by line: the head, the scenario's ranges and steps. The reading never stops at the first
 * mistake. */
#include "harness/rpl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/values.h"
#include "harness/play.h"
#include "harness/rpl_reader.h"
#include "wire/rrtype.h"

#define SHOWN_OCTETS   160
#define TITLE_OCTETS   200
#define LIST_ITEMS_MIN 8

static const struct address resolver_v4 = {ADDRESS_V4, {192, 0, 2, 253}};
static const struct address resolver_v6 = {
    ADDRESS_V6, {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfd}};
static const struct address client_address = {ADDRESS_V4, {127, 0, 0, 1}};

bool rpl_is(const char *path)
{
    const size_t size = strlen(path);
    return size > 4 && strcmp(path + size - 4, ".rpl") == 0;
}

/* --- lines and words --- */

struct bytes rpl_line(const struct rpl_reader *reader)
{
    return source_line(&reader->loader.source, reader->line);
}

static bool is_blank(uint8_t octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r';
}

/* Words of `line` until one begins with one of `comments`. */
static void split(struct rpl_reader *reader, struct bytes line, const char *comments)
{
    struct rpl_words *words = &reader->words;
    words->count = 0;
    for (size_t at = 0; at < line.size;) {
        if (is_blank(line.data[at])) {
            at++;
            continue;
        }
        if (line.data[at] != '\0' && strchr(comments, line.data[at]) != NULL) {
            return;
        }
        const size_t start = at;
        while (at < line.size && !is_blank(line.data[at]) &&
               (line.data[at] != ';' || strchr(comments, ';') == NULL)) {
            at++;
        }
        if (words->count == RPL_WORDS_MAX) {
            return;
        }
        words->items[words->count++] = (struct rpl_word){
            .text = bytes_of(line.data + start, at - start),
            .place = {.file = reader->loader.source.file,
                      .line = reader->line,
                      .column = (uint32_t)start + 1},
        };
    }
}

bool rpl_next_line(struct rpl_reader *reader, const char *comments)
{
    while (reader->line < reader->loader.source.line_count) {
        reader->line++;
        split(reader, rpl_line(reader), comments);
        if (reader->words.count > 0) {
            return true;
        }
    }
    return false;
}

struct bytes rpl_rest(const struct rpl_reader *reader, size_t index)
{
    const struct rpl_words *words = &reader->words;
    if (index >= words->count) {
        return bytes_of("", 0);
    }
    const uint8_t *start = words->items[index].text.data;
    const struct rpl_word *last = &words->items[words->count - 1];
    return bytes_of(start, (size_t)(last->text.data + last->text.size - start));
}

bool rpl_word_is(const struct rpl_reader *reader, size_t index, const char *word)
{
    return index < reader->words.count && bytes_are(reader->words.items[index].text, word);
}

struct place rpl_place(const struct rpl_reader *reader)
{
    if (reader->words.count > 0) {
        return reader->words.items[0].place;
    }
    return (struct place){.file = reader->loader.source.file, .line = reader->line, .column = 1};
}

/* --- what is gathered --- */

void *rpl_list_add(struct rpl_reader *reader, struct rpl_list *list, size_t size, size_t most)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity == 0 ? LIST_ITEMS_MIN : 2 * list->capacity;
        void *items = arena_alloc_array(reader->loader.arena, capacity, size);
        if (items == NULL) {
            loader_exhausted(&reader->loader);
            return NULL;
        }
        if (list->count > 0) {
            memcpy(items, list->items, list->count * size);
        }
        list->items = items;
        list->capacity = capacity;
    }
    if (list->count == most) {
        diags_add(reader->loader.diags, rpl_place(reader), "more than %zu of these", most);
        return NULL;
    }
    return (uint8_t *)list->items + size * list->count++;
}

void rpl_skip(struct rpl_reader *reader, const char *format, ...)
{
    if (reader->rpl->skip != NULL) {
        return;
    }
    char *reason = arena_alloc(reader->loader.arena, RPL_SKIP_OCTETS);
    va_list arguments;
    va_start(arguments, format);
    if (reason != NULL) {
        vsnprintf(reason, RPL_SKIP_OCTETS, format, arguments);
        for (char *at = reason; *at != '\0'; at++) {
            *at = *at >= ' ' && *at < 0x7f ? *at : '?';
        }
        reader->rpl->skip = reason;
    }
    va_end(arguments);
}

bool rpl_address(struct rpl_reader *reader, const struct rpl_word *word, struct address *ret)
{
    struct bytes text = word->text;
    const uint8_t *at = text.size > 0 ? memchr(text.data, '@', text.size) : NULL;
    if (at != NULL) {
        text.size = (size_t)(at - text.data);
    }
    if (address_parse(text, ret)) {
        return true;
    }
    diags_add(reader->loader.diags, word->place, "`%.*s` is not an IP address",
              (int)(text.size < 60 ? text.size : 60), (const char *)text.data);
    return false;
}

/* --- ranges --- */

static bool step_number(struct rpl_reader *reader, size_t index, uint32_t *ret)
{
    uint64_t number;
    if (index >= reader->words.count || !value_integer(reader->words.items[index].text, &number) ||
        number > UINT32_MAX) {
        diags_add(reader->loader.diags, rpl_place(reader), "the number of a step was expected");
        return false;
    }
    *ret = (uint32_t)number;
    return true;
}

struct range_reading {
    struct script_range *range;
    struct rpl_list addresses, entries;
};

static bool read_addresses(struct rpl_reader *reader, struct range_reading *reading, size_t first)
{
    bool fine = true;
    for (size_t i = first; i < reader->words.count && reader->words.items[i].text.data[0] != '#';
         i++) {
        struct address *address =
            rpl_list_add(reader, &reading->addresses, sizeof *address, RPL_RANGES_MAX);
        fine = address != NULL && rpl_address(reader, &reader->words.items[i], address) && fine;
    }
    reader->is_deckard = reader->is_deckard || reading->addresses.count > 1;
    return fine;
}

static bool end_range(struct range_reading *reading)
{
    struct script_range *range = reading->range;
    range->addresses = reading->addresses.items;
    range->address_count = reading->addresses.count;
    range->entries = reading->entries.items;
    range->entry_count = reading->entries.count;
    return true;
}

static bool add_entry(struct rpl_reader *reader, struct range_reading *reading)
{
    struct script_entry *entry =
        rpl_list_add(reader, &reading->entries, sizeof *entry, RPL_ENTRIES_MAX);
    return entry != NULL && rpl_read_entry(reader, entry);
}

static bool read_range(struct rpl_reader *reader)
{
    struct script_range range = {.place = rpl_place(reader)};
    struct range_reading reading = {.range = &range};
    bool fine = step_number(reader, 1, &range.first) && step_number(reader, 2, &range.last);
    fine = read_addresses(reader, &reading, 3) && fine;
    while (rpl_next_line(reader, ";")) {
        if (rpl_word_is(reader, 0, "RANGE_END")) {
            end_range(&reading);
            struct script_range *kept =
                rpl_list_add(reader, &reader->ranges, sizeof *kept, RPL_RANGES_MAX);
            if (kept != NULL) {
                *kept = range;
            }
            return kept != NULL && fine;
        }
        if (rpl_word_is(reader, 0, "ADDRESS")) {
            fine = read_addresses(reader, &reading, 1) && fine;
        } else if (rpl_word_is(reader, 0, "ENTRY_BEGIN")) {
            fine = add_entry(reader, &reading) && fine;
        } else {
            struct diag *diag =
                diags_add(reader->loader.diags, rpl_place(reader),
                          "a RANGE has lines ADDRESS, and ENTRY_BEGIN to ENTRY_END");
            diags_hint(diag, "it ends with RANGE_END");
            fine = false;
        }
    }
    diags_add(reader->loader.diags, range.place, "this RANGE has no end; RANGE_END is missing");
    return false;
}

/* --- steps --- */

struct reading_step {
    struct rpl_step step;
    struct place place;
    struct bytes words; /* of the line, from the kind on */
};

static const struct kind_row {
    const char *word;
    enum rpl_step_kind kind;
    bool entry;       /* an ENTRY follows */
    const char *skip; /* why we do not play it, NULL if we do */
} kind_rows[] = {
    {"NOTHING", RPL_NOTHING, false, NULL},
    {"TRAFFIC", RPL_NOTHING, false, NULL},
    {"QUERY", RPL_QUERY, true, NULL},
    {"CHECK_ANSWER", RPL_CHECK_ANSWER, true, NULL},
    {"CHECK_OUT_QUERY", RPL_CHECK_OUT_QUERY, true, NULL},
    {"REPLY", RPL_REPLY, true, NULL},
    {"TIMEOUT", RPL_TIMEOUT, false, NULL},
    {"ERROR", RPL_ERROR, false, NULL},
    {"TIME_PASSES", RPL_TIME_PASSES, false, NULL},
    {"CHECK_AUTOTRUST", RPL_NOTHING, false, "the step CHECK_AUTOTRUST"},
    {"CHECK_TEMPFILE", RPL_NOTHING, false, "the step CHECK_TEMPFILE"},
    {"ASSIGN", RPL_NOTHING, false, "the step ASSIGN"},
    {"INFRA_RTT", RPL_NOTHING, false, "the step INFRA_RTT"},
};

static const struct kind_row *find_kind(struct rpl_reader *reader)
{
    const size_t count = sizeof kind_rows / sizeof kind_rows[0];
    if (reader->words.count < 3) {
        diags_add(reader->loader.diags, rpl_place(reader), "a step is: STEP, its number, its kind");
        return NULL;
    }
    const struct rpl_word *word = &reader->words.items[2];
    struct spelling spelling = spelling_of(word->text);
    for (size_t i = 0; i < count; i++) {
        if (bytes_are(word->text, kind_rows[i].word)) {
            return &kind_rows[i];
        }
        spelling_offer(&spelling, kind_rows[i].word);
    }
    struct diag *diag = diags_add(reader->loader.diags, word->place, "`%.*s` is no kind of step",
                                  (int)(word->text.size < 60 ? word->text.size : 60),
                                  (const char *)word->text.data);
    if (spelling.best != NULL) {
        diags_hint(diag, "did you mean %s?", spelling.best);
    }
    return NULL;
}

/* `ELAPSE 3.5`; macros are not played. */
static bool read_time(struct rpl_reader *reader, struct rpl_step *step)
{
    const struct rpl_words *words = &reader->words;
    uint64_t elapses;
    if (rpl_word_is(reader, 3, "EVAL") ||
        (words->count > 4 && words->items[4].text.data[0] == '$')) {
        rpl_skip(reader, "TIME_PASSES with a macro");
        return true;
    }
    if (!rpl_word_is(reader, 3, "ELAPSE") || words->count < 5 ||
        !value_duration(words->items[4].text, &elapses)) {
        struct diag *diag =
            diags_add(reader->loader.diags, rpl_place(reader), "how much time passes was expected");
        diags_hint(diag, "TIME_PASSES ELAPSE 10");
        return false;
    }
    step->elapses = elapses;
    return true;
}

static void put_shown(struct text *text, const struct reading_step *reading)
{
    const struct script_entry *entry = reading->step.entry;
    text_put_escaped(text, reading->words);
    if (entry != NULL && entry->message.has_question) {
        text_put_char(text, ' ');
        name_put(text, &entry->message.question);
        text_put_char(text, ' ');
        rrtype_put(text, entry->message.type);
    }
}

static const char *shown_of(struct rpl_reader *reader, const struct reading_step *reading)
{
    char buffer[SHOWN_OCTETS];
    struct text text = text_in(buffer, sizeof buffer);
    put_shown(&text, reading);
    return arena_copy_string(reader->loader.arena, buffer);
}

struct kept_step {
    struct rpl_step step;
    struct place place;
    const char *shown;
};

static bool keep_step(struct rpl_reader *reader, const struct reading_step *reading)
{
    struct kept_step *kept = rpl_list_add(reader, &reader->steps, sizeof *kept, RPL_STEPS_MAX);
    if (kept == NULL) {
        return false;
    }
    *kept = (struct kept_step){reading->step, reading->place, shown_of(reader, reading)};
    return kept->shown != NULL || loader_exhausted(&reader->loader);
}

static bool read_step_entry(struct rpl_reader *reader, struct reading_step *reading)
{
    struct script_entry *entry = ARENA_NEW(reader->loader.arena, struct script_entry);
    const uint32_t before = reader->line;
    if (entry == NULL) {
        return loader_exhausted(&reader->loader);
    }
    while (rpl_next_line(reader, ";") && rpl_word_is(reader, 0, "ADDRESS")) {
        if (reader->words.count > 1 &&
            !rpl_address(reader, &reader->words.items[1], &reading->step.address)) {
            return false;
        }
    }
    if (!rpl_word_is(reader, 0, "ENTRY_BEGIN")) {
        diags_add(reader->loader.diags, reading->place, "this step needs an ENTRY");
        reader->line = before;
        return false;
    }
    reading->step.entry = entry;
    return rpl_read_entry(reader, entry);
}

/* An expected file: its lines are not ours. */
static void skip_file(struct rpl_reader *reader)
{
    const uint32_t before = reader->line;
    if (rpl_next_line(reader, "") && rpl_word_is(reader, 0, "FILE_BEGIN")) {
        while (rpl_next_line(reader, "") && !rpl_word_is(reader, 0, "FILE_END")) {}
    } else {
        reader->line = before;
    }
}

static bool read_step(struct rpl_reader *reader)
{
    struct reading_step reading = {.place = rpl_place(reader), .words = rpl_rest(reader, 2)};
    const struct kind_row *row = find_kind(reader);
    bool fine = row != NULL && step_number(reader, 1, &reading.step.number);
    if (row == NULL) {
        return false;
    }
    reading.step.kind = row->kind;
    if (row->kind == RPL_TIME_PASSES) {
        fine = read_time(reader, &reading.step) && fine;
    } else if (rpl_word_is(reader, 3, "ADDRESS") && reader->words.count > 4) {
        fine = rpl_address(reader, &reader->words.items[4], &reading.step.address) && fine;
    }
    if (row->skip != NULL) {
        rpl_skip(reader, "%s", row->skip);
        skip_file(reader);
    }
    if (row->entry) {
        fine = read_step_entry(reader, &reading) && fine;
    }
    return keep_step(reader, &reading) && fine;
}

/* --- the scenario --- */

static bool read_origin(struct rpl_reader *reader)
{
    struct name origin;
    if (reader->words.count < 2 || !loader_name(&reader->loader, reader->words.items[1].text,
                                                reader->words.items[1].place, NULL, &origin)) {
        return false;
    }
    name_copy(&reader->origin, &origin);
    return true;
}

static bool is_strange(struct rpl_reader *reader)
{
    struct diag *diag = diags_add(
        reader->loader.diags, rpl_place(reader), "`%.*s` begins nothing that a scenario has",
        (int)reader->words.items[0].text.size, (const char *)reader->words.items[0].text.data);
    diags_hint(diag, "RANGE_BEGIN, STEP, ENTRY_BEGIN (any address) or SCENARIO_END");
    return false;
}

/* An ENTRY of its own, before all ranges: at any address, in every step. */
static bool read_loose_entry(struct rpl_reader *reader)
{
    struct script_range range = {.place = rpl_place(reader), .last = UINT32_MAX};
    struct range_reading reading = {.range = &range};
    const bool fine = add_entry(reader, &reading);
    end_range(&reading);
    struct script_range *kept = rpl_list_add(reader, &reader->ranges, sizeof *kept, RPL_RANGES_MAX);
    if (kept != NULL) {
        *kept = range;
    }
    return kept != NULL && fine;
}

static bool read_scenario(struct rpl_reader *reader)
{
    bool fine = true;
    while (rpl_next_line(reader, ";")) {
        if (rpl_word_is(reader, 0, "SCENARIO_END")) {
            return fine;
        }
        if (rpl_word_is(reader, 0, "RANGE_BEGIN")) {
            fine = read_range(reader) && fine;
        } else if (rpl_word_is(reader, 0, "STEP")) {
            fine = read_step(reader) && fine;
        } else if (rpl_word_is(reader, 0, "ENTRY_BEGIN")) {
            fine = read_loose_entry(reader) && fine;
        } else if (rpl_word_is(reader, 0, "$ORIGIN")) {
            fine = read_origin(reader) && fine;
        } else if (!rpl_word_is(reader, 0, "RANGE_END")) { /* testbound passes over stray ones */
            fine = is_strange(reader) && fine;
        }
    }
    diags_add(reader->loader.diags, reader->scenario->place,
              "the scenario has no end; SCENARIO_END is missing");
    return false;
}

static bool read_title(struct rpl_reader *reader)
{
    while (rpl_next_line(reader, ";")) {
        if (rpl_word_is(reader, 0, "SCENARIO_BEGIN")) {
            char buffer[TITLE_OCTETS];
            struct text text = text_in(buffer, sizeof buffer);
            split(reader, rpl_line(reader), "");
            text_put_bytes(&text, rpl_rest(reader, 1));
            reader->scenario->place = rpl_place(reader);
            reader->scenario->title = arena_copy_string(reader->loader.arena, buffer);
            return reader->scenario->title != NULL || loader_exhausted(&reader->loader);
        }
        is_strange(reader);
    }
    diags_add(reader->loader.diags, rpl_place(reader),
              "there is no scenario; SCENARIO_BEGIN is missing");
    return false;
}

/* --- the end --- */

static enum script_moment_kind moment_kind(const struct rpl *rpl, enum rpl_step_kind kind)
{
    if (rpl->dialect == SCRIPT_DECKARD) {
        return SCRIPT_OTHER; /* Deckard reads CHECK_OUT_QUERY and passes over it */
    }
    return kind == RPL_CHECK_OUT_QUERY ? SCRIPT_OUT_QUERY
           : kind == RPL_REPLY         ? SCRIPT_REPLY
                                       : SCRIPT_OTHER;
}

static bool make_step(struct rpl_reader *reader, const struct kept_step *kept, struct step *step,
                      struct script_moment *moment)
{
    struct expectation *expectation = ARENA_NEW(reader->loader.arena, struct expectation);
    if (expectation == NULL) {
        return false;
    }
    *expectation =
        (struct expectation){.row = &played_row, .place = kept->place, .shown = kept->shown};
    *step = (struct step){.kind = STEP_PLAYED,
                          .place = kept->place,
                          .shown = kept->shown,
                          .expectations = expectation,
                          .expectation_count = 1};
    *moment = (struct script_moment){.number = kept->step.number,
                                     .kind = moment_kind(reader->rpl, kept->step.kind),
                                     .entry = kept->step.entry,
                                     .address = kept->step.address};
    return true;
}

static bool make_steps(struct rpl_reader *reader)
{
    struct arena *arena = reader->loader.arena;
    const struct kept_step *kept = reader->steps.items;
    const size_t count = reader->steps.count;
    struct step *steps = ARENA_NEW_ARRAY(arena, struct step, count);
    struct rpl_step *played = ARENA_NEW_ARRAY(arena, struct rpl_step, count);
    struct script_moment *moments = ARENA_NEW_ARRAY(arena, struct script_moment, count);
    bool fine = steps != NULL && played != NULL && moments != NULL;
    for (size_t i = 0; fine && i < count; i++) {
        played[i] = kept[i].step;
        fine = make_step(reader, &kept[i], &steps[i], &moments[i]);
        reader->rpl->has_silence = reader->rpl->has_silence || kept[i].step.kind == RPL_TIMEOUT ||
                                   kept[i].step.kind == RPL_ERROR;
    }
    reader->scenario->steps = steps;
    reader->scenario->step_count = count;
    reader->rpl->steps = played;
    reader->rpl->moments = moments;
    reader->rpl->step_count = count;
    return fine || loader_exhausted(&reader->loader);
}

static bool finish(struct rpl_reader *reader)
{
    struct scenario *scenario = reader->scenario;
    struct rpl *rpl = reader->rpl;
    if (!rpl_end_head(reader) || !make_steps(reader)) {
        return false;
    }
    rpl->ranges = reader->ranges.items;
    rpl->range_count = reader->ranges.count;
    scenario->played = rpl;
    scenario->resolver_v4 = resolver_v4;
    scenario->resolver_v6 = resolver_v6;
    scenario->client_v4 = client_address;
    return true;
}

static bool read_all(struct rpl_reader *reader)
{
    bool fine = rpl_read_head(reader);
    if (!read_title(reader)) {
        return false;
    }
    fine = read_scenario(reader) && fine;
    return finish(reader) && fine;
}

const struct scenario *rpl_parse(struct bytes text, const char *path, const char *id,
                                 struct arena *arena, struct diags *diags)
{
    static const char *const none[] = {NULL};
    struct rpl_reader *reader = ARENA_NEW(arena, struct rpl_reader);
    struct scenario *scenario = ARENA_NEW(arena, struct scenario);
    struct rpl *rpl = ARENA_NEW(arena, struct rpl);
    diags->source = text;
    if (reader == NULL || scenario == NULL || rpl == NULL) {
        diags_add(diags, (struct place){.file = path}, "not enough memory for this file");
        return NULL;
    }
    reader->loader = (struct loader){.arena = arena, .diags = diags};
    reader->scenario = scenario;
    reader->rpl = rpl;
    name_copy(&reader->origin, name_root());
    *scenario = (struct scenario){.arena = arena,
                                  .path = path,
                                  .id = id,
                                  .place = {.file = path, .line = 1, .column = 1},
                                  .title = id,
                                  .about = "",
                                  .covers = none,
                                  .sources = none,
                                  .tags = none,
                                  .source_text = (const char *)text.data,
                                  .source_size = text.size};
    if (!source_open(text, path, arena, diags, &reader->loader.source)) {
        return NULL;
    }
    return read_all(reader) && loader_is_fine(&reader->loader) ? scenario : NULL;
}
