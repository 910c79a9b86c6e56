#include "mail/dkim_result.h"

#include "tests/mail/test_keys.h"
#include "tests/support/support.h"

#define RECORDS_MOST 3

/* What the DNS gave (TXT records as text, or why not), what the signature says, which key is right,
 * and what must come of it. */
static const struct row {
    const char *name;
    const char *records[RECORDS_MOST]; /* of one string each */
    const char *silence;               /* unavailable, for this reason */
    const char *absence;               /* no records, for this reason */
    const char *algorithm;             /* NULL: by key */
    const char *domain, *identity;
    const char *right; /* key record; NULL: the published one is right */

    const char *word;
    const char *also; /* words with spaces around, " fail policy " */
    const char *reason;
    const char *outcome;
    char tag;
    unsigned bits;
} rows[] = {
    {.name = "found",
     .records = {"v=DKIM1; k=rsa; p=" RSA_2048},
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 2048},
    {.name = "found, and right",
     .records = {"v=DKIM1; k=rsa; p=" RSA_1024},
     .right = "p=" RSA_1024,
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 1024},
    {.name = "Ed25519",
     .records = {"v=DKIM1; k=ed25519; p=" ED25519},
     .right = "k=ed25519; p=" ED25519,
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 256},
    {.name = "F59 4096 bits",
     .records = {"v=DKIM1; k=rsa; p=" RSA_4096},
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 4096},
    {.name = "F61 another key",
     .records = {"v=DKIM1; k=rsa; p=" RSA_2048},
     .right = "p=" RSA_1024,
     .word = "fail",
     .reason = "signature did not verify",
     .outcome = "found",
     .bits = 2048},
    {.name = "timeout",
     .silence = "timeout",
     .word = "temperror",
     .reason = "key unavailable",
     .outcome = "unavailable"},
    {.name = "NXDOMAIN",
     .absence = "NXDOMAIN",
     .word = "permerror",
     .reason = "no key for signature",
     .outcome = "no-key"},
    {.name = "F48 revoked",
     .records = {"v=DKIM1; k=rsa; p="},
     .word = "permerror",
     .also = " fail ",
     .reason = "key revoked",
     .outcome = "revoked"},
    {.name = "F49 no p=",
     .records = {"v=DKIM1; k=rsa"},
     .word = "permerror",
     .also = " neutral ",
     .reason = "key syntax error",
     .outcome = "syntax-error"},
    {.name = "F50 empty",
     .records = {""},
     .word = "permerror",
     .also = " neutral ",
     .reason = "key syntax error",
     .outcome = "syntax-error"},
    {.name = "F45 PKCS 1",
     .records = {"v=DKIM1; k=rsa; p=" RSA_2048_PKCS1},
     .word = "permerror",
     .also = " neutral ",
     .reason = "key syntax error",
     .outcome = "syntax-error"},
    {.name = "F31 SPF",
     .records = {"v=spf1 -all"},
     .word = "permerror",
     .also = " neutral ",
     .reason = "key syntax error",
     .outcome = "wrong-version"},
    {.name = "F52 k=dsa",
     .records = {"v=DKIM1; k=dsa; p=" RSA_2048},
     .word = "permerror",
     .also = " neutral ",
     .reason = "inappropriate key algorithm",
     .outcome = "unsuitable",
     .tag = 'k'},
    {.name = "F52 k=RSA",
     .records = {"v=DKIM1; k=RSA; p=" RSA_2048},
     .word = "permerror",
     .also = " neutral ",
     .reason = "inappropriate key algorithm",
     .outcome = "unsuitable",
     .tag = 'k'},
    {.name = "RSA key for an Ed25519 signature",
     .records = {"v=DKIM1; p=" RSA_2048},
     .algorithm = "ed25519-sha256",
     .word = "permerror",
     .also = " neutral ",
     .reason = "inappropriate key algorithm",
     .outcome = "unsuitable",
     .tag = 'k',
     .bits = 2048},
    {.name = "Ed25519 published where RSA is right",
     .records = {"v=DKIM1; k=ed25519; p=" ED25519},
     .right = "p=" RSA_2048,
     .word = "permerror",
     .also = " neutral ",
     .reason = "inappropriate key algorithm",
     .outcome = "unsuitable",
     .tag = 'k',
     .bits = 256},
    {.name = "F53 h=sha1",
     .records = {"v=DKIM1; h=sha1; p=" RSA_2048},
     .word = "permerror",
     .reason = "inappropriate hash algorithm",
     .outcome = "unsuitable",
     .tag = 'h',
     .bits = 2048},
    {.name = "h=sha256",
     .records = {"v=DKIM1; h=sha256; p=" RSA_2048},
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 2048},
    {.name = "h= is looked at before an empty p=",
     .records = {"v=DKIM1; h=sha1; p="},
     .word = "permerror",
     .reason = "inappropriate hash algorithm",
     .outcome = "unsuitable",
     .tag = 'h'},
    {.name = "rsa-sha1 is no longer verified",
     .records = {"v=DKIM1; p=" RSA_2048},
     .algorithm = "rsa-sha1",
     .word = "permerror",
     .also = " policy fail ",
     .reason = "inappropriate hash algorithm",
     .outcome = "found",
     .tag = 'a',
     .bits = 2048},
    {.name = "F54 s=other",
     .records = {"v=DKIM1; s=other; p=" RSA_2048},
     .word = "permerror",
     .reason = "no key for signature",
     .outcome = "unsuitable",
     .tag = 's',
     .bits = 2048},
    {.name = "F55 t=s and i= below d=",
     .records = {"v=DKIM1; t=s; p=" RSA_2048},
     .domain = "c.example",
     .identity = "user@mail.C.example",
     .word = "permerror",
     .reason = "domain mismatch",
     .outcome = "unsuitable",
     .tag = 't',
     .bits = 2048},
    {.name = "t=s and i= the same",
     .records = {"v=DKIM1; t=s; p=" RSA_2048},
     .domain = "c.example.",
     .identity = "user@C.example",
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 2048},
    {.name = "t=s and no i=",
     .records = {"v=DKIM1; t=s; p=" RSA_2048},
     .domain = "c.example",
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 2048},
    {.name = "i= below d= without t=s",
     .records = {"v=DKIM1; p=" RSA_2048},
     .domain = "c.example",
     .identity = "@mail.c.example",
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 2048},
    {.name = "i= beside d=",
     .records = {"v=DKIM1; p=" RSA_2048},
     .domain = "c.example",
     .identity = "@xc.example",
     .word = "permerror",
     .reason = "domain mismatch",
     .outcome = "found",
     .bits = 2048},
    {.name = "i= of another domain of the same length",
     .records = {"v=DKIM1; p=" RSA_2048},
     .domain = "c.example",
     .identity = "@d.example",
     .word = "permerror",
     .reason = "domain mismatch",
     .outcome = "found",
     .bits = 2048},
    {.name = "i= above d=",
     .records = {"v=DKIM1; t=s; p=" RSA_2048},
     .domain = "mail.c.example",
     .identity = "@c.example",
     .word = "permerror",
     .reason = "domain mismatch",
     .outcome = "found",
     .bits = 2048},
    {.name = "i= with an @ in its local part",
     .records = {"v=DKIM1; t=s; p=" RSA_2048},
     .domain = "c.example",
     .identity = "\"a@b\"@c.example",
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 2048},
    {.name = "F56 t=y",
     .records = {"v=DKIM1; t=y; p=" RSA_2048},
     .word = "pass",
     .reason = "",
     .outcome = "found",
     .bits = 2048},
    {.name = "F58 512 bits",
     .records = {"v=DKIM1; p=" RSA_512},
     .word = "policy",
     .also = " permerror fail ",
     .reason = "inappropriate key algorithm",
     .outcome = "too-short",
     .bits = 512},
    {.name = "F58 1000 bits",
     .records = {"v=DKIM1; p=" RSA_1000},
     .right = "p=" RSA_1000,
     .word = "policy",
     .also = " permerror fail ",
     .reason = "inappropriate key algorithm",
     .outcome = "too-short",
     .bits = 1000},
    {.name = "F33 foreign TXT first",
     .records = {"site-verification=1", "v=DKIM1; p=" RSA_2048},
     .word = "pass",
     .also = " permerror temperror ",
     .reason = "",
     .outcome = "several-records",
     .bits = 2048},
    {.name = "F33 foreign TXT last",
     .records = {"v=DKIM1; p=" RSA_2048, "v=spf1 -all"},
     .word = "pass",
     .also = " permerror temperror ",
     .reason = "",
     .outcome = "several-records",
     .bits = 2048},
    {.name = "F34 two keys, second right",
     .records = {"v=DKIM1; p=" RSA_2048, "v=DKIM1; p=" RSA_1024},
     .right = "p=" RSA_1024,
     .word = "pass",
     .also = " permerror temperror ",
     .reason = "",
     .outcome = "several-records",
     .bits = 1024},
    {.name = "F34 two keys, none right",
     .records = {"v=DKIM1; p=" RSA_2048, "v=DKIM1; p=" RSA_1024},
     .right = "p=" RSA_4096,
     .word = "permerror",
     .also = " temperror ",
     .reason = "multiple records",
     .outcome = "several-records",
     .bits = 2048},
    {.name = "foreign TXT first, and a key that is not right",
     .records = {"site-verification=1", "v=DKIM1; p=" RSA_1024},
     .right = "p=" RSA_4096,
     .word = "permerror",
     .also = " temperror ",
     .reason = "multiple records",
     .outcome = "several-records",
     .bits = 1024},
    {.name = "F35 one key in two records",
     .records = {ARTICLE_FIRST, ARTICLE_SECOND},
     .word = "permerror",
     .also = " temperror ",
     .reason = "multiple records",
     .outcome = "several-records"},
};

static struct arena *scratch(void)
{
    static struct arena arena;
    if (arena.ceiling == 0) {
        arena_init(&arena, 1U << 20);
    }
    return &arena;
}

static struct bytes bytes_or_none(const char *string)
{
    return string == NULL ? bytes_of(NULL, 0) : bytes_of_string(string);
}

/* RDATA of one record, in strings of 255. */
static struct bytes txt(const char *text)
{
    const size_t size = strlen(text);
    uint8_t *rdata = arena_alloc(scratch(), size + size / 255 + 1);
    size_t used = 0;
    size_t at = 0;
    do {
        const size_t part = size - at > 255 ? 255 : size - at;
        rdata[used++] = (uint8_t)part;
        memcpy(rdata + used, text + at, part);
        used += part;
        at += part;
    } while (at < size);
    return bytes_of(rdata, used);
}

static struct dkim_retrieval retrieval_of(const struct row *row)
{
    struct dkim_retrieval retrieval = {.state = DKIM_RECORDS};
    if (row->silence != NULL) {
        dkim_retrieval_failed(row->silence, &retrieval);
    } else if (row->absence != NULL) {
        retrieval.state = DKIM_NO_RECORDS;
        retrieval.why = row->absence;
    }
    for (size_t i = 0; i < RECORDS_MOST && row->records[i] != NULL; i++) {
        retrieval.records[i] = txt(row->records[i]);
        retrieval.count = retrieval.seen = i + 1;
    }
    return retrieval;
}

static struct dkim_result result_of(const struct row *row)
{
    struct dkim_signature signature = {.domain = bytes_or_none(row->domain),
                                       .identity = bytes_or_none(row->identity)};
    if (row->algorithm != NULL) {
        ck_assert(dkim_algorithm_parse(bytes_of_string(row->algorithm), &signature.algorithm));
    }
    struct dkim_key right;
    if (row->right != NULL) {
        ck_assert(dkim_key_parse(bytes_of_string(row->right), scratch(), &right));
        ck_assert_int_eq(right.state, DKIM_KEY_FOUND);
    }
    const struct dkim_retrieval retrieval = retrieval_of(row);
    struct dkim_result result;
    ck_assert(dkim_result_of(&retrieval, &signature, row->right == NULL ? NULL : &right, scratch(),
                             &result));
    return result;
}

START_TEST(verifier_says)
{
    const struct row *row = &rows[_i];
    const struct dkim_result result = result_of(row);
    ck_assert_str_eq(dkim_word_name(result.word), row->word);
    ck_assert_str_eq(result.reason, row->reason);
    ck_assert_str_eq(dkim_key_outcome_name(result.outcome), row->outcome);
    ck_assert_int_eq(result.unsuitable_tag, row->tag);
    ck_assert_uint_eq(result.key_bits, row->bits);
    ck_assert_int_eq(result.key_type != DKIM_KEY_TYPE_NONE, row->bits > 0);
}
END_TEST

START_TEST(further_words_are_allowed_only_where_the_rfcs_leave_a_choice)
{
    const struct row *row = &rows[_i];
    const struct dkim_result result = result_of(row);
    for (unsigned word = 0; word < DKIM_WORDS; word++) {
        char padded[16];
        struct text text = text_in(padded, sizeof padded);
        text_put_format(&text, " %s ", dkim_word_name(word));
        const bool listed = row->also != NULL && strstr(row->also, padded) != NULL;
        const bool ours = strcmp(dkim_word_name(word), row->word) == 0;
        ck_assert_msg(dkim_result_allows(&result, word) == (listed || ours), "%s", padded);
    }
}
END_TEST

START_TEST(words_are_read_back)
{
    for (unsigned i = 0; i < DKIM_WORDS; i++) {
        enum dkim_word word;
        ck_assert(dkim_word_parse(bytes_of_string(dkim_word_name(i)), &word));
        ck_assert_uint_eq(word, i);
    }
    for (unsigned i = 0; i < DKIM_OUTCOMES; i++) {
        enum dkim_key_outcome outcome;
        ck_assert(dkim_key_outcome_parse(bytes_of_string(dkim_key_outcome_name(i)), &outcome));
        ck_assert_uint_eq(outcome, i);
    }
    enum dkim_word word = DKIM_PASS;
    ck_assert(!dkim_word_parse(bytes_of_string("passed"), &word));
    ck_assert_int_eq(word, DKIM_PASS); /* untouched */
    enum dkim_key_outcome outcome = DKIM_OUTCOME_FOUND;
    ck_assert(!dkim_key_outcome_parse(bytes_of_string("lost"), &outcome));
    ck_assert_int_eq(outcome, DKIM_OUTCOME_FOUND);
    enum dkim_algorithm algorithm = DKIM_ALGORITHM_BY_KEY;
    ck_assert(!dkim_algorithm_parse(bytes_of_string("rsa-md5"), &algorithm));
    ck_assert_int_eq(algorithm, DKIM_ALGORITHM_BY_KEY);
    ck_assert(dkim_algorithm_parse(bytes_of_string("rsa-sha256"), &algorithm));
    ck_assert_int_eq(algorithm, DKIM_RSA_SHA256);
}
END_TEST

START_TEST(only_records_that_were_kept_are_judged)
{
    const struct row row = {
        .records = {"v=DKIM1; k=rsa; p=MIGf", "v=spf1 -all", "v=DKIM1; p=" RSA_2048}};
    struct dkim_retrieval retrieval = retrieval_of(&row);
    const struct dkim_signature signature = {.domain = bytes_of_string("c.example")};
    struct dkim_result result;
    retrieval.count = retrieval.seen = 2;
    ck_assert(dkim_result_of(&retrieval, &signature, NULL, scratch(), &result));
    ck_assert_str_eq(dkim_word_name(result.word), "permerror");
}
END_TEST

static const struct starved {
    const char *name;
    size_t records;
} starved[] = {{"one record", 1}, {"two records", 2}};

START_TEST(an_exhausted_arena_is_told)
{
    struct row row = {.records = {"v=DKIM1; p=" RSA_2048}};
    row.records[starved[_i].records - 1] = row.records[0];
    const struct dkim_retrieval retrieval = retrieval_of(&row);
    const struct dkim_signature signature = {.domain = bytes_of_string("c.example")};
    struct arena none;
    struct dkim_result result;
    arena_init(&none, 16);
    ck_assert(!dkim_result_of(&retrieval, &signature, NULL, &none, &result));
    arena_free(&none);
}
END_TEST

START_TEST(an_unfilled_result_is_no_pass)
{
    const struct dkim_result nothing = {0};
    for (unsigned word = 0; word < DKIM_WORDS; word++) {
        ck_assert(!dkim_result_allows(&nothing, word));
    }
}
END_TEST

START_TEST(test_mode_and_forgiveness_are_told)
{
    const struct row row = {.records = {"v=DKIM1; t=y; p=" RSA_1024 "; "}};
    const struct dkim_result result = result_of(&row);
    ck_assert_int_eq(result.word, DKIM_PASS);
    ck_assert(result.testing && result.forgiven);
    const struct row plain = {.records = {"v=DKIM1; p=" RSA_1024}};
    const struct dkim_result strict = result_of(&plain);
    ck_assert(!strict.testing && !strict.forgiven);
    const struct row broken = {.records = {"v=DKIM1;\np=" RSA_1024}};
    ck_assert(result_of(&broken).forgiven);
}
END_TEST

static const struct line {
    struct row row;
    const char *name, *line;
} lines[] = {
    {.name = "damage",
     .row = {.records = {"v=DKIM1; k=rsa; p=MIGf"}},
     .line = "permerror (key syntax error): p= ends before its key does; octet 22 of "
             "the record is the end, octet 4 of the value of p=, octet 3 of the "
             "decoded key"},
    {.name = "pass of an RSA key",
     .row = {.records = {"v=DKIM1; k=rsa; p=" RSA_1024}},
     .line = "pass, rsa 1024 bits"},
    {.name = "Ed25519 where RSA is right",
     .row = {.records = {"v=DKIM1; k=ed25519; p=" ED25519}, .right = "p=" RSA_2048},
     .line = "permerror (inappropriate key algorithm), ed25519 256 bits"},
    {.name = "of several records without a key, the first",
     .row = {.records = {"v=spf1 -all", "v=DKIM1; k=rsa; p="}},
     .line = "permerror (multiple records): this is a policy record of another kind, not a key; "
             "octet 2 of the record is 's' (0x73), octet 0 of the value of v="},
    {.name = "silence",
     .row = {.silence = "timeout"},
     .line = "temperror (key unavailable): timeout"},
};

START_TEST(a_result_reads_as_one_line)
{
    const struct dkim_result result = result_of(&lines[_i].row);
    char buffer[256];
    struct text text = text_in(buffer, sizeof buffer);
    dkim_result_put(&text, &result);
    ck_assert_str_eq(buffer, lines[_i].line);
}
END_TEST

START_TEST(every_type_of_key_has_its_word)
{
    ck_assert_str_eq(dkim_key_type_name(DKIM_KEY_TYPE_NONE), "none");
    ck_assert_str_eq(dkim_key_type_name(DKIM_KEY_TYPE_RSA), "rsa");
    ck_assert_str_eq(dkim_key_type_name(DKIM_KEY_TYPE_ED25519), "ed25519");
    ck_assert_str_eq(dkim_key_type_name(DKIM_KEY_TYPE_OTHER), "other");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("dkim_result");
    add_rows(suite, verifier_says, rows);
    add_rows(suite, further_words_are_allowed_only_where_the_rfcs_leave_a_choice, rows);
    add_test(suite, words_are_read_back);
    add_test(suite, an_unfilled_result_is_no_pass);
    add_test(suite, test_mode_and_forgiveness_are_told);
    add_test(suite, every_type_of_key_has_its_word);
    add_rows(suite, an_exhausted_arena_is_told, starved);
    add_rows(suite, a_result_reads_as_one_line, lines);
    add_test(suite, only_records_that_were_kept_are_judged);
    return suite;
}
