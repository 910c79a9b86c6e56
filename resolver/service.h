/* The side of the resolver that clients see: queries over UDP and TCP at port 53. */
#ifndef FAULTZONE_RESOLVER_SERVICE_H
#define FAULTZONE_RESOLVER_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/machine.h"
#include "wire/frame.h"

#define SERVICE_PORT 53

/* A query is a question and an OPT record: longer ones break the connection. */
#define SERVICE_QUERY_OCTETS_MAX 2048

struct context;

/* A client's connection. */
struct connection {
    bool open;
    struct endpoint client, local;
    instant_ns heard; /* when it last said something, or was answered */
    struct frame frame;
    uint8_t octets[SERVICE_QUERY_OCTETS_MAX];
};

struct service {
    struct connection *connections;
    uint32_t connection_max;
    uint32_t open_count;
};

/* Room for `connection_max` connections; false if `arena` is exhausted. */
bool service_init(struct service *service, struct arena *arena, uint32_t connection_max);

/* Forgets all connections without a word. */
void service_reset(struct service *service);

/* Takes a packet that reached the service's port. */
void service_receive(struct context *context, struct service *service, const struct packet *packet);

/* Ends connections silent for too long; when the next one will be. */
void service_wake(struct context *context, struct service *service);
instant_ns service_deadline(const struct service *service, duration_ns idle_max);

#endif
