/* Causes that show between the name servers and a resolver: caches, and what a resolver stumbles
 * over while the servers are right. */
#include "inspect/cause_rows.h"
#include "inspect/servers.h"
#include "inspect/survey.h"
#include "wire/rrtype.h"

#define CHAIN_LINKS_SAFE 8 /* that every resolver known follows (old Unbound: 8) */

/* --- the way behind the CNAME --- */

/* What came of looking for the key behind a CNAME that is right; NULL if there is none, or while
 * that is open. */
static const struct fact *behind_alias(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    const struct plan_record *record = weighing->record;
    if (servers == NULL || servers->showing == 0 || record->type != RRTYPE_CNAME ||
        record->role != PLAN_DKIM) {
        return NULL;
    }
    return survey_answer(weighing, &record->name, RRTYPE_TXT);
}

enum weight weigh_circular_chain(struct weighing *weighing)
{
    const struct fact *key = behind_alias(weighing);
    if (key == NULL || key->trouble != TROUBLE_CHAIN) {
        return WEIGHT_NO;
    }
    return prove(weighing, key, "the CNAMEs come to no end");
}

enum weight weigh_target_trouble(struct weighing *weighing)
{
    const struct fact *key = behind_alias(weighing);
    if (key == NULL || key->kind != FACT_TROUBLE || key->trouble == TROUBLE_CHAIN ||
        key->trouble == TROUBLE_SPENT) {
        return WEIGHT_NO;
    }
    return prove(weighing, key, "the CNAME is there, the servers behind it give nothing of use");
}

/* --- the resolver says otherwise --- */

/* The resolver's answer that does not show what the servers show: to the record's own question, or
 * to that for the key behind it. NULL if there is none. */
static const struct fact *contradiction(const struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->resolved == NULL) {
        return NULL;
    }
    if (servers->resolved->kind == FACT_ANSWER && !shows_value(weighing, servers->resolved)) {
        return servers->resolved;
    }
    const struct fact *key = servers->resolved_key;
    struct fact_cursor cursor = {0};
    struct record record;
    const bool keyless = key != NULL && key->kind == FACT_ANSWER &&
                         !fact_next_record(key, RRTYPE_TXT, &cursor, &record);
    return keyless && key != servers->resolved ? key : NULL;
}

/* True if there is a record of the type asked for. */
static bool has_any(const struct fact *fact)
{
    struct fact_cursor cursor = {0};
    struct record record;
    return fact_next_record(fact, fact->probe.type, &cursor, &record);
}

static enum weight prove_contradiction(struct weighing *weighing, bool denial, const char *shows)
{
    const struct fact *fact = contradiction(weighing);
    if (fact == NULL || has_any(fact) == denial) {
        return WEIGHT_NO;
    }
    heals_after(weighing, fact);
    prove(weighing, fact, shows);
    return prove(weighing, weighing->servers->survey.answer, "a server of the zone shows it");
}

enum weight weigh_cached_denial(struct weighing *weighing)
{
    return prove_contradiction(weighing, true, "a resolver denies the record");
}

enum weight weigh_cached_value(struct weighing *weighing)
{
    return prove_contradiction(weighing, false, "a resolver has another record");
}

/* The resolver's trouble, if it says so itself: silence may be the network's. */
static const struct fact *resolver_trouble(const struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->resolved == NULL) {
        return NULL;
    }
    if (servers->resolved->trouble == TROUBLE_RCODE) {
        return servers->resolved;
    }
    const struct fact *key = servers->resolved_key;
    return key != NULL && key->trouble == TROUBLE_RCODE ? key : NULL;
}

static size_t count_links(const struct fact *fact)
{
    struct record_walk walk = record_walk_start(&fact->message, SECTION_ANSWER);
    struct record record;
    size_t links = 0;
    while (record_next(&walk, &record)) {
        links += record.type == RRTYPE_CNAME;
    }
    return links;
}

enum weight weigh_long_chain(struct weighing *weighing)
{
    const struct fact *trouble = resolver_trouble(weighing);
    const struct fact *key = trouble == NULL ? NULL : behind_alias(weighing);
    if (key == NULL || key->kind != FACT_ANSWER || count_links(key) <= CHAIN_LINKS_SAFE) {
        return WEIGHT_NO;
    }
    prove(weighing, trouble, "a resolver gives up");
    return prove(weighing, key, "more CNAMEs in a row than resolvers follow");
}

/* Asks the server that gives the key (or the record itself) again, in another manner. */
static const struct fact *ask_end(struct weighing *weighing, enum probe_manner manner)
{
    const struct plan_record *record = weighing->record;
    const bool behind = record->type == RRTYPE_CNAME && record->role == PLAN_DKIM;
    const uint16_t type = behind ? RRTYPE_TXT : record->type;
    const struct fact *whole = behind ? behind_alias(weighing) : weighing->servers->survey.answer;
    if (whole == NULL || whole->kind != FACT_ANSWER) {
        return NULL;
    }
    struct name end;
    struct survey survey;
    fact_chain_end(whole, &end);
    survey_walk(weighing, &end, type, &survey);
    if (survey.state != SURVEY_FOUND) {
        return NULL;
    }
    const struct probe probe = probe_at(&survey.answer->probe.server, &end, type, manner);
    return ask(weighing, &probe);
}

/* The same of a server of the record's own zone. */
static const struct fact *ask_start(struct weighing *weighing, enum probe_manner manner)
{
    const struct plan_record *record = weighing->record;
    const struct fact *answer = weighing->servers->survey.answer;
    const struct probe probe = probe_at(&answer->probe.server, &record->name, record->type, manner);
    return ask(weighing, &probe);
}

static bool is_trouble(const struct fact *fact)
{
    return fact != NULL && fact->kind == FACT_TROUBLE && fact->trouble != TROUBLE_SPENT;
}

/* A server that answers in the plain manner does not in this one, where a resolver fails. */
static enum weight prove_stumble(struct weighing *weighing, enum probe_manner manner,
                                 const char *shows)
{
    const struct fact *trouble = resolver_trouble(weighing);
    if (trouble == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *start = ask_start(weighing, manner);
    const struct fact *end = is_trouble(start) ? start : ask_end(weighing, manner);
    if (!is_trouble(end)) {
        return WEIGHT_NO;
    }
    prove(weighing, trouble, "a resolver says that it fails");
    return prove(weighing, end, shows);
}

enum weight weigh_tcp_stumble(struct weighing *weighing)
{
    return prove_stumble(weighing, MANNER_TCP, "a server answers over UDP and not over TCP");
}

enum weight weigh_fragments_lost(struct weighing *weighing)
{
    return prove_stumble(weighing, MANNER_LARGE,
                         "a server answers small datagrams, and large ones do not arrive");
}

enum weight weigh_case_stumble(struct weighing *weighing)
{
    return prove_stumble(weighing, MANNER_MIXED_CASE,
                         "a server stumbles over letters of mixed case");
}

/* A resolver that minimises its questions asks for the name above first (RFC 9156). */
enum weight weigh_minimisation_stumble(struct weighing *weighing)
{
    const struct fact *trouble = resolver_trouble(weighing);
    struct name parent;
    if (trouble == NULL || !name_parent(&weighing->record->name, &parent) ||
        parent.labels <= weighing->servers->survey.zone.cut.labels) {
        return WEIGHT_NO;
    }
    const struct fact *above =
        survey_ask(weighing, &weighing->servers->survey.answer->probe.server, &parent, RRTYPE_A);
    if (!is_trouble(above)) {
        return WEIGHT_NO;
    }
    prove(weighing, trouble, "a resolver says that it fails");
    return prove(weighing, above, "a server stumbles over the name above");
}

enum weight weigh_cached_failure(struct weighing *weighing)
{
    const struct fact *trouble = resolver_trouble(weighing);
    if (trouble == NULL) {
        return WEIGHT_NO;
    }
    prove(weighing, trouble, "a resolver says that it fails");
    return prove(weighing, weighing->servers->survey.answer, "a server of the zone shows it");
}
