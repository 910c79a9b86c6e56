#include "bench/peers.h"

#ifdef HAVE_KNOT
#include <assert.h>
#include <libknot/libknot.h>
#include <stdlib.h>
#include <string.h>

#define REGION_OCTETS ((size_t)1 << 20)

/* The cheapest memory libknot can be given: a region that is emptied after every message. */
struct region {
    uint8_t *octets;
    size_t used;
};

struct context {
    const struct sample *first;
    struct region region;
    knot_mm_t mm;
    knot_rrset_t (*rrsets)[SAMPLE_RRSETS_MAX];
    knot_rrset_t opt;
    uint8_t wire[SAMPLE_OCTETS_MAX];
};

static void *region_alloc(void *opaque, size_t size)
{
    struct region *region = opaque;
    const size_t rounded = (size + 15) & ~(size_t)15;
    if (rounded > REGION_OCTETS - region->used) {
        return NULL;
    }
    void *room = region->octets + region->used;
    region->used += rounded;
    return room;
}

static void region_free(void *pointer)
{
    (void)pointer;
}

static void prepare_rrset(knot_rrset_t *ret, const struct rrset *rrset)
{
    knot_dname_t *owner = knot_dname_copy(rrset->owner->octets, NULL);
    knot_rrset_init(ret, owner, rrset->type, rrset->rrclass, rrset->ttl);
    for (size_t i = 0; i < rrset->count; i++) {
        knot_rrset_add_rdata(ret, rrset->rdata[i].data, (uint16_t)rrset->rdata[i].size, NULL);
    }
}

const char *knot_prepare(const struct sample *samples, size_t count, void **ret_context)
{
    struct context *context = calloc(1, sizeof *context);
    assert(context != NULL);
    context->first = samples;
    context->region.octets = malloc(REGION_OCTETS);
    context->mm = (knot_mm_t){.ctx = &context->region, .alloc = region_alloc, .free = region_free};
    context->rrsets = calloc(count, sizeof context->rrsets[0]);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < samples[i].count; j++) {
            prepare_rrset(&context->rrsets[i][j], &samples[i].rrsets[j].rrset);
        }
    }
    knot_edns_init(&context->opt, 1232, 0, 0, NULL);
    knot_edns_set_do(&context->opt);
    *ret_context = context;
    return NULL;
}

bool knot_parse(void *opaque, const struct sample *sample)
{
    struct context *context = opaque;
    context->region.used = 0;
    memcpy(context->wire, sample->wire.data, sample->wire.size);
    knot_pkt_t *packet = knot_pkt_new(context->wire, (uint16_t)sample->wire.size, &context->mm);
    const bool parsed = packet != NULL && knot_pkt_parse(packet, 0) == KNOT_EOK;
    knot_pkt_free(packet);
    return parsed;
}

static bool put_sections(knot_pkt_t *packet, const struct sample *sample,
                         const knot_rrset_t *rrsets)
{
    static const knot_section_t sections[] = {KNOT_ANSWER, KNOT_ANSWER, KNOT_AUTHORITY,
                                              KNOT_ADDITIONAL};
    for (size_t i = 0; i < sample->count; i++) {
        const bool is_question = name_identical(sample->rrsets[i].rrset.owner, &sample->question);
        const uint16_t hint = is_question ? KNOT_COMPR_HINT_QNAME : KNOT_COMPR_HINT_NONE;
        knot_pkt_begin(packet, sections[sample->rrsets[i].section]);
        if (knot_pkt_put(packet, hint, &rrsets[i], 0) != KNOT_EOK) {
            return false;
        }
    }
    return true;
}

bool knot_build(void *opaque, const struct sample *sample)
{
    struct context *context = opaque;
    context->region.used = 0;
    knot_pkt_t *packet = knot_pkt_new(context->wire, sizeof context->wire, &context->mm);
    if (packet == NULL) {
        return false;
    }
    knot_pkt_clear(packet);
    knot_wire_set_id(packet->wire, 0x1234);
    knot_wire_set_qr(packet->wire);
    bool built = knot_pkt_put_question(packet, sample->question.octets, KNOT_CLASS_IN,
                                       sample->type) == KNOT_EOK &&
                 put_sections(packet, sample, context->rrsets[sample - context->first]);
    if (built && sample->edns.present) {
        knot_pkt_begin(packet, KNOT_ADDITIONAL);
        built = knot_pkt_put(packet, KNOT_COMPR_HINT_NONE, &context->opt, 0) == KNOT_EOK;
    }
    built = built && packet->size >= sample->wire.size;
    knot_pkt_free(packet);
    return built;
}

#else

const char *knot_prepare(const struct sample *samples, size_t count, void **ret_context)
{
    (void)samples;
    (void)count;
    (void)ret_context;
    return "not found when this was built";
}

bool knot_parse(void *context, const struct sample *sample)
{
    (void)context;
    (void)sample;
    return false;
}

bool knot_build(void *context, const struct sample *sample)
{
    return knot_parse(context, sample);
}

#endif
