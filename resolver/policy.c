/* The policy's table, unfolded: defaults, keys, sources, and how a file's values get in. */
#include "resolver/policy.h"

#include <assert.h>

#define NOTHING(title)
#define NUMBER_DEFAULT(member, key, fallback, ...)         .member = fallback,
#define DURATION_DEFAULT(member, key, text, fallback, ...) .member = fallback,
#define SWITCH_DEFAULT(member, key, fallback, ...)         .member = fallback,

const struct policy policy_default = {
    POLICY_TABLE(NOTHING, NUMBER_DEFAULT, DURATION_DEFAULT, SWITCH_DEFAULT)};

#define NUMBER_SPEC(member, name, value, low, high, unit, source, sentence, reached)               \
    {.key = name,                                                                                  \
     .type = PARAM_INTEGER,                                                                        \
     .doc = sentence,                                                                              \
     .fallback = #value,                                                                           \
     .least = low,                                                                                 \
     .most = high},
#define DURATION_SPEC(member, name, text, value, source, sentence, reached)                        \
    {.key = name, .type = PARAM_DURATION, .doc = sentence, .fallback = text},
#define SWITCH_SPEC(member, name, value, source, sentence)                                         \
    {.key = name, .type = PARAM_BOOL, .doc = sentence, .fallback = #value},

const struct param_spec policy_params[] = {
    POLICY_TABLE(NOTHING, NUMBER_SPEC, DURATION_SPEC, SWITCH_SPEC){.key = NULL}};

const size_t policy_param_count = sizeof policy_params / sizeof policy_params[0] - 1;

#define GROUP_ROW(title) {.group = title},
#define NUMBER_ROW(member, key, fallback, least, most, counted, from, doc, then)                   \
    {.source = from, .unit = counted, .reached = then},
#define DURATION_ROW(member, key, text, fallback, from, doc, then)                                 \
    {.source = from, .reached = then},
#define SWITCH_ROW(member, key, fallback, from, doc) {.source = from},

/* Titles stand among the rows, before those that they are for. */
static const struct policy_row rows[] = {
    POLICY_TABLE(GROUP_ROW, NUMBER_ROW, DURATION_ROW, SWITCH_ROW)};

struct policy_row policy_row(size_t index)
{
    const char *group = NULL;
    size_t seen = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].group != NULL) {
            group = rows[i].group;
        } else if (seen++ == index) {
            struct policy_row row = rows[i];
            row.group = group;
            return row;
        }
    }
    assert(false);
    return rows[0];
}

#define NUMBER_TAKE(member, key, fallback, ...)                                                    \
    policy->member = (uint32_t)params_number(params, key, fallback);
#define DURATION_TAKE(member, key, text, fallback, ...)                                            \
    policy->member = params_number(params, key, fallback);
#define SWITCH_TAKE(member, key, fallback, ...)                                                    \
    policy->member = params_number(params, key, fallback) != 0;

static void take_values(const struct params *params, struct policy *policy)
{
    POLICY_TABLE(NOTHING, NUMBER_TAKE, DURATION_TAKE, SWITCH_TAKE)
}

static bool refuse(const struct params *params, const char *key, const char *sentence,
                   struct diag *diag)
{
    const struct param *param = params_find(params, key);
    const struct place nowhere = {0};
    return diag_set(diag, param != NULL ? param->place : nowhere, "%s", sentence);
}

bool policy_configure(const struct params *params, struct policy *policy, struct diag *diag)
{
    take_values(params, policy);
    if (policy->timeout_least == 0 || policy->timeout_least > policy->timeout_most) {
        return refuse(params, "timeout-least", "timeout-least must lie between 0 and timeout-most",
                      diag);
    }
    if (policy->tcp_time_max == 0) {
        return refuse(params, "tcp-time-max", "tcp-time-max must be above 0", diag);
    }
    if (policy->failure_ttl_least > policy->failure_ttl_most) {
        return refuse(params, "failure-ttl-least", "failure-ttl-least is above failure-ttl-most",
                      diag);
    }
    if (policy->backoff_least > policy->backoff_most) {
        return refuse(params, "backoff-least", "backoff-least is above backoff-most", diag);
    }
    if (!policy->ipv4 && !policy->ipv6) {
        return refuse(params, "ipv6", "with neither ipv4 nor ipv6 no server can be asked", diag);
    }
    return true;
}
