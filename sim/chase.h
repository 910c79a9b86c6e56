/* Where an alias ends, as a provider's own resolver would find out: for flattening and ALIAS. Looks
 * through the data of every zone of the scenario, not through their behaviours. */
#ifndef FAULTZONE_SIM_CHASE_H
#define FAULTZONE_SIM_CHASE_H

#include <stdint.h>

#include "sim/behaviour.h"

#define CHASE_LINKS_MAX 16

enum chase_outcome {
    CHASE_FOUND,
    CHASE_NODATA,
    CHASE_NXDOMAIN,
    CHASE_FAILED, /* a loop, too many links, or a name no zone of the scenario speaks for */
};

struct chased {
    enum chase_outcome outcome;
    const struct rrset *rrset; /* of FOUND */
    uint32_t ttl;              /* of FOUND: the least on the way */
};

/* Follows `start` through CNAMEs and DNAMEs to its RRset of `type`. */
void chase(const struct behaviour_context *context, const struct name *start, uint16_t type,
           struct chased *ret);

#endif
