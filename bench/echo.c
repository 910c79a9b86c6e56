/* The floor under any server on libuv: sends each datagram back with the QR bit set, and does
 * nothing else. One uv_poll, recvmmsg and sendmmsg, the fastest way that libuv leaves open.
 *
 *     dns_echo PORT */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#define BATCH  64
#define OCTETS 4096

static struct sockaddr_in senders[BATCH];
static uint8_t octets[BATCH][OCTETS];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

static void offer_all(void)
{
    for (size_t i = 0; i < BATCH; i++) {
        vectors[i] = (struct iovec){octets[i], OCTETS};
        messages[i].msg_hdr = (struct msghdr){.msg_name = &senders[i],
                                              .msg_namelen = sizeof senders[i],
                                              .msg_iov = &vectors[i],
                                              .msg_iovlen = 1};
    }
}

static void answer(uv_poll_t *handle, int status, int events)
{
    int descriptor;
    (void)status;
    (void)events;
    uv_fileno((const uv_handle_t *)handle, &descriptor);
    offer_all();
    const int count = recvmmsg(descriptor, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        vectors[i].iov_len = messages[i].msg_len;
        octets[i][2] |= 0x80;
    }
    for (int sent = 0; sent < count;) {
        const int taken = sendmmsg(descriptor, messages + sent, (unsigned)(count - sent), 0);
        sent += taken > 0 ? taken : 1; /* what the system will not send is lost */
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    uv_poll_t poll;
    const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    at.sin_port = htons((uint16_t)strtoul(argc > 1 ? argv[1] : "0", NULL, 10));
    if (bind(descriptor, (struct sockaddr *)&at, sizeof at) != 0) {
        perror("dns_echo");
        return 2;
    }
    uv_poll_init(uv_default_loop(), &poll, descriptor);
    uv_poll_start(&poll, UV_READABLE, answer);
    return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
