/* The policy's table holds together: its defaults are what it says they are, and files override
 * them. */
#include "resolver/policy.h"

#include <stdlib.h>

#include "tests/support/support.h"

/* Reads a default as a file would have it written. */
static uint64_t number_of(const struct param_spec *spec)
{
    char *unit = NULL;
    if (spec->type == PARAM_BOOL) {
        ck_assert(strcmp(spec->fallback, "true") == 0 || strcmp(spec->fallback, "false") == 0);
        return strcmp(spec->fallback, "true") == 0;
    }
    const uint64_t number = strtoull(spec->fallback, &unit, 10);
    if (spec->type == PARAM_INTEGER) {
        ck_assert_str_eq(unit, "");
        return number;
    }
    static const struct {
        const char *unit;
        uint64_t size;
    } units[] = {{"ms", NS_PER_MS},
                 {"s", NS_PER_S},
                 {"m", 60 * NS_PER_S},
                 {"h", 3600 * NS_PER_S},
                 {"d", 86400 * NS_PER_S}};
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (strcmp(units[i].unit, unit) == 0) {
            return number * units[i].size;
        }
    }
    ck_abort_msg("%s: no such unit: %s", spec->key, unit);
    return 0;
}

START_TEST(every_key_has_a_default_a_source_and_a_sentence)
{
    ck_assert_uint_gt(policy_param_count, 20);
    ck_assert_ptr_null(policy_params[policy_param_count].key);
    for (size_t i = 0; i < policy_param_count; i++) {
        const struct param_spec *spec = &policy_params[i];
        const struct policy_row row = policy_row(i);
        ck_assert_msg(strlen(row.source) > 3 && strlen(row.group) > 2, "%s", spec->key);
        ck_assert_msg((spec->type == PARAM_INTEGER) == (row.unit != NULL), "%s", spec->key);
        ck_assert_msg((spec->type == PARAM_BOOL) == (row.reached == NULL), "%s", spec->key);
        ck_assert_msg(spec->doc[strlen(spec->doc) - 1] == '.', "%s", spec->key);
        if (spec->type == PARAM_INTEGER) {
            ck_assert_msg(number_of(spec) >= spec->least && number_of(spec) <= spec->most, "%s",
                          spec->key);
        }
    }
}
END_TEST

/* All defaults given as a file would give them. */
static struct params all_defaults(struct param *items)
{
    for (size_t i = 0; i < policy_param_count; i++) {
        items[i] =
            (struct param){.spec = &policy_params[i], .number = number_of(&policy_params[i])};
    }
    return (struct params){items, policy_param_count};
}

START_TEST(the_defaults_written_are_the_defaults_used)
{
    struct param items[100];
    struct policy policy;
    struct diag diag;
    memset(&policy, 0, sizeof policy);
    const struct params params = all_defaults(items);
    ck_assert(policy_configure(&params, &policy, &diag));
#define NOTHING(title)
#define SAME(member, key, ...) ck_assert_msg(policy.member == policy_default.member, "%s", key);
    POLICY_TABLE(NOTHING, SAME, SAME, SAME)
}
END_TEST

START_TEST(a_file_overrides_what_it_names)
{
    struct policy policy;
    struct diag diag;
    struct param items[2] = {{.number = 7}, {.number = 2 * NS_PER_S}};
    for (size_t i = 0; i < policy_param_count; i++) {
        if (strcmp(policy_params[i].key, "queries-max") == 0) {
            items[0].spec = &policy_params[i];
        }
        if (strcmp(policy_params[i].key, "time-max") == 0) {
            items[1].spec = &policy_params[i];
        }
    }
    const struct params params = {items, 2};
    ck_assert(policy_configure(&params, &policy, &diag));
    ck_assert_uint_eq(policy.queries_max, 7);
    ck_assert_uint_eq(policy.time_max, 2 * NS_PER_S);
    ck_assert_uint_eq(policy.restarts_max, 11);
    ck_assert(policy.edns);
}
END_TEST

static const struct contradiction_row {
    const char *name;
    const char *key;
    uint64_t number;
} contradiction_rows[] = {
    {"timeout-least of 0", "timeout-least", 0},
    {"timeout-least above timeout-most", "timeout-least", 4 * NS_PER_S},
    {"timeout-most below timeout-least", "timeout-most", NS_PER_MS},
    {"tcp-time-max of 0", "tcp-time-max", 0},
    {"failure-ttl-least above failure-ttl-most", "failure-ttl-least", 400 * NS_PER_S},
    {"backoff-least above backoff-most", "backoff-least", 400 * NS_PER_S},
};

START_TEST(contradiction_is_refused)
{
    const struct contradiction_row *row = &contradiction_rows[_i];
    struct param items[100];
    struct policy policy;
    struct diag diag;
    const struct params params = all_defaults(items);
    for (size_t i = 0; i < params.count; i++) {
        if (strcmp(items[i].spec->key, row->key) == 0) {
            items[i].number = row->number;
            items[i].place.line = 42;
        }
    }
    ck_assert(!policy_configure(&params, &policy, &diag));
    ck_assert(strlen(diag.sentence) > 0);
}
END_TEST

START_TEST(neither_family_is_refused)
{
    struct param items[100];
    struct policy policy;
    struct diag diag;
    const struct params params = all_defaults(items);
    for (size_t i = 0; i < params.count; i++) {
        if (strncmp(items[i].spec->key, "ipv", 3) == 0) {
            items[i].number = 0;
        }
    }
    ck_assert(!policy_configure(&params, &policy, &diag));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("policy");
    add_test(suite, every_key_has_a_default_a_source_and_a_sentence);
    add_test(suite, the_defaults_written_are_the_defaults_used);
    add_test(suite, a_file_overrides_what_it_names);
    add_rows(suite, contradiction_is_refused, contradiction_rows);
    add_test(suite, neither_family_is_refused);
    return suite;
}
