/* faultzone matrix: what real DKIM verifiers, behind real resolvers, make of a scenario's signed
 * message. Each cell is a `faultzone exec` of its own, so that no cell warms another's cache. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"
#include "cli/program.h"
#include "harness/foreign.h"
#include "harness/json.h"
#include "harness/signing.h"
#include "harness/verifier.h"

#define ROWS_MAX         16          /* resolvers, or verifiers, of one command line */
#define CELL_SECONDS_MAX 60          /* by the clock on the wall */
#define OUTPUT_MAX       (64 * 1024) /* octets of a verifier's output that are read */
#define NOTE_MAX         512

enum cell_end { CELL_EXPECTED, CELL_DIFFERS, CELL_SKIPPED, CELL_BROKEN, CELL_ENDS };

static const char *const end_names[CELL_ENDS] = {"expected", "differs", "skipped", "broken"};

struct cell {
    const char *scenario; /* its id */
    size_t step;          /* from 1 */
    const char *resolver, *verifier;
    enum dkim_word expected;
    enum cell_end end;
    enum dkim_word word; /* of EXPECTED and DIFFERS */
    char note[NOTE_MAX]; /* what the program said, or why there is no word */
};

struct matrix {
    char resolver_names[NOTE_MAX], verifier_names[NOTE_MAX]; /* the lists, cut into words */
    const char *resolvers[ROWS_MAX];
    const struct verifier *verifiers[ROWS_MAX];
    size_t resolver_count, verifier_count;
    uint64_t ends[CELL_ENDS];
    bool as_json;
    struct json json;
    struct unit unit;
    char configuration[PROGRAM_PATH_MAX]; /* of the cell's verifier */
};

/* --- options --- */

/* Cuts `list` at its commas, in `buffer`; 0, told, if it is too long or has an empty word. */
static size_t cut(const char *option, const char *list, char buffer[NOTE_MAX],
                  const char *ret[ROWS_MAX])
{
    size_t count = 0;
    snprintf(buffer, NOTE_MAX, "%s", list);
    for (char *at = buffer; at != NULL && count < ROWS_MAX && strlen(list) < NOTE_MAX;) {
        ret[count] = strsep(&at, ",");
        if (ret[count++][0] == '\0') {
            break;
        }
        if (at == NULL) {
            return count;
        }
    }
    complain("%s wants up to %d names with commas between them, not \"%s\"", option, ROWS_MAX,
             list);
    return 0;
}

static bool read_resolvers(const struct cli *cli, struct matrix *matrix)
{
    const char *list = cli_value(cli, OPTION_RESOLVERS);
    matrix->resolver_count = cut("--resolvers", list != NULL ? list : "builtin",
                                 matrix->resolver_names, matrix->resolvers);
    for (size_t i = 0; i < matrix->resolver_count; i++) {
        const char *name = matrix->resolvers[i];
        if (strcmp(name, "builtin") != 0 && foreign_find(name) == NULL) {
            complain("--resolvers: there is no \"%s\"; there are builtin, unbound, named, kresd, "
                     "pdns-recursor and dnsmasq",
                     name);
            return false;
        }
    }
    return matrix->resolver_count > 0;
}

static bool read_verifiers(const struct cli *cli, struct matrix *matrix)
{
    const char *list = cli_value(cli, OPTION_VERIFIERS);
    const char *names[ROWS_MAX];
    matrix->verifier_count = cut("--verifiers", list != NULL ? list : "opendkim,dkimpy,mail-dkim",
                                 matrix->verifier_names, names);
    for (size_t i = 0; i < matrix->verifier_count; i++) {
        matrix->verifiers[i] = verifier_find(names[i]);
        if (matrix->verifiers[i] == NULL) {
            complain("--verifiers: there is no \"%s\"; there are opendkim, dkimpy and mail-dkim",
                     names[i]);
            return false;
        }
    }
    return matrix->verifier_count > 0;
}

/* --- one cell --- */

static void set_end(struct cell *cell, enum cell_end end, const char *note)
{
    cell->end = end;
    snprintf(cell->note, sizeof cell->note, "%s", note);
}

/* False, with the cell skipped, if a program that it needs is not installed. */
static bool has_programs(struct cell *cell, const struct verifier *verifier)
{
    char path[PROGRAM_PATH_MAX];
    const struct foreign *foreign = foreign_find(cell->resolver);
    const char *package = NULL;
    if (foreign != NULL && !program_find(foreign->program, path)) {
        package = foreign->package;
    } else if (!program_find(verifier->program, path)) {
        package = verifier->package;
    }
    if (package != NULL) {
        set_end(cell, CELL_SKIPPED, "");
        snprintf(cell->note, sizeof cell->note, "needs package %s", package);
    }
    return package == NULL;
}

/* Where a cell's program writes. */
struct streams {
    FILE *output, *errors;
};

/* In the child: becomes `faultzone exec`, within the time there is. Does not return. */
static void become(const struct matrix *matrix, const struct cell *cell,
                   const struct verifier *verifier, FILE *message, const struct streams *streams)
{
    char path[PROGRAM_PATH_MAX];
    const char *words[8 + VERIFIER_ARGUMENTS_MAX] = {
        "faultzone", "exec", "--resolver", cell->resolver, matrix->unit.path, "--", path};
    size_t count = 7;
    for (size_t i = 0; i < VERIFIER_ARGUMENTS_MAX && verifier->arguments[i] != NULL; i++) {
        const char *word = verifier->arguments[i];
        words[count++] = strcmp(word, VERIFIER_CONFIGURATION) == 0 ? matrix->configuration : word;
    }
    union {
        const char *const *borrowed;
        char *const *words;
    } command = {.borrowed = words}; /* execv's prototype is older than const */
    if (program_find(verifier->program, path) && dup2(fileno(message), STDIN_FILENO) >= 0 &&
        dup2(fileno(streams->output), STDOUT_FILENO) >= 0 &&
        dup2(fileno(streams->errors), STDERR_FILENO) >= 0 &&
        lseek(STDIN_FILENO, 0, SEEK_SET) == 0) {
        alarm(CELL_SECONDS_MAX);
        execv("/proc/self/exe", command.words);
    }
    _exit(CLI_TROUBLE);
}

/* Writes the verifier's configuration where it can read it. False if that failed. */
static bool write_configuration(struct matrix *matrix, const char *text)
{
    const char *folder = getenv("TMPDIR");
    snprintf(matrix->configuration, sizeof matrix->configuration, "%s/faultzone-XXXXXX",
             folder != NULL ? folder : "/tmp");
    const int file = mkstemp(matrix->configuration);
    if (file < 0) {
        matrix->configuration[0] = '\0';
        return false;
    }
    const bool written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    close(file);
    return written;
}

/* Why `exec` or the program could not start: the first complaint. */
static void note_trouble(struct cell *cell, FILE *errors)
{
    char line[NOTE_MAX];
    rewind(errors);
    if (fgets(line, sizeof line, errors) == NULL) {
        snprintf(line, sizeof line, "exec could not run it");
    }
    line[strcspn(line, "\n")] = '\0';
    set_end(cell, CELL_BROKEN, line);
}

static void read_cell(struct cell *cell, const struct verifier *verifier, int status,
                      const struct streams *streams)
{
    static char text[OUTPUT_MAX];
    struct verifier_reading reading;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : CLI_SIGNALLED + WTERMSIG(status);
    rewind(streams->output);
    text[fread(text, 1, sizeof text - 1, streams->output)] = '\0';
    if (code == CLI_SIGNALLED + SIGALRM) {
        set_end(cell, CELL_BROKEN, "took too long");
    } else if (code >= CLI_TROUBLE && code <= CLI_NOT_FOUND) {
        note_trouble(cell, streams->errors);
    } else if (code == VERIFIER_UNAVAILABLE) {
        set_end(cell, CELL_SKIPPED, "");
        snprintf(cell->note, sizeof cell->note, "needs package %s", verifier->package);
    } else if (!verifier->read(text, &reading)) {
        set_end(cell, CELL_BROKEN, "");
        snprintf(cell->note, sizeof cell->note, "status %d and no word that is known", code);
    } else {
        cell->word = reading.word;
        set_end(cell, reading.word == cell->expected ? CELL_EXPECTED : CELL_DIFFERS, reading.said);
    }
}

static void await_cell(struct matrix *matrix, struct cell *cell, const struct verifier *verifier,
                       FILE *message, const struct streams *streams)
{
    int status = 0;
    fflush(NULL); /* or the child has a copy to write */
    const pid_t child = fork();
    if (child == 0) {
        become(matrix, cell, verifier, message, streams);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (child > 0) {
        read_cell(cell, verifier, status, streams);
    }
}

static void run_cell(struct matrix *matrix, struct cell *cell, const struct verifier *verifier,
                     FILE *message)
{
    const struct streams streams = {.output = tmpfile(), .errors = tmpfile()};
    matrix->configuration[0] = '\0';
    set_end(cell, CELL_BROKEN, "no process or temporary file could be had");
    if (streams.output != NULL && streams.errors != NULL &&
        (verifier->configuration == NULL || write_configuration(matrix, verifier->configuration))) {
        await_cell(matrix, cell, verifier, message, &streams);
    }
    if (matrix->configuration[0] != '\0') {
        unlink(matrix->configuration);
    }
    if (streams.output != NULL) {
        fclose(streams.output);
    }
    if (streams.errors != NULL) {
        fclose(streams.errors);
    }
}

/* --- telling --- */

static void tell_text(const struct cell *cell)
{
    const bool has_word = cell->end == CELL_EXPECTED || cell->end == CELL_DIFFERS;
    char note[NOTE_MAX];
    size_t size = 0;
    for (; cell->note[size] != '\0'; size++) {
        const char at = cell->note[size];
        note[size] = at;
        if (at < ' ' || at > '~') {
            note[size] = '?';
        }
    }
    note[size] = '\0';
    printf("%-32s %4zu  %-13s  %-9s  %-9s  %-9s  %-8s  %s\n", cell->scenario, cell->step,
           cell->resolver, cell->verifier, dkim_word_name(cell->expected),
           has_word                    ? dkim_word_name(cell->word)
           : cell->end == CELL_SKIPPED ? "SKIP"
                                       : "-",
           end_names[cell->end], note);
}

static void tell_json(struct json *json, const struct cell *cell)
{
    const bool has_word = cell->end == CELL_EXPECTED || cell->end == CELL_DIFFERS;
    json_begin_object(json, NULL);
    json_put_string(json, "scenario", cell->scenario);
    json_number(json, "step", cell->step);
    json_put_string(json, "resolver", cell->resolver);
    json_put_string(json, "verifier", cell->verifier);
    json_put_string(json, "expected", dkim_word_name(cell->expected));
    json_put_string(json, "word", has_word ? dkim_word_name(cell->word) : NULL);
    json_put_string(json, "end", end_names[cell->end]);
    json_put_string(json, has_word ? "said" : "why", cell->note);
    json_end(json);
}

static void tell(struct matrix *matrix, const struct cell *cell)
{
    matrix->ends[cell->end]++;
    if (matrix->as_json) {
        tell_json(&matrix->json, cell);
    } else {
        tell_text(cell);
    }
}

/* --- all cells --- */

/* The step's message; NULL, with a static sentence on why, if there is none. */
static FILE *sign(struct unit *unit, const struct step *step, const char **reterr)
{
    struct signing signing;
    struct bytes message;
    if (!signing_of_step(&step->as.dkim, &unit->result_arena, &signing, reterr) ||
        !signing_message(&signing, &unit->result_arena, &message, reterr)) {
        return NULL;
    }
    FILE *file = tmpfile();
    *reterr = "no room for temporary files";
    if (file != NULL &&
        (fwrite(message.data, 1, message.size, file) != message.size || fflush(file) != 0)) {
        fclose(file);
        return NULL;
    }
    return file;
}

/* `obstacle`: why no verifier can be shown this step, NULL if it can. */
static void run_step(struct matrix *matrix, size_t index, const char *obstacle)
{
    const struct step_outcome *outcome = &matrix->unit.result.outcomes[index];
    FILE *message = obstacle == NULL ? sign(&matrix->unit, outcome->step, &obstacle) : NULL;
    for (size_t r = 0; r < matrix->resolver_count; r++) {
        for (size_t v = 0; v < matrix->verifier_count; v++) {
            struct cell cell = {.scenario = matrix->unit.id,
                                .step = index + 1,
                                .resolver = matrix->resolvers[r],
                                .verifier = matrix->verifiers[v]->name,
                                .expected = outcome->dkim.word};
            if (message == NULL) {
                set_end(&cell, CELL_SKIPPED, obstacle);
            } else if (has_programs(&cell, matrix->verifiers[v])) {
                run_cell(matrix, &cell, matrix->verifiers[v], message);
            }
            tell(matrix, &cell);
        }
    }
    if (message != NULL) {
        fclose(message);
    }
}

/* A program outside cannot be told that time has passed or that a zone has changed. */
static enum cli_exit run_file(struct matrix *matrix, const struct batch_item *item)
{
    struct unit *unit = &matrix->unit;
    const char *obstacle = NULL;
    unit_judge(unit, item->path, item->id, 1);
    if (unit->status == UNIT_UNLOADED) {
        complain_of_unit(unit, "error");
        return CLI_USAGE;
    }
    if (unit->status != UNIT_PASSED) {
        complain("%s is not as it expects by itself: \"faultzone run\" tells more", item->path);
        return CLI_USAGE;
    }
    for (size_t i = 0; i < unit->result.outcome_count; i++) {
        const enum step_kind kind = unit->result.outcomes[i].step->kind;
        if (kind == STEP_CHANGE || kind == STEP_WAIT) {
            obstacle = "needs time";
        } else if (kind == STEP_DKIM) {
            run_step(matrix, i, obstacle);
        }
    }
    return CLI_OK;
}

static void begin(struct matrix *matrix)
{
    if (matrix->as_json) {
        matrix->json = json_to(stdout, false);
        json_begin_object(&matrix->json, NULL);
        json_put_string(&matrix->json, "schema", "faultzone-matrix-1");
        json_begin_array(&matrix->json, "cells");
    } else {
        printf("%-32s %4s  %-13s  %-9s  %-9s  %-9s  %-8s  %s\n", "scenario", "step", "resolver",
               "verifier", "expected", "word", "", "said");
    }
}

static void end(struct matrix *matrix)
{
    if (matrix->as_json) {
        json_end(&matrix->json);
        for (size_t i = 0; i < CELL_ENDS; i++) {
            json_number(&matrix->json, end_names[i], matrix->ends[i]);
        }
        json_end(&matrix->json);
        return;
    }
    for (size_t i = 0; i < CELL_ENDS; i++) {
        printf("%s%llu %s", i > 0 ? ", " : "", (unsigned long long)matrix->ends[i], end_names[i]);
    }
    puts("");
}

static enum cli_exit run_files(struct matrix *matrix, const struct files *files)
{
    enum cli_exit status = CLI_OK;
    begin(matrix);
    unit_init(&matrix->unit);
    for (size_t i = 0; i < files->count && status == CLI_OK; i++) {
        status = run_file(matrix, &files->items[i]);
    }
    unit_free(&matrix->unit);
    end(matrix);
    if (status == CLI_OK) {
        status = matrix->ends[CELL_BROKEN] > 0    ? CLI_ENVIRONMENT
                 : matrix->ends[CELL_DIFFERS] > 0 ? CLI_FINDING
                                                  : CLI_OK;
    }
    return output_finish(stdout, status);
}

enum cli_exit command_matrix(const struct cli *cli)
{
    static struct matrix matrix; /* large */
    struct files files;
    if (cli->argument_count == 0) {
        complain("matrix wants at least one scenario file");
        return CLI_USAGE;
    }
    matrix.as_json = cli_value(cli, OPTION_JSON) != NULL;
    if (!read_resolvers(cli, &matrix) || !read_verifiers(cli, &matrix) ||
        !files_gather(cli, &files)) {
        return CLI_USAGE;
    }
    const enum cli_exit status = run_files(&matrix, &files);
    files_free(&files);
    return status;
}
