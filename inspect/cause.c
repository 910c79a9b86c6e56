/* The table of causes. Rows are weighed from top to bottom, and a row may rely on those above it
 * being ruled out; each says what tells it from its look-alikes. Facts of the catalogue: B2. */
#include "inspect/cause.h"

#include "inspect/cause_rows.h"
#include "inspect/weighing.h"
#include "mail/dkim_key.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

/* --- what rows share --- */

/* The answer to the record's own question if there is no such record at the name. */
static const struct fact *need_absence(struct weighing *weighing)
{
    const struct fact *own = need_own(weighing);
    struct fact_cursor cursor = {0};
    struct record record;
    if (own == NULL || fact_next_record(own, weighing->record->type, &cursor, &record)) {
        return NULL;
    }
    return own;
}

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
    if (weighing->record->role == PLAN_DKIM) {
        return false;
    }
    const struct fact *target = need(weighing, &weighing->record->target, fact->probe.type);
    return target != NULL && fact_shares_address(fact, target);
}

/* The first record of the asked-for type at the name, whatever it says. */
static const struct fact *need_present(struct weighing *weighing, struct record *ret)
{
    const struct fact *own = need_own(weighing);
    struct fact_cursor cursor = {0};
    return own != NULL && fact_next_record(own, weighing->record->type, &cursor, ret) ? own : NULL;
}

/* Notes what stands there instead. */
static void note_present(struct weighing *weighing, const struct record *record)
{
    struct name_ref target;
    if (record->type == RRTYPE_TXT) {
        weighing->evidence.present_text = record->rdata;
    } else if (record_target(record, &target)) {
        name_expand(target, &weighing->evidence.present);
    }
}

/* --- there is more than one --- */

static enum weight prove_several(struct weighing *weighing)
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

static enum weight weigh_several_cnames(struct weighing *weighing)
{
    return weighing->record->type == RRTYPE_CNAME ? prove_several(weighing) : WEIGHT_NO;
}

static enum weight weigh_several_keys(struct weighing *weighing)
{
    const struct plan_record *wanted = weighing->record;
    const bool key = wanted->type == RRTYPE_TXT && wanted->role == PLAN_DKIM;
    return key ? prove_several(weighing) : WEIGHT_NO;
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

static enum weight weigh_dangling(struct weighing *weighing)
{
    struct name target;
    const struct fact *key = need_key_behind(weighing);
    if (key == NULL || key->message.rcode != RCODE_NXDOMAIN || !fact_alias(key, &target, NULL)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, key);
    return prove(weighing, key, "the CNAME is there, the name it leads to is not");
}

static enum weight weigh_empty_target(struct weighing *weighing)
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

static enum weight weigh_cached_absence(struct weighing *weighing)
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

static enum weight weigh_missing_dot(struct weighing *weighing)
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

/* A name that nobody has gives the same CNAME, MX or NS. */
static enum weight weigh_wildcard_record(struct weighing *weighing)
{
    struct record record;
    struct record other;
    struct name_ref target;
    struct fact_cursor cursor = {0};
    const uint16_t type = weighing->record->type;
    const struct fact *own = type == RRTYPE_TXT ? NULL : need_present(weighing, &record);
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
static enum weight weigh_wildcard_text(struct weighing *weighing)
{
    struct record record;
    struct record other;
    struct fact_cursor cursor = {0};
    const struct fact *text = need_text(weighing, &record);
    const struct fact *sibling = text == NULL ? NULL : need_sibling(weighing, RRTYPE_TXT);
    if (sibling == NULL || !fact_next_record(sibling, RRTYPE_TXT, &cursor, &other) ||
        !bytes_equal(record.rdata, other.rdata)) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    weighing->class = weighing->record->type == RRTYPE_TXT ? CLASS_WRONG : CLASS_MISSING_NODATA;
    heals_after(weighing, need_own(weighing));
    prove(weighing, text, "what is there");
    return prove(weighing, sibling, "a name that nobody has gives the same");
}

/* Reads the key published where a key was asked for; NULL if no TXT for a key was asked for. */
static const struct fact *need_key(struct weighing *weighing, struct dkim_key *ret)
{
    struct record record;
    const struct plan_record *wanted = weighing->record;
    if (wanted->type != RRTYPE_TXT || wanted->role != PLAN_DKIM) {
        return NULL;
    }
    const struct fact *own = need_present(weighing, &record);
    if (own == NULL || !dkim_key_parse_txt(record.rdata, weighing->facts->arena, ret)) {
        return NULL;
    }
    note_present(weighing, &record);
    return own;
}

static enum weight weigh_damaged_key(struct weighing *weighing)
{
    struct dkim_key key;
    const struct fact *own = need_key(weighing, &key);
    if (own == NULL || key.state == DKIM_KEY_FOUND || key.state == DKIM_KEY_REVOKED) {
        return WEIGHT_NO;
    }
    weighing->evidence.damage = key.problem.damage;
    heals_after(weighing, own);
    return prove(weighing, own, dkim_damage_text(key.problem.damage));
}

static enum weight weigh_revoked_key(struct weighing *weighing)
{
    struct dkim_key key;
    const struct fact *own = need_key(weighing, &key);
    if (own == NULL || key.state != DKIM_KEY_REVOKED) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "p= is empty");
}

static enum weight weigh_wrong_key(struct weighing *weighing)
{
    struct dkim_key key;
    const struct fact *own = need_key(weighing, &key);
    if (own == NULL || key.state != DKIM_KEY_FOUND) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    return prove(weighing, own, "a well-formed key, but another one");
}

static enum weight weigh_wrong_target(struct weighing *weighing)
{
    struct record record;
    const struct fact *own = need_present(weighing, &record);
    if (own == NULL) {
        return WEIGHT_NO;
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

static enum weight weigh_target_as_text(struct weighing *weighing)
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

static enum weight weigh_text_instead(struct weighing *weighing)
{
    struct record record;
    const bool alias = weighing->record->type == RRTYPE_CNAME;
    const struct fact *text = alias ? need_text(weighing, &record) : NULL;
    if (text == NULL) {
        return WEIGHT_NO;
    }
    note_present(weighing, &record);
    heals_after(weighing, text);
    return prove(weighing, text, "a TXT record instead of the CNAME");
}

/* --- the name exists, the CNAME does not show --- */

/* The answer with a proxy's address at the record's own name; whose it is goes into the evidence.
 */
static const struct fact *need_edge(struct weighing *weighing)
{
    if (need_hidden_cname(weighing) == NULL) {
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

static enum weight weigh_proxied_wildcard(struct weighing *weighing)
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

static enum weight weigh_proxied_tracking(struct weighing *weighing)
{
    return weighing->record->role == PLAN_TRACKING ? prove_edge(weighing) : WEIGHT_NO;
}

static enum weight weigh_proxied(struct weighing *weighing)
{
    return prove_edge(weighing);
}

static enum weight weigh_wildcard_address(struct weighing *weighing)
{
    if (need_hidden_cname(weighing) == NULL) {
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

/* Addresses of the target itself: the provider follows the alias and hides it. */
static enum weight weigh_alias_type(struct weighing *weighing)
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
    prove(weighing, fact, "the target's addresses, without a CNAME");
    return prove(weighing, target, "the target's own addresses");
}

static enum weight weigh_address_instead(struct weighing *weighing)
{
    if (need_hidden_cname(weighing) == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *fact = need_addresses(weighing);
    if (fact == NULL) {
        return WEIGHT_NO;
    }
    heals_after(weighing, need_own(weighing));
    prove(weighing, need_own(weighing), "no CNAME");
    return prove(weighing, fact, "addresses of nobody's edge instead");
}

/* A name without any data, where names that nobody has do not exist, was made by something: a CNAME
 * that is not shown. Where names that nobody has exist too (compact denial, RFC 9824), nothing
 * follows. */
static enum weight weigh_flattened(struct weighing *weighing)
{
    const struct fact *own = need_hidden_cname(weighing);
    if (own == NULL || !has_no_data(need_type(weighing, RRTYPE_TXT)) ||
        !has_no_data(need_type(weighing, RRTYPE_A)) ||
        !has_no_data(need_type(weighing, RRTYPE_AAAA))) {
        return WEIGHT_NO;
    }
    const struct fact *sibling = need_sibling(weighing, RRTYPE_A);
    if (sibling == NULL || !fact_denies_name(sibling)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, own);
    prove(weighing, own, "the name exists, the CNAME does not show");
    prove_also(weighing, need_type(weighing, RRTYPE_A), "nor does it have an address");
    return prove(weighing, sibling, "a name that nobody has does not exist");
}

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

static enum weight weigh_doubled_zone(struct weighing *weighing)
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

static enum weight weigh_no_underscore(struct weighing *weighing)
{
    struct name stripped;
    if (need_absence(weighing) == NULL ||
        !probe_without_underscores(&weighing->record->name, &stripped)) {
        return WEIGHT_NO;
    }
    return prove_elsewhere(weighing, &stripped);
}

static enum weight weigh_no_domainkey(struct weighing *weighing)
{
    struct name stripped;
    if (need_absence(weighing) == NULL ||
        !probe_without_domainkey(&weighing->record->name, &stripped)) {
        return WEIGHT_NO;
    }
    return prove_elsewhere(weighing, &stripped);
}

/* --- nothing is there --- */

static enum weight weigh_missing(struct weighing *weighing)
{
    const struct fact *own = need_own(weighing);
    if (own == NULL) {
        return WEIGHT_NO;
    }
    const bool denied = own->message.rcode == RCODE_NXDOMAIN;
    weighing->class = denied ? CLASS_MISSING_NXDOMAIN : CLASS_MISSING_NODATA;
    heals_after(weighing, own);
    return prove(weighing, own, denied ? "there is no such name" : "the name has no such record");
}

/* --- the table --- */

const struct cause causes[] = {
    {
        .slug = "unregistered",
        .number = "F83",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the domain is not in the DNS",
        .why = "The registry's own servers say that there is no such domain.",
        .fix = "Check the domain's spelling; if it is right, ask the registrar whether it is "
               "registered, or on hold until its owner's address is confirmed.",
        .doc = "NXDOMAIN from the servers of the zone below which domains are registered, with "
               "their own SOA. A domain on hold (F82) and one that was never registered (F83) look "
               "alike in the DNS; the registry's status tells them apart.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_unregistered,
    },
    {
        .slug = "dangling-servers",
        .number = "F88",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the name servers do not exist",
        .why = "The domain is delegated to name servers whose own names lead nowhere.",
        .fix = "Correct the names of the domain's name servers at the registrar.",
        .doc = "The parent's referral names servers without glue, and no address is found for any "
               "of them. Whoever registers such a name takes the domain over.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_dangling_servers,
    },
    {
        .slug = "circular-delegation",
        .number = "F90",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the delegation leads back to itself",
        .why = "The name servers' own addresses lie in the zone that they serve, and the parent "
               "does not give them.",
        .fix = "Have the registrar enter the name servers' addresses (glue), or use name servers "
               "under another domain.",
        .doc = "The parent's referral names servers inside the zone itself and gives no address of "
               "theirs: to find it one would have to ask them.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_circular_delegation,
    },
    {
        .slug = "all-servers-lame",
        .number = "F84",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "no server is in charge of the zone",
        .why = "None of the name servers that the domain is delegated to knows the zone.",
        .fix = "At the registrar, enter the name servers where the zone really is; or load the "
               "zone at those that are entered.",
        .doc = "Every delegated server refuses, refers elsewhere or answers without authority, the "
               "zone's SOA included. Where the SOA is answered, a refusal is REFUSED (F101).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_all_lame,
    },
    {
        .slug = "refused",
        .number = "F101",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the servers refuse the question",
        .why = "The zone's servers are in charge of it, and refuse to answer this question.",
        .fix = "Have whoever runs the name servers allow everybody to ask them.",
        .doc = "REFUSED to the record's question from every server, while the SOA is answered.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_refused,
    },
    {
        .slug = "servfail",
        .number = "F100",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the servers fail",
        .why = "The zone's servers say that they fail.",
        .fix = "Have whoever runs the name servers look into their logs: one record that is not "
               "well-formed can be the reason.",
        .doc = "SERVFAIL from the zone's own servers, asked directly. A resolver's SERVFAIL while "
               "they answer has other causes (F63, F76).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_servfail,
    },
    {
        .slug = "not-understood",
        .number = "F102",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the servers do not understand the question",
        .why = "The zone's servers call the question malformed, or not implemented.",
        .fix = "Have whoever runs the name servers repair them, or move the zone: names with "
               "underscores and TXT records are ordinary.",
        .doc = "FORMERR, NOTIMP or an unusual code from every server, with EDNS and without.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_not_understood,
    },
    {
        .slug = "tcp-blocked",
        .number = "F104",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the answer needs TCP, which is blocked",
        .why = "The answer is too long for a datagram, and the servers do not answer over TCP.",
        .fix = "Have whoever runs the name servers open TCP port 53.",
        .doc = "A UDP answer with TC, and then a refused, reset or silent TCP connection. Lost "
               "fragments (F107) show no TC.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_no_tcp,
    },
    {
        .slug = "mismatched-answers",
        .number = "F109",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "answers to other questions",
        .why = "What the servers send has another ID, another question or another sender.",
        .fix = "Have whoever runs the name servers, or a firewall before them, repair it.",
        .doc = "Datagrams come back, and none of them may be taken for an answer (RFC 5452).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_mismatched,
    },
    {
        .slug = "malformed-answers",
        .number = "F110",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "answers that are no DNS messages",
        .why = "What the servers send cannot be read, or contradicts itself.",
        .fix = "Have whoever runs the name servers, or a firewall before them, repair it.",
        .doc = "A datagram with the right ID that is no message.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_malformed,
    },
    {
        .slug = "silent-servers",
        .number = "F103",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "no server answers",
        .why = "None of the zone's servers answers.",
        .fix = "Check again later; if it lasts, have whoever runs the name servers see whether "
               "they can be reached.",
        .doc = "Silence from every server, asked directly several times, with EDNS and without.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_silent,
    },
    {
        .slug = "stale-server",
        .number = "F86",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a server has an old copy of the zone",
        .why = "The zone's servers say different things, and their copies of the zone differ in "
               "age.",
        .fix = "Have whoever runs the name servers repair the transfer of the zone between them.",
        .doc = "Delegated servers answer differently, and the serial numbers in their SOA records "
               "differ too. What a verifier sees depends on which it happens to ask.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_stale_server,
    },
    {
        .slug = "differing-servers",
        .number = "F87",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "servers say different things",
        .why = "The zone's servers say different things, though their copies of the zone have the "
               "same serial number.",
        .fix = "Have whoever runs the name servers publish the same record at all of them.",
        .doc = "As stale-server, with the same serial number everywhere.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_differing_servers,
    },
    {
        .slug = "circular-chain",
        .number = "F64",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the CNAMEs lead in a circle",
        .why = "The CNAME is as it was asked for, but the way behind it leads back to itself.",
        .fix = "Nothing on the customer's side: the mail provider breaks the circle.",
        .doc = "Followed from zone to zone, a name comes twice. Resolvers say SERVFAIL.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_circular_chain,
    },
    {
        .slug = "target-trouble",
        .number = "F67",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the target's servers do not answer",
        .why =
            "The CNAME is as it was asked for, but the servers of the zone that it leads to give "
            "nothing of use.",
        .fix = "Nothing on the customer's side: the mail provider's name servers have trouble.",
        .doc = "The customer's own servers show the CNAME; silence or an error code comes from "
               "those of its target.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_target_trouble,
    },
    {
        .slug = "long-chain",
        .number = "F63",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "too many CNAMEs in a row",
        .why = "The record is right, but there are more CNAMEs behind it than resolvers follow.",
        .fix = "Nothing on the customer's side: the mail provider shortens the chain.",
        .doc = "Asked server by server the key is found, after more links than some resolvers "
               "follow (Unbound 8, later 11; BIND 11; PowerDNS 10); a resolver says SERVFAIL.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_long_chain,
    },
    {
        .slug = "tcp-refused",
        .number = "F104",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "TCP is blocked at a server",
        .why = "The record is right, but a resolver fails, and a server on the way does not answer "
               "over TCP.",
        .fix = "Have whoever runs that name server open TCP port 53.",
        .doc = "A resolver fails; the server that has the answer gives it over UDP and not over "
               "TCP, which resolvers need for answers that do not fit.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_tcp_stumble,
    },
    {
        .slug = "fragments-lost",
        .number = "F107",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "large datagrams are lost",
        .why = "The record is right, but a resolver fails, and large answers of a server on the "
               "way do not arrive.",
        .fix = "Have whoever runs that name server send at most 1232 octets in a datagram.",
        .doc = "The server answers with a payload size of 1232 octets and is silent with 4096: the "
               "fragments of its datagrams are lost on the way (RFC 9715).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_fragments_lost,
    },
    {
        .slug = "letter-case",
        .number = "F108",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a server minds letter case",
        .why = "The record is right, but a resolver fails, and a server on the way does not take "
               "questions in mixed case.",
        .fix = "Have whoever runs that name server repair it: case does not matter in the DNS.",
        .doc = "The same question is answered in lower case and not in mixed case, which resolvers "
               "use against forgery (0x20).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_case_stumble,
    },
    {
        .slug = "minimisation",
        .number = "F72",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a server stumbles over a shorter name",
        .why = "The record is right, but a resolver fails, and a server on the way does not answer "
               "for the name above the record.",
        .fix = "Have whoever runs that name server repair it: resolvers ask label by label.",
        .doc = "The full name is answered, the name above it meets an error or silence; resolvers "
               "that minimise their questions (RFC 9156) come past it.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_minimisation_stumble,
    },
    {
        .slug = "cached-denial",
        .number = "F74",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a resolver still denies the record",
        .why = "The zone's servers show the record, a resolver still denies it.",
        .fix = "Wait until caches have forgotten the old answer, then check again.",
        .doc = "Every delegated server shows the record; the resolver asked has NXDOMAIN or no "
               "data, kept for the lesser of the SOA's TTL and minimum (RFC 2308 5).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_cached_denial,
    },
    {
        .slug = "cached-value",
        .number = "F77",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a resolver still has the old record",
        .why = "The zone's servers show the record, a resolver still has another one.",
        .fix = "Wait until caches have forgotten the old record, then check again; before the next "
               "change lower its TTL.",
        .doc = "Every delegated server shows the record; the resolver asked has another, whose TTL "
               "runs down.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_cached_value,
    },
    {
        .slug = "cached-failure",
        .number = "F76",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a resolver fails",
        .why = "The zone's servers show the record, a resolver says that it fails.",
        .fix = "Check again in a few minutes: resolvers remember failures for a while.",
        .doc = "SERVFAIL from the resolver asked, while every server of the zone answers well. "
               "Resolvers keep a failure for up to five minutes (RFC 9520).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_cached_failure,
    },
    {
        .slug = "one-server-bad",
        .number = "F85",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "one of the servers does not answer",
        .why =
            "The record is there as it was asked for, but not all of the zone's servers give it.",
        .fix = "Have whoever runs the name servers repair the one that does not answer, or take it "
               "out of the delegation.",
        .doc =
            "Some delegated servers show the record, others are silent, refuse or fail. Look-ups "
            "succeed, some of them late.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_one_server_bad,
    },
    {
        .slug = "several-cnames",
        .number = "F28",
        .verdict = SETUP_DECLINED,
        .class = CLASS_AMBIGUOUS,
        .title = "several CNAMEs at one name",
        .why = "There is more than one CNAME at the name, and readers choose differently.",
        .fix = "Delete all but the CNAME asked for.",
        .doc = "Two CNAMEs at a name are forbidden (RFC 2181 10.1). Told by counting.",
        .weigh = weigh_several_cnames,
    },
    {
        .slug = "several-keys",
        .number = "F34",
        .verdict = SETUP_DECLINED,
        .class = CLASS_AMBIGUOUS,
        .title = "several TXT records at the selector",
        .why = "There is more than one TXT record at the selector, and readers choose differently.",
        .fix = "Keep only the key asked for, and move other TXT records to other names.",
        .doc =
            "What several TXT records at a selector mean is undefined (RFC 6376 3.6.2.2), be they "
            "keys (F34), foreign text beside one (F33) or halves of one (F35). Told by counting.",
        .weigh = weigh_several_keys,
    },
    {
        .slug = "dangling-target",
        .number = "F65",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_PRESENT,
        .title = "the target does not exist",
        .why = "The CNAME is as it was asked for, but the name it leads to does not exist.",
        .fix = "Nothing on the customer's side: the mail provider creates the target.",
        .doc = "NXDOMAIN with the CNAME in the answer: the owner exists, the target does not (RFC "
               "6604). The customer's record is right, so it is never declined.",
        .weigh = weigh_dangling,
    },
    {
        .slug = "target-without-key",
        .number = "F66",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_PRESENT,
        .title = "the target has no key",
        .why = "The CNAME is as it was asked for, but there is no key where it leads to.",
        .fix = "Nothing on the customer's side: the mail provider publishes the key.",
        .doc =
            "NOERROR with the CNAME and no TXT: the SOA is of the provider's zone. The customer's "
            "record is right, so it is never declined.",
        .weigh = weigh_empty_target,
    },
    {
        .slug = "cached-absence",
        .number = "F74",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "an old answer is still cached",
        .why = "One answer shows the record as it was asked for, another still denies it: probably "
               "kept by a cache from before.",
        .fix = "Wait until caches have forgotten the old answer, then check again.",
        .doc =
            "The record shows in the answer to one type of question and not in that to another. A "
            "cache keeps a denial for the lesser of the SOA's TTL and minimum (RFC 2308 5). Asked "
            "through a resolver this cannot be told from servers that treat types differently, "
            "so it is not declined.",
        .weigh = weigh_cached_absence,
    },
    {
        .slug = "missing-dot",
        .number = "F11",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "no final dot on the target",
        .why = "The record's target is the right one with the zone's own name after it.",
        .fix = "Write the target with a final dot, or without the zone's name if the form adds it.",
        .doc = "In a zone file a name without a final dot is relative to the zone. The target is "
               "exactly the one asked for, followed by an ancestor of the record's own name; a "
               "dangling target (F65) ends in the provider's zone.",
        .weigh = weigh_missing_dot,
    },
    {
        .slug = "wildcard-record",
        .number = "F30",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a wildcard answers instead",
        .why = "What is there comes from a wildcard: a name that nobody has gives the same.",
        .fix = "Add the record asked for; it wins over the wildcard.",
        .doc =
            "A wildcard answers for names that do not exist (RFC 4592). A random name beside the "
            "record's own gives the same target; a wrong target (F13) does not.",
        .weigh = weigh_wildcard_record,
    },
    {
        .slug = "wildcard-text",
        .number = "F31",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a wildcard TXT answers instead",
        .why = "The record is missing, and a wildcard TXT answers in its place.",
        .fix = "Add the record asked for; it wins over the wildcard.",
        .doc =
            "A random name beside the record's own gives the same TXT, an SPF record perhaps. The "
            "class is wrong where a TXT was asked for, missing-nodata where a CNAME was.",
        .weigh = weigh_wildcard_text,
    },
    {
        .slug = "damaged-key",
        .number = NULL, /* by its damage */
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the key's text is damaged",
        .why = "There is a TXT record, but it is no DKIM key record.",
        .fix = "Replace the record's text by the one asked for, copied whole.",
        .doc =
            "The record breaks the syntax of RFC 6376 3.6.1; F14, F31, F35 to F47, F49 to F51 and "
            "F62 of the catalogue are told apart by the octet at which it does.",
        .weigh = weigh_damaged_key,
    },
    {
        .slug = "revoked-key",
        .number = "F48",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the key is revoked",
        .why = "The published key is empty, which revokes it.",
        .fix = "Publish the key asked for.",
        .doc = "An empty p= revokes a key (RFC 6376 3.6.1); a missing p= is damage (F49).",
        .weigh = weigh_revoked_key,
    },
    {
        .slug = "wrong-key",
        .number = "F61",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "another key is published",
        .why = "A sound key is published, but not the one asked for.",
        .fix = "Replace the record's text by the one asked for.",
        .doc = "Keys are compared as numbers, so that other white space or tags are no difference.",
        .weigh = weigh_wrong_key,
    },
    {
        .slug = "wrong-target",
        .number = "F13",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the record says something else",
        .why = "There is a record of the right type at the name, but with another value.",
        .fix = "Replace the record's value by the one asked for.",
        .doc =
            "The value is compared with the one asked for, names without regard to case. The look-"
            "alikes with a better name (F11, F30, F61) are ruled out first.",
        .weigh = weigh_wrong_target,
    },
    {
        .slug = "target-as-text",
        .number = "F14",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the target was typed as TXT",
        .why = "The name has a TXT record whose text is the CNAME's target.",
        .fix = "Delete the TXT record and add the same value as a CNAME.",
        .doc = "The TXT at the name holds exactly the target.",
        .weigh = weigh_target_as_text,
    },
    {
        .slug = "text-instead",
        .number = NULL,
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a TXT record instead of the CNAME",
        .why = "The name has a TXT record where a CNAME was asked for.",
        .fix =
            "Delete the TXT record and add the CNAME, so that the mail provider can renew its key.",
        .doc = "A TXT at the name itself, not behind a CNAME and not from a wildcard. A provider "
               "allows one beside a proxied CNAME too; the customer has to settle this first.",
        .weigh = weigh_text_instead,
    },
    {
        .slug = "proxied-wildcard",
        .number = "F02",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NODATA,
        .title = "a proxied wildcard answers instead",
        .why = "The record is missing or hidden, and a proxied wildcard answers in its place.",
        .fix = "Add the CNAME, not proxied; it wins over the wildcard.",
        .doc = "Addresses of a proxy at the name, and the same at a random name beside it.",
        .weigh = weigh_proxied_wildcard,
    },
    {
        .slug = "proxied-tracking",
        .number = "F08",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_HIDDEN_BY_PROXY,
        .title = "the tracking host is proxied",
        .why = "The tracking host is behind a proxy, which hides the CNAME but may serve it well.",
        .fix = "Check the host by fetching from it over HTTPS; the DNS cannot tell.",
        .doc =
            "As proxied, for a tracking host. A proxy in front of it can be legitimate, so it is "
            "never declined for that.",
        .weigh = weigh_proxied_tracking,
    },
    {
        .slug = "proxied",
        .number = "F01",
        .verdict = SETUP_DECLINED,
        .class = CLASS_HIDDEN_BY_PROXY,
        .title = "a proxy hides the CNAME",
        .why = "The name answers with addresses of a proxy, which hides the CNAME and everything "
               "behind it.",
        .fix = "Turn the proxy off for this record, so that the DNS shows the CNAME itself.",
        .doc =
            "CNAME and TXT are NODATA, and an address look-up at the name gives an address in a "
            "proxy's published range. NODATA alone is no proof: a flattened name (F04) has no "
            "address, an ALIAS (F06) has its target's, a wildcard (F02, F29) gives the same at a "
            "random name.",
        .weigh = weigh_proxied,
    },
    {
        .slug = "wildcard-address",
        .number = "F29",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NODATA,
        .title = "a wildcard masks that the record is missing",
        .why =
            "The record is missing; a wildcard with addresses makes the name exist all the same.",
        .fix = "Add the CNAME; it wins over the wildcard.",
        .doc = "Addresses at the name, in nobody's edge, and the same at a random name beside it.",
        .weigh = weigh_wildcard_address,
    },
    {
        .slug = "alias-type",
        .number = "F06",
        .verdict = SETUP_DECLINED,
        .class = CLASS_FLATTENED,
        .title = "the target's addresses instead of the CNAME",
        .why = "The name gives the target's addresses but not the CNAME: an ALIAS or ANAME, or a "
               "CNAME that the DNS provider flattens.",
        .fix = "Use the record type CNAME, and turn CNAME flattening off for it.",
        .doc = "The name and the target share an address. ALIAS, ANAME and flattening of a target "
               "with addresses look alike from outside.",
        .weigh = weigh_alias_type,
    },
    {
        .slug = "address-instead",
        .number = NULL,
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "addresses instead of the CNAME",
        .why = "The name has addresses where a CNAME was asked for.",
        .fix = "Delete the address records and add the CNAME.",
        .doc = "Addresses at this very name that are neither a proxy's, a wildcard's nor the "
               "target's. A proxy whose ranges are not known looks the same.",
        .weigh = weigh_address_instead,
    },
    {
        .slug = "flattened",
        .number = "F04",
        .verdict = SETUP_DECLINED,
        .class = CLASS_FLATTENED,
        .title = "the CNAME is flattened away",
        .why = "The name exists but has nothing at all: the DNS provider follows the CNAME itself "
               "and finds no address to show.",
        .fix = "Turn CNAME flattening off for this record.",
        .doc = "CNAME, TXT, A and AAAA are NODATA, while a random name beside it does not exist. A "
               "proxied name (F01) has addresses. Where every name seems to exist (compact denial, "
               "F73) it is called missing instead.",
        .weigh = weigh_flattened,
    },
    {
        .slug = "doubled-zone",
        .number = "F10",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the zone's name is in the name twice",
        .why = "The record is at the name asked for with the zone's name after it once more.",
        .fix = "Enter only the part of the name to the left of the zone's name.",
        .doc = "Many web forms add the zone's name to what is typed. The record answers at the "
               "doubled name; one that is not published at all (F23) does not.",
        .weigh = weigh_doubled_zone,
    },
    {
        .slug = "no-underscore",
        .number = "F16",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the underscore is missing",
        .why = "The record is at the same name without its underscore.",
        .fix = "Enter the name with its underscore; if the DNS provider refuses it, delegate the "
               "name or move the zone.",
        .doc = "The record answers at the name without underscores.",
        .weigh = weigh_no_underscore,
    },
    {
        .slug = "no-domainkey",
        .number = "F15",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "_domainkey is missing from the name",
        .why = "The record is at the selector directly below the domain, without _domainkey.",
        .fix = "Enter the name as selector, _domainkey, domain.",
        .doc = "The record answers at the name without its _domainkey label.",
        .weigh = weigh_no_domainkey,
    },
    {
        .slug = "missing",
        .number = "F23",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the record is not there",
        .why = "The DNS says that there is no such record.",
        .fix = "Add the record at the name servers that the domain is delegated to.",
        .doc = "What is left when every look-alike is ruled out. The class says whether the name "
               "exists (missing-nodata) or not (missing-nxdomain). From outside a record not yet "
               "published (F23), typed at another DNS host (F17) or lost in a move (F18) are the "
               "same.",
        .weigh = weigh_missing,
    },
    {
        .slug = "temporary",
        .number = NULL,
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the DNS could not be asked",
        .why = "A question met with silence or an error, so nothing can be said.",
        .fix = "Check again later.",
        .doc = "Silence, SERVFAIL, REFUSED and the like say nothing about a record, so it is never "
               "declined for them: not even where only a question met with trouble that would have "
               "told two causes apart.",
        .weigh = NULL,
    },
    {.slug = NULL},
};

const struct cause *const cause_temporary = &causes[sizeof causes / sizeof causes[0] - 2];

const struct cause *cause_find(struct bytes slug)
{
    for (const struct cause *cause = causes; cause->slug != NULL; cause++) {
        if (bytes_are(slug, cause->slug)) {
            return cause;
        }
    }
    return NULL;
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
