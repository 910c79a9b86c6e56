/* Who may ask a served world: a list of networks. */
#ifndef FAULTZONE_LIVE_ACL_H
#define FAULTZONE_LIVE_ACL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/endpoint.h"

#define ACL_NETWORKS_MAX 64

struct acl_network {
    struct address address;
    unsigned bits; /* of the prefix */
};

struct acl {
    struct acl_network networks[ACL_NETWORKS_MAX];
    size_t count;
};

/* Reads "10.1.0.0/16,192.0.2.1". On failure false, and `ret_bad` is the part that is no network. */
bool acl_parse(struct bytes text, struct acl *ret, struct bytes *ret_bad);

/* True if `address` is in one of the networks; for a NULL list, if it is on loopback. */
bool acl_allows(const struct acl *acl, const struct address *address);

#endif
