/* One request a call, acknowledged by the kernel. */
#include "live/netlink.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOPBACK_INDEX = 1, ATTRIBUTES_MAX = 128, REPLY_MAX = 1024 };

struct request {
    struct nlmsghdr header;
    union {
        struct ifinfomsg link;
        struct ifaddrmsg address;
        struct rtmsg route;
    } body;
    uint8_t attributes[ATTRIBUTES_MAX];
};

int netlink_open(void)
{
    return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

static struct request request_of(uint16_t type, uint16_t flags, size_t body_size)
{
    struct request request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_type = type;
    request.header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
    request.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(body_size);
    return request;
}

static void add_attribute(struct request *request, uint16_t type, const void *data, size_t size)
{
    const struct rtattr attribute = {.rta_type = type, .rta_len = (uint16_t)RTA_LENGTH(size)};
    uint8_t *at = (uint8_t *)request + NLMSG_ALIGN(request->header.nlmsg_len);
    memcpy(at, &attribute, sizeof attribute);
    memcpy(at + RTA_LENGTH(0), data, size);
    request->header.nlmsg_len =
        (uint32_t)(NLMSG_ALIGN(request->header.nlmsg_len) + RTA_SPACE(size));
}

static void add_address(struct request *request, uint16_t type, const struct address *address)
{
    const struct bytes octets = address_octets(address);
    add_attribute(request, type, octets.data, octets.size);
}

static int ask(int socket, const struct request *request)
{
    union {
        struct nlmsghdr header;
        uint8_t octets[REPLY_MAX];
    } reply;
    if (send(socket, request, request->header.nlmsg_len, 0) < 0) {
        return errno;
    }
    const ssize_t size = recv(socket, &reply, sizeof reply, 0);
    if (size < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr))) {
        return size < 0 ? errno : EPROTO;
    }
    struct nlmsgerr error;
    memcpy(&error, reply.octets + NLMSG_HDRLEN, sizeof error);
    return reply.header.nlmsg_type == NLMSG_ERROR ? -error.error : EPROTO;
}

int netlink_loopback_up(int socket)
{
    struct request request = request_of(RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
    request.body.link.ifi_index = LOOPBACK_INDEX;
    request.body.link.ifi_flags = IFF_UP;
    request.body.link.ifi_change = IFF_UP;
    return ask(socket, &request);
}

static uint8_t family_of(const struct address *address)
{
    return address->family == ADDRESS_V6 ? AF_INET6 : AF_INET;
}

static uint8_t bits_of(const struct address *address)
{
    return (uint8_t)(8 * address_octets(address).size);
}

int netlink_add_address(int socket, const struct address *address)
{
    struct request request =
        request_of(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, sizeof(struct ifaddrmsg));
    request.body.address.ifa_family = family_of(address);
    request.body.address.ifa_prefixlen = bits_of(address);
    request.body.address.ifa_flags = IFA_F_NODAD;
    request.body.address.ifa_index = LOOPBACK_INDEX;
    add_address(&request, IFA_LOCAL, address);
    add_address(&request, IFA_ADDRESS, address);
    return ask(socket, &request);
}

static struct request local_route(uint16_t type, uint16_t flags, const struct address *like)
{
    struct request request = request_of(type, flags, sizeof(struct rtmsg));
    const uint32_t index = LOOPBACK_INDEX;
    request.body.route.rtm_family = family_of(like);
    request.body.route.rtm_table = RT_TABLE_LOCAL;
    request.body.route.rtm_type = RTN_LOCAL;
    request.body.route.rtm_scope = like->family == ADDRESS_V6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_HOST;
    request.body.route.rtm_protocol = type == RTM_NEWROUTE ? RTPROT_KERNEL : RTPROT_UNSPEC;
    add_attribute(&request, RTA_OIF, &index, sizeof index);
    return request;
}

int netlink_forget_route(int socket, const struct address *address)
{
    struct request request = local_route(RTM_DELROUTE, 0, address);
    request.body.route.rtm_dst_len = bits_of(address);
    add_address(&request, RTA_DST, address);
    return ask(socket, &request);
}

int netlink_catch_all(int socket, const struct address *source)
{
    struct request request = local_route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, source);
    add_address(&request, RTA_PREFSRC, source);
    return ask(socket, &request);
}
