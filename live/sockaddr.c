/* Nothing but conversions. */
#include "live/sockaddr.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

struct endpoint sockaddr_loopback(uint8_t family)
{
    struct endpoint endpoint = {.address = address_v4((const uint8_t[]){127, 0, 0, 1})};
    if (family == ADDRESS_V6) {
        endpoint.address = address_v6((const uint8_t[16]){[15] = 1});
    }
    return endpoint;
}

void sockaddr_put(const struct endpoint *endpoint, struct sockaddr_storage *ret)
{
    memset(ret, 0, sizeof *ret);
    if (endpoint->address.family == ADDRESS_V6) {
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(endpoint->port)};
        memcpy(&v6.sin6_addr, endpoint->address.octets, 16);
        memcpy(ret, &v6, sizeof v6);
        return;
    }
    assert(endpoint->address.family == ADDRESS_V4);
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(endpoint->port)};
    memcpy(&v4.sin_addr, endpoint->address.octets, 4);
    memcpy(ret, &v4, sizeof v4);
}

bool sockaddr_get(const struct sockaddr *address, struct endpoint *ret)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        ret->address = address_v4((const uint8_t *)&v4.sin_addr);
        ret->port = ntohs(v4.sin_port);
        return true;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        ret->address = address_v6((const uint8_t *)&v6.sin6_addr);
        ret->port = ntohs(v6.sin6_port);
        return true;
    }
    return false;
}
