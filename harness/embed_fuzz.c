/* The program that embeds a world, in the client's place: its packets, and the octets that decide
 * what becomes of answers to it. */
#include "harness/embed.h"

#include "sim/round.h"

#define DNS_PORT            53
#define DATAGRAM_OCTETS_MAX 65507
#define EXCHANGE_TIME       (5 * NS_PER_S)

/* AddressSanitizer's, where the program was built with it; else there are none. */
__attribute__((weak)) void __asan_poison_memory_region(const volatile void *start, size_t size);
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void *start, size_t size);

/* --- ports --- */

static void own_port(struct faultzone *world, uint16_t port)
{
    world->ports[port / 64] |= UINT64_C(1) << port % 64;
}

static bool owns_port(const struct faultzone *world, uint16_t port)
{
    return (world->ports[port / 64] >> port % 64 & 1) != 0;
}

static bool is_own(const struct faultzone *world, const struct packet *packet)
{
    const struct scenario *scenario = world->unit.scenario;
    return owns_port(world, packet->to.port) &&
           (address_equal(&packet->to.address, &scenario->client_v4) ||
            address_equal(&packet->to.address, &scenario->client_v6));
}

/* --- the inbox --- */

static void file(struct embed_inbox *inbox, const struct packet *packet)
{
    if (inbox->count == FAULTZONE_ARRIVALS_MAX) {
        return;
    }
    uint8_t *copy = NULL;
    const size_t size = packet->payload.size;
    if (size > 0) {
        copy = arena_alloc(&inbox->arena, size);
        if (copy == NULL) {
            return;
        }
        memcpy(copy, packet->payload.data, size);
    }
    struct packet *filed =
        &inbox->packets[(inbox->first + inbox->count++) % FAULTZONE_ARRIVALS_MAX];
    *filed = *packet;
    filed->payload = bytes_of(copy, size);
}

static bool fetch(struct embed_inbox *inbox, struct packet *ret)
{
    if (inbox->count == 0) {
        return false;
    }
    *ret = inbox->packets[inbox->first];
    inbox->first = (inbox->first + 1) % FAULTZONE_ARRIVALS_MAX;
    inbox->count--;
    return true;
}

/* --- running --- */

static void carry(struct round *round, const struct packet *packet, uint64_t flight)
{
    struct faultzone *world = round->host;
    if (is_own(world, packet)) {
        file(&world->inbox, packet);
    } else {
        round_deliver(round, packet, flight);
    }
}

void embed_run(struct faultzone *world, const struct run_limits *limits)
{
    struct round round;
    round_start(&round, world->unit.stage->world, limits, WORLD_EVENTS_DEFAULT);
    round.carry = carry;
    round.host = world;
    while (!round_is_done(&round) && round_turn(&round)) {}
}

void embed_unwatch(struct faultzone *world)
{
    if (__asan_unpoison_memory_region != NULL) {
        __asan_unpoison_memory_region(world->shown, sizeof world->shown);
    }
}

void embed_forget(struct faultzone *world)
{
    memset(world->ports, 0, sizeof world->ports);
    world->next_port = EMBED_FIRST_PORT;
    world->inbox.first = world->inbox.count = 0;
    arena_reset(&world->inbox.arena);
    world->unit.stage->world->mangler = NULL;
}

void faultzone_fuzz(struct faultzone *world, const uint8_t *octets, size_t size)
{
    const struct scenario *scenario = world->unit.scenario;
    const struct address askers[] = {scenario->client_v4, scenario->client_v6};
    faultzone_reset(world, world->seed);
    mangler_init(&world->mangler, askers, 2);
    mangler_start(&world->mangler, bytes_of(octets, size));
    world->unit.stage->world->mangler = &world->mangler;
}

const char *faultzone_fuzz_story(const struct faultzone *world)
{
    return world->unit.stage->world->mangler != NULL ? mangler_story(&world->mangler) : "";
}

/* --- sending --- */

/* False if `server` is no address. */
static bool address_packet(const struct faultzone *world, uint16_t port, const char *server,
                           struct packet *ret)
{
    const struct scenario *scenario = world->unit.scenario;
    ret->to = (struct endpoint){.address = scenario->resolver_v4, .port = DNS_PORT};
    if (server != NULL && !address_parse(bytes_of_string(server), &ret->to.address)) {
        return false;
    }
    const bool is_v6 = ret->to.address.family == ADDRESS_V6;
    ret->from = (struct endpoint){.address = is_v6 ? scenario->client_v6 : scenario->client_v4,
                                  .port = port};
    return true;
}

static void put_on_wire(struct faultzone *world, const struct packet *packet)
{
    struct world *inner = world->unit.stage->world;
    own_port(world, packet->from.port);
    transit_send(inner->transit, "client", packet, inner->now);
}

bool faultzone_send(struct faultzone *world, enum faultzone_transport transport, uint16_t port,
                    const char *server, const void *octets, size_t size)
{
    const bool is_udp = transport == FAULTZONE_UDP;
    struct packet packet = {.transport = is_udp ? TRANSPORT_UDP : TRANSPORT_TCP,
                            .kind = PACKET_DATA,
                            .payload = bytes_of(octets, size)};
    if (size > (is_udp ? DATAGRAM_OCTETS_MAX : FRAME_OCTETS_MAX) ||
        !address_packet(world, port, server, &packet)) {
        return false;
    }
    put_on_wire(world, &packet);
    return true;
}

void faultzone_hang_up(struct faultzone *world, uint16_t port, const char *server)
{
    struct packet packet = {.transport = TRANSPORT_TCP, .kind = PACKET_CLOSE};
    if (address_packet(world, port, server, &packet)) {
        put_on_wire(world, &packet);
    }
}

/* --- receiving --- */

/* The arrival's octets end where the watched memory begins. */
static void show(struct faultzone *world, struct bytes octets)
{
    embed_unwatch(world);
    if (octets.size > 0) {
        memcpy(world->shown, octets.data, octets.size);
    }
    if (__asan_poison_memory_region != NULL) {
        __asan_poison_memory_region(world->shown + octets.size, sizeof world->shown - octets.size);
    }
}

static enum faultzone_event hand_out(struct faultzone *world, const struct packet *packet,
                                     struct faultzone_arrival *ret)
{
    struct text server = text_in(ret->server, sizeof ret->server);
    address_put(&server, &packet->from.address);
    ret->transport = packet->transport == TRANSPORT_UDP ? FAULTZONE_UDP : FAULTZONE_TCP;
    ret->port = packet->to.port;
    ret->server_port = packet->from.port;
    show(world, packet->payload);
    ret->octets = world->shown;
    ret->size = packet->payload.size;
    switch (packet->kind) {
    case PACKET_DATA: return FAULTZONE_OCTETS;
    case PACKET_CLOSE: return FAULTZONE_CLOSED;
    default: return FAULTZONE_RESET;
    }
}

static bool has_arrival(void *context)
{
    const struct embed_inbox *inbox = context;
    return inbox->count > 0;
}

/* The next packet; what was fetched before it is gone. */
static bool next_packet(struct faultzone *world, uint64_t until, struct packet *ret)
{
    struct embed_inbox *inbox = &world->inbox;
    const struct run_limits limits = {
        .until = until, .events_max = RUN_STEP_EVENTS_MAX, .done = has_arrival, .context = inbox};
    if (inbox->count == 0) {
        arena_reset(&inbox->arena);
        embed_run(world, &limits);
    }
    return fetch(inbox, ret);
}

enum faultzone_event faultzone_receive(struct faultzone *world, uint64_t nanoseconds,
                                       struct faultzone_arrival *ret)
{
    struct packet packet;
    const uint64_t until = instant_after(faultzone_now(world), nanoseconds);
    return next_packet(world, until, &packet) ? hand_out(world, &packet, ret) : FAULTZONE_NOTHING;
}

/* --- both in one --- */

static bool send_query(struct faultzone *world, enum faultzone_transport transport, uint16_t port,
                       const char *server, struct bytes query)
{
    uint8_t prefix[FRAME_PREFIX_OCTETS];
    if (transport == FAULTZONE_UDP) {
        return faultzone_send(world, transport, port, server, query.data, query.size);
    }
    if (query.size > MESSAGE_OCTETS_MAX) {
        return false;
    }
    frame_prefix(prefix, query.size);
    return faultzone_send(world, transport, port, server, prefix, sizeof prefix) &&
           faultzone_send(world, transport, port, server, query.data, query.size);
}

/* Takes a packet that came to the exchange's port. False if more must come. */
static bool take_answer(struct faultzone *world, struct packet *packet, struct frame *frame,
                        struct faultzone_arrival *ret, enum faultzone_outcome *ret_outcome)
{
    struct bytes message = packet->payload;
    *ret_outcome = FAULTZONE_FAILED;
    if (packet->kind != PACKET_DATA) {
        return true;
    }
    if (packet->transport == TRANSPORT_TCP) {
        struct bytes chunk = packet->payload;
        const enum frame_outcome outcome = frame_next(frame, &chunk, &message);
        if (outcome != FRAME_MESSAGE) {
            return outcome != FRAME_MORE;
        }
    }
    packet->payload = message;
    hand_out(world, packet, ret);
    *ret_outcome = FAULTZONE_ANSWERED;
    return true;
}

enum faultzone_outcome faultzone_exchange(struct faultzone *world,
                                          enum faultzone_transport transport, const char *server,
                                          const void *query, size_t size,
                                          struct faultzone_arrival *ret)
{
    const uint64_t until = instant_after(faultzone_now(world), EXCHANGE_TIME);
    const uint16_t port = world->next_port;
    enum faultzone_outcome outcome = FAULTZONE_TIMED_OUT;
    struct packet packet;
    struct frame frame;
    frame_start(&frame, world->stream, sizeof world->stream);
    world->next_port = port == UINT16_MAX ? EMBED_FIRST_PORT : port + 1;
    if (!send_query(world, transport, port, server, bytes_of(query, size))) {
        return FAULTZONE_BAD_NAME;
    }
    bool is_over = false;
    while (!is_over && next_packet(world, until, &packet)) {
        is_over = packet.to.port == port && take_answer(world, &packet, &frame, ret, &outcome);
    }
    if (transport == FAULTZONE_TCP) {
        faultzone_hang_up(world, port, server);
    }
    return is_over ? outcome : FAULTZONE_TIMED_OUT;
}
