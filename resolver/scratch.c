/* RRsets on their way from a reply to the cache and to clients. */
#include "resolver/scratch.h"

#include <assert.h>

#include "resolver/classify.h"
#include "wire/rrtype.h"

static bool has_rdata(const struct scratch *scratch, uint32_t count, struct bytes rdata)
{
    for (uint32_t i = 0; i < count; i++) {
        if (bytes_equal(scratch->rdata[i], rdata)) {
            return true;
        }
    }
    return false;
}

static bool next_of(struct record_walk *walk, const struct name *owner, uint16_t type,
                    struct record *ret)
{
    while (record_next(walk, ret)) {
        if (ret->type == type && ret->rrclass == RRCLASS_IN && !ret->unsound &&
            name_ref_equal(ret->owner, owner)) {
            return true;
        }
    }
    return false;
}

/* The record's RDATA without compression, in the scratch if it had any. */
static bool expand(struct scratch *scratch, const struct record *record, struct bytes *ret)
{
    uint8_t *buffer = scratch->octets + scratch->used;
    if (!rdata_expand(record, buffer, sizeof scratch->octets - scratch->used, ret)) {
        return false;
    }
    if (ret->data == buffer) {
        scratch->used += ret->size;
    }
    return true;
}

bool scratch_take(struct scratch *scratch, const struct message *message, enum section section,
                  const struct name *owner, uint16_t type, uint32_t count_max, struct rrset *ret)
{
    struct record_walk walk = record_walk_start(message, section);
    struct record record;
    uint32_t count = 0;
    uint32_t ttl = UINT32_MAX;
    assert(count_max <= POLICY_RRSET_MAX);
    scratch->used = 0;
    while (next_of(&walk, owner, type, &record)) {
        struct bytes rdata;
        ttl = ttl_of(record.ttl) < ttl ? ttl_of(record.ttl) : ttl;
        if (!expand(scratch, &record, &rdata)) {
            return false;
        }
        if (has_rdata(scratch, count, rdata)) {
            continue;
        }
        if (count == count_max) {
            return false;
        }
        scratch->rdata[count++] = rdata;
    }
    *ret = (struct rrset){.owner = owner,
                          .type = type,
                          .rrclass = RRCLASS_IN,
                          .ttl = ttl,
                          .count = (uint16_t)count,
                          .rdata = scratch->rdata};
    return count > 0;
}

bool scratch_take_record(struct scratch *scratch, const struct record *record, struct rrset *ret)
{
    scratch->used = 0;
    if (!expand(scratch, record, &scratch->rdata[0])) {
        return false;
    }
    name_expand(record->owner, &scratch->owner);
    *ret = (struct rrset){.owner = &scratch->owner,
                          .type = record->type,
                          .rrclass = RRCLASS_IN,
                          .ttl = ttl_of(record->ttl),
                          .count = 1,
                          .rdata = scratch->rdata};
    return true;
}

void scratch_take_cached(struct scratch *scratch, const struct cached *cached, struct rrset *ret)
{
    struct bytes rest = cached->octets;
    uint16_t count = 0;
    while (count < POLICY_RRSET_MAX && cached_next(&rest, &scratch->rdata[count])) {
        count++;
    }
    const bool sound = name_from_wire(cached->owner, &scratch->owner);
    assert(sound && count == cached->count);
    *ret = (struct rrset){.owner = &scratch->owner,
                          .type = cached->denial ? RRTYPE_SOA : cached->type,
                          .rrclass = RRCLASS_IN,
                          .ttl = cached->ttl,
                          .count = count,
                          .rdata = scratch->rdata};
}
