#include "tests/sim/stage.h"

#include <string.h>

#include "wire/builder.h"
#include "wire/frame.h"
#include "wire/message.h"
#include "wire/rrtype.h"
#include "wire/writer.h"

#define STAGE_ARENA_MAX ((size_t)16 * 1024 * 1024)

struct name stage_name(const char *text)
{
    struct name name;
    const char *why = NULL;
    ck_assert_msg(name_parse_text(bytes_of_string(text), NULL, &name, &why), "%s: %s", text, why);
    return name;
}

/* --- text to records --- */

/* The next word of `*rest` up to a space. */
static struct bytes word(struct bytes *rest)
{
    size_t start = 0;
    while (start < rest->size && rest->data[start] == ' ') {
        start++;
    }
    size_t end = start;
    while (end < rest->size && rest->data[end] != ' ') {
        end++;
    }
    const struct bytes found = bytes_of(rest->data + start, end - start);
    *rest = bytes_after(*rest, end);
    return found;
}

static struct bytes part(struct bytes *rest, char separator)
{
    size_t end = 0;
    while (end < rest->size && rest->data[end] != (uint8_t)separator) {
        end++;
    }
    const struct bytes found = bytes_of(rest->data, end);
    *rest = bytes_after(*rest, end + 1);
    return found;
}

static struct bytes trim(struct bytes text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text = bytes_after(text, 1);
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ') {
        text.size--;
    }
    return text;
}

static uint32_t number(struct bytes text)
{
    uint32_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        ck_assert_msg(text.data[i] >= '0' && text.data[i] <= '9', "not a number: %.*s",
                      (int)text.size, (const char *)text.data);
        value = value * 10 + (uint32_t)(text.data[i] - '0');
    }
    return value;
}

static void put_name(struct writer *writer, struct bytes text, const struct name *origin)
{
    struct name name;
    const char *why = NULL;
    ck_assert_msg(name_parse_text(text, origin, &name, &why), "%.*s: %s", (int)text.size,
                  (const char *)text.data, why);
    writer_bytes(writer, name_bytes(&name));
}

static void put_address(struct writer *writer, struct bytes text)
{
    struct address address;
    ck_assert(address_parse(text, &address));
    writer_bytes(writer, address_octets(&address));
}

static void put_rdata(struct writer *writer, uint16_t type, struct bytes rest,
                      const struct name *origin)
{
    switch (type) {
    case RRTYPE_A:
    case RRTYPE_AAAA: put_address(writer, word(&rest)); break;
    case RRTYPE_NS:
    case RRTYPE_CNAME:
    case RRTYPE_DNAME: put_name(writer, word(&rest), origin); break;
    case RRTYPE_MX:
        writer_u16(writer, (uint16_t)number(word(&rest)));
        put_name(writer, word(&rest), origin);
        break;
    case RRTYPE_SOA:
        put_name(writer, word(&rest), origin);
        put_name(writer, word(&rest), origin);
        for (int i = 0; i < 5; i++) {
            writer_u32(writer, number(word(&rest)));
        }
        break;
    case RRTYPE_DS:
        writer_u16(writer, (uint16_t)number(word(&rest)));
        writer_u8(writer, (uint8_t)number(word(&rest)));
        writer_u8(writer, (uint8_t)number(word(&rest)));
        writer_bytes(writer, word(&rest));
        break;
    case RRTYPE_TXT:
        rest = trim(rest);
        while (rest.size > 0) {
            writer_string(writer, part(&rest, '|'));
        }
        break;
    default: ck_abort_msg("the stage cannot write type %u", type);
    }
    ck_assert(!writer->failed);
}

static void add_line(struct zone *zone, struct bytes line)
{
    uint8_t rdata[4096];
    struct name owner;
    struct rr rr = {.owner = &owner, .rrclass = RRCLASS_IN};
    const struct bytes owner_text = word(&line);
    ck_assert(name_parse_text(owner_text, zone_apex(zone), &owner, NULL));
    rr.ttl = number(word(&line));
    ck_assert(rrtype_parse(word(&line), &rr.type));
    struct writer writer = writer_in(rdata, sizeof rdata);
    put_rdata(&writer, rr.type, line, zone_apex(zone));
    rr.rdata = writer_written(&writer);
    const char *why = NULL;
    ck_assert_msg(zone_add(zone, &rr, &why), "%s", why);
}

const struct zone *stage_make_zone(struct arena *arena, const char *apex, const char *lines)
{
    const struct name name = stage_name(apex);
    struct zone *zone = zone_new(arena, &name);
    ck_assert_ptr_nonnull(zone);
    struct bytes rest = bytes_of_string(lines);
    while (rest.size > 0) {
        const struct bytes line = trim(part(&rest, '\n'));
        if (line.size > 0) {
            add_line(zone, line);
        }
    }
    ck_assert(zone_finish(zone));
    return zone;
}

/* --- text to parameters --- */

static void read_choice(struct bytes text, struct param *ret)
{
    for (size_t i = 0; ret->spec->choices[i] != NULL; i++) {
        if (bytes_are(text, ret->spec->choices[i])) {
            ret->number = i;
            return;
        }
    }
    ck_abort_msg("no such choice: %.*s", (int)text.size, (const char *)text.data);
}

static void read_list(struct arena *arena, struct bytes text, struct param *ret)
{
    enum { MOST = 16 };
    struct bytes *texts = ARENA_NEW_ARRAY(arena, struct bytes, MOST);
    struct place *places = ARENA_NEW_ARRAY(arena, struct place, MOST);
    struct address *addresses = ARENA_NEW_ARRAY(arena, struct address, MOST);
    uint16_t *types = ARENA_NEW_ARRAY(arena, uint16_t, MOST);
    while (text.size > 0) {
        const struct bytes item = trim(part(&text, ','));
        ck_assert_uint_lt(ret->count, MOST);
        texts[ret->count] = item;
        places[ret->count] = (struct place){.line = 1, .column = (uint32_t)ret->count + 1};
        if (ret->spec->type == PARAM_ADDRESSES) {
            ck_assert(address_parse(item, &addresses[ret->count]));
        } else if (ret->spec->type == PARAM_TYPES) {
            ck_assert(rrtype_parse(item, &types[ret->count]));
        }
        ret->count++;
    }
    ret->texts = texts;
    ret->text_places = places;
    ret->addresses = addresses;
    ret->types = types;
}

static void read_value(struct arena *arena, struct bytes text, struct param *ret)
{
    switch (ret->spec->type) {
    case PARAM_BOOL: ret->number = bytes_are(text, "true"); break;
    case PARAM_INTEGER: ret->number = number(text); break;
    case PARAM_DURATION: ret->number = number(text) * NS_PER_S; break;
    case PARAM_CHOICE: read_choice(text, ret); break;
    default: read_list(arena, text, ret); break;
    }
}

static const struct param_spec *find_spec(const struct behaviour_row *row, struct bytes key)
{
    for (const struct param_spec *spec = row->params; spec->key != NULL; spec++) {
        if (bytes_are(key, spec->key)) {
            return spec;
        }
    }
    ck_abort_msg("%s has no key %.*s", row->name, (int)key.size, (const char *)key.data);
}

static struct params read_params(struct arena *arena, const struct behaviour_row *row,
                                 const char *text)
{
    enum { MOST = 16 };
    struct param *items = ARENA_NEW_ARRAY(arena, struct param, MOST);
    struct params params = {.items = items};
    struct bytes rest = bytes_of_string(text);
    while (rest.size > 0) {
        struct bytes pair = part(&rest, ';');
        const struct bytes key = trim(part(&pair, ':'));
        struct param *param = &items[params.count++];
        param->spec = find_spec(row, key);
        param->place = (struct place){.line = 1, .column = 1};
        read_value(arena, trim(pair), param);
    }
    for (const struct param_spec *spec = row->params; spec->key != NULL; spec++) {
        if (spec->fallback != NULL && params_find(&params, spec->key) == NULL) {
            struct param *param = &items[params.count++];
            param->spec = spec;
            read_value(arena, bytes_of_string(spec->fallback), param);
        }
    }
    return params;
}

/* --- the stage --- */

void stage_open(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    arena_init(&stage->arena, STAGE_ARENA_MAX);
    arena_init(&stage->told, STAGE_ARENA_MAX);
    trace_init(&stage->trace, &stage->told);
    stage->outbox = ARENA_NEW(&stage->arena, struct outbox);
    const struct server_options options = {
        .name = "ns1",
        .seed = 1,
        .trace = &stage->trace,
        .zones = stage->all,
        .served_max = STAGE_ZONES_MAX,
    };
    stage->server = server_new(&stage->arena, &options);
    ck_assert_ptr_nonnull(stage->server);
}

void stage_close(struct stage *stage)
{
    arena_free(&stage->told);
    arena_free(&stage->arena);
}

void stage_know(struct stage *stage, const char *apex, const char *lines)
{
    stage->all[stage->zone_count++] = stage_make_zone(&stage->arena, apex, lines);
    server_set_zones(stage->server, stage->all, stage->zone_count);
}

struct stage_zone *stage_serve(struct stage *stage, const char *apex, const char *lines)
{
    struct stage_zone *zone = &stage->zones[stage->zone_count];
    stage_know(stage, apex, lines);
    zone->served.zone = stage->all[stage->zone_count - 1];
    zone->served.behaviours = zone->behaviours;
    ck_assert(server_serve(stage->server, &zone->served));
    return zone;
}

const void *stage_configure(struct arena *given, struct arena *arena, const char *apex,
                            const char *provider, const char *behaviour, const char *params,
                            struct diag *reterr)
{
    const struct behaviour_row *row = behaviour_find(bytes_of_string(behaviour));
    ck_assert_msg(row != NULL, "no behaviour %s", behaviour);
    const struct name name = stage_name(apex);
    struct name *kept = ARENA_NEW(given, struct name);
    *kept = name;
    const struct params checked = read_params(given, row, params);
    const struct provider *who =
        provider != NULL ? provider_find(bytes_of_string(provider)) : provider_default();
    ck_assert_ptr_nonnull(who);
    return row->configure(&checked, kept, who, arena, reterr);
}

void stage_behave(struct stage *stage, struct stage_zone *zone, const char *provider,
                  const char *behaviour, const char *params)
{
    char apex[NAME_TEXT_MAX];
    struct text text = text_in(apex, sizeof apex);
    name_put(&text, zone_apex(zone->served.zone));
    struct diag diag = {.sentence = ""};
    const void *state =
        stage_configure(&stage->arena, &stage->arena, apex, provider, behaviour, params, &diag);
    ck_assert_msg(state != NULL, "%s", diag.sentence);
    zone->behaviours[zone->served.behaviour_count++] = (struct behaviour){
        .row = behaviour_find(bytes_of_string(behaviour)),
        .state = state,
    };
    ck_assert(server_serve(stage->server, &zone->served));
}

/* --- asking --- */

size_t stage_build(const char *question, const struct stage_query *how, uint8_t *buffer,
                   size_t capacity)
{
    struct bytes rest = bytes_of_string(question);
    const struct bytes name_text = word(&rest);
    struct name name;
    uint16_t type;
    ck_assert(name_parse_text(name_text, NULL, &name, NULL));
    ck_assert(rrtype_parse(trim(rest), &type));
    struct builder builder;
    builder_start(&builder, buffer, capacity, 0x1234,
                  (uint16_t)(how->flags | how->opcode << MESSAGE_OPCODE_SHIFT));
    builder_question(&builder, &name, type, how->rrclass == 0 ? RRCLASS_IN : how->rrclass);
    const struct edns edns = {
        .present = how->udp_size > 0,
        .udp_size = how->udp_size,
        .version = how->version,
        .dnssec_ok = how->dnssec_ok,
    };
    builder_edns(&builder, &edns);
    const size_t size = builder_finish(&builder);
    ck_assert_uint_gt(size, 0);
    return size;
}

void stage_send(struct stage *stage, enum transport transport, uint16_t port, struct bytes octets)
{
    const uint8_t client[4] = {192, 0, 2, 1};
    const uint8_t server[4] = {192, 0, 2, 53};
    const struct event event = {
        .kind = EVENT_PACKET,
        .now = stage->now,
        .packet =
            {
                .from = {.address = address_v4(client), .port = port},
                .to = {.address = address_v4(server), .port = 53},
                .transport = transport,
                .kind = PACKET_DATA,
                .payload = octets,
            },
    };
    outbox_clear(stage->outbox);
    machine_step(server_machine(stage->server), &event, stage->outbox);
}

const char *stage_ask(struct stage *stage, const char *question)
{
    return stage_ask_as(stage, question, &(struct stage_query){.udp_size = 1232});
}

const char *stage_ask_as(struct stage *stage, const char *question, const struct stage_query *how)
{
    uint8_t query[600];
    const size_t prefix = how->transport == TRANSPORT_TCP ? FRAME_PREFIX_OCTETS : 0;
    const size_t size = stage_build(question, how, query + prefix, sizeof query - prefix);
    if (prefix > 0) {
        frame_prefix(query, size);
    }
    stage_send(stage, how->transport, 40000, bytes_of(query, size + prefix));
    if (stage->outbox->count == 0) {
        return "silence";
    }
    ck_assert_uint_eq(stage->outbox->count, 1);
    stage_show(bytes_after(stage->outbox->packets[0].payload, prefix), stage->text,
               sizeof stage->text);
    return stage->text;
}

/* --- showing --- */

static void show_section(struct text *text, const struct message *message, enum section section,
                         const char *word_for_it)
{
    struct record_walk walk = record_walk_start(message, section);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_OPT) {
            continue;
        }
        text_put_char(text, '\n');
        text_put(text, word_for_it);
        text_put_char(text, ' ');
        const size_t start = text->size;
        record_put(text, &record);
        for (size_t i = start; i < text->size; i++) {
            text->data[i] = text->data[i] == '\t' ? ' ' : text->data[i];
        }
    }
}

static void show_edns(struct text *text, const struct message *message)
{
    if (!message->edns.present) {
        return;
    }
    text_put(text, message->edns.dnssec_ok ? " opt do" : " opt");
    struct bytes rest = message->edns.options;
    struct extended_error error;
    while (extended_error_next(&rest, &error)) {
        text_put_format(text, " ede=%u", error.code);
    }
}

void stage_show(struct bytes octets, char *buffer, size_t capacity)
{
    struct text text = text_in(buffer, capacity);
    struct message message;
    struct message_error error;
    if (!message_parse(octets, MESSAGE_LENIENT, &message, &error)) {
        text_put_format(&text, "unparsable: %s at %u of %zu octets",
                        message_outcome_name(error.outcome), error.offset, octets.size);
        return;
    }
    ck_assert(message_is_response(&message));
    ck_assert_uint_eq(message.id, 0x1234);
    rcode_put(&text, message.rcode);
    static const struct {
        uint16_t bit;
        const char *word;
    } flags[] = {{MESSAGE_AA, " aa"}, {MESSAGE_TC, " tc"}, {MESSAGE_RD, " rd"},
                 {MESSAGE_RA, " ra"}, {MESSAGE_AD, " ad"}, {MESSAGE_CD, " cd"}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        text_put(&text, (message.flags & flags[i].bit) != 0 ? flags[i].word : "");
    }
    show_edns(&text, &message);
    if (message.counts[SECTION_QUESTION] == 0) {
        text_put(&text, " no-question");
    }
    show_section(&text, &message, SECTION_ANSWER, "AN");
    show_section(&text, &message, SECTION_AUTHORITY, "NS");
    show_section(&text, &message, SECTION_ADDITIONAL, "AR");
    ck_assert(!text.overflow);
}
