/* faultzone schema: for editors. */
#include "harness/schema.h"

#include "cli/commands.h"
#include "cli/output.h"

enum cli_exit command_schema(const struct cli *cli)
{
    if (cli->argument_count > 0) {
        complain("schema takes no argument");
        return CLI_USAGE;
    }
    schema_write(stdout);
    return output_finish(stdout, CLI_OK);
}
