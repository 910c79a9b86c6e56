#include "base/params.h"

const struct param *params_find(const struct params *params, const char *key)
{
    for (size_t i = 0; i < params->count; i++) {
        if (strcmp(params->items[i].spec->key, key) == 0) {
            return &params->items[i];
        }
    }
    return NULL;
}

uint64_t params_number(const struct params *params, const char *key, uint64_t fallback)
{
    const struct param *param = params_find(params, key);
    return param != NULL ? param->number : fallback;
}
