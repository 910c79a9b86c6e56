#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/ids.h"
#include "cli/output.h"
#include "harness/utf8.h"

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* --- gathering --- */

struct gathering {
    struct arena *arena;
    struct id_file *found;
    size_t count, capacity;
    const char *below; /* the argument that is being walked */
};

static bool too_many(void)
{
    complain("too many scenarios");
    return false;
}

static bool make_room(struct gathering *gathering)
{
    if (gathering->count < gathering->capacity) {
        return true;
    }
    const size_t capacity = gathering->capacity == 0 ? 64 : 2 * gathering->capacity;
    struct id_file *found = ARENA_NEW_ARRAY(gathering->arena, struct id_file, capacity);
    if (found == NULL || capacity > (size_t)2 * FILES_MAX) {
        return false;
    }
    if (gathering->count > 0) {
        memcpy(found, gathering->found, gathering->count * sizeof *found);
    }
    gathering->found = found;
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
    if (!is_presentable(path)) {
        complain("%s: a file name with characters that nobody can read", path);
        return false;
    }
    const char *copy = arena_copy_string(gathering->arena, path);
    if (copy == NULL || !make_room(gathering)) {
        return too_many();
    }
    const size_t place = gathering->count++;
    gathering->found[place] = ids_file(copy, gathering->below, place);
    return true;
}

static const char *join(struct arena *arena, const char *folder, const char *name)
{
    const size_t size = strlen(folder) + 1 + strlen(name) + 1;
    char *path = arena_alloc(arena, size);
    if (path != NULL) {
        const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
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

/* Pipes, sockets and devices may have no end, and are taken only where they are named themselves.
 * What cannot be looked at is taken: loading it will tell. */
static bool visit(struct gathering *gathering, const char *folder, const char *name, unsigned depth)
{
    struct stat status;
    const char *path = join(gathering->arena, folder, name);
    if (path == NULL) {
        return too_many();
    }
    const bool is_known = stat(path, &status) == 0;
    if (is_known && S_ISDIR(status.st_mode)) {
        return walk(gathering, path, depth + 1);
    }
    const bool is_wanted = ids_is_scenario(name) && (!is_known || S_ISREG(status.st_mode));
    return !is_wanted || add(gathering, path);
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
    if (!is_folder(IDS_DEFAULT_FOLDER)) {
        complain("there is no ./" IDS_DEFAULT_FOLDER " here; name a scenario file or a directory");
        return false;
    }
    return gather_argument(gathering, IDS_DEFAULT_FOLDER);
}

static bool gather_all(struct gathering *gathering, const struct cli *cli)
{
    bool fine = cli->argument_count > 0 || gather_default(gathering);
    for (size_t i = 0; fine && i < cli->argument_count; i++) {
        fine = gather_argument(gathering, cli->arguments[i]);
    }
    return fine;
}

/* --- choosing --- */

static bool passes(const char *filter, const char *id)
{
    if (filter == NULL) {
        return true;
    }
    return strpbrk(filter, "*?[") != NULL ? fnmatch(filter, id, 0) == 0
                                          : strstr(id, filter) != NULL;
}

/* An id does not depend on the filter. */
static bool choose(const struct gathering *gathering, const char *filter, struct files *files)
{
    files->items = ARENA_NEW_ARRAY(&files->arena, struct batch_item, gathering->count + 1);
    if (files->items == NULL || !ids_give(gathering->found, gathering->count, &files->arena)) {
        return too_many();
    }
    for (size_t i = 0; i < gathering->count; i++) {
        const struct id_file *found = &gathering->found[i];
        if (!found->is_repeated && passes(filter, found->id)) {
            files->items[files->count++] =
                (struct batch_item){.path = found->path, .id = found->id};
        }
    }
    if (files->count == 0) {
        complain(filter != NULL ? "no scenario there matches the filter"
                                : "there are no scenarios (files ending in .yaml or .rpl)");
    }
    return files->count > 0;
}

bool files_gather(const struct cli *cli, struct files *ret)
{
    struct gathering gathering = {.arena = &ret->arena};
    ret->items = NULL;
    ret->count = 0;
    arena_init(&ret->arena, ARENA_MAX);
    const bool fine =
        gather_all(&gathering, cli) && choose(&gathering, cli_value(cli, OPTION_FILTER), ret);
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
