/* Causes in SPF and DMARC records, and what lies behind a return path. */
#include "inspect/cause_rows.h"
#include "inspect/published.h"
#include "inspect/survey.h"
#include "inspect/weighing.h"
#include "mail/policy_text.h"
#include "wire/rrtype.h"

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

enum weight weigh_several_policies(struct weighing *weighing)
{
    struct record record;
    const struct fact *own = is_policy(weighing->record) ? need_own(weighing) : NULL;
    if (own == NULL || count_policies(weighing, own, &record) < 2) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "several records where only one may be");
}

enum weight weigh_incomplete_policy(struct weighing *weighing)
{
    struct record record;
    const struct fact *own = is_policy(weighing->record) ? need_own(weighing) : NULL;
    if (own == NULL || count_policies(weighing, own, &record) != 1) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    heals_after(weighing, own);
    return prove(weighing, own, "a record of the right kind, without all that was asked for");
}

/* DMARC of a domain above counts where there is none (the tree walk of DMARCbis 4.10). */
enum weight weigh_inherited_policy(struct weighing *weighing)
{
    const struct plan_record *wanted = weighing->record;
    struct name domain;
    struct name above;
    struct record record;
    const bool dmarc = wanted->type == RRTYPE_TXT && wanted->role == PLAN_DMARC;
    if (!dmarc || need_own(weighing) == NULL || !name_parent(&wanted->name, &domain)) {
        return WEIGHT_NO;
    }
    while (name_parent(&domain, &domain) && domain.labels > 1 &&
           name_child(&domain, name_first_label(&wanted->name), &above)) {
        const struct fact *fact = need(weighing, &above, RRTYPE_TXT);
        if (fact == NULL) {
            return WEIGHT_NO;
        }
        if (count_policies(weighing, fact, &record) == 1) {
            prove(weighing, fact, "the record of a domain above");
            return dmarc_is_enough(published_text(weighing, record.rdata), wanted->value)
                       ? WEIGHT_YES
                       : WEIGHT_NO;
        }
    }
    return WEIGHT_NO;
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
