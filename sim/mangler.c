#include "sim/mangler.h"

#include <assert.h>

#include "base/rng.h"
#include "sim/decoy.h"
#include "sim/glimpse.h"
#include "wire/frame.h"

#define DNS_PORT 53

/* One answer on its way. */
struct sending {
    struct mangler *mangler;
    struct transit *transit;
    const char *who;
    const struct packet *packet;
    instant_ns now;
    struct input *input;
};

/* --- starting --- */

void mangler_init(struct mangler *mangler, const struct address *askers, size_t asker_count)
{
    assert(asker_count <= MANGLER_ASKERS_MAX);
    memcpy(mangler->askers, askers, asker_count * sizeof *askers);
    mangler->asker_count = asker_count;
    mangler->strangers = false;
    mangler->listener = NULL;
    mangler_start(mangler, bytes_of(NULL, 0));
}

void mangler_start(struct mangler *mangler, struct bytes octets)
{
    mangler->by_seed = false;
    mangler->input = input_of(octets.data, octets.size);
    mangler->held.full = false;
    mangler->story = text_in(mangler->story_octets, sizeof mangler->story_octets);
}

void mangler_start_seed(struct mangler *mangler, uint64_t seed)
{
    mangler_start(mangler, bytes_of(NULL, 0));
    mangler->by_seed = true;
    mangler->seed = seed;
    memset(mangler->asked, 0, sizeof mangler->asked);
}

static bool is_asker(const struct mangler *mangler, const struct address *address)
{
    for (size_t i = 0; i < mangler->asker_count; i++) {
        if (address_equal(&mangler->askers[i], address)) {
            return true;
        }
    }
    return false;
}

bool mangler_takes(const struct mangler *mangler, const struct packet *packet, bool is_stranger)
{
    return packet->kind == PACKET_DATA && packet->from.port == DNS_PORT &&
           packet->payload.size <= MANGLE_OCTETS_MAX &&
           ((is_stranger && mangler->strangers) || is_asker(mangler, &packet->to.address));
}

/* --- what decides --- */

/* The message inside a packet: over TCP only one that lies whole in it. */
static struct bytes message_in(const struct packet *packet)
{
    const struct bytes octets = packet->payload;
    if (packet->transport == TRANSPORT_UDP) {
        return octets;
    }
    const size_t size =
        octets.size < FRAME_PREFIX_OCTETS ? 0 : (size_t)octets.data[0] << 8 | octets.data[1];
    const struct bytes rest = bytes_after(octets, FRAME_PREFIX_OCTETS);
    return rest.size == size ? rest : bytes_of(NULL, 0);
}

/* Decisions for an answer to this question, the next of its kind. */
static struct input draw(struct mangler *mangler, const struct packet *packet)
{
    const struct glimpse glimpse = glimpse_of(message_in(packet));
    const uint64_t question = glimpse.has_question ? name_wire_hash(glimpse.name) : 0;
    const uint64_t kind = (uint64_t)glimpse.type << 1 | (packet->transport == TRANSPORT_TCP);
    uint8_t *times = &mangler->asked[(question ^ kind * 31) % MANGLER_QUESTIONS_MAX];
    const uint64_t purpose[] = {question, kind, *times};
    struct rng rng;
    *times += 1;
    rng_seed(&rng, mangler->seed, bytes_of((const uint8_t *)purpose, sizeof purpose));
    for (size_t i = 0; i < sizeof mangler->drawn; i++) {
        mangler->drawn[i] = (uint8_t)(rng_next(&rng) >> 32);
    }
    return input_of(mangler->drawn, sizeof mangler->drawn);
}

/* --- what is done --- */

static void tell(struct sending *sending, const char *word)
{
    text_put(&sending->mangler->story, word);
}

static void send(struct sending *sending, const struct packet *packet)
{
    transit_send(sending->transit, sending->who, packet, sending->now);
}

static void send_octets(struct sending *sending, struct bytes octets)
{
    struct packet packet = *sending->packet;
    packet.payload = octets;
    send(sending, &packet);
}

static void pass(struct sending *sending)
{
    tell(sending, "as-it-is");
    send(sending, sending->packet);
}

/* The end of a connection by the one who answers. */
static void send_end(struct sending *sending, enum packet_kind kind)
{
    struct packet packet = *sending->packet;
    packet.kind = kind;
    packet.payload = bytes_of(NULL, 0);
    send(sending, &packet);
}

static void tell_edits(struct sending *sending)
{
    const struct mangle *mangle = &sending->mangler->mangle;
    for (size_t i = 0; i < mangle->edit_count; i++) {
        tell(sending, i == 0 ? "" : "+");
        tell(sending, mangle->edits[i]);
    }
    if (mangle->edit_count == 0) {
        tell(sending, "anew");
    }
}

static void send_edited(struct sending *sending)
{
    struct mangler *mangler = sending->mangler;
    const struct bytes message = message_in(sending->packet);
    if (message.size == 0) {
        pass(sending);
        return;
    }
    mangle_message(&mangler->mangle, message, sending->input);
    const struct bytes octets = bytes_of(mangler->mangle.octets, mangler->mangle.size);
    if (decoy_shows_in(octets)) {
        pass(sending); /* the mark is for forgeries only, whatever the input says */
        return;
    }
    tell_edits(sending);
    if (sending->packet->transport == TRANSPORT_UDP) {
        send_octets(sending, octets);
        return;
    }
    frame_prefix(mangler->frame, octets.size);
    memcpy(mangler->frame + FRAME_PREFIX_OCTETS, octets.data, octets.size);
    send_octets(sending, bytes_of(mangler->frame, octets.size + FRAME_PREFIX_OCTETS));
}

/* --- the network's worst, over UDP --- */

static void hold(struct sending *sending)
{
    struct mangler *mangler = sending->mangler;
    const struct bytes payload = sending->packet->payload;
    memcpy(mangler->held.octets, payload.data, payload.size);
    mangler->held.packet = *sending->packet;
    mangler->held.packet.payload = bytes_of(mangler->held.octets, payload.size);
    mangler->held.who = sending->who;
    mangler->held.full = true;
}

static void forge_before(struct sending *sending, uint8_t how)
{
    struct decoy decoy;
    if (decoy_make(sending->packet, (enum decoy_miss)(how % DECOY_MISSES), &decoy)) {
        send(sending, &decoy.packet);
    }
    send(sending, sending->packet);
}

static void send_twice(struct sending *sending)
{
    tell(sending, "twice");
    send(sending, sending->packet);
    send(sending, sending->packet);
}

static void abuse_datagram(struct sending *sending, uint8_t how)
{
    switch (how % 8) {
    case 0: tell(sending, "lost"); break;
    case 1: send_twice(sending); break;
    case 2:
        if (!sending->mangler->held.full && sending->packet->payload.size > 0) {
            tell(sending, "late");
            hold(sending);
            break;
        }
        pass(sending);
        break;
    default:
        tell(sending, "forged-before");
        forge_before(sending, how / 8);
        break;
    }
}

/* --- the network's worst, over TCP --- */

static void send_pieces(struct sending *sending, size_t size)
{
    struct bytes rest = sending->packet->payload;
    for (unsigned i = 0; i < 32 && rest.size > size; i++) {
        send_octets(sending, bytes_of(rest.data, size));
        rest = bytes_after(rest, size);
    }
    send_octets(sending, rest);
}

/* Another length before the message than it has. */
static void send_with_prefix(struct sending *sending, uint16_t prefix)
{
    const struct bytes octets = sending->packet->payload;
    uint8_t *frame = sending->mangler->frame;
    memcpy(frame, octets.data, octets.size);
    frame[0] = (uint8_t)(prefix >> 8);
    frame[1] = (uint8_t)prefix;
    send_octets(sending, bytes_of(frame, octets.size));
}

static void abuse_stream(struct sending *sending, uint8_t how)
{
    const struct bytes octets = sending->packet->payload;
    switch (how % 8) {
    case 0: tell(sending, "silence"); break;
    case 1: send_twice(sending); break;
    case 2:
        tell(sending, "closed");
        send_end(sending, PACKET_CLOSE);
        break;
    case 3:
        tell(sending, "reset");
        send_end(sending, PACKET_RESET);
        break;
    case 4:
        tell(sending, "cut-and-closed");
        send_octets(sending, bytes_of(octets.data, 1 + input_u16(sending->input) % octets.size));
        send_end(sending, PACKET_CLOSE);
        break;
    case 5:
        tell(sending, "length");
        send_with_prefix(sending, input_u16(sending->input));
        break;
    default:
        tell(sending, "pieces");
        send_pieces(sending, (size_t)how / 8 + 1);
        break;
    }
}

/* --- answers --- */

static void act(struct sending *sending)
{
    const uint8_t decision = input_u8(sending->input);
    tell(sending, sending->mangler->story.size > 0 ? " " : "");
    if (decision % 2 == 1) {
        send_edited(sending);
    } else if (decision % 4 == 0) {
        pass(sending);
    } else if (sending->packet->transport == TRANSPORT_UDP) {
        abuse_datagram(sending, decision / 4);
    } else if (sending->packet->payload.size > FRAME_PREFIX_OCTETS) {
        abuse_stream(sending, decision / 4);
    } else {
        pass(sending);
    }
}

void mangler_send(struct mangler *mangler, struct transit *transit, const char *who,
                  const struct packet *packet, instant_ns now)
{
    struct input drawn = mangler->by_seed ? draw(mangler, packet) : input_of(NULL, 0);
    struct sending sending = {.mangler = mangler,
                              .transit = transit,
                              .who = who,
                              .packet = packet,
                              .now = now,
                              .input = mangler->by_seed ? &drawn : &mangler->input};
    const bool was_held = mangler->held.full;
    const size_t before = mangler->story.size;
    act(&sending);
    if (mangler->listener != NULL) {
        const char *done = mangler->story_octets + before;
        mangler->listener(mangler->listener_context, packet, now, *done == ' ' ? done + 1 : done);
    }
    if (was_held) {
        mangler->held.full = false;
        transit_send(transit, mangler->held.who, &mangler->held.packet, now);
    }
}

const char *mangler_story(const struct mangler *mangler)
{
    return mangler->story_octets;
}
