/* See the header. */
#include "cli/control_path.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output.h"

static const char *directory(void)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    return runtime != NULL && runtime[0] == '/' ? runtime : "/tmp";
}

static bool put_path(char ret[CONTROL_PATH_ROOM], const char *which)
{
    const int size = snprintf(ret, CONTROL_PATH_ROOM, "%s/faultzone-%u-%s.sock", directory(),
                              (unsigned)geteuid(), which);
    return size > 0 && size < CONTROL_PATH_ROOM;
}

bool control_path_own(char ret[CONTROL_PATH_ROOM])
{
    char number[24];
    snprintf(number, sizeof number, "%ld", (long)getpid());
    return put_path(ret, number);
}

static bool is_own_socket(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISSOCK(status.st_mode) && status.st_uid == geteuid();
}

/* The only one of `found` that is this user's; how many there are. */
static size_t choose(const glob_t *found, char ret[CONTROL_PATH_ROOM])
{
    size_t count = 0;
    for (size_t i = 0; i < found->gl_pathc; i++) {
        if (is_own_socket(found->gl_pathv[i])) {
            count++;
            snprintf(ret, CONTROL_PATH_ROOM, "%s", found->gl_pathv[i]);
        }
    }
    return count;
}

bool control_path_find(char ret[CONTROL_PATH_ROOM])
{
    char pattern[CONTROL_PATH_ROOM];
    const char *said = getenv("FAULTZONE_CONTROL");
    if (said != NULL && said[0] != '\0') {
        snprintf(ret, CONTROL_PATH_ROOM, "%s", said);
        return true;
    }
    glob_t found;
    if (!put_path(pattern, "*") || glob(pattern, 0, NULL, &found) != 0) {
        complain("no `faultzone serve` of yours is running; say where with --socket or --url");
        return false;
    }
    const size_t count = choose(&found, ret);
    globfree(&found);
    if (count == 0) {
        complain("no `faultzone serve` of yours is running; say where with --socket or --url");
    } else if (count > 1) {
        complain("there are several sockets like %s; say which with --socket", ret);
    }
    return count == 1;
}
