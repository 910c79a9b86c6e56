/* Configured keys with their place in the file. A behaviour, a fault or a policy declares its keys
 * in a table of `struct param_spec`; the loader checks a file against that table and hands over
 * values, so nothing of YAML survives below `harness`. The same tables make the reference and the
 * JSON Schema. */
#ifndef FAULTZONE_BASE_PARAMS_H
#define FAULTZONE_BASE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/endpoint.h"
#include "base/instant.h"

enum param_type {
    PARAM_BOOL,      /* true, false                            -> .number 0 or 1 */
    PARAM_INTEGER,   /* within [least, most]                   -> .number */
    PARAM_DURATION,  /* 300ms, 5s, 30m, 2h, 1d, bare seconds    -> .number, nanoseconds */
    PARAM_CHANCE,    /* 20%, 0.2, 1                            -> .number, parts per million */
    PARAM_TEXT,      /* one string                             -> .texts[0] */
    PARAM_TEXTS,     /* a string or a list of strings          -> .texts */
    PARAM_ADDRESS,   /* one IP address                         -> .addresses[0] */
    PARAM_ADDRESSES, /* an address or a list of addresses      -> .addresses */
    PARAM_TYPES,     /* an RR type or a list of them           -> .types */
    PARAM_CHOICE,    /* one of `choices`                       -> .number, its index */
};

struct param_spec {
    const char *key;
    enum param_type type;
    const char *doc;            /* one sentence for the reference */
    const char *fallback;       /* the default as a file would write it, NULL for none */
    bool required;              /* its absence is an error */
    uint64_t least, most;       /* of PARAM_INTEGER; most 0 means no upper bound */
    const char *const *choices; /* of PARAM_CHOICE, ended by NULL */
};

/* One key's value. Arrays are borrowed from the loader's arena. */
struct param {
    const struct param_spec *spec;
    struct place place; /* of the value */
    uint64_t number;
    const struct bytes *texts;
    const struct place *text_places; /* one per text */
    const struct address *addresses;
    const uint16_t *types;
    size_t count; /* of texts, addresses or types */
};

struct params {
    const struct param *items; /* only keys that were given or have a default */
    size_t count;
};

/* The value of `key`, NULL if it was not given and has no default. */
const struct param *params_find(const struct params *params, const char *key);

/* The number of `key` (bool, integer, duration, chance, choice), or `fallback` if there is none. */
uint64_t params_number(const struct params *params, const char *key, uint64_t fallback);

#endif
