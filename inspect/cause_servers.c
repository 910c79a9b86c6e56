/* Causes that lie in the zone's servers: nobody in charge, trouble at all of them, and servers that
 * disagree. */
#include "inspect/cause_rows.h"
#include "inspect/published.h"
#include "inspect/servers.h"
#include "wire/edns.h"
#include "wire/rrtype.h"

/* --- there is no zone to ask --- */

enum weight weigh_unregistered(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    const struct survey *survey = servers == NULL ? NULL : &servers->survey;
    if (survey == NULL || survey->state != SURVEY_FOUND || survey->reply.kind != REPLY_NXDOMAIN ||
        survey->reply.link_count > 0 ||
        !survey_is_registry(weighing->vantage->suffixes, &survey->zone.cut)) {
        return WEIGHT_NO;
    }
    if (weighing->record->hints.registry == REGISTRY_HOLD) {
        weighing->evidence.number = "F82";
        weighing->evidence.detail = "It is registered, and on hold.";
        weighing->evidence.fix = "Have the domain's owner confirm the e-mail address that the "
                                 "registrar has of them, and have the registrar clear the hold.";
    } else if (weighing->record->hints.registry == REGISTRY_UNKNOWN) {
        may_be(weighing, "F82");
    }
    heals_after(weighing, survey->answer);
    return prove(weighing, survey->answer, "the registry's own servers say that it does not exist");
}

/* The walk ended above the domain, at servers that are nobody's whom the customer knows. */
enum weight weigh_no_way_down(struct weighing *weighing)
{
    const struct survey *survey = weighing->servers != NULL ? &weighing->servers->survey : NULL;
    if (survey == NULL || survey->state != SURVEY_UNHEARD || survey->trouble == NULL ||
        survey->trouble->trouble == TROUBLE_SPENT ||
        !survey_is_registry(weighing->vantage->suffixes, &survey->zone.cut)) {
        return WEIGHT_NO;
    }
    if (survey->zone.cut.labels == 0) {
        weighing->evidence.detail =
            "They are the root's: where the check runs, the network keeps it from the DNS, or "
            "something in it answers in the root's place.";
        weighing->evidence.fix = "Run the check where DNS gets out to any server (port 53, UDP and "
                                 "TCP), past firewalls and proxies for DNS.";
    }
    return prove(weighing, survey->trouble, "a server above the domain, without a usable answer");
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

/* Gives advice of its own where no registrar can help. */
static void advise_at_home(struct weighing *weighing, const char *fix)
{
    if (servers_are_own(weighing)) {
        weighing->evidence.fix = fix;
    }
}

enum weight weigh_dangling_servers(struct weighing *weighing)
{
    return servers_are_own(weighing) ? WEIGHT_NO : prove_dead(weighing, true);
}

enum weight weigh_circular_delegation(struct weighing *weighing)
{
    advise_at_home(weighing, "In the domain's own zone, enter the name servers' addresses beside "
                             "their NS records (glue), or use name servers under another name.");
    return prove_dead(weighing, false);
}

/* --- glue --- */

/* Asks a server at an address that the parent does not know; true if it answers for the zone. */
static bool answers_there(struct weighing *weighing, const struct address *address)
{
    const struct name *apex = &weighing->servers->survey.zone.cut;
    const struct fact *fact = survey_ask(weighing, address, apex, RRTYPE_SOA);
    return fact != NULL && survey_speaks(fact_reply(fact, apex, NULL));
}

static bool is_delegated_to(const struct delegation *zone, const struct address *address)
{
    for (uint8_t i = 0; i < zone->address_count; i++) {
        if (address_equal(&zone->addresses[i].address, address)) {
            return true;
        }
    }
    return false;
}

/* Whoever gives another address for the name server than the parent does, and rightly: somebody at
 * that address answers for the zone. */
static const struct fact *find_moved(struct weighing *weighing, const struct fact *fact,
                                     struct address *ret)
{
    struct fact_cursor cursor = {0};
    while (fact != NULL && fact->kind == FACT_ANSWER && fact_next_address(fact, &cursor, ret)) {
        if (!is_delegated_to(&weighing->servers->survey.zone, ret) &&
            answers_there(weighing, ret)) {
            return fact;
        }
    }
    return NULL;
}

/* The same of who may know: a resolver that still sees the zone, and the servers of the DNS host
 * where the record was typed. */
static const struct fact *find_move(struct weighing *weighing, const struct name *server,
                                    struct address *ret)
{
    const struct plan_hints *hints = &weighing->record->hints;
    const struct fact *resolved = weighing->servers->resolved;
    const bool sees = resolved != NULL && resolved->kind == FACT_ANSWER;
    const struct fact *found =
        sees ? find_moved(weighing, ask_resolver(weighing, server, RRTYPE_A), ret) : NULL;
    for (size_t i = 0; i < hints->typed_at_count && found == NULL; i++) {
        found =
            find_moved(weighing, survey_ask(weighing, &hints->typed_at[i], server, RRTYPE_A), ret);
    }
    return found;
}

/* Notes what the parent says of a name server, and what others do. */
static void note_move(struct weighing *weighing, const struct name *server,
                      const struct address *parents, const struct address *own)
{
    char buffer[NAME_TEXT_MAX + 256];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, "The parent has ");
    address_put(&text, parents);
    text_put(&text, " for ");
    name_put(&text, server);
    text_put(&text, " and the zone itself ");
    address_put(&text, own);
    weighing->evidence.who_says = arena_copy_string(weighing->facts->arena, buffer);
}

/* The first address of a server that the parent gives (glue); NULL if it gives none. */
static const struct address *glue_of(const struct delegation *zone, uint8_t server)
{
    for (uint8_t i = 0; i < zone->address_count; i++) {
        if (zone->addresses[i].server == server) {
            return &zone->addresses[i].address;
        }
    }
    return NULL;
}

/* Nobody is in charge where the parent's glue leads, but somebody is at another address of the same
 * name server. Only names within the zone have glue that counts. */
enum weight weigh_stale_glue(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->speaking > 0 || servers->survey.referral == NULL) {
        return WEIGHT_NO;
    }
    const struct delegation *zone = &servers->survey.zone;
    for (uint8_t i = 0; i < zone->server_count; i++) {
        const struct name *name = &zone->servers[i].name;
        struct address address;
        const struct address *glue = glue_of(zone, i);
        if (glue == NULL || !name_is_at_or_below(name, &zone->cut)) {
            continue;
        }
        const struct fact *fact = find_move(weighing, name, &address);
        if (fact != NULL) {
            note_move(weighing, name, glue, &address);
            advise_at_home(weighing, "In the domain's own zone, enter the name servers' new "
                                     "addresses (glue).");
            prove(weighing, servers->survey.referral, "the parent's addresses, where nobody is");
            return prove(weighing, fact, "the address where the zone is");
        }
    }
    return WEIGHT_NO;
}

/* The server at an address that the parent gives says nothing of use; and the zone itself, asked at
 * another of its servers, has another address for it. */
enum weight weigh_glue_differs(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    for (size_t i = 0; servers != NULL && servers->speaking > 0 && i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        const struct delegation *zone = &servers->survey.zone;
        const struct name *name = &zone->servers[sight->server].name;
        const uint16_t type = sight->address.family == ADDRESS_V4 ? RRTYPE_A : RRTYPE_AAAA;
        struct fact_cursor cursor = {0};
        struct address own;
        if (sight->speaks || !name_is_at_or_below(name, &zone->cut)) {
            continue;
        }
        const struct fact *fact = need(weighing, name, type);
        if (fact != NULL && fact_next_address(fact, &cursor, &own) &&
            !is_delegated_to(zone, &own)) {
            note_move(weighing, name, &sight->address, &own);
            advise_at_home(weighing, "In the zone above, enter the name server's address anew "
                                     "(glue).");
            prove(weighing, sight->fact, "nothing of use where the parent sends everybody");
            return prove(weighing, fact, "the address that the zone itself gives");
        }
    }
    return WEIGHT_NO;
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

/* A refusal whose server says that who asks may not (RFC 8914 4.19), NULL if there is none. A
 * server without the zone says another (4.21), or nothing. */
static const struct fact *find_prohibition(const struct servers *servers)
{
    for (size_t i = 0; i < servers->count; i++) {
        const struct fact *fact = servers->sights[i].fact;
        struct bytes options = fact->message.edns.options;
        struct extended_error error;
        while (fact->replied && fact->message.edns.present &&
               extended_error_next(&options, &error)) {
            if (error.code == EDE_PROHIBITED) {
                return fact;
            }
        }
    }
    return NULL;
}

/* The resolver's answer for a name that nobody has, and that no cache can know: then the zone's
 * servers answer to the resolver, who asks from another address. NULL if it has none. */
static const struct fact *find_answered_elsewhere(struct weighing *weighing)
{
    struct name sibling;
    struct name zone;
    if (!probe_sibling(&weighing->record->name, weighing->salt, &sibling)) {
        return NULL;
    }
    const struct fact *fact = ask_resolver(weighing, &sibling, weighing->record->type);
    return fact != NULL && fact->kind == FACT_ANSWER && fact_zone(fact, &zone) &&
                   name_is_at_or_below(&zone, &weighing->servers->survey.zone.cut)
               ? fact
               : NULL;
}

/* Servers that refuse everything, and are in charge all the same. */
static bool turns_away(struct weighing *weighing)
{
    return find_prohibition(weighing->servers) != NULL || find_answered_elsewhere(weighing) != NULL;
}

/* What else it may be that no server knows the zone. */
static void note_lameness(struct weighing *weighing, const struct sight *worst)
{
    const enum ailment ailment = ailment_of(worst);
    if (refers_to_itself(worst->fact, &weighing->servers->survey.zone.cut)) {
        weighing->evidence.number = "F90";
        weighing->evidence.detail = "They refer to themselves, in a circle.";
    } else if (ailment == AILMENT_REFUSED) {
        weighing->evidence.detail = "Or they answer only to networks on a list (F101).";
        may_be(weighing, "F101");
    } else if (ailment == AILMENT_SERVFAIL && ask_zone(weighing, worst) == REPLY_SERVFAIL) {
        note_not_loaded(weighing);
    }
}

/* The most telling sight of servers that are not in charge of the zone, NULL if that is not what
 * ails them. */
static const struct sight *find_lame(struct weighing *weighing)
{
    const struct sight *worst = worst_of_all(servers_of(weighing));
    if (worst == NULL) {
        return NULL;
    }
    const enum ailment ailment = ailment_of(worst);
    const bool by_rcode = ailment == AILMENT_REFUSED || ailment == AILMENT_SERVFAIL;
    const bool lame = ailment == AILMENT_LAME || (by_rcode && !knows_zone(weighing, worst));
    return lame && !(ailment == AILMENT_REFUSED && turns_away(weighing)) ? worst : NULL;
}

/* Whoever is silent may well be in charge: then the delegation is right. */
static void note_silent_rest(struct weighing *weighing)
{
    if (servers_of(weighing)->silent > 0) {
        may_be(weighing, "F103");
        weighing->evidence.below = "Some of them do not answer at all, and may know it.";
        weighing->evidence.fix = "Have whoever runs the name servers see why some of them do not "
                                 "answer. Take those that do not know the zone out of the "
                                 "delegation, or load it there.";
    }
}

enum weight weigh_all_lame(struct weighing *weighing)
{
    const struct sight *lame = find_lame(weighing);
    if (lame == NULL) {
        return WEIGHT_NO;
    }
    note_lameness(weighing, lame);
    note_silent_rest(weighing);
    return prove_ailment(weighing, ailment_of(lame), "the server is not in charge of the zone");
}

/* What is wrong with the servers of a part of the domain; NULL: nothing, or another row's matter.
 */
static const char *find_use(struct weighing *weighing, const char **ret_number)
{
    const struct sight *worst = worst_of_all(servers_of(weighing));
    if (dead_zone(weighing) != NULL && has_nameless(&weighing->servers->survey.zone)) {
        *ret_number = "F88";
        return "Those servers' own names lead nowhere (F88).";
    }
    if (find_lame(weighing) != NULL) {
        *ret_number = "F84";
        return "Those servers do not know it (F84).";
    }
    if (worst != NULL && ailment_of(worst) == AILMENT_SILENT) {
        *ret_number = "F103";
        return "Those servers do not answer (F103).";
    }
    return NULL;
}

/* A part of the domain that its own zone delegates to servers of no use. */
enum weight weigh_delegated_away(struct weighing *weighing)
{
    const char *number;
    const char *detail = servers_are_own(weighing) ? find_use(weighing, &number) : NULL;
    if (detail == NULL) {
        return WEIGHT_NO;
    }
    weighing->evidence.detail = detail;
    may_be(weighing, number);
    if (weighing->servers->count > 0) {
        servers_note(weighing, weighing->servers);
        prove_also(weighing, worst_of_all(weighing->servers)->fact, "a server that it leads to");
    }
    return prove(weighing, weighing->servers->survey.referral,
                 "the domain's own servers delegate a part of it");
}

enum weight weigh_refused(struct weighing *weighing)
{
    const enum weight weight =
        prove_ailment(weighing, AILMENT_REFUSED, "the server is in charge, and refuses");
    if (weight != WEIGHT_YES || knows_zone(weighing, worst_of_all(weighing->servers))) {
        return weight;
    }
    const struct fact *prohibition = find_prohibition(weighing->servers);
    if (prohibition != NULL) {
        weighing->evidence.detail = "They say that who asks from here may not (extended error 18).";
        return prove(weighing, prohibition, "the server says that it is prohibited");
    }
    weighing->evidence.detail = "A resolver that asks from elsewhere is answered.";
    return prove(weighing, find_answered_elsewhere(weighing), "the servers answer a resolver");
}

enum weight weigh_servfail(struct weighing *weighing)
{
    const enum weight weight =
        prove_ailment(weighing, AILMENT_SERVFAIL, "the server says that it fails");
    if (weight == WEIGHT_YES) { /* the zone itself is answered for, or it would be lame */
        weighing->evidence.detail =
            "The zone itself is there: a record at this name is damaged, or "
            "an ALIAS at it cannot be followed (F07).";
        may_be(weighing, "F07");
    }
    return weight;
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

static bool has_glue_that_counts(const struct delegation *zone)
{
    for (uint8_t i = 0; i < zone->server_count; i++) {
        if (name_is_at_or_below(&zone->servers[i].name, &zone->cut)) {
            return true;
        }
    }
    return false;
}

enum weight weigh_silent(struct weighing *weighing)
{
    const enum weight weight = prove_ailment(weighing, AILMENT_SILENT, "nothing comes back");
    if (weight == WEIGHT_YES && has_glue_that_counts(&weighing->servers->survey.zone)) {
        weighing->evidence.detail = "Or they have moved, and the registry still gives their old "
                                    "addresses (F90).";
        may_be(weighing, "F90");
    }
    return weight;
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

/* True if several servers all say one thing over IPv4 and another over IPv6: then it does not
 * matter which of them is asked, but from where. */
static bool differ_by_family(const struct servers *servers)
{
    const struct sight *first[2] = {NULL, NULL};
    size_t count[2] = {0, 0};
    for (size_t i = 0; i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        const size_t family = sight->address.family == ADDRESS_V6;
        if (!sight->speaks) {
            continue;
        }
        if (first[family] != NULL && !sights_agree(first[family], sight)) {
            return false;
        }
        first[family] = sight;
        count[family]++;
    }
    return count[0] > 1 && count[1] > 1;
}

enum weight weigh_differing_servers(struct weighing *weighing)
{
    const enum weight weight = prove_quarrel(weighing, false);
    if (weight == WEIGHT_YES && differ_by_family(weighing->servers)) {
        weighing->evidence.number = "F91";
        weighing->evidence.detail = "All of them say one thing over IPv4 and another over IPv6: "
                                    "what they show depends on who asks.";
    }
    return weight;
}

/* --- one of them is bad --- */

/* A server that has not loaded the zone, where another has. The commonest reason is looked for: a
 * CNAME at the domain itself, which cannot be alone there. */
static void note_refused_zone(struct weighing *weighing)
{
    struct name target;
    const struct fact *apex =
        survey_answer(weighing, &weighing->servers->survey.zone.cut, RRTYPE_CNAME);
    if (apex != NULL && apex->kind == FACT_ANSWER && fact_alias(apex, &target, NULL)) {
        weighing->evidence.number = "F27";
        weighing->evidence.detail = "It says SERVFAIL for the whole zone, as a strict server does: "
                                    "the domain itself has a CNAME, beside other records.";
        prove_also(weighing, apex, "a CNAME at the domain itself");
        return;
    }
    weighing->evidence.detail = "It says SERVFAIL for the whole zone, as a strict server does that "
                                "has not loaded it: perhaps a name in it has a CNAME beside other "
                                "records (F27).";
    may_be(weighing, "F27");
}

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
        note_refused_zone(weighing);
    }
    return WEIGHT_YES;
}
