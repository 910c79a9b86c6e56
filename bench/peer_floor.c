#include "bench/peers.h"
#include "wire/rrtype.h"

const char *floor_prepare(const struct sample *samples, size_t count, void **ret_context)
{
    (void)samples;
    (void)count;
    *ret_context = NULL;
    return NULL;
}

static unsigned u16_at(const uint8_t *octets)
{
    return (unsigned)octets[0] << 8 | octets[1];
}

/* The offset after the name at `at`, 0 if it is not sound. */
static size_t walk_name(const uint8_t *data, size_t size, size_t at)
{
    size_t after = 0;
    size_t total = 0;
    size_t least = at;
    while (at < size) {
        const uint8_t length = data[at];
        if (length == 0) {
            return total + 1 > 255 ? 0 : after != 0 ? after : at + 1;
        }
        if (length < 64) {
            total += 1U + length;
            at += 1U + length;
            continue;
        }
        if (length < 0xc0 || at + 2 > size) {
            return 0;
        }
        if (after == 0) {
            after = at + 2;
        }
        at = u16_at(data + at) & 0x3fff;
        if (at >= least || at < 12) {
            return 0;
        }
        least = at;
    }
    return 0;
}

static bool walk_strings(const uint8_t *data, size_t at, size_t end)
{
    if (at == end) {
        return false;
    }
    while (at < end) {
        at += 1U + data[at];
    }
    return at == end;
}

static bool walk_rdata(const uint8_t *data, size_t size, unsigned type, size_t at, size_t end)
{
    switch (type) {
    case RRTYPE_A: return end - at == 4;
    case RRTYPE_AAAA: return end - at == 16;
    case RRTYPE_NS:
    case RRTYPE_CNAME: return walk_name(data, size, at) == end;
    case RRTYPE_MX: return end - at > 2 && walk_name(data, size, at + 2) == end;
    case RRTYPE_SOA:
        at = walk_name(data, size, at);
        at = at == 0 ? 0 : walk_name(data, size, at);
        return at != 0 && at + 20 == end;
    case RRTYPE_TXT: return walk_strings(data, at, end);
    case RRTYPE_RRSIG:
        return end - at > 18 && (at = walk_name(data, size, at + 18)) != 0 && at <= end;
    case RRTYPE_NSEC: return (at = walk_name(data, size, at)) != 0 && at <= end;
    default: return true;
    }
}

/* The offset after the record at `at`, 0 if it is not sound. */
static size_t walk_record(const uint8_t *data, size_t size, size_t at)
{
    at = walk_name(data, size, at);
    if (at == 0 || size - at < 10) {
        return 0;
    }
    const size_t end = at + 10 + u16_at(data + at + 8);
    return end <= size && walk_rdata(data, size, u16_at(data + at), at + 10, end) ? end : 0;
}

bool floor_parse(void *context, const struct sample *sample)
{
    const uint8_t *data = sample->wire.data;
    const size_t size = sample->wire.size;
    (void)context;
    if (size < 12 || u16_at(data + 4) != 1) {
        return false;
    }
    size_t at = walk_name(data, size, 12);
    if (at == 0 || size - at < 4) {
        return false;
    }
    at += 4;
    for (unsigned left = u16_at(data + 6) + u16_at(data + 8) + u16_at(data + 10); left > 0;
         left--) {
        at = walk_record(data, size, at);
        if (at == 0) {
            return false;
        }
    }
    return at == size;
}
