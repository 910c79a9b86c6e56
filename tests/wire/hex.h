/* Octets, names and records from literals. A literal that is wrong aborts. */
#ifndef FAULTZONE_TESTS_WIRE_HEX_H
#define FAULTZONE_TESTS_WIRE_HEX_H

#include "base/bytes.h"
#include "wire/name.h"
#include "wire/rdata.h"

/* Octets from hex digits; blanks are skipped, and what stands between quotes ('…') is taken as it
 * is. The copy is exactly as long as it must be and is never freed. */
struct bytes octets_of_hex(const char *hex);

/* A copy in memory of exactly that size, so that a sanitizer sees every read beyond it. */
struct bytes exact_copy(struct bytes octets);

/* A name from text, taken as absolute. */
struct name name_of(const char *text);

/* A record; everything but the name is borrowed, the name is kept. */
struct rr rr_of(const char *owner, uint16_t type, uint32_t ttl, struct bytes rdata);

#endif
