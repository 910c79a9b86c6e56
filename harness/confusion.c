/* Gathering and writing the confusion table. */
#include "harness/confusion.h"

#include <string.h>

/* Scenarios in which the check does not name the failure that they show, and why that is right. */
static const struct reason {
    const char *id;
    unsigned number;
    const char *text;
} reasons[] = {
    {"proxy/own-text-beside-proxied", 1,
     "The customer's own TXT beside the proxied CNAME is told instead: it is what readers see."},
    {"flattening/apex-flattened", 4,
     "At the domain itself flattening is how a CNAME is meant to work: nothing is wrong."},
    {"flattening/alias-servfail-for-all", 7,
     "Every question meets with SERVFAIL, and that is told."},
    {"flattening/alias-target-gone-empty", 7,
     "A provider that answers with nothing looks like an ALIAS to a key host."},
    {"entry/cname-at-the-apex-refused", 20,
     "A server that refuses such a zone shows no CNAME, only that it is not in charge."},
    {"entry/international-name", 21, "The A-label was asked for and is there: nothing is wrong."},
    {"entry/capital-letters", 22, "Nothing is wrong."},
    {"wildcards/zone-refused-by-a-secondary", 27,
     "From outside only the refusing server shows; why it refuses stands in its log."},
    {"flattening/address-only", 29,
     "Addresses at this very name, and at no other, are told as such, without a number."},
    {"key/two-strings", 36, "Nothing is wrong."},
    {"proxy/article-dns-only", 36, "Nothing is wrong."},
    {"delegation/other-text-at-one-server", 39, "That the servers differ decides."},
    {"key/spaces-inside", 41, "Nothing is wrong."},
    {"entry/wrong-target", 61, "A CNAME was asked for: its wrong target decides."},
    {"chain/chain-of-11", 63, "Eleven links are within what resolvers follow: nothing is wrong."},
    {"delegation/referral-in-a-circle", 84,
     "Servers that refer to themselves are told as a circle."},
    {"delegation/glue-out-of-date", 90,
     "Old glue that leads to machines that are no longer there looks like silence."},
    {"delegation/split-horizon", 91,
     "Check and resolver both stand outside, where the inside view cannot be seen."},
    {"delegation/answer-by-location", 92, "At the time of the check the answers agree."},
    {"dnssec/one-provider-signs", 97, "Waits for validation."},
    {"dnssec/denial-without-proof", 98, "Waits for validation."},
    {"dnssec/target-fails-untold", 99,
     "A failure without a reason at a target: asked through one resolver it may as well be "
     "cached."},
    {"delegation/all-servers-lame", 101, "A server that refuses the SOA too is told as lame."},
    {"transport/refused-to-strangers", 101, "A server that refuses the SOA too is told as lame."},
    {"transport/rate-limited-refused", 101,
     "A server that refuses after it has answered is told as limiting."},
    {"chain/target-zone-silent", 103, "Silence of the target's servers is told as theirs."},
    {"proxy/healthy-behind-a-slow-network", 103,
     "Packets that are lost and asked for again leave nothing wrong."},
    {"transport/first-packets-lost", 103,
     "Packets that are lost and asked for again leave nothing wrong."},
    {"transport/edns-overlooked", 106,
     "A server that gives the answer all the same spoils nothing."},
    {"transport/edns-without-dnssec", 106,
     "A server that gives the answer all the same spoils nothing."},
    {"transport/opt-echoed", 110,
     "An OPT record that repeats the question's is no fault that could be seen."},
    {"transport/rate-limited", 111, "A single check stays below the limit."},
    {"transport/rate-limited-without-slip", 111, "A single check stays below the limit."},
    {NULL, 0, NULL},
};

const char *confusion_reason(const char *id, unsigned number)
{
    for (const struct reason *row = reasons; row->id != NULL; row++) {
        if (row->number == number && strcmp(row->id, id) == 0) {
            return row->text;
        }
    }
    return NULL;
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
    bool any; /* there is a check at all */
    unsigned first;
    enum setup_verdict verdict;
};

static void note_record(struct naming *naming, const struct inspected *inspected)
{
    naming->named[number_of(inspected_number(inspected))] = true;
    naming->decisive[number_of(inspected_number(inspected))] = true;
    for (size_t i = 0; i < inspected->also_count; i++) {
        naming->named[number_of(inspected->also[i]->number)] = true;
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
        fprintf(file, "%s", instead);
    } else {
        fputs(entry->verdict == SETUP_VERIFIED ? "nothing" : "no number", file);
    }
    fprintf(file, " in `%s`: %s", entry->id, reason != NULL ? reason : "?");
}

static void put_counts(FILE *file, const struct confusion_entry *entry)
{
    size_t all = 0;
    size_t named = 0;
    size_t beside = 0;
    for (; entry != NULL; entry = entry->next) {
        all++;
        named += entry->named;
        beside += entry->named && !entry->decisive;
    }
    if (all == 0) {
        fputs("-", file);
        return;
    }
    fprintf(file, "%zu of %zu", named, all);
    if (beside > 0) {
        fprintf(file, ", %zu beside another", beside);
    }
}

static void put_row(FILE *file, const struct confusion *confusion, unsigned number)
{
    const struct failure *failure = failure_at(number, NULL);
    const char *lead = "";
    char text[CATALOGUE_NUMBER_SIZE];
    failure_number_put(number, text);
    fprintf(file, "| %s | %s | ", text, failure != NULL ? failure->title : "");
    put_counts(file, confusion->first[number]);
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

void confusion_write(FILE *file, const struct confusion *confusion)
{
    fputs(
        "# What the set-up check names\n\n"
        "<!-- made by `./dev docs`; edit harness/confusion.c instead -->\n\n"
        "Every scenario that plays a failure of the [catalogue](README.md) and has a `setup` step, "
        "through the set-up check: does the check name that failure, as the decisive cause or "
        "beside it? A dash stands where no such scenario has a check. Where something else is "
        "named, the last column says what, and why.\n\n"
        "| failure | | named | instead, and why |\n|---|---|---|---|\n",
        file);
    for (unsigned number = 1; number < CONFUSION_NUMBERS; number++) {
        put_row(file, confusion, number);
    }
}
