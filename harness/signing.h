/* Messages that are really signed (RFC 6376, RFC 8463), for real verifiers to look at: what a
 * `dkim` step says that a verifier should find, as octets. The message is always the same but for
 * names and the signature; its dates are those of the simulation's first day. */
#ifndef FAULTZONE_HARNESS_SIGNING_H
#define FAULTZONE_HARNESS_SIGNING_H

#include "harness/key_pair.h"
#include "harness/scenario.h"

struct signing {
    const struct key_pair *pair;
    enum dkim_algorithm algorithm; /* DKIM_ALGORITHM_BY_KEY: as the key's type asks */
    struct bytes selector, domain; /* s= and d=, as text */
    struct bytes identity;         /* i=; empty: the tag is left out */
};

/* What signs the message of a `dkim` step; the texts live in `arena`. False, with a static sentence
 * on why, if nobody has the private half of its key, its name has no selector, or memory runs out.
 */
bool signing_of_step(const struct dkim_step *step, struct arena *arena, struct signing *ret,
                     const char **reterr);

/* The signed message, its lines ended by CRLF, in `arena`. Header and body are canonicalized
 * relaxed/relaxed; From, To, Subject, Date and Message-ID are signed. False, with a static sentence
 * on why, if the algorithm does not fit the key, the key is too short for it, a name is too long,
 * or memory runs out. */
bool signing_message(const struct signing *signing, struct arena *arena, struct bytes *ret,
                     const char **reterr);

#endif
