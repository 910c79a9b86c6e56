/* The set-up check without packets: which question next, what its answer means, and the verdict at
 * the end. Everything is decided here; inspector.h puts a machine around it. */
#ifndef FAULTZONE_INSPECT_INSPECTION_H
#define FAULTZONE_INSPECT_INSPECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "inspect/cause.h"
#include "inspect/facts.h"
#include "inspect/plan.h"
#include "inspect/probe.h"
#include "wire/message.h"

#define ALSO_MAX 6 /* further causes told of one record */

/* The verdict on one record asked for. */
struct inspected {
    const struct plan_record *record;
    enum setup_verdict verdict;
    enum setup_class class;
    const struct cause *cause; /* the decisive one; NULL if nothing is wrong */
    struct evidence evidence;
    const struct cause *also[ALSO_MAX]; /* further ones, less grave */
    size_t also_count;
    const struct fact *trouble; /* of CLASS_TEMPORARY: what could not be asked, NULL else */
};

struct inspection {
    const struct plan_record *plan; /* borrowed */
    struct inspected *records;      /* one per record of the plan, in its order */
    size_t count;                   /* records of the plan */
    size_t judged;                  /* records that have their verdict: `count` when done */
    enum setup_verdict verdict;     /* declined if any record is, verified if all are */
    uint64_t salt;
    struct vantage vantage;
    struct servers *servers; /* of the record under judgement; NULL where none is asked */
    struct facts facts;
};

/* A new inspection of `plan`, whose records are borrowed, from `vantage` (copied; its roots are
 * borrowed); everything it remembers lives in `arena`. `salt` goes into names that nobody has: any
 * number, the same for the same run. NULL if `arena` is exhausted. */
struct inspection *inspection_new(struct arena *arena, const struct plan *plan,
                                  const struct vantage *vantage, uint64_t salt);

static inline bool inspection_is_done(const struct inspection *inspection)
{
    return inspection->judged == inspection->count;
}

/* The next question worth asking; false when every record has its verdict. The same question comes
 * again until its answer is taken. */
bool inspection_next(struct inspection *inspection, struct probe *ret);

/* The same of several questions that may be put at once, at most `capacity`; how many. */
size_t inspection_wants(struct inspection *inspection, struct probe *ret, size_t capacity);

/* The budget is spent: what is still open is judged by what is known, which at worst is
 * "temporary". */
void inspection_stop_asking(struct inspection *inspection);

/* A question under way has to be put again: what else is to be asked need not wait for it. */
void inspection_note_late(struct inspection *inspection, const struct probe *probe);

/* Takes what came of a question: a reply (copied), or nothing usable (`why` is static). */
void inspection_take_reply(struct inspection *inspection, const struct probe *probe,
                           const struct message *reply);
void inspection_take_trouble(struct inspection *inspection, const struct probe *probe,
                             enum trouble trouble, const char *why);

/* --- telling it --- */

/* The cause's number in the failure catalogue, of a damaged key its damage's; NULL for none. */
const char *inspected_number(const struct inspected *inspected);

/* "declined: hidden-by-proxy, cause proxied (F01)". */
void inspected_put(struct text *text, const struct inspected *inspected);

/* What has happened, with the names and addresses seen; one or two sentences. */
void inspected_why_put(struct text *text, const struct inspected *inspected);

/* What to do about it, with the provider's own words where they are known, and when caches will
 * have forgotten the old answer; "" for a verified record. */
void inspected_fix_put(struct text *text, const struct inspected *inspected);

#endif
