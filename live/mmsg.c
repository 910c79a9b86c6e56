/* The two calls of Linux. What the system will not send is lost: it is the network's business to
 * lose datagrams, and nobody waits here. */
#include "live/mmsg.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "live/sockaddr.h"

/* Datagrams do not all begin at the same place of a page, or they would share few places of the
 * processor's cache. */
#define INBOX_STRIDE (MMSG_OCTETS_MAX + 192)

static bool init(struct mmsg_slots *slots, struct arena *arena, size_t octets)
{
    for (size_t i = 0; i < MMSG_BATCH_MAX; i++) {
        slots->headers[i].msg_hdr = (struct msghdr){
            .msg_name = &slots->peers[i], .msg_iov = &slots->vectors[i], .msg_iovlen = 1};
    }
    slots->octets = arena_alloc(arena, octets);
    return slots->octets != NULL;
}

/* --- receiving --- */

bool mmsg_inbox_init(struct mmsg_inbox *inbox, struct arena *arena)
{
    if (!init(&inbox->slots, arena, MMSG_BATCH_MAX * INBOX_STRIDE)) {
        return false;
    }
    for (size_t i = 0; i < MMSG_BATCH_MAX; i++) {
        inbox->slots.vectors[i] = (struct iovec){.iov_base = inbox->slots.octets + i * INBOX_STRIDE,
                                                 .iov_len = MMSG_OCTETS_MAX};
    }
    return true;
}

size_t mmsg_receive(struct mmsg_inbox *inbox, int descriptor)
{
    struct mmsg_slots *slots = &inbox->slots;
    for (size_t i = 0; i < MMSG_BATCH_MAX; i++) {
        slots->headers[i].msg_hdr.msg_namelen = sizeof slots->peers[i];
    }
    int count;
    do {
        count = recvmmsg(descriptor, slots->headers, MMSG_BATCH_MAX, MSG_DONTWAIT, NULL);
    } while (count < 0 && errno == EINTR);
    return count > 0 ? (size_t)count : 0;
}

bool mmsg_get(const struct mmsg_inbox *inbox, size_t index, struct datagram *ret)
{
    const struct mmsg_slots *slots = &inbox->slots;
    const struct mmsghdr *header = &slots->headers[index];
    ret->payload = bytes_of(slots->vectors[index].iov_base, header->msg_len);
    return (header->msg_hdr.msg_flags & MSG_TRUNC) == 0 &&
           header->msg_hdr.msg_namelen >= sizeof(struct sockaddr_in) &&
           sockaddr_get(&slots->peers[index].any, &ret->from);
}

/* --- sending --- */

bool mmsg_outbox_init(struct mmsg_outbox *outbox, struct arena *arena)
{
    return init(&outbox->slots, arena, MMSG_OUTBOX_OCTETS);
}

static void put_peer(struct mmsg_slots *slots, size_t index, const struct endpoint *real)
{
    struct sockaddr_storage address;
    const bool is_v6 = real->address.family == ADDRESS_V6;
    const socklen_t size = is_v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    sockaddr_put(real, &address);
    memcpy(&slots->peers[index], &address, size);
    slots->headers[index].msg_hdr.msg_namelen = size;
}

void mmsg_put(struct mmsg_outbox *outbox, const struct departure *departure,
              const struct endpoint *real)
{
    const struct bytes payload = departure->packet.payload;
    assert(payload.size <= MMSG_OUTBOX_OCTETS);
    if (outbox->count == MMSG_BATCH_MAX || payload.size > MMSG_OUTBOX_OCTETS - outbox->used) {
        mmsg_flush(outbox);
    }
    struct mmsg_slots *slots = &outbox->slots;
    const size_t index = outbox->count++;
    uint8_t *octets = slots->octets + outbox->used;
    if (payload.size > 0) {
        memcpy(octets, payload.data, payload.size);
    }
    outbox->used += payload.size;
    outbox->waiting[index] = *departure;
    outbox->waiting[index].packet.payload.data = octets;
    slots->vectors[index] = (struct iovec){.iov_base = octets, .iov_len = payload.size};
    put_peer(slots, index, real);
}

/* Sends from `first` on what the same socket sends; returns how many are done with. */
static size_t send_run(struct mmsg_outbox *outbox, size_t first)
{
    const int descriptor = outbox->waiting[first].descriptor;
    size_t end = first + 1;
    while (end < outbox->count && outbox->waiting[end].descriptor == descriptor) {
        end++;
    }
    int taken;
    do {
        taken = sendmmsg(descriptor, outbox->slots.headers + first, (unsigned)(end - first),
                         MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (taken < 0 && errno == EINTR);
    for (int i = 0; i < taken; i++) {
        outbox->departed(outbox->context, &outbox->waiting[first + (size_t)i], true);
    }
    if (taken <= 0) {
        outbox->departed(outbox->context, &outbox->waiting[first], false);
        return 1;
    }
    return (size_t)taken;
}

void mmsg_flush(struct mmsg_outbox *outbox)
{
    size_t done = 0;
    while (done < outbox->count) {
        done += send_run(outbox, done);
    }
    mmsg_forget(outbox);
}

void mmsg_forget(struct mmsg_outbox *outbox)
{
    outbox->count = 0;
    outbox->used = 0;
}
