/* Findings of lint: each alone, and silenced where it is meant. */
#include "harness/lint.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/harness/loading.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"

#define TOLD "about: a\ncovers: F01\n"
#define LOOK "steps: [{lookup: a.b, expect: {answered: true}}]\n"

static const struct finding_row {
    const char *name; /* of the rule */
    const char *text;
    uint32_t line;
    size_t count;
} rows[] = {
    {"cname-loop",
     "scenario: x\nzones: {a.b: {records: [\n\"c CNAME d\",\n\"d CNAME c\"]}}\n" TOLD LOOK, 3, 2},
    {"cname-loop", "scenario: x\nzones: {a.b: {records: [\n\"c CNAME c\"]}}\n" TOLD LOOK, 3, 1},
    {"dangling-target", "scenario: x\nzones: {a.b: {records: [\n\"c CNAME d\"]}}\n" TOLD LOOK, 3,
     1},
    {"dangling-target", "scenario: x\nzones: {a.b: {records: [\n\"c MX 5 d.e.\"]}}\n" TOLD LOOK, 3,
     1},
    {"doubled-name", "scenario: x\nzones: {a.b: {records: [\n\"c.a.b A 192.0.2.1\"]}}\n" TOLD LOOK,
     3, 1},
    {"missing-dot",
     "scenario: x\nintended: dangling-target\nzones: {a.b: {records: [\n\"c CNAME d.e.f\"]}, e.f: "
     "{}}\n" TOLD LOOK,
     4, 1},
    {"beside-cname",
     "scenario: x\nzones: {a.b: {records: [\n\"c CNAME ns1\", \"c TXT x\"]}}\n" TOLD LOOK, 3, 1},
    {"beside-cname",
     "scenario: x\nzones: {a.b: {records: [\n\"c CNAME ns1\",\n\"c CNAME ns2\"]}}\n" TOLD LOOK, 3,
     2},
    {"no-such-record",
     "scenario: x\nzones: {a.b: {records: ['c.d A 192.0.2.1'],\nproxied: [c.d,\ncd]}}\n" TOLD LOOK,
     4, 1},
    {"no-such-record",
     "scenario: x\nzones: {a.b: {records: ['c.d A 192.0.2.1'],\nflattened: [c]}}\n" TOLD LOOK, 3,
     1},
    {"no-such-record",
     "scenario: x\nzones: {a.b: {records: ['c A 192.0.2.1'],\nentry: {doubled-zone: [c, "
     "e]}}}\n" TOLD LOOK,
     3, 1},
    {"no-such-record",
     "scenario: x\nzones: {a.b: {records: ['c A 192.0.2.1'],\nservers: {n: {missing-txt: "
     "e}}}}\n" TOLD LOOK,
     3, 1},
    {"missing-glue",
     "scenario: x\nintended: dangling-target\nzones: {a.b: {records: [\n\"c NS n.c\"]}}\n" TOLD
         LOOK,
     4, 1},
    {"undelegated", "scenario: x\nzones:\n  a.b: {servers: {n: {delegated: false}}}\n" TOLD LOOK, 3,
     1},
    {"idle-fault", "scenario: x\nzones: {a.b: {}}\nfaults: [{loss: 0%}]\n" TOLD LOOK, 3, 1},
    {"no-expectation", "scenario: x\nzones: {a.b: {}}\n" TOLD "steps:\n  - lookup: a.b\n", 6, 1},
    {"no-expectation", "scenario: x\nzones: {a.b: {}}\n" TOLD, 1, 1},
    {"no-key-wanted",
     "scenario: x\nzones: {a.b: {}}\n" TOLD
     "steps:\n  - setup: {name: k._domainkey.a.b, type: TXT, value: v=DKIM1}\n"
     "    expect: {verdict: declined}\n",
     6, 1},
    {"unused-key", "scenario: x\nzones: {a.b: {}}\n" TOLD "keys:\n  k: {ed25519: true}\n" LOOK, 6,
     1},
    {"unused-key",
     "scenario: x\nzones: {a.b: {records: ['k TXT ${key:k}']}}\n" TOLD
     "keys:\n  k: {ed25519: true}\n  l: {file: nowhere.pem}\n" LOOK,
     7, 1},
    {"untold", "scenario: x\nzones: {a.b: {}}\ncovers: F01\n" LOOK, 1, 1},
    {"untold", "scenario: x\nzones: {a.b: {}}\nabout: a\n" LOOK, 1, 1},
};

static void lint(struct loading *loading, size_t expected)
{
    ck_assert_uint_eq(loading->diags.count, 0);
    ck_assert_msg(scenario_lint(loading->scenario, &loading->diags) == expected, "%s",
                  loading_told(loading));
    ck_assert_uint_eq(loading->diags.count, expected);
}

START_TEST(finds)
{
    struct loading loading;
    char slug[64];
    snprintf(slug, sizeof slug, "[%s]", rows[_i].name);
    loading_begin_fine(&loading, rows[_i].text);
    lint(&loading, rows[_i].count);
    ck_assert_msg(strstr(loading.items[0].sentence, slug) != NULL, "%s", loading_told(&loading));
    ck_assert_uint_eq(loading.items[0].place.line, rows[_i].line);
    loading_end(&loading);
}
END_TEST

START_TEST(is_silent_where_it_is_meant)
{
    static char text[4096];
    struct loading loading;
    struct text buffer = text_in(text, sizeof text);
    const bool said = strstr(rows[_i].text, "intended: ") != NULL;
    text_put(&buffer, rows[_i].text);
    if (said) { /* the row's own list is one name: make it two */
        char *end = strchr(strstr(text, "intended: "), '\n');
        char rest[1024];
        strcpy(rest, end);
        snprintf(strstr(text, "intended: "), 2048, "intended: [dangling-target, %s]%s",
                 rows[_i].name, rest);
    } else {
        text_put_format(&buffer, "intended: %s\n", rows[_i].name);
    }
    loading_begin_fine(&loading, text);
    lint(&loading, 0);
    loading_end(&loading);
}
END_TEST

START_TEST(a_sound_scenario_has_no_findings)
{
    struct loading loading;
    loading_begin_fine(&loading,
                       "scenario: x\nzones:\n  a.b:\n    records: |\n      c CNAME d.e.f.\n"
                       "      c NSEC a.b. CNAME NSEC\n"
                       "      m MX 5 ns1\n  e.f: {records: [\"d TXT x\"]}\n"
                       "faults: [{loss: 1%}]\n" TOLD "steps:\n"
                       "  - setup: {name: k._domainkey.a.b, type: TXT, value: '\"v=DKIM1; "
                       "k=ed25519; \" \"p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"'}\n"
                       "    expect: {verdict: declined}\n");
    lint(&loading, 0);
    loading_end(&loading);
}
END_TEST

static const struct use {
    const char *name;
    const char *text;
} uses[] = {
    {"published", "zones: {a.b: {records: ['k TXT ${key:k}']}}\n" LOOK},
    {"signs", "zones: {a.b: {}}\nsteps:\n"
              "  - dkim: {name: k._domainkey.a.b, sign-with: k}\n"
              "    expect: {result: permerror}\n"},
    {"signs as the only one", "zones: {a.b: {}}\nsteps:\n"
                              "  - dkim: k._domainkey.a.b\n"
                              "    expect: {result: permerror}\n"},
};

START_TEST(a_key_that_is_published_or_signs_is_used)
{
    char text[1024];
    struct loading loading;
    snprintf(text, sizeof text, "scenario: x\n" TOLD "keys: {k: {ed25519: true}}\n%s",
             uses[_i].text);
    loading_begin_fine(&loading, text);
    lint(&loading, 0);
    loading_end(&loading);
}
END_TEST

START_TEST(nothing_is_found_in_what_is_shipped)
{
    size_t count;
    struct loading loading;
    loading_begin_file(&loading, shipped_all(&count)[_i].path);
    ck_assert_msg(loading.scenario != NULL, "%s", loading_told(&loading));
    lint(&loading, 0);
    loading_end(&loading);
}
END_TEST

Suite *test_suite(void)
{
    size_t count;
    const struct shipped *all = shipped_all(&count);
    Suite *suite = suite_create("lint");
    support_add_rows(suite, nothing_is_found_in_what_is_shipped, &all->name, sizeof *all, count);
    add_rows(suite, finds, rows);
    add_rows(suite, is_silent_where_it_is_meant, rows);
    add_test(suite, a_sound_scenario_has_no_findings);
    add_rows(suite, a_key_that_is_published_or_signs_is_used, uses);
    return suite;
}
