/* Gathering diagnostics and showing them with the line they are about. */
#include "harness/diags.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/utf8.h"

#define SHOWN_COLUMNS_MAX 100 /* of a source line; longer ones are cut around the column */

struct diag *diags_add(struct diags *diags, struct place place, const char *format, ...)
{
    if (diags->count == diags->capacity) {
        diags->dropped++;
        return NULL;
    }
    char sentence[DIAG_SENTENCE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    struct diag *diag = &diags->items[diags->count++];
    diag_set(diag, place, "%s", sentence);
    return diag;
}

void diags_add_copy(struct diags *diags, const struct diag *diag)
{
    if (diags->count == diags->capacity) {
        diags->dropped++;
        return;
    }
    diags->items[diags->count++] = *diag;
}

static bool is_before(const struct place *a, const struct place *b)
{
    return a->line < b->line || (a->line == b->line && a->column < b->column);
}

void diags_sort(struct diags *diags)
{
    for (size_t i = 1; i < diags->count; i++) { /* few, and mostly in order */
        const struct diag diag = diags->items[i];
        size_t at = i;
        while (at > 0 && is_before(&diag.place, &diags->items[at - 1].place)) {
            diags->items[at] = diags->items[at - 1];
            at--;
        }
        diags->items[at] = diag;
    }
}

void diags_hint(struct diag *diag, const char *format, ...)
{
    if (diag == NULL) {
        return;
    }
    char hint[DIAG_HINT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(hint, sizeof hint, format, arguments);
    va_end(arguments);
    diag_hint(diag, "%s", hint);
}

/* The octets of line `number` (from 1) without its end; false if there is no such line. */
static bool find_line(struct bytes source, uint32_t number, struct bytes *ret)
{
    struct bytes rest = source;
    for (uint32_t line = 1; rest.size > 0; line++) {
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        const size_t size = end != NULL ? (size_t)(end - rest.data) : rest.size;
        if (line == number) {
            const bool carriage = size > 0 && rest.data[size - 1] == '\r';
            *ret = bytes_of(rest.data, carriage ? size - 1 : size);
            return true;
        }
        rest = bytes_after(rest, size + 1);
    }
    return false;
}

/* Writes one character of a source line, harmlessly. */
static void put_character(struct text *text, struct bytes line, size_t at, size_t size,
                          uint32_t code)
{
    if (code == '\t') {
        text_put_char(text, ' ');
    } else if (utf8_is_harmless(code)) {
        text_put_bytes(text, bytes_of(line.data + at, size));
    } else {
        text_put_char(text, '?');
    }
}

/* Writes the line from `first` on, SHOWN_COLUMNS_MAX characters of it at most. Returns how many
 * characters stand before octet `mark`. */
static size_t put_line(struct text *text, struct bytes line, size_t first, size_t mark)
{
    size_t columns = 0;
    size_t before = 0;
    for (size_t at = first; at < line.size && columns < SHOWN_COLUMNS_MAX; columns++) {
        uint32_t code;
        const size_t size = utf8_next(line, at, &code);
        if (at < mark) {
            before++;
        }
        put_character(text, line, at, size, code);
        at += size;
    }
    text_put_char(text, '\n');
    return before;
}

/* Where to begin showing a line so that `mark` is on screen. */
static size_t first_shown(struct bytes line, size_t mark)
{
    if (mark <= SHOWN_COLUMNS_MAX * 3 / 4) {
        return 0;
    }
    size_t first = mark - SHOWN_COLUMNS_MAX / 2;
    while (first < line.size && (line.data[first] & 0xc0) == 0x80) {
        first++;
    }
    return first;
}

static void put_source(struct text *text, struct place place, struct bytes source)
{
    struct bytes line;
    if (place.line == 0 || !find_line(source, place.line, &line)) {
        return;
    }
    char margin[16];
    const int width = snprintf(margin, sizeof margin, "%5u | ", (unsigned)place.line);
    const size_t mark = place.column > 0 ? place.column - 1 : 0;
    text_put(text, margin);
    const size_t before = put_line(text, line, first_shown(line, mark), mark);
    if (place.column == 0) {
        return;
    }
    for (int i = 0; i < width - 2; i++) {
        text_put_char(text, ' ');
    }
    text_put(text, "| ");
    for (size_t i = 0; i < before; i++) {
        text_put_char(text, ' ');
    }
    text_put(text, "^\n");
}

void diag_put(struct text *text, const struct diag *diag, const char *severity, struct bytes source)
{
    const struct place *place = &diag->place;
    if (place->file != NULL) {
        text_put_escaped(text, bytes_of_string(place->file));
        text_put_char(text, ':');
    }
    if (place->line > 0) {
        text_put_format(text, "%u:", (unsigned)place->line);
    }
    if (place->line > 0 && place->column > 0) {
        text_put_format(text, "%u:", (unsigned)place->column);
    }
    text_put_format(text, "%s%s: %s", place->file != NULL || place->line > 0 ? " " : "", severity,
                    diag->sentence);
    if (diag->hint[0] != '\0') {
        text_put_format(text, "; %s", diag->hint);
    }
    text_put_char(text, '\n');
    put_source(text, *place, source);
}
