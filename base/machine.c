#include "base/machine.h"

#include <assert.h>

void outbox_clear(struct outbox *outbox)
{
    outbox->count = 0;
    outbox->used = 0;
    outbox->dropped = 0;
}

uint8_t *outbox_room(struct outbox *outbox, size_t least, size_t *ret_size)
{
    const size_t room = OUTBOX_OCTETS_MAX - outbox->used;
    if (room < least) {
        return NULL;
    }
    if (ret_size != NULL) {
        *ret_size = room;
    }
    return outbox->octets + outbox->used;
}

static bool put(struct outbox *outbox, struct packet packet)
{
    if (outbox->count == OUTBOX_PACKETS_MAX) {
        outbox->dropped++;
        return false;
    }
    outbox->packets[outbox->count++] = packet;
    return true;
}

bool outbox_send(struct outbox *outbox, const struct endpoint *from, const struct endpoint *to,
                 enum transport transport, size_t size)
{
    assert(size <= OUTBOX_OCTETS_MAX - outbox->used);
    const struct packet packet = {.from = *from,
                                  .to = *to,
                                  .transport = transport,
                                  .kind = PACKET_DATA,
                                  .payload = bytes_of(outbox->octets + outbox->used, size)};
    if (!put(outbox, packet)) {
        return false;
    }
    outbox->used += size;
    return true;
}

bool outbox_send_copy(struct outbox *outbox, const struct endpoint *from, const struct endpoint *to,
                      enum transport transport, struct bytes payload)
{
    uint8_t *room = outbox_room(outbox, payload.size, NULL);
    if (room == NULL) {
        outbox->dropped++;
        return false;
    }
    if (payload.size > 0) {
        memcpy(room, payload.data, payload.size);
    }
    return outbox_send(outbox, from, to, transport, payload.size);
}

bool outbox_end(struct outbox *outbox, const struct endpoint *from, const struct endpoint *to,
                enum packet_kind kind)
{
    assert(kind == PACKET_CLOSE || kind == PACKET_RESET);
    return put(outbox,
               (struct packet){.from = *from, .to = *to, .transport = TRANSPORT_TCP, .kind = kind});
}

bool outbox_end_by(struct outbox *outbox, const struct endpoint *from, const struct endpoint *to,
                   enum transport transport, enum packet_kind kind)
{
    assert(kind == PACKET_CLOSE || kind == PACKET_RESET);
    return put(outbox,
               (struct packet){.from = *from, .to = *to, .transport = transport, .kind = kind});
}
