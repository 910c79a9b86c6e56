#include "sim/draft.h"

#include <assert.h>

#include "wire/builder.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

#define COOKIE_OPTION_OCTETS 44                                                    /* the largest */
#define OPTIONS_OCTETS       (6 + CLIENT_SUBNET_OCTETS_MAX + COOKIE_OPTION_OCTETS) /* no EXTRA-TEXT */

void draft_begin(struct draft *draft)
{
    draft_clear(draft);
    draft->rcode = RCODE_NOERROR;
    draft->authoritative = false;
    draft->truncated = false;
    draft->silent = false;
    draft->question = DRAFT_QUESTION_SAME;
    draft->question_name = NULL;
    draft->opt = DRAFT_OPT_PROPER;
    draft->id_flip = 0;
    draft->udp_size_max = EDNS_UDP_SIZE;
    draft->ignores_size = false;
    draft->omits_tc = false;
    draft->trailing = bytes_of(NULL, 0);
    draft->extended_error = 0;
    draft->by_subnet = false;
    draft->cookie = bytes_of(NULL, 0);
}

void draft_clear(struct draft *draft)
{
    draft->answer_count = 0;
    draft->authority_count = 0;
    draft->additional_count = 0;
    draft->glue_needed = 0;
}

void draft_fail(struct draft *draft, uint16_t rcode)
{
    draft_clear(draft);
    draft->rcode = rcode;
    draft->authoritative = false;
    draft->extended_error = 0;
}

static bool add(struct draft_rrset *rrsets, size_t *count, size_t most, struct draft_rrset entry)
{
    if (*count == most) {
        return false;
    }
    rrsets[(*count)++] = entry;
    return true;
}

bool draft_add_answer(struct draft *draft, const struct name *owner, const struct rrset *rrset,
                      uint32_t ttl)
{
    return add(draft->answer, &draft->answer_count, DRAFT_ANSWERS_MAX,
               (struct draft_rrset){owner, rrset, ttl});
}

bool draft_add_authority(struct draft *draft, const struct name *owner, const struct rrset *rrset,
                         uint32_t ttl)
{
    return add(draft->authority, &draft->authority_count, DRAFT_AUTHORITY_MAX,
               (struct draft_rrset){owner, rrset, ttl});
}

bool draft_add_additional(struct draft *draft, const struct name *owner, const struct rrset *rrset,
                          uint32_t ttl)
{
    return add(draft->additional, &draft->additional_count, DRAFT_ADDITIONAL_MAX,
               (struct draft_rrset){owner, rrset, ttl});
}

const struct rrset *draft_rrset_new(struct arena *arena, const struct name *owner, uint16_t type,
                                    uint32_t ttl, const struct bytes *rdata, size_t count)
{
    assert(count <= UINT16_MAX);
    struct rrset *rrset = ARENA_NEW(arena, struct rrset);
    if (rrset != NULL) {
        *rrset = (struct rrset){
            .owner = owner,
            .type = type,
            .rrclass = RRCLASS_IN,
            .ttl = ttl,
            .count = (uint16_t)count,
            .rdata = rdata,
        };
    }
    return rrset;
}

/* --- steps --- */

void draft_step_answer(struct draft_step *step)
{
    step->outcome = DRAFT_ANSWER;
    step->count = 0;
}

bool draft_step_put(struct draft_step *step, const struct rrset *rrset, uint32_t ttl)
{
    return add(step->rrsets, &step->count, DRAFT_STEP_RRSETS_MAX,
               (struct draft_rrset){step->owner, rrset, ttl});
}

void draft_step_nodata(struct draft_step *step)
{
    step->outcome = DRAFT_NODATA;
    step->count = 0;
}

void draft_step_nxdomain(struct draft_step *step)
{
    step->outcome = DRAFT_NXDOMAIN;
    step->count = 0;
}

void draft_step_fail(struct draft_step *step, uint16_t rcode)
{
    step->outcome = DRAFT_FAILURE;
    step->count = 0;
    step->rcode = rcode;
}

void draft_step_alias(struct draft_step *step, const struct rrset *cname, uint32_t ttl,
                      const struct name *target)
{
    step->outcome = DRAFT_ALIAS;
    step->count = 0;
    step->target = target;
    draft_step_put(step, cname, ttl);
}

/* The name that the first record of `rrset` points at, in `scratch`; NULL if exhausted. */
static struct name *target_of(const struct rrset *rrset, struct arena *scratch)
{
    struct name *target = ARENA_NEW(scratch, struct name);
    if (target == NULL || !rdata_target(rrset->type, rrset->rdata[0], target)) {
        return NULL;
    }
    return target;
}

static void fill_cname(struct draft_step *step, struct arena *scratch)
{
    const struct rrset *cname = step->found.rrset;
    const struct name *target = target_of(cname, scratch);
    if (target == NULL) {
        draft_step_fail(step, RCODE_SERVFAIL);
        return;
    }
    draft_step_alias(step, cname, cname->ttl, target);
}

/* The CNAME of RFC 6672 3.1 from the step's name to `target`; NULL if `scratch` is exhausted. */
static const struct rrset *synthesise_cname(const struct draft_step *step, uint32_t ttl,
                                            const struct name *target, struct arena *scratch)
{
    struct bytes *rdata = ARENA_NEW(scratch, struct bytes);
    if (rdata == NULL) {
        return NULL;
    }
    *rdata = name_bytes(target);
    return draft_rrset_new(scratch, step->owner, RRTYPE_CNAME, ttl, rdata, 1);
}

static void put_dname(struct draft_step *step, const struct rrset *dname)
{
    draft_step_put(step, dname, dname->ttl);
    step->rrsets[0].owner = dname->owner;
}

static void fill_dname(struct draft_step *step, struct arena *scratch)
{
    const struct rrset *dname = step->found.rrset;
    const struct name *base = target_of(dname, scratch);
    struct name *target = ARENA_NEW(scratch, struct name);
    if (base == NULL || target == NULL) {
        draft_step_fail(step, RCODE_SERVFAIL);
        return;
    }
    if (!name_replace_suffix(step->owner, dname->owner, base, target)) {
        draft_step_fail(step, RCODE_YXDOMAIN);
        put_dname(step, dname);
        return;
    }
    const struct rrset *cname = synthesise_cname(step, dname->ttl, target, scratch);
    if (cname == NULL) {
        draft_step_fail(step, RCODE_SERVFAIL);
        return;
    }
    step->outcome = DRAFT_ALIAS;
    step->target = target;
    put_dname(step, dname);
    draft_step_put(step, cname, dname->ttl);
}

static void fill_answer(struct draft_step *step, uint16_t qtype)
{
    step->outcome = DRAFT_ANSWER;
    if (qtype != RRTYPE_ANY) {
        draft_step_put(step, step->found.rrset, step->found.rrset->ttl);
        return;
    }
    size_t count;
    const struct rrset *rrsets = zone_rrsets(step->zone, step->found.source, &count);
    for (size_t i = 0; i < count; i++) {
        draft_step_put(step, &rrsets[i], rrsets[i].ttl);
    }
}

void draft_step_fill(struct draft_step *step, const struct zone *zone, const struct name *owner,
                     uint16_t qtype, const struct zone_found *found, struct arena *scratch)
{
    assert(found->outcome != ZONE_OUTSIDE);
    step->zone = zone;
    step->found = *found;
    step->owner = owner;
    step->edited = false;
    step->count = 0;
    step->target = NULL;
    step->soa = zone_soa(zone);
    step->soa_ttl = zone_negative_ttl(zone);
    step->rcode = RCODE_NOERROR;
    switch (found->outcome) {
    case ZONE_ANSWER: fill_answer(step, qtype); break;
    case ZONE_CNAME: fill_cname(step, scratch); break;
    case ZONE_DNAME: fill_dname(step, scratch); break;
    case ZONE_REFERRAL: step->outcome = DRAFT_REFERRAL; break;
    case ZONE_NODATA: step->outcome = DRAFT_NODATA; break;
    case ZONE_NXDOMAIN: step->outcome = DRAFT_NXDOMAIN; break;
    case ZONE_OUTSIDE: break;
    }
}

/* --- steps into the draft --- */

static void add_soa(struct draft *draft, const struct draft_step *step)
{
    if (step->soa != NULL) {
        draft_add_authority(draft, step->soa->owner, step->soa, step->soa_ttl);
    }
}

/* What the zone holds at the host name of one NS record. */
struct glue {
    const struct rrset *rrsets;
    size_t count;
};

static void add_glue(struct draft *draft, const struct glue *glue)
{
    static const uint16_t types[] = {RRTYPE_A, RRTYPE_AAAA};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        for (size_t i = 0; i < glue->count; i++) {
            const struct rrset *rrset = &glue->rrsets[i];
            if (rrset->type == types[t]) {
                draft_add_additional(draft, rrset->owner, rrset, rrset->ttl);
            }
        }
    }
}

/* The cut's NS, then addresses of the name servers at or below it (in-domain), then those of
 * others that the zone happens to know (sibling glue, RFC 9471 2). */
static void add_referral(struct draft *draft, const struct draft_step *step)
{
    const struct rrset *ns = step->found.rrset;
    struct glue siblings[DRAFT_ADDITIONAL_MAX];
    size_t sibling_count = 0;
    draft_add_authority(draft, ns->owner, ns, ns->ttl);
    for (size_t i = 0; i < ns->count; i++) {
        struct name host;
        struct glue glue;
        if (!rdata_target(RRTYPE_NS, ns->rdata[i], &host)) {
            continue;
        }
        glue.rrsets = zone_rrsets(step->zone, &host, &glue.count);
        if (glue.count > 0 && name_is_at_or_below(&host, ns->owner)) {
            add_glue(draft, &glue);
        } else if (glue.count > 0 && sibling_count < DRAFT_ADDITIONAL_MAX) {
            siblings[sibling_count++] = glue;
        }
    }
    draft->glue_needed = draft->additional_count;
    for (size_t i = 0; i < sibling_count; i++) {
        add_glue(draft, &siblings[i]);
    }
}

static void add_answers(struct draft *draft, const struct draft_step *step)
{
    for (size_t i = 0; i < step->count; i++) {
        const struct draft_rrset *entry = &step->rrsets[i];
        draft_add_answer(draft, entry->owner, entry->rrset, entry->ttl);
    }
}

/* The AA bit speaks of the first owner name in the answer section (RFC 1035 4.1.1). */
static void note_authority(struct draft *draft, const struct draft_step *step)
{
    if (draft->answer_count > 0 || step->outcome == DRAFT_REFERRAL) {
        return;
    }
    draft->authoritative = step->outcome != DRAFT_FAILURE || step->rcode == RCODE_NOERROR ||
                           step->rcode == RCODE_NXDOMAIN || step->rcode == RCODE_YXDOMAIN;
}

void draft_add_step(struct draft *draft, const struct draft_step *step)
{
    note_authority(draft, step);
    switch (step->outcome) {
    case DRAFT_ANSWER:
    case DRAFT_ALIAS: add_answers(draft, step); break;
    case DRAFT_REFERRAL: add_referral(draft, step); break;
    case DRAFT_NODATA: add_soa(draft, step); break;
    case DRAFT_NXDOMAIN:
        draft->rcode = RCODE_NXDOMAIN;
        add_soa(draft, step);
        break;
    case DRAFT_FAILURE:
        draft->rcode = step->rcode;
        add_answers(draft, step);
        break;
    }
}

/* --- encoding --- */

static uint16_t reply_flags(const struct draft *draft, const struct message *query)
{
    const uint16_t kept = MESSAGE_OPCODE_MASK | MESSAGE_RD | MESSAGE_CD;
    unsigned flags = MESSAGE_QR | (query->flags & kept);
    if (draft->authoritative) {
        flags |= MESSAGE_AA;
    }
    if (draft->truncated) {
        flags |= MESSAGE_TC;
    }
    return (uint16_t)flags;
}

static void put_question(struct builder *builder, const struct draft *draft,
                         const struct message *query)
{
    if (draft->question == DRAFT_QUESTION_NONE || query->counts[SECTION_QUESTION] != 1) {
        return;
    }
    const struct name *name =
        draft->question == DRAFT_QUESTION_RENAMED ? draft->question_name : &draft->qname;
    builder_question(builder, name, query->question.type, query->question.rrclass);
}

/* Puts RRsets until one does not fit; returns how many are in. */
static size_t put_section(struct builder *builder, enum section section,
                          const struct draft_rrset *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rrset shown = *entries[i].rrset;
        shown.owner = entries[i].owner;
        shown.ttl = entries[i].ttl;
        if (!builder_rrset(builder, section, &shown)) {
            return i;
        }
    }
    return count;
}

static void put_sections(struct builder *builder, const struct draft *draft)
{
    const bool is_cut = put_section(builder, SECTION_ANSWER, draft->answer, draft->answer_count) <
                            draft->answer_count ||
                        put_section(builder, SECTION_AUTHORITY, draft->authority,
                                    draft->authority_count) < draft->authority_count ||
                        put_section(builder, SECTION_ADDITIONAL, draft->additional,
                                    draft->additional_count) < draft->glue_needed;
    if (is_cut && !draft->omits_tc) {
        builder_flags(builder, MESSAGE_TC);
    }
}

/* The OPT record of the reply; its options go to `options`. */
static struct edns make_opt(const struct draft *draft, const struct message *query,
                            uint8_t options[OPTIONS_OCTETS])
{
    if (draft->opt == DRAFT_OPT_ECHOED) {
        return query->edns;
    }
    struct edns edns = {
        .present = query->edns.present && draft->opt == DRAFT_OPT_PROPER,
        .udp_size = draft->udp_size_max,
        .dnssec_ok = query->edns.dnssec_ok, /* copied, RFC 3225 3 */
    };
    size_t size = 0;
    if (edns.present && draft->extended_error > 0) {
        extended_error_append(options, OPTIONS_OCTETS, &size, (uint16_t)(draft->extended_error - 1),
                              bytes_of(NULL, 0));
    }
    struct client_subnet subnet;
    if (edns.present && draft->by_subnet && client_subnet_find(query->edns.options, &subnet)) {
        subnet.scope = subnet.source; /* it holds for just that network (RFC 7871 7.2.1) */
        client_subnet_append(options, OPTIONS_OCTETS, &size, &subnet);
    }
    if (edns.present && draft->cookie.size > 0) {
        edns_option_append(options, OPTIONS_OCTETS, &size, EDNS_OPTION_COOKIE, draft->cookie);
    }
    edns.options = bytes_of(options, size);
    return edns;
}

/* RCODEs above 15 cannot be said without an OPT record. */
static uint16_t sayable_rcode(uint16_t rcode, const struct edns *edns)
{
    return rcode <= MESSAGE_RCODE_MASK || edns->present ? rcode : RCODE_FORMERR;
}

static size_t size_limit(const struct draft *draft, const struct message *query,
                         enum transport transport)
{
    if (transport == TRANSPORT_TCP || draft->ignores_size) {
        return MESSAGE_OCTETS_MAX;
    }
    return edns_udp_limit(&query->edns, draft->udp_size_max);
}

/* Puts the octets behind the message that belong to none of its records, if there is room. */
static size_t put_trailing(const struct draft *draft, uint8_t *room, size_t used, size_t size)
{
    const struct bytes trailing = draft->trailing;
    if (used == 0 || trailing.size == 0 || trailing.size > size - used) {
        return used;
    }
    memcpy(room + used, trailing.data, trailing.size);
    return used + trailing.size;
}

size_t draft_encode(const struct draft *draft, const struct message *query,
                    enum transport transport, uint8_t *room, size_t size)
{
    uint8_t options[OPTIONS_OCTETS];
    const struct edns edns = make_opt(draft, query, options);
    const size_t limit = size_limit(draft, query, transport);
    struct builder builder;
    builder_start(&builder, room, size < limit ? size : limit, query->id ^ draft->id_flip,
                  reply_flags(draft, query));
    builder_rcode(&builder, sayable_rcode(draft->rcode, &edns));
    put_question(&builder, draft, query);
    if (edns.present) {
        builder_reserve(&builder, EDNS_OPT_OCTETS + edns.options.size);
    }
    put_sections(&builder, draft);
    builder_edns(&builder, &edns);
    return put_trailing(draft, room, builder_finish(&builder), size);
}
