#include "bench/peers.h"

#ifdef HAVE_CARES
#include <ares.h>
#if ARES_VERSION >= 0x011c00

/* Since 1.28 c-ares has a parser for whole messages. */
const char *ares_prepare(const struct sample *samples, size_t count, void **ret_context)
{
    (void)samples;
    (void)count;
    *ret_context = NULL;
    return NULL;
}

bool ares_parse(void *context, const struct sample *sample)
{
    ares_dns_record_t *record = NULL;
    (void)context;
    if (ares_dns_parse(sample->wire.data, sample->wire.size, 0, &record) != ARES_SUCCESS) {
        return false;
    }
    ares_dns_record_destroy(record);
    return true;
}

#else

const char *ares_prepare(const struct sample *samples, size_t count, void **ret_context)
{
    (void)samples;
    (void)count;
    *ret_context = NULL;
    return NULL;
}

/* Before 1.28 a program walks by itself and has c-ares expand each name: owners only, here. */
bool ares_parse(void *context, const struct sample *sample)
{
    const unsigned char *data = sample->wire.data;
    const int size = (int)sample->wire.size;
    const unsigned char *at = data + 12;
    (void)context;
    for (size_t i = 0; i <= sample->records; i++) {
        char *name = NULL;
        long taken = 0;
        if (ares_expand_name(at, data, size, &name, &taken) != ARES_SUCCESS) {
            return false;
        }
        ares_free_string(name);
        at += taken;
        at += i == 0 ? 4 : 10 + (at[8] << 8 | at[9]);
    }
    return at == data + size;
}

#endif

#else

const char *ares_prepare(const struct sample *samples, size_t count, void **ret_context)
{
    (void)samples;
    (void)count;
    (void)ret_context;
    return "not found when this was built";
}

bool ares_parse(void *context, const struct sample *sample)
{
    (void)context;
    (void)sample;
    return false;
}

#endif
