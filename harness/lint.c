/* The findings of `lint`. Each looks at the scenario as it is before its first step. */
#include "harness/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/keyring.h"
#include "harness/records.h"
#include "harness/spelling.h"
#include "harness/zone_spec.h"
#include "inspect/plan.h"
#include "wire/rrtype.h"

#define LINKS_MAX          64
#define SCRATCH_OCTETS_MAX ((size_t)1024 * 1024)

struct lint {
    const struct scenario *scenario;
    struct diags *diags;
    const struct lint_rule *rule;
    size_t found;
};

__attribute__((format(printf, 3, 4))) static void warn(struct lint *lint, struct place place,
                                                       const char *format, ...)
{
    char sentence[DIAG_SENTENCE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    diags_add(lint->diags, place, "%s [%s]", sentence, lint->rule->name);
    lint->found++;
}

/* A name for a sentence. */
struct shown {
    char text[NAME_TEXT_MAX];
};

static struct shown show(const struct name *name)
{
    struct shown shown;
    struct text text = text_in(shown.text, sizeof shown.text);
    name_put(&text, name);
    return shown;
}

/* --- looking things up --- */

static const struct scenario_zone *nearest(const struct lint *lint, const struct name *name)
{
    const struct scenario_zone *best = NULL;
    for (size_t i = 0; i < lint->scenario->zone_count; i++) {
        const struct scenario_zone *zone = &lint->scenario->zones[i];
        if (name_is_at_or_below(name, &zone->apex) &&
            (best == NULL || zone->apex.labels > best->apex.labels)) {
            best = zone;
        }
    }
    return best;
}

/* The name that the CNAME at `name` leads to; false if there is none. */
static bool follow(const struct lint *lint, const struct name *name, struct name *ret)
{
    const struct scenario_zone *zone = nearest(lint, name);
    struct zone_found found;
    if (zone == NULL) {
        return false;
    }
    zone_look_up(zone->zone, name, RRTYPE_A, &found);
    return found.outcome == ZONE_CNAME && rdata_target(RRTYPE_CNAME, found.rrset->rdata[0], ret);
}

/* False for a record that its entry has made another one of: that it is wrong is meant. */
static bool is_kept(const struct scenario_zone *zone, const struct said_record *record)
{
    const struct rr *rr = &record->rr;
    const struct rrset *rrset = zone_rrset(zone->zone, rr->owner, rr->type);
    for (size_t i = 0; rrset != NULL && i < rrset->count; i++) {
        if (rdata_equal(rr->type, rrset->rdata[i], rr->rdata)) {
            return true;
        }
    }
    return false;
}

/* Calls `look` for every record of the file that its zone has as it was typed. */
static void each_record(struct lint *lint, void (*look)(struct lint *, const struct scenario_zone *,
                                                        const struct said_record *))
{
    for (size_t i = 0; i < lint->scenario->zone_count; i++) {
        const struct scenario_zone *zone = &lint->scenario->zones[i];
        for (size_t r = 0; r < zone->said_count; r++) {
            if (is_kept(zone, &zone->said[r])) {
                look(lint, zone, &zone->said[r]);
            }
        }
    }
}

/* --- records --- */

static void look_for_loop(struct lint *lint, const struct scenario_zone *zone,
                          const struct said_record *record)
{
    struct name at;
    (void)zone;
    if (record->rr.type != RRTYPE_CNAME) {
        return;
    }
    name_copy(&at, record->rr.owner);
    for (unsigned links = 1; links <= LINKS_MAX; links++) {
        struct name next;
        if (!follow(lint, &at, &next)) {
            return;
        }
        if (name_equal(&next, record->rr.owner)) {
            warn(lint, record->place, "this CNAME leads back to itself after %u link%s", links,
                 links == 1 ? "" : "s");
            return;
        }
        name_copy(&at, &next);
    }
}

static void find_loops(struct lint *lint)
{
    each_record(lint, look_for_loop);
}

static bool leads_somewhere(uint16_t type)
{
    return type == RRTYPE_CNAME || type == RRTYPE_MX || type == RRTYPE_NS || type == RRTYPE_SRV;
}

static void look_for_dangling(struct lint *lint, const struct scenario_zone *zone,
                              const struct said_record *record)
{
    struct name target;
    struct zone_found found;
    (void)zone;
    if (!leads_somewhere(record->rr.type) ||
        !rdata_target(record->rr.type, record->rr.rdata, &target) || target.labels == 0) {
        return;
    }
    const struct scenario_zone *home = nearest(lint, &target);
    if (home == NULL || (home->made && home->apex.labels < 2)) {
        warn(lint, record->place, "no zone of this scenario holds the target %s",
             show(&target).text);
        return;
    }
    zone_look_up(home->zone, &target, RRTYPE_A, &found);
    if (found.outcome == ZONE_NXDOMAIN) {
        warn(lint, record->place, "nothing is published at the target %s", show(&target).text);
    }
}

static void find_dangling(struct lint *lint)
{
    each_record(lint, look_for_dangling);
}

/* True if `name` ends in the apex twice. */
static bool is_doubled(const struct name *name, const struct name *apex)
{
    struct name rest;
    return apex->labels > 0 && name_is_at_or_below(name, apex) &&
           name_replace_suffix(name, apex, name_root(), &rest) && name_is_at_or_below(&rest, apex);
}

static void look_for_doubled(struct lint *lint, const struct scenario_zone *zone,
                             const struct said_record *record)
{
    if (is_doubled(record->rr.owner, &zone->apex)) {
        warn(lint, record->place,
             "%s holds the zone's name twice; names without a final dot are relative to the zone",
             show(record->rr.owner).text);
    }
}

static void find_doubled(struct lint *lint)
{
    each_record(lint, look_for_doubled);
}

/* A target without its final dot, to which the zone's name was added. */
static void look_for_missing_dot(struct lint *lint, const struct scenario_zone *zone,
                                 const struct said_record *record)
{
    struct name target;
    struct name meant;
    if (!leads_somewhere(record->rr.type) || zone->apex.labels == 0 ||
        !rdata_target(record->rr.type, record->rr.rdata, &target) ||
        !name_is_at_or_below(&target, &zone->apex) ||
        !name_replace_suffix(&target, &zone->apex, name_root(), &meant)) {
        return;
    }
    const struct scenario_zone *home = nearest(lint, &meant);
    if (home != NULL && home->apex.labels >= 2) {
        warn(lint, record->place, "the target became %s; was its final dot forgotten?",
             show(&target).text);
    }
}

static void find_missing_dots(struct lint *lint)
{
    each_record(lint, look_for_missing_dot);
}

/* Signatures and NSEC records stand beside a CNAME by right (RFC 4035 2.5). */
static bool clashes_with_cname(const struct rrset *rrset)
{
    if (rrset->type == RRTYPE_CNAME) {
        return rrset->count > 1;
    }
    return rrset->type != RRTYPE_RRSIG && rrset->type != RRTYPE_NSEC;
}

static void look_beside_cname(struct lint *lint, const struct scenario_zone *zone,
                              const struct said_record *record)
{
    size_t count = 0;
    if (record->rr.type != RRTYPE_CNAME) {
        return;
    }
    const struct rrset *rrsets = zone_rrsets(zone->zone, record->rr.owner, &count);
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        others += clashes_with_cname(&rrsets[i]);
    }
    if (others > 0) {
        warn(lint, record->place, "%s has a CNAME and something beside it (RFC 2181 10.1)",
             show(record->rr.owner).text);
    }
}

static void find_beside_cname(struct lint *lint)
{
    each_record(lint, look_beside_cname);
}

/* --- names of records --- */

/* Behaviours that do something to a record: without one at the name they do nothing. Others may
 * strike names that nobody has. */
static bool is_of_records(const struct behaviour_row *row)
{
    static const char *const words[] = {"proxied", "flattened", "address-only", "missing-txt"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(row->name, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_name(const struct scenario_zone *zone, const struct name *name)
{
    struct zone_found found;
    for (size_t i = 0; i < zone->said_count; i++) {
        if (name_equal(zone->said[i].rr.owner, name)) {
            return true; /* as it was typed, whatever became of it */
        }
    }
    zone_look_up(zone->zone, name, RRTYPE_TXT, &found);
    bool has = found.outcome != ZONE_NXDOMAIN;
    for (size_t i = 0; !has && i < zone->server_count; i++) {
        if (zone->servers[i].zone != NULL) {
            zone_look_up(zone->servers[i].zone, name, RRTYPE_TXT, &found);
            has = found.outcome != ZONE_NXDOMAIN;
        }
    }
    return has;
}

/* True if the zone has `name` at the beginning, or after some change. */
static bool ever_has_name(const struct lint *lint, const struct scenario_zone *zone,
                          const struct name *name)
{
    bool has = has_name(zone, name);
    for (size_t i = 0; !has && i < lint->scenario->step_count; i++) {
        const struct step *step = &lint->scenario->steps[i];
        const struct change_step *change = &step->as.change;
        for (size_t c = 0; !has && step->kind == STEP_CHANGE && c < change->change_count; c++) {
            const struct scenario_zone *after = change->changes[c].after;
            has = after != NULL && name_equal(&after->apex, &zone->apex) && has_name(after, name);
        }
    }
    return has;
}

/* The owner that was probably meant by `text`, relative to the zone; "" if there is none. */
static struct shown nearest_owner(const struct scenario_zone *zone, struct bytes text)
{
    struct shown best = {.text = ""};
    struct spelling spelling = spelling_of(text);
    for (size_t i = 0; i < zone->said_count; i++) {
        const struct name *owner = zone->said[i].rr.owner;
        struct name rest;
        if (!name_is_at_or_below(owner, &zone->apex) ||
            !name_replace_suffix(owner, &zone->apex, name_root(), &rest) || rest.labels == 0) {
            continue;
        }
        struct shown candidate = show(&rest);
        candidate.text[strlen(candidate.text) - 1] = '\0'; /* its final dot */
        spelling_offer(&spelling, candidate.text);
        if (spelling.best == candidate.text) {
            best = candidate;
            spelling.best = best.text;
        } else if (best.text[0] == '\0' &&
                   strncmp(candidate.text, (const char *)text.data, text.size) == 0) {
            best = candidate; /* as if the rest had been left out */
        }
    }
    return best;
}

/* `names` holds names of records, as they stand in the file; NULL: none. */
static void look_for_records(struct lint *lint, const struct scenario_zone *zone,
                             const struct param *names)
{
    for (size_t i = 0; names != NULL && i < names->count; i++) {
        struct name name;
        if (bytes_are(names->texts[i], "all") ||
            !name_parse_text(names->texts[i], &zone->apex, &name, NULL) ||
            ever_has_name(lint, zone, &name)) {
            continue;
        }
        const struct shown meant = nearest_owner(zone, names->texts[i]);
        warn(lint, names->text_places[i], "there is no record at %s in this zone%s%s%s",
             show(&name).text, meant.text[0] != '\0' ? "; did you mean `" : "", meant.text,
             meant.text[0] != '\0' ? "`?" : "");
    }
}

static void look_at_choices(struct lint *lint, const struct scenario_zone *zone,
                            const struct behaviour_choice *choices, const struct entry_spec *entry)
{
    for (size_t i = 0; i < behaviour_count(); i++) {
        if (choices[i].said == BEHAVIOUR_ON && is_of_records(behaviour_rows[i])) {
            look_for_records(lint, zone, params_find(&choices[i].params, "names"));
        }
    }
    for (size_t i = 0; entry->given != NULL && entry_rows[i].name != NULL; i++) {
        look_for_records(lint, zone, &entry->given[i]);
    }
}

static void find_names_without_records(struct lint *lint)
{
    for (size_t i = 0; i < lint->scenario->zone_count; i++) {
        const struct scenario_zone *zone = &lint->scenario->zones[i];
        look_at_choices(lint, zone, zone->spec->choices, &zone->spec->entry);
        for (size_t s = 0; s < zone->spec->server_count; s++) {
            const struct server_spec *server = &zone->spec->servers[s];
            look_at_choices(lint, zone, server->choices, &server->entry);
        }
    }
}

/* --- delegations --- */

/* True if some server of the scenario is called `host`. */
static bool is_server(const struct lint *lint, const struct name *host)
{
    for (size_t i = 0; i < lint->scenario->zone_count; i++) {
        const struct scenario_zone *zone = &lint->scenario->zones[i];
        for (size_t s = 0; s < zone->server_count; s++) {
            if (name_equal(&zone->servers[s].host, host)) {
                return true;
            }
        }
    }
    return false;
}

/* NS records to hosts that serve nothing, or below the cut without an address. */
static void look_for_glue(struct lint *lint, const struct scenario_zone *zone,
                          const struct said_record *record)
{
    struct name host;
    if (record->rr.type != RRTYPE_NS || !rdata_target(record->rr.type, record->rr.rdata, &host)) {
        return;
    }
    if (!is_server(lint, &host)) {
        warn(lint, record->place, "%s is no server of this scenario", show(&host).text);
        return;
    }
    if (!name_equal(record->rr.owner, &zone->apex) &&
        name_is_at_or_below(&host, record->rr.owner) &&
        zone_rrset(zone->zone, &host, RRTYPE_A) == NULL &&
        zone_rrset(zone->zone, &host, RRTYPE_AAAA) == NULL) {
        warn(lint, record->place, "%s lies below the cut and has no glue", show(&host).text);
    }
}

static void find_missing_glue(struct lint *lint)
{
    each_record(lint, look_for_glue);
}

static void find_undelegated(struct lint *lint)
{
    for (size_t i = 0; i < lint->scenario->zone_count; i++) {
        const struct scenario_zone *zone = &lint->scenario->zones[i];
        size_t delegated = 0;
        for (size_t s = 0; s < zone->server_count; s++) {
            delegated += zone->servers[s].delegated;
        }
        if (delegated == 0) {
            warn(lint, zone->place, "no server of %s is delegated to", show(&zone->apex).text);
        }
    }
}

/* --- faults --- */

static void find_idle_faults(struct lint *lint)
{
    for (size_t i = 0; i < lint->scenario->fault_count; i++) {
        const struct fault *fault = &lint->scenario->faults[i];
        if (fault->trigger.chance_ppm == 0) {
            warn(lint, fault->place, "this fault has no chance to strike");
        }
    }
}

/* --- steps --- */

static void find_silent_steps(struct lint *lint)
{
    for (size_t i = 0; i < lint->scenario->step_count; i++) {
        const struct step *step = &lint->scenario->steps[i];
        const bool asks =
            step->kind == STEP_LOOKUP || step->kind == STEP_DKIM || step->kind == STEP_SETUP;
        if (asks && step->expectation_count == 0) {
            warn(lint, step->place, "nothing is expected of this step");
        }
    }
    if (lint->scenario->step_count == 0) {
        warn(lint, lint->scenario->place, "this scenario has no steps");
    }
}

/* What a check is to look for, where no zone should publish it. */
static void find_doubtful_keys(struct lint *lint)
{
    struct arena scratch;
    arena_init(&scratch, SCRATCH_OCTETS_MAX);
    for (size_t i = 0; i < lint->scenario->step_count; i++) {
        const struct step *step = &lint->scenario->steps[i];
        const struct setup_step *setup = &step->as.setup;
        for (size_t r = 0; step->kind == STEP_SETUP && r < setup->record_count; r++) {
            char buffer[DIAG_SENTENCE_MAX];
            struct text doubt = text_in(buffer, sizeof buffer);
            if (plan_record_is_doubtful(&setup->records[r], &scratch, &doubt)) {
                warn(lint, step->place, "the wanted value of %s: %s",
                     show(&setup->records[r].name).text, buffer);
            }
        }
    }
    arena_free(&scratch);
}

/* --- keys --- */

static void find_unused_keys(struct lint *lint)
{
    const struct keyring *ring = lint->scenario->keyring;
    for (size_t i = 0; ring != NULL && i < ring->count; i++) {
        const struct keyring_key *key = &ring->keys[i];
        if (!key->is_used) {
            warn(lint, key->place, "no zone publishes the key `%s` and no step signs with it",
                 key->name);
        }
    }
}

/* --- the whole --- */

static void find_untold(struct lint *lint)
{
    const struct scenario *scenario = lint->scenario;
    if (scenario->about[0] == '\0') {
        warn(lint, scenario->place, "this scenario tells no story; `about` is missing");
    }
    if (scenario->covers[0] == NULL) {
        warn(lint, scenario->place, "`covers` names no row of the failure catalogue");
    }
}

/* --- the table --- */

const struct lint_rule lint_rules[] = {
    {"cname-loop", "A CNAME leads back to itself.", find_loops},
    {"dangling-target", "A CNAME, MX, NS or SRV record leads to a name that does not exist.",
     find_dangling},
    {"doubled-name", "A record's name ends in the zone's name twice.", find_doubled},
    {"missing-dot", "A target without its final dot became a name in the zone.", find_missing_dots},
    {"beside-cname", "A CNAME is not alone at its name.", find_beside_cname},
    {"no-such-record",
     "`proxied`, `flattened`, `address-only`, `missing-txt` or `entry` names a record that its "
     "zone does not have.",
     find_names_without_records},
    {"missing-glue", "An NS record names a host that is no server here, or that lacks glue.",
     find_missing_glue},
    {"undelegated", "A zone to which nothing delegates.", find_undelegated},
    {"idle-fault", "A fault that cannot strike.", find_idle_faults},
    {"no-expectation", "A step that asks and expects nothing, or a scenario without steps.",
     find_silent_steps},
    {"no-key-wanted", "A `setup` step that wants a DKIM record that holds no key.",
     find_doubtful_keys},
    {"unused-key", "A key that no zone publishes and no step signs with.", find_unused_keys},
    {"untold", "A scenario without a story, or without its row of the failure catalogue.",
     find_untold},
    {NULL, NULL, NULL},
};

size_t scenario_lint(const struct scenario *scenario, struct diags *diags)
{
    struct lint lint = {.scenario = scenario, .diags = diags};
    if (scenario->played != NULL) {
        return 0; /* the rules are about zones and stories, and it has neither */
    }
    for (size_t i = 0; lint_rules[i].name != NULL; i++) {
        lint.rule = &lint_rules[i];
        if ((scenario->intended & UINT32_C(1) << i) == 0) {
            lint.rule->look(&lint);
        }
    }
    diags_sort(diags);
    return lint.found;
}
