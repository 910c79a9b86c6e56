/* What came beside an answer and is no part of it: the zone's NS records, and addresses of hosts
 * that the answer or those records name. Given to clients only where the policy asks for full
 * answers; never used for anything else, so that it need not be believed. */
#ifndef FAULTZONE_RESOLVER_COMPANY_H
#define FAULTZONE_RESOLVER_COMPANY_H

#include "base/instant.h"
#include "resolver/policy.h"
#include "resolver/proof.h"
#include "wire/builder.h"

/* Collects from `message`, an answer of a server of `zone` for `name`: only data of the
 * zone, and nothing that is part of the answer. */
void company_collect(struct proof *company, const struct message *message, const struct name *name,
                     const struct name *zone, const struct policy *policy, instant_ns now);

/* Appends what was collected for one section, as far as there is room; TTLs are less the whole
 * seconds passed. */
void company_put(struct builder *builder, enum section section, struct bytes octets,
                 instant_ns now);

#endif
