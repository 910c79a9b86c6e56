/* A zone cut, its servers, and the bailiwick of glue. */
#include "resolver/delegation.h"

#include <assert.h>

#include "wire/rrtype.h"

void delegation_start(struct delegation *delegation, const struct name *cut)
{
    name_copy(&delegation->cut, cut);
    delegation->expires = NEVER;
    delegation->server_count = 0;
    delegation->address_count = 0;
    delegation->looked_up = 0;
    delegation->glue_recalled = false;
}

int delegation_add_server(struct delegation *delegation, const struct name *name,
                          const struct policy *policy)
{
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        if (name_equal(&delegation->servers[i].name, name)) {
            return i;
        }
    }
    if (delegation->server_count >= policy->servers_max ||
        delegation->server_count == POLICY_SERVERS_MAX) {
        return -1;
    }
    struct delegation_server *server = &delegation->servers[delegation->server_count];
    name_copy(&server->name, name);
    server->address_count = 0;
    server->on_errand = false;
    server->asked_v4 = !policy->ipv4;
    server->asked_v6 = !policy->ipv6;
    server->trouble = NULL;
    return delegation->server_count++;
}

bool address_is_usable(const struct address *address, const struct policy *policy)
{
    static const uint8_t unspecified[16];
    const uint8_t *octets = address->octets;
    if (address_is_loopback(address)) {
        return policy->loopback;
    }
    switch (address->family) {
    case ADDRESS_V4: return policy->ipv4 && octets[0] != 0 && octets[0] < 224;
    case ADDRESS_V6:
        return policy->ipv6 && octets[0] != 0xff && memcmp(octets, unspecified, 16) != 0;
    default: return false;
    }
}

/* True if the address is new and its server may have one more of its family. */
static bool has_room(const struct delegation *delegation, uint8_t index,
                     const struct address *address, const struct policy *policy)
{
    uint32_t of_family = 0;
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        const struct delegation_address *other = &delegation->addresses[i];
        if (address_equal(&other->address, address)) {
            return false;
        }
        of_family += other->server == index && other->address.family == address->family;
    }
    return of_family < policy->addresses_max &&
           delegation->address_count < DELEGATION_ADDRESSES_MAX;
}

bool delegation_add_address(struct delegation *delegation, uint8_t index,
                            const struct address *address, const struct policy *policy)
{
    assert(index < delegation->server_count);
    if (!address_is_usable(address, policy) || !has_room(delegation, index, address, policy)) {
        return false;
    }
    delegation->addresses[delegation->address_count++] =
        (struct delegation_address){.address = *address, .server = index};
    delegation->servers[index].address_count++;
    return true;
}

bool delegation_needs_glue(const struct delegation *delegation, uint8_t index)
{
    return name_is_at_or_below(&delegation->servers[index].name, &delegation->cut);
}

void delegation_renew(struct delegation *delegation, bool all)
{
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        delegation->addresses[i].tries = 0;
        delegation->addresses[i].dropped = delegation->addresses[i].dropped && !all;
    }
}

bool delegation_is_dead(const struct delegation *delegation)
{
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        if (delegation->servers[i].address_count > 0 || !delegation_needs_glue(delegation, i)) {
            return false;
        }
    }
    return true;
}

bool record_address(const struct record *record, struct address *ret)
{
    if (record->rrclass != RRCLASS_IN || record->unsound) {
        return false;
    }
    switch (record->type) {
    case RRTYPE_A: *ret = address_v4(record->rdata.data); return true;
    case RRTYPE_AAAA: *ret = address_v6(record->rdata.data); return true;
    default: return false;
    }
}

/* --- referrals --- */

/* The next NS record at `cut` in the authority section. */
static bool next_server_record(struct record_walk *walk, const struct name *cut, struct record *ret)
{
    while (record_next(walk, ret)) {
        if (ret->type == RRTYPE_NS && ret->rrclass == RRCLASS_IN && !ret->unsound &&
            name_ref_equal(ret->owner, cut)) {
            return true;
        }
    }
    return false;
}

/* True if the additional section has an address for `server` that `zone` may speak of. */
static bool has_glue(const struct message *message, const struct name *server,
                     const struct name *zone)
{
    if (!name_is_at_or_below(server, zone)) {
        return false;
    }
    struct record_walk walk = record_walk_start(message, SECTION_ADDITIONAL);
    struct record record;
    struct address address;
    while (record_next(&walk, &record)) {
        if (record_address(&record, &address) && name_ref_equal(record.owner, server)) {
            return true;
        }
    }
    return false;
}

/* Adds the servers among the first policy->server_records_max records; with `only_glued`, those
 * with glue. */
static void add_servers(struct delegation *ret, const struct message *message,
                        const struct name *zone, const struct policy *policy, bool only_glued)
{
    struct record_walk walk = record_walk_start(message, SECTION_AUTHORITY);
    struct record record;
    for (uint32_t i = 0;
         i < policy->server_records_max && next_server_record(&walk, &ret->cut, &record); i++) {
        struct name server;
        name_expand(record_name(&record, 0), &server);
        if (!only_glued || has_glue(message, &server, zone)) {
            delegation_add_server(ret, &server, policy);
        }
    }
}

static void add_glue(struct delegation *ret, const struct message *message, const struct name *zone,
                     const struct policy *policy)
{
    struct record_walk walk = record_walk_start(message, SECTION_ADDITIONAL);
    struct record record;
    struct address address;
    while (record_next(&walk, &record)) {
        if (!record_address(&record, &address) || !name_ref_is_at_or_below(record.owner, zone)) {
            continue;
        }
        for (uint8_t i = 0; i < ret->server_count; i++) {
            if (name_ref_equal(record.owner, &ret->servers[i].name)) {
                delegation_add_address(ret, i, &address, policy);
                break;
            }
        }
    }
}

static uint32_t count_server_records(const struct message *message, const struct name *cut,
                                     uint32_t *ret_ttl)
{
    struct record_walk walk = record_walk_start(message, SECTION_AUTHORITY);
    struct record record;
    uint32_t count = 0;
    *ret_ttl = UINT32_MAX;
    while (next_server_record(&walk, cut, &record)) {
        *ret_ttl = record.ttl < *ret_ttl ? record.ttl : *ret_ttl;
        count++;
    }
    return count;
}

void delegation_from_referral(struct delegation *ret, const struct message *message,
                              const struct name *zone, const struct name *cut,
                              const struct policy *policy, uint32_t *ret_ttl)
{
    const uint32_t count = count_server_records(message, cut, ret_ttl);
    delegation_start(ret, cut);
    if (count > policy->servers_max) {
        add_servers(ret, message, zone, policy, true);
    }
    add_servers(ret, message, zone, policy, false);
    add_glue(ret, message, zone, policy);
}
