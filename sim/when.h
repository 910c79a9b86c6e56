/* To which queries a behaviour applies: by name, type and transport. */
#ifndef FAULTZONE_SIM_WHEN_H
#define FAULTZONE_SIM_WHEN_H

#include "sim/behaviour.h"
#include "sim/names.h"

struct when {
    struct names names; /* `all` if none were given */
    const uint16_t *types;
    size_t type_count; /* 0: any */
    int transport;     /* enum transport, -1: any */
};

/* The rows of a parameter table that when_configure reads. */
#define WHEN_PARAMS                                                                                \
    {.key = "names",                                                                               \
     .type = PARAM_TEXTS,                                                                          \
     .doc = "Only for these names, relative to the zone; a first label \"*\" stands for every "    \
            "name below. By default for all."},                                                    \
        {.key = "types", .type = PARAM_TYPES, .doc = "Only for these types; by default for all."}, \
    {                                                                                              \
        .key = "transport", .type = PARAM_CHOICE, .choices = when_transports, .fallback = "any",   \
        .doc = "Only over udp or tcp."                                                             \
    }

extern const char *const when_transports[];

bool when_configure(const struct params *given, const struct name *apex, struct arena *arena,
                    struct when *ret, struct diag *reterr);

/* Whether the question (`context->qname`, its type, its transport) is meant. A listed wildcard
 * means every name below its parent. */
bool when_holds(const struct when *when, const struct behaviour_context *context);

#endif
