/* See the header. Every cell is a `faultzone exec` of its own. */
#include "cli/matrix_cells.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/values.h"
#include "cli/program.h"
#include "harness/signing.h"
#include "live/child.h"

#define CELL_TIME_LIMIT_S 90
#define WORDS_MAX         1024 /* of a command */
#define FOLDER_TEMPLATE   "/tmp/faultzone-XXXXXX"

/* --- is it there? --- */

static bool resolver_is_there(const char *name, const char **ret_package)
{
    char path[PROGRAM_PATH_MAX];
    const struct foreign *foreign = foreign_find(name);
    *ret_package = foreign != NULL ? foreign->package : "";
    return foreign == NULL || program_find(foreign->program, path);
}

static bool verifier_is_there(const char *name, const char **ret_package)
{
    static struct child_result result; /* large */
    char path[PROGRAM_PATH_MAX];
    const struct verifier *verifier = verifier_find(name);
    *ret_package = verifier->package;
    if (verifier->probe == NULL) {
        return program_find(verifier->program, path);
    }
    char shell[] = "sh", option[] = "-c", command[256];
    snprintf(command, sizeof command, "%s", verifier->probe);
    char *const argv[] = {shell, option, command, NULL};
    child_run(&(struct child_options){.argv = argv, .time_limit_s = 20}, &result);
    return result.has_run && result.status == 0;
}

bool matrix_peer_is_there(const struct matrix_peer *peer, const char **ret_package)
{
    return peer->kind == MATRIX_RESOLVER ? resolver_is_there(peer->name, ret_package)
                                         : verifier_is_there(peer->name, ret_package);
}

/* --- running --- */

static struct matrix_row *row_at(const struct matrix_site *site, size_t index)
{
    return &site->matrix->rows[site->first_row + index];
}

/* Words of a command: they are only read. */
struct command {
    union {
        const char *borrowed[WORDS_MAX + 1];
        char *words[WORDS_MAX + 1];
    } as;
    size_t count;
};

static void add_word(struct command *command, const char *word)
{
    if (command->count < WORDS_MAX) {
        command->as.borrowed[command->count++] = word;
    }
    command->as.borrowed[command->count] = NULL;
}

static void begin_exec(struct command *command, const struct matrix_site *site,
                       const char *resolver)
{
    command->count = 0;
    add_word(command, site->self);
    add_word(command, "exec");
    add_word(command, "--resolver");
    add_word(command, resolver);
    add_word(command, site->path);
}

static void run(const struct command *command, const char *folder, struct child_result *ret)
{
    const struct child_options options = {
        .argv = command->as.words, .directory = folder, .time_limit_s = CELL_TIME_LIMIT_S};
    child_run(&options, ret);
}

static void put_broken(struct matrix_cell *cell, const struct child_result *result)
{
    cell->state = MATRIX_BROKEN;
    if (result->was_slow) {
        matrix_quote(cell, "it did not end within its time");
    } else {
        matrix_quote(cell, result->complained[0] != '\0' ? result->complained
                           : result->said[0] != '\0'     ? result->said
                                                         : "it said nothing");
    }
}

/* --- resolvers --- */

/* The octets of a line of hex, in `arena`; empty if it is none. */
static struct bytes read_hex(const char *line, struct arena *arena)
{
    const struct bytes text = bytes_of(line, strcspn(line, "\n"));
    uint8_t *octets = arena_alloc(arena, text.size / 2 + 1);
    size_t size = 0;
    return octets != NULL && value_hex(text, text.size / 2, octets, &size) ? bytes_of(octets, size)
                                                                           : bytes_of(octets, 0);
}

/* Judges what came of asking as a verifier would. */
static void judge_reply(const struct matrix_site *site, size_t index, size_t column,
                        const char *line)
{
    struct matrix_row *row = row_at(site, index);
    const struct step *step = &site->scenario->steps[row->step];
    struct dkim_retrieval retrieval;
    struct dkim_result result;
    struct message reply;
    char said[1024];
    struct text text = text_in(said, sizeof said);
    const struct bytes octets = read_hex(line, site->arena);
    if (octets.size == 0) {
        dkim_retrieval_failed("timeout", &retrieval);
    } else if (!message_parse(octets, MESSAGE_LENIENT, &reply, NULL)) {
        dkim_retrieval_failed("malformed reply", &retrieval);
    } else {
        dkim_retrieval_of_reply(&reply, &step->as.dkim.name, &retrieval);
    }
    if (run_verify(&step->as.dkim, &retrieval, site->arena, &result)) {
        dkim_result_put(&text, &result);
        matrix_judge(&row->cells[column], step, site->matrix->peers[column].name,
                     &site->outcomes[row->step].dkim, result.word);
        matrix_quote(&row->cells[column], said);
    }
}

void matrix_ask_resolver(const struct matrix_site *site, size_t column)
{
    static struct command command; /* large, as the result */
    static struct child_result result;
    begin_exec(&command, site, site->matrix->peers[column].name);
    add_word(&command, site->self);
    add_word(&command, "ask");
    for (size_t i = 0; i < site->row_count; i++) {
        add_word(&command, row_at(site, i)->name);
    }
    run(&command, NULL, &result);
    const char *line = result.said;
    for (size_t i = 0; i < site->row_count; i++) {
        const size_t size = strcspn(line, "\n");
        if (result.has_run && result.status == 0 && line[size] == '\n') {
            judge_reply(site, i, column, line);
            line += size + 1;
        } else {
            put_broken(&row_at(site, i)->cells[column], &result);
        }
    }
}

/* --- verifiers --- */

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    (void)remove(path); /* a folder that stays is no failure of the run */
    return 0;
}

static bool write_message(const char *folder, struct bytes message)
{
    char path[sizeof FOLDER_TEMPLATE + sizeof VERIFIER_MESSAGE + 1];
    snprintf(path, sizeof path, "%s/%s", folder, VERIFIER_MESSAGE);
    FILE *file = fopen(path, "we");
    const bool fine = file != NULL && fwrite(message.data, 1, message.size, file) == message.size;
    return file != NULL && fclose(file) == 0 && fine;
}

static void verify_in(const struct matrix_site *site, size_t index, size_t column,
                      const char *folder)
{
    static struct command command;
    static struct child_result result;
    struct matrix_row *row = row_at(site, index);
    struct matrix_cell *cell = &row->cells[column];
    const char *name = site->matrix->peers[column].name;
    const struct verifier *verifier = verifier_find(name);
    enum dkim_word word;
    const char *line;
    begin_exec(&command, site, "builtin");
    add_word(&command, "sh");
    add_word(&command, "-uc");
    add_word(&command, verifier->script);
    run(&command, folder, &result);
    if (!result.has_run || !verifier->read(result.said, &word, &line)) {
        put_broken(cell, &result);
        return;
    }
    matrix_judge(cell, &site->scenario->steps[row->step], name, &site->outcomes[row->step].dkim,
                 word);
    matrix_quote(cell, line);
}

/* Everything that the verifier writes goes with its folder. */
static void verify(const struct matrix_site *site, size_t index, size_t column,
                   struct bytes message)
{
    char folder[] = FOLDER_TEMPLATE;
    struct matrix_cell *cell = &row_at(site, index)->cells[column];
    if (mkdtemp(folder) == NULL || !write_message(folder, message)) {
        cell->state = MATRIX_BROKEN;
        matrix_quote(cell, "no file can be written below /tmp");
        return;
    }
    verify_in(site, index, column, folder);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void matrix_ask_verifier(const struct matrix_site *site, size_t column)
{
    for (size_t i = 0; i < site->row_count; i++) {
        struct matrix_row *row = row_at(site, i);
        struct signing signing;
        struct bytes message;
        const char *why = "";
        if (signing_of_step(&site->scenario->steps[row->step].as.dkim, site->arena, &signing,
                            &why) &&
            signing_message(&signing, site->arena, &message, &why)) {
            verify(site, i, column, message);
        } else {
            matrix_quote(&row->cells[column], why);
        }
    }
}
