#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/output.h"
#include "harness/utf8.h"

#define ARENA_MAX      ((size_t)256 * 1024 * 1024)
#define DEFAULT_FOLDER "scenarios"

static bool ends_in(const char *string, const char *end)
{
    const size_t size = strlen(string), tail = strlen(end);
    return size > tail && strcmp(string + size - tail, end) == 0;
}

static bool is_scenario_name(const char *name)
{
    return name[0] != '.' &&
           (ends_in(name, ".yaml") || ends_in(name, ".yml") || ends_in(name, ".rpl"));
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* --- ids --- */

/* What follows the last path component "scenarios", NULL if there is none. */
static const char *after_scenarios(const char *path)
{
    const size_t size = strlen(DEFAULT_FOLDER);
    const char *found = NULL;
    for (const char *at = path; (at = strstr(at, DEFAULT_FOLDER "/")) != NULL; at += size) {
        if (at == path || at[-1] == '/') {
            found = at + size + 1;
        }
    }
    return found;
}

static const char *base_of(const char *path, const char *below)
{
    const char *inside = after_scenarios(path);
    if (inside != NULL) {
        return inside;
    }
    const size_t size = strlen(below);
    if (size > 0 && strncmp(path, below, size) == 0) {
        return path + size;
    }
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

const char *files_id(const char *path, const char *below, struct arena *arena)
{
    const char *base = base_of(path, below);
    while (*base == '/') {
        base++;
    }
    char *id = arena_copy_string(arena, base);
    if (id != NULL && is_scenario_name(id)) {
        *strrchr(id, '.') = '\0';
    }
    return id;
}

/* --- gathering --- */

struct gathering {
    struct files *files;
    const char *below;  /* the argument that is being walked */
    const char *filter; /* NULL for none */
    size_t capacity;
};

static bool passes(const char *filter, const char *id)
{
    if (filter == NULL) {
        return true;
    }
    return strpbrk(filter, "*?[") != NULL ? fnmatch(filter, id, 0) == 0
                                          : strstr(id, filter) != NULL;
}

static bool make_room(struct gathering *gathering)
{
    struct files *files = gathering->files;
    if (files->count < gathering->capacity) {
        return true;
    }
    const size_t capacity = gathering->capacity == 0 ? 64 : 2 * gathering->capacity;
    struct batch_item *items = ARENA_NEW_ARRAY(&files->arena, struct batch_item, capacity);
    if (items == NULL || capacity > (size_t)2 * FILES_MAX) {
        return false;
    }
    if (files->count > 0) {
        memcpy(items, files->items, files->count * sizeof *items);
    }
    files->items = items;
    gathering->capacity = capacity;
    return true;
}

/* Paths and ids are shown in every report. */
static bool is_presentable(const char *path)
{
    const struct bytes view = bytes_of_string(path);
    for (size_t at = 0; at < view.size;) {
        uint32_t code;
        at += utf8_next(view, at, &code);
        if (code == UTF8_INVALID || !utf8_is_harmless(code)) {
            return false;
        }
    }
    return true;
}

static bool add(struct gathering *gathering, const char *path)
{
    struct files *files = gathering->files;
    if (!is_presentable(path)) {
        complain("%s: a file name with characters that nobody can read", path);
        return false;
    }
    const char *id = files_id(path, gathering->below, &files->arena);
    if (id != NULL && !passes(gathering->filter, id)) {
        return true;
    }
    const char *copy = arena_copy_string(&files->arena, path);
    if (id == NULL || copy == NULL || !make_room(gathering)) {
        complain("too many scenarios");
        return false;
    }
    files->items[files->count++] = (struct batch_item){.path = copy, .id = id};
    return true;
}

static const char *join(struct arena *arena, const char *folder, const char *name)
{
    const size_t size = strlen(folder) + 1 + strlen(name) + 1;
    char *path = arena_alloc(arena, size);
    if (path != NULL) {
        const char *slash = ends_in(folder, "/") ? "" : "/";
        snprintf(path, size, "%s%s%s", folder, slash, name);
    }
    return path;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* By octets, not by locale: the order is the same everywhere. */
static int by_octets(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* FILES_DEPTH_MAX deep at most: NOLINTBEGIN(misc-no-recursion) */
static bool walk(struct gathering *gathering, const char *folder, unsigned depth);

static bool visit(struct gathering *gathering, const char *folder, const char *name, unsigned depth)
{
    const char *path = join(&gathering->files->arena, folder, name);
    if (path == NULL) {
        complain("too many scenarios");
        return false;
    }
    if (is_folder(path)) {
        return walk(gathering, path, depth + 1);
    }
    return !is_scenario_name(name) || add(gathering, path);
}

static bool walk(struct gathering *gathering, const char *folder, unsigned depth)
{
    struct dirent **entries;
    if (depth > FILES_DEPTH_MAX) {
        complain("%s: more than %d directories deep", folder, FILES_DEPTH_MAX);
        return false;
    }
    const int count = scandir(folder, &entries, visible, by_octets);
    if (count < 0) {
        complain("%s: %s", folder, strerror(errno));
        return false;
    }
    bool fine = true;
    for (int i = 0; i < count; i++) {
        fine = fine && visit(gathering, folder, entries[i]->d_name, depth);
        free(entries[i]);
    }
    free(entries);
    return fine;
}
/* NOLINTEND(misc-no-recursion) */

static bool gather_argument(struct gathering *gathering, const char *argument)
{
    const bool folder = is_folder(argument);
    gathering->below = folder ? argument : "";
    return folder ? walk(gathering, argument, 0) : add(gathering, argument);
}

static bool gather_default(struct gathering *gathering)
{
    if (!is_folder(DEFAULT_FOLDER)) {
        complain("there is no ./" DEFAULT_FOLDER " here; name a scenario file or a directory");
        return false;
    }
    return gather_argument(gathering, DEFAULT_FOLDER);
}

bool files_gather(const struct cli *cli, struct files *ret)
{
    struct gathering gathering = {.files = ret, .filter = cli_value(cli, OPTION_FILTER)};
    bool fine = true;
    ret->items = NULL;
    ret->count = 0;
    arena_init(&ret->arena, ARENA_MAX);
    for (size_t i = 0; fine && i < cli->argument_count; i++) {
        fine = gather_argument(&gathering, cli->arguments[i]);
    }
    if (fine && cli->argument_count == 0) {
        fine = gather_default(&gathering);
    }
    if (fine && ret->count == 0) {
        complain(gathering.filter != NULL
                     ? "no scenario there matches the filter"
                     : "there are no scenarios (files ending in .yaml or .rpl)");
        fine = false;
    }
    if (!fine) {
        files_free(ret);
    }
    return fine;
}

bool files_single(const struct cli *cli, struct files *ret)
{
    if (cli->argument_count != 1) {
        complain("%s wants one scenario file", cli->command->name);
        return false;
    }
    if (is_folder(cli->arguments[0])) {
        complain("%s is a directory; %s wants one scenario file", cli->arguments[0],
                 cli->command->name);
        return false;
    }
    return files_gather(cli, ret);
}

void files_free(struct files *files)
{
    arena_free(&files->arena);
}
