/* An IP address, and an address with a port. IPv4-mapped IPv6 addresses are kept as IPv4, so that
 * one host has one spelling. */
#ifndef FAULTZONE_BASE_ENDPOINT_H
#define FAULTZONE_BASE_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"

#define ADDRESS_TEXT_MAX  46 /* octets of an address as text, with its NUL */
#define ENDPOINT_TEXT_MAX 54 /* "[address]:port", with its NUL */

enum address_family { ADDRESS_NONE = 0, ADDRESS_V4 = 4, ADDRESS_V6 = 6 };

struct address {
    uint8_t family;     /* enum address_family */
    uint8_t octets[16]; /* network order; octets not used by the family are 0 */
};

struct endpoint {
    struct address address;
    uint16_t port; /* host order */
};

struct address address_v4(const uint8_t octets[4]);
struct address address_v6(const uint8_t octets[16]); /* a mapped address becomes IPv4 */

bool address_equal(const struct address *a, const struct address *b);
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);
uint64_t address_hash(const struct address *address);
uint64_t endpoint_hash(const struct endpoint *endpoint);

/* The address's octets in network order: 4 or 16, none for ADDRESS_NONE. */
struct bytes address_octets(const struct address *address);

/* 127.0.0.0/8 or ::1. */
bool address_is_loopback(const struct address *address);

/* True for ports of services that answer anything (echo, daytime, qotd, chargen, time, kpasswd, and
 * 0, which nobody can have): an answer sent there may come back for ever. */
bool port_is_reflector(uint16_t port);

/* Reads "192.0.2.1" or "2001:db8::1" (RFC 4291 2.2; no zone index, no leading zeros in IPv4). On
 * failure returns false and leaves `ret` as it was. */
bool address_parse(struct bytes text, struct address *ret);

/* Writes an address as text: IPv6 as RFC 5952 says. ADDRESS_NONE is "-". */
void address_put(struct text *text, const struct address *address);

/* Writes "192.0.2.1:53" or "[2001:db8::1]:53". */
void endpoint_put(struct text *text, const struct endpoint *endpoint);

#endif
