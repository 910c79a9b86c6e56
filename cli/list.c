/* faultzone list: scenarios and their ids; which failures of the catalogue they show. */
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"
#include "harness/catalogue.h"
#include "harness/errors.h"
#include "harness/json.h"

#define ID_COLUMNS 36

struct list {
    struct json json;
    bool by_failure, as_json;
    struct arena arena;
    struct coverage coverage;
    struct errors errors;
};

static void put_scenario(struct list *list, const struct scenario *scenario)
{
    if (!list->as_json) {
        printf("%-*s  %s\n", ID_COLUMNS, scenario->id, scenario->title);
        return;
    }
    json_begin_object(&list->json, NULL);
    json_put_string(&list->json, "id", scenario->id);
    json_put_string(&list->json, "file", scenario->path);
    json_put_string(&list->json, "title", scenario->title);
    json_begin_array(&list->json, "covers");
    for (size_t i = 0; scenario->covers[i] != NULL; i++) {
        json_put_string(&list->json, NULL, scenario->covers[i]);
    }
    json_end(&list->json);
    json_number(&list->json, "steps", scenario->step_count);
    json_end(&list->json);
}

/* --- by failure --- */

/* How many rows are covered, wait for something, or neither. */
struct tally {
    unsigned covered, waiting, open;
};

static struct tally tally_of(const struct coverage *coverage)
{
    struct tally tally = {0};
    for (unsigned number = 1; number <= CATALOGUE_LAST; number++) {
        if (failure_at(number, NULL)->waits != NULL) {
            tally.waiting++;
        } else if (coverage->first[number] != NULL) {
            tally.covered++;
        } else {
            tally.open++;
        }
    }
    return tally;
}

static void put_row(const struct failure *row, const struct coverage_entry *entry)
{
    char number[CATALOGUE_NUMBER_SIZE];
    failure_number_put(row->number, number);
    printf("%-5s %s\n", number, row->title);
    if (row->waits != NULL) {
        printf("      - waits for %s\n", row->waits);
    } else if (entry == NULL) {
        puts("      - not covered");
    }
    for (; entry != NULL; entry = entry->next) {
        printf("      %s\n", entry->id);
    }
}

static void put_coverage(const struct coverage *coverage)
{
    const struct tally tally = tally_of(coverage);
    for (size_t i = 0; failure_families[i] != NULL; i++) {
        const struct failure_family *family = failure_families[i];
        printf("%s%s. %s\n", i > 0 ? "\n" : "", family->numeral, family->title);
        for (const struct failure *row = family->failures; row->number != 0; row++) {
            put_row(row, coverage->first[row->number]);
        }
    }
    printf("\n%d failures: %u covered, %u waiting, %u not covered\n", CATALOGUE_LAST, tally.covered,
           tally.waiting, tally.open);
}

static void put_ids(struct json *json, const char *key, const struct coverage_entry *entry)
{
    json_begin_array(json, key);
    for (; entry != NULL; entry = entry->next) {
        json_put_string(json, NULL, entry->id);
    }
    json_end(json);
}

static void put_row_as_json(struct json *json, const struct failure *row, const char *family,
                            const struct coverage_entry *entry)
{
    char number[CATALOGUE_NUMBER_SIZE];
    failure_number_put(row->number, number);
    json_begin_object(json, NULL);
    json_put_string(json, "number", number);
    json_put_string(json, "slug", row->slug);
    json_put_string(json, "title", row->title);
    json_put_string(json, "family", family);
    json_put_string(json, "waits-for", row->waits);
    put_ids(json, "scenarios", entry);
    json_end(json);
}

/* `failures` maps covered rows to ids; `catalogue` tells every row. */
static void put_coverage_as_json(struct json *json, const struct coverage *coverage)
{
    json_begin_object(json, "failures");
    for (unsigned i = 1; i <= CATALOGUE_LAST; i++) {
        char number[CATALOGUE_NUMBER_SIZE];
        failure_number_put(i, number);
        if (coverage->first[i] != NULL) {
            put_ids(json, number, coverage->first[i]);
        }
    }
    json_end(json);
    json_begin_array(json, "catalogue");
    for (unsigned i = 1; i <= CATALOGUE_LAST; i++) {
        const struct failure_family *family = NULL;
        const struct failure *row = failure_at(i, &family);
        put_row_as_json(json, row, family->slug, coverage->first[i]);
    }
    json_end(json);
    const struct tally tally = tally_of(coverage);
    json_number(json, "covered", tally.covered);
    json_number(json, "waiting", tally.waiting);
    json_number(json, "not-covered", tally.open);
}

/* --- all --- */

static bool list_unit(struct list *list, const struct unit *unit)
{
    if (list->by_failure) {
        return coverage_add(&list->coverage, unit->scenario);
    }
    put_scenario(list, unit->scenario);
    return true;
}

static enum cli_exit list_files(struct list *list, const struct files *files)
{
    struct unit unit;
    enum cli_exit status = CLI_OK;
    unit_init(&unit);
    for (size_t i = 0; i < files->count; i++) {
        if (!unit_load(&unit, files->items[i].path, files->items[i].id)) {
            complain_of_unit(&unit, "error");
            errors_add_unit(&list->errors, &unit);
            status = CLI_USAGE;
        } else if (!list_unit(list, &unit)) {
            complain("not enough memory");
            status = CLI_ENVIRONMENT;
        }
    }
    unit_free(&unit);
    return status;
}

static void begin(struct list *list)
{
    arena_init(&list->arena, UNIT_ARENA_MAX);
    coverage_init(&list->coverage, &list->arena);
    list->errors = errors_in(&list->arena);
    if (!list->as_json) {
        return;
    }
    list->json = json_to(stdout, false);
    json_begin_object(&list->json, NULL);
    json_put_string(&list->json, "schema", "faultzone/list/1");
    if (!list->by_failure) {
        json_begin_array(&list->json, "scenarios");
    }
}

static void end(struct list *list)
{
    if (list->as_json && list->by_failure) {
        put_coverage_as_json(&list->json, &list->coverage);
    } else if (list->as_json) {
        json_end(&list->json);
    } else if (list->by_failure) {
        put_coverage(&list->coverage);
    }
    if (list->as_json) {
        errors_put(&list->errors, &list->json);
        json_end(&list->json);
    }
    arena_free(&list->arena);
}

enum cli_exit command_list(const struct cli *cli)
{
    struct files files;
    struct list list = {
        .by_failure = cli_value(cli, OPTION_BY_FAILURE) != NULL,
        .as_json = cli_value(cli, OPTION_JSON) != NULL,
    };
    if (!files_gather(cli, &files)) {
        return CLI_USAGE;
    }
    begin(&list);
    const enum cli_exit status = list_files(&list, &files);
    end(&list);
    files_free(&files);
    return output_finish(stdout, status);
}
