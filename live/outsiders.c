/* See the header. */
#include "live/outsiders.h"

static size_t set_of(const struct endpoint *real)
{
    return (size_t)(endpoint_hash(real) % OUTSIDERS_SETS);
}

static bool is_in(const struct outsiders *outsiders, size_t set, const struct endpoint *real)
{
    for (size_t i = 0; i < OUTSIDERS_WAYS; i++) {
        if (endpoint_equal(&outsiders->sets[set].known[i], real)) {
            return true;
        }
    }
    return false;
}

bool outsiders_know(const struct outsiders *outsiders, const struct endpoint *real)
{
    return is_in(outsiders, set_of(real), real);
}

void outsiders_remember(struct outsiders *outsiders, const struct endpoint *real)
{
    const size_t set = set_of(real);
    if (!is_in(outsiders, set, real)) {
        const unsigned way = outsiders->sets[set].next;
        outsiders->sets[set].known[way] = *real;
        outsiders->sets[set].next = (way + 1) % OUTSIDERS_WAYS;
    }
}
