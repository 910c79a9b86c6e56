/* Scenarios from text, for tests. */
#ifndef FAULTZONE_TESTS_HARNESS_LOADING_H
#define FAULTZONE_TESTS_HARNESS_LOADING_H

#include "harness/records.h"
#include "harness/scenario.h"

#define LOADING_ARENA_MAX ((size_t)64 * 1024 * 1024)

struct loading {
    struct arena arena;
    struct diag items[DIAGS_DEFAULT_MAX];
    struct diags diags;
    const struct scenario *scenario; /* NULL if the text is none */
};

/* Loads `text` as the file "test.yaml". */
void loading_begin(struct loading *loading, const char *text);

/* The same; what is wrong with it fails the test. */
void loading_begin_fine(struct loading *loading, const char *text);

/* Loads the file at `path`. */
void loading_begin_file(struct loading *loading, const char *path);

void loading_end(struct loading *loading);

/* Fails the test unless some diagnostic stands at `line` and `column` and holds both texts, `hint`
 * in its hint (NULL: whatever). */
void loading_expect_error(const struct loading *loading, uint32_t line, uint32_t column,
                          const char *sentence, const char *hint);

/* All diagnostics in one static text, for messages. */
const char *loading_told(const struct loading *loading);

/* The zone `apex` of a scenario; fails the test if there is none. */
const struct scenario_zone *loading_zone(const struct loading *loading, const char *apex);

/* True if `zone` holds the record as rr_put would write it with single spaces for tabs. */
bool loading_has(const struct zone *zone, const char *record);

#endif
