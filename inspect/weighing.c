/* Facts for the rows of the table of causes, and whether a record is there as it was asked for. */
#include "inspect/weighing.h"

#include <assert.h>
#include <string.h>

#include "inspect/cause_rows.h"
#include "inspect/published.h"
#include "inspect/servers.h"
#include "inspect/survey.h"
#include "mail/policy_text.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

#define WANTED_AHEAD_MAX 6 /* questions that rows are looked through for, while one is late */

/* What an unanswered question is where no more may be asked. */
static const struct fact unasked = {
    .kind = FACT_TROUBLE,
    .trouble = TROUBLE_SPENT,
    .why = "it was not asked: the check's budget was spent",
};

const struct fact *fact_unasked(void)
{
    return &unasked;
}

const struct fact *ask(struct weighing *weighing, const struct probe *probe)
{
    const struct fact *fact = facts_find(weighing->facts, probe);
    if (fact != NULL) {
        return fact;
    }
    if (weighing->incurious || weighing->facts->spent || weighing->facts->full) {
        return &unasked;
    }
    weighing->open = true;
    weighing->opened++;
    if (weighing->wanted_count < WANTED_MAX) {
        weighing->wanted[weighing->wanted_count++] = *probe;
    }
    return NULL;
}

const struct fact *ask_resolver(struct weighing *weighing, const struct name *name, uint16_t type)
{
    const struct probe probe = probe_of(name, type);
    return weighing->vantage->has_resolver ? ask(weighing, &probe) : NULL;
}

const struct fact *need(struct weighing *weighing, const struct name *name, uint16_t type)
{
    if (weighing->open || weighing->stuck) {
        return NULL;
    }
    const struct probe probe = probe_of(name, type);
    const struct fact *fact =
        weighing->view == VIEW_OWN ? survey_answer(weighing, name, type) : ask(weighing, &probe);
    if (fact == NULL) {
        return NULL;
    }
    if (fact->kind == FACT_TROUBLE) {
        weighing->stuck = true;
        weighing->trouble = fact;
        return NULL;
    }
    return fact;
}

const struct fact *need_type(struct weighing *weighing, uint16_t type)
{
    return need(weighing, &weighing->record->name, type);
}

const struct fact *need_own(struct weighing *weighing)
{
    return need_type(weighing, weighing->record->type);
}

const struct fact *need_sibling(struct weighing *weighing, uint16_t type)
{
    struct name sibling;
    return probe_sibling(&weighing->record->name, weighing->salt, &sibling)
               ? need(weighing, &sibling, type)
               : NULL;
}

bool sibling_has_text(struct weighing *weighing, struct bytes rdata)
{
    const struct fact *sibling = need_sibling(weighing, RRTYPE_TXT);
    struct fact_cursor cursor = {0};
    struct record record;
    while (sibling != NULL && fact_next_record(sibling, RRTYPE_TXT, &cursor, &record)) {
        if (bytes_equal(record.rdata, rdata)) {
            return true;
        }
    }
    return false;
}

void prove_also(struct weighing *weighing, const struct fact *fact, const char *shows)
{
    struct evidence *evidence = &weighing->evidence;
    if (evidence->proof_count < PROOFS_MAX) {
        evidence->proofs[evidence->proof_count++] = (struct proof){fact, shows};
    }
}

enum weight prove(struct weighing *weighing, const struct fact *fact, const char *shows)
{
    prove_also(weighing, fact, shows);
    return WEIGHT_YES;
}

void heals_after(struct weighing *weighing, const struct fact *fact)
{
    const uint32_t seconds = fact_lifetime_s(fact);
    if (seconds > weighing->evidence.heals_in_s) {
        weighing->evidence.heals_in_s = seconds;
    }
}

void may_be(struct weighing *weighing, const char *number)
{
    size_t count = 0;
    while (weighing->evidence.candidates[count] != NULL) {
        count++;
    }
    assert(count < CANDIDATES_MAX);
    weighing->evidence.candidates[count] = number;
    weighing->evidence.candidates[count + 1] = NULL;
}

const struct fact *need_absence(struct weighing *weighing)
{
    const struct fact *own = need_own(weighing);
    struct fact_cursor cursor = {0};
    struct record record;
    if (own == NULL || fact_next_record(own, weighing->record->type, &cursor, &record)) {
        return NULL;
    }
    return own;
}

const struct fact *need_present(struct weighing *weighing, struct record *ret)
{
    const struct fact *own = need_own(weighing);
    struct fact_cursor cursor = {0};
    return own != NULL && fact_next_record(own, weighing->record->type, &cursor, ret) ? own : NULL;
}

void note_present(struct weighing *weighing, const struct record *record)
{
    struct name_ref target;
    if (record->type == RRTYPE_TXT) {
        weighing->evidence.present_text = record->rdata;
    } else if (record_target(record, &target)) {
        name_expand(target, &weighing->evidence.present);
    }
}

enum weight prove_several(struct weighing *weighing)
{
    const struct fact *own = need_own(weighing);
    struct fact_cursor cursor = {0};
    struct record record;
    if (own == NULL || !fact_next_record(own, weighing->record->type, &cursor, &record) ||
        !fact_next_record(own, weighing->record->type, &cursor, &record)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "several records where only one may be");
}

/* --- whether the record is there --- */

/* True if the strings of TXT RDATA, joined, are `value`. */
static bool txt_is(struct bytes rdata, struct bytes value)
{
    size_t at = 0;
    struct bytes string;
    while (rdata_txt_next(&rdata, &string)) {
        if (value.size - at < string.size ||
            (string.size > 0 && memcmp(value.data + at, string.data, string.size) != 0)) {
            return false;
        }
        at += string.size;
    }
    return at == value.size && rdata.size == 0;
}

/* Keys are compared as keys, policies by what they say; all else octet by octet. */
static bool text_shows(const struct weighing *weighing, struct bytes rdata)
{
    const struct plan_record *wanted = weighing->record;
    struct arena *arena = weighing->facts->arena;
    const struct arena_mark mark = arena_mark(arena);
    if (wanted->role == PLAN_DKIM && published_is_key(weighing, wanted->value)) {
        return published_works(weighing, rdata, wanted->value);
    }
    bool shows = txt_is(rdata, wanted->value);
    if (!shows && wanted->role == PLAN_SPF) {
        const struct bytes text = published_text(weighing, rdata);
        shows = spf_is_sound(text) && spf_has_terms(text, wanted->value);
    } else if (!shows && wanted->role == PLAN_DMARC) {
        shows = dmarc_is_enough(published_text(weighing, rdata), wanted->value);
    }
    arena_rewind(arena, mark);
    return shows;
}

static bool record_shows(const struct weighing *weighing, const struct record *record)
{
    const struct plan_record *wanted = weighing->record;
    struct name_ref target;
    if (wanted->type == RRTYPE_TXT) {
        return text_shows(weighing, record->rdata);
    }
    return record_target(record, &target) && name_ref_equal(target, &wanted->target);
}

bool shows_value(const struct weighing *weighing, const struct fact *fact)
{
    struct fact_cursor cursor = {0};
    struct record record;
    while (fact_next_record(fact, weighing->record->type, &cursor, &record)) {
        if (record_shows(weighing, &record)) {
            return true;
        }
    }
    return false;
}

static size_t count_records(const struct fact *fact, uint16_t type)
{
    struct fact_cursor cursor = {0};
    struct record record;
    size_t count = 0;
    while (fact_next_record(fact, type, &cursor, &record)) {
        count++;
    }
    return count;
}

/* A CNAME must be alone, and so must a key (RFC 2181 10.1, RFC 6376 3.6.2.2). */
static bool must_be_alone(const struct plan_record *record)
{
    return record->type == RRTYPE_CNAME ||
           (record->type == RRTYPE_TXT && record->role == PLAN_DKIM);
}

bool stands_alone(const struct weighing *weighing, const struct fact *fact)
{
    const struct plan_record *record = weighing->record;
    return must_be_alone(record) ? count_records(fact, record->type) <= 1
                                 : !has_several_policies(weighing, fact);
}

static enum weight presence(struct weighing *weighing)
{
    const struct plan_record *record = weighing->record;
    const struct fact *own = need_own(weighing);
    if (own == NULL || !shows_value(weighing, own) || !stands_alone(weighing, own)) {
        return WEIGHT_NO;
    }
    prove(weighing, own, "the record as it was asked for");
    if (record->type != RRTYPE_CNAME || record->role != PLAN_DKIM) {
        return WEIGHT_YES;
    }
    const struct fact *key = need_type(weighing, RRTYPE_TXT);
    if (key == NULL || !published_key(weighing, key) || count_records(key, RRTYPE_TXT) > 1) {
        return WEIGHT_NO;
    }
    return prove(weighing, key, "what a DKIM verifier sees through it");
}

static enum weight settle(const struct weighing *weighing, enum weight weight)
{
    return weighing->open ? WEIGHT_OPEN : weighing->stuck ? WEIGHT_STUCK : weight;
}

enum weight weighing_servers(struct weighing *weighing)
{
    if (weighing->servers != NULL) {
        servers_look(weighing, weighing->servers);
    }
    return settle(weighing, WEIGHT_YES);
}

enum weight weighing_presence(struct weighing *weighing)
{
    return settle(weighing, presence(weighing));
}

/* All that says whether something is there; the rest need not be zeroed for every row. */
static void clear(struct evidence *evidence)
{
    evidence->proof_count = 0;
    evidence->present.size = 0;
    evidence->present_text = bytes_of(NULL, 0);
    evidence->provider = NULL;
    evidence->range = NULL;
    evidence->damage = DKIM_DAMAGE_NONE;
    evidence->heals_in_s = 0;
    evidence->who_says = NULL;
    evidence->number = NULL;
    evidence->detail = NULL;
    evidence->below = NULL;
    evidence->fix = NULL;
    evidence->candidates[0] = NULL;
}

enum weight weighing_row(struct weighing *weighing, const struct cause *cause)
{
    clear(&weighing->evidence);
    weighing->class = cause->class;
    return settle(weighing, cause->weigh(weighing));
}

/* True if a question is open but late: what further rows need may be asked meanwhile. */
static bool may_look_ahead(struct weighing *weighing)
{
    if (weighing->facts->late_count == 0 || weighing->wanted_count >= WANTED_AHEAD_MAX) {
        return false;
    }
    weighing->open = weighing->stuck = false;
    return true;
}

enum weight weighing_cause(struct weighing *weighing, enum cause_scope scope,
                           const struct cause **ret)
{
    bool open = false;
    for (const struct cause *cause = causes; cause->weigh != NULL; cause++) {
        if (cause->scope != scope) {
            continue;
        }
        const enum weight weight = weighing_row(weighing, cause);
        if (weight == WEIGHT_OPEN && may_look_ahead(weighing)) {
            open = true;
        } else if (weight != WEIGHT_NO) {
            *ret = cause;
            return open ? WEIGHT_OPEN : weight;
        }
    }
    clear(&weighing->evidence);
    return open ? WEIGHT_OPEN : WEIGHT_NO;
}

enum weight weighing_risk(struct weighing *weighing, const struct cause **ret)
{
    struct weighing decisive;
    const struct cause *found = NULL;
    for (const struct cause *cause = causes; cause->weigh != NULL; cause++) {
        if (cause->scope != CAUSE_OF_RISK) {
            continue;
        }
        const enum weight weight = weighing_row(weighing, cause);
        if (weight == WEIGHT_OPEN) {
            return weight;
        }
        weighing->stuck = false; /* a risk that cannot be looked into is none */
        if (weight == WEIGHT_YES && found == NULL) {
            found = cause;
            decisive = *weighing;
        }
        if (found != NULL && found->verdict != SETUP_VERIFIED) {
            break;
        }
    }
    if (found == NULL) {
        return WEIGHT_NO;
    }
    *weighing = decisive;
    *ret = found;
    return WEIGHT_YES;
}

static bool same_number(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

size_t weighing_remarks(struct weighing *weighing, const struct cause *decisive, const char *number,
                        const struct cause **ret, size_t capacity)
{
    struct weighing look = *weighing;
    size_t count = 0;
    look.incurious = true;
    for (const struct cause *cause = causes; cause->weigh != NULL && count < capacity; cause++) {
        look.open = look.stuck = false;
        if (cause != decisive && cause->scope == CAUSE_OF_RISK &&
            cause->verdict == SETUP_VERIFIED && !same_number(cause->number, number) &&
            weighing_row(&look, cause) == WEIGHT_YES) {
            ret[count++] = cause;
        }
    }
    return count;
}
