#include "sim/when.h"

const char *const when_transports[] = {"any", "udp", "tcp", NULL};

bool when_configure(const struct params *given, const struct name *apex, struct arena *arena,
                    struct when *ret, struct diag *reterr)
{
    const struct param *names = params_find(given, "names");
    const struct param *types = params_find(given, "types");
    *ret = (struct when){.transport = (int)params_number(given, "transport", 0) - 1};
    if (types != NULL) {
        ret->types = types->types;
        ret->type_count = types->count;
    }
    if (names == NULL) {
        ret->names.all = true;
        return true;
    }
    return names_configure(names, apex, arena, &ret->names, reterr);
}

static bool is_named(const struct names *names, const struct name *qname)
{
    if (names->all) {
        return true;
    }
    for (size_t i = 0; i < names->count; i++) {
        const struct name *item = &names->items[i];
        if (name_equal(item, qname)) {
            return true;
        }
        struct name parent;
        if (name_is_wildcard(item) && name_parent(item, &parent) && qname->labels > parent.labels &&
            name_is_at_or_below(qname, &parent)) {
            return true;
        }
    }
    return false;
}

static bool is_type_meant(const struct when *when, uint16_t type)
{
    for (size_t i = 0; i < when->type_count; i++) {
        if (when->types[i] == type) {
            return true;
        }
    }
    return when->type_count == 0;
}

bool when_holds(const struct when *when, const struct behaviour_context *context)
{
    return (when->transport < 0 || when->transport == (int)context->transport) &&
           is_type_meant(when, context->qtype) && is_named(&when->names, context->qname);
}
