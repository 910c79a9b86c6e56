/* faultzone serve: a scenario's servers and resolver on loopback sockets, in its first state. */
#include <inttypes.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"
#include "harness/json.h"
#include "live/live.h"

#define TRACE_OCTETS_MAX ((size_t)256 * 1024) /* nobody reads it: let it fill up and stay */
#define DNS_PORT         53

struct serve {
    struct unit unit;
    struct live *live;
    uint64_t seed;
    uint16_t port;
    bool as_json;
};

static void put_endpoint(char ret[ENDPOINT_TEXT_MAX], const struct endpoint *endpoint)
{
    struct text text = text_in(ret, ENDPOINT_TEXT_MAX);
    endpoint_put(&text, endpoint);
}

static void put_seat(struct json *json, const struct live *live, const struct seat *seat)
{
    char buffer[ENDPOINT_TEXT_MAX];
    for (size_t i = 0; i < seat->address_count; i++) {
        const struct endpoint simulated = {.address = seat->addresses[i], .port = DNS_PORT};
        struct endpoint real;
        if (!live_real_endpoint(live, &simulated, &real)) {
            continue;
        }
        json_begin_object(json, NULL);
        json_put_string(json, "name", seat->name);
        put_endpoint(buffer, &simulated);
        json_put_string(json, "simulated", buffer);
        put_endpoint(buffer, &real);
        json_put_string(json, "real", buffer);
        json_end(json);
    }
}

static void put_ready(const struct serve *serve)
{
    char resolver[ENDPOINT_TEXT_MAX];
    const struct endpoint at = live_published_at(serve->live);
    const struct world *world = serve->unit.stage->world;
    put_endpoint(resolver, &at);
    if (!serve->as_json) {
        printf("ready: resolver %s  (%s; stop with Ctrl-C)\n", resolver, serve->unit.id);
        return;
    }
    struct json json = json_to(stdout, true);
    json_begin_object(&json, NULL);
    json_put_string(&json, "schema", "faultzone/ready/1");
    json_put_string(&json, "scenario", serve->unit.id);
    json_put_string(&json, "resolver", resolver);
    json_number(&json, "port", at.port);
    json_begin_array(&json, "servers");
    for (size_t i = 0; i < world->seat_count; i++) {
        put_seat(&json, serve->live, &world->seats[i]);
    }
    json_end(&json);
    json_end(&json);
}

static void put_summary(const struct serve *serve)
{
    const struct resolver_counters *counters = resolver_counters(serve->unit.stage->resolver);
    fprintf(stderr,
            "%" PRIu64 " queries from clients, %" PRIu64 " answered from the cache; %" PRIu64
            " queries to servers, %" PRIu64 " of them timed out\n",
            counters->client_queries, counters->cache_answers, counters->upstream_queries,
            counters->upstream_timeouts);
}

static enum cli_exit serve_world(struct serve *serve)
{
    struct diag error;
    struct world *world = serve->unit.stage->world;
    const struct seat *resolver = world_find(world, &serve->unit.scenario->resolver_v4);
    const uint8_t loopback[4] = {127, 0, 0, 1};
    const struct live_options options = {
        .published_seat = resolver->name,
        .published_at = {.address = address_v4(loopback), .port = serve->port},
        .stop_on_signals = true,
    };
    stage_reset(serve->unit.stage, serve->seed);
    serve->live = live_open(world, &options, &error);
    if (serve->live == NULL) {
        complain("%s", error.sentence);
        return CLI_ENVIRONMENT;
    }
    put_ready(serve);
    enum cli_exit status = output_finish(stdout, CLI_OK);
    if (status == CLI_OK) {
        const struct run_limits limits = {.until = NEVER};
        live_run(world, &limits);
        put_summary(serve);
        status = live_was_stopped(serve->live) ? CLI_OK : CLI_ENVIRONMENT;
    }
    live_close(serve->live);
    return status;
}

static enum cli_exit serve_file(struct serve *serve, const struct batch_item *item)
{
    if (!unit_load(&serve->unit, item->path, item->id)) {
        complain_of_unit(&serve->unit, "error");
        return CLI_USAGE;
    }
    serve->seed = run_unit_seed(serve->seed, item->id);
    serve->unit.trace_arena.ceiling = TRACE_OCTETS_MAX;
    if (!unit_stage(&serve->unit, serve->seed, live_entropy())) {
        complain("%s: %s", item->path, serve->unit.result.error.sentence);
        return CLI_ENVIRONMENT;
    }
    return serve_world(serve);
}

enum cli_exit command_serve(const struct cli *cli)
{
    struct serve serve = {.as_json = cli_value(cli, OPTION_JSON) != NULL};
    struct files files;
    uint64_t port;
    if (!cli_number(cli, OPTION_SEED, 0, UINT64_MAX, 1, &serve.seed) ||
        !cli_number(cli, OPTION_PORT, 0, UINT16_MAX, 0, &port) || !files_single(cli, &files)) {
        return CLI_USAGE;
    }
    serve.port = (uint16_t)port;
    unit_init(&serve.unit);
    const enum cli_exit status = serve_file(&serve, &files.items[0]);
    unit_free(&serve.unit);
    files_free(&files);
    return status;
}
