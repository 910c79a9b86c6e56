/* Whom to ask next, and how long to wait. */
#include "resolver/selection.h"

#include "wire/rrtype.h"

#define TIMEOUT_STEP (100 * NS_PER_MS)

static bool is_askable(const struct delegation_address *address, const struct policy *policy)
{
    return !address->dropped && address->tries < policy->tries_per_server_max;
}

/* The fewest times any askable address was asked; UINT8_MAX if none is askable. */
static uint8_t fewest_tries(const struct delegation *delegation, const struct policy *policy)
{
    uint8_t fewest = UINT8_MAX;
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        const struct delegation_address *address = &delegation->addresses[i];
        if (is_askable(address, policy) && address->tries < fewest) {
            fewest = address->tries;
        }
    }
    return fewest;
}

/* A server that may still have an address we do not know. */
static struct choice choose_unknown(const struct delegation *delegation)
{
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        const struct delegation_server *server = &delegation->servers[i];
        if (server->address_count > 0 || server->trouble != NULL ||
            delegation_needs_glue(delegation, i)) {
            continue;
        }
        if (!server->asked_v4) {
            return (struct choice){CHOICE_LOOK_UP, i, RRTYPE_A};
        }
        if (!server->asked_v6) {
            return (struct choice){CHOICE_LOOK_UP, i, RRTYPE_AAAA};
        }
    }
    return (struct choice){.kind = CHOICE_NONE};
}

static duration_ns expected_time(const struct servers *servers, const struct address *address,
                                 instant_ns now)
{
    const struct server_record *known = servers_find(servers, address, now);
    return known != NULL ? known->expected : SERVER_UNKNOWN;
}

/* One of the addresses asked `tries` times, by chance among the fast ones. */
static struct choice choose_known(const struct delegation *delegation,
                                  const struct servers *servers, const struct policy *policy,
                                  uint8_t tries, struct rng *rng, instant_ns now)
{
    duration_ns expected[DELEGATION_ADDRESSES_MAX];
    duration_ns best = NEVER;
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        const struct delegation_address *address = &delegation->addresses[i];
        const bool fits = is_askable(address, policy) && address->tries == tries;
        expected[i] = fits ? expected_time(servers, &address->address, now) : NEVER;
        best = instant_earlier(best, expected[i]);
    }
    uint8_t fast[DELEGATION_ADDRESSES_MAX];
    uint8_t count = 0;
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        if (expected[i] != NEVER && expected[i] - best <= policy->selection_band) {
            fast[count++] = i;
        }
    }
    return (struct choice){.kind = CHOICE_ASK, .index = fast[rng_below(rng, count)]};
}

struct choice selection_choose(const struct delegation *delegation, const struct servers *servers,
                               const struct policy *policy, bool may_look_up, struct rng *rng,
                               instant_ns now)
{
    const uint8_t tries = fewest_tries(delegation, policy);
    if (tries != 0 && may_look_up) {
        const struct choice unknown = choose_unknown(delegation);
        if (unknown.kind != CHOICE_NONE) {
            return unknown;
        }
    }
    if (tries == UINT8_MAX) {
        return (struct choice){.kind = CHOICE_NONE};
    }
    return choose_known(delegation, servers, policy, tries, rng, now);
}

duration_ns selection_timeout(const struct server_record *known, uint8_t tries,
                              const struct policy *policy)
{
    duration_ns timeout = known != NULL ? known->smooth + 4 * known->deviation : 0;
    timeout = (timeout + TIMEOUT_STEP - 1) / TIMEOUT_STEP * TIMEOUT_STEP;
    if (timeout < policy->timeout_least) {
        timeout = policy->timeout_least;
    }
    for (uint8_t i = 0; i < tries && timeout < policy->timeout_most; i++) {
        timeout *= 2;
    }
    return timeout < policy->timeout_most ? timeout : policy->timeout_most;
}
