/* faultzone list: scenarios and their ids; which failures of the catalogue they show. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"
#include "harness/json.h"

#define ID_COLUMNS 36

/* One scenario that shows one failure. */
struct coverage {
    const char *failure, *id;
};

struct list {
    struct json json;
    bool by_failure, as_json;
    struct arena arena;
    struct coverage *coverage;
    size_t count, capacity;
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

static bool add_coverage(struct list *list, const char *failure, const char *id)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        struct coverage *wider = ARENA_NEW_ARRAY(&list->arena, struct coverage, capacity);
        if (wider == NULL) {
            return false;
        }
        if (list->count > 0) {
            memcpy(wider, list->coverage, list->count * sizeof *wider);
        }
        list->coverage = wider;
        list->capacity = capacity;
    }
    list->coverage[list->count++] = (struct coverage){
        .failure = arena_copy_string(&list->arena, failure),
        .id = id,
    };
    return list->coverage[list->count - 1].failure != NULL;
}

static int by_failure(const void *a, const void *b)
{
    const struct coverage *x = a, *y = b;
    const size_t x_size = strlen(x->failure), y_size = strlen(y->failure);
    if (x_size != y_size) {
        return x_size < y_size ? -1 : 1;
    }
    const int order = strcmp(x->failure, y->failure);
    return order != 0 ? order : strcmp(x->id, y->id);
}

static void put_coverage(struct list *list)
{
    if (list->count > 0) {
        qsort(list->coverage, list->count, sizeof *list->coverage, by_failure);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct coverage *entry = &list->coverage[i];
        const bool first = i == 0 || strcmp(entry[-1].failure, entry->failure) != 0;
        const bool last = i + 1 == list->count || strcmp(entry[1].failure, entry->failure) != 0;
        if (!list->as_json) {
            printf("%-5s  %s\n", first ? entry->failure : "", entry->id);
            continue;
        }
        if (first) {
            json_begin_array(&list->json, entry->failure);
        }
        json_put_string(&list->json, NULL, entry->id);
        if (last) {
            json_end(&list->json);
        }
    }
}

/* --- all --- */

static bool list_unit(struct list *list, const struct unit *unit)
{
    if (!list->by_failure) {
        put_scenario(list, unit->scenario);
        return true;
    }
    for (size_t i = 0; unit->scenario->covers[i] != NULL; i++) {
        if (!add_coverage(list, unit->scenario->covers[i], unit->id)) {
            return false;
        }
    }
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
    if (!list->as_json) {
        return;
    }
    list->json = json_to(stdout, false);
    json_begin_object(&list->json, NULL);
    json_put_string(&list->json, "schema", "faultzone/list/1");
    if (list->by_failure) {
        json_begin_object(&list->json, "failures");
    } else {
        json_begin_array(&list->json, "scenarios");
    }
}

static void end(struct list *list)
{
    put_coverage(list);
    if (list->as_json) {
        json_end(&list->json);
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
    arena_init(&list.arena, UNIT_ARENA_MAX);
    begin(&list);
    const enum cli_exit status = list_files(&list, &files);
    end(&list);
    files_free(&files);
    return output_finish(stdout, status);
}
