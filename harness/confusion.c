/* Gathering and writing the confusion table. */
#include "harness/confusion.h"

#include <string.h>

/* Scenarios in which the check does not name the failure that they show, and why that is right. */
static const struct reason {
    const char *id;
    unsigned number;
    bool harmless; /* the record is there as it was asked for, and nothing is wrong with it */
    const char *text;
} reasons[] = {
    {"flattening/apex-flattened", 4, true,
     "At the domain itself flattening is how a CNAME is meant to work: nothing is wrong."},
    {"flattening/address-only", 1, false,
     "Whose the addresses are that hide the CNAME, no list says."},
    {"flattening/alias-servfail-for-all", 7, false,
     "Every question meets with SERVFAIL, and that is told."},
    {"entry/cname-at-the-apex-refused", 20, false,
     "A server that refuses such a zone shows no CNAME, only that it is not in charge."},
    {"entry/international-name", 21, true,
     "The A-label was asked for and is there: nothing is wrong."},
    {"entry/capital-letters", 22, true, "Nothing is wrong."},
    {"wildcards/zone-refused-by-a-secondary", 27, false,
     "From outside only the refusing server shows; why it refuses stands in its log."},
    {"key/two-strings", 36, true, "Nothing is wrong."},
    {"key/cut-elsewhere-at-one-server", 36, true, "Nothing is wrong."},
    {"proxy/article-dns-only", 36, true, "Nothing is wrong."},
    {"key/spaces-inside", 41, true, "Nothing is wrong."},
    {"delegation/split-horizon", 91, false,
     "Check and resolver both stand outside, where the inside view cannot be seen."},
    {"proxy/healthy-behind-a-slow-network", 103, true,
     "Packets that are lost and asked for again leave nothing wrong."},
    {"transport/first-packets-lost", 103, true,
     "Packets that are lost and asked for again leave nothing wrong."},
    {"transport/edns-without-dnssec", 106, true,
     "A server that gives the answer all the same spoils nothing."},
    {"transport/opt-echoed", 110, true,
     "An OPT record that repeats the question's is no fault that could be seen."},
    {"transport/rate-limited", 111, true, "A single check stays below the limit."},
    {"transport/rate-limited-without-slip", 111, true, "A single check stays below the limit."},
    {NULL, 0, false, NULL},
};

static const struct reason *find_reason(const char *id, unsigned number)
{
    for (const struct reason *row = reasons; row->id != NULL; row++) {
        if (row->number == number && strcmp(row->id, id) == 0) {
            return row;
        }
    }
    return NULL;
}

const char *confusion_reason(const char *id, unsigned number)
{
    const struct reason *row = find_reason(id, number);
    return row != NULL ? row->text : NULL;
}

bool confusion_is_harmless(const char *id, unsigned number)
{
    const struct reason *row = find_reason(id, number);
    return row != NULL && row->harmless;
}

void confusion_init(struct confusion *confusion, struct arena *arena)
{
    *confusion = (struct confusion){.arena = arena};
}

static unsigned number_of(const char *text)
{
    return text == NULL ? 0 : failure_number(bytes_of_string(text));
}

/* All numbers that a scenario's checks name, and what the first names first. */
struct naming {
    bool named[CONFUSION_NUMBERS];
    bool decisive[CONFUSION_NUMBERS];
    bool candidate[CONFUSION_NUMBERS]; /* told as what it may be as well */
    bool any;                          /* there is a check at all */
    unsigned first;
    enum setup_verdict verdict;
};

static void note_record(struct naming *naming, const struct inspected *inspected)
{
    const enum dkim_damage damage = inspected->evidence.damage;
    naming->named[number_of(inspected_number(inspected))] = true;
    naming->decisive[number_of(inspected_number(inspected))] = true;
    if (damage != DKIM_DAMAGE_NONE) { /* told in words, whatever decides */
        naming->named[number_of(dkim_damage_number(damage))] = true;
    }
    for (size_t i = 0; i < inspected->also_count; i++) {
        naming->named[number_of(inspected->also[i]->number)] = true;
    }
    for (size_t i = 0; inspected->evidence.candidates[i] != NULL; i++) {
        naming->candidate[number_of(inspected->evidence.candidates[i])] = true;
    }
}

/* The record that decides, as expectations have it. */
static void note_first(struct naming *naming, const struct inspection *inspection)
{
    naming->verdict = inspection->verdict;
    for (size_t i = 0; i < inspection->count; i++) {
        if (inspection->records[i].verdict == inspection->verdict) {
            naming->first = number_of(inspected_number(&inspection->records[i]));
            return;
        }
    }
}

static struct naming gather(const struct run_result *result)
{
    struct naming naming = {.any = false};
    for (size_t i = 0; i < result->outcome_count; i++) {
        const struct inspection *inspection = result->outcomes[i].inspection;
        if (inspection == NULL) {
            continue;
        }
        if (!naming.any) {
            note_first(&naming, inspection);
        }
        naming.any = true;
        for (size_t j = 0; j < inspection->count; j++) {
            note_record(&naming, &inspection->records[j]);
        }
    }
    return naming;
}

static bool add_entry(struct confusion *confusion, unsigned number, const char *id,
                      const struct naming *naming)
{
    struct confusion_entry *entry = ARENA_NEW(confusion->arena, struct confusion_entry);
    if (entry == NULL) {
        return false;
    }
    *entry = (struct confusion_entry){.id = arena_copy_string(confusion->arena, id),
                                      .named = naming->named[number],
                                      .decisive = naming->decisive[number],
                                      .candidate = naming->candidate[number],
                                      .instead = naming->first,
                                      .verdict = naming->verdict};
    if (confusion->last[number] == NULL) {
        confusion->first[number] = entry;
    } else {
        confusion->last[number]->next = entry;
    }
    confusion->last[number] = entry;
    return entry->id != NULL;
}

bool confusion_add(struct confusion *confusion, const struct unit *unit)
{
    const struct naming naming = gather(&unit->result);
    bool fine = true;
    for (size_t i = 0; naming.any && unit->scenario->covers[i] != NULL; i++) {
        const unsigned number = number_of(unit->scenario->covers[i]);
        fine &= number == 0 || add_entry(confusion, number, unit->scenario->id, &naming);
    }
    return fine;
}

/* --- the page --- */

static void put_instead(FILE *file, const struct confusion_entry *entry, unsigned number)
{
    char instead[CATALOGUE_NUMBER_SIZE];
    const char *reason = confusion_reason(entry->id, number);
    if (entry->instead > 0) {
        failure_number_put(entry->instead, instead);
        fprintf(file, "%s%s", instead, entry->candidate ? ", and this as what it may be," : "");
    } else {
        fprintf(file, "%s%s", entry->verdict == SETUP_VERIFIED ? "nothing" : "no number",
                entry->candidate ? ", and this as what it may be," : "");
    }
    fprintf(file, " in `%s`: %s", entry->id, reason != NULL ? reason : "?");
}

/* How a failure fares in the scenarios that show it. */
struct tally {
    size_t all, named, beside, harmless;
};

static struct tally count_entries(const struct confusion *confusion, unsigned number)
{
    struct tally tally = {0};
    for (const struct confusion_entry *entry = confusion->first[number]; entry != NULL;
         entry = entry->next) {
        const bool harmless = !entry->named && confusion_is_harmless(entry->id, number);
        tally.all += !harmless;
        tally.harmless += harmless;
        tally.named += entry->named;
        tally.beside += entry->named && !entry->decisive;
    }
    return tally;
}

static void put_counts(FILE *file, struct tally tally)
{
    if (tally.all > 0) {
        fprintf(file, "%zu of %zu", tally.named, tally.all);
    } else {
        fputs(tally.harmless > 0 ? "nothing is wrong" : "-", file);
    }
    if (tally.beside > 0) {
        fprintf(file, ", %zu beside another", tally.beside);
    }
}

static void put_row(FILE *file, const struct confusion *confusion, unsigned number)
{
    const struct failure *failure = failure_at(number, NULL);
    const char *lead = "";
    char text[CATALOGUE_NUMBER_SIZE];
    failure_number_put(number, text);
    fprintf(file, "| %s | %s | ", text, failure != NULL ? failure->title : "");
    put_counts(file, count_entries(confusion, number));
    fputs(" | ", file);
    for (const struct confusion_entry *entry = confusion->first[number]; entry != NULL;
         entry = entry->next) {
        if (!entry->named) {
            fputs(lead, file);
            put_instead(file, entry, number);
            lead = " ";
        }
    }
    fputs(" |\n", file);
}

/* How many rows there are of each kind. */
static void put_summary(FILE *file, const struct confusion *confusion)
{
    unsigned whole = 0;
    unsigned partly = 0;
    unsigned never = 0;
    unsigned harmless = 0;
    for (unsigned number = 1; number < CONFUSION_NUMBERS; number++) {
        const struct tally tally = count_entries(confusion, number);
        whole += tally.all > 0 && tally.named == tally.all;
        partly += tally.named > 0 && tally.named < tally.all;
        never += tally.all > 0 && tally.named == 0;
        harmless += tally.all == 0 && tally.harmless > 0;
    }
    fprintf(
        file,
        "Of the failures, %u are named in every scenario in which something is wrong, %u in some "
        "of them, %u in none; %u are no failures but look like them, and nothing is to be "
        "named.\n\n",
        whole, partly, never, harmless);
}

void confusion_write(FILE *file, const struct confusion *confusion)
{
    fputs(
        "# What the set-up check names\n\n"
        "<!-- made by `./dev docs`; edit harness/confusion.c instead -->\n\n"
        "Every scenario that plays a failure of the [catalogue](README.md) and has a `setup` step, "
        "through the set-up check: does the check name that failure, as the decisive cause or "
        "beside it? A dash stands where no such scenario has a check. Where something else is "
        "named, the last column says what, and why. Scenarios in which nothing is wrong with the "
        "record are not counted.\n\n",
        file);
    put_summary(file, confusion);
    fputs("| failure | | named | instead, and why |\n|---|---|---|---|\n", file);
    for (unsigned number = 1; number < CONFUSION_NUMBERS; number++) {
        put_row(file, confusion, number);
    }
}
