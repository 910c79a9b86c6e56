/* See the header. */
#include "live/stub.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "live/sockaddr.h"

#define FLAGS_AT 2
#define TC_BIT   0x02

static int open_to(const struct endpoint *server, int type, unsigned wait_s)
{
    struct sockaddr_storage address;
    sockaddr_put(server, &address);
    const struct timeval wait = {.tv_sec = (time_t)wait_s};
    const int descriptor = socket(address.ss_family, type | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 &&
        (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0 ||
         setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0 ||
         connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0)) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

static size_t ask_udp(const struct endpoint *server, struct bytes query, unsigned wait_s,
                      uint8_t *reply, size_t capacity)
{
    const int descriptor = open_to(server, SOCK_DGRAM, wait_s);
    size_t size = 0;
    if (descriptor >= 0 &&
        send(descriptor, query.data, query.size, MSG_NOSIGNAL) == (ssize_t)query.size) {
        const ssize_t got = recv(descriptor, reply, capacity, 0);
        size = got > FLAGS_AT && memcmp(reply, query.data, FLAGS_AT) == 0 ? (size_t)got : 0;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return size;
}

static bool receive_all(int descriptor, uint8_t *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        const ssize_t got = recv(descriptor, data + at, size - at, 0);
        if (got <= 0) {
            return false;
        }
        at += (size_t)got;
    }
    return true;
}

static size_t ask_tcp(const struct endpoint *server, struct bytes query, unsigned wait_s,
                      uint8_t *reply, size_t capacity)
{
    const uint8_t prefix[2] = {(uint8_t)(query.size >> 8), (uint8_t)query.size};
    uint8_t length[2];
    size_t size = 0;
    const int descriptor = open_to(server, SOCK_STREAM, wait_s);
    if (descriptor < 0) {
        return 0;
    }
    if (send(descriptor, prefix, sizeof prefix, MSG_NOSIGNAL) == (ssize_t)sizeof prefix &&
        send(descriptor, query.data, query.size, MSG_NOSIGNAL) == (ssize_t)query.size &&
        receive_all(descriptor, length, sizeof length)) {
        size = (size_t)length[0] << 8 | length[1];
        size = size <= capacity && receive_all(descriptor, reply, size) ? size : 0;
    }
    close(descriptor);
    return size;
}

size_t stub_ask(const struct endpoint *server, struct bytes query, unsigned tries, unsigned wait_s,
                uint8_t *reply, size_t capacity)
{
    size_t size = 0;
    for (unsigned i = 0; i < tries && size == 0; i++) {
        size = ask_udp(server, query, wait_s, reply, capacity);
    }
    if (size > FLAGS_AT && (reply[FLAGS_AT] & TC_BIT) != 0) {
        const size_t whole = ask_tcp(server, query, wait_s, reply, capacity);
        return whole > 0 ? whole : size;
    }
    return size;
}
