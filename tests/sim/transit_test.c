/* Packets on their way: order, faults and their dice, connections, limits, and the cheap reset. */
#include "sim/transit.h"

#include "sim/link.h"
#include "sim/stream.h"
#include "sim/strike.h"
#include "tests/sim/toys.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define LATENCY (10 * NS_PER_MS)

static struct arena arena, trace_arena;
static struct trace trace;
static struct transit *transit;
static struct endpoint alice, bob;

static void set_up(const struct fault *faults, size_t count, uint64_t seed)
{
    trace_init(&trace, &trace_arena);
    transit = transit_new(&arena, &(struct transit_options){.seed = seed,
                                                            .trace = &trace,
                                                            .latency = LATENCY,
                                                            .faults = faults,
                                                            .fault_count = count});
    ck_assert_ptr_nonnull(transit);
    alice = toy_endpoint(1, 4000);
    bob = toy_endpoint(2, 53);
}

static void prepare(void)
{
    arena_init(&arena, (size_t)64 << 20);
    arena_init(&trace_arena, (size_t)64 << 20);
}

static void clean(void)
{
    arena_free(&arena);
    arena_free(&trace_arena);
}

static void send_text(struct endpoint from, struct endpoint to, enum transport transport,
                      const char *text, instant_ns now)
{
    const struct packet packet = toy_packet(from, to, transport, bytes_of_string(text));
    transit_send(transit, "sender", &packet, now);
}

static void send_end(struct endpoint from, struct endpoint to, enum packet_kind kind,
                     instant_ns now)
{
    const struct packet packet = {.from = from, .to = to, .transport = TRANSPORT_TCP, .kind = kind};
    transit_send(transit, "sender", &packet, now);
}

/* What arrives next, which must be at `due`. */
static struct packet arrives(instant_ns due)
{
    struct packet packet;
    uint64_t flight;
    ck_assert_uint_eq(transit_due(transit), due);
    ck_assert(!transit_take(transit, due - 1, &packet, &flight));
    ck_assert(transit_take(transit, due, &packet, &flight));
    return packet;
}

static void text_arrives(instant_ns due, const char *text)
{
    const struct packet packet = arrives(due);
    ck_assert_int_eq(packet.kind, PACKET_DATA);
    ck_assert_msg(bytes_are(packet.payload, text), "expected %s", text);
}

static void end_arrives(instant_ns due, struct endpoint to, enum packet_kind kind)
{
    const struct packet packet = arrives(due);
    ck_assert_int_eq(packet.kind, kind);
    ck_assert(endpoint_equal(&packet.to, &to));
}

static void nothing_arrives(void)
{
    ck_assert_uint_eq(transit_count(transit), 0);
    ck_assert_uint_eq(transit_due(transit), NEVER);
}

static struct fault fault(const char *name, const char *key, uint64_t number)
{
    return toy_fault(&arena, name, (const struct toy_number[]){{key, number}}, 1);
}

/* --- datagrams --- */

START_TEST(a_datagram_arrives_after_the_latency)
{
    set_up(NULL, 0, 1);
    send_text(alice, bob, TRANSPORT_UDP, "one", 5);
    text_arrives(LATENCY + 5, "one");
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_SENT, NULL), 1);
}
END_TEST

START_TEST(the_payload_is_a_copy)
{
    set_up(NULL, 0, 1);
    char text[] = "one";
    send_text(alice, bob, TRANSPORT_UDP, text, 0);
    text[0] = 'X';
    text_arrives(LATENCY, "one");
}
END_TEST

START_TEST(simultaneous_packets_keep_their_order)
{
    set_up(NULL, 0, 1);
    char text[2] = "a";
    for (; text[0] <= 'z'; text[0]++) {
        send_text(alice, bob, TRANSPORT_UDP, text, 0);
    }
    for (text[0] = 'a'; text[0] <= 'z'; text[0]++) {
        text_arrives(LATENCY, text);
    }
}
END_TEST

START_TEST(a_pair_has_its_own_latency_in_both_directions)
{
    set_up(NULL, 0, 1);
    send_text(alice, bob, TRANSPORT_UDP, "before", 0);
    ck_assert(transit_set_latency(transit, &bob.address, &alice.address, 3));
    send_text(alice, bob, TRANSPORT_UDP, "there", 0);
    send_text(bob, alice, TRANSPORT_UDP, "back", 1);
    text_arrives(3, "there");
    text_arrives(4, "back");
    text_arrives(LATENCY, "before");
    transit_reset(transit, 1);
    send_text(alice, bob, TRANSPORT_UDP, "again", 0);
    text_arrives(3, "again");
}
END_TEST

START_TEST(latencies_of_pairs_are_bounded)
{
    set_up(NULL, 0, 1);
    bool fits = true;
    for (unsigned i = 0; i < LINK_LATENCIES_MAX; i++) {
        const struct address a = toy_address(i);
        fits &= transit_set_latency(transit, &a, &bob.address, 1);
    }
    ck_assert(fits);
    const struct address other = address_v4((const uint8_t[]){198, 51, 100, 1});
    ck_assert(!transit_set_latency(transit, &other, &bob.address, 1));
}
END_TEST

START_TEST(a_full_network_loses_by_name)
{
    set_up(NULL, 0, 1);
    for (unsigned i = 0; i < TRANSIT_FLIGHTS_MAX + 3; i++) {
        send_text(alice, bob, TRANSPORT_UDP, "x", 0);
    }
    ck_assert_uint_eq(transit_count(transit), TRANSIT_FLIGHTS_MAX);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "network full"), 3);
}
END_TEST

START_TEST(payloads_in_flight_are_bounded)
{
    static uint8_t large[OUTBOX_OCTETS_MAX];
    set_up(NULL, 0, 1);
    const struct packet packet = toy_packet(alice, bob, TRANSPORT_UDP, bytes_of(large, 70000));
    for (unsigned i = 0; i < 200; i++) {
        transit_send(transit, "sender", &packet, 0);
    }
    ck_assert_uint_lt(transit_count(transit), 130);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "network full"), 200 - transit_count(transit));
}
END_TEST

START_TEST(there_may_be_any_number_of_clients)
{
    set_up(NULL, 0, 1);
    size_t used = 0;
    for (uint32_t i = 0; i < 5 * LINKS_MAX; i++) {
        const uint8_t octets[4] = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
        const struct endpoint client = {.address = address_v4(octets), .port = 4000};
        send_text(client, bob, TRANSPORT_UDP, "hello", i);
        arrives(i + LATENCY);
        used = i == LINKS_MAX ? arena.used : used;
    }
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, NULL), 0);
    ck_assert_uint_eq(arena.used, used);
}
END_TEST

START_TEST(a_run_in_steady_state_takes_no_memory)
{
    const struct fault loss = fault("loss", "none", 0);
    struct fault faults[1] = {loss};
    faults[0].trigger.chance_ppm = 300000;
    set_up(faults, 1, 1);
    transit_reset(transit, 0);
    size_t used = 0;
    for (unsigned run = 0; run < 5; run++) {
        for (unsigned i = 0; i < 50; i++) {
            send_text(alice, bob, TRANSPORT_UDP, "x", i);
            send_text(alice, bob, TRANSPORT_TCP, "x", i);
        }
        struct packet packet;
        uint64_t flight;
        for (unsigned i = 0; i < 20; i++) {
            ck_assert(transit_take(transit, NEVER - 1, &packet, &flight));
            send_text(alice, bob, TRANSPORT_UDP, "y", 100);
        }
        used = run == 0 ? arena.used : used;
        ck_assert_uint_eq(arena.used, used);
        trace_reset(&trace);
        transit_reset(transit, 1);
        nothing_arrives();
    }
}
END_TEST

/* --- faults --- */

START_TEST(what_is_lost_is_told_by_the_faults_name)
{
    const struct fault faults[1] = {fault("loss", "none", 0)};
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_UDP, "one", 0);
    nothing_arrives();
    const struct trace_entry *lost = toy_entry(&trace, TRACE_LOST, "loss", 0);
    ck_assert_ptr_nonnull(lost);
    ck_assert_uint_eq(lost->flight, 1);
    ck_assert_uint_eq(transit_fault_hits(transit, 0), 1);
}
END_TEST

START_TEST(delays_add_up)
{
    const struct fault faults[2] = {fault("delay", "time", 5), fault("delay", "time", 6)};
    set_up(faults, 2, 1);
    send_text(alice, bob, TRANSPORT_UDP, "one", 0);
    text_arrives(LATENCY + 11, "one");
    ck_assert_uint_eq(toy_count(&trace, TRACE_FAULT, "delay"), 2);
}
END_TEST

START_TEST(copies_have_numbers_of_their_own)
{
    struct toy_number numbers[2] = {{"copies", 2}, {"delay", 7}};
    const struct fault faults[1] = {toy_fault(&arena, "duplicate", numbers, 2)};
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_UDP, "one", 0);
    text_arrives(LATENCY, "one");
    text_arrives(LATENCY + 7, "one");
    text_arrives(LATENCY + 14, "one");
    const struct trace_entry *copy = toy_entry(&trace, TRACE_FAULT, "duplicate", 2);
    ck_assert_uint_eq(copy->flight, 3);
    ck_assert_uint_eq(copy->number, 1);
}
END_TEST

START_TEST(a_corrupt_packet_is_told_as_it_then_is)
{
    const struct fault faults[1] = {fault("truncate", "to", 2)};
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_UDP, "one", 0);
    text_arrives(LATENCY, "on");
    ck_assert(bytes_are(toy_entry(&trace, TRACE_SENT, NULL, 0)->packet.payload, "one"));
    ck_assert(bytes_are(toy_entry(&trace, TRACE_FAULT, NULL, 0)->packet.payload, "on"));
}
END_TEST

START_TEST(what_arrives_is_corrupt)
{
    const struct fault faults[1] = {fault("corrupt", "bits", 1)};
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_UDP, "one", 0);
    const struct packet packet = arrives(LATENCY);
    ck_assert_uint_eq(packet.payload.size, 3);
    ck_assert(!bytes_are(packet.payload, "one"));
}
END_TEST

START_TEST(reordering_lets_later_packets_overtake)
{
    const struct fault faults[1] = {fault("reorder", "window", 20 * NS_PER_MS)};
    set_up(faults, 1, 1);
    for (unsigned i = 0; i < 50; i++) {
        send_text(alice, bob, TRANSPORT_UDP, "x", i);
    }
    uint64_t last = 0;
    unsigned overtaken = 0;
    struct packet packet;
    uint64_t flight;
    while (transit_take(transit, NEVER - 1, &packet, &flight)) {
        overtaken += flight < last;
        last = flight;
    }
    ck_assert_uint_gt(overtaken, 5);
}
END_TEST

START_TEST(too_many_faults_are_refused)
{
    static struct fault faults[STRIKE_FAULTS_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        faults[i] = fault("loss", "none", 0);
    }
    set_up(faults, 1, 1);
    ck_assert(!transit_set_faults(transit, faults, COUNT_OF(faults)));
    ck_assert(transit_set_faults(transit, faults, COUNT_OF(faults) - 1));
}
END_TEST

/* --- triggers: sixteen packets, which are struck? --- */

/* In turn: query A by alice, its answer, query TXT, its answer, and each of them again with another
 * name; then all of that a second time, over UDP or (framed) over TCP. */
static void send_sixteen(enum transport transport)
{
    for (unsigned i = 0; i < 16; i++) {
        uint8_t buffer[300];
        const bool response = i % 2 == 1;
        const uint16_t type = i / 2 % 2 == 0 ? RRTYPE_A : RRTYPE_TXT;
        const char *name = i / 4 % 2 == 0 ? "short.example" : "a-longer-name.EXAMPLE";
        const struct packet packet =
            toy_packet(response ? bob : alice, response ? alice : bob, transport,
                       toy_message(buffer, name, type, response, transport == TRANSPORT_TCP));
        transit_send(transit, "sender", &packet, i * NS_PER_S);
    }
}

struct trigger_row {
    const char *name;
    uint16_t struck; /* bit i: packet i of send_sixteen */
    uint16_t struck_tcp;
    struct fault_trigger trigger; /* zero members mean always */
    unsigned from, to;            /* hosts, 0 for anybody */
    enum { ANY, DATAGRAMS, STREAMS } transport;
    bool never;
};

static const uint16_t only_a[] = {RRTYPE_A};
static const uint16_t a_or_txt[] = {RRTYPE_MX, RRTYPE_TXT, RRTYPE_A};
static struct name the_name; /* a-longer-name.example */

static const struct trigger_row trigger_rows[] = {
    {"always", 0xffff, 0xffff, .trigger = {0}},
    {"from alice", 0x5555, 0x5555, .from = 1},
    {"to alice", 0xaaaa, 0xaaaa, .to = 1},
    {"from alice to bob", 0x5555, 0x5555, .from = 1, .to = 2},
    {"from bob to bob", 0, 0, .from = 2, .to = 2},
    {"by somebody else", 0, 0, .from = 3},
    {"queries", 0x5555, 0x5555, .trigger = {.direction = 1}},
    {"responses", 0xaaaa, 0xaaaa, .trigger = {.direction = 2}},
    {"queries of bob", 0, 0, .trigger = {.direction = 1}, .from = 2},
    {"type A", 0x3333, 0x3333, .trigger = {.types = only_a, .type_count = 1}},
    {"several types", 0xffff, 0xffff, .trigger = {.types = a_or_txt, .type_count = 3}},
    {"a name in any case", 0xf0f0, 0xf0f0, .trigger = {.names = &the_name, .name_count = 1}},
    {"larger", 0xf0f0, 0xf0f0, .trigger = {.size_least = 39}},
    {"smaller", 0x0f0f, 0x0f0f, .trigger = {.size_most = 31}},
    {"from the fifth second", 0xffe0, 0xffe0, .trigger = {.from = 5 * NS_PER_S}},
    {"until the fifth second", 0x001f, 0x001f, .trigger = {.until = 5 * NS_PER_S}},
    {"datagrams", 0xffff, 0, .transport = DATAGRAMS},
    {"streams", 0, 0xffff, .transport = STREAMS},
    {"the third", 0x0004, 0x0004, .trigger = {.nth_first = 3, .nth_last = 3}},
    {"from the fifteenth", 0xc000, 0xc000, .trigger = {.nth_first = 15}},
    {"the second response", 0x0008, 0x0008,
     .trigger = {.direction = 2, .nth_first = 2, .nth_last = 2}},
    {"the first of each kind", 0x00ff, 0x00ff, .trigger = {.first = true}},
    {"the first of each query", 0x0055, 0x0055, .trigger = {.first = true, .direction = 1}},
    {"the first after a while", 0x03fc, 0x03fc, .trigger = {.first = true, .from = 2 * NS_PER_S}},
    {"never", 0, 0, .never = true},
};

static struct fault_trigger complete(const struct trigger_row *row)
{
    struct fault_trigger always;
    fault_trigger_always(&always);
    struct fault_trigger trigger = row->trigger;
    trigger.until = trigger.until != 0 ? trigger.until : always.until;
    trigger.nth_last = trigger.nth_last != 0 ? trigger.nth_last : always.nth_last;
    trigger.size_most = trigger.size_most != 0 ? trigger.size_most : always.size_most;
    trigger.chance_ppm = row->never ? 0 : always.chance_ppm;
    trigger.transport = (int)row->transport - 1;
    return trigger;
}

/* Which of the sixteen the fault changed: bit by number of flight. */
static uint16_t struck(void)
{
    uint16_t mask = 0;
    for (size_t i = 0; i < toy_count(&trace, TRACE_FAULT, NULL); i++) {
        mask |= (uint16_t)(1U << (toy_entry(&trace, TRACE_FAULT, NULL, i)->flight - 1));
    }
    return mask;
}

static uint16_t struck_over(enum transport transport, const struct trigger_row *row)
{
    const struct address from = toy_address(row->from);
    const struct address to = toy_address(row->to);
    struct fault faults[1] = {fault("delay", "time", 1)};
    faults[0].trigger = complete(row);
    faults[0].from = &from;
    faults[0].from_count = row->from != 0;
    faults[0].to = &to;
    faults[0].to_count = row->to != 0;
    set_up(faults, 1, 1);
    send_sixteen(transport);
    const uint16_t mask = struck();
    unsigned hits = 0;
    for (unsigned i = 0; i < 16; i++) {
        hits += mask >> i & 1;
    }
    ck_assert_uint_eq(transit_fault_hits(transit, 0), hits);
    return mask;
}

START_TEST(a_trigger_chooses)
{
    const struct trigger_row *row = &trigger_rows[_i];
    ck_assert(name_parse_text(bytes_of_string("a-longer-name.example"), NULL, &the_name, NULL));
    ck_assert_uint_eq(struck_over(TRANSPORT_UDP, row), row->struck);
}
END_TEST

START_TEST(a_trigger_chooses_on_streams)
{
    struct trigger_row row = trigger_rows[_i];
    row.trigger.size_least += row.trigger.size_least != 0 ? 2 : 0; /* the length prefix */
    row.trigger.size_most += row.trigger.size_most != 0 ? 2 : 0;
    ck_assert(name_parse_text(bytes_of_string("a-longer-name.example"), NULL, &the_name, NULL));
    ck_assert_uint_eq(struck_over(TRANSPORT_TCP, &row), row.struck_tcp);
}
END_TEST

START_TEST(nth_is_counted_anew_after_a_reset)
{
    struct fault faults[1] = {fault("loss", "none", 0)};
    faults[0].trigger.nth_first = faults[0].trigger.nth_last = 1;
    set_up(faults, 1, 1);
    for (unsigned run = 1; run < 4; run++) {
        send_text(alice, bob, TRANSPORT_UDP, "lost", 0);
        send_text(alice, bob, TRANSPORT_UDP, "kept", 0);
        text_arrives(LATENCY, "kept");
        ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "loss"), run);
        if (run == 2) {
            ck_assert(transit_set_faults(transit, faults, 1));
        } else {
            transit_reset(transit, 1);
        }
    }
}
END_TEST

START_TEST(octets_that_are_no_message_meet_no_condition_on_messages)
{
    struct fault faults[3] = {fault("loss", "none", 0), fault("loss", "none", 0),
                              fault("loss", "none", 0)};
    faults[0].trigger.direction = 1;
    faults[1].trigger.first = true;
    faults[2].trigger.types = only_a;
    faults[2].trigger.type_count = 1;
    set_up(faults, 3, 1);
    send_text(alice, bob, TRANSPORT_UDP, "eleven octs", 0);
    text_arrives(LATENCY, "eleven octs");
}
END_TEST

/* --- dice --- */

#define THROWS 64

/* Which of 64 packets between two hosts a fault loses. */
static uint64_t throws(const struct fault *faults, size_t count, uint64_t seed, bool crowd)
{
    set_up(faults, count, seed);
    uint64_t mask = 0;
    for (unsigned i = 0; i < THROWS; i++) {
        const uint64_t before = toy_count(&trace, TRACE_LOST, NULL);
        send_text(alice, bob, TRANSPORT_UDP, "x", i);
        mask |= (uint64_t)(toy_count(&trace, TRACE_LOST, NULL) > before) << i;
        if (crowd) {
            send_text(bob, alice, TRANSPORT_UDP, "x", i);
            send_text(toy_endpoint(3, 53), bob, TRANSPORT_UDP, "x", i);
        }
    }
    return mask;
}

static struct fault chancy(const char *name, uint32_t percent)
{
    struct fault made = fault(name, "none", 0);
    made.trigger.chance_ppm = percent * 10000;
    return made;
}

START_TEST(dice_follow_the_seed)
{
    const struct fault faults[1] = {chancy("loss", 50)};
    const uint64_t one = throws(faults, 1, 1, false);
    ck_assert_uint_eq(throws(faults, 1, 1, false), one);
    ck_assert_uint_ne(throws(faults, 1, 2, false), one);
    ck_assert_uint_ne(one, 0);
    ck_assert_uint_ne(one, UINT64_MAX);
}
END_TEST

START_TEST(a_participant_more_shifts_nobodys_dice)
{
    const struct fault faults[1] = {chancy("loss", 50)};
    ck_assert_uint_eq(throws(faults, 1, 1, true), throws(faults, 1, 1, false));
}
END_TEST

START_TEST(a_fault_of_chance_0_changes_nothing)
{
    const struct fault alone[1] = {chancy("loss", 50)};
    const struct fault after[2] = {chancy("loss", 50), chancy("loss", 0)};
    const struct fault before[3] = {chancy("corrupt", 0), chancy("loss", 0), chancy("loss", 50)};
    const uint64_t expected = throws(alone, 1, 1, true);
    const uint64_t digest = trace_digest(&trace);
    ck_assert_uint_eq(throws(after, 2, 1, true), expected);
    ck_assert_uint_eq(trace_digest(&trace), digest);
    ck_assert_uint_eq(throws(before, 3, 1, true), expected);
    ck_assert_uint_eq(trace_digest(&trace), digest);
}
END_TEST

START_TEST(another_fault_shifts_no_dice)
{
    const struct address third = toy_address(3);
    const struct fault alone[1] = {chancy("loss", 50)};
    struct fault more[6] = {chancy("duplicate", 50), chancy("loss", 50), chancy("loss", 50),
                            chancy("loss", 50),      chancy("loss", 50), chancy("loss", 50)};
    more[1].from = &third;
    more[1].from_count = 1;
    more[2].to = &third;
    more[2].to_count = 1;
    more[3].trigger.transport = TRANSPORT_TCP;
    more[4].trigger.direction = 1;
    ck_assert_uint_eq(throws(more, 6, 1, true), throws(alone, 1, 1, true));
}
END_TEST

START_TEST(twins_have_different_dice)
{
    const struct fault one[1] = {chancy("loss", 50)};
    const struct fault two[2] = {chancy("loss", 50), chancy("loss", 50)};
    const uint64_t single = throws(one, 1, 1, false);
    const uint64_t both = throws(two, 2, 1, false);
    ck_assert_uint_eq(both & single, single);
    ck_assert_uint_ne(both, single);
}
END_TEST

START_TEST(a_higher_chance_strikes_at_the_same_packets_and_more)
{
    const struct fault low[1] = {chancy("loss", 20)};
    const struct fault high[1] = {chancy("loss", 60)};
    const uint64_t few = throws(low, 1, 1, false);
    const uint64_t many = throws(high, 1, 1, false);
    ck_assert_uint_eq(many & few, few);
    ck_assert_uint_ne(many, few);
}
END_TEST

START_TEST(a_reset_starts_the_same_run)
{
    const struct fault faults[3] = {chancy("loss", 30), chancy("reorder", 50),
                                    chancy("duplicate", 20)};
    (void)throws(faults, 3, 7, true);
    const uint64_t digest = trace_digest(&trace);
    trace_reset(&trace);
    transit_reset(transit, 7);
    for (unsigned i = 0; i < THROWS; i++) {
        send_text(alice, bob, TRANSPORT_UDP, "x", i);
        send_text(bob, alice, TRANSPORT_UDP, "x", i);
        send_text(toy_endpoint(3, 53), bob, TRANSPORT_UDP, "x", i);
    }
    ck_assert_uint_eq(trace_digest(&trace), digest);
}
END_TEST

/* --- connections --- */

START_TEST(opening_takes_a_round_trip_more)
{
    set_up(NULL, 0, 1);
    send_text(alice, bob, TRANSPORT_TCP, "one", 0);
    text_arrives(3 * LATENCY, "one");
    send_text(bob, alice, TRANSPORT_TCP, "two", 3 * LATENCY);
    text_arrives(4 * LATENCY, "two");
    send_text(alice, bob, TRANSPORT_TCP, "three", 4 * LATENCY);
    text_arrives(5 * LATENCY, "three");
}
END_TEST

START_TEST(nothing_overtakes_on_a_stream)
{
    struct fault faults[1] = {fault("delay", "jitter", 50 * NS_PER_MS)};
    set_up(faults, 1, 1);
    for (unsigned i = 0; i < 50; i++) {
        send_text(alice, bob, TRANSPORT_TCP, "x", i);
    }
    send_end(alice, bob, PACKET_CLOSE, 50);
    struct packet packet;
    uint64_t flight = 0;
    for (uint64_t expected = 1; expected <= 51; expected++) {
        ck_assert(transit_take(transit, NEVER - 1, &packet, &flight));
        ck_assert_uint_eq(flight, expected);
    }
    ck_assert_int_eq(packet.kind, PACKET_CLOSE);
}
END_TEST

START_TEST(what_a_stream_loses_comes_later)
{
    struct fault faults[1] = {fault("loss", "none", 0)};
    faults[0].trigger.nth_last = 2;
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_TCP, "one", 0);
    send_text(alice, bob, TRANSPORT_TCP, "two", 0);
    text_arrives(3 * LATENCY + 3 * NS_PER_S, "one");
    text_arrives(3 * LATENCY + 3 * NS_PER_S, "two");
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, NULL), 0);
    ck_assert_uint_eq(transit_fault_hits(transit, 0), 2);
}
END_TEST

START_TEST(a_retransmission_passes_once_the_window_is_over)
{
    struct fault faults[1] = {fault("loss", "none", 0)};
    faults[0].trigger.until = 5 * NS_PER_S;
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_TCP, "one", 0);
    text_arrives(3 * LATENCY + 7 * NS_PER_S, "one");
}
END_TEST

START_TEST(a_black_hole_kills_a_stream)
{
    const struct fault faults[1] = {fault("loss", "none", 0)};
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_TCP, "one", 0);
    send_end(alice, bob, PACKET_CLOSE, 1);
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "loss"), 2);
    ck_assert_uint_eq(transit_fault_hits(transit, 0), 1 + TRANSIT_RETRANSMISSIONS_MAX);
}
END_TEST

START_TEST(a_refusal_reaches_who_connects)
{
    const struct fault faults[1] = {fault("tcp-refused", "none", 0)};
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_TCP, "one", 0);
    end_arrives(2 * LATENCY, alice, PACKET_RESET);
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "tcp-refused"), 1);
    const struct trace_entry *made = toy_entry(&trace, TRACE_FAULT, "tcp-refused", 0);
    ck_assert_uint_eq(made->number, 1);
    ck_assert_int_eq(made->packet.kind, PACKET_RESET);
}
END_TEST

START_TEST(a_reset_reaches_both)
{
    struct fault faults[1] = {fault("tcp-reset", "after", 5)};
    faults[0].from = &bob.address;
    faults[0].from_count = 1;
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_TCP, "question", 0);
    text_arrives(3 * LATENCY, "question");
    send_text(bob, alice, TRANSPORT_TCP, "ans", 100 * NS_PER_MS);
    send_text(bob, alice, TRANSPORT_TCP, "wer", 100 * NS_PER_MS);
    text_arrives(110 * NS_PER_MS, "ans");
    text_arrives(110 * NS_PER_MS, "we");
    end_arrives(110 * NS_PER_MS, alice, PACKET_RESET);
    end_arrives(120 * NS_PER_MS, bob, PACKET_RESET);
    send_text(bob, alice, TRANSPORT_TCP, "more", 130 * NS_PER_MS);
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "no connection"), 1);
}
END_TEST

START_TEST(a_reset_at_once_lets_nothing_through)
{
    struct fault faults[1] = {fault("tcp-reset", "after", 0)};
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_TCP, "question", 0);
    end_arrives(3 * LATENCY, bob, PACKET_RESET);
    end_arrives(4 * LATENCY, alice, PACKET_RESET);
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "tcp-reset"), 1);
    ck_assert_uint_eq(toy_count(&trace, TRACE_FAULT, "tcp-reset"), 2);
}
END_TEST

START_TEST(a_stalled_stream_swallows_everything)
{
    struct fault faults[1] = {fault("tcp-stalled", "none", 0)};
    faults[0].trigger.nth_last = 1;
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_TCP, "one", 0);
    send_text(alice, bob, TRANSPORT_TCP, "two", 1);
    send_end(alice, bob, PACKET_RESET, 2);
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "tcp-stalled"), 3);
}
END_TEST

START_TEST(segments_arrive_in_order_and_whole)
{
    struct toy_number numbers[2] = {{"size", 2}, {"gap", 7}};
    const struct fault faults[1] = {toy_fault(&arena, "tcp-segment", numbers, 2)};
    set_up(faults, 1, 1);
    send_text(alice, bob, TRANSPORT_TCP, "one-two", 0);
    send_text(alice, bob, TRANSPORT_TCP, "!", 0);
    text_arrives(3 * LATENCY, "on");
    text_arrives(3 * LATENCY + 7, "e-");
    text_arrives(3 * LATENCY + 14, "tw");
    text_arrives(3 * LATENCY + 21, "o");
    text_arrives(3 * LATENCY + 21, "!");
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_FAULT, "tcp-segment"), 4); /* the chunk, 3 pieces */
}
END_TEST

START_TEST(a_stream_that_finds_no_room_is_dead)
{
    const struct fault faults[1] = {fault("tcp-segment", "size", 1)};
    static uint8_t octets[FAULT_SEGMENTS_MAX];
    set_up(faults, 1, 1);
    const struct packet packet =
        toy_packet(alice, bob, TRANSPORT_TCP, bytes_of(octets, sizeof octets));
    for (unsigned i = 0; i < TRANSIT_FLIGHTS_MAX / FAULT_SEGMENTS_MAX + 2; i++) {
        transit_send(transit, "sender", &packet, 0);
        if (i == 0) {
            send_text(bob, alice, TRANSPORT_UDP, "x", 0); /* so that it fills up in a piece */
        }
    }
    ck_assert_uint_eq(transit_count(transit), TRANSIT_FLIGHTS_MAX);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "network full"), 3);
    struct packet taken;
    uint64_t flight;
    ck_assert(transit_take(transit, NEVER - 1, &taken, &flight));
    send_text(alice, bob, TRANSPORT_TCP, "x", 0);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "network full"), 4);
}
END_TEST

START_TEST(a_reset_of_the_run_forgets_connections)
{
    set_up(NULL, 0, 1);
    for (unsigned run = 0; run < 3; run++) {
        send_text(alice, bob, TRANSPORT_TCP, "one", 0);
        ck_assert(transit_is_opener(transit, &alice, &bob));
        ck_assert(!transit_is_opener(transit, &bob, &alice));
        text_arrives(3 * LATENCY, "one");
        transit_reset(transit, 1);
        ck_assert(!transit_is_opener(transit, &alice, &bob));
    }
}
END_TEST

START_TEST(a_connection_ends_when_both_close)
{
    set_up(NULL, 0, 1);
    send_text(alice, bob, TRANSPORT_TCP, "question", 0);
    send_end(alice, bob, PACKET_CLOSE, 0);
    send_text(bob, alice, TRANSPORT_TCP, "answer", NS_PER_S);
    send_end(bob, alice, PACKET_CLOSE, NS_PER_S);
    text_arrives(3 * LATENCY, "question");
    end_arrives(3 * LATENCY, bob, PACKET_CLOSE);
    text_arrives(NS_PER_S + LATENCY, "answer");
    end_arrives(NS_PER_S + LATENCY, alice, PACKET_CLOSE);
    send_text(bob, alice, TRANSPORT_TCP, "late", 2 * NS_PER_S);
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "no connection"), 1);
    send_text(alice, bob, TRANSPORT_TCP, "anew", 3 * NS_PER_S);
    text_arrives(3 * NS_PER_S + 3 * LATENCY, "anew");
}
END_TEST

START_TEST(who_closed_sends_no_more)
{
    set_up(NULL, 0, 1);
    send_text(alice, bob, TRANSPORT_TCP, "question", 0);
    send_end(alice, bob, PACKET_CLOSE, 0);
    send_text(alice, bob, TRANSPORT_TCP, "more", 0);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "no connection"), 1);
    ck_assert_uint_eq(transit_count(transit), 2);
}
END_TEST

START_TEST(an_end_needs_a_connection)
{
    set_up(NULL, 0, 1);
    send_end(alice, bob, PACKET_CLOSE, 0);
    send_end(alice, bob, PACKET_RESET, 0);
    nothing_arrives();
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "no connection"), 2);
}
END_TEST

START_TEST(connections_are_bounded_and_the_finished_make_room)
{
    set_up(NULL, 0, 1);
    for (unsigned i = 0; i < STREAMS_MAX; i++) {
        send_text(toy_endpoint(1, 1000 + i), bob, TRANSPORT_TCP, "x", 0);
    }
    send_text(toy_endpoint(1, 999), bob, TRANSPORT_TCP, "x", 0);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, "network full"), 1);
    send_end(toy_endpoint(1, 1500), bob, PACKET_RESET, 1);
    send_text(toy_endpoint(1, 999), bob, TRANSPORT_TCP, "x", 1);
    ck_assert_uint_eq(toy_count(&trace, TRACE_LOST, NULL), 1);
}
END_TEST

START_TEST(a_message_is_seen_however_it_is_cut)
{
    struct fault faults[1] = {fault("delay", "time", 1)};
    faults[0].trigger.direction = 1;
    set_up(faults, 1, 1);
    uint8_t buffer[300];
    const struct bytes framed = toy_message(buffer, "a.example", RRTYPE_A, false, true);
    for (size_t cut = 1; cut < framed.size; cut++) {
        const struct packet parts[2] = {
            toy_packet(alice, bob, TRANSPORT_TCP, bytes_of(framed.data, cut)),
            toy_packet(alice, bob, TRANSPORT_TCP, bytes_after(framed, cut)),
        };
        const uint64_t before = transit_fault_hits(transit, 0);
        transit_send(transit, "sender", &parts[0], 0);
        transit_send(transit, "sender", &parts[1], 0);
        ck_assert_uint_eq(transit_fault_hits(transit, 0) - before, cut >= 14);
    }
    const struct packet whole = toy_packet(alice, bob, TRANSPORT_TCP, framed);
    const uint64_t before = transit_fault_hits(transit, 0);
    transit_send(transit, "sender", &whole, 0);
    ck_assert_uint_eq(transit_fault_hits(transit, 0), before + 1);
}
END_TEST

START_TEST(a_connection_from_outside_needs_no_handshake)
{
    set_up(NULL, 0, 1);
    transit_opened(transit, &alice, &bob);
    send_text(bob, alice, TRANSPORT_TCP, "answer", 0);
    text_arrives(LATENCY, "answer");
    transit_ended(transit, &bob, &alice);
    send_text(bob, alice, TRANSPORT_TCP, "late", 0);
    nothing_arrives();
    transit_opened(transit, &alice, &bob);
    send_text(bob, alice, TRANSPORT_TCP, "again", 0);
    text_arrives(LATENCY, "again");
}
END_TEST

#define add_transit_test(suite, test) add_checked((suite), #test, (test))

static void add_checked(Suite *suite, const char *name, const TTest *test)
{
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, prepare, clean);
    tcase_add_test(tcase, test);
    suite_add_tcase(suite, tcase);
}

static void add_trigger_rows(Suite *suite, const char *prefix, const TTest *test)
{
    static char names[2 * COUNT_OF(trigger_rows)][64];
    static size_t used;
    for (size_t i = 0; i < COUNT_OF(trigger_rows); i++) {
        struct text text = text_in(names[used], sizeof names[used]);
        text_put(&text, prefix);
        text_put(&text, trigger_rows[i].name);
        TCase *tcase = tcase_create(names[used++]);
        tcase_add_checked_fixture(tcase, prepare, clean);
        tcase_add_loop_test(tcase, test, (int)i, (int)i + 1);
        suite_add_tcase(suite, tcase);
    }
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("transit");
    add_transit_test(suite, a_datagram_arrives_after_the_latency);
    add_transit_test(suite, the_payload_is_a_copy);
    add_transit_test(suite, simultaneous_packets_keep_their_order);
    add_transit_test(suite, a_pair_has_its_own_latency_in_both_directions);
    add_transit_test(suite, latencies_of_pairs_are_bounded);
    add_transit_test(suite, a_full_network_loses_by_name);
    add_transit_test(suite, payloads_in_flight_are_bounded);
    add_transit_test(suite, there_may_be_any_number_of_clients);
    add_transit_test(suite, a_run_in_steady_state_takes_no_memory);
    add_transit_test(suite, what_is_lost_is_told_by_the_faults_name);
    add_transit_test(suite, delays_add_up);
    add_transit_test(suite, copies_have_numbers_of_their_own);
    add_transit_test(suite, a_corrupt_packet_is_told_as_it_then_is);
    add_transit_test(suite, what_arrives_is_corrupt);
    add_transit_test(suite, reordering_lets_later_packets_overtake);
    add_transit_test(suite, too_many_faults_are_refused);
    add_trigger_rows(suite, "datagrams: ", a_trigger_chooses);
    add_trigger_rows(suite, "streams: ", a_trigger_chooses_on_streams);
    add_transit_test(suite, nth_is_counted_anew_after_a_reset);
    add_transit_test(suite, octets_that_are_no_message_meet_no_condition_on_messages);
    add_transit_test(suite, dice_follow_the_seed);
    add_transit_test(suite, a_participant_more_shifts_nobodys_dice);
    add_transit_test(suite, a_fault_of_chance_0_changes_nothing);
    add_transit_test(suite, another_fault_shifts_no_dice);
    add_transit_test(suite, twins_have_different_dice);
    add_transit_test(suite, a_higher_chance_strikes_at_the_same_packets_and_more);
    add_transit_test(suite, a_reset_starts_the_same_run);
    add_transit_test(suite, opening_takes_a_round_trip_more);
    add_transit_test(suite, nothing_overtakes_on_a_stream);
    add_transit_test(suite, what_a_stream_loses_comes_later);
    add_transit_test(suite, a_retransmission_passes_once_the_window_is_over);
    add_transit_test(suite, a_black_hole_kills_a_stream);
    add_transit_test(suite, a_refusal_reaches_who_connects);
    add_transit_test(suite, a_reset_reaches_both);
    add_transit_test(suite, a_reset_at_once_lets_nothing_through);
    add_transit_test(suite, a_stalled_stream_swallows_everything);
    add_transit_test(suite, segments_arrive_in_order_and_whole);
    add_transit_test(suite, a_stream_that_finds_no_room_is_dead);
    add_transit_test(suite, a_reset_of_the_run_forgets_connections);
    add_transit_test(suite, a_connection_ends_when_both_close);
    add_transit_test(suite, who_closed_sends_no_more);
    add_transit_test(suite, an_end_needs_a_connection);
    add_transit_test(suite, connections_are_bounded_and_the_finished_make_room);
    add_transit_test(suite, a_message_is_seen_however_it_is_cut);
    add_transit_test(suite, a_connection_from_outside_needs_no_handshake);
    return suite;
}
