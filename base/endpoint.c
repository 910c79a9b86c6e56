#include "base/endpoint.h"

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct address address_v4(const uint8_t octets[4])
{
    struct address address = {.family = ADDRESS_V4};
    memcpy(address.octets, octets, 4);
    return address;
}

struct address address_v6(const uint8_t octets[16])
{
    if (memcmp(octets, mapped_prefix, sizeof mapped_prefix) == 0) {
        return address_v4(octets + 12);
    }
    struct address address = {.family = ADDRESS_V6};
    memcpy(address.octets, octets, 16);
    return address;
}

bool address_equal(const struct address *a, const struct address *b)
{
    return a->family == b->family && memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && address_equal(&a->address, &b->address);
}

uint64_t address_hash(const struct address *address)
{
    return bytes_hash(bytes_of(address->octets, sizeof address->octets), address->family);
}

uint64_t endpoint_hash(const struct endpoint *endpoint)
{
    return bytes_hash(bytes_of(endpoint->address.octets, sizeof endpoint->address.octets),
                      (uint64_t)endpoint->port << 8 | endpoint->address.family);
}

struct bytes address_octets(const struct address *address)
{
    const size_t size = address->family == ADDRESS_V4 ? 4 : address->family == ADDRESS_V6 ? 16 : 0;
    return bytes_of(address->octets, size);
}

bool address_is_loopback(const struct address *address)
{
    static const uint8_t one[16] = {[15] = 1};
    if (address->family == ADDRESS_V4) {
        return address->octets[0] == 127;
    }
    return address->family == ADDRESS_V6 && memcmp(address->octets, one, sizeof one) == 0;
}

bool port_is_reflector(uint16_t port)
{
    static const uint16_t ports[] = {0, 7, 13, 17, 19, 37, 464};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        if (ports[i] == port) {
            return true;
        }
    }
    return false;
}

/* Reads a decimal octet at `*at`, advancing it. */
static bool parse_octet(struct bytes text, size_t *at, uint8_t *ret)
{
    const size_t start = *at;
    unsigned value = 0;
    while (*at < text.size && *at - start < 3 && text.data[*at] >= '0' && text.data[*at] <= '9') {
        value = value * 10 + (unsigned)(text.data[(*at)++] - '0');
    }
    const size_t digits = *at - start;
    if (digits == 0 || value > 255 || (digits > 1 && text.data[start] == '0')) {
        return false;
    }
    *ret = (uint8_t)value;
    return true;
}

static bool parse_v4(struct bytes text, uint8_t octets[4])
{
    size_t at = 0;
    for (size_t i = 0; i < 4; i++) {
        if (i > 0 && (at >= text.size || text.data[at++] != '.')) {
            return false;
        }
        if (!parse_octet(text, &at, &octets[i])) {
            return false;
        }
    }
    return at == text.size;
}

static int hex_value(uint8_t character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    const uint8_t lower = character | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Reads up to four hexadecimal digits at `*at`; false if there is none. */
static bool parse_group(struct bytes text, size_t *at, uint16_t *ret)
{
    const size_t start = *at;
    unsigned value = 0;
    while (*at < text.size && *at - start < 4 && hex_value(text.data[*at]) >= 0) {
        value = value << 4 | (unsigned)hex_value(text.data[(*at)++]);
    }
    *ret = (uint16_t)value;
    return *at > start;
}

/* Groups read so far, and where "::" stood. */
struct groups {
    uint8_t octets[16];
    size_t used; /* octets */
    size_t gap;  /* octets before "::", SIZE_MAX if there was none */
};

/* One group, or a dotted IPv4 tail. Returns false on anything else. */
static bool parse_part(struct bytes text, size_t *at, struct groups *groups)
{
    const size_t start = *at;
    uint16_t group;
    if (!parse_group(text, at, &group)) {
        return false;
    }
    if (*at < text.size && text.data[*at] == '.') {
        if (groups->used > 12 ||
            !parse_v4(bytes_after(text, start), groups->octets + groups->used)) {
            return false;
        }
        groups->used += 4;
        *at = text.size;
        return true;
    }
    if (groups->used > 14) {
        return false;
    }
    groups->octets[groups->used++] = (uint8_t)(group >> 8);
    groups->octets[groups->used++] = (uint8_t)group;
    return true;
}

static bool at_gap(struct bytes text, size_t at)
{
    return at + 1 < text.size && text.data[at] == ':' && text.data[at + 1] == ':';
}

static bool parse_groups(struct bytes text, struct groups *groups)
{
    size_t at = 0;
    if (at_gap(text, 0)) {
        groups->gap = 0;
        at = 2;
    }
    while (at < text.size) {
        if (!parse_part(text, &at, groups)) {
            return false;
        }
        if (at == text.size) {
            break;
        }
        if (at_gap(text, at)) {
            if (groups->gap != SIZE_MAX) {
                return false;
            }
            groups->gap = groups->used;
            at += 2;
        } else if (text.data[at] == ':' && at + 1 < text.size) {
            at++;
        } else {
            return false;
        }
    }
    return groups->gap == SIZE_MAX ? groups->used == 16 : groups->used <= 14;
}

static bool parse_v6(struct bytes text, struct address *ret)
{
    struct groups groups = {.gap = SIZE_MAX};
    if (text.size < 2 || !parse_groups(text, &groups)) {
        return false;
    }
    uint8_t octets[16] = {0};
    const size_t head = groups.gap == SIZE_MAX ? groups.used : groups.gap;
    memcpy(octets, groups.octets, head);
    memcpy(octets + 16 - (groups.used - head), groups.octets + head, groups.used - head);
    *ret = address_v6(octets);
    return true;
}

bool address_parse(struct bytes text, struct address *ret)
{
    uint8_t octets[4];
    if (text.size > 0 && memchr(text.data, ':', text.size) != NULL) {
        return parse_v6(text, ret);
    }
    if (!parse_v4(text, octets)) {
        return false;
    }
    *ret = address_v4(octets);
    return true;
}

static unsigned group_at(const struct address *address, size_t index)
{
    return (unsigned)address->octets[2 * index] << 8 | address->octets[2 * index + 1];
}

/* The first longest run of at least two zero groups (RFC 5952 4.2). */
static void find_zero_run(const struct address *address, size_t *ret_start, size_t *ret_size)
{
    *ret_start = 8;
    *ret_size = 1;
    for (size_t start = 0; start < 8; start++) {
        size_t size = 0;
        while (start + size < 8 && group_at(address, start + size) == 0) {
            size++;
        }
        if (size > *ret_size) {
            *ret_start = start;
            *ret_size = size;
        }
    }
}

static void put_v6(struct text *text, const struct address *address)
{
    size_t run;
    size_t run_size;
    find_zero_run(address, &run, &run_size);
    for (size_t i = 0; i < 8; i++) {
        if (i == run) {
            text_put(text, "::");
            i += run_size - 1;
            continue;
        }
        if (i > 0 && i != run + run_size) {
            text_put_char(text, ':');
        }
        text_put_format(text, "%x", group_at(address, i));
    }
}

static void put_v4(struct text *text, const struct address *address)
{
    for (size_t i = 0; i < 4; i++) {
        text_put(text, i > 0 ? "." : "");
        text_put_number(text, address->octets[i]);
    }
}

void address_put(struct text *text, const struct address *address)
{
    switch (address->family) {
    case ADDRESS_V4: put_v4(text, address); break;
    case ADDRESS_V6: put_v6(text, address); break;
    default: text_put_char(text, '-'); break;
    }
}

void endpoint_put(struct text *text, const struct endpoint *endpoint)
{
    const bool bracketed = endpoint->address.family == ADDRESS_V6;
    text_put(text, bracketed ? "[" : "");
    address_put(text, &endpoint->address);
    text_put(text, bracketed ? "]:" : ":");
    text_put_number(text, endpoint->port);
}
