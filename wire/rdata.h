/* RDATA by the row of its type, and records as zones, caches and the builder pass them around. */
#ifndef FAULTZONE_WIRE_RDATA_H
#define FAULTZONE_WIRE_RDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"
#include "wire/name.h"

#define RDATA_OCTETS_MAX ((size_t)65535)

struct record;

/* One resource record outside any message. Everything is borrowed. */
struct rr {
    const struct name *owner;
    uint16_t type;
    uint16_t rrclass;
    uint32_t ttl;
    struct bytes rdata; /* uncompressed wire form, sound for its type */
};

/* Records of one owner, type and class. Everything is borrowed. */
struct rrset {
    const struct name *owner;
    uint16_t type;
    uint16_t rrclass;
    uint32_t ttl;
    uint16_t count;
    const struct bytes *rdata; /* `count` of them, uncompressed wire form, sound */
};

/* True if `rdata` (uncompressed) is what the row of `type` asks for, to the last octet. Types
 * without a row are always sound. */
bool rdata_is_sound(uint16_t type, struct bytes rdata);

/* The RDATA of a sound `record` with its names uncompressed. If its type can have nothing
 * compressed, `*ret` is the record's own RDATA; else it is written to `buffer`. 1,100 octets are
 * enough for any type that may be compressed in strict mode. False if it does not fit, or is longer
 * than RDATA may be.
 */
bool rdata_expand(const struct record *record, uint8_t *buffer, size_t capacity, struct bytes *ret);

/* Canonical order of two RDATA of one type (RFC 4034 6.3, names folded as 6.2 says): <0, 0, >0.
 * Both uncompressed and sound. */
int rdata_compare(uint16_t type, struct bytes a, struct bytes b);

/* True if rdata_compare finds them equal. */
bool rdata_equal(uint16_t type, struct bytes a, struct bytes b);

/* Lower-cases the names in RDATA of `type` in place (RFC 4034 6.2). */
void rdata_canonicalise(uint16_t type, uint8_t *rdata, size_t size);

/* Walks the names inside sound uncompressed RDATA: start with `*at` 0; false at the end. */
bool rdata_next_name(uint16_t type, struct bytes rdata, size_t *at, struct name_ref *ret);

/* The first name inside sound uncompressed RDATA (the target of CNAME, NS, MX, SRV, …); false if
 * the type has none. */
bool rdata_target(uint16_t type, struct bytes rdata, struct name *ret);

/* The numbers at the end of a SOA's RDATA (RFC 1035 3.3.13), compressed or not. */
struct soa_numbers {
    uint32_t serial, refresh, retry, expire, minimum;
};
bool rdata_soa_numbers(struct bytes rdata, struct soa_numbers *ret);

/* Takes the next character-string off `*rest` (RDATA of TXT at first); false at the end, or where
 * the octets are no character-string. */
bool rdata_txt_next(struct bytes *rest, struct bytes *ret_string);

/* Joins all character-strings of TXT RDATA with nothing between them (RFC 6376 3.6.2.2). Returns
 * the octets written, or SIZE_MAX if the RDATA is unsound or `capacity` too small; `rdata.size` is
 * always enough. */
size_t rdata_txt_join(struct bytes rdata, uint8_t *buffer, size_t capacity);

/* Writes uncompressed RDATA as zone text shows it; \# form (RFC 3597 5) for unknown types and for
 * RDATA that is unsound. Everything is escaped. */
void rdata_put(struct text *text, uint16_t type, struct bytes rdata);

/* Writes "owner. ttl class type rdata" as dig does, tabs between, no newline. */
void rr_put(struct text *text, const struct rr *rr);

#endif
