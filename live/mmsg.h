/* Datagrams in batches: many a system call, which is most of what an answer costs. */
#ifndef FAULTZONE_LIVE_MMSG_H
#define FAULTZONE_LIVE_MMSG_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/machine.h"

#define MMSG_BATCH_MAX     64
#define MMSG_OCTETS_MAX    ((size_t)65536) /* of a datagram that is received */
#define MMSG_OUTBOX_OCTETS ((size_t)128 * 1024)

struct mmsg_slots {
    struct mmsghdr headers[MMSG_BATCH_MAX];
    struct iovec vectors[MMSG_BATCH_MAX];
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } peers[MMSG_BATCH_MAX];
    uint8_t *octets;
};

/* --- receiving --- */

struct mmsg_inbox {
    struct mmsg_slots slots;
};

struct datagram {
    struct endpoint from; /* real */
    struct bytes payload; /* until the next call on its inbox */
};

/* Prepares a zeroed inbox with memory of `arena`; false if exhausted. */
bool mmsg_inbox_init(struct mmsg_inbox *inbox, struct arena *arena);

/* Takes what has come to the socket, without waiting. How many; with MMSG_BATCH_MAX there may be
 * more. */
size_t mmsg_receive(struct mmsg_inbox *inbox, int descriptor);

/* The one at `index` of the last batch; false if it is cut, or from no internet address. */
bool mmsg_get(const struct mmsg_inbox *inbox, size_t index, struct datagram *ret);

/* --- sending --- */

/* One that waits to be sent. */
struct departure {
    int descriptor;
    struct packet packet; /* the payload lies in the outbox */
    uint64_t flight;
};

struct mmsg_outbox {
    struct mmsg_slots slots;
    struct departure waiting[MMSG_BATCH_MAX];
    size_t count, used;
    /* Called for each departure when the system took it, or did not. */
    void (*departed)(void *context, const struct departure *departure, bool was_taken);
    void *context;
};

/* Prepares an outbox that is zeroed but for `departed` and `context`; false if memory ran out. */
bool mmsg_outbox_init(struct mmsg_outbox *outbox, struct arena *arena);

/* Takes a copy of `departure`, to be sent to `real`; sends what is waiting first if there is no
 * room. */
void mmsg_put(struct mmsg_outbox *outbox, const struct departure *departure,
              const struct endpoint *real);

/* Sends all that is waiting. */
void mmsg_flush(struct mmsg_outbox *outbox);

/* Forgets what is waiting, without a word. */
void mmsg_forget(struct mmsg_outbox *outbox);

#endif
