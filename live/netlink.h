/* The little of rtnetlink(7) that a network of one's own needs: loopback up, addresses, routes. */
#ifndef FAULTZONE_LIVE_NETLINK_H
#define FAULTZONE_LIVE_NETLINK_H

#include "base/endpoint.h"

/* A socket to the kernel's routing tables of the network namespace we are in; -1 and errno. */
int netlink_open(void);

/* All of the following act on `lo` and return 0 or an errno. */
int netlink_loopback_up(int socket);
int netlink_add_address(int socket, const struct address *address);

/* Takes back the route that came with `address`, so that netlink_catch_all's is used. */
int netlink_forget_route(int socket, const struct address *address);

/* Delivers every address without a route of its own here. What has no source yet gets `source`, an
 * address of `lo` and of the family meant. */
int netlink_catch_all(int socket, const struct address *source);

#endif
