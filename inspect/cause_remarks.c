/* Causes that spoil nothing yet: the record is there, and something about its zone or its answers
 * may go wrong for others. */
#include "inspect/cause_rows.h"
#include "inspect/servers.h"
#include "inspect/weighing.h"
#include "wire/rrtype.h"

/* --- the delegation --- */

/* Notes which one it is, and what is wrong with it. */
static void note_server(struct weighing *weighing, const struct delegation_server *server)
{
    char buffer[NAME_TEXT_MAX + 64];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, "It is ");
    name_put(&text, &server->name);
    text_put_format(&text, " (%s)", server->trouble);
    weighing->evidence.who_says = arena_copy_string(weighing->facts->arena, buffer);
}

enum weight weigh_dangling_server(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->survey.referral == NULL) {
        return WEIGHT_NO;
    }
    const struct delegation *zone = &servers->survey.zone;
    for (uint8_t i = 0; i < zone->server_count; i++) {
        if (zone->servers[i].address_count == 0 && zone->servers[i].trouble != NULL) {
            note_server(weighing, &zone->servers[i]);
            if (servers_are_own(weighing)) {
                weighing->evidence.fix =
                    "Correct or remove its NS record in the zone above: whoever "
                    "registers the name can take this part of the domain over.";
            }
            return prove(weighing, servers->survey.referral, zone->servers[i].trouble);
        }
    }
    return WEIGHT_NO;
}

static bool is_delegated(const struct delegation *zone, struct name_ref host)
{
    for (uint8_t i = 0; i < zone->server_count; i++) {
        if (name_ref_equal(host, &zone->servers[i].name)) {
            return true;
        }
    }
    return false;
}

/* The zone's own NS records against those by which its parent delegates. */
enum weight weigh_parent_differs(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->survey.referral == NULL) {
        return WEIGHT_NO;
    }
    const struct delegation *zone = &servers->survey.zone;
    const struct fact *own = need(weighing, &zone->cut, RRTYPE_NS);
    struct fact_cursor cursor = {0};
    struct record record;
    struct name_ref host;
    size_t count = 0;
    bool same = true;
    while (own != NULL && fact_next_record(own, RRTYPE_NS, &cursor, &record)) {
        same &= record_target(&record, &host) && is_delegated(zone, host);
        count++;
    }
    if (count == 0 || (same && count == zone->server_count)) {
        return WEIGHT_NO;
    }
    if (servers_are_own(weighing)) {
        weighing->evidence.fix = "Make the NS records in the zone above the same as in this one.";
    }
    prove(weighing, servers->survey.referral, "the parent's name servers");
    return prove(weighing, own, "the zone's own");
}

enum weight weigh_no_soa(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    if (servers == NULL || servers->survey.referral == NULL) {
        return WEIGHT_NO;
    }
    const struct fact *soa = need(weighing, &servers->survey.zone.cut, RRTYPE_SOA);
    struct fact_cursor cursor = {0};
    struct record record;
    if (soa == NULL || fact_next_record(soa, RRTYPE_SOA, &cursor, &record)) {
        return WEIGHT_NO;
    }
    return prove(weighing, soa, "a zone without SOA");
}

/* --- what stands beside the answer --- */

/* True if a section of the reply has a record from outside `zone`. */
static bool has_foreign(const struct fact *fact, enum section section, const struct name *zone)
{
    struct record_walk walk = record_walk_start(&fact->message, section);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.type != RRTYPE_OPT && !name_ref_is_at_or_below(record.owner, zone)) {
            return true;
        }
    }
    return false;
}

/* A record of type 0, which there is not: an OPT that was overwritten (DVE-2017-0001). */
static bool has_nonsense(const struct fact *fact)
{
    struct record_walk walk = record_walk_start(&fact->message, SECTION_ADDITIONAL);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.type == 0) {
            return true;
        }
    }
    return false;
}

enum weight weigh_foreign_data(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        const struct fact *fact = servers->sights[i].fact;
        const struct name *zone = &servers->survey.zone.cut;
        if (!servers->sights[i].speaks) {
            continue;
        }
        if (has_nonsense(fact)) {
            weighing->evidence.number = "F110";
            weighing->evidence.detail = "One of them is of no type at all.";
        }
        if (has_foreign(fact, SECTION_ANSWER, zone) || has_foreign(fact, SECTION_AUTHORITY, zone) ||
            has_foreign(fact, SECTION_ADDITIONAL, zone)) {
            return prove(weighing, fact, "records of other zones beside the answer");
        }
    }
    return WEIGHT_NO;
}

/* Forgivable faults of messages: the wrong number of questions, and all others. */
#define QUESTION_FAULTS                                                                            \
    (MESSAGE_BIT(MESSAGE_HEADER_ONLY) | MESSAGE_BIT(MESSAGE_QUESTION_MISSING) |                    \
     MESSAGE_BIT(MESSAGE_QUESTION_SEVERAL))

static enum weight prove_forgiven(struct weighing *weighing, bool question, const char *shows)
{
    const struct servers *servers = servers_of(weighing);
    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        const uint32_t forgiven = sight->fact->replied ? sight->fact->message.forgiven : 0;
        if (sight->speaks && forgiven != 0 && ((forgiven & QUESTION_FAULTS) != 0) == question) {
            return prove(weighing, sight->fact, shows);
        }
    }
    return WEIGHT_NO;
}

/* True if the answer section has a record of the type asked for more than once. */
static bool repeats_records(const struct fact *fact)
{
    struct record_walk walk = record_walk_start(&fact->message, SECTION_ANSWER);
    struct fact_cursor cursor = {0};
    struct record record;
    size_t all = 0;
    while (record_next(&walk, &record)) {
        all += record.type == fact->probe.type;
    }
    while (fact_next_record(fact, fact->probe.type, &cursor, &record)) {
        all--;
    }
    return all > 0;
}

enum weight weigh_repeated_records(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        if (sight->speaks && repeats_records(sight->fact)) {
            return prove(weighing, sight->fact, "the same record more than once");
        }
    }
    return WEIGHT_NO;
}

enum weight weigh_questionless(struct weighing *weighing)
{
    return prove_forgiven(weighing, true, "an answer that does not repeat the question");
}

/* --- EDNS --- */

/* What a server that answers without EDNS sent with it, if that cannot be read: another trouble
 * than not knowing EDNS (F105, F110). NULL else. */
static const struct fact *find_garbage(const struct weighing *weighing, const struct sight *sight)
{
    struct probe plain = sight->fact->probe;
    plain.manner = MANNER_PLAIN;
    const struct fact *fact = sight->speaks && sight->fact->probe.manner == MANNER_NO_EDNS
                                  ? facts_find(weighing->facts, &plain)
                                  : NULL;
    return fact != NULL && (fact->trouble == TROUBLE_MALFORMED || fact->trouble == TROUBLE_CUT)
               ? fact
               : NULL;
}

enum weight weigh_sloppy_messages(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        const struct fact *garbage = find_garbage(weighing, &servers->sights[i]);
        if (garbage != NULL) {
            weighing->evidence.number = garbage->trouble == TROUBLE_CUT ? "F105" : NULL;
            weighing->evidence.detail = "It answers well only questions without EDNS.";
            return prove(weighing, garbage, "what a server says to a question with EDNS");
        }
    }
    return prove_forgiven(weighing, false, "a message that strict readers refuse");
}

enum weight weigh_without_edns(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        if (sight->speaks && sight->fact->probe.manner == MANNER_NO_EDNS &&
            !survey_knows_edns(weighing, &sight->address) &&
            find_garbage(weighing, sight) == NULL) {
            return prove(weighing, sight->fact, "an answer that comes only without EDNS");
        }
    }
    return WEIGHT_NO;
}

/* True if a server has put an OPT record into any answer. */
static bool has_shown_edns(const struct weighing *weighing, const struct address *server)
{
    for (size_t i = 0; i < weighing->facts->count; i++) {
        const struct fact *fact = weighing->facts->items[i];
        if (fact->replied && fact->message.edns.present &&
            address_equal(&fact->probe.server, server)) {
            return true;
        }
    }
    return false;
}

/* A well-formed answer without OPT to a question with one: the server does not know EDNS, and does
 * no harm by it (RFC 6891 7). */
enum weight weigh_edns_overlooked(struct weighing *weighing)
{
    const struct servers *servers = servers_of(weighing);
    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        const struct sight *sight = &servers->sights[i];
        if (sight->speaks && sight->fact->probe.manner == MANNER_PLAIN &&
            sight->fact->message.forgiven == 0 && !has_nonsense(sight->fact) &&
            !has_shown_edns(weighing, &sight->address)) {
            return prove(weighing, sight->fact, "no OPT record in answer to one");
        }
    }
    return WEIGHT_NO;
}

/* --- the answer itself --- */

/* The answer that a verifier needs: the key's, or the record's own. */
static const struct fact *need_last(struct weighing *weighing)
{
    return weighing->record->role == PLAN_DKIM ? need_type(weighing, RRTYPE_TXT)
                                               : need_own(weighing);
}

static const struct fact *need_last_with(struct weighing *weighing,
                                         bool (*fits)(const struct record *record))
{
    const struct fact *fact = need_last(weighing);
    if (fact == NULL) {
        return NULL;
    }
    struct record_walk walk = record_walk_start(&fact->message, SECTION_ANSWER);
    struct record record;
    while (record_next(&walk, &record)) {
        if (fits(&record)) {
            return fact;
        }
    }
    return NULL;
}

static bool is_dname(const struct record *record)
{
    return record->type == RRTYPE_DNAME;
}

enum weight weigh_dname(struct weighing *weighing)
{
    const struct fact *fact = need_last_with(weighing, is_dname);
    return fact == NULL ? WEIGHT_NO : prove(weighing, fact, "a DNAME on the way");
}

static bool has_no_ttl(const struct record *record)
{
    return record->ttl == 0;
}

enum weight weigh_zero_ttl(struct weighing *weighing)
{
    const struct fact *fact = need_last_with(weighing, has_no_ttl);
    return fact == NULL ? WEIGHT_NO : prove(weighing, fact, "a TTL of 0");
}

/* --- the verifier's own log --- */

/* True if `longer` is `name` with further labels behind it, in whatever letter case. */
static bool goes_on(const struct name *longer, const struct name *name)
{
    struct name suffix;
    struct name all;
    if (longer->labels <= name->labels) {
        return false;
    }
    name_suffix(longer, longer->labels - name->labels, &suffix);
    return name_replace_suffix(name, name_root(), &suffix, &all) && name_equal(&all, longer);
}

enum weight weigh_search_list(struct weighing *weighing)
{
    const struct name *asked = &weighing->record->hints.asked_as;
    const struct name *name = &weighing->record->name;
    const struct fact *own = asked->size == 0 ? NULL : need_own(weighing);
    if (own == NULL || !goes_on(asked, name)) {
        return WEIGHT_NO;
    }
    char buffer[NAME_TEXT_MAX + 64];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, "It asked for ");
    name_put(&text, asked);
    weighing->evidence.who_says = arena_copy_string(weighing->facts->arena, buffer);
    return prove(weighing, own, "the record, at the name that was not asked for");
}

enum weight weigh_verifier_cache(struct weighing *weighing)
{
    const struct fact *own = weighing->record->hints.not_asked ? need_own(weighing) : NULL;
    return own == NULL ? WEIGHT_NO : prove(weighing, own, "the record, which nobody asked for");
}
