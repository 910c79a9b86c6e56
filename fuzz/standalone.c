/* Replays files, and all files of directories, through a fuzz target: a corpus as an ordinary test.
 * Says how many inputs passed; an input that does not pass aborts, and was named before. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/target.h"

#define INPUT_OCTETS_MAX ((size_t)1 << 20)
#define PATH_OCTETS_MAX  4096

static size_t replayed;

static bool complain(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return false;
}

static bool replay_file(const char *path)
{
    static uint8_t buffer[INPUT_OCTETS_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return complain(path);
    }
    const size_t size = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    /* named before it runs: an abort leaves the name as the last line */
    printf("# %s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(buffer, size);
    replayed++;
    return true;
}

static bool replay_directory(const char *path)
{
    struct dirent **entries;
    const int count = scandir(path, &entries, NULL, alphasort);
    bool fine = true;
    if (count < 0) {
        return complain(path);
    }
    for (int i = 0; i < count; i++) {
        char child[PATH_OCTETS_MAX];
        const int size = snprintf(child, sizeof child, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && size > 0 && (size_t)size < sizeof child) {
            fine = replay_file(child) && fine;
        }
        free(entries[i]);
    }
    free(entries);
    return fine;
}

int main(int argc, char **argv)
{
    bool fine = true;
    for (int i = 1; i < argc; i++) {
        struct stat status;
        if (stat(argv[i], &status) != 0) {
            fine = complain(argv[i]);
        } else if (S_ISDIR(status.st_mode)) {
            fine = replay_directory(argv[i]) && fine;
        } else {
            fine = replay_file(argv[i]) && fine;
        }
    }
    printf("%zu inputs replayed\n", replayed);
    return fine && replayed > 0 ? 0 : 1;
}
