/* faultzone sign: a message as a step's signer would send it. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"
#include "harness/signing.h"
#include "harness/story.h"

static bool is_dkim(const struct scenario *scenario, size_t index)
{
    return index < scenario->step_count && scenario->steps[index].kind == STEP_DKIM;
}

/* The step asked for (counted from 1), or the first that can be; false, told, if there is none. */
static bool find_step(const struct cli *cli, const struct scenario *scenario, size_t *ret)
{
    uint64_t number;
    if (!cli_number(cli, OPTION_STEP, 1, STORY_STEPS_MAX, 0, &number)) {
        return false;
    }
    if (number > 0) {
        *ret = (size_t)number - 1;
        if (!is_dkim(scenario, *ret)) {
            complain("%s: step %zu is no dkim step", scenario->path, (size_t)number);
            return false;
        }
        return true;
    }
    for (*ret = 0; *ret < scenario->step_count; (*ret)++) {
        if (is_dkim(scenario, *ret)) {
            return true;
        }
    }
    complain("%s has no dkim step", scenario->path);
    return false;
}

static bool write_message(const struct scenario *scenario, size_t index, struct arena *arena)
{
    struct signing signing;
    struct bytes message;
    const char *error;
    if (!signing_of_step(&scenario->steps[index].as.dkim, arena, &signing, &error) ||
        !signing_message(&signing, arena, &message, &error)) {
        complain("%s: step %zu: %s", scenario->path, index + 1, error);
        return false;
    }
    fwrite(message.data, 1, message.size, stdout);
    return true;
}

static enum cli_exit sign_file(const struct cli *cli, const struct batch_item *item,
                               struct unit *unit)
{
    size_t index;
    if (!unit_load_world(unit, item->path, item->id)) {
        complain_of_unit(unit, "error");
        return CLI_USAGE;
    }
    if (!find_step(cli, unit->scenario, &index) ||
        !write_message(unit->scenario, index, &unit->result_arena)) {
        return CLI_USAGE;
    }
    return output_finish(stdout, CLI_OK);
}

enum cli_exit command_sign(const struct cli *cli)
{
    static struct unit unit; /* large */
    struct files files;
    if (!files_single(cli, &files)) {
        return CLI_USAGE;
    }
    unit_init(&unit);
    const enum cli_exit status = sign_file(cli, &files.items[0], &unit);
    unit_free(&unit);
    files_free(&files);
    return status;
}
