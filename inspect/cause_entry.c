/* Causes in how a record was typed in: it is there, at another name or in another zone. */
#include "inspect/cause_rows.h"
#include "inspect/punycode.h"
#include "inspect/servers.h"
#include "inspect/weighing.h"
#include "wire/rrtype.h"

#define LEVELS_MAX 4 /* between a zone and a name, on which a wildcard is looked for */

/* --- the record is at another name --- */

/* True if a wildcard gives the record at `name`, as at a name beside it that nobody has. */
static bool is_wildcards(struct weighing *weighing, const struct name *name)
{
    struct name zone;
    struct name sibling;
    const struct fact *own = need_own(weighing);
    if (own == NULL || !fact_zone(own, &zone) || name->labels <= zone.labels ||
        !probe_sibling(name, weighing->salt, &sibling)) {
        return false;
    }
    const struct fact *fact = need(weighing, &sibling, weighing->record->type);
    return fact != NULL && shows_value(weighing, fact);
}

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
    if (is_wildcards(weighing, name) || weighing->open || weighing->stuck) {
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

/* The same name with its first `count` labels made one, with dots inside:
 * "k1\\._domainkey.c.example". */
static bool join_labels(const struct name *name, unsigned count, struct name *ret)
{
    uint8_t label[LABEL_OCTETS_MAX];
    size_t size = 0;
    struct name rest;
    name_copy(&rest, name);
    for (unsigned i = 0; i < count; i++) {
        struct name parent;
        const struct bytes next = name_first_label(&rest);
        const size_t dot = i > 0;
        if (!name_parent(&rest, &parent) || size + dot + next.size > sizeof label) {
            return false;
        }
        label[size] = '.';
        memcpy(label + size + dot, next.data, next.size);
        size += dot + next.size;
        name_copy(&rest, &parent);
    }
    return name_child(&rest, bytes_of(label, size), ret);
}

/* The same name with its final dot made part of its last label, and the zone's name after it:
 * "k1._domainkey.c.example\\..c.example". */
static bool keep_final_dot(const struct name *name, const struct name *zone, struct name *ret)
{
    uint8_t label[LABEL_OCTETS_MAX];
    struct name top;
    struct name dotted;
    name_suffix(name, 1, &top);
    const struct bytes last = name_first_label(&top);
    if (last.size >= sizeof label) {
        return false;
    }
    memcpy(label, last.data, last.size);
    label[last.size] = '.';
    return name_child(zone, bytes_of(label, last.size + 1), &dotted) &&
           name_replace_suffix(name, &top, &dotted, ret);
}

enum weight weigh_one_label(struct weighing *weighing)
{
    const struct name *name = &weighing->record->name;
    struct name zone;
    struct name other;
    if (need_denying_zone(weighing, &zone) == NULL) {
        return WEIGHT_NO;
    }
    const unsigned own = (unsigned)(name->labels - zone.labels); /* labels left of the zone's */
    if (own >= 2 && join_labels(name, 2, &other) &&
        prove_elsewhere(weighing, &other) == WEIGHT_YES) {
        return WEIGHT_YES;
    }
    if (own > 2 && join_labels(name, own, &other) &&
        prove_elsewhere(weighing, &other) == WEIGHT_YES) {
        return WEIGHT_YES;
    }
    return zone.labels > 0 && keep_final_dot(name, &zone, &other)
               ? prove_elsewhere(weighing, &other)
               : WEIGHT_NO;
}

/* True if a label has a dot inside; at the end of a label only where `at_end` says so. */
static bool has_dot_inside(const struct name *name, bool at_end)
{
    for (size_t at = 0; name->octets[at] != 0; at += name->octets[at] + 1U) {
        if (memchr(name->octets + at + 1, '.', name->octets[at] - (at_end ? 0U : 1U)) != NULL) {
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
    if (!has_dot_inside(&weighing->evidence.present, true)) {
        return WEIGHT_NO;
    }
    if (has_dot_inside(&weighing->evidence.present, false)) {
        weighing->evidence.fix = "Enter the target with plain dots between its parts.";
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

/* The record at the domain whose key it is, where that is no zone of its own; or at the same
 * selector of a domain above it. */
static enum weight prove_higher(struct weighing *weighing, const struct name *zone)
{
    const struct name *name = &weighing->record->name;
    struct name domain;
    struct name other;
    if (!probe_domain_of_key(name, &domain) || domain.labels <= zone->labels) {
        return WEIGHT_NO;
    }
    if (prove_elsewhere(weighing, &domain) == WEIGHT_YES) {
        return WEIGHT_YES;
    }
    for (uint8_t labels = (uint8_t)(domain.labels - 1); labels >= zone->labels; labels--) {
        struct name above;
        name_suffix(name, labels, &above);
        if (name_replace_suffix(name, &domain, &above, &other) &&
            prove_elsewhere(weighing, &other) == WEIGHT_YES) {
            return WEIGHT_YES;
        }
        if (labels == 0) {
            break;
        }
    }
    return WEIGHT_NO;
}

/* The selector left out; the record at the domain itself, for a domain above, or below www. */
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
    if (prove_elsewhere(weighing, &zone) == WEIGHT_YES ||
        prove_higher(weighing, &zone) == WEIGHT_YES) {
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

/* The answer that shows the record at a name further up that nobody has: below the zone itself, or
 * below a name between it and the one above the record. NULL if there is none. */
static const struct fact *find_wildcard_above(struct weighing *weighing, const struct name *zone)
{
    struct name sibling;
    const struct plan_record *wanted = weighing->record;
    if (!probe_sibling(&wanted->name, weighing->salt, &sibling)) {
        return NULL;
    }
    const unsigned first = zone->labels;
    for (unsigned labels = first; labels + 2 <= wanted->name.labels && labels < first + LEVELS_MAX;
         labels++) {
        struct name above;
        struct name random;
        name_suffix(&wanted->name, (uint8_t)labels, &above);
        const struct fact *fact = name_child(&above, name_first_label(&sibling), &random)
                                      ? need(weighing, &random, wanted->type)
                                      : NULL;
        if (fact != NULL && shows_value(weighing, fact)) {
            return fact;
        }
    }
    return NULL;
}

enum weight weigh_shadowed_wildcard(struct weighing *weighing)
{
    struct name zone;
    const struct fact *own = need_denying_zone(weighing, &zone);
    const struct fact *fact =
        own != NULL && fact_denies_name(own) ? find_wildcard_above(weighing, &zone) : NULL;
    if (fact == NULL) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    prove(weighing, own, "nothing at the name that was asked for");
    return prove(weighing, fact, "a name further up that nobody has gives it");
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
