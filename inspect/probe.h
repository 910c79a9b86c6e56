/* A question worth asking. Today all go to one resolver; a view of its own per name server is a
 * further member, and a further key in the facts. */
#ifndef FAULTZONE_INSPECT_PROBE_H
#define FAULTZONE_INSPECT_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "wire/name.h"

struct probe {
    struct name name;
    uint16_t type;
};

struct probe probe_of(const struct name *name, uint16_t type);

/* Writes "A k1._domainkey.customer.example." */
void probe_put(struct text *text, const struct probe *probe);

/* --- names that tell look-alikes apart --- */

/* A name beside `name` that nobody has: its first label replaced by one made from the whole name's
 * hash and `salt`. False for the root. */
bool probe_sibling(const struct name *name, uint64_t salt, struct name *ret);

/* `name` with `zone` after it once more: what a web form makes of a full name. False if it is too
 * long. */
bool probe_doubled(const struct name *name, const struct name *zone, struct name *ret);

/* `name` without the underscores its labels begin with; false if there are none. */
bool probe_without_underscores(const struct name *name, struct name *ret);

/* `name` without its `_domainkey` label; false if it has none. */
bool probe_without_domainkey(const struct name *name, struct name *ret);

/* True if `target` is `wanted` with some ancestor of `name` after it: what a zone file makes of a
 * target without its final dot. */
bool probe_lacks_dot(const struct name *target, const struct name *wanted, const struct name *name);

#endif
