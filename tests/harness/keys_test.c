/* Key pairs, their public halves in zones, and what is signed with them. */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "harness/key_pair.h"
#include "harness/keyring.h"
#include "harness/signing.h"
#include "mail/dkim_key.h"
#include "tests/harness/loading.h"
#include "tests/harness/shipped.h"
#include "tests/support/support.h"

static struct arena arena_of_test(void)
{
    struct arena arena;
    arena_init(&arena, (size_t)16 * 1024 * 1024);
    return arena;
}

/* What OpenSSL makes of the pair's private half. */
static bool is_sound(const struct key_pair *pair)
{
    const uint8_t *der = pair->private_der.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &der, (long)pair->private_der.size);
    EVP_PKEY_CTX *context = key != NULL ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    const bool sound = context != NULL && EVP_PKEY_check(context) == 1;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return sound;
}

static const struct size {
    const char *name;
    unsigned bits;
} sizes[] = {{"512", 512}, {"768", 768}, {"1024", 1024}, {"1032", 1032}, {"2048", 2048}};

START_TEST(an_rsa_pair_is_sound_and_has_the_bits_asked_for)
{
    struct arena arena = arena_of_test();
    struct key_pair pair;
    ck_assert(key_pair_make_rsa(sizes[_i].bits, 7, &arena, &pair));
    ck_assert_uint_eq(pair.bits, sizes[_i].bits);
    ck_assert(is_sound(&pair));
    arena_free(&arena);
}
END_TEST

START_TEST(the_same_seed_makes_the_same_pair_and_another_another)
{
    struct arena arena = arena_of_test();
    struct key_pair pairs[3];
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(key_pair_make_rsa(512, i / 2, &arena, &pairs[i]));
    }
    ck_assert(bytes_equal(pairs[0].private_der, pairs[1].private_der));
    ck_assert(!bytes_equal(pairs[0].public_text, pairs[2].public_text));
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(key_pair_make_ed25519(i / 2, &arena, &pairs[i]));
    }
    ck_assert(bytes_equal(pairs[0].private_der, pairs[1].private_der));
    ck_assert(!bytes_equal(pairs[0].public_text, pairs[2].public_text));
    ck_assert_uint_eq(pairs[0].public_text.size, 44);
    arena_free(&arena);
}
END_TEST

/* On every machine, and in later versions: files rely on it. */
START_TEST(a_seed_is_for_ever)
{
    struct arena arena = arena_of_test();
    struct key_pair pair;
    ck_assert(key_pair_make_ed25519(1, &arena, &pair));
    ck_assert_mem_eq(pair.public_text.data,
                     "OVC7BuMfA/a5kYLGbZdinJon7R06ImeRY4+Ambas0yk=", pair.public_text.size);
    ck_assert(key_pair_make_rsa(512, 1, &arena, &pair));
    ck_assert_mem_eq(pair.public_text.data,
                     "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMWiC8HWtOKZQNBNL+Nn5YvsyQOZ"
                     "jRdk0cN+5JaUcmR4Eo/UUY8m0UaouErHmxZOncDkR32IKU8byUx7+F45HDsCAwEAAQ==",
                     pair.public_text.size);
    arena_free(&arena);
}
END_TEST

/* --- in files --- */

static const struct wrong {
    const char *name;
    const char *text;
    unsigned line, column;
    const char *sentence, *hint;
} wrongs[] = {
    {"no such key",
     "scenario: x\nkeys: {k1: {rsa: 512}}\nzones: {a.b: {records: ['k TXT ${key:k2}']}}\n", 3, 32,
     "there is no key `k2` under `keys`", "did you mean `k1`?"},
    {"no keys at all", "scenario: x\nzones: {a.b: {records: ['k TXT ${key:k2}']}}\n", 2, 32,
     "there is no key `k2`", NULL},
    {"other reference", "scenario: x\nzones: {a.b: {records: ['k TXT ${k1}']}}\n", 2, 32,
     "this reference is not understood", "${key:NAME}"},
    {"open reference", "scenario: x\nzones: {a.b: {records: ['k TXT ${key:k1']}}\n", 2, 32,
     "this reference is not understood", "${key:NAME}"},
    {"neither", "scenario: x\nkeys: {k1: {seed: 3}}\nzones: {}\n", 2, 8,
     "needs exactly one of rsa, ed25519 and file", "k1: {rsa: 2048}"},
    {"both", "scenario: x\nkeys: {k1: {rsa: 512, ed25519: true}}\nzones: {}\n", 2, 8,
     "needs exactly one of rsa, ed25519 and file", NULL},
    {"too few bits", "scenario: x\nkeys: {k1: {rsa: 256}}\nzones: {}\n", 2, 18,
     "between 512 and 8192", NULL},
    {"odd bits", "scenario: x\nkeys: {k1: {rsa: 1023}}\nzones: {}\n", 2, 18, "multiple of 8", NULL},
    {"no file",
     "scenario: x\nkeys: {k1: {file: nowhere.pem}}\nzones: {a.b: {records: ['k TXT ${key:k1}']}}\n",
     2, 19, "nowhere.pem", NULL},
    {"bad name", "scenario: x\nkeys: {'k 1': {rsa: 512}}\nzones: {}\n", 2, 8, "letters, digits",
     NULL},
    {"unknown signer",
     "scenario: x\nkeys: {k1: {rsa: 512}}\nzones: {a.b: {}}\nsteps:\n"
     "  - dkim: {name: k._domainkey.a.b, sign-with: k}\n",
     5, 47, "there is no key `k`", "did you mean `k1`?"},
};

START_TEST(what_is_wrong_with_keys_is_told_at_its_place)
{
    const struct wrong *row = &wrongs[_i];
    struct loading loading;
    loading_begin(&loading, row->text);
    ck_assert_ptr_null(loading.scenario);
    loading_expect_error(&loading, row->line, row->column, row->sentence, row->hint);
    loading_end(&loading);
}
END_TEST

#define SIGNED                                                                                     \
    "scenario: x\nkeys: {k1: {rsa: 2048}, k2: {ed25519: true}}\nzones:\n  a.b:\n    records: |\n"  \
    "      k1._domainkey TXT \"v=DKIM1; k=rsa; p=${key:k1}; n=x\"\n"                               \
    "      k2._domainkey TXT \"v=DKIM1; k=ed25519; p=${key:k2}\"\n"                                \
    "steps:\n  - dkim: k1._domainkey.a.b\n  - dkim: k2._domainkey.a.b\n"                           \
    "  - dkim: {name: k3._domainkey.a.b, sign-with: k2}\n  - dkim: k3._domainkey.a.b\n"            \
    "  - dkim: {name: k1._domainkey.a.b, algorithm: ed25519-sha256}\n"

static const struct dkim_step *step_of(const struct loading *loading, size_t index)
{
    return &loading->scenario->steps[index].as.dkim;
}

START_TEST(a_public_half_is_put_into_strings_of_255)
{
    struct loading loading;
    loading_begin_fine(&loading, SIGNED);
    const struct bytes record = step_of(&loading, 0)->expected_record;
    ck_assert_uint_eq(record.size, 18 + 392 + 5);
    ck_assert_mem_eq(record.data, "v=DKIM1; k=rsa; p=MII", 21);
    ck_assert_mem_eq(record.data + record.size - 5, "; n=x", 5);
    loading_end(&loading);
}
END_TEST

START_TEST(the_signer_is_whose_public_half_is_published)
{
    struct loading loading;
    loading_begin_fine(&loading, SIGNED);
    const struct keyring *ring = loading.scenario->keyring;
    ck_assert_ptr_eq(step_of(&loading, 0)->signer, &ring->keys[0].pair);
    ck_assert_ptr_eq(step_of(&loading, 1)->signer, &ring->keys[1].pair);
    ck_assert_ptr_eq(step_of(&loading, 2)->signer, &ring->keys[1].pair);
    ck_assert_ptr_null(step_of(&loading, 3)->signer);
    loading_end(&loading);
}
END_TEST

static const struct signed_step {
    const char *name;
    size_t step;
    const char *says; /* in the message, or in the sentence on why there is none */
    bool fine;
} messages[] = {
    {"rsa", 0, "a=rsa-sha256; c=relaxed/relaxed; d=a.b; s=k1; t=", true},
    {"ed25519", 1, "a=ed25519-sha256; c=relaxed/relaxed; d=a.b; s=k2; t=", true},
    {"named", 2, "s=k3;", true},
    {"nobody", 3, "nobody has the private half", false},
    {"other algorithm", 4, "not one for this type of key", false},
};

START_TEST(a_steps_message_is_signed_or_it_is_said_why_not)
{
    const struct signed_step *row = &messages[_i];
    struct arena arena = arena_of_test();
    struct loading loading;
    struct signing signing;
    struct bytes message;
    const char *error = NULL;
    char copy[8192];
    loading_begin_fine(&loading, SIGNED);
    const bool fine = signing_of_step(step_of(&loading, row->step), &arena, &signing, &error) &&
                      signing_message(&signing, &arena, &message, &error);
    ck_assert_int_eq(fine, row->fine);
    if (fine) {
        snprintf(copy, sizeof copy, "%.*s", (int)message.size, (const char *)message.data);
    }
    ck_assert_ptr_nonnull(strstr(fine ? copy : error, row->says));
    arena_free(&arena);
    loading_end(&loading);
}
END_TEST

/* --- shipped --- */

static bool is_to_pass(const struct step *step)
{
    for (size_t i = 0; i < step->expectation_count; i++) {
        const struct expectation *expectation = &step->expectations[i];
        if (!expectation->forbidden && strcmp(expectation->shown, "result: pass") == 0) {
            return true;
        }
    }
    return false;
}

/* Or a real verifier, shown the message of a step that says pass, says fail and is right. */
START_TEST(what_is_to_pass_is_signed_with_the_key_that_is_published)
{
    size_t count;
    struct loading loading;
    loading_begin_file(&loading, shipped_all(&count)[_i].path);
    ck_assert_msg(loading.scenario != NULL, "%s", loading_told(&loading));
    for (size_t i = 0; i < loading.scenario->step_count; i++) {
        const struct step *step = &loading.scenario->steps[i];
        const struct key_pair *signer = step->kind == STEP_DKIM ? step->as.dkim.signer : NULL;
        if (signer != NULL && is_to_pass(step)) {
            const struct bytes record = step->as.dkim.expected_record;
            ck_assert_msg(memmem(record.data, record.size, signer->public_text.data,
                                 signer->public_text.size) != NULL,
                          "step %zu", i + 1);
        }
    }
    loading_end(&loading);
}
END_TEST

/* --- PEM --- */

static const struct pem {
    const char *name;
    const char *text;
    const char *error; /* NULL: it is fine */
} pems[] = {
    {"Ed25519",
     "-----BEGIN PRIVATE "
     "KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
     "-----END PRIVATE KEY-----\n",
     NULL},
    {"nothing", "", "no unencrypted private key"},
    {"public half",
     "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
     "-----END PUBLIC KEY-----\n",
     "no unencrypted private key"},
    {"P-256",
     "-----BEGIN PRIVATE KEY-----\n"
     "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8O70HHrPWNpnChP6\n"
     "FE8+sCV/clBxBctSrrRKkLQvhnahRANCAAS4XET/R+8eaQuFwDnWJhgp8PrwictC\n"
     "OvsBo6YqiUvYAjQcn8CAV8cpzokDQoc41XpLJCqCD0F9SEnCnffk2Ez0\n"
     "-----END PRIVATE KEY-----\n",
     "RSA and Ed25519 keys only"},
};

START_TEST(a_pem_file_is_read_strictly)
{
    const struct pem *row = &pems[_i];
    struct arena arena = arena_of_test();
    struct key_pair pair;
    const char *error = NULL;
    const bool fine = key_pair_read(bytes_of_string(row->text), &arena, &pair, &error);
    ck_assert_int_eq(fine, row->error == NULL);
    ck_assert(fine ? is_sound(&pair) : strstr(error, row->error) != NULL);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    size_t count;
    const struct shipped *all = shipped_all(&count);
    Suite *suite = suite_create("keys");
    support_add_rows(suite, what_is_to_pass_is_signed_with_the_key_that_is_published, &all->name,
                     sizeof *all, count);
    add_rows(suite, an_rsa_pair_is_sound_and_has_the_bits_asked_for, sizes);
    add_test(suite, the_same_seed_makes_the_same_pair_and_another_another);
    add_test(suite, a_seed_is_for_ever);
    add_rows(suite, what_is_wrong_with_keys_is_told_at_its_place, wrongs);
    add_test(suite, a_public_half_is_put_into_strings_of_255);
    add_test(suite, the_signer_is_whose_public_half_is_published);
    add_rows(suite, a_steps_message_is_signed_or_it_is_said_why_not, messages);
    add_rows(suite, a_pem_file_is_read_strictly, pems);
    return suite;
}
