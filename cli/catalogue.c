/* faultzone catalogue: the pages of the failure catalogue, for docs/. */
#include "harness/catalogue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"

#define PAGE_PATH_MAX 4096
#define INDEX_PAGE    "README"

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

static bool gather_coverage(const struct files *files, struct coverage *coverage)
{
    struct unit unit;
    bool fine = true;
    unit_init(&unit);
    for (size_t i = 0; i < files->count; i++) {
        if (!unit_load(&unit, files->items[i].path, files->items[i].id)) {
            complain_of_unit(&unit, "error");
            fine = false;
        } else if (!coverage_add(coverage, unit.scenario)) {
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
    enum cli_exit status = CLI_USAGE;
    if (gather_coverage(&files, &coverage)) {
        status = write_pages(cli->arguments[0], &coverage) ? CLI_OK : CLI_ENVIRONMENT;
    }
    arena_free(&arena);
    files_free(&files);
    return status;
}
