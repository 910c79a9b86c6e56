/* See the header. A socket is found by the machine's port; the oldest makes room for a new one. */
#include "live/outward.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "live/sockaddr.h"

#define SOCKETS_MAX        512
#define PENDING_OCTETS_MAX 1024 /* written before a connection stands */
#define RECEIVED_MAX       65535
#define POLL_MS_MAX        1000

/* A UDP socket, or a connection. */
struct passage {
    int descriptor; /* -1: free */
    enum transport transport;
    struct endpoint local; /* as the machine says it */
    struct endpoint peer;  /* of a connection; of UDP the last one written to */
    bool connecting;
    bool refused; /* to be told to the machine */
    uint8_t pending[PENDING_OCTETS_MAX];
    size_t pending_size;
    uint64_t age;
};

struct outward {
    struct passage passages[SOCKETS_MAX];
    struct outbox outbox;
    uint64_t opened;
    bool any; /* a socket was ever given */
    struct timespec started;
    uint8_t octets[RECEIVED_MAX];
};

static struct timespec clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now;
}

struct outward *outward_new(struct arena *arena)
{
    struct outward *outward = ARENA_NEW(arena, struct outward);
    if (outward == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        outward->passages[i].descriptor = -1;
    }
    outward->started = clock_now();
    return outward;
}

instant_ns outward_now(const struct outward *outward)
{
    const struct timespec now = clock_now();
    const int64_t seconds = (int64_t)now.tv_sec - (int64_t)outward->started.tv_sec;
    return (instant_ns)(seconds * (int64_t)NS_PER_S + now.tv_nsec - outward->started.tv_nsec);
}

bool outward_reaches(uint8_t family)
{
    static const uint8_t root_v4[] = {198, 41, 0, 4};
    static const uint8_t root_v6[] = {0x20, 1, 5, 3, 0xba, 0x3e, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x30};
    const struct endpoint root = {family == ADDRESS_V4 ? address_v4(root_v4) : address_v6(root_v6),
                                  53};
    struct sockaddr_storage address;
    sockaddr_put(&root, &address);
    const int descriptor = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool reaches = descriptor >= 0 && connect(descriptor, (const struct sockaddr *)&address,
                                                    sizeof address) == 0;
    if (descriptor >= 0) {
        close(descriptor);
    }
    return reaches;
}

/* --- sockets --- */

static void shut(struct passage *passage)
{
    if (passage->descriptor >= 0) {
        close(passage->descriptor);
    }
    passage->descriptor = -1;
    passage->refused = false;
}

static struct passage *find_passage(struct outward *outward, const struct packet *packet)
{
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        struct passage *passage = &outward->passages[i];
        if ((passage->descriptor >= 0 || passage->refused) &&
            passage->transport == packet->transport &&
            endpoint_equal(&passage->local, &packet->from) &&
            (packet->transport == TRANSPORT_UDP || endpoint_equal(&passage->peer, &packet->to))) {
            return passage;
        }
    }
    return NULL;
}

/* A free passage, or the oldest. */
static struct passage *take_passage(struct outward *outward)
{
    struct passage *oldest = &outward->passages[0];
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        struct passage *passage = &outward->passages[i];
        if (passage->descriptor < 0 && !passage->refused) {
            return passage;
        }
        oldest = passage->age < oldest->age ? passage : oldest;
    }
    shut(oldest);
    return oldest;
}

static void bind_local(int descriptor, const struct endpoint *local)
{
    struct sockaddr_storage address;
    sockaddr_put(local, &address);
    /* where the port is taken, the system chooses one */
    (void)!bind(descriptor, (const struct sockaddr *)&address, sizeof address);
}

static struct passage *open_passage(struct outward *outward, const struct packet *packet)
{
    const bool udp = packet->transport == TRANSPORT_UDP;
    const int family = packet->to.address.family == ADDRESS_V6 ? AF_INET6 : AF_INET;
    const int type = (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
    struct passage *passage = take_passage(outward);
    const int on = 1;
    *passage = (struct passage){.descriptor = socket(family, type, 0),
                                .transport = packet->transport,
                                .local = packet->from,
                                .peer = packet->to,
                                .connecting = !udp,
                                .age = ++outward->opened};
    if (passage->descriptor < 0) {
        passage->refused = true;
        return passage;
    }
    outward->any = true;
    if (udp) {
        bind_local(passage->descriptor, &packet->from);
        setsockopt(passage->descriptor, family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP,
                   family == AF_INET6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
        return passage;
    }
    struct sockaddr_storage address;
    sockaddr_put(&packet->to, &address);
    if (connect(passage->descriptor, (const struct sockaddr *)&address, sizeof address) != 0 &&
        errno != EINPROGRESS) {
        shut(passage);
        passage->refused = true;
    }
    return passage;
}

/* --- out --- */

static void send_datagram(struct passage *passage, const struct packet *packet)
{
    struct sockaddr_storage address;
    sockaddr_put(&packet->to, &address);
    passage->peer = packet->to;
    if (sendto(passage->descriptor, packet->payload.data, packet->payload.size, MSG_NOSIGNAL,
               (const struct sockaddr *)&address, sizeof address) < 0 &&
        errno != EAGAIN) {
        passage->refused = true;
    }
}

static void flush(struct passage *passage)
{
    const ssize_t sent =
        send(passage->descriptor, passage->pending, passage->pending_size, MSG_NOSIGNAL);
    if (sent > 0) {
        passage->pending_size -= (size_t)sent;
        memmove(passage->pending, passage->pending + sent, passage->pending_size);
    } else if (sent < 0 && errno != EAGAIN) {
        shut(passage);
        passage->refused = true;
    }
}

static void send_stream(struct passage *passage, const struct packet *packet)
{
    const size_t room = PENDING_OCTETS_MAX - passage->pending_size;
    if (packet->payload.size > room) {
        shut(passage);
        passage->refused = true;
        return;
    }
    memcpy(passage->pending + passage->pending_size, packet->payload.data, packet->payload.size);
    passage->pending_size += packet->payload.size;
    if (!passage->connecting) {
        flush(passage);
    }
}

static void send_packet(struct outward *outward, const struct packet *packet)
{
    struct passage *passage = find_passage(outward, packet);
    if (packet->kind != PACKET_DATA) {
        if (passage != NULL) {
            shut(passage);
        }
        return;
    }
    if (passage == NULL) {
        passage = open_passage(outward, packet);
    }
    if (passage->descriptor < 0) {
        return;
    }
    if (packet->transport == TRANSPORT_UDP) {
        send_datagram(passage, packet);
    } else {
        send_stream(passage, packet);
    }
}

static void step(struct outward *outward, struct machine *machine, const struct event *event)
{
    outbox_clear(&outward->outbox);
    machine_step(machine, event, &outward->outbox);
    for (size_t i = 0; i < outward->outbox.count; i++) {
        send_packet(outward, &outward->outbox.packets[i]);
    }
}

/* --- in --- */

static void tell(struct outward *outward, struct machine *machine, const struct passage *passage,
                 const struct endpoint *from, enum packet_kind kind, size_t size)
{
    const struct event event = {.kind = EVENT_PACKET,
                                .now = outward_now(outward),
                                .packet = {.from = *from,
                                           .to = passage->local,
                                           .transport = passage->transport,
                                           .kind = kind,
                                           .payload = bytes_of(outward->octets, size)}};
    step(outward, machine, &event);
}

static void tell_refusal(struct outward *outward, struct machine *machine, struct passage *passage)
{
    const struct passage told = *passage;
    shut(passage);
    tell(outward, machine, &told, &told.peer, PACKET_RESET, 0);
}

static void hear_datagram(struct outward *outward, struct machine *machine, struct passage *passage)
{
    struct sockaddr_storage address;
    struct endpoint from;
    socklen_t length = sizeof address;
    const ssize_t size = recvfrom(passage->descriptor, outward->octets, sizeof outward->octets, 0,
                                  (struct sockaddr *)&address, &length);
    if (size >= 0 && sockaddr_get((const struct sockaddr *)&address, &from)) {
        tell(outward, machine, passage, &from, PACKET_DATA, (size_t)size);
    } else if (size < 0 && errno != EAGAIN) {
        tell_refusal(outward, machine, passage);
    }
}

static void hear_stream(struct outward *outward, struct machine *machine, struct passage *passage)
{
    const ssize_t size = recv(passage->descriptor, outward->octets, sizeof outward->octets, 0);
    if (size > 0) {
        const struct endpoint peer = passage->peer;
        tell(outward, machine, passage, &peer, PACKET_DATA, (size_t)size);
    } else if (size == 0) {
        const struct passage told = *passage;
        shut(passage);
        tell(outward, machine, &told, &told.peer, PACKET_CLOSE, 0);
    } else if (errno != EAGAIN) {
        tell_refusal(outward, machine, passage);
    }
}

static void hear(struct outward *outward, struct machine *machine, struct passage *passage,
                 short happened)
{
    if (passage->transport == TRANSPORT_UDP) {
        hear_datagram(outward, machine, passage);
        return;
    }
    int error = 0;
    socklen_t length = sizeof error;
    if (passage->connecting && (happened & (POLLOUT | POLLERR | POLLHUP)) != 0) {
        getsockopt(passage->descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
        passage->connecting = false;
    }
    if (error != 0) {
        tell_refusal(outward, machine, passage);
    } else if ((happened & POLLOUT) != 0 && passage->pending_size > 0) {
        flush(passage);
    } else if ((happened & (POLLIN | POLLERR | POLLHUP)) != 0) {
        hear_stream(outward, machine, passage);
    }
}

/* --- the loop --- */

static int wait_ms(const struct outward *outward, const struct machine *machine)
{
    const instant_ns deadline = machine_deadline(machine);
    const instant_ns now = outward_now(outward);
    if (deadline <= now) {
        return 0;
    }
    const uint64_t left = (deadline - now) / NS_PER_MS + 1;
    return left < POLL_MS_MAX ? (int)left : POLL_MS_MAX;
}

static void tell_refusals(struct outward *outward, struct machine *machine)
{
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        if (outward->passages[i].refused) {
            tell_refusal(outward, machine, &outward->passages[i]);
        }
    }
}

static void wait_and_hear(struct outward *outward, struct machine *machine)
{
    struct pollfd polled[SOCKETS_MAX];
    struct passage *open[SOCKETS_MAX];
    nfds_t count = 0;
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        struct passage *passage = &outward->passages[i];
        const bool writes = passage->connecting || passage->pending_size > 0;
        if (passage->descriptor >= 0) {
            open[count] = passage;
            polled[count++] = (struct pollfd){.fd = passage->descriptor,
                                              .events = (short)(POLLIN | (writes ? POLLOUT : 0))};
        }
    }
    if (poll(polled, count, wait_ms(outward, machine)) <= 0) {
        return;
    }
    for (nfds_t i = 0; i < count; i++) {
        if (polled[i].revents != 0 && open[i]->descriptor == polled[i].fd) {
            hear(outward, machine, open[i], polled[i].revents);
        }
    }
}

bool outward_run(struct outward *outward, struct machine *machine, bool (*done)(void *context),
                 void *context)
{
    while (!done(context) && machine_deadline(machine) != NEVER) {
        const instant_ns now = outward_now(outward);
        if (machine_deadline(machine) <= now) {
            step(outward, machine, &(struct event){.kind = EVENT_WAKE, .now = now});
        }
        tell_refusals(outward, machine);
        wait_and_hear(outward, machine);
    }
    return outward->any || done(context);
}

void outward_close(struct outward *outward)
{
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        shut(&outward->passages[i]);
    }
}
