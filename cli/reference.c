/* faultzone reference: documentation made from the program's own tables. */
#include "harness/reference.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/output.h"

static const struct {
    const char *name;
    void (*write)(FILE *file);
} documents[] = {
    {"scenarios", reference_write},
    {"resolver", reference_write_resolver},
    {"man", help_put_man},
    {"bash", help_put_bash},
};

enum cli_exit command_reference(const struct cli *cli)
{
    const char *wanted = cli->argument_count > 0 ? cli->arguments[0] : documents[0].name;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        if (strcmp(documents[i].name, wanted) == 0) {
            documents[i].write(stdout);
            return output_finish(stdout, CLI_OK);
        }
    }
    complain("there is no document \"%s\": scenarios, resolver, man or bash", wanted);
    return CLI_USAGE;
}
