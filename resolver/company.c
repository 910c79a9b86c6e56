#include "resolver/company.h"

#include <assert.h>

#include "resolver/classify.h"
#include "wire/rrtype.h"

#define INSTANT_OCTETS 8

static bool is_sound(const struct record *record)
{
    return record->rrclass == RRCLASS_IN && !record->unsound;
}

static bool is_server_of(const struct record *record, const struct name *name,
                         const struct name *zone)
{
    struct name owner;
    if (record->type != RRTYPE_NS || !name_ref_is_at_or_below(record->owner, zone)) {
        return false;
    }
    name_expand(record->owner, &owner);
    return name_is_at_or_below(name, &owner);
}

/* True if the answer section has records of the same RRset. */
static bool is_answered(const struct message *message, const struct record *record)
{
    struct record_walk walk = record_walk_start(message, SECTION_ANSWER);
    struct record other;
    struct name owner;
    name_expand(record->owner, &owner);
    while (record_next(&walk, &other)) {
        if (other.type == record->type && name_ref_equal(other.owner, &owner)) {
            return true;
        }
    }
    return false;
}

static void collect_servers(struct proof *company, const struct message *message,
                            const struct name *name, const struct name *zone)
{
    struct record_walk walk = record_walk_start(message, SECTION_AUTHORITY);
    struct record record;
    while (record_next(&walk, &record)) {
        if (is_sound(&record) && is_server_of(&record, name, zone) &&
            !is_answered(message, &record)) {
            proof_add(company, &record);
        }
    }
}

/* True if a record of `section` names `host`. */
static bool is_named_in(const struct message *message, enum section section,
                        const struct name *host, const struct name *name, const struct name *zone)
{
    struct record_walk walk = record_walk_start(message, section);
    struct record record;
    struct name_ref target;
    while (record_next(&walk, &record)) {
        const bool counts = is_sound(&record) && record.type != RRTYPE_CNAME &&
                            record.type != RRTYPE_SOA &&
                            (section == SECTION_ANSWER || is_server_of(&record, name, zone));
        if (counts && record_target(&record, &target) && name_ref_equal(target, host)) {
            return true;
        }
    }
    return false;
}

static void collect_addresses(struct proof *company, const struct message *message,
                              const struct name *name, const struct name *zone, bool with_servers)
{
    struct record_walk walk = record_walk_start(message, SECTION_ADDITIONAL);
    struct record record;
    while (record_next(&walk, &record)) {
        struct name host;
        const bool address = record.type == RRTYPE_A || record.type == RRTYPE_AAAA;
        if (!address || !is_sound(&record) || !name_ref_is_at_or_below(record.owner, zone)) {
            continue;
        }
        name_expand(record.owner, &host);
        if (is_answered(message, &record)) {
            continue;
        }
        if (is_named_in(message, SECTION_ANSWER, &host, name, zone) ||
            (with_servers && is_named_in(message, SECTION_AUTHORITY, &host, name, zone))) {
            proof_add(company, &record);
        }
    }
}

void company_collect(struct proof *company, const struct message *message, const struct name *name,
                     const struct name *zone, const struct policy *policy, instant_ns now)
{
    proof_start(company);
    for (unsigned i = 0; i < INSTANT_OCTETS; i++) {
        company->octets[company->size++] = (uint8_t)(now >> (8 * i));
    }
    if (!policy->scrub_promiscuous) {
        collect_servers(company, message, name, zone);
    }
    collect_addresses(company, message, name, zone, !policy->scrub_promiscuous);
}

void company_put(struct builder *builder, enum section section, struct bytes octets, instant_ns now)
{
    instant_ns then = 0;
    if (octets.size < INSTANT_OCTETS) {
        return;
    }
    for (unsigned i = 0; i < INSTANT_OCTETS; i++) {
        then |= (instant_ns)octets.data[i] << (8 * i);
    }
    proof_put_aged(builder, section, bytes_after(octets, INSTANT_OCTETS),
                   (uint32_t)(instant_since(then, now) / NS_PER_S));
}
