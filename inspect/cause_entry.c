/* Causes in how a record was typed in: it is there, at another name or in another zone. */
#include "inspect/cause_rows.h"
#include "inspect/punycode.h"
#include "inspect/servers.h"
#include "inspect/weighing.h"
#include "wire/rrtype.h"

/* --- the record is at another name --- */

/* The record that was asked for is at `name` instead. */
static enum weight prove_elsewhere(struct weighing *weighing, const struct name *name)
{
    const struct plan_record *wanted = weighing->record;
    const struct fact *fact = need(weighing, name, wanted->type);
    struct fact_cursor cursor = {0};
    struct record record;
    struct name_ref target;
    if (fact == NULL || !fact_next_record(fact, wanted->type, &cursor, &record)) {
        return WEIGHT_NO;
    }
    const bool has_target = wanted->type != RRTYPE_TXT && record_target(&record, &target);
    struct name found;
    if (has_target) {
        name_expand(target, &found);
    }
    if (!shows_value(weighing, fact) &&
        (!has_target || !probe_lacks_dot(&found, &wanted->target, name))) {
        return WEIGHT_NO;
    }
    heals_after(weighing, need_own(weighing));
    prove(weighing, need_own(weighing), "nothing at the name that was asked for");
    return prove(weighing, fact, "the record, at another name");
}

enum weight weigh_doubled_zone(struct weighing *weighing)
{
    const struct fact *own = need_absence(weighing);
    struct name zone;
    struct name doubled;
    if (own == NULL || !fact_zone(own, &zone) ||
        !name_is_at_or_below(&weighing->record->name, &zone) ||
        !probe_doubled(&weighing->record->name, &zone, &doubled)) {
        return WEIGHT_NO;
    }
    return prove_elsewhere(weighing, &doubled);
}

enum weight weigh_no_underscore(struct weighing *weighing)
{
    struct name stripped;
    if (need_absence(weighing) == NULL ||
        !probe_without_underscores(&weighing->record->name, &stripped)) {
        return WEIGHT_NO;
    }
    return prove_elsewhere(weighing, &stripped);
}

enum weight weigh_no_domainkey(struct weighing *weighing)
{
    struct name stripped;
    if (need_absence(weighing) == NULL ||
        !probe_without_domainkey(&weighing->record->name, &stripped)) {
        return WEIGHT_NO;
    }
    return prove_elsewhere(weighing, &stripped);
}

/* The zone that denies the record, and the denial; NULL if there is none. */
static const struct fact *need_denying_zone(struct weighing *weighing, struct name *ret)
{
    const struct fact *own = need_absence(weighing);
    return own != NULL && fact_zone(own, ret) && name_is_at_or_below(&weighing->record->name, ret)
               ? own
               : NULL;
}

/* The same name with its first two labels made one, a dot inside: "k1\\._domainkey.c.example". */
static bool join_labels(const struct name *name, struct name *ret)
{
    uint8_t label[LABEL_OCTETS_MAX];
    struct name parent;
    struct name rest;
    if (!name_parent(name, &parent) || !name_parent(&parent, &rest)) {
        return false;
    }
    const struct bytes first = name_first_label(name);
    const struct bytes second = name_first_label(&parent);
    const size_t size = first.size + 1 + second.size;
    if (second.size == 0 || size > sizeof label) {
        return false;
    }
    memcpy(label, first.data, first.size);
    label[first.size] = '.';
    memcpy(label + first.size + 1, second.data, second.size);
    return name_child(&rest, bytes_of(label, size), ret);
}

enum weight weigh_one_label(struct weighing *weighing)
{
    struct name zone;
    struct name joined;
    if (need_denying_zone(weighing, &zone) == NULL ||
        !join_labels(&weighing->record->name, &joined) || !name_is_at_or_below(&joined, &zone)) {
        return WEIGHT_NO;
    }
    return prove_elsewhere(weighing, &joined);
}

static bool has_dot_inside(const struct name *name)
{
    for (size_t at = 0; name->octets[at] != 0; at += name->octets[at] + 1U) {
        if (memchr(name->octets + at + 1, '.', name->octets[at]) != NULL) {
            return true;
        }
    }
    return false;
}

enum weight weigh_escaped_dot(struct weighing *weighing)
{
    struct record record;
    const struct fact *own =
        weighing->record->type == RRTYPE_TXT ? NULL : need_present(weighing, &record);
    if (own == NULL) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    if (!has_dot_inside(&weighing->evidence.present)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "a label of the target has a dot inside");
}

/* Target and name in each other's field, the zone's name behind the target. */
enum weight weigh_swapped_fields(struct weighing *weighing)
{
    const struct plan_record *wanted = weighing->record;
    struct name zone;
    struct name at;
    struct name alias;
    if (wanted->type != RRTYPE_CNAME || need_denying_zone(weighing, &zone) == NULL ||
        !probe_doubled(&wanted->target, &zone, &at)) {
        return WEIGHT_NO;
    }
    const struct fact *fact = need(weighing, &at, RRTYPE_CNAME);
    if (fact == NULL || !fact_alias(fact, &alias, NULL) ||
        (!name_equal(&alias, &wanted->name) && !probe_lacks_dot(&alias, &wanted->name, &at))) {
        return WEIGHT_NO;
    }
    heals_after(weighing, need_own(weighing));
    return prove(weighing, fact, "a CNAME the wrong way round");
}

/* `name` with "www" put in before `zone`; false if that does not fit. */
static bool below_www(const struct name *name, const struct name *zone, struct name *ret)
{
    struct name www;
    return name_child(zone, bytes_of_string("www"), &www) &&
           name_replace_suffix(name, zone, &www, ret);
}

/* The selector left out; the record at the domain itself; the record below www. */
enum weight weigh_wrong_depth(struct weighing *weighing)
{
    const struct name *name = &weighing->record->name;
    struct name zone;
    struct name other;
    if (need_denying_zone(weighing, &zone) == NULL || weighing->record->role != PLAN_DKIM) {
        return WEIGHT_NO;
    }
    if (name_parent(name, &other) && other.labels > zone.labels &&
        prove_elsewhere(weighing, &other) == WEIGHT_YES) {
        return WEIGHT_YES;
    }
    if (prove_elsewhere(weighing, &zone) == WEIGHT_YES) {
        return WEIGHT_YES;
    }
    return below_www(name, &zone, &other) ? prove_elsewhere(weighing, &other) : WEIGHT_NO;
}

/* The form of an international name that people read, or the other way round. */
enum weight weigh_other_idn_form(struct weighing *weighing)
{
    struct name other;
    if (need_absence(weighing) == NULL ||
        !(punycode_decode_name(&weighing->record->name, &other) ||
          punycode_encode_name(&weighing->record->name, &other))) {
        return WEIGHT_NO;
    }
    return prove_elsewhere(weighing, &other);
}

/* --- a wildcard that no longer reaches so far --- */

enum weight weigh_shadowed_wildcard(struct weighing *weighing)
{
    struct name zone;
    struct name random;
    const struct plan_record *wanted = weighing->record;
    const struct fact *own = need_denying_zone(weighing, &zone);
    if (own == NULL || !fact_denies_name(own) || wanted->name.labels < zone.labels + 2 ||
        !probe_sibling(&wanted->name, weighing->salt, &random) ||
        !name_child(&zone, name_first_label(&random), &random)) {
        return WEIGHT_NO;
    }
    const struct fact *fact = need(weighing, &random, wanted->type);
    if (fact == NULL || !shows_value(weighing, fact)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    prove(weighing, own, "nothing at the name that was asked for");
    return prove(weighing, fact, "a name directly below the domain that nobody has gives it");
}

/* --- another zone --- */

enum weight weigh_shadowed(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    const struct fact *own = servers == NULL ? NULL : need_absence(weighing);
    if (own == NULL || servers->survey.referral == NULL ||
        survey_is_registry(weighing->vantage->suffixes, &servers->survey.parent)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    prove(weighing, servers->survey.referral, "a part of the domain is delegated away");
    return prove(weighing, own, "what the servers there say");
}

/* The first of `addresses` where a server shows the record, NULL if none does. */
static const struct fact *find_showing(struct weighing *weighing, const struct address *addresses,
                                       size_t count)
{
    const struct plan_record *wanted = weighing->record;
    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = survey_ask(weighing, &addresses[i], &wanted->name, wanted->type);
        if (fact == NULL) {
            return NULL;
        }
        if (fact->kind == FACT_ANSWER && shows_value(weighing, fact)) {
            return fact;
        }
    }
    return NULL;
}

static enum weight prove_at_other_host(struct weighing *weighing, const struct address *addresses,
                                       size_t count, const char *shows)
{
    const struct fact *own = servers_of(weighing) == NULL ? NULL : need_absence(weighing);
    const struct fact *fact = own == NULL ? NULL : find_showing(weighing, addresses, count);
    if (fact == NULL) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    prove(weighing, own, "the servers that the domain is delegated to do not have it");
    return prove(weighing, fact, shows);
}

enum weight weigh_other_host(struct weighing *weighing)
{
    const struct plan_hints *hints = &weighing->record->hints;
    return prove_at_other_host(weighing, hints->typed_at, hints->typed_at_count,
                               "the server where it was typed has it");
}

enum weight weigh_lost_in_move(struct weighing *weighing)
{
    const struct plan_hints *hints = &weighing->record->hints;
    return prove_at_other_host(weighing, hints->earlier, hints->earlier_count,
                               "the server that the domain was delegated to earlier has it");
}
