/* Replays inputs through a fuzz target: a corpus as an ordinary test, where no fuzzer is too. Takes
 * files (one input each), directories of them, and lists: files that end in `.hex`, with a name and
 * an input in hexadecimal digits a line. Says how many inputs passed; one that does not pass
 * aborts, and was named before.
 *
 *     fuzz_message_replay fuzz/corpus/message fuzz/corpus/message.hex
 *     fuzz_lookup_replay --unpack DIRECTORY fuzz/corpus/lookup.hex     one file an input, for
 * libFuzzer
 *     fuzz_lookup_replay --seconds 5 fuzz/corpus/lookup.hex            again and again: how many a
 * second of processor time
 */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "fuzz/target.h"

#define INPUT_OCTETS_MAX ((size_t)1 << 20)
#define LINE_OCTETS_MAX  (2 * INPUT_OCTETS_MAX + 256)
#define PATH_OCTETS_MAX  4096

/* An input that is kept, to be tried again and again. */
struct kept {
    uint8_t *data;
    size_t size;
};

static size_t replayed;
static const char *unpack_to; /* NULL: inputs are tried */
static double seconds;        /* 0: each is tried once */
static struct kept *kept;     /* `replayed` of them, where `seconds` is set */

static bool complain(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return false;
}

static bool unpack(const char *name, const uint8_t *data, size_t size)
{
    char path[PATH_OCTETS_MAX];
    const int length = snprintf(path, sizeof path, "%s/%s", unpack_to, name);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "wb") : NULL;
    if (file == NULL) {
        return complain(name);
    }
    const bool whole = fwrite(data, 1, size, file) == size;
    return (fclose(file) == 0 && whole) || complain(name);
}

static bool keep(const uint8_t *data, size_t size)
{
    struct kept *more = realloc(kept, (replayed + 1) * sizeof *kept);
    uint8_t *copy = malloc(size + 1);
    assert(more != NULL && copy != NULL);
    memcpy(copy, data, size);
    kept = more;
    kept[replayed++] = (struct kept){.data = copy, .size = size};
    return true;
}

static bool try_input(const char *name, const uint8_t *data, size_t size)
{
    if (seconds > 0) {
        return keep(data, size);
    }
    replayed++;
    if (unpack_to != NULL) {
        return unpack(name, data, size);
    }
    /* named before it runs: an abort leaves the name as the last line */
    printf("# %s\n", name);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    return true;
}

/* The value of a hexadecimal digit, 16 for anything else. */
static unsigned digit_of(char character)
{
    const char *const digits = "0123456789abcdef";
    const char *found = character != '\0' ? strchr(digits, character) : NULL;
    return found != NULL ? (unsigned)(found - digits) : 16;
}

/* "NAME HEX" becomes the name and its octets in place; SIZE_MAX if it is no such line. */
static size_t read_line(char *line, uint8_t *octets)
{
    char *hex = strchr(line, ' ');
    size_t size = 0;
    if (hex == NULL) {
        return SIZE_MAX;
    }
    *hex++ = '\0';
    for (; digit_of(hex[0]) < 16 && digit_of(hex[1]) < 16; hex += 2) {
        octets[size++] = (uint8_t)(digit_of(hex[0]) << 4 | digit_of(hex[1]));
    }
    return *hex == '\n' ? size : SIZE_MAX;
}

static bool replay_list(const char *path)
{
    static char line[LINE_OCTETS_MAX];
    static uint8_t octets[INPUT_OCTETS_MAX];
    FILE *file = fopen(path, "r");
    bool fine = file != NULL || complain(path);
    while (fine && fgets(line, sizeof line, file) != NULL) {
        const size_t size = read_line(line, octets);
        fine = size != SIZE_MAX && try_input(line, octets, size);
        if (!fine) {
            fprintf(stderr, "%s: \"%s\" is no name and input\n", path, line);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return fine;
}

static bool replay_file(const char *path)
{
    static uint8_t buffer[INPUT_OCTETS_MAX];
    const char *slash = strrchr(path, '/');
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return complain(path);
    }
    const size_t size = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    return try_input(unpack_to != NULL && slash != NULL ? slash + 1 : path, buffer, size);
}

/* Directories in directories, as deep as a path can be long. NOLINTBEGIN(misc-no-recursion) */
static bool replay(const char *path);

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
            fine = replay(child) && fine;
        }
        free(entries[i]);
    }
    free(entries);
    return fine;
}

static bool replay(const char *path)
{
    struct stat status = {0};
    const size_t size = strlen(path);
    if (stat(path, &status) != 0) {
        return complain(path);
    }
    if (S_ISDIR(status.st_mode)) {
        return replay_directory(path);
    }
    return size > 4 && strcmp(path + size - 4, ".hex") == 0 ? replay_list(path) : replay_file(path);
}
/* NOLINTEND(misc-no-recursion) */

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Tries all that was kept until the time is over. The first round does not count: worlds are built
 * in it. */
static void try_again_and_again(void)
{
    uint64_t tried = 0;
    double start = 0, now = 0;
    for (int round = 0; round < 2 || now - start < seconds; round++) {
        start = round == 1 ? seconds_now() : start;
        tried = round == 1 ? 0 : tried;
        for (size_t i = 0; i < replayed; i++, tried++) {
            LLVMFuzzerTestOneInput(kept[i].data, kept[i].size);
        }
        now = seconds_now();
    }
    printf("%zu inputs, %.0f a second\n", replayed, (double)tried / (now - start));
    for (size_t i = 0; i < replayed; i++) {
        free(kept[i].data);
    }
    free(kept);
}

int main(int argc, char **argv)
{
    bool fine = true;
    int first = 1;
    if (argc > 3 && strcmp(argv[1], "--unpack") == 0) {
        unpack_to = argv[2];
        first = 3;
    } else if (argc > 3 && strcmp(argv[1], "--seconds") == 0) {
        seconds = strtod(argv[2], NULL);
        first = 3;
    }
    for (int i = first; i < argc; i++) {
        fine = replay(argv[i]) && fine;
    }
    if (fine && seconds > 0 && replayed > 0) {
        try_again_and_again();
        return 0;
    }
    printf("%zu inputs %s\n", replayed, unpack_to != NULL ? "unpacked" : "replayed");
    return fine && (replayed > 0 || unpack_to != NULL) ? 0 : 1;
}
