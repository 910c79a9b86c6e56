/* What packets to nobody ask for. */
#include "live/strays.h"

#include <string.h>

#include "tests/support/support.h"

#define V4(protocol, fragment, transport)                                                          \
    {                                                                                              \
        0x45, 0, 0, 40, 0, 0, 0, fragment, 64, protocol, 0, 0, 192, 0, 2, 1, 8, 8, 4, 4, transport \
    }
#define V6(next, transport)                                                                        \
    {                                                                                              \
        0x60, 0, 0, 0, 0, 20, next, 64, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,   \
            0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, transport                     \
    }
#define TCP(flags) 0x9c, 0x40, 0x01, 0xbb, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0
#define UDP        0x9c, 0x40, 0x00, 0x35, 0, 8, 0, 0
#define ICMP(type) type, 0, 0, 0, 0, 1, 0, 1
#define OPTIONS    0x46, 0, 0, 44, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 8, 8, 4, 4, 1, 1, 1, 0

static const struct packet_row {
    const char *name;
    uint8_t octets[64];
    size_t size;
    const char *expected; /* NULL: nothing */
} packet_rows[] = {
    {"a connection", V4(6, 0, TCP(0x02)), 40, "TCP 8.8.4.4:443"},
    {"a connection over IPv6", V6(6, TCP(0x02)), 60, "TCP [2001:db8::2]:443"},
    {"the answer to a connection", V4(6, 0, TCP(0x12)), 40, NULL},
    {"a reset", V4(6, 0, TCP(0x14)), 40, NULL},
    {"a connection without its flags", V4(6, 0, TCP(0x02)), 33, NULL},
    {"a datagram", V4(17, 0, UDP), 28, "UDP 8.8.4.4:53"},
    {"a datagram over IPv6", V6(17, UDP), 48, "UDP [2001:db8::2]:53"},
    {"a datagram behind IP options", {OPTIONS, UDP}, 32, "UDP 8.8.4.4:53"},
    {"a later fragment", V4(17, 9, UDP), 28, NULL},
    {"a ping", V4(1, 0, ICMP(8)), 28, "ping 8.8.4.4:0"},
    {"a ping over IPv6", V6(58, ICMP(128)), 48, "ping [2001:db8::2]:0"},
    {"the answer to a ping", V4(1, 0, ICMP(0)), 28, NULL},
    {"an error", V4(1, 0, ICMP(3)), 28, NULL},
    {"another protocol", V4(47, 0, UDP), 28, NULL},
    {"a datagram cut in its header", V4(17, 0, UDP), 27, NULL},
    {"an IPv4 header cut", V4(17, 0, UDP), 19, NULL},
    {"an IPv6 header cut", V6(17, UDP), 39, NULL},
    {"a header length that is none", {0x44, [9] = 17, [19] = 1}, 40, NULL},
    {"a header length beyond the packet", {0x4F, [9] = 17, [19] = 1}, 40, NULL},
    {"another version", {0x50, [9] = 17}, 40, NULL},
    {"nothing", {0}, 0, NULL},
};

START_TEST(a_packet_is_read_for_what_it_asks)
{
    const struct packet_row *row = &packet_rows[_i];
    struct stray stray;
    const bool is_stray = strays_read(bytes_of(row->octets, row->size), &stray);
    ck_assert_int_eq(is_stray, row->expected != NULL);
    if (is_stray) {
        char buffer[ENDPOINT_TEXT_MAX + 8];
        struct text text = text_in(buffer, sizeof buffer);
        text_put_format(&text, "%s ", stray_kind_name(stray.kind));
        endpoint_put(&text, &stray.to);
        ck_assert_str_eq(buffer, row->expected);
        ck_assert_uint_eq(stray.count, 1);
    }
}
END_TEST

static struct stray stray_to(uint16_t port, enum stray_kind kind)
{
    return (struct stray){
        .kind = kind, .to = {address_v4((const uint8_t[]){8, 8, 4, 4}), port}, .count = 1};
}

START_TEST(equal_strays_are_added_up)
{
    struct strays strays = {0};
    const struct stray udp = stray_to(53, STRAY_UDP), tcp = stray_to(53, STRAY_TCP),
                       other = stray_to(54, STRAY_UDP);
    strays_note(&strays, &udp);
    strays_note(&strays, &tcp);
    strays_note(&strays, &other);
    strays_note(&strays, &udp);
    ck_assert_uint_eq(strays.count, 3);
    ck_assert_uint_eq(strays.items[0].count, 2);
    ck_assert_uint_eq(strays.items[1].count, 1);
    ck_assert_int_eq(strays.items[1].kind, STRAY_TCP);
    ck_assert_uint_eq(strays.items[2].to.port, 54);
}
END_TEST

START_TEST(those_that_find_no_room_are_counted)
{
    struct strays strays = {0};
    for (unsigned i = 0; i < STRAYS_MAX + 3; i++) {
        const struct stray stray = stray_to((uint16_t)(1000 + i), STRAY_UDP);
        strays_note(&strays, &stray);
    }
    ck_assert_uint_eq(strays.count, STRAYS_MAX);
    ck_assert_uint_eq(strays.more, 3);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("strays");
    add_rows(suite, a_packet_is_read_for_what_it_asks, packet_rows);
    add_test(suite, equal_strays_are_added_up);
    add_test(suite, those_that_find_no_room_are_counted);
    return suite;
}
