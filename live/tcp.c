/* A connection has two ends, both ours unless the opener is an outsider.
 *
 * The happy path: the opener's first chunk makes the connection; both ends are attached once the
 * listener has accepted; chunks queue on the way they go and are written in order; reading at the
 * other end fills them up again from the front, and a full one is handed over. A close is a
 * shutdown behind the last chunk and is handed over at the end of file; a reset waits until all
 * chunks before it have come and is handed over as the error that it causes.
 *
 * Off it: whatever the system refuses is lost by the system, and the connection is retired: out of
 * the table at once, its memory free again when libuv has let go of its handles. */
#include "live/tcp.h"

#include <assert.h>

#include "live/sockaddr.h"
#include "sim/stream.h"

enum { LISTEN_BACKLOG = 128 };

static const size_t shelf_sizes[TCP_SHELVES] = {512, 4096, 66048, OUTBOX_OCTETS_MAX};

struct tcp_listener {
    struct atlas_entry entry; /* first */
    uv_tcp_t handle;
    struct tcp *tcp;
    bool is_on_demand;
};

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

bool tcp_init(struct tcp *tcp, uv_loop_t *loop, struct arena *arena,
              const struct arrivals *arrivals)
{
    tcp->loop = loop;
    tcp->arena = arena;
    tcp->arrivals = arrivals;
    tcp->buffer = arena_alloc(arena, TCP_BUFFER_OCTETS);
    return tcp->buffer != NULL;
}

/* --- the table --- */

static struct tcp_connection **bucket_of(struct tcp *tcp, const struct endpoint *a,
                                         const struct endpoint *b)
{
    return &tcp->buckets[(endpoint_hash(a) + endpoint_hash(b)) % TCP_CONNECTION_BUCKETS];
}

static bool joins(const struct tcp_connection *connection, const struct endpoint *opener,
                  const struct endpoint *accepter)
{
    return endpoint_equal(&connection->stream.ends[STREAM_OPENER], opener) &&
           endpoint_equal(&connection->stream.ends[STREAM_ACCEPTER], accepter);
}

static struct tcp_connection *find(struct tcp *tcp, const struct endpoint *from,
                                   const struct endpoint *to, enum stream_side *ret_side)
{
    struct tcp_connection *connection = *bucket_of(tcp, from, to);
    for (; connection != NULL; connection = connection->next_in_bucket) {
        if (joins(connection, from, to)) {
            *ret_side = STREAM_OPENER;
            return connection;
        }
        if (joins(connection, to, from)) {
            *ret_side = STREAM_ACCEPTER;
            return connection;
        }
    }
    return NULL;
}

static void enter_table(struct tcp *tcp, struct tcp_connection *connection)
{
    struct tcp_connection **bucket =
        bucket_of(tcp, &connection->stream.ends[0], &connection->stream.ends[1]);
    connection->next_in_bucket = *bucket;
    *bucket = connection;
    connection->older = tcp->newest;
    *(tcp->newest != NULL ? &tcp->newest->newer : &tcp->oldest) = connection;
    tcp->newest = connection;
    *(connection->is_outside ? &tcp->outside : &tcp->inside) += 1;
}

static void leave_table(struct tcp *tcp, struct tcp_connection *connection)
{
    struct tcp_connection **link =
        bucket_of(tcp, &connection->stream.ends[0], &connection->stream.ends[1]);
    while (*link != connection) {
        link = &(*link)->next_in_bucket;
    }
    *link = connection->next_in_bucket;
    *(connection->older != NULL ? &connection->older->newer : &tcp->oldest) = connection->newer;
    *(connection->newer != NULL ? &connection->newer->older : &tcp->newest) = connection->older;
    *(connection->is_outside ? &tcp->outside : &tcp->inside) -= 1;
}

static struct tcp_connection *new_connection(struct tcp *tcp, const struct endpoint *opener,
                                             const struct endpoint *accepter, bool is_outside)
{
    struct tcp_connection *connection = tcp->free_connections;
    if (connection != NULL) {
        tcp->free_connections = connection->newer;
    } else {
        connection = ARENA_NEW(tcp->arena, struct tcp_connection);
    }
    if (connection != NULL) {
        *connection = (struct tcp_connection){
            .tcp = tcp, .stream.ends = {*opener, *accepter}, .is_outside = is_outside};
        connection->touched = uv_hrtime();
        enter_table(tcp, connection);
    }
    return connection;
}

/* --- chunks --- */

static struct tcp_chunk *new_chunk(struct tcp *tcp, size_t size)
{
    size_t shelf = 0;
    while (shelf_sizes[shelf] < size) {
        shelf++;
    }
    struct tcp_chunk *chunk = tcp->free_chunks[shelf];
    if (chunk != NULL) {
        tcp->free_chunks[shelf] = chunk->next;
    } else if (shelf_sizes[shelf] <= TCP_OCTETS_MAX - tcp->octets) {
        chunk = arena_alloc(tcp->arena, sizeof *chunk + shelf_sizes[shelf]);
        tcp->octets += chunk != NULL ? shelf_sizes[shelf] : 0;
    }
    if (chunk != NULL) {
        *chunk = (struct tcp_chunk){.tcp = tcp, .shelf = shelf, .size = size};
    }
    return chunk;
}

static struct tcp_chunk *pack(struct tcp *tcp, const struct packet *packet, uint64_t flight)
{
    struct tcp_chunk *chunk = new_chunk(tcp, packet->payload.size);
    if (chunk != NULL) {
        chunk->kind = packet->kind;
        chunk->flight = flight;
        chunk->since = uv_hrtime();
        if (packet->payload.size > 0) {
            memcpy(chunk->octets, packet->payload.data, packet->payload.size);
        }
    }
    return chunk;
}

/* Puts the chunk back on its shelf once nobody needs it. */
static void let_go(struct tcp_chunk *chunk)
{
    if (chunk->is_over && !chunk->is_busy) {
        chunk->next = chunk->tcp->free_chunks[chunk->shelf];
        chunk->tcp->free_chunks[chunk->shelf] = chunk;
    }
}

static void append(struct tcp_connection *connection, enum stream_side side,
                   struct tcp_chunk *chunk)
{
    struct tcp_way *way = &connection->ways[side];
    *(way->last != NULL ? &way->last->next : &way->first) = chunk;
    way->last = chunk;
    connection->tcp->afloat++;
}

/* Takes the first chunk off its way. */
static struct tcp_chunk *shift(struct tcp_connection *connection, enum stream_side side)
{
    struct tcp_way *way = &connection->ways[side];
    struct tcp_chunk *chunk = way->first;
    way->first = chunk->next;
    way->last = way->first != NULL ? way->last : NULL;
    connection->tcp->afloat--;
    chunk->is_over = true;
    return chunk;
}

static struct packet packet_of(const struct tcp_connection *connection, enum stream_side side,
                               const struct tcp_chunk *chunk)
{
    return (struct packet){.from = connection->stream.ends[side],
                           .to = connection->stream.ends[1 - side],
                           .transport = TRANSPORT_TCP,
                           .kind = chunk->kind,
                           .payload = bytes_of(chunk->octets, chunk->size)};
}

static void hand_over(struct tcp_connection *connection, enum stream_side side)
{
    const struct arrivals *arrivals = connection->tcp->arrivals;
    struct tcp_chunk *chunk = shift(connection, side);
    const struct packet packet = packet_of(connection, side, chunk);
    arrivals->arrived(arrivals->context, &packet, chunk->flight);
    let_go(chunk);
}

/* All that is on this way is lost. */
static void lose_way(struct tcp_connection *connection, enum stream_side side)
{
    const struct arrivals *arrivals = connection->tcp->arrivals;
    while (connection->ways[side].first != NULL) {
        struct tcp_chunk *chunk = shift(connection, side);
        const struct packet packet = packet_of(connection, side, chunk);
        if (!connection->tcp->silent) {
            arrivals->lost(arrivals->context, &packet, chunk->flight, LOST_BY_SYSTEM);
        }
        let_go(chunk);
    }
}

/* --- ends --- */

static void end_closed(uv_handle_t *handle)
{
    struct tcp_end *end = handle->data;
    struct tcp *tcp = end->tcp;
    struct tcp_connection *connection = end->connection;
    end->next_free = tcp->free_ends;
    tcp->free_ends = end;
    if (connection != NULL && --connection->handles == 0) {
        connection->newer = tcp->free_connections;
        tcp->free_connections = connection;
    }
}

/* Takes the connection out of the table once both its ends are gone. */
static void retire_if_ended(struct tcp_connection *connection)
{
    const struct arrivals *arrivals = connection->tcp->arrivals;
    for (int side = 0; side < STREAM_SIDES; side++) {
        if (connection->ends[side] != NULL) {
            return;
        }
    }
    if (connection->is_retired) {
        return;
    }
    connection->is_retired = true;
    leave_table(connection->tcp, connection);
    lose_way(connection, STREAM_OPENER);
    lose_way(connection, STREAM_ACCEPTER);
    if (connection->is_outside && !connection->tcp->silent) {
        arrivals->ended(arrivals->context, &connection->stream.ends[STREAM_OPENER],
                        &connection->stream.ends[STREAM_ACCEPTER]);
    }
}

static void close_end(struct tcp_end *end, bool with_reset)
{
    struct tcp_connection *connection = end->connection;
    if (end->closing) {
        return;
    }
    end->closing = true;
    if (!with_reset || uv_tcp_close_reset(&end->handle, end_closed) != 0) {
        uv_close((uv_handle_t *)&end->handle, end_closed);
    }
    if (connection != NULL) {
        connection->ends[end->side] = NULL;
        retire_if_ended(connection);
    }
}

static void close_both(struct tcp_connection *connection)
{
    struct tcp_end *ends[STREAM_SIDES] = {connection->ends[0], connection->ends[1]};
    for (int side = 0; side < STREAM_SIDES; side++) {
        if (ends[side] != NULL) {
            close_end(ends[side], false);
        }
    }
}

static void close_if_finished(struct tcp_end *end)
{
    if (end->shut && end->got_end) {
        close_end(end, false);
    }
}

static struct tcp_end *new_end(struct tcp *tcp)
{
    struct tcp_end *end = tcp->free_ends;
    if (end != NULL) {
        tcp->free_ends = end->next_free;
    } else {
        end = ARENA_NEW(tcp->arena, struct tcp_end);
    }
    if (end != NULL) {
        *end = (struct tcp_end){.tcp = tcp};
        uv_tcp_init(tcp->loop, &end->handle); /* makes no socket yet, so it cannot fail */
        end->handle.data = end;
    }
    return end;
}

static void attach(struct tcp_connection *connection, struct tcp_end *end, enum stream_side side)
{
    end->connection = connection;
    end->side = side;
    connection->ends[side] = end;
    connection->handles++;
}

/* --- writing --- */

static void written(uv_write_t *request, int status)
{
    struct tcp_chunk *chunk = request->data;
    (void)status; /* the reading end will notice */
    chunk->is_busy = false;
    let_go(chunk);
}

static bool write_chunk(struct tcp_end *end, struct tcp_chunk *chunk)
{
    const uv_buf_t buffer = uv_buf_init((char *)chunk->octets, (unsigned)chunk->size);
    chunk->request.data = chunk;
    chunk->is_put = true;
    chunk->is_busy =
        uv_write(&chunk->request, (uv_stream_t *)&end->handle, &buffer, 1, written) == 0;
    return chunk->is_busy;
}

static void shut_down(uv_shutdown_t *request, int status)
{
    struct tcp_end *end = request->data;
    end->shut = true;
    if (status == 0 && !end->closing) {
        close_if_finished(end);
    }
}

static bool start_shutdown(struct tcp_end *end)
{
    end->shutdown.data = end;
    return uv_shutdown(&end->shutdown, (uv_stream_t *)&end->handle, shut_down) == 0;
}

/* The reset at the front of the way from `side`; nothing comes the other way any more. */
static void put_reset(struct tcp_connection *connection, enum stream_side side)
{
    const bool is_heard = connection->ends[1 - side] != NULL && connection->ends[side] != NULL;
    struct tcp_end *end = connection->ends[side];
    connection->ways[side].first->is_put = true;
    lose_way(connection, 1 - side);
    if (!is_heard) {
        hand_over(connection, side); /* there is no socket left to carry it */
    }
    if (end != NULL) {
        close_end(end, true);
    }
}

/* Puts one chunk into the socket; false if the system will not. */
static bool put(struct tcp_end *end, struct tcp_chunk *chunk)
{
    chunk->is_put = true;
    return chunk->kind == PACKET_DATA ? write_chunk(end, chunk) : start_shutdown(end);
}

/* Puts into the socket what waits on the way from `side`. */
static void pump(struct tcp_connection *connection, enum stream_side side)
{
    struct tcp_way *way = &connection->ways[side];
    struct tcp_chunk *chunk = connection->is_connected ? way->first : NULL;
    while (chunk != NULL && chunk->is_put) {
        chunk = chunk->next;
    }
    for (; chunk != NULL && chunk->kind != PACKET_RESET; chunk = chunk->next) {
        if (connection->ends[side] == NULL || !put(connection->ends[side], chunk)) {
            close_both(connection);
            return;
        }
    }
    if (chunk != NULL && chunk == way->first) {
        put_reset(connection, side);
    }
}

/* --- reading --- */

static void offer_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    const struct tcp_end *end = handle->data;
    (void)suggested;
    *ret = uv_buf_init((char *)end->tcp->buffer, (unsigned)TCP_BUFFER_OCTETS);
}

/* Fills the chunks on the way to `end` with what was read. */
static void fill(struct tcp_end *end, struct bytes octets)
{
    struct tcp_connection *connection = end->connection;
    const enum stream_side sender = 1 - end->side;
    while (octets.size > 0 && !end->closing) {
        struct tcp_chunk *chunk = connection->ways[sender].first;
        if (chunk == NULL || chunk->kind != PACKET_DATA) {
            return; /* of chunks that were given up */
        }
        const size_t missing = chunk->size - chunk->arrived;
        const size_t step = missing < octets.size ? missing : octets.size;
        memcpy(chunk->octets + chunk->arrived, octets.data, step);
        chunk->arrived += step;
        octets = bytes_after(octets, step);
        if (chunk->arrived == chunk->size) {
            hand_over(connection, sender);
        }
    }
    if (!connection->is_retired) {
        pump(connection, sender); /* a reset may have waited for this */
    }
}

/* The other end closed, or is gone. */
static void hear_end(struct tcp_end *end, enum packet_kind kind)
{
    struct tcp_connection *connection = end->connection;
    const enum stream_side sender = 1 - end->side;
    const struct tcp_chunk *chunk = connection->ways[sender].first;
    end->got_end = true;
    if (chunk != NULL && chunk->kind == kind) {
        hand_over(connection, sender);
    } else {
        lose_way(connection, sender);
    }
    if (!connection->is_retired) {
        pump(connection, sender); /* a reset may have waited for this */
    }
    if (kind == PACKET_RESET) {
        close_end(end, false);
    } else {
        close_if_finished(end);
    }
}

static void arrive_from_outside(struct tcp_connection *connection, enum packet_kind kind,
                                struct bytes octets)
{
    const struct arrivals *arrivals = connection->tcp->arrivals;
    const struct packet packet = {.from = connection->stream.ends[STREAM_OPENER],
                                  .to = connection->stream.ends[STREAM_ACCEPTER],
                                  .transport = TRANSPORT_TCP,
                                  .kind = kind,
                                  .payload = octets};
    arrivals->arrived(arrivals->context, &packet, 0);
}

static void drop_outsider(struct tcp_end *end)
{
    close_end(end, true); /* first, or what the machine answers would come back here */
    arrive_from_outside(end->connection, PACKET_RESET, bytes_of(NULL, 0));
}

static void read_outside(struct tcp_end *end, struct bytes octets)
{
    struct tcp_connection *connection = end->connection;
    const uint64_t now = uv_hrtime();
    const uint64_t messages = connection->stream.ways[STREAM_OPENER].messages;
    const bool begins = stream_advance(&connection->stream, STREAM_OPENER, octets);
    const bool completes = connection->stream.ways[STREAM_OPENER].messages > messages;
    if (begins || completes) {
        connection->message_since = now;
    }
    if (stream_is_between_messages(&connection->stream, STREAM_OPENER)) {
        connection->message_since = 0;
    }
    connection->owes_answer |= completes;
    connection->touched = now;
    arrive_from_outside(connection, PACKET_DATA, octets);
}

static void hear_outside_end(struct tcp_end *end, ssize_t error)
{
    end->got_end = true;
    if (error != UV_EOF) {
        drop_outsider(end);
        return;
    }
    arrive_from_outside(end->connection, PACKET_CLOSE, bytes_of(NULL, 0));
    if (!end->closing) {
        close_if_finished(end);
    }
}

static void read_some(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct tcp_end *end = stream->data;
    const bool outside = end->connection->is_outside;
    if (size == 0 || end->closing) {
        return;
    }
    if (size < 0 && outside) {
        hear_outside_end(end, size);
    } else if (size < 0) {
        hear_end(end, size == UV_EOF ? PACKET_CLOSE : PACKET_RESET);
    } else if (outside) {
        read_outside(end, bytes_of(buffer->base, (size_t)size));
    } else {
        fill(end, bytes_of(buffer->base, (size_t)size));
    }
}

static void start_reading(struct tcp_end *end)
{
    uv_tcp_nodelay(&end->handle, 1);
    if (uv_read_start((uv_stream_t *)&end->handle, offer_buffer, read_some) != 0) {
        close_end(end, true);
    }
}

/* --- accepting --- */

/* As for datagrams: what is published is reached there and nowhere else. */
static bool hears_outsiders(const struct tcp_listener *listener)
{
    const struct tcp *tcp = listener->tcp;
    if (tcp->published == NULL || listener == tcp->published) {
        return listener == tcp->published;
    }
    return tcp->hears_outsiders && !listener->is_on_demand &&
           !endpoint_equal(&listener->entry.simulated, &tcp->published->entry.simulated);
}

/* The connection between seats that was opened from there. */
static struct tcp_connection *find_opened(const struct tcp *tcp, const struct endpoint *real)
{
    struct tcp_connection *connection = tcp->newest;
    while (connection != NULL &&
           (connection->ends[STREAM_ACCEPTER] != NULL || connection->is_outside ||
            !endpoint_equal(&connection->real, real))) {
        connection = connection->older;
    }
    return connection;
}

/* Whom the accepted end belongs to; NULL if it is welcome nowhere. */
static struct tcp_connection *claim(const struct tcp_listener *listener,
                                    const struct endpoint *opener)
{
    struct tcp *tcp = listener->tcp;
    struct tcp_connection *connection = find_opened(tcp, opener);
    if (connection == NULL && hears_outsiders(listener) && address_is_loopback(&opener->address) &&
        tcp->outside < TCP_OUTSIDE_MAX) {
        connection = new_connection(tcp, opener, &listener->entry.simulated, true);
    }
    return connection;
}

static bool get_peer(const uv_tcp_t *handle, struct endpoint *ret)
{
    struct sockaddr_storage address;
    int size = sizeof address;
    return uv_tcp_getpeername(handle, (struct sockaddr *)&address, &size) == 0 &&
           sockaddr_get((const struct sockaddr *)&address, ret);
}

static void accepted(uv_stream_t *stream, int status)
{
    const struct tcp_listener *listener = stream->data;
    struct tcp_end *end = status == 0 ? new_end(listener->tcp) : NULL;
    struct endpoint opener;
    if (end == NULL) {
        return;
    }
    struct tcp_connection *connection = NULL;
    if (uv_accept(stream, (uv_stream_t *)&end->handle) == 0 && get_peer(&end->handle, &opener)) {
        connection = claim(listener, &opener);
    }
    if (connection == NULL) {
        close_end(end, true);
        return;
    }
    attach(connection, end, STREAM_ACCEPTER);
    if (connection->is_outside) {
        const struct arrivals *arrivals = listener->tcp->arrivals;
        connection->is_connected = true;
        arrivals->opened(arrivals->context, &connection->stream.ends[STREAM_OPENER],
                         &connection->stream.ends[STREAM_ACCEPTER]);
    }
    start_reading(end);
}

static int bind_listener(struct tcp_listener *listener, const struct endpoint *real)
{
    struct sockaddr_storage address;
    sockaddr_put(real, &address);
    int error = uv_tcp_bind(&listener->handle, (const struct sockaddr *)&address, 0);
    if (error == 0) {
        error = uv_listen((uv_stream_t *)&listener->handle, LISTEN_BACKLOG, accepted);
    }
    int size = sizeof address;
    if (error == 0) {
        error = uv_tcp_getsockname(&listener->handle, (struct sockaddr *)&address, &size);
        sockaddr_get((const struct sockaddr *)&address, &listener->entry.real);
    }
    return error;
}

static struct tcp_listener *new_listener(struct tcp *tcp, const struct endpoint *simulated,
                                         const struct endpoint *real, int *reterr)
{
    struct tcp_listener *listener = ARENA_NEW(tcp->arena, struct tcp_listener);
    if (listener == NULL) {
        *reterr = UV_ENOMEM;
        return NULL;
    }
    uv_tcp_init(tcp->loop, &listener->handle);
    listener->handle.data = listener;
    listener->tcp = tcp;
    listener->entry.simulated = *simulated;
    *reterr = bind_listener(listener, real);
    if (*reterr != 0) {
        uv_close((uv_handle_t *)&listener->handle, NULL);
        return NULL;
    }
    return listener;
}

struct tcp_listener *tcp_listen(struct tcp *tcp, const struct endpoint *simulated,
                                const struct endpoint *real, int *reterr)
{
    struct tcp_listener *listener = new_listener(tcp, simulated, real, reterr);
    if (listener != NULL) {
        atlas_add(&tcp->listeners, &listener->entry);
    }
    return listener;
}

struct tcp_listener *tcp_publish(struct tcp *tcp, const struct endpoint *simulated,
                                 const struct endpoint *real, int *reterr)
{
    tcp->published = new_listener(tcp, simulated, real, reterr);
    return tcp->published;
}

struct endpoint tcp_real(const struct tcp_listener *listener)
{
    return listener->entry.real;
}

/* --- connecting --- */

static void connected(uv_connect_t *request, int status)
{
    struct tcp_end *end = request->data;
    if (end->closing) {
        return;
    }
    if (status != 0) {
        close_both(end->connection);
        return;
    }
    end->connection->is_connected = true;
    start_reading(end);
    if (!end->closing) {
        pump(end->connection, STREAM_OPENER);
    }
}

static struct endpoint loopback_for(const struct tcp *tcp, const struct endpoint *simulated)
{
    const bool v6 = simulated->address.family == ADDRESS_V6 && tcp->has_v6;
    return sockaddr_loopback(v6 ? ADDRESS_V6 : ADDRESS_V4);
}

/* Where `simulated` listens; opened now if it does not yet. */
static const struct tcp_listener *listener_of(struct tcp *tcp, const struct endpoint *simulated)
{
    struct tcp_listener *listener =
        (struct tcp_listener *)atlas_find_simulated(&tcp->listeners, simulated);
    if (listener != NULL || tcp->listeners_on_demand == TCP_LISTENERS_MAX) {
        return listener;
    }
    const struct endpoint real = loopback_for(tcp, simulated);
    int error;
    listener = tcp_listen(tcp, simulated, &real, &error);
    if (listener != NULL) {
        listener->is_on_demand = true;
        tcp->listeners_on_demand++;
    }
    return listener;
}

/* Bound first, so that the accepting end can be told who comes. */
static bool start_connecting(struct tcp_end *end, const struct endpoint *own,
                             const struct endpoint *real)
{
    struct sockaddr_storage address;
    int size = sizeof address;
    sockaddr_put(own, &address);
    if (uv_tcp_bind(&end->handle, (const struct sockaddr *)&address, 0) != 0 ||
        uv_tcp_getsockname(&end->handle, (struct sockaddr *)&address, &size) != 0 ||
        !sockaddr_get((const struct sockaddr *)&address, &end->connection->real)) {
        return false;
    }
    sockaddr_put(real, &address);
    end->connect.data = end;
    return uv_tcp_connect(&end->connect, &end->handle, (const struct sockaddr *)&address,
                          connected) == 0;
}

/* Makes room for one more connection between seats; false if all are busy. */
static bool make_room(struct tcp *tcp)
{
    struct tcp_connection *connection = tcp->oldest;
    while (tcp->inside >= TCP_INSIDE_MAX && connection != NULL) {
        struct tcp_connection *newer = connection->newer;
        if (!connection->is_outside && connection->ways[STREAM_OPENER].first == NULL &&
            connection->ways[STREAM_ACCEPTER].first == NULL) {
            close_both(connection);
        }
        connection = newer;
    }
    return tcp->inside < TCP_INSIDE_MAX;
}

static struct tcp_connection *open_connection(struct tcp *tcp, const struct endpoint *opener,
                                              const struct endpoint *accepter)
{
    const struct tcp_listener *listener = listener_of(tcp, accepter);
    struct tcp_end *end = listener != NULL && make_room(tcp) ? new_end(tcp) : NULL;
    if (end == NULL) {
        return NULL;
    }
    struct tcp_connection *connection = new_connection(tcp, opener, accepter, false);
    if (connection == NULL) {
        close_end(end, false);
        return NULL;
    }
    attach(connection, end, STREAM_OPENER);
    const struct endpoint own = {.address = listener->entry.real.address};
    if (!start_connecting(end, &own, &listener->entry.real)) {
        close_end(end, false);
        return NULL;
    }
    return connection;
}

/* --- carrying --- */

/* What the simulated network lets through although no connection is left to carry it. */
static void carry_without(struct tcp *tcp, const struct packet *packet, uint64_t flight)
{
    const struct arrivals *arrivals = tcp->arrivals;
    if (packet->kind == PACKET_DATA) {
        arrivals->lost(arrivals->context, packet, flight, LOST_NO_SOCKET);
    } else {
        arrivals->arrived(arrivals->context, packet, flight);
    }
}

void tcp_carry(struct tcp *tcp, const struct packet *packet, uint64_t flight, bool by_opener)
{
    enum stream_side side = STREAM_OPENER;
    struct tcp_connection *connection = find(tcp, &packet->from, &packet->to, &side);
    if (connection == NULL && packet->kind == PACKET_DATA && by_opener) {
        connection = open_connection(tcp, &packet->from, &packet->to);
    }
    struct tcp_chunk *chunk = NULL;
    if (connection != NULL && connection->ends[side] != NULL) {
        chunk = pack(tcp, packet, flight);
    }
    if (chunk == NULL) {
        carry_without(tcp, packet, flight);
        return;
    }
    append(connection, side, chunk);
    pump(connection, side);
}

static bool write_outside(struct tcp_end *end, const struct packet *packet)
{
    if (uv_stream_get_write_queue_size((uv_stream_t *)&end->handle) + packet->payload.size >
        TCP_BACKLOG_MAX) {
        return false;
    }
    struct tcp_chunk *chunk = pack(end->tcp, packet, 0);
    if (chunk == NULL) {
        return false;
    }
    chunk->is_over = true;
    if (!write_chunk(end, chunk)) {
        let_go(chunk);
        return false;
    }
    return true;
}

bool tcp_send_outside(struct tcp *tcp, const struct packet *packet)
{
    enum stream_side side;
    struct tcp_connection *connection = find(tcp, &packet->from, &packet->to, &side);
    if (connection == NULL || !connection->is_outside || side != STREAM_ACCEPTER ||
        connection->ends[side] == NULL) {
        return false;
    }
    struct tcp_end *end = connection->ends[side];
    connection->touched = uv_hrtime();
    connection->owes_answer = false;
    if (packet->kind == PACKET_RESET) {
        close_end(end, true);
        return true;
    }
    if (packet->kind == PACKET_CLOSE ? start_shutdown(end) : write_outside(end, packet)) {
        return true;
    }
    drop_outsider(end);
    return false;
}

size_t tcp_afloat(const struct tcp *tcp)
{
    return tcp->afloat;
}

/* --- giving up --- */

static bool is_too_slow(const struct tcp_connection *connection, uint64_t now)
{
    const uint64_t silence = now - connection->touched;
    const uint64_t allowed = connection->owes_answer ? TCP_ANSWER_TIME : TCP_IDLE_TIME;
    const bool dawdles =
        connection->message_since != 0 && now - connection->message_since > TCP_MESSAGE_TIME;
    return dawdles || silence > allowed;
}

static bool is_stuck(const struct tcp_connection *connection, uint64_t now)
{
    for (int side = 0; side < STREAM_SIDES; side++) {
        const struct tcp_chunk *chunk = connection->ways[side].first;
        if (chunk != NULL && now - chunk->since > TCP_PATIENCE) {
            return true;
        }
    }
    return false;
}

void tcp_give_up(struct tcp *tcp)
{
    const uint64_t now = uv_hrtime();
    struct tcp_connection *connection = tcp->oldest;
    while (connection != NULL) {
        struct tcp_connection *newer = connection->newer;
        struct tcp_end *accepter = connection->ends[STREAM_ACCEPTER];
        if (connection->is_outside && accepter != NULL && is_too_slow(connection, now)) {
            drop_outsider(accepter);
        } else if (is_stuck(connection, now)) {
            close_both(connection);
        }
        connection = newer;
    }
}

void tcp_forget(struct tcp *tcp)
{
    tcp->silent = true;
    while (tcp->oldest != NULL) {
        close_both(tcp->oldest);
    }
    tcp->silent = false;
}
