/* See the header. */
#include "cli/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory may be "executable" too, and be called like a program: /usr/lib/…/perl. */
static bool is_program(const char *path)
{
    struct stat file;
    return access(path, X_OK) == 0 && stat(path, &file) == 0 && S_ISREG(file.st_mode);
}

/* Daemons live where only root looks. */
bool program_find(const char *name, char ret[PROGRAM_PATH_MAX])
{
    const char *path = getenv("PATH");
    char folders[PROGRAM_PATH_MAX];
    snprintf(folders, sizeof folders, "%s:/usr/local/sbin:/usr/sbin:/sbin",
             path != NULL ? path : "/usr/local/bin:/usr/bin:/bin");
    for (const char *at = folders; *at != '\0';) {
        const int size = (int)strcspn(at, ":");
        snprintf(ret, PROGRAM_PATH_MAX, "%.*s/%s", size, at, name);
        if (size > 0 && is_program(ret)) {
            return true;
        }
        at += size;
        at += *at == ':';
    }
    return false;
}
