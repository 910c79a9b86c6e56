/* The loop. A packet that is due is carried to a socket; what comes out of another is handed to the
 * machine it is for. */
#include "live/live.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "live/arrivals.h"
#include "live/doors.h"
#include "live/loop_memory.h"
#include "live/outsiders.h"
#include "live/spare.h"
#include "sim/round.h"

#define LIVE_MEMORY_MAX ((size_t)128 * 1024 * 1024)
#define HOUSEKEEPING_MS 100
#define TURNS_A_POLL    256 /* turns of the world between looks at the sockets */

enum { SIGNALS = 2 };

struct live {
    struct arena arena;
    struct world *world;
    uv_loop_t loop;
    uv_timer_t housekeeping;
    uv_timer_t alarm; /* when something is due in real time */
    uv_signal_t signals[SIGNALS];
    uv_poll_t stop_poll;
    struct arrivals arrivals;
    struct udp udp;
    struct tcp tcp;
    struct outsiders outsiders;
    struct doors doors;
    bool is_published; /* or sealed: outsiders may ask */
    bool is_sealed;
    bool was_stopped;
    struct round *round; /* the run under way */
    uint64_t started;    /* it, by the monotonic clock */
    instant_ns base;     /* the world's clock then */
    uint64_t events;     /* the world's when the last run ended */
};

/* --- what the wire tells --- */

/* The world's clock follows the monotonic one while outsiders may be waiting. */
static void read_clock(struct live *live)
{
    if (live->is_published) {
        const instant_ns now = instant_after(live->base, uv_hrtime() - live->started);
        if (now > live->world->now) {
            live->world->now = now;
            live->round->simultaneous = 0;
        }
    }
}

/* Carries at once what is due at once, so that answers leave in the batch in which questions came.
 */
static void send_due(struct live *live)
{
    struct packet packet;
    uint64_t flight;
    while (transit_take(live->world->transit, live->world->now, &packet, &flight)) {
        live->round->carry(live->round, &packet, flight);
    }
}

/* In a sealed network the way from an outsider is a link like any other: faults strike there too. A
 * connection's octets have come through the kernel in order, and stay so. */
static void receive(struct live *live, const struct packet *packet, uint64_t flight)
{
    if (flight == 0 && live->is_sealed && packet->transport == TRANSPORT_UDP) {
        transit_send(live->world->transit, "outside", packet, live->world->now);
    } else {
        round_deliver(live->round, packet, flight);
    }
}

/* One look at the clock is enough for a batch. */
static void woke(void *context)
{
    struct live *live = context;
    tcp_keep_spare(&live->tcp);
    if (live->round != NULL) {
        read_clock(live);
    }
}

static void arrived(void *context, const struct packet *packet, uint64_t flight)
{
    struct live *live = context;
    spare_keep(&live->loop); /* before anybody takes the last descriptor */
    if (live->round == NULL) {
        return;
    }
    if (packet->transport == TRANSPORT_TCP) {
        read_clock(live);
    } else if (flight == 0) {
        outsiders_remember(&live->outsiders, &packet->from);
    }
    receive(live, packet, flight);
    if (live->is_published) {
        send_due(live);
    }
}

static void left(void *context, const struct packet *packet, uint64_t flight)
{
    const struct live *live = context;
    trace_put(live->world->trace, &(struct trace_entry){.at = live->world->now,
                                                        .kind = TRACE_ARRIVED,
                                                        .who = "outside",
                                                        .flight = flight,
                                                        .packet = *packet});
}

static void lost(void *context, const struct packet *packet, uint64_t flight, const char *why)
{
    struct live *live = context;
    if (live->round != NULL) {
        read_clock(live);
        world_lose(live->world, packet, flight, why);
    }
}

static void opened(void *context, const struct endpoint *opener, const struct endpoint *accepter)
{
    struct live *live = context;
    transit_opened(live->world->transit, opener, accepter);
}

static void ended(void *context, const struct endpoint *opener, const struct endpoint *accepter)
{
    struct live *live = context;
    transit_ended(live->world->transit, opener, accepter);
}

/* --- carrying --- */

/* In a sealed network outsiders have addresses of the simulated world. */
static bool is_for_insider(struct live *live, const struct packet *packet)
{
    return packet->transport == TRANSPORT_TCP
               ? !tcp_has_outsider(&live->tcp, &packet->from, &packet->to)
               : atlas_find_simulated(&live->udp.atlas, &packet->to) != NULL ||
                     !outsiders_know(&live->outsiders, &packet->to);
}

static bool is_of_outsider(const struct live *live, const struct packet *packet)
{
    return live->is_sealed && packet->transport == TRANSPORT_UDP && packet->to.port == DNS_PORT &&
           atlas_find_simulated(&live->udp.atlas, &packet->from) == NULL &&
           outsiders_know(&live->outsiders, &packet->from);
}

static bool is_for_outsider(struct live *live, const struct packet *packet)
{
    if (live->is_sealed) {
        const bool is_heard = packet->transport == TRANSPORT_UDP &&
                              outsiders_know(&live->outsiders, &packet->to); /* of forgers too */
        return (packet->from.port == DNS_PORT || is_heard) && !is_for_insider(live, packet);
    }
    return live->is_published && packet->from.port == DNS_PORT &&
           acl_allows(live->udp.allowed, &packet->to.address) &&
           world_find(live->world, &packet->to.address) == NULL &&
           (packet->transport == TRANSPORT_TCP || outsiders_know(&live->outsiders, &packet->to));
}

static void carry_outside(struct live *live, const struct packet *packet, uint64_t flight)
{
    if (packet->transport == TRANSPORT_UDP) {
        udp_send_outside(&live->udp, packet, flight);
    } else if (tcp_send_outside(&live->tcp, packet)) {
        left(live, packet, flight);
    } else {
        lost(live, packet, flight, LOST_BY_SYSTEM);
    }
}

static void carry(struct round *round, const struct packet *packet, uint64_t flight)
{
    struct live *live = round->host;
    if (is_for_outsider(live, packet)) {
        carry_outside(live, packet, flight);
    } else if (is_of_outsider(live, packet)) {
        round_deliver(round, packet, flight);
    } else if (world_find(live->world, &packet->to.address) == NULL) {
        round_deliver(round, packet, flight); /* which finds no route */
    } else if (packet->transport == TRANSPORT_UDP) {
        udp_carry(&live->udp, packet, flight);
    } else {
        tcp_carry(&live->tcp, packet, flight,
                  transit_is_opener(live->world->transit, &packet->from, &packet->to));
    }
}

/* --- the loop --- */

static bool is_over(const struct live *live)
{
    return live->was_stopped || round_is_done(live->round);
}

static bool is_wire_busy(const struct live *live)
{
    return udp_afloat(&live->udp) + tcp_afloat(&live->tcp) > 0;
}

/* Nobody outside: one packet on the wire at a time, and the clock stands still meanwhile. False if
 * the run reached a limit. */
static bool run_alone(struct live *live)
{
    for (unsigned turns = 0; !is_over(live); turns++) {
        if (is_wire_busy(live)) {
            uv_run(&live->loop, UV_RUN_ONCE);
        } else if (!round_turn(live->round)) {
            return false;
        } else if (turns % TURNS_A_POLL == 0) {
            uv_run(&live->loop, UV_RUN_NOWAIT);
        }
    }
    return true;
}

static void wake_up(uv_timer_t *timer)
{
    (void)timer; /* the loop looks for itself what is due */
}

static void sleep_until(struct live *live, instant_ns due)
{
    udp_flush(&live->udp);
    if (due != NEVER) {
        const duration_ns rest = instant_since(live->world->now, due);
        uv_update_time(&live->loop);
        uv_timer_start(&live->alarm, wake_up, rest / NS_PER_MS + 1, 0);
    }
    uv_run(&live->loop, UV_RUN_ONCE);
    tcp_keep_spare(&live->tcp);
    uv_timer_stop(&live->alarm);
}

/* In real time. */
static bool run_published(struct live *live)
{
    const instant_ns until = live->round->limits->until;
    for (unsigned turns = 0; !is_over(live); turns++) {
        read_clock(live);
        const instant_ns due = instant_earlier(round_due(live->round), until);
        if (due > live->world->now) {
            sleep_until(live, due);
        } else if (!round_turn(live->round)) {
            return false;
        } else if (turns % TURNS_A_POLL == 0) {
            udp_flush(&live->udp);
            uv_run(&live->loop, UV_RUN_NOWAIT);
        }
    }
    return true;
}

instant_ns live_run(struct world *world, const struct run_limits *limits)
{
    struct live *live = world->host;
    assert(live != NULL);
    if (world->events < live->events) {
        tcp_forget(&live->tcp);
        udp_forget(&live->udp);
    }
    struct round round;
    round_start(&round, world, limits, live->is_published ? UINT64_MAX : WORLD_EVENTS_DEFAULT);
    round.carry = carry;
    round.host = live;
    live->round = &round;
    live->started = uv_hrtime();
    live->base = world->now;
    uv_run(&live->loop, UV_RUN_NOWAIT);
    if (live->is_published ? run_published(live) : run_alone(live)) {
        world->ended = RUN_DONE;
    }
    udp_flush(&live->udp);
    live->round = NULL;
    live->events = world->events;
    return world->now;
}

bool live_was_stopped(const struct live *live)
{
    return live->was_stopped;
}

/* --- opening --- */

static void keep_house(uv_timer_t *timer)
{
    struct live *live = timer->data;
    udp_give_up(&live->udp);
    tcp_give_up(&live->tcp);
}

static void stop(uv_signal_t *handle, int number)
{
    struct live *live = handle->data;
    (void)number;
    live->was_stopped = true;
    uv_stop(&live->loop);
}

static void stop_polled(uv_poll_t *handle, int status, int events)
{
    struct live *live = handle->data;
    (void)status;
    (void)events;
    live->was_stopped = true;
    uv_poll_stop(handle);
    uv_stop(&live->loop);
}

bool live_stop_at(struct live *live, int descriptor)
{
    if (uv_poll_init(&live->loop, &live->stop_poll, descriptor) != 0) {
        return false;
    }
    live->stop_poll.data = live;
    return uv_poll_start(&live->stop_poll, UV_READABLE | UV_DISCONNECT, stop_polled) == 0;
}

/* Neither can fail: a timer takes no memory and no descriptor. */
static void start_timers(struct live *live)
{
    uv_timer_init(&live->loop, &live->alarm);
    uv_timer_init(&live->loop, &live->housekeeping);
    live->housekeeping.data = live;
    uv_timer_start(&live->housekeeping, keep_house, HOUSEKEEPING_MS, HOUSEKEEPING_MS);
}

static bool watch_signals(struct live *live, struct diag *reterr)
{
    static const int numbers[SIGNALS] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < SIGNALS; i++) {
        int error = uv_signal_init(&live->loop, &live->signals[i]);
        live->signals[i].data = live;
        if (error == 0) {
            error = uv_signal_start(&live->signals[i], stop, numbers[i]);
        }
        if (error != 0) {
            return diag_set(reterr, (struct place){0}, "signals cannot be waited for: %s",
                            uv_strerror(error));
        }
    }
    return true;
}

static bool open_all(struct live *live, const struct live_options *options, struct diag *reterr)
{
    if (!udp_init(&live->udp, &live->loop, &live->arena, &live->arrivals) ||
        !tcp_init(&live->tcp, &live->loop, &live->arena, &live->arrivals)) {
        return diag_set(reterr, (struct place){0}, "there is no memory for sockets");
    }
    start_timers(live);
    if (options->stop_on_signals && !watch_signals(live, reterr)) {
        return false;
    }
    live->doors = (struct doors){.udp = &live->udp,
                                 .tcp = &live->tcp,
                                 .is_sealed = options->is_sealed,
                                 .absent = options->absent};
    live->is_sealed = options->is_sealed;
    live->is_published = options->published_seat != NULL || live->is_sealed;
    live->udp.hears_outsiders = live->is_published;
    live->udp.allowed = live->tcp.allowed = options->allowed;
    live->tcp.hears_outsiders = live->is_published;
    live->udp.is_sealed = live->is_sealed;
    live->tcp.is_sealed = live->is_sealed;
    return doors_open_seats(&live->doors, live->world, reterr) &&
           (options->published_seat == NULL ||
            doors_publish(&live->doors, live->world, options->published_seat,
                          &options->published_at, reterr));
}

/* libuv aborts where it cannot make its first pipe: so we see beforehand that there can be one. */
static bool has_descriptors(void)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    close(ends[0]);
    close(ends[1]);
    return true;
}

struct live *live_open(struct world *world, const struct live_options *options, struct diag *reterr)
{
    struct arena arena;
    arena_init(&arena, LIVE_MEMORY_MAX);
    struct live *live = ARENA_NEW(&arena, struct live);
    loop_memory_use();
    if (live == NULL || !has_descriptors() || uv_loop_init(&live->loop) != 0) {
        diag_set(reterr, (struct place){0}, "the system gives no event loop");
        arena_free(&arena);
        return NULL;
    }
    live->arena = arena;
    live->world = world;
    live->arrivals = (struct arrivals){.woke = woke,
                                       .arrived = arrived,
                                       .left = left,
                                       .lost = lost,
                                       .opened = opened,
                                       .ended = ended,
                                       .context = live};
    world->host = live;
    if (!open_all(live, options, reterr)) {
        live_close(live);
        return NULL;
    }
    return live;
}

struct endpoint live_published_at(const struct live *live)
{
    return live->doors.published_at;
}

bool live_real_endpoint(const struct live *live, const struct endpoint *simulated,
                        struct endpoint *ret)
{
    if (live->is_published && endpoint_equal(simulated, &live->doors.published)) {
        *ret = live->doors.published_at;
        return true;
    }
    const struct atlas_entry *entry = atlas_find_simulated(&live->udp.atlas, simulated);
    if (entry != NULL) {
        *ret = entry->real;
    }
    return entry != NULL;
}

/* --- changes under way --- */

bool live_admit(struct live *live, const struct seat *seat, struct diag *reterr)
{
    if (live->round != NULL) {
        round_ask(live->round, seat);
    }
    return doors_open_seat(&live->doors, seat, reterr);
}

static void restart_clock(struct live *live)
{
    live->started = uv_hrtime();
    live->base = live->world->now;
}

void live_rewind(struct live *live)
{
    struct world *world = live->world;
    tcp_forget(&live->tcp);
    udp_forget(&live->udp);
    live->events = 0;
    restart_clock(live);
    for (size_t i = 0; live->round != NULL && i < world->seat_count; i++) {
        round_ask(live->round, &world->seats[i]);
    }
}

bool live_advance(struct live *live, duration_ns duration)
{
    struct world *world = live->world;
    if (is_wire_busy(live) || transit_count(world->transit) > 0) {
        return false;
    }
    if (live->round != NULL) {
        read_clock(live);
    }
    world->now = instant_after(world->now, duration);
    restart_clock(live);
    return true;
}

struct uv_loop_s *live_loop(struct live *live)
{
    return &live->loop;
}

/* --- closing --- */

static void close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

void live_close(struct live *live)
{
    live->round = NULL;
    live->world->host = NULL;
    tcp_forget(&live->tcp);
    udp_close(&live->udp);
    uv_walk(&live->loop, close_handle, NULL);
    uv_run(&live->loop, UV_RUN_DEFAULT);
    const int error = uv_loop_close(&live->loop);
    assert(error == 0); /* every handle is closed */
    struct arena arena = live->arena;
    arena_free(&arena);
}

/* --- chance --- */

/* From the system, many at a time; a number is used once. */
static uint64_t next_random(void *source)
{
    static uint64_t pool[64];
    static size_t left;
    (void)source;
    if (left == 0) {
        const int error = uv_random(NULL, NULL, pool, sizeof pool, 0, NULL);
        assert(error == 0); /* without it nothing may be sent */
        left = sizeof pool / sizeof pool[0];
    }
    const uint64_t number = pool[--left];
    pool[left] = 0;
    return number;
}

struct entropy live_entropy(void)
{
    return (struct entropy){.next = next_random};
}
