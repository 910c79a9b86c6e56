#include "sim/script.h"

#include <assert.h>
#include <string.h>

#include "wire/frame.h"

#define CLIENT_PORT_FIRST 20000 /* every query of a client has a port and an ID of its own */
#define UNREACHABLE_MAX   16
#define QUERY_OCTETS_MAX  4096 /* of a client's query */

struct asked {
    struct endpoint from;
    enum transport transport;
    struct bytes octets;
};

struct queries {
    struct script_query items[SCRIPT_PENDING_MAX];
    size_t count;
};

struct script {
    struct machine machine;
    struct script_options options;
    struct arena room; /* what is kept of the run; reset with it */
    size_t moment;
    uint32_t number;
    instant_ns due; /* something waits to be sent or looked at anew */
    uint16_t client_port;
    struct queries pending;
    struct script_query unreachable[UNREACHABLE_MAX]; /* their askers are about to hear so */
    size_t unreachable_count;
    struct script_query complaints[SCRIPT_COMPLAINTS_MAX];
    size_t complaint_count;
    struct script_answer answers[SCRIPT_ANSWERS_MAX];
    size_t answer_count;
    struct asked asked[SCRIPT_ASKED_MAX];
    size_t asked_count;
};

/* --- what is kept of messages --- */

static bool keep_query(struct script *script, const struct script_query *query,
                       struct script_query *ret)
{
    *ret = *query;
    ret->octets = arena_copy(&script->room, query->octets);
    return ret->octets.data != NULL &&
           message_parse(ret->octets, MESSAGE_LENIENT, &ret->parsed, NULL);
}

static void complain(struct script *script, const struct script_query *query)
{
    if (script->complaint_count < SCRIPT_COMPLAINTS_MAX &&
        keep_query(script, query, &script->complaints[script->complaint_count])) {
        script->complaint_count++;
    }
}

static void forget_pending(struct script *script, size_t index)
{
    struct queries *pending = &script->pending;
    pending->count--;
    memmove(&pending->items[index], &pending->items[index + 1],
            (pending->count - index) * sizeof pending->items[0]);
}

static bool same_question(const struct script_query *a, const struct script_query *b)
{
    struct name name;
    if (a->parsed.counts[SECTION_QUESTION] == 0 || b->parsed.counts[SECTION_QUESTION] == 0) {
        return false;
    }
    name_expand(a->parsed.question.name, &name);
    return a->parsed.question.type == b->parsed.question.type &&
           name_ref_equal(b->parsed.question.name, &name);
}

/* --- replies --- */

static void send(struct outbox *outbox, const struct script_query *query, size_t prefix,
                 uint8_t *room, size_t size)
{
    if (prefix > 0) {
        frame_prefix(room, size);
    }
    outbox_send(outbox, &query->to, &query->from, query->transport, prefix + size);
}

static void reply_with(const struct script_message *message, uint32_t adjust,
                       const struct script_query *query, struct outbox *outbox)
{
    const size_t prefix = query->transport == TRANSPORT_TCP ? FRAME_PREFIX_OCTETS : 0;
    size_t room_size = 0;
    uint8_t *room = outbox_room(outbox, prefix + MESSAGE_HEADER_OCTETS, &room_size);
    if (room == NULL) {
        outbox->dropped++;
        return;
    }
    const size_t most =
        room_size - prefix < MESSAGE_OCTETS_MAX ? room_size - prefix : MESSAGE_OCTETS_MAX;
    const size_t size =
        script_compose(message, adjust, &query->parsed, query->parsed.id, room + prefix, most);
    if (size > 0) {
        send(outbox, query, prefix, room, size);
    }
}

/* True if the packet is no answer to the query's question. */
static bool is_overlooked(const struct packet *packet, const struct script_query *query)
{
    struct script_query answer = {.to = query->to};
    return !message_parse(packet->payload, MESSAGE_STRICT, &answer.parsed, NULL) ||
           !same_question(&answer, query);
}

/* Testbound hands an answer to whoever asked, whatever ID it has; and there are no time-outs: one
 * that its asker overlooks is the last word of that server. */
static void reply(struct script *script, const struct script_entry *entry,
                  const struct script_query *query, struct outbox *outbox)
{
    uint32_t adjust = entry->adjust;
    if ((adjust & SCRIPT_SILENT) != 0) {
        return;
    }
    if (script->options.dialect == SCRIPT_TESTBOUND) {
        adjust |= SCRIPT_COPY_ID;
    }
    reply_with(&entry->message, adjust, query, outbox);
    if (script->options.dialect == SCRIPT_TESTBOUND && query->transport == TRANSPORT_UDP &&
        is_overlooked(&outbox->packets[outbox->count - 1], query)) {
        outbox_end_by(outbox, &query->to, &query->from, query->transport, PACKET_RESET);
    }
}

static void refuse(const struct script_query *query, struct outbox *outbox)
{
    const struct script_message servfail = {.flags = MESSAGE_QR | RCODE_SERVFAIL |
                                                     (query->parsed.flags & MESSAGE_RD)};
    reply_with(&servfail, SCRIPT_COPY_QUERY, query, outbox);
}

/* --- entries --- */

static bool covers(const struct script *script, const struct script_range *range,
                   const struct address *address)
{
    if (script->number < range->first || script->number > range->last) {
        return false;
    }
    for (size_t i = 0; i < range->address_count; i++) {
        if (address_equal(&range->addresses[i], address)) {
            return true;
        }
    }
    return range->address_count == 0;
}

static const struct script_entry *find_in(const struct script_range *range,
                                          const struct script_query *query)
{
    for (size_t i = 0; i < range->entry_count; i++) {
        if (script_difference(&range->entries[i], &query->parsed, query->transport) == NULL) {
            return &range->entries[i];
        }
    }
    return NULL;
}

static const struct script_entry *find(const struct script *script,
                                       const struct script_query *query)
{
    const struct script_options *options = &script->options;
    for (size_t i = 0; i < options->range_count; i++) {
        const struct script_range *range = &options->ranges[i];
        if (!covers(script, range, &query->to.address)) {
            continue;
        }
        const struct script_entry *entry = find_in(range, query);
        if (entry != NULL || options->dialect == SCRIPT_DECKARD) {
            return entry;
        }
    }
    return NULL;
}

/* True if the next step is `kind` and about this query. */
static bool meets_moment(const struct script *script, enum script_moment_kind kind,
                         const struct script_query *query)
{
    if (script->moment >= script->options.moment_count) {
        return false;
    }
    const struct script_moment *moment = &script->options.moments[script->moment];
    return moment->kind == kind &&
           (moment->address.family == ADDRESS_NONE ||
            address_equal(&moment->address, &query->to.address)) &&
           (moment->entry == NULL ||
            script_difference(moment->entry, &query->parsed, query->transport) == NULL);
}

static void pass_moment(struct script *script)
{
    script->moment++;
    if (script->options.dialect == SCRIPT_TESTBOUND &&
        script->moment < script->options.moment_count) {
        script->number = script->options.moments[script->moment].number;
    }
}

/* Answers `query` if anything does now. */
static bool answer(struct script *script, const struct script_query *query, struct outbox *outbox)
{
    if (meets_moment(script, SCRIPT_REPLY, query)) {
        const struct script_moment *moment = &script->options.moments[script->moment];
        pass_moment(script);
        if (moment->entry != NULL) {
            reply(script, moment->entry, query, outbox);
        }
        return true;
    }
    const struct script_entry *entry = find(script, query);
    if (entry != NULL) {
        reply(script, entry, query, outbox);
    }
    return entry != NULL;
}

/* A query that waited until the step that expects it gets what that step says. */
static bool answer_expected(struct script *script, const struct script_query *query,
                            struct outbox *outbox)
{
    if (!meets_moment(script, SCRIPT_OUT_QUERY, query)) {
        return false;
    }
    const struct script_entry *entry = script->options.moments[script->moment].entry;
    pass_moment(script);
    if (entry == NULL || (entry->message.flags & MESSAGE_QR) == 0) {
        return false;
    }
    reply(script, entry, query, outbox);
    return true;
}

static void look_again(struct script *script, struct outbox *outbox)
{
    for (size_t i = 0; i < script->pending.count;) {
        const struct script_query query = script->pending.items[i];
        if (answer_expected(script, &query, outbox) || answer(script, &query, outbox)) {
            forget_pending(script, i);
        } else {
            i++;
        }
    }
}

static void wait_for_entry(struct script *script, const struct script_query *query)
{
    struct queries *pending = &script->pending;
    if (pending->count == SCRIPT_PENDING_MAX) {
        complain(script, query);
    } else if (keep_query(script, query, &pending->items[pending->count])) {
        pending->count++;
    }
}

static void take_query(struct script *script, const struct script_query *query,
                       struct outbox *outbox)
{
    if (meets_moment(script, SCRIPT_OUT_QUERY, query)) {
        pass_moment(script);
    }
    if (answer(script, query, outbox)) {
        return;
    }
    if (script->options.dialect == SCRIPT_DECKARD) {
        complain(script, query);
        refuse(query, outbox);
    } else {
        wait_for_entry(script, query);
    }
}

/* --- clients --- */

static void take_answer(struct script *script, const struct packet *packet, struct bytes octets)
{
    if (script->answer_count == SCRIPT_ANSWERS_MAX) {
        return;
    }
    struct script_answer *answer = &script->answers[script->answer_count];
    *answer = (struct script_answer){
        .octets = arena_copy(&script->room, octets),
        .transport = packet->transport,
        .client = packet->to,
    };
    if (answer->octets.data != NULL) {
        answer->readable = message_parse(answer->octets, MESSAGE_LENIENT, &answer->parsed, NULL);
        script->answer_count++;
    }
}

bool script_ask(struct script *script, const struct script_message *message,
                const struct address *source, enum transport transport, instant_ns now)
{
    const size_t prefix = transport == TRANSPORT_TCP ? FRAME_PREFIX_OCTETS : 0;
    uint8_t composed[QUERY_OCTETS_MAX];
    const size_t size = script_compose(message, SCRIPT_COPY_ID, NULL, script->client_port, composed,
                                       sizeof composed);
    if (script->asked_count == SCRIPT_ASKED_MAX) {
        return false;
    }
    uint8_t *octets = arena_alloc(&script->room, prefix + size);
    if (octets == NULL) {
        return false;
    }
    memcpy(octets + prefix, composed, size);
    if (prefix > 0) {
        frame_prefix(octets, size);
    }
    script->asked[script->asked_count++] = (struct asked){
        .from = {.address = *source, .port = script->client_port++},
        .transport = transport,
        .octets = bytes_of(octets, prefix + size),
    };
    script->due = now;
    return true;
}

static void send_asked(struct script *script, struct outbox *outbox)
{
    for (size_t i = 0; i < script->asked_count; i++) {
        const struct asked *asked = &script->asked[i];
        outbox_send_copy(outbox, &asked->from, &script->options.resolver, asked->transport,
                         asked->octets);
    }
    script->asked_count = 0;
}

/* As the ICMP message "port unreachable" does (RFC 792), or a connection refused. */
static void tell_unreachable(struct script *script, struct outbox *outbox)
{
    for (size_t i = 0; i < script->unreachable_count; i++) {
        const struct script_query *query = &script->unreachable[i];
        outbox_end_by(outbox, &query->to, &query->from, query->transport, PACKET_RESET);
    }
    script->unreachable_count = 0;
}

/* --- the machine --- */

static void take_message(struct script *script, const struct packet *packet, struct bytes octets,
                         struct outbox *outbox)
{
    struct message_header header;
    struct script_query query = {
        .octets = octets,
        .from = packet->from,
        .to = packet->to,
        .transport = packet->transport,
        .moment = (uint32_t)script->moment,
    };
    if (!message_peek(octets, &header)) {
        return;
    }
    if ((header.flags & MESSAGE_QR) != 0) {
        take_answer(script, packet, octets);
    } else if (message_parse(octets, MESSAGE_LENIENT, &query.parsed, NULL)) {
        take_query(script, &query, outbox);
    }
}

static void take_packet(struct script *script, const struct packet *packet, struct outbox *outbox)
{
    struct bytes rest = packet->payload;
    if (packet->kind != PACKET_DATA) {
        return;
    }
    if (packet->transport == TRANSPORT_UDP) {
        take_message(script, packet, rest, outbox);
        return;
    }
    while (rest.size > FRAME_PREFIX_OCTETS) {
        const size_t size = (size_t)rest.data[0] << 8 | rest.data[1];
        rest = bytes_after(rest, FRAME_PREFIX_OCTETS);
        if (size > rest.size) {
            return;
        }
        take_message(script, packet, bytes_of(rest.data, size), outbox);
        rest = bytes_after(rest, size);
    }
}

static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct script *script = (struct script *)machine;
    if (event->kind == EVENT_PACKET) {
        take_packet(script, &event->packet, outbox);
        return;
    }
    script->due = NEVER;
    send_asked(script, outbox);
    tell_unreachable(script, outbox);
    look_again(script, outbox);
}

static instant_ns deadline(const struct machine *machine)
{
    return ((const struct script *)machine)->due;
}

struct script *script_new(struct arena *arena, const struct script_options *options)
{
    static const struct machine_ops ops = {.step = step, .deadline = deadline};
    struct script *script = ARENA_NEW(arena, struct script);
    if (script == NULL || !arena_carve(arena, SCRIPT_ROOM, &script->room)) {
        return NULL;
    }
    script->machine.ops = &ops;
    script->options = *options;
    script_reset(script);
    return script;
}

struct machine *script_machine(struct script *script)
{
    return &script->machine;
}

void script_reset(struct script *script)
{
    arena_reset(&script->room);
    script->moment = 0;
    script->number = 0;
    script->due = NEVER;
    script->client_port = CLIENT_PORT_FIRST;
    script->pending.count = 0;
    script->unreachable_count = 0;
    script->complaint_count = 0;
    script->answer_count = 0;
    script->asked_count = 0;
}

/* --- what the player of steps does --- */

void script_move(struct script *script, size_t moment, uint32_t number, instant_ns now)
{
    script->moment = moment;
    script->number = number;
    if (script->pending.count > 0) {
        script->due = now;
    }
}

size_t script_moment(const struct script *script)
{
    return script->moment;
}

size_t script_answer_count(const struct script *script)
{
    return script->answer_count;
}

const struct script_answer *script_answer(const struct script *script, size_t index)
{
    assert(index < script->answer_count);
    return &script->answers[index];
}

void script_take_answer(struct script *script, size_t index)
{
    assert(index < script->answer_count);
    script->answer_count--;
    memmove(&script->answers[index], &script->answers[index + 1],
            (script->answer_count - index) * sizeof script->answers[0]);
}

size_t script_pending_count(const struct script *script)
{
    return script->pending.count;
}

const struct script_query *script_pending(const struct script *script, size_t index)
{
    assert(index < script->pending.count);
    return &script->pending.items[index];
}

bool script_time_out(struct script *script, instant_ns now)
{
    if (script->pending.count == 0 || script->unreachable_count == UNREACHABLE_MAX) {
        return false;
    }
    script->unreachable[script->unreachable_count++] =
        script->pending.items[script->pending.count - 1];
    forget_pending(script, script->pending.count - 1);
    script->due = now;
    return true;
}

size_t script_complaint_count(const struct script *script)
{
    return script->complaint_count;
}

const struct script_query *script_complaint(const struct script *script, size_t index)
{
    assert(index < script->complaint_count);
    return &script->complaints[index];
}
