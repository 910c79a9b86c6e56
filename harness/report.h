/* Results in the formats people and machines read: one row per format. Reports are written as
 * results come in, in the order of the scenarios; the same results give the same octets, whatever
 * the number of threads. */
#ifndef FAULTZONE_HARNESS_REPORT_H
#define FAULTZONE_HARNESS_REPORT_H

#include <stdio.h>

#include "harness/json.h"
#include "harness/unit.h"

#define REPORT_ANNOTATIONS_MAX 10 /* of --format github: more are not shown there */

struct report_totals {
    uint64_t scenarios, passed, failed, broken, skipped, unloaded;
    uint64_t expectations, unmet;
    uint64_t packets;
    duration_ns virtual_time;
};

struct report {
    const struct report_row *row;
    FILE *file; /* borrowed */
    bool colour;
    uint64_t seed;
    struct report_totals totals;
    struct json json; /* of the formats made of JSON */
    size_t annotations;
};

struct report_row {
    const char *name; /* "junit" */
    const char *doc;
    void (*begin)(struct report *report);
    void (*unit)(struct report *report, const struct unit *unit);
    void (*end)(struct report *report);
};

/* The format called `name`, NULL if there is none. */
const struct report_row *report_find(const char *name);

/* All formats: `index` counts from 0, NULL past the end. */
const struct report_row *report_row_at(size_t index);

/* Begins a report of a run under `seed` to `file` (borrowed). */
void report_begin(struct report *report, const struct report_row *row, FILE *file, uint64_t seed,
                  bool colour);

/* Adds one scenario's result. */
void report_unit(struct report *report, const struct unit *unit);

/* Ends it; false if something could not be written. */
bool report_end(struct report *report);

#endif
