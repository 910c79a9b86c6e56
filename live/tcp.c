/* Who listens, who connects, and what becomes of a packet that is to be carried. A connection's own
 * life is told in tcp_connection.c. */
#include "live/tcp.h"

#include "live/sockaddr.h"
#include "live/spare.h"
#include "live/tcp_connection.h"

enum { LISTEN_BACKLOG = 128 };

struct tcp_listener {
    struct atlas_entry entry; /* first */
    uv_tcp_t handle;
    struct tcp *tcp;
    bool is_on_demand;
    struct tcp_listener *next_waiting; /* see tcp.h */
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

/* --- accepting --- */

/* As for datagrams: what is published is reached there and nowhere else. */
static bool hears_outsiders(const struct tcp_listener *listener)
{
    const struct tcp *tcp = listener->tcp;
    if (tcp->is_sealed) {
        return !listener->is_on_demand;
    }
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

/* The outsider who owes no rest of a question, is owed no answer, and has been silent for the
 * longest; NULL if all are busy. */
static struct tcp_connection *find_idle_outsider(const struct tcp *tcp)
{
    struct tcp_connection *idle = NULL;
    for (struct tcp_connection *at = tcp->oldest; at != NULL; at = at->newer) {
        if (at->is_outside && at->message_since == 0 && !at->owes_answer &&
            at->ends[STREAM_ACCEPTER] != NULL && (idle == NULL || at->touched < idle->touched)) {
            idle = at;
        }
    }
    return idle;
}

/* Room for one more outsider: who is idle gives way. */
static bool make_room_outside(struct tcp *tcp)
{
    struct tcp_connection *idle = tcp->outside < TCP_OUTSIDE_MAX ? NULL : find_idle_outsider(tcp);
    if (idle != NULL) {
        tcp_end_dismiss_outsider(idle->ends[STREAM_ACCEPTER]);
    }
    return tcp->outside < TCP_OUTSIDE_MAX;
}

bool tcp_keep_spare(struct tcp *tcp)
{
    struct tcp_connection *idle = spare_is_there(tcp->loop) ? NULL : find_idle_outsider(tcp);
    if (idle != NULL) {
        tcp_end_dismiss_outsider(idle->ends[STREAM_ACCEPTER]);
    }
    return spare_keep(tcp->loop);
}

/* Whom the accepted end belongs to; NULL if it is welcome nowhere. */
static struct tcp_connection *claim(const struct tcp_listener *listener,
                                    const struct endpoint *opener)
{
    struct tcp *tcp = listener->tcp;
    struct tcp_connection *connection = find_opened(tcp, opener);
    if (connection == NULL && hears_outsiders(listener) &&
        (tcp->is_sealed || acl_allows(tcp->allowed, &opener->address)) && make_room_outside(tcp)) {
        connection = tcp_connection_new(tcp, opener, &listener->entry.simulated, true);
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

static void accept_into(struct tcp_listener *listener, struct tcp_end *end)
{
    uv_stream_t *stream = (uv_stream_t *)&listener->handle;
    struct endpoint opener;
    struct tcp_connection *connection = NULL;
    if (uv_accept(stream, (uv_stream_t *)&end->handle) == 0 && tcp_keep_spare(listener->tcp) &&
        get_peer(&end->handle, &opener)) {
        connection = claim(listener, &opener);
    }
    if (connection == NULL) {
        tcp_end_close(end, true);
        spare_keep(listener->tcp->loop);
        return;
    }
    tcp_connection_attach(connection, end, STREAM_ACCEPTER);
    if (connection->is_outside) {
        const struct arrivals *arrivals = listener->tcp->arrivals;
        connection->is_connected = true;
        arrivals->opened(arrivals->context, &connection->stream.ends[STREAM_OPENER],
                         &connection->stream.ends[STREAM_ACCEPTER]);
    }
    tcp_end_start_reading(end);
}

/* libuv is silent about a listener until whom it told of is accepted. */
static void accepted(uv_stream_t *stream, int status)
{
    struct tcp_listener *listener = stream->data;
    struct tcp *tcp = listener->tcp;
    if (status != 0) {
        tcp_keep_spare(tcp); /* or libuv would ask for ever */
        return;
    }
    struct tcp_end *end = tcp_end_new(tcp);
    if (end != NULL) {
        accept_into(listener, end);
    } else {
        listener->next_waiting = tcp->waiting;
        tcp->waiting = listener;
    }
}

/* Perhaps there is memory for them now. */
static void accept_waiting(struct tcp *tcp)
{
    struct tcp_listener *listener = tcp->waiting;
    tcp->waiting = NULL;
    while (listener != NULL) {
        struct tcp_listener *next = listener->next_waiting;
        accepted((uv_stream_t *)&listener->handle, 0);
        listener = next;
    }
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
        tcp_connection_close(end->connection);
        return;
    }
    end->connection->is_connected = true;
    tcp_end_start_reading(end);
    if (!end->closing) {
        tcp_connection_pump(end->connection, STREAM_OPENER);
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
            tcp_connection_close(connection);
        }
        connection = newer;
    }
    return tcp->inside < TCP_INSIDE_MAX;
}

static struct tcp_connection *open_connection(struct tcp *tcp, const struct endpoint *opener,
                                              const struct endpoint *accepter)
{
    const struct tcp_listener *listener = listener_of(tcp, accepter);
    struct tcp_end *end = listener != NULL && make_room(tcp) ? tcp_end_new(tcp) : NULL;
    if (end == NULL) {
        return NULL;
    }
    struct tcp_connection *connection = tcp_connection_new(tcp, opener, accepter, false);
    if (connection == NULL) {
        tcp_end_close(end, false);
        return NULL;
    }
    tcp_connection_attach(connection, end, STREAM_OPENER);
    const struct endpoint own = {.address = listener->entry.real.address};
    if (!start_connecting(end, &own, &listener->entry.real)) {
        tcp_end_close(end, false);
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
    struct tcp_connection *connection = tcp_connection_find(tcp, &packet->from, &packet->to, &side);
    if (connection == NULL && packet->kind == PACKET_DATA && by_opener) {
        connection = open_connection(tcp, &packet->from, &packet->to);
    }
    struct tcp_chunk *chunk = NULL;
    if (connection != NULL && connection->ends[side] != NULL) {
        chunk = tcp_chunk_pack(tcp, packet, flight);
    }
    if (chunk == NULL) {
        carry_without(tcp, packet, flight);
        return;
    }
    tcp_connection_append(connection, side, chunk);
    tcp_connection_pump(connection, side);
}

static bool write_outside(struct tcp_end *end, const struct packet *packet)
{
    if (uv_stream_get_write_queue_size((uv_stream_t *)&end->handle) + packet->payload.size >
        TCP_BACKLOG_MAX) {
        return false;
    }
    struct tcp_chunk *chunk = tcp_chunk_pack(end->tcp, packet, 0);
    if (chunk == NULL) {
        return false;
    }
    chunk->is_over = true;
    if (!tcp_end_write(end, chunk)) {
        tcp_chunk_let_go(chunk);
        return false;
    }
    return true;
}

bool tcp_has_outsider(struct tcp *tcp, const struct endpoint *from, const struct endpoint *to)
{
    enum stream_side side;
    const struct tcp_connection *connection = tcp_connection_find(tcp, from, to, &side);
    return connection != NULL && connection->is_outside && side == STREAM_ACCEPTER;
}

bool tcp_send_outside(struct tcp *tcp, const struct packet *packet)
{
    enum stream_side side;
    struct tcp_connection *connection = tcp_connection_find(tcp, &packet->from, &packet->to, &side);
    if (connection == NULL || !connection->is_outside || side != STREAM_ACCEPTER ||
        connection->ends[side] == NULL) {
        return false;
    }
    struct tcp_end *end = connection->ends[side];
    connection->touched = uv_hrtime();
    connection->owes_answer = false;
    if (packet->kind == PACKET_RESET) {
        tcp_end_close(end, true);
        return true;
    }
    if (packet->kind == PACKET_CLOSE ? tcp_end_shut_down(end) : write_outside(end, packet)) {
        return true;
    }
    tcp_end_drop_outsider(end);
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
    accept_waiting(tcp);
    while (connection != NULL) {
        struct tcp_connection *newer = connection->newer;
        struct tcp_end *accepter = connection->ends[STREAM_ACCEPTER];
        if (connection->is_outside && accepter != NULL && is_too_slow(connection, now)) {
            tcp_end_drop_outsider(accepter);
        } else if (is_stuck(connection, now)) {
            tcp_connection_close(connection);
        }
        connection = newer;
    }
}

void tcp_forget(struct tcp *tcp)
{
    tcp->silent = true;
    while (tcp->oldest != NULL) {
        tcp_connection_close(tcp->oldest);
    }
    tcp->silent = false;
}
