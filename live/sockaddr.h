/* Endpoints as the system writes them. */
#ifndef FAULTZONE_LIVE_SOCKADDR_H
#define FAULTZONE_LIVE_SOCKADDR_H

#include <uv.h>

#include "base/endpoint.h"

/* 127.0.0.1, or ::1 if `family` is ADDRESS_V6; port 0. */
struct endpoint sockaddr_loopback(uint8_t family);

/* `endpoint` must have an address. */
void sockaddr_put(const struct endpoint *endpoint, struct sockaddr_storage *ret);

/* False if `address` is of another family than IPv4 and IPv6. */
bool sockaddr_get(const struct sockaddr *address, struct endpoint *ret);

#endif
