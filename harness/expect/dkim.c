/* What a DKIM verifier makes of the key it was given. */
#include <string.h>

#include "harness/expect/rows.h"

/* By enum dkim_word. */
const char *const expect_results[] = {
    [DKIM_PASS] = "pass",       [DKIM_FAIL] = "fail",           [DKIM_POLICY] = "policy",
    [DKIM_NEUTRAL] = "neutral", [DKIM_TEMPERROR] = "temperror", [DKIM_PERMERROR] = "permerror",
    [DKIM_WORDS] = NULL,
};
_Static_assert(sizeof expect_results / sizeof *expect_results == DKIM_WORDS + 1, "all the words");

const char *const expect_reasons[] = {
    "none",
    "key unavailable",
    "no key for signature",
    "key syntax error",
    "key revoked",
    "inappropriate hash algorithm",
    "inappropriate key algorithm",
    "domain mismatch",
    "multiple records",
    "signature did not verify",
    NULL,
};

/* In the order of enum dkim_key_outcome. */
const char *const expect_keys[] = {
    "found",      "revoked",   "no-key",          "syntax-error", "wrong-version",
    "unsuitable", "too-short", "several-records", "unavailable",  NULL,
};
_Static_assert(sizeof expect_keys / sizeof *expect_keys == DKIM_OUTCOMES + 1, "all outcomes");

/* In the order of enum dkim_key_type. */
const char *const expect_key_types[] = {"none", "rsa", "ed25519", "other", NULL};

/* Met by every word that RFC 8601 2.7.1 leaves to the verifier. */
bool check_result(const struct step_outcome *outcome, const struct param *wanted)
{
    return dkim_result_allows(&outcome->dkim, (enum dkim_word)wanted->number);
}

void show_result(const struct step_outcome *outcome, struct text *seen)
{
    dkim_result_put(seen, &outcome->dkim);
}

bool read_reason(const struct step_outcome *outcome, uint64_t *ret)
{
    const char *reason = outcome->dkim.reason[0] != '\0' ? outcome->dkim.reason : "none";
    for (*ret = 0; expect_reasons[*ret] != NULL; (*ret)++) {
        if (strcmp(expect_reasons[*ret], reason) == 0) {
            return true;
        }
    }
    return false;
}

bool read_key(const struct step_outcome *outcome, uint64_t *ret)
{
    *ret = outcome->dkim.outcome;
    return true;
}

bool read_key_type(const struct step_outcome *outcome, uint64_t *ret)
{
    *ret = outcome->dkim.key_type;
    return true;
}

bool read_key_bits(const struct step_outcome *outcome, uint64_t *ret)
{
    *ret = outcome->dkim.key_bits;
    return true;
}

bool read_key_records(const struct step_outcome *outcome, uint64_t *ret)
{
    *ret = outcome->dkim.records;
    return true;
}

static const char *damage_of(const struct step_outcome *outcome)
{
    const bool damaged = outcome->dkim.outcome == DKIM_OUTCOME_SYNTAX ||
                         outcome->dkim.outcome == DKIM_OUTCOME_WRONG_VERSION;
    return damaged ? dkim_damage_slug(outcome->dkim.problem.damage) : "none";
}

bool check_damage(const struct step_outcome *outcome, const struct param *wanted)
{
    return bytes_are(wanted->texts[0], damage_of(outcome));
}

void show_damage(const struct step_outcome *outcome, struct text *seen)
{
    text_put(seen, damage_of(outcome));
    if (strcmp(damage_of(outcome), "none") != 0) {
        text_put(seen, ": ");
        dkim_problem_put(seen, &outcome->dkim.problem);
    }
}

const char *refuse_damage(struct bytes text, struct spelling *spelling)
{
    for (int damage = DKIM_DAMAGE_NONE; damage < DKIM_DAMAGES; damage++) {
        const char *slug = dkim_damage_slug((enum dkim_damage)damage);
        if (bytes_are(text, slug)) {
            return NULL;
        }
        spelling_offer(spelling, slug);
    }
    return bytes_are(text, "none") ? NULL : "is no damage a key can have";
}
