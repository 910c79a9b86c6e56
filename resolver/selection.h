/* Whom to ask next, and how long to wait. Pure, but for the one die that it takes. */
#ifndef FAULTZONE_RESOLVER_SELECTION_H
#define FAULTZONE_RESOLVER_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/rng.h"
#include "resolver/delegation.h"
#include "resolver/policy.h"
#include "resolver/servers.h"

enum choice_kind {
    CHOICE_ASK,     /* ask address `index` */
    CHOICE_LOOK_UP, /* look up an address, of `type`, for server `index` */
    CHOICE_NONE,    /* nobody is left */
};

struct choice {
    enum choice_kind kind;
    uint8_t index;
    uint16_t type;
};

/* Chooses within `delegation`: first every known address once, then (if `may_look_up`) addresses
 * still unknown, then the known ones again, those asked least first, up to the policy's tries.
 * Dead ones are asked once, when their time has come to be probed or nobody else is left. Among
 * equals those within the policy's band of the fastest are equally likely. Draws once from
 * `rng` for each CHOICE_ASK. */
struct choice selection_choose(const struct delegation *delegation, const struct servers *servers,
                               const struct policy *policy, bool may_look_up, struct rng *rng,
                               instant_ns now);

/* How long to wait for a server of which `known` is known (NULL: nothing), on a question it was
 * asked `tries` times before: its usual time, at least policy->timeout_least, twice as long with
 * every try, at most policy->timeout_most. A multiple of 100 ms: what is measured differs a little
 * from host to host, and what is decided should not. */
duration_ns selection_timeout(const struct server_record *known, uint8_t tries,
                              const struct policy *policy);

#endif
