#include "bench/corpus.h"

#include <assert.h>

#include "wire/rrtype.h"
#include "wire/writer.h"

enum kind {
    KIND_REFERRAL,
    KIND_KEY_BEHIND_CNAME,
    KIND_NODATA,
    KIND_NXDOMAIN,
    KIND_SIGNED_ADDRESS,
    KIND_SIGNED_NODATA,
    KIND_MX,
    KIND_ADDRESSES,
};

struct maker {
    struct sample *sample;
    struct rng *rng;
    struct arena *arena;
};

static uint32_t below(struct maker *maker, uint32_t bound)
{
    return (uint32_t)rng_below(maker->rng, bound);
}

static const char *pick(struct maker *maker, const char *const *words, size_t count)
{
    return words[below(maker, (uint32_t)count)];
}

#define PICK(maker, words) pick((maker), (words), sizeof(words) / sizeof((words)[0]))

/* --- names --- */

static void put_word(struct maker *maker, struct text *text, uint32_t syllables)
{
    static const char *const parts[] = {"ba", "co",  "dre", "fin", "gor", "ha",  "li", "mel",
                                        "nu", "por", "ra",  "sol", "ta",  "ver", "wi", "zon"};
    for (uint32_t i = 0; i < syllables; i++) {
        text_put(text, PICK(maker, parts));
    }
}

static struct name *new_name(struct maker *maker, const char *text)
{
    struct name *name = ARENA_NEW(maker->arena, struct name);
    const bool parsed = name_parse_text(bytes_of_string(text), NULL, name, NULL);
    assert(parsed);
    (void)parsed;
    return name;
}

/* "solver.com" */
static void put_domain(struct maker *maker, struct text *text)
{
    static const char *const suffixes[] = {"com", "com", "com", "net", "org", "de", "io", "co.uk"};
    put_word(maker, text, 2 + below(maker, 3));
    text_put(text, ".");
    text_put(text, PICK(maker, suffixes));
}

static struct name *host_of(struct maker *maker, const char *host, const char *domain)
{
    char buffer[256];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, host);
    text_put(&text, domain[0] == '\0' || host[0] == '\0' ? "" : ".");
    text_put(&text, domain);
    return new_name(maker, buffer);
}

/* --- RDATA --- */

static struct bytes new_octets(struct maker *maker, size_t size)
{
    uint8_t *octets = arena_alloc(maker->arena, size);
    for (size_t i = 0; i < size; i++) {
        octets[i] = (uint8_t)rng_next(maker->rng);
    }
    return bytes_of(octets, size);
}

static struct bytes join(struct maker *maker, const struct bytes *parts, size_t count)
{
    uint8_t buffer[1024];
    struct writer writer = writer_in(buffer, sizeof buffer);
    for (size_t i = 0; i < count; i++) {
        writer_bytes(&writer, parts[i]);
    }
    assert(!writer.failed);
    return arena_copy(maker->arena, writer_written(&writer));
}

static struct bytes name_rdata(const struct name *name)
{
    return name_bytes(name);
}

static struct bytes soa_rdata(struct maker *maker, const struct name *mname,
                              const struct name *rname)
{
    uint8_t numbers[20];
    struct writer writer = writer_in(numbers, sizeof numbers);
    writer_u32(&writer, 2026000000 + below(maker, 1000000));
    writer_u32(&writer, 10000);
    writer_u32(&writer, 2400);
    writer_u32(&writer, 604800);
    writer_u32(&writer, 1800);
    const struct bytes parts[] = {name_bytes(mname), name_bytes(rname),
                                  bytes_of(numbers, sizeof numbers)};
    return join(maker, parts, 3);
}

static struct bytes key_rdata(struct maker *maker)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t key[410];
    memcpy(key, "v=DKIM1; k=rsa; p=", 18);
    for (size_t i = 18; i < sizeof key; i++) {
        key[i] = (uint8_t)digits[rng_next(maker->rng) % 64];
    }
    uint8_t rdata[412];
    struct writer writer = writer_in(rdata, sizeof rdata);
    writer_string(&writer, bytes_of(key, 255));
    writer_string(&writer, bytes_of(key + 255, 155));
    return arena_copy(maker->arena, writer_written(&writer));
}

static struct bytes mx_rdata(struct maker *maker, uint8_t preference, const struct name *exchange)
{
    const uint8_t head[2] = {0, preference};
    const struct bytes parts[] = {bytes_of(head, 2), name_bytes(exchange)};
    return join(maker, parts, 2);
}

static struct bytes rrsig_rdata(struct maker *maker, uint16_t covered, const struct name *signer)
{
    const bool is_ecdsa = below(maker, 3) > 0;
    uint8_t head[18];
    struct writer writer = writer_in(head, sizeof head);
    writer_u16(&writer, covered);
    writer_u8(&writer, is_ecdsa ? 13 : 8);
    writer_u8(&writer, 3);
    writer_u32(&writer, 300);
    writer_u32(&writer, 1800000000);
    writer_u32(&writer, 1790000000);
    writer_u16(&writer, (uint16_t)below(maker, 65536));
    const struct bytes parts[] = {bytes_of(head, sizeof head), name_bytes(signer),
                                  new_octets(maker, is_ecdsa ? 64 : 256)};
    return join(maker, parts, 3);
}

static struct bytes nsec_rdata(struct maker *maker, const struct name *next)
{
    static const uint8_t types[] = {0, 6, 0x40, 1, 0, 0, 0, 3};
    const struct bytes parts[] = {name_bytes(next), bytes_of(types, sizeof types)};
    return join(maker, parts, 2);
}

/* --- messages --- */

static struct bytes *add(struct maker *maker, enum section section, const struct name *owner,
                         uint16_t type, uint32_t ttl, uint16_t count)
{
    struct sample *sample = maker->sample;
    struct bytes *rdata = ARENA_NEW_ARRAY(maker->arena, struct bytes, count);
    assert(sample->count < SAMPLE_RRSETS_MAX);
    sample->rrsets[sample->count++] = (struct sample_rrset){
        .section = section,
        .rrset = {.owner = owner,
                  .type = type,
                  .rrclass = RRCLASS_IN,
                  .ttl = ttl,
                  .count = count,
                  .rdata = rdata},
    };
    sample->records += count;
    return rdata;
}

static void add_signature(struct maker *maker, enum section section, const struct name *owner,
                          uint16_t covered, const struct name *signer)
{
    add(maker, section, owner, RRTYPE_RRSIG, 300, 1)[0] = rrsig_rdata(maker, covered, signer);
}

static void ask(struct maker *maker, const struct name *name, uint16_t type, uint16_t flags)
{
    name_copy(&maker->sample->question, name);
    maker->sample->type = type;
    maker->sample->flags = MESSAGE_QR | flags;
}

static void make_referral(struct maker *maker, const char *domain)
{
    char provider[100];
    struct text text = text_in(provider, sizeof provider);
    const uint16_t servers = (uint16_t)(2 + below(maker, 3));
    const struct name *hosts[4];
    put_domain(maker, &text);
    ask(maker, host_of(maker, "k1._domainkey", domain), RRTYPE_TXT, 0);
    struct bytes *rdata =
        add(maker, SECTION_AUTHORITY, host_of(maker, "", domain), RRTYPE_NS, 172800, servers);
    for (uint16_t i = 0; i < servers; i++) {
        const char *const names[] = {"ns1", "ns2", "ns3", "ns4"};
        hosts[i] = host_of(maker, names[i], provider);
        rdata[i] = name_rdata(hosts[i]);
    }
    for (uint16_t i = 0; i < servers; i++) {
        add(maker, SECTION_ADDITIONAL, hosts[i], RRTYPE_A, 172800, 1)[0] = new_octets(maker, 4);
        if (below(maker, 2) == 0) {
            add(maker, SECTION_ADDITIONAL, hosts[i], RRTYPE_AAAA, 172800, 1)[0] =
                new_octets(maker, 16);
        }
    }
}

static void make_key(struct maker *maker, const char *domain)
{
    char provider[100];
    struct text text = text_in(provider, sizeof provider);
    const struct name *name = host_of(maker, "k1._domainkey", domain);
    put_domain(maker, &text);
    const struct name *target = host_of(maker, "k1.dkim", provider);
    ask(maker, name, RRTYPE_TXT, MESSAGE_RD | MESSAGE_RA);
    add(maker, SECTION_ANSWER, name, RRTYPE_CNAME, 300, 1)[0] = name_rdata(target);
    add(maker, SECTION_ANSWER, target, RRTYPE_TXT, 300, 1)[0] = key_rdata(maker);
}

static void add_soa(struct maker *maker, const char *domain)
{
    add(maker, SECTION_AUTHORITY, host_of(maker, "", domain), RRTYPE_SOA, 1800, 1)[0] =
        soa_rdata(maker, host_of(maker, "ns1", domain), host_of(maker, "hostmaster", domain));
}

static void make_negative(struct maker *maker, const char *domain, uint16_t rcode)
{
    ask(maker, host_of(maker, "k1._domainkey", domain), RRTYPE_TXT, MESSAGE_AA | rcode);
    add_soa(maker, domain);
}

static void make_signed_address(struct maker *maker, const char *domain)
{
    const struct name *name = host_of(maker, "www", domain);
    const struct name *signer = host_of(maker, "", domain);
    const uint16_t count = (uint16_t)(1 + below(maker, 4));
    ask(maker, name, RRTYPE_A, MESSAGE_AA);
    struct bytes *rdata = add(maker, SECTION_ANSWER, name, RRTYPE_A, 300, count);
    for (uint16_t i = 0; i < count; i++) {
        rdata[i] = new_octets(maker, 4);
    }
    add_signature(maker, SECTION_ANSWER, name, RRTYPE_A, signer);
}

static void make_signed_nodata(struct maker *maker, const char *domain)
{
    const struct name *name = host_of(maker, "www", domain);
    const struct name *signer = host_of(maker, "", domain);
    ask(maker, name, RRTYPE_TXT, MESSAGE_AA);
    add_soa(maker, domain);
    add_signature(maker, SECTION_AUTHORITY, signer, RRTYPE_SOA, signer);
    add(maker, SECTION_AUTHORITY, name, RRTYPE_NSEC, 1800, 1)[0] =
        nsec_rdata(maker, host_of(maker, "zz", domain));
    add_signature(maker, SECTION_AUTHORITY, name, RRTYPE_NSEC, signer);
}

static void make_mx(struct maker *maker, const char *domain)
{
    const struct name *name = host_of(maker, "", domain);
    const struct name *hosts[3] = {host_of(maker, "mx1", domain), host_of(maker, "mx2", domain),
                                   host_of(maker, "mx3", domain)};
    const uint16_t count = (uint16_t)(2 + below(maker, 2));
    assert(count <= 3);
    ask(maker, name, RRTYPE_MX, MESSAGE_AA);
    struct bytes *rdata = add(maker, SECTION_ANSWER, name, RRTYPE_MX, 300, count);
    for (uint16_t i = 0; i < count; i++) {
        rdata[i] = mx_rdata(maker, (uint8_t)(10 * (i + 1)), hosts[i]);
    }
    for (uint16_t i = 0; i < count; i++) {
        add(maker, SECTION_ADDITIONAL, hosts[i], RRTYPE_A, 300, 1)[0] = new_octets(maker, 4);
    }
}

static void make_addresses(struct maker *maker, const char *domain)
{
    const struct name *name = host_of(maker, "www", domain);
    const uint16_t count = (uint16_t)(1 + below(maker, 4));
    const uint16_t servers = (uint16_t)(2 + below(maker, 3));
    ask(maker, name, RRTYPE_AAAA, MESSAGE_AA);
    struct bytes *rdata = add(maker, SECTION_ANSWER, name, RRTYPE_AAAA, 300, count);
    for (uint16_t i = 0; i < count; i++) {
        rdata[i] = new_octets(maker, 16);
    }
    rdata = add(maker, SECTION_AUTHORITY, host_of(maker, "", domain), RRTYPE_NS, 86400, servers);
    for (uint16_t i = 0; i < servers; i++) {
        const char *const names[] = {"ns1", "ns2", "ns3", "ns4"};
        rdata[i] = name_rdata(host_of(maker, names[i], domain));
    }
}

static void make_records(struct maker *maker, enum kind kind, const char *domain)
{
    switch (kind) {
    case KIND_REFERRAL: make_referral(maker, domain); break;
    case KIND_KEY_BEHIND_CNAME: make_key(maker, domain); break;
    case KIND_NODATA: make_negative(maker, domain, RCODE_NOERROR); break;
    case KIND_NXDOMAIN: make_negative(maker, domain, RCODE_NXDOMAIN); break;
    case KIND_SIGNED_ADDRESS: make_signed_address(maker, domain); break;
    case KIND_SIGNED_NODATA: make_signed_nodata(maker, domain); break;
    case KIND_MX: make_mx(maker, domain); break;
    case KIND_ADDRESSES:
    default: make_addresses(maker, domain); break;
    }
}

size_t sample_build(const struct sample *sample, uint8_t *buffer, size_t capacity)
{
    struct builder builder;
    builder_start(&builder, buffer, capacity, 0x1234, sample->flags);
    builder_question(&builder, &sample->question, sample->type, RRCLASS_IN);
    for (size_t i = 0; i < sample->count; i++) {
        builder_rrset(&builder, sample->rrsets[i].section, &sample->rrsets[i].rrset);
    }
    builder_edns(&builder, &sample->edns);
    return builder_finish(&builder);
}

void sample_make(struct sample *sample, unsigned kind, struct rng *rng, struct arena *arena)
{
    struct maker maker = {.sample = sample, .rng = rng, .arena = arena};
    char domain[100];
    struct text text = text_in(domain, sizeof domain);
    uint8_t buffer[SAMPLE_OCTETS_MAX];
    *sample = (struct sample){.count = 0};
    put_domain(&maker, &text);
    make_records(&maker, (enum kind)kind, domain);
    if (below(&maker, 20) > 0) {
        sample->edns = (struct edns){.present = true, .udp_size = 1232, .dnssec_ok = true};
        sample->records++;
    }
    sample->wire = arena_copy(arena, bytes_of(buffer, sample_build(sample, buffer, sizeof buffer)));
}

struct sample *corpus_make(size_t count, uint64_t seed, struct arena *arena)
{
    /* of twenty messages, how many are of each kind */
    static const uint8_t mix[CORPUS_KINDS] = {5, 4, 1, 1, 3, 2, 1, 3};
    struct sample *samples = ARENA_NEW_ARRAY(arena, struct sample, count);
    struct rng rng;
    rng_seed(&rng, seed, bytes_of_string("corpus"));
    for (size_t i = 0; samples != NULL && i < count; i++) {
        uint32_t draw = (uint32_t)rng_below(&rng, 20);
        unsigned kind = 0;
        while (draw >= mix[kind]) {
            draw -= mix[kind++];
        }
        sample_make(&samples[i], kind, &rng, arena);
        if (arena->exhausted) {
            return NULL;
        }
    }
    return samples;
}
