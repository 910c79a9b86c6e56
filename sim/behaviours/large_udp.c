/* A server that sends as large a datagram as it is asked for, fragments or not. */
#include "sim/behaviours/rows.h"

#define LARGE_UDP_DEFAULT 4096 /* what servers allowed before DNS Flag Day 2020 */

static const struct param_spec params[] = {
    {.key = "octets",
     .type = PARAM_INTEGER,
     .least = EDNS_UDP_SIZE_MIN,
     .most = 65000,
     .fallback = "4096",
     .doc = "The largest datagram the server sends, if the query's EDNS size allows it."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)apex;
    (void)provider;
    uint16_t *octets = ARENA_NEW(arena, uint16_t);
    if (octets == NULL) {
        return behaviour_no_memory(reterr);
    }
    *octets = (uint16_t)params_number(given, "octets", LARGE_UDP_DEFAULT);
    return octets;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    (void)context;
    const uint16_t *octets = state;
    draft->udp_size_max = *octets;
    return true;
}

const struct behaviour_row behaviour_large_udp = {
    .name = "large-udp",
    .doc = "The server offers, and keeps to, another UDP size than 1232. Datagrams of more than "
           "about 1472 octets travel in fragments, which firewalls like to drop: a loss of packets "
           "larger than 1472 octets stands for that.",
    .evidence = "Failure catalogue F107: RFC 9715; RIPE Labs (Moura); dnsflagday.net/2020.",
    .params = params,
    .short_param = "octets",
    .configure = configure,
    .finish = finish,
};
