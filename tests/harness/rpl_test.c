#include "harness/rpl.h"

#include <dirent.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/unit.h"
#include "sim/virtual.h"
#include "tests/support/support.h"

#define SHIPPED_LEAST 30
#define TEXT_MAX      8192

/* --- texts --- */

#define HEAD                                                                                       \
    "server:\n\tqname-minimisation: no\nstub-zone:\n\tname: \".\"\n\tstub-addr: 198.41.0.4\n"
#define FLAT "query-minimization: off\nstub-addr: 198.41.0.4\n"
#define ENTRY(lines)                                                                               \
    "ENTRY_BEGIN\nMATCH opcode qtype qname\nADJUST copy_id\nREPLY QR AA NOERROR\n" lines           \
    "ENTRY_END\n"
#define ROOT                                                                                       \
    "RANGE_BEGIN 0 100\n\tADDRESS 198.41.0.4\n" ENTRY(                                             \
        "SECTION QUESTION\n. IN NS\nSECTION ANSWER\n. IN NS k.root.\n"                             \
        "SECTION ADDITIONAL\nk.root. IN A 198.41.0.4\n")                                           \
        ENTRY("SECTION QUESTION\na. IN A\nSECTION ANSWER\na. IN A 192.0.2.1\n") "RANGE_END\n"
#define QUERY "STEP 1 QUERY\nENTRY_BEGIN\nREPLY RD\nSECTION QUESTION\na. IN A\nENTRY_END\n"
#define CHECK(address)                                                                             \
    "STEP 2 CHECK_ANSWER\nENTRY_BEGIN\nMATCH all\nREPLY QR RD RA NOERROR\n"                        \
    "SECTION QUESTION\na. IN A\nSECTION ANSWER\na. IN A " address "\nENTRY_END\n"
#define WHOLE(head, body) head "CONFIG_END\nSCENARIO_BEGIN A title\n" body "SCENARIO_END\n"

static struct unit unit;

static void judge_file(const char *path, uint64_t seed)
{
    unit_init(&unit);
    unit_judge(&unit, path, "id", seed);
}

/* Judges `text` as a file of its own. */
static void judge(const char *text)
{
    char path[] = "/tmp/faultzone-XXXXXX.rpl";
    const int descriptor = mkstemps(path, 4);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    judge_file(path, 1);
    unlink(path);
}

static const char *seen(void)
{
    static char told[4096];
    struct text text = text_in(told, sizeof told);
    for (size_t i = 0; i < unit.result.finding_count; i++) {
        const struct finding *finding = &unit.result.findings[i];
        if (finding->judgement != JUDGED_MET) {
            verdict_put_seen(&text, finding->expectation, finding->outcome);
            text_put_char(&text, '\n');
        }
    }
    return told;
}

/* --- what is played --- */

START_TEST(what_is_as_the_file_says_passes)
{
    judge(WHOLE(HEAD, ROOT QUERY CHECK("192.0.2.1")));
    ck_assert_msg(unit.status == UNIT_PASSED, "%s", seen());
    ck_assert_str_eq(unit.scenario->title, "A title");
    unit_free(&unit);
}
END_TEST

START_TEST(another_answer_fails_and_both_are_told)
{
    judge(WHOLE(HEAD, ROOT QUERY CHECK("192.0.2.2")));
    ck_assert_int_eq(unit.status, UNIT_FAILED);
    ck_assert_ptr_nonnull(strstr(seen(), "another answer section"));
    ck_assert_ptr_nonnull(strstr(seen(), "a. 3600 A 192.0.2.1"));
    ck_assert_ptr_nonnull(strstr(seen(), "a. 3600 A 192.0.2.2"));
    unit_free(&unit);
}
END_TEST

static const struct unanswered_row {
    const char *name, *text;
} unanswered_rows[] = {
    {"testbound",
     WHOLE(HEAD, "RANGE_BEGIN 50 60\n\tADDRESS 198.41.0.4\nRANGE_END\n" QUERY CHECK("192.0.2.1"))},
    {"testbound, nobody checks", WHOLE(HEAD, QUERY)},
    {"deckard", WHOLE(FLAT, "RANGE_BEGIN 0 100\n\tADDRESS 198.41.0.4\n" ENTRY(
                                "SECTION QUESTION\nb. IN A\n") "RANGE_END\n" QUERY)},
};

START_TEST(a_query_without_an_entry_is_told_with_its_server)
{
    judge(unanswered_rows[_i].text);
    ck_assert_int_eq(unit.status, UNIT_FAILED);
    ck_assert_msg(strstr(seen(), "no entry answers ") != NULL, "%s", seen());
    ck_assert_msg(strstr(seen(), " of 198.41.0.4") != NULL, "%s", seen());
    unit_free(&unit);
}
END_TEST

START_TEST(a_query_that_is_not_sent_as_scripted_fails)
{
    judge(WHOLE(HEAD,
                ROOT QUERY "STEP 2 CHECK_OUT_QUERY\nENTRY_BEGIN\nMATCH qname\nSECTION QUESTION\n"
                           "zz. IN A\nENTRY_END\n" CHECK("192.0.2.1")));
    ck_assert_int_eq(unit.status, UNIT_FAILED);
    ck_assert_ptr_nonnull(strstr(seen(), "the resolver asked nothing of the kind"));
    unit_free(&unit);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_trace)
{
    static const char text[] = WHOLE(HEAD, ROOT QUERY CHECK("192.0.2.1"));
    judge(text);
    const uint64_t digest = unit.result.digest;
    unit_free(&unit);
    judge(text);
    ck_assert_uint_eq(unit.result.digest, digest);
    unit_free(&unit);
}
END_TEST

/* --- what is not understood --- */

static const struct skip_row {
    const char *name, *text, *reason;
} skip_rows[] = {
    {"trust anchor", WHOLE("server:\n\ttrust-anchor: \"a. DS 1 2 3 4\"\n" HEAD, QUERY),
     "DNSSEC validation (trust-anchor)"},
    {"deckard's trust anchor", WHOLE("trust-anchor: a. DS 1 2 3 4\n" FLAT, QUERY),
     "DNSSEC validation (trust-anchor)"},
    {"unknown option", WHOLE("server:\n\tdance: yes\n" HEAD, QUERY), "the option dance"},
    {"forward zone", WHOLE(HEAD "forward-zone:\n\tname: \"a\"\n\tforward-addr: 1.2.3.4\n", QUERY),
     "forward-zone:"},
    {"serve-expired", WHOLE("server:\n\tserve-expired: yes\n" HEAD, QUERY), "serve-expired: yes"},
    {"assign", WHOLE(HEAD, "STEP 1 ASSIGN t = ${time}\n" QUERY), "the step ASSIGN"},
    {"macro", WHOLE(HEAD, "STEP 1 TIME_PASSES EVAL ${$a + 1}\n" QUERY), "TIME_PASSES with a macro"},
    {"no hint", WHOLE("server:\n\tdo-ip6: no\n", QUERY), "no stub-addr"},
};

START_TEST(what_we_do_not_have_is_skipped_by_name)
{
    judge(skip_rows[_i].text);
    ck_assert_int_eq(unit.status, UNIT_SKIPPED);
    ck_assert_msg(strstr(unit.skip, skip_rows[_i].reason) != NULL, "%s", unit.skip);
    unit_free(&unit);
}
END_TEST

START_TEST(a_trust_anchor_without_the_validator_is_no_reason)
{
    judge(WHOLE("server:\n\ttrust-anchor: \"a. DS 1 2 3 4\"\n\tmodule-config: \"iterator\"\n" HEAD,
                ROOT QUERY CHECK("192.0.2.1")));
    ck_assert_msg(unit.status == UNIT_PASSED, "%s", seen());
    unit_free(&unit);
}
END_TEST

static const struct error_row {
    const char *name, *text;
    uint32_t line, column;
    const char *sentence, *hint;
} error_rows[] = {
    {"no config end", "do-ip6: no\n", 1, 0, "CONFIG_END is missing", ""},
    {"no scenario", "stub-addr: 1.2.3.4\nCONFIG_END\n", 3, 1, "SCENARIO_BEGIN is missing", ""},
    {"no scenario end", "CONFIG_END\nSCENARIO_BEGIN x\n" QUERY, 2, 1, "SCENARIO_END is missing",
     ""},
    {"no option", "nonsense\nCONFIG_END\nSCENARIO_BEGIN x\nSCENARIO_END\n", 1, 1,
     "a key, a colon and a value", "CONFIG_END"},
    {"no address", "stub-addr: 1.2.3\nCONFIG_END\nSCENARIO_BEGIN x\nSCENARIO_END\n", 1, 12,
     "`1.2.3` is not an IP address", ""},
    {"misspelt step", WHOLE(FLAT, "STEP 1 QUREY\n"), 5, 8, "`QUREY` is no kind of step", "QUERY"},
    {"misspelt match", WHOLE(FLAT, "STEP 1 QUERY\nENTRY_BEGIN\nMATCH qnaem\nENTRY_END\n"), 7, 7,
     "`qnaem` is no word of MATCH", "qname"},
    {"misspelt reply", WHOLE(FLAT, "STEP 1 QUERY\nENTRY_BEGIN\nREPLY QR NXDOMIAN\nENTRY_END\n"), 7,
     10, "`NXDOMIAN` is no word of REPLY", "NXDOMAIN"},
    {"no section", WHOLE(FLAT, "STEP 1 QUERY\nENTRY_BEGIN\nSECTION ANSWERS\nENTRY_END\n"), 7, 1,
     "no such section", "QUESTION, ANSWER"},
    {"no type", WHOLE(FLAT, "STEP 1 QUERY\nENTRY_BEGIN\nSECTION QUESTION\na. IN AB\nENTRY_END\n"),
     8, 7, "`AB` is neither a class nor an RR type", ""},
    {"bad record",
     WHOLE(FLAT, "RANGE_BEGIN 0 1\nENTRY_BEGIN\nSECTION ANSWER\n\ta. IN A 1.2.3\nENTRY_END\n"
                 "RANGE_END\n"),
     8, 10, "`1.2.3` is not an IPv4 address", ""},
    {"no entry", WHOLE(FLAT, "STEP 1 QUERY\nSTEP 2 NOTHING\n"), 5, 1, "this step needs an ENTRY",
     ""},
    {"bad number", WHOLE(FLAT, "RANGE_BEGIN 0 x\nRANGE_END\n"), 5, 1, "number of a step", ""},
    {"open range", WHOLE(FLAT, "RANGE_BEGIN 0 1\n\tADDRESS 1.2.3.4\n"), 7, 1,
     "a RANGE has lines ADDRESS", "RANGE_END"},
    {"bad hex",
     WHOLE(FLAT, "RANGE_BEGIN 0 1\nENTRY_BEGIN\nHEX_ANSWER_BEGIN\n00 0g\nHEX_ANSWER_END\n"
                 "ENTRY_END\nRANGE_END\n"),
     8, 4, "hex digits were expected here", ""},
    {"open hex", WHOLE(FLAT, "RANGE_BEGIN 0 1\nENTRY_BEGIN\nHEX_ANSWER_BEGIN\n00\n"), 7, 1,
     "HEX_ANSWER_END is missing", ""},
    {"no time", WHOLE(FLAT, "STEP 1 TIME_PASSES\n"), 5, 1, "how much time", "ELAPSE"},
};

START_TEST(errors_have_a_place_and_a_suggestion)
{
    const struct error_row *row = &error_rows[_i];
    judge(row->text);
    ck_assert_int_eq(unit.status, UNIT_UNLOADED);
    bool found = false;
    for (size_t i = 0; i < unit.diags.count; i++) {
        const struct diag *diag = &unit.diags.items[i];
        found = found || (diag->place.line == row->line && diag->place.column == row->column &&
                          strstr(diag->sentence, row->sentence) != NULL &&
                          strstr(diag->hint, row->hint) != NULL);
    }
    ck_assert_msg(found, "%u:%u: %s; %s", unit.diags.items[0].place.line,
                  unit.diags.items[0].place.column, unit.diags.items[0].sentence,
                  unit.diags.items[0].hint);
    unit_free(&unit);
}
END_TEST

/* --- files --- */

/* Judges all files that `pattern` means; how many there are. Only `skipped` may be more than 0 if
 * `may_skip`. */
static size_t judge_all(const char *pattern, bool may_skip)
{
    glob_t files;
    if (glob(pattern, 0, NULL, &files) != 0) {
        return 0;
    }
    for (size_t i = 0; i < files.gl_pathc; i++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            judge_file(files.gl_pathv[i], seed);
            const bool fine =
                unit.status == UNIT_PASSED || (may_skip && unit.status == UNIT_SKIPPED);
            ck_assert_msg(fine, "%s: %s: %s", files.gl_pathv[i], unit_status_name(unit.status),
                          unit.status == UNIT_FAILED ? seen() : unit.diags.items[0].sentence);
            unit_free(&unit);
        }
    }
    const size_t count = files.gl_pathc;
    globfree(&files);
    return count;
}

START_TEST(shipped_files_pass)
{
    char pattern[TEXT_MAX];
    snprintf(pattern, sizeof pattern, "%s/rpl/*.rpl", getenv("SCENARIOS_DIR"));
    ck_assert_uint_ge(judge_all(pattern, false), SHIPPED_LEAST);
}
END_TEST

/* Other projects' files, where they lie beside the source tree: all of those for a plain iterative
 * resolver must pass. */
START_TEST(files_of_other_projects_pass)
{
    static const struct {
        const char *below;
        bool may_skip;
    } rows[] = {{"iterative", false}, {"dnssec", true}};
    char pattern[TEXT_MAX];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(pattern, sizeof pattern, "%s/../../shared/rpl/%s/*/*.rpl", getenv("SCENARIOS_DIR"),
                 rows[i].below);
        const size_t count = judge_all(pattern, rows[i].may_skip);
        fprintf(stderr, "# %zu files in %s%s\n", count, rows[i].below,
                count == 0 ? ": they are not here, so nothing was tried" : "");
    }
}
END_TEST

/* The policy of the loaded scenario, which is the unit's own, with minimisation on or off. */
static void minimise(bool on)
{
    const struct params *policy = &unit.scenario->policy;
    size_t changed = 0;
    for (size_t i = 0; i < policy->count; i++) {
        struct param *param = (struct param *)(uintptr_t)&policy->items[i];
        if (strcmp(param->spec->key, "qname-minimisation") == 0) {
            param->number = on;
            changed++;
        }
    }
    ck_assert_uint_eq(changed, 1);
}

static void pass_minimised(const char *path, bool on)
{
    unit_init(&unit);
    ck_assert(unit_load(&unit, path, "id"));
    minimise(on);
    ck_assert(unit_stage(&unit, 1, (struct entropy){0}));
    unit_run(&unit, virtual_run, 1);
    ck_assert_msg(unit.status == UNIT_PASSED, "%s, minimisation %s: %s", path, on ? "on" : "off",
                  seen());
    unit_free(&unit);
}

/* Files that their list calls fit for both pass with query-name minimisation and without. */
START_TEST(files_of_other_projects_pass_minimised_or_not)
{
    char path[TEXT_MAX], line[TEXT_MAX / 2];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/../../shared/rpl/iterative.tsv", getenv("SCENARIOS_DIR"));
    FILE *list = fopen(path, "r");
    while (list != NULL && fgets(line, sizeof line, list) != NULL) {
        if (strstr(line, "qmin on/off") != NULL) {
            line[strcspn(line, "\t")] = '\0';
            snprintf(path, sizeof path, "%s/../../shared/rpl/iterative/%s", getenv("SCENARIOS_DIR"),
                     line);
            pass_minimised(path, false);
            pass_minimised(path, true);
            count++;
        }
    }
    if (list != NULL) {
        fclose(list);
    }
    fprintf(stderr, "# %zu files%s\n", count,
            count == 0 ? ": they are not here, so nothing was tried" : "");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("rpl");
    add_test(suite, what_is_as_the_file_says_passes);
    add_test(suite, another_answer_fails_and_both_are_told);
    add_rows(suite, a_query_without_an_entry_is_told_with_its_server, unanswered_rows);
    add_test(suite, a_query_that_is_not_sent_as_scripted_fails);
    add_test(suite, the_same_seed_gives_the_same_trace);
    add_rows(suite, what_we_do_not_have_is_skipped_by_name, skip_rows);
    add_test(suite, a_trust_anchor_without_the_validator_is_no_reason);
    add_rows(suite, errors_have_a_place_and_a_suggestion, error_rows);
    add_test(suite, shipped_files_pass);
    add_test(suite, files_of_other_projects_pass);
    add_test(suite, files_of_other_projects_pass_minimised_or_not);
    return suite;
}
