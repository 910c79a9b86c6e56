/* A resolver among scripted servers. */
#include "tests/resolver/rig.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/builder.h"
#include "wire/frame.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"
#include "wire/text.h"
#include "wire/writer.h"

struct flight {
    struct flight *next;
    instant_ns due;
    struct packet packet;
};

static struct address address_of(const char *text)
{
    struct address address = {0};
    const bool fine = address_parse(bytes_of_string(text), &address);
    assert(fine);
    return address;
}

static struct name name_of(const char *text)
{
    struct name name;
    const char *why = NULL;
    if (!name_parse_text(bytes_of_string(text), NULL, &name, &why)) {
        fprintf(stderr, "name %s: %s\n", text, why);
        abort();
    }
    return name;
}

static uint16_t type_of(const char *text)
{
    uint16_t type = 0;
    const bool fine = rrtype_parse(bytes_of_string(text), &type);
    assert(fine);
    return type;
}

/* --- flights --- */

static void fly(struct rig *rig, const struct packet *packet, instant_ns due)
{
    struct flight *flight = ARENA_NEW(&rig->flight_arena, struct flight);
    assert(flight != NULL);
    flight->due = due;
    flight->packet = *packet;
    flight->packet.payload = arena_copy(&rig->flight_arena, packet->payload);
    struct flight **link = &rig->flights;
    while (*link != NULL && (*link)->due <= due) {
        link = &(*link)->next;
    }
    flight->next = *link;
    *link = flight;
}

static void fly_out(struct rig *rig)
{
    for (size_t i = 0; i < rig->outbox->count; i++) {
        fly(rig, &rig->outbox->packets[i], rig->now + RIG_LATENCY);
    }
    outbox_clear(rig->outbox);
}

void rig_deliver(struct rig *rig, const struct packet *packet)
{
    const struct event event = {.kind = EVENT_PACKET, .now = rig->now, .packet = *packet};
    machine_step(resolver_machine(rig->resolver), &event, rig->outbox);
    fly_out(rig);
}

/* --- replies --- */

static bool next_line(const char **text, char *line, size_t size)
{
    const char *end = strchr(*text, '\n');
    const size_t length = end != NULL ? (size_t)(end - *text) : strlen(*text);
    assert(length < size);
    memcpy(line, *text, length);
    line[length] = '\0';
    *text += length + (end != NULL);
    return length > 0 || end != NULL;
}

static bool has_line(const char *reply, const char *wanted)
{
    char line[4096];
    while (next_line(&reply, line, sizeof line)) {
        if (strcmp(line, wanted) == 0) {
            return true;
        }
    }
    return false;
}

static const char *line_after(const char *reply, const char *prefix, char *line, size_t size)
{
    while (next_line(&reply, line, size)) {
        if (strncmp(line, prefix, strlen(prefix)) == 0) {
            return line + strlen(prefix);
        }
    }
    return NULL;
}

static void write_name(struct writer *writer, const char *text)
{
    const struct name name = name_of(text);
    writer_bytes(writer, name_bytes(&name));
}

static void write_text(struct writer *writer, char *text)
{
    char *rest = NULL;
    for (char *piece = strtok_r(text, "\"", &rest); piece != NULL;
         piece = strtok_r(NULL, "\"", &rest)) {
        if (strcmp(piece, " ") != 0) {
            writer_string(writer, bytes_of_string(piece));
        }
    }
}

static void write_soa(struct writer *writer, char *text)
{
    char *rest = NULL;
    write_name(writer, strtok_r(text, " ", &rest));
    write_name(writer, strtok_r(NULL, " ", &rest));
    for (int i = 0; i < 5; i++) {
        writer_u32(writer, (uint32_t)strtoul(strtok_r(NULL, " ", &rest), NULL, 10));
    }
}

/* "PREFERENCE NAME" */
static void write_mx(struct writer *writer, char *text)
{
    char *rest = NULL;
    writer_u16(writer, (uint16_t)strtoul(strtok_r(text, " ", &rest), NULL, 10));
    write_name(writer, strtok_r(NULL, " ", &rest));
}

/* "TYPE": a signature over it by example. */
static void write_signature(struct writer *writer, const char *text)
{
    writer_u16(writer, type_of(text));
    writer_bytes(writer, bytes_of("\15\1\0\0\1\54\0\0\0\2\0\0\0\1\0\7", 16));
    write_name(writer, "example.");
    writer_bytes(writer, bytes_of("sig", 3));
}

static struct bytes rdata_of(uint16_t type, char *text, uint8_t *buffer, size_t size)
{
    struct writer writer = writer_in(buffer, size);
    struct address address;
    switch (type) {
    case RRTYPE_A:
    case RRTYPE_AAAA:
        address = address_of(text);
        writer_bytes(&writer, address_octets(&address));
        break;
    case RRTYPE_NS:
    case RRTYPE_CNAME:
    case RRTYPE_DNAME: write_name(&writer, text); break;
    case RRTYPE_SOA: write_soa(&writer, text); break;
    case RRTYPE_MX: write_mx(&writer, text); break;
    case RRTYPE_HINFO:
    case RRTYPE_TXT: write_text(&writer, text); break;
    case RRTYPE_RRSIG: write_signature(&writer, text); break;
    case RRTYPE_NSEC:
        write_name(&writer, text);
        writer_bytes(&writer, bytes_of("\0\1\40", 3)); /* NS alone */
        break;
    default: abort();
    }
    assert(!writer.failed);
    return writer_written(&writer);
}

/* "OWNER TTL TYPE RDATA" */
static void put_record(struct builder *builder, enum section section, char *text,
                       const struct name *qname)
{
    uint8_t buffer[2048];
    char *rest = NULL;
    const char *owner_text = strtok_r(text, " ", &rest);
    const uint32_t ttl = (uint32_t)strtoul(strtok_r(NULL, " ", &rest), NULL, 10);
    const uint16_t type = type_of(strtok_r(NULL, " ", &rest));
    const struct name owner = strcmp(owner_text, "@") == 0 ? *qname : name_of(owner_text);
    const struct rr rr = {.owner = &owner,
                          .type = type,
                          .rrclass = RRCLASS_IN,
                          .ttl = ttl,
                          .rdata = rdata_of(type, rest, buffer, sizeof buffer)};
    const bool fits = builder_record(builder, section, &rr);
    assert(fits);
}

static void put_fill(struct builder *builder, const char *text, const struct name *qname)
{
    unsigned count = 0;
    char suffix[256];
    char record[512];
    struct name parent;
    struct name cut = *qname;
    char owner_buffer[NAME_TEXT_MAX];
    const int read = sscanf(text, "%u %255s", &count, suffix);
    assert(read == 2);
    while (cut.labels > 2 && name_parent(&cut, &parent)) {
        cut = parent;
    }
    struct text owner = text_in(owner_buffer, sizeof owner_buffer);
    name_put(&owner, &cut);
    for (unsigned i = 0; i < count; i++) {
        snprintf(record, sizeof record, "%s 300 NS n%u.%s", owner.data, i, suffix);
        put_record(builder, SECTION_AUTHORITY, record, qname);
    }
}

static void put_deeper(struct rig *rig, struct builder *builder, const char *text,
                       const struct name *qname)
{
    unsigned labels = 0;
    char address[64];
    char owner_buffer[NAME_TEXT_MAX];
    char record[2 * NAME_TEXT_MAX + 32];
    struct name cut;
    const int read = sscanf(text, "%u %63s", &labels, address);
    assert(read == 2);
    rig->depth = labels > 0 ? labels : rig->depth + 1;
    name_suffix(qname, (uint8_t)rig->depth, &cut);
    struct text owner = text_in(owner_buffer, sizeof owner_buffer);
    name_put(&owner, &cut);
    snprintf(record, sizeof record, "%s 300 NS ns.%s", owner.data, owner.data);
    put_record(builder, SECTION_AUTHORITY, record, qname);
    snprintf(record, sizeof record, "ns.%s 300 A %s", owner.data, address);
    put_record(builder, SECTION_ADDITIONAL, record, qname);
}

static uint16_t flags_of(const char *reply)
{
    uint16_t flags = MESSAGE_QR;
    flags |= has_line(reply, "aa") ? MESSAGE_AA : 0;
    flags |= has_line(reply, "ra") ? MESSAGE_RA : 0;
    flags |= has_line(reply, "tc") ? MESSAGE_TC : 0;
    flags |= has_line(reply, "ad") ? MESSAGE_AD : 0;
    return flags;
}

static uint16_t rcode_of(const char *text)
{
    uint16_t rcode = 0;
    const bool fine = rcode_parse(bytes_of_string(text), &rcode);
    assert(fine);
    return rcode;
}

static void put_section(struct builder *builder, const char *reply, const char *prefix,
                        enum section section, const struct name *qname)
{
    char line[4096];
    while (next_line(&reply, line, sizeof line)) {
        if (strncmp(line, prefix, 3) == 0) {
            put_record(builder, section, line + 3, qname);
        }
        if (section == SECTION_AUTHORITY && strncmp(line, "fill ", 5) == 0) {
            put_fill(builder, line + 5, qname);
        }
    }
}

/* The cookie that goes back, as an option. */
static struct bytes put_cookie(const struct message *query, const char *reply, uint8_t *room,
                               size_t capacity)
{
    struct edns_option option;
    char line[4096];
    uint8_t cookie[40];
    size_t size = 0;
    const char *wrong = line_after(reply, "wrong cookie ", line, sizeof line);
    const char *text = wrong != NULL ? wrong : line_after(reply, "cookie ", line, sizeof line);
    if (text != NULL && edns_option_find(query->edns.options, EDNS_OPTION_COOKIE, &option)) {
        memcpy(cookie, option.data.data, 8);
        memcpy(cookie + 8, text, strlen(text));
        cookie[7] ^= wrong != NULL;
        edns_option_append(room, capacity, &size, EDNS_OPTION_COOKIE,
                           bytes_of(cookie, 8 + strlen(text)));
    }
    return bytes_of(room, size);
}

/* True if the query has a cookie, and behind it what the row wants. */
static bool fits_cookie(const struct message *query, const char *reply)
{
    struct edns_option option;
    char line[4096];
    const char *wanted = line_after(reply, "given ", line, sizeof line);
    if (wanted == NULL) {
        return true;
    }
    wanted = strcmp(wanted, "nothing") == 0 ? "" : wanted;
    return query->edns.present &&
           edns_option_find(query->edns.options, EDNS_OPTION_COOKIE, &option) &&
           bytes_equal(bytes_after(option.data, 8), bytes_of_string(wanted));
}

static size_t compose(struct rig *rig, const struct message *query, const char *reply,
                      uint8_t *buffer, size_t size)
{
    static struct builder builder;
    char line[4096];
    struct name qname;
    name_expand(query->question.name, &qname);
    const char *rcode = line_after(reply, "rcode ", line, sizeof line);
    uint16_t id = query->id;
    struct name asked = qname;
    if (has_line(reply, "wrong id")) {
        id++;
    }
    if (has_line(reply, "wrong name")) {
        asked = name_of("wrong.example.");
    }
    if (has_line(reply, "wrong case")) {
        name_lower(&asked);
    }
    builder_start(&builder, buffer, size, id, flags_of(reply));
    builder_rcode(&builder, rcode != NULL ? rcode_of(rcode) : RCODE_NOERROR);
    builder_question(&builder, &asked, query->question.type, RRCLASS_IN);
    put_section(&builder, reply, "an ", SECTION_ANSWER, &qname);
    put_section(&builder, reply, "ns ", SECTION_AUTHORITY, &qname);
    put_section(&builder, reply, "ar ", SECTION_ADDITIONAL, &qname);
    const char *deeper = line_after(reply, "deeper ", line, sizeof line);
    if (deeper != NULL) {
        put_deeper(rig, &builder, deeper, &qname);
    }
    if (query->edns.present && !has_line(reply, "no opt")) {
        uint8_t options[64];
        const struct edns edns = {.present = true,
                                  .udp_size = 1232,
                                  .options = put_cookie(query, reply, options, sizeof options)};
        builder_edns(&builder, &edns);
    }
    size_t made = builder_finish(&builder);
    assert(made > 0);
    const char *cut = line_after(reply, "cut ", line, sizeof line);
    return cut != NULL ? made - strtoul(cut, NULL, 10) : made;
}

static size_t compose_header(const struct message *query, const char *rcode, uint8_t *buffer)
{
    struct writer writer = writer_in(buffer, MESSAGE_HEADER_OCTETS);
    writer_u16(&writer, query->id);
    writer_u16(&writer, (uint16_t)(MESSAGE_QR | rcode_of(rcode)));
    writer_u32(&writer, 0);
    writer_u32(&writer, 0);
    return writer.size;
}

static void reply_octets(struct rig *rig, const struct packet *to, struct bytes octets,
                         const char *reply)
{
    struct packet packet = {
        .from = to->to, .to = to->from, .transport = to->transport, .payload = octets};
    if (has_line(reply, "wrong port")) {
        packet.to.port ^= 1;
    }
    if (has_line(reply, "wrong server")) {
        packet.from.address = address_of("10.66.66.66");
    }
    if (!has_line(reply, "bytes")) {
        fly(rig, &packet, rig->now + RIG_LATENCY);
        return;
    }
    for (size_t i = 0; i < octets.size; i++) {
        packet.payload = bytes_of(octets.data + i, 1);
        fly(rig, &packet, rig->now + RIG_LATENCY);
    }
}

static void reply_with(struct rig *rig, const struct packet *to, const struct message *query,
                       const char *reply)
{
    static uint8_t buffer[66000];
    char line[4096];
    const size_t prefix = to->transport == TRANSPORT_TCP ? 2 : 0;
    const char *header = line_after(reply, "header ", line, sizeof line);
    const size_t size = header != NULL
                            ? compose_header(query, header, buffer + prefix)
                            : compose(rig, query, reply, buffer + prefix, sizeof buffer - prefix);
    if (prefix > 0) {
        frame_prefix(buffer, size);
    }
    reply_octets(rig, to, bytes_of(buffer, prefix + size), reply);
}

static void end_connection(struct rig *rig, const struct packet *to, enum packet_kind kind)
{
    const struct packet packet = {
        .from = to->to, .to = to->from, .transport = TRANSPORT_TCP, .kind = kind};
    fly(rig, &packet, rig->now + RIG_LATENCY);
}

static bool is_mixed(const struct name *name)
{
    struct name lower = *name;
    name_lower(&lower);
    return !name_identical(&lower, name);
}

static bool fits(const struct rig *rig, size_t index, const struct packet *packet,
                 const struct message *query)
{
    const struct script *script = &rig->scripts[index];
    const struct address server = address_of(script->server);
    const bool tcp = packet->transport == TRANSPORT_TCP;
    struct name qname;
    name_expand(query->question.name, &qname);
    if (!address_equal(&server, &packet->to.address) ||
        (script->times > 0 && rig->used[index] >= script->times)) {
        return false;
    }
    if (strcmp(script->type, "*") != 0 && type_of(script->type) != query->question.type) {
        return false;
    }
    if (strcmp(script->name, "*") != 0) {
        const bool below = script->name[0] == '*';
        const struct name wanted = name_of(script->name + (below ? 2 : 0));
        if (below ? !name_is_at_or_below(&qname, &wanted) : !name_equal(&qname, &wanted)) {
            return false;
        }
    }
    return !(has_line(script->reply, "mixed") && !is_mixed(&qname)) &&
           !(has_line(script->reply, "udp") && tcp) && !(has_line(script->reply, "tcp") && !tcp) &&
           !(has_line(script->reply, "cd") && (query->flags & MESSAGE_CD) == 0) &&
           !(has_line(script->reply, "do") && !query->edns.dnssec_ok) &&
           fits_cookie(query, script->reply) &&
           !(has_line(script->reply, "edns") && !query->edns.present) &&
           !(has_line(script->reply, "plain") && query->edns.present);
}

static void strip(const char *reply, char *ret)
{
    char line[4096];
    *ret = '\0';
    while (next_line(&reply, line, sizeof line)) {
        if (strncmp(line, "wrong", 5) != 0) {
            strcat(strcat(ret, line), "\n");
        }
    }
}

static void play(struct rig *rig, const struct packet *packet, const struct message *query,
                 const char *reply)
{
    char right[8192];
    if (has_line(reply, "silent")) {
        return;
    }
    if (has_line(reply, "refuse")) {
        end_connection(rig, packet, PACKET_RESET);
        return;
    }
    if (has_line(reply, "close")) {
        end_connection(rig, packet, PACKET_CLOSE);
        return;
    }
    if (has_line(reply, "empty frame")) {
        reply_octets(rig, packet, bytes_of("\0", 2), reply);
        return;
    }
    reply_with(rig, packet, query, reply);
    if (has_line(reply, "hang up")) {
        end_connection(rig, packet, PACKET_CLOSE);
    }
    if (has_line(reply, "forged")) {
        strip(reply, right);
        reply_with(rig, packet, query, right);
    }
}

static void count_connection(struct rig *rig, uint16_t port)
{
    const uint8_t bit = (uint8_t)(1U << (port & 7));
    rig->connections += (rig->ports[port >> 3] & bit) == 0;
    rig->ports[port >> 3] |= bit;
}

static void serve(struct rig *rig, const struct packet *packet)
{
    struct bytes octets = packet->payload;
    struct message query;
    if (packet->kind != PACKET_DATA) {
        rig->closes++;
        return;
    }
    if (packet->transport == TRANSPORT_TCP) {
        octets = bytes_after(octets, 2);
        rig->tcp_queries++;
        count_connection(rig, packet->from.port);
    }
    const bool fine = message_parse(octets, MESSAGE_STRICT, &query, NULL);
    assert(fine && packet->from.port >= 1024 && packet->to.port == 53);
    rig->queries++;
    rig->sent[packet->to.address.octets[3]]++;
    for (size_t i = 0; i < rig->script_count; i++) {
        if (fits(rig, i, packet, &query)) {
            rig->used[i]++;
            play(rig, packet, &query, rig->scripts[i].reply);
            return;
        }
    }
}

/* --- the client --- */

static const char *const resolver_text = "10.0.0.53";
static const char *const resolver_text_v6 = "2001:db8::53";
static const char *const client_text = "10.0.0.99";

static void keep_answer(struct rig *rig, const struct packet *packet)
{
    rig->answer_over_tcp = packet->transport == TRANSPORT_TCP;
    if (packet->kind != PACKET_DATA) {
        return;
    }
    assert(packet->payload.size <= sizeof rig->answer_octets);
    memcpy(rig->answer_octets, packet->payload.data, packet->payload.size);
    rig->answer_size = packet->payload.size;
    assert(!rig->answer_over_tcp ||
           rig->answer_size == 2U + 256U * rig->answer_octets[0] + rig->answer_octets[1]);
    rig->client_answers++;
}

static void arrive(struct rig *rig, const struct packet *packet)
{
    const struct address v4 = address_of(resolver_text);
    const struct address v6 = address_of(resolver_text_v6);
    const struct address client = address_of(client_text);
    if (address_equal(&packet->to.address, &v4) || address_equal(&packet->to.address, &v6)) {
        rig_deliver(rig, packet);
    } else if (address_equal(&packet->to.address, &client)) {
        keep_answer(rig, packet);
    } else {
        serve(rig, packet);
    }
}

void rig_run(struct rig *rig, duration_ns limit)
{
    const instant_ns until = rig->now + limit;
    for (int events = 0; events < 100000; events++) {
        const instant_ns flight_due = rig->flights != NULL ? rig->flights->due : NEVER;
        const instant_ns wake_due = machine_deadline(resolver_machine(rig->resolver));
        const instant_ns due = instant_earlier(flight_due, wake_due);
        if (due > until) {
            return;
        }
        rig->now = due > rig->now ? due : rig->now;
        if (flight_due <= wake_due) {
            struct flight *flight = rig->flights;
            assert(flight != NULL);
            rig->flights = flight->next;
            arrive(rig, &flight->packet);
        } else {
            const struct event event = {.kind = EVENT_WAKE, .now = rig->now};
            machine_step(resolver_machine(rig->resolver), &event, rig->outbox);
            fly_out(rig);
        }
    }
    assert(false && "the resolver does not come to rest");
}

void rig_wait(struct rig *rig, duration_ns duration)
{
    const instant_ns until = rig->now + duration;
    rig_run(rig, duration);
    rig->now = until;
}

void rig_send_octets(struct rig *rig, uint16_t client, enum transport transport,
                     struct bytes octets)
{
    const struct packet packet = {.from = {address_of(client_text), client},
                                  .to = {address_of(resolver_text), 53},
                                  .transport = transport,
                                  .payload = octets};
    rig->answer_size = 0;
    rig_deliver(rig, &packet);
}

void rig_send_query(struct rig *rig, uint16_t client, const char *name, const char *type,
                    uint16_t udp_size)
{
    static struct builder builder;
    uint8_t octets[512];
    const struct name qname = name_of(name);
    const struct edns edns = {
        .present = udp_size > 0, .udp_size = udp_size, .dnssec_ok = rig->client_do};
    builder_start(&builder, octets, sizeof octets, ++rig->next_id,
                  MESSAGE_RD | (rig->client_cd ? MESSAGE_CD : 0));
    builder_question(&builder, &qname, type_of(type), RRCLASS_IN);
    builder_edns(&builder, &edns);
    rig_send_octets(rig, client, TRANSPORT_UDP, bytes_of(octets, builder_finish(&builder)));
}

const char *rig_ask(struct rig *rig, const char *name, const char *type)
{
    rig_send_query(rig, 40000, name, type, 1232);
    rig_run(rig, 20 * NS_PER_S);
    return rig_answer(rig);
}

const char *rig_ask_signed(struct rig *rig, const char *name, const char *type)
{
    rig->client_do = true;
    const char *answer = rig_ask(rig, name, type);
    rig->client_do = false;
    return answer;
}

static void put_records(struct text *text, const struct message *message, enum section section,
                        const char *word)
{
    struct record_walk walk = record_walk_start(message, section);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_OPT) {
            continue;
        }
        char line[8192];
        struct text whole = text_in(line, sizeof line);
        record_put(&whole, &record);
        for (size_t i = 0; i < whole.size; i++) {
            line[i] = line[i] == '\t' ? ' ' : line[i];
        }
        text_put(text, "\n");
        text_put(text, word);
        text_put(text, line);
    }
}

static void put_errors(struct text *text, const struct message *message)
{
    struct bytes rest = message->edns.options;
    struct extended_error error;
    while (extended_error_next(&rest, &error)) {
        text_put_format(text, "\nede %u ", error.code);
        text_put_bytes(text, error.extra);
    }
}

void rig_show(struct bytes octets, char *buffer, size_t size)
{
    struct message message;
    struct message_error error;
    struct text text = text_in(buffer, size);
    if (!message_parse(octets, MESSAGE_STRICT, &message, &error)) {
        text_put(&text, message_outcome_name(error.outcome));
        return;
    }
    rcode_put(&text, message.rcode);
    text_put(&text, (message.flags & MESSAGE_TC) != 0 ? " TC" : "");
    put_records(&text, &message, SECTION_ANSWER, "an ");
    put_records(&text, &message, SECTION_AUTHORITY, "ns ");
    put_records(&text, &message, SECTION_ADDITIONAL, "ar ");
    put_errors(&text, &message);
}

const char *rig_answer(struct rig *rig)
{
    if (rig->answer_size == 0) {
        return "silence";
    }
    const struct bytes answer = bytes_of(rig->answer_octets, rig->answer_size);
    rig_show(bytes_after(answer, rig->answer_over_tcp ? 2 : 0), rig->text, sizeof rig->text);
    return rig->text;
}

/* --- decisions --- */

static void put_decision(struct text *text, const struct trace_entry *entry)
{
    text_put(text, entry->what);
    if (entry->name.size > 0) {
        text_put(text, " ");
        name_wire_put(text, entry->name);
    }
    if (entry->type != 0) {
        text_put(text, " ");
        rrtype_put(text, entry->type);
    }
    if (entry->peer.address.family != ADDRESS_NONE) {
        text_put(text, " ");
        address_put(text, &entry->peer.address);
    }
    text_put_format(text, " %u", (unsigned)entry->number);
    if (entry->note != NULL) {
        text_put_format(text, " (%s)", entry->note);
    }
    text_put(text, "\n");
}

const char *rig_decisions(struct rig *rig)
{
    struct text text = text_in(rig->text, sizeof rig->text);
    struct trace_cursor cursor = {0};
    const struct trace_entry *entry;
    while ((entry = trace_next(&rig->trace, &cursor)) != NULL) {
        put_decision(&text, entry);
    }
    trace_reset(&rig->trace);
    arena_reset(&rig->trace_arena);
    return rig->text;
}

bool rig_decided(const struct rig *rig, const char *word, const char *note)
{
    struct trace_cursor cursor = {0};
    const struct trace_entry *entry;
    while ((entry = trace_next(&rig->trace, &cursor)) != NULL) {
        if (strcmp(entry->what, word) == 0 &&
            (note == NULL || (entry->note != NULL && strcmp(entry->note, note) == 0))) {
            return true;
        }
    }
    return false;
}

/* --- replies alone --- */

const struct message *rig_compose(const char *name, const char *type, const char *reply)
{
    static struct builder builder;
    static struct rig rig;
    static uint8_t octets[66000];
    static struct message message;
    uint8_t query_octets[512];
    struct message query;
    const struct name qname = name_of(name);
    builder_start(&builder, query_octets, sizeof query_octets, 1, 0);
    builder_question(&builder, &qname, type_of(type), RRCLASS_IN);
    const size_t query_size = builder_finish(&builder);
    bool fine = message_parse(bytes_of(query_octets, query_size), MESSAGE_STRICT, &query, NULL);
    assert(fine);
    const size_t size = compose(&rig, &query, reply, octets, sizeof octets);
    fine = message_parse(bytes_of(octets, size), MESSAGE_STRICT, &message, NULL);
    assert(fine);
    return &message;
}

/* --- start and end --- */

void rig_start_at(struct rig *rig, const char *v4, const char *v6, const struct policy *policy,
                  const struct script *scripts, size_t script_count)
{
    static struct resolver_hint hint;
    static struct address roots[2];
    const struct address none = {0};
    rig_stop(rig); /* the test before this one may have left it */
    memset(rig, 0, sizeof *rig);
    arena_init(&rig->arena, (size_t)64 << 20);
    arena_init(&rig->trace_arena, (size_t)64 << 20);
    arena_init(&rig->flight_arena, (size_t)64 << 20);
    trace_init(&rig->trace, &rig->trace_arena);
    rig->scripts = scripts;
    rig->script_count = script_count;
    rig->outbox = ARENA_NEW(&rig->arena, struct outbox);
    roots[0] = address_of("10.0.0.1");
    roots[1] = address_of("2001:db8::1");
    hint = (struct resolver_hint){name_of("a.root."), roots, 2};
    const struct resolver_options options = {.name = "resolver",
                                             .v4 = v4 != NULL ? address_of(v4) : none,
                                             .v6 = v6 != NULL ? address_of(v6) : none,
                                             .policy = policy,
                                             .hints = &hint,
                                             .hint_count = 1,
                                             .seed = 1,
                                             .trace = &rig->trace};
    rig->resolver = resolver_new(&rig->arena, &options);
    assert(rig->resolver != NULL && rig->outbox != NULL);
}

void rig_start(struct rig *rig, const struct policy *policy, const struct script *scripts,
               size_t script_count)
{
    rig_start_at(rig, resolver_text, NULL, policy, scripts, script_count);
}

void rig_stop(struct rig *rig)
{
    arena_free(&rig->flight_arena);
    arena_free(&rig->trace_arena);
    arena_free(&rig->arena);
}
