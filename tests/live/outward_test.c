/* The host of a single machine, against a thread with a plain socket: thousands of questions may be
 * open at once, and each answer comes back to the port that asked. */
#include "live/outward.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/support.h"

#define QUESTIONS  2000
#define PORT_FIRST 20000
#define AT_ONCE    50
#define APART      NS_PER_MS
#define PATIENCE   (20 * NS_PER_S)

static const uint8_t loopback[] = {127, 0, 0, 1};

/* Answers nobody until everybody has asked. */
struct oracle {
    int descriptor;
    uint16_t port;
    struct sockaddr_in from[QUESTIONS];
    uint16_t numbers[QUESTIONS];
};

static void *answer_all(void *context)
{
    struct oracle *oracle = context;
    for (size_t i = 0; i < QUESTIONS; i++) {
        socklen_t length = sizeof oracle->from[i];
        if (recvfrom(oracle->descriptor, &oracle->numbers[i], sizeof oracle->numbers[i], 0,
                     (struct sockaddr *)&oracle->from[i], &length) < 0) {
            return NULL;
        }
    }
    for (size_t i = 0; i < QUESTIONS; i++) {
        sendto(oracle->descriptor, &oracle->numbers[i], sizeof oracle->numbers[i], 0,
               (const struct sockaddr *)&oracle->from[i], sizeof oracle->from[i]);
    }
    return NULL;
}

static void open_oracle(struct oracle *oracle)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    const struct timeval patience = {.tv_sec = PATIENCE / NS_PER_S};
    oracle->descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    ck_assert_int_ge(oracle->descriptor, 0);
    ck_assert_int_eq(bind(oracle->descriptor, (const struct sockaddr *)&address, sizeof address),
                     0);
    getsockname(oracle->descriptor, (struct sockaddr *)&address, &length);
    setsockopt(oracle->descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    oracle->port = ntohs(address.sin_port);
}

/* Asks from a port of its own for every number. */
struct curious {
    struct machine machine;
    struct endpoint server;
    uint16_t asked;
    size_t heard;
    bool answered[QUESTIONS];
    instant_ns due;
};

static void ask(struct curious *curious, struct outbox *outbox)
{
    const struct endpoint from = {.address = {.family = ADDRESS_V4},
                                  .port = (uint16_t)(PORT_FIRST + curious->asked)};
    outbox_send_copy(outbox, &from, &curious->server, TRANSPORT_UDP,
                     bytes_of(&curious->asked, sizeof curious->asked));
    curious->asked++;
}

static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct curious *curious = (struct curious *)machine;
    if (event->kind == EVENT_PACKET) {
        uint16_t number;
        ck_assert_uint_eq(event->packet.payload.size, sizeof number);
        memcpy(&number, event->packet.payload.data, sizeof number);
        ck_assert_uint_eq(event->packet.to.port, PORT_FIRST + number);
        ck_assert(!curious->answered[number]);
        curious->answered[number] = true;
        curious->heard++;
    }
    for (size_t i = 0; event->now >= curious->due && i < AT_ONCE && curious->asked < QUESTIONS;
         i++) {
        ask(curious, outbox);
    }
    if (event->now >= curious->due) {
        curious->due = instant_after(event->now, curious->asked < QUESTIONS ? APART : NS_PER_S);
    }
}

static instant_ns deadline(const struct machine *machine)
{
    return ((const struct curious *)machine)->due;
}

static bool is_done(void *context)
{
    const struct curious *curious = context;
    return curious->heard == QUESTIONS || curious->due > PATIENCE;
}

START_TEST(an_answer_finds_its_port_though_thousands_are_open)
{
    static const struct machine_ops ops = {step, deadline};
    static struct oracle oracle;
    static struct curious curious;
    struct arena arena;
    pthread_t thread;
    open_oracle(&oracle);
    curious.machine.ops = &ops;
    curious.server = (struct endpoint){address_v4(loopback), oracle.port};
    arena_init(&arena, (size_t)64 << 20);
    struct outward *outward = outward_new(&arena);
    ck_assert_ptr_nonnull(outward);
    ck_assert_int_eq(pthread_create(&thread, NULL, answer_all, &oracle), 0);
    ck_assert(outward_run(outward, &curious.machine, is_done, &curious));
    outward_close(outward);
    pthread_join(thread, NULL);
    close(oracle.descriptor);
    ck_assert_uint_eq(curious.heard, QUESTIONS);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("outward");
    add_test(suite, an_answer_finds_its_port_though_thousands_are_open);
    return suite;
}
