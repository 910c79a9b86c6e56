/* faultzone catalogue: the pages of the failure catalogue, for docs/. */
#include "harness/catalogue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"
#include "harness/confusion.h"

#define PAGE_PATH_MAX 4096
#define INDEX_PAGE    "README"
#define TABLE_PAGE    "confusion"

static FILE *open_page(const char *directory, const char *page)
{
    char path[PAGE_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s.md", directory, page);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        complain("cannot write %s: %s", path, strerror(errno));
    }
    return file;
}

/* True if all of it was written. */
static bool close_page(FILE *file, const char *page)
{
    const bool fine = ferror(file) == 0;
    if (fclose(file) != 0 || !fine) {
        complain("cannot write all of %s.md", page);
        return false;
    }
    return true;
}

static bool write_pages(const char *directory, const struct coverage *coverage)
{
    FILE *index = open_page(directory, INDEX_PAGE);
    if (index == NULL) {
        return false;
    }
    catalogue_write_index(index);
    bool fine = close_page(index, INDEX_PAGE);
    for (size_t i = 0; fine && failure_families[i] != NULL; i++) {
        FILE *page = open_page(directory, failure_families[i]->slug);
        if (page == NULL) {
            return false;
        }
        catalogue_write_family(page, failure_families[i], coverage);
        fine = close_page(page, failure_families[i]->slug);
    }
    return fine;
}

static bool write_table(const char *directory, const struct confusion *confusion)
{
    FILE *page = open_page(directory, TABLE_PAGE);
    if (page == NULL) {
        return false;
    }
    confusion_write(page, confusion);
    return close_page(page, TABLE_PAGE);
}

/* Every scenario is run: what its checks name goes into the table. */
static bool gather(const struct files *files, struct coverage *coverage,
                   struct confusion *confusion)
{
    struct unit unit;
    bool fine = true;
    unit_init(&unit);
    for (size_t i = 0; i < files->count; i++) {
        unit_judge(&unit, files->items[i].path, files->items[i].id, 1);
        if (unit.scenario == NULL) {
            complain_of_unit(&unit, "error");
            fine = false;
        } else if (!coverage_add(coverage, unit.scenario) || !confusion_add(confusion, &unit)) {
            complain("not enough memory");
            fine = false;
        }
    }
    unit_free(&unit);
    return fine;
}

enum cli_exit command_catalogue(const struct cli *cli)
{
    struct files files;
    struct arena arena;
    struct coverage coverage;
    struct confusion confusion;
    struct cli paths = *cli;
    if (cli->argument_count == 0) {
        complain("catalogue wants the directory to write to");
        return CLI_USAGE;
    }
    paths.argument_count--;
    memmove(paths.arguments, paths.arguments + 1,
            (paths.argument_count + 1) * sizeof *paths.arguments);
    if (!files_gather(&paths, &files)) {
        return CLI_USAGE;
    }
    arena_init(&arena, UNIT_ARENA_MAX);
    coverage_init(&coverage, &arena);
    confusion_init(&confusion, &arena);
    enum cli_exit status = CLI_USAGE;
    if (gather(&files, &coverage, &confusion)) {
        const bool written =
            write_pages(cli->arguments[0], &coverage) && write_table(cli->arguments[0], &confusion);
        status = written ? CLI_OK : CLI_ENVIRONMENT;
    }
    arena_free(&arena);
    files_free(&files);
    return status;
}
