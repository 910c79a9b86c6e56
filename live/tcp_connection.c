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
#include "live/tcp_connection.h"

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

struct tcp_connection *tcp_connection_find(struct tcp *tcp, const struct endpoint *from,
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

struct tcp_connection *tcp_connection_new(struct tcp *tcp, const struct endpoint *opener,
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

/* --- ways --- */

void tcp_connection_append(struct tcp_connection *connection, enum stream_side side,
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

void tcp_connection_hand_over(struct tcp_connection *connection, enum stream_side side)
{
    const struct arrivals *arrivals = connection->tcp->arrivals;
    struct tcp_chunk *chunk = shift(connection, side);
    const struct packet packet = packet_of(connection, side, chunk);
    arrivals->arrived(arrivals->context, &packet, chunk->flight);
    tcp_chunk_let_go(chunk);
}

void tcp_connection_lose(struct tcp_connection *connection, enum stream_side side)
{
    const struct arrivals *arrivals = connection->tcp->arrivals;
    while (connection->ways[side].first != NULL) {
        struct tcp_chunk *chunk = shift(connection, side);
        const struct packet packet = packet_of(connection, side, chunk);
        if (!connection->tcp->silent) {
            arrivals->lost(arrivals->context, &packet, chunk->flight, LOST_BY_SYSTEM);
        }
        tcp_chunk_let_go(chunk);
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
    tcp_connection_lose(connection, STREAM_OPENER);
    tcp_connection_lose(connection, STREAM_ACCEPTER);
    if (connection->is_outside && !connection->tcp->silent) {
        arrivals->ended(arrivals->context, &connection->stream.ends[STREAM_OPENER],
                        &connection->stream.ends[STREAM_ACCEPTER]);
    }
}

void tcp_end_close(struct tcp_end *end, bool with_reset)
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

void tcp_connection_close(struct tcp_connection *connection)
{
    struct tcp_end *ends[STREAM_SIDES] = {connection->ends[0], connection->ends[1]};
    for (int side = 0; side < STREAM_SIDES; side++) {
        if (ends[side] != NULL) {
            tcp_end_close(ends[side], false);
        }
    }
}

void tcp_end_close_if_finished(struct tcp_end *end)
{
    if (end->shut && end->got_end) {
        tcp_end_close(end, false);
    }
}

struct tcp_end *tcp_end_new(struct tcp *tcp)
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

void tcp_connection_attach(struct tcp_connection *connection, struct tcp_end *end,
                           enum stream_side side)
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
    tcp_chunk_let_go(chunk);
}

bool tcp_end_write(struct tcp_end *end, struct tcp_chunk *chunk)
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
        tcp_end_close_if_finished(end);
    }
}

bool tcp_end_shut_down(struct tcp_end *end)
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
    tcp_connection_lose(connection, 1 - side);
    if (!is_heard) {
        tcp_connection_hand_over(connection, side); /* there is no socket left to carry it */
    }
    if (end != NULL) {
        tcp_end_close(end, true);
    }
}

/* Puts one chunk into the socket; false if the system will not. */
static bool put(struct tcp_end *end, struct tcp_chunk *chunk)
{
    chunk->is_put = true;
    return chunk->kind == PACKET_DATA ? tcp_end_write(end, chunk) : tcp_end_shut_down(end);
}

void tcp_connection_pump(struct tcp_connection *connection, enum stream_side side)
{
    struct tcp_way *way = &connection->ways[side];
    struct tcp_chunk *chunk = connection->is_connected ? way->first : NULL;
    while (chunk != NULL && chunk->is_put) {
        chunk = chunk->next;
    }
    for (; chunk != NULL && chunk->kind != PACKET_RESET; chunk = chunk->next) {
        if (connection->ends[side] == NULL || !put(connection->ends[side], chunk)) {
            tcp_connection_close(connection);
            return;
        }
    }
    if (chunk != NULL && chunk == way->first) {
        put_reset(connection, side);
    }
}
