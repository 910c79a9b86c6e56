/* One connection: its ends, and what is on its way between them. */
#ifndef FAULTZONE_LIVE_TCP_CONNECTION_H
#define FAULTZONE_LIVE_TCP_CONNECTION_H

#include "live/tcp_chunk.h"
#include "sim/stream.h"

struct tcp_end {
    uv_tcp_t handle;
    uv_connect_t connect;
    uv_shutdown_t shutdown;
    struct tcp *tcp;
    struct tcp_connection *connection; /* NULL until attached */
    enum stream_side side;
    bool shut;    /* it said its last */
    bool got_end; /* it heard the other's last */
    bool closing;
    struct tcp_end *next_free;
};

struct tcp_way {
    struct tcp_chunk *first, *last;
};

struct tcp_connection {
    struct tcp *tcp;
    struct stream stream; /* its ends; for outsiders also where their messages end */
    struct endpoint real; /* the opener's */
    bool is_outside;      /* the opener is no seat */
    bool is_connected;
    bool is_retired;
    struct tcp_end *ends[STREAM_SIDES];
    unsigned handles;                  /* ends that libuv still holds */
    struct tcp_way ways[STREAM_SIDES]; /* by sender */
    uint64_t touched;       /* outsiders: the last octet either way, by the monotonic clock */
    uint64_t message_since; /* when the message under way began, 0 if none is */
    bool owes_answer;       /* a whole message came, and nothing went back since */
    struct tcp_connection *next_in_bucket;
    struct tcp_connection *older, *newer;
};

/* The connection between two endpoints, NULL if there is none. `*ret_side` is `from`'s. */
struct tcp_connection *tcp_connection_find(struct tcp *tcp, const struct endpoint *from,
                                           const struct endpoint *to, enum stream_side *ret_side);

/* A new connection in the table, without ends; NULL if memory ran out. */
struct tcp_connection *tcp_connection_new(struct tcp *tcp, const struct endpoint *opener,
                                          const struct endpoint *accepter, bool is_outside);

/* Makes `end` the connection's end on that side. */
void tcp_connection_attach(struct tcp_connection *connection, struct tcp_end *end,
                           enum stream_side side);

/* Puts a chunk last on the way from `side`; tcp_connection_pump sends it off. */
void tcp_connection_append(struct tcp_connection *connection, enum stream_side side,
                           struct tcp_chunk *chunk);

/* Puts into the socket what waits on the way from `side`, as far as it may go. */
void tcp_connection_pump(struct tcp_connection *connection, enum stream_side side);

/* Hands the first chunk on the way from `side` to whom it is for. */
void tcp_connection_hand_over(struct tcp_connection *connection, enum stream_side side);

/* All that is on the way from `side` is lost. */
void tcp_connection_lose(struct tcp_connection *connection, enum stream_side side);

/* Closes both ends; what is on its way is lost. */
void tcp_connection_close(struct tcp_connection *connection);

/* An end without a connection and without a socket; NULL if memory ran out. */
struct tcp_end *tcp_end_new(struct tcp *tcp);

/* Closes an end, once. A connection without ends is retired. */
void tcp_end_close(struct tcp_end *end, bool with_reset);

/* Closes an end that has said and heard its last. */
void tcp_end_close_if_finished(struct tcp_end *end);

/* Writes a chunk, or says that nothing more will come; false if the system will not. */
bool tcp_end_write(struct tcp_end *end, struct tcp_chunk *chunk);
bool tcp_end_shut_down(struct tcp_end *end);

/* Starts to hand over what comes; closes the end if the system will not. In tcp_reading.c. */
void tcp_end_start_reading(struct tcp_end *end);

/* Resets an outsider's connection and tells the seat. In tcp_reading.c. */
void tcp_end_drop_outsider(struct tcp_end *end);

/* The same, but the outsider keeps what was sent and sees a proper end. In tcp_reading.c. */
void tcp_end_dismiss_outsider(struct tcp_end *end);

#endif
