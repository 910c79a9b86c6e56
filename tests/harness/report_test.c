#include "harness/report.h"

#include <stdlib.h>

#include "tests/harness/golden.h"
#include "tests/support/support.h"

/* Results made by hand: one scenario of each fate. */

static bool never(const struct step_outcome *outcome, const struct param *wanted)
{
    (void)outcome;
    (void)wanted;
    return false;
}

static void show_hostile(const struct step_outcome *outcome, struct text *seen)
{
    (void)outcome;
    text_put(seen, "<b> & \\\"quoted\\\" % ]]>");
}

static const struct expect_row hostile_row = {.key = "rcode", .check = never, .show = show_hostile};

static const struct expectation expectations[] = {
    {.row = &hostile_row,
     .place = {.file = "s/x.yaml", .line = 7, .column = 5},
     .shown = "rcode: NOERROR"},
    {.row = &hostile_row,
     .forbidden = true,
     .place = {.file = "s/x.yaml", .line = 8, .column = 5},
     .shown = "rcode: SERVFAIL"},
};

static const struct step steps[] = {
    {.kind = STEP_LOOKUP,
     .place = {.file = "s/x.yaml", .line = 5, .column = 3},
     .shown = "lookup a.example. A",
     .expectations = expectations,
     .expectation_count = 2},
};

static const char *const covers[] = {"F01", "F04", NULL};

static const struct scenario scenario = {
    .path = "s/x.yaml",
    .id = "x",
    .title = "Tom & \"Jerry\" <\xc3\xa9> #1",
    .about = "",
    .covers = covers,
    .steps = steps,
    .step_count = 1,
};

struct stand {
    struct unit unit;
    struct trace trace;
    struct step_outcome outcome;
    struct finding findings[2];
};

static void set_up(struct stand *stand, enum unit_status status)
{
    struct unit *unit = &stand->unit;
    memset(stand, 0, sizeof *stand);
    unit_init(unit);
    unit->path = "s/x.yaml";
    unit->id = "x";
    unit->status = status;
    if (status == UNIT_UNLOADED) {
        diag_set(&unit->diag_items[0], (struct place){.file = "s/x.yaml", .line = 2, .column = 1},
                 "unknown key \"zonse\"");
        diag_hint(&unit->diag_items[0], "did you mean \"zones\"?");
        diag_set(&unit->diag_items[1], (struct place){.file = "s/x.yaml", .line = 9, .column = 3},
                 "a step <b> of nothing");
        unit->diags.count = 2;
        return;
    }
    unit->scenario = unit->result.scenario = &scenario;
    stand->outcome = (struct step_outcome){
        .scenario = &scenario, .step = &steps[0], .end = STEP_ENDED, .trace = &stand->trace};
    for (size_t i = 0; i < 2; i++) {
        stand->findings[i] =
            (struct finding){.expectation = &expectations[i], .outcome = &stand->outcome};
    }
    unit->result.seed = 255;
    unit->result.digest = 0xabc;
    unit->result.packets = 12;
    unit->result.virtual_time = 1500 * NS_PER_MS;
    unit->result.outcomes = &stand->outcome;
    unit->result.outcome_count = 1;
    unit->result.findings = stand->findings;
    unit->result.finding_count = 2;
    if (status == UNIT_FAILED) {
        stand->findings[0].judgement = JUDGED_UNMET;
        unit->result.unmet = 1;
    }
    if (status == UNIT_BROKEN) {
        stand->outcome.end = STEP_STUCK;
        stand->findings[0].judgement = stand->findings[1].judgement = JUDGED_ERROR;
        unit->result.unmet = 2;
        unit->result.broken = true;
        diag_set(&unit->result.error, steps[0].place, "does not come to rest");
    }
}

/* The report of scenarios with these fates; the caller frees it. */
static char *report_of(const char *format, const enum unit_status *fates, size_t count)
{
    char *octets = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&octets, &size);
    ck_assert_ptr_nonnull(file);
    struct report report;
    report_begin(&report, report_find(format), file, 1, false);
    for (size_t i = 0; i < count; i++) {
        struct stand stand;
        set_up(&stand, fates[i]);
        report_unit(&report, &stand.unit);
    }
    ck_assert(report_end(&report));
    ck_assert_int_eq(fclose(file), 0);
    return octets;
}

static const enum unit_status all_fates[] = {UNIT_PASSED, UNIT_FAILED, UNIT_BROKEN, UNIT_UNLOADED};

static const struct golden_row {
    const char *name; /* the format */
} golden_rows[] = {{"text"}, {"tap"}, {"junit"}, {"json"}, {"jsonl"}, {"github"}, {"html"}};

START_TEST(every_fate_is_told)
{
    char name[64];
    const char *format = golden_rows[_i].name;
    char *octets = report_of(format, all_fates, COUNT_OF(all_fates));
    snprintf(name, sizeof name, "report.%s", format);
    golden_check(name, octets);
    free(octets);
}
END_TEST

START_TEST(annotations_end_at_ten)
{
    enum unit_status fates[12];
    for (size_t i = 0; i < COUNT_OF(fates); i++) {
        fates[i] = UNIT_FAILED;
    }
    char *octets = report_of("github", fates, COUNT_OF(fates));
    size_t errors = 0;
    for (const char *at = octets; (at = strstr(at, "::error ")) != NULL; at++) {
        errors++;
    }
    ck_assert_uint_eq(errors, REPORT_ANNOTATIONS_MAX);
    ck_assert_ptr_nonnull(strstr(octets, "::notice::2 more findings are not shown here"));
    free(octets);
}
END_TEST

START_TEST(an_unknown_format_is_not_found)
{
    ck_assert_ptr_null(report_find("xml"));
    ck_assert_ptr_eq(report_find("tap"), report_row_at(1));
    ck_assert_ptr_null(report_row_at(7));
}
END_TEST

START_TEST(a_report_that_cannot_be_written_says_so)
{
    FILE *full = fopen("/dev/full", "w");
    ck_assert_ptr_nonnull(full);
    struct report report;
    struct stand stand;
    set_up(&stand, UNIT_PASSED);
    report_begin(&report, report_find("json"), full, 1, false);
    report_unit(&report, &stand.unit);
    ck_assert(!report_end(&report));
    fclose(full);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("report");
    add_rows(suite, every_fate_is_told, golden_rows);
    add_test(suite, annotations_end_at_ten);
    add_test(suite, an_unknown_format_is_not_found);
    add_test(suite, a_report_that_cannot_be_written_says_so);
    return suite;
}
