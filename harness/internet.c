/* Making the internet, step by step:
 *
 *   servers    those the file names; else those of the zone's NS records; else the provider's
 *   zones      a host name outside every zone gets one (the last two labels), a zone without a
 *              parent gets its TLD, and all get the root
 *   addresses  those said with the server; else A and AAAA records at its name; else made
 *   records    SOA and NS where missing, addresses of hosts, delegations and glue in parents
 *
 * Whatever is said is left alone, wrong as it may be: scenarios are about what goes wrong. */
#include "harness/internet.h"

#include <assert.h>
#include <string.h>

#include "wire/rrtype.h"

#define TTL_NS         86400  /* of a zone's own NS and host records */
#define TTL_DELEGATION 172800 /* of NS and glue in a parent, as .com has it */

/* The root's and the TLDs' servers; the addresses are those of the real a.root-servers.net and
 * a.gtld-servers.net. All made TLDs share one server. */
static const struct address root_addresses[2] = {
    {ADDRESS_V4, {198, 41, 0, 4}},
    {ADDRESS_V6, {0x20, 0x01, 0x05, 0x03, 0xba, 0x3e, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0x30}},
};
static const struct address tld_addresses[2] = {
    {ADDRESS_V4, {192, 5, 6, 30}},
    {ADDRESS_V6, {0x20, 0x01, 0x05, 0x03, 0xa8, 0x3e, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0x30}},
};
static const char root_host[] = "a.root-servers.net.";
static const char tld_host[] = "a.nic";

static bool exhausted(struct internet *internet)
{
    return loader_exhausted(internet->loader);
}

/* --- finding --- */

/* The zone nearest to `name` but for `except` (may be NULL). */
static struct internet_zone *nearest_but(const struct internet_state *state,
                                         const struct name *name,
                                         const struct internet_zone *except)
{
    struct internet_zone *best = NULL;
    for (size_t i = 0; i < state->count; i++) {
        struct internet_zone *zone = state->zones[i];
        const bool nearer = best == NULL || zone->spec.apex.labels > best->spec.apex.labels;
        if (zone != except && nearer && name_is_at_or_below(name, &zone->spec.apex)) {
            best = zone;
        }
    }
    return best;
}

const struct internet_zone *internet_nearest(const struct internet_state *state,
                                             const struct name *name)
{
    return nearest_but(state, name, NULL);
}

/* The server entry called `host` that has addresses, NULL if there is none. */
static const struct server_spec *find_server(const struct internet_state *state,
                                             const struct name *host)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct zone_spec *spec = &state->zones[i]->spec;
        for (size_t s = 0; s < spec->server_count; s++) {
            if (spec->servers[s].address_count > 0 && name_equal(&spec->servers[s].host, host)) {
                return &spec->servers[s];
            }
        }
    }
    return NULL;
}

/* --- servers --- */

static bool add_server(struct internet *internet, struct zone_spec *spec, const struct name *host)
{
    for (size_t i = 0; i < spec->server_count; i++) {
        if (name_equal(&spec->servers[i].host, host)) {
            return true;
        }
    }
    if (spec->server_count == ZONE_SERVERS_MAX) {
        return true; /* further ones add nothing */
    }
    struct server_spec *server = &spec->servers[spec->server_count];
    *server = (struct server_spec){.place = spec->place, .delegated = true};
    name_copy(&server->host, host);
    server->choices =
        ARENA_NEW_ARRAY(internet->loader->arena, struct behaviour_choice, behaviour_count());
    spec->server_count++;
    return server->choices != NULL || exhausted(internet);
}

static bool add_server_text(struct internet *internet, struct zone_spec *spec, const char *host)
{
    struct name name;
    const char *why;
    /* Only a name that is too long below the apex can fail. */
    return !name_parse_text(bytes_of_string(host), &spec->apex, &name, &why) ||
           add_server(internet, spec, &name);
}

/* Adds the hosts of the NS records at the apex; false if memory ran out. */
static bool add_servers_of_records(struct internet *internet, struct zone_spec *spec)
{
    bool fine = true;
    for (size_t i = 0; i < spec->records.count; i++) {
        const struct rr *rr = &spec->records.items[i].rr;
        struct name host;
        if (rr->type == RRTYPE_NS && name_equal(rr->owner, &spec->apex) &&
            rdata_target(rr->type, rr->rdata, &host)) {
            fine = add_server(internet, spec, &host) && fine;
        }
    }
    return fine;
}

static bool add_servers_of_provider(struct internet *internet, struct zone_spec *spec)
{
    static const char *const below[] = {"ns1", "ns2", NULL};
    const char *const *hosts =
        spec->provider->name_servers != NULL ? spec->provider->name_servers : below;
    bool fine = true;
    for (size_t i = 0; hosts[i] != NULL; i++) {
        fine = add_server_text(internet, spec, hosts[i]) && fine;
    }
    return fine;
}

static bool fill_servers(struct internet *internet, struct zone_spec *spec)
{
    spec->servers = ARENA_NEW_ARRAY(internet->loader->arena, struct server_spec, ZONE_SERVERS_MAX);
    spec->server_count = 0;
    if (spec->servers == NULL) {
        return exhausted(internet);
    }
    if (!add_servers_of_records(internet, spec)) {
        return false;
    }
    if (spec->server_count > 0) {
        return true;
    }
    if (spec->apex.labels == 0) {
        return add_server_text(internet, spec, root_host);
    }
    if (spec->apex.labels == 1 && spec->provider->name_servers == NULL) {
        return add_server_text(internet, spec, tld_host);
    }
    return add_servers_of_provider(internet, spec);
}

/* --- zones --- */

/* Room for one more zone, NULL (told) if there is none. */
static struct internet_zone *new_zone(struct internet *internet, struct internet_state *state)
{
    if (state->count == INTERNET_ZONES_MAX) {
        diags_add(internet->loader->diags, state->zones[0]->spec.place, "more than %d zones",
                  INTERNET_ZONES_MAX);
        return NULL;
    }
    struct internet_zone *zone = ARENA_NEW(internet->loader->arena, struct internet_zone);
    if (zone == NULL) {
        exhausted(internet);
        return NULL;
    }
    state->zones[state->count++] = zone;
    return zone;
}

static struct internet_zone *add_zone(struct internet *internet, struct internet_state *state,
                                      const struct name *apex)
{
    const struct place nowhere = {.file = internet->loader->source.file};
    struct internet_zone *zone = new_zone(internet, state);
    if (zone == NULL || !zone_spec_init(internet->loader, &zone->spec, apex, nowhere)) {
        return NULL;
    }
    zone->made = true;
    return zone;
}

/* Gives `zone` every host below its apex as a server. */
static bool serve_by_hosts_below(struct internet *internet, const struct internet_state *state,
                                 struct internet_zone *zone)
{
    zone->spec.servers =
        ARENA_NEW_ARRAY(internet->loader->arena, struct server_spec, ZONE_SERVERS_MAX);
    if (zone->spec.servers == NULL) {
        return exhausted(internet);
    }
    for (size_t i = 0; i < state->count; i++) {
        const struct zone_spec *other = &state->zones[i]->spec;
        for (size_t s = 0; s < other->server_count && other != &zone->spec; s++) {
            const struct name *host = &other->servers[s].host;
            if (nearest_but(state, host, NULL) == zone &&
                !add_server(internet, &zone->spec, host)) {
                return false;
            }
        }
    }
    return true;
}

/* True if `host`, a server of `zone`, needs a zone of its own. */
static bool is_homeless(const struct internet_state *state, const struct internet_zone *zone,
                        const struct name *host)
{
    const struct internet_zone *home = nearest_but(state, host, NULL);
    return host->labels > 0 && home != zone && (home == NULL || home->spec.apex.labels < 2);
}

/* Makes the zones of name servers that stand outside every zone of the file. */
static bool make_host_zones(struct internet *internet, struct internet_state *state)
{
    const size_t said = state->count;
    for (size_t i = 0; i < said; i++) {
        for (size_t s = 0; s < state->zones[i]->spec.server_count; s++) {
            const struct name *host = &state->zones[i]->spec.servers[s].host;
            if (!is_homeless(state, state->zones[i], host)) {
                continue;
            }
            struct name apex;
            name_suffix(host, host->labels < 2 ? host->labels : 2, &apex);
            if (add_zone(internet, state, &apex) == NULL) {
                return false;
            }
        }
    }
    bool fine = true;
    for (size_t i = said; i < state->count; i++) {
        fine = serve_by_hosts_below(internet, state, state->zones[i]) && fine;
    }
    return fine;
}

static bool make_zone_at(struct internet *internet, struct internet_state *state,
                         const struct name *apex)
{
    struct internet_zone *zone = add_zone(internet, state, apex);
    return zone != NULL && fill_servers(internet, &zone->spec);
}

/* Makes the TLD of every zone that has no parent but the root, and the root. */
static bool make_top(struct internet *internet, struct internet_state *state)
{
    bool root = false;
    for (size_t i = 0, count = state->count; i < count; i++) {
        const struct internet_zone *zone = state->zones[i];
        root = root || zone->spec.apex.labels == 0;
        const struct internet_zone *parent = nearest_but(state, &zone->spec.apex, zone);
        const bool orphan = parent == NULL || parent->spec.apex.labels == 0;
        if (zone->spec.apex.labels >= 2 && orphan) {
            struct name apex;
            name_suffix(&zone->spec.apex, 1, &apex);
            if (!make_zone_at(internet, state, &apex)) {
                return false;
            }
        }
    }
    return root || make_zone_at(internet, state, name_root());
}

/* Who is at home and below where, once all zones are there. */
static void find_homes(struct internet_state *state)
{
    for (size_t i = 0; i < state->count; i++) {
        struct internet_zone *zone = state->zones[i];
        zone->parent = nearest_but(state, &zone->spec.apex, zone);
        for (size_t s = 0; s < zone->spec.server_count; s++) {
            zone->spec.servers[s].home = nearest_but(state, &zone->spec.servers[s].host, NULL);
        }
    }
}

/* --- addresses --- */

/* True if some server has `address` already. */
static bool is_taken(const struct internet_state *state, const struct address *address)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct zone_spec *spec = &state->zones[i]->spec;
        for (size_t s = 0; s < spec->server_count; s++) {
            for (size_t a = 0; a < spec->servers[s].address_count; a++) {
                if (address_equal(&spec->servers[s].addresses[a], address)) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* The `index`-th address of each family for servers: the documentation networks first (RFC 5737),
 * then the benchmarking network (RFC 2544); 2001:db8::/32 (RFC 3849). */
static void make_addresses(unsigned index, struct address ret[2])
{
    static const uint8_t networks[3][3] = {{192, 0, 2}, {198, 51, 100}, {203, 0, 113}};
    const unsigned first = 101; /* leaves room for people's own addresses below */
    const unsigned each = 254 - first + 1;
    ret[0] = (struct address){.family = ADDRESS_V4};
    if (index < 3 * each) {
        memcpy(ret[0].octets, networks[index / each], 3);
        ret[0].octets[3] = (uint8_t)(first + index % each);
    } else {
        const unsigned rest = index - 3 * each;
        ret[0].octets[0] = 198;
        ret[0].octets[1] = 18;
        ret[0].octets[2] = (uint8_t)(rest / 254 % 256);
        ret[0].octets[3] = (uint8_t)(1 + rest % 254);
    }
    ret[1] = (struct address){.family = ADDRESS_V6, .octets = {0x20, 0x01, 0x0d, 0xb8}};
    ret[1].octets[13] = 1;
    ret[1].octets[14] = (uint8_t)(index >> 8);
    ret[1].octets[15] = (uint8_t)(index + 1);
}

/* The addresses made for `name`, now or in a state before. NULL if memory ran out. */
static const struct internet_host *
host_of(struct internet *internet, const struct internet_state *state, const struct name *name)
{
    for (size_t i = 0; i < internet->host_count; i++) {
        if (name_equal(&internet->hosts[i].name, name)) {
            return &internet->hosts[i];
        }
    }
    if (internet->host_count == internet->host_capacity) {
        const size_t capacity = internet->host_capacity > 0 ? internet->host_capacity * 2 : 16;
        struct internet_host *hosts =
            ARENA_NEW_ARRAY(internet->loader->arena, struct internet_host, capacity);
        if (hosts == NULL) {
            exhausted(internet);
            return NULL;
        }
        if (internet->host_count > 0) {
            memcpy(hosts, internet->hosts, internet->host_count * sizeof *hosts);
        }
        internet->hosts = hosts;
        internet->host_capacity = capacity;
    }
    struct internet_host *host = &internet->hosts[internet->host_count++];
    name_copy(&host->name, name);
    do {
        make_addresses(internet->addresses_made++, host->addresses);
    } while (is_taken(state, &host->addresses[0]) || is_taken(state, &host->addresses[1]));
    return host;
}

static bool address_of_record(const struct rr *rr, struct address *ret)
{
    if (rr->type == RRTYPE_A && rr->rdata.size == 4) {
        *ret = address_v4(rr->rdata.data);
        return true;
    }
    if (rr->type == RRTYPE_AAAA && rr->rdata.size == 16) {
        *ret = address_v6(rr->rdata.data);
        return true;
    }
    return false;
}

/* Gives `server` the addresses that `records` have at its name; how many. */
static size_t find_recorded(struct internet *internet, const struct record_list *records,
                            struct server_spec *server)
{
    struct address *addresses = NULL;
    size_t count = 0;
    for (size_t i = 0; i < records->count; i++) {
        const struct rr *rr = &records->items[i].rr;
        struct address address;
        if (!name_equal(rr->owner, &server->host) || !address_of_record(rr, &address)) {
            continue;
        }
        if (addresses == NULL) {
            addresses =
                ARENA_NEW_ARRAY(internet->loader->arena, struct address, records->count - i);
            if (addresses == NULL) {
                exhausted(internet);
                return 0;
            }
        }
        addresses[count++] = address;
    }
    server->addresses = addresses;
    server->address_count = count;
    return count;
}

/* The same in the host's own zone, or, where that one was made, in the zones above. */
static bool find_recorded_near(struct internet *internet, struct server_spec *server)
{
    const struct internet_zone *home = server->home;
    while (home != NULL && home->made) {
        home = home->parent;
    }
    return home != NULL && find_recorded(internet, &home->spec.records, server) > 0;
}

static bool copy_addresses(struct internet *internet, const struct address *from, size_t count,
                           struct server_spec *server)
{
    struct address *addresses = ARENA_NEW_ARRAY(internet->loader->arena, struct address, count);
    if (addresses == NULL) {
        return exhausted(internet);
    }
    memcpy(addresses, from, count * sizeof *addresses);
    server->addresses = addresses;
    server->address_count = count;
    return true;
}

/* Gives `server` the addresses that the file says: with the server, or as records of its name. */
static bool find_said(struct internet *internet, const struct internet_state *state,
                      struct server_spec *server)
{
    const struct server_spec *other = find_server(state, &server->host);
    if (other == NULL) {
        return find_recorded_near(internet, server);
    }
    server->addresses = other->addresses;
    server->address_count = other->address_count;
    server->made_addresses = other->made_addresses;
    return true;
}

/* True if `server` is the one that root or TLD have where the file says nothing. */
static bool is_top_server(const struct zone_spec *zone, const struct server_spec *server)
{
    struct name root;
    if (zone->apex.labels == 0) {
        return name_parse_text(bytes_of_string(root_host), NULL, &root, NULL) &&
               name_equal(&server->host, &root);
    }
    return zone->apex.labels == 1 && server->host.labels == 3 && !zone->servers_said &&
           zone->provider->name_servers == NULL && zone->records.count == 0;
}

static bool make_own(struct internet *internet, const struct internet_state *state,
                     const struct zone_spec *zone, struct server_spec *server)
{
    server->made_addresses = true;
    if (is_top_server(zone, server)) {
        return copy_addresses(internet, zone->apex.labels == 0 ? root_addresses : tld_addresses, 2,
                              server);
    }
    const struct internet_host *host = host_of(internet, state, &server->host);
    return host != NULL && copy_addresses(internet, host->addresses, 2, server);
}

/* What is said first, so that what is made can avoid it. */
static bool fill_addresses(struct internet *internet, struct internet_state *state)
{
    bool fine = true;
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < state->count; i++) {
            struct zone_spec *spec = &state->zones[i]->spec;
            for (size_t s = 0; s < spec->server_count; s++) {
                struct server_spec *server = &spec->servers[s];
                const bool found = server->address_count > 0 || find_said(internet, state, server);
                fine = (found || round == 0 || make_own(internet, state, spec, server)) && fine;
            }
        }
    }
    return fine;
}

/* --- records --- */

/* Where records are added: a zone's or a view's list. */
struct ledger {
    struct internet *internet;
    const struct internet_state *state;
    const struct internet_zone *zone;
    struct record_list *list;
    bool fine;
};

static void put(struct ledger *ledger, const struct name *owner, uint16_t type, uint32_t ttl,
                struct bytes rdata)
{
    const struct said_record record = {
        .rr = {.owner = owner, .type = type, .rrclass = RRCLASS_IN, .ttl = ttl, .rdata = rdata}};
    struct arena *arena = ledger->internet->loader->arena;
    if (rdata.data == NULL || !record_list_add(ledger->list, arena, &record)) {
        ledger->fine = exhausted(ledger->internet);
    }
}

static void put_addresses(struct ledger *ledger, const struct server_spec *server, uint32_t ttl)
{
    for (size_t i = 0; i < server->address_count; i++) {
        const struct address *address = &server->addresses[i];
        put(ledger, &server->host, address->family == ADDRESS_V4 ? RRTYPE_A : RRTYPE_AAAA, ttl,
            address_octets(address));
    }
}

static bool has_addresses(const struct record_list *list, const struct name *host)
{
    return record_list_has(list, host, RRTYPE_A) || record_list_has(list, host, RRTYPE_AAAA) ||
           record_list_has(list, host, RRTYPE_CNAME);
}

/* A number of the SOA: the file's, else the provider's. */
static uint32_t soa_number(const struct soa_spec *soa, const char *key, uint32_t fallback)
{
    const struct param *param = soa->said != NULL ? params_find(soa->said, key) : NULL;
    if (param == NULL) {
        return fallback;
    }
    return (uint32_t)(param->spec->type == PARAM_DURATION ? param->number / NS_PER_S
                                                          : param->number);
}

/* A name of the SOA into `ret`: the file's, else `fallback` (relative to the apex). */
static bool soa_name(struct ledger *ledger, const struct soa_spec *soa, const char *key,
                     const char *fallback, struct name *ret)
{
    const struct name *apex = &ledger->zone->spec.apex;
    const struct param *param = soa->said != NULL ? params_find(soa->said, key) : NULL;
    if (param != NULL) {
        return loader_name(ledger->internet->loader, param->texts[0], param->place, apex, ret);
    }
    if (!name_parse_text(bytes_of_string(fallback), apex, ret, NULL)) {
        name_copy(ret, apex); /* too long below this apex */
    }
    return true;
}

static uint8_t *put_u32(uint8_t *at, uint32_t number)
{
    at[0] = (uint8_t)(number >> 24);
    at[1] = (uint8_t)(number >> 16);
    at[2] = (uint8_t)(number >> 8);
    at[3] = (uint8_t)number;
    return at + 4;
}

static void put_soa(struct ledger *ledger, const struct soa_spec *soa)
{
    const struct zone_spec *spec = &ledger->zone->spec;
    const struct provider *provider = spec->provider;
    struct name mname;
    struct name rname;
    name_copy(&mname, spec->server_count > 0 ? &spec->servers[0].host : &spec->apex);
    if ((soa->said != NULL && params_find(soa->said, "mname") != NULL &&
         !soa_name(ledger, soa, "mname", ".", &mname)) ||
        !soa_name(ledger, soa, "rname",
                  provider->soa_rname != NULL ? provider->soa_rname : "hostmaster", &rname)) {
        ledger->fine = false;
        return;
    }
    uint8_t rdata[2 * NAME_OCTETS_MAX + 20];
    memcpy(rdata, mname.octets, mname.size);
    memcpy(rdata + mname.size, rname.octets, rname.size);
    uint8_t *at = rdata + mname.size + rname.size;
    at = put_u32(at, soa_number(soa, "serial", provider->soa_serial + spec->edits));
    at = put_u32(at, soa_number(soa, "refresh", provider->soa_refresh));
    at = put_u32(at, soa_number(soa, "retry", provider->soa_retry));
    at = put_u32(at, soa_number(soa, "expire", provider->soa_expire));
    at = put_u32(at, soa_number(soa, "minimum", provider->soa_minimum));
    put(ledger, &spec->apex, RRTYPE_SOA, soa_number(soa, "ttl", provider->soa_ttl),
        arena_copy(ledger->internet->loader->arena, bytes_of(rdata, (size_t)(at - rdata))));
}

/* NS records at `owner` for the servers that `spec` delegates to. */
static void put_servers(struct ledger *ledger, const struct zone_spec *spec, uint32_t ttl)
{
    for (size_t i = 0; i < spec->server_count; i++) {
        if (spec->servers[i].delegated) {
            put(ledger, &spec->apex, RRTYPE_NS, ttl, name_bytes(&spec->servers[i].host));
        }
    }
}

/* Addresses of every host whose home this zone is. */
static void put_hosts(struct ledger *ledger)
{
    const struct internet_state *state = ledger->state;
    for (size_t i = 0; i < state->count; i++) {
        const struct zone_spec *spec = &state->zones[i]->spec;
        for (size_t s = 0; s < spec->server_count; s++) {
            const struct server_spec *server = &spec->servers[s];
            if (server->home == ledger->zone && !has_addresses(ledger->list, &server->host)) {
                put_addresses(ledger, server, TTL_NS);
            }
        }
    }
}

static void put_delegations(struct ledger *ledger)
{
    const struct internet_state *state = ledger->state;
    for (size_t i = 0; i < state->count; i++) {
        const struct internet_zone *child = state->zones[i];
        if (child->parent == ledger->zone &&
            !record_list_has(ledger->list, &child->spec.apex, RRTYPE_NS)) {
            put_servers(ledger, &child->spec, TTL_DELEGATION);
        }
    }
}

/* Addresses of name servers of zone cuts, as far as they lie below this zone. */
static void put_glue(struct ledger *ledger)
{
    const struct name *apex = &ledger->zone->spec.apex;
    for (size_t i = 0; i < ledger->list->count; i++) { /* grows, but by no more NS */
        const struct rr rr = ledger->list->items[i].rr;
        struct name host;
        if (rr.type != RRTYPE_NS || name_equal(rr.owner, apex) ||
            !rdata_target(rr.type, rr.rdata, &host) || !name_is_at_or_below(&host, apex) ||
            has_addresses(ledger->list, &host)) {
            continue;
        }
        const struct server_spec *server = find_server(ledger->state, &host);
        if (server != NULL) {
            put_addresses(ledger, server, TTL_DELEGATION);
        }
    }
}

/* What a server is to show, as far as a file says it. */
struct telling {
    const struct record_list *records; /* as they were typed */
    const struct entry_spec *entry;
    const struct soa_spec *soa;
};

static bool is_listed(const struct names *names, const struct name *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (name_equal(&names->items[i], name)) {
            return true;
        }
    }
    return names->all;
}

/* Adds what one typed record became on its way into the zone at `apex`. */
static bool enter(struct ledger *ledger, const struct name *apex, const struct said_record *typed,
                  const struct entry_spec *entry)
{
    struct arena *arena = ledger->internet->loader->arena;
    struct rr records[ENTRY_RECORDS_MAX] = {typed->rr};
    size_t count = 1;
    for (size_t row = 0; entry->names != NULL && entry_rows[row].name != NULL; row++) {
        if (count == 1 && is_listed(&entry->names[row], typed->rr.owner)) {
            count = entry_rows[row].enter(&entry_rows[row], apex, arena, records);
        }
    }
    if (count == 0) {
        diags_add(ledger->internet->loader->diags, typed->place,
                  "this record cannot be entered so: a name grows longer than names may be");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct said_record entered = {records[i], typed->place};
        if (!record_list_add(ledger->list, arena, &entered)) {
            return exhausted(ledger->internet);
        }
    }
    return true;
}

/* Fills `list` with what was told and what is to be made for `zone`. */
static bool complete(struct internet *internet, const struct internet_state *state,
                     const struct internet_zone *zone, const struct telling *told,
                     struct record_list *list)
{
    struct ledger ledger = {internet, state, zone, list, true};
    const struct zone_spec *spec = &zone->spec;
    const struct soa_spec *soa = told->soa;
    for (size_t i = 0; i < told->records->count; i++) {
        if (!enter(&ledger, &spec->apex, &told->records->items[i], told->entry)) {
            return false;
        }
    }
    if (!soa->absent && !record_list_has(list, &spec->apex, RRTYPE_SOA)) {
        put_soa(&ledger, soa);
    }
    if (!record_list_has(list, &spec->apex, RRTYPE_NS)) {
        put_servers(&ledger, spec, TTL_NS);
    }
    put_hosts(&ledger);
    put_delegations(&ledger);
    put_glue(&ledger);
    return ledger.fine;
}

static bool complete_views(struct internet *internet, const struct internet_state *state,
                           struct internet_zone *zone)
{
    zone->views =
        ARENA_NEW_ARRAY(internet->loader->arena, struct record_list, zone->spec.server_count);
    if (zone->views == NULL) {
        return exhausted(internet);
    }
    bool fine = true;
    for (size_t i = 0; i < zone->spec.server_count; i++) {
        const struct server_spec *server = &zone->spec.servers[i];
        const bool own_soa = server->soa.absent || server->soa.said != NULL;
        const struct telling told = {
            .records = server->has_view ? &server->view : &zone->spec.records,
            .entry = server->entry.said ? &server->entry : &zone->spec.entry,
            .soa = own_soa ? &server->soa : &zone->spec.soa,
        };
        if (server->has_view || server->entry.said || own_soa) {
            fine = complete(internet, state, zone, &told, &zone->views[i]) && fine;
        }
    }
    return fine;
}

/* --- building --- */

static const struct zone *build_zone(struct internet *internet, const struct zone_spec *spec,
                                     const struct record_list *records)
{
    struct zone *zone = zone_new(internet->loader->arena, &spec->apex);
    for (size_t i = 0; zone != NULL && i < records->count; i++) {
        const char *why = NULL;
        if (!zone_add(zone, &records->items[i].rr, &why)) {
            diags_add(internet->loader->diags, records->items[i].place,
                      "this record cannot be in the zone: %s", why);
            return NULL;
        }
    }
    if (zone == NULL || !zone_finish(zone)) {
        exhausted(internet);
        return NULL;
    }
    return zone;
}

/* The behaviours that are on: `own` where it says anything, else `zone`'s. */
static bool collect_behaviours(struct internet *internet, const struct behaviour_choice *own,
                               const struct behaviour_choice *zone, struct behaviour_set *ret)
{
    const size_t rows = behaviour_count();
    struct behaviour *items = ARENA_NEW_ARRAY(internet->loader->arena, struct behaviour, rows);
    struct place *places = ARENA_NEW_ARRAY(internet->loader->arena, struct place, rows);
    if (items == NULL || places == NULL) {
        return exhausted(internet);
    }
    size_t count = 0;
    for (size_t i = 0; i < rows; i++) {
        const bool is_own = own != NULL && own[i].said != BEHAVIOUR_UNSAID;
        const struct behaviour_choice *choice = is_own ? &own[i] : &zone[i];
        if (choice->said == BEHAVIOUR_ON) {
            places[count] = choice->place;
            items[count++] = (struct behaviour){behaviour_rows[i], choice->state};
        }
    }
    *ret = (struct behaviour_set){.items = items, .places = places, .count = count};
    return true;
}

static bool build_server(struct internet *internet, const struct internet_zone *zone, size_t index,
                         struct scenario_server *ret)
{
    const struct server_spec *spec = &zone->spec.servers[index];
    *ret = (struct scenario_server){.place = spec->place,
                                    .addresses = spec->addresses,
                                    .address_count = spec->address_count,
                                    .made_addresses = spec->made_addresses,
                                    .delegated = spec->delegated};
    name_copy(&ret->host, &spec->host);
    if (zone->views[index].count > 0) {
        ret->zone = build_zone(internet, &zone->spec, &zone->views[index]);
        if (ret->zone == NULL) {
            return false;
        }
    }
    return collect_behaviours(internet, spec->choices, zone->spec.choices, &ret->behaviours);
}

static bool build(struct internet *internet, struct internet_zone *zone)
{
    struct arena *arena = internet->loader->arena;
    struct scenario_zone *built = ARENA_NEW(arena, struct scenario_zone);
    struct scenario_server *servers =
        ARENA_NEW_ARRAY(arena, struct scenario_server, zone->spec.server_count);
    if (built == NULL || servers == NULL) {
        return exhausted(internet);
    }
    built->place = zone->spec.place;
    built->provider = zone->spec.provider;
    built->made = zone->made;
    built->spec = &zone->spec;
    built->servers = servers;
    built->server_count = zone->spec.server_count;
    built->said = zone->spec.records.items;
    built->said_count = zone->spec.records.count;
    name_copy(&built->apex, &zone->spec.apex);
    built->zone = build_zone(internet, &zone->spec, &zone->records);
    bool fine = built->zone != NULL &&
                collect_behaviours(internet, NULL, zone->spec.choices, &built->behaviours);
    for (size_t i = 0; fine && i < zone->spec.server_count; i++) {
        fine = build_server(internet, zone, i, &servers[i]);
    }
    zone->built = built;
    return fine;
}

/* --- what stayed the same --- */

static bool same_records(const struct record_list *a, const struct record_list *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        const struct rr *left = &a->items[i].rr;
        const struct rr *right = &b->items[i].rr;
        if (left->type != right->type || left->ttl != right->ttl ||
            !name_identical(left->owner, right->owner) || !bytes_equal(left->rdata, right->rdata)) {
            return false;
        }
    }
    return true;
}

static bool same_choices(const struct behaviour_choice *a, const struct behaviour_choice *b)
{
    for (size_t i = 0; i < behaviour_count(); i++) {
        if (a[i].said != b[i].said || a[i].state != b[i].state) {
            return false;
        }
    }
    return true;
}

static bool same_server(const struct internet_zone *a, const struct internet_zone *b, size_t index)
{
    const struct server_spec *left = &a->spec.servers[index];
    const struct server_spec *right = &b->spec.servers[index];
    if (left->address_count != right->address_count || left->delegated != right->delegated ||
        !name_identical(&left->host, &right->host) ||
        !same_choices(left->choices, right->choices) ||
        !same_records(&a->views[index], &b->views[index])) {
        return false;
    }
    for (size_t i = 0; i < left->address_count; i++) {
        if (!address_equal(&left->addresses[i], &right->addresses[i])) {
            return false;
        }
    }
    return true;
}

static bool same_zone(const struct internet_zone *a, const struct internet_zone *b)
{
    if (a->spec.server_count != b->spec.server_count || a->spec.provider != b->spec.provider ||
        !same_choices(a->spec.choices, b->spec.choices) ||
        !same_records(&a->records, &b->records)) {
        return false;
    }
    for (size_t i = 0; i < a->spec.server_count; i++) {
        if (!same_server(a, b, i)) {
            return false;
        }
    }
    return true;
}

static struct scenario_zone *built_before(const struct internet_state *before,
                                          const struct internet_zone *zone)
{
    for (size_t i = 0; before != NULL && i < before->count; i++) {
        if (name_equal(&before->zones[i]->spec.apex, &zone->spec.apex)) {
            return same_zone(before->zones[i], zone) ? before->zones[i]->built : NULL;
        }
    }
    return NULL;
}

/* --- all of it --- */

/* The servers that `from` names, for this state to edit. */
static bool copy_servers(struct internet *internet, const struct zone_spec *from,
                         struct zone_spec *spec)
{
    spec->servers = ARENA_NEW_ARRAY(internet->loader->arena, struct server_spec, ZONE_SERVERS_MAX);
    if (spec->servers == NULL) {
        return exhausted(internet);
    }
    memcpy(spec->servers, from->servers, from->server_count * sizeof *spec->servers);
    return true;
}

/* Copies the file's zones into `state`, each with servers. */
static bool begin(struct internet *internet, const struct zone_spec *specs, size_t count,
                  struct internet_state *state)
{
    state->zones =
        ARENA_NEW_ARRAY(internet->loader->arena, struct internet_zone *, INTERNET_ZONES_MAX);
    if (state->zones == NULL) {
        return exhausted(internet);
    }
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        struct internet_zone *zone = new_zone(internet, state);
        if (zone == NULL) {
            return false;
        }
        zone->spec = specs[i];
        fine = (specs[i].servers_said ? copy_servers(internet, &specs[i], &zone->spec)
                                      : fill_servers(internet, &zone->spec)) &&
               fine;
    }
    return fine;
}

static bool finish(struct internet *internet, const struct internet_state *before,
                   struct internet_state *state)
{
    const struct zone **views =
        ARENA_NEW_ARRAY(internet->loader->arena, const struct zone *, state->count);
    if (views == NULL) {
        return exhausted(internet);
    }
    bool fine = true;
    for (size_t i = 0; i < state->count; i++) {
        struct internet_zone *zone = state->zones[i];
        const struct telling told = {&zone->spec.records, &zone->spec.entry, &zone->spec.soa};
        if (!complete(internet, state, zone, &told, &zone->records) ||
            !complete_views(internet, state, zone)) {
            fine = false;
            continue;
        }
        zone->built = built_before(before, zone);
        if (zone->built == NULL && !build(internet, zone)) {
            fine = false;
        } else {
            assert(zone->built != NULL);
            views[i] = zone->built->zone;
        }
    }
    state->views = views;
    return fine;
}

bool internet_make(struct internet *internet, const struct zone_spec *specs, size_t count,
                   const struct internet_state *before, struct internet_state *ret)
{
    *ret = (struct internet_state){0};
    if (!begin(internet, specs, count, ret) || !make_host_zones(internet, ret) ||
        !make_top(internet, ret)) {
        return false;
    }
    find_homes(ret);
    return fill_addresses(internet, ret) && finish(internet, before, ret);
}
