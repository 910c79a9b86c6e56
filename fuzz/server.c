/* Any octets put to every server of a world: an octet chooses the world, one the server, one the
 * way, one how TCP is cut. What must hold: an answer goes back to who asked, with its ID, as an
 * answer, and is a sound message no larger than the asker takes; an answer is never answered. */
#include <assert.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "fuzz/worlds.h"
#include "wire/frame.h"
#include "wire/message.h"

#define SEED 1

/* A question to a server. */
struct asked {
    struct packet packet;
    struct message query; /* if `is_query` */
    bool is_query;        /* strictly a message */
    bool is_answer;       /* QR is set */
};

static struct asked ask_of(struct stage *stage, struct input *input)
{
    struct asked asked = {0};
    struct message_header header = {0};
    const struct scenario_seat *seat =
        &stage->scenario->seats[input_u8(input) % stage->server_count];
    asked.packet = (struct packet){
        .from = {.address = stage->scenario->client_v4, .port = 40000},
        .to = {.address = seat->addresses[0], .port = 53},
        .transport = input_u8(input) % 4 == 0 ? TRANSPORT_TCP : TRANSPORT_UDP,
        .kind = PACKET_DATA,
    };
    if (seat->addresses[0].family == ADDRESS_V6) {
        asked.packet.from.address = stage->scenario->client_v6;
    }
    asked.packet.payload = exact_copy(input_rest(input));
    asked.is_query = message_parse(asked.packet.payload, MESSAGE_STRICT, &asked.query, NULL);
    asked.is_answer =
        message_peek(asked.packet.payload, &header) && (header.flags & MESSAGE_QR) != 0;
    return asked;
}

static void check_message(const struct asked *asked, struct bytes octets, size_t most)
{
    struct message answer;
    const uint8_t *id = asked->packet.payload.data;
    assert(octets.size <= most);
    assert(octets.size >= MESSAGE_HEADER_OCTETS && (octets.data[2] & 0x80) != 0);
    if (octets.size > MESSAGE_HEADER_OCTETS) { /* a header alone may answer what is no message */
        assert(message_parse(octets, MESSAGE_STRICT, &answer, NULL));
    }
    assert(asked->packet.transport == TRANSPORT_TCP || memcmp(octets.data, id, 2) == 0);
}

static void check_datagram(const struct asked *asked, const struct packet *packet)
{
    const uint16_t most =
        asked->is_query ? edns_udp_limit(&asked->query.edns, UINT16_MAX) : EDNS_UDP_SIZE_MIN;
    assert(packet->kind == PACKET_DATA && !asked->is_answer);
    check_message(asked, packet->payload, most);
}

/* What came back, all packets of one step. */
static void check_outbox(const struct asked *asked, const struct outbox *outbox,
                         struct frame *frame)
{
    for (size_t i = 0; i < outbox->count; i++) {
        const struct packet *packet = &outbox->packets[i];
        struct bytes rest = packet->payload, message;
        assert(endpoint_equal(&packet->from, &asked->packet.to));
        assert(endpoint_equal(&packet->to, &asked->packet.from));
        assert(packet->transport == asked->packet.transport);
        if (packet->transport == TRANSPORT_UDP) {
            check_datagram(asked, packet);
        }
        while (packet->transport == TRANSPORT_TCP && packet->kind == PACKET_DATA &&
               frame_next(frame, &rest, &message) == FRAME_MESSAGE) {
            check_message(asked, message, MESSAGE_OCTETS_MAX);
        }
    }
    assert(asked->packet.transport == TRANSPORT_TCP || outbox->count <= 1);
}

/* Puts it to the server's machine; a stream in two pieces. */
static void put(struct stage *stage, const struct asked *asked, uint8_t cut)
{
    static uint8_t buffer[FRAME_OCTETS_MAX];
    const struct seat *seat = world_find(stage->world, &asked->packet.to.address);
    const struct bytes payload = asked->packet.payload;
    const bool is_stream = asked->packet.transport == TRANSPORT_TCP;
    const size_t first = is_stream && cut < payload.size ? cut : payload.size;
    const struct bytes parts[] = {bytes_of(payload.data, first), bytes_after(payload, first)};
    struct frame frame;
    frame_start(&frame, buffer, sizeof buffer);
    for (size_t i = 0; i < 2; i++) {
        struct event event = {.kind = EVENT_PACKET, .packet = asked->packet};
        event.packet.payload = parts[i];
        if (parts[i].size > 0 || (i == 0 && !is_stream)) {
            outbox_clear(stage->world->outbox);
            machine_step(seat->machine, &event, stage->world->outbox);
            check_outbox(asked, stage->world->outbox, &frame);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    struct stage *stage = fuzz_world_stage(input_below(&input, WORLDS));
    const uint8_t cut = input_u8(&input);
    stage_reset(stage, SEED);
    struct asked asked = ask_of(stage, &input);
    put(stage, &asked, cut);
    exact_free(asked.packet.payload);
    return 0;
}
