/* Who asked from outside lately: only to them may a datagram leave the simulated world. */
#ifndef FAULTZONE_LIVE_OUTSIDERS_H
#define FAULTZONE_LIVE_OUTSIDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/endpoint.h"

#define OUTSIDERS_SETS 1024
#define OUTSIDERS_WAYS 4

/* A cache: of those that fall into one set the latest are remembered. Starts zeroed. */
struct outsiders {
    struct {
        struct endpoint known[OUTSIDERS_WAYS];
        unsigned next; /* to be replaced */
    } sets[OUTSIDERS_SETS];
};

void outsiders_remember(struct outsiders *outsiders, const struct endpoint *real);

bool outsiders_know(const struct outsiders *outsiders, const struct endpoint *real);

#endif
