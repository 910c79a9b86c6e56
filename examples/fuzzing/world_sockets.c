#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "world_sockets.h"

/* Descriptors that are none of the system's; a socket's port is its descriptor. */
#define FIRST_DESCRIPTOR 30000
#define SENT_OCTETS_MAX  65537

static struct world_socket *socket_of(struct world_sockets *sockets, ares_socket_t descriptor)
{
    return &sockets->sockets[descriptor - FIRST_DESCRIPTOR];
}

/* --- what c-ares calls --- */

static ares_socket_t open_socket(int family, int type, int protocol, void *context)
{
    struct world_sockets *sockets = context;
    (void)family;
    (void)protocol;
    for (int i = 0; i < WORLD_SOCKETS_MAX; i++) {
        if (!sockets->sockets[i].is_open) {
            sockets->sockets[i] =
                (struct world_socket){.is_open = true, .is_tcp = type == SOCK_STREAM};
            return FIRST_DESCRIPTOR + i;
        }
    }
    errno = EMFILE;
    return ARES_SOCKET_BAD;
}

static int close_socket(ares_socket_t descriptor, void *context)
{
    struct world_sockets *sockets = context;
    struct world_socket *closed = socket_of(sockets, descriptor);
    if (closed->is_tcp) {
        faultzone_hang_up(sockets->world, (uint16_t)descriptor, closed->server);
    }
    closed->is_open = false;
    if (sockets->arrival.port == descriptor) {
        sockets->event = FAULTZONE_NOTHING;
    }
    return 0;
}

static int connect_socket(ares_socket_t descriptor, const struct sockaddr *address,
                          ares_socklen_t size, void *context)
{
    struct world_socket *connected = socket_of(context, descriptor);
    (void)size;
    memcpy(&connected->peer, address, sizeof connected->peer);
    inet_ntop(AF_INET, &connected->peer.sin_addr, connected->server, sizeof connected->server);
    return 0;
}

static ares_ssize_t send_octets(ares_socket_t descriptor, const struct iovec *parts, int count,
                                void *context)
{
    static unsigned char octets[SENT_OCTETS_MAX];
    struct world_sockets *sockets = context;
    const struct world_socket *from = socket_of(sockets, descriptor);
    size_t size = 0;
    for (int i = 0; i < count && parts[i].iov_len <= sizeof octets - size; i++) {
        memcpy(octets + size, parts[i].iov_base, parts[i].iov_len);
        size += parts[i].iov_len;
    }
    faultzone_send(sockets->world, from->is_tcp ? FAULTZONE_TCP : FAULTZONE_UDP,
                   (uint16_t)descriptor, from->server, octets, size);
    return (ares_ssize_t)size;
}

static void put_source(const struct faultzone_arrival *arrival, struct sockaddr *from,
                       ares_socklen_t *from_size)
{
    struct sockaddr_in source = {.sin_family = AF_INET, .sin_port = htons(arrival->server_port)};
    inet_pton(AF_INET, arrival->server, &source.sin_addr);
    if (from != NULL) {
        memcpy(from, &source, sizeof source);
        *from_size = sizeof source;
    }
}

static ares_ssize_t receive_octets(ares_socket_t descriptor, void *buffer, size_t capacity,
                                   int flags, struct sockaddr *from, ares_socklen_t *from_size,
                                   void *context)
{
    struct world_sockets *sockets = context;
    const struct faultzone_arrival *arrival = &sockets->arrival;
    (void)flags;
    if (sockets->event == FAULTZONE_NOTHING || arrival->port != descriptor) {
        errno = EWOULDBLOCK;
        return -1;
    }
    if (sockets->event != FAULTZONE_OCTETS) {
        const bool is_closed = sockets->event == FAULTZONE_CLOSED;
        sockets->event = FAULTZONE_NOTHING;
        errno = ECONNRESET;
        return is_closed ? 0 : -1;
    }
    const size_t left = arrival->size - sockets->read;
    const size_t size = left < capacity ? left : capacity;
    memcpy(buffer, arrival->octets + sockets->read, size);
    put_source(arrival, from, from_size);
    sockets->read += size;
    if (arrival->transport == FAULTZONE_UDP || sockets->read == arrival->size) {
        sockets->event = FAULTZONE_NOTHING;
    }
    return (ares_ssize_t)size;
}

void world_sockets_use(struct world_sockets *sockets, struct faultzone *world, ares_channel channel)
{
    static const struct ares_socket_functions functions = {
        open_socket, close_socket, connect_socket, receive_octets, send_octets};
    *sockets = (struct world_sockets){.world = world};
    ares_set_socket_functions(channel, &functions, sockets);
}

/* --- the loop --- */

/* Lets c-ares write where it wants to: queries over TCP wait for that. */
static void let_write(ares_channel channel)
{
    ares_socket_t wanted[ARES_GETSOCK_MAXNUM];
    const int bits = ares_getsock(channel, wanted, ARES_GETSOCK_MAXNUM);
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
        if (ARES_GETSOCK_WRITABLE(bits, i)) {
            ares_process_fd(channel, ARES_SOCKET_BAD, wanted[i]);
        }
    }
}

static bool receive(struct world_sockets *sockets)
{
    sockets->read = 0;
    sockets->event = faultzone_receive(sockets->world, UINT64_MAX, &sockets->arrival);
    if (sockets->event != FAULTZONE_NOTHING && getenv("VERBOSE") != NULL) {
        fprintf(stderr, "# so far: %s\n", faultzone_fuzz_story(sockets->world));
    }
    return sockets->event != FAULTZONE_NOTHING;
}

void world_sockets_run(struct world_sockets *sockets, ares_channel channel)
{
    let_write(channel);
    while (receive(sockets)) {
        const ares_socket_t descriptor = sockets->arrival.port;
        while (sockets->event != FAULTZONE_NOTHING && socket_of(sockets, descriptor)->is_open) {
            ares_process_fd(channel, descriptor, ARES_SOCKET_BAD);
        }
        let_write(channel);
    }
}
