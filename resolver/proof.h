/* What DNSSEC says beside an answer or a denial: the RRSIG records of the RRset, and NSEC or NSEC3
 * with theirs. Carried from servers to clients that set DO; nothing here is verified. */
#ifndef FAULTZONE_RESOLVER_PROOF_H
#define FAULTZONE_RESOLVER_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"
#include "wire/message.h"

/* Octets: more than this is not carried at all. */
#define PROOF_OCTETS_MAX 8192

/* Signatures of one RRset: the others are left out. Who validates tries each (KeyTrap,
 * CVE-2023-50387). */
#define PROOF_SIGNATURES_MAX 8

/* Records one behind another: section, owner, type, TTL, RDATA. */
struct proof {
    size_t size;
    bool overflow;
    uint8_t octets[PROOF_OCTETS_MAX];
};

/* Starts with nothing collected; adds a sound record. */
void proof_start(struct proof *proof);
void proof_add(struct proof *proof, const struct record *record);

/* Collects what `message` from a server of `zone` says beside the RRset (`name`, `type`), or beside
 * the denial of it. Only data of the zone counts. */
void proof_collect(struct proof *proof, const struct message *message, const struct name *name,
                   uint16_t type, const struct name *zone);

/* The same of the signatures of a CNAME at `owner` alone. */
void proof_collect_alias(struct proof *proof, const struct message *message,
                         const struct name *owner);

/* What was collected, borrowed; nothing if it was too much. */
struct bytes proof_octets(const struct proof *proof);

/* Appends the collected records of one section with TTLs of at most `ttl_max`; false if they do not
 * fit. */
bool proof_put(struct builder *builder, enum section section, struct bytes octets,
               uint32_t ttl_max);

/* The same with TTLs less `age` seconds, without those that are over, as far as there is room. */
void proof_put_aged(struct builder *builder, enum section section, struct bytes octets,
                    uint32_t age);

#endif
