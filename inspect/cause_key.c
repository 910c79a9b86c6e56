/* Causes in the text of a published key. */
#include "inspect/cause_rows.h"
#include "inspect/published.h"
#include "inspect/survey.h"
#include "inspect/weighing.h"
#include "mail/dkim_key.h"
#include "mail/dkim_tags.h"
#include "wire/rrtype.h"

#define BITS_LONG 4096 /* as many as RFC 8301 3.2 has every verifier take */

static bool wants_key_text(const struct plan_record *wanted)
{
    return wanted->type == RRTYPE_TXT && wanted->role == PLAN_DKIM;
}

/* --- several records --- */

struct tally {
    size_t keys;  /* records that are keys, be they revoked */
    size_t parts; /* base64 without any tag */
};

static struct tally count_kinds(struct weighing *weighing, const struct fact *fact)
{
    struct tally tally = {0};
    struct fact_cursor cursor = {0};
    struct record record;
    while (fact_next_record(fact, RRTYPE_TXT, &cursor, &record)) {
        struct dkim_key key;
        if (!dkim_key_parse_txt(record.rdata, weighing->facts->arena, &key)) {
            continue;
        }
        tally.keys += key.state == DKIM_KEY_FOUND || key.state == DKIM_KEY_REVOKED;
        tally.parts +=
            key.state == DKIM_KEY_SYNTAX && key.problem.damage == DKIM_DAMAGE_BARE_BASE64;
    }
    return tally;
}

static void note_kinds(struct weighing *weighing, const struct fact *fact)
{
    struct evidence *evidence = &weighing->evidence;
    const struct tally tally = count_kinds(weighing, fact);
    if (tally.parts > 0) {
        evidence->number = "F35";
        evidence->detail = "One record has half of the key: it is split over records instead of "
                           "over the strings of one.";
        evidence->fix = "Publish the key as one record; its text may have several strings.";
    } else if (tally.keys < 2) {
        evidence->number = "F33";
        evidence->detail =
            tally.keys == 1 ? "Only one of them is a key." : "None of them is a key.";
    }
}

/* True if there is no key among several records, and they are a wildcard's: that is told by itself.
 */
static bool are_wildcards(struct weighing *weighing, const struct fact *fact)
{
    struct record record;
    return count_kinds(weighing, fact).keys == 0 && need_present(weighing, &record) != NULL &&
           sibling_has_text(weighing, record.rdata);
}

enum weight weigh_several_keys(struct weighing *weighing)
{
    if (!wants_key_text(weighing->record) || prove_several(weighing) != WEIGHT_YES) {
        return WEIGHT_NO;
    }
    const struct fact *own = need_own(weighing);
    const struct tally tally = count_kinds(weighing, own);
    if (tally.parts == 0 && are_wildcards(weighing, own)) {
        return WEIGHT_NO;
    }
    note_kinds(weighing, own);
    if (tally.parts == 0 && tally.keys == 0) {
        weighing->evidence.fix =
            "Add the key asked for, and move the other TXT records to other names.";
    }
    return WEIGHT_YES;
}

/* --- the text that was asked for --- */

/* Reads the key published where a key was asked for; NULL if no TXT for a key was asked for. */
static const struct fact *need_key(struct weighing *weighing, struct dkim_result *ret)
{
    struct record record;
    const struct plan_record *wanted = weighing->record;
    const struct fact *own = wants_key_text(wanted) ? need_present(weighing, &record) : NULL;
    const bool known = own != NULL && published_is_key(weighing, wanted->value);
    const struct bytes right = known ? wanted->value : bytes_of(NULL, 0);
    if (own == NULL || !published_result(weighing, record.rdata, right, ret)) {
        return NULL;
    }
    note_present(weighing, &record);
    return own;
}

/* Typographic quotes in UTF-8: e2 80 98 to e2 80 9f. */
static bool has_typographic_quotes(struct bytes text)
{
    for (size_t i = 0; i + 2 < text.size; i++) {
        if (text.data[i] == 0xe2 && text.data[i + 1] == 0x80 && text.data[i + 2] >= 0x98 &&
            text.data[i + 2] <= 0x9f) {
            return true;
        }
    }
    return false;
}

enum weight weigh_damaged_key(struct weighing *weighing)
{
    struct dkim_result key;
    const struct fact *own = need_key(weighing, &key);
    if (own == NULL ||
        (key.outcome != DKIM_OUTCOME_SYNTAX && key.outcome != DKIM_OUTCOME_WRONG_VERSION)) {
        return WEIGHT_NO;
    }
    weighing->evidence.damage = key.problem.damage;
    if (key.problem.damage == DKIM_DAMAGE_NON_ASCII &&
        has_typographic_quotes(weighing->evidence.present_text)) {
        weighing->evidence.number = "F43";
        weighing->evidence.detail = "Its quotes are typographic ones.";
    }
    heals_after(weighing, own);
    return prove(weighing, own, dkim_damage_text(key.problem.damage));
}

enum weight weigh_revoked_key(struct weighing *weighing)
{
    struct dkim_result key;
    const struct fact *own = need_key(weighing, &key);
    if (own == NULL || key.outcome != DKIM_OUTCOME_REVOKED) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "p= is empty");
}

/* By which tag a sound key is not for ordinary mail: number and sentence, NULL if none. */
static const char *unsuitable_number(const struct dkim_result *key, const char **ret_detail)
{
    if (key->outcome == DKIM_OUTCOME_TOO_SHORT) {
        *ret_detail = "It has fewer than 1024 bits.";
        return "F58";
    }
    if (key->outcome != DKIM_OUTCOME_UNSUITABLE) {
        return NULL;
    }
    switch (key->unsuitable_tag) {
    case 'h': *ret_detail = "Its h= does not allow SHA-256."; return "F53";
    case 's': *ret_detail = "Its s= does not allow e-mail."; return "F54";
    case 'k': *ret_detail = "Its k= names another kind of key."; return "F52";
    default: *ret_detail = "A tag of it does not fit."; return "F55";
    }
}

enum weight weigh_unsuitable_key(struct weighing *weighing)
{
    struct dkim_result key;
    const struct fact *own = need_key(weighing, &key);
    const char *detail = NULL;
    const char *number = own == NULL ? NULL : unsuitable_number(&key, &detail);
    if (number == NULL) {
        return WEIGHT_NO;
    }
    weighing->evidence.number = number;
    weighing->evidence.detail = detail;
    heals_after(weighing, own);
    return prove(weighing, own, "a key that ordinary mail may not use");
}

enum weight weigh_wrong_key(struct weighing *weighing)
{
    struct dkim_result key;
    const struct fact *own = need_key(weighing, &key);
    if (own == NULL) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "a well-formed key, but another one");
}

/* --- the key behind the CNAME --- */

/* The first TXT record at the end of a CNAME that is right; NULL if there is none. */
static const struct fact *need_key_at_target(struct weighing *weighing, struct record *ret)
{
    struct fact_cursor cursor = {0};
    const struct plan_record *wanted = weighing->record;
    const struct fact *own = need_own(weighing);
    if (own == NULL || wanted->type != RRTYPE_CNAME || wanted->role != PLAN_DKIM ||
        !shows_value(weighing, own)) {
        return NULL;
    }
    const struct fact *key = need_type(weighing, RRTYPE_TXT);
    struct name alias;
    return key != NULL && fact_alias(key, &alias, NULL) &&
                   fact_next_record(key, RRTYPE_TXT, &cursor, ret)
               ? key
               : NULL;
}

/* The only TXT record of `fact`; false if there is none or a further one: then nobody can say which
 * of them a reader takes. */
static bool only_text(const struct fact *fact, struct record *ret)
{
    struct fact_cursor cursor = {0};
    struct record further;
    return fact_next_record(fact, RRTYPE_TXT, &cursor, ret) &&
           !fact_next_record(fact, RRTYPE_TXT, &cursor, &further);
}

enum weight weigh_several_target_keys(struct weighing *weighing)
{
    struct record record;
    const struct fact *key = need_key_at_target(weighing, &record);
    if (key == NULL || only_text(key, &record)) {
        return WEIGHT_NO;
    }
    note_kinds(weighing, key);
    heals_after(weighing, key);
    return prove(weighing, key, "the CNAME is there, and several records where it leads to");
}

enum weight weigh_bad_target_key(struct weighing *weighing)
{
    struct record record;
    struct dkim_result result;
    const char *detail = NULL;
    const struct fact *key = need_key_at_target(weighing, &record);
    if (key == NULL || !published_result(weighing, record.rdata, bytes_of(NULL, 0), &result)) {
        return WEIGHT_NO;
    }
    struct evidence *evidence = &weighing->evidence;
    evidence->damage = result.problem.damage;
    evidence->number =
        result.outcome == DKIM_OUTCOME_REVOKED ? "F48" : unsuitable_number(&result, &detail);
    evidence->detail = detail;
    heals_after(weighing, key);
    return prove(weighing, key, "the CNAME is there, the key it leads to does not work");
}

/* The only TXT record at the end of `name`'s CNAMEs, if the answer is known and it is a key. */
static const struct fact *known_key(struct weighing *weighing, const struct name *name,
                                    struct record *ret)
{
    const struct fact *fact = survey_answer(weighing, name, RRTYPE_TXT);
    return fact != NULL && fact->kind == FACT_ANSWER && only_text(fact, ret) &&
                   published_works(weighing, ret->rdata, bytes_of(NULL, 0))
               ? fact
               : NULL;
}

/* A CNAME to the wrong target, where a sound key is that is not the one asked for. */
enum weight weigh_other_key_behind(struct weighing *weighing)
{
    struct record found;
    struct record wanted;
    const struct plan_record *record = weighing->record;
    const struct fact *own = weighing->view == VIEW_OWN && weighing->incurious &&
                                     record->type == RRTYPE_CNAME && record->role == PLAN_DKIM
                                 ? need_own(weighing)
                                 : NULL;
    if (own == NULL || shows_value(weighing, own)) {
        return WEIGHT_NO;
    }
    const struct fact *behind = known_key(weighing, &record->name, &found);
    const struct fact *right =
        behind == NULL ? NULL : known_key(weighing, &record->target, &wanted);
    if (right == NULL ||
        published_works(weighing, found.rdata, published_text(weighing, wanted.rdata))) {
        return WEIGHT_NO;
    }
    prove(weighing, behind, "the key behind the CNAME");
    return prove(weighing, right, "the key at the target asked for");
}

/* --- keys that work, and yet --- */

/* Reads the key that works; NULL if the record is not for DKIM, or there are several. */
static const struct fact *need_working_key(struct weighing *weighing, struct dkim_key *ret)
{
    const struct plan_record *wanted = weighing->record;
    const bool alias = wanted->type == RRTYPE_CNAME;
    struct record record;
    if (wanted->role != PLAN_DKIM || (!alias && wanted->type != RRTYPE_TXT)) {
        return NULL;
    }
    const struct fact *key = need_type(weighing, RRTYPE_TXT);
    if (key == NULL || !only_text(key, &record) ||
        !dkim_key_parse_txt(record.rdata, weighing->facts->arena, ret) ||
        ret->state != DKIM_KEY_FOUND) {
        return NULL;
    }
    return key;
}

enum weight weigh_testing_key(struct weighing *weighing)
{
    struct dkim_key key;
    const struct fact *fact = need_working_key(weighing, &key);
    return fact != NULL && key.testing ? prove(weighing, fact, "t=y") : WEIGHT_NO;
}

enum weight weigh_strict_identity(struct weighing *weighing)
{
    struct dkim_key key;
    const struct fact *fact = need_working_key(weighing, &key);
    return fact != NULL && key.strict_identity ? prove(weighing, fact, "t=s") : WEIGHT_NO;
}

enum weight weigh_granularity(struct weighing *weighing)
{
    struct dkim_key key;
    struct dkim_tags tags;
    const struct fact *fact = need_working_key(weighing, &key);
    if (fact == NULL) {
        return WEIGHT_NO;
    }
    dkim_tags_read(key.text, &tags);
    return dkim_tags_find(&tags, "g") != NULL ? prove(weighing, fact, "g=") : WEIGHT_NO;
}

enum weight weigh_new_algorithm(struct weighing *weighing)
{
    struct dkim_key key;
    const struct fact *fact = need_working_key(weighing, &key);
    return fact != NULL && key.type == DKIM_KEY_TYPE_ED25519
               ? prove(weighing, fact, "an Ed25519 key")
               : WEIGHT_NO;
}

enum weight weigh_long_key(struct weighing *weighing)
{
    struct dkim_key key;
    const struct fact *fact = need_working_key(weighing, &key);
    return fact != NULL && key.bits >= BITS_LONG ? prove(weighing, fact, "its length") : WEIGHT_NO;
}
