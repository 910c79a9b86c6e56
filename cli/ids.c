/* See the header. Files are sorted by id, and those that have one in common get longer ones, until
 * there are none. */
#include "cli/ids.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool ends_in(const char *string, const char *end)
{
    const size_t size = strlen(string), tail = strlen(end);
    return size > tail && strcmp(string + size - tail, end) == 0;
}

bool ids_is_scenario(const char *name)
{
    return name[0] != '.' &&
           (ends_in(name, ".yaml") || ends_in(name, ".yml") || ends_in(name, ".rpl"));
}

/* --- where ids begin --- */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* What follows the last path component "scenarios", NULL if there is none. */
static const char *after_scenarios(const char *path)
{
    const size_t size = strlen(IDS_DEFAULT_FOLDER);
    const char *found = NULL;
    for (const char *at = path; (at = strstr(at, IDS_DEFAULT_FOLDER "/")) != NULL; at += size) {
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
    return size > 0 && strncmp(path, below, size) == 0 ? path + size : name_of(path);
}

struct id_file ids_file(const char *path, const char *below, size_t place)
{
    const char *base = base_of(path, below);
    return (struct id_file){.path = path, .base = base + strspn(base, "/"), .place = place};
}

/* --- files that were named before --- */

/* Asks once what the directory of a file is. False if the system does not know. */
static bool look_up_folder(struct id_file *file, struct arena *arena)
{
    struct stat status;
    if (file->folder[0] == 0 && file->folder[1] == 0) {
        char *folder = arena_copy_string(arena, file->path);
        if (folder == NULL) {
            return false;
        }
        folder[name_of(file->path) - file->path] = '\0';
        if (stat(folder[0] != '\0' ? folder : ".", &status) != 0) {
            return false;
        }
        file->folder[0] = status.st_dev;
        file->folder[1] = status.st_ino;
    }
    return true;
}

/* True if both are one entry of one directory. */
static bool is_same(struct id_file *one, struct id_file *other, struct arena *arena)
{
    if (strcmp(name_of(one->path), name_of(other->path)) != 0) {
        return false;
    }
    return strcmp(one->path, other->path) == 0 ||
           (look_up_folder(one, arena) && look_up_folder(other, arena) &&
            memcmp(one->folder, other->folder, sizeof one->folder) == 0);
}

/* Marks all but the first of those that are the same file. Returns how many different ones there
 * are, which come first. */
static size_t mark_repeated(struct id_file **group, size_t count, struct arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < kept && !group[i]->is_repeated; j++) {
            group[i]->is_repeated = is_same(group[j], group[i], arena);
        }
        if (!group[i]->is_repeated) {
            group[kept++] = group[i];
        }
    }
    return kept;
}

/* --- telling apart --- */

static int by_id(const void *a, const void *b)
{
    const struct id_file *one = *(struct id_file *const *)a;
    const struct id_file *other = *(struct id_file *const *)b;
    int order = strcmp(one->id, other->id);
    order = order != 0 ? order : strcmp(one->base, other->base);
    return order != 0 ? order : (one->place > other->place) - (one->place < other->place);
}

static bool name_file(struct id_file *file, struct arena *arena)
{
    char *id = arena_copy_string(arena, file->base);
    if (id != NULL && !file->keeps_ending && ids_is_scenario(name_of(id))) {
        *strrchr(id, '.') = '\0';
    }
    file->id = id;
    return id != NULL;
}

/* Lets the id begin one directory earlier; false if the path has no further one. */
static bool extend(struct id_file *file)
{
    const char *at = file->base;
    while (at > file->path && at[-1] == '/') {
        at--;
    }
    while (at > file->path && at[-1] != '/') {
        at--;
    }
    const bool has_moved = at != file->base;
    file->base = at;
    return has_moved;
}

/* Changes what ids of a group are made of, which is sorted by that. */
static void tell_apart(struct id_file **group, size_t count)
{
    bool differ = true, have_moved = false;
    for (size_t i = 1; i < count; i++) {
        differ = differ && strcmp(group[i - 1]->base, group[i]->base) != 0;
    }
    for (size_t i = 0; !differ && i < count; i++) {
        have_moved = extend(group[i]) || have_moved;
    }
    for (size_t i = 0; !have_moved && i < count; i++) {
        group[i]->keeps_ending = true;
    }
}

/* Looks at the `count` files that have one id, and gives them others if they are several. */
static bool settle(struct id_file **group, size_t count, struct arena *arena, bool *ret_changed)
{
    const size_t different = count > 1 ? mark_repeated(group, count, arena) : count;
    if (different < 2) {
        return true;
    }
    *ret_changed = true;
    tell_apart(group, different);
    bool fine = true;
    for (size_t i = 0; i < different; i++) {
        fine = fine && name_file(group[i], arena);
    }
    return fine;
}

/* All that are no repetition, sorted by id. Returns how many they are. */
static size_t sort(struct id_file *files, size_t count, struct id_file **ret)
{
    size_t sorted = 0;
    for (size_t i = 0; i < count; i++) {
        if (!files[i].is_repeated) {
            ret[sorted++] = &files[i];
        }
    }
    qsort(ret, sorted, sizeof(struct id_file *), by_id);
    return sorted;
}

bool ids_give(struct id_file *files, size_t count, struct arena *arena)
{
    struct id_file **order = ARENA_NEW_ARRAY(arena, struct id_file *, count + 1);
    bool fine = order != NULL;
    bool has_changed = true;
    for (size_t i = 0; fine && i < count; i++) {
        fine = name_file(&files[i], arena);
    }
    while (fine && has_changed) {
        const size_t sorted = sort(files, count, order);
        has_changed = false;
        for (size_t first = 0, end; fine && first < sorted; first = end) {
            for (end = first + 1; end < sorted && strcmp(order[first]->id, order[end]->id) == 0;) {
                end++;
            }
            fine = settle(order + first, end - first, arena, &has_changed);
        }
    }
    return fine;
}
