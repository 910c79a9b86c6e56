/* Domain names: whole ones that own their octets, and references into checked octets.
 *
 * A name is compared without regard to ASCII case (RFC 1035 2.3.3, RFC 4343) and keeps the case it
 * came with. Any octet may stand in a label; only output escapes. */
#ifndef FAULTZONE_WIRE_NAME_H
#define FAULTZONE_WIRE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"

#define NAME_OCTETS_MAX  255 /* RFC 1035 2.3.4, the root octet included */
#define NAME_LABELS_MAX  127 /* without the root */
#define LABEL_OCTETS_MAX 63
#define NAME_TEXT_MAX    1005 /* octets of any name's presentation form, with its NUL */

/* A whole name in uncompressed wire form. Only the first `size` octets mean anything. */
struct name {
    uint8_t size;   /* 1 to 255, the root octet included */
    uint8_t labels; /* without the root: 0 for the root itself */
    uint8_t octets[NAME_OCTETS_MAX];
};

/* A name inside octets that were already checked (a parsed message, or sound RDATA): walking it
 * cannot fail. Valid as long as those octets are. Make one only from a checked source. */
struct name_ref {
    const uint8_t *message; /* what compression pointers count from */
    uint32_t offset;        /* of the name's first octet */
};

/* The root, static. */
const struct name *name_root(void);

/* Copies what is used of `name`, no more. `ret` and `name` may be the same. */
void name_copy(struct name *ret, const struct name *name);

/* The wire form; borrowed from `name`. */
static inline struct bytes name_bytes(const struct name *name)
{
    return bytes_of(name->octets, name->size);
}

/* --- text --- */

/* Reads presentation form (RFC 1035 5.1: \X and \DDD). "@" is `origin`, "." the root. With a final
 * dot the name is absolute; else `origin` is appended, or, if `origin` is NULL, it is taken as
 * absolute. On failure `*reterr` (static sentence; `reterr` may be NULL) says why and `ret` is
 * untouched. */
bool name_parse_text(struct bytes text, const struct name *origin, struct name *ret,
                     const char **reterr);

/* Writes presentation form with its final dot; all that is not printable, and what zone text would
 * misread (. ; " \ ( ) @ $ and space), is escaped. */
void name_put(struct text *text, const struct name *name);
void name_ref_put(struct text *text, struct name_ref ref);

/* The same for a whole name in wire form that is known to be sound. */
void name_wire_put(struct text *text, struct bytes wire);

/* --- wire --- */

/* Checks a whole uncompressed name that fills `wire` exactly; false if it is not one. */
bool name_from_wire(struct bytes wire, struct name *ret);

/* The same for a name at the start of `octets`: the octets it takes, or 0 if there is none.
 * `ret` may be NULL. */
size_t name_from_prefix(struct bytes octets, struct name *ret);

/* Copies out the name that `ref` refers to. */
void name_expand(struct name_ref ref, struct name *ret);

/* A reference to a whole name. */
static inline struct name_ref name_ref_of(const struct name *name)
{
    return (struct name_ref){.message = name->octets, .offset = 0};
}

/* --- comparison --- */

bool name_equal(const struct name *a, const struct name *b);     /* ASCII case does not matter */
bool name_identical(const struct name *a, const struct name *b); /* case matters */
bool name_ref_equal(struct name_ref ref, const struct name *name);
bool name_ref_identical(struct name_ref ref, const struct name *name);

/* The same for whole names in wire form. */
bool name_wire_equal(struct bytes a, struct bytes b);

/* Canonical order (RFC 4034 6.1): <0, 0 or >0. */
int name_compare(const struct name *a, const struct name *b);

/* Hash of the lower-cased name: equal names have equal hashes, whole or referred to. */
uint64_t name_hash(const struct name *name);
uint64_t name_ref_hash(struct name_ref ref);
uint64_t name_wire_hash(struct bytes wire);

/* --- family --- */

/* True if `name` is `ancestor` or lies below it. */
bool name_is_at_or_below(const struct name *name, const struct name *ancestor);
bool name_ref_is_at_or_below(struct name_ref ref, const struct name *ancestor);

/* How many labels, counted from the root, two names have in common. */
uint8_t name_common_labels(const struct name *a, const struct name *b);

/* Strips the leftmost label; false for the root, `ret` untouched. `ret` may be `name`. */
bool name_parent(const struct name *name, struct name *ret);

/* The ancestor (or self) with `labels` labels, which must not exceed the name's. `ret` may be
 * `name`. */
void name_suffix(const struct name *name, uint8_t labels, struct name *ret);

/* The wire form of that ancestor, borrowed from `name`: for look-ups without a copy. */
struct bytes name_suffix_bytes(const struct name *name, uint8_t labels);

/* "*" below `encloser`; false if that is longer than a name may be. */
bool name_wildcard(const struct name *encloser, struct name *ret);

/* True if the leftmost label is a single asterisk (RFC 4592 2.1.1). */
bool name_is_wildcard(const struct name *name);

/* `label` (1 to 63 octets) below `parent`; false if that is longer than a name may be. */
bool name_child(const struct name *parent, struct bytes label, struct name *ret);

/* The leftmost label without its length octet; empty for the root. */
struct bytes name_first_label(const struct name *name);

/* Replaces the suffix `old` of `name`, which must be at or below it, by `new` (RFC 6672 2.2); false
 * if the result is longer than a name may be (YXDOMAIN). `ret` may be none of the others. */
bool name_replace_suffix(const struct name *name, const struct name *old, const struct name *new,
                         struct name *ret);

/* Lower-cases ASCII letters in place. */
void name_lower(struct name *name);

#endif
