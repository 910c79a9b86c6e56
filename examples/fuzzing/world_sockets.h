/* c-ares on the sockets of a faultzone world instead of the system's. */
#ifndef WORLD_SOCKETS_H
#define WORLD_SOCKETS_H

#include <ares.h>
#include <faultzone.h>

#define WORLD_SOCKETS_MAX 16 /* as many as ares_getsock tells of */

struct world_socket {
    bool is_open;
    bool is_tcp;
    struct sockaddr_in peer;
    char server[INET_ADDRSTRLEN];
};

struct world_sockets {
    struct faultzone *world;
    struct world_socket sockets[WORLD_SOCKETS_MAX];
    /* what came last and is not read yet */
    enum faultzone_event event;
    struct faultzone_arrival arrival;
    size_t read;
};

/* Makes `channel` use them. */
void world_sockets_use(struct world_sockets *sockets, struct faultzone *world,
                       ares_channel channel);

/* Hands `channel` all that comes, and lets it send, until nothing is under way any more. */
void world_sockets_run(struct world_sockets *sockets, ares_channel channel);

#endif
