/* faultzone lint: reads scenario files without running them. */
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"

struct lint {
    size_t broken, warnings;
};

static void lint_file(struct lint *lint, struct unit *unit, const struct batch_item *item)
{
    if (!unit_load(unit, item->path, item->id)) {
        complain_of_unit(unit, "error");
        lint->broken++;
        return;
    }
    lint->warnings += scenario_lint(unit->scenario, &unit->diags);
    complain_of_unit(unit, "warning");
}

static enum cli_exit lint_files(const struct files *files, bool strict)
{
    struct lint lint = {0};
    struct unit unit;
    unit_init(&unit);
    for (size_t i = 0; i < files->count; i++) {
        lint_file(&lint, &unit, &files->items[i]);
    }
    unit_free(&unit);
    printf("%zu file%s: %zu with errors, %zu warning%s\n", files->count,
           files->count == 1 ? "" : "s", lint.broken, lint.warnings, lint.warnings == 1 ? "" : "s");
    if (lint.broken > 0) {
        return CLI_USAGE;
    }
    return strict && lint.warnings > 0 ? CLI_FINDING : CLI_OK;
}

enum cli_exit command_lint(const struct cli *cli)
{
    struct files files;
    if (!files_gather(cli, &files)) {
        return CLI_USAGE;
    }
    const enum cli_exit status = lint_files(&files, cli_value(cli, OPTION_STRICT) != NULL);
    files_free(&files);
    return output_finish(stdout, status);
}
