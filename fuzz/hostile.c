#include "fuzz/hostile.h"

#include <assert.h>

#include "sim/decoy.h"
#include "sim/round.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

static void add(struct builder *builder, enum section section, const struct name *owner,
                uint16_t type, struct bytes rdata)
{
    const struct rr rr = {
        .owner = owner, .type = type, .rrclass = RRCLASS_IN, .ttl = 86400, .rdata = rdata};
    builder_record(builder, section, &rr);
}

/* --- lies: records of others' zones in a genuine answer --- */

static bool is_of_liar(const struct hostile *hostile, const struct packet *packet)
{
    const struct scenario *scenario = hostile->stage->scenario;
    for (size_t i = 0; i < scenario->zone_count; i++) {
        const struct scenario_zone *zone = &scenario->zones[i];
        for (size_t s = 0; name_equal(&zone->apex, &hostile->liar) && s < zone->server_count; s++) {
            for (size_t a = 0; a < zone->servers[s].address_count; a++) {
                if (address_equal(&zone->servers[s].addresses[a], &packet->from.address)) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void add_lie(struct builder *builder, enum section section, uint8_t what)
{
    static const char *const victims[] = {"k1.dkim.esp.example.", "esp.example.", "example.", ".",
                                          "ns1.esp.example."};
    struct name victim, server;
    name_parse_text(bytes_of_string(victims[what % 5]), NULL, &victim, NULL);
    name_parse_text(bytes_of_string("ns.customer.example."), NULL, &server, NULL);
    switch (what / 5 % 4) {
    case 0: decoy_add_mark(builder, section, &victim, RRTYPE_TXT); break;
    case 1: decoy_add_mark(builder, section, &victim, RRTYPE_A); break;
    case 2: add(builder, section, &victim, RRTYPE_NS, name_bytes(&server)); break;
    default: add(builder, section, &victim, RRTYPE_CNAME, name_bytes(&server)); break;
    }
}

/* The genuine records, section by section, and the lies behind them. */
static void copy_with_lies(struct builder *builder, const struct message *message,
                           struct input *input)
{
    const uint8_t sections = input_u8(input);
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(message, (enum section)section);
        struct record record;
        while (record_next(&walk, &record)) {
            if (record.type != RRTYPE_OPT) {
                builder_copy_record(builder, &record);
            }
        }
        if ((sections >> section & 1) != 0) {
            add_lie(builder, (enum section)section, input_u8(input));
        }
    }
}

static bool lie(const struct packet *genuine, struct input *input, struct decoy *ret)
{
    struct message message;
    struct builder builder;
    struct name name;
    if (!message_parse(genuine->payload, MESSAGE_STRICT, &message, NULL)) {
        return false;
    }
    name_expand(message.question.name, &name);
    builder_start(&builder, ret->octets, sizeof ret->octets, message.id, message.flags);
    builder_question(&builder, &name, message.question.type, message.question.rrclass);
    copy_with_lies(&builder, &message, input);
    ret->packet = *genuine;
    ret->packet.payload = bytes_of(ret->octets, builder_finish(&builder));
    return true;
}

/* A referral to somebody else's server, with an address for it that is not theirs to say. */
static bool refer(const struct packet *genuine, struct decoy *ret)
{
    struct message message;
    struct builder builder;
    struct name name, server;
    if (!message_parse(genuine->payload, MESSAGE_STRICT, &message, NULL)) {
        return false;
    }
    name_expand(message.question.name, &name);
    name_parse_text(bytes_of_string("ns1.esp.example."), NULL, &server, NULL);
    builder_start(&builder, ret->octets, sizeof ret->octets, message.id, MESSAGE_QR);
    builder_question(&builder, &name, message.question.type, message.question.rrclass);
    add(&builder, SECTION_AUTHORITY, &name, RRTYPE_NS, name_bytes(&server));
    decoy_add_mark(&builder, SECTION_ADDITIONAL, &server, RRTYPE_A);
    ret->packet = *genuine;
    ret->packet.payload = bytes_of(ret->octets, builder_finish(&builder));
    return true;
}

/* --- what becomes of one packet --- */

static void pass(struct round *round, const struct packet *packet, uint64_t flight)
{
    if (packet->payload.size == 0 && packet->kind == PACKET_DATA) {
        round_deliver(round, packet, flight);
        return;
    }
    struct packet copy = *packet;
    copy.payload = exact_copy(packet->payload);
    round_deliver(round, &copy, flight);
    exact_free(copy.payload);
}

static void hold(struct hostile *hostile, const struct packet *packet, uint64_t flight)
{
    assert(packet->payload.size <= sizeof hostile->held_octets);
    memcpy(hostile->held_octets, packet->payload.data, packet->payload.size);
    hostile->held.packet = *packet;
    hostile->held.packet.payload = bytes_of(hostile->held_octets, packet->payload.size);
    hostile->held.flight = flight;
    hostile->held.full = true;
}

/* What a blind forger, or one who sees too little, sends before the genuine answer comes. */
static void forge_before(struct round *round, const struct packet *packet, uint8_t how)
{
    struct decoy decoy;
    if (decoy_make(packet, (enum decoy_miss)(how % DECOY_MISSES), &decoy)) {
        pass(round, &decoy.packet, 0);
    }
}

/* Changes octets of a copy: of the header, or anywhere. */
static void pass_changed(struct hostile *hostile, struct round *round, const struct packet *packet,
                         uint64_t flight, bool cut)
{
    static uint8_t octets[MESSAGE_OCTETS_MAX + 2];
    struct packet changed = *packet;
    const uint16_t at = input_u16(&hostile->input);
    if (packet->payload.size == 0 || packet->payload.size > sizeof octets) {
        pass(round, packet, flight);
        return;
    }
    memcpy(octets, packet->payload.data, packet->payload.size);
    changed.payload = bytes_of(octets, packet->payload.size);
    if (cut) {
        changed.payload.size = at % packet->payload.size;
    } else {
        octets[at % packet->payload.size] ^= input_u8(&hostile->input);
    }
    pass(round, &changed, flight);
}

/* A message that was taken apart and edited. What is a server's own to say is no forgery, so the
 * input may not write the mark by itself. */
static void pass_mangled(struct hostile *hostile, struct round *round, const struct packet *packet,
                         uint64_t flight)
{
    struct packet changed = *packet;
    if (packet->payload.size == 0 || packet->payload.size > MANGLE_OCTETS_MAX) {
        pass(round, packet, flight);
        return;
    }
    mangle_message(&hostile->mangle, packet->payload, &hostile->input);
    changed.payload = bytes_of(hostile->mangle.octets, hostile->mangle.size);
    pass(round, decoy_shows_in(changed.payload) ? packet : &changed, flight);
}

static void let_servers_act(struct hostile *hostile, struct round *round,
                            const struct packet *packet, uint64_t flight, uint8_t how)
{
    struct decoy decoy;
    switch (how % 4) {
    case 0: pass_changed(hostile, round, packet, flight, false); break;
    case 1: pass_changed(hostile, round, packet, flight, true); break;
    default: {
        const bool lies =
            is_of_liar(hostile, packet) &&
            (how % 4 == 2 ? lie(packet, &hostile->input, &decoy) : refer(packet, &decoy));
        pass(round, lies ? &decoy.packet : packet, flight);
        break;
    }
    }
}

static void let_network_act(struct hostile *hostile, struct round *round,
                            const struct packet *packet, uint64_t flight, uint8_t how)
{
    switch (how % 8) {
    case 0: break; /* lost */
    case 1:
        pass(round, packet, flight);
        pass(round, packet, flight);
        break;
    case 2:
        if (!hostile->held.full && packet->transport == TRANSPORT_UDP) {
            hold(hostile, packet, flight);
            break;
        }
        pass(round, packet, flight);
        break;
    default:
        forge_before(round, packet, how / 8);
        pass(round, packet, flight);
        break;
    }
}

/* True for an answer to somebody it may be kept from. */
static bool is_in_its_hands(const struct hostile *hostile, const struct packet *packet)
{
    const struct scenario *scenario = hostile->stage->scenario;
    const struct address *to = &packet->to.address;
    const bool is_to_resolver =
        address_equal(to, &scenario->resolver_v4) || address_equal(to, &scenario->resolver_v6);
    const bool is_to_check =
        address_equal(to, &scenario->check_v4) || address_equal(to, &scenario->check_v6);
    return packet->kind == PACKET_DATA && packet->from.port == 53 &&
           (is_to_resolver || (is_to_check && (hostile->powers & HOSTILE_TO_CHECK) != 0));
}

static void carry(struct round *round, const struct packet *packet, uint64_t flight)
{
    struct hostile *hostile = round->host;
    const uint8_t decision =
        is_in_its_hands(hostile, packet) ? input_u8(&hostile->input) : 0; /* 0: as it is */
    const uint8_t how = decision / 4;
    const bool is_datagram = packet->transport == TRANSPORT_UDP;
    if (decision % 4 == 1 && (hostile->powers & HOSTILE_SERVERS) != 0) {
        let_servers_act(hostile, round, packet, flight, how);
    } else if (decision % 4 == 2 && (hostile->powers & HOSTILE_NETWORK) != 0 && is_datagram) {
        let_network_act(hostile, round, packet, flight, how);
    } else if (decision % 4 == 3 && (hostile->powers & HOSTILE_SERVERS) != 0 && is_datagram) {
        pass_mangled(hostile, round, packet, flight);
    } else {
        pass(round, packet, flight);
    }
    if (hostile->held.full && hostile->held.flight != flight) {
        hostile->held.full = false;
        pass(round, &hostile->held.packet, hostile->held.flight);
    }
}

/* --- the host --- */

void hostile_start(struct hostile *hostile, const struct fuzz_world *world, struct stage *stage,
                   unsigned powers, struct input input)
{
    hostile->stage = stage;
    hostile->powers = powers;
    hostile->input = input;
    hostile->held.full = false;
    name_parse_text(bytes_of_string(world->liar), NULL, &hostile->liar, NULL);
    stage->world->host = hostile;
}

instant_ns hostile_run(struct world *world, const struct run_limits *limits)
{
    static struct round round;
    round_start(&round, world, limits, WORLD_EVENTS_DEFAULT);
    round.carry = carry;
    round.host = world->host;
    while (!round_is_done(&round)) {
        if (!round_turn(&round)) {
            return world->now;
        }
    }
    world->ended = RUN_DONE;
    return world->now;
}
