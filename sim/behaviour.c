/* The table of behaviours, made from the build's list of files, and what they share. */
#include "sim/behaviours/rows.h"

static const struct behaviour_row last_row;

const struct behaviour_row *const behaviour_rows[] = {
#define BEHAVIOUR(name) &behaviour_##name,
#include "sim/behaviour_list.h"
#undef BEHAVIOUR
    &last_row,
};

const struct behaviour_row *behaviour_find(struct bytes name)
{
    for (size_t i = 0; behaviour_rows[i]->name != NULL; i++) {
        if (bytes_are(name, behaviour_rows[i]->name)) {
            return behaviour_rows[i];
        }
    }
    return NULL;
}

/* --- what behaviours share --- */

const void *behaviour_no_memory(struct diag *reterr)
{
    diag_set(reterr, (struct place){.file = NULL}, "no memory is left for a behaviour");
    return NULL;
}

uint32_t behaviour_ttl(const struct params *params, const char *key, uint32_t fallback)
{
    const struct param *param = params_find(params, key);
    if (param == NULL) {
        return fallback;
    }
    const uint64_t seconds = param->number / NS_PER_S;
    return seconds < INT32_MAX ? (uint32_t)seconds : INT32_MAX; /* RFC 2181 8 */
}

const struct rrset *behaviour_own_rrset(const struct draft_step *step, uint16_t type)
{
    const struct name *source = step->found.source;
    return source != NULL ? zone_rrset(step->zone, source, type) : NULL;
}

bool behaviour_show_own_data(struct draft_step *step)
{
    if (step->outcome != DRAFT_ALIAS && step->outcome != DRAFT_NXDOMAIN) {
        return false;
    }
    draft_step_nodata(step);
    return true;
}
