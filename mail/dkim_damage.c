/* Names for damage. The reader of key records finds that something is wrong and where; here its
 * surroundings tell how it probably came about. */
#include "mail/dkim_damage.h"

#include "mail/base64.h"

/* One row per damage: slug, number in the failure catalogue, what is wrong. */
static const struct damage_row {
    const char *slug;
    const char *number;
    const char *text;
} rows[DKIM_DAMAGES] = {
    [DKIM_DAMAGE_NONE] = {"none", NULL, "nothing is wrong"},
    [DKIM_DAMAGE_EMPTY] = {"empty-record", "F50", "the record is empty"},
    [DKIM_DAMAGE_MALFORMED_TXT] = {"malformed-txt", NULL,
                                   "the TXT record is no sequence of strings"},
    [DKIM_DAMAGE_HOSTNAME] = {"hostname", "F14",
                              "the text is a host name: a CNAME's target typed as TXT?"},
    [DKIM_DAMAGE_OTHER_RECORD] = {"other-record", "F31",
                                  "this is a policy record of another kind, not a key"},
    [DKIM_DAMAGE_VERSION] = {"wrong-version", "F51", "v= is not DKIM1"},
    [DKIM_DAMAGE_VERSION_PLACE] = {"version-not-first", "F51", "v= is not the first tag"},
    [DKIM_DAMAGE_TEXT_BEFORE] = {"text-before-version", "F47",
                                 "something stands before v=: the host name or type pasted too?"},
    [DKIM_DAMAGE_BACKSLASH] = {"literal-backslash", "F38",
                               "a literal backslash stands before \";\""},
    [DKIM_DAMAGE_QUOTES_AROUND] = {"quotes-around", "F39",
                                   "literal quotes stand around the record"},
    [DKIM_DAMAGE_QUOTES_INSIDE] = {"quotes-inside", "F40",
                                   "a literal quote stands inside the record"},
    [DKIM_DAMAGE_NON_ASCII] = {"non-ascii", "F42",
                               "a character outside ASCII stands in the record"},
    [DKIM_DAMAGE_PEM] = {"pem-armour", "F44", "p= still has its PEM header"},
    [DKIM_DAMAGE_PKCS1] = {"pkcs1-key", "F45",
                           "p= is a bare RSAPublicKey (PKCS #1) instead of a SubjectPublicKeyInfo"},
    [DKIM_DAMAGE_DUPLICATE_TAG] = {"duplicate-tag", "F46", "a tag occurs twice"},
    [DKIM_DAMAGE_DOUBLED_TAG] = {"doubled-tag", "F46", "the value begins with a tag's name again"},
    [DKIM_DAMAGE_EMPTY_TAG] = {"empty-tag", "F62", "there is no tag where a \";\" ends one"},
    [DKIM_DAMAGE_TAG_NAME] = {"tag-name", "F62", "this is no tag name"},
    [DKIM_DAMAGE_NO_EQUALS] = {"no-equals", "F62", "no \"=\" follows a tag name"},
    [DKIM_DAMAGE_NO_SEMICOLON] = {"no-semicolon", NULL, "there is no \";\" between two tags"},
    [DKIM_DAMAGE_VALUE_OCTET] = {"control-character", NULL,
                                 "a control character stands in a value"},
    [DKIM_DAMAGE_VALUE] = {"bad-value", NULL, "the value is not what its tag allows"},
    [DKIM_DAMAGE_TOO_MANY_TAGS] = {"too-many-tags", NULL, "there are too many tags"},
    [DKIM_DAMAGE_MISSING_KEY] = {"missing-key", "F49", "there is no p="},
    [DKIM_DAMAGE_BARE_BASE64] = {"bare-base64", "F35",
                                 "this is base64 without tags: the rest of a key in a record of "
                                 "its own?"},
    [DKIM_DAMAGE_TRUNCATED] = {"truncated-key", "F37", "p= ends before its key does"},
    [DKIM_DAMAGE_BASE64] = {"bad-base64", NULL, "p= is not base64"},
    [DKIM_DAMAGE_KEY_ENCODING] = {"bad-key-encoding", NULL, "p= does not hold an RSA key"},
    [DKIM_DAMAGE_KEY_KIND] = {"other-kind-of-key", "F52",
                              "p= holds a key of another kind than k= says"},
    [DKIM_DAMAGE_ED25519_LENGTH] = {"ed25519-length", NULL,
                                    "p= does not hold the 32 octets of an Ed25519 key"},
};

const char *dkim_damage_slug(enum dkim_damage damage)
{
    return rows[damage].slug;
}

const char *dkim_damage_number(enum dkim_damage damage)
{
    return rows[damage].number;
}

const char *dkim_damage_text(enum dkim_damage damage)
{
    return rows[damage].text;
}

/* --- what the octets look like --- */

static bool starts_with(struct bytes view, const char *prefix)
{
    const size_t size = strlen(prefix);
    return view.size >= size && memcmp(view.data, prefix, size) == 0;
}

/* Sequences that web pages and word processors leave behind. */
static const struct foreign {
    const char *octets;
    const char *name;
} foreigners[] = {
    {"\xc2\xa0", "a no-break space (U+00A0)"},
    {"\xe2\x80\x8b", "a zero-width space (U+200B)"},
    {"\xe2\x80\x8c", "a zero-width non-joiner (U+200C)"},
    {"\xe2\x80\x8d", "a zero-width joiner (U+200D)"},
    {"\xe2\x80\x9c", "a typographic quote (U+201C)"},
    {"\xe2\x80\x9d", "a typographic quote (U+201D)"},
    {"\xe2\x80\x9e", "a typographic quote (U+201E)"},
    {"\xe2\x80\x98", "a typographic quote (U+2018)"},
    {"\xe2\x80\x99", "a typographic quote (U+2019)"},
    {"\xe2\x80\x93", "an en dash (U+2013)"},
    {"\xe2\x80\x94", "an em dash (U+2014)"},
    {"\xef\xbb\xbf", "a byte order mark (U+FEFF)"},
};

static const char *foreign_name(struct bytes at)
{
    for (size_t i = 0; i < sizeof foreigners / sizeof foreigners[0]; i++) {
        if (starts_with(at, foreigners[i].octets)) {
            return foreigners[i].name;
        }
    }
    return NULL;
}

static bool is_host_octet(uint8_t octet)
{
    const uint8_t lower = octet | 0x20;
    return (lower >= 'a' && lower <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' ||
           octet == '_' || octet == '.';
}

/* Labels with dots between them and nothing else; a final dot or white space may follow. */
static bool looks_like_hostname(struct bytes record)
{
    size_t dots = 0;
    size_t size = record.size;
    while (size > 0 && (record.data[size - 1] == ' ' || record.data[size - 1] == '.')) {
        size--;
    }
    for (size_t i = 0; i < size; i++) {
        if (!is_host_octet(record.data[i])) {
            return false;
        }
        dots += record.data[i] == '.';
    }
    return dots > 0;
}

#define BARE_BASE64_LEAST 16 /* shorter text may be any word */

static bool looks_like_base64(struct bytes record)
{
    size_t characters = 0;
    for (size_t i = 0; i < record.size; i++) {
        const uint8_t octet = record.data[i];
        if (!base64_is_alphabet(octet) && octet != '=' && octet != ' ') {
            return false;
        }
        characters += octet != ' ';
    }
    return characters >= BARE_BASE64_LEAST;
}

/* "v=DKIM1" somewhere after the beginning, before the first tag ends. */
static bool has_late_version(struct bytes record)
{
    for (size_t i = 1; i < record.size && record.data[i - 1] != ';'; i++) {
        if (starts_with(bytes_after(record, i), "v=DKIM1")) {
            return true;
        }
    }
    return false;
}

/* --- refinement --- */

/* Names that fit any fault at an octet. False if none does. */
static bool refine_octet(struct bytes record, struct dkim_problem *problem)
{
    const struct bytes rest = bytes_after(record, problem->at);
    if (rest.size == 0) {
        return false;
    }
    if (rest.data[0] >= 0x80) {
        problem->damage = DKIM_DAMAGE_NON_ASCII;
        problem->detail = foreign_name(rest);
        return true;
    }
    if (rest.data[0] == '"') {
        problem->damage = problem->at == 0 ? DKIM_DAMAGE_QUOTES_AROUND : DKIM_DAMAGE_QUOTES_INSIDE;
        return true;
    }
    if (rest.data[0] == '\\' && (rest.size == 1 || rest.data[1] == ';')) {
        problem->damage = DKIM_DAMAGE_BACKSLASH;
        return true;
    }
    return false;
}

static void blame_all(struct dkim_problem *problem, enum dkim_damage damage)
{
    *problem = (struct dkim_problem){.damage = damage};
}

void dkim_damage_refine_list(struct bytes record, bool first, struct dkim_problem *problem)
{
    const bool no_key = problem->damage == DKIM_DAMAGE_MISSING_KEY;
    if (problem->damage == DKIM_DAMAGE_TAG_NAME || problem->damage == DKIM_DAMAGE_NO_EQUALS) {
        if (refine_octet(record, problem)) {
            return;
        }
    }
    if (problem->damage == DKIM_DAMAGE_EMPTY || (!first && !no_key)) {
        return;
    }
    if (looks_like_hostname(record)) {
        blame_all(problem, DKIM_DAMAGE_HOSTNAME);
    } else if (has_late_version(record)) {
        blame_all(problem, DKIM_DAMAGE_TEXT_BEFORE);
    } else if (looks_like_base64(record)) {
        blame_all(problem, DKIM_DAMAGE_BARE_BASE64);
    }
}

/* "p=" and the like at the start of a value. */
static bool begins_with_tag(struct bytes value)
{
    return starts_with(value, "p=") || starts_with(value, "k=") || starts_with(value, "v=");
}

static bool is_policy_record(struct bytes value)
{
    return starts_with(value, "spf") || starts_with(value, "DMARC") || starts_with(value, "STSv") ||
           starts_with(value, "TLSRPT") || starts_with(value, "BIMI");
}

static enum dkim_damage refine_version(struct bytes value)
{
    if (starts_with(value, "DKIM1 ") || starts_with(value, "DKIM1\t")) {
        return DKIM_DAMAGE_NO_SEMICOLON;
    }
    if (begins_with_tag(value)) {
        return DKIM_DAMAGE_DOUBLED_TAG;
    }
    return is_policy_record(value) ? DKIM_DAMAGE_OTHER_RECORD : DKIM_DAMAGE_VERSION;
}

static enum dkim_damage refine_base64(struct bytes value)
{
    if (starts_with(value, "-----")) {
        return DKIM_DAMAGE_PEM;
    }
    return begins_with_tag(value) ? DKIM_DAMAGE_DOUBLED_TAG : DKIM_DAMAGE_BASE64;
}

void dkim_damage_refine_value(struct bytes record, struct bytes value, struct dkim_problem *problem)
{
    if (refine_octet(record, problem)) {
        return;
    }
    if (problem->damage == DKIM_DAMAGE_BASE64) {
        problem->damage = refine_base64(value);
    } else if (problem->damage == DKIM_DAMAGE_VERSION) {
        problem->damage = refine_version(value);
    }
}

/* --- a line for a human --- */

static void put_found(struct text *text, int found)
{
    if (found < 0) {
        text_put(text, "the end");
        return;
    }
    const uint8_t octet = (uint8_t)found;
    text_put(text, "'");
    text_put_escaped(text, bytes_of(&octet, 1));
    text_put_format(text, "' (0x%02x)", (unsigned)octet);
}

void dkim_problem_put(struct text *text, const struct dkim_problem *problem)
{
    text_put(text, rows[problem->damage].text);
    if (problem->detail != NULL) {
        text_put_format(text, " (%s)", problem->detail);
    }
    text_put_format(text, "; octet %zu of the record is ", problem->at);
    put_found(text, problem->found);
    if (problem->tag.size > 0) {
        text_put_format(text, ", octet %zu of the value of ", problem->at_value);
        text_put_escaped(text, problem->tag);
        text_put(text, "=");
    }
    if (problem->in_key) {
        text_put_format(text, ", octet %zu of the decoded key", problem->at_key);
    }
}
