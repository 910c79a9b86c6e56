/* The commands and options of the program: one table, from which the parser, the help texts, the
 * man page and the shell completion are made. */
#ifndef FAULTZONE_CLI_OPTIONS_H
#define FAULTZONE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLI_VALUES_MAX    64   /* options on one command line */
#define CLI_ARGUMENTS_MAX 4096 /* other words */

enum cli_exit {
    CLI_OK = 0,           /* all as expected */
    CLI_FINDING = 1,      /* an expectation failed */
    CLI_USAGE = 2,        /* usage or scenario error */
    CLI_ENVIRONMENT = 3,  /* this system cannot run it */
    CLI_RETRY_LATER = 4,  /* `check` only: nothing can be said now */
    CLI_TIME_LIMIT = 124, /* as timeout(1) has it */
    /* Only of commands that pass another program's status through. */
    CLI_TROUBLE = 125, /* whatever is wrong on our side */
    CLI_NO_EXEC = 126, /* it cannot be executed */
    CLI_NOT_FOUND = 127,
    CLI_SIGNALLED = 128, /* and the signal's number */
};

enum cli_option_id {
    OPTION_SEED,
    OPTION_JOBS,
    OPTION_FAIL_FAST,
    OPTION_FILTER,
    OPTION_FORMAT,
    OPTION_OUTPUT,
    OPTION_REPORT,
    OPTION_COLOR,
    OPTION_TIME_LIMIT,
    OPTION_JSON,
    OPTION_JSONL,
    OPTION_BY_FAILURE,
    OPTION_STRICT,
    OPTION_PACKETS,
    OPTION_STEP,
    OPTION_PORT,
    OPTION_RESOLVER,
    OPTION_RESOLVER_AT,
    OPTION_SEEDS,
    OPTION_REPEAT,
    OPTION_FUZZ_SEEDS,
    OPTION_MAY_END,
    OPTION_LISTEN,
    OPTION_ALLOW,
    OPTION_LOG,
    OPTION_CONTROL_SOCKET,
    OPTION_CONTROL_PORT,
    OPTION_SOCKET,
    OPTION_URL,
    OPTION_RESOLVERS,
    OPTION_VERIFIERS,
    OPTION_MAY_SKIP,
    OPTION_USER,
    OPTION_NO_SANDBOX,
    OPTION_PLAN,
    OPTION_SELECTOR,
    OPTION_TARGET,
    OPTION_ROOT_HINTS,
    OPTION_VIA,
    OPTION_TYPED_AT,
    OPTION_EARLIER_SERVER,
    OPTION_REGISTRY_STATUS,
    OPTION_WAIT,
    OPTION_SUFFIXES,
    OPTION_BATCH,
    OPTION_RATE,
    OPTION_HELP,
    OPTION_VERSION,
    CLI_OPTIONS,
};

struct cli;

struct cli_command {
    const char *name;
    const char *arguments; /* "[PATH...]" */
    const char *summary;   /* one line */
    const char *about;     /* a paragraph or two */
    uint64_t options;      /* bit per enum cli_option_id; --help goes without saying */
    /* Words before those of a program that it runs: from there on, options are not ours, and its
     * exit status is passed through. 0: it runs none. */
    size_t own_words;
    bool hidden; /* for maintenance: not in the list of commands */
    enum cli_exit (*run)(const struct cli *cli);
};

struct cli_option {
    const char *name;           /* without "--" */
    char letter;                /* 0 for none */
    const char *value;          /* "N"; NULL for a switch */
    const char *const *choices; /* the values allowed, ended by NULL; may be NULL */
    const char *doc;
};

/* Ended by a NULL name. */
extern const struct cli_command cli_commands[];

/* In the order of enum cli_option_id. */
extern const struct cli_option cli_options[CLI_OPTIONS];

struct cli_value {
    enum cli_option_id option;
    const char *value;
};

/* A command line, taken apart. Borrows argv. */
struct cli {
    const struct cli_command *command; /* NULL: none was named */
    struct cli_value values[CLI_VALUES_MAX];
    size_t value_count;
    const char *arguments[CLI_ARGUMENTS_MAX + 1]; /* ended by NULL */
    size_t argument_count;
};

/* Takes a command line apart. False after telling on stderr what is wrong with it. */
bool cli_parse(int argc, char *const argv[], struct cli *ret);

const struct cli_command *cli_command_find(const char *name);

/* The last value given for `option` ("" for a switch), NULL if it was not given. */
const char *cli_value(const struct cli *cli, enum cli_option_id option);

/* The number given for `option`: decimal or 0x…; `fallback` if it was not given. False after
 * telling on stderr that it is no number within [least, most]. */
bool cli_number(const struct cli *cli, enum cli_option_id option, uint64_t least, uint64_t most,
                uint64_t fallback, uint64_t *ret);

#endif
