/* What real verifiers print, as recorded, and what it means. */
#include "harness/verifier.h"

#include "tests/support/support.h"

#define OPENDKIM(result)                                                                           \
    "### INSHEADER: idx=0 hname='Authentication-Results' hvalue='DEBUG-j;\n\tdkim=" result         \
    " header.d=customer.example header.i=@customer.example\n\tdkim-atps=neutral'\n"

static const struct known {
    const char *name, *verifier, *output;
    enum dkim_word word;
    const char *said;
} known[] = {
    {"dkimpy pass", "dkimpy", "signature ok\n", DKIM_PASS, "signature ok"},
    {"dkimpy fail", "dkimpy", "signature verification failed\n", DKIM_FAIL,
     "signature verification failed"},
    {"mail-dkim pass", "mail-dkim", "pass\n", DKIM_PASS, "pass"},
    {"mail-dkim fail", "mail-dkim", "fail (bad RSA signature)\n", DKIM_FAIL,
     "fail (bad RSA signature)"},
    {"mail-dkim invalid", "mail-dkim", "invalid (public key: not available)\n", DKIM_PERMERROR,
     "invalid (public key: not available)"},
    {"opendkim pass", "opendkim", OPENDKIM("pass (2048-bit key; unprotected)"), DKIM_PASS,
     "pass (2048-bit key; unprotected)"},
    {"opendkim fail", "opendkim", OPENDKIM("fail reason=\"key not found in DNS\""), DKIM_FAIL,
     "fail reason=\"key not found in DNS\""},
    {"opendkim later", "opendkim",
     "### SETREPLY: rcode='451' xcode='4.7.5' replytxt='DKIM key retrieval failed'\n",
     DKIM_TEMPERROR, "rcode='451' xcode='4.7.5' replytxt='DKIM key retrieval failed'"},
};

START_TEST(reads_what_is_known)
{
    struct verifier_reading reading;
    const struct verifier *verifier = verifier_find(known[_i].verifier);
    ck_assert_ptr_nonnull(verifier);
    ck_assert(verifier->read(known[_i].output, &reading));
    ck_assert_int_eq(reading.word, known[_i].word);
    ck_assert_str_eq(reading.said, known[_i].said);
}
END_TEST

static const struct unknown {
    const char *name, *verifier, *output;
} unknown[] = {
    {"dkimpy silent", "dkimpy", ""},
    {"dkimpy traceback", "dkimpy", "Traceback (most recent call last):\n"},
    {"mail-dkim silent", "mail-dkim", ""},
    {"mail-dkim none", "mail-dkim", "none\n"},
    {"mail-dkim longer word", "mail-dkim", "passed\n"},
    {"opendkim silent", "opendkim", ""},
    {"opendkim other reply", "opendkim", "### SETREPLY: rcode='451' replytxt='out of memory'\n"},
    {"opendkim none", "opendkim", OPENDKIM("none")},
};

START_TEST(gives_no_word_for_what_is_not)
{
    struct verifier_reading reading;
    ck_assert(!verifier_find(unknown[_i].verifier)->read(unknown[_i].output, &reading));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("verifier");
    add_rows(suite, reads_what_is_known, known);
    add_rows(suite, gives_no_word_for_what_is_not, unknown);
    return suite;
}
