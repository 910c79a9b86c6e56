/* faultzone run: judges scenarios and reports. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"
#include "harness/batch.h"
#include "harness/report.h"

#define REPORTS_MAX 16

struct run {
    const struct report_row *rows[REPORTS_MAX]; /* the formats */
    struct output outputs[REPORTS_MAX];
    struct report reports[REPORTS_MAX];
    size_t report_count;
    bool fail_fast;
    bool finding, unusable;
};

/* --- reports --- */

static bool open_report(struct run *run, const struct report_row *row, const char *path)
{
    if (run->report_count == REPORTS_MAX) {
        complain("more than %d reports", REPORTS_MAX);
        return false;
    }
    if (!output_open(path, &run->outputs[run->report_count])) {
        return false;
    }
    run->rows[run->report_count++] = row;
    return !output_collides(run->outputs, run->report_count);
}

/* --report FORMAT:FILE */
static bool open_further(struct run *run, const char *value)
{
    char name[16];
    const char *colon = strchr(value, ':');
    const size_t size = colon != NULL ? (size_t)(colon - value) : 0;
    const struct report_row *row = NULL;
    if (size > 0 && size < sizeof name && colon[1] != '\0') {
        memcpy(name, value, size);
        name[size] = '\0';
        row = report_find(name);
    }
    if (row == NULL) {
        complain("--report wants FORMAT:FILE, such as junit:results.xml, not \"%s\"", value);
        return false;
    }
    return open_report(run, row, colon + 1);
}

/* The format of the results; NULL (told) where two are asked for. */
static const struct report_row *format_of(const struct cli *cli)
{
    const char *format = cli_value(cli, OPTION_FORMAT);
    const bool json = cli_value(cli, OPTION_JSON) != NULL;
    const bool jsonl = cli_value(cli, OPTION_JSONL) != NULL;
    if ((format != NULL) + json + jsonl > 1) {
        complain(
            "--format, --json and --jsonl exclude each other; --report writes further formats");
        return NULL;
    }
    return report_find(json ? "json" : jsonl ? "jsonl" : format != NULL ? format : "text");
}

static bool open_reports(struct run *run, const struct cli *cli)
{
    const struct report_row *row = format_of(cli);
    if (row == NULL || !open_report(run, row, cli_value(cli, OPTION_OUTPUT))) {
        return false;
    }
    for (size_t i = 0; i < cli->value_count; i++) {
        if (cli->values[i].option == OPTION_REPORT && !open_further(run, cli->values[i].value)) {
            return false;
        }
    }
    return true;
}

/* Nothing is written before all of them are open. */
static void begin_reports(struct run *run, const struct cli *cli, uint64_t seed)
{
    for (size_t i = 0; i < run->report_count; i++) {
        FILE *file = run->outputs[i].file;
        report_begin(&run->reports[i], run->rows[i], file, seed, output_has_colour(cli, file));
    }
}

static enum cli_exit close_reports(struct run *run, enum cli_exit status)
{
    for (size_t i = 0; i < run->report_count; i++) {
        errno = 0;
        report_end(&run->reports[i]);
        output_note(&run->outputs[i]);
        status = output_close(&run->outputs[i], status);
    }
    return status;
}

/* --- running --- */

static bool take_result(void *context, const struct unit *unit)
{
    struct run *run = context;
    run->finding |= unit->status == UNIT_FAILED;
    run->unusable |= unit->status == UNIT_UNLOADED || unit->status == UNIT_BROKEN;
    complain_of_unit(unit, "error");
    for (size_t i = 0; i < run->report_count; i++) {
        errno = 0;
        report_unit(&run->reports[i], unit);
        output_note(&run->outputs[i]);
    }
    return run->outputs[0].error == 0 &&
           (unit->status == UNIT_PASSED || unit->status == UNIT_SKIPPED || !run->fail_fast);
}

static enum cli_exit status_of(const struct run *run, enum batch_end end)
{
    switch (end) {
    case BATCH_TIME_LIMIT: complain("the time limit has passed"); return CLI_TIME_LIMIT;
    case BATCH_NO_MEMORY: complain("not enough memory"); return CLI_ENVIRONMENT;
    case BATCH_NO_THREADS:
        complain("the system allows no thread; try -j 1");
        return CLI_ENVIRONMENT;
    default: return run->unusable ? CLI_USAGE : run->finding ? CLI_FINDING : CLI_OK;
    }
}

static uint64_t processors(void)
{
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > BATCH_JOBS_MAX ? BATCH_JOBS_MAX : (uint64_t)count;
}

static enum cli_exit run_files(const struct cli *cli, const struct files *files)
{
    struct run run = {0};
    uint64_t seed, jobs, limit;
    if (!cli_number(cli, OPTION_SEED, 0, UINT64_MAX, 1, &seed) ||
        !cli_number(cli, OPTION_JOBS, 1, BATCH_JOBS_MAX, processors(), &jobs) ||
        !cli_number(cli, OPTION_TIME_LIMIT, 1, 1000000, 0, &limit)) {
        return CLI_USAGE;
    }
    if (!open_reports(&run, cli)) {
        output_drop(run.outputs, run.report_count);
        return CLI_USAGE;
    }
    begin_reports(&run, cli, seed);
    run.fail_fast = cli_value(cli, OPTION_FAIL_FAST) != NULL;
    const struct batch_options options = {
        .items = files->items,
        .count = files->count,
        .jobs = (unsigned)jobs,
        .seed = seed,
        .time_limit_s = (uint32_t)limit,
        .done = take_result,
        .context = &run,
    };
    const enum batch_end end = batch_run(&options);
    const enum cli_exit status = close_reports(&run, status_of(&run, end));
    if (end == BATCH_TIME_LIMIT) {
        _exit((int)status); /* threads are still at work */
    }
    return status;
}

enum cli_exit command_run(const struct cli *cli)
{
    struct files files;
    if (!files_gather(cli, &files)) {
        return CLI_USAGE;
    }
    const enum cli_exit status = run_files(cli, &files);
    files_free(&files);
    return status;
}
