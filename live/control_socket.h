/* Where a served world is controlled: a Unix socket, or TCP on loopback, that takes one HTTP/1.1
 * request a connection. Bytes only: what a request means is its handler's business.
 *
 * A client has CONTROL_REQUEST_TIME for its whole request, then it is told 408; and as long again
 * to read the answer. All memory is bounded: of clients, of one request, of all together. */
#ifndef FAULTZONE_LIVE_CONTROL_SOCKET_H
#define FAULTZONE_LIVE_CONTROL_SOCKET_H

#include "live/control_talk.h"
#include "live/live.h"

#define CONTROL_CLIENTS_MAX  256            /* at once; more wait to be accepted */
#define CONTROL_BACKLOG      512            /* of those who wait */
#define CONTROL_REQUEST_TIME (5 * NS_PER_S) /* for a whole request */
#define CONTROL_LINGER_TIME  (2 * NS_PER_S) /* for what a refused client still sends */
#define CONTROL_PATH_MAX     100            /* octets of a socket's path */

struct control_socket;

struct control_socket_options {
    const char *path;          /* of a Unix socket, for its owner only; NULL: none */
    const struct endpoint *at; /* on loopback, port 0 for any; NULL: none */
    control_handler *handle;
    void *context;
};

/* Listens in the loop of `live` (borrowed). A socket that nobody listens at any more is replaced.
 * NULL and a diag if the system refuses. */
struct control_socket *control_socket_open(struct live *live,
                                           const struct control_socket_options *options,
                                           struct diag *reterr);

/* Where TCP listens; family ADDRESS_NONE if it does not. */
struct endpoint control_socket_at(const struct control_socket *socket);

/* Drops all clients and removes the Unix socket. Before live_close. */
void control_socket_close(struct control_socket *socket);

#endif
