/* What the set-up check tells the customer. */
#include "harness/catalogue.h"
#include "harness/expect/rows.h"
#include "wire/rrtype.h"

/* In the order of enum setup_verdict and enum setup_class. */
const char *const expect_verdicts[] = {"verified", "declined", "retry-later", NULL};
const char *const expect_classes[] = {
    "present",         "wrong",     "missing-nodata", "missing-nxdomain", "temporary",
    "hidden-by-proxy", "flattened", "ambiguous",      "inconsistent",     NULL,
};
_Static_assert(sizeof expect_verdicts / sizeof *expect_verdicts == SETUP_VERDICTS + 1, "all");
_Static_assert(sizeof expect_classes / sizeof *expect_classes == SETUP_CLASSES + 1, "all");

/* The record that decides: the first declined one, else the first to be retried, else the first.
 * NULL if there are none. */
static const struct inspected *decisive_of(const struct step_outcome *outcome)
{
    const struct inspection *inspection = outcome->inspection;
    for (size_t i = 0; i < inspection->count; i++) {
        if (inspection->records[i].verdict == inspection->verdict) {
            return &inspection->records[i];
        }
    }
    return NULL;
}

bool read_verdict(const struct step_outcome *outcome, uint64_t *ret)
{
    *ret = outcome->inspection->verdict;
    return true;
}

bool read_class(const struct step_outcome *outcome, uint64_t *ret)
{
    const struct inspected *decisive = decisive_of(outcome);
    *ret = decisive != NULL ? decisive->class : 0;
    return decisive != NULL;
}

static bool is_cause(const struct inspected *record, struct bytes word)
{
    if (record->cause == NULL) {
        return bytes_are(word, "none");
    }
    const char *number = inspected_number(record); /* of a damaged key its damage's: "F38" */
    return bytes_are(word, record->cause->slug) || (number != NULL && bytes_are(word, number));
}

bool check_cause(const struct step_outcome *outcome, const struct param *wanted)
{
    const struct inspected *decisive = decisive_of(outcome);
    return decisive != NULL && is_cause(decisive, wanted->texts[0]);
}

static bool is_beside(const struct inspected *record, struct bytes word)
{
    for (size_t i = 0; i < record->also_count; i++) {
        const struct cause *cause = record->also[i];
        if (bytes_are(word, cause->slug) ||
            (cause->number != NULL && bytes_are(word, cause->number))) {
            return true;
        }
    }
    for (size_t i = 0; record->evidence.candidates[i] != NULL; i++) {
        if (bytes_are(word, record->evidence.candidates[i])) {
            return true;
        }
    }
    return false;
}

bool check_beside(const struct step_outcome *outcome, const struct param *wanted)
{
    const struct inspected *decisive = decisive_of(outcome);
    for (size_t i = 0; i < wanted->count; i++) {
        if (decisive == NULL || !is_beside(decisive, wanted->texts[i])) {
            return false;
        }
    }
    return true;
}

void show_beside(const struct step_outcome *outcome, struct text *seen)
{
    const struct inspected *decisive = decisive_of(outcome);
    const char *between = "";
    for (size_t i = 0; decisive != NULL && i < decisive->also_count; i++) {
        text_put_format(seen, "%s%s", between, decisive->also[i]->slug);
        between = ", ";
    }
    for (size_t i = 0; decisive != NULL && decisive->evidence.candidates[i] != NULL; i++) {
        text_put_format(seen, "%sperhaps %s", between, decisive->evidence.candidates[i]);
        between = ", ";
    }
    text_put(seen, between[0] == '\0' ? "nothing" : "");
}

void show_decisive(const struct step_outcome *outcome, struct text *seen)
{
    const struct inspected *decisive = decisive_of(outcome);
    if (decisive == NULL) {
        text_put(seen, "no record was checked");
        return;
    }
    inspected_put(seen, decisive);
}

static bool contains(struct bytes text, struct bytes part)
{
    for (size_t at = 0; at + part.size <= text.size; at++) {
        if (bytes_equal(bytes_of(text.data + at, part.size), part)) {
            return true;
        }
    }
    return false;
}

#define FIX_OCTETS_MAX 4096

bool check_fix(const struct step_outcome *outcome, const struct param *wanted)
{
    char buffer[FIX_OCTETS_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    show_fix(outcome, &text);
    return contains(bytes_of(buffer, text.size), wanted->texts[0]);
}

void show_fix(const struct step_outcome *outcome, struct text *seen)
{
    const struct inspected *decisive = decisive_of(outcome);
    if (decisive != NULL) {
        inspected_fix_put(seen, decisive);
    }
}

const char *refuse_cause(struct bytes text, struct spelling *spelling)
{
    for (const struct cause *cause = causes; cause->slug != NULL; cause++) {
        if (bytes_are(text, cause->slug)) {
            return NULL;
        }
        spelling_offer(spelling, cause->slug);
    }
    return bytes_are(text, "none") || failure_number(text) > 0 ? NULL : "is no cause";
}

/* --- single records --- */

/* Takes the next word off `*rest`; false at the end. */
static bool next_word(struct bytes *rest, struct bytes *ret)
{
    while (rest->size > 0 && rest->data[0] == ' ') {
        *rest = bytes_after(*rest, 1);
    }
    size_t size = 0;
    while (size < rest->size && rest->data[size] != ' ') {
        size++;
    }
    *ret = bytes_of(rest->data, size);
    *rest = bytes_after(*rest, size);
    return size > 0;
}

static bool word_fits(const struct inspected *record, struct bytes word)
{
    uint16_t type;
    return bytes_are(word, setup_verdict_name(record->verdict)) ||
           bytes_are(word, setup_class_name(record->class)) || is_cause(record, word) ||
           (rrtype_parse(word, &type) && type == record->record->type);
}

/* `wish` is a name and words on the record asked for there. */
static bool record_fits(const struct inspected *record, struct bytes wish)
{
    struct bytes word;
    struct name name;
    if (!next_word(&wish, &word) || !name_parse_text(word, NULL, &name, NULL) ||
        !name_equal(&name, &record->record->name)) {
        return false;
    }
    while (next_word(&wish, &word)) {
        if (!word_fits(record, word)) {
            return false;
        }
    }
    return true;
}

static bool has_record(const struct inspection *inspection, struct bytes wish)
{
    for (size_t i = 0; i < inspection->count; i++) {
        if (record_fits(&inspection->records[i], wish)) {
            return true;
        }
    }
    return false;
}

bool check_records(const struct step_outcome *outcome, const struct param *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (!has_record(outcome->inspection, wanted->texts[i])) {
            return false;
        }
    }
    return true;
}

void show_records(const struct step_outcome *outcome, struct text *seen)
{
    const struct inspection *inspection = outcome->inspection;
    for (size_t i = 0; i < inspection->count; i++) {
        text_put(seen, i > 0 ? "; " : "");
        name_put(seen, &inspection->records[i].record->name);
        text_put_char(seen, ' ');
        inspected_put(seen, &inspection->records[i]);
    }
}

static bool is_word(struct bytes word, struct spelling *spelling)
{
    uint16_t type;
    enum setup_verdict verdict;
    enum setup_class class;
    return setup_verdict_parse(word, &verdict) || setup_class_parse(word, &class) ||
           rrtype_parse(word, &type) || refuse_cause(word, spelling) == NULL;
}

const char *refuse_record(struct bytes text, struct spelling *spelling)
{
    struct bytes word;
    struct name name;
    if (!next_word(&text, &word) || !name_parse_text(word, NULL, &name, NULL)) {
        return "does not begin with a name";
    }
    while (next_word(&text, &word)) {
        if (!is_word(word, spelling)) {
            return "holds a word that is no type, verdict, class or cause";
        }
    }
    return NULL;
}
