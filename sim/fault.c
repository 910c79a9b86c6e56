/* The table of faults, and what each does to a flight. */
#include "sim/fault.h"

#include <string.h>

#include "sim/rewrite.h"
#include "wire/edns.h"

#define CORRUPT_BITS_MAX 64

enum { TC_OCTET = 2, TC_BIT = 0x02 }; /* in a message's header (RFC 1035 4.1.1) */

static const struct param_spec no_params[] = {{.key = NULL}};

static bool is_tcp(const struct flight *flight)
{
    return flight->packet.transport == TRANSPORT_TCP;
}

static void resize(struct flight *flight, size_t size)
{
    flight->packet.payload.size = size;
}

static void *new_state(struct arena *arena, size_t size, struct diag *reterr)
{
    void *state = arena_alloc(arena, size);
    if (state == NULL) {
        diag_set(reterr, (struct place){0}, "there is no memory left for another fault");
    }
    return state;
}

/* --- loss --- */

static bool strike_loss(const void *state, struct flight *flight, struct rng *rng)
{
    (void)state;
    (void)rng;
    flight->lost = true;
    return true;
}

/* --- delay --- */

struct delay_state {
    duration_ns time;
    duration_ns jitter;
};

static const struct param_spec delay_params[] = {
    {.key = "time",
     .type = PARAM_DURATION,
     .doc = "How much longer the packet travels.",
     .fallback = "0s"},
    {.key = "jitter",
     .type = PARAM_DURATION,
     .doc = "Up to so much is added at random, every value equally likely.",
     .fallback = "0s"},
    {.key = NULL},
};

static const void *configure_delay(const struct params *params, struct arena *arena,
                                   struct diag *reterr)
{
    struct delay_state *state = new_state(arena, sizeof *state, reterr);
    if (state == NULL) {
        return NULL;
    }
    state->time = params_number(params, "time", 0);
    state->jitter = params_number(params, "jitter", 0);
    return state;
}

/* A duration from 0 to `most`. */
static duration_ns up_to(duration_ns most, struct rng *rng)
{
    return most == NEVER ? rng_next(rng) : rng_below(rng, most + 1);
}

static bool strike_delay(const void *state, struct flight *flight, struct rng *rng)
{
    const struct delay_state *delay = state;
    flight->delay = instant_after(flight->delay, delay->time);
    if (delay->jitter > 0) {
        flight->delay = instant_after(flight->delay, up_to(delay->jitter, rng));
    }
    return true;
}

/* --- reorder --- */

static const struct param_spec reorder_params[] = {
    {.key = "window",
     .type = PARAM_DURATION,
     .doc = "The packet is held back by up to so long; packets sent later may overtake it.",
     .fallback = "50ms"},
    {.key = NULL},
};

static const void *configure_reorder(const struct params *params, struct arena *arena,
                                     struct diag *reterr)
{
    duration_ns *window = new_state(arena, sizeof *window, reterr);
    if (window == NULL) {
        return NULL;
    }
    *window = params_number(params, "window", 50 * NS_PER_MS);
    return window;
}

static bool strike_reorder(const void *state, struct flight *flight, struct rng *rng)
{
    const duration_ns *window = state;
    if (is_tcp(flight)) {
        return false;
    }
    flight->delay = instant_after(flight->delay, up_to(*window, rng));
    return true;
}

/* --- duplicate --- */

struct duplicate_state {
    unsigned copies;
    duration_ns delay;
};

static const struct param_spec duplicate_params[] = {
    {.key = "copies",
     .type = PARAM_INTEGER,
     .doc = "How many further copies arrive.",
     .fallback = "1",
     .least = 1,
     .most = FAULT_COPIES_MAX},
    {.key = "delay",
     .type = PARAM_DURATION,
     .doc = "How long after the packet before it each copy arrives.",
     .fallback = "0s"},
    {.key = NULL},
};

static const void *configure_duplicate(const struct params *params, struct arena *arena,
                                       struct diag *reterr)
{
    struct duplicate_state *state = new_state(arena, sizeof *state, reterr);
    if (state == NULL) {
        return NULL;
    }
    state->copies = (unsigned)params_number(params, "copies", 1);
    state->delay = params_number(params, "delay", 0);
    return state;
}

static bool strike_duplicate(const void *state, struct flight *flight, struct rng *rng)
{
    const struct duplicate_state *duplicate = state;
    (void)rng;
    if (is_tcp(flight)) {
        return false;
    }
    const unsigned copies = flight->copies + duplicate->copies;
    flight->copies = copies < FAULT_COPIES_MAX ? copies : FAULT_COPIES_MAX;
    flight->copy_delay = duplicate->delay;
    return true;
}

/* --- corrupt --- */

struct corrupt_state {
    size_t bits;
    size_t offset; /* the octet hit, SIZE_MAX for any */
};

static const struct param_spec corrupt_params[] = {
    {.key = "bits",
     .type = PARAM_INTEGER,
     .doc = "How many bits are turned over, each in another place.",
     .fallback = "1",
     .least = 1,
     .most = CORRUPT_BITS_MAX},
    {.key = "offset",
     .type = PARAM_INTEGER,
     .doc = "The octet of the payload to hit, counted from 0; without it any octet may be hit."},
    {.key = NULL},
};

static const void *configure_corrupt(const struct params *params, struct arena *arena,
                                     struct diag *reterr)
{
    struct corrupt_state *state = new_state(arena, sizeof *state, reterr);
    if (state == NULL) {
        return NULL;
    }
    state->bits = (size_t)params_number(params, "bits", 1);
    state->offset = (size_t)params_number(params, "offset", SIZE_MAX);
    return state;
}

static bool contains(const uint64_t *places, size_t count, uint64_t place)
{
    for (size_t i = 0; i < count; i++) {
        if (places[i] == place) {
            return true;
        }
    }
    return false;
}

/* Turns `count` different bits of `octets` over; `count` is at most CORRUPT_BITS_MAX and at most
 * the bits there are. */
static void turn_bits(uint8_t *octets, size_t size, size_t count, struct rng *rng)
{
    uint64_t turned[CORRUPT_BITS_MAX];
    for (size_t i = 0; i < count;) {
        const uint64_t place = rng_below(rng, (uint64_t)size * 8);
        if (!contains(turned, i, place)) {
            turned[i++] = place;
            octets[place / 8] ^= (uint8_t)(1U << (place % 8));
        }
    }
}

static bool strike_corrupt(const void *state, struct flight *flight, struct rng *rng)
{
    const struct corrupt_state *corrupt = state;
    size_t start = 0;
    size_t size = flight->packet.payload.size;
    if (corrupt->offset != SIZE_MAX) {
        start = corrupt->offset;
        size = start < size ? 1 : 0;
    }
    if (size == 0) {
        return false;
    }
    const size_t bits = corrupt->bits < size * 8 ? corrupt->bits : size * 8;
    turn_bits(flight->payload + start, size, bits, rng);
    return true;
}

/* --- truncate --- */

struct truncate_state {
    size_t to;
    bool set_tc;
};

static const struct param_spec truncate_params[] = {
    {.key = "to",
     .type = PARAM_INTEGER,
     .doc = "How many octets of the datagram are left; shorter ones pass unharmed.",
     .required = true,
     .most = 65535},
    {.key = "set-tc",
     .type = PARAM_BOOL,
     .doc = "Also sets the TC bit, as a middlebox would that knows DNS.",
     .fallback = "false"},
    {.key = NULL},
};

static const void *configure_truncate(const struct params *params, struct arena *arena,
                                      struct diag *reterr)
{
    struct truncate_state *state = new_state(arena, sizeof *state, reterr);
    if (state == NULL) {
        return NULL;
    }
    state->to = (size_t)params_number(params, "to", 0);
    state->set_tc = params_number(params, "set-tc", 0) != 0;
    return state;
}

static bool strike_truncate(const void *state, struct flight *flight, struct rng *rng)
{
    const struct truncate_state *truncate = state;
    (void)rng;
    if (is_tcp(flight) || flight->packet.payload.size <= truncate->to) {
        return false;
    }
    resize(flight, truncate->to);
    if (truncate->set_tc && truncate->to > TC_OCTET) {
        flight->payload[TC_OCTET] |= TC_BIT;
    }
    return true;
}

/* --- TCP --- */

static bool strike_tcp_refused(const void *state, struct flight *flight, struct rng *rng)
{
    (void)state;
    (void)rng;
    flight->refused = flight->opens;
    return flight->opens;
}

static bool strike_tcp_stalled(const void *state, struct flight *flight, struct rng *rng)
{
    (void)state;
    (void)rng;
    flight->stalled = is_tcp(flight);
    return flight->stalled;
}

static const struct param_spec tcp_reset_params[] = {
    {.key = "after",
     .type = PARAM_INTEGER,
     .doc = "How many octets get through on the connection, in the direction that the fault "
            "watches, before it is reset.",
     .fallback = "0"},
    {.key = NULL},
};

static const void *configure_tcp_reset(const struct params *params, struct arena *arena,
                                       struct diag *reterr)
{
    uint64_t *after = new_state(arena, sizeof *after, reterr);
    if (after == NULL) {
        return NULL;
    }
    *after = params_number(params, "after", 0);
    return after;
}

static bool strike_tcp_reset(const void *state, struct flight *flight, struct rng *rng)
{
    const uint64_t *after = state;
    (void)rng;
    const uint64_t left = *after > flight->stream_octets ? *after - flight->stream_octets : 0;
    if (!is_tcp(flight) || flight->packet.payload.size < left) {
        return false;
    }
    resize(flight, (size_t)left);
    flight->reset = true;
    return true;
}

struct segment_state {
    size_t size;
    duration_ns gap;
};

static const struct param_spec tcp_segment_params[] = {
    {.key = "size",
     .type = PARAM_INTEGER,
     .doc = "Octets of each piece.",
     .required = true,
     .least = 1,
     .most = 65535},
    {.key = "gap",
     .type = PARAM_DURATION,
     .doc = "How long after the piece before it each piece arrives.",
     .fallback = "0s"},
    {.key = NULL},
};

static const void *configure_tcp_segment(const struct params *params, struct arena *arena,
                                         struct diag *reterr)
{
    struct segment_state *state = new_state(arena, sizeof *state, reterr);
    if (state == NULL) {
        return NULL;
    }
    state->size = (size_t)params_number(params, "size", 1);
    state->gap = params_number(params, "gap", 0);
    return state;
}

static bool strike_tcp_segment(const void *state, struct flight *flight, struct rng *rng)
{
    const struct segment_state *segment = state;
    (void)rng;
    if (!is_tcp(flight) || flight->packet.payload.size <= segment->size) {
        return false;
    }
    const size_t least =
        (flight->packet.payload.size + FAULT_SEGMENTS_MAX - 1) / FAULT_SEGMENTS_MAX;
    flight->segment_size = segment->size < least ? least : segment->size;
    flight->segment_gap = segment->gap;
    return true;
}

static const struct param_spec tcp_length_params[] = {
    {.key = "to",
     .type = PARAM_INTEGER,
     .doc = "The length that stands before the message.",
     .required = true,
     .most = 65535},
    {.key = NULL},
};

static const void *configure_tcp_length(const struct params *params, struct arena *arena,
                                        struct diag *reterr)
{
    uint16_t *to = new_state(arena, sizeof *to, reterr);
    if (to == NULL) {
        return NULL;
    }
    *to = (uint16_t)params_number(params, "to", 0);
    return to;
}

/* What machines send on a connection begins with a message. */
static bool strike_tcp_length(const void *state, struct flight *flight, struct rng *rng)
{
    const uint16_t *to = state;
    (void)rng;
    if (!is_tcp(flight) || flight->packet.payload.size < 2) {
        return false;
    }
    flight->payload[0] = (uint8_t)(*to >> 8);
    flight->payload[1] = (uint8_t)*to;
    return true;
}

/* --- from somewhere else --- */

struct source_state {
    struct address address; /* ADDRESS_NONE: the sender's own */
    uint16_t port;          /* 0: the sender's own */
};

static const struct param_spec source_params[] = {
    {.key = "address",
     .type = PARAM_ADDRESS,
     .doc = "Where the datagram seems to come from, if it is of the sender's family."},
    {.key = "port",
     .type = PARAM_INTEGER,
     .doc = "The port it seems to come from; without this key and the one before, the port after "
            "the sender's.",
     .least = 1,
     .most = 65535},
    {.key = NULL},
};

static const void *configure_source(const struct params *params, struct arena *arena,
                                    struct diag *reterr)
{
    const struct param *address = params_find(params, "address");
    struct source_state *state = new_state(arena, sizeof *state, reterr);
    if (state == NULL) {
        return NULL;
    }
    *state = (struct source_state){.port = (uint16_t)params_number(params, "port", 0)};
    if (address != NULL) {
        state->address = address->addresses[0];
    }
    return state;
}

static bool strike_source(const void *state, struct flight *flight, struct rng *rng)
{
    const struct source_state *source = state;
    struct endpoint *from = &flight->packet.from;
    (void)rng;
    if (is_tcp(flight)) {
        return false;
    }
    if (source->address.family == ADDRESS_NONE) {
        from->port = source->port != 0 ? source->port : (uint16_t)(from->port + 1);
        return true;
    }
    if (source->address.family != from->address.family) {
        return false;
    }
    from->address = source->address;
    from->port = source->port != 0 ? source->port : from->port;
    return true;
}

/* --- rewriting --- */

static bool strike_alias_only(const void *state, struct flight *flight, struct rng *rng)
{
    (void)state;
    (void)rng;
    return !is_tcp(flight) && rewrite_to_alias(flight->payload, &flight->packet.payload.size);
}

static const char *const hijack_others[] = {"untouched", "nodata", NULL};

static const struct param_spec hijack_params[] = {
    {.key = "address",
     .type = PARAM_ADDRESS,
     .doc = "The IPv4 address that questions for A are answered with instead.",
     .required = true},
    {.key = "ttl", .type = PARAM_DURATION, .doc = "Its TTL.", .fallback = "1m"},
    {.key = "others",
     .type = PARAM_CHOICE,
     .choices = hijack_others,
     .doc = "What becomes of NXDOMAIN for other types: it passes, or is made NOERROR without "
            "records.",
     .fallback = "untouched"},
    {.key = NULL},
};

static const void *configure_hijack(const struct params *params, struct arena *arena,
                                    struct diag *reterr)
{
    const struct param *address = params_find(params, "address");
    struct rewrite_denial *state = new_state(arena, sizeof *state, reterr);
    if (state == NULL) {
        return NULL;
    }
    if (address->addresses[0].family != ADDRESS_V4) {
        diag_set(reterr, address->place, "a hijacked name gets an IPv4 address");
        return NULL;
    }
    *state = (struct rewrite_denial){
        .address = address->addresses[0],
        .ttl = (uint32_t)(params_number(params, "ttl", 60 * NS_PER_S) / NS_PER_S),
        .empties = params_number(params, "others", 0) != 0,
    };
    return state;
}

static bool strike_hijack(const void *state, struct flight *flight, struct rng *rng)
{
    (void)rng;
    return !is_tcp(flight) &&
           rewrite_denial(flight->payload, &flight->packet.payload.size, flight->room, state);
}

static const struct param_spec bogus_params[] = {
    {.key = "extended-error",
     .type = PARAM_INTEGER,
     .doc = "The INFO-CODE of the extended error (RFC 8914): 6 DNSSEC Bogus, 7 Signature Expired, "
            "9 DNSKEY Missing, 10 RRSIGs Missing, 12 NSEC Missing.",
     .fallback = "6",
     .most = UINT16_MAX},
    {.key = "told",
     .type = PARAM_BOOL,
     .doc = "Whether there is an extended error: many resolvers that validate give none.",
     .fallback = "true"},
    {.key = NULL},
};

struct bogus_state {
    uint16_t info_code;
    bool told;
};

static const void *configure_bogus(const struct params *params, struct arena *arena,
                                   struct diag *reterr)
{
    struct bogus_state *state = new_state(arena, sizeof *state, reterr);
    if (state == NULL) {
        return NULL;
    }
    *state = (struct bogus_state){
        .info_code = (uint16_t)params_number(params, "extended-error", EDE_DNSSEC_BOGUS),
        .told = params_number(params, "told", true) != 0,
    };
    return state;
}

static bool strike_bogus(const void *state, struct flight *flight, struct rng *rng)
{
    const struct bogus_state *bogus = state;
    (void)rng;
    return !is_tcp(flight) &&
           rewrite_to_bogus(flight->payload, &flight->packet.payload.size, flight->room,
                            bogus->told ? &bogus->info_code : NULL);
}

/* --- the table --- */

const struct fault_row fault_rows[] = {
    {
        .name = "loss",
        .doc = "The packet is lost. What is lost on a TCP connection is sent again after 1 s, 2 s, "
               "4 s and so on, as TCP does; after six lost retransmissions the connection is dead.",
        .params = no_params,
        .strike = strike_loss,
    },
    {
        .name = "delay",
        .doc = "The packet travels longer.",
        .params = delay_params,
        .short_param = "time",
        .configure = configure_delay,
        .strike = strike_delay,
    },
    {
        .name = "reorder",
        .doc = "The datagram is held back at random, so that later ones may overtake it. TCP keeps "
               "its order.",
        .params = reorder_params,
        .short_param = "window",
        .configure = configure_reorder,
        .strike = strike_reorder,
    },
    {
        .name = "duplicate",
        .doc = "The datagram arrives more than once. TCP hides duplicates.",
        .params = duplicate_params,
        .short_param = "copies",
        .configure = configure_duplicate,
        .strike = strike_duplicate,
    },
    {
        .name = "corrupt",
        .doc = "Bits of the payload are turned over, and no checksum notices.",
        .params = corrupt_params,
        .short_param = "bits",
        .configure = configure_corrupt,
        .strike = strike_corrupt,
    },
    {
        .name = "truncate",
        .doc = "The datagram is cut short.",
        .params = truncate_params,
        .short_param = "to",
        .configure = configure_truncate,
        .strike = strike_truncate,
    },
    {
        .name = "tcp-refused",
        .doc = "Connections are refused: who connects gets a reset after one round trip.",
        .params = no_params,
        .strike = strike_tcp_refused,
    },
    {
        .name = "tcp-reset",
        .doc = "The connection is reset for both sides once a number of octets got through.",
        .params = tcp_reset_params,
        .short_param = "after",
        .configure = configure_tcp_reset,
        .strike = strike_tcp_reset,
    },
    {
        .name = "tcp-stalled",
        .doc = "The connection is accepted, but nothing sent on it arrives.",
        .params = no_params,
        .strike = strike_tcp_stalled,
    },
    {
        .name = "tcp-segment",
        .doc = "What is sent in one piece on a connection arrives in small ones.",
        .params = tcp_segment_params,
        .short_param = "size",
        .configure = configure_tcp_segment,
        .strike = strike_tcp_segment,
    },
    {
        .name = "tcp-length",
        .doc = "The length before a message on a connection is not its own (RFC 1035 4.2.2): too "
               "short, too long, or 0.",
        .params = tcp_length_params,
        .short_param = "to",
        .configure = configure_tcp_length,
        .strike = strike_tcp_length,
    },
    {
        .name = "wrong-source",
        .doc = "The datagram seems to come from another port or address, as replies do that leave "
               "a server by another of its addresses (F109). Who asked does not believe them. To "
               "programs outside under `serve`, it is lost.",
        .params = source_params,
        .short_param = "address",
        .configure = configure_source,
        .strike = strike_source,
    },
    {
        .name = "alias-only",
        .doc = "Of a reply that follows aliases only the first one is left, as a forwarder has it "
               "that does not follow them (F68). The names behind it are not denied, only absent.",
        .params = no_params,
        .strike = strike_alias_only,
    },
    {
        .name = "nxdomain-hijack",
        .doc = "NXDOMAIN is rewritten into the address of somebody's search page (F80). Other "
               "types pass, or become NOERROR without records.",
        .params = hijack_params,
        .short_param = "address",
        .configure = configure_hijack,
        .strike = strike_hijack,
    },
    {
        .name = "bogus",
        .doc =
            "Replies become SERVFAIL with an extended error, unless the question had CD: as those "
            "of a resolver that validates and finds the data bogus (F95 to F99). Put it on what "
            "comes from the resolver.",
        .params = bogus_params,
        .short_param = "extended-error",
        .configure = configure_bogus,
        .strike = strike_bogus,
    },
    {.name = NULL},
};

const struct fault_row *fault_find(struct bytes name)
{
    for (const struct fault_row *row = fault_rows; row->name != NULL; row++) {
        if (bytes_are(name, row->name)) {
            return row;
        }
    }
    return NULL;
}

bool fault_configure(const struct fault_row *row, const struct params *params, struct arena *arena,
                     struct fault *ret, struct diag *reterr)
{
    const void *state = NULL;
    if (row->configure != NULL) {
        state = row->configure(params, arena, reterr);
        if (state == NULL) {
            return false;
        }
    }
    ret->row = row;
    ret->state = state;
    return true;
}
