/* Headers of IPv4 (RFC 791) and IPv6 (RFC 8200, without extension headers). */
#include "live/strays.h"

#include <netinet/in.h>

enum {
    TCP_SYN = 0x02,
    TCP_ACK = 0x10,
    TCP_FLAGS_AT = 13,
    ECHO_V4 = 8,
    ECHO_V6 = 128,
};

const char *stray_kind_name(enum stray_kind kind)
{
    static const char *const names[] = {
        [STRAY_TCP] = "TCP", [STRAY_UDP] = "UDP", [STRAY_PING] = "ping"};
    return names[kind];
}

/* Above the IP header. */
static bool read_transport(uint8_t protocol, struct bytes segment, struct stray *ret)
{
    if (segment.size < 8) {
        return false;
    }
    ret->to.port = (uint16_t)(segment.data[2] << 8 | segment.data[3]);
    switch (protocol) {
    case IPPROTO_UDP: ret->kind = STRAY_UDP; return true;
    case IPPROTO_TCP:
        ret->kind = STRAY_TCP;
        return segment.size > TCP_FLAGS_AT &&
               (segment.data[TCP_FLAGS_AT] & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
        ret->kind = STRAY_PING;
        ret->to.port = 0;
        return segment.data[0] == (protocol == IPPROTO_ICMP ? ECHO_V4 : ECHO_V6);
    default: return false;
    }
}

static bool read_v4(struct bytes packet, struct stray *ret)
{
    const size_t header = (size_t)(packet.data[0] & 0x0F) * 4;
    if (header < 20 || packet.size < header ||
        ((packet.data[6] & 0x1F) | packet.data[7]) != 0) { /* a later fragment */
        return false;
    }
    ret->to.address = address_v4(packet.data + 16);
    return read_transport(packet.data[9], bytes_of(packet.data + header, packet.size - header),
                          ret);
}

static bool read_v6(struct bytes packet, struct stray *ret)
{
    if (packet.size < 40) {
        return false;
    }
    ret->to.address = address_v6(packet.data + 24);
    return read_transport(packet.data[6], bytes_of(packet.data + 40, packet.size - 40), ret);
}

bool strays_read(struct bytes packet, struct stray *ret)
{
    ret->count = 1;
    if (packet.size < 20) {
        return false;
    }
    switch (packet.data[0] >> 4) {
    case 4: return read_v4(packet, ret);
    case 6: return read_v6(packet, ret);
    default: return false;
    }
}

void strays_note(struct strays *strays, const struct stray *stray)
{
    for (size_t i = 0; i < strays->count; i++) {
        struct stray *item = &strays->items[i];
        if (item->kind == stray->kind && endpoint_equal(&item->to, &stray->to)) {
            item->count += stray->count;
            return;
        }
    }
    if (strays->count < STRAYS_MAX) {
        strays->items[strays->count++] = *stray;
    } else {
        strays->more += stray->count;
    }
}
