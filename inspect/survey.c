/* The walk from the root to a name, and answers put together along CNAMEs. */
#include "inspect/survey.h"

#include "wire/builder.h"
#include "wire/rrtype.h"

#define CUTS_MAX     16 /* zones on the way to one name */
#define LINKS_MAX    24 /* CNAMEs followed, zone by zone */
#define DEPTH_MAX    3  /* servers' names looked up for servers' names */
#define OCTETS_MAX   8192
#define ANSWER_FLAGS (MESSAGE_QR | MESSAGE_AA)

bool survey_is_registry(const struct suffix_list *suffixes, const struct name *zone)
{
    return suffixes_labels(suffixes, zone, SUFFIX_ICANN) == zone->labels;
}

bool survey_speaks(enum reply_kind kind)
{
    return kind == REPLY_ANSWER || kind == REPLY_ALIAS || kind == REPLY_NODATA ||
           kind == REPLY_NXDOMAIN || kind == REPLY_BROKEN;
}

/* Trouble that comes from not knowing EDNS, or what looks like it. */
static bool may_be_edns(const struct fact *fact)
{
    if (fact->trouble == TROUBLE_SILENCE || fact->trouble == TROUBLE_MALFORMED ||
        fact->trouble == TROUBLE_CUT) {
        return true;
    }
    const uint16_t rcode = fact->replied ? fact->message.rcode : RCODE_NOERROR;
    return rcode == RCODE_FORMERR || rcode == RCODE_NOTIMP || rcode == RCODE_BADVERS;
}

bool survey_knows_edns(const struct weighing *weighing, const struct address *server)
{
    for (size_t i = 0; i < weighing->facts->count; i++) {
        const struct fact *fact = weighing->facts->items[i];
        if (fact->kind == FACT_ANSWER && fact->probe.manner == MANNER_PLAIN &&
            address_equal(&fact->probe.server, server)) {
            return true;
        }
    }
    return false;
}

const struct fact *survey_ask(struct weighing *weighing, const struct address *server,
                              const struct name *name, uint16_t type)
{
    const struct probe plain = probe_at(server, name, type, MANNER_PLAIN);
    const struct fact *fact = ask(weighing, &plain);
    if (fact == NULL || !may_be_edns(fact) || survey_knows_edns(weighing, server)) {
        return fact;
    }
    const struct probe bare = probe_at(server, name, type, MANNER_NO_EDNS);
    const struct fact *again = ask(weighing, &bare);
    return again == NULL || again->kind == FACT_ANSWER ? again : fact;
}

/* --- the walk --- */

static void start_at_root(const struct weighing *weighing, struct survey *ret)
{
    const struct vantage *vantage = weighing->vantage;
    delegation_start(&ret->zone, name_root());
    const int root = delegation_add_server(&ret->zone, name_root(), &policy_default);
    for (size_t i = 0; i < vantage->root_count; i++) {
        delegation_add_address(&ret->zone, (uint8_t)root, &vantage->roots[i], &policy_default);
    }
    name_copy(&ret->parent, name_root());
    ret->referral = NULL;
    ret->answer = ret->trouble = NULL;
}

static const struct delegation *find_known(const struct known_zones *known, const struct name *name)
{
    for (size_t i = 0; known != NULL && i < known->count; i++) {
        if (name_is_at_or_below(name, &known->items[i].cut)) {
            return &known->items[i];
        }
    }
    return NULL;
}

/* The same at the top-level domain, where that is known already. */
static void start_walk(const struct weighing *weighing, const struct name *name, struct survey *ret)
{
    const struct delegation *known = find_known(weighing->vantage->known, name);
    start_at_root(weighing, ret);
    if (known != NULL) {
        ret->zone = *known;
    }
}

static bool is_root(const struct vantage *vantage, const struct address *address)
{
    for (size_t i = 0; i < vantage->root_count; i++) {
        if (address_equal(&vantage->roots[i], address)) {
            return true;
        }
    }
    return false;
}

void known_zones_learn(struct known_zones *known, const struct inspection *inspection)
{
    for (size_t i = 0; i < inspection->facts.count && known->count < KNOWN_ZONES_MAX; i++) {
        const struct fact *fact = inspection->facts.items[i];
        struct reply reply;
        uint32_t ttl;
        if (fact->probe.view == VIEW_SERVER && is_root(&inspection->vantage, &fact->probe.server) &&
            fact_reply(fact, name_root(), &reply) == REPLY_REFERRAL && reply.cut.labels == 1 &&
            find_known(known, &reply.cut) == NULL) {
            delegation_from_referral(&known->items[known->count++], &fact->message, name_root(),
                                     &reply.cut, &policy_default, &ttl);
        }
    }
}

static bool is_reachable(const struct weighing *weighing, const struct address *address)
{
    return address->family == ADDRESS_V4 ? weighing->vantage->v4 : weighing->vantage->v6;
}

static bool is_server_of(const struct delegation *zone, const struct address *address)
{
    for (uint8_t i = 0; i < zone->address_count; i++) {
        if (address_equal(&zone->addresses[i].address, address)) {
            return true;
        }
    }
    return false;
}

/* A referral of this zone's servers on the way to `name`, met while something else was asked. */
static const struct fact *find_referral(const struct weighing *weighing,
                                        const struct delegation *zone, const struct name *name,
                                        struct reply *ret)
{
    for (size_t i = 0; i < weighing->facts->count; i++) {
        const struct fact *fact = weighing->facts->items[i];
        if (fact->probe.view == VIEW_SERVER && fact->may_refer &&
            is_server_of(zone, &fact->probe.server) &&
            name_is_at_or_below(&fact->probe.name, &zone->cut) &&
            fact_reply(fact, &zone->cut, ret) == REPLY_REFERRAL &&
            name_is_at_or_below(name, &ret->cut)) {
            return fact;
        }
    }
    return NULL;
}

/* What came of asking one server of the zone, if it is of use; else that is noted as trouble. NULL
 * too while the question is open. */
static const struct fact *hear_server(struct weighing *weighing, const struct address *address,
                                      const struct name *name, uint16_t type, struct survey *ret)
{
    const struct fact *fact = survey_ask(weighing, address, name, type);
    const enum reply_kind kind =
        fact == NULL ? REPLY_KINDS : fact_reply(fact, &ret->zone.cut, &ret->reply);
    if (kind == REPLY_REFERRAL || survey_speaks(kind)) {
        return fact;
    }
    ret->trouble = fact != NULL ? fact : ret->trouble;
    return NULL;
}

/* The first usable reply of the zone's servers, slow ones asked last. NULL if there is none, or
 * while a question is open. */
static const struct fact *hear_zone(struct weighing *weighing, const struct name *name,
                                    uint16_t type, struct survey *ret)
{
    const size_t opened = weighing->opened;
    const size_t count = ret->zone.address_count;
    const bool crowded = weighing->vantage->known != NULL && ret->zone.cut.labels == 1;
    const size_t first = crowded ? weighing->salt % count : 0; /* not all at the same server */
    const struct fact *fact = NULL;
    for (size_t i = 0; i < 2 * count && fact == NULL; i++) {
        const struct address *address = &ret->zone.addresses[(first + i) % count].address;
        if (is_reachable(weighing, address) &&
            facts_is_slow(weighing->facts, address) == (i >= count)) {
            fact = hear_server(weighing, address, name, type, ret);
        }
        if (weighing->opened > opened) {
            return NULL;
        }
    }
    return fact;
}

/* The same of those that have been heard already: nobody need wait for a silent server. */
static const struct fact *hear_known(struct weighing *weighing, const struct name *name,
                                     uint16_t type, struct survey *ret)
{
    const bool incurious = weighing->incurious;
    weighing->incurious = true;
    const struct fact *fact = hear_zone(weighing, name, type, ret);
    weighing->incurious = incurious;
    return fact;
}

static void go_down(struct survey *ret, const struct fact *referral)
{
    struct name cut;
    uint32_t ttl;
    name_copy(&ret->parent, &ret->zone.cut);
    name_copy(&cut, &ret->reply.cut);
    delegation_from_referral(&ret->zone, &referral->message, &ret->parent, &cut, &policy_default,
                             &ttl);
    ret->referral = referral;
    ret->trouble = NULL;
}

/* True if an address of a server of the zone can be reached. */
static bool has_address(const struct weighing *weighing, const struct delegation *zone)
{
    for (uint8_t i = 0; i < zone->address_count; i++) {
        if (is_reachable(weighing, &zone->addresses[i].address)) {
            return true;
        }
    }
    return false;
}

/* A walk needs addresses of servers, which are answers, which need walks: DEPTH_MAX deep at most,
 * see survey_complete. NOLINTBEGIN(misc-no-recursion) */

/* One zone further; false when the walk is at its end. */
static bool step(struct weighing *weighing, const struct name *name, uint16_t type,
                 struct survey *ret)
{
    ret->state = SURVEY_OPEN;
    if (!has_address(weighing, &ret->zone) && !survey_complete(weighing, &ret->zone)) {
        return false;
    }
    if (!has_address(weighing, &ret->zone)) {
        ret->state = SURVEY_DEAD;
        return false;
    }
    const struct fact *fact = find_referral(weighing, &ret->zone, name, &ret->reply);
    if (fact == NULL) {
        fact = hear_known(weighing, name, type, ret);
    }
    if (fact == NULL) {
        const size_t opened = weighing->opened;
        fact = hear_zone(weighing, name, type, ret);
        if (fact == NULL) {
            ret->state = weighing->opened > opened ? SURVEY_OPEN : SURVEY_UNHEARD;
            return false;
        }
    }
    if (ret->reply.kind != REPLY_REFERRAL) {
        ret->state = SURVEY_FOUND;
        ret->answer = fact;
        return false;
    }
    go_down(ret, fact);
    return true;
}

void survey_walk(struct weighing *weighing, const struct name *name, uint16_t type,
                 struct survey *ret)
{
    start_walk(weighing, name, ret);
    for (int cuts = 0; cuts < CUTS_MAX && step(weighing, name, type, ret); cuts++) {}
}

/* --- addresses of servers --- */

const char survey_no_name[] = "there is no such name";
const char survey_no_address[] = "it has no address";

/* Adds what is known of one server's addresses of one family. False while that is open. */
static bool add_addresses(struct weighing *weighing, struct delegation *zone, uint8_t index,
                          uint16_t type)
{
    struct delegation_server *server = &zone->servers[index];
    if (type == RRTYPE_A ? !weighing->vantage->v4 : !weighing->vantage->v6) {
        return true;
    }
    const struct fact *fact = survey_answer(weighing, &server->name, type);
    if (fact == NULL) {
        return false;
    }
    if (fact->kind == FACT_TROUBLE) {
        server->trouble = "its address could not be found out";
        return true;
    }
    struct fact_cursor cursor = {0};
    struct address address;
    while (fact_next_address(fact, &cursor, &address)) {
        delegation_add_address(zone, index, &address, &policy_default);
    }
    if (server->address_count == 0 && server->trouble == NULL) {
        const bool no_name = fact->message.rcode == RCODE_NXDOMAIN;
        server->trouble = no_name ? survey_no_name : survey_no_address;
    }
    return true;
}

bool survey_complete(struct weighing *weighing, struct delegation *zone)
{
    bool complete = true;
    for (uint8_t i = 0; i < zone->server_count; i++) {
        if (zone->servers[i].address_count > 0) {
            continue;
        }
        if (weighing->depth == DEPTH_MAX || delegation_needs_glue(zone, i)) {
            zone->servers[i].trouble = "its address lies behind itself, and came without glue";
            continue;
        }
        weighing->depth++;
        const bool first = complete && !add_addresses(weighing, zone, i, RRTYPE_A);
        complete &= !first && add_addresses(weighing, zone, i, RRTYPE_AAAA);
        weighing->depth--;
        if (first) {
            return false; /* the way to the others may be the same: it is asked for once */
        }
    }
    return complete;
}

/* --- answers put together --- */

/* An answer in the making. */
struct making {
    struct builder builder;
    uint8_t octets[OCTETS_MAX];
    struct name passed[LINKS_MAX]; /* names on the way */
    size_t count;
};

static void copy_section(struct making *making, const struct fact *fact, enum section section)
{
    struct record_walk walk = record_walk_start(&fact->message, section);
    struct record record;
    while (record_next(&walk, &record)) {
        if (section == SECTION_ANSWER || record.type == RRTYPE_SOA) {
            builder_copy_record(&making->builder, &record);
        }
    }
}

static const struct fact *keep(struct weighing *weighing, const struct probe *probe,
                               struct making *making)
{
    struct message message;
    const size_t size = builder_finish(&making->builder);
    if (size > 0 &&
        message_parse(bytes_of(making->octets, size), MESSAGE_LENIENT, &message, NULL)) {
        facts_add_reply(weighing->facts, probe, &message);
    } else {
        facts_add_trouble(weighing->facts, probe, TROUBLE_MALFORMED, "its parts do not fit");
    }
    const struct fact *fact = facts_find(weighing->facts, probe);
    return fact != NULL ? fact : fact_unasked();
}

static const struct fact *keep_trouble(struct weighing *weighing, const struct probe *probe,
                                       enum trouble trouble, const char *why)
{
    facts_add_trouble(weighing->facts, probe, trouble, why);
    const struct fact *fact = facts_find(weighing->facts, probe);
    return fact != NULL ? fact : fact_unasked();
}

static bool was_passed(const struct making *making, const struct name *name)
{
    for (size_t i = 0; i < making->count; i++) {
        if (name_equal(&making->passed[i], name)) {
            return true;
        }
    }
    return false;
}

/* What stops the walk where nobody says anything. */
static const struct fact *keep_silence(struct weighing *weighing, const struct probe *probe,
                                       const struct survey *survey)
{
    const struct fact *trouble = survey->trouble;
    if (survey->state == SURVEY_DEAD || trouble == NULL) {
        return keep_trouble(weighing, probe, TROUBLE_SILENCE, "no server of the zone is known");
    }
    if (trouble->trouble == TROUBLE_SPENT) {
        return trouble;
    }
    const enum trouble kind = trouble->kind == FACT_TROUBLE ? trouble->trouble : TROUBLE_RCODE;
    return keep_trouble(weighing, probe, kind, trouble->why != NULL ? trouble->why : "lame");
}

/* Follows the CNAMEs from `probe->name`; NULL while a question is open. */
static const struct fact *follow(struct weighing *weighing, const struct probe *probe,
                                 struct making *making)
{
    struct name at;
    name_copy(&at, &probe->name);
    while (making->count < LINKS_MAX && !was_passed(making, &at)) {
        struct survey survey;
        name_copy(&making->passed[making->count++], &at);
        survey_walk(weighing, &at, probe->type, &survey);
        if (survey.state == SURVEY_OPEN) {
            return NULL;
        }
        if (survey.state != SURVEY_FOUND) {
            return keep_silence(weighing, probe, &survey);
        }
        copy_section(making, survey.answer, SECTION_ANSWER);
        if (survey.reply.kind != REPLY_ALIAS) {
            builder_rcode(&making->builder, survey.answer->message.rcode);
            copy_section(making, survey.answer, SECTION_AUTHORITY);
            return keep(weighing, probe, making);
        }
        name_copy(&at, &survey.reply.last);
    }
    return was_passed(making, &at)
               ? keep_trouble(weighing, probe, TROUBLE_CIRCLE, "the CNAMEs lead in a circle")
               : keep_trouble(weighing, probe, TROUBLE_LONG_CHAIN, "the CNAMEs go on for too long");
}

const struct fact *survey_answer(struct weighing *weighing, const struct name *name, uint16_t type)
{
    const struct probe probe = probe_in(VIEW_OWN, name, type);
    const struct fact *known = facts_find(weighing->facts, &probe);
    if (known != NULL) {
        return known;
    }
    struct making making;
    making.count = 0;
    builder_start(&making.builder, making.octets, OCTETS_MAX, 0, ANSWER_FLAGS);
    builder_question(&making.builder, name, type, RRCLASS_IN);
    return follow(weighing, &probe, &making);
}
/* NOLINTEND(misc-no-recursion) */
