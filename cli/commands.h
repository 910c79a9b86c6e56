/* The commands: one file each. */
#ifndef FAULTZONE_CLI_COMMANDS_H
#define FAULTZONE_CLI_COMMANDS_H

#include "cli/options.h"

enum cli_exit command_run(const struct cli *cli);
enum cli_exit command_list(const struct cli *cli);
enum cli_exit command_lint(const struct cli *cli);
enum cli_exit command_show(const struct cli *cli);
enum cli_exit command_sign(const struct cli *cli);
enum cli_exit command_serve(const struct cli *cli);
enum cli_exit command_ctl(const struct cli *cli);
enum cli_exit command_exec(const struct cli *cli);
enum cli_exit command_check(const struct cli *cli);
enum cli_exit command_matrix(const struct cli *cli);
enum cli_exit command_ask(const struct cli *cli);
enum cli_exit command_doctor(const struct cli *cli);
enum cli_exit command_schema(const struct cli *cli);
enum cli_exit command_reference(const struct cli *cli);
enum cli_exit command_catalogue(const struct cli *cli);
enum cli_exit command_help(const struct cli *cli);

#endif
