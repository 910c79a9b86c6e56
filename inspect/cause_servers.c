/* Causes that lie in the zone's servers: nobody in charge, trouble at all of them, and servers that
 * disagree. */
#include "inspect/cause_rows.h"
#include "inspect/published.h"
#include "inspect/servers.h"
#include "wire/rrtype.h"

/* --- there is no zone to ask --- */

enum weight weigh_unregistered(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    const struct survey *survey = servers == NULL ? NULL : &servers->survey;
    if (survey == NULL || survey->state != SURVEY_FOUND || survey->reply.kind != REPLY_NXDOMAIN ||
        survey->reply.link_count > 0 || !survey_is_registry(&survey->zone.cut)) {
        return WEIGHT_NO;
    }
    if (weighing->record->hints.registry == REGISTRY_HOLD) {
        weighing->evidence.number = "F82";
        weighing->evidence.detail = "It is registered, and on hold.";
    } else if (weighing->record->hints.registry == REGISTRY_UNKNOWN) {
        may_be(weighing, "F82");
    }
    heals_after(weighing, survey->answer);
    return prove(weighing, survey->answer, "the registry's own servers say that it does not exist");
}

/* The zone's survey if none of its servers has an address. */
static const struct survey *dead_zone(const struct weighing *weighing)
{
    const struct servers *servers = weighing->servers;
    return servers != NULL && servers->survey.state == SURVEY_DEAD ? &servers->survey : NULL;
}

/* True if some server's own name does not exist, or has no address. */
static bool has_nameless(const struct delegation *zone)
{
    for (uint8_t i = 0; i < zone->server_count; i++) {
        if (zone->servers[i].trouble == survey_no_name ||
            zone->servers[i].trouble == survey_no_address) {
            return true;
        }
    }
    return false;
}

static enum weight prove_dead(struct weighing *weighing, bool nameless)
{
    const struct survey *survey = dead_zone(weighing);
    if (survey == NULL || survey->referral == NULL || has_nameless(&survey->zone) != nameless) {
        return WEIGHT_NO;
    }
    return prove(weighing, survey->referral, "the delegation, which leads nowhere");
}

enum weight weigh_dangling_servers(struct weighing *weighing)
{
    return prove_dead(weighing, true);
}

enum weight weigh_circular_delegation(struct weighing *weighing)
{
    return prove_dead(weighing, false);
}

/* --- parked --- */

/* Domains of the name servers on which registrars and brokers park domains that have expired or are
 * for sale. Assumed: known by their names, after wordtothewise.com (2016) and dnschkr's crawl. */
static const char *const parking[] = {
    "sedoparking.com.",
    "parkingcrew.net.",
    "bodis.com.",
    "above.com.",
    "parklogic.com.",
    "dan.com.",
    "afternic.com.",
    "namefind.com.",
    "cashparking.com.",
    "dsredirection.com.",
    "expired.domain-resolution.net.",
    NULL,
};

static bool is_parking_server(const struct name *server)
{
    struct name suffix;
    for (size_t i = 0; parking[i] != NULL; i++) {
        if (name_parse_text(bytes_of_string(parking[i]), NULL, &suffix, NULL) &&
            name_is_at_or_below(server, &suffix)) {
            return true;
        }
    }
    return false;
}

enum weight weigh_parked(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->showing > 0 || servers->survey.referral == NULL) {
        return WEIGHT_NO;
    }
    const struct delegation *zone = &servers->survey.zone;
    for (uint8_t i = 0; i < zone->server_count; i++) {
        if (is_parking_server(&zone->servers[i].name)) {
            return prove(weighing, servers->survey.referral, "name servers of a parking service");
        }
    }
    return WEIGHT_NO;
}

/* --- trouble at all of them --- */

/* What a server's trouble is, the most telling first. */
enum ailment {
    AILMENT_NONE,
    AILMENT_LAME,
    AILMENT_REFUSED,
    AILMENT_SERVFAIL,
    AILMENT_NOT_UNDERSTOOD,
    AILMENT_NO_TCP,
    AILMENT_MISMATCHED,
    AILMENT_CUT,
    AILMENT_MALFORMED,
    AILMENT_SILENT,
};

static enum ailment ailment_without_reply(const struct fact *fact)
{
    switch (fact->trouble) {
    case TROUBLE_NO_TCP: return AILMENT_NO_TCP;
    case TROUBLE_MISMATCH: return AILMENT_MISMATCHED;
    case TROUBLE_CUT: return AILMENT_CUT;
    case TROUBLE_MALFORMED: return AILMENT_MALFORMED;
    default: return AILMENT_SILENT;
    }
}

static enum ailment ailment_of(const struct sight *sight)
{
    switch (sight->kind) {
    case REPLY_LAME: return AILMENT_LAME;
    case REPLY_REFUSED: return AILMENT_REFUSED;
    case REPLY_SERVFAIL: return AILMENT_SERVFAIL;
    case REPLY_FORMERR:
    case REPLY_NOTIMP:
    case REPLY_BADVERS:
    case REPLY_ODD_RCODE: return AILMENT_NOT_UNDERSTOOD;
    case REPLY_KINDS: return ailment_without_reply(sight->fact);
    default: return sight->speaks ? AILMENT_NONE : AILMENT_MALFORMED;
    }
}

/* The sight with the most telling ailment, NULL if some server speaks. */
static const struct sight *worst_of_all(const struct servers *servers)
{
    const struct sight *worst = NULL;
    if (servers == NULL || servers->speaking > 0) {
        return NULL;
    }
    for (size_t i = 0; i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        if (worst == NULL || ailment_of(sight) < ailment_of(worst)) {
            worst = sight;
        }
    }
    return worst;
}

static enum weight prove_ailment(struct weighing *weighing, enum ailment ailment, const char *shows)
{
    const struct servers *servers = servers_of(weighing);
    const struct sight *worst = worst_of_all(servers);
    if (worst == NULL || ailment_of(worst) != ailment) {
        return WEIGHT_NO;
    }
    servers_note(weighing, servers);
    return prove(weighing, worst->fact, shows);
}

/* What the server says when it is asked for the zone's SOA; REPLY_KINDS if nothing. */
static enum reply_kind ask_zone(struct weighing *weighing, const struct sight *sight)
{
    const struct name *apex = &weighing->servers->survey.zone.cut;
    const struct fact *fact = survey_ask(weighing, &sight->address, apex, RRTYPE_SOA);
    return fact == NULL ? REPLY_KINDS : fact_reply(fact, apex, NULL);
}

/* True if the server answers for the zone at all. */
static bool knows_zone(struct weighing *weighing, const struct sight *sight)
{
    return survey_speaks(ask_zone(weighing, sight));
}

/* True if the reply sends the asker to the servers of the zone that it was sent to. */
static bool refers_to_itself(const struct fact *fact, const struct name *zone)
{
    if (!fact->replied || fact->message.rcode != RCODE_NOERROR ||
        fact->message.counts[SECTION_ANSWER] > 0) {
        return false;
    }
    struct record_walk walk = record_walk_start(&fact->message, SECTION_AUTHORITY);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_NS && name_ref_equal(record.owner, zone)) {
            return true;
        }
    }
    return false;
}

/* SERVFAIL for all of a zone, its SOA too, is what servers say of one that they know and could not
 * load; which records it has cannot be seen then. */
static void note_not_loaded(struct weighing *weighing)
{
    weighing->evidence.detail = "SERVFAIL for the whole zone is what a server says that could not "
                                "load it: an error in the zone may be the reason, such as a CNAME "
                                "at the domain itself (F20) or beside other records (F27).";
    may_be(weighing, "F20");
    may_be(weighing, "F27");
}

enum weight weigh_all_lame(struct weighing *weighing)
{
    const struct sight *worst = worst_of_all(servers_of(weighing));
    if (worst == NULL) {
        return WEIGHT_NO;
    }
    const enum ailment ailment = ailment_of(worst);
    const bool by_rcode = ailment == AILMENT_REFUSED || ailment == AILMENT_SERVFAIL;
    if (!(ailment == AILMENT_LAME || (by_rcode && !knows_zone(weighing, worst)))) {
        return WEIGHT_NO;
    }
    if (ailment == AILMENT_SERVFAIL && ask_zone(weighing, worst) == REPLY_SERVFAIL) {
        note_not_loaded(weighing);
    }
    if (refers_to_itself(worst->fact, &weighing->servers->survey.zone.cut)) {
        weighing->evidence.number = "F90";
        weighing->evidence.detail = "They refer to themselves, in a circle.";
    }
    return prove_ailment(weighing, ailment, "the server is not in charge of the zone");
}

enum weight weigh_refused(struct weighing *weighing)
{
    return prove_ailment(weighing, AILMENT_REFUSED, "the server is in charge, and refuses");
}

enum weight weigh_servfail(struct weighing *weighing)
{
    return prove_ailment(weighing, AILMENT_SERVFAIL, "the server says that it fails");
}

enum weight weigh_not_understood(struct weighing *weighing)
{
    return prove_ailment(weighing, AILMENT_NOT_UNDERSTOOD, "the server minds the question itself");
}

enum weight weigh_no_tcp(struct weighing *weighing)
{
    return prove_ailment(weighing, AILMENT_NO_TCP,
                         "the answer is truncated, and TCP brings no whole one");
}

enum weight weigh_mismatched(struct weighing *weighing)
{
    return prove_ailment(weighing, AILMENT_MISMATCHED, "what comes is no answer to the question");
}

enum weight weigh_cut(struct weighing *weighing)
{
    return prove_ailment(weighing, AILMENT_CUT, "the answer ends in the middle, without a word");
}

enum weight weigh_malformed(struct weighing *weighing)
{
    return prove_ailment(weighing, AILMENT_MALFORMED, "what comes is no DNS message");
}

enum weight weigh_silent(struct weighing *weighing)
{
    return prove_ailment(weighing, AILMENT_SILENT, "nothing comes back");
}

/* --- they disagree --- */

/* Two servers that say different things, in `ret_a` and `ret_b`. */
static bool find_quarrel(const struct servers *servers, const struct sight **ret_a,
                         const struct sight **ret_b)
{
    const struct sight *first = NULL;
    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        if (!sight->speaks) {
            continue;
        }
        if (first == NULL) {
            first = sight;
        } else if (!sights_agree(first, sight)) {
            *ret_a = first;
            *ret_b = sight;
            return true;
        }
    }
    return false;
}

/* What is wrong with the text of the server that does not show the key, beside `number`. */
static void note_damage(struct weighing *weighing, const struct sight *sight, const char *number)
{
    struct fact_cursor cursor = {0};
    struct record record;
    struct dkim_result result;
    const struct plan_record *wanted = weighing->record;
    if (wanted->type == RRTYPE_TXT && wanted->role == PLAN_DKIM &&
        fact_next_record(sight->fact, RRTYPE_TXT, &cursor, &record) &&
        published_result(weighing, record.rdata, bytes_of(NULL, 0), &result) &&
        result.problem.damage != DKIM_DAMAGE_NONE) {
        weighing->evidence.damage = result.problem.damage;
        weighing->evidence.number = number;
    }
}

/* Proves a quarrel; of servers with different serial numbers or not. */
static enum weight prove_quarrel(struct weighing *weighing, bool stale)
{
    const struct sight *a;
    const struct sight *b;
    const struct servers *servers = servers_of(weighing);
    if (!find_quarrel(servers, &a, &b)) {
        return WEIGHT_NO;
    }
    uint32_t serial_a = 0;
    uint32_t serial_b = 0;
    const bool told_a = sight_serial(weighing, a, &serial_a);
    const bool told_b = sight_serial(weighing, b, &serial_b);
    if ((told_a && told_b && serial_a != serial_b) != stale) {
        return WEIGHT_NO;
    }
    heals_after(weighing, a->fact);
    heals_after(weighing, b->fact);
    servers_note(weighing, servers);
    note_damage(weighing, a->shows ? b : a, stale ? "F86" : "F87");
    prove(weighing, a->fact, "what one server says");
    return prove(weighing, b->fact, "what another server says");
}

enum weight weigh_stale_server(struct weighing *weighing)
{
    return prove_quarrel(weighing, true);
}

enum weight weigh_differing_servers(struct weighing *weighing)
{
    return prove_quarrel(weighing, false);
}

/* --- one of them is bad --- */

enum weight weigh_one_server_bad(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->speaking == 0 || servers->speaking == servers->count) {
        return WEIGHT_NO;
    }
    servers_note(weighing, servers);
    bool refused = false;
    for (size_t i = 0; i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        if (!sight->speaks) {
            prove(weighing, sight->fact, "a server of the zone gives nothing of use");
            refused |= sight->kind == REPLY_SERVFAIL && ask_zone(weighing, sight) == REPLY_SERVFAIL;
        }
    }
    if (refused) {
        weighing->evidence.detail = "It says SERVFAIL for the whole zone, as a strict server does "
                                    "that has not loaded it: perhaps a name in it has a CNAME "
                                    "beside other records (F27).";
        may_be(weighing, "F27");
    }
    return WEIGHT_YES;
}
