/* EDNS(0) (RFC 6891): what the OPT record says, its options, and extended errors (RFC 8914). */
#ifndef FAULTZONE_WIRE_EDNS_H
#define FAULTZONE_WIRE_EDNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/endpoint.h"
#include "base/text.h"

#define EDNS_OPTIONS_MAX  32
#define EDNS_UDP_SIZE     1232 /* what we advertise */
#define EDNS_UDP_SIZE_MIN 512  /* less is read as this (RFC 6891 6.2.3) */
#define EDNS_OPT_OCTETS   11   /* an OPT record without options */

enum {
    EDNS_OPTION_NSID = 3,
    EDNS_OPTION_CLIENT_SUBNET = 8,
    EDNS_OPTION_EXPIRE = 9,
    EDNS_OPTION_COOKIE = 10,
    EDNS_OPTION_KEEPALIVE = 11,
    EDNS_OPTION_PADDING = 12,
    EDNS_OPTION_CHAIN = 13,
    EDNS_OPTION_KEY_TAG = 14,
    EDNS_OPTION_EXTENDED_ERROR = 15,
};

struct edns {
    bool present;
    uint16_t udp_size; /* as said, not clamped */
    uint8_t version;
    bool dnssec_ok;
    struct bytes options; /* whole options one after another, in wire form */
};

struct edns_option {
    uint16_t code;
    struct bytes data;
};

/* The UDP size to obey: at least 512, also where there is no EDNS; at most `most`. */
uint16_t edns_udp_limit(const struct edns *edns, uint16_t most);

/* True if `options` is well-formed; `ret_count` (may be NULL) receives how many there are, also
 * beyond EDNS_OPTIONS_MAX. */
bool edns_options_are_sound(struct bytes options, size_t *ret_count);

/* Takes the next option off `*rest`; false at the end or where no whole option is left. */
bool edns_option_next(struct bytes *rest, struct edns_option *ret);

/* The first option with `code`. */
bool edns_option_find(struct bytes options, uint16_t code, struct edns_option *ret);

/* Appends an option to the `*size` octets already in `buffer`; false if it does not fit. */
bool edns_option_append(uint8_t *buffer, size_t capacity, size_t *size, uint16_t code,
                        struct bytes data);

/* The network that a resolver asks for (RFC 7871 6). */
struct client_subnet {
    struct address address; /* 0 beyond the source prefix */
    uint8_t source;         /* bits of `address` that mean anything */
    uint8_t scope;          /* of a reply: for so many bits it holds; 0 in a query */
};

#define CLIENT_SUBNET_OCTETS_MAX 24 /* of the whole option */

/* The client subnet among `options`; false if there is none or it is not as RFC 7871 has it. */
bool client_subnet_find(struct bytes options, struct client_subnet *ret);

/* Appends one as an option, no more octets of the address than its prefix needs; false if it does
 * not fit or has no address. */
bool client_subnet_append(uint8_t *buffer, size_t capacity, size_t *size,
                          const struct client_subnet *subnet);

/* INFO-CODEs of RFC 8914 and IANA's registry. */
enum {
    EDE_OTHER = 0,
    EDE_UNSUPPORTED_DNSKEY_ALGORITHM = 1,
    EDE_UNSUPPORTED_DS_DIGEST = 2,
    EDE_STALE_ANSWER = 3,
    EDE_FORGED_ANSWER = 4,
    EDE_DNSSEC_INDETERMINATE = 5,
    EDE_DNSSEC_BOGUS = 6,
    EDE_SIGNATURE_EXPIRED = 7,
    EDE_SIGNATURE_NOT_YET_VALID = 8,
    EDE_DNSKEY_MISSING = 9,
    EDE_RRSIGS_MISSING = 10,
    EDE_NO_ZONE_KEY_BIT = 11,
    EDE_NSEC_MISSING = 12,
    EDE_CACHED_ERROR = 13,
    EDE_NOT_READY = 14,
    EDE_BLOCKED = 15,
    EDE_CENSORED = 16,
    EDE_FILTERED = 17,
    EDE_PROHIBITED = 18,
    EDE_STALE_NXDOMAIN = 19,
    EDE_NOT_AUTHORITATIVE = 20,
    EDE_NOT_SUPPORTED = 21,
    EDE_NO_REACHABLE_AUTHORITY = 22,
    EDE_NETWORK_ERROR = 23,
    EDE_INVALID_DATA = 24,
    EDE_SIGNATURE_EXPIRED_BEFORE_VALID = 25,
    EDE_TOO_EARLY = 26,
    EDE_UNSUPPORTED_NSEC3_ITERATIONS = 27,
    EDE_UNABLE_TO_CONFORM_TO_POLICY = 28,
    EDE_SYNTHESIZED = 29,
    EDE_INVALID_QUERY_TYPE = 30,
};

struct extended_error {
    uint16_t code;
    struct bytes extra; /* EXTRA-TEXT, UTF-8 by the book, any octets in fact; may be empty */
};

/* The name of an INFO-CODE ("Network Error"), NULL if it has none. */
const char *extended_error_name(uint16_t code);

/* Takes the next extended error off `*rest` (an OPT's options at first), skipping other options. */
bool extended_error_next(struct bytes *rest, struct extended_error *ret);

/* Appends one as an option; false if it does not fit. */
bool extended_error_append(uint8_t *buffer, size_t capacity, size_t *size, uint16_t code,
                           struct bytes extra);

/* Writes "22 (No Reachable Authority): (extra text)", escaped, as dig does. */
void extended_error_put(struct text *text, const struct extended_error *error);

#endif
