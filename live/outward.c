/* See the header. Sockets are found by the machine's port, and used in a ring: the oldest makes
 * room for a new one. There are many, so that the answer to a question of a while ago still finds
 * its own though thousands are asked in a second. */
#include "live/outward.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "live/sockaddr.h"

#define SOCKETS_MAX        4096 /* a power of two */
#define SOCKETS_SPARE      64   /* descriptors left to others */
#define HEARD_MAX          256  /* sockets with something to hear, at once */
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
    struct passage *next; /* of those whose port has the same place */
};

struct outward {
    struct passage passages[SOCKETS_MAX];
    struct passage *by_port[SOCKETS_MAX];
    size_t count, at; /* of the ring: how many may be open, and who is next */
    size_t refused;   /* passages whose refusal is to be told */
    int poller;
    struct outbox outbox;
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

/* How many sockets the system allows, asked for more if it grants only a few. */
static size_t allowed_sockets(void)
{
    struct rlimit limit;
    const rlim_t wanted = SOCKETS_MAX + SOCKETS_SPARE;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return SOCKETS_SPARE;
    }
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        (void)!setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur <= 2 * SOCKETS_SPARE) {
        return SOCKETS_SPARE;
    }
    return limit.rlim_cur < wanted ? (size_t)limit.rlim_cur - SOCKETS_SPARE : SOCKETS_MAX;
}

struct outward *outward_new(struct arena *arena)
{
    struct outward *outward = ARENA_NEW(arena, struct outward);
    const int poller = outward == NULL ? -1 : epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0) {
        return NULL;
    }
    outward->poller = poller;
    outward->count = allowed_sockets();
    for (size_t i = 0; i < outward->count; i++) {
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

static struct passage **place_of(struct outward *outward, uint16_t port)
{
    return &outward->by_port[port % SOCKETS_MAX];
}

static bool is_used(const struct passage *passage)
{
    return passage->descriptor >= 0 || passage->refused;
}

/* Takes a passage out of use. */
static void drop(struct outward *outward, struct passage *passage)
{
    struct passage **link = place_of(outward, passage->local.port);
    while (*link != passage) {
        link = &(*link)->next;
    }
    *link = passage->next;
    if (passage->descriptor >= 0) {
        close(passage->descriptor);
    }
    outward->refused -= passage->refused;
    passage->descriptor = -1;
    passage->refused = false;
}

/* Nothing comes of it any more: that is to be told to the machine. */
static void refuse(struct outward *outward, struct passage *passage)
{
    outward->refused += !passage->refused;
    passage->refused = true;
}

static struct passage *find_passage(struct outward *outward, const struct packet *packet)
{
    struct passage *passage = *place_of(outward, packet->from.port);
    while (passage != NULL &&
           (passage->transport != packet->transport ||
            !endpoint_equal(&passage->local, &packet->from) ||
            (packet->transport == TRANSPORT_TCP && !endpoint_equal(&passage->peer, &packet->to)))) {
        passage = passage->next;
    }
    return passage;
}

/* The next of the ring, for a packet's way. */
static struct passage *take_passage(struct outward *outward, const struct packet *packet)
{
    struct passage *passage = &outward->passages[outward->at];
    outward->at = (outward->at + 1) % outward->count;
    if (is_used(passage)) {
        drop(outward, passage);
    }
    struct passage **place = place_of(outward, packet->from.port);
    *passage = (struct passage){.descriptor = -1,
                                .transport = packet->transport,
                                .local = packet->from,
                                .peer = packet->to,
                                .connecting = packet->transport == TRANSPORT_TCP,
                                .next = *place};
    *place = passage;
    return passage;
}

/* Has the system tell what happens to a passage; of one that has something to write, also when it
 * can. */
static void watch(const struct outward *outward, struct passage *passage, int operation)
{
    const bool writes = passage->connecting || passage->pending_size > 0;
    struct epoll_event event = {.events = EPOLLIN | (writes ? (uint32_t)EPOLLOUT : 0U),
                                .data.ptr = passage};
    (void)!epoll_ctl(outward->poller, operation, passage->descriptor, &event);
}

static void bind_local(int descriptor, const struct endpoint *local)
{
    struct sockaddr_storage address;
    sockaddr_put(local, &address);
    /* where the port is taken, the system chooses one */
    (void)!bind(descriptor, (const struct sockaddr *)&address, sizeof address);
}

static void connect_to(struct outward *outward, struct passage *passage)
{
    struct sockaddr_storage address;
    sockaddr_put(&passage->peer, &address);
    if (connect(passage->descriptor, (const struct sockaddr *)&address, sizeof address) != 0 &&
        errno != EINPROGRESS) {
        refuse(outward, passage);
    }
}

static void bind_datagrams(const struct passage *passage, int family)
{
    const int on = 1;
    bind_local(passage->descriptor, &passage->local);
    setsockopt(passage->descriptor, family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP,
               family == AF_INET6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
}

static struct passage *open_passage(struct outward *outward, const struct packet *packet)
{
    const bool udp = packet->transport == TRANSPORT_UDP;
    const int family = packet->to.address.family == ADDRESS_V6 ? AF_INET6 : AF_INET;
    const int type = (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
    struct passage *passage = take_passage(outward, packet);
    passage->descriptor = socket(family, type, 0);
    if (passage->descriptor < 0) {
        refuse(outward, passage);
        return passage;
    }
    outward->any = true;
    if (udp) {
        bind_datagrams(passage, family);
    } else {
        connect_to(outward, passage);
    }
    watch(outward, passage, EPOLL_CTL_ADD);
    return passage;
}

/* --- out --- */

static void send_datagram(struct outward *outward, struct passage *passage,
                          const struct packet *packet)
{
    struct sockaddr_storage address;
    sockaddr_put(&packet->to, &address);
    passage->peer = packet->to;
    if (sendto(passage->descriptor, packet->payload.data, packet->payload.size, MSG_NOSIGNAL,
               (const struct sockaddr *)&address, sizeof address) < 0 &&
        errno != EAGAIN) {
        refuse(outward, passage);
    }
}

static void flush(struct outward *outward, struct passage *passage)
{
    const ssize_t sent =
        send(passage->descriptor, passage->pending, passage->pending_size, MSG_NOSIGNAL);
    if (sent > 0) {
        passage->pending_size -= (size_t)sent;
        memmove(passage->pending, passage->pending + sent, passage->pending_size);
    } else if (sent < 0 && errno != EAGAIN) {
        refuse(outward, passage);
        return;
    }
    watch(outward, passage, EPOLL_CTL_MOD);
}

static void send_stream(struct outward *outward, struct passage *passage,
                        const struct packet *packet)
{
    const size_t room = PENDING_OCTETS_MAX - passage->pending_size;
    if (packet->payload.size > room) {
        refuse(outward, passage);
        return;
    }
    memcpy(passage->pending + passage->pending_size, packet->payload.data, packet->payload.size);
    passage->pending_size += packet->payload.size;
    if (!passage->connecting) {
        flush(outward, passage);
    }
}

static void send_packet(struct outward *outward, const struct packet *packet)
{
    struct passage *passage = find_passage(outward, packet);
    if (packet->kind != PACKET_DATA) {
        if (passage != NULL) {
            drop(outward, passage);
        }
        return;
    }
    if (passage == NULL) {
        passage = open_passage(outward, packet);
    }
    if (passage->refused) {
        return;
    }
    if (packet->transport == TRANSPORT_UDP) {
        send_datagram(outward, passage, packet);
    } else {
        send_stream(outward, passage, packet);
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
    drop(outward, passage);
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
        drop(outward, passage);
        tell(outward, machine, &told, &told.peer, PACKET_CLOSE, 0);
    } else if (errno != EAGAIN) {
        tell_refusal(outward, machine, passage);
    }
}

static void hear(struct outward *outward, struct machine *machine, struct passage *passage,
                 uint32_t happened)
{
    if (passage->transport == TRANSPORT_UDP) {
        hear_datagram(outward, machine, passage);
        return;
    }
    int error = 0;
    socklen_t length = sizeof error;
    if (passage->connecting && (happened & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) {
        getsockopt(passage->descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
        passage->connecting = false;
        watch(outward, passage, EPOLL_CTL_MOD);
    }
    if (error != 0) {
        tell_refusal(outward, machine, passage);
    } else if ((happened & EPOLLOUT) != 0 && passage->pending_size > 0) {
        flush(outward, passage);
    } else if ((happened & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) {
        hear_stream(outward, machine, passage);
    }
}

/* --- the loop --- */

static int wait_ms(const struct outward *outward, const struct machine *machine)
{
    const instant_ns deadline = machine_deadline(machine);
    const instant_ns now = outward_now(outward);
    if (deadline <= now || outward->refused > 0) {
        return 0;
    }
    const uint64_t left = (deadline - now) / NS_PER_MS + 1;
    return left < POLL_MS_MAX ? (int)left : POLL_MS_MAX;
}

static void tell_refusals(struct outward *outward, struct machine *machine)
{
    for (size_t i = 0; outward->refused > 0 && i < outward->count; i++) {
        if (outward->passages[i].refused) {
            tell_refusal(outward, machine, &outward->passages[i]);
        }
    }
}

/* What was heard of a passage that has been dropped meanwhile, and perhaps given to another packet,
 * is another's: the system tells it again if it is not. */
static void wait_and_hear(struct outward *outward, struct machine *machine)
{
    struct epoll_event heard[HEARD_MAX];
    int descriptors[HEARD_MAX];
    const int count = epoll_wait(outward->poller, heard, HEARD_MAX, wait_ms(outward, machine));
    for (int i = 0; i < count; i++) {
        descriptors[i] = ((const struct passage *)heard[i].data.ptr)->descriptor;
    }
    for (int i = 0; i < count; i++) {
        struct passage *passage = heard[i].data.ptr;
        if (passage->descriptor >= 0 && passage->descriptor == descriptors[i] &&
            !passage->refused) {
            hear(outward, machine, passage, heard[i].events);
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
    for (size_t i = 0; i < outward->count; i++) {
        if (is_used(&outward->passages[i])) {
            drop(outward, &outward->passages[i]);
        }
    }
    close(outward->poller);
}
