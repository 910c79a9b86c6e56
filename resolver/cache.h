/* What was learned and how long it holds: a ring log of entries, the oldest overwritten first, with
 * a hash index. Bounded in octets; the start of a new run costs what is in it, no more.
 *
 * Each fact is filed under (name, type) in one of four drawers. What a parent says of a delegation
 * is kept apart from what zones say of themselves: so a child never prolongs its own delegation,
 * and glue never answers a client. Within a drawer less trusted data never replaces what is more
 * trusted and still holds (RFC 2181 5.4.1). */
#ifndef FAULTZONE_RESOLVER_CACHE_H
#define FAULTZONE_RESOLVER_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/instant.h"
#include "wire/rdata.h"

/* RFC 2181 5.4.1, least first. */
enum trust {
    TRUST_NONE,
    TRUST_GLUE,          /* additional section of a referral */
    TRUST_REFERRAL,      /* authority section of a referral */
    TRUST_ANSWER,        /* answer section, server not authoritative */
    TRUST_AUTHORITATIVE, /* answer section or denial of an authoritative server */
};

enum drawer {
    DRAWER_ANSWERS,     /* an RRset, or that there is none of this type */
    DRAWER_NXDOMAIN,    /* that the name does not exist; type 0 */
    DRAWER_DELEGATIONS, /* NS and glue as the parent says */
    DRAWER_FAILURES,    /* that the question could not be resolved (RFC 9520) */
    DRAWER_COMPANY,     /* what came beside an answer that the policy gives in full */
    DRAWER_PROOFS,      /* what came beside an answer or a denial that was asked for with DO */
};

/* One entry found. Everything is borrowed and stays until the next call that changes the cache. */
struct cached {
    enum drawer drawer;
    enum trust trust;
    bool denial;    /* no such RRset: `owner`, `octets` are of the SOA that says so, if any */
    bool unchecked; /* of a failure: it failed though the query had CD */
    uint16_t type;
    uint16_t count;      /* records, or a failure's extended error code */
    uint32_t ttl;        /* seconds left: what it was less the whole seconds passed */
    instant_ns expires;  /* after `now` */
    struct bytes owner;  /* wire form, with the case it came with */
    struct bytes octets; /* `count` times a 16-bit length and RDATA; or a failure's text */
};

struct cache;

/* An empty cache of about `octets` octets of `arena`; NULL if exhausted. */
struct cache *cache_new(struct arena *arena, size_t octets);

/* Forgets everything. */
void cache_reset(struct cache *cache);

/* Octets that live entries take, and how many there are. */
size_t cache_used(const struct cache *cache);
size_t cache_count(const struct cache *cache);

/* What holds at `now` for (`name` in wire form, `type`) in `drawer`; false if nothing does. */
bool cache_find(const struct cache *cache, enum drawer drawer, struct bytes name, uint16_t type,
                instant_ns now, struct cached *ret);

/* The same of what may be over, but not for longer than `most`; its `ttl` is 0 then. */
bool cache_find_stale(const struct cache *cache, enum drawer drawer, struct bytes name,
                      uint16_t type, instant_ns now, duration_ns most, struct cached *ret);

/* Files an RRset until `expires`, over what was there unless that is more trusted and still holds.
 * An existing name is no longer known not to exist. False if it was not filed. */
bool cache_put(struct cache *cache, enum drawer drawer, const struct rrset *rrset, enum trust trust,
               instant_ns now, instant_ns expires);

/* Files a denial of (`name`, `type`), of the whole name with DRAWER_NXDOMAIN, proved by `soa`. */
bool cache_deny(struct cache *cache, enum drawer drawer, const struct name *name, uint16_t type,
                const struct rrset *soa, enum trust trust, instant_ns now, instant_ns expires);

/* A question that failed. */
struct cache_failure {
    const struct name *name;
    uint16_t type;
    uint16_t code; /* an extended error's */
    bool unchecked;
    struct bytes text;
};

/* Files `failure` for `least`, twice as long each time it fails again soon, never longer than
 * `most`. */
void cache_fail(struct cache *cache, const struct cache_failure *failure, instant_ns now,
                duration_ns least, duration_ns most);

/* Files the proof of what was filed last under (`name`, `type`), type 0 with DRAWER_NXDOMAIN. It
 * goes when that is filed anew. */
void cache_prove(struct cache *cache, const struct name *name, uint16_t type, struct bytes proof,
                 instant_ns now, instant_ns expires);

/* The same of what came beside it (company.h). */
void cache_accompany(struct cache *cache, const struct name *name, uint16_t type,
                     struct bytes company, instant_ns now, instant_ns expires);

/* Forgets all that is filed under `name`. */
void cache_forget_name(struct cache *cache, const struct name *name);

/* Takes the next RDATA off `*rest`, `octets` of a found entry at first; false at the end. */
bool cached_next(struct bytes *rest, struct bytes *ret_rdata);

#endif
