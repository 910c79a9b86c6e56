/* EDNS(0) options and extended errors. */
#include "wire/edns.h"

#include <assert.h>

#include "wire/octets.h"

#define OPTION_HEAD_OCTETS 4 /* code and length */

uint16_t edns_udp_limit(const struct edns *edns, uint16_t most)
{
    uint16_t size = edns->present ? edns->udp_size : EDNS_UDP_SIZE_MIN;
    if (size < EDNS_UDP_SIZE_MIN) {
        size = EDNS_UDP_SIZE_MIN;
    }
    return size < most ? size : most;
}

bool edns_options_are_sound(struct bytes options, size_t *ret_count)
{
    struct edns_option option;
    size_t count = 0;
    while (edns_option_next(&options, &option)) {
        count++;
    }
    if (ret_count != NULL) {
        *ret_count = count;
    }
    return options.size == 0;
}

bool edns_option_next(struct bytes *rest, struct edns_option *ret)
{
    if (rest->size < OPTION_HEAD_OCTETS) {
        return false;
    }
    const size_t size = load_u16(rest->data + 2);
    if (rest->size - OPTION_HEAD_OCTETS < size) {
        return false;
    }
    ret->code = load_u16(rest->data);
    ret->data = bytes_of(rest->data + OPTION_HEAD_OCTETS, size);
    *rest = bytes_after(*rest, OPTION_HEAD_OCTETS + size);
    return true;
}

bool edns_option_find(struct bytes options, uint16_t code, struct edns_option *ret)
{
    struct edns_option option;
    while (edns_option_next(&options, &option)) {
        if (option.code == code) {
            *ret = option;
            return true;
        }
    }
    return false;
}

/* Room for an option of `size` octets of data, its head already written; NULL if there is none. */
static uint8_t *open_option(uint8_t *buffer, size_t capacity, size_t *size, uint16_t code,
                            size_t data_size)
{
    if (data_size > UINT16_MAX || capacity - *size < OPTION_HEAD_OCTETS ||
        capacity - *size - OPTION_HEAD_OCTETS < data_size) {
        return NULL;
    }
    uint8_t *head = buffer + *size;
    store_u16(head, code);
    store_u16(head + 2, (uint16_t)data_size);
    *size += OPTION_HEAD_OCTETS + data_size;
    return head + OPTION_HEAD_OCTETS;
}

bool edns_option_append(uint8_t *buffer, size_t capacity, size_t *size, uint16_t code,
                        struct bytes data)
{
    uint8_t *room = open_option(buffer, capacity, size, code, data.size);
    if (room != NULL && data.size > 0) {
        memcpy(room, data.data, data.size);
    }
    return room != NULL;
}

/* --- client subnet --- */

enum { SUBNET_HEAD_OCTETS = 4, SUBNET_FAMILY_V4 = 1, SUBNET_FAMILY_V6 = 2 };

static size_t prefix_octets(uint8_t bits)
{
    return ((size_t)bits + 7) / 8;
}

/* True if `octets` has nothing but zeros behind its first `bits`. */
static bool is_bare_prefix(struct bytes octets, uint8_t bits)
{
    if (bits % 8 == 0) {
        return true;
    }
    assert(octets.data != NULL && octets.size == prefix_octets(bits));
    return (octets.data[octets.size - 1] & (0xff >> bits % 8)) == 0;
}

bool client_subnet_find(struct bytes options, struct client_subnet *ret)
{
    struct edns_option option;
    if (!edns_option_find(options, EDNS_OPTION_CLIENT_SUBNET, &option) ||
        option.data.size < SUBNET_HEAD_OCTETS) {
        return false;
    }
    const uint16_t family = load_u16(option.data.data);
    const size_t most = family == SUBNET_FAMILY_V4 ? 4 : family == SUBNET_FAMILY_V6 ? 16 : 0;
    const struct bytes given = bytes_after(option.data, SUBNET_HEAD_OCTETS);
    struct client_subnet subnet = {
        .address = {.family = most == 4 ? ADDRESS_V4 : ADDRESS_V6},
        .source = option.data.data[2],
        .scope = option.data.data[3],
    };
    if (most == 0 || subnet.source > most * 8 || given.size != prefix_octets(subnet.source) ||
        !is_bare_prefix(given, subnet.source)) {
        return false;
    }
    if (given.size > 0) {
        memcpy(subnet.address.octets, given.data, given.size);
    }
    *ret = subnet;
    return true;
}

bool client_subnet_append(uint8_t *buffer, size_t capacity, size_t *size,
                          const struct client_subnet *subnet)
{
    uint8_t data[CLIENT_SUBNET_OCTETS_MAX];
    const struct bytes octets = address_octets(&subnet->address);
    const size_t given = prefix_octets(subnet->source);
    if (octets.size == 0 || given > octets.size) {
        return false;
    }
    store_u16(data, subnet->address.family == ADDRESS_V4 ? SUBNET_FAMILY_V4 : SUBNET_FAMILY_V6);
    data[2] = subnet->source;
    data[3] = subnet->scope;
    memcpy(data + SUBNET_HEAD_OCTETS, octets.data, given);
    return edns_option_append(buffer, capacity, size, EDNS_OPTION_CLIENT_SUBNET,
                              bytes_of(data, SUBNET_HEAD_OCTETS + given));
}

/* --- extended errors --- */

const char *extended_error_name(uint16_t code)
{
    static const char *const names[] = {
        [EDE_OTHER] = "Other",
        [EDE_UNSUPPORTED_DNSKEY_ALGORITHM] = "Unsupported DNSKEY Algorithm",
        [EDE_UNSUPPORTED_DS_DIGEST] = "Unsupported DS Digest Type",
        [EDE_STALE_ANSWER] = "Stale Answer",
        [EDE_FORGED_ANSWER] = "Forged Answer",
        [EDE_DNSSEC_INDETERMINATE] = "DNSSEC Indeterminate",
        [EDE_DNSSEC_BOGUS] = "DNSSEC Bogus",
        [EDE_SIGNATURE_EXPIRED] = "Signature Expired",
        [EDE_SIGNATURE_NOT_YET_VALID] = "Signature Not Yet Valid",
        [EDE_DNSKEY_MISSING] = "DNSKEY Missing",
        [EDE_RRSIGS_MISSING] = "RRSIGs Missing",
        [EDE_NO_ZONE_KEY_BIT] = "No Zone Key Bit Set",
        [EDE_NSEC_MISSING] = "NSEC Missing",
        [EDE_CACHED_ERROR] = "Cached Error",
        [EDE_NOT_READY] = "Not Ready",
        [EDE_BLOCKED] = "Blocked",
        [EDE_CENSORED] = "Censored",
        [EDE_FILTERED] = "Filtered",
        [EDE_PROHIBITED] = "Prohibited",
        [EDE_STALE_NXDOMAIN] = "Stale NXDOMAIN Answer",
        [EDE_NOT_AUTHORITATIVE] = "Not Authoritative",
        [EDE_NOT_SUPPORTED] = "Not Supported",
        [EDE_NO_REACHABLE_AUTHORITY] = "No Reachable Authority",
        [EDE_NETWORK_ERROR] = "Network Error",
        [EDE_INVALID_DATA] = "Invalid Data",
        [EDE_SIGNATURE_EXPIRED_BEFORE_VALID] = "Signature Expired before Valid",
        [EDE_TOO_EARLY] = "Too Early",
        [EDE_UNSUPPORTED_NSEC3_ITERATIONS] = "Unsupported NSEC3 Iterations Value",
        [EDE_UNABLE_TO_CONFORM_TO_POLICY] = "Unable to conform to policy",
        [EDE_SYNTHESIZED] = "Synthesized",
        [EDE_INVALID_QUERY_TYPE] = "Invalid Query Type",
    };
    return code < sizeof names / sizeof names[0] ? names[code] : NULL;
}

bool extended_error_next(struct bytes *rest, struct extended_error *ret)
{
    struct edns_option option;
    while (edns_option_next(rest, &option)) {
        if (option.code == EDNS_OPTION_EXTENDED_ERROR && option.data.size >= 2) {
            ret->code = load_u16(option.data.data);
            ret->extra = bytes_after(option.data, 2);
            return true;
        }
    }
    return false;
}

bool extended_error_append(uint8_t *buffer, size_t capacity, size_t *size, uint16_t code,
                           struct bytes extra)
{
    uint8_t *room = open_option(buffer, capacity, size, EDNS_OPTION_EXTENDED_ERROR, extra.size + 2);
    if (room == NULL) {
        return false;
    }
    store_u16(room, code);
    if (extra.size > 0) {
        memcpy(room + 2, extra.data, extra.size);
    }
    return true;
}

void extended_error_put(struct text *text, const struct extended_error *error)
{
    const char *name = extended_error_name(error->code);
    text_put_number(text, error->code);
    if (name != NULL) {
        text_put(text, " (");
        text_put(text, name);
        text_put(text, ")");
    }
    if (error->extra.size > 0) {
        text_put(text, ": (");
        text_put_escaped(text, error->extra);
        text_put(text, ")");
    }
}
