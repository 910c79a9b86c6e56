/* Golden walks: what a support engineer reads of the founding scenarios. */
#include "harness/show.h"

#include <stdlib.h>

#include "tests/harness/golden.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"

#define SCREEN_COLUMNS 100
#define SCREEN_ROWS    50

static char *story_of(struct unit *unit, const char *id, const struct show_options *options)
{
    char *octets = NULL;
    size_t size = 0;
    char *path = strdup(shipped_path(id));
    FILE *file = open_memstream(&octets, &size);
    ck_assert_ptr_nonnull(file);
    unit_init(unit);
    unit_judge(unit, path, id, 1);
    ck_assert_msg(unit->stage != NULL, "%s: %s", path, unit->diag_items[0].sentence);
    show_unit(file, unit, options);
    ck_assert_int_eq(fclose(file), 0);
    free(path);
    return octets;
}

/* The path to the scenarios is this machine's and no part of the story. */
static void hide_path(char *octets)
{
    static const char instead[] = "scenarios/";
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", shipped_path(""));
    *strstr(folder, ".yaml") = '\0';
    char *found = strstr(octets, folder);
    ck_assert_ptr_nonnull(found);
    const char *rest = found + strlen(folder);
    ck_assert_uint_ge(strlen(folder), sizeof instead - 1);
    memmove(found + sizeof instead - 1, rest, strlen(rest) + 1);
    memcpy(found, instead, sizeof instead - 1);
}

static const struct story_row {
    const char *name;
} story_rows[] = {
    {"proxy/article-dns-only"},
    {"proxy/article-proxied"},
    {"proxy/proxied-then-dns-only"},
    {"flattening/flattened"},
    {"entry/missing-dot"},
    {"chain/loop"},
    {"attack/spoof-header-only"},
    {"transport/servers-silent"},
    {"transport/truncated-tcp-open"},
    {"transport/first-packets-lost"},
};

START_TEST(walk)
{
    static struct unit unit;
    char name[256];
    char *octets = story_of(&unit, story_rows[_i].name, &(struct show_options){0});
    hide_path(octets);
    snprintf(name, sizeof name, "show.%s", story_rows[_i].name);
    *strchr(name, '/') = '.';
    golden_check(name, octets);
    free(octets);
    unit_free(&unit);
}
END_TEST

START_TEST(a_memory_is_told)
{
    static struct unit unit;
    char *octets = story_of(&unit, "negative/verifier-remembers", &(struct show_options){0});
    ck_assert_ptr_nonnull(strstr(octets, "verifier asks nobody, and says what it was told before"));
    free(octets);
    unit_free(&unit);
}
END_TEST

/* The article's case is understood without scrolling. */
START_TEST(the_founding_story_fits_one_screen)
{
    static struct unit unit;
    char *octets = story_of(&unit, "proxy/article-proxied", &(struct show_options){0});
    hide_path(octets);
    unsigned rows = 0;
    for (const char *at = octets; *at != '\0'; rows++) {
        const size_t size = strcspn(at, "\n");
        ck_assert_msg(size <= SCREEN_COLUMNS, "too wide: %.*s", (int)size, at);
        at += size + (at[size] == '\n');
    }
    ck_assert_uint_le(rows, SCREEN_ROWS);
    free(octets);
    unit_free(&unit);
}
END_TEST

START_TEST(packets_are_in_digs_layout)
{
    static struct unit unit;
    const struct show_options options = {.packets = true, .step = 1};
    char *octets = story_of(&unit, "proxy/article-proxied", &options);
    ck_assert_ptr_nonnull(strstr(octets, ";; ->>HEADER<<- opcode: QUERY, status: NOERROR"));
    ck_assert_ptr_nonnull(strstr(octets, "example.com.\t1800\tIN\tSOA\tmia.ns.cloudflare.com."));
    ck_assert_ptr_null(strstr(octets, "Step 2"));
    free(octets);
    unit_free(&unit);
}
END_TEST

START_TEST(colour_comes_only_when_asked_for)
{
    static struct unit unit;
    char *plain = story_of(&unit, "chain/loop", &(struct show_options){0});
    unit_free(&unit);
    char *coloured = story_of(&unit, "chain/loop", &(struct show_options){.colour = true});
    ck_assert_ptr_null(strchr(plain, '\033'));
    ck_assert_ptr_nonnull(strchr(coloured, '\033'));
    free(plain);
    free(coloured);
    unit_free(&unit);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("show");
    add_rows(suite, walk, story_rows);
    add_test(suite, a_memory_is_told);
    add_test(suite, the_founding_story_fits_one_screen);
    add_test(suite, packets_are_in_digs_layout);
    add_test(suite, colour_comes_only_when_asked_for);
    return suite;
}
