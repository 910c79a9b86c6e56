/* RRSIG, NSEC and NSEC3 on their way from servers to clients. */
#include "resolver/proof.h"

#include <assert.h>

#include "resolver/classify.h"
#include "wire/rdata.h"
#include "wire/reader.h"
#include "wire/rrtype.h"
#include "wire/writer.h"

void proof_add(struct proof *proof, const struct record *record)
{
    uint8_t buffer[PROOF_OCTETS_MAX];
    struct writer writer =
        writer_in(proof->octets + proof->size, sizeof proof->octets - proof->size);
    struct bytes rdata;
    struct name owner;
    if (!rdata_expand(record, buffer, sizeof buffer, &rdata)) {
        proof->overflow = true;
        return;
    }
    name_expand(record->owner, &owner);
    writer_u8(&writer, (uint8_t)record->section);
    writer_string(&writer, name_bytes(&owner));
    writer_u16(&writer, record->type);
    writer_u32(&writer, ttl_of(record->ttl));
    writer_u16(&writer, (uint16_t)rdata.size);
    writer_bytes(&writer, rdata);
    proof->overflow = proof->overflow || writer.failed;
    proof->size += writer.failed ? 0 : writer.size;
}

/* The type that a signature covers (RFC 4034 3.1), 0 for any other record. */
static uint16_t covered_type(const struct record *record)
{
    if (record->type != RRTYPE_RRSIG || record->rdata.size < 2) {
        return 0;
    }
    return (uint16_t)(record->rdata.data[0] << 8 | record->rdata.data[1]);
}

static bool is_denial_type(uint16_t type)
{
    return type == RRTYPE_NSEC || type == RRTYPE_NSEC3;
}

static bool next_sound(struct record_walk *walk, struct record *ret)
{
    while (record_next(walk, ret)) {
        if (ret->rrclass == RRCLASS_IN && !ret->unsound) {
            return true;
        }
    }
    return false;
}

static void collect_signatures(struct proof *proof, const struct message *message,
                               const struct name *name, uint16_t type)
{
    struct record_walk walk = record_walk_start(message, SECTION_ANSWER);
    struct record record;
    for (unsigned count = 0; count < PROOF_SIGNATURES_MAX && next_sound(&walk, &record);) {
        if (covered_type(&record) == type && name_ref_equal(record.owner, name)) {
            proof_add(proof, &record);
            count++;
        }
    }
}

static void collect_denial(struct proof *proof, const struct message *message,
                           const struct name *zone)
{
    struct record_walk walk = record_walk_start(message, SECTION_AUTHORITY);
    struct record record;
    while (next_sound(&walk, &record)) {
        const uint16_t covered = covered_type(&record);
        if ((is_denial_type(record.type) || is_denial_type(covered) || covered == RRTYPE_SOA) &&
            name_ref_is_at_or_below(record.owner, zone)) {
            proof_add(proof, &record);
        }
    }
}

void proof_start(struct proof *proof)
{
    proof->size = 0;
    proof->overflow = false;
}

void proof_collect(struct proof *proof, const struct message *message, const struct name *name,
                   uint16_t type, const struct name *zone)
{
    proof_start(proof);
    collect_signatures(proof, message, name, type);
    collect_denial(proof, message, zone);
}

void proof_collect_alias(struct proof *proof, const struct message *message,
                         const struct name *owner)
{
    proof_start(proof);
    collect_signatures(proof, message, owner, RRTYPE_CNAME);
}

struct bytes proof_octets(const struct proof *proof)
{
    return bytes_of(proof->octets, proof->overflow ? 0 : proof->size);
}

/* Takes the next record off the reader. */
static enum section next_collected(struct reader *reader, struct name *owner, struct rr *ret)
{
    const uint8_t place = reader_u8(reader);
    const bool sound = name_from_wire(reader_string(reader), owner);
    *ret = (struct rr){.owner = owner, .rrclass = RRCLASS_IN};
    ret->type = reader_u16(reader);
    ret->ttl = reader_u32(reader);
    ret->rdata = reader_bytes(reader, reader_u16(reader));
    assert(sound && !reader->failed);
    return (enum section)place;
}

bool proof_put(struct builder *builder, enum section section, struct bytes octets, uint32_t ttl_max)
{
    struct reader reader = reader_of(octets);
    while (reader_left(&reader) > 0) {
        struct name owner;
        struct rr rr;
        const enum section place = next_collected(&reader, &owner, &rr);
        rr.ttl = rr.ttl < ttl_max ? rr.ttl : ttl_max;
        if (place == section && !builder_record(builder, section, &rr)) {
            return false;
        }
    }
    return true;
}

void proof_put_aged(struct builder *builder, enum section section, struct bytes octets,
                    uint32_t age)
{
    struct reader reader = reader_of(octets);
    while (reader_left(&reader) > 0) {
        struct name owner;
        struct rr rr;
        const enum section place = next_collected(&reader, &owner, &rr);
        if (place != section || rr.ttl < age) {
            continue;
        }
        rr.ttl -= age;
        if (!builder_record(builder, section, &rr)) {
            return;
        }
    }
}
