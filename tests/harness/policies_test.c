/* The shipped scenarios end as expected whatever opinions the resolver has on privacy and forgery:
 * what it decides by itself must not change what customers see. */
#include <stdint.h>

#include "harness/unit.h"
#include "sim/virtual.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"

#define PARAMS_MAX 128
#define SEED       1

static const struct taste {
    const char *name;
    const char *keys[4]; /* switched on */
} tastes[] = {
    {"qname-minimisation", {"qname-minimisation"}},
    {"case-randomisation", {"case-randomisation"}},
    {"priming", {"priming"}},
    {"both", {"qname-minimisation", "case-randomisation"}},
};

static bool is_among(const struct param_spec *spec, const char *const *keys)
{
    for (size_t i = 0; i < COUNT_OF(tastes[0].keys) && keys[i] != NULL; i++) {
        if (strcmp(spec->key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The scenario's policy with `keys` switched on. The scenario is the unit's own. */
static void switch_on(struct params *params, const char *const *keys)
{
    static struct param items[PARAMS_MAX];
    ck_assert_uint_le(params->count, PARAMS_MAX);
    size_t changed = 0;
    for (size_t i = 0; i < params->count; i++) {
        items[i] = params->items[i];
        if (is_among(items[i].spec, keys)) {
            items[i].number = 1;
            changed++;
        }
    }
    ck_assert_uint_gt(changed, 0);
    params->items = items;
}

static void judge(const struct shipped *shipped, const struct taste *taste)
{
    static struct unit unit;
    const uint64_t seed = run_unit_seed(SEED, shipped->name);
    unit_init(&unit);
    ck_assert(unit_load(&unit, shipped->path, shipped->name));
    switch_on((struct params *)(uintptr_t)&unit.scenario->policy, taste->keys);
    ck_assert(unit_stage(&unit, seed, (struct entropy){0}));
    unit_run(&unit, virtual_run, seed);
    ck_assert_msg(unit.status == UNIT_PASSED, "%s with %s: %s", shipped->name, taste->name,
                  unit_status_name(unit.status));
    unit_free(&unit);
}

START_TEST(ends_as_expected)
{
    size_t count;
    const struct shipped *shipped = &shipped_all(&count)[_i];
    for (size_t i = 0; i < COUNT_OF(tastes); i++) {
        judge(shipped, &tastes[i]);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("policies");
    size_t count;
    const struct shipped *all = shipped_all(&count);
    support_add_rows(suite, ends_as_expected, &all[0].name, sizeof all[0], count);
    return suite;
}
