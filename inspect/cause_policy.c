/* Causes in SPF and DMARC records, and what lies behind a return path. */
#include "inspect/cause_rows.h"
#include "inspect/published.h"
#include "inspect/suffixes.h"
#include "inspect/weighing.h"
#include "mail/policy_text.h"
#include "wire/rrtype.h"

#define SPF_RECORDS_MAX  11 /* one, and as many look-ups as a reader makes (RFC 7208 4.6.4) */
#define TREE_WALK_LABELS 7  /* of the second domain asked, at most (RFC 9989 4.10) */

static bool is_policy(const struct plan_record *wanted)
{
    return wanted->type == RRTYPE_TXT && (wanted->role == PLAN_SPF || wanted->role == PLAN_DMARC);
}

/* True if the record is one of the kind asked for. */
static bool is_of_role(const struct plan_record *wanted, struct bytes text)
{
    return wanted->role == PLAN_SPF ? spf_is_record(text) : dmarc_is_record(text);
}

/* Records of the kind asked for at the end of `fact`; the last goes to `ret`. */
static size_t count_policies(const struct weighing *weighing, const struct fact *fact,
                             struct record *ret)
{
    struct fact_cursor cursor = {0};
    struct record record;
    size_t count = 0;
    while (fact_next_record(fact, RRTYPE_TXT, &cursor, &record)) {
        if (is_of_role(weighing->record, published_text(weighing, record.rdata))) {
            *ret = record;
            count++;
        }
    }
    return count;
}

bool has_several_policies(const struct weighing *weighing, const struct fact *fact)
{
    struct record record;
    return is_policy(weighing->record) && count_policies(weighing, fact, &record) > 1;
}

enum weight weigh_several_policies(struct weighing *weighing)
{
    const struct fact *own = is_policy(weighing->record) ? need_own(weighing) : NULL;
    if (own == NULL || !has_several_policies(weighing, own)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "several records where only one may be");
}

static void note_what_spf_lacks(struct weighing *weighing, struct bytes published)
{
    if (!spf_is_sound(published)) {
        weighing->evidence.detail =
            "A word in it is no mechanism of SPF (all, include, a, mx, ptr, ip4, ip6, exists): "
            "receivers take the whole record for broken (permerror, RFC 7208 4.6).";
    } else if (spf_hides_terms(published, weighing->record->value)) {
        weighing->evidence.detail =
            "What was asked for stands behind \"all\", where no reader looks "
            "(RFC 7208 5.1): it belongs before it.";
    }
}

enum weight weigh_incomplete_policy(struct weighing *weighing)
{
    struct record record;
    const struct fact *own = is_policy(weighing->record) ? need_own(weighing) : NULL;
    if (own == NULL || count_policies(weighing, own, &record) != 1) {
        return WEIGHT_NO;
    }
    if (weighing->record->role == PLAN_SPF) {
        note_what_spf_lacks(weighing, published_text(weighing, record.rdata));
    }
    note_present(weighing, &record);
    heals_after(weighing, own);
    return prove(weighing, own, "a record of the right kind, without all that was asked for");
}

/* --- SPF records that refer to others --- */

/* A record and those it refers to, directly or not. */
struct spf_tree {
    struct name domains[SPF_RECORDS_MAX];
    struct bytes texts[SPF_RECORDS_MAX];
    size_t count;
};

static bool is_in_tree(const struct spf_tree *tree, const struct name *domain)
{
    for (size_t i = 0; i < tree->count; i++) {
        if (name_equal(&tree->domains[i], domain)) {
            return true;
        }
    }
    return false;
}

/* Adds the SPF record of `domain` if there is one. False while that is open, or where it is broken:
 * that breaks all that refers to it. */
static bool add_to_tree(struct weighing *weighing, struct bytes domain, struct spf_tree *tree)
{
    struct record record;
    struct name name;
    const char *why;
    if (tree->count == SPF_RECORDS_MAX || !name_parse_text(domain, name_root(), &name, &why) ||
        is_in_tree(tree, &name)) {
        return true;
    }
    const struct fact *fact = need(weighing, &name, RRTYPE_TXT);
    if (fact != NULL && count_policies(weighing, fact, &record) == 1) {
        name_copy(&tree->domains[tree->count], &name);
        tree->texts[tree->count] = published_text(weighing, record.rdata);
        return spf_is_sound(tree->texts[tree->count++]);
    }
    return fact != NULL;
}

/* What was asked for may stand in a record that this one includes, or redirects to. */
enum weight weigh_included_policy(struct weighing *weighing)
{
    const struct plan_record *wanted = weighing->record;
    struct spf_tree tree = {.count = 1};
    struct record record;
    const bool spf = is_policy(wanted) && wanted->role == PLAN_SPF;
    const struct fact *own = spf ? need_own(weighing) : NULL;
    if (own == NULL || count_policies(weighing, own, &record) != 1) {
        return WEIGHT_NO;
    }
    name_copy(&tree.domains[0], &wanted->name);
    tree.texts[0] = published_text(weighing, record.rdata);
    if (!spf_is_sound(tree.texts[0])) {
        return WEIGHT_NO;
    }
    for (size_t i = 0; i < tree.count && !spf_have_terms(tree.texts, tree.count, wanted->value);
         i++) {
        struct bytes domains[SPF_RECORDS_MAX];
        const size_t count = spf_references(tree.texts[i], domains, SPF_RECORDS_MAX);
        for (size_t j = 0; j < count; j++) {
            if (!add_to_tree(weighing, domains[j], &tree)) {
                return WEIGHT_NO;
            }
        }
    }
    if (!spf_have_terms(tree.texts, tree.count, wanted->value)) {
        return WEIGHT_NO;
    }
    return prove(weighing, own, "a record that refers to others, which have what was asked for");
}

/* --- DMARC of a domain above --- */

/* A record above the domain, whose fact is NULL where there is none. */
struct above {
    struct name domain;
    const struct fact *fact;
    struct bytes text;
};

/* Looks for the one DMARC record of `domain`. False while that is open. */
static bool look_above(struct weighing *weighing, const struct name *domain, struct above *ret)
{
    struct name name;
    struct record record;
    ret->fact = NULL;
    name_copy(&ret->domain, domain);
    if (!name_child(domain, name_first_label(&weighing->record->name), &name)) {
        return true;
    }
    const struct fact *fact = need(weighing, &name, RRTYPE_TXT);
    if (fact != NULL && count_policies(weighing, fact, &record) == 1) {
        ret->fact = fact;
        ret->text = published_text(weighing, record.rdata);
    }
    return fact != NULL;
}

/* One label less, and from more than TREE_WALK_LABELS labels to that many; false at the root. */
static bool walk_up(struct name *domain)
{
    if (domain->labels <= TREE_WALK_LABELS) {
        return name_parent(domain, domain) && domain->labels > 0;
    }
    name_suffix(domain, TREE_WALK_LABELS, domain);
    return true;
}

/* The record of the organisational domain by the tree walk of RFC 9989 4.10: the one with psd=n,
 * the one a label below psd=y, else the highest; where there is none a label below psd=y, the
 * public suffix's own. False while it is open. */
static bool walk_tree(struct weighing *weighing, const struct name *start, struct above *ret)
{
    struct name at;
    struct above found;
    uint8_t below = start->labels; /* labels of the domain before */
    ret->fact = NULL;
    name_copy(&at, start);
    while (walk_up(&at)) {
        if (!look_above(weighing, &at, &found)) {
            return false;
        }
        const enum dmarc_psd psd = found.fact != NULL ? dmarc_psd_of(found.text) : DMARC_PSD_UNSAID;
        const bool is_below = ret->fact != NULL && ret->domain.labels == below;
        if (found.fact != NULL && !(psd == DMARC_PSD_YES && is_below)) {
            *ret = found;
        }
        if (psd != DMARC_PSD_UNSAID) {
            return true;
        }
        below = at.labels;
    }
    return true;
}

/* The same by RFC 7489 6.6.3: that of the domain below the public suffix. */
static bool look_by_suffix(struct weighing *weighing, const struct name *start, struct above *ret)
{
    struct name domain;
    ret->fact = NULL;
    if (!suffixes_registered(weighing->vantage->suffixes, start, &domain) ||
        name_equal(&domain, start)) {
        return true;
    }
    return look_above(weighing, &domain, ret);
}

static bool suffices(const struct weighing *weighing, const struct above *above)
{
    return above->fact != NULL && dmarc_is_enough_below(above->text, weighing->record->value);
}

/* DMARC of the organisational domain counts where there is none. */
enum weight weigh_inherited_policy(struct weighing *weighing)
{
    const struct plan_record *wanted = weighing->record;
    struct name domain;
    struct record record;
    struct above walked, listed;
    const bool dmarc = wanted->type == RRTYPE_TXT && wanted->role == PLAN_DMARC;
    const struct fact *own = dmarc ? need_own(weighing) : NULL;
    if (own == NULL || !name_parent(&wanted->name, &domain) ||
        count_policies(weighing, own, &record) > 0 || !walk_tree(weighing, &domain, &walked) ||
        !look_by_suffix(weighing, &domain, &listed)) {
        return WEIGHT_NO;
    }
    const bool by_walk = suffices(weighing, &walked), by_list = suffices(weighing, &listed);
    if (!by_walk && !by_list) {
        return WEIGHT_NO;
    }
    if (by_walk != by_list) {
        weighing->evidence.detail =
            by_walk ? "Only receivers that walk up the DNS tree (RFC 9989) find it; those that go "
                      "by the Public Suffix List (RFC 7489) do not."
                    : "Only receivers that go by the Public Suffix List (RFC 7489) find it; those "
                      "that walk up the DNS tree (RFC 9989) do not.";
    }
    return prove(weighing, by_walk ? walked.fact : listed.fact, "the record of a domain above");
}

/* --- the return path --- */

enum weight weigh_bare_return_path(struct weighing *weighing)
{
    const struct plan_record *wanted = weighing->record;
    struct fact_cursor cursor = {0};
    struct record record;
    if (weighing->view != VIEW_OWN || wanted->role != PLAN_RETURN_PATH ||
        wanted->type != RRTYPE_CNAME) {
        return WEIGHT_NO;
    }
    const struct fact *mail = need_type(weighing, RRTYPE_MX);
    if (mail == NULL || fact_next_record(mail, RRTYPE_MX, &cursor, &record)) {
        return WEIGHT_NO;
    }
    return prove(weighing, mail, "the CNAME is there, and no MX where it leads to");
}
