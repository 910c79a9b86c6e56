#include "mail/spki.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/rng.h"
#include "mail/base64.h"
#include "tests/mail/test_keys.h"
#include "tests/support/guard.h"
#include "tests/support/support.h"

#define DER_MAX 1024

static struct bytes decode(const char *text, uint8_t octets[DER_MAX])
{
    const struct base64_result result = base64_decode(bytes_of_string(text), octets, DER_MAX);
    ck_assert_int_eq(result.fault, BASE64_FINE);
    return bytes_of(octets, result.size);
}

static const struct key {
    const char *name;
    const char *text;
    unsigned bits;
} keys[] = {
    {"512 bits", RSA_512, 512},    {"1000 bits", RSA_1000, 1000}, {"1024 bits", RSA_1024, 1024},
    {"2048 bits", RSA_2048, 2048}, {"4096 bits", RSA_4096, 4096},
};

START_TEST(reads_bits_and_exponent)
{
    uint8_t octets[DER_MAX];
    struct spki_rsa rsa;
    const struct spki_result result = spki_parse(decode(keys[_i].text, octets), &rsa);
    ck_assert_str_eq(spki_fault_text(result.fault), spki_fault_text(SPKI_FINE));
    ck_assert_uint_eq(rsa.bits, keys[_i].bits);
    ck_assert(bytes_equal(rsa.exponent, bytes_of("\x01\x00\x01", 3)));
    ck_assert_uint_eq(rsa.modulus.size, keys[_i].bits / 8);
    ck_assert_uint_ne(rsa.modulus.data[0], 0);
}
END_TEST

START_TEST(bare_rsa_public_key_is_named_and_read)
{
    uint8_t octets[DER_MAX];
    struct spki_rsa rsa;
    const struct spki_result result = spki_parse(decode(RSA_2048_PKCS1, octets), &rsa);
    ck_assert_int_eq(result.fault, SPKI_PKCS1);
    ck_assert_uint_eq(result.at, 0);
    ck_assert_uint_eq(rsa.bits, 2048);
}
END_TEST

/* A whole small key to damage by hand: n = 0xc1 (193), e = 3. */
#define SMALL                                                                                      \
    "30 1f 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0e 00 30 0b 02 06 00 c1 00 00 00 01 "   \
    "02 "                                                                                          \
    "01 03"

static const struct damage {
    const char *name;
    const char *hex;
    enum spki_fault fault;
    size_t at;
} damages[] = {
    {"small but whole", SMALL, SPKI_FINE, 0},
    {"nothing", "", SPKI_EMPTY, 0},
    {"not a sequence", "31 00", SPKI_WRONG_TAG, 0},
    {"tag alone", "30", SPKI_TRUNCATED, 1},
    {"indefinite length", "30 80 30 0d 00 00", SPKI_BAD_LENGTH, 1},
    {"length in five octets", "30 85 00 00 00 00 01", SPKI_BAD_LENGTH, 1},
    {"length not in its shortest form", "30 81 02 30 00", SPKI_BAD_LENGTH, 1},
    {"length with a leading zero", "30 82 00 80 30 00", SPKI_BAD_LENGTH, 1},
    {"outer length too long", "30 20 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00", SPKI_TRUNCATED,
     17},
    {"empty sequence", "30 00", SPKI_TRUNCATED, 2},
    {"another algorithm", "30 13 30 09 06 07 2a 86 48 ce 3d 02 01 03 06 00 30 03 02 01 03",
     SPKI_NOT_RSA, 6},
    {"Ed25519", "30 0a 30 05 06 03 2b 65 70 03 01 00", SPKI_ED25519, 6},
    {"no parameters",
     "30 1d 30 0b 06 09 2a 86 48 86 f7 0d 01 01 01 03 0e 00 30 0b 02 06 00 c1 00 00 "
     "00 01 02 01 03",
     SPKI_BAD_PARAMETERS, 15},
    {"parameters not NULL",
     "30 1f 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 30 00 03 0e 00 30 0b 02 06 00 c1 00 00 00 01 02 "
     "01 03",
     SPKI_BAD_PARAMETERS, 15},
    {"NULL with content",
     "30 20 30 0e 06 09 2a 86 48 86 f7 0d 01 01 01 05 01 00 03 0e 00 30 0b 02 06 00 c1 00 00 00 01 "
     "02 01 03",
     SPKI_BAD_PARAMETERS, 17},
    {"more parameters",
     "30 21 30 0f 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 05 00 03 0e 00 30 0b 02 06 00 c1 00 00 00 "
     "01 02 01 03",
     SPKI_TRAILING, 17},
    {"unused bits",
     "30 1f 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0e 01 30 0b 02 06 00 c1 00 00 00 01 02 "
     "01 03",
     SPKI_UNUSED_BITS, 19},
    {"negative modulus",
     "30 1e 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0d 00 30 0a 02 05 c1 00 00 00 01 02 01 "
     "03",
     SPKI_BAD_INTEGER, 24},
    {"needless leading zero",
     "30 1f 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0e 00 30 0b 02 06 00 41 00 00 00 01 02 "
     "01 03",
     SPKI_BAD_INTEGER, 24},
    {"empty modulus",
     "30 19 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 08 00 30 05 02 00 02 01 03",
     SPKI_BAD_INTEGER, 24},
    {"even modulus",
     "30 1f 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0e 00 30 0b 02 06 00 c1 00 00 00 02 02 "
     "01 03",
     SPKI_BAD_RSA, 22},
    {"even exponent",
     "30 1f 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0e 00 30 0b 02 06 00 c1 00 00 00 01 02 "
     "01 02",
     SPKI_BAD_RSA, 30},
    {"exponent 1",
     "30 1f 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0e 00 30 0b 02 06 00 c1 00 00 00 01 02 "
     "01 01",
     SPKI_BAD_RSA, 30},
    {"exponent not below the modulus",
     "30 1a 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 09 00 30 06 02 01 05 02 01 05",
     SPKI_BAD_RSA, 25},
    {"modulus zero",
     "30 1a 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 09 00 30 06 02 01 00 02 "
     "01 03",
     SPKI_BAD_RSA, 22},
    {"octets inside after the exponent",
     "30 20 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0f 00 30 0c 02 06 00 c1 00 00 00 01 02 "
     "01 03 00",
     SPKI_TRAILING, 33},
    {"octets after the bit string",
     "30 20 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0e 00 30 0b 02 06 00 c1 00 00 00 01 02 "
     "01 03 00",
     SPKI_TRAILING, 33},
    {"octets after the key", SMALL " 00", SPKI_TRAILING, 33},
    {"exponent above a modulus of its size",
     "30 1e 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0d 00 30 0a 02 03 00 80 01 02 03 00 80 "
     "03",
     SPKI_BAD_RSA, 27},
    {"length in four octets", "30 84 01 00 00 00 30", SPKI_TRUNCATED, 7},
    {"length in five octets", "30 85 01 00 00 00 00 30", SPKI_BAD_LENGTH, 1},
    {"shortest long length", "30 81 80 30", SPKI_TRUNCATED, 4},
    {"length that needs no octet more", "30 81 7f 30", SPKI_BAD_LENGTH, 1},
    {"bare key, then octets", "30 0b 02 06 00 c1 00 00 00 01 02 01 03 00", SPKI_TRAILING, 13},
    {"bare key", "30 0b 02 06 00 c1 00 00 00 01 02 01 03", SPKI_PKCS1, 0},
};

static struct bytes from_hex(const char *hex, uint8_t *octets)
{
    size_t size = 0;
    for (const char *at = hex; *at != '\0'; at += at[2] == ' ' ? 3 : 2) {
        unsigned value = 0;
        ck_assert_int_eq(sscanf(at, "%2x", &value), 1);
        octets[size++] = (uint8_t)value;
    }
    return bytes_of(octets, size);
}

START_TEST(names_damage_and_place)
{
    uint8_t octets[64];
    struct spki_rsa rsa;
    const struct spki_result result = spki_parse(guarded(from_hex(damages[_i].hex, octets)), &rsa);
    ck_assert_str_eq(spki_fault_text(result.fault), spki_fault_text(damages[_i].fault));
    ck_assert_uint_eq(result.at, damages[_i].at);
}
END_TEST

static const struct small {
    const char *name;
    const char *hex;
} smalls[] = {
    {"n = 193 * 2^32 + 1, e = 3", SMALL},
    {"shorter exponent that begins higher",
     "30 1c 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0b 00 30 08 02 03 00 80 01 02 01 7f"},
    {"shorter exponent that begins higher still",
     "30 1d 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0c 00 30 09 02 03 00 80 01 02 02 00 "
     "ff"},
    {"exponent just below a modulus of its size",
     "30 1e 30 0d 06 09 2a 86 48 86 f7 0d 01 01 01 05 00 03 0d 00 30 0a 02 03 00 80 03 02 03 00 80 "
     "01"},
};

START_TEST(a_small_key_is_a_key)
{
    uint8_t octets[64];
    struct spki_rsa rsa;
    const struct spki_result result = spki_parse(guarded(from_hex(smalls[_i].hex, octets)), &rsa);
    ck_assert_str_eq(spki_fault_text(result.fault), spki_fault_text(SPKI_FINE));
}
END_TEST

START_TEST(every_cut_is_truncated_at_its_end)
{
    uint8_t octets[DER_MAX];
    const struct bytes whole = decode(RSA_2048, octets);
    for (size_t size = 1; size < whole.size; size++) {
        struct spki_rsa rsa;
        const struct spki_result result = spki_parse(guarded(bytes_of(whole.data, size)), &rsa);
        ck_assert_int_eq(result.fault, SPKI_TRUNCATED);
        ck_assert_uint_eq(result.at, size);
        ck_assert_uint_gt(result.wanted, size);
        if (size >= 4) {
            ck_assert_uint_eq(result.wanted, whole.size);
        }
    }
}
END_TEST

/* Modulus bits as OpenSSL sees them, 0 if it refuses. */
static int openssl_bits(struct bytes der)
{
    const uint8_t *at = der.data;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der.size);
    const int bits =
        key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ? 0 : EVP_PKEY_get_bits(key);
    EVP_PKEY_free(key);
    return bits;
}

START_TEST(openssl_sees_the_same_key)
{
    uint8_t octets[DER_MAX];
    ck_assert_int_eq(openssl_bits(decode(keys[_i].text, octets)), (int)keys[_i].bits);
}
END_TEST

#define MUTATIONS 20000

START_TEST(what_is_accepted_after_a_mutation_openssl_accepts_too)
{
    uint8_t octets[DER_MAX];
    const struct bytes whole = decode(RSA_1024, octets);
    struct rng rng;
    rng_seed(&rng, 3, bytes_of_string("spki mutations"));
    size_t accepted = 0;
    for (int round = 0; round < MUTATIONS; round++) {
        uint8_t damaged[DER_MAX];
        memcpy(damaged, whole.data, whole.size);
        /* Half of them near the front, where the structure is. */
        const size_t reach = round % 2 == 0 ? 32 : whole.size;
        damaged[rng_below(&rng, reach)] ^= (uint8_t)(1U << rng_below(&rng, 8));
        struct spki_rsa rsa;
        if (spki_parse(bytes_of(damaged, whole.size), &rsa).fault == SPKI_FINE) {
            accepted++;
            ck_assert_int_eq(openssl_bits(bytes_of(damaged, whole.size)), (int)rsa.bits);
        }
    }
    ck_assert_uint_gt(accepted, 1000);
    ck_assert_uint_lt(accepted, MUTATIONS);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("spki");
    add_rows(suite, reads_bits_and_exponent, keys);
    add_rows(suite, openssl_sees_the_same_key, keys);
    add_rows(suite, names_damage_and_place, damages);
    add_test(suite, bare_rsa_public_key_is_named_and_read);
    add_test(suite, every_cut_is_truncated_at_its_end);
    add_test(suite, what_is_accepted_after_a_mutation_openssl_accepts_too);
    add_rows(suite, a_small_key_is_a_key, smalls);
    return suite;
}
