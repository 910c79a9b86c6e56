/* Causes that show between the name servers and a resolver: caches, and what a resolver stumbles
 * over while the servers are right. */
#include "inspect/cause_rows.h"
#include "inspect/servers.h"
#include "inspect/survey.h"
#include "inspect/weighing.h"
#include "resolver/special.h"
#include "wire/edns.h"
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
    if (key == NULL || key->trouble != TROUBLE_CIRCLE) {
        return WEIGHT_NO;
    }
    return prove(weighing, key, "the CNAMEs come to no end");
}

enum weight weigh_endless_chain(struct weighing *weighing)
{
    const struct fact *key = behind_alias(weighing);
    if (key == NULL || key->trouble != TROUBLE_LONG_CHAIN) {
        return WEIGHT_NO;
    }
    return prove(weighing, key, "more CNAMEs in a row than anybody follows");
}

enum weight weigh_target_trouble(struct weighing *weighing)
{
    const struct fact *key = behind_alias(weighing);
    if (key == NULL || key->kind != FACT_TROUBLE || key->trouble == TROUBLE_CIRCLE ||
        key->trouble == TROUBLE_LONG_CHAIN || key->trouble == TROUBLE_SPENT) {
        return WEIGHT_NO;
    }
    return prove(weighing, key, "the CNAME is there, the servers behind it give nothing of use");
}

/* --- the same name, by type --- */

/* The answer to `type` at the record's name; NULL where there is none, or while that is open. */
static const struct fact *look_for(struct weighing *weighing, uint16_t type)
{
    const struct fact *fact = survey_answer(weighing, &weighing->record->name, type);
    return fact != NULL && fact->kind == FACT_ANSWER ? fact : NULL;
}

/* CNAME and other data: both types are answered at the name itself. */
static enum weight prove_beside_cname(struct weighing *weighing, uint16_t type, const char *shows)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->speaking == 0) {
        return WEIGHT_NO;
    }
    const struct fact *alias = look_for(weighing, RRTYPE_CNAME);
    const struct fact *other = alias == NULL ? NULL : look_for(weighing, type);
    struct fact_cursor cursor = {0};
    struct record found;
    struct name target;
    if (other == NULL || !fact_alias(alias, &target, NULL) || fact_alias(other, &target, NULL) ||
        !fact_next_record(other, type, &cursor, &found)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, other);
    prove(weighing, alias, "a CNAME");
    return prove(weighing, other, shows);
}

enum weight weigh_cname_and_text(struct weighing *weighing)
{
    const uint16_t type = weighing->record->type;
    return type == RRTYPE_CNAME || type == RRTYPE_TXT
               ? prove_beside_cname(weighing, RRTYPE_TXT, "and a TXT at the very same name")
               : WEIGHT_NO;
}

/* An MX is asked for by itself, or is what a return path leads to. */
enum weight weigh_cname_and_mail(struct weighing *weighing)
{
    const struct plan_record *record = weighing->record;
    const bool bounces = record->type == RRTYPE_CNAME && record->role == PLAN_RETURN_PATH;
    return bounces || record->type == RRTYPE_MX
               ? prove_beside_cname(weighing, RRTYPE_MX, "and an MX at the very same name")
               : WEIGHT_NO;
}

/* The same of the name that a CNAME leads to. */
static enum weight prove_target_denied_by_type(struct weighing *weighing, const struct fact *key)
{
    struct name end;
    struct name alias;
    if (key->message.rcode != RCODE_NXDOMAIN || !fact_alias(key, &alias, NULL)) {
        return WEIGHT_NO;
    }
    fact_chain_end(key, &end);
    const struct fact *other = survey_answer(weighing, &end, RRTYPE_A);
    if (other == NULL || other->kind != FACT_ANSWER || other->message.rcode != RCODE_NOERROR) {
        return WEIGHT_NO;
    }
    prove(weighing, key, "to one type of question: no such name");
    return prove(weighing, other, "to another type: the name exists");
}

/* One type of question shows the CNAME, another denies the whole name. */
enum weight weigh_denied_by_type(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    const struct plan_record *record = weighing->record;
    if (servers == NULL || servers->speaking == 0 ||
        (record->type != RRTYPE_CNAME && record->type != RRTYPE_TXT)) {
        return WEIGHT_NO;
    }
    const struct fact *own = look_for(weighing, record->type);
    const uint16_t other = own != NULL && fact_denies_name(own) ? RRTYPE_A : RRTYPE_TXT;
    const struct fact *second = own == NULL ? NULL : look_for(weighing, other);
    if (second == NULL) {
        return WEIGHT_NO;
    }
    if (fact_denies_name(own) == fact_denies_name(second)) {
        return prove_target_denied_by_type(weighing, second);
    }
    const bool first_denies = fact_denies_name(own);
    prove(weighing, first_denies ? own : second, "to one type of question: no such name");
    return prove(weighing, first_denies ? second : own, "to another type: the name exists");
}

/* --- the resolver says otherwise --- */

/* The one of a resolver's two answers that does not show what the servers show: to the record's own
 * question, or to that for the key behind it. NULL if there is none. */
static const struct fact *contradiction_in(const struct weighing *weighing,
                                           const struct fact *resolved, const struct fact *key)
{
    if (resolved->kind == FACT_ANSWER && !shows_value(weighing, resolved)) {
        return resolved;
    }
    struct fact_cursor cursor = {0};
    struct record record;
    const bool keyless = key != NULL && key->kind == FACT_ANSWER &&
                         !fact_next_record(key, RRTYPE_TXT, &cursor, &record);
    return keyless && key != resolved ? key : NULL;
}

/* The same at the first look. */
static const struct fact *contradiction(const struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->resolved == NULL) {
        return NULL;
    }
    return contradiction_in(weighing, servers->resolved, servers->resolved_key);
}

/* True if there is a record of the type asked for. */
static bool has_any(const struct fact *fact)
{
    struct fact_cursor cursor = {0};
    struct record record;
    return fact_next_record(fact, fact->probe.type, &cursor, &record);
}

/* What a resolver says when it is asked once more (P12); the first look where no wait was allowed,
 * or where nothing better came. NULL while that is open. */
static const struct fact *look_again(struct weighing *weighing, const struct fact *first)
{
    const duration_ns wait = weighing->record->hints.wait;
    if (wait == 0 || first == NULL) {
        return first;
    }
    const struct probe probe = probe_again(&first->probe, wait);
    const struct fact *second = ask(weighing, &probe);
    return second == NULL || second->kind == FACT_ANSWER ? second : first;
}

/* The contradiction that is left after the wait allowed: NULL if it is over, or while that is open.
 * `ret_first` receives the first look at the same question. */
static const struct fact *lasting_contradiction(struct weighing *weighing,
                                                const struct fact **ret_first)
{
    const struct servers *servers = servers_of(weighing);
    if (contradiction(weighing) == NULL) {
        return NULL;
    }
    const struct fact *resolved = look_again(weighing, servers->resolved);
    const struct fact *key = servers->resolved_key == servers->resolved
                                 ? resolved
                                 : look_again(weighing, servers->resolved_key);
    if (resolved == NULL || (key == NULL && servers->resolved_key != NULL)) {
        return NULL;
    }
    const struct fact *left = contradiction_in(weighing, resolved, key);
    *ret_first = left == resolved ? servers->resolved : servers->resolved_key;
    return left;
}

/* True if an answer has grown older between two looks: it comes from a cache. */
static bool runs_down(const struct fact *first, const struct fact *second)
{
    return fact_lifetime_s(second) < fact_lifetime_s(first);
}

static enum weight prove_contradiction(struct weighing *weighing, bool denial, const char *shows)
{
    const struct fact *first;
    const struct fact *fact = lasting_contradiction(weighing, &first);
    if (fact == NULL || has_any(fact) == denial) {
        return WEIGHT_NO;
    }
    heals_after(weighing, fact);
    prove(weighing, first, shows);
    if (fact != first && runs_down(first, fact)) {
        prove(weighing, fact, "asked once more, it is older: it comes from a cache");
        weighing->evidence.detail =
            "Asked once more, its answer has grown older: a cache keeps it.";
    }
    return prove(weighing, weighing->servers->survey.answer, "a server of the zone shows it");
}

/* The resolver gets another answer, and gets it anew: no cache will forget it. */
enum weight weigh_differs_by_resolver(struct weighing *weighing)
{
    const struct fact *first;
    const struct fact *fact =
        weighing->record->hints.wait == 0 ? NULL : lasting_contradiction(weighing, &first);
    if (fact == NULL || fact == first || runs_down(first, fact)) {
        return WEIGHT_NO;
    }
    prove(weighing, first, "a resolver has another answer");
    prove(weighing, fact, "asked once more, the answer is no older: it comes from no cache");
    return prove(weighing, weighing->servers->survey.answer, "a server of the zone shows it");
}

enum weight weigh_cached_denial(struct weighing *weighing)
{
    return prove_contradiction(weighing, true, "a resolver denies the record");
}

enum weight weigh_cached_value(struct weighing *weighing)
{
    const enum weight weight =
        prove_contradiction(weighing, false, "a resolver has another record");
    if (weight == WEIGHT_YES) {
        weighing->evidence.detail = "Or the servers answer by where one asks from (F92).";
        may_be(weighing, "F92");
    }
    return weight;
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

enum weight weigh_many_links(struct weighing *weighing)
{
    const struct fact *key = behind_alias(weighing);
    return key != NULL && key->kind == FACT_ANSWER && count_links(key) > CHAIN_LINKS_SAFE
               ? prove(weighing, key, "more CNAMEs in a row than every resolver follows")
               : WEIGHT_NO;
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
static enum weight prove_stumble(struct weighing *weighing, enum probe_manner manner, bool silent,
                                 const char *shows)
{
    const struct fact *trouble = resolver_trouble(weighing);
    if (trouble == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *start = ask_start(weighing, manner);
    const struct fact *end = is_trouble(start) ? start : ask_end(weighing, manner);
    if (!is_trouble(end) || (silent && end->trouble != TROUBLE_SILENCE)) {
        return WEIGHT_NO;
    }
    prove(weighing, trouble, "a resolver says that it fails");
    return prove(weighing, end, shows);
}

enum weight weigh_tcp_stumble(struct weighing *weighing)
{
    return prove_stumble(weighing, MANNER_TCP, false, "a server answers over UDP and not over TCP");
}

enum weight weigh_fragments_lost(struct weighing *weighing)
{
    return prove_stumble(weighing, MANNER_LARGE, true,
                         "a server answers small datagrams, and large ones do not arrive");
}

/* What came of asking a server of the record's zone in mixed case, if it minds: an error, a denial
 * or a question that came back in other letters. NULL if it does not, or while that is open. */
static const struct fact *case_minded(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->survey.answer == NULL) {
        return NULL;
    }
    const struct fact *plain = ask_start(weighing, MANNER_PLAIN);
    const struct fact *fact =
        plain == NULL || is_trouble(plain) ? NULL : ask_start(weighing, MANNER_MIXED_CASE);
    if (fact == NULL || fact->trouble == TROUBLE_SPENT || fact->trouble == TROUBLE_SILENCE) {
        return NULL; /* silence may be the network's */
    }
    const struct fact *again = is_trouble(fact) ? ask_start(weighing, MANNER_SMALL) : plain;
    if (again == NULL || is_trouble(again)) {
        return NULL; /* it was asked too often, not in the wrong letters */
    }
    struct client_question asked;
    const struct endpoint nobody = {0};
    probe_question(&fact->probe, &nobody, &asked);
    if (fact->replied && fact->message.forgiven != 0) {
        return NULL; /* there is more wrong with it than letters */
    }
    const bool repeats =
        fact->replied && name_ref_identical(fact->message.question.name, &asked.name);
    /* What one server says: the value itself may be behind a CNAME, at another. */
    const bool same = fact->kind == FACT_ANSWER && plain->kind == FACT_ANSWER &&
                      fact->message.rcode == plain->message.rcode && answers_agree(plain, fact);
    return fact->kind == FACT_ANSWER && repeats && (same || shows_value(weighing, fact)) ? NULL
                                                                                         : fact;
}

/* A resolver fails or denies, and a server minds letter case. */
enum weight weigh_case_stumble(struct weighing *weighing)
{
    const struct fact *trouble = resolver_trouble(weighing);
    const struct fact *bad = trouble != NULL ? trouble : contradiction(weighing);
    const struct fact *minded = bad == NULL ? NULL : case_minded(weighing);
    if (minded == NULL) {
        return WEIGHT_NO;
    }
    prove(weighing, bad, "a resolver fails, or denies the record");
    return prove(weighing, minded, "a server stumbles over letters of mixed case");
}

/* A server that has answered the question refuses it now, in whatever letters. */
enum weight weigh_rate_limited(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->survey.answer == NULL ||
        is_trouble(ask_start(weighing, MANNER_PLAIN))) {
        return WEIGHT_NO;
    }
    const struct fact *fact = ask_start(weighing, MANNER_MIXED_CASE);
    const struct fact *again = is_trouble(fact) ? ask_start(weighing, MANNER_SMALL) : NULL;
    return again != NULL && again->trouble == TROUBLE_RCODE
               ? prove(weighing, again, "an error for what was answered before")
               : WEIGHT_NO;
}

enum weight weigh_minds_case(struct weighing *weighing)
{
    const struct fact *minded = case_minded(weighing);
    return minded == NULL ? WEIGHT_NO
                          : prove(weighing, minded, "a question in letters of mixed case");
}

/* A resolver fails, and a server's messages are not well-formed. */
enum weight weigh_sloppy_stumble(struct weighing *weighing)
{
    const uint32_t question_faults = MESSAGE_BIT(MESSAGE_HEADER_ONLY) |
                                     MESSAGE_BIT(MESSAGE_QUESTION_MISSING) |
                                     MESSAGE_BIT(MESSAGE_QUESTION_SEVERAL);
    const struct fact *trouble = resolver_trouble(weighing);
    const struct servers *servers = servers_of(weighing);
    for (size_t i = 0; trouble != NULL && i < servers->count; i++) {
        const struct fact *fact = servers->sights[i].fact;
        if (fact->replied && fact->message.forgiven != 0) {
            const bool question = (fact->message.forgiven & question_faults) != 0;
            weighing->evidence.number = question ? "F109" : "F110";
            prove(weighing, trouble, "a resolver says that it fails");
            return prove(weighing, fact, "a message that strict readers refuse");
        }
    }
    return WEIGHT_NO;
}

/* What came of asking with an EDNS option, if that is an error or silence, and the same question
 * without one is answered still. NULL if not, or while that is open. */
static const struct fact *option_minded(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->survey.answer == NULL ||
        is_trouble(ask_start(weighing, MANNER_PLAIN))) {
        return NULL;
    }
    const struct fact *fact = ask_start(weighing, MANNER_OPTION);
    const struct fact *again = is_trouble(fact) ? ask_start(weighing, MANNER_SMALL) : NULL;
    return again != NULL && !is_trouble(again) && again->trouble != TROUBLE_SPENT ? fact : NULL;
}

enum weight weigh_option_stumble(struct weighing *weighing)
{
    const struct fact *trouble = resolver_trouble(weighing);
    const struct fact *minded = trouble == NULL ? NULL : option_minded(weighing);
    if (minded == NULL) {
        return WEIGHT_NO;
    }
    prove(weighing, trouble, "a resolver says that it fails");
    return prove(weighing, minded, "what a server says to a question with an EDNS option");
}

enum weight weigh_minds_options(struct weighing *weighing)
{
    const struct fact *minded = option_minded(weighing);
    return minded == NULL || minded->trouble == TROUBLE_SILENCE
               ? WEIGHT_NO /* silence may be the network's */
               : prove(weighing, minded, "a question with an EDNS option");
}

/* True if the server says that its answer holds for a part of the world only (RFC 7871 7.2.1). */
static bool answers_by_place(const struct fact *fact)
{
    struct client_subnet subnet;
    return fact != NULL && fact->replied && fact->message.edns.present &&
           client_subnet_find(fact->message.edns.options, &subnet) && subnet.scope > 0;
}

/* Servers that answer by the network for which they are asked, and have another answer elsewhere.
 * Only who says that it does so is asked on. */
enum weight weigh_differs_by_place(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->survey.answer == NULL ||
        !answers_by_place(ask_start(weighing, MANNER_OPTION))) {
        return WEIGHT_NO;
    }
    for (unsigned manner = MANNER_PLACES; manner < MANNER_PLACES_END; manner++) {
        const struct fact *fact = ask_start(weighing, (enum probe_manner)manner);
        if (fact != NULL && fact->kind == FACT_ANSWER && !shows_value(weighing, fact) &&
            !answers_agree(servers->survey.answer, fact)) {
            heals_after(weighing, fact);
            prove(weighing, servers->survey.answer, "the record, asked from here");
            return prove(weighing, fact, "another answer, asked for somebody elsewhere");
        }
    }
    return WEIGHT_NO;
}

/* A resolver fails, and a server answers well only without EDNS. */
enum weight weigh_edns_stumble(struct weighing *weighing)
{
    const struct fact *trouble = resolver_trouble(weighing);
    const struct fact *end = trouble == NULL ? NULL : ask_start(weighing, MANNER_PLAIN);
    end = trouble == NULL || is_trouble(end) ? end : ask_end(weighing, MANNER_PLAIN);
    if (!is_trouble(end) ||
        (end->trouble == TROUBLE_SILENCE && survey_knows_edns(weighing, &end->probe.server))) {
        return WEIGHT_NO; /* silence is EDNS' only where it is never broken with it */
    }
    weighing->evidence.number = end->trouble == TROUBLE_CUT         ? "F105"
                                : end->trouble == TROUBLE_MALFORMED ? "F110"
                                                                    : NULL;
    prove(weighing, trouble, "a resolver says that it fails");
    return prove(weighing, end, "what a server says to a question with EDNS");
}

/* A resolver has only the CNAME, and the key's server leaves out what does not fit, without TC. */
enum weight weigh_silent_cut(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    const struct fact *key = servers == NULL ? NULL : servers->resolved_key;
    struct fact_cursor cursor = {0};
    struct record record;
    if (key == NULL || key != contradiction(weighing)) {
        return WEIGHT_NO;
    }
    const struct fact *bare = ask_end(weighing, MANNER_NO_EDNS);
    if (bare == NULL || bare->kind != FACT_ANSWER ||
        fact_next_record(bare, bare->probe.type, &cursor, &record)) {
        return WEIGHT_NO;
    }
    prove(weighing, key, "a resolver has no key");
    return prove(weighing, bare, "without EDNS the key is left out, and no TC says so");
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
    const bool stumbles =
        above != NULL && (above->trouble == TROUBLE_RCODE || above->trouble == TROUBLE_SILENCE);
    if (!stumbles) {
        return WEIGHT_NO;
    }
    prove(weighing, trouble, "a resolver says that it fails");
    return prove(weighing, above, "a server stumbles over the name above");
}

/* --- DNSSEC: what a resolver throws away that validates --- */

/* What extended errors (RFC 8914 4) say of a failure. */
enum invalid {
    INVALID_UNTOLD, /* nothing */
    INVALID_NOT,    /* another reason than validation */
    INVALID_TIME,
    INVALID_OTHERWISE,
};

static enum invalid why_invalid(const struct fact *fact)
{
    struct bytes options = fact->message.edns.options;
    struct extended_error error;
    enum invalid why = INVALID_UNTOLD;
    while (extended_error_next(&options, &error)) {
        switch (error.code) {
        case EDE_SIGNATURE_EXPIRED:
        case EDE_SIGNATURE_NOT_YET_VALID:
        case EDE_SIGNATURE_EXPIRED_BEFORE_VALID: return INVALID_TIME;
        case EDE_DNSSEC_INDETERMINATE:
        case EDE_DNSSEC_BOGUS:
        case EDE_DNSKEY_MISSING:
        case EDE_RRSIGS_MISSING:
        case EDE_NO_ZONE_KEY_BIT:
        case EDE_NSEC_MISSING: return INVALID_OTHERWISE;
        default: why = INVALID_NOT; break;
        }
    }
    return why;
}

static const struct fact *ask_unchecked(struct weighing *weighing, const struct name *name,
                                        uint16_t type)
{
    struct probe probe = probe_of(name, type);
    probe.manner = MANNER_UNCHECKED;
    return ask(weighing, &probe);
}

/* True if validators go by a DS record: by its algorithm and kind of digest (RFC 8624 3.1, 3.3).
 * Where they know neither, the zone counts as unsigned (RFC 4035 5.2). */
static bool is_validated(const struct record *ds)
{
    const uint8_t algorithm = ds->rdata.size > 4 ? ds->rdata.data[2] : 0;
    const uint8_t digest = ds->rdata.size > 4 ? ds->rdata.data[3] : 0;
    return (algorithm == 5 || algorithm == 7 || algorithm == 8 || algorithm == 10 ||
            (algorithm >= 13 && algorithm <= 16)) &&
           (digest == 1 || digest == 2 || digest == 4);
}

/* Where there is no resolver: the DS records of the record's own zone, asked of the server that has
 * referred to it. Crowds of checks do without: half of what they ask of registries would be that.
 */
static const struct fact *ask_parent(struct weighing *weighing, const struct name *cut)
{
    const struct survey *survey = &weighing->servers->survey;
    const struct vantage *vantage = weighing->vantage;
    return survey->referral != NULL && !vantage->has_resolver && vantage->known == NULL &&
                   name_equal(cut, &survey->zone.cut)
               ? survey_ask(weighing, &survey->referral->probe.server, cut, RRTYPE_DS)
               : NULL;
}

/* Whether the parent of the zone at `cut` vouches for a key of it: only then there is anything to
 * validate. */
static const struct fact *signed_delegation(struct weighing *weighing, const struct name *cut)
{
    const struct fact *resolved = weighing->servers->resolved;
    const bool speaks = resolved != NULL && resolved->replied;
    const struct fact *fact =
        speaks ? ask_unchecked(weighing, cut, RRTYPE_DS) : ask_parent(weighing, cut);
    struct fact_cursor cursor = {0};
    struct record record;
    while (fact != NULL && fact->kind == FACT_ANSWER &&
           fact_next_record(fact, RRTYPE_DS, &cursor, &record)) {
        if (is_validated(&record)) {
            return fact;
        }
    }
    return NULL;
}

/* The resolver's failure on a name beside `name` that nobody has. No cache can know that name: it
 * is no old failure. NULL if it does not fail, or while that is open. */
static const struct fact *fails_afresh(struct weighing *weighing, const struct name *name,
                                       uint16_t type)
{
    struct name sibling;
    if (!probe_sibling(name, weighing->salt, &sibling)) {
        return NULL;
    }
    const struct fact *fact = ask_resolver(weighing, &sibling, type);
    return fact != NULL && fact->replied && fact->message.rcode == RCODE_SERVFAIL ? fact : NULL;
}

/* A resolver's failure that is none when it is told not to validate; NULL else, or while that is
 * open. */
static const struct fact *thrown_away(struct weighing *weighing, const struct fact **ret_unchecked)
{
    const struct fact *trouble = resolver_trouble(weighing);
    if (trouble == NULL || trouble->message.rcode != RCODE_SERVFAIL) {
        return NULL;
    }
    *ret_unchecked = ask_unchecked(weighing, &trouble->probe.name, trouble->probe.type);
    return *ret_unchecked != NULL && (*ret_unchecked)->kind == FACT_ANSWER ? trouble : NULL;
}

static enum weight prove_thrown_away(struct weighing *weighing, const struct fact *trouble,
                                     const struct fact *unchecked)
{
    prove(weighing, trouble, "a resolver that validates throws the answer away");
    return prove(weighing, unchecked, "the same resolver shows it when told not to validate");
}

/* The failure is that of the key behind a CNAME which itself is well. */
static bool is_behind_alias(const struct weighing *weighing, const struct fact *trouble)
{
    return trouble != servers_of(weighing)->resolved;
}

/* Where the resolver does not say why it fails, it is validation if the zone that the name lies in
 * is signed, and every other name in it fails too. */
static const struct fact *prove_untold(struct weighing *weighing, const struct name *name,
                                       uint16_t type)
{
    struct survey survey;
    survey_walk(weighing, name, type, &survey);
    if (survey.state != SURVEY_FOUND || signed_delegation(weighing, &survey.zone.cut) == NULL) {
        return NULL;
    }
    return fails_afresh(weighing, name, type);
}

enum weight weigh_bogus_target(struct weighing *weighing)
{
    const struct fact *unchecked, *trouble = thrown_away(weighing, &unchecked);
    if (trouble == NULL || !is_behind_alias(weighing, trouble) ||
        why_invalid(trouble) == INVALID_NOT) {
        return WEIGHT_NO;
    }
    if (why_invalid(trouble) == INVALID_UNTOLD) {
        struct name end;
        fact_chain_end(unchecked, &end);
        const struct fact *afresh = prove_untold(weighing, &end, RRTYPE_TXT);
        if (afresh == NULL) {
            return WEIGHT_NO;
        }
        prove_also(weighing, afresh, "so it does with a name that nobody has");
    }
    return prove_thrown_away(weighing, trouble, unchecked);
}

enum weight weigh_signature_time(struct weighing *weighing)
{
    const struct fact *unchecked, *trouble = thrown_away(weighing, &unchecked);
    if (trouble == NULL || why_invalid(trouble) != INVALID_TIME) {
        return WEIGHT_NO;
    }
    return prove_thrown_away(weighing, trouble, unchecked);
}

enum weight weigh_stale_ds(struct weighing *weighing)
{
    const struct fact *unchecked, *trouble = thrown_away(weighing, &unchecked);
    const bool may_be = trouble != NULL && !is_behind_alias(weighing, trouble) &&
                        why_invalid(trouble) != INVALID_NOT;
    const struct fact *delegation =
        may_be ? signed_delegation(weighing, &weighing->servers->survey.zone.cut) : NULL;
    if (delegation == NULL) {
        return WEIGHT_NO;
    }
    if (why_invalid(trouble) == INVALID_UNTOLD) {
        const struct fact *afresh =
            fails_afresh(weighing, &weighing->record->name, weighing->record->type);
        if (afresh == NULL) {
            return WEIGHT_NO;
        }
        prove_also(weighing, afresh, "it fails on names that nobody has too");
    }
    prove(weighing, delegation, "the zone above says that the zone is signed");
    return prove_thrown_away(weighing, trouble, unchecked);
}

/* What a server gives for the zone's keys: REPLY_ANSWER with, REPLY_NODATA without; else nothing is
 * known of it. */
static enum reply_kind ask_keys(struct weighing *weighing, const struct sight *sight,
                                const struct fact **ret)
{
    const struct name *apex = &weighing->servers->survey.zone.cut;
    struct fact_cursor cursor = {0};
    struct record record;
    *ret = sight->speaks ? survey_ask(weighing, &sight->address, apex, RRTYPE_DNSKEY) : NULL;
    if (*ret == NULL || (*ret)->kind != FACT_ANSWER) {
        return REPLY_KINDS;
    }
    return fact_next_record(*ret, RRTYPE_DNSKEY, &cursor, &record) ? REPLY_ANSWER
                                                                   : fact_reply(*ret, apex, NULL);
}

/* The keys at every server of a zone that its parent says is signed. Of each kind of server the
 * first is kept; NULL where there is none. False if nothing is to be said: it is not signed, a
 * server was not heard, or that is open. */
static bool compare_keys(struct weighing *weighing, const struct fact **ret_delegation,
                         const struct fact **ret_with, const struct fact **ret_without)
{
    const struct servers *servers = servers_of(weighing);
    *ret_delegation = servers == NULL || servers->survey.referral == NULL
                          ? NULL
                          : signed_delegation(weighing, &servers->survey.zone.cut);
    *ret_with = *ret_without = NULL;
    if (*ret_delegation == NULL) {
        return false;
    }
    bool heard = true;
    for (size_t i = 0; i < servers->count; i++) {
        const struct fact *fact;
        const enum reply_kind kind = ask_keys(weighing, &servers->sights[i], &fact);
        if (kind == REPLY_ANSWER && *ret_with == NULL) {
            *ret_with = fact;
        } else if (kind == REPLY_NODATA && *ret_without == NULL) {
            *ret_without = fact;
        }
        heard &= kind == REPLY_ANSWER || kind == REPLY_NODATA || !servers->sights[i].speaks;
    }
    return heard;
}

enum weight weigh_one_signs(struct weighing *weighing)
{
    const struct fact *delegation, *with, *without;
    compare_keys(weighing, &delegation, &with, &without);
    if (with == NULL || without == NULL) {
        return WEIGHT_NO;
    }
    prove(weighing, delegation, "the zone above says that the zone is signed");
    prove(weighing, with, "a server that has the zone's key");
    return prove(weighing, without, "a server that has none");
}

enum weight weigh_unsigned_with_ds(struct weighing *weighing)
{
    const struct fact *delegation, *with, *without;
    if (!compare_keys(weighing, &delegation, &with, &without) || with != NULL || without == NULL) {
        return WEIGHT_NO;
    }
    prove(weighing, delegation, "the zone above says that the zone is signed");
    return prove(weighing, without, "the zone has no key at any of its servers");
}

void ask_about_denial(struct weighing *weighing)
{
    const struct fact *unchecked, *trouble = thrown_away(weighing, &unchecked);
    if (trouble != NULL && why_invalid(trouble) == INVALID_UNTOLD &&
        signed_delegation(weighing, &weighing->servers->survey.zone.cut) != NULL) {
        fails_afresh(weighing, &weighing->record->name, weighing->record->type);
    }
}

/* The servers deny the record, and the resolver throws that away. Told beside what is missing. */
enum weight weigh_bogus_denial(struct weighing *weighing)
{
    const struct fact *unchecked, *trouble = thrown_away(weighing, &unchecked);
    const struct name *name = &weighing->record->name;
    if (!weighing->incurious || trouble == NULL || has_any(unchecked) ||
        weighing->servers->showing > 0 || why_invalid(trouble) == INVALID_NOT) {
        return WEIGHT_NO;
    }
    if (why_invalid(trouble) == INVALID_UNTOLD &&
        (signed_delegation(weighing, &weighing->servers->survey.zone.cut) == NULL ||
         fails_afresh(weighing, name, weighing->record->type) == NULL)) {
        return WEIGHT_NO;
    }
    prove(weighing, trouble, "a resolver that validates throws the denial away");
    return prove(weighing, unchecked, "the same resolver shows it when told not to validate");
}

/* True if a resolver failed at a question, and does so at the second look too, where one is
 * allowed: that shows nothing else but what was asked for. */
static bool fails_still(struct weighing *weighing, const struct fact *first)
{
    const bool failed = first != NULL && first->trouble == TROUBLE_RCODE;
    const struct fact *now = failed ? look_again(weighing, first) : NULL;
    if (now == NULL || now == first) {
        return now != NULL;
    }
    const bool own = now->probe.type == weighing->record->type;
    return !(own ? shows_value(weighing, now) : has_any(now));
}

enum weight weigh_cached_failure(struct weighing *weighing)
{
    const struct fact *trouble = resolver_trouble(weighing);
    const struct servers *servers = weighing->servers;
    if (trouble == NULL) {
        return WEIGHT_NO;
    }
    const bool own = fails_still(weighing, servers->resolved);
    const bool key = fails_still(weighing, servers->resolved_key);
    if (!own && !key) {
        return WEIGHT_NO;
    }
    prove(weighing, own ? servers->resolved : servers->resolved_key,
          "a resolver says that it fails");
    return prove(weighing, servers->survey.answer, "a server of the zone shows it");
}

/* --- what else a resolver's contradiction may be --- */

/* A resolver that keeps the rule that below a name that does not exist there is nothing (RFC 8020)
 * believes a server that denies the name above. */
static const struct fact *denied_above(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    struct name parent;
    if (servers == NULL || !name_parent(&weighing->record->name, &parent) ||
        parent.labels <= servers->survey.zone.cut.labels) {
        return NULL;
    }
    const struct fact *above = survey_answer(weighing, &parent, RRTYPE_NS);
    return above != NULL && above->kind == FACT_ANSWER && fact_denies_name(above) ? above : NULL;
}

static enum weight prove_denied_above(struct weighing *weighing, const struct fact *contradicts)
{
    const struct fact *above = denied_above(weighing);
    if (above == NULL) {
        return WEIGHT_NO;
    }
    if (contradicts != NULL) {
        heals_after(weighing, contradicts);
        prove(weighing, contradicts, "a resolver denies the record");
    }
    return prove(weighing, above, "the name above it is said not to exist");
}

enum weight weigh_hidden_by_nonterminal(struct weighing *weighing)
{
    const struct fact *fact = contradiction(weighing);
    return fact == NULL || has_any(fact) ? WEIGHT_NO : prove_denied_above(weighing, fact);
}

enum weight weigh_denied_nonterminal(struct weighing *weighing)
{
    return prove_denied_above(weighing, NULL);
}

/* The same where the servers meet the name above with an error. */
enum weight weigh_trouble_above(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    struct name parent;
    if (servers == NULL || !name_parent(&weighing->record->name, &parent) ||
        parent.labels <= servers->survey.zone.cut.labels) {
        return WEIGHT_NO;
    }
    const struct fact *above = survey_answer(weighing, &parent, RRTYPE_NS);
    if (above == NULL || (above->trouble != TROUBLE_RCODE && above->kind != FACT_ANSWER)) {
        return WEIGHT_NO;
    }
    if (above->trouble == TROUBLE_RCODE) {
        const struct fact *again = ask_start(weighing, MANNER_SMALL);
        return again == NULL || again->kind != FACT_ANSWER
                   ? WEIGHT_NO /* it refuses the full name too by now: it was asked too often */
                   : prove(weighing, above, "an error for the name above");
    }
    return has_any(above) ? prove(weighing, above, "name servers where there is no zone")
                          : WEIGHT_NO;
}

/* Names that resolvers do not ask anybody about (RFC 6761). */
enum weight weigh_special_name(struct weighing *weighing)
{
    const struct fact *fact = contradiction(weighing);
    struct special special;
    if (fact == NULL) {
        return WEIGHT_NO;
    }
    special_find(&weighing->record->name, weighing->record->type, &special);
    if (special.kind == SPECIAL_NOT) {
        return WEIGHT_NO;
    }
    prove(weighing, fact, "a resolver denies the name without asking");
    return prove(weighing, weighing->servers->survey.answer, "a server of the zone shows it");
}

/* The CNAME alone, without what it leads to and without a denial. */
enum weight weigh_alias_not_followed(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    const struct fact *key = servers == NULL ? NULL : servers->resolved_key;
    struct name name;
    if (key == NULL || key != contradiction(weighing) || key->message.rcode != RCODE_NOERROR ||
        !fact_alias(key, &name, NULL) || fact_zone(key, &name)) {
        return WEIGHT_NO;
    }
    return prove(weighing, key, "the CNAME, and nothing of what it leads to");
}

/* --- the resolver has it, the servers do not --- */

enum weight weigh_split_view(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->resolved == NULL || servers->showing > 0 ||
        servers->speaking == 0 || servers->resolved->kind != FACT_ANSWER ||
        !shows_value(weighing, servers->resolved)) {
        return WEIGHT_NO;
    }
    heals_after(weighing, servers->resolved);
    prove(weighing, servers->resolved, "a resolver shows the record");
    return prove(weighing, servers->survey.answer, "a server of the zone does not");
}

/* Where a name does not exist, a resolver makes addresses up. */
enum weight weigh_hijacked(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    const struct fact *own = servers == NULL ? NULL : need_own(weighing);
    struct name sibling;
    struct fact_cursor cursor = {0};
    struct address address;
    if (own == NULL || servers->resolved == NULL || servers->resolved->kind != FACT_ANSWER ||
        !fact_denies_name(own) || fact_denies_name(servers->resolved) ||
        !probe_sibling(&weighing->record->name, weighing->salt, &sibling)) {
        return WEIGHT_NO;
    }
    const struct fact *made = ask_resolver(weighing, &sibling, RRTYPE_A);
    if (made == NULL || made->kind != FACT_ANSWER || !fact_next_address(made, &cursor, &address)) {
        return WEIGHT_NO;
    }
    prove(weighing, own, "the servers say that there is no such name");
    return prove(weighing, made, "a resolver gives an address for a name that nobody has");
}
