/* Asking every server of a zone, and comparing what they say. */
#include "inspect/servers.h"

#include "wire/rdata.h"
#include "wire/rrtype.h"

#define SAID_OCTETS_MAX 1500 /* of the sentence that tells what each server said */

/* --- asking --- */

static void add_sight(struct weighing *weighing, struct servers *servers, uint8_t index)
{
    const struct delegation_address *address = &servers->survey.zone.addresses[index];
    const bool reachable =
        address->address.family == ADDRESS_V4 ? weighing->vantage->v4 : weighing->vantage->v6;
    if (reachable && servers->count < SIGHTS_MAX) {
        servers->sights[servers->count++] =
            (struct sight){.address = address->address, .server = address->server};
    }
}

/* IPv4 first: where there are too many addresses, every server is to be asked at least once. */
static void list_sights(struct weighing *weighing, struct servers *servers)
{
    const struct delegation *zone = &servers->survey.zone;
    servers->count = 0;
    for (uint8_t i = 0; i < zone->address_count; i++) {
        if (zone->addresses[i].address.family == ADDRESS_V4) {
            add_sight(weighing, servers, i);
        }
    }
    for (uint8_t i = 0; i < zone->address_count; i++) {
        if (zone->addresses[i].address.family == ADDRESS_V6) {
            add_sight(weighing, servers, i);
        }
    }
}

static void look_at(struct weighing *weighing, struct servers *servers, struct sight *sight)
{
    const struct plan_record *record = weighing->record;
    sight->fact = survey_ask(weighing, &sight->address, &record->name, record->type);
    if (sight->fact == NULL) {
        return;
    }
    sight->kind = fact_reply(sight->fact, &servers->survey.zone.cut, NULL);
    sight->speaks = survey_speaks(sight->kind);
    sight->shows = sight->speaks && shows_value(weighing, sight->fact);
    sight->alone = sight->shows && stands_alone(weighing, sight->fact);
    servers->speaking += sight->speaks;
    servers->showing += sight->shows;
    servers->silent += sight->fact->trouble == TROUBLE_SILENCE;
}

/* True if a key is to be found behind the record. */
static bool wants_key(const struct plan_record *record)
{
    return record->role == PLAN_DKIM && record->type == RRTYPE_CNAME;
}

static void look_at_resolver(struct weighing *weighing, struct servers *servers)
{
    const struct plan_record *record = weighing->record;
    const bool open = weighing->open;
    servers->resolved = ask_resolver(weighing, &record->name, record->type);
    servers->resolved_key =
        wants_key(record) ? ask_resolver(weighing, &record->name, RRTYPE_TXT) : servers->resolved;
    weighing->waiting = weighing->open;
    weighing->open = open;
}

void servers_look(struct weighing *weighing, struct servers *servers)
{
    const struct plan_record *record = weighing->record;
    servers->count = servers->speaking = servers->showing = servers->silent = 0;
    look_at_resolver(weighing, servers);
    survey_walk(weighing, &record->name, record->type, &servers->survey);
    const struct delegation *zone = &servers->survey.zone;
    if (servers->survey.state == SURVEY_OPEN &&
        survey_is_registry(weighing->vantage->suffixes, &zone->cut)) {
        return;
    }
    /* All servers of the zone at once: none need wait for a silent one. */
    if (!survey_complete(weighing, &servers->survey.zone)) {
        return;
    }
    list_sights(weighing, servers);
    for (size_t i = 0; i < servers->count; i++) {
        look_at(weighing, servers, &servers->sights[i]);
    }
    if (servers->showing > 0 && wants_key(record)) {
        survey_answer(weighing, &record->name, RRTYPE_TXT); /* no need to wait for the resolver */
    }
}

const struct servers *servers_of(const struct weighing *weighing)
{
    return weighing->servers != NULL && weighing->servers->count > 0 ? weighing->servers : NULL;
}

bool servers_are_own(const struct weighing *weighing)
{
    const struct survey *survey = weighing->servers == NULL ? NULL : &weighing->servers->survey;
    return survey != NULL && survey->referral != NULL &&
           suffixes_labels(weighing->vantage->suffixes, &survey->parent, SUFFIX_PRIVATE) <
               survey->parent.labels;
}

/* --- comparing --- */

/* The record number `index` of the asked-for type; false if there are fewer. */
static bool nth_record(const struct fact *fact, size_t index, struct record *ret)
{
    struct fact_cursor cursor = {0};
    bool any = false;
    for (size_t i = 0; i <= index; i++) {
        any = fact_next_record(fact, fact->probe.type, &cursor, ret);
    }
    return any;
}

/* True if the strings of two TXT records, joined, are the same text. */
static bool same_text(struct bytes a, struct bytes b)
{
    struct bytes from_a = bytes_of(NULL, 0);
    struct bytes from_b = bytes_of(NULL, 0);
    for (;;) {
        while (from_a.size == 0 && rdata_txt_next(&a, &from_a)) {}
        while (from_b.size == 0 && rdata_txt_next(&b, &from_b)) {}
        const size_t size = from_a.size < from_b.size ? from_a.size : from_b.size;
        if (size == 0) {
            return from_a.size == from_b.size;
        }
        if (memcmp(from_a.data, from_b.data, size) != 0) {
            return false;
        }
        from_a = bytes_after(from_a, size);
        from_b = bytes_after(from_b, size);
    }
}

static bool same_rdata(const struct record *a, const struct record *b)
{
    struct name_ref target;
    struct name name;
    if (a->type == RRTYPE_TXT) {
        return same_text(a->rdata, b->rdata);
    }
    if (record_target(a, &target)) {
        name_expand(target, &name);
        return record_target(b, &target) && name_ref_equal(target, &name);
    }
    return bytes_equal(a->rdata, b->rdata);
}

/* True if `fact` has `record`, in whatever place. */
static bool has_record(const struct fact *fact, const struct record *record)
{
    struct record other;
    for (size_t i = 0; nth_record(fact, i, &other); i++) {
        if (same_rdata(&other, record)) {
            return true;
        }
    }
    return false;
}

static bool has_all(const struct fact *fact, const struct fact *of)
{
    struct record record;
    for (size_t i = 0; nth_record(of, i, &record); i++) {
        if (!has_record(fact, &record)) {
            return false;
        }
    }
    return true;
}

bool answers_agree(const struct fact *a, const struct fact *b)
{
    struct name alias_a;
    struct name alias_b;
    const bool leads = a->probe.type != RRTYPE_CNAME;
    const bool leads_a = leads && fact_alias(a, &alias_a, NULL);
    const bool leads_b = leads && fact_alias(b, &alias_b, NULL);
    if (leads_a || leads_b) { /* what is behind the CNAME is another zone's business */
        return leads_a && leads_b && name_equal(&alias_a, &alias_b);
    }
    return has_all(a, b) && has_all(b, a);
}

bool sights_agree(const struct sight *a, const struct sight *b)
{
    return answers_agree(a->fact, b->fact) || (a->shows && b->shows && a->alone == b->alone);
}

bool sight_serial(struct weighing *weighing, const struct sight *sight, uint32_t *ret)
{
    const struct name *apex = &weighing->servers->survey.zone.cut;
    const struct fact *fact = survey_ask(weighing, &sight->address, apex, RRTYPE_SOA);
    struct fact_cursor cursor = {0};
    struct record record;
    struct soa_numbers numbers;
    if (fact == NULL || fact->kind != FACT_ANSWER ||
        !fact_next_record(fact, RRTYPE_SOA, &cursor, &record) ||
        !rdata_soa_numbers(record.rdata, &numbers)) {
        return false;
    }
    *ret = numbers.serial;
    return true;
}

/* --- telling --- */

static void put_sight(struct text *text, const struct weighing *weighing,
                      const struct servers *servers, const struct sight *sight)
{
    struct record record;
    struct name_ref target;
    name_put(text, &servers->survey.zone.servers[sight->server].name);
    text_put(text, " (");
    address_put(text, &sight->address);
    text_put(text, ") says ");
    if (sight->shows) {
        text_put(text, "the record as it was asked for");
    } else if (!sight->speaks) {
        text_put(text, sight->fact->why != NULL ? sight->fact->why : "nothing of use");
    } else if (!nth_record(sight->fact, 0, &record)) {
        const bool no_name = sight->kind == REPLY_NXDOMAIN;
        text_put(text, no_name ? "there is no such name" : "there is no such record");
    } else if (record_target(&record, &target)) {
        name_ref_put(text, target);
    } else {
        rdata_put(text, weighing->record->type, record.rdata);
    }
}

void servers_note(struct weighing *weighing, const struct servers *servers)
{
    char buffer[SAID_OCTETS_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    for (size_t i = 0; i < servers->count; i++) {
        text_put(&text, i > 0 ? "; " : "");
        put_sight(&text, weighing, servers, &servers->sights[i]);
    }
    weighing->evidence.who_says = arena_copy_string(weighing->facts->arena, buffer);
}
