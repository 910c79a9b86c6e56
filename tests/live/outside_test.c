/* Outsiders at a published seat: a thread with plain sockets of its own asks, the world answers. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "live/live.h"
#include "live/tcp.h"
#include "live/udp.h"
#include "tests/sim/toys.h"
#include "tests/support/support.h"

static struct arena arena;
static struct trace trace;
static struct world *world;
static struct toy_echo echo;
static struct address homes[2];
static struct live *live;
static struct endpoint published, unpublished;
static atomic_bool finished;

static void prepare(void)
{
    arena_init(&arena, (size_t)256 << 20);
    trace_init(&trace, &arena);
    struct transit *transit =
        transit_new(&arena, &(struct transit_options){.trace = &trace, .latency = 0});
    world = world_new(&arena, transit, &trace);
    toy_echo_init(&echo);
    homes[0] = toy_address(1);
    homes[1] = address_v6((const uint8_t[16]){0x20, 1, 0x0d, 0xb8, [15] = 1});
    ck_assert(world_seat(world, &(struct seat){.name = "echo",
                                               .machine = &echo.machine,
                                               .addresses = homes,
                                               .address_count = 2}));
    atomic_store(&finished, false);
}

static void clean(void)
{
    arena_free(&arena);
}

static struct endpoint loopback(uint8_t family, unsigned port)
{
    struct endpoint endpoint = {.address = address_v4((const uint8_t[]){127, 0, 0, 1}),
                                .port = (uint16_t)port};
    if (family == ADDRESS_V6) {
        endpoint.address = address_v6((const uint8_t[16]){[15] = 1});
    }
    return endpoint;
}

static struct live *try_to_open(const char *seat, struct endpoint at, struct diag *reterr)
{
    return live_open(world, &(struct live_options){.published_seat = seat, .published_at = at},
                     reterr);
}

static bool is_finished(void *context)
{
    (void)context;
    return atomic_load(&finished);
}

struct outsider {
    void (*body)(void);
};

static void *run_outsider(void *context)
{
    ((const struct outsider *)context)->body();
    atomic_store(&finished, true);
    return NULL;
}

/* Runs the world until `body`, in a thread of its own, returns. */
static void serve_while(void (*body)(void), uint8_t family)
{
    struct diag diag;
    struct outsider outsider = {.body = body};
    pthread_t thread;
    live = try_to_open("echo", loopback(family, 0), &diag);
    ck_assert_msg(live != NULL, "%s", diag.sentence);
    published = live_published_at(live);
    ck_assert_uint_ne(published.port, 0);
    const struct endpoint inside = {.address = homes[family == ADDRESS_V4], .port = 53};
    ck_assert(live_real_endpoint(live, &inside, &unpublished));
    ck_assert(!endpoint_equal(&unpublished, &published));
    ck_assert_int_eq(pthread_create(&thread, NULL, run_outsider, &outsider), 0);
    live_run(world, &(struct run_limits){.until = NEVER, .done = is_finished});
    pthread_join(thread, NULL);
    ck_assert_int_eq(world->ended, RUN_DONE);
    live_close(live);
}

/* --- plain sockets --- */

static socklen_t put_address(const struct endpoint *at, struct sockaddr_storage *ret)
{
    memset(ret, 0, sizeof *ret);
    if (at->address.family == ADDRESS_V6) {
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(at->port)};
        memcpy(&v6.sin6_addr, at->address.octets, 16);
        memcpy(ret, &v6, sizeof v6);
        return sizeof v6;
    }
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(at->port)};
    memcpy(&v4.sin_addr, at->address.octets, 4);
    memcpy(ret, &v4, sizeof v4);
    return sizeof v4;
}

static int connect_to(const struct endpoint *at, int type, unsigned patience_ms)
{
    struct sockaddr_storage address;
    const socklen_t size = put_address(at, &address);
    const int fd = socket(address.ss_family, type, 0);
    const struct timeval patience = {.tv_sec = patience_ms / 1000,
                                     .tv_usec = (suseconds_t)(patience_ms % 1000) * 1000};
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
    ck_assert_int_eq(connect(fd, (const struct sockaddr *)&address, size), 0);
    return fd;
}

static bool is_answered(int fd, const char *text)
{
    char buffer[100] = "";
    ck_assert_int_eq(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
    const ssize_t size = recv(fd, buffer, sizeof buffer - 1, 0);
    return size == (ssize_t)strlen(text) && strcmp(buffer, text) == 0;
}

/* True if the other side ends the connection, one way or the other. */
static bool is_ended(int fd)
{
    char buffer[100];
    const ssize_t size = recv(fd, buffer, sizeof buffer, 0);
    return size == 0 || (size < 0 && errno == ECONNRESET);
}

/* --- tests --- */

static void ask_over_udp(void)
{
    const int fd = connect_to(&published, SOCK_DGRAM, 20000);
    for (unsigned i = 0; i < 20; i++) {
        ck_assert(is_answered(fd, "who is there?"));
    }
    close(fd);
}

START_TEST(datagrams_are_answered)
{
    serve_while(ask_over_udp, ADDRESS_V4);
    ck_assert_uint_eq(echo.packets, 20);
    const struct trace_entry *asked = toy_entry(&trace, TRACE_ARRIVED, NULL, 0);
    const struct trace_entry *answered = toy_entry(&trace, TRACE_ARRIVED, NULL, 1);
    ck_assert_str_eq(asked->who, "echo");
    ck_assert_uint_eq(asked->flight, 0);
    ck_assert(address_is_loopback(&asked->packet.from.address));
    ck_assert(address_equal(&asked->packet.to.address, &homes[0]));
    ck_assert_str_eq(answered->who, "outside");
    ck_assert(endpoint_equal(&answered->packet.to, &asked->packet.from));
}
END_TEST

static void ask_over_tcp(void)
{
    const int fd = connect_to(&published, SOCK_STREAM, 20000);
    for (unsigned i = 0; i < 20; i++) {
        ck_assert(is_answered(fd, "who is there?"));
    }
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    ck_assert(is_ended(fd));
    close(fd);
}

START_TEST(streams_are_answered_and_closed)
{
    serve_while(ask_over_tcp, ADDRESS_V4);
    ck_assert_uint_eq(echo.packets, 20);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, NULL), 0);
}
END_TEST

static void ask_over_both(void)
{
    ask_over_udp();
    ask_over_tcp();
}

static bool can_bind_v6(void)
{
    const struct endpoint one = loopback(ADDRESS_V6, 0);
    struct sockaddr_storage address;
    const socklen_t size = put_address(&one, &address);
    const int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    const bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address, size) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return bound;
}

START_TEST(outsiders_may_come_over_v6)
{
    if (!can_bind_v6()) {
        return; /* the case's name says so */
    }
    serve_while(ask_over_both, ADDRESS_V6);
    const struct trace_entry *asked = toy_entry(&trace, TRACE_ARRIVED, NULL, 0);
    ck_assert(address_equal(&asked->packet.to.address, &homes[1]));
}
END_TEST

static void ask_with_crowd(void)
{
    int fds[40];
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = connect_to(&published, i % 2 == 0 ? SOCK_DGRAM : SOCK_STREAM, 20000);
    }
    for (unsigned round = 0; round < 5; round++) {
        for (size_t i = 0; i < COUNT_OF(fds); i++) {
            ck_assert(is_answered(fds[i], "me too"));
        }
    }
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        close(fds[i]);
    }
}

START_TEST(a_crowd_is_answered)
{
    serve_while(ask_with_crowd, ADDRESS_V4);
    ck_assert_uint_eq(echo.packets, 200);
}
END_TEST

static void ask_elsewhere(void)
{
    published = unpublished;
    ask_over_both();
}

START_TEST(what_is_not_published_can_be_asked_too)
{
    serve_while(ask_elsewhere, ADDRESS_V4);
    ck_assert_uint_eq(echo.packets, 40);
    const struct trace_entry *asked = toy_entry(&trace, TRACE_ARRIVED, NULL, 0);
    ck_assert(address_equal(&asked->packet.to.address, &homes[1]));
}
END_TEST

/* At the sockets that seats use among themselves: all datagram sockets of this process but those
 * that may be asked. */
static void knock_at_the_back_door(void)
{
    unsigned knocks = 0;
    for (int fd = 0; fd < 256; fd++) {
        struct sockaddr_in own = {0};
        socklen_t size = sizeof own;
        int type = 0;
        socklen_t type_size = sizeof type;
        if (getsockname(fd, (struct sockaddr *)&own, &size) != 0 || own.sin_family != AF_INET ||
            getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_size) != 0 || type != SOCK_DGRAM ||
            own.sin_port == htons(published.port) || own.sin_port == htons(unpublished.port)) {
            continue;
        }
        const struct endpoint back = loopback(ADDRESS_V4, ntohs(own.sin_port));
        const int knocker = connect_to(&back, SOCK_DGRAM, 200);
        ck_assert(!is_answered(knocker, "let me in"));
        close(knocker);
        knocks++;
    }
    ck_assert_uint_eq(knocks, 1);
    ask_over_udp();
}

START_TEST(the_published_seat_has_no_back_door)
{
    serve_while(knock_at_the_back_door, ADDRESS_V4);
    ck_assert_uint_eq(echo.packets, 20);
}
END_TEST

static void send_too_much(void)
{
    static char large[UDP_OUTSIDE_OCTETS_MAX + 1];
    const int fd = connect_to(&published, SOCK_DGRAM, 20000);
    ck_assert_int_eq(send(fd, large, sizeof large, 0), sizeof large);
    ck_assert(is_answered(fd, "sorry"));
    ck_assert_int_eq(send(fd, large, sizeof large - 1, 0), sizeof large - 1);
    ck_assert_int_eq(recv(fd, large, sizeof large, 0), sizeof large - 1);
    close(fd);
}

START_TEST(datagrams_have_a_bound)
{
    serve_while(send_too_much, ADDRESS_V4);
    ck_assert_uint_eq(echo.packets, 2);
}
END_TEST

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One sends half a length prefix, one trickles, one says nothing at all. */
static void dawdle(void)
{
    const double began = seconds_now();
    const int silent = connect_to(&published, SOCK_STREAM, 20000);
    const int half = connect_to(&published, SOCK_STREAM, 20000);
    const int trickler = connect_to(&published, SOCK_STREAM, 200);
    ck_assert(is_answered(half, "\x01"));
    ck_assert_int_eq(send(trickler, "\0\x7f", 2, 0), 2);
    bool has_ended = false;
    while (!has_ended && seconds_now() - began < 9) {
        char echoed[8];
        const ssize_t sent = send(trickler, "x", 1, MSG_NOSIGNAL);
        const ssize_t got = recv(trickler, echoed, sizeof echoed, 0);
        has_ended = sent < 0 || got == 0 || (got < 0 && errno == ECONNRESET);
        usleep(100000);
    }
    ck_assert(has_ended); /* whatever trickles in: 3 seconds a message */
    ck_assert(is_ended(half));
    ck_assert(seconds_now() - began < 9);
    ck_assert(is_ended(silent));
    ck_assert(seconds_now() - began >= 10);
    close(silent);
    close(half);
    close(trickler);
}

START_TEST(nobody_is_waited_for_without_end)
{
    serve_while(dawdle, ADDRESS_V4);
    ck_assert_uint_ge(world->now, TCP_IDLE_TIME);
}
END_TEST

/* A whole message, and its echo. */
static bool is_served(int fd)
{
    char buffer[4];
    return send(fd, "\0\0", 2, MSG_NOSIGNAL) == 2 && recv(fd, buffer, sizeof buffer, 0) == 2;
}

static void crowd_the_door(void)
{
    int fds[TCP_OUTSIDE_MAX + 1];
    for (size_t i = 0; i < TCP_OUTSIDE_MAX; i++) {
        fds[i] = connect_to(&published, SOCK_STREAM, 20000);
        ck_assert(is_served(fds[i]));
    }
    ck_assert(is_served(fds[0])); /* now another is idle the longest */
    fds[TCP_OUTSIDE_MAX] = connect_to(&published, SOCK_STREAM, 20000);
    ck_assert(is_served(fds[TCP_OUTSIDE_MAX]));
    ck_assert(is_ended(fds[1]));
    ck_assert(is_served(fds[0]));
    ck_assert(is_served(fds[2]));
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        close(fds[i]);
    }
}

START_TEST(idle_outsiders_give_way_to_new_ones)
{
    serve_while(crowd_the_door, ADDRESS_V4);
}
END_TEST

/* Everybody is in the midst of a message. */
static void crowd_the_door_busily(void)
{
    int fds[TCP_OUTSIDE_MAX + 1];
    for (size_t i = 0; i < TCP_OUTSIDE_MAX; i++) {
        fds[i] = connect_to(&published, SOCK_STREAM, 20000);
        ck_assert(is_answered(fds[i], "\x01"));
    }
    fds[TCP_OUTSIDE_MAX] = connect_to(&published, SOCK_STREAM, 20000);
    ck_assert(is_ended(fds[TCP_OUTSIDE_MAX]));
    close(fds[0]);
    for (bool is_in = false; !is_in;) { /* once the world has noticed, there is room again */
        close(fds[TCP_OUTSIDE_MAX]);
        fds[TCP_OUTSIDE_MAX] = connect_to(&published, SOCK_STREAM, 20000);
        is_in = is_served(fds[TCP_OUTSIDE_MAX]);
    }
    for (size_t i = 1; i < COUNT_OF(fds); i++) {
        close(fds[i]);
    }
}

START_TEST(connections_from_outside_are_bounded)
{
    serve_while(crowd_the_door_busily, ADDRESS_V4);
}
END_TEST

/* A datagram from chargen's port, then one from another. */
static void ask_as_reflector(void)
{
    struct sockaddr_storage own, to;
    const struct endpoint chargen = loopback(ADDRESS_V4, 19);
    const socklen_t size = put_address(&chargen, &own);
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(fd, (struct sockaddr *)&own, size) != 0) {
        ck_assert_int_eq(errno,
                         EACCES); /* such ports are root's: machines' own tests need no right */
    } else {
        put_address(&published, &to);
        ck_assert_int_eq(sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, size), 5);
    }
    close(fd);
    const int other = connect_to(&published, SOCK_DGRAM, 20000);
    ck_assert(is_answered(other, "who is there?"));
    close(other);
}

START_TEST(reflectors_are_not_answered)
{
    serve_while(ask_as_reflector, ADDRESS_V4);
    ck_assert_uint_eq(echo.packets, 1);
}
END_TEST

/* More than TCP_OCTETS_MAX there and back. */
static void send_and_read_much(void)
{
    static char large[65536];
    const int fd = connect_to(&published, SOCK_STREAM, 20000);
    for (size_t sent = 0; sent < TCP_OCTETS_MAX * 3 / 2; sent += sizeof large) {
        ck_assert_int_eq(send(fd, large, sizeof large, 0), sizeof large);
        ck_assert_int_eq(recv(fd, large, sizeof large, MSG_WAITALL), sizeof large);
    }
    close(fd);
}

START_TEST(a_long_connection_does_not_use_memory_up)
{
    world->trace = NULL; /* which would */
    serve_while(send_and_read_much, ADDRESS_V4);
}
END_TEST

static void never_read(void)
{
    static char large[65536];
    const int fd = connect_to(&published, SOCK_STREAM, 2000);
    const int small = 4096;
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    size_t sent = 0;
    ssize_t step = 1;
    while (step > 0 && sent < (size_t)64 << 20) {
        step = send(fd, large, sizeof large, MSG_NOSIGNAL);
        sent += step > 0 ? (size_t)step : 0;
    }
    ck_assert_int_lt(step, 0);
    ask_over_udp();
    close(fd);
}

START_TEST(who_never_reads_is_dropped)
{
    serve_while(never_read, ADDRESS_V4);
    ck_assert_uint_ge(toy_count(&trace, TRACE_LOST, NULL), 1);
}
END_TEST

START_TEST(nobody_is_heard_where_nothing_is_published)
{
    struct diag diag;
    struct live *closed = live_open(world, &(struct live_options){0}, &diag);
    const struct endpoint inside = {.address = homes[0], .port = 53};
    struct endpoint real;
    ck_assert_ptr_nonnull(closed);
    ck_assert(live_real_endpoint(closed, &inside, &real));
    const int datagrams = connect_to(&real, SOCK_DGRAM, 100);
    const int stream = connect_to(&real, SOCK_STREAM, 20000);
    ck_assert_int_eq(send(datagrams, "hello", 5, 0), 5);
    for (unsigned i = 0; i < 10; i++) {
        live_run(world, &(struct run_limits){.until = world->now + 1});
    }
    ck_assert(is_ended(stream));
    ck_assert_uint_eq(echo.packets, 0);
    close(datagrams);
    close(stream);
    live_close(closed);
}
END_TEST

START_TEST(only_loopback_is_served)
{
    struct diag diag;
    ck_assert_ptr_null(try_to_open("echo", toy_endpoint(1, 0), &diag));
    ck_assert_str_eq(diag.sentence, "only loopback addresses can be served");

    const struct acl everybody = {.networks = {{.address = {.family = ADDRESS_V4}}}, .count = 1};
    const struct live_options wildcard = {.published_seat = "echo",
                                          .published_at.address = {.family = ADDRESS_V4},
                                          .allowed = &everybody};
    ck_assert_ptr_null(live_open(world, &wildcard, &diag));
    ck_assert_str_eq(diag.sentence, "say one address to listen at, not all of them");
    ck_assert_ptr_null(world->host);
}
END_TEST

START_TEST(an_unknown_seat_is_told)
{
    struct diag diag;
    ck_assert_ptr_null(try_to_open("ecko", loopback(ADDRESS_V4, 0), &diag));
    ck_assert_str_eq(diag.sentence, "there is no `ecko` to be served");
}
END_TEST

START_TEST(a_port_in_use_is_told)
{
    struct diag diag;
    struct live *first = try_to_open("echo", loopback(ADDRESS_V4, 0), &diag);
    ck_assert_ptr_nonnull(first);
    const struct endpoint taken = live_published_at(first);
    ck_assert_ptr_null(try_to_open("echo", taken, &diag));
    ck_assert_ptr_nonnull(strstr(diag.sentence, "address already in use"));
    world->host = first; /* the failed one has cleared it */
    live_close(first);
    struct live *second = try_to_open("echo", taken, &diag);
    ck_assert_msg(second != NULL, "%s", diag.sentence);
    const struct endpoint again = live_published_at(second);
    ck_assert(endpoint_equal(&again, &taken));
    live_close(second);
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test)
{
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, prepare, clean);
    tcase_add_test(tcase, test);
    suite_add_tcase(suite, tcase);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("outside");
    add(suite, "datagrams_are_answered", datagrams_are_answered);
    add(suite, "streams_are_answered_and_closed", streams_are_answered_and_closed);
    add(suite,
        can_bind_v6() ? "outsiders_may_come_over_v6"
                      : "skipped because ::1 is absent: outsiders_may_come_over_v6",
        outsiders_may_come_over_v6);
    add(suite, "a_crowd_is_answered", a_crowd_is_answered);
    add(suite, "what_is_not_published_can_be_asked_too", what_is_not_published_can_be_asked_too);
    add(suite, "the_published_seat_has_no_back_door", the_published_seat_has_no_back_door);
    add(suite, "datagrams_have_a_bound", datagrams_have_a_bound);
    add(suite, "nobody_is_waited_for_without_end", nobody_is_waited_for_without_end);
    add(suite, "idle_outsiders_give_way_to_new_ones", idle_outsiders_give_way_to_new_ones);
    add(suite, "connections_from_outside_are_bounded", connections_from_outside_are_bounded);
    add(suite, "a_long_connection_does_not_use_memory_up",
        a_long_connection_does_not_use_memory_up);
    add(suite, "reflectors_are_not_answered", reflectors_are_not_answered);
    add(suite, "who_never_reads_is_dropped", who_never_reads_is_dropped);
    add(suite, "nobody_is_heard_where_nothing_is_published",
        nobody_is_heard_where_nothing_is_published);
    add(suite, "only_loopback_is_served", only_loopback_is_served);
    add(suite, "an_unknown_seat_is_told", an_unknown_seat_is_told);
    add(suite, "a_port_in_use_is_told", a_port_in_use_is_told);
    return suite;
}
