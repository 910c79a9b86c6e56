/* The way of a packet: transit_send notes it, finds its link and (TCP) its stream, copies it into a
 * parcel, lets the faults strike, and files the parcel under the instant of its arrival.
 * transit_take hands parcels out again. Parcels come from shelves, one for each size class, and go
 * back there; a run in steady state takes no memory. */
#include "sim/transit.h"

#include <assert.h>

#include "base/heap.h"
#include "sim/link.h"
#include "sim/stream.h"
#include "sim/strike.h"

static const size_t shelf_sizes[] = {128, 512, 1280, 4096, 16384, 66048, OUTBOX_OCTETS_MAX};

enum { SHELVES = sizeof shelf_sizes / sizeof shelf_sizes[0] };

static const char network_full[] = "network full";
static const char no_connection[] = "no connection";

struct parcel {
    struct parcel *next; /* on its shelf */
    struct packet packet;
    uint64_t flight;
    size_t shelf;
    uint8_t octets[];
};

struct transit {
    struct arena *arena;
    struct trace *trace;
    struct heap heap;
    struct parcel *shelves[SHELVES];
    size_t octets; /* taken from the arena for parcels */
    struct parcel *taken;
    uint64_t flights; /* numbers given out */
    struct links links;
    struct streams streams;
    struct strikes strikes;
    transit_see *see;
    void *see_context;
};

/* A packet between transit_send and its filing. */
struct sending {
    const char *who;
    instant_ns now;
    uint64_t number;
    struct link *link;
    struct stream *stream; /* NULL for a datagram */
    enum stream_side side;
    struct parcel *parcel;
    struct glimpse glimpse;
    struct flight flight;
    duration_ns resent;    /* how much later its last retransmission set out */
    const char *copied_by; /* faults */
    const char *cut_by;
};

/* --- setting up --- */

struct transit *transit_new(struct arena *arena, const struct transit_options *options)
{
    struct transit *transit = ARENA_NEW(arena, struct transit);
    struct heap_item *items = ARENA_NEW_ARRAY(arena, struct heap_item, TRANSIT_FLIGHTS_MAX);
    if (transit == NULL || items == NULL) {
        return NULL;
    }
    transit->arena = arena;
    transit->trace = options->trace;
    heap_init(&transit->heap, items, TRANSIT_FLIGHTS_MAX);
    links_init(&transit->links, arena, options->latency);
    streams_init(&transit->streams, arena);
    strikes_init(&transit->strikes, arena);
    if (!strikes_set(&transit->strikes, options->faults, options->fault_count)) {
        return NULL;
    }
    transit_reset(transit, options->seed);
    return transit;
}

bool transit_set_latency(struct transit *transit, const struct address *a, const struct address *b,
                         duration_ns latency)
{
    return links_set_latency(&transit->links, a, b, latency);
}

bool transit_set_faults(struct transit *transit, const struct fault *faults, size_t fault_count)
{
    return strikes_set(&transit->strikes, faults, fault_count);
}

bool transit_renew_faults(struct transit *transit, const struct fault *faults, size_t fault_count)
{
    return strikes_renew(&transit->strikes, faults, fault_count);
}

uint64_t transit_fault_hits(const struct transit *transit, size_t index)
{
    return strikes_hits(&transit->strikes, index);
}

/* --- facts --- */

static void record(const struct transit *transit, const struct sending *sending,
                   const struct trace_entry *fact)
{
    struct trace_entry entry = *fact;
    entry.at = sending->now;
    entry.who = sending->who;
    trace_put(transit->trace, &entry);
}

static void record_lost(const struct transit *transit, const struct sending *sending,
                        const struct packet *packet, const char *why)
{
    if (transit->trace != NULL) {
        record(transit, sending,
               &(struct trace_entry){
                   .kind = TRACE_LOST, .what = why, .flight = sending->number, .packet = *packet});
    }
}

static void record_fault(const struct transit *transit, const struct sending *sending,
                         const char *name)
{
    if (transit->trace != NULL) {
        record(transit, sending,
               &(struct trace_entry){.kind = TRACE_FAULT,
                                     .what = name,
                                     .flight = sending->number,
                                     .packet = sending->flight.packet});
    }
}

/* --- parcels --- */

static size_t shelf_for(size_t size)
{
    size_t shelf = 0;
    while (shelf_sizes[shelf] < size) {
        shelf++;
    }
    return shelf;
}

static struct parcel *new_parcel(struct transit *transit, size_t shelf)
{
    const size_t size = sizeof(struct parcel) + shelf_sizes[shelf];
    if (size > TRANSIT_OCTETS_MAX - transit->octets) {
        return NULL;
    }
    struct parcel *parcel = arena_alloc(transit->arena, size);
    if (parcel != NULL) {
        parcel->shelf = shelf;
        transit->octets += size;
    }
    return parcel;
}

/* A parcel that holds a copy of `packet`, NULL if there is no memory for it. */
static struct parcel *pack(struct transit *transit, const struct packet *packet, uint64_t flight)
{
    assert(packet->payload.size <= OUTBOX_OCTETS_MAX);
    const size_t shelf = shelf_for(packet->payload.size);
    struct parcel *parcel = transit->shelves[shelf];
    if (parcel != NULL) {
        transit->shelves[shelf] = parcel->next;
    } else {
        parcel = new_parcel(transit, shelf);
    }
    if (parcel == NULL) {
        return NULL;
    }
    parcel->packet = *packet;
    parcel->packet.payload.data = parcel->octets;
    parcel->flight = flight;
    if (packet->payload.size > 0) {
        memcpy(parcel->octets, packet->payload.data, packet->payload.size);
    }
    return parcel;
}

static void put_back(struct transit *transit, struct parcel *parcel)
{
    if (parcel != NULL) {
        parcel->next = transit->shelves[parcel->shelf];
        transit->shelves[parcel->shelf] = parcel;
    }
}

static void put_back_taken(struct transit *transit)
{
    put_back(transit, transit->taken);
    transit->taken = NULL;
}

/* --- filing --- */

/* When what is ready at `due` arrives on the sender's way; later parcels follow it. */
static instant_ns in_order(struct stream_way *way, instant_ns due)
{
    assert(way != NULL);
    if (way->due < due) {
        way->due = due;
    }
    return way->due;
}

static struct stream_way *way_of(const struct sending *sending)
{
    return sending->stream != NULL ? &sending->stream->ways[sending->side] : NULL;
}

/* Nothing sent from this side arrives any more. */
static void lose(struct transit *transit, struct sending *sending, const char *why)
{
    struct stream_way *way = way_of(sending);
    if (way != NULL && way->broken == NULL && why != no_connection) {
        way->broken = why;
    }
    record_lost(transit, sending, &sending->flight.packet, why);
}

static bool file(struct transit *transit, struct parcel *parcel, instant_ns due)
{
    if (parcel != NULL && heap_push(&transit->heap, due, parcel)) {
        return true;
    }
    put_back(transit, parcel);
    return false;
}

/* Files a packet that the network made because of `cause`, under a number of its own. */
static bool file_made(struct transit *transit, const struct sending *sending,
                      const struct packet *packet, instant_ns due, const char *cause)
{
    const uint64_t number = ++transit->flights;
    if (transit->trace != NULL) {
        record(transit, sending,
               &(struct trace_entry){.kind = TRACE_FAULT,
                                     .what = cause,
                                     .flight = number,
                                     .number = sending->number,
                                     .packet = *packet});
    }
    return file(transit, pack(transit, packet, number), due);
}

static void file_copies(struct transit *transit, const struct sending *sending, instant_ns due)
{
    const struct flight *flight = &sending->flight;
    for (unsigned i = 0; i < flight->copies && i < FAULT_COPIES_MAX; i++) {
        due = instant_after(due, flight->copy_delay);
        if (!file_made(transit, sending, &flight->packet, due, sending->copied_by)) {
            struct sending copy = *sending;
            copy.number = transit->flights;
            record_lost(transit, &copy, &flight->packet, network_full);
        }
    }
}

static void file_datagram(struct transit *transit, struct sending *sending)
{
    const struct flight *flight = &sending->flight;
    const instant_ns due = instant_after(sending->now, flight->delay);
    sending->parcel->packet.payload.size = flight->packet.payload.size;
    sending->parcel->packet.from = flight->packet.from;
    if (!file(transit, sending->parcel, due)) {
        lose(transit, sending, network_full);
        return;
    }
    file_copies(transit, sending, due);
}

/* Files the pieces after the first, which is the parcel itself. */
static void file_pieces(struct transit *transit, struct sending *sending, instant_ns due)
{
    const struct flight *flight = &sending->flight;
    struct packet piece = flight->packet;
    struct bytes rest = bytes_after(flight->packet.payload, flight->segment_size);
    while (rest.size > 0) {
        piece.payload = bytes_of(
            rest.data, rest.size < flight->segment_size ? rest.size : flight->segment_size);
        rest = bytes_after(rest, piece.payload.size);
        due = in_order(way_of(sending), instant_after(due, flight->segment_gap));
        if (!file_made(transit, sending, &piece, due, sending->cut_by)) {
            sending->number = transit->flights;
            lose(transit, sending, network_full);
            return;
        }
    }
}

static void file_chunk(struct transit *transit, struct sending *sending)
{
    const struct flight *flight = &sending->flight;
    const size_t size = flight->packet.payload.size;
    const bool cut = flight->segment_size > 0 && flight->segment_size < size;
    const instant_ns due = in_order(way_of(sending), instant_after(sending->now, flight->delay));
    sending->parcel->packet.payload.size = cut ? flight->segment_size : size;
    if (!file(transit, sending->parcel, due)) {
        lose(transit, sending, network_full);
    } else if (cut) {
        file_pieces(transit, sending, due);
    }
}

/* --- connections that a fault ends --- */

static void file_reset(struct transit *transit, const struct sending *sending,
                       enum stream_side sender, instant_ns due, const char *cause)
{
    struct stream *stream = sending->stream;
    const struct packet reset = {.from = stream->ends[sender],
                                 .to = stream->ends[1 - sender],
                                 .transport = TRANSPORT_TCP,
                                 .kind = PACKET_RESET};
    file_made(transit, sending, &reset, in_order(&stream->ways[sender], due), cause);
}

static void refuse(struct transit *transit, struct sending *sending, const char *cause)
{
    record_lost(transit, sending, &sending->flight.packet, cause);
    put_back(transit, sending->parcel);
    const instant_ns arrival = instant_after(sending->now, sending->flight.delay);
    file_reset(transit, sending, 1 - sending->side, arrival - sending->link->latency, cause);
    streams_end(&transit->streams, sending->stream);
}

static void reset_both(struct transit *transit, struct sending *sending, const char *cause)
{
    if (sending->flight.packet.payload.size > 0) {
        file_chunk(transit, sending);
    } else {
        record_lost(transit, sending, &sending->flight.packet, cause);
        put_back(transit, sending->parcel);
    }
    const instant_ns arrival = instant_after(sending->now, sending->flight.delay);
    file_reset(transit, sending, sending->side, arrival, cause);
    file_reset(transit, sending, 1 - sending->side, instant_after(arrival, sending->link->latency),
               cause);
    streams_end(&transit->streams, sending->stream);
}

/* --- faults --- */

/* Lets one fault strike, and again at each retransmission while what it does is to lose. */
static bool strike(struct transit *transit, struct sending *sending, size_t index)
{
    struct flight *flight = &sending->flight;
    struct strike_scene scene = {.link = sending->link, .glimpse = &sending->glimpse};
    duration_ns wait = TRANSIT_RETRANSMIT_AFTER;
    scene.at = instant_after(sending->now, sending->resent);
    bool struck = false;
    while (strikes_try(&transit->strikes, index, &scene, flight)) {
        struck = true;
        if (!flight->lost || sending->stream == NULL ||
            scene.attempt == TRANSIT_RETRANSMISSIONS_MAX) {
            break;
        }
        flight->lost = false;
        flight->delay = instant_after(flight->delay, wait);
        sending->resent += wait;
        scene.at = instant_after(scene.at, wait);
        scene.attempt++;
        wait *= 2;
    }
    return struck;
}

static bool is_over(const struct flight *flight)
{
    return flight->lost || flight->stalled || flight->refused || flight->reset;
}

/* Lets all faults strike in their order. The name of the one that ended the flight, NULL if it
 * goes on. */
static const char *strike_all(struct transit *transit, struct sending *sending)
{
    struct flight *flight = &sending->flight;
    for (size_t i = 0; i < transit->strikes.count; i++) {
        const unsigned copies = flight->copies;
        const size_t cut = flight->segment_size;
        if (!strike(transit, sending, i)) {
            continue;
        }
        const char *name = transit->strikes.faults[i].row->name;
        if (is_over(flight) && (!flight->reset || flight->packet.payload.size == 0)) {
            return name;
        }
        record_fault(transit, sending, name);
        if (flight->reset) {
            return name;
        }
        sending->copied_by = flight->copies != copies ? name : sending->copied_by;
        sending->cut_by = flight->segment_size != cut ? name : sending->cut_by;
    }
    return NULL;
}

/* --- sending --- */

/* Finds or opens the connection. NULL, or why the packet cannot travel. */
static const char *join_stream(struct transit *transit, struct sending *sending,
                               const struct packet *packet)
{
    struct streams *streams = &transit->streams;
    struct stream *stream = streams_find(streams, &packet->from, &packet->to, &sending->side);
    const bool opens = stream == NULL || (stream->over && sending->side == STREAM_OPENER);
    if (opens && packet->kind != PACKET_DATA) {
        return no_connection;
    }
    if (stream == NULL) {
        sending->side = STREAM_OPENER;
        stream = streams_open(streams, &packet->from, &packet->to);
    } else if (opens) {
        streams_reopen(streams, stream);
    }
    if (stream == NULL) {
        return network_full;
    }
    sending->stream = stream;
    sending->flight.opens = opens;
    if (stream->over || (stream->ways[sending->side].closed && packet->kind != PACKET_RESET)) {
        return no_connection;
    }
    return NULL;
}

/* The end of a stream follows its data, and is lost where that is. */
static const char *send_end(struct transit *transit, struct sending *sending)
{
    const bool is_reset = sending->flight.packet.kind == PACKET_RESET;
    struct stream_way *way = way_of(sending);
    assert(way != NULL);
    if (is_reset) {
        streams_end(&transit->streams, sending->stream);
    } else {
        streams_close(&transit->streams, sending->stream, sending->side);
    }
    if (way->broken != NULL) {
        return way->broken;
    }
    const instant_ns due = in_order(way, instant_after(sending->now, sending->link->latency));
    struct parcel *parcel = pack(transit, &sending->flight.packet, sending->number);
    return file(transit, parcel, due) ? NULL : network_full;
}

/* What a fault may know of the payload. */
static void look(struct transit *transit, struct sending *sending)
{
    struct bytes message = sending->flight.packet.payload;
    if (sending->stream != NULL) {
        sending->flight.stream_octets = sending->stream->ways[sending->side].octets;
        const bool begins = stream_advance(sending->stream, sending->side, message);
        message = begins ? bytes_after(message, 2) : bytes_of(NULL, 0);
    }
    if (transit->strikes.count > 0) {
        sending->glimpse = glimpse_of(message);
    }
}

/* NULL, or why the packet is lost. */
static const char *send_data(struct transit *transit, struct sending *sending)
{
    struct flight *flight = &sending->flight;
    struct stream_way *way = way_of(sending);
    look(transit, sending);
    if (way != NULL && way->broken != NULL) {
        return way->broken;
    }
    struct parcel *parcel = pack(transit, &flight->packet, sending->number);
    if (parcel == NULL) {
        return network_full;
    }
    sending->parcel = parcel;
    flight->packet = parcel->packet;
    flight->payload = parcel->octets;
    flight->room = shelf_sizes[parcel->shelf];
    const duration_ns latency = sending->link->latency;
    flight->delay = flight->opens ? instant_after(latency, 2 * latency) : latency;
    const char *cause = strike_all(transit, sending);
    if (flight->lost || flight->stalled) {
        put_back(transit, parcel);
        return cause;
    }
    if (flight->refused) {
        refuse(transit, sending, cause);
    } else if (flight->reset) {
        reset_both(transit, sending, cause);
    } else if (sending->stream != NULL) {
        file_chunk(transit, sending);
    } else {
        file_datagram(transit, sending);
    }
    return NULL;
}

/* NULL, or why the packet is lost. */
static const char *send_off(struct transit *transit, struct sending *sending,
                            const struct packet *packet)
{
    sending->link = links_get(&transit->links, &packet->from.address, &packet->to.address);
    if (sending->link == NULL) {
        return network_full;
    }
    sending->link->sent++;
    if (packet->transport == TRANSPORT_TCP) {
        const char *why = join_stream(transit, sending, packet);
        if (why != NULL) {
            return why;
        }
    }
    const bool whole = packet->kind == PACKET_DATA || packet->transport == TRANSPORT_UDP;
    return whole ? send_data(transit, sending) : send_end(transit, sending);
}

void transit_send(struct transit *transit, const char *who, const struct packet *packet,
                  instant_ns now)
{
    put_back_taken(transit);
    struct sending sending = {
        .who = who, .now = now, .number = ++transit->flights, .flight.packet = *packet};
    if (transit->trace != NULL) {
        record(
            transit, &sending,
            &(struct trace_entry){.kind = TRACE_SENT, .flight = sending.number, .packet = *packet});
    }
    if (transit->see != NULL) {
        transit->see(transit->see_context, packet, now);
    }
    const char *why = send_off(transit, &sending, packet);
    if (why != NULL) {
        lose(transit, &sending, why);
    }
}

/* --- connections from outside --- */

void transit_opened(struct transit *transit, const struct endpoint *opener,
                    const struct endpoint *accepter)
{
    enum stream_side side;
    struct stream *stream = streams_find(&transit->streams, opener, accepter, &side);
    if (stream == NULL) {
        streams_open(&transit->streams, opener, accepter);
    } else if (stream->over && side == STREAM_OPENER) {
        streams_reopen(&transit->streams, stream);
    }
}

void transit_ended(struct transit *transit, const struct endpoint *a, const struct endpoint *b)
{
    enum stream_side side;
    struct stream *stream = streams_find(&transit->streams, a, b, &side);
    if (stream != NULL) {
        streams_end(&transit->streams, stream);
    }
}

bool transit_is_opener(struct transit *transit, const struct endpoint *from,
                       const struct endpoint *to)
{
    enum stream_side side;
    return streams_find(&transit->streams, from, to, &side) != NULL && side == STREAM_OPENER;
}

/* --- arriving --- */

instant_ns transit_due(const struct transit *transit)
{
    return heap_due(&transit->heap);
}

size_t transit_count(const struct transit *transit)
{
    return transit->heap.count;
}

bool transit_take(struct transit *transit, instant_ns now, struct packet *ret, uint64_t *ret_flight)
{
    put_back_taken(transit);
    if (heap_due(&transit->heap) > now || transit->heap.count == 0) {
        return false;
    }
    struct parcel *parcel = heap_pop(&transit->heap);
    transit->taken = parcel;
    *ret = parcel->packet;
    *ret_flight = parcel->flight;
    return true;
}

void transit_watch(struct transit *transit, transit_see *see, void *context)
{
    transit->see = see;
    transit->see_context = context;
}

void transit_reset(struct transit *transit, uint64_t seed)
{
    put_back_taken(transit);
    for (size_t i = 0; i < transit->heap.count; i++) {
        put_back(transit, transit->heap.items[i].thing);
    }
    heap_init(&transit->heap, transit->heap.items, TRANSIT_FLIGHTS_MAX);
    transit->flights = 0;
    links_reset(&transit->links);
    streams_reset(&transit->streams);
    strikes_reset(&transit->strikes, seed);
}
