/* From a scenario to a world. Everything is made once; a reset only puts back what runs move. */
#include "harness/build.h"

#include <string.h>

#include "harness/internet.h"
#include "harness/rpl.h"

#define SEAT_NAME_ROOM  (NAME_TEXT_MAX + 16)
#define STAGE_HINTS_MAX 13 /* as many as the real root has */

struct stage_private {
    struct policy policy;
    struct resolver_hint hints[STAGE_HINTS_MAX];
    size_t hint_count;
    struct rng client_rng, inspector_rng;
    struct entropy entropy; /* of the options */
    struct address resolver_addresses[2], client_addresses[2], check_addresses[2];
    bool changed; /* a change moved away from the first state */
    uint64_t seed;
    char *names[INTERNET_SEATS_MAX]; /* by server, of those seated later; else NULL */
};

/* --- zones on servers --- */

static struct served_zone served_zone_of(const struct scenario_zone *zone,
                                         const struct scenario_server *server)
{
    return (struct served_zone){.zone = server->zone != NULL ? server->zone : zone->zone,
                                .behaviours = server->behaviours.items,
                                .behaviour_count = server->behaviours.count};
}

/* Lets every server of `zone` show it. */
static bool serve_zone(struct stage *stage, const struct scenario_zone *zone)
{
    bool fine = true;
    for (size_t i = 0; i < zone->server_count; i++) {
        const struct scenario_server *server = &zone->servers[i];
        const struct served_zone served = served_zone_of(zone, server);
        fine = server_serve(stage->servers[server->seat], &served) && fine;
    }
    return fine;
}

static void withdraw_zone(struct stage *stage, const struct scenario_zone *zone)
{
    for (size_t i = 0; i < zone->server_count; i++) {
        server_withdraw(stage->servers[zone->servers[i].seat], &zone->apex);
    }
}

static void set_views(struct stage *stage, const struct zone *const *views, size_t count)
{
    for (size_t i = 0; i < stage->server_count; i++) {
        server_set_zones(stage->servers[i], views, count);
    }
}

void stage_change(struct stage *stage, const struct change_step *change)
{
    for (size_t i = 0; i < change->change_count; i++) {
        if (change->changes[i].before != NULL) {
            withdraw_zone(stage, change->changes[i].before);
        }
    }
    for (size_t i = 0; i < change->change_count; i++) {
        serve_zone(stage, change->changes[i].after);
    }
    if (change->change_count > 0) {
        set_views(stage, change->zone_views, change->zone_count);
        stage->private->changed = true;
    }
    if (change->replaces_faults) {
        transit_set_faults(stage->transit, change->faults, change->fault_count);
        stage->private->changed = true;
    }
    if (change->forgets) {
        resolver_forget(stage->resolver);
    }
}

/* Takes back what the scenario's changes may have done, the last first. */
static void restore(struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    for (size_t i = scenario->step_count; i-- > 0;) {
        const struct change_step *change = &scenario->steps[i].as.change;
        for (size_t c = 0; scenario->steps[i].kind == STEP_CHANGE && c < change->change_count;
             c++) {
            withdraw_zone(stage, change->changes[c].after);
        }
    }
    for (size_t i = 0; i < scenario->zone_count; i++) {
        serve_zone(stage, &scenario->zones[i]);
    }
    set_views(stage, scenario->zone_views, scenario->zone_count);
    transit_set_faults(stage->transit, scenario->faults, scenario->fault_count);
    stage->private->changed = false;
}

/* --- building --- */

static bool no_memory(const struct stage *stage, struct diag *reterr)
{
    return diag_set(reterr, stage->scenario->place,
                    "there is not enough memory for this scenario's world");
}

static bool no_seat(const struct scenario *scenario, const char *name, struct diag *reterr)
{
    return diag_set(reterr, scenario->place, "the world has no seat left for `%s`", name);
}

static bool make_servers(struct stage *stage, uint64_t seed)
{
    const struct scenario *scenario = stage->scenario;
    const size_t room = stage->spare_zones > 0 ? INTERNET_SEATS_MAX : scenario->seat_count;
    stage->servers = ARENA_NEW_ARRAY(stage->arena, struct server *, room);
    if (stage->servers == NULL) {
        return false;
    }
    stage->server_count = scenario->seat_count;
    for (size_t i = 0; i < scenario->seat_count; i++) {
        const struct server_options options = {.name = scenario->seats[i].name,
                                               .seed = seed,
                                               .trace = &stage->trace,
                                               .zones = scenario->zone_views,
                                               .zone_count = scenario->zone_count,
                                               .served_max = scenario->seats[i].served_max +
                                                             stage->spare_zones};
        stage->servers[i] = server_new(stage->arena, &options);
        if (stage->servers[i] == NULL) {
            return false;
        }
    }
    bool fine = true;
    for (size_t i = 0; i < scenario->zone_count; i++) {
        fine = serve_zone(stage, &scenario->zones[i]) && fine;
    }
    return fine;
}

/* The options' entropy, or a seeded stream of the seat's own. */
static struct entropy entropy_for(const struct stage *stage, struct rng *rng)
{
    return stage->private->entropy.next != NULL ? stage->private->entropy : entropy_of_rng(rng);
}

/* The resolver begins with the root's servers, as the scenario delegates them. */
static void make_hints(struct stage *stage, const struct scenario_zone *root)
{
    struct stage_private *private = stage->private;
    for (size_t i = 0; i < root->server_count && private->hint_count < STAGE_HINTS_MAX; i++) {
        const struct scenario_server *server = &root->servers[i];
        if (server->delegated) {
            struct resolver_hint *hint = &private->hints[private->hint_count++];
            name_copy(&hint->name, &server->host);
            hint->addresses = server->addresses;
            hint->address_count = server->address_count;
        }
    }
}

/* An `.rpl` file names addresses only. */
static void take_played_hints(struct stage *stage, const struct rpl *rpl)
{
    struct stage_private *private = stage->private;
    if (rpl->hint_count > 0) {
        struct resolver_hint *hint = &private->hints[private->hint_count++];
        name_copy(&hint->name, name_root());
        hint->addresses = rpl->hints;
        hint->address_count = rpl->hint_count;
    }
}

static void find_hints(struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    if (scenario->played != NULL) {
        take_played_hints(stage, scenario->played);
    }
    for (size_t i = 0; i < scenario->zone_count; i++) {
        if (scenario->zones[i].apex.labels == 0) {
            make_hints(stage, &scenario->zones[i]);
        }
    }
}

/* Who is given the system's chance is served to programs outside, and a test suite may ask many
 * questions at once. Pools in use cost memory, not those that wait. */
static void expect_crowd(struct policy *policy)
{
    if (policy->lookups_max == policy_default.lookups_max) {
        policy->lookups_max = SERVED_LOOKUPS_MAX;
    }
    if (policy->waiting_max == policy_default.waiting_max) {
        policy->waiting_max = SERVED_WAITING_MAX;
    }
}

static bool make_resolver(struct stage *stage, uint64_t seed, struct diag *reterr)
{
    const struct scenario *scenario = stage->scenario;
    struct stage_private *private = stage->private;
    if (!policy_configure(&scenario->policy, &private->policy, reterr)) {
        return false;
    }
    if (private->entropy.next != NULL) {
        expect_crowd(&private->policy);
    }
    find_hints(stage);
    const struct resolver_options options = {.name = "resolver",
                                             .v4 = scenario->resolver_v4,
                                             .v6 = scenario->resolver_v6,
                                             .policy = &private->policy,
                                             .hints = private->hints,
                                             .hint_count = private->hint_count,
                                             .seed = seed,
                                             .entropy = private->entropy,
                                             .trace = &stage->trace};
    stage->resolver = resolver_new(stage->arena, &options);
    return stage->resolver != NULL || no_memory(stage, reterr);
}

static bool make_askers(struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    struct stage_private *private = stage->private;
    const struct client_options client = {
        .name = "client",
        .v4 = scenario->client_v4,
        .v6 = scenario->client_v6,
        .trace = &stage->trace,
        .entropy = entropy_for(stage, &private->client_rng),
        .timeout = params_number(&scenario->client, "timeout", CLIENT_TIMEOUT_DEFAULT),
        .tries_max = (unsigned)params_number(&scenario->client, "tries", CLIENT_TRIES_MAX_DEFAULT),
        .memory = params_number(&scenario->client, "memory", 0)};
    const struct inspector_options inspector = {
        .name = "check",
        .v4 = scenario->check_v4,
        .v6 = scenario->check_v6,
        .resolver = {.address = scenario->resolver_v4, .port = 53},
        .roots = scenario->seat_count > 0 ? scenario->seats[0].addresses : NULL,
        .root_count = scenario->seat_count > 0 ? scenario->seats[0].address_count : 0,
        .trace = &stage->trace,
        .entropy = entropy_for(stage, &private->inspector_rng)};
    stage->client = client_new(stage->arena, &client);
    stage->inspector = inspector_new(stage->arena, &inspector);
    return stage->client != NULL && stage->inspector != NULL;
}

static bool make_intruder(struct stage *stage, uint64_t seed)
{
    const struct scenario *scenario = stage->scenario;
    struct stage_private *private = stage->private;
    private->resolver_addresses[0] = scenario->resolver_v4;
    private->resolver_addresses[1] = scenario->resolver_v6;
    if (scenario->forgery_count == 0) {
        return true;
    }
    const struct intruder_options options = {.name = "intruder",
                                             .seed = seed,
                                             .forgeries = scenario->forgeries,
                                             .forgery_count = scenario->forgery_count,
                                             .spared = private->resolver_addresses,
                                             .spared_count = 2,
                                             .trace = &stage->trace};
    stage->intruder = intruder_new(stage->arena, &options);
    return stage->intruder != NULL;
}

static bool make_script(struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    const struct rpl *rpl = scenario->played;
    if (rpl == NULL) {
        return true;
    }
    const struct script_options options = {
        .dialect = rpl->dialect,
        .ranges = rpl->ranges,
        .range_count = rpl->range_count,
        .moments = rpl->moments,
        .moment_count = rpl->step_count,
        .resolver = {.address = scenario->resolver_v4, .port = 53},
        .trace = &stage->trace,
    };
    stage->script = script_new(stage->arena, &options);
    return stage->script != NULL;
}

static bool make_world(struct stage *stage, uint64_t seed)
{
    const struct scenario *scenario = stage->scenario;
    const struct transit_options options = {.seed = seed,
                                            .trace = &stage->trace,
                                            .latency = scenario->latency,
                                            .faults = scenario->faults,
                                            .fault_count = scenario->fault_count};
    stage->transit = transit_new(stage->arena, &options);
    stage->world =
        stage->transit != NULL ? world_new(stage->arena, stage->transit, &stage->trace) : NULL;
    return stage->world != NULL;
}

static bool seat(struct stage *stage, const char *name, struct machine *machine,
                 const struct address *addresses, size_t count, struct diag *reterr)
{
    const struct seat seat = {
        .name = name, .machine = machine, .addresses = addresses, .address_count = count};
    return world_seat(stage->world, &seat) || no_seat(stage->scenario, name, reterr);
}

static bool seat_intruder(struct stage *stage, struct diag *reterr)
{
    if (stage->intruder == NULL) {
        return true;
    }
    const struct seat seat = {.name = "intruder", .machine = intruder_machine(stage->intruder)};
    return world_seat_watcher(stage->world, &seat, intruder_see, stage->intruder) ||
           no_seat(stage->scenario, seat.name, reterr);
}

static bool seat_all(struct stage *stage, struct diag *reterr)
{
    const struct scenario *scenario = stage->scenario;
    struct stage_private *private = stage->private;
    private->client_addresses[0] = scenario->client_v4;
    private->client_addresses[1] = scenario->client_v6;
    private->check_addresses[0] = scenario->check_v4;
    private->check_addresses[1] = scenario->check_v6;
    for (size_t i = 0; i < stage->server_count; i++) {
        const struct scenario_seat *row = &scenario->seats[i];
        if (!seat(stage, row->name, server_machine(stage->servers[i]), row->addresses,
                  row->address_count, reterr)) {
            return false;
        }
    }
    if (!seat(stage, "resolver", resolver_machine(stage->resolver), private->resolver_addresses, 2,
              reterr)) {
        return false;
    }
    if (stage->script != NULL) {
        const struct seat played = {.name = "script", .machine = script_machine(stage->script)};
        return world_seat_anywhere(stage->world, &played) || no_seat(scenario, "script", reterr);
    }
    return seat(stage, "client", client_machine(stage->client), private->client_addresses, 2,
                reterr) &&
           seat(stage, "check", inspector_machine(stage->inspector), private->check_addresses, 2,
                reterr) &&
           seat_intruder(stage, reterr);
}

static void seed_askers(struct stage *stage, uint64_t seed)
{
    rng_seed(&stage->private->client_rng, seed, bytes_of_string("seat:client"));
    rng_seed(&stage->private->inspector_rng, seed, bytes_of_string("seat:check"));
}

struct stage *stage_build(const struct scenario *scenario, const struct stage_options *options,
                          struct arena *arena, struct arena *trace_arena, struct diag *reterr)
{
    struct stage *stage = ARENA_NEW(arena, struct stage);
    struct stage_private *private = ARENA_NEW(arena, struct stage_private);
    if (stage == NULL || private == NULL) {
        diag_set(reterr, scenario->place, "there is not enough memory for this scenario's world");
        return NULL;
    }
    stage->scenario = scenario;
    stage->arena = arena;
    stage->trace_arena = trace_arena;
    stage->private = private;
    private->entropy = options->entropy;
    private->seed = options->seed;
    stage->spare_zones = options->spare_zones;
    trace_init(&stage->trace, trace_arena);
    seed_askers(stage, options->seed);
    if (!make_world(stage, options->seed) || !make_servers(stage, options->seed) ||
        !make_script(stage) || !make_askers(stage) || !make_intruder(stage, options->seed)) {
        no_memory(stage, reterr);
        return NULL;
    }
    if (!make_resolver(stage, options->seed, reterr) || !seat_all(stage, reterr)) {
        return NULL;
    }
    return stage;
}

void stage_reset(struct stage *stage, uint64_t seed)
{
    if (stage->private->changed) {
        restore(stage);
    }
    stage->private->seed = seed;
    trace_reset(&stage->trace);
    arena_reset(stage->trace_arena);
    world_reset(stage->world, seed);
    for (size_t i = 0; i < stage->server_count; i++) {
        server_reset(stage->servers[i], seed);
    }
    resolver_reset(stage->resolver, seed);
    if (stage->script != NULL) {
        script_reset(stage->script);
    }
    if (stage->intruder != NULL) {
        intruder_reset(stage->intruder, seed);
    }
    seed_askers(stage, seed);
    client_reset(stage->client);
    inspector_reset(stage->inspector);
}

/* --- another edition --- */

/* Which of the stage's servers sits at each seat of a scenario. */
struct seating {
    struct stage *stage;
    const struct stage_host *host;
    size_t servers[INTERNET_SEATS_MAX]; /* by the scenario's seats */
    size_t zones[INTERNET_SEATS_MAX];   /* by the stage's servers: how many each is to serve */
};

/* The server whose machine sits at `address`; server_count if none does. */
static size_t server_at(const struct stage *stage, const struct address *address)
{
    const struct seat *seat = world_find(stage->world, address);
    size_t i = 0;
    while (i < stage->server_count &&
           (seat == NULL || server_machine(stage->servers[i]) != seat->machine)) {
        i++;
    }
    return i;
}

static void put_name(char ret[SEAT_NAME_ROOM], const char *name)
{
    struct text text = text_in(ret, SEAT_NAME_ROOM);
    text_put(&text, name);
}

/* A server for a new seat. Names and addresses are copied: they outlive the edition. */
static bool add_server(struct stage *stage, const struct scenario_seat *row,
                       const struct stage_host *host, struct diag *reterr)
{
    const size_t size = row->address_count * sizeof *row->addresses;
    struct address *addresses = arena_alloc(stage->arena, size);
    char *name = arena_alloc(stage->arena, SEAT_NAME_ROOM);
    const struct server_options options = {.name = name,
                                           .seed = stage->private->seed,
                                           .trace = &stage->trace,
                                           .served_max = stage->spare_zones};
    if (addresses == NULL || name == NULL || stage->server_count == INTERNET_SEATS_MAX) {
        return no_seat(stage->scenario, row->name, reterr);
    }
    memcpy(addresses, row->addresses, size);
    put_name(name, row->name);
    struct server *server = server_new(stage->arena, &options);
    if (server == NULL) {
        return no_memory(stage, reterr);
    }
    if (!seat(stage, name, server_machine(server), addresses, row->address_count, reterr)) {
        return false;
    }
    stage->private->names[stage->server_count] = name;
    stage->servers[stage->server_count++] = server;
    return host->admit(host->context, &stage->world->seats[stage->world->seat_count - 1], reterr);
}

/* Finds the server of seat `index`, or makes it. */
static bool find_server(struct seating *seating, const struct scenario *scenario, size_t index,
                        struct diag *reterr)
{
    struct stage *stage = seating->stage;
    const struct scenario_seat *row = &scenario->seats[index];
    const size_t found = server_at(stage, &row->addresses[0]);
    seating->servers[index] = found;
    for (size_t i = 1; i < row->address_count; i++) {
        if (server_at(stage, &row->addresses[i]) != found) {
            return diag_set(reterr, scenario->place,
                            "`%s` cannot get further addresses while it is served; give the zone "
                            "a server of another name",
                            row->name);
        }
    }
    if (found == stage->server_count) {
        return add_server(stage, row, seating->host, reterr);
    }
    if (stage->private->names[found] != NULL) {
        put_name(stage->private->names[found], row->name);
    }
    return true;
}

/* False if a server would have to serve too many zones. */
static bool has_room(struct seating *seating, const struct scenario *scenario, struct diag *reterr)
{
    for (size_t i = 0; i < scenario->zone_count; i++) {
        for (size_t s = 0; s < scenario->zones[i].server_count; s++) {
            const size_t server = seating->servers[scenario->zones[i].servers[s].seat];
            if (++seating->zones[server] > seating->stage->spare_zones) {
                return diag_set(reterr, scenario->place, "one server has more than %zu zones",
                                seating->stage->spare_zones);
            }
        }
    }
    return true;
}

static void serve_edition(const struct seating *seating, const struct scenario *scenario)
{
    struct stage *stage = seating->stage;
    for (size_t i = 0; i < stage->server_count; i++) {
        server_withdraw_all(stage->servers[i]);
    }
    for (size_t i = 0; i < scenario->zone_count; i++) {
        const struct scenario_zone *zone = &scenario->zones[i];
        for (size_t s = 0; s < zone->server_count; s++) {
            const struct served_zone served = served_zone_of(zone, &zone->servers[s]);
            server_serve(stage->servers[seating->servers[zone->servers[s].seat]], &served);
        }
    }
    set_views(stage, scenario->zone_views, scenario->zone_count);
}

bool stage_adopt(struct stage *stage, const struct scenario *scenario, enum stage_faults faults,
                 const struct stage_host *host, struct diag *reterr)
{
    struct seating seating = {.stage = stage, .host = host};
    for (size_t i = 0; i < scenario->seat_count; i++) {
        if (!find_server(&seating, scenario, i, reterr)) {
            return false;
        }
    }
    if (!has_room(&seating, scenario, reterr)) {
        return false;
    }
    const bool set =
        faults == STAGE_FAULTS_ANEW
            ? transit_set_faults(stage->transit, scenario->faults, scenario->fault_count)
            : transit_renew_faults(stage->transit, scenario->faults, scenario->fault_count);
    if (!set) {
        return diag_set(reterr, scenario->place, "too many faults");
    }
    serve_edition(&seating, scenario);
    stage->scenario = scenario;
    return true;
}
