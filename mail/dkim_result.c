/* From retrieved records to a verifier's word. Each record is judged in the order of RFC
 * 6376 6.1.2, and the first objection stands. */
#include "mail/dkim_result.h"

#include "wire/octets.h"

/* --- words --- */

static const char *const word_names[DKIM_WORDS] = {
    [DKIM_PASS] = "pass",       [DKIM_FAIL] = "fail",           [DKIM_POLICY] = "policy",
    [DKIM_NEUTRAL] = "neutral", [DKIM_TEMPERROR] = "temperror", [DKIM_PERMERROR] = "permerror",
};

static const char *const outcome_names[DKIM_OUTCOMES] = {
    [DKIM_OUTCOME_FOUND] = "found",
    [DKIM_OUTCOME_REVOKED] = "revoked",
    [DKIM_OUTCOME_NO_KEY] = "no-key",
    [DKIM_OUTCOME_SYNTAX] = "syntax-error",
    [DKIM_OUTCOME_WRONG_VERSION] = "wrong-version",
    [DKIM_OUTCOME_UNSUITABLE] = "unsuitable",
    [DKIM_OUTCOME_TOO_SHORT] = "too-short",
    [DKIM_OUTCOME_SEVERAL] = "several-records",
    [DKIM_OUTCOME_UNAVAILABLE] = "unavailable",
};

static const char *const algorithm_names[] = {
    [DKIM_ALGORITHM_BY_KEY] = "by-key",
    [DKIM_RSA_SHA256] = "rsa-sha256",
    [DKIM_RSA_SHA1] = "rsa-sha1",
    [DKIM_ED25519_SHA256] = "ed25519-sha256",
};

#define ALGORITHMS (sizeof algorithm_names / sizeof algorithm_names[0])

/* The index of `text` among `count` names, `count` if it is none of them. */
static size_t find_name(const char *const *names, size_t count, struct bytes text)
{
    size_t i = 0;
    while (i < count && !bytes_are(text, names[i])) {
        i++;
    }
    return i;
}

const char *dkim_word_name(enum dkim_word word)
{
    return word_names[word];
}

bool dkim_word_parse(struct bytes text, enum dkim_word *ret)
{
    const size_t i = find_name(word_names, DKIM_WORDS, text);
    if (i < DKIM_WORDS) {
        *ret = (enum dkim_word)i;
    }
    return i < DKIM_WORDS;
}

const char *dkim_key_outcome_name(enum dkim_key_outcome outcome)
{
    return outcome_names[outcome];
}

bool dkim_key_outcome_parse(struct bytes text, enum dkim_key_outcome *ret)
{
    const size_t i = find_name(outcome_names, DKIM_OUTCOMES, text);
    if (i < DKIM_OUTCOMES) {
        *ret = (enum dkim_key_outcome)i;
    }
    return i < DKIM_OUTCOMES;
}

bool dkim_algorithm_parse(struct bytes text, enum dkim_algorithm *ret)
{
    const size_t i = find_name(algorithm_names, ALGORITHMS, text);
    if (i < ALGORITHMS) {
        *ret = (enum dkim_algorithm)i;
    }
    return i < ALGORITHMS;
}

/* --- identities --- */

static struct bytes without_final_dot(struct bytes domain)
{
    const bool dot = domain.size > 0 && domain.data[domain.size - 1] == '.';
    return bytes_of(domain.data, domain.size - (dot ? 1 : 0));
}

static struct bytes domain_of_identity(struct bytes identity)
{
    for (size_t i = identity.size; i-- > 0;) {
        if (identity.data[i] == '@') {
            return without_final_dot(bytes_after(identity, i + 1));
        }
    }
    return without_final_dot(identity);
}

static bool ends_with(struct bytes text, struct bytes suffix)
{
    if (suffix.size > text.size) {
        return false;
    }
    const uint8_t *tail = text.data + (text.size - suffix.size);
    for (size_t i = 0; i < suffix.size; i++) {
        if (lower_octet(tail[i]) != lower_octet(suffix.data[i])) {
            return false;
        }
    }
    return true;
}

enum kinship { SAME_DOMAIN, SUBDOMAIN, FOREIGN_DOMAIN };

/* How the domain of i= stands to d=. An i= without a domain stands for "@" and d= (RFC 6376 3.5).
 */
static enum kinship kinship_of(const struct dkim_signature *signature)
{
    const struct bytes identity = domain_of_identity(signature->identity);
    const struct bytes domain = without_final_dot(signature->domain);
    if (identity.size == 0 || (identity.size == domain.size && ends_with(identity, domain))) {
        return SAME_DOMAIN;
    }
    const bool below =
        ends_with(identity, domain) && identity.data[identity.size - domain.size - 1] == '.';
    return below ? SUBDOMAIN : FOREIGN_DOMAIN;
}

/* --- one record --- */

struct judge {
    const struct dkim_signature *signature;
    const struct dkim_key *right;
    struct dkim_result *result;
};

static void object(struct judge *judge, enum dkim_key_outcome outcome, enum dkim_word word,
                   unsigned also, const char *reason)
{
    judge->result->outcome = outcome;
    judge->result->word = word;
    judge->result->also = also;
    judge->result->reason = reason;
}

static void object_unsuitable(struct judge *judge, char tag, unsigned also, const char *reason)
{
    object(judge, DKIM_OUTCOME_UNSUITABLE, DKIM_PERMERROR, also, reason);
    judge->result->unsuitable_tag = tag;
}

static enum dkim_algorithm algorithm_for(const struct judge *judge, const struct dkim_key *key)
{
    if (judge->signature->algorithm != DKIM_ALGORITHM_BY_KEY) {
        return judge->signature->algorithm;
    }
    const struct dkim_key *by = judge->right != NULL ? judge->right : key;
    return by->type == DKIM_KEY_TYPE_ED25519 ? DKIM_ED25519_SHA256 : DKIM_RSA_SHA256;
}

static bool allows_hash(const struct dkim_key *key, enum dkim_algorithm algorithm)
{
    return !key->limits_hashes || (algorithm == DKIM_RSA_SHA1 ? key->sha1 : key->sha256);
}

static bool fits(const struct dkim_key *key, enum dkim_algorithm algorithm)
{
    return key->type ==
           (algorithm == DKIM_ED25519_SHA256 ? DKIM_KEY_TYPE_ED25519 : DKIM_KEY_TYPE_RSA);
}

/* Steps 5 to 7 and what 3.6.1 says of s=. */
static bool check_record(struct judge *judge, const struct dkim_key *key,
                         enum dkim_algorithm algorithm)
{
    const unsigned neutral = DKIM_WORD_BIT(DKIM_NEUTRAL);
    if (key->state == DKIM_KEY_SYNTAX || key->state == DKIM_KEY_WRONG_VERSION) {
        const bool version = key->state == DKIM_KEY_WRONG_VERSION;
        object(judge, version ? DKIM_OUTCOME_WRONG_VERSION : DKIM_OUTCOME_SYNTAX, DKIM_PERMERROR,
               neutral, "key syntax error");
        judge->result->problem = key->problem;
        return false;
    }
    if (!key->for_email) {
        object_unsuitable(judge, 's', 0, "no key for signature");
        return false;
    }
    if (!allows_hash(key, algorithm)) {
        object_unsuitable(judge, 'h', 0, "inappropriate hash algorithm");
        return false;
    }
    if (key->state == DKIM_KEY_REVOKED) {
        object(judge, DKIM_OUTCOME_REVOKED, DKIM_PERMERROR, DKIM_WORD_BIT(DKIM_FAIL),
               "key revoked");
        return false;
    }
    return true;
}

/* Step 8, RFC 8301 and what 3.6.1 says of t=s. */
static bool check_fitness(struct judge *judge, const struct dkim_key *key,
                          enum dkim_algorithm algorithm)
{
    if (!fits(key, algorithm)) {
        object_unsuitable(judge, 'k', DKIM_WORD_BIT(DKIM_NEUTRAL), "inappropriate key algorithm");
        return false;
    }
    if (key->type == DKIM_KEY_TYPE_RSA && key->bits < DKIM_RSA_BITS_MIN) {
        object(judge, DKIM_OUTCOME_TOO_SHORT, DKIM_POLICY,
               DKIM_WORD_BIT(DKIM_PERMERROR) | DKIM_WORD_BIT(DKIM_FAIL),
               "inappropriate key algorithm");
        return false;
    }
    if (key->strict_identity && kinship_of(judge->signature) == SUBDOMAIN) {
        object_unsuitable(judge, 't', 0, "domain mismatch");
        return false;
    }
    return true;
}

/* What is wrong with the signature whatever the key, and the arithmetic itself. */
static void check_signature(struct judge *judge, const struct dkim_key *key,
                            enum dkim_algorithm algorithm)
{
    if (kinship_of(judge->signature) == FOREIGN_DOMAIN) {
        object(judge, DKIM_OUTCOME_FOUND, DKIM_PERMERROR, 0, "domain mismatch");
    } else if (algorithm == DKIM_RSA_SHA1) {
        object(judge, DKIM_OUTCOME_FOUND, DKIM_PERMERROR,
               DKIM_WORD_BIT(DKIM_POLICY) | DKIM_WORD_BIT(DKIM_FAIL),
               "inappropriate hash algorithm");
        judge->result->unsuitable_tag = 'a';
    } else if (judge->right != NULL && !dkim_key_same(judge->right, key)) {
        object(judge, DKIM_OUTCOME_FOUND, DKIM_FAIL, 0, "signature did not verify");
    } else {
        object(judge, DKIM_OUTCOME_FOUND, DKIM_PASS, 0, "");
    }
}

static void judge_key(struct judge *judge, const struct dkim_key *key)
{
    struct dkim_result *result = judge->result;
    result->unsuitable_tag = 0;
    result->key_type = key->bits > 0 ? key->type : DKIM_KEY_TYPE_NONE;
    result->key_bits = key->bits;
    result->testing = key->testing;
    result->forgiven = key->bare_newline || key->space_at_the_end;
    result->problem = (struct dkim_problem){0};
    const enum dkim_algorithm algorithm = algorithm_for(judge, key);
    if (check_record(judge, key, algorithm) && check_fitness(judge, key, algorithm)) {
        check_signature(judge, key, algorithm);
    }
}

/* --- all records --- */

static bool judge_record(struct judge *judge, struct bytes rdata, struct arena *arena)
{
    struct dkim_key key;
    if (!dkim_key_parse_txt(rdata, arena, &key)) {
        return false;
    }
    judge_key(judge, &key);
    return true;
}

/* Tries one record after another (RFC 6376 6.1.2 step 4); what is said of the key is said of the
 * one that verifies, or of the first that could be decoded. */
static bool judge_several(struct judge *judge, const struct dkim_retrieval *retrieval,
                          struct arena *arena)
{
    struct dkim_result best = {0};
    for (size_t i = 0; i < retrieval->count; i++) {
        struct dkim_result one = *judge->result;
        struct judge inner = {judge->signature, judge->right, &one};
        if (!judge_record(&inner, retrieval->records[i], arena)) {
            return false;
        }
        if (i == 0 || one.word == DKIM_PASS || (best.key_bits == 0 && one.key_bits > 0)) {
            best = one;
        }
        if (one.word == DKIM_PASS) {
            break;
        }
    }
    *judge->result = best;
    const unsigned temperror = DKIM_WORD_BIT(DKIM_TEMPERROR);
    if (best.word == DKIM_PASS) {
        object(judge, DKIM_OUTCOME_SEVERAL, DKIM_PASS, DKIM_WORD_BIT(DKIM_PERMERROR) | temperror,
               "");
    } else {
        object(judge, DKIM_OUTCOME_SEVERAL, DKIM_PERMERROR, temperror, "multiple records");
    }
    return true;
}

bool dkim_result_of(const struct dkim_retrieval *retrieval, const struct dkim_signature *signature,
                    const struct dkim_key *right, struct arena *arena, struct dkim_result *ret)
{
    *ret = (struct dkim_result){.why = retrieval->why, .records = retrieval->seen};
    struct judge judge = {signature, right, ret};
    switch (retrieval->state) {
    case DKIM_UNAVAILABLE:
        object(&judge, DKIM_OUTCOME_UNAVAILABLE, DKIM_TEMPERROR, 0, "key unavailable");
        return true;
    case DKIM_NO_RECORDS:
        object(&judge, DKIM_OUTCOME_NO_KEY, DKIM_PERMERROR, 0, "no key for signature");
        return true;
    case DKIM_RECORDS: break;
    }
    if (retrieval->seen > 1) {
        return judge_several(&judge, retrieval, arena);
    }
    return judge_record(&judge, retrieval->records[0], arena);
}

bool dkim_result_allows(const struct dkim_result *result, enum dkim_word word)
{
    const unsigned allowed = DKIM_WORD_BIT(result->word) | result->also;
    return result->reason != NULL && (allowed & DKIM_WORD_BIT(word)) != 0;
}

void dkim_result_put(struct text *text, const struct dkim_result *result)
{
    text_put(text, word_names[result->word]);
    if (result->reason[0] != '\0') {
        text_put_format(text, " (%s)", result->reason);
    }
    if (result->key_type != DKIM_KEY_TYPE_NONE) {
        text_put_format(text, ", %s %u bits", dkim_key_type_name(result->key_type),
                        result->key_bits);
    }
    if (result->why != NULL) {
        text_put_format(text, ": %s", result->why);
    }
    if (result->problem.damage != DKIM_DAMAGE_NONE) {
        text_put(text, ": ");
        dkim_problem_put(text, &result->problem);
    }
}
