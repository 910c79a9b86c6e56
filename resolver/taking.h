/* A reply on its way into the lookup: what the files called lookup_*.c share of it. */
#ifndef FAULTZONE_RESOLVER_TAKING_H
#define FAULTZONE_RESOLVER_TAKING_H

#include "resolver/lookup.h"

struct taking {
    struct context *context;
    struct lookup *lookup;
    const struct message *message;
    struct endpoint server;
    enum transport transport;
    bool edns;      /* it was asked with */
    bool is_proved; /* it came over TCP or with our cookie: its sender has seen the query */
    const struct reply *reply;
    uint16_t type;           /* asked for */
    bool dnssec_ok;          /* asked for with DO */
    const struct name *zone; /* whose server was asked */
};

/* What helps: each ends the top level, moves its question, or leaves it to ask. */
void taking_answer(const struct taking *taking);
void taking_denial(const struct taking *taking);
void taking_yxdomain(const struct taking *taking);
void taking_referral(const struct taking *taking);

/* Follows all links of the reply; false if the level has ended on the way. */
bool taking_follow(const struct taking *taking);

/* Takes the reply to a question for an ancestor of the name; false if it is to be taken like any
 * other. */
bool taking_step(const struct taking *taking);

/* --- what is kept of it --- */

/* An alias. */
void taking_keep_alias(const struct taking *taking, const struct reply_link *link,
                       const struct name *target);

/* The SOA that proves a denial, and with it the denial; NULL if there is none. */
const struct rrset *taking_soa(const struct taking *taking, uint16_t rcode, struct rrset *buffer);

/* The root's servers as it says itself: nobody delegates it (RFC 8109 3.3). Overwrites the scratch
 * that `servers` lies in. */
void taking_keep_root(const struct taking *taking, const struct rrset *servers);

static inline enum trust taking_trust(const struct message *message)
{
    return (message->flags & MESSAGE_AA) != 0 ? TRUST_AUTHORITATIVE : TRUST_ANSWER;
}

/* `ttl` in seconds, within bounds. */
static inline uint32_t taking_between(uint32_t ttl, duration_ns least, duration_ns most)
{
    const uint64_t least_s = least / NS_PER_S, most_s = most / NS_PER_S;
    return ttl > most_s ? (uint32_t)most_s : ttl < least_s ? (uint32_t)least_s : ttl;
}

/* The TTL that something is kept for. */
static inline uint32_t taking_ttl(const struct context *context, uint32_t ttl)
{
    return taking_between(ttl, context->policy.ttl_min, context->policy.ttl_max);
}

static inline instant_ns taking_expiry(const struct context *context, uint32_t ttl)
{
    return instant_after(context->now, ttl * NS_PER_S);
}

#endif
