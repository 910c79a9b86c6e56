/* See the header. */
#include "live/doors.h"

#include <sys/resource.h>

#include "live/sockaddr.h"

static bool refused(struct diag *reterr, const struct endpoint *real, int error)
{
    char buffer[ENDPOINT_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    endpoint_put(&text, real);
    return diag_set(reterr, (struct place){0}, "cannot open a socket at %s: %s", buffer,
                    uv_strerror(error));
}

/* Every address takes two sockets; the usual limit of 1024 is soon reached. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* True if ::1 can be bound. */
static bool has_v6(struct udp *udp)
{
    const struct endpoint real = sockaddr_loopback(ADDRESS_V6);
    int error;
    struct udp_port *port = udp_open(udp, &real, &real, &error);
    if (port != NULL) {
        udp_withdraw(udp, port);
    }
    return port != NULL;
}

typedef struct udp_port *open_udp(struct udp *udp, const struct endpoint *simulated,
                                  const struct endpoint *real, int *reterr);
typedef struct tcp_listener *open_tcp(struct tcp *tcp, const struct endpoint *simulated,
                                      const struct endpoint *real, int *reterr);

struct door {
    const struct endpoint *simulated, *real;
    open_udp *open_udp;
    open_tcp *open_tcp;
};

/* 0 or a uv error. */
static int try_door(struct doors *doors, const struct door *door, struct endpoint *ret)
{
    int error;
    struct udp_port *port = door->open_udp(doors->udp, door->simulated, door->real, &error);
    if (port == NULL) {
        return error;
    }
    *ret = udp_real(port);
    if (door->open_tcp(doors->tcp, door->simulated, ret, &error) == NULL) {
        udp_withdraw(doors->udp, port);
        return error;
    }
    return 0;
}

/* A port that UDP finds free may be taken for TCP; then another is tried. */
static bool open_door(struct doors *doors, const struct door *door, struct endpoint *ret,
                      struct diag *reterr)
{
    int error = UV_EADDRINUSE;
    for (int i = 0; error == UV_EADDRINUSE && i < DOOR_TRIES_MAX; i++) {
        error = try_door(doors, door, ret);
        if (door->real->port != 0) {
            break;
        }
    }
    return error == 0 || refused(reterr, door->real, error);
}

static bool open_address(struct doors *doors, const struct address *address, struct diag *reterr)
{
    const bool is_v6 = address->family == ADDRESS_V6 && doors->udp->has_v6;
    if (doors->is_sealed && address->family == ADDRESS_V6 && !is_v6) {
        return true; /* a system without IPv6 */
    }
    const struct endpoint simulated = {.address = *address, .port = DNS_PORT};
    const struct endpoint real =
        doors->is_sealed ? simulated : sockaddr_loopback(is_v6 ? ADDRESS_V6 : ADDRESS_V4);
    const struct door door = {
        .simulated = &simulated, .real = &real, .open_udp = udp_open, .open_tcp = tcp_listen};
    struct endpoint opened;
    return open_door(doors, &door, &opened, reterr);
}

static bool is_absent(const struct doors *doors, const struct seat *seat)
{
    const char *const *name = doors->absent;
    while (name != NULL && *name != NULL && strcmp(*name, seat->name) != 0) {
        name++;
    }
    return name != NULL && *name != NULL;
}

bool doors_open_seat(struct doors *doors, const struct seat *seat, struct diag *reterr)
{
    for (size_t i = 0; i < seat->address_count; i++) {
        if (!open_address(doors, &seat->addresses[i], reterr)) {
            return false;
        }
    }
    return true;
}

bool doors_open_seats(struct doors *doors, const struct world *world, struct diag *reterr)
{
    raise_file_limit();
    doors->udp->has_v6 = has_v6(doors->udp);
    doors->tcp->has_v6 = doors->udp->has_v6;
    for (size_t i = 0; i < world->seat_count; i++) {
        if (!is_absent(doors, &world->seats[i]) &&
            !doors_open_seat(doors, &world->seats[i], reterr)) {
            return false;
        }
    }
    return true;
}

static const struct seat *find_seat(const struct world *world, const char *name)
{
    for (size_t i = 0; i < world->seat_count; i++) {
        if (strcmp(world->seats[i].name, name) == 0) {
            return &world->seats[i];
        }
    }
    return NULL;
}

/* The seat's address of that family, else its first. */
static struct address address_like(const struct seat *seat, uint8_t family)
{
    for (size_t i = 0; i < seat->address_count; i++) {
        if (seat->addresses[i].family == family) {
            return seat->addresses[i];
        }
    }
    return seat->addresses[0];
}

static bool is_wildcard(const struct address *address)
{
    const struct address any = {.family = address->family};
    return address_equal(address, &any);
}

bool doors_publish(struct doors *doors, const struct world *world, const char *name,
                   const struct endpoint *real, struct diag *reterr)
{
    const struct seat *seat = find_seat(world, name);
    if (is_wildcard(&real->address)) {
        return diag_set(reterr, (struct place){0}, "say one address to listen at, not all of them");
    }
    if (!address_is_loopback(&real->address) && doors->udp->allowed == NULL) {
        diag_set(reterr, (struct place){0}, "only loopback addresses can be served");
        diag_hint(reterr, "others need a list of who may ask");
        return false;
    }
    if (seat == NULL || seat->address_count == 0) {
        return diag_set(reterr, (struct place){0}, "there is no `%s` to be served", name);
    }
    doors->published.address = address_like(seat, real->address.family);
    doors->published.port = DNS_PORT;
    const struct door door = {.simulated = &doors->published,
                              .real = real,
                              .open_udp = udp_publish,
                              .open_tcp = tcp_publish};
    return open_door(doors, &door, &doors->published_at, reterr);
}
