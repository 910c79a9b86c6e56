#include "cli/help.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"

#define HELP_COLUMNS  90
#define NAME_COLUMNS  10
#define OPTION_INDENT 24

static const char tagline[] = "a simulated internet that shows how DNS set-ups fail";

static const struct {
    enum cli_exit status;
    const char *meaning;
} exit_rows[] = {
    {CLI_OK, "all as expected"},
    {CLI_FINDING, "an expectation failed; running it again will not help"},
    {CLI_USAGE, "usage or scenario error"},
    {CLI_ENVIRONMENT, "this system cannot run it; elsewhere it may work"},
    {CLI_RETRY_LATER, "check: nothing can be said now; it is to be tried again"},
    {CLI_TIME_LIMIT, "the time limit has passed"},
    {CLI_TROUBLE, "exec: faultzone itself failed, usage and scenario errors included"},
    {CLI_NO_EXEC, "exec: the command cannot be executed"},
    {CLI_NOT_FOUND, "exec: the command is not found"},
};
#define EXIT_ROWS (sizeof exit_rows / sizeof *exit_rows)

static bool has_option(const struct cli_command *command, unsigned option)
{
    return (command->options & UINT64_C(1) << option) != 0 || option == OPTION_HELP;
}

/* Writes a paragraph from `column` on, folded at HELP_COLUMNS, further lines behind `indent`
 * blanks. */
static void put_folded(FILE *file, const char *string, int column, int indent)
{
    while (*string != '\0') {
        const int size = (int)strcspn(string, " ");
        if (column > indent && column + 1 + size > HELP_COLUMNS) {
            fprintf(file, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putc(' ', file);
            column++;
        }
        fwrite(string, 1, (size_t)size, file);
        column += size;
        string += size;
        string += strspn(string, " ");
    }
    putc('\n', file);
}

/* "-j, --jobs N" */
static int put_option_name(FILE *file, const struct cli_option *option)
{
    int column = 0;
    if (option->letter != 0) {
        column += fprintf(file, "-%c, ", option->letter);
    }
    column += fprintf(file, "--%s", option->name);
    if (option->value != NULL) {
        column += fprintf(file, " %s", option->value);
    }
    return column;
}

static void put_choices(FILE *file, const struct cli_option *option)
{
    for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
        fprintf(file, "%s%s", i > 0 ? ", " : "", option->choices[i]);
    }
}

static void put_option(FILE *file, const struct cli_option *option)
{
    fputs("  ", file);
    const int column = 2 + put_option_name(file, option);
    if (column >= OPTION_INDENT) {
        fprintf(file, "\n%*s", OPTION_INDENT, "");
    } else {
        fprintf(file, "%*s", OPTION_INDENT - column, "");
    }
    put_folded(file, option->doc, OPTION_INDENT, OPTION_INDENT);
    if (option->choices != NULL) {
        fprintf(file, "%*s", OPTION_INDENT, "");
        put_choices(file, option);
        putc('\n', file);
    }
}

static void put_exits(FILE *file)
{
    fputs("\nExit status:\n", file);
    for (size_t i = 0; i < EXIT_ROWS; i++) {
        fprintf(file, "  %-4d %s\n", exit_rows[i].status, exit_rows[i].meaning);
    }
}

void help_put_program(FILE *file)
{
    fprintf(file, "faultzone: %s\n\nusage: faultzone COMMAND [OPTION...] [ARGUMENT...]\n\n",
            tagline);
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++) {
        if (!command->hidden) {
            fprintf(file, "  %-*s %s\n", NAME_COLUMNS, command->name, command->summary);
        }
    }
    fputs("\n\"faultzone help COMMAND\" tells more. Begin with: faultzone run\n", file);
    put_exits(file);
}

void help_put_command(FILE *file, const struct cli_command *command)
{
    fprintf(file, "faultzone %s: %s\n\nusage: faultzone %s [OPTION...] %s\n\n", command->name,
            command->summary, command->name, command->arguments);
    put_folded(file, command->about, 0, 0);
    fputs("\nOptions:\n", file);
    for (unsigned i = 0; i < CLI_OPTIONS; i++) {
        if (has_option(command, i)) {
            put_option(file, &cli_options[i]);
        }
    }
}

/* --- the man page --- */

/* scdoc gives '_' and '*' a meaning. */
static void put_scdoc(FILE *file, const char *string)
{
    for (; *string != '\0'; string++) {
        if (strchr("_*\\[]#~", *string) != NULL) {
            putc('\\', file);
        }
        putc(*string, file);
    }
}

static void put_man_option(FILE *file, const struct cli_option *option)
{
    fputc('*', file);
    if (option->letter != 0) {
        fprintf(file, "-%c*, *", option->letter);
    }
    fprintf(file, "--%s*", option->name);
    if (option->value != NULL) {
        fprintf(file, " _%s_", option->value);
    }
    fputs("\n\t", file);
    put_scdoc(file, option->doc);
    if (option->choices != NULL) {
        fputs(" One of: ", file);
        put_choices(file, option);
        putc('.', file);
    }
    fputs("\n\n", file);
}

static void put_man_command(FILE *file, const struct cli_command *command)
{
    fprintf(file, "## faultzone %s %s\n\n", command->name, command->arguments);
    put_scdoc(file, command->about);
    fputs("\n\n", file);
    for (unsigned i = 0; i < CLI_OPTIONS; i++) {
        if ((command->options & UINT64_C(1) << i) != 0) {
            put_man_option(file, &cli_options[i]);
        }
    }
}

void help_put_man(FILE *file)
{
    fprintf(file,
            "faultzone(1)\n\n; made by \"faultzone reference man\" from the option table\n\n"
            "# NAME\n\nfaultzone - %s\n\n# SYNOPSIS\n\n*faultzone* _COMMAND_ \\[_OPTION_...\\] "
            "\\[_ARGUMENT_...\\]\n\n# COMMANDS\n\n",
            tagline);
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++) {
        if (!command->hidden) {
            put_man_command(file, command);
        }
    }
    fputs("# EXIT STATUS\n\n", file);
    for (size_t i = 0; i < EXIT_ROWS; i++) {
        fprintf(file, "*%d*\n\t%s\n\n", exit_rows[i].status, exit_rows[i].meaning);
    }
    fputs("# ENVIRONMENT\n\n*NO\\_COLOR*\n\tIf set and not empty, no colour unless *--color "
          "always*.\n\n*GITHUB\\_STEP\\_SUMMARY*\n\tWhere *--format github* adds its table.\n",
          file);
}

/* --- completion --- */

static void put_bash_words(FILE *file, const struct cli_command *command)
{
    fprintf(file, "        %s) options=\"", command->name);
    for (unsigned i = 0; i < CLI_OPTIONS; i++) {
        if (has_option(command, i)) {
            fprintf(file, "--%s ", cli_options[i].name);
        }
    }
    fputs("\" ;;\n", file);
}

void help_put_bash(FILE *file)
{
    fputs(
        "# bash completion for faultzone\n_faultzone() {\n    local word=${COMP_WORDS[COMP_CWORD]}"
        " before=${COMP_WORDS[COMP_CWORD-1]} options=\n    COMPREPLY=()\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W \"",
        file);
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++) {
        fprintf(file, "%s ", command->hidden ? "" : command->name);
    }
    fputs("\" -- \"$word\"))\n        return\n    fi\n    case $before in\n", file);
    for (unsigned i = 0; i < CLI_OPTIONS; i++) {
        if (cli_options[i].choices != NULL) {
            fprintf(file, "        --%s) COMPREPLY=($(compgen -W \"", cli_options[i].name);
            put_choices(file, &cli_options[i]);
            fputs("\" -- \"$word\")); COMPREPLY=(\"${COMPREPLY[@]%,}\"); return ;;\n", file);
        }
    }
    fputs("    esac\n    case ${COMP_WORDS[1]} in\n", file);
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++) {
        put_bash_words(file, command);
    }
    fputs(
        "    esac\n    if [[ $word == -* ]]; then\n        COMPREPLY=($(compgen -W \"$options\" -- "
        "\"$word\"))\n    else\n        COMPREPLY=($(compgen -f -- \"$word\"))\n    fi\n}\n"
        "complete -o filenames -F _faultzone faultzone\n",
        file);
}

/* --- the command --- */

enum cli_exit command_help(const struct cli *cli)
{
    if (cli->argument_count == 0) {
        help_put_program(stdout);
        return output_finish(stdout, CLI_OK);
    }
    const struct cli_command *command = cli_command_find(cli->arguments[0]);
    if (cli->argument_count > 1) {
        complain("help tells of one command at a time");
        return CLI_USAGE;
    }
    if (command == NULL) {
        complain("there is no command \"%s\"", cli->arguments[0]);
        return CLI_USAGE;
    }
    help_put_command(stdout, command);
    return output_finish(stdout, CLI_OK);
}
