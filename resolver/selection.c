/* Whom to ask next, and how long to wait. */
#include "resolver/selection.h"

#include "wire/rrtype.h"

#define TIMEOUT_STEP (100 * NS_PER_MS)

/* What is chosen from, and by what. */
struct choosing {
    const struct delegation *delegation;
    const struct servers *servers;
    const struct policy *policy;
    instant_ns now;
};

/* Who was dead when it was asked is asked no more. */
static bool is_askable(const struct choosing *choosing, const struct delegation_address *address)
{
    return !address->dropped &&
           address->tries < (address->probe ? 1 : choosing->policy->tries_per_server_max);
}

/* The fewest times any askable address was asked; UINT8_MAX if none is askable. */
static uint8_t fewest_tries(const struct choosing *choosing)
{
    uint8_t fewest = UINT8_MAX;
    for (uint8_t i = 0; i < choosing->delegation->address_count; i++) {
        const struct delegation_address *address = &choosing->delegation->addresses[i];
        if (address->tries < fewest && is_askable(choosing, address)) {
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

/* Dead ones come last, those to be probed are like any that was never met. */
static duration_ns expected_time(const struct choosing *choosing, const struct address *address)
{
    const struct server_record *known = servers_find(choosing->servers, address, choosing->now);
    if (known == NULL) {
        return SERVER_UNKNOWN;
    }
    if (known->timeouts < choosing->policy->dead_after) {
        return known->expected;
    }
    return server_is_dead(known, choosing->now) ? SERVER_EXPECTED_DEAD : SERVER_UNKNOWN;
}

/* One of the addresses asked `tries` times, by chance among the fast ones. */
static struct choice choose_known(const struct choosing *choosing, uint8_t tries, struct rng *rng)
{
    const struct delegation *delegation = choosing->delegation;
    duration_ns expected[DELEGATION_ADDRESSES_MAX];
    duration_ns best = NEVER;
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        const struct delegation_address *address = &delegation->addresses[i];
        const bool fits = address->tries == tries && is_askable(choosing, address);
        expected[i] = fits ? expected_time(choosing, &address->address) : NEVER;
        best = instant_earlier(best, expected[i]);
    }
    uint8_t fast[DELEGATION_ADDRESSES_MAX];
    uint8_t count = 0;
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        if (expected[i] != NEVER && expected[i] - best <= choosing->policy->selection_band) {
            fast[count++] = i;
        }
    }
    return (struct choice){.kind = CHOICE_ASK, .index = fast[rng_below(rng, count)]};
}

struct choice selection_choose(const struct delegation *delegation, const struct servers *servers,
                               const struct policy *policy, bool may_look_up, struct rng *rng,
                               instant_ns now)
{
    const struct choosing choosing = {delegation, servers, policy, now};
    const uint8_t tries = fewest_tries(&choosing);
    if (tries != 0 && may_look_up) {
        const struct choice unknown = choose_unknown(delegation);
        if (unknown.kind != CHOICE_NONE) {
            return unknown;
        }
    }
    if (tries == UINT8_MAX) {
        return (struct choice){.kind = CHOICE_NONE};
    }
    return choose_known(&choosing, tries, rng);
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
