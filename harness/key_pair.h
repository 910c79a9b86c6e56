/* Key pairs for test messages: made from a seed, or read from a PEM file. The same seed gives the
 * same pair on every machine: chance comes from base/rng, not from OpenSSL. So such keys are for
 * tests only: whoever knows the seed has the private half. */
#ifndef FAULTZONE_HARNESS_KEY_PAIR_H
#define FAULTZONE_HARNESS_KEY_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"

#define KEY_PAIR_BITS_MIN 512  /* what OpenSSL makes at least */
#define KEY_PAIR_BITS_MAX 8192 /* rspamd's limit, and half a minute's work here */

enum key_pair_type { KEY_PAIR_RSA, KEY_PAIR_ED25519 };

struct key_pair {
    enum key_pair_type type;
    unsigned bits;            /* of the modulus; 256 for Ed25519 */
    struct bytes private_der; /* PKCS #8 */
    struct bytes public_text; /* what stands behind p=: base64 of the SubjectPublicKeyInfo (RFC 6376
                                 3.6.1), or of the 32 octets (RFC 8463 4) */
};

/* Makes an RSA pair with a modulus of exactly `bits` (even, within the limits) and exponent 65537;
 * 2048 bits take about a twentieth of a second. All of it lives in `arena`. False if OpenSSL or the
 * arena has no memory. */
bool key_pair_make_rsa(unsigned bits, uint64_t seed, struct arena *arena, struct key_pair *ret);

/* Makes an Ed25519 pair (RFC 8032). */
bool key_pair_make_ed25519(uint64_t seed, struct arena *arena, struct key_pair *ret);

/* Reads the private key in `pem`, unencrypted. False, with a static sentence on why, if there is
 * none, or one of another type. */
bool key_pair_read(struct bytes pem, struct arena *arena, struct key_pair *ret,
                   const char **reterr);

#endif
