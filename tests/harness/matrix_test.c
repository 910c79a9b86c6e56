/* What real programs said, read and compared. */
#include "harness/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "harness/deviation.h"
#include "harness/verifier.h"
#include "tests/harness/loading.h"
#include "tests/support/support.h"

/* Lines as the programs of Debian 12 wrote them. */
static const struct said {
    const char *name; /* of the verifier */
    const char *text;
    const char *word; /* NULL: none */
} said[] = {
    {"opendkim",
     "### INSHEADER: idx=1 hname='Authentication-Results' hvalue='receiver.example;\n"
     "\tdkim=pass (2048-bit key) header.d=customer.example header.i=@customer.example'\n",
     "pass"},
    {"opendkim", "\tdkim=fail reason=\"key not found in DNS\" header.d=customer.example\n", "fail"},
    {"opendkim", "\tdkim=policy reason=\"signing key too small\" (512-bit key)\n", "policy"},
    {"opendkim", "### SETREPLY: rcode='451' xcode='4.7.5' replytxt='DKIM key retrieval failed'\n",
     "temperror"},
    {"opendkim", "### SETREPLY: rcode='451' xcode='4.7.1' replytxt='something else'\n", NULL},
    {"opendkim", "\tdkim=none\n", NULL},
    {"opendkim", "opendkim: cannot open opendkim.conf\n", NULL},
    {"dkimpy", "dkimpy: True\n", "pass"},
    {"dkimpy", "a warning\ndkimpy: False\n", "fail"},
    {"dkimpy", "dkimpy: KeyFormatError incomplete RSA public key\n", "permerror"},
    {"dkimpy", "dkimpy: DnsTimeoutError \n", "temperror"},
    {"dkimpy", "dkimpy: NameError no such thing\n", NULL},
    {"dkimpy", "Traceback (most recent call last):\n", NULL},
    {"mail-dkim", "Mail::DKIM: pass\n", "pass"},
    {"mail-dkim", "Mail::DKIM: fail (message has been altered)\n", "fail"},
    {"mail-dkim", "Mail::DKIM: invalid (public key: not available)\n", "permerror"},
    {"mail-dkim", "Mail::DKIM: invalid (public key: DNS query timeout for k1._domainkey.a.b)\n",
     "permerror"},
    {"mail-dkim", "Mail::DKIM: invalid (public key: DNS error: SERVFAIL at DNS.pm)\n", "permerror"},
    {"mail-dkim", "Mail::DKIM: none\n", NULL},
    {"rspamd",
     "Results for file: message.eml\nSymbol: DKIM_TRACE (0.00)[a.b:+]\n"
     "Symbol: R_DKIM_ALLOW (0.00)[a.b:s=k1]\n",
     "pass"},
    {"rspamd", "Symbol: R_DKIM_REJECT (0.00)[a.b:s=k1]\n", "fail"},
    {"rspamd", "Symbol: R_DKIM_TEMPFAIL (0.00)[a.b:s=k1]\n", "temperror"},
    {"rspamd", "Symbol: R_DKIM_PERMFAIL (0.00)[a.b:s=k1]\n", "permerror"},
    {"rspamd", "IO write error: Connection refused\n", NULL},
    {"exim", "LOG: 1xWhCF-00000A-0H H=(x) [192.0.2.1] Warning: DKIM verdict: pass ()\n", "pass"},
    {"exim", "LOG: H=(x) [192.0.2.1] Warning: DKIM verdict: fail (signature_incorrect)\n", "fail"},
    {"exim", "LOG: H=(x) [192.0.2.1] Warning: DKIM verdict: invalid (pubkey_unavailable)\n",
     "temperror"},
    {"exim", "LOG: H=(x) [192.0.2.1] Warning: DKIM verdict: invalid (pubkey_der_syntax)\n",
     "neutral"},
    {"exim", ">>> l_message: DKIM verdict: $dkim_verify_status ($dkim_verify_reason)\n", NULL},
};

START_TEST(a_verifiers_word_is_read_from_what_it_says)
{
    const struct said *row = &said[_i];
    enum dkim_word word = DKIM_WORDS;
    const char *line = NULL;
    const bool read = verifier_find(row->name)->read(row->text, &word, &line);
    ck_assert_int_eq(read, row->word != NULL);
    if (read) {
        ck_assert_str_eq(dkim_word_name(word), row->word);
        ck_assert_ptr_nonnull(strstr(row->text, line));
    }
}
END_TEST

#define KNOWN                                                                                      \
    "scenario: x\nzones: {a.b: {}}\nsteps:\n  - dkim: k._domainkey.a.b\n"                          \
    "    deviations: {exim: temperror, source: measured}\n  - lookup: a.b\n"

static const struct judged {
    const char *name;
    const char *peer;
    enum dkim_word word;
    enum matrix_state state;
} judged[] = {
    {"as expected", "rspamd", DKIM_PERMERROR, MATRIX_AGREES},
    {"also allowed", "rspamd", DKIM_NEUTRAL, MATRIX_AGREES},
    {"another", "rspamd", DKIM_PASS, MATRIX_DIFFERS},
    {"known", "exim", DKIM_TEMPERROR, MATRIX_KNOWN},
    {"repaired", "exim", DKIM_PERMERROR, MATRIX_REPAIRED},
    {"another than the known", "exim", DKIM_PASS, MATRIX_DIFFERS},
};

START_TEST(a_word_is_compared_with_the_expected_and_the_known)
{
    const struct dkim_result expected = {
        .word = DKIM_PERMERROR, .also = DKIM_WORD_BIT(DKIM_NEUTRAL), .reason = "key syntax error"};
    struct matrix_cell cell = {0};
    struct loading loading;
    loading_begin_fine(&loading, KNOWN);
    matrix_judge(&cell, &loading.scenario->steps[0], judged[_i].peer, &expected, judged[_i].word);
    ck_assert_str_eq(matrix_state_name(cell.state), matrix_state_name(judged[_i].state));
    loading_end(&loading);
}
END_TEST

static const struct wrong {
    const char *name;
    const char *text;
    unsigned line, column;
    const char *sentence, *hint;
} wrongs[] = {
    {"unknown program",
     "scenario: x\nzones: {a.b: {}}\nsteps:\n  - dkim: k._domainkey.a.b\n"
     "    deviations: {exin: pass, source: x}\n",
     5, 18, "exin", "did you mean `exim`?"},
    {"no source",
     "scenario: x\nzones: {a.b: {}}\nsteps:\n  - dkim: k._domainkey.a.b\n"
     "    deviations: {exim: pass}\n",
     5, 17, "source", NULL},
    {"no dkim step",
     "scenario: x\nzones: {a.b: {}}\nsteps:\n  - lookup: a.b\n"
     "    deviations: {exim: pass, source: x}\n",
     5, 5, "only a dkim step has deviations", NULL},
};

START_TEST(what_is_wrong_with_deviations_is_told_at_its_place)
{
    struct loading loading;
    loading_begin(&loading, wrongs[_i].text);
    ck_assert_ptr_null(loading.scenario);
    loading_expect_error(&loading, wrongs[_i].line, wrongs[_i].column, wrongs[_i].sentence,
                         wrongs[_i].hint);
    loading_end(&loading);
}
END_TEST

/* --- the table --- */

static char *written(const struct matrix *matrix,
                     void (*put)(const struct matrix *matrix, FILE *file))
{
    char *data = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&data, &size);
    put(matrix, file);
    fclose(file);
    return data;
}

START_TEST(every_format_shows_words_and_what_was_said_escaped)
{
    struct arena arena;
    arena_init(&arena, (size_t)1024 * 1024);
    struct matrix matrix = {.arena = &arena, .peers = {{"exim", MATRIX_VERIFIER}}, .peer_count = 1};
    struct matrix_row *row = matrix_add(&matrix);
    row->id = "a/b";
    row->path = "a/b.yaml";
    row->title = "<b>";
    row->name = "k.a.b.";
    row->expected = DKIM_PASS;
    row->cells[0].state = MATRIX_DIFFERS;
    row->cells[0].word = DKIM_FAIL;
    matrix_quote(&row->cells[0], "<i>\x1b[0m & \"so\"\nsecond line");
    char *text = written(&matrix, matrix_put_text);
    char *html = written(&matrix, matrix_put_html);
    char *json = written(&matrix, matrix_put_json);
    char *markdown = written(&matrix, matrix_put_markdown);
    ck_assert_ptr_nonnull(strstr(text, "fail!"));
    ck_assert_ptr_nonnull(strstr(text, "a/b#1 exim: <i>\\027[0m & \"so\"\n"));
    ck_assert_ptr_nonnull(strstr(
        html, "<td class=\"differs\" title=\"&lt;i&gt;\\027[0m &amp; &quot;so&quot;\">fail"));
    ck_assert_ptr_nonnull(strstr(html, "title=\"&lt;b&gt;\""));
    ck_assert_ptr_nonnull(strstr(json, "\"state\": \"differs\""));
    ck_assert_ptr_nonnull(strstr(json, "\"schema\": \"faultzone/matrix/1\""));
    ck_assert_ptr_nonnull(strstr(markdown, "| a/b #1 | pass | fail! |"));
    free(text);
    free(html);
    free(json);
    free(markdown);
    arena_free(&arena);
}
END_TEST

START_TEST(rows_stay_when_further_ones_are_added)
{
    struct arena arena;
    arena_init(&arena, (size_t)16 * 1024 * 1024);
    struct matrix matrix = {.arena = &arena};
    for (size_t i = 0; i < 300; i++) {
        matrix_add(&matrix)->step = i;
    }
    for (size_t i = 0; i < 300; i++) {
        ck_assert_uint_eq(matrix.rows[i].step, i);
    }
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("matrix");
    add_rows(suite, a_verifiers_word_is_read_from_what_it_says, said);
    add_rows(suite, a_word_is_compared_with_the_expected_and_the_known, judged);
    add_rows(suite, what_is_wrong_with_deviations_is_told_at_its_place, wrongs);
    add_test(suite, every_format_shows_words_and_what_was_said_escaped);
    add_test(suite, rows_stay_when_further_ones_are_added);
    return suite;
}
