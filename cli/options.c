#include "cli/options.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "harness/spelling.h"

#define OPTION(id) (UINT64_C(1) << OPTION_##id)

_Static_assert(CLI_OPTIONS <= 64, "a bit each");

static const char *const format_choices[] = {
    "text", "tap", "junit", "json", "jsonl", "github", "html", NULL,
};
static const char *const resolver_choices[] = {"builtin",       "unbound", "named", "kresd",
                                               "pdns-recursor", "dnsmasq", "none",  NULL};
static const char *const registry_choices[] = {"unknown", "active", "hold", "free", NULL};
static const char *const color_choices[] = {"auto", "always", "never", NULL};

const struct cli_option cli_options[CLI_OPTIONS] = {
    [OPTION_SEED] = {"seed", 0, "N", NULL,
                     "Seed of all chance: decimal or 0x..., default 1. Each scenario's own seed is "
                     "made of this and its id, so that neither order nor company changes it."},
    [OPTION_JOBS] = {"jobs", 'j', "N", NULL,
                     "Run N scenarios at once; default is the number of processors. The output is "
                     "the same for every N."},
    [OPTION_FAIL_FAST] = {"fail-fast", 0, NULL, NULL,
                          "Stop after the first scenario that is not "
                          "as expected."},
    [OPTION_FILTER] = {"filter", 0, "PATTERN", NULL,
                       "Only scenarios whose id contains PATTERN, or matches it where it has *, ? "
                       "or [...]."},
    [OPTION_FORMAT] = {"format", 0, "FORMAT", format_choices,
                       "Format of the results; default is text."},
    [OPTION_OUTPUT] = {"output", 'o', "FILE", NULL,
                       "Write the results to FILE instead of standard output, which is -."},
    [OPTION_REPORT] = {"report", 0, "FORMAT:FILE", NULL,
                       "Write a further report, besides the one on standard output. May be given "
                       "several times."},
    [OPTION_COLOR] = {"color", 0, "WHEN", color_choices,
                      "Colour: auto (on a terminal, unless NO_COLOR is set), always or never."},
    [OPTION_TIME_LIMIT] = {"time-limit", 0, "SECONDS", NULL,
                           "End with status 124 if it takes longer than this by the clock on the "
                           "wall. In exec that is said of each run of the command, which is "
                           "killed."},
    [OPTION_JSON] = {"json", 0, NULL, NULL, "JSON instead of text."},
    [OPTION_JSONL] = {"jsonl", 0, NULL, NULL,
                      "JSON instead of text, an event a line, as it comes."},
    [OPTION_BY_FAILURE] = {"by-failure", 0, NULL, NULL,
                           "By the rows of the failure catalogue: which scenarios show each, and "
                           "which none does."},
    [OPTION_STRICT] = {"strict", 0, NULL, NULL, "Warnings are findings: exit status 1."},
    [OPTION_PACKETS] = {"packets", 0, NULL, NULL, "Every message too, in dig's layout."},
    [OPTION_STEP] = {"step", 0, "N", NULL, "Only the Nth step, counted from 1."},
    [OPTION_PORT] = {"port", 0, "N", NULL,
                     "The resolver's port; default 0 takes a free one and says which."},
    [OPTION_LISTEN] = {"listen", 0, "ADDRESS", NULL,
                       "The resolver's address; default is 127.0.0.1. One that is not on loopback "
                       "needs --allow too; 0.0.0.0 and :: are refused."},
    [OPTION_ALLOW] = {"allow", 0, "NETWORK,...", NULL,
                      "Who may ask the resolver: addresses or networks (10.1.0.0/16). All others "
                      "get REFUSED, those on loopback too."},
    [OPTION_LOG] = {"log", 0, "jsonl[:FILE]", NULL,
                    "Write every query and every server's reply as a line of JSON to FILE, or to "
                    "standard error."},
    [OPTION_CONTROL_SOCKET] = {"control-socket", 0, "PATH", NULL,
                               "Where `ctl` reaches it: a Unix socket, `none` for none; default is "
                               "a path of its own in the user's runtime directory."},
    [OPTION_CONTROL_PORT] = {"control-port", 0, "N", NULL,
                             "Take requests at this port of 127.0.0.1 too; 0 takes a free one."},
    [OPTION_SOCKET] = {"socket", 0, "PATH", NULL,
                       "The Unix socket of the world to control; default is FAULTZONE_CONTROL in "
                       "the environment, else the only one of yours."},
    [OPTION_URL] = {"url", 0, "URL", NULL,
                    "Where the world takes requests over TCP: http://127.0.0.1:8055."},
    [OPTION_RESOLVER] =
        {"resolver", 0, "NAME", resolver_choices,
         "Who answers at 127.0.0.1 port 53: faultzone's own resolver (builtin, the default), a "
         "real "
         "one in its place, started with the scenario's root servers and without validation, or "
         "nobody (none), so that the command can bring its own. dnsmasq forwards to the builtin."},
    [OPTION_RESOLVER_AT] = {"resolver-at", 0, "ADDRESS", NULL,
                            "Let faultzone's own resolver answer at this address too, for programs "
                            "with a resolver of their own in them: 8.8.8.8, ::1, 127.0.0.53. May "
                            "be given several times."},
    [OPTION_SEEDS] = {"seeds", 0, "A..B", NULL,
                      "Run the command once under each seed from A to B, and sum up at the end."},
    [OPTION_REPEAT] =
        {"repeat", 0, "N", NULL,
         "Run the command N times and sum up at the end. Each time takes the next seed, from "
         "--seed on or round and round within --seeds."},
    [OPTION_FUZZ_SEEDS] =
        {"fuzz-seeds", 0, "A..B", NULL,
         "Fuzz the command: run it once under each seed from A to B (or under A alone), and mangle "
         "the answers that it gets as the seed decides. Texts, aliases, records, lengths, counts "
         "and pointers are edited, answers are lost, late, doubled, cut, or come behind a forgery. "
         "A run that dies by a signal, takes longer than --time-limit (60 s), or ends as "
         "--may-end does not allow is a finding."},
    [OPTION_MAY_END] = {"may-end", 0, "STATUS,...", NULL,
                        "With --fuzz-seeds: the exit statuses that are no finding. Default: all "
                        "below 124. Sanitizers are told to end with 134."},
    [OPTION_RESOLVERS] =
        {"resolvers", 0, "NAME,...", NULL,
         "The resolvers to ask: builtin, unbound, named, kresd, pdns-recursor, dnsmasq, or none; "
         "default all."},
    [OPTION_VERIFIERS] = {"verifiers", 0, "NAME,...", NULL,
                          "The DKIM verifiers to ask, through the builtin resolver: opendkim, "
                          "dkimpy, mail-dkim, rspamd, exim, or none; default all."},
    [OPTION_MAY_SKIP] = {"may-skip", 0, "NAME,...", NULL,
                         "Only these programs may be missing (none: all must be there): that "
                         "another one is not installed is a finding. Default: any may be missing."},
    [OPTION_USER] = {"user", 0, "NAME", NULL,
                     "Whom to become once all sockets are open, if started as root; default is "
                     "nobody, and root stays what it is."},
    [OPTION_NO_SANDBOX] = {"no-sandbox", 0, NULL, NULL,
                           "Keep the right to open files, to run programs and all else that "
                           "serving does not need, for debuggers and the like."},
    [OPTION_PLAN] = {"plan", 0, "FILE", NULL,
                     "The records that were asked for: a YAML file with `records:`, each with name "
                     "(relative to DOMAIN, @ for itself), type, value and perhaps role."},
    [OPTION_SELECTOR] = {"selector", 0, "S", NULL, "Instead of a plan: one DKIM record, at S."},
    [OPTION_TARGET] = {"target", 0, "T", NULL,
                       "Where the CNAME at the selector leads, or the text of its key record."},
    [OPTION_ROOT_HINTS] = {"root-hints", 0, "FILE", NULL,
                           "Addresses of the root's servers, as in IANA's named.root; default are "
                           "those of the real root."},
    [OPTION_VIA] = {"via", 0, "ADDRESS", NULL,
                    "Ask this resolver too: what it says is compared with what the servers say."},
    [OPTION_TYPED_AT] = {"typed-at", 0, "ADDRESS", NULL,
                         "A name server of the DNS host where the records were typed. May be given "
                         "several times."},
    [OPTION_EARLIER_SERVER] = {"earlier-server", 0, "ADDRESS", NULL,
                               "A name server that the domain was delegated to earlier. May be "
                               "given several times."},
    [OPTION_REGISTRY_STATUS] = {"registry-status", 0, "STATUS", registry_choices,
                                "The domain's status at its registry, as RDAP tells it."},
    [OPTION_WAIT] = {"wait", 0, "SECONDS", NULL,
                     "Where a resolver (--via) contradicts the name servers, wait SECONDS and ask "
                     "it once more: does a cache keep it, is it over, or does the answer depend on "
                     "where one asks? Without this option check looks once."},
    [OPTION_SUFFIXES] = {"public-suffix-list", 0, "FILE", NULL,
                         "Below which names domains are registered, in the form of "
                         "publicsuffix.org; default is the system's list "
                         "(/usr/share/publicsuffix/public_suffix_list.dat) if there is one, else a "
                         "short table."},
    [OPTION_BATCH] = {"batch", 0, "FILE", NULL,
                      "Instead of DOMAIN: check the domain on every line of FILE (- for standard "
                      "input), many at once, one line of JSON each, in the order in which they are "
                      "done. Needs --plan."},
    [OPTION_RATE] = {"rate", 0, "N", NULL,
                     "With --batch: at most N questions a second to one name server; default 20."},
    [OPTION_HELP] = {"help", 'h', NULL, NULL, "Tell how a command is used."},
    [OPTION_VERSION] = {"version", 'V', NULL, NULL, "Tell the version."},
};

const struct cli_command cli_commands[] = {
    {
        .name = "run",
        .arguments = "[PATH...]",
        .summary = "judge scenarios in virtual time",
        .about = "Runs every scenario among the files and below the directories named (default: "
                 "./scenarios) and compares what happens with what each file expects. Time is "
                 "simulated: a scenario of an hour takes a millisecond.",
        .options = OPTION(SEED) | OPTION(JOBS) | OPTION(FAIL_FAST) | OPTION(FILTER) |
                   OPTION(FORMAT) | OPTION(JSON) | OPTION(JSONL) | OPTION(OUTPUT) | OPTION(REPORT) |
                   OPTION(COLOR) | OPTION(TIME_LIMIT),
        .run = command_run,
    },
    {
        .name = "list",
        .arguments = "[PATH...]",
        .summary = "list scenarios and their ids",
        .about = "Lists the scenarios that `run` would judge, with their stable ids.",
        .options = OPTION(FILTER) | OPTION(JSON) | OPTION(BY_FAILURE),
        .run = command_list,
    },
    {
        .name = "lint",
        .arguments = "[PATH...]",
        .summary = "check scenario files without running them",
        .about = "Reads scenario files, reports everything that is wrong with them, and warns of "
                 "what is legal but looks wrong: CNAME loops, dangling targets, missing glue.",
        .options = OPTION(FILTER) | OPTION(STRICT),
        .run = command_lint,
    },
    {
        .name = "show",
        .arguments = "SCENARIO",
        .summary = "tell a scenario's story, look-up by look-up",
        .about = "Runs one scenario and tells what is published, who was asked what, what each "
                 "server said, what the verifier made of it, and what would repair it.",
        .options = OPTION(SEED) | OPTION(PACKETS) | OPTION(STEP) | OPTION(COLOR),
        .run = command_show,
    },
    {
        .name = "sign",
        .arguments = "SCENARIO",
        .summary = "print a message signed with a scenario's key",
        .about = "Prints the message that a `dkim` step judges, really signed with its private key "
                 "(the first such step, or the one that --step says), for a verifier that runs in "
                 "`exec` or asks `serve`.",
        .options = OPTION(STEP),
        .run = command_sign,
    },
    {
        .name = "serve",
        .arguments = "SCENARIO",
        .summary = "the simulated internet and its resolver on real sockets",
        .about = "Puts a scenario's servers and resolver on loopback sockets until it is "
                 "interrupted. The line that begins with `ready:` on standard output says where "
                 "the resolver listens; a summary goes to standard error at the end.",
        .options = OPTION(SEED) | OPTION(PORT) | OPTION(LISTEN) | OPTION(ALLOW) | OPTION(JSON) |
                   OPTION(LOG) | OPTION(CONTROL_SOCKET) | OPTION(CONTROL_PORT) | OPTION(USER) |
                   OPTION(NO_SANDBOX),
        .run = command_serve,
    },
    {
        .name = "ctl",
        .arguments = "VERB [ARGUMENT...]",
        .summary = "change a world that is served, or look at it",
        .about = "Verbs: state, queries, clear-queries, zone APEX JSON, fault JSON, lift, forget "
                 "[NAME], time DURATION, reset, schema, post PATH JSON. JSON is what a scenario "
                 "file says in YAML; - reads it from standard input.",
        .options = OPTION(SOCKET) | OPTION(URL),
        .run = command_ctl,
    },
    {
        .name = "exec",
        .arguments = "SCENARIO [--] CMD...",
        .summary = "run a program inside the simulated internet",
        .about = "Runs a command, unmodified, where only the scenario's internet exists: its "
                 "servers at port 53 of their own addresses, its resolver at 127.0.0.1. Whatever "
                 "else the command asks for is refused at once, and told on standard error at the "
                 "end. The exit status is the command's, or 128 and the number of the signal that "
                 "killed it; 125 if faultzone itself fails, 126 if the command cannot be "
                 "executed, 127 if it is not found. Needs user namespaces; faultzone doctor tells "
                 "whether they work. With --seeds or --repeat the status is the first that is not "
                 "0; with --fuzz-seeds it is 1 if there are findings, else 0.",
        .options = OPTION(SEED) | OPTION(RESOLVER) | OPTION(RESOLVER_AT) | OPTION(SEEDS) |
                   OPTION(REPEAT) | OPTION(LOG) | OPTION(FUZZ_SEEDS) | OPTION(MAY_END) |
                   OPTION(TIME_LIMIT),
        .own_words = 1,
        .run = command_exec,
    },
    {
        .name = "check",
        .arguments = "[DOMAIN]",
        .summary = "check a customer's domain: what is wrong, and how to repair it",
        .about = "Asks the name servers that DOMAIN is delegated to, each directly and without a "
                 "cache between, whether the records that a mail provider asked for are there. "
                 "Says of each what has happened, what proves it, what to do about it, and when "
                 "caches will have forgotten. Asks at most 60 questions a record and takes at most "
                 "10 s. The exit status is 0 if all is verified, 1 if a record is declined, 4 if "
                 "nothing can be said now and it is to be tried again. Inside exec it checks "
                 "simulated domains.",
        .options = OPTION(PLAN) | OPTION(SELECTOR) | OPTION(TARGET) | OPTION(ROOT_HINTS) |
                   OPTION(VIA) | OPTION(TYPED_AT) | OPTION(EARLIER_SERVER) |
                   OPTION(REGISTRY_STATUS) | OPTION(WAIT) | OPTION(SUFFIXES) | OPTION(BATCH) |
                   OPTION(RATE) | OPTION(JSON),
        .run = command_check,
    },
    {
        .name = "matrix",
        .arguments = "[PATH...]",
        .summary = "scenarios against real resolvers and real DKIM verifiers",
        .about = "Asks real resolvers and real DKIM verifiers, each sealed inside the scenario as "
                 "by exec, what they make of its dkim steps: a verifier gets a message really "
                 "signed with the scenario's key. Prints one word of RFC 8601 a cell, and where it "
                 "is not the one expected, what the program itself said. ~ is a deviation that the "
                 "scenario states, ! another one, + one that is stated and no longer there. Steps "
                 "behind a wait or a change need time, which real programs do not have. The exit "
                 "status is 1 if anything is not as expected. Formats of --report: text, json, "
                 "html, markdown.",
        .options = OPTION(RESOLVERS) | OPTION(VERIFIERS) | OPTION(MAY_SKIP) | OPTION(FILTER) |
                   OPTION(JSON) | OPTION(OUTPUT) | OPTION(REPORT),
        .run = command_matrix,
    },
    {
        .name = "ask",
        .arguments = "NAME...",
        .summary = "ask the resolver at 127.0.0.1 for TXT records",
        .about = "Prints each reply in hex, or a - where none came; matrix reads it.",
        .hidden = true,
        .run = command_ask,
    },
    {
        .name = "doctor",
        .arguments = "",
        .summary = "tell what works on this system, and how to get the rest",
        .about = "Tries what exec and serve need of the system, and looks for the programs that "
                 "can be run inside. Says how to repair what does not work, and which Debian "
                 "package holds what is missing. The exit status is 3 if exec cannot work.",
        .options = OPTION(JSON),
        .run = command_doctor,
    },
    {
        .name = "schema",
        .arguments = "",
        .summary = "print the JSON Schema of scenario files",
        .about = "Prints the JSON Schema (draft-07) that editors check scenario files against.",
        .run = command_schema,
    },
    {
        .name = "reference",
        .arguments = "[scenarios|resolver|man|bash]",
        .summary = "print documentation made from the program's own tables",
        .about = "Prints the scenario reference (default), the resolver's limits, the man page's "
                 "source, or the completion for bash.",
        .hidden = true,
        .run = command_reference,
    },
    {
        .name = "catalogue",
        .arguments = "DIRECTORY [PATH...]",
        .summary = "write the pages of the failure catalogue",
        .about = "Writes the failure catalogue into a directory, as Markdown, a page a family, "
                 "with links to the scenarios that show its rows.",
        .hidden = true,
        .run = command_catalogue,
    },
    {
        .name = "help",
        .arguments = "[COMMAND]",
        .summary = "tell how a command is used",
        .about = "Tells how a command is used.",
        .run = command_help,
    },
    {.name = NULL},
};

const struct cli_command *cli_command_find(const char *name)
{
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0) {
            return command;
        }
    }
    return NULL;
}

/* --- complaints --- */

static bool unknown_command(const char *word)
{
    struct spelling spelling = spelling_of(bytes_of_string(word));
    for (const struct cli_command *command = cli_commands; command->name != NULL; command++) {
        spelling_offer(&spelling, command->name);
    }
    complain("there is no command \"%s\"%s%s%s", word,
             spelling.best != NULL ? "; did you mean " : "",
             spelling.best != NULL ? spelling.best : "", spelling.best != NULL ? "?" : "");
    return false;
}

static bool takes(const struct cli_command *command, enum cli_option_id option)
{
    return option == OPTION_HELP || (command == NULL && option == OPTION_VERSION) ||
           (command != NULL && (command->options & UINT64_C(1) << option) != 0);
}

static bool unknown_option(const struct cli_command *command, const char *word)
{
    struct spelling spelling = spelling_of(bytes_of_string(word));
    for (unsigned i = 0; i < CLI_OPTIONS; i++) {
        if (takes(command, (enum cli_option_id)i)) {
            spelling_offer(&spelling, cli_options[i].name);
        }
    }
    complain("%s%s has no option --%s%s%s%s", command != NULL ? "" : "faultzone",
             command != NULL ? command->name : "", word,
             spelling.best != NULL ? "; did you mean --" : "",
             spelling.best != NULL ? spelling.best : "", spelling.best != NULL ? "?" : "");
    return false;
}

static bool check_choice(const struct cli_option *option, const char *value)
{
    struct spelling spelling = spelling_of(bytes_of_string(value));
    for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            return true;
        }
        spelling_offer(&spelling, option->choices[i]);
    }
    if (option->choices == NULL) {
        return true;
    }
    complain("--%s cannot be \"%s\"%s%s%s", option->name, value,
             spelling.best != NULL ? "; did you mean " : "",
             spelling.best != NULL ? spelling.best : "", spelling.best != NULL ? "?" : "");
    return false;
}

/* --- parsing --- */

struct words {
    int argc;
    char *const *argv;
    int at;
};

static bool add_value(struct cli *cli, enum cli_option_id option, const char *value)
{
    if (cli->value_count == CLI_VALUES_MAX) {
        complain("more than %d options", CLI_VALUES_MAX);
        return false;
    }
    cli->values[cli->value_count++] = (struct cli_value){.option = option, .value = value};
    return check_choice(&cli_options[option], value);
}

/* `attached` is the value that came in the same word, NULL if none did. */
static bool take_option(struct cli *cli, struct words *words, enum cli_option_id id,
                        const char *attached)
{
    const struct cli_option *option = &cli_options[id];
    if (option->value == NULL) {
        if (attached != NULL) {
            complain("--%s takes no value", option->name);
        }
        return attached == NULL && add_value(cli, id, "");
    }
    if (attached == NULL && words->at == words->argc) {
        complain("--%s needs a value: %s", option->name, option->value);
        return false;
    }
    return add_value(cli, id, attached != NULL ? attached : words->argv[words->at++]);
}

static bool take_long(struct cli *cli, struct words *words, const char *word)
{
    const char *equals = strchr(word, '=');
    const size_t size = equals != NULL ? (size_t)(equals - word) : strlen(word);
    for (unsigned i = 0; i < CLI_OPTIONS; i++) {
        if (takes(cli->command, (enum cli_option_id)i) &&
            bytes_are(bytes_of(word, size), cli_options[i].name)) {
            return take_option(cli, words, (enum cli_option_id)i,
                               equals != NULL ? equals + 1 : NULL);
        }
    }
    char name[SPELLING_WORD_MAX + 1] = {0};
    memcpy(name, word, size < SPELLING_WORD_MAX ? size : SPELLING_WORD_MAX);
    return unknown_option(cli->command, name);
}

static bool take_short(struct cli *cli, struct words *words, const char *word)
{
    for (unsigned i = 0; i < CLI_OPTIONS; i++) {
        if (cli_options[i].letter == word[0] && takes(cli->command, (enum cli_option_id)i)) {
            return take_option(cli, words, (enum cli_option_id)i,
                               word[1] != '\0' ? word + 1 : NULL);
        }
    }
    complain("%s has no option -%c", cli->command != NULL ? cli->command->name : "faultzone",
             word[0]);
    return false;
}

static bool take_plain(struct cli *cli, const char *word)
{
    if (cli->command == NULL) {
        cli->command = cli_command_find(word);
        return cli->command != NULL || unknown_command(word);
    }
    if (cli->argument_count == CLI_ARGUMENTS_MAX) {
        complain("more than %d arguments", CLI_ARGUMENTS_MAX);
        return false;
    }
    cli->arguments[cli->argument_count++] = word;
    return true;
}

/* True if what follows belongs to the program that the command runs. */
static bool is_foreign(const struct cli *cli)
{
    return cli->command != NULL && cli->command->own_words > 0 &&
           cli->argument_count > cli->command->own_words;
}

bool cli_parse(int argc, char *const argv[], struct cli *ret)
{
    struct words words = {.argc = argc, .argv = argv, .at = 1};
    bool only_plain = false;
    ret->command = NULL;
    ret->value_count = ret->argument_count = 0;
    while (words.at < argc) {
        const char *word = argv[words.at++];
        bool fine;
        if (only_plain || is_foreign(ret) || word[0] != '-' || word[1] == '\0') {
            fine = take_plain(ret, word);
        } else if (strcmp(word, "--") == 0) {
            only_plain = fine = true;
        } else if (word[1] == '-') {
            fine = take_long(ret, &words, word + 2);
        } else {
            fine = take_short(ret, &words, word + 1);
        }
        if (!fine) {
            return false;
        }
    }
    ret->arguments[ret->argument_count] = NULL;
    return true;
}

const char *cli_value(const struct cli *cli, enum cli_option_id option)
{
    for (size_t i = cli->value_count; i > 0; i--) {
        if (cli->values[i - 1].option == option) {
            return cli->values[i - 1].value;
        }
    }
    return NULL;
}

bool cli_number(const struct cli *cli, enum cli_option_id option, uint64_t least, uint64_t most,
                uint64_t fallback, uint64_t *ret)
{
    const char *value = cli_value(cli, option);
    if (value == NULL) {
        *ret = fallback;
        return true;
    }
    const bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
    char *end;
    errno = 0;
    const unsigned long long number = strtoull(value, &end, hex ? 16 : 10);
    const bool digits = hex || (value[0] >= '0' && value[0] <= '9');
    if (!digits || *end != '\0' || errno != 0 || number < least || number > most) {
        complain("--%s wants a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
                 cli_options[option].name, least, most, value);
        return false;
    }
    *ret = number;
    return true;
}
