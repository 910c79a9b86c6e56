/* What the formats share. */
#ifndef FAULTZONE_HARNESS_REPORT_ROWS_H
#define FAULTZONE_HARNESS_REPORT_ROWS_H

#include "harness/report.h"

#define SEEN_OCTETS_MAX 2048 /* of one finding in words; longer ones end in "..." */

extern const struct report_row report_text, report_tap, report_junit, report_json, report_jsonl,
    report_github, report_html;

/* The finding's expectation: "result: permerror", "forbidden result: pass". */
void finding_expected(const struct finding *finding, char ret[SEEN_OCTETS_MAX]);

/* What was seen instead, in words. */
void finding_seen(const struct finding *finding, char ret[SEEN_OCTETS_MAX]);

/* Which of the scenario's steps the finding belongs to, from 1. */
size_t finding_step(const struct finding *finding);

/* Gives to `put` what is not met among the findings of one step, the first of which has index
 * `first`. Returns the index of the next step's first; `*ret_has_walk`: something is not met, and
 * there is a walk that shows why. */
size_t unit_put_step(FILE *file, const struct unit *unit, size_t first,
                     void (*put)(FILE *file, const struct finding *finding), bool *ret_has_walk);

/* Why a scenario has no result, `*ret_count` reasons, at least one: of BROKEN and UNLOADED. */
const struct diag *unit_complaints(const struct unit *unit, size_t *ret_count);

#define COMPLAINT_OCTETS_MAX (DIAG_SENTENCE_MAX + DIAG_HINT_MAX + 4)

/* One of them without its place: "unknown key `zonse` in a scenario; did you mean `zones`?" */
void complaint_words(const struct diag *complaint, char ret[COMPLAINT_OCTETS_MAX]);

/* The scenario's title, or its id where it could not be loaded. */
const char *unit_title(const struct unit *unit);

#endif
