/* faultzone show: one scenario's story. */
#include "harness/show.h"

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"

static enum cli_exit show(struct unit *unit, const struct show_options *options)
{
    if (unit->status == UNIT_UNLOADED) {
        complain_of_unit(unit, "error");
        return CLI_USAGE;
    }
    if (unit->status == UNIT_BROKEN && unit->stage == NULL) {
        complain("%s: %s", unit->path, unit->result.error.sentence);
        return CLI_ENVIRONMENT;
    }
    if (options->step > unit->result.outcome_count) {
        complain("--step %zu: the scenario has %zu steps", options->step,
                 unit->result.outcome_count);
        return CLI_USAGE;
    }
    show_unit(stdout, unit, options);
    if (unit->status == UNIT_BROKEN) {
        complain("%s: %s", unit->path, unit->result.error.sentence);
    }
    return unit->status == UNIT_PASSED || unit->status == UNIT_SKIPPED ? CLI_OK
           : unit->status == UNIT_FAILED                               ? CLI_FINDING
                                                                       : CLI_USAGE;
}

enum cli_exit command_show(const struct cli *cli)
{
    struct unit unit;
    struct files files;
    uint64_t seed, step;
    if (!cli_number(cli, OPTION_SEED, 0, UINT64_MAX, 1, &seed) ||
        !cli_number(cli, OPTION_STEP, 1, 100000, 0, &step) || !files_single(cli, &files)) {
        return CLI_USAGE;
    }
    const struct show_options options = {
        .colour = output_has_colour(cli, stdout),
        .packets = cli_value(cli, OPTION_PACKETS) != NULL,
        .step = step,
    };
    unit_init(&unit);
    unit_judge(&unit, files.items[0].path, files.items[0].id, seed);
    const enum cli_exit status = show(&unit, &options);
    unit_free(&unit);
    files_free(&files);
    return output_finish(stdout, status);
}
