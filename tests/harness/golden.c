#include "tests/harness/golden.h"

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_OCTETS_MAX ((size_t)1024 * 1024)

static void write_file(const char *path, const char *octets)
{
    FILE *file = fopen(path, "w");
    ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
    ck_assert_int_ge(fputs(octets, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s: %s; GOLDEN_UPDATE=1 writes it", path, strerror(errno));
    char *octets = malloc(GOLDEN_OCTETS_MAX);
    ck_assert_ptr_nonnull(octets);
    const size_t size = fread(octets, 1, GOLDEN_OCTETS_MAX - 1, file);
    octets[size] = '\0';
    fclose(file);
    return octets;
}

void golden_check(const char *name, const char *octets)
{
    char path[4096];
    const char *directory = getenv("GOLDEN_DIR");
    ck_assert_msg(directory != NULL, "GOLDEN_DIR is not set: run this through meson test");
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (getenv("GOLDEN_UPDATE") != NULL) {
        write_file(path, octets);
        return;
    }
    char *expected = read_file(path);
    const bool same = strcmp(expected, octets) == 0;
    if (!same) {
        fprintf(stderr, "%s is now:\n%s", name, octets); /* stdout is TAP's */
    }
    ck_assert_msg(same, "%s differs; GOLDEN_UPDATE=1 accepts what is now said", name);
    free(expected);
}
