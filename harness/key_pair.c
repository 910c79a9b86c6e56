/* See the header. Primes are searched upwards from a random start. They pass Fermat's test to two
 * bases, which no composite of this size is known to pass by chance (Damgard, Landrock, Pomerance:
 * below 2^-100 at 512 bits). */
#include "harness/key_pair.h"

#include <assert.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/rng.h"

#define RSA_EXPONENT     65537
#define SMALL_PRIMES_MAX 2048 /* candidates are divided by the primes below */
#define ED25519_OCTETS   32

/* --- out of OpenSSL, into the arena --- */

static bool copy_base64(const uint8_t *octets, size_t size, struct arena *arena, struct bytes *ret)
{
    uint8_t *text = arena_alloc(arena, size / 3 * 4 + 5);
    if (text == NULL) {
        return false;
    }
    *ret = bytes_of(text, (size_t)EVP_EncodeBlock(text, octets, (int)size));
    return true;
}

static bool copy_public(EVP_PKEY *key, struct arena *arena, struct key_pair *pair)
{
    uint8_t raw[ED25519_OCTETS];
    size_t size = sizeof raw;
    if (pair->type == KEY_PAIR_ED25519) {
        return EVP_PKEY_get_raw_public_key(key, raw, &size) == 1 &&
               copy_base64(raw, size, arena, &pair->public_text);
    }
    uint8_t *der = NULL;
    const int length = i2d_PUBKEY(key, &der);
    const bool fine = length > 0 && copy_base64(der, (size_t)length, arena, &pair->public_text);
    OPENSSL_free(der);
    return fine;
}

static bool copy_private(EVP_PKEY *key, struct arena *arena, struct key_pair *pair)
{
    uint8_t *der = NULL;
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    const int length = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1;
    if (length > 0) {
        pair->private_der = arena_copy(arena, bytes_of(der, (size_t)length));
    }
    OPENSSL_free(der);
    PKCS8_PRIV_KEY_INFO_free(info);
    return length > 0 && pair->private_der.data != NULL;
}

/* Takes `key` over. */
static bool keep(EVP_PKEY *key, struct arena *arena, struct key_pair *pair)
{
    bool fine = key != NULL;
    if (fine) {
        pair->bits = (unsigned)EVP_PKEY_get_bits(key);
        fine = copy_public(key, arena, pair) && copy_private(key, arena, pair);
    }
    EVP_PKEY_free(key);
    ERR_clear_error();
    return fine;
}

/* --- primes --- */

static void fill(struct rng *rng, uint8_t *octets, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        const uint64_t number = rng_next(rng);
        for (size_t j = i; j < size && j < i + 8; j++) {
            octets[j] = (uint8_t)(number >> (8 * (j - i)));
        }
    }
}

static bool has_small_factor(const BIGNUM *number)
{
    for (BN_ULONG divisor = 3; divisor < SMALL_PRIMES_MAX; divisor += 2) {
        if (BN_mod_word(number, divisor) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether base^(number - 1) is 1 modulo `number`. */
static bool passes_fermat(const BIGNUM *number, BN_ULONG base, BN_CTX *context)
{
    BN_CTX_start(context);
    BIGNUM *power = BN_CTX_get(context), *less = BN_CTX_get(context), *root = BN_CTX_get(context);
    const bool passes = root != NULL && BN_set_word(root, base) == 1 &&
                        BN_copy(less, number) != NULL && BN_sub_word(less, 1) == 1 &&
                        BN_mod_exp(power, root, less, number, context) == 1 && BN_is_one(power);
    BN_CTX_end(context);
    return passes;
}

static bool is_fit(const BIGNUM *number, BN_CTX *context)
{
    return !has_small_factor(number) && BN_mod_word(number, RSA_EXPONENT) != 1 &&
           passes_fermat(number, 2, context) && passes_fermat(number, 3, context);
}

/* A prime of `bits`, the two highest of them set: the product of two has twice as many. */
static bool find_prime(struct rng *rng, unsigned bits, BN_CTX *context, BIGNUM *ret)
{
    uint8_t octets[KEY_PAIR_BITS_MAX / 16];
    const size_t size = (bits + 7) / 8;
    assert(size <= sizeof octets);
    fill(rng, octets, size);
    if (BN_bin2bn(octets, (int)size, ret) == NULL) {
        return false;
    }
    bool fine = BN_mask_bits(ret, (int)bits) == 1 || BN_num_bits(ret) <= (int)bits;
    fine = fine && BN_set_bit(ret, (int)bits - 1) == 1 && BN_set_bit(ret, (int)bits - 2) == 1 &&
           BN_set_bit(ret, 0) == 1;
    while (fine && !is_fit(ret, context)) {
        fine = BN_add_word(ret, 2) == 1;
    }
    return fine;
}

/* --- RSA --- */

struct rsa_numbers {
    BIGNUM *p, *q, *n, *e, *d, *dp, *dq, *qi;
};

static bool derive(struct rsa_numbers *rsa, BN_CTX *context)
{
    BIGNUM *p1 = BN_CTX_get(context), *q1 = BN_CTX_get(context), *phi = BN_CTX_get(context);
    return phi != NULL && BN_mul(rsa->n, rsa->p, rsa->q, context) == 1 &&
           BN_set_word(rsa->e, RSA_EXPONENT) == 1 && BN_sub(p1, rsa->p, BN_value_one()) == 1 &&
           BN_sub(q1, rsa->q, BN_value_one()) == 1 && BN_mul(phi, p1, q1, context) == 1 &&
           BN_mod_inverse(rsa->d, rsa->e, phi, context) != NULL &&
           BN_mod(rsa->dp, rsa->d, p1, context) == 1 && BN_mod(rsa->dq, rsa->d, q1, context) == 1 &&
           BN_mod_inverse(rsa->qi, rsa->q, rsa->p, context) != NULL;
}

static bool push(OSSL_PARAM_BLD *builder, const struct rsa_numbers *rsa)
{
    const struct {
        const char *key;
        const BIGNUM *number;
    } numbers[] = {
        {OSSL_PKEY_PARAM_RSA_N, rsa->n},          {OSSL_PKEY_PARAM_RSA_E, rsa->e},
        {OSSL_PKEY_PARAM_RSA_D, rsa->d},          {OSSL_PKEY_PARAM_RSA_FACTOR1, rsa->p},
        {OSSL_PKEY_PARAM_RSA_FACTOR2, rsa->q},    {OSSL_PKEY_PARAM_RSA_EXPONENT1, rsa->dp},
        {OSSL_PKEY_PARAM_RSA_EXPONENT2, rsa->dq}, {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, rsa->qi},
    };
    bool fine = true;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        fine = fine && OSSL_PARAM_BLD_push_BN(builder, numbers[i].key, numbers[i].number) == 1;
    }
    return fine;
}

static EVP_PKEY *compose(const struct rsa_numbers *rsa)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM *params =
        builder != NULL && push(builder, rsa) ? OSSL_PARAM_BLD_to_param(builder) : NULL;
    if (params != NULL && context != NULL && EVP_PKEY_fromdata_init(context) == 1) {
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params); /* on failure key stays NULL */
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return key;
}

static bool take_numbers(BN_CTX *context, struct rsa_numbers *rsa)
{
    BIGNUM **numbers[] = {&rsa->p, &rsa->q,  &rsa->n,  &rsa->e,
                          &rsa->d, &rsa->dp, &rsa->dq, &rsa->qi};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *numbers[i] = BN_CTX_get(context);
    }
    return rsa->qi != NULL;
}

bool key_pair_make_rsa(unsigned bits, uint64_t seed, struct arena *arena, struct key_pair *ret)
{
    struct key_pair pair = {.type = KEY_PAIR_RSA};
    struct rsa_numbers rsa;
    struct rng rng;
    assert(bits >= KEY_PAIR_BITS_MIN && bits <= KEY_PAIR_BITS_MAX && bits % 2 == 0);
    BN_CTX *context = BN_CTX_new();
    if (context == NULL) {
        return false;
    }
    rng_seed(&rng, seed + bits, bytes_of_string("key pair: rsa"));
    BN_CTX_start(context);
    bool fine = take_numbers(context, &rsa) && find_prime(&rng, bits / 2, context, rsa.p);
    do {
        fine = fine && find_prime(&rng, bits / 2, context, rsa.q);
    } while (fine && BN_cmp(rsa.p, rsa.q) == 0);
    fine = fine && derive(&rsa, context) && keep(compose(&rsa), arena, &pair);
    BN_CTX_end(context);
    BN_CTX_free(context);
    if (fine) {
        *ret = pair;
    }
    return fine;
}

/* --- Ed25519 --- */

bool key_pair_make_ed25519(uint64_t seed, struct arena *arena, struct key_pair *ret)
{
    struct key_pair pair = {.type = KEY_PAIR_ED25519};
    uint8_t octets[ED25519_OCTETS];
    struct rng rng;
    rng_seed(&rng, seed, bytes_of_string("key pair: ed25519"));
    fill(&rng, octets, sizeof octets);
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, octets, sizeof octets);
    if (!keep(key, arena, &pair)) {
        return false;
    }
    *ret = pair;
    return true;
}

/* --- PEM --- */

/* Nobody is asked for a passphrase. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

static bool type_of(const EVP_PKEY *key, enum key_pair_type *ret)
{
    const int type = EVP_PKEY_get_base_id(key);
    *ret = type == EVP_PKEY_ED25519 ? KEY_PAIR_ED25519 : KEY_PAIR_RSA;
    return type == EVP_PKEY_RSA || type == EVP_PKEY_ED25519;
}

bool key_pair_read(struct bytes pem, struct arena *arena, struct key_pair *ret, const char **reterr)
{
    struct key_pair pair = {0};
    BIO *file = BIO_new_mem_buf(pem.data, (int)pem.size);
    EVP_PKEY *key = file != NULL ? PEM_read_bio_PrivateKey(file, NULL, no_passphrase, NULL) : NULL;
    BIO_free(file);
    ERR_clear_error();
    if (key == NULL) {
        *reterr = "this is no unencrypted private key in PEM form";
        return false;
    }
    if (!type_of(key, &pair.type)) {
        EVP_PKEY_free(key);
        *reterr = "DKIM has RSA and Ed25519 keys only; this one is of another type";
        return false;
    }
    if (!keep(key, arena, &pair)) {
        *reterr = "not enough memory for the key";
        return false;
    }
    *ret = pair;
    return true;
}
