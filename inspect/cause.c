/* Causes at the name itself: something hides the record, or stands in its place. */
#include "inspect/cause.h"

#include <string.h>

#include "inspect/cause_rows.h"
#include "inspect/servers.h"
#include "inspect/weighing.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

/* --- what rows share --- */

/* The same, if the name exists all the same: the record is missing or hidden. */
static const struct fact *need_nodata(struct weighing *weighing)
{
    const struct fact *own = need_absence(weighing);
    return own == NULL || fact_denies_name(own) ? NULL : own;
}

/* The same for a CNAME. */
static const struct fact *need_hidden_cname(struct weighing *weighing)
{
    return weighing->record->type == RRTYPE_CNAME ? need_nodata(weighing) : NULL;
}

/* The same for a record that addresses may be in the place of, be they a wildcard's or a proxy's.
 */
static const struct fact *need_masked(struct weighing *weighing)
{
    struct name alias;
    const struct fact *own = weighing->record->type == RRTYPE_NS ? NULL : need_nodata(weighing);
    return own == NULL || fact_alias(own, &alias, NULL) ? NULL : own;
}

/* True if the answer is there and says that the name exists without such data. */
static bool has_no_data(const struct fact *fact)
{
    struct name alias;
    return fact != NULL && fact->message.rcode == RCODE_NOERROR &&
           !fact_alias(fact, &alias, NULL) && fact->message.counts[SECTION_ANSWER] == 0;
}

static bool has_addresses(const struct fact *fact)
{
    struct fact_cursor cursor = {0};
    struct address address;
    return fact_next_address(fact, &cursor, &address);
}

/* The answer to A, or else AAAA, at the record's name that has an address of its own, without a
 * CNAME on the way; NULL if neither has. */
static const struct fact *need_addresses(struct weighing *weighing)
{
    struct name alias;
    const struct fact *v4 = need_type(weighing, RRTYPE_A);
    if (v4 == NULL || fact_alias(v4, &alias, NULL)) {
        return NULL;
    }
    if (has_addresses(v4)) {
        return v4;
    }
    const struct fact *v6 = need_type(weighing, RRTYPE_AAAA);
    return v6 != NULL && !fact_alias(v6, &alias, NULL) && has_addresses(v6) ? v6 : NULL;
}

/* The first address of `fact` that lies in a proxy's range, NULL if none does. */
static const struct edge_range *find_edge(const struct fact *fact, struct address *ret)
{
    struct fact_cursor cursor = {0};
    while (fact_next_address(fact, &cursor, ret)) {
        const struct edge_range *range = edge_range_find(ret);
        if (range != NULL) {
            return range;
        }
    }
    return NULL;
}

/* True if a name that nobody has answers as `fact` does: the same address, or the same proxy's. */
static bool sibling_answers_alike(const struct fact *fact, const struct fact *sibling)
{
    struct address address;
    const struct edge_range *own = find_edge(fact, &address);
    const struct edge_range *other = find_edge(sibling, &address);
    return fact_shares_address(fact, sibling) ||
           (own != NULL && other != NULL && own->provider == other->provider);
}

/* True if the addresses are those of the target asked for. Nobody asks for a key host's address:
 * it has none. */
static bool shares_with_target(struct weighing *weighing, const struct fact *fact)
{
    if (weighing->record->role == PLAN_DKIM || weighing->record->type != RRTYPE_CNAME) {
        return false;
    }
    const struct fact *target = need(weighing, &weighing->record->target, fact->probe.type);
    return target != NULL && fact_shares_address(fact, target);
}

/* --- there is more than one --- */

enum weight weigh_several_cnames(struct weighing *weighing)
{
    return weighing->record->type == RRTYPE_CNAME ? prove_several(weighing) : WEIGHT_NO;
}

/* --- the CNAME is right, but no key is seen through it --- */

/* The answer to TXT at the record's name, if its CNAME is right. */
static const struct fact *need_key_behind(struct weighing *weighing)
{
    const struct fact *own = need_own(weighing);
    if (own == NULL || weighing->record->type != RRTYPE_CNAME || !shows_value(weighing, own)) {
        return NULL;
    }
    return need_type(weighing, RRTYPE_TXT);
}

enum weight weigh_dangling(struct weighing *weighing)
{
    struct name target;
    const struct fact *key = need_key_behind(weighing);
    if (key == NULL || key->message.rcode != RCODE_NXDOMAIN || !fact_alias(key, &target, NULL)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, key);
    return prove(weighing, key, "the CNAME is there, the name it leads to is not");
}

enum weight weigh_empty_target(struct weighing *weighing)
{
    struct name target;
    const struct fact *key = need_key_behind(weighing);
    if (key == NULL || !fact_alias(key, &target, NULL)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, key);
    return prove(weighing, key, "the CNAME is there, and no TXT where it leads to");
}

/* --- one answer shows the CNAME, another denies it --- */

/* The answer to `type` shows the CNAME that was asked for. */
static bool shows_alias(const struct weighing *weighing, const struct fact *fact)
{
    struct name alias;
    return fact_alias(fact, &alias, NULL) && name_equal(&alias, &weighing->record->target);
}

static enum weight prove_cached(struct weighing *weighing, const struct fact *denies,
                                const struct fact *shows)
{
    heals_after(weighing, denies);
    prove(weighing, denies, "an answer that denies the record");
    return prove(weighing, shows, "an answer that shows it as it was asked for");
}

enum weight weigh_cached_absence(struct weighing *weighing)
{
    if (weighing->view == VIEW_OWN) {
        return WEIGHT_NO; /* servers have no cache */
    }
    const struct fact *own = need_own(weighing);
    if (own == NULL || weighing->record->type != RRTYPE_CNAME) {
        return WEIGHT_NO;
    }
    const bool key = weighing->record->role == PLAN_DKIM;
    const struct fact *text = key ? need_type(weighing, RRTYPE_TXT) : NULL;
    if (text != NULL && shows_value(weighing, own) && !shows_alias(weighing, text)) {
        return prove_cached(weighing, text, own);
    }
    if (need_absence(weighing) == NULL) {
        return WEIGHT_NO;
    }
    if (text != NULL && shows_alias(weighing, text)) {
        return prove_cached(weighing, own, text);
    }
    const struct fact *v4 = fact_denies_name(own) ? NULL : need_type(weighing, RRTYPE_A);
    return v4 != NULL && shows_alias(weighing, v4) ? prove_cached(weighing, own, v4) : WEIGHT_NO;
}

/* --- something else is there --- */

/* A CNAME at the domain itself hides all that is there beside it (RFC 1912 2.4). */
enum weight weigh_apex_cname(struct weighing *weighing)
{
    struct name target;
    const struct servers *servers = servers_of(weighing);
    const bool at_apex = servers != NULL && servers->speaking > 0 &&
                         weighing->record->type != RRTYPE_CNAME &&
                         name_equal(&servers->survey.zone.cut, &weighing->record->name);
    const struct fact *own =
        at_apex ? survey_answer(weighing, &weighing->record->name, RRTYPE_CNAME) : NULL;
    if (own == NULL || own->kind != FACT_ANSWER || !fact_alias(own, &target, NULL)) {
        return WEIGHT_NO;
    }
    name_copy(&weighing->evidence.present, &target);
    heals_after(weighing, own);
    return prove(weighing, own, "a CNAME at the domain itself");
}

enum weight weigh_missing_dot(struct weighing *weighing)
{
    const struct plan_record *wanted = weighing->record;
    struct record record;
    const struct fact *own = need_present(weighing, &record);
    if (own == NULL || wanted->type == RRTYPE_TXT) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    if (!probe_lacks_dot(&weighing->evidence.present, &wanted->target, &wanted->name)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "the right target with the zone's name after it");
}

/* True if a name that nobody has is an alias for the same. */
static bool sibling_has_alias(struct weighing *weighing, const struct name *target)
{
    struct name other;
    const struct fact *sibling = need_sibling(weighing, weighing->record->type);
    return sibling != NULL && fact_alias(sibling, &other, NULL) && name_equal(&other, target);
}

/* A text that lies behind a CNAME of a wildcard's. */
static enum weight prove_wildcard_alias(struct weighing *weighing)
{
    struct record record;
    struct name target;
    const struct fact *own = need_present(weighing, &record);
    if (own == NULL || !fact_alias(own, &target, NULL) || !sibling_has_alias(weighing, &target)) {
        return WEIGHT_NO;
    }
    name_copy(&weighing->evidence.present, &target);
    heals_after(weighing, own);
    prove(weighing, own, "what is there");
    return prove(weighing, need_sibling(weighing, RRTYPE_TXT),
                 "a name that nobody has gives the same");
}

/* A name that nobody has gives the same CNAME, MX or NS. */
enum weight weigh_wildcard_record(struct weighing *weighing)
{
    struct record record;
    struct record other;
    struct name_ref target;
    struct fact_cursor cursor = {0};
    const uint16_t type = weighing->record->type;
    if (type == RRTYPE_TXT) {
        return prove_wildcard_alias(weighing);
    }
    const struct fact *own = need_present(weighing, &record);
    const struct fact *sibling = own == NULL ? NULL : need_sibling(weighing, type);
    if (sibling == NULL || !fact_next_record(sibling, type, &cursor, &other) ||
        !record_target(&other, &target)) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    if (!name_ref_equal(target, &weighing->evidence.present)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    prove(weighing, own, "what is there");
    return prove(weighing, sibling, "a name that nobody has gives the same");
}

/* The first TXT at the record's name, where a TXT was asked for, or a CNAME and there is none. */
static const struct fact *need_text(struct weighing *weighing, struct record *ret)
{
    struct name alias;
    struct fact_cursor cursor = {0};
    if (weighing->record->type == RRTYPE_TXT) {
        return need_present(weighing, ret);
    }
    if (weighing->record->type != RRTYPE_CNAME || need_absence(weighing) == NULL) {
        return NULL;
    }
    const struct fact *text = need_type(weighing, RRTYPE_TXT);
    const bool own = text != NULL && !fact_alias(text, &alias, NULL) &&
                     fact_next_record(text, RRTYPE_TXT, &cursor, ret);
    return own ? text : NULL;
}

/* A name that nobody has gives the same text. */
enum weight weigh_wildcard_text(struct weighing *weighing)
{
    struct record record;
    const struct fact *text = need_text(weighing, &record);
    if (text == NULL || !sibling_has_text(weighing, record.rdata)) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    weighing->class = weighing->record->type == RRTYPE_TXT ? CLASS_WRONG : CLASS_MISSING_NODATA;
    heals_after(weighing, need_own(weighing));
    prove(weighing, text, "what is there");
    return prove(weighing, need_sibling(weighing, RRTYPE_TXT),
                 "a name that nobody has gives the same");
}

enum weight weigh_wrong_target(struct weighing *weighing)
{
    struct record record;
    const struct fact *own = need_present(weighing, &record);
    if (own == NULL) {
        return WEIGHT_NO;
    }
    if (weighing->view == VIEW_OWN && record.type == RRTYPE_CNAME &&
        weighing->record->role == PLAN_DKIM) { /* for other-key-behind */
        survey_answer(weighing, &weighing->record->name, RRTYPE_TXT);
        survey_answer(weighing, &weighing->record->target, RRTYPE_TXT);
    }
    note_present(weighing, &record);
    heals_after(weighing, own);
    return prove(weighing, own, "what is there");
}

/* --- a TXT is there instead of the CNAME --- */

static bool is_target_as_text(const struct weighing *weighing, struct bytes rdata)
{
    struct name name;
    struct bytes string;
    return rdata_txt_next(&rdata, &string) && rdata.size == 0 && string.size > 0 &&
           name_parse_text(string, NULL, &name, NULL) &&
           name_equal(&name, &weighing->record->target);
}

enum weight weigh_target_as_text(struct weighing *weighing)
{
    struct record record;
    const bool alias = weighing->record->type == RRTYPE_CNAME;
    const struct fact *text = alias ? need_text(weighing, &record) : NULL;
    if (text == NULL || !is_target_as_text(weighing, record.rdata)) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    heals_after(weighing, text);
    return prove(weighing, text, "the target, but as TXT");
}

enum weight weigh_text_instead(struct weighing *weighing)
{
    struct record record;
    const bool alias = weighing->record->type == RRTYPE_CNAME;
    const struct fact *text = alias ? need_text(weighing, &record) : NULL;
    if (text == NULL) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    const struct fact *v4 = need_type(weighing, RRTYPE_A);
    struct address address;
    if (v4 != NULL && find_edge(v4, &address) != NULL) {
        weighing->evidence.number = "F26";
        weighing->evidence.detail = "Beside it a proxy answers, which may hide a CNAME.";
        need_sibling(weighing, RRTYPE_A); /* for proxied-beside */
    }
    heals_after(weighing, text);
    return prove(weighing, text, "a TXT record instead of the CNAME");
}

/* --- the name exists, the CNAME does not show --- */

/* True if there is no reason for a proxy's address at the name but a CNAME that it hides: nobody
 * visits a key, or a return path. */
static bool needs_no_proxy(const struct plan_record *record)
{
    return record->type == RRTYPE_CNAME || record->role == PLAN_DKIM ||
           record->role == PLAN_RETURN_PATH;
}

/* The answer with a proxy's address at the record's own name; whose it is goes into the evidence.
 */
static const struct fact *need_edge(struct weighing *weighing)
{
    if (!needs_no_proxy(weighing->record) || need_masked(weighing) == NULL) {
        return NULL;
    }
    const struct fact *fact = need_addresses(weighing);
    struct evidence *evidence = &weighing->evidence;
    evidence->range = fact == NULL ? NULL : find_edge(fact, &evidence->address);
    if (evidence->range == NULL || shares_with_target(weighing, fact)) {
        return NULL;
    }
    evidence->provider = evidence->range->provider;
    return fact;
}

enum weight weigh_proxied_wildcard(struct weighing *weighing)
{
    const struct fact *edge = need_edge(weighing);
    const struct fact *sibling = edge == NULL ? NULL : need_sibling(weighing, edge->probe.type);
    if (sibling == NULL || !sibling_answers_alike(edge, sibling)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, need_own(weighing));
    prove(weighing, need_own(weighing), "the name exists, the CNAME does not show");
    prove_also(weighing, edge, "an address of a proxy");
    return prove(weighing, sibling, "a name that nobody has gives the same");
}

/* Proof of a proxy at this very name: one of its addresses, and none like it beside (E12). */
static enum weight prove_edge(struct weighing *weighing)
{
    const struct fact *edge = need_edge(weighing);
    const struct fact *sibling = edge == NULL ? NULL : need_sibling(weighing, edge->probe.type);
    if (sibling == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *own = need_own(weighing);
    heals_after(weighing, own);
    prove(weighing, own, "the name exists, the CNAME does not show");
    prove_also(weighing, edge, "an address of a proxy at this very name");
    return prove(weighing, sibling, "a name that nobody has does not give it");
}

enum weight weigh_proxied_tracking(struct weighing *weighing)
{
    return weighing->record->role == PLAN_TRACKING ? prove_edge(weighing) : WEIGHT_NO;
}

enum weight weigh_proxied(struct weighing *weighing)
{
    const bool bounces = weighing->record->role == PLAN_RETURN_PATH;
    weighing->evidence.number = bounces ? "F03" : NULL;
    weighing->evidence.detail =
        bounces ? "The MX and the SPF record behind it are hidden too: bounces are lost." : NULL;
    if (weighing->record->type != RRTYPE_CNAME) {
        weighing->evidence.fix =
            "Turn the proxy off at this name. If a CNAME is there then, put the "
            "record asked for in its place.";
    }
    return prove_edge(weighing);
}

/* The same beside the customer's own TXT, which is told first: it is what readers see. */
enum weight weigh_proxied_beside(struct weighing *weighing)
{
    struct record record;
    const struct fact *text = weighing->incurious ? need_text(weighing, &record) : NULL;
    const struct fact *edge = text == NULL ? NULL : need_edge(weighing);
    const struct fact *sibling = edge == NULL ? NULL : need_sibling(weighing, edge->probe.type);
    return sibling != NULL && !sibling_answers_alike(edge, sibling) ? prove_edge(weighing)
                                                                    : WEIGHT_NO;
}

enum weight weigh_wildcard_address(struct weighing *weighing)
{
    if (need_masked(weighing) == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *fact = need_addresses(weighing);
    const struct fact *sibling = fact == NULL ? NULL : need_sibling(weighing, fact->probe.type);
    if (sibling == NULL || !fact_shares_address(fact, sibling)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, need_own(weighing));
    prove(weighing, fact, "addresses at the name");
    return prove(weighing, sibling, "a name that nobody has gives the same");
}

/* A CNAME at the domain itself, beside whatever else is wrong. */
enum weight weigh_apex_cname_beside(struct weighing *weighing)
{
    struct name target;
    const struct servers *servers = servers_of(weighing);
    const struct fact *apex = servers != NULL && weighing->incurious
                                  ? survey_answer(weighing, &servers->survey.zone.cut, RRTYPE_CNAME)
                                  : NULL;
    return apex != NULL && apex->kind == FACT_ANSWER && fact_alias(apex, &target, NULL)
               ? prove(weighing, apex, "a CNAME at the domain itself")
               : WEIGHT_NO;
}

/* A target in the zone itself is flattened by some whatever the record's setting (F05). */
static void note_target_in_zone(struct weighing *weighing, const struct fact *own)
{
    struct name zone;
    if (fact_zone(own, &zone) && name_is_at_or_below(&weighing->record->target, &zone)) {
        weighing->evidence.number = "F05";
        weighing->evidence.detail = "The target lies in the same zone, which some providers always "
                                    "flatten.";
        weighing->evidence.fix = "Let the record lead directly to the host outside the zone that "
                                 "has the key, or publish the TXT record itself at the name.";
    }
}

/* Addresses of the target itself: the provider follows the alias and hides it. */
enum weight weigh_alias_type(struct weighing *weighing)
{
    if (need_hidden_cname(weighing) == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *fact = need_addresses(weighing);
    const struct fact *target =
        fact == NULL ? NULL : need(weighing, &weighing->record->target, fact->probe.type);
    if (target == NULL || !fact_shares_address(fact, target)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, need_own(weighing));
    note_target_in_zone(weighing, need_own(weighing));
    prove(weighing, fact, "the target's addresses, without a CNAME");
    return prove(weighing, target, "the target's own addresses");
}

enum weight weigh_address_instead(struct weighing *weighing)
{
    if (need_hidden_cname(weighing) == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *fact = need_addresses(weighing);
    if (fact == NULL) {
        return WEIGHT_NO;
    }
    heals_after(weighing, need_own(weighing));
    weighing->evidence.detail = "If the customer did add the CNAME, a proxy hides it whose "
                                "addresses are not known as such (F01).";
    may_be(weighing, "F01");
    prove(weighing, need_own(weighing), "no CNAME");
    return prove(weighing, fact, "addresses of nobody's edge instead");
}

/* True if the zone is one of Cloudflare's, which flatten CNAMEs: as cloudflare-docs says of SOA
 * records, their first name is that of an assigned server, *.ns.cloudflare.com. */
static bool is_flattening_provider(const struct fact *denial)
{
    struct name suffix;
    struct name_ref server;
    struct record record;
    struct record_walk walk = record_walk_start(&denial->message, SECTION_AUTHORITY);
    name_parse_text(bytes_of_string("ns.cloudflare.com."), NULL, &suffix, NULL);
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_SOA && record_target(&record, &server) &&
            name_ref_is_at_or_below(server, &suffix)) {
            return true;
        }
    }
    return false;
}

/* The same of a tracking host, where all that matters is that it works. */
enum weight weigh_hidden_alias(struct weighing *weighing)
{
    const struct fact *own =
        weighing->record->role == PLAN_TRACKING ? need_hidden_cname(weighing) : NULL;
    return own != NULL && is_flattening_provider(own) ? weigh_alias_type(weighing) : WEIGHT_NO;
}

/* Only addresses meet with an error: the provider cannot follow the alias (PowerDNS: SERVFAIL). */
enum weight weigh_alias_failure(struct weighing *weighing)
{
    if (weighing->view != VIEW_OWN || need_hidden_cname(weighing) == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *v4 = survey_answer(weighing, &weighing->record->name, RRTYPE_A);
    if (v4 == NULL || v4->trouble != TROUBLE_RCODE) {
        return WEIGHT_NO;
    }
    heals_after(weighing, need_own(weighing));
    prove(weighing, need_own(weighing), "the name exists, the CNAME does not show");
    return prove(weighing, v4, "its addresses meet with an error");
}

/* What an ALIAS makes of a target without addresses is nothing (F06). But if the target has some,
 * or is not to be had, the provider has failed to follow it (F07). */
static void note_alias_target(struct weighing *weighing)
{
    const struct fact *target = survey_answer(weighing, &weighing->record->target, RRTYPE_A);
    struct evidence *evidence = &weighing->evidence;
    evidence->number = "F06";
    evidence->detail = "Most likely the record's type is ALIAS or ANAME.";
    evidence->fix = "Use the record type CNAME instead of ALIAS or ANAME.";
    if (target == NULL || (target->kind == FACT_TROUBLE && target->trouble != TROUBLE_RCODE)) {
        return;
    }
    const bool gone = target->kind == FACT_TROUBLE || target->message.rcode == RCODE_NXDOMAIN;
    if (gone || has_addresses(target)) {
        evidence->number = "F07";
        evidence->fix = "Replace the ALIAS or ANAME by a CNAME, or have its target repaired.";
    }
    if (gone) {
        evidence->detail = "Most likely the record's type is ALIAS or ANAME, and its target cannot "
                           "be found.";
        prove_also(weighing, target, "the target, which is not to be had");
    } else if (has_addresses(target)) {
        evidence->detail = "Most likely the record's type is ALIAS or ANAME, and the provider has "
                           "failed to look its target up.";
        prove_also(weighing, target, "the target, which has addresses");
    }
}

static bool is_below(const struct name *name, const struct name *above)
{
    return name->labels > above->labels && name_is_at_or_below(name, above);
}

/* An answer that shows that something lies below the record's name; NULL if none is known. */
static const struct fact *known_below(const struct weighing *weighing)
{
    for (size_t i = 0; i < weighing->facts->count; i++) {
        const struct fact *fact = weighing->facts->items[i];
        if (fact->kind == FACT_ANSWER && fact->probe.view == weighing->view &&
            is_below(&fact->probe.name, &weighing->record->name) && !fact_denies_name(fact)) {
            return fact;
        }
    }
    return NULL;
}

/* The same, with what else was asked for below it and with the names that mail has below a domain's
 * looked up. */
static const struct fact *need_below(struct weighing *weighing)
{
    static const char *const labels[] = {"_domainkey", "_dmarc"};
    const struct plan_record *record = weighing->record;
    for (size_t i = 0; i < weighing->plan_count && known_below(weighing) == NULL; i++) {
        if (is_below(&weighing->plan[i].name, &record->name)) {
            need(weighing, &weighing->plan[i].name, weighing->plan[i].type);
        }
    }
    for (size_t i = 0; i < 2 && record->role != PLAN_DKIM && known_below(weighing) == NULL; i++) {
        struct name child;
        if (name_child(&record->name, bytes_of_string(labels[i]), &child)) {
            need(weighing, &child, RRTYPE_TXT);
        }
    }
    return known_below(weighing);
}

/* A name without any data, where names that nobody has do not exist, was made by something: a CNAME
 * that is not shown, if nothing lies below the name (RFC 4592 2.2.2). Where names that nobody has
 * exist too (compact denial, RFC 9824), nothing follows. */
enum weight weigh_flattened(struct weighing *weighing)
{
    const struct fact *own = need_hidden_cname(weighing);
    if (own == NULL || !has_no_data(need_type(weighing, RRTYPE_TXT)) ||
        !has_no_data(need_type(weighing, RRTYPE_A)) ||
        !has_no_data(need_type(weighing, RRTYPE_AAAA))) {
        return WEIGHT_NO;
    }
    const struct fact *sibling = need_sibling(weighing, RRTYPE_A);
    if (sibling == NULL || !fact_denies_name(sibling) || need_below(weighing) != NULL ||
        weighing->open || weighing->stuck) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    if (weighing->view == VIEW_OWN && !is_flattening_provider(own)) {
        note_alias_target(weighing);
    }
    note_target_in_zone(weighing, own);
    prove(weighing, own, "the name exists, the CNAME does not show");
    prove_also(weighing, need_type(weighing, RRTYPE_A), "nor does it have an address");
    return prove(weighing, sibling, "a name that nobody has does not exist");
}

/* --- a CNAME is there instead --- */

/* A CNAME where another type was asked for, and nothing of that type where it leads to. */
enum weight weigh_alias_instead(struct weighing *weighing)
{
    struct name target;
    struct evidence *evidence = &weighing->evidence;
    const struct fact *own = weighing->record->type == RRTYPE_CNAME ? NULL : need_absence(weighing);
    if (own == NULL || !fact_alias(own, &target, NULL)) {
        return WEIGHT_NO;
    }
    if (sibling_has_alias(weighing, &target)) {
        evidence->number = "F30";
        evidence->detail = "It is a wildcard's: a name that nobody has gives the same.";
        evidence->fix = "Add the record asked for; it wins over the wildcard.";
        prove_also(weighing, need_sibling(weighing, weighing->record->type),
                   "a name that nobody has gives the same");
    } else if (own->message.rcode == RCODE_NXDOMAIN) {
        evidence->detail = "The name that it leads to does not exist.";
    }
    name_copy(&evidence->present, &target);
    heals_after(weighing, own);
    return prove(weighing, own, "a CNAME, and nothing of the kind behind it");
}

/* --- nothing is there --- */

/* What the DNS alone cannot tell from a record not published yet; a hint that has led to nothing
 * rules out what it is for. */
static void note_candidates(struct weighing *weighing)
{
    static const char *const details[2][2] = {
        {"It was not published yet (F23), typed at another DNS host (F17), lost in a move (F18) or "
         "published for an inner network only (F91): the DNS alone cannot tell.",
         "It was not published yet (F23), typed at another DNS host (F17) or published for an "
         "inner "
         "network only (F91): the DNS alone cannot tell."},
        {"It was not published yet (F23), lost in a move (F18) or published for an inner network "
         "only (F91): the DNS alone cannot tell.",
         "It was not published yet (F23) or published for an inner network only (F91): the DNS "
         "alone cannot tell."},
    };
    const struct plan_hints *hints = &weighing->record->hints;
    const bool not_elsewhere = hints->typed_at_count > 0;
    const bool not_earlier = hints->earlier_count > 0;
    weighing->evidence.detail = details[not_elsewhere][not_earlier];
    if (!not_elsewhere) {
        may_be(weighing, "F17");
    }
    if (!not_earlier) {
        may_be(weighing, "F18");
    }
    may_be(weighing, "F91");
}

/* A name that exists for what lies below it. A CNAME there that is not shown looks the same. */
static void note_below(struct weighing *weighing, const struct fact *own)
{
    struct evidence *evidence = &weighing->evidence;
    const struct fact *below = fact_denies_name(own) ? NULL : known_below(weighing);
    if (below == NULL || weighing->record->type != RRTYPE_CNAME) {
        return;
    }
    if (is_flattening_provider(own)) {
        evidence->below = "That something lies below the name makes it exist; a CNAME that the DNS "
                          "provider flattens away (F04) would look the same.";
        may_be(weighing, "F04");
    } else {
        evidence->below = "That something lies below the name makes it exist; an ALIAS without "
                          "addresses (F06) would look the same.";
        may_be(weighing, "F06");
    }
    prove_also(weighing, below, "something below the name, which makes it exist");
}

/* True if a wildcard of an ordinary type makes names exist that nobody has. */
static bool has_wildcard(struct weighing *weighing)
{
    static const uint16_t types[] = {RRTYPE_A, RRTYPE_AAAA, RRTYPE_MX, RRTYPE_TXT};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct fact_cursor cursor = {0};
        struct record record;
        const struct fact *sibling = need_sibling(weighing, types[i]);
        if (sibling != NULL && fact_next_record(sibling, types[i], &cursor, &record)) {
            return true;
        }
    }
    return false;
}

/* What is peculiar in how the record is missing. */
static void note_manner_of_denial(struct weighing *weighing, const struct fact *own)
{
    struct evidence *evidence = &weighing->evidence;
    struct name zone;
    const struct fact *sibling = weighing->view == VIEW_OWN && own->message.rcode == RCODE_NOERROR
                                     ? need_sibling(weighing, weighing->record->type)
                                     : NULL;
    if (!fact_zone(own, &zone)) {
        evidence->number = "F75";
        evidence->detail = "The servers do not say for how long, as their denial has no SOA.";
    } else if (has_no_data(sibling) && has_wildcard(weighing)) {
        note_candidates(weighing);
        evidence->below = "That the name exists means nothing: a wildcard makes every name exist.";
    } else if (has_no_data(sibling)) {
        evidence->number = "F73";
        evidence->detail = "That the name seems to exist means nothing here: every name does.";
    } else if (weighing->view == VIEW_OWN) {
        note_candidates(weighing);
        note_below(weighing, own);
    }
}

enum weight weigh_missing(struct weighing *weighing)
{
    const struct fact *own = need_own(weighing);
    if (own == NULL) {
        return WEIGHT_NO;
    }
    const bool denied = own->message.rcode == RCODE_NXDOMAIN;
    ask_about_denial(weighing);
    note_manner_of_denial(weighing, own);
    weighing->class = denied ? CLASS_MISSING_NXDOMAIN : CLASS_MISSING_NODATA;
    heals_after(weighing, own);
    return prove(weighing, own, denied ? "there is no such name" : "the name has no such record");
}

const struct cause *cause_find(struct bytes slug)
{
    for (const struct cause *cause = causes; cause->slug != NULL; cause++) {
        if (bytes_are(slug, cause->slug)) {
            return cause;
        }
    }
    return NULL;
}

bool cause_may_be(const struct cause *cause, const char *number)
{
    const size_t size = strlen(number);
    const char *at = cause->others;
    if (cause->number != NULL && strcmp(cause->number, number) == 0) {
        return true;
    }
    while (at != NULL && (at = strstr(at, number)) != NULL) {
        if (at[size] == ' ' || at[size] == '\0') {
            return true;
        }
        at += size;
    }
    return false;
}

/* --- words --- */

static const char *const verdict_names[SETUP_VERDICTS] = {
    [SETUP_VERIFIED] = "verified",
    [SETUP_DECLINED] = "declined",
    [SETUP_RETRY_LATER] = "retry-later",
};

static const char *const class_names[SETUP_CLASSES] = {
    [CLASS_PRESENT] = "present",
    [CLASS_WRONG] = "wrong",
    [CLASS_MISSING_NODATA] = "missing-nodata",
    [CLASS_MISSING_NXDOMAIN] = "missing-nxdomain",
    [CLASS_TEMPORARY] = "temporary",
    [CLASS_HIDDEN_BY_PROXY] = "hidden-by-proxy",
    [CLASS_FLATTENED] = "flattened",
    [CLASS_AMBIGUOUS] = "ambiguous",
    [CLASS_INCONSISTENT] = "inconsistent",
};

const char *setup_verdict_name(enum setup_verdict verdict)
{
    return verdict_names[verdict];
}

const char *setup_class_name(enum setup_class class)
{
    return class_names[class];
}

bool setup_verdict_parse(struct bytes text, enum setup_verdict *ret)
{
    for (unsigned i = 0; i < SETUP_VERDICTS; i++) {
        if (bytes_are(text, verdict_names[i])) {
            *ret = (enum setup_verdict)i;
            return true;
        }
    }
    return false;
}

bool setup_class_parse(struct bytes text, enum setup_class *ret)
{
    for (unsigned i = 0; i < SETUP_CLASSES; i++) {
        if (bytes_are(text, class_names[i])) {
            *ret = (enum setup_class)i;
            return true;
        }
    }
    return false;
}
