/* The Public Suffix List (publicsuffix.org): below which names domains are registered. It is data
 * that changes, and is read from its own text form; where no list is given, a short table of the
 * commonest suffixes stands in. Names that are not ASCII are read as A-labels. */
#ifndef FAULTZONE_INSPECT_SUFFIXES_H
#define FAULTZONE_INSPECT_SUFFIXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "wire/name.h"

enum suffix_section {
    SUFFIX_ICANN,   /* of registries */
    SUFFIX_PRIVATE, /* of companies that let others use names below their own */
};

struct suffix_rule;

struct suffix_list {
    const struct suffix_rule **places; /* a hash table; a power of two */
    size_t mask;
    size_t count; /* rules */
};

/* Reads a list in its text form, which may be forgotten afterwards; what cannot be read in it is
 * skipped. False if memory runs out or there is no rule in it. The list lives in `arena`. */
bool suffixes_read(struct bytes text, struct arena *arena, struct suffix_list *ret);

/* How many labels of `name` are its public suffix: at most as many as it has, and at least one
 * where it has any. Rules of sections after `last` do not count. `list` may be NULL. */
uint8_t suffixes_labels(const struct suffix_list *list, const struct name *name,
                        enum suffix_section last);

/* The domain that was registered: the public suffix of `name` with one label more, what RFC 7489
 * 3.2 calls its organisational domain. False if `name` is a public suffix itself. */
bool suffixes_registered(const struct suffix_list *list, const struct name *name, struct name *ret);

#endif
