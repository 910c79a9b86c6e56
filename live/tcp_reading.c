/* What comes out of a connection: between seats the chunks that were put into it, from outsiders
 * whatever they send. */
#include "live/tcp_connection.h"

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
            tcp_connection_hand_over(connection, sender);
        }
    }
    if (!connection->is_retired) {
        tcp_connection_pump(connection, sender); /* a reset may have waited for this */
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
        tcp_connection_hand_over(connection, sender);
    } else {
        tcp_connection_lose(connection, sender);
    }
    if (!connection->is_retired) {
        tcp_connection_pump(connection, sender); /* a reset may have waited for this */
    }
    if (kind == PACKET_RESET) {
        tcp_end_close(end, false);
    } else {
        tcp_end_close_if_finished(end);
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

void tcp_end_drop_outsider(struct tcp_end *end)
{
    tcp_end_close(end, true); /* first, or what the machine answers would come back here */
    arrive_from_outside(end->connection, PACKET_RESET, bytes_of(NULL, 0));
}

void tcp_end_dismiss_outsider(struct tcp_end *end)
{
    tcp_end_close(end, false);
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
        tcp_end_drop_outsider(end);
        return;
    }
    arrive_from_outside(end->connection, PACKET_CLOSE, bytes_of(NULL, 0));
    if (!end->closing) {
        tcp_end_close_if_finished(end);
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

void tcp_end_start_reading(struct tcp_end *end)
{
    uv_tcp_nodelay(&end->handle, 1);
    if (uv_read_start((uv_stream_t *)&end->handle, offer_buffer, read_some) != 0) {
        tcp_end_close(end, true);
    }
}
