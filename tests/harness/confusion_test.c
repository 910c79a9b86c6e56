#include "harness/confusion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/shipped.h"
#include "tests/support/support.h"

static struct confusion confusion;
static struct arena arena;

/* Causes that were told with a number that is not theirs. */
static char strayed[256];

static void note_strays(const struct run_result *result)
{
    for (size_t i = 0; i < result->outcome_count; i++) {
        const struct inspection *inspection = result->outcomes[i].inspection;
        for (size_t j = 0; inspection != NULL && j < inspection->count; j++) {
            const struct inspected *record = &inspection->records[j];
            const char *number = inspected_number(record);
            if (number != NULL && !cause_may_be(record->cause, number) &&
                strlen(strayed) + strlen(record->cause->slug) + 8 < sizeof strayed) {
                strcat(strcat(strcat(strayed, record->cause->slug), " "), number);
                strcat(strayed, "; ");
            }
        }
    }
}

/* All shipped scenarios, judged; once. */
static void judge_all(void)
{
    static struct unit unit; /* large */
    size_t count;
    const struct shipped *shipped = shipped_all(&count);
    if (confusion.arena != NULL) {
        return;
    }
    arena_init(&arena, UNIT_ARENA_MAX);
    confusion_init(&confusion, &arena);
    unit_init(&unit);
    for (size_t i = 0; i < count; i++) {
        unit_judge(&unit, shipped[i].path, shipped[i].name, 1);
        if (unit.scenario != NULL) {
            ck_assert(confusion_add(&confusion, &unit));
            note_strays(&unit.result);
        }
    }
    unit_free(&unit);
}

static void print_table(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    confusion_write(file, &confusion);
    fclose(file);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        fprintf(stderr, "# %s\n", line);
    }
    free(text);
}

/* Entries that are neither named nor explained, or both; told on standard error. */
static unsigned count_wrong(bool named)
{
    unsigned wrong = 0;
    for (unsigned number = 1; number < CONFUSION_NUMBERS; number++) {
        for (const struct confusion_entry *entry = confusion.first[number]; entry != NULL;
             entry = entry->next) {
            const bool explained = confusion_reason(entry->id, number) != NULL;
            if (entry->named == named && explained == named) {
                fprintf(stderr, "# F%02u in %s is %s\n", number, entry->id,
                        named ? "named, and explained" : "not named");
                wrong++;
            }
        }
    }
    return wrong;
}

START_TEST(what_is_not_named_is_explained)
{
    judge_all();
    print_table();
    ck_assert_uint_eq(count_wrong(false), 0);
}
END_TEST

START_TEST(what_is_named_needs_no_explanation)
{
    judge_all();
    ck_assert_uint_eq(count_wrong(true), 0);
}
END_TEST

/* Who says that nothing is wrong must verify, and name nothing. */
START_TEST(what_is_harmless_is_verified)
{
    unsigned harmless = 0;
    judge_all();
    for (unsigned number = 1; number < CONFUSION_NUMBERS; number++) {
        for (const struct confusion_entry *entry = confusion.first[number]; entry != NULL;
             entry = entry->next) {
            if (confusion_is_harmless(entry->id, number)) {
                ck_assert_msg(entry->verdict == SETUP_VERIFIED && entry->instead == 0, "%s",
                              entry->id);
                harmless++;
            }
        }
    }
    ck_assert_uint_gt(harmless, 0);
}
END_TEST

/* What a check calls a failure is a number that the cause's row says it may have. */
START_TEST(causes_keep_to_their_numbers)
{
    judge_all();
    ck_assert_str_eq(strayed, "");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("confusion");
    add_test(suite, what_is_not_named_is_explained);
    add_test(suite, what_is_named_needs_no_explanation);
    add_test(suite, what_is_harmless_is_verified);
    add_test(suite, causes_keep_to_their_numbers);
    return suite;
}
