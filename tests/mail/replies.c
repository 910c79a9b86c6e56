#include "tests/mail/replies.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/endpoint.h"
#include "wire/builder.h"
#include "wire/edns.h"
#include "wire/rrtype.h"

#define LINE_MAX_OCTETS 1200

struct name name_of_text(const char *text)
{
    struct name name;
    const char *why = "";
    ck_assert_msg(name_parse_text(bytes_of_string(text), NULL, &name, &why), "%s: %s", text, why);
    return name;
}

static uint16_t type_of_text(const char *text)
{
    uint16_t type = 0;
    ck_assert_msg(rrtype_parse(bytes_of_string(text), &type), "no type: %s", text);
    return type;
}

static size_t put_u32(uint8_t *to, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> (24 - 8 * i));
    }
    return 4;
}

static size_t put_name(uint8_t *to, const char *text)
{
    const struct name name = name_of_text(text);
    memcpy(to, name.octets, name.size);
    return name.size;
}

static size_t put_txt(uint8_t *to, const char *text)
{
    const size_t size = strlen(text);
    size_t at = 0;
    size_t used = 0;
    do {
        const size_t part = size - at > 255 ? 255 : size - at;
        to[used++] = (uint8_t)part;
        memcpy(to + used, text + at, part);
        used += part;
        at += part;
    } while (at < size);
    return used;
}

static size_t put_soa(uint8_t *to, uint32_t minimum)
{
    size_t used = put_name(to, "ns1.dns.example.");
    used += put_name(to + used, "hostmaster.dns.example.");
    const uint32_t numbers[5] = {2026112301, 10000, 2400, 604800, minimum};
    for (unsigned i = 0; i < 5; i++) {
        used += put_u32(to + used, numbers[i]);
    }
    return used;
}

static size_t put_address(uint8_t *to, const char *text)
{
    struct address address;
    ck_assert_msg(address_parse(bytes_of_string(text), &address), "no address: %s", text);
    const struct bytes octets = address_octets(&address);
    memcpy(to, octets.data, octets.size);
    return octets.size;
}

/* Four octets of header, and `size` octets that are no digest and no key of anything. */
static size_t put_made_up(uint8_t *to, const uint8_t header[4], size_t size)
{
    memcpy(to, header, 4);
    memset(to + 4, 0xab, size);
    return 4 + size;
}

static size_t put_data(uint8_t *to, uint16_t type, const char *data)
{
    unsigned seconds = 0;
    switch (type) {
    case RRTYPE_TXT: return put_txt(to, data);
    case RRTYPE_A:
    case RRTYPE_AAAA: return put_address(to, data);
    case RRTYPE_SOA: ck_assert_int_eq(sscanf(data, "%u", &seconds), 1); return put_soa(to, seconds);
    case RRTYPE_DS: return put_made_up(to, (const uint8_t[]){0x30, 0x39, 13, 2}, 32);
    case RRTYPE_DNSKEY: return put_made_up(to, (const uint8_t[]){1, 1, 3, 13}, 64);
    default: return put_name(to, data);
    }
}

static void add_record(struct builder *builder, enum section section, const char *line)
{
    char owner_text[256];
    char type_text[16];
    int data_at = 0;
    ck_assert_msg(sscanf(line, "%255s %15s %n", owner_text, type_text, &data_at) == 2, "%s", line);
    uint8_t rdata[2048];
    const uint16_t type = type_of_text(type_text);
    const size_t size = put_data(rdata, type, line + data_at);
    const struct name owner = name_of_text(owner_text);
    unsigned ttl = 300;
    if (type == RRTYPE_SOA) {
        ck_assert_int_eq(sscanf(line + data_at, "%u", &ttl), 1);
    }
    const struct rr rr = {&owner, type, RRCLASS_IN, ttl, bytes_of(rdata, size)};
    ck_assert(builder_record(builder, section, &rr));
}

/* An OPT record, with the extended error or the network that the line names, if it does. */
static void add_edns(struct builder *builder, const char *line)
{
    unsigned code = 0;
    uint8_t options[16];
    size_t size = 0;
    const struct client_subnet subnet = {
        .address = {ADDRESS_V4, {192, 0, 2}}, .source = 24, .scope = 24};
    if (sscanf(line, "ede %u", &code) == 1) {
        ck_assert(extended_error_append(options, sizeof options, &size, (uint16_t)code,
                                        bytes_of(NULL, 0)));
    } else if (strcmp(line, "ecs") == 0) {
        ck_assert(client_subnet_append(options, sizeof options, &size, &subnet));
    }
    const struct edns edns = {
        .present = true, .udp_size = EDNS_UDP_SIZE, .options = bytes_of(options, size)};
    ck_assert(builder_edns(builder, &edns));
}

static void take_line(struct builder *builder, const char *line)
{
    uint16_t rcode = 0;
    if (line[0] == '+') {
        add_record(builder, SECTION_ANSWER, line + 2);
    } else if (line[0] == '-') {
        add_record(builder, SECTION_AUTHORITY, line + 2);
    } else if (line[0] == '~') {
        add_record(builder, SECTION_ADDITIONAL, line + 2);
    } else if (strncmp(line, "ed", 2) == 0 || strcmp(line, "ecs") == 0) {
        add_edns(builder, line);
    } else if (strcmp(line, "flag TC") == 0) {
        builder_flags(builder, MESSAGE_TC);
    } else if (strcmp(line, "flag AA") == 0) {
        builder_flags(builder, MESSAGE_AA);
    } else if (strcmp(line, "flag EDNS") == 0) {
        const struct edns edns = {.present = true, .udp_size = 1232};
        ck_assert(builder_edns(builder, &edns));
    } else {
        ck_assert_msg(strncmp(line, "rcode ", 6) == 0, "%s", line);
        ck_assert(rcode_parse(bytes_of_string(line + 6), &rcode));
        builder_rcode(builder, rcode);
    }
}

static void read_question(struct canned_reply *reply, const char *line)
{
    char name_text[256];
    char type_text[16];
    ck_assert_msg(sscanf(line, "%255s %15s", name_text, type_text) == 2, "%s", line);
    reply->name = name_of_text(name_text);
    reply->type = type_of_text(type_text);
}

/* Copies the next line of `*lines` and steps over it; false at the end. */
static bool next_line(const char **lines, char line[LINE_MAX_OCTETS])
{
    const size_t size = strcspn(*lines, "\n");
    if (size == 0) {
        return false;
    }
    ck_assert_uint_lt(size, LINE_MAX_OCTETS);
    memcpy(line, *lines, size);
    line[size] = '\0';
    *lines += size + ((*lines)[size] == '\n' ? 1 : 0);
    return true;
}

/* Builds all but the first line, which was the question. */
static void build(struct canned_reply *reply, const char *lines)
{
    char line[LINE_MAX_OCTETS];
    struct builder builder;
    builder_start(&builder, reply->octets, sizeof reply->octets, 1, MESSAGE_QR | MESSAGE_RA);
    ck_assert(builder_question(&builder, &reply->name, reply->type, RRCLASS_IN));
    ck_assert(next_line(&lines, line));
    while (next_line(&lines, line)) {
        take_line(&builder, line);
    }
    const size_t size = builder_finish(&builder);
    ck_assert_uint_gt(size, 0);
    ck_assert(message_parse(bytes_of(reply->octets, size), MESSAGE_STRICT, &reply->message, NULL));
}

void reply_build(struct canned_reply *reply, const char *lines)
{
    read_question(reply, lines);
    build(reply, lines);
}

void reply_build_for(struct canned_reply *reply, const struct name *name, uint16_t type,
                     const char *lines)
{
    name_copy(&reply->name, name);
    reply->type = type;
    build(reply, lines);
}
