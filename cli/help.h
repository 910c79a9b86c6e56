/* Help in every form, made from the option table. */
#ifndef FAULTZONE_CLI_HELP_H
#define FAULTZONE_CLI_HELP_H

#include <stdio.h>

#include "cli/options.h"

/* What the program is and which commands it has. */
void help_put_program(FILE *file);

/* How one command is used. */
void help_put_command(FILE *file, const struct cli_command *command);

/* The source of the man page, for scdoc. */
void help_put_man(FILE *file);

/* The completion for bash. */
void help_put_bash(FILE *file);

#endif
