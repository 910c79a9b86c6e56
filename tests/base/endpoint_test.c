/* The system's inet_pton and inet_ntop are the oracle where they follow the same rules. */
#define _POSIX_C_SOURCE 200809L

#include "base/endpoint.h"

#include <arpa/inet.h>

#include "base/rng.h"
#include "tests/support/support.h"

/* Columns: what is read, what is written back (NULL: refused). */
static const struct row {
    const char *name;
    const char *written;
} rows[] = {
    {"192.0.2.1", "192.0.2.1"},
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"256.0.0.1", NULL},
    {"192.0.2", NULL},
    {"192.0.2.1.5", NULL},
    {"192.0.2.1 ", NULL},
    {" 192.0.2.1", NULL},
    {"192.0.2.", NULL},
    {".192.0.2", NULL},
    {"192..2.1", NULL},
    {"192.0.2.01", NULL},
    {"192.0.2.0001", NULL},
    {"0x7f.0.0.1", NULL},
    {"-1.0.0.1", NULL},
    {"", NULL},
    {":", NULL},
    {"::", "::"},
    {":::", NULL},
    {"::1", "::1"},
    {"1::", "1::"},
    {"2001:db8::1", "2001:db8::1"},
    {"2001:DB8::ABCD", "2001:db8::abcd"},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, /* one group is not shortened, 4.2.2 */
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},    /* first of equal runs, 4.2.3 */
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},          /* longest run, 4.2.3 */
    {"0:0:0:0:0:0:0:0", "::"},
    {"1:0:0:0:0:0:0:0", "1::"},
    {"0:0:0:0:0:0:0:1", "::1"},
    {"0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"},
    {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
    {"1:2:3:4:5:6:7:8:9", NULL},
    {"1:2:3:4:5:6:7:8::", NULL},
    {"1:2:3:4::5:6:7:8", NULL}, /* "::" must stand for at least one group */
    {"1:2:3:4:5:6:7", NULL},
    {"1::2::3", NULL},
    {"1:", NULL},
    {":1", NULL},
    {"12345::", NULL},
    {"g::", NULL},
    {"fe80::1%eth0", NULL},
    {"[::1]", NULL},
    {"::ffff:192.0.2.1", "192.0.2.1"}, /* one host has one spelling */
    {"::ffff:c000:201", "192.0.2.1"},
    {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    {"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"},
    {"1:2:3:4:5:6:7:192.0.2.1", NULL},
    {"::192.0.2", NULL},
    {"::192.0.2.1:1", NULL},
    {"::192.0.2.256", NULL},
};

static void write_address(char *buffer, size_t capacity, const struct address *address)
{
    struct text text = text_in(buffer, capacity);
    address_put(&text, address);
    ck_assert(!text.overflow);
}

START_TEST(address_reads_and_writes_back)
{
    struct address address = {.family = 99};
    char written[ADDRESS_TEXT_MAX];
    const bool read = address_parse(bytes_of_string(rows[_i].name), &address);
    ck_assert_int_eq(read, rows[_i].written != NULL);
    if (!read) {
        ck_assert_uint_eq(address.family, 99); /* untouched */
        return;
    }
    write_address(written, sizeof written, &address);
    ck_assert_str_eq(written, rows[_i].written);
}
END_TEST

/* An address with many zero octets, so that every shape of zero run comes up. */
static void draw_address(struct rng *rng, uint8_t octets[16])
{
    for (size_t i = 0; i < 16; i += 2) {
        const bool zero = rng_chance(rng, 600000);
        octets[i] = zero ? 0 : (uint8_t)(rng_next(rng) & (rng_chance(rng, 500000) ? 0xff : 0));
        octets[i + 1] = zero ? 0 : (uint8_t)rng_next(rng);
    }
}

START_TEST(written_v6_is_what_the_system_writes)
{
    struct rng rng;
    rng_seed(&rng, 1, bytes_of_string("test:v6"));
    for (size_t i = 0; i < 20000; i++) {
        uint8_t octets[16];
        char ours[ADDRESS_TEXT_MAX];
        char theirs[INET6_ADDRSTRLEN];
        draw_address(&rng, octets);
        ck_assert_ptr_nonnull(inet_ntop(AF_INET6, octets, theirs, sizeof theirs));
        if (strchr(theirs, '.') != NULL) {
            continue; /* it writes ::a.b.c.d in dots; RFC 5952 leaves that open */
        }
        const struct address address = address_v6(octets);
        write_address(ours, sizeof ours, &address);
        ck_assert_str_eq(ours, theirs);
        struct address again;
        ck_assert(address_parse(bytes_of_string(ours), &again));
        ck_assert(address_equal(&again, &address));
    }
}
END_TEST

static bool system_reads(const char *text)
{
    uint8_t octets[16];
    return inet_pton(strchr(text, ':') != NULL ? AF_INET6 : AF_INET, text, octets) == 1;
}

START_TEST(nothing_is_read_that_the_system_refuses)
{
    static const char alphabet[] = "0123456789abF:::::...1";
    struct rng rng;
    rng_seed(&rng, 2, bytes_of_string("test:text"));
    for (size_t i = 0; i < 200000; i++) {
        char text[24];
        const size_t size = (size_t)rng_below(&rng, sizeof text);
        for (size_t at = 0; at < size; at++) {
            text[at] = alphabet[rng_below(&rng, sizeof alphabet - 1)];
        }
        text[size] = '\0';
        struct address address;
        const bool ours = address_parse(bytes_of_string(text), &address);
        ck_assert_msg(ours == system_reads(text), "%s: ours %d", text, ours);
    }
}
END_TEST

START_TEST(endpoints_are_written_with_their_port)
{
    char buffer[ENDPOINT_TEXT_MAX];
    struct endpoint endpoint = {.port = 53};
    struct text text = text_in(buffer, sizeof buffer);
    ck_assert(address_parse(bytes_of_string("192.0.2.1"), &endpoint.address));
    endpoint_put(&text, &endpoint);
    ck_assert_str_eq(buffer, "192.0.2.1:53");
    text = text_in(buffer, sizeof buffer);
    ck_assert(address_parse(bytes_of_string("2001:db8::1"), &endpoint.address));
    endpoint.port = 65535;
    endpoint_put(&text, &endpoint);
    ck_assert_str_eq(buffer, "[2001:db8::1]:65535");
}
END_TEST

START_TEST(reflectors_are_known_by_their_port)
{
    static const uint16_t reflectors[] = {0, 7, 13, 17, 19, 37, 464};
    size_t count = 0;
    for (unsigned port = 0; port <= UINT16_MAX; port++) {
        count += port_is_reflector((uint16_t)port);
    }
    ck_assert_uint_eq(count, COUNT_OF(reflectors));
    for (size_t i = 0; i < COUNT_OF(reflectors); i++) {
        ck_assert(port_is_reflector(reflectors[i]));
    }
}
END_TEST

START_TEST(longest_endpoint_fits_its_named_limit)
{
    char buffer[ENDPOINT_TEXT_MAX];
    uint8_t octets[16];
    memset(octets, 0xff, sizeof octets);
    const struct endpoint endpoint = {.address = address_v6(octets), .port = 65535};
    struct text text = text_in(buffer, sizeof buffer);
    endpoint_put(&text, &endpoint);
    ck_assert(!text.overflow);
}
END_TEST

START_TEST(no_address_is_a_dash)
{
    char buffer[ADDRESS_TEXT_MAX];
    write_address(buffer, sizeof buffer, &(struct address){0});
    ck_assert_str_eq(buffer, "-");
    ck_assert_uint_eq(address_octets(&(struct address){0}).size, 0);
}
END_TEST

START_TEST(equality_sees_family_address_and_port)
{
    const struct address v4 = address_v4((uint8_t[]){1, 2, 3, 4});
    const struct address v6 = address_v6((uint8_t[16]){1, 2, 3, 4});
    ck_assert(address_equal(&v4, &v4));
    ck_assert(!address_equal(&v4, &v6));
    ck_assert(address_hash(&v4) != address_hash(&v6));
    const struct endpoint a = {.address = v4, .port = 53};
    const struct endpoint b = {.address = v4, .port = 54};
    ck_assert(!endpoint_equal(&a, &b));
    ck_assert(endpoint_equal(&a, &(struct endpoint){.address = v4, .port = 53}));
    ck_assert(endpoint_hash(&a) != endpoint_hash(&b));
    ck_assert_uint_eq(address_octets(&v4).size, 4);
    ck_assert_uint_eq(address_octets(&v6).size, 16);
}
END_TEST

static const struct loopback {
    const char *name;
    bool is;
} loopbacks[] = {
    {"127.0.0.1", true}, {"127.255.0.3", true},      {"126.0.0.1", false}, {"128.0.0.1", false},
    {"::1", true},       {"::ffff:127.0.0.1", true}, {"::2", false},       {"::", false},
};

START_TEST(loopback_is_known)
{
    struct address address;
    ck_assert(address_parse(bytes_of_string(loopbacks[_i].name), &address));
    ck_assert_int_eq(address_is_loopback(&address), loopbacks[_i].is);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("endpoint");
    add_rows(suite, address_reads_and_writes_back, rows);
    add_test(suite, written_v6_is_what_the_system_writes);
    add_test(suite, nothing_is_read_that_the_system_refuses);
    add_test(suite, endpoints_are_written_with_their_port);
    add_test(suite, reflectors_are_known_by_their_port);
    add_test(suite, longest_endpoint_fits_its_named_limit);
    add_test(suite, no_address_is_a_dash);
    add_test(suite, equality_sees_family_address_and_port);
    add_rows(suite, loopback_is_known, loopbacks);
    return suite;
}
