#include "sim/synth.h"

#include <assert.h>
#include <string.h>

#include "sim/draft.h"
#include "wire/rrtype.h"
#include "wire/writer.h"

#define SYNTH_RDATA_MAX 1024
#define SYNTH_HINTS_MAX 16 /* addresses in one hint */

/* A copy of what `writer` holds as the one record of an RRset. */
static const struct rrset *single(struct arena *arena, uint16_t type, uint32_t ttl,
                                  const struct writer *writer)
{
    assert(!writer->failed);
    struct bytes *rdata = ARENA_NEW(arena, struct bytes);
    if (rdata == NULL) {
        return NULL;
    }
    *rdata = arena_copy(arena, writer_written(writer));
    if (rdata->data == NULL) {
        return NULL;
    }
    return draft_rrset_new(arena, name_root(), type, ttl, rdata, 1);
}

const struct rrset *synth_addresses(struct arena *arena, uint16_t type, uint32_t ttl,
                                    const struct address *addresses, size_t count)
{
    const unsigned family = type == RRTYPE_A ? ADDRESS_V4 : ADDRESS_V6;
    struct bytes *rdata = ARENA_NEW_ARRAY(arena, struct bytes, count);
    if (rdata == NULL) {
        return NULL;
    }
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (addresses[i].family != family) {
            continue;
        }
        rdata[used] = arena_copy(arena, address_octets(&addresses[i]));
        if (rdata[used++].data == NULL) {
            return NULL;
        }
    }
    return draft_rrset_new(arena, name_root(), type, ttl, rdata, used);
}

const struct rrset *synth_hinfo(struct arena *arena, uint32_t ttl)
{
    uint8_t octets[16];
    struct writer writer = writer_in(octets, sizeof octets);
    writer_string(&writer, bytes_of_string("RFC8482"));
    writer_string(&writer, bytes_of_string(""));
    return single(arena, RRTYPE_HINFO, ttl, &writer);
}

enum { SVC_ALPN = 1, SVC_IPV4HINT = 4, SVC_ECH = 5, SVC_IPV6HINT = 6 };

static void put_alpn(struct writer *writer, const char *const *alpn)
{
    size_t size = 0;
    for (size_t i = 0; alpn[i] != NULL; i++) {
        size += strlen(alpn[i]) + 1;
    }
    writer_u16(writer, SVC_ALPN);
    writer_u16(writer, (uint16_t)size);
    for (size_t i = 0; alpn[i] != NULL; i++) {
        writer_string(writer, bytes_of_string(alpn[i]));
    }
}

static void put_hints(struct writer *writer, uint16_t key, const struct rrset *addresses)
{
    if (addresses == NULL || addresses->count == 0) {
        return;
    }
    const size_t count = addresses->count < SYNTH_HINTS_MAX ? addresses->count : SYNTH_HINTS_MAX;
    writer_u16(writer, key);
    writer_u16(writer, (uint16_t)(count * addresses->rdata[0].size));
    for (size_t i = 0; i < count; i++) {
        writer_bytes(writer, addresses->rdata[i]);
    }
}

const struct rrset *synth_https(struct arena *arena, uint32_t ttl,
                                const struct synth_https *service)
{
    uint8_t octets[SYNTH_RDATA_MAX];
    struct writer writer = writer_in(octets, sizeof octets);
    writer_u16(&writer, 1); /* priority: service form */
    writer_u8(&writer, 0);  /* target: the owner itself */
    put_alpn(&writer, service->alpn);
    put_hints(&writer, SVC_IPV4HINT, service->ipv4);
    if (service->ech.size > 0) {
        writer_u16(&writer, SVC_ECH);
        writer_u16(&writer, (uint16_t)service->ech.size);
        writer_bytes(&writer, service->ech);
    }
    put_hints(&writer, SVC_IPV6HINT, service->ipv6);
    return single(arena, RRTYPE_HTTPS, ttl, &writer);
}

struct bytes synth_ech(struct arena *arena, const char *public_name)
{
    enum { KEY = 32 };
    const struct bytes name = bytes_of_string(public_name);
    const size_t contents = 1 + 2 + 2 + KEY + 2 + 4 + 1 + 1 + name.size + 2;
    uint8_t octets[256];
    struct writer writer = writer_in(octets, sizeof octets);
    writer_u16(&writer, (uint16_t)(contents + 4)); /* of the list */
    writer_u16(&writer, 0xfe0d);                   /* version */
    writer_u16(&writer, (uint16_t)contents);
    writer_u8(&writer, 1);       /* config_id */
    writer_u16(&writer, 0x0020); /* DHKEM(X25519, HKDF-SHA256) */
    writer_u16(&writer, KEY);
    for (unsigned i = 0; i < KEY; i++) {
        writer_u8(&writer, (uint8_t)(0x40 + i)); /* no one holds its private half */
    }
    writer_u16(&writer, 4);
    writer_u16(&writer, 1); /* HKDF-SHA256 */
    writer_u16(&writer, 1); /* AES-128-GCM */
    writer_u8(&writer, 0);  /* maximum_name_length */
    writer_string(&writer, name);
    writer_u16(&writer, 0); /* no extensions */
    assert(!writer.failed);
    return arena_copy(arena, writer_written(&writer));
}
