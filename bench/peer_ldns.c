#include "bench/peers.h"

#ifdef HAVE_LDNS
#include <assert.h>
#include <ldns/ldns.h>
#include <stdlib.h>

struct context {
    const struct sample *first;
    ldns_pkt **packets; /* one a sample, parsed once: what is built again */
};

const char *ldns_prepare(const struct sample *samples, size_t count, void **ret_context)
{
    struct context *context = malloc(sizeof *context);
    assert(context != NULL);
    context->first = samples;
    context->packets = malloc(count * sizeof(ldns_pkt *));
    *ret_context = context;
    for (size_t i = 0; i < count; i++) {
        if (ldns_wire2pkt(&context->packets[i], samples[i].wire.data, samples[i].wire.size) !=
            LDNS_STATUS_OK) {
            return "refuses the corpus";
        }
    }
    return NULL;
}

bool ldns_parse(void *context, const struct sample *sample)
{
    ldns_pkt *packet = NULL;
    (void)context;
    if (ldns_wire2pkt(&packet, sample->wire.data, sample->wire.size) != LDNS_STATUS_OK) {
        return false;
    }
    ldns_pkt_free(packet);
    return true;
}

bool ldns_build(void *opaque, const struct sample *sample)
{
    const struct context *context = opaque;
    uint8_t *octets = NULL;
    size_t size = 0;
    if (ldns_pkt2wire(&octets, context->packets[sample - context->first], &size) !=
        LDNS_STATUS_OK) {
        return false;
    }
    free(octets);
    return size > 0;
}

#else

const char *ldns_prepare(const struct sample *samples, size_t count, void **ret_context)
{
    (void)samples;
    (void)count;
    (void)ret_context;
    return "not found when this was built";
}

bool ldns_parse(void *context, const struct sample *sample)
{
    (void)context;
    (void)sample;
    return false;
}

bool ldns_build(void *context, const struct sample *sample)
{
    return ldns_parse(context, sample);
}

#endif
