/* From a scenario to a world. Everything is made once; a reset only puts back what runs move. */
#include "harness/build.h"

#define STAGE_HINTS_MAX 13 /* as many as the real root has */

struct stage_private {
    struct policy policy;
    struct resolver_hint hints[STAGE_HINTS_MAX];
    size_t hint_count;
    struct rng client_rng, inspector_rng;
    struct entropy entropy; /* of the options */
    struct address resolver_addresses[2], client_addresses[2], check_addresses[2];
    bool changed; /* a change moved away from the first state */
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
    stage->servers = ARENA_NEW_ARRAY(stage->arena, struct server *, scenario->seat_count);
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
                                               .served_max = scenario->seats[i].served_max};
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

static void find_hints(struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    for (size_t i = 0; i < scenario->zone_count; i++) {
        if (scenario->zones[i].apex.labels == 0) {
            make_hints(stage, &scenario->zones[i]);
        }
    }
}

static bool make_resolver(struct stage *stage, uint64_t seed, struct diag *reterr)
{
    const struct scenario *scenario = stage->scenario;
    struct stage_private *private = stage->private;
    if (!policy_configure(&scenario->policy, &private->policy, reterr)) {
        return false;
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
        .tries_max = (unsigned)params_number(&scenario->client, "tries", CLIENT_TRIES_MAX_DEFAULT)};
    const struct inspector_options inspector = {
        .name = "check",
        .v4 = scenario->check_v4,
        .v6 = scenario->check_v6,
        .resolver = {.address = scenario->resolver_v4, .port = 53},
        .trace = &stage->trace,
        .entropy = entropy_for(stage, &private->inspector_rng)};
    stage->client = client_new(stage->arena, &client);
    stage->inspector = inspector_new(stage->arena, &inspector);
    return stage->client != NULL && stage->inspector != NULL;
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

static bool seat_all(struct stage *stage, struct diag *reterr)
{
    const struct scenario *scenario = stage->scenario;
    struct stage_private *private = stage->private;
    private->resolver_addresses[0] = scenario->resolver_v4;
    private->resolver_addresses[1] = scenario->resolver_v6;
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
    return seat(stage, "resolver", resolver_machine(stage->resolver), private->resolver_addresses,
                2, reterr) &&
           seat(stage, "client", client_machine(stage->client), private->client_addresses, 2,
                reterr) &&
           seat(stage, "check", inspector_machine(stage->inspector), private->check_addresses, 2,
                reterr);
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
    trace_init(&stage->trace, trace_arena);
    seed_askers(stage, options->seed);
    if (!make_world(stage, options->seed) || !make_servers(stage, options->seed) ||
        !make_askers(stage)) {
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
    trace_reset(&stage->trace);
    arena_reset(stage->trace_arena);
    world_reset(stage->world, seed);
    for (size_t i = 0; i < stage->server_count; i++) {
        server_reset(stage->servers[i], seed);
    }
    resolver_reset(stage->resolver, seed);
    seed_askers(stage, seed);
    client_reset(stage->client);
    inspector_reset(stage->inspector);
}
