/* What a machine sent in one piece on a connection, between two sockets of ours. */
#ifndef FAULTZONE_LIVE_TCP_CHUNK_H
#define FAULTZONE_LIVE_TCP_CHUNK_H

#include "live/tcp.h"

struct tcp_chunk {
    struct tcp_chunk *next; /* on its way, or on its shelf */
    uv_write_t request;
    struct tcp *tcp;
    enum packet_kind kind;
    uint64_t flight;
    uint64_t since; /* of the monotonic clock */
    size_t size, arrived;
    size_t shelf;
    bool is_put;  /* into the socket */
    bool is_busy; /* libuv holds it */
    bool is_over; /* handed over or lost */
    uint8_t octets[];
};

/* A chunk that holds a copy of `packet`; NULL if TCP_OCTETS_MAX are in use or memory ran out. */
struct tcp_chunk *tcp_chunk_pack(struct tcp *tcp, const struct packet *packet, uint64_t flight);

/* Puts the chunk back on its shelf once it is over and libuv has let go of it. */
void tcp_chunk_let_go(struct tcp_chunk *chunk);

#endif
