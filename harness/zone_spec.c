/* Reading zones: one function a key, one table for zones, one for servers. */
#include "harness/zone_spec.h"

#include <string.h>

#include "base/values.h"
#include "harness/params_load.h"

/* --- behaviours --- */

size_t behaviour_count(void)
{
    size_t count = 0;
    while (behaviour_rows[count] != NULL && behaviour_rows[count]->name != NULL) {
        count++;
    }
    return count;
}

static bool configure(struct loader *loader, const struct behaviour_row *row,
                      const struct zone_spec *zone, struct behaviour_choice *choice)
{
    struct diag diag = {.place = choice->place};
    choice->state = NULL;
    if (row->configure == NULL) {
        return true;
    }
    choice->state =
        row->configure(&choice->params, &zone->apex, zone->provider, loader->arena, &diag);
    if (choice->state == NULL) {
        diag.place = diag.place.line > 0 ? diag.place : choice->place;
        diags_add_copy(loader->diags, &diag);
    }
    return choice->state != NULL;
}

/* True for the ways to write "not at all". */
static bool turns_off(const struct yaml_node *node)
{
    return yaml_is_word(node, "false") || (node->kind == YAML_SEQUENCE && node->count == 0);
}

/* Names are relative to the apex; one that repeats it was most likely written in full. */
static bool check_names(struct loader *loader, const struct params *params, const struct name *apex)
{
    const struct param *names = params_find(params, "names");
    bool fine = true;
    for (size_t i = 0; names != NULL && i < names->count; i++) {
        const struct bytes text = names->texts[i];
        struct name name;
        if (name_parse_text(text, NULL, &name, NULL)) {
            fine = loader_not_doubled(loader, text, names->text_places[i], &name, apex) && fine;
        }
    }
    return fine;
}

static bool load_behaviour(struct loader *loader, const struct behaviour_row *row,
                           const struct yaml_node *node, const struct zone_spec *zone,
                           struct behaviour_choice *choice)
{
    *choice = (struct behaviour_choice){.said = BEHAVIOUR_OFF, .place = node->place};
    if (turns_off(node)) {
        return true;
    }
    choice->said = BEHAVIOUR_ON;
    const struct param_form form = {row->name, row->params, row->short_param};
    return params_load(loader, &form, node, &choice->params) &&
           check_names(loader, &choice->params, &zone->apex) &&
           configure(loader, row, zone, choice);
}

static bool load_behaviours(struct loader *loader, const struct yaml_node *node,
                            const struct zone_spec *zone, struct behaviour_choice *choices)
{
    bool fine = true;
    for (size_t i = 0; i < behaviour_count(); i++) {
        const struct yaml_node *member = yaml_find(node, behaviour_rows[i]->name);
        if (member != NULL) {
            fine = load_behaviour(loader, behaviour_rows[i], member, zone, &choices[i]) && fine;
        }
    }
    return fine;
}

/* Turns on what the provider does without being asked. */
static bool load_provider_behaviours(struct loader *loader, struct zone_spec *zone)
{
    const char *const *names = zone->provider->behaviours;
    bool fine = true;
    for (size_t n = 0; names != NULL && names[n] != NULL; n++) {
        for (size_t i = 0; i < behaviour_count(); i++) {
            const struct behaviour_row *row = behaviour_rows[i];
            if (strcmp(row->name, names[n]) != 0 || zone->choices[i].said != BEHAVIOUR_UNSAID) {
                continue;
            }
            zone->choices[i] =
                (struct behaviour_choice){.said = BEHAVIOUR_ON, .place = zone->place};
            const struct param_form form = {row->name, row->params, row->short_param};
            fine = params_load_defaults(loader, &form, zone->place, &zone->choices[i].params) &&
                   configure(loader, row, zone, &zone->choices[i]) && fine;
        }
    }
    return fine;
}

/* What was configured for one provider must be so again for another. */
static bool reconfigure(struct loader *loader, const struct zone_spec *zone,
                        struct behaviour_choice *choices)
{
    bool fine = true;
    for (size_t i = 0; i < behaviour_count(); i++) {
        if (choices[i].said == BEHAVIOUR_ON) {
            fine = configure(loader, behaviour_rows[i], zone, &choices[i]) && fine;
        }
    }
    return fine;
}

static struct behaviour_choice *new_choices(struct loader *loader)
{
    struct behaviour_choice *choices =
        ARENA_NEW_ARRAY(loader->arena, struct behaviour_choice, behaviour_count());
    if (choices == NULL) {
        loader_exhausted(loader);
    }
    return choices;
}

/* --- keys that zones and servers share --- */

static const char *const ttl_doc = "Seconds, or as zone files write them (5m, 1h).";

const struct param_spec soa_params[] = {
    {.key = "mname", .type = PARAM_TEXT, .doc = "The primary server's host name."},
    {.key = "rname", .type = PARAM_TEXT, .doc = "The mailbox of who is responsible, as a name."},
    {.key = "serial", .type = PARAM_INTEGER, .doc = "The version of the zone.", .most = UINT32_MAX},
    {.key = "refresh", .type = PARAM_DURATION, .doc = "How often secondaries look."},
    {.key = "retry", .type = PARAM_DURATION, .doc = "How soon they look again after a failure."},
    {.key = "expire", .type = PARAM_DURATION, .doc = "When they give up."},
    {.key = "minimum",
     .type = PARAM_DURATION,
     .doc = "How long a denial may be kept (RFC 2308), if the record's own TTL is not less."},
    {.key = "ttl", .type = PARAM_DURATION, .doc = "The TTL of the SOA record itself."},
    {.key = NULL},
};

static bool load_soa(struct loader *loader, const struct yaml_node *node, struct soa_spec *soa)
{
    *soa = (struct soa_spec){.absent = yaml_is_word(node, "false")};
    if (soa->absent) {
        return true;
    }
    struct params *said = ARENA_NEW(loader->arena, struct params);
    if (said == NULL) {
        return loader_exhausted(loader);
    }
    const struct param_form form = {"soa", soa_params, NULL};
    soa->said = said;
    return params_load(loader, &form, node, said);
}

/* --- how records were entered --- */

static size_t entry_count(void)
{
    size_t count = 0;
    while (entry_rows[count].name != NULL) {
        count++;
    }
    return count;
}

static bool load_entry_names(struct loader *loader, const struct yaml_node *member,
                             const struct name *apex, struct names *names, struct param *given)
{
    const struct entry_row *row = entry_find(member->key);
    if (row == NULL) {
        struct spelling spelling = spelling_of(member->key);
        for (row = entry_rows; row->name != NULL; row++) {
            spelling_offer(&spelling, row->name);
        }
        loader_unknown_key(loader, member, "`entry`", &spelling);
        return false;
    }
    const struct param_spec spec = {.key = row->name, .type = PARAM_TEXTS};
    struct param *param = &given[row - entry_rows];
    struct diag diag = {.place = member->place};
    if (!param_load(loader, &spec, member, param)) {
        return false;
    }
    param->spec = NULL; /* ours ends here */
    if (!names_configure(param, apex, loader->arena, &names[row - entry_rows], &diag)) {
        diags_add_copy(loader->diags, &diag);
        return false;
    }
    return true;
}

static bool load_entry(struct loader *loader, const struct yaml_node *node, const struct name *apex,
                       struct entry_spec *entry)
{
    *entry = (struct entry_spec){.said = true};
    if (turns_off(node)) {
        return true;
    }
    struct names *names = ARENA_NEW_ARRAY(loader->arena, struct names, entry_count());
    struct param *given = ARENA_NEW_ARRAY(loader->arena, struct param, entry_count());
    if (names == NULL || given == NULL) {
        return loader_exhausted(loader);
    }
    if (!loader_need_mapping(loader, node, "entry")) {
        return false;
    }
    bool fine = true;
    for (const struct yaml_node *member = node->first; member != NULL; member = member->next) {
        fine = load_entry_names(loader, member, apex, names, given) && fine;
    }
    entry->names = names;
    entry->given = given;
    return fine;
}

/* Tells of members that are neither rows of `keys` nor behaviours. */
static bool check_keys(struct loader *loader, const struct yaml_node *node, const char *where,
                       const struct zone_key *keys)
{
    bool fine = true;
    for (const struct yaml_node *member = node->first; member != NULL; member = member->next) {
        struct spelling spelling = spelling_of(member->key);
        bool known = behaviour_find(member->key) != NULL;
        for (const struct zone_key *row = keys; row->key != NULL && !known; row++) {
            known = bytes_are(member->key, row->key);
            spelling_offer(&spelling, row->key);
        }
        for (size_t i = 0; i < behaviour_count() && !known; i++) {
            spelling_offer(&spelling, behaviour_rows[i]->name);
        }
        if (!known) {
            loader_unknown_key(loader, member, where, &spelling);
            fine = false;
        }
    }
    return fine;
}

static bool load_keys(struct loader *loader, const struct yaml_node *node,
                      const struct zone_key *keys, void *spec)
{
    bool fine = true;
    for (const struct zone_key *row = keys; row->key != NULL; row++) {
        const struct yaml_node *member = yaml_find(node, row->key);
        if (member != NULL) {
            fine = row->load(loader, member, spec) && fine;
        }
    }
    return fine;
}

/* --- keys of a server --- */

/* What reading a server needs: the server and its zone. */
struct server_target {
    struct server_spec *server;
    const struct zone_spec *zone;
};

static bool load_server_addresses(struct loader *loader, const struct yaml_node *node, void *spec)
{
    const struct server_target *target = spec;
    static const struct param_spec row = {.key = "addresses", .type = PARAM_ADDRESSES};
    struct param param;
    if (!param_load(loader, &row, node, &param)) {
        return false;
    }
    target->server->addresses = param.addresses;
    target->server->address_count = param.count;
    return true;
}

static bool load_server_delegated(struct loader *loader, const struct yaml_node *node, void *spec)
{
    const struct server_target *target = spec;
    static const struct param_spec row = {.key = "delegated", .type = PARAM_BOOL};
    struct param param;
    if (!param_load(loader, &row, node, &param)) {
        return false;
    }
    target->server->delegated = param.number != 0;
    return true;
}

static bool load_server_records(struct loader *loader, const struct yaml_node *node, void *spec)
{
    const struct server_target *target = spec;
    target->server->has_view = true;
    target->server->view = (struct record_list){0};
    return records_read(loader, node, &target->zone->apex, target->zone->ttl,
                        &target->server->view);
}

static bool load_server_entry(struct loader *loader, const struct yaml_node *node, void *spec)
{
    const struct server_target *target = spec;
    return load_entry(loader, node, &target->zone->apex, &target->server->entry);
}

static bool load_server_soa(struct loader *loader, const struct yaml_node *node, void *spec)
{
    const struct server_target *target = spec;
    return load_soa(loader, node, &target->server->soa);
}

const struct zone_key server_keys[] = {
    {"addresses",
     "Its addresses. Without this key those that the zones' A and AAAA records give its name, or "
     "else one of each family is made.",
     "addresses", load_server_addresses},
    {"delegated",
     "false: the server answers for the zone, but neither the parent nor the zone's own NS records "
     "list it.",
     "boolean", load_server_delegated},
    {"records", "What this server shows instead of the zone's records (a stale secondary, say).",
     "records", load_server_records},
    {"entry", "How records were entered, where it is this server's own.", "entry",
     load_server_entry},
    {"soa", "The start of authority this server shows.", "soa", load_server_soa},
    {NULL, NULL, NULL, NULL},
};

static bool load_server_mapping(struct loader *loader, const struct yaml_node *node,
                                struct server_target *target)
{
    const bool known = check_keys(loader, node, "a server", server_keys);
    const bool loaded = load_keys(loader, node, server_keys, target);
    return load_behaviours(loader, node, target->zone, target->server->choices) && known && loaded;
}

/* Reads one server: `name` below the zone's apex, and what `node` says (NULL: nothing). */
static bool load_server(struct loader *loader, struct bytes name, struct place place,
                        const struct yaml_node *node, struct zone_spec *zone)
{
    if (zone->server_count == ZONE_SERVERS_MAX) {
        diags_add(loader->diags, place, "a zone has %d servers at most", ZONE_SERVERS_MAX);
        return false;
    }
    struct server_spec *server = &zone->servers[zone->server_count];
    *server = (struct server_spec){.place = place, .delegated = true};
    server->choices = new_choices(loader);
    if (server->choices == NULL || !loader_name(loader, name, place, &zone->apex, &server->host)) {
        return false;
    }
    zone->server_count++;
    for (size_t i = 0; i + 1 < zone->server_count; i++) {
        if (name_equal(&zone->servers[i].host, &server->host)) {
            diags_add(loader->diags, place, "this server is here twice");
            return false;
        }
    }
    struct server_target target = {server, zone};
    return node == NULL || yaml_is_empty(node) ||
           (loader_need_mapping(loader, node, "a server") &&
            load_server_mapping(loader, node, &target));
}

/* --- keys of a zone --- */

/* Most hosts serve what their customers enter, and need no row in the table of providers. */
static void tell_providers(struct loader *loader, const struct yaml_node *node, const char *meant)
{
    const char *unknown = (const char *)node->scalar.data;
    char buffer[DIAG_SENTENCE_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    if (meant != NULL) {
        diags_hint(diags_add(loader->diags, node->place, "there is no provider `%s`", unknown),
                   "did you mean `%s`?", meant);
        return;
    }
    for (const struct provider *row = providers; row->slug != NULL; row++) {
        if (row == providers || strcmp(row->slug, row[-1].slug) != 0) { /* else an older edition */
            text_put(&text, row == providers ? "" : ", ");
            text_put(&text, row->slug);
        }
    }
    diags_hint(diags_add(loader->diags, node->place,
                         "there is no provider `%s`; the known ones are %s", unknown, buffer),
               "leave the key out for a host that serves what its customers enter");
}

static bool load_provider(struct loader *loader, const struct yaml_node *node, void *spec)
{
    struct zone_spec *zone = spec;
    if (!loader_need_scalar(loader, node, "provider")) {
        return false;
    }
    const struct provider *provider = provider_find(node->scalar);
    if (provider == NULL) {
        struct spelling spelling = spelling_of(node->scalar);
        for (const struct provider *row = providers; row->slug != NULL; row++) {
            spelling_offer(&spelling, row->slug);
        }
        tell_providers(loader, node, spelling.best);
        return false;
    }
    if (provider != zone->provider) {
        zone->provider = provider;
        return reconfigure(loader, zone, zone->choices);
    }
    return true;
}

static bool load_ttl(struct loader *loader, const struct yaml_node *node, void *spec)
{
    struct zone_spec *zone = spec;
    if (!loader_need_scalar(loader, node, "ttl")) {
        return false;
    }
    if (!value_ttl(node->scalar, &zone->ttl)) {
        diags_hint(diags_add(loader->diags, node->place, "ttl: `%s` is not a TTL",
                             (const char *)node->scalar.data),
                   "%s", ttl_doc);
        return false;
    }
    return true;
}

static bool load_records(struct loader *loader, const struct yaml_node *node, void *spec)
{
    struct zone_spec *zone = spec;
    zone->edits += zone->records.count > 0;
    zone->records = (struct record_list){0};
    return records_read(loader, node, &zone->apex, zone->ttl, &zone->records);
}

static bool load_zone_entry(struct loader *loader, const struct yaml_node *node, void *spec)
{
    struct zone_spec *zone = spec;
    zone->edits += zone->entry.said;
    return load_entry(loader, node, &zone->apex, &zone->entry);
}

static bool load_zone_soa(struct loader *loader, const struct yaml_node *node, void *spec)
{
    struct zone_spec *zone = spec;
    return load_soa(loader, node, &zone->soa);
}

static bool load_servers(struct loader *loader, const struct yaml_node *node, void *spec)
{
    struct zone_spec *zone = spec;
    if (node->kind == YAML_SCALAR) {
        return loader_wrong_kind(loader, node, "servers", "a list or a mapping of host names");
    }
    zone->servers_said = true;
    zone->server_count = 0;
    zone->servers = ARENA_NEW_ARRAY(loader->arena, struct server_spec, ZONE_SERVERS_MAX);
    if (zone->servers == NULL) {
        return loader_exhausted(loader);
    }
    bool fine = true;
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        if (node->kind == YAML_MAPPING) {
            fine = load_server(loader, item->key, item->key_place, item, zone) && fine;
        } else {
            fine = loader_need_scalar(loader, item, "a server") &&
                   load_server(loader, item->scalar, item->place, NULL, zone) && fine;
        }
    }
    return fine;
}

const struct zone_key zone_keys[] = {
    {"provider",
     "Who runs the zone: its name servers, its SOA, and what `proxied` plays. See the providers.",
     "provider", load_provider},
    {"ttl", "The TTL of records that give none; 300 without this key.", "ttl", load_ttl},
    {"records",
     "Zone text (RFC 1035), as a block (`|`) or a list of lines. $TTL and $ORIGIN are understood. "
     "Data of any type can be given as `\\# <octets> <hex>`.",
     "records", load_records},
    {"entry",
     "How records were entered: what a form or a copy made of them before the zone took them. "
     "`false` for nothing.",
     "entry", load_zone_entry},
    {"soa",
     "The start of authority, as far as it is not the provider's; `false` leaves the zone without.",
     "soa", load_zone_soa},
    {"servers",
     "Its name servers: a list of host names, or a mapping of host names to what is special about "
     "each. Without this key those that the zone's own NS records name, or else the provider's.",
     "servers", load_servers},
    {NULL, NULL, NULL, NULL},
};

/* --- whole zones --- */

bool zone_spec_init(struct loader *loader, struct zone_spec *spec, const struct name *apex,
                    struct place place)
{
    *spec = (struct zone_spec){
        .place = place, .provider = provider_default(), .ttl = RECORDS_TTL_DEFAULT};
    name_copy(&spec->apex, apex);
    spec->choices = new_choices(loader);
    return spec->choices != NULL;
}

bool zone_spec_load(struct loader *loader, const struct yaml_node *node, struct zone_spec *spec)
{
    if (yaml_is_empty(node)) {
        return load_provider_behaviours(loader, spec);
    }
    if (!loader_need_mapping(loader, node, "a zone")) {
        return false;
    }
    const bool known = check_keys(loader, node, "a zone", zone_keys);
    const bool loaded = load_keys(loader, node, zone_keys, spec);
    const bool behaves = load_behaviours(loader, node, spec, spec->choices);
    return load_provider_behaviours(loader, spec) && known && loaded && behaves;
}

static struct behaviour_choice *copy_choices(struct loader *loader,
                                             const struct behaviour_choice *from)
{
    struct behaviour_choice *choices = new_choices(loader);
    if (choices != NULL) {
        memcpy(choices, from, behaviour_count() * sizeof *choices);
    }
    return choices;
}

bool zone_spec_copy(struct loader *loader, const struct zone_spec *from, struct zone_spec *ret)
{
    *ret = *from;
    ret->choices = copy_choices(loader, from->choices);
    return ret->choices != NULL; /* servers are replaced as a whole, never edited */
}
