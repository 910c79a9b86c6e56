/* What the formats share. */
#ifndef FAULTZONE_HARNESS_REPORT_ROWS_H
#define FAULTZONE_HARNESS_REPORT_ROWS_H

#include "harness/report.h"

#define SEEN_OCTETS_MAX 2048 /* of one finding in words; longer ones end in "..." */

extern const struct report_row report_text, report_tap, report_junit, report_json, report_jsonl,
    report_github;

/* The finding's expectation: "result: permerror", "forbidden result: pass". */
void finding_expected(const struct finding *finding, char ret[SEEN_OCTETS_MAX]);

/* What was seen instead, in words. */
void finding_seen(const struct finding *finding, char ret[SEEN_OCTETS_MAX]);

/* Which of the scenario's steps the finding belongs to, from 1. */
size_t finding_step(const struct finding *finding);

/* Why a scenario has no result, as one sentence without its place: of BROKEN and UNLOADED. */
const struct diag *unit_complaint(const struct unit *unit);

/* The scenario's title, or its id where it could not be loaded. */
const char *unit_title(const struct unit *unit);

#endif
