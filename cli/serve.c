/* faultzone serve: a scenario's servers and resolver on real sockets, in its first state, and the
 * socket where both are changed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/control_path.h"
#include "cli/files.h"
#include "cli/output.h"
#include "harness/control.h"
#include "live/live.h"
#include "live/privileges.h"
#include "live/sandbox.h"
#include "wire/rrtype.h"

#define SUMMARY_NAMES_MAX  10
#define HISTORY_OCTETS_MAX ((size_t)16 * 1024 * 1024)

struct serve {
    struct unit unit;
    struct editions editions;
    struct control control;
    struct live *live;
    struct control_socket *socket;
    struct arena arena; /* of the history */
    uint64_t seed;
    struct endpoint at;
    bool has_acl;
    struct acl acl;
    struct output log;
    const char *control_path; /* NULL: none */
    char own_path[CONTROL_PATH_ROOM];
    bool has_control_port;
    struct endpoint control_at;
    const char *user;      /* to become, if root; NULL: nobody */
    bool as_json, is_open; /* --no-sandbox */
    struct sandbox sandbox;
};

/* --- the world's host --- */

static bool admit(void *context, const struct seat *seat, struct diag *reterr)
{
    const struct serve *serve = context;
    return live_admit(serve->live, seat, reterr);
}

static bool real_endpoint(void *context, const struct endpoint *simulated, struct endpoint *ret)
{
    const struct serve *serve = context;
    return live_real_endpoint(serve->live, simulated, ret);
}

static void rewind_world(void *context)
{
    const struct serve *serve = context;
    live_rewind(serve->live);
}

static bool advance(void *context, duration_ns duration)
{
    const struct serve *serve = context;
    return live_advance(serve->live, duration);
}

/* --- the ready line --- */

static void put_endpoint(char ret[ENDPOINT_TEXT_MAX], const struct endpoint *endpoint)
{
    struct text text = text_in(ret, ENDPOINT_TEXT_MAX);
    endpoint_put(&text, endpoint);
}

static void put_servers(const struct serve *serve)
{
    const struct world *world = serve->unit.stage->world;
    for (size_t i = 0; i < world->seat_count; i++) {
        const struct seat *seat = &world->seats[i];
        for (size_t a = 0; a < seat->address_count; a++) {
            const struct endpoint simulated = {.address = seat->addresses[a], .port = 53};
            struct endpoint real;
            char from[ENDPOINT_TEXT_MAX];
            char to[ENDPOINT_TEXT_MAX];
            if (live_real_endpoint(serve->live, &simulated, &real)) {
                put_endpoint(from, &simulated);
                put_endpoint(to, &real);
                printf("  %-28s %-24s is at %s\n", seat->name, from, to);
            }
        }
    }
}

static void put_ready_text(const struct serve *serve)
{
    char at[ENDPOINT_TEXT_MAX];
    put_endpoint(at, &serve->control.published);
    printf("ready: resolver %s  (%s; stop with Ctrl-C)\n", at, serve->unit.id);
    put_servers(serve);
    if (serve->control_path != NULL) {
        printf("  control: %s\n", serve->control_path);
    }
    if (serve->has_control_port) {
        const struct endpoint control = control_socket_at(serve->socket);
        put_endpoint(at, &control);
        printf("  control: http://%s\n", at);
    }
}

static void put_ready_json(const struct serve *serve)
{
    char at[ENDPOINT_TEXT_MAX];
    const struct world *world = serve->unit.stage->world;
    struct json json = json_to(stdout, true);
    json_begin_object(&json, NULL);
    json_put_string(&json, "schema", "faultzone/ready/1");
    json_put_string(&json, "scenario", serve->unit.id);
    put_endpoint(at, &serve->control.published);
    json_put_string(&json, "resolver", at);
    json_number(&json, "port", serve->control.published.port);
    json_begin_array(&json, "servers");
    for (size_t i = 0; i < world->seat_count; i++) {
        control_put_seat(&json, &serve->control, &world->seats[i]);
    }
    json_end(&json);
    if (serve->control_path != NULL) {
        json_put_string(&json, "control", serve->control_path);
    }
    if (serve->has_control_port) {
        const struct endpoint control = control_socket_at(serve->socket);
        put_endpoint(at, &control);
        json_put_string(&json, "control_tcp", at);
    }
    json_begin_array(&json, "sandbox");
    for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
        if (serve->sandbox.has[part]) {
            json_put_string(&json, NULL, sandbox_part_name((enum sandbox_part)part));
        }
    }
    json_end(&json);
    json_end(&json);
}

/* --- the summary --- */

struct asked_name {
    const struct history_query *query;
    uint64_t count;
};

/* How often outsiders asked what, for the first SUMMARY_NAMES_MAX questions of the history. */
static size_t count_names(const struct history *history, struct asked_name *names,
                          uint64_t *ret_others)
{
    size_t count = 0;
    *ret_others = 0;
    for (const struct history_query *query = history_next(history, 0); query != NULL;
         query = history_next(history, query->number)) {
        size_t i = 0;
        if (query->asker != NULL) {
            continue;
        }
        while (i < count && (names[i].query->type != query->type ||
                             !name_equal(&names[i].query->name, &query->name))) {
            i++;
        }
        if (i == SUMMARY_NAMES_MAX) {
            ++*ret_others;
            continue;
        }
        if (i == count) {
            names[count++] = (struct asked_name){.query = query};
        }
        names[i].count++;
    }
    return count;
}

static void put_summary(const struct serve *serve)
{
    const struct resolver_counters *counters = resolver_counters(serve->unit.stage->resolver);
    struct asked_name names[SUMMARY_NAMES_MAX];
    uint64_t others;
    fprintf(stderr,
            "%" PRIu64 " queries from clients, %" PRIu64 " answered from the cache; %" PRIu64
            " queries to servers, %" PRIu64 " of them timed out\n",
            counters->client_queries, counters->cache_answers, counters->upstream_queries,
            counters->upstream_timeouts);
    const size_t count = count_names(serve->control.history, names, &others);
    for (size_t i = 0; i < count; i++) {
        char buffer[NAME_TEXT_MAX + 64];
        struct text text = text_in(buffer, sizeof buffer);
        name_put(&text, &names[i].query->name);
        text_put_char(&text, ' ');
        rrtype_put(&text, names[i].query->type);
        fprintf(stderr, "%8" PRIu64 "  %s\n", names[i].count, buffer);
    }
    if (others > 0) {
        fprintf(stderr, "%8" PRIu64 "  for other names and types\n", others);
    }
}

/* --- serving --- */

static enum cli_exit serve_open(struct serve *serve)
{
    serve->control.published = live_published_at(serve->live);
    if (serve->as_json) {
        put_ready_json(serve);
    } else {
        put_ready_text(serve);
    }
    enum cli_exit status = output_finish(stdout, CLI_OK);
    if (status == CLI_OK) {
        const struct run_limits limits = {.until = NEVER};
        live_run(serve->unit.stage->world, &limits);
        put_summary(serve);
        status = live_was_stopped(serve->live) ? CLI_OK : CLI_ENVIRONMENT;
    }
    return status;
}

/* From here on nothing is opened but sockets. What the system cannot forbid is told. */
static void enter_sandbox(struct serve *serve, const struct caretaker *caretaker)
{
    if (serve->is_open) {
        return;
    }
    sandbox_enter(caretaker->lifeline < 0 ? serve->control_path : NULL, &serve->sandbox);
    for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
        if (!serve->sandbox.has[part]) {
            complain("the sandbox is incomplete, %s", serve->sandbox.why[part].sentence);
        }
    }
}

/* All sockets are open: from here on no right of root's is needed. */
static enum cli_exit serve_unprivileged(struct serve *serve)
{
    struct diag error = {0};
    const struct caretaker caretaker = caretaker_start(serve->control_path);
    enum cli_exit status = CLI_ENVIRONMENT;
    if (privileges_drop(serve->user, &error)) {
        enter_sandbox(serve, &caretaker);
        status = serve_open(serve);
    } else {
        complain("%s%s%s%s", error.sentence, error.hint[0] != '\0' ? " (" : "", error.hint,
                 error.hint[0] != '\0' ? ")" : "");
    }
    caretaker_end(&caretaker);
    return status;
}

static enum cli_exit serve_controlled(struct serve *serve)
{
    struct diag error;
    const struct control_socket_options options = {
        .path = serve->control_path,
        .at = serve->has_control_port ? &serve->control_at : NULL,
        .handle = control_handle,
        .context = &serve->control,
    };
    serve->socket = control_socket_open(serve->live, &options, &error);
    if (serve->socket == NULL) {
        complain("%s", error.sentence);
        return CLI_ENVIRONMENT;
    }
    const enum cli_exit status = serve_unprivileged(serve);
    control_socket_close(serve->socket);
    return status;
}

static enum cli_exit serve_world(struct serve *serve)
{
    struct diag error;
    struct world *world = serve->unit.stage->world;
    const struct seat *resolver = world_find(world, &serve->unit.scenario->resolver_v4);
    const struct live_options options = {
        .published_seat = resolver->name,
        .published_at = serve->at,
        .allowed = serve->has_acl ? &serve->acl : NULL,
        .stop_on_signals = true,
    };
    stage_reset(serve->unit.stage, serve->seed);
    setenv("UV_USE_IO_URING", "0", 1); /* newer libuv aborts where the sandbox forbids it */
    serve->live = live_open(world, &options, &error);
    if (serve->live == NULL) {
        complain("%s", error.sentence);
        return CLI_ENVIRONMENT;
    }
    const enum cli_exit status = serve_controlled(serve);
    live_close(serve->live);
    return status;
}

/* The stage of the file's own edition, and what listens to it. */
static bool make_stage(struct serve *serve)
{
    struct diag error;
    struct history *history = ARENA_NEW(&serve->arena, struct history);
    const struct stage_options options = {
        .seed = serve->seed, .entropy = live_entropy(), .spare_zones = EDITIONS_SPARE};
    struct unit *unit = &serve->unit;
    unit->stage =
        stage_build(serve->editions.base, &options, &unit->stage_arena, &unit->trace_arena, &error);
    if (unit->stage == NULL || history == NULL) {
        complain("%s: %s", unit->path, unit->stage == NULL ? error.sentence : "no memory");
        return false;
    }
    history->world = unit->stage->world;
    history->log = serve->log.file;
    history->log_error = &serve->log.error;
    trace_let_pass(&unit->stage->trace);
    unit->stage->trace.listener = history_listen;
    unit->stage->trace.listener_context = history;
    serve->editions.stage = unit->stage;
    serve->editions.host = (struct stage_host){.admit = admit, .context = serve};
    serve->control = (struct control){
        .editions = &serve->editions,
        .history = history,
        .host = {.real_endpoint = real_endpoint,
                 .rewind = rewind_world,
                 .advance = advance,
                 .context = serve},
        .seed = serve->seed,
    };
    return true;
}

static enum cli_exit serve_file(struct serve *serve, const struct batch_item *item)
{
    if (!unit_load_world(&serve->unit, item->path, item->id)) {
        complain_of_unit(&serve->unit, "error");
        return CLI_USAGE;
    }
    const struct scenario *scenario = serve->unit.scenario;
    const struct scenario_file file = {
        .text = bytes_of(scenario->source_text, scenario->source_size),
        .path = item->path,
        .id = item->id,
    };
    serve->seed = run_unit_seed(serve->seed, item->id);
    enum cli_exit status = CLI_ENVIRONMENT;
    if (!editions_init(&serve->editions, &file)) {
        complain("%s: %s", item->path, serve->editions.diag_items[0].sentence);
    } else if (make_stage(serve)) {
        status = serve_world(serve);
    }
    editions_free(&serve->editions);
    return status;
}

/* --- the command line --- */

static bool read_listen(const struct cli *cli, struct serve *serve)
{
    const char *listen = cli_value(cli, OPTION_LISTEN);
    const char *allow = cli_value(cli, OPTION_ALLOW);
    const uint8_t loopback[4] = {127, 0, 0, 1};
    struct bytes bad;
    serve->at.address = address_v4(loopback);
    serve->has_acl = allow != NULL;
    if (listen != NULL && !address_parse(bytes_of_string(listen), &serve->at.address)) {
        complain("--listen wants an address, not \"%s\"", listen);
        return false;
    }
    if (allow != NULL && !acl_parse(bytes_of_string(allow), &serve->acl, &bad)) {
        complain("--allow wants networks like 10.1.0.0/16, at most %d; not \"%.*s\"",
                 ACL_NETWORKS_MAX, (int)bad.size, (const char *)bad.data);
        return false;
    }
    const struct address any = {.family = serve->at.address.family};
    if (address_equal(&serve->at.address, &any)) {
        complain("--listen wants one address, not all of them");
        return false;
    }
    if (!serve->has_acl && !address_is_loopback(&serve->at.address)) {
        complain("--listen %s is not on loopback: say with --allow who may ask there", listen);
        return false;
    }
    return true;
}

static bool read_control(const struct cli *cli, struct serve *serve)
{
    const uint8_t loopback[4] = {127, 0, 0, 1};
    uint64_t port;
    serve->control_path = cli_value(cli, OPTION_CONTROL_SOCKET);
    serve->has_control_port = cli_value(cli, OPTION_CONTROL_PORT) != NULL;
    serve->control_at.address = address_v4(loopback);
    if (!cli_number(cli, OPTION_CONTROL_PORT, 0, UINT16_MAX, 0, &port)) {
        return false;
    }
    serve->control_at.port = (uint16_t)port;
    if (serve->control_path == NULL) {
        serve->control_path = control_path_own(serve->own_path) ? serve->own_path : NULL;
    } else if (strcmp(serve->control_path, "none") == 0) {
        serve->control_path = NULL;
    }
    return true;
}

static bool read_options(const struct cli *cli, struct serve *serve)
{
    uint64_t port;
    if (!cli_number(cli, OPTION_SEED, 0, UINT64_MAX, 1, &serve->seed) ||
        !cli_number(cli, OPTION_PORT, 0, UINT16_MAX, 0, &port) || !read_listen(cli, serve) ||
        !read_control(cli, serve)) {
        return false;
    }
    serve->at.port = (uint16_t)port;
    serve->user = cli_value(cli, OPTION_USER);
    if (serve->user != NULL && !privileges_know(serve->user)) {
        complain("--user: there is no user \"%s\" on this system", serve->user);
        return false;
    }
    serve->is_open = cli_value(cli, OPTION_NO_SANDBOX) != NULL;
    return true;
}

enum cli_exit command_serve(const struct cli *cli)
{
    struct serve serve = {.as_json = cli_value(cli, OPTION_JSON) != NULL};
    struct files files;
    if (!read_options(cli, &serve) || !files_single(cli, &files)) {
        return CLI_USAGE;
    }
    enum cli_exit status = CLI_USAGE;
    unit_init(&serve.unit);
    arena_init(&serve.arena, HISTORY_OCTETS_MAX);
    if (output_open_log(cli, &serve.log)) {
        status = serve_file(&serve, &files.items[0]);
    }
    if (serve.log.file != NULL) {
        status = output_close(&serve.log, status);
    }
    arena_free(&serve.arena);
    unit_free(&serve.unit);
    files_free(&files);
    return status;
}
