#include "tests/harness/shipped.h"

#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHIPPED_MAX     1000
#define PATH_OCTETS_MAX 4096

static const char *folder(void)
{
    const char *path = getenv("SCENARIOS_DIR");
    return path != NULL ? path : "scenarios";
}

static const char *id_of(const char *path)
{
    char *id = strdup(path + strlen(folder()) + 1);
    *strrchr(id, '.') = '\0';
    return id;
}

const struct shipped *shipped_all(size_t *ret_count)
{
    static struct shipped all[SHIPPED_MAX];
    static size_t count;
    static glob_t found;
    char pattern[PATH_OCTETS_MAX];
    if (count == 0) {
        snprintf(pattern, sizeof pattern, "%s/*/*.yaml", folder());
        if (glob(pattern, 0, NULL, &found) != 0 || found.gl_pathc > SHIPPED_MAX) {
            fprintf(stderr, "no scenarios at %s\n", pattern);
            exit(EXIT_FAILURE);
        }
        for (; count < found.gl_pathc; count++) {
            all[count] = (struct shipped){id_of(found.gl_pathv[count]), found.gl_pathv[count]};
        }
    }
    *ret_count = count;
    return all;
}

const char *shipped_path(const char *id)
{
    static char path[PATH_OCTETS_MAX];
    snprintf(path, sizeof path, "%s/%s.yaml", folder(), id);
    return path;
}
