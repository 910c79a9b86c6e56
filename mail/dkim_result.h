/* What a DKIM verifier reports for one signature, given what the DNS gave it: an RFC 8601 2.7.1
 * word and the reason in RFC 6376's own words.
 *
 * `pass` means: a message signed with the private half of the key that is said to be right, with
 * the signature's parameters, would verify. Where the RFCs leave a choice, `word` is ours and
 * `also` holds what other conforming verifiers may say.
 *
 *   what was found                   word       also              reason
 *   no answer, error code, cut       temperror  -                 key unavailable
 *   NXDOMAIN, no data                permerror  -                 no key for signature
 *   record breaks the syntax         permerror  neutral           key syntax error
 *   v= is not DKIM1                  permerror  neutral           key syntax error
 *   s= does not list e-mail          permerror  -                 no key for signature (1)
 *   h= excludes the hash             permerror  -                 inappropriate hash algorithm
 *   p= is empty                      permerror  fail              key revoked (2)
 *   k= does not fit the signature    permerror  neutral           inappropriate key algorithm
 *   t=s and i= below d=              permerror  -                 domain mismatch (3)
 *   RSA below 1024 bits              policy     permerror fail    inappropriate key algorithm (4)
 *   a=rsa-sha1                       permerror  policy fail       inappropriate hash algorithm (5)
 *   several records, none verifies   permerror  temperror         multiple records (6)
 *   several records, one verifies    pass       permerror         - (6)
 *                                               temperror
 *   another key                      fail       -                 signature did not verify
 *
 * (1) RFC 6376 3.6.1: such a record MUST be ignored, so there is no key; it has no words of its
 * own. (2) RFC 6376 6.1.2 step 7: "treat this as a failed signature check". (3) RFC 6376 3.6.1
 * forbids it without words; 6.1.1 has these for an `i=` that does not fit. (4) RFC 8301 3.2: "MUST
 * NOT consider […] valid", no word. RFC 8601 defines `policy` as "some aspect of the signature […]
 * was not acceptable", which is just this: it would verify. (5) RFC 8301 3.1: such signatures "have
 * permanently failed evaluation". (6) RFC 6376 3.6.2.2 calls this undefined; 6.1.2 step 4 allows
 * trying each, which we do. */
#ifndef FAULTZONE_MAIL_DKIM_RESULT_H
#define FAULTZONE_MAIL_DKIM_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/text.h"
#include "mail/dkim_key.h"
#include "mail/dkim_retrieval.h"

#define DKIM_RSA_BITS_MIN 1024 /* RFC 8301 3.2 */

enum dkim_word {
    DKIM_TEMPERROR, /* zero: a result that nobody filled in is no pass */
    DKIM_PASS,
    DKIM_FAIL,
    DKIM_POLICY,
    DKIM_NEUTRAL,
    DKIM_PERMERROR,
    DKIM_WORDS,
};

#define DKIM_WORD_BIT(word) (1U << (word))

/* What came of asking for the key. */
enum dkim_key_outcome {
    DKIM_OUTCOME_FOUND,         /* "found": a key that this signature may use */
    DKIM_OUTCOME_REVOKED,       /* "revoked" */
    DKIM_OUTCOME_NO_KEY,        /* "no-key" */
    DKIM_OUTCOME_SYNTAX,        /* "syntax-error" */
    DKIM_OUTCOME_WRONG_VERSION, /* "wrong-version" */
    DKIM_OUTCOME_UNSUITABLE,    /* "unsuitable": `unsuitable_tag` says by which tag */
    DKIM_OUTCOME_TOO_SHORT,     /* "too-short" */
    DKIM_OUTCOME_SEVERAL,       /* "several-records" */
    DKIM_OUTCOME_UNAVAILABLE,   /* "unavailable" */
    DKIM_OUTCOMES,
};

enum dkim_algorithm {
    DKIM_ALGORITHM_BY_KEY, /* the right key's type, or else the published one's, with sha256 */
    DKIM_RSA_SHA256,
    DKIM_RSA_SHA1,
    DKIM_ED25519_SHA256,
};

/* The parameters of a signature that matter here. All zero are sensible defaults. Domains are text;
 * a final dot does not matter. */
struct dkim_signature {
    enum dkim_algorithm algorithm; /* a= */
    struct bytes domain;           /* d= */
    struct bytes identity;         /* i=, "local@domain" or a domain; empty: @ and d= */
};

struct dkim_result {
    enum dkim_word word;
    unsigned also;      /* DKIM_WORD_BIT of further words a conforming verifier may say */
    const char *reason; /* RFC 6376's words, static; "" for pass, NULL if not filled in */

    enum dkim_key_outcome outcome;
    char unsuitable_tag;         /* 'k', 'h', 's', 't' (or 'a': rsa-sha1), 0 if none */
    enum dkim_key_type key_type; /* of the decoded key, NONE if there is none */
    unsigned key_bits;           /* 0 if unknown */
    bool testing;  /* `t=y`: changes nothing here (RFC 6376 3.6.1), but worth a word */
    bool forgiven; /* the record has white space that only a lenient reader takes */
    struct dkim_problem problem; /* of SYNTAX and WRONG_VERSION */
    const char *why;             /* of NO_KEY and UNAVAILABLE: what the DNS said, static */
    size_t records;              /* TXT records there were */
};

/* Judges `retrieval` for `signature`. `right` is the key the signer has, NULL if the published one
 * is to be taken for right. False only if `arena`, where keys are decoded, is exhausted. `ret`
 * borrows from the retrieval's reply and the arena. */
bool dkim_result_of(const struct dkim_retrieval *retrieval, const struct dkim_signature *signature,
                    const struct dkim_key *right, struct arena *arena, struct dkim_result *ret);

/* True if `result` may be reported as `word`: as ours, or as another conforming verifier's. A
 * zeroed result, which nobody filled in, may be reported as nothing. */
bool dkim_result_allows(const struct dkim_result *result, enum dkim_word word);

/* "pass", "found", "rsa-sha256" and the way back. Names are static; false if there is no such word.
 */
const char *dkim_word_name(enum dkim_word word);
bool dkim_word_parse(struct bytes text, enum dkim_word *ret);
const char *dkim_key_outcome_name(enum dkim_key_outcome outcome);
bool dkim_key_outcome_parse(struct bytes text, enum dkim_key_outcome *ret);
bool dkim_algorithm_parse(struct bytes text, enum dkim_algorithm *ret);

/* One line: "permerror (key syntax error): …". Everything published is escaped. */
void dkim_result_put(struct text *text, const struct dkim_result *result);

#endif
