#include "cli/exec_fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/text.h"
#include "cli/output.h"

#define ORDINARY_STATUSES   124   /* those above have a meaning of timeout(1) or of shells */
#define SANITIZER_STATUS    "134" /* as a shell says of a program that aborts */
#define VARIABLE_OCTETS_MAX 4096
#define ENDS_OCTETS_MAX     900 /* of a line; whoever ends in more ways is told of the first */

/* --- options --- */

static bool read_statuses(struct exec_fuzz *fuzz, const char *list)
{
    const char *at = list;
    for (;;) {
        char *end;
        const unsigned long status = strtoul(at, &end, 10);
        if (*at < '0' || *at > '9' || status >= EXEC_FUZZ_STATUSES ||
            (*end != ',' && *end != '\0')) {
            complain("--may-end wants exit statuses, like 0,1,3, not \"%s\"", list);
            return false;
        }
        fuzz->may_end[status] = true;
        if (*end == '\0') {
            return true;
        }
        at = end + 1;
    }
}

bool exec_fuzz_options(struct exec_fuzz *fuzz, const struct cli *cli, uint64_t limit_s)
{
    const char *list = cli_value(cli, OPTION_MAY_END);
    *fuzz = (struct exec_fuzz){.limit_s = limit_s};
    for (size_t i = 0; list == NULL && i < ORDINARY_STATUSES; i++) {
        fuzz->may_end[i] = true;
    }
    return list == NULL || read_statuses(fuzz, list);
}

bool exec_fuzz_environment(void)
{
    static const char *const variables[] = {"ASAN_OPTIONS", "HWASAN_OPTIONS", "LSAN_OPTIONS",
                                            "MSAN_OPTIONS", "TSAN_OPTIONS",   "UBSAN_OPTIONS"};
    char value[VARIABLE_OCTETS_MAX];
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *said = getenv(variables[i]);
        if (said != NULL && strstr(said, "exitcode=") != NULL) {
            continue;
        }
        const int size =
            snprintf(value, sizeof value, "%s%sexitcode=" SANITIZER_STATUS,
                     said != NULL ? said : "", said != NULL && said[0] != '\0' ? ":" : "");
        if ((size_t)size >= sizeof value || setenv(variables[i], value, 1) != 0) {
            complain("%s in the environment is too long for exitcode=%s", variables[i],
                     SANITIZER_STATUS);
            return false;
        }
    }
    return true;
}

/* --- telling --- */

static void tell_end(const struct exec_fuzz *fuzz, uint64_t seed,
                     const struct namespace_result *result)
{
    const int status = result->status;
    if (result->end == NAMESPACE_TIMED_OUT) {
        complain("seed %" PRIu64 ": still running after %" PRIu64 " s", seed, fuzz->limit_s);
    } else if (WIFSIGNALED(status)) {
        complain("seed %" PRIu64 ": killed by signal %d (%s)", seed, WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    } else if (result->has_lost) {
        complain("seed %" PRIu64 ": %s", seed, result->lost.sentence);
    } else {
        complain("seed %" PRIu64 ": ended with %d", seed, WEXITSTATUS(status));
    }
}

static bool is_finding(const struct exec_fuzz *fuzz, const struct namespace_result *result)
{
    return result->end == NAMESPACE_TIMED_OUT || result->has_lost || WIFSIGNALED(result->status) ||
           !fuzz->may_end[WEXITSTATUS(result->status)];
}

static unsigned status_of(const struct namespace_result *result)
{
    return result->end == NAMESPACE_TIMED_OUT ? ORDINARY_STATUSES
           : WIFSIGNALED(result->status)      ? CLI_SIGNALLED + (unsigned)WTERMSIG(result->status)
                                              : (unsigned)WEXITSTATUS(result->status);
}

void exec_fuzz_judge(struct exec_fuzz *fuzz, uint64_t seed, const struct namespace_result *result,
                     const char *story)
{
    const bool has_run = result->end == NAMESPACE_ENDED || result->end == NAMESPACE_TIMED_OUT;
    if (!has_run || result->interrupted) {
        return;
    }
    fuzz->ended[status_of(result) % EXEC_FUZZ_STATUSES]++;
    if (!is_finding(fuzz, result)) {
        return;
    }
    fuzz->first = fuzz->findings == 0 ? seed : fuzz->first;
    fuzz->findings++;
    if (fuzz->findings <= EXEC_FUZZ_TOLD_MAX) {
        tell_end(fuzz, seed, result);
        fprintf(stderr, "  answers: %s\n", story[0] != '\0' ? story : "none");
    }
}

/* --- the command line --- */

static bool is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./:,=+@%";
    return word[0] != '\0' && strspn(word, plain) == strlen(word);
}

/* As a shell takes it. */
static void put_word(const char *word)
{
    fputc(' ', stderr);
    if (is_plain(word)) {
        fputs(word, stderr);
        return;
    }
    fputc('\'', stderr);
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '\'') {
            fputs("'\\''", stderr);
        } else {
            fputc(*at, stderr);
        }
    }
    fputc('\'', stderr);
}

static void put_option(const struct cli *cli, enum cli_option_id option)
{
    for (size_t i = 0; i < cli->value_count; i++) {
        if (cli->values[i].option == option) {
            fprintf(stderr, " --%s", cli_options[option].name);
            put_word(cli->values[i].value);
        }
    }
}

/* "27 ended with 0, 3 with 1" */
static void put_ends(const struct exec_fuzz *fuzz, struct text *text)
{
    const char *before = ": ";
    for (unsigned status = 0; status < EXEC_FUZZ_STATUSES; status++) {
        if (fuzz->ended[status] > 0) {
            text_put_format(text, "%s%" PRIu64 "%s with %u", before, fuzz->ended[status],
                            before[0] == ':' ? " ended" : "", status);
            before = ", ";
        }
    }
}

void exec_fuzz_sum_up(const struct exec_fuzz *fuzz, const struct cli *cli, uint64_t runs)
{
    char buffer[ENDS_OCTETS_MAX];
    struct text ends = text_in(buffer, sizeof buffer);
    put_ends(fuzz, &ends);
    complain("%" PRIu64 " %s, %" PRIu64 " %s%s", runs, runs == 1 ? "run" : "runs", fuzz->findings,
             fuzz->findings == 1 ? "finding" : "findings", buffer);
    if (fuzz->findings == 0) {
        return;
    }
    fprintf(stderr, "again: faultzone exec --fuzz-seeds %" PRIu64, fuzz->first);
    put_option(cli, OPTION_MAY_END);
    put_option(cli, OPTION_TIME_LIMIT);
    put_option(cli, OPTION_RESOLVER);
    put_option(cli, OPTION_RESOLVER_AT);
    put_word(cli->arguments[0]);
    fputs(" --", stderr);
    for (size_t i = 1; i < cli->argument_count; i++) {
        put_word(cli->arguments[i]);
    }
    fputc('\n', stderr);
}
