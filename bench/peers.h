/* Those that the codec is measured against, each behind the same two functions. A peer whose
 * library was not found at build time says so from its prepare function. */
#ifndef FAULTZONE_BENCH_PEERS_H
#define FAULTZONE_BENCH_PEERS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/corpus.h"

enum task { FLOOR, PARSE, BUILD };

struct contender {
    const char *name;
    const char *what;
    enum task task;
    /* Makes what `run` needs beside the sample. NULL, or why the peer does not take part. */
    const char *(*prepare)(const struct sample *samples, size_t count, void **ret_context);
    /* Parses the sample's wire form, or builds it. False: it failed. */
    bool (*run)(void *context, const struct sample *sample);
};

/* A walk by hand over the types of the corpus: every bound and every pointer checked, names
 * measured to their end, each record's data held against its length; nothing kept. */
const char *floor_prepare(const struct sample *samples, size_t count, void **ret_context);
bool floor_parse(void *context, const struct sample *sample);

const char *knot_prepare(const struct sample *samples, size_t count, void **ret_context);
bool knot_parse(void *context, const struct sample *sample);
bool knot_build(void *context, const struct sample *sample);

const char *ldns_prepare(const struct sample *samples, size_t count, void **ret_context);
bool ldns_parse(void *context, const struct sample *sample);
bool ldns_build(void *context, const struct sample *sample);

const char *ares_prepare(const struct sample *samples, size_t count, void **ret_context);
bool ares_parse(void *context, const struct sample *sample);

#endif
