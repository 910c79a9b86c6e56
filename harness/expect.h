/* What a step may assert: one row per assertion. Rows read facts only (packets the client or the
 * check saw, and the trace's facts), so that they can judge a foreign resolver too.
 *
 * Most facts are numbers (an RCODE's place in its list, a TTL, a count): such a row has `read` and
 * `relation` and needs nothing else. All other rows have `check` and `show`. Nothing is put into
 * words unless somebody wants to read it. */
#ifndef FAULTZONE_HARNESS_EXPECT_H
#define FAULTZONE_HARNESS_EXPECT_H

#include <stdbool.h>

#include "base/params.h"
#include "base/text.h"
#include "harness/scenario.h"
#include "harness/spelling.h"

struct step_outcome;

enum expect_relation { EXPECT_EQUAL, EXPECT_AT_MOST, EXPECT_AT_LEAST };

struct expect_row {
    const char *key;        /* as written: "result"; nested mappings with a dot: "key.bits" */
    unsigned steps;         /* bit per enum step_kind */
    struct param_spec spec; /* the value; spec.key equals the part after the last dot */
    bool each;              /* a list of single wishes: `forbid` refuses each of them */

    /* For texts, may be NULL: why `text` cannot be meant, a static clause ("is no flag"); NULL if
     * it can. Offers the words there are to `spelling`. */
    const char *(*refuse)(struct bytes text, struct spelling *spelling);

    /* The fact as a number of spec.type; false if there is no such fact to read. */
    bool (*read)(const struct step_outcome *outcome, uint64_t *ret);
    enum expect_relation relation; /* of the fact to the number wanted */

    /* Where `read` is NULL: true if the fact is as wanted. */
    bool (*check)(const struct step_outcome *outcome, const struct param *wanted);
    /* Writes the fact for a human, escaped. May be NULL where `read` is not. */
    void (*show)(const struct step_outcome *outcome, struct text *seen);
};

/* All rows; ended by a NULL key. */
extern const struct expect_row expect_rows[];

/* The row for `key` in a step of `kind`, NULL if there is none. */
const struct expect_row *expect_find(enum step_kind kind, struct bytes key);

#endif
