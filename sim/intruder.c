/* The happy path: intruder_see compares a query with the forgeries and files the first that fits;
 * when it is due, the wake sends its packets, each with the port and ID that are known or guessed.
 */
#include "sim/intruder.h"

#include <assert.h>
#include <string.h>

#include "base/rng.h"
#include "base/values.h"
#include "wire/builder.h"

#define FORGED_OCTETS_MAX 4096

enum { CLASS_IN = 1, DNS_PORT = 53, PORT_FIRST = 1024, PORTS = 65536 - PORT_FIRST };

/* A query that was seen and will be answered. */
struct pending {
    instant_ns due;
    size_t forgery;
    struct endpoint asker, server;
    uint16_t id, type;
    bool has_edns;
    struct name name;
};

struct intruder {
    struct machine machine;
    struct intruder_options options;
    struct rng rng;
    uint64_t times[INTRUDER_FORGERIES_MAX]; /* queries answered, by forgery */
    struct pending pending[INTRUDER_PENDING_MAX];
    size_t pending_count;
};

/* --- seeing --- */

static bool has_address(const struct address *addresses, size_t count,
                        const struct address *address)
{
    for (size_t i = 0; i < count; i++) {
        if (address_equal(&addresses[i], address)) {
            return true;
        }
    }
    return false;
}

static bool has_name(const struct forgery *forgery, const struct name *name)
{
    for (size_t i = 0; i < forgery->name_count; i++) {
        if (name_is_at_or_below(name, &forgery->names[i])) {
            return true;
        }
    }
    return forgery->name_count == 0;
}

static bool has_type(const struct forgery *forgery, uint16_t type)
{
    for (size_t i = 0; i < forgery->type_count; i++) {
        if (forgery->types[i] == type) {
            return true;
        }
    }
    return forgery->type_count == 0;
}

static bool concerns(const struct intruder *intruder, const struct forgery *forgery,
                     const struct pending *seen)
{
    const struct intruder_options *options = &intruder->options;
    const struct address *server = &seen->server.address;
    const bool is_meant = forgery->to_count > 0
                              ? has_address(forgery->to, forgery->to_count, server)
                              : !has_address(options->spared, options->spared_count, server);
    return is_meant && has_name(forgery, &seen->name) && has_type(forgery, seen->type);
}

/* Files the query under the first forgery that it concerns and that is not used up. */
static void file(struct intruder *intruder, struct pending *seen, instant_ns now)
{
    for (size_t i = 0; i < intruder->options.forgery_count; i++) {
        const struct forgery *forgery = &intruder->options.forgeries[i];
        if (intruder->times[i] == forgery->times || !concerns(intruder, forgery, seen)) {
            continue;
        }
        if (intruder->pending_count < INTRUDER_PENDING_MAX) {
            intruder->times[i]++;
            seen->forgery = i;
            seen->due = instant_after(now, forgery->after);
            intruder->pending[intruder->pending_count++] = *seen;
        }
        return;
    }
}

void intruder_see(void *context, const struct packet *packet, instant_ns now)
{
    struct intruder *intruder = context;
    struct message query;
    if (packet->transport != TRANSPORT_UDP || packet->kind != PACKET_DATA ||
        packet->to.port != DNS_PORT ||
        !message_parse(packet->payload, MESSAGE_LENIENT, &query, NULL) ||
        message_is_response(&query) || query.counts[SECTION_QUESTION] == 0) {
        return;
    }
    struct pending seen = {.asker = packet->from,
                           .server = packet->to,
                           .id = query.id,
                           .type = query.question.type,
                           .has_edns = query.edns.present};
    name_expand(query.question.name, &seen.name);
    file(intruder, &seen, now);
}

/* --- forging --- */

/* What of the query the forger can use: the rest is guessed. `index` counts its packets. */
static void guess(struct intruder *intruder, const struct forgery *forgery, uint64_t index,
                  struct pending *seen)
{
    const uint64_t draw = rng_next(&intruder->rng);
    if (forgery->knows == INTRUDER_KNOWS_NOTHING) {
        seen->id = (uint16_t)draw;
        seen->asker.port = (uint16_t)(PORT_FIRST + (draw >> 16) % PORTS);
    } else if (forgery->knows == INTRUDER_KNOWS_PORT) {
        seen->id = (uint16_t)(seen->id + 1 + index);
    }
    if (forgery->knows != INTRUDER_KNOWS_EVERYTHING) {
        name_lower(&seen->name);
    }
}

static size_t build_raw(struct bytes raw, uint16_t id, uint8_t *room)
{
    memcpy(room, raw.data, raw.size);
    for (size_t i = 0; i < 2 && i < raw.size; i++) {
        room[i] = (uint8_t)(id >> (8 - 8 * i));
    }
    return raw.size;
}

static bool put_records(struct builder *builder, const struct forgery *forgery)
{
    for (unsigned section = SECTION_ANSWER; section < SECTIONS; section++) {
        for (size_t i = 0; i < forgery->counts[section]; i++) {
            if (!builder_record(builder, (enum section)section, &forgery->records[section][i])) {
                return false;
            }
        }
    }
    return true;
}

/* Writes one forged message; its size, 0 if it does not fit. */
static size_t build(const struct forgery *forgery, const struct pending *seen, uint8_t *room)
{
    if (forgery->raw.size > 0) {
        return build_raw(forgery->raw, seen->id, room);
    }
    struct builder builder;
    const struct edns edns = {.present = seen->has_edns && !forgery->has_no_question,
                              .udp_size = EDNS_UDP_SIZE};
    builder_start(&builder, room, FORGED_OCTETS_MAX, seen->id, forgery->flags);
    if (!forgery->has_no_question) {
        builder_question(&builder, &seen->name, seen->type, CLASS_IN);
    }
    if (!put_records(&builder, forgery)) {
        return 0;
    }
    builder_edns(&builder, &edns);
    return builder_finish(&builder);
}

static void forge(struct intruder *intruder, const struct pending *seen, instant_ns now,
                  struct outbox *outbox)
{
    const struct forgery *forgery = &intruder->options.forgeries[seen->forgery];
    struct endpoint from = seen->server;
    from.port = forgery->port;
    from.address = forgery->as.family != ADDRESS_NONE ? forgery->as : from.address;
    trace_put(intruder->options.trace, &(struct trace_entry){.at = now,
                                                             .kind = TRACE_DECISION,
                                                             .who = intruder->options.name,
                                                             .what = "forge",
                                                             .name = name_bytes(&seen->name),
                                                             .type = seen->type,
                                                             .peer = seen->server,
                                                             .number = forgery->packets});
    for (uint64_t i = 0; i < forgery->packets; i++) {
        struct pending known = *seen;
        guess(intruder, forgery, i, &known);
        uint8_t *room = outbox_room(outbox, FORGED_OCTETS_MAX, NULL);
        const size_t size = room != NULL ? build(forgery, &known, room) : 0;
        if (size > 0) {
            outbox_send(outbox, &from, &known.asker, TRANSPORT_UDP, size);
        }
    }
}

/* --- the machine --- */

/* Of one thing due at a wake, so that the outbox has room for it. */
static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct intruder *intruder = (struct intruder *)machine;
    for (size_t i = 0; event->kind == EVENT_WAKE && i < intruder->pending_count; i++) {
        if (intruder->pending[i].due <= event->now) {
            const struct pending seen = intruder->pending[i];
            intruder->pending_count--;
            memmove(&intruder->pending[i], &intruder->pending[i + 1],
                    (intruder->pending_count - i) * sizeof seen);
            forge(intruder, &seen, event->now, outbox);
            return;
        }
    }
}

static instant_ns deadline(const struct machine *machine)
{
    const struct intruder *intruder = (const struct intruder *)machine;
    instant_ns due = NEVER;
    for (size_t i = 0; i < intruder->pending_count; i++) {
        due = instant_earlier(due, intruder->pending[i].due);
    }
    return due;
}

static const struct machine_ops ops = {.step = step, .deadline = deadline};

struct intruder *intruder_new(struct arena *arena, const struct intruder_options *options)
{
    assert(options->forgery_count <= INTRUDER_FORGERIES_MAX);
    struct intruder *intruder = ARENA_NEW(arena, struct intruder);
    if (intruder == NULL) {
        return NULL;
    }
    intruder->machine.ops = &ops;
    intruder->options = *options;
    intruder_reset(intruder, options->seed);
    return intruder;
}

struct machine *intruder_machine(struct intruder *intruder)
{
    return &intruder->machine;
}

void intruder_reset(struct intruder *intruder, uint64_t seed)
{
    rng_seed(&intruder->rng, seed, bytes_of_string("seat:intruder"));
    memset(intruder->times, 0, sizeof intruder->times);
    intruder->pending_count = 0;
}

/* --- configuration --- */

static const char *const knows_choices[] = {"nothing", "port", "port-and-id", "everything", NULL};

/* In the order of RFC 1035 4.1.1, NOTAUTH and what lies between left out. */
static const char *const rcode_choices[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                            "NOTIMP",  "REFUSED", NULL};

const struct param_spec forgery_params[] = {
    {.key = "knows",
     .type = PARAM_CHOICE,
     .doc = "What it knows of a query beside its question and the server asked: nothing more (it "
            "guesses port and ID), the port (its IDs are near misses, never right), port and ID "
            "(but not the letter case), or everything, as somebody on the path does.",
     .required = true,
     .choices = knows_choices},
    {.key = "name",
     .type = PARAM_TEXTS,
     .doc = "Queries for one of these names or names below them; without it for any."},
    {.key = "type", .type = PARAM_TYPES, .doc = "Queries for these types; without it for any."},
    {.key = "to",
     .type = PARAM_TEXTS,
     .doc = "Queries to these servers, in whose name it answers: server, zone, address, "
            "`resolver`, `root` or `tld`. Without it any but the resolver."},
    {.key = "times",
     .type = PARAM_INTEGER,
     .doc = "How many queries it answers, before the next item that fits gets its turn.",
     .fallback = "1000",
     .least = 1,
     .most = INTRUDER_TIMES_MAX},
    {.key = "packets",
     .type = PARAM_INTEGER,
     .doc = "How many packets it sends for each query.",
     .fallback = "1",
     .least = 1,
     .most = INTRUDER_PACKETS_MAX},
    {.key = "after",
     .type = PARAM_DURATION,
     .doc = "How long after the query they set out. They travel as long as any packet: without "
            "this they come before the genuine answer.",
     .fallback = "0s"},
    {.key = "as",
     .type = PARAM_ADDRESS,
     .doc = "The address they claim to come from, instead of that of the server asked."},
    {.key = "port",
     .type = PARAM_INTEGER,
     .doc = "The port they claim to come from.",
     .fallback = "53",
     .least = 1,
     .most = 65535},
    {.key = "rcode",
     .type = PARAM_CHOICE,
     .doc = "The response code.",
     .fallback = "NOERROR",
     .choices = rcode_choices},
    {.key = "opcode",
     .type = PARAM_INTEGER,
     .doc = "The operation code; 0 is QUERY.",
     .fallback = "0",
     .most = 15},
    {.key = "response",
     .type = PARAM_BOOL,
     .doc = "Sets QR: false makes it look like a query.",
     .fallback = "true"},
    {.key = "authoritative", .type = PARAM_BOOL, .doc = "Sets AA.", .fallback = "true"},
    {.key = "truncated", .type = PARAM_BOOL, .doc = "Sets TC.", .fallback = "false"},
    {.key = "question",
     .type = PARAM_BOOL,
     .doc = "Repeats the question; false leaves a header, and records if any are given.",
     .fallback = "true"},
    {.key = "hex",
     .type = PARAM_TEXT,
     .doc = "The whole message, as hexadecimal digits, sound or not; its first two octets become "
            "the ID."},
    {.key = NULL},
};

static uint16_t flags_of(const struct params *params)
{
    static const uint16_t rcodes[] = {RCODE_NOERROR,  RCODE_FORMERR, RCODE_SERVFAIL,
                                      RCODE_NXDOMAIN, RCODE_NOTIMP,  RCODE_REFUSED};
    uint16_t flags = rcodes[params_number(params, "rcode", 0)];
    flags |= (uint16_t)(params_number(params, "opcode", 0) << 11);
    flags |= params_number(params, "response", 1) != 0 ? MESSAGE_QR : 0;
    flags |= params_number(params, "authoritative", 1) != 0 ? MESSAGE_AA : 0;
    flags |= params_number(params, "truncated", 0) != 0 ? MESSAGE_TC : 0;
    return flags;
}

static bool read_names(const struct param *param, struct arena *arena, struct forgery *ret,
                       struct diag *reterr)
{
    struct name *names = param != NULL ? ARENA_NEW_ARRAY(arena, struct name, param->count) : NULL;
    for (size_t i = 0; param != NULL && i < param->count; i++) {
        const char *why;
        if (names == NULL) {
            return diag_set(reterr, param->place, "there is no memory left for another forgery");
        }
        if (!name_parse_text(param->texts[i], NULL, &names[i], &why)) {
            return diag_set(reterr, param->text_places[i], "not a domain name: %s", why);
        }
    }
    ret->names = names;
    ret->name_count = param != NULL ? param->count : 0;
    return true;
}

static bool read_hex(const struct param *param, struct arena *arena, struct bytes *ret,
                     struct diag *reterr)
{
    if (param == NULL) {
        return true;
    }
    const struct bytes text = param->texts[0];
    uint8_t *octets = arena_alloc(arena, FORGED_OCTETS_MAX);
    if (octets == NULL) {
        return diag_set(reterr, param->place, "there is no memory left for another forgery");
    }
    size_t size;
    if (!value_hex(text, FORGED_OCTETS_MAX, octets, &size)) {
        return diag_set(reterr, param->place,
                        "a message is an even number of hexadecimal digits, at most %d octets",
                        FORGED_OCTETS_MAX);
    }
    *ret = bytes_of(octets, size);
    return true;
}

bool forgery_configure(const struct params *params, struct arena *arena, struct forgery *ret,
                       struct diag *reterr)
{
    const struct param *types = params_find(params, "type");
    const struct param *as = params_find(params, "as");
    ret->knows = (enum intruder_knows)params_number(params, "knows", 0);
    ret->types = types != NULL ? types->types : NULL;
    ret->type_count = types != NULL ? types->count : 0;
    ret->times = params_number(params, "times", INTRUDER_TIMES_MAX);
    ret->packets = params_number(params, "packets", 1);
    ret->after = params_number(params, "after", 0);
    ret->port = (uint16_t)params_number(params, "port", DNS_PORT);
    ret->as = as != NULL ? as->addresses[0] : (struct address){.family = ADDRESS_NONE};
    ret->flags = flags_of(params);
    ret->has_no_question = params_number(params, "question", 1) == 0;
    return read_names(params_find(params, "name"), arena, ret, reterr) &&
           read_hex(params_find(params, "hex"), arena, &ret->raw, reterr);
}
