/* A zone cut and whom to ask about the zone below it: its servers' names and their addresses, as a
 * referral, the cache or the root hints tell them. Pure: nothing here looks anywhere. */
#ifndef FAULTZONE_RESOLVER_DELEGATION_H
#define FAULTZONE_RESOLVER_DELEGATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/endpoint.h"
#include "base/instant.h"
#include "resolver/policy.h"
#include "wire/message.h"
#include "wire/name.h"

#define DELEGATION_ADDRESSES_MAX 40

/* One name server, and what became of looking for its addresses. */
struct delegation_server {
    struct name name;
    uint8_t address_count;
    bool on_errand;          /* an errand seeks its address */
    bool asked_v4, asked_v6; /* its A, its AAAA was looked up, or need not be */
    const char *trouble;     /* static: why it has no address, NULL while that is open */
};

/* One address of a name server, and what became of asking it the question at hand. */
struct delegation_address {
    struct address address;
    uint8_t server; /* index of its name */
    uint8_t tries;
    bool dropped : 1;        /* not asked this question again */
    bool probe : 1;          /* it was dead when it was asked */
    bool plain : 1;          /* ask without EDNS */
    bool case_doubted : 1;   /* a reply over UDP did not repeat the letter case */
    bool one_case : 1;       /* ask without random letter case */
    bool cookie_renewed : 1; /* it did not like our cookie, and gave another */
    bool own_stream : 1;     /* ask over a connection of its own: a shared one was lost */
    bool over_tcp : 1;       /* `trouble` came over TCP */
    const char *trouble;     /* static: what came back last, NULL if nothing did */
};

struct delegation {
    struct name cut;
    instant_ns
        expires; /* when its parent's word for it ends, and that of all above; NEVER: hints */
    uint8_t server_count, address_count;
    uint8_t looked_up;  /* address look-ups spent on it */
    bool glue_recalled; /* addresses that only the parent says were added, as a last resort */
    struct delegation_server servers[POLICY_SERVERS_MAX];
    struct delegation_address addresses[DELEGATION_ADDRESSES_MAX];
};

/* Starts an empty delegation of `cut` that never expires. */
void delegation_start(struct delegation *delegation, const struct name *cut);

/* Adds a server, at most `servers_max`; the index of it or of the one that has this name already,
 * -1 if there is no room. */
int delegation_add_server(struct delegation *delegation, const struct name *name,
                          const struct policy *policy);

/* Adds an address of server `index`. Addresses known already, under whatever name, more than
 * policy->addresses_max of one family, and those that address_is_usable refuses are left out:
 * false. */
bool delegation_add_address(struct delegation *delegation, uint8_t index,
                            const struct address *address, const struct policy *policy);

/* True for an address that a server on the internet can have: not 0.0.0.0/8, ::, multicast or
 * broadcast, nor a loopback address unless policy->loopback. */
bool address_is_usable(const struct address *address, const struct policy *policy);

/* True if the server's name lies at or below the cut: its address can come as glue alone, since
 * asking for it would need it. */
bool delegation_needs_glue(const struct delegation *delegation, uint8_t index);

/* Another question is at hand: nobody was asked it yet. Those dropped stay so unless `all`. */
void delegation_renew(struct delegation *delegation, bool all);

/* True if no server has an address or could be looked up: the delegation leads nowhere. */
bool delegation_is_dead(const struct delegation *delegation);

/* Reads a referral to `cut` out of a reply from a server of `zone`: the NS records at the cut, and
 * addresses from the additional section whose owner is one of those servers and lies in `zone`. Of
 * more servers than the policy considers, those with addresses come first. The least TTL of the NS
 * records goes to `ret_ttl`. */
void delegation_from_referral(struct delegation *ret, const struct message *message,
                              const struct name *zone, const struct name *cut,
                              const struct policy *policy, uint32_t *ret_ttl);

/* True if `record` is an A or AAAA record of class IN; then its address. */
bool record_address(const struct record *record, struct address *ret);

#endif
