/* See the header. A pooled socket is relabelled when another endpoint needs one: its real port
 * stays, and no packet can be misled because those on the wire are counted. */
#include "live/udp.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#include "live/sockaddr.h"
#include "wire/message.h"

struct udp_port {
    struct atlas_entry entry; /* first */
    uv_poll_t handle;
    int descriptor;
    struct udp *udp;
    unsigned afloat; /* datagrams from or to it on the wire */
    bool is_pooled;
    struct udp_port *older, *newer; /* in the pool */
    struct udp_port *next;          /* of all that are open */
};

static void departed(void *context, const struct departure *departure, bool was_taken)
{
    const struct udp *udp = context;
    const struct arrivals *arrivals = udp->arrivals;
    if (was_taken) {
        arrivals->left(arrivals->context, &departure->packet, departure->flight);
    } else {
        arrivals->lost(arrivals->context, &departure->packet, departure->flight, LOST_BY_SYSTEM);
    }
}

bool udp_init(struct udp *udp, uv_loop_t *loop, struct arena *arena,
              const struct arrivals *arrivals)
{
    udp->loop = loop;
    udp->arena = arena;
    udp->arrivals = arrivals;
    udp->outbox.departed = departed;
    udp->outbox.context = udp;
    return mmsg_inbox_init(&udp->inbox, arena) && mmsg_outbox_init(&udp->outbox, arena) &&
           afloat_init(&udp->afloat, arena);
}

/* --- receiving --- */

static void land(struct udp *udp, struct afloat_entry *entry)
{
    for (size_t i = 0; i < 2; i++) {
        ((struct udp_port *)entry->holders[i])->afloat--;
    }
    afloat_remove(&udp->afloat, entry);
}

static void receive_inside(struct udp *udp, const struct packet *packet)
{
    struct afloat_entry *entry = afloat_find(&udp->afloat, packet);
    if (entry != NULL) { /* else it was given up, and comes late */
        const uint64_t flight = entry->flight;
        land(udp, entry);
        udp->arrivals->arrived(udp->arrivals->context, packet, flight);
    }
}

/* An endpoint that is published is asked there and nowhere else, or its answers would come from the
 * wrong place. */
static bool hears_outsiders(const struct udp *udp, const struct udp_port *port)
{
    if (udp->is_sealed) {
        return !port->is_pooled;
    }
    if (udp->published == NULL || port == udp->published) {
        return port == udp->published;
    }
    return udp->hears_outsiders && !port->is_pooled &&
           !endpoint_equal(&port->entry.simulated, &udp->published->entry.simulated);
}

static bool send_to(const struct udp_port *port, const struct endpoint *real, struct bytes payload);

/* REFUSED, with the question as it came: no larger than what was asked. Answers get none. */
static void turn_down(const struct udp_port *port, const struct packet *packet)
{
    uint8_t reply[MESSAGE_HEADER_OCTETS + NAME_OCTETS_MAX + 4] = {0};
    struct message query;
    if (!message_parse(packet->payload, MESSAGE_STRICT, &query, NULL) ||
        message_is_response(&query)) {
        return;
    }
    const size_t size = query.starts[SECTION_ANSWER];
    assert(size <= sizeof reply);
    memcpy(reply, packet->payload.data, size);
    reply[2] = (uint8_t)(0x80 | (reply[2] & 0x79)); /* QR, opcode and RD as they were */
    reply[3] = RCODE_REFUSED;
    memset(reply + 6, 0, 6); /* no records */
    send_to(port, &packet->from, bytes_of(reply, size));
}

static void receive_outside(struct udp *udp, const struct udp_port *port,
                            const struct packet *packet)
{
    if (!hears_outsiders(udp, port) || packet->payload.size > UDP_OUTSIDE_OCTETS_MAX ||
        port_is_reflector(packet->from.port)) {
        return;
    }
    if (udp->is_sealed || acl_allows(udp->allowed, &packet->from.address)) {
        udp->arrivals->arrived(udp->arrivals->context, packet, 0);
    } else if (udp->allowed != NULL) {
        turn_down(port, packet);
    }
}

static void take(struct udp_port *port, const struct datagram *datagram)
{
    struct udp *udp = port->udp;
    struct packet packet = {.from = datagram->from,
                            .to = port->entry.simulated,
                            .transport = TRANSPORT_UDP,
                            .payload = datagram->payload};
    const struct atlas_entry *inside = atlas_find_real(&udp->atlas, &datagram->from);
    if (inside == NULL) {
        receive_outside(udp, port, &packet);
    } else {
        packet.from = inside->simulated;
        receive_inside(udp, &packet);
    }
}

/* One batch; if there is more, the loop comes back. */
static void receive(uv_poll_t *handle, int status, int events)
{
    struct udp_port *port = handle->data;
    struct udp *udp = port->udp;
    (void)events;
    if (status < 0) { /* libuv stops watching a socket that has an error to tell */
        uv_poll_start(handle, UV_READABLE, receive);
    }
    const size_t count = mmsg_receive(&udp->inbox, port->descriptor);
    udp->arrivals->woke(udp->arrivals->context);
    for (size_t i = 0; i < count; i++) {
        struct datagram datagram;
        if (mmsg_get(&udp->inbox, i, &datagram)) {
            take(port, &datagram);
        }
    }
}

/* --- opening --- */

/* A bound socket, or a uv error. */
static int open_socket(const struct endpoint *real, struct endpoint *ret_bound)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    sockaddr_put(real, &address);
    const int descriptor =
        socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
    const socklen_t given = real->address.family == ADDRESS_V6 ? sizeof(struct sockaddr_in6)
                                                               : sizeof(struct sockaddr_in);
    if (descriptor >= 0 && bind(descriptor, (const struct sockaddr *)&address, given) == 0 &&
        getsockname(descriptor, (struct sockaddr *)&address, &size) == 0 &&
        sockaddr_get((const struct sockaddr *)&address, ret_bound)) {
        return descriptor;
    }
    const int error = uv_translate_sys_error(errno);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return error;
}

static int watch(struct udp_port *port)
{
    int error = uv_poll_init(port->udp->loop, &port->handle, port->descriptor);
    if (error == 0) {
        port->handle.data = port;
        error = uv_poll_start(&port->handle, UV_READABLE, receive);
        if (error != 0) {
            uv_close((uv_handle_t *)&port->handle, NULL);
        }
    }
    return error;
}

static struct udp_port *new_port(struct udp *udp, const struct endpoint *real, int *reterr)
{
    struct udp_port *port = ARENA_NEW(udp->arena, struct udp_port);
    if (port == NULL) {
        *reterr = UV_ENOMEM;
        return NULL;
    }
    port->udp = udp;
    port->descriptor = open_socket(real, &port->entry.real);
    *reterr = port->descriptor < 0 ? port->descriptor : watch(port);
    if (*reterr != 0) {
        if (port->descriptor >= 0) {
            close(port->descriptor);
        }
        return NULL;
    }
    port->next = udp->ports;
    udp->ports = port;
    return port;
}

struct udp_port *udp_open(struct udp *udp, const struct endpoint *simulated,
                          const struct endpoint *real, int *reterr)
{
    struct udp_port *port = new_port(udp, real, reterr);
    if (port != NULL) {
        port->entry.simulated = *simulated;
        atlas_add(&udp->atlas, &port->entry);
    }
    return port;
}

struct udp_port *udp_publish(struct udp *udp, const struct endpoint *simulated,
                             const struct endpoint *real, int *reterr)
{
    udp->published = new_port(udp, real, reterr);
    if (udp->published != NULL) {
        udp->published->entry.simulated = *simulated;
    }
    return udp->published;
}

static void close_port(struct udp_port *port)
{
    uv_close((uv_handle_t *)&port->handle, NULL);
    close(port->descriptor);
}

void udp_withdraw(struct udp *udp, struct udp_port *port)
{
    struct udp_port **link = &udp->ports;
    while (*link != port) {
        link = &(*link)->next;
    }
    *link = port->next;
    if (port == udp->published) {
        udp->published = NULL;
    } else {
        atlas_remove(&udp->atlas, &port->entry);
    }
    close_port(port);
}

void udp_close(struct udp *udp)
{
    for (struct udp_port *port = udp->ports; port != NULL; port = port->next) {
        close_port(port);
    }
    udp->ports = NULL;
}

struct endpoint udp_real(const struct udp_port *port)
{
    return port->entry.real;
}

/* --- the pool --- */

static void enter_pool(struct udp *udp, struct udp_port *port)
{
    port->newer = NULL;
    port->older = udp->pool_newest;
    *(udp->pool_newest != NULL ? &udp->pool_newest->newer : &udp->pool_oldest) = port;
    udp->pool_newest = port;
}

static void leave_pool(struct udp *udp, struct udp_port *port)
{
    *(port->older != NULL ? &port->older->newer : &udp->pool_oldest) = port->newer;
    *(port->newer != NULL ? &port->newer->older : &udp->pool_newest) = port->older;
}

/* The pooled socket of that family that has been idle the longest, NULL if all are in use. */
static struct udp_port *idle_port(const struct udp *udp, uint8_t family)
{
    struct udp_port *port = udp->pool_oldest;
    while (port != NULL && (port->afloat > 0 || port->entry.real.address.family != family)) {
        port = port->newer;
    }
    return port;
}

static struct udp_port *borrow_port(struct udp *udp, const struct endpoint *simulated)
{
    const bool v6 = simulated->address.family == ADDRESS_V6 && udp->has_v6;
    const struct endpoint loopback = sockaddr_loopback(v6 ? ADDRESS_V6 : ADDRESS_V4);
    struct udp_port *port = NULL;
    int error;
    if (udp->pooled < UDP_POOL_MAX) {
        port = udp_open(udp, simulated, &loopback, &error);
    }
    if (port != NULL) {
        port->is_pooled = true;
        udp->pooled++;
    } else {
        port = idle_port(udp, loopback.address.family);
        if (port == NULL) {
            return NULL;
        }
        leave_pool(udp, port);
        atlas_remove(&udp->atlas, &port->entry);
        port->entry.simulated = *simulated;
        atlas_add(&udp->atlas, &port->entry);
    }
    enter_pool(udp, port);
    return port;
}

static struct udp_port *port_of(struct udp *udp, const struct endpoint *simulated)
{
    struct udp_port *port = (struct udp_port *)atlas_find_simulated(&udp->atlas, simulated);
    return port != NULL ? port : borrow_port(udp, simulated);
}

/* --- sending --- */

static bool send_to(const struct udp_port *port, const struct endpoint *real, struct bytes payload)
{
    struct sockaddr_storage address;
    const socklen_t size = real->address.family == ADDRESS_V6 ? sizeof(struct sockaddr_in6)
                                                              : sizeof(struct sockaddr_in);
    sockaddr_put(real, &address);
    ssize_t sent;
    do {
        sent = sendto(port->descriptor, payload.data, payload.size, MSG_DONTWAIT | MSG_NOSIGNAL,
                      (const struct sockaddr *)&address, size);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

/* Both ends are counted as in use before anything is sent, or one might be relabelled for the
 * other. */
void udp_carry(struct udp *udp, const struct packet *packet, uint64_t flight)
{
    const struct arrivals *arrivals = udp->arrivals;
    struct udp_port *from = port_of(udp, &packet->from);
    if (from != NULL) {
        from->afloat++;
    }
    struct udp_port *to = port_of(udp, &packet->to);
    struct afloat_entry *entry = NULL;
    if (from != NULL && to != NULL) {
        entry = afloat_add(&udp->afloat, packet, flight, uv_hrtime());
    }
    if (entry == NULL) {
        if (from != NULL) {
            from->afloat--;
        }
        arrivals->lost(arrivals->context, packet, flight, LOST_NO_SOCKET);
        return;
    }
    to->afloat++;
    entry->holders[0] = from;
    entry->holders[1] = to;
    if (!send_to(from, &to->entry.real, packet->payload)) {
        land(udp, entry);
        arrivals->lost(arrivals->context, packet, flight, LOST_BY_SYSTEM);
    }
}

/* A socket for an endpoint that nobody has, in a network that has every address. */
static struct udp_port *open_forged(struct udp *udp, const struct endpoint *claimed)
{
    int error;
    if (!udp->is_sealed || udp->forged == UDP_FORGED_MAX) {
        return NULL;
    }
    udp->forged++;
    return udp_open(udp, claimed, claimed, &error);
}

void udp_send_outside(struct udp *udp, const struct packet *packet, uint64_t flight)
{
    const struct arrivals *arrivals = udp->arrivals;
    const struct udp_port *port = udp->published;
    if (port == NULL || !endpoint_equal(&packet->from, &port->entry.simulated) ||
        (udp->is_sealed && !address_is_loopback(&packet->to.address))) {
        port = (struct udp_port *)atlas_find_simulated(&udp->atlas, &packet->from);
    }
    if (port == NULL) {
        port = open_forged(udp, &packet->from);
    }
    if (port == NULL) {
        arrivals->lost(arrivals->context, packet, flight, LOST_BY_SYSTEM);
        return;
    }
    const struct departure departure = {
        .descriptor = port->descriptor, .packet = *packet, .flight = flight};
    mmsg_put(&udp->outbox, &departure, &packet->to);
}

void udp_flush(struct udp *udp)
{
    mmsg_flush(&udp->outbox);
}

size_t udp_afloat(const struct udp *udp)
{
    return udp->afloat.count;
}

void udp_give_up(struct udp *udp)
{
    const uint64_t now = uv_hrtime();
    while (udp->afloat.oldest != NULL && now - udp->afloat.oldest->since > UDP_PATIENCE) {
        struct afloat_entry *entry = udp->afloat.oldest;
        const struct packet packet = {
            .from = entry->from, .to = entry->to, .transport = TRANSPORT_UDP};
        const uint64_t flight = entry->flight;
        land(udp, entry);
        udp->arrivals->lost(udp->arrivals->context, &packet, flight, LOST_BY_SYSTEM);
    }
}

void udp_forget(struct udp *udp)
{
    mmsg_forget(&udp->outbox);
    while (udp->afloat.oldest != NULL) {
        land(udp, udp->afloat.oldest);
    }
}
