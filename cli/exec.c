/* faultzone exec: a program inside the simulated internet, once or under many seeds. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "cli/commands.h"
#include "cli/exec_fuzz.h"
#include "cli/exec_resolver.h"
#include "cli/files.h"
#include "cli/output.h"
#include "harness/history.h"
#include "live/live.h"
#include "live/namespace.h"
#include "sim/mangler.h"

#define RUNS_MAX       100000
#define SEEDS_TOLD_MAX 16 /* of the runs that ended with one status */
#define STATUSES_MAX   256

/* Which seeds the runs take, one after another. */
struct schedule {
    uint64_t first, last; /* round and round */
    uint64_t runs;
    bool is_single;  /* neither --seeds nor --repeat was given */
    bool is_fuzzing; /* --fuzz-seeds was */
};

/* The runs that ended with one status. */
struct outcome {
    uint64_t runs;
    uint64_t seeds[SEEDS_TOLD_MAX];
};

struct exec {
    struct unit unit;
    struct schedule schedule;
    struct namespace_options options;
    const char *absent[4];
    struct daemon_plan daemon;
    struct outcome outcomes[STATUSES_MAX];
    uint64_t runs; /* done */
    struct strays strays;
    uint64_t limit_s; /* of one run; 0: none */
    struct exec_fuzz fuzz;
    struct output log;
    int *log_error; /* shared with the process that runs the world and writes the log */
    struct mangler
        *mangler; /* of --fuzz-seeds, else NULL; shared with the process that runs the world */
};

/* --- options --- */

/* The seeds that `option` names; one alone if it may be. */
static bool read_seeds(const struct cli *cli, enum cli_option_id option, bool may_be_one,
                       struct schedule *ret)
{
    const char *value = cli_value(cli, option);
    char *end = NULL;
    errno = 0;
    ret->first = ret->last = strtoull(value, &end, 0);
    const char *dots = end;
    const bool has_first = end != value;
    const bool is_one = has_first && may_be_one && *end == '\0';
    const bool is_range = has_first && strncmp(dots, "..", 2) == 0;
    ret->last = is_range ? strtoull(dots + 2, &end, 0) : ret->last;
    if ((!is_one && !is_range) || end == dots + 2 || *end != '\0' || strchr(value, '-') != NULL ||
        errno != 0 || ret->last < ret->first || ret->last - ret->first >= RUNS_MAX) {
        complain("--%s wants A..B with A not above B and at most %d seeds, not \"%s\"",
                 cli_options[option].name, RUNS_MAX, value);
        return false;
    }
    ret->runs = ret->last - ret->first + 1;
    return true;
}

static bool has(const struct cli *cli, enum cli_option_id option)
{
    return cli_value(cli, option) != NULL;
}

/* Two options that say the same thing in different ways. False, told, if both are there. */
static bool exclude(const struct cli *cli, enum cli_option_id one, enum cli_option_id other)
{
    if (has(cli, one) && has(cli, other)) {
        complain("--%s and --%s exclude each other", cli_options[one].name,
                 cli_options[other].name);
        return false;
    }
    return true;
}

static bool read_schedule(const struct cli *cli, struct schedule *ret)
{
    *ret = (struct schedule){.last = UINT64_MAX, .runs = 1};
    ret->is_single = !has(cli, OPTION_SEEDS) && !has(cli, OPTION_REPEAT);
    ret->is_fuzzing = has(cli, OPTION_FUZZ_SEEDS);
    if (ret->is_fuzzing) {
        return exclude(cli, OPTION_SEED, OPTION_FUZZ_SEEDS) &&
               exclude(cli, OPTION_SEEDS, OPTION_FUZZ_SEEDS) &&
               exclude(cli, OPTION_REPEAT, OPTION_FUZZ_SEEDS) &&
               read_seeds(cli, OPTION_FUZZ_SEEDS, true, ret);
    }
    if (has(cli, OPTION_MAY_END)) {
        complain("--may-end is for --fuzz-seeds");
        return false;
    }
    return exclude(cli, OPTION_SEED, OPTION_SEEDS) &&
           (has(cli, OPTION_SEEDS) ? read_seeds(cli, OPTION_SEEDS, false, ret)
                                   : cli_number(cli, OPTION_SEED, 0, UINT64_MAX, 1, &ret->first)) &&
           cli_number(cli, OPTION_REPEAT, 1, RUNS_MAX, ret->runs, &ret->runs);
}

/* How long a run may take, and how it may end. */
static bool read_limits(const struct cli *cli, struct exec *ret)
{
    const uint64_t most = ret->schedule.is_fuzzing ? EXEC_FUZZ_SECONDS : 0;
    return cli_number(cli, OPTION_TIME_LIMIT, 1, 1000000, most, &ret->limit_s) &&
           exec_fuzz_options(&ret->fuzz, cli, ret->limit_s);
}

static uint64_t seed_of(const struct schedule *schedule, uint64_t run)
{
    const uint64_t span = schedule->last - schedule->first;
    return schedule->first + (span == UINT64_MAX ? run : run % (span + 1));
}

/* execvp's prototype is older than const: it writes to none of the words. */
static char *const *words_of(const struct cli *cli)
{
    union {
        const char *const *borrowed;
        char *const *words;
    } command = {.borrowed = cli->arguments + cli->command->own_words};
    return command.words;
}

/* True if the resolver answers there as it is: at `count` addresses, and at 127.0.0.1. */
static bool is_among(const struct address *address, const struct address *all, size_t count)
{
    const struct address usual = address_v4((const uint8_t[]){127, 0, 0, 1});
    bool found = address_equal(address, &usual);
    for (size_t i = 0; i < count; i++) {
        found = found || address_equal(address, &all[i]);
    }
    return found;
}

/* The addresses of --resolver-at behind those of `seat`; `*ret_count` counts both. NULL, told, if
 * one is none. */
static const struct address *further_addresses(const struct cli *cli, const struct seat *seat,
                                               struct arena *arena, size_t *ret_count)
{
    struct address *all =
        ARENA_NEW_ARRAY(arena, struct address, seat->address_count + cli->value_count);
    size_t count = seat->address_count;
    if (all == NULL) {
        complain("not enough memory");
        return NULL;
    }
    memcpy(all, seat->addresses, count * sizeof *all);
    for (size_t i = 0; i < cli->value_count; i++) {
        const char *value = cli->values[i].value;
        if (cli->values[i].option != OPTION_RESOLVER_AT) {
            continue;
        }
        if (!address_parse(bytes_of_string(value), &all[count])) {
            complain("--resolver-at wants an IP address, not \"%s\"", value);
            return NULL;
        }
        count += !is_among(&all[count], all, count);
    }
    *ret_count = count;
    return all;
}

/* Puts the builtin resolver where --resolver-at says. False, told, if that cannot be. */
static bool extend_resolver(struct exec *exec, const struct cli *cli)
{
    struct world *world = exec->unit.stage->world;
    const struct address *at = &exec->unit.scenario->resolver_v4;
    size_t count;
    if (!has(cli, OPTION_RESOLVER_AT)) {
        return true;
    }
    if (exec->options.resolver_seat == NULL) {
        complain("--resolver-at is for faultzone's own resolver");
        return false;
    }
    const struct address *all =
        further_addresses(cli, world_find(world, at), &exec->unit.stage_arena, &count);
    if (all != NULL && !world_extend_seat(world, at, all, count)) {
        complain("--resolver-at: somebody of the scenario has one of these addresses");
        return false;
    }
    return all != NULL;
}

/* The client's seat is the command's, the set-up check stays away, and the scenario's resolver
 * makes room for another one, unless that one asks it. False, told, if the other cannot be had. */
static bool set_options(struct exec *exec, const struct cli *cli)
{
    const struct scenario *scenario = exec->unit.scenario;
    const char *name = cli_value(cli, OPTION_RESOLVER);
    const bool is_builtin = name == NULL || strcmp(name, "builtin") == 0;
    const struct foreign *foreign = is_builtin ? NULL : foreign_find(name);
    const bool is_absent = !is_builtin && (foreign == NULL || !foreign->forwards);
    const char *seat = world_find(exec->unit.stage->world, &scenario->resolver_v4)->name;
    exec->absent[0] = "client";
    exec->absent[1] = "check";
    exec->absent[2] = is_absent ? seat : NULL;
    exec->options = (struct namespace_options){
        .argv = words_of(cli),
        .world = exec->unit.stage->world,
        .resolver_seat = is_builtin ? seat : NULL,
        .nameserver =
            is_builtin ? scenario->resolver_v4 : address_v4((const uint8_t[]){127, 0, 0, 1}),
        .absent = exec->absent,
        .sources = {scenario->client_v4, scenario->client_v6},
        .daemon = foreign != NULL ? &exec->daemon : NULL,
        .limit_s = exec->limit_s,
    };
    return foreign == NULL ||
           exec_resolver_plan(foreign, scenario, &exec->unit.stage_arena, &exec->daemon);
}

/* --- telling --- */

static void put_times(uint64_t count)
{
    if (count == 1) {
        fputs("\n", stderr);
    } else {
        fprintf(stderr, "  (%" PRIu64 " packets)\n", count);
    }
}

static void tell_strays(const struct strays *strays)
{
    char buffer[ENDPOINT_TEXT_MAX];
    if (strays->count > 0) {
        complain("refused, because it is outside the scenario:");
    }
    for (size_t i = 0; i < strays->count; i++) {
        const struct stray *stray = &strays->items[i];
        struct text text = text_in(buffer, sizeof buffer);
        if (stray->kind == STRAY_PING) {
            address_put(&text, &stray->to.address);
        } else {
            endpoint_put(&text, &stray->to);
        }
        fprintf(stderr, "  %s %s", stray_kind_name(stray->kind), buffer);
        put_times(stray->count);
    }
    if (strays->more > 0) {
        fprintf(stderr, "  and %" PRIu64 " further packets\n", strays->more);
    }
}

static void tell_outcome(const struct outcome *outcome, unsigned status)
{
    fprintf(stderr, "  %" PRIu64 " ended with %u", outcome->runs, status);
    for (uint64_t i = 0; status != 0 && i < outcome->runs && i < SEEDS_TOLD_MAX; i++) {
        fprintf(stderr, "%s%" PRIu64, i == 0 ? ": seed " : ", ", outcome->seeds[i]);
    }
    fputs(status != 0 && outcome->runs > SEEDS_TOLD_MAX ? ", ...\n" : "\n", stderr);
}

static void tell_summary(const struct exec *exec)
{
    complain("%" PRIu64 " of %" PRIu64 " runs", exec->runs, exec->schedule.runs);
    for (unsigned status = 0; status < STATUSES_MAX; status++) {
        if (exec->outcomes[status].runs > 0) {
            tell_outcome(&exec->outcomes[status], status);
        }
    }
}

/* --- what the process that runs the world shares with us --- */

/* Memory that is the same for the processes that are begun after this; NULL, told, if there is
 * none. */
static void *share(size_t size)
{
    void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        complain("no memory to share: %s", strerror(errno));
        return NULL;
    }
    return shared;
}

/* Answers to the command are mangled, and to a real resolver that answers it. The world runs in a
 * process of its own, and what it did is to be told here. */
static bool let_mangle(struct exec *exec)
{
    const struct scenario *scenario = exec->unit.scenario;
    const struct address askers[] = {scenario->client_v4, scenario->client_v6,
                                     scenario->resolver_v4, scenario->resolver_v6};
    exec->mangler = share(sizeof *exec->mangler);
    if (exec->mangler == NULL) {
        return false;
    }
    mangler_init(exec->mangler, askers, exec->options.resolver_seat != NULL ? 2 : 4);
    exec->mangler->strangers = true;
    exec->unit.stage->world->mangler = exec->mangler;
    return true;
}

/* --- running --- */

static enum cli_exit trouble_of(const struct diag *trouble)
{
    if (trouble->hint[0] != '\0') {
        complain("%s (%s)", trouble->sentence, trouble->hint);
    } else {
        complain("%s", trouble->sentence);
    }
    return CLI_TROUBLE;
}

static unsigned status_of(const struct exec *exec, const struct namespace_result *result)
{
    switch (result->end) {
    case NAMESPACE_ENDED:
        return WIFSIGNALED(result->status) ? CLI_SIGNALLED + (unsigned)WTERMSIG(result->status)
                                           : (unsigned)WEXITSTATUS(result->status);
    case NAMESPACE_NO_EXEC:
        complain("%s: %s", exec->options.argv[0], strerror(result->error));
        return result->error == ENOENT ? CLI_NOT_FOUND : CLI_NO_EXEC;
    case NAMESPACE_TIMED_OUT: return CLI_TIME_LIMIT;
    default: return trouble_of(&result->trouble);
    }
}

static void note_outcome(struct exec *exec, uint64_t seed, unsigned status)
{
    struct outcome *outcome = &exec->outcomes[status];
    if (outcome->runs < SEEDS_TOLD_MAX) {
        outcome->seeds[outcome->runs] = seed;
    }
    outcome->runs++;
    exec->runs++;
}

static void note_strays(struct exec *exec, const struct strays *strays)
{
    for (size_t i = 0; i < strays->count; i++) {
        strays_note(&exec->strays, &strays->items[i]);
    }
    exec->strays.more += strays->more;
}

/* One run; false if there should be no further one. */
static bool run_once(struct exec *exec, unsigned *ret_status)
{
    struct namespace_result result;
    const uint64_t seed = seed_of(&exec->schedule, exec->runs);
    const uint64_t unit_seed = run_unit_seed(seed, exec->unit.id);
    stage_reset(exec->unit.stage, unit_seed);
    if (exec->mangler != NULL) {
        mangler_start_seed(exec->mangler, unit_seed);
    }
    namespace_run(&exec->options, &result);
    *ret_status = status_of(exec, &result) % STATUSES_MAX;
    if (exec->mangler != NULL) {
        exec_fuzz_judge(&exec->fuzz, seed, &result, mangler_story(exec->mangler));
    } else if (result.has_lost) {
        complain("%s", result.lost.sentence);
    }
    note_outcome(exec, seed, *ret_status);
    note_strays(exec, &result.strays);
    return (result.end == NAMESPACE_ENDED || result.end == NAMESPACE_TIMED_OUT) &&
           !result.interrupted;
}

static enum cli_exit run_all(struct exec *exec, const struct cli *cli)
{
    unsigned first_bad = CLI_OK, status = CLI_OK;
    bool more = true;
    fflush(NULL); /* or every fork has a copy to write */
    while (more && exec->runs < exec->schedule.runs) {
        more = run_once(exec, &status);
        first_bad = first_bad != CLI_OK ? first_bad : status;
    }
    tell_strays(&exec->strays);
    if (exec->schedule.is_fuzzing) {
        exec_fuzz_sum_up(&exec->fuzz, cli, exec->runs);
        return !more ? (enum cli_exit)status : exec->fuzz.findings > 0 ? CLI_FINDING : CLI_OK;
    }
    if (!exec->schedule.is_single) {
        tell_summary(exec);
    }
    return (enum cli_exit)first_bad;
}

/* --- the log --- */

/* Every query and reply that the simulated internet sees, to where --log says. */
static bool keep_log(struct exec *exec, const struct cli *cli)
{
    if (!output_open_log(cli, &exec->log)) {
        return false;
    }
    if (exec->log.file == NULL) {
        return true;
    }
    struct history *history = ARENA_NEW(&exec->unit.stage_arena, struct history);
    exec->log_error = share(sizeof *exec->log_error);
    if (history == NULL) {
        complain("there is no memory for a log");
    }
    if (history == NULL || exec->log_error == NULL) {
        return false;
    }
    history->world = exec->unit.stage->world;
    history->log = exec->log.file;
    history->log_error = exec->log_error;
    exec->unit.stage->trace.listener = history_listen;
    exec->unit.stage->trace.listener_context = history;
    if (exec->mangler != NULL) {
        exec->mangler->listener = history_hear_mangler;
        exec->mangler->listener_context = history;
    }
    return true;
}

/* A log that is not whole is our own trouble; what the command ended with is told first. */
static enum cli_exit end_log(struct exec *exec, enum cli_exit status)
{
    if (exec->log.file == NULL) {
        return status;
    }
    exec->log.error = *exec->log_error;
    const bool is_whole = output_close(&exec->log, CLI_OK) == CLI_OK;
    return is_whole || status != CLI_OK ? status : CLI_TROUBLE;
}

static enum cli_exit exec_file(struct exec *exec, const struct cli *cli,
                               const struct batch_item *item)
{
    if (!unit_load_world(&exec->unit, item->path, item->id)) {
        complain_of_unit(&exec->unit, "error");
        return CLI_TROUBLE;
    }
    if (!unit_stage(&exec->unit, 0, live_entropy())) {
        complain("%s: %s", item->path, exec->unit.result.error.sentence);
        return CLI_TROUBLE;
    }
    trace_let_pass(&exec->unit.stage->trace); /* --log hears it, and nobody else */
    if (!set_options(exec, cli) || !extend_resolver(exec, cli)) {
        return CLI_TROUBLE;
    }
    if (exec->schedule.is_fuzzing && (!exec_fuzz_environment() || !let_mangle(exec))) {
        return CLI_TROUBLE;
    }
    return keep_log(exec, cli) ? end_log(exec, run_all(exec, cli)) : CLI_TROUBLE;
}

enum cli_exit command_exec(const struct cli *cli)
{
    static struct exec exec; /* large */
    struct cli scenario = *cli;
    struct files files;
    if (cli->argument_count < 2) {
        complain("exec wants a scenario file and a command");
        return CLI_TROUBLE;
    }
    scenario.argument_count = 1;
    if (!read_schedule(cli, &exec.schedule) || !read_limits(cli, &exec) ||
        !files_single(&scenario, &files)) {
        return CLI_TROUBLE;
    }
    unit_init(&exec.unit);
    const enum cli_exit status = exec_file(&exec, cli, &files.items[0]);
    unit_free(&exec.unit);
    files_free(&files);
    return status;
}
