/* See the header. */
#include "harness/matrix.h"

#include <string.h>

#include "base/text.h"
#include "harness/deviation.h"
#include "harness/html.h"
#include "harness/json.h"

#define ROWS_AT_FIRST 64

const char *matrix_state_name(enum matrix_state state)
{
    static const char *const names[MATRIX_STATES] = {"skipped", "agrees",   "known",
                                                     "differs", "repaired", "broken"};
    return names[state];
}

struct matrix_row *matrix_add(struct matrix *matrix)
{
    if (matrix->row_count == matrix->row_capacity) {
        const size_t capacity =
            matrix->row_capacity > 0 ? 2 * matrix->row_capacity : (size_t)ROWS_AT_FIRST;
        struct matrix_row *rows = ARENA_NEW_ARRAY(matrix->arena, struct matrix_row, capacity);
        if (rows == NULL) {
            return NULL;
        }
        if (matrix->row_count > 0) {
            memcpy(rows, matrix->rows, matrix->row_count * sizeof *rows);
        }
        matrix->rows = rows;
        matrix->row_capacity = capacity;
    }
    struct matrix_row *row = &matrix->rows[matrix->row_count++];
    memset(row, 0, sizeof *row);
    return row;
}

void matrix_judge(struct matrix_cell *cell, const struct step *step, const char *peer,
                  const struct dkim_result *result, enum dkim_word word)
{
    enum dkim_word known;
    const bool is_known = deviation_of(step, peer, &known);
    cell->word = word;
    if (is_known && word == known) {
        cell->state = MATRIX_KNOWN;
    } else if (dkim_result_allows(result, word)) {
        cell->state = is_known ? MATRIX_REPAIRED : MATRIX_AGREES;
    } else {
        cell->state = MATRIX_DIFFERS;
    }
}

void matrix_quote(struct matrix_cell *cell, const char *line)
{
    struct text text = text_in(cell->said, sizeof cell->said);
    line += strspn(line, " \t");
    size_t size = strcspn(line, "\r\n");
    size = size < MATRIX_SAID_MAX ? size : MATRIX_SAID_MAX;
    for (size_t i = 0; i < size; i++) {
        if (line[i] >= ' ' && line[i] <= '~') {
            text_put_char(&text, line[i]);
        } else {
            text_put_escaped(&text, bytes_of(line + i, 1));
        }
    }
}

size_t matrix_count(const struct matrix *matrix, enum matrix_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < matrix->row_count; i++) {
        for (size_t j = 0; j < matrix->peer_count; j++) {
            count += matrix->rows[i].cells[j].state == state;
        }
    }
    return count;
}

/* --- text --- */

/* What stands in a cell: the word, or why there is none. */
static const char *cell_word(const struct matrix_cell *cell)
{
    switch (cell->state) {
    case MATRIX_SKIPPED: return "SKIP";
    case MATRIX_BROKEN: return "?";
    default: return dkim_word_name(cell->word);
    }
}

/* One character that says how the word compares; nothing where it agrees. */
static const char *cell_mark(const struct matrix_cell *cell)
{
    static const char *const marks[MATRIX_STATES] = {
        [MATRIX_SKIPPED] = "",  [MATRIX_AGREES] = "",    [MATRIX_KNOWN] = "~",
        [MATRIX_DIFFERS] = "!", [MATRIX_REPAIRED] = "+", [MATRIX_BROKEN] = "!"};
    return marks[cell->state];
}

static void put_header(const struct matrix *matrix, FILE *file)
{
    fprintf(file, "%-36s %-10s", "scenario", "expected");
    for (size_t i = 0; i < matrix->peer_count; i++) {
        fprintf(file, " %-13s", matrix->peers[i].name);
    }
    putc('\n', file);
}

static void put_row(const struct matrix *matrix, const struct matrix_row *row, FILE *file)
{
    char place[64];
    struct text text = text_in(place, sizeof place);
    text_put_format(&text, "%s#%zu", row->id, row->step + 1);
    fprintf(file, "%-36s %-10s", place, dkim_word_name(row->expected));
    for (size_t i = 0; i < matrix->peer_count; i++) {
        char cell[32];
        struct text word = text_in(cell, sizeof cell);
        text_put(&word, cell_word(&row->cells[i]));
        text_put(&word, cell_mark(&row->cells[i]));
        fprintf(file, " %-13s", cell);
    }
    putc('\n', file);
}

/* Why cells are not as expected, in the programs' own words. */
static void put_notes(const struct matrix *matrix, enum matrix_state state, const char *title,
                      FILE *file)
{
    if (matrix_count(matrix, state) == 0) {
        return;
    }
    fprintf(file, "\n%s\n", title);
    for (size_t i = 0; i < matrix->row_count; i++) {
        const struct matrix_row *row = &matrix->rows[i];
        for (size_t j = 0; j < matrix->peer_count; j++) {
            if (row->cells[j].state == state) {
                fprintf(file, "  %s#%zu %s: %s\n", row->id, row->step + 1, matrix->peers[j].name,
                        row->cells[j].said);
            }
        }
    }
}

/* Reasons of a whole column, once. */
static void put_skips(const struct matrix *matrix, FILE *file)
{
    const char *last = "";
    for (size_t j = 0; j < matrix->peer_count; j++) {
        for (size_t i = 0; i < matrix->row_count; i++) {
            const struct matrix_cell *cell = &matrix->rows[i].cells[j];
            if (cell->state == MATRIX_SKIPPED && strcmp(last, cell->said) != 0) {
                fprintf(file, "SKIP %s: %s\n", matrix->peers[j].name, cell->said);
                last = cell->said;
            }
        }
    }
}

void matrix_put_text(const struct matrix *matrix, FILE *file)
{
    put_header(matrix, file);
    for (size_t i = 0; i < matrix->row_count; i++) {
        put_row(matrix, &matrix->rows[i], file);
    }
    putc('\n', file);
    put_skips(matrix, file);
    put_notes(matrix, MATRIX_DIFFERS, "! not what the scenario expects", file);
    put_notes(matrix, MATRIX_BROKEN, "! said nothing that can be read", file);
    put_notes(matrix, MATRIX_REPAIRED, "+ as expected, though a deviation is stated", file);
    fprintf(file, "\n%zu cells: %zu agree, %zu known deviations (~), %zu differ, %zu skipped\n",
            matrix->row_count * matrix->peer_count, matrix_count(matrix, MATRIX_AGREES),
            matrix_count(matrix, MATRIX_KNOWN),
            matrix_count(matrix, MATRIX_DIFFERS) + matrix_count(matrix, MATRIX_BROKEN) +
                matrix_count(matrix, MATRIX_REPAIRED),
            matrix_count(matrix, MATRIX_SKIPPED));
}

/* --- JSON --- */

static void put_cell_json(struct json *json, const struct matrix_peer *peer,
                          const struct matrix_cell *cell)
{
    const bool has_word = cell->state != MATRIX_SKIPPED && cell->state != MATRIX_BROKEN;
    json_begin_object(json, NULL);
    json_put_string(json, "peer", peer->name);
    json_put_string(json, "kind", peer->kind == MATRIX_RESOLVER ? "resolver" : "verifier");
    json_put_string(json, "state", matrix_state_name(cell->state));
    json_put_string(json, "result", has_word ? dkim_word_name(cell->word) : NULL);
    json_put_string(json, "said", cell->said);
    json_end(json);
}

void matrix_put_json(const struct matrix *matrix, FILE *file)
{
    struct json json = json_to(file, false);
    json_begin_object(&json, NULL);
    json_put_string(&json, "schema", "faultzone/matrix/1");
    json_begin_array(&json, "rows");
    for (size_t i = 0; i < matrix->row_count; i++) {
        const struct matrix_row *row = &matrix->rows[i];
        json_begin_object(&json, NULL);
        json_put_string(&json, "scenario", row->id);
        json_put_string(&json, "path", row->path);
        json_put_string(&json, "title", row->title);
        json_number(&json, "step", row->step + 1);
        json_put_string(&json, "name", row->name);
        json_put_string(&json, "expected", dkim_word_name(row->expected));
        json_begin_array(&json, "cells");
        for (size_t j = 0; j < matrix->peer_count; j++) {
            put_cell_json(&json, &matrix->peers[j], &row->cells[j]);
        }
        json_end(&json);
        json_end(&json);
    }
    json_end(&json);
    errors_put(&matrix->errors, &json);
    json_end(&json);
}

/* --- HTML and Markdown --- */

static void put_html_row(const struct matrix *matrix, const struct matrix_row *row, FILE *file)
{
    fputs("<tr><th scope=\"row\" title=\"", file);
    html_put(file, row->title);
    fputs("\">", file);
    html_put(file, row->id);
    fprintf(file, " #%zu</th><td>%s</td>", row->step + 1, dkim_word_name(row->expected));
    for (size_t i = 0; i < matrix->peer_count; i++) {
        const struct matrix_cell *cell = &row->cells[i];
        fprintf(file, "<td class=\"%s\" title=\"", matrix_state_name(cell->state));
        html_put(file, cell->said);
        fprintf(file, "\">%s</td>", cell_word(cell));
    }
    fputs("</tr>\n", file);
}

void matrix_put_html(const struct matrix *matrix, FILE *file)
{
    html_begin(file, "Scenarios and real programs");
    fputs(".agrees { background: #d9f2d9; } .known { background: #fff3c4; }\n"
          ".differs, .broken { background: #f8c8c8; font-weight: bold; }\n"
          ".repaired { background: #cfe3ff; } .skipped { background: #eee; color: #777; }\n"
          "</style>\n<h1>Scenarios and real programs</h1>\n"
          "<p><span class=\"agrees\">as expected</span> <span class=\"known\">known "
          "deviation</span> <span class=\"differs\">differs</span> <span "
          "class=\"repaired\">deviates no more</span> <span class=\"skipped\">not asked</span>. "
          "Point at a cell to read what the program itself said.</p>\n"
          "<table><thead><tr><th>scenario</th><th>expected</th>",
          file);
    for (size_t i = 0; i < matrix->peer_count; i++) {
        fprintf(file, "<th>%s</th>", matrix->peers[i].name);
    }
    fputs("</tr></thead>\n<tbody>\n", file);
    for (size_t i = 0; i < matrix->row_count; i++) {
        put_html_row(matrix, &matrix->rows[i], file);
    }
    fputs("</tbody></table></html>\n", file);
}

void matrix_put_markdown(const struct matrix *matrix, FILE *file)
{
    fputs("| scenario | expected |", file);
    for (size_t i = 0; i < matrix->peer_count; i++) {
        fprintf(file, " %s |", matrix->peers[i].name);
    }
    fputs("\n|---|---|", file);
    for (size_t i = 0; i < matrix->peer_count; i++) {
        fputs("---|", file);
    }
    for (size_t i = 0; i < matrix->row_count; i++) {
        const struct matrix_row *row = &matrix->rows[i];
        fprintf(file, "\n| %s #%zu | %s |", row->id, row->step + 1, dkim_word_name(row->expected));
        for (size_t j = 0; j < matrix->peer_count; j++) {
            fprintf(file, " %s%s |", cell_word(&row->cells[j]), cell_mark(&row->cells[j]));
        }
    }
    putc('\n', file);
}
