/* What a server knows, and how the DNS says to look it up (RFC 1034 4.3.2, RFC 4592, RFC 6672,
 * RFC 8020). A zone is built once, then only read; a change of records makes a new zone. */
#ifndef FAULTZONE_SIM_ZONE_H
#define FAULTZONE_SIM_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "wire/name.h"
#include "wire/rdata.h"

struct zone;

enum zone_outcome {
    ZONE_ANSWER,   /* `rrset` holds the type asked for */
    ZONE_CNAME,    /* the name is an alias: `rrset` is its CNAME */
    ZONE_DNAME,    /* an ancestor is redirected: `rrset` is its DNAME */
    ZONE_REFERRAL, /* the name is below a zone cut: `rrset` is the cut's NS */
    ZONE_NODATA,   /* the name exists, the type does not (empty non-terminals included) */
    ZONE_NXDOMAIN, /* the name does not exist and no wildcard covers it */
    ZONE_OUTSIDE,  /* the name is not at or below the apex */
};

struct zone_found {
    enum zone_outcome outcome;
    const struct rrset *rrset; /* owner is the name in the zone: for a wildcard, "*.…" */
    bool wildcard;             /* synthesised from a wildcard (RFC 4592) */
    bool empty_non_terminal;
    const struct name *source;   /* the zone's name that stands for the one asked: itself, or the
                                    wildcard; NULL where there is neither */
    const struct name *encloser; /* the closest encloser */
};

/* Hashes of a name and of all its ancestors, made in one pass, so that a server finds its zone and
 * the zone its node without hashing again. Only the first `name->labels` + 1 entries are set. */
struct zone_path {
    const struct name *name;              /* borrowed */
    uint64_t hashes[NAME_LABELS_MAX + 1]; /* by number of labels */
    uint8_t starts[NAME_LABELS_MAX + 1];  /* offset of the ancestor with so many labels */
};

/* An empty zone whose memory comes from `arena` (borrowed for its life). NULL if exhausted. */
struct zone *zone_new(struct arena *arena, const struct name *apex);

/* Adds a copy of `rr` (RDATA in uncompressed wire form). Records of one RRset are kept in order,
 * exact duplicates dropped; the RRset's TTL is the least of its records' (RFC 2181 5.2). Nothing
 * the DNS forbids is refused here, CNAME beside other data included: customers do it. False if the
 * owner is outside the zone or memory ran out; `ret_why` (static text) says which. */
bool zone_add(struct zone *zone, const struct rr *rr, const char **ret_why);

/* Must be called once after the last zone_add: finds empty non-terminals, cuts and wildcards. */
bool zone_finish(struct zone *zone);

const struct name *zone_apex(const struct zone *zone);

/* The SOA RRset at the apex, NULL if the zone has none. */
const struct rrset *zone_soa(const struct zone *zone);

/* Looks `qname`/`qtype` up. A CNAME is followed for no type that may live beside it (CNAME, ANY,
 * and with DNSSEC RRSIG, NSEC); DS at a cut is answered by the parent side. */
void zone_look_up(const struct zone *zone, const struct name *qname, uint16_t qtype,
                  struct zone_found *ret);

/* The same for a name whose hashes are known. */
void zone_path_make(struct zone_path *path, const struct name *name);
void zone_look_up_path(const struct zone *zone, const struct zone_path *path, uint16_t qtype,
                       struct zone_found *ret);

/* The TTL of the SOA in negative answers: min(its TTL, its MINIMUM), RFC 2308 3; 0 without a SOA.
 */
uint32_t zone_negative_ttl(const struct zone *zone);

/* The RRset at exactly this name and type, whatever cuts or aliases say; NULL if there is none. For
 * glue and for behaviours that bend the rules. */
const struct rrset *zone_rrset(const struct zone *zone, const struct name *owner, uint16_t type);

/* All RRsets at exactly `owner`; `*ret_count` is 0 if the name has none. */
const struct rrset *zone_rrsets(const struct zone *zone, const struct name *owner,
                                size_t *ret_count);

/* All RRsets of the zone in canonical order of owners: `index` counts from 0, NULL past the end. */
const struct rrset *zone_rrset_at(const struct zone *zone, size_t index);

#endif
