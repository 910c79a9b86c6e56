/* Composes replies to clients: the path's aliases in order, then the RRset or the denial's SOA.
 * A denial at the path's end gives its RCODE to the whole (RFC 6604). */
#include "resolver/answer.h"

#include <assert.h>

#include "resolver/company.h"
#include "resolver/context.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

bool chain_has(const struct chain *chain, const struct name *name)
{
    for (uint8_t i = 0; i < chain->count; i++) {
        if (name_equal(&chain->links[i].owner, name)) {
            return true;
        }
    }
    return false;
}

/* What the TTL was less the whole seconds that have passed. */
static uint32_t seconds_left(instant_ns expires, instant_ns now)
{
    return (uint32_t)((instant_since(now, expires) + NS_PER_S - 1) / NS_PER_S);
}

/* --- the answer section --- */

static bool put_dname(struct builder *builder, const struct chain_link *link,
                      const struct name *target, instant_ns now)
{
    struct name owner, suffix;
    const int above = link->owner.labels - link->dname_labels;
    assert(above > 0 && above <= target->labels);
    name_suffix(&link->owner, link->dname_labels, &owner);
    name_suffix(target, (uint8_t)(target->labels - above), &suffix);
    const struct rr dname = {.owner = &owner,
                             .type = RRTYPE_DNAME,
                             .rrclass = RRCLASS_IN,
                             .ttl = seconds_left(link->dname_expires, now),
                             .rdata = name_bytes(&suffix)};
    return builder_record(builder, SECTION_ANSWER, &dname);
}

static bool put_link(struct builder *builder, const struct chain_link *link, bool with_dname,
                     const struct name *owner, const struct name *target, instant_ns now)
{
    const struct rr cname = {.owner = owner,
                             .type = RRTYPE_CNAME,
                             .rrclass = RRCLASS_IN,
                             .ttl = seconds_left(link->expires, now),
                             .rdata = name_bytes(target)};
    return (!with_dname || put_dname(builder, link, target, now)) &&
           builder_record(builder, SECTION_ANSWER, &cname);
}

/* The signatures of a CNAME, as far as the cache has them. */
static bool put_link_proof(struct context *context, const struct chain_link *link)
{
    struct cached cached;
    return link->by_dname ||
           !cache_find(context->cache, DRAWER_PROOFS, name_bytes(&link->owner), RRTYPE_CNAME,
                       context->now, &cached) ||
           proof_put(&context->builder, SECTION_ANSWER, cached.octets, cached.ttl);
}

/* True if the link's DNAME is none that an earlier link has put. */
static bool brings_dname(const struct chain *chain, uint8_t index)
{
    const struct chain_link *link = &chain->links[index];
    for (uint8_t i = 0; i < index; i++) {
        const struct chain_link *before = &chain->links[i];
        if (before->by_dname && before->dname_labels == link->dname_labels &&
            name_wire_equal(name_suffix_bytes(&before->owner, before->dname_labels),
                            name_suffix_bytes(&link->owner, link->dname_labels))) {
            return false;
        }
    }
    return link->by_dname;
}

/* True if a link of the chain puts the DNAME at `owner`. */
static bool chain_brings(const struct chain *chain, const struct name *owner)
{
    for (uint8_t i = 0; i < chain->count; i++) {
        const struct chain_link *link = &chain->links[i];
        if (link->by_dname && link->dname_labels == owner->labels &&
            name_is_at_or_below(&link->owner, owner)) {
            return true;
        }
    }
    return false;
}

static bool put_chain(struct context *context, const struct asker *asker,
                      const struct finding *finding)
{
    struct builder *builder = &context->builder;
    const struct chain *chain = finding->chain;
    for (uint8_t i = 0; i < chain->count; i++) {
        const struct chain_link *link = &chain->links[i];
        const struct name *owner = i == 0 ? &asker->name : &link->owner;
        const struct name *target =
            i + 1 < chain->count ? &chain->links[i + 1].owner : finding->last;
        if (!put_link(builder, link, brings_dname(chain, i), owner, target, context->now) ||
            (asker->dnssec_ok && !put_link_proof(context, link))) {
            return false;
        }
    }
    return true;
}

/* The records of all types at the path's end (RFC 8482 lets servers choose which). */
static bool put_any(struct builder *builder, const struct finding *finding)
{
    struct record_walk walk = record_walk_start(finding->any, SECTION_ANSWER);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.rrclass == RRCLASS_IN && !record.unsound &&
            name_ref_equal(record.owner, finding->last) && !builder_copy_record(builder, &record)) {
            return false;
        }
    }
    return true;
}

static bool put_rrset(struct builder *builder, const struct asker *asker,
                      const struct finding *finding)
{
    struct rrset rrset = *finding->rrset;
    if (rrset.type == RRTYPE_DNAME && chain_brings(finding->chain, rrset.owner)) {
        return true;
    }
    if (finding->chain->count == 0 && name_equal(rrset.owner, &asker->name)) {
        rrset.owner = &asker->name;
    }
    return builder_rrset(builder, SECTION_ANSWER, &rrset);
}

static bool put_proof(struct builder *builder, enum section section, const struct finding *finding)
{
    const struct rrset *proved = finding->rrset != NULL ? finding->rrset : finding->soa;
    return proved == NULL || proof_put(builder, section, finding->proof, proved->ttl);
}

/* False if not all of it fits. */
static bool put_records(struct context *context, const struct asker *asker,
                        const struct finding *finding)
{
    struct builder *builder = &context->builder;
    if (finding->chain != NULL && !put_chain(context, asker, finding)) {
        return false;
    }
    if (finding->rrset != NULL && !put_rrset(builder, asker, finding)) {
        return false;
    }
    if (finding->any != NULL && !put_any(builder, finding)) {
        return false;
    }
    const bool fits =
        put_proof(builder, SECTION_ANSWER, finding) &&
        (finding->soa == NULL || builder_rrset(builder, SECTION_AUTHORITY, finding->soa)) &&
        put_proof(builder, SECTION_AUTHORITY, finding);
    if (fits) {
        company_put(builder, SECTION_AUTHORITY, finding->company, context->now);
        company_put(builder, SECTION_ADDITIONAL, finding->company, context->now);
    }
    return fits;
}

/* --- the message --- */

/* As many lines as fit what is left of the message; the octets they take. */
static size_t put_failure(uint8_t *options, size_t left, const struct failure *failure)
{
    const size_t capacity = left < FAILURE_OCTETS_MAX ? left : FAILURE_OCTETS_MAX;
    size_t size = 0;
    struct bytes rest = bytes_of(failure->lines, failure->size);
    struct extended_error error;
    while (extended_error_next(&rest, &error)) {
        extended_error_append(options, capacity, &size, error.code, error.extra);
    }
    return size;
}

/* CD goes back as it came (RFC 4035 3.2.2). AD is never set, whatever a server set: nothing is
 * validated here, and an authoritative server's word for itself proves nothing. */
static uint16_t reply_flags(const struct asker *asker)
{
    const uint16_t kept = asker->flags & (MESSAGE_OPCODE_MASK | MESSAGE_RD | MESSAGE_CD);
    return MESSAGE_QR | MESSAGE_RA | kept;
}

/* The size of the reply in `room`, which holds at least a header, a question and an OPT record. */
static size_t build(struct context *context, const struct asker *asker,
                    const struct finding *finding, uint8_t *room, size_t capacity)
{
    struct builder *builder = &context->builder;
    uint8_t options[FAILURE_OCTETS_MAX];
    struct edns edns = {.present = asker->edns.present,
                        .udp_size = (uint16_t)context->policy.client_udp_max,
                        .dnssec_ok = asker->edns.dnssec_ok};
    builder_start(builder, room, capacity, asker->id, reply_flags(asker));
    builder_rcode(builder, finding->rcode);
    if (asker->has_question) {
        builder_question(builder, &asker->name, asker->type, asker->rrclass);
    }
    if (edns.present) {
        builder_reserve(builder, EDNS_OPT_OCTETS);
    }
    const struct builder_mark mark = builder_mark(builder);
    if (!put_records(context, asker, finding)) {
        builder_rewind(builder, mark);
        builder_flags(builder, MESSAGE_TC);
    }
    if (edns.present && finding->failure != NULL) {
        edns.options =
            bytes_of(options, put_failure(options, builder_left(builder), finding->failure));
    }
    builder_edns(builder, &edns);
    const size_t size = builder_finish(builder);
    assert(size > 0);
    return size;
}

void answer_send(struct context *context, const struct asker *asker, const struct finding *finding)
{
    const bool tcp = asker->transport == TRANSPORT_TCP;
    const size_t prefix = tcp ? FRAME_PREFIX_OCTETS : 0;
    const size_t limit =
        tcp ? MESSAGE_OCTETS_MAX
            : edns_udp_limit(&asker->edns, (uint16_t)context->policy.client_udp_max);
    size_t room_size = 0;
    uint8_t *room = outbox_room(context->outbox, prefix + EDNS_UDP_SIZE_MIN, &room_size);
    if (room == NULL) {
        context->outbox->dropped++;
        return;
    }
    const size_t capacity = room_size - prefix < limit ? room_size - prefix : limit;
    const size_t size = build(context, asker, finding, room + prefix, capacity);
    if (tcp) {
        frame_prefix(room, size);
    }
    outbox_send(context->outbox, &asker->local, &asker->client, asker->transport, prefix + size);
    const struct bytes name = asker->has_question ? name_bytes(&asker->name) : bytes_of(NULL, 0);
    TELL(context, .what = "reply", .name = name, .type = asker->has_question ? asker->type : 0,
         .peer = asker->client, .number = finding->rcode);
}

void answer_refuse(struct context *context, const struct asker *asker, uint16_t rcode,
                   uint16_t code, const char *sentence)
{
    struct failure failure;
    struct finding finding = {.rcode = rcode};
    if (sentence != NULL) {
        failure_say(&failure, code, "refused", sentence);
        finding.failure = &failure;
    }
    answer_send(context, asker, &finding);
}
