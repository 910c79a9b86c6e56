/* Where the proxies live: address ranges that providers publish as their own. The verdict's own
 * knowledge, with its own sources: a simulated provider's addresses come from elsewhere, or a proof
 * by these ranges would be circular. */
#ifndef FAULTZONE_MAIL_EDGE_RANGES_H
#define FAULTZONE_MAIL_EDGE_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/endpoint.h"

enum edge_evidence {
    EDGE_PUBLISHED, /* the provider's own list */
    EDGE_ASSUMED,   /* known as the provider's, but no list says that proxied names live here */
};

struct edge_provider {
    const char *slug;  /* "cloudflare" */
    const char *title; /* "Cloudflare" */
    const char *off;   /* how its customers turn the proxy off, in its own words; NULL if unknown */
};

struct edge_range {
    const struct edge_provider *provider;
    struct address first; /* the prefix's first address */
    unsigned bits;        /* length of the prefix */
    enum edge_evidence evidence;
};

/* The range `address` lies in, NULL if it is in none. Ranges do not overlap. */
const struct edge_range *edge_range_find(const struct address *address);

/* All ranges, for documents and tests; their number goes into `ret_count`. */
const struct edge_range *edge_range_all(size_t *ret_count);

/* "104.16.0.0/13". */
void edge_range_put(struct text *text, const struct edge_range *range);

#endif
