/* A range of addresses: those that begin with the same bits. */
#ifndef FAULTZONE_SIM_SUBNET_H
#define FAULTZONE_SIM_SUBNET_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/endpoint.h"

struct subnet {
    struct address first;
    unsigned bits; /* of the prefix */
};

/* Reads "10.0.0.0/8", "2001:db8::/32" or one address. False, and `ret` untouched, if it is neither.
 */
bool subnet_parse(struct bytes text, struct subnet *ret);

bool subnet_contains(const struct subnet *subnet, const struct address *address);

/* The first address of the prefix of `bits` bits that `address` lies in. */
struct address subnet_base(const struct address *address, unsigned bits);

#endif
