/* faultzone matrix: scenarios against real programs. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/matrix_cells.h"
#include "cli/output.h"
#include "cli/program.h"
#include "harness/rpl.h"
#include "harness/spelling.h"
#include "live/namespace.h"

#define MATRIX_ARENA_MAX ((size_t)256 * 1024 * 1024)

#define REPORTS_MAX   16
#define PEER_NAME_MAX 31

struct run {
    struct matrix matrix;
    const struct format *formats[REPORTS_MAX]; /* of the reports */
    struct output outputs[REPORTS_MAX];
    size_t report_count;
    struct arena arena;
    char self[PROGRAM_PATH_MAX];
    const char *missing[MATRIX_PEERS_MAX]; /* the package; NULL: the peer is there */
    struct unit unit;
    bool has_bad_file;
};

/* --- which peers --- */

/* True if `name` is an item of the comma-separated `list`. */
static bool lists(const char *list, const char *name)
{
    const size_t size = strlen(name);
    for (const char *at = list; *at != '\0';) {
        const size_t length = strcspn(at, ",");
        if (length == size && strncmp(at, name, size) == 0) {
            return true;
        }
        at += length + (at[length] == ',');
    }
    return false;
}

static void add_peer(struct run *run, const char *list, const char *name, enum matrix_kind kind)
{
    struct matrix *matrix = &run->matrix;
    if (list == NULL || lists(list, name)) {
        matrix->peers[matrix->peer_count++] = (struct matrix_peer){name, kind};
    }
}

static bool is_resolver(const char *name)
{
    return strcmp(name, "builtin") == 0 || foreign_find(name) != NULL;
}

/* True if `word` is of a kind that `option` lists; --may-skip lists both. */
static bool belongs(const char *word, enum cli_option_id option)
{
    return strcmp(word, "none") == 0 || (option != OPTION_VERIFIERS && is_resolver(word)) ||
           (option != OPTION_RESOLVERS && verifier_find(word) != NULL);
}

/* The name that was probably meant, among those that `option` lists; NULL if none is near. */
static const char *meant(const char *word, enum cli_option_id option)
{
    struct spelling spelling = spelling_of(bytes_of_string(word));
    spelling_offer(&spelling, "none");
    if (option != OPTION_VERIFIERS) {
        spelling_offer(&spelling, "builtin");
    }
    for (size_t i = 0; option != OPTION_VERIFIERS && foreign_resolvers[i].name != NULL; i++) {
        spelling_offer(&spelling, foreign_resolvers[i].name);
    }
    for (size_t i = 0; option != OPTION_RESOLVERS && verifiers[i] != NULL; i++) {
        spelling_offer(&spelling, verifiers[i]->name);
    }
    return spelling.best;
}

static bool refuse_name(const char *word, enum cli_option_id option)
{
    const char *best = meant(word, option);
    if (option == OPTION_RESOLVERS && verifier_find(word) != NULL) {
        complain("%s is a verifier, no resolver; did you mean --verifiers %s?", word, word);
    } else if (option == OPTION_VERIFIERS && is_resolver(word)) {
        complain("%s is a resolver, no verifier; did you mean --resolvers %s?", word, word);
    } else if (best != NULL) {
        complain("--%s: there is no \"%s\"; did you mean %s?", cli_options[option].name, word,
                 best);
    } else {
        complain("--%s: there is no \"%s\"; faultzone help matrix lists them",
                 cli_options[option].name, word);
    }
    return false;
}

/* False, told, if a list has a name that nobody of its kind has. */
static bool check_list(const struct cli *cli, enum cli_option_id option)
{
    const char *list = cli_value(cli, option);
    for (const char *at = list != NULL ? list : ""; *at != '\0';) {
        char word[PEER_NAME_MAX + 1];
        const size_t size = strcspn(at, ",");
        snprintf(word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word - 1), at);
        if (size > PEER_NAME_MAX || !belongs(word, option)) {
            return refuse_name(word, option);
        }
        at += size + (at[size] == ',');
    }
    return true;
}

static bool choose_peers(struct run *run, const struct cli *cli)
{
    const char *resolvers = cli_value(cli, OPTION_RESOLVERS);
    const char *who = cli_value(cli, OPTION_VERIFIERS);
    if (!check_list(cli, OPTION_RESOLVERS) || !check_list(cli, OPTION_VERIFIERS) ||
        !check_list(cli, OPTION_MAY_SKIP)) {
        return false;
    }
    add_peer(run, resolvers, "builtin", MATRIX_RESOLVER);
    for (const struct foreign *row = foreign_resolvers; row->name != NULL; row++) {
        add_peer(run, resolvers, row->name, MATRIX_RESOLVER);
    }
    for (size_t i = 0; verifiers[i] != NULL; i++) {
        add_peer(run, who, verifiers[i]->name, MATRIX_VERIFIER);
    }
    if (run->matrix.peer_count == 0) {
        complain("there is nobody to ask");
        return false;
    }
    for (size_t i = 0; i < run->matrix.peer_count; i++) {
        const char *package;
        const bool there = matrix_peer_is_there(&run->matrix.peers[i], &package);
        run->missing[i] = there ? NULL : package;
    }
    return true;
}

/* --- one scenario --- */

/* Adds rows for its dkim steps; returns how many of them stand before anything that takes time. */
static size_t add_rows(struct run *run)
{
    const struct scenario *scenario = run->unit.scenario;
    size_t early = 0;
    bool is_late = false;
    for (size_t i = 0; i < scenario->step_count; i++) {
        const enum step_kind kind = scenario->steps[i].kind;
        is_late = is_late || kind == STEP_WAIT || kind == STEP_CHANGE;
        struct matrix_row *row = kind == STEP_DKIM ? matrix_add(&run->matrix) : NULL;
        if (row == NULL) {
            continue;
        }
        char name[NAME_TEXT_MAX];
        struct text text = text_in(name, sizeof name);
        name_put(&text, &scenario->steps[i].as.dkim.name);
        row->id = arena_copy_string(&run->arena, scenario->id);
        row->path = arena_copy_string(&run->arena, scenario->path);
        row->title = arena_copy_string(&run->arena, scenario->title);
        row->name = arena_copy_string(&run->arena, name);
        row->step = i;
        row->expected = run->unit.result.outcomes[i].dkim.word;
        for (size_t j = 0; is_late && j < run->matrix.peer_count; j++) {
            matrix_quote(&row->cells[j], "needs time");
        }
        early += !is_late;
    }
    return early;
}

static void skip_missing(struct run *run, const struct matrix_site *site, size_t column)
{
    char why[128];
    snprintf(why, sizeof why, "not installed (apt-get install %s)", run->missing[column]);
    for (size_t i = 0; i < site->row_count; i++) {
        matrix_quote(&run->matrix.rows[site->first_row + i].cells[column], why);
    }
}

static void ask_all(struct run *run, const struct matrix_site *site)
{
    for (size_t i = 0; site->row_count > 0 && i < run->matrix.peer_count; i++) {
        if (run->missing[i] != NULL) {
            skip_missing(run, site, i);
        } else if (run->matrix.peers[i].kind == MATRIX_RESOLVER) {
            matrix_ask_resolver(site, i);
        } else {
            matrix_ask_verifier(site, i);
        }
    }
}

static void ask_scenario(struct run *run, const struct batch_item *item)
{
    struct unit *unit = &run->unit;
    unit_judge(unit, item->path, item->id, 1);
    if (unit->status == UNIT_UNLOADED || unit->status == UNIT_BROKEN) {
        complain_of_unit(unit, "error");
        errors_add_unit(&run->matrix.errors, unit);
        run->has_bad_file = true;
        return;
    }
    char path[PATH_MAX];
    struct matrix_site site = {
        .self = run->self,
        .path = realpath(item->path, path) != NULL ? path : item->path,
        .matrix = &run->matrix,
        .first_row = run->matrix.row_count,
        .scenario = unit->scenario,
        .outcomes = unit->result.outcomes,
        .arena = &unit->result_arena,
    };
    site.row_count = add_rows(run);
    ask_all(run, &site);
}

/* --- reports --- */

static const struct format {
    const char *name;
    void (*put)(const struct matrix *matrix, FILE *file);
} formats[] = {{"text", matrix_put_text},
               {"json", matrix_put_json},
               {"html", matrix_put_html},
               {"markdown", matrix_put_markdown}};

/* NULL, told, if `value` does not begin with a format and a colon, or nothing follows. */
static const struct format *find_format(const char *value)
{
    const size_t size = strcspn(value, ":");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strlen(formats[i].name) == size && strncmp(formats[i].name, value, size) == 0 &&
            value[size] == ':' && value[size + 1] != '\0') {
            return &formats[i];
        }
    }
    complain("--report wants text:FILE, json:FILE, html:FILE or markdown:FILE, not \"%s\"", value);
    return NULL;
}

static bool open_report(struct run *run, const struct format *format, const char *path)
{
    if (run->report_count == REPORTS_MAX) {
        complain("more than %d reports", REPORTS_MAX);
        return false;
    }
    if (!output_open(path, &run->outputs[run->report_count])) {
        return false;
    }
    run->formats[run->report_count++] = format;
    return !output_collides(run->outputs, run->report_count);
}

/* Before anybody is asked, which takes its time. */
static bool open_reports(struct run *run, const struct cli *cli)
{
    const struct format *first = &formats[cli_value(cli, OPTION_JSON) != NULL ? 1 : 0];
    bool fine = open_report(run, first, cli_value(cli, OPTION_OUTPUT));
    for (size_t i = 0; fine && i < cli->value_count; i++) {
        const char *value = cli->values[i].value;
        if (cli->values[i].option == OPTION_REPORT) {
            const struct format *format = find_format(value);
            fine = format != NULL && open_report(run, format, value + strlen(format->name) + 1);
        }
    }
    if (!fine) {
        output_drop(run->outputs, run->report_count);
    }
    return fine;
}

static enum cli_exit tell(struct run *run, enum cli_exit status)
{
    for (size_t i = 0; i < run->report_count; i++) {
        errno = 0;
        run->formats[i]->put(&run->matrix, run->outputs[i].file);
        output_note(&run->outputs[i]);
        status = output_close(&run->outputs[i], status);
    }
    return status;
}

/* True if nobody is missing who must not be. */
static bool is_complete(const struct run *run, const struct cli *cli)
{
    const char *may = cli_value(cli, OPTION_MAY_SKIP);
    bool complete = true;
    for (size_t i = 0; may != NULL && i < run->matrix.peer_count; i++) {
        if (run->missing[i] != NULL && !lists(may, run->matrix.peers[i].name)) {
            complain("%s is not installed (apt-get install %s)", run->matrix.peers[i].name,
                     run->missing[i]);
            complete = false;
        }
    }
    return complete;
}

static enum cli_exit status_of(const struct run *run, const struct cli *cli)
{
    const struct matrix *matrix = &run->matrix;
    if (run->has_bad_file) {
        return CLI_USAGE;
    }
    const size_t findings = matrix_count(matrix, MATRIX_DIFFERS) +
                            matrix_count(matrix, MATRIX_BROKEN) +
                            matrix_count(matrix, MATRIX_REPAIRED);
    return is_complete(run, cli) && findings == 0 ? CLI_OK : CLI_FINDING;
}

/* --- all --- */

/* False, told, if exec cannot work here. */
static bool is_fit(struct run *run)
{
    const ssize_t size = readlink("/proc/self/exe", run->self, sizeof run->self - 1);
    struct diag diag = {0};
    run->self[size > 0 ? size : 0] = '\0';
    for (unsigned need = 0; need < NEEDS; need++) {
        if (!namespace_try((enum namespace_need)need, &diag)) {
            complain("%s; faultzone doctor tells more", diag.sentence);
            return false;
        }
    }
    return size > 0;
}

static enum cli_exit ask_files(struct run *run, const struct cli *cli, const struct files *files)
{
    if (!open_reports(run, cli)) {
        return CLI_USAGE;
    }
    if (!is_fit(run)) {
        output_drop(run->outputs, run->report_count);
        return CLI_ENVIRONMENT;
    }
    arena_init(&run->arena, MATRIX_ARENA_MAX);
    run->matrix.errors = errors_in(&run->arena);
    unit_init(&run->unit);
    for (size_t i = 0; i < files->count; i++) {
        if (!rpl_is(files->items[i].path)) { /* they have a resolver of their own */
            ask_scenario(run, &files->items[i]);
        }
    }
    const enum cli_exit status = tell(run, status_of(run, cli));
    unit_free(&run->unit);
    arena_free(&run->arena);
    return status;
}

enum cli_exit command_matrix(const struct cli *cli)
{
    static struct run run; /* large */
    struct files files;
    run.matrix.arena = &run.arena;
    if (!choose_peers(&run, cli) || !files_gather(cli, &files)) {
        return CLI_USAGE;
    }
    const enum cli_exit status = ask_files(&run, cli, &files);
    files_free(&files);
    return status;
}
