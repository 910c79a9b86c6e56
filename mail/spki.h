/* A strict walk of a DER SubjectPublicKeyInfo (RFC 5280 4.1.2.7) that holds an RSA key (RFC 3279
 * 2.3.1): what `k=rsa` publishes in `p=`. It says at which octet the encoding breaks.
 *
 * RFC 6376 3.6.1 speaks of an RSAPublicKey, but its Appendix C and every signer publish the
 * SubjectPublicKeyInfo that holds it, and an erratum (3017) says so. A bare RSAPublicKey (PKCS #1)
 * is recognised and refused by name. Ed25519 keys are not in this form at all: RFC 8463 4 publishes
 * their 32 octets as they are. */
#ifndef FAULTZONE_MAIL_SPKI_H
#define FAULTZONE_MAIL_SPKI_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum spki_fault {
    SPKI_FINE,
    SPKI_EMPTY,          /* no octets at all */
    SPKI_TRUNCATED,      /* an element says it is longer than what is there */
    SPKI_WRONG_TAG,      /* another element than the structure wants */
    SPKI_BAD_LENGTH,     /* indefinite, or not in its shortest form: BER, not DER */
    SPKI_NOT_RSA,        /* an algorithm other than rsaEncryption */
    SPKI_ED25519,        /* Ed25519 in a SubjectPublicKeyInfo, which RFC 8463 4 does not want */
    SPKI_BAD_PARAMETERS, /* rsaEncryption without its NULL parameters */
    SPKI_UNUSED_BITS,    /* a BIT STRING that does not end on an octet */
    SPKI_BAD_INTEGER,    /* negative, empty, or with a needless leading zero */
    SPKI_BAD_RSA,  /* an even modulus, or an exponent that is even, 1, or not below the modulus */
    SPKI_TRAILING, /* octets after the end of a structure */
    SPKI_PKCS1,    /* a bare RSAPublicKey */
};

/* An RSA public key as borrowed views: both integers without leading zeros. */
struct spki_rsa {
    struct bytes modulus;
    struct bytes exponent;
    unsigned bits; /* of the modulus */
};

struct spki_result {
    enum spki_fault fault;
    size_t at; /* offset of the first bad octet; the size if something is missing at the end */
    uint64_t wanted; /* of SPKI_TRUNCATED: octets the outermost cut element needs in all, from the
                        start of the input */
};

/* Walks `der`. On SPKI_FINE, and on SPKI_PKCS1 of a well-formed RSAPublicKey, `ret` holds the key
 * as views into `der`; otherwise it is untouched. */
struct spki_result spki_parse(struct bytes der, struct spki_rsa *ret);

/* A sentence on the fault without its place, static. */
const char *spki_fault_text(enum spki_fault fault);

#endif
