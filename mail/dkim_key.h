/* The DKIM key record (RFC 6376 3.6.1, RFC 8463), to the octet: its tags, the key in it, and, where
 * it is damaged, at which octet and probably how it came about.
 *
 * Stricter than most verifiers, since a record only some of them take is worth knowing about. Two
 * things are forgiven and told: white space after the last ";" and line breaks that are no folding
 * white space (RFC 6376 2.8, 3.2 allow neither; every verifier known takes both). */
#ifndef FAULTZONE_MAIL_DKIM_KEY_H
#define FAULTZONE_MAIL_DKIM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "mail/dkim_damage.h"
#include "mail/spki.h"

#define DKIM_ED25519_OCTETS 32 /* RFC 8463 4 */
#define DKIM_ED25519_BITS   256

enum dkim_key_state {
    DKIM_KEY_FOUND,         /* well-formed, with a key in it */
    DKIM_KEY_REVOKED,       /* well-formed, `p=` is empty */
    DKIM_KEY_SYNTAX,        /* `problem` says what is wrong */
    DKIM_KEY_WRONG_VERSION, /* begins with a `v=` other than DKIM1: to be discarded */
};

enum dkim_key_type {
    DKIM_KEY_TYPE_NONE, /* there is no key, or it could not be decoded */
    DKIM_KEY_TYPE_RSA,
    DKIM_KEY_TYPE_ED25519,
    DKIM_KEY_TYPE_OTHER, /* `k=` names a type no RFC defines */
};

/* A read record. Views point into the text it was read from or into the arena. */
struct dkim_key {
    enum dkim_key_state state;
    struct dkim_problem problem; /* of DKIM_KEY_SYNTAX and DKIM_KEY_WRONG_VERSION */
    struct bytes text;           /* all strings joined */

    enum dkim_key_type type; /* as `k=` says, rsa if it does not */
    struct bytes octets;     /* what `p=` decodes to */
    struct spki_rsa rsa;     /* of DKIM_KEY_TYPE_RSA */
    unsigned bits;           /* of the RSA modulus; 256 for Ed25519; 0 if unknown */

    bool limits_hashes;    /* has an `h=`: only these are allowed */
    bool sha1, sha256;     /* listed in `h=` */
    bool for_email;        /* `s=` is absent or lists "*" or "email" */
    bool testing;          /* `t=y` */
    bool strict_identity;  /* `t=s`: the domain of `i=` must be that of `d=` */
    bool bare_newline;     /* forgiven: a line break that is no folding white space */
    bool space_at_the_end; /* forgiven: white space after the last ";" */
};

/* Reads a record whose strings are already joined; `text` is borrowed and must outlive `ret`. False
 * only if `arena`, which holds the decoded key, is exhausted. */
bool dkim_key_parse(struct bytes text, struct arena *arena, struct dkim_key *ret);

/* The same from strings: joined with nothing between them (RFC 6376 3.6.2.2). One string is
 * borrowed, several are copied into `arena`. */
bool dkim_key_parse_strings(const struct bytes *strings, size_t count, struct arena *arena,
                            struct dkim_key *ret);

/* The same from RDATA of a TXT record. */
bool dkim_key_parse_txt(struct bytes rdata, struct arena *arena, struct dkim_key *ret);

/* True if both hold the same public key: type and numbers. */
bool dkim_key_same(const struct dkim_key *a, const struct dkim_key *b);

/* "rsa", "ed25519", "other", "none". */
const char *dkim_key_type_name(enum dkim_key_type type);

#endif
