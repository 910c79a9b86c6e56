/* Chunks come from shelves, one for each size class, and go back there. */
#include "live/tcp_chunk.h"

static const size_t shelf_sizes[TCP_SHELVES] = {512, 4096, 66048, OUTBOX_OCTETS_MAX};

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

struct tcp_chunk *tcp_chunk_pack(struct tcp *tcp, const struct packet *packet, uint64_t flight)
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

void tcp_chunk_let_go(struct tcp_chunk *chunk)
{
    if (chunk->is_over && !chunk->is_busy) {
        chunk->next = chunk->tcp->free_chunks[chunk->shelf];
        chunk->tcp->free_chunks[chunk->shelf] = chunk;
    }
}
