/* Room for one RRset taken out of a reply or the cache. */
#ifndef FAULTZONE_RESOLVER_SCRATCH_H
#define FAULTZONE_RESOLVER_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolver/cache.h"
#include "resolver/policy.h"
#include "wire/message.h"
#include "wire/rdata.h"

struct scratch {
    struct bytes rdata[POLICY_RRSET_MAX];
    struct name owner;
    size_t used;
    uint8_t octets[2 * MESSAGE_OCTETS_MAX];
};

/* Takes the records of (`owner`, `type`), class IN, out of a section: RDATA without compression,
 * each once, the least TTL (RFC 2181 5.2 and 8). With no such record, more than `count_max`, or
 * more octets than there is room for, false. The RRset stays until the next call; it borrows
 * `owner` and the message. */
bool scratch_take(struct scratch *scratch, const struct message *message, enum section section,
                  const struct name *owner, uint16_t type, uint32_t count_max, struct rrset *ret);

/* The same of one sound record, with a copy of its owner. */
bool scratch_take_record(struct scratch *scratch, const struct record *record, struct rrset *ret);

/* The same out of the cache, with a copy of the owner; it borrows the cache's entry. Of a denial,
 * the SOA. */
void scratch_take_cached(struct scratch *scratch, const struct cached *cached, struct rrset *ret);

#endif
