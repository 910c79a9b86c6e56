/* What a reply means for the question asked. Pure: it looks at the message, the question and the
 * zone whose server was asked, and at nothing else.
 *
 * Only records at or below that zone count, and of them only those on the path from the question
 * through its CNAMEs and DNAMEs, the denial's SOA, or the NS records of a cut between the zone and
 * the question: everything else in a message is overlooked. */
#ifndef FAULTZONE_RESOLVER_CLASSIFY_H
#define FAULTZONE_RESOLVER_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "resolver/policy.h"
#include "wire/message.h"
#include "wire/name.h"

enum reply_kind {
    /* what helps */
    REPLY_ANSWER,    /* `last` has records of the type */
    REPLY_ALIAS,     /* the path ends at `last`, of which this reply says no more */
    REPLY_REFERRAL,  /* `cut` is closer to the question */
    REPLY_NODATA,    /* `last` has no records of the type */
    REPLY_NXDOMAIN,  /* `last` does not exist */
    REPLY_YXDOMAIN,  /* a DNAME makes of `last` a name that is too long (RFC 6672 2.2) */
    REPLY_TRUNCATED, /* TC: nothing in it is used */
    /* what does not; `why` says more */
    REPLY_LAME,     /* the server is not authoritative for the zone */
    REPLY_SERVFAIL, /* RCODEs */
    REPLY_REFUSED,
    REPLY_FORMERR,
    REPLY_NOTIMP,
    REPLY_BADVERS,
    REPLY_BADCOOKIE,
    REPLY_ODD_RCODE,
    REPLY_BROKEN, /* it contradicts itself */
    REPLY_KINDS,
};

/* One step of the path. */
struct reply_link {
    struct name owner;
    uint32_t ttl;         /* of the CNAME, or of the DNAME that made it; as sent */
    uint32_t dname_ttl;   /* as sent */
    uint8_t dname_labels; /* of the DNAME's owner, an ancestor of `owner` */
    bool by_dname;
};

struct reply_question {
    const struct name *name;
    uint16_t type;
    const struct name *zone; /* the cut whose server was asked */
};

/* What message_parse made of the reply, boiled down. Borrows the message. Only the first
 * `link_count` links mean anything. */
struct reply {
    enum reply_kind kind;
    const char *why;  /* static */
    struct name last; /* where the path ends; the question's name if it has no links */
    struct name cut;  /* of REPLY_REFERRAL */
    struct record soa;
    bool has_soa; /* a denial's SOA that may speak for `last` */
    uint8_t link_count;
    struct reply_link links[POLICY_RESTARTS_MAX + 1];
};

/* Classifies a response to `question` that matched it already. Follows at most one link more than
 * policy->restarts_max. */
void classify(const struct message *message, const struct reply_question *question,
              const struct policy *policy, struct reply *ret);

/* A static word: "referral". */
const char *reply_kind_name(enum reply_kind kind);

/* The TTL as it is to be understood: 0 if bit 31 is set (RFC 2181 8). */
static inline uint32_t ttl_of(uint32_t sent)
{
    return sent > INT32_MAX ? 0 : sent;
}

/* How long a denial proved by `soa` holds (RFC 2308 5): the least of its TTL and its minimum. */
uint32_t denial_ttl(const struct record *soa);

#endif
