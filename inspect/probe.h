/* A question worth asking: of whom, and in which manner. */
#ifndef FAULTZONE_INSPECT_PROBE_H
#define FAULTZONE_INSPECT_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/endpoint.h"
#include "base/instant.h"
#include "base/text.h"
#include "sim/client.h"
#include "wire/name.h"

#define PROBE_PLACES 5

enum probe_view {
    VIEW_RESOLVER, /* the resolver, with recursion */
    VIEW_SERVER,   /* one name server, without */
    VIEW_OWN,      /* nobody: put together from what the servers of each zone on the way said */
};

/* How it is asked (P10): ways in which servers and what stands before them stumble. */
enum probe_manner {
    MANNER_PLAIN,      /* EDNS with a payload size of 1232 octets */
    MANNER_SMALL,      /* of 512 */
    MANNER_LARGE,      /* of 4096: the answer may come in fragments */
    MANNER_NO_EDNS,    /* without EDNS */
    MANNER_EDNS_1,     /* in an EDNS version that does not exist yet */
    MANNER_OPTION,     /* with an option, a client subnet of nobody's (192.0.2.0/24) */
    MANNER_MIXED_CASE, /* with letters of mixed case in the question */
    MANNER_TCP,        /* over TCP at once */
    MANNER_UNCHECKED,  /* of a resolver: without DNSSEC validation (CD) */
    MANNER_AGAIN,      /* of a resolver: once more, after a wait (P12) */
    MANNER_PLACES,     /* this and the next: as if for a network in Africa, Asia, Europe, North and
                          South America (RFC 7871) */
    MANNER_PLACES_END = MANNER_PLACES + PROBE_PLACES,
    PROBE_MANNERS = MANNER_PLACES_END,
};

struct probe {
    struct name name;
    uint16_t type;
    uint8_t view;          /* enum probe_view */
    uint8_t manner;        /* enum probe_manner */
    struct address server; /* of VIEW_SERVER */
    duration_ns wait;      /* of MANNER_AGAIN: before it is asked */
};

/* A question for the resolver, in the plain manner. The name is asked for in small letters, here
 * and below: in whatever letters somebody wrote a record down, the check comes to the same, at a
 * server that minds letter case (F108) too. */
struct probe probe_of(const struct name *name, uint16_t type);

/* The same of another view; of VIEW_SERVER see probe_at. */
struct probe probe_in(enum probe_view view, const struct name *name, uint16_t type);

/* A question for one name server. */
struct probe probe_at(const struct address *server, const struct name *name, uint16_t type,
                      enum probe_manner manner);

/* A question that a resolver has answered, once more after `wait`. */
struct probe probe_again(const struct probe *first, duration_ns wait);

/* True if both are the same question, of the same, in the same manner. */
bool probe_equal(const struct probe *a, const struct probe *b);

/* Equal probes have equal hashes. */
uint32_t probe_hash(const struct probe *probe);

/* What a stub client has to ask; `resolver` is where the resolver is. */
void probe_question(const struct probe *probe, const struct endpoint *resolver,
                    struct client_question *ret);

/* Writes "A k1._domainkey.customer.example.", of a server with " at 192.0.2.1", and the manner. */
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

/* The domain that a key at `name` is for: what follows its `_domainkey` label. False if it has
 * none. */
bool probe_domain_of_key(const struct name *name, struct name *ret);

/* True if `target` is `wanted` with some ancestor of `name` after it: what a zone file makes of a
 * target without its final dot. */
bool probe_lacks_dot(const struct name *target, const struct name *wanted, const struct name *name);

#endif
