/* Response rate limiting: a server that has heard enough from one network for this second. */
#include "sim/behaviours/rows.h"

#include "sim/subnet.h"

#define PREFIX_V4 24 /* BIND's ipv4-prefix-length */
#define PREFIX_V6 56 /* BIND's ipv6-prefix-length */

enum rate_limit_mode { RATE_DROP, RATE_REFUSED };

struct rate_limit {
    uint32_t most;
    uint32_t slip;
    enum rate_limit_mode mode;
};

static const char *const modes[] = {"drop", "refused", NULL};

static const struct param_spec params[] = {
    {.key = "responses-per-second",
     .type = PARAM_INTEGER,
     .required = true,
     .least = 1,
     .most = 100000,
     .doc = "So many replies over UDP one network (a /24, of IPv6 a /56) gets in each second of "
            "the clock."},
    {.key = "slip",
     .type = PARAM_INTEGER,
     .fallback = "2",
     .most = 10,
     .doc = "Each so many-th reply above that is sent empty with the TC bit, which invites to ask "
            "over TCP; 1 truncates all, 0 none."},
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "drop",
     .doc = "What the others get: nothing, or REFUSED."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)apex;
    (void)provider;
    struct rate_limit *limit = ARENA_NEW(arena, struct rate_limit);
    if (limit == NULL) {
        return behaviour_no_memory(reterr);
    }
    limit->most = (uint32_t)params_number(given, "responses-per-second", 1);
    limit->slip = (uint32_t)params_number(given, "slip", 2);
    limit->mode = (enum rate_limit_mode)params_number(given, "mode", RATE_DROP);
    return limit;
}

static uint64_t network_of(const struct address *address)
{
    const struct address base =
        subnet_base(address, address->family == ADDRESS_V4 ? PREFIX_V4 : PREFIX_V6);
    return address_hash(&base);
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct rate_limit *limit = state;
    if (context->transport == TRANSPORT_TCP) {
        return false;
    }
    const uint32_t count =
        counts_add(context->counts, network_of(&context->client->address), context->now / NS_PER_S);
    if (count <= limit->most) {
        return false;
    }
    if (limit->slip > 0 && (count - limit->most) % limit->slip == 0) {
        draft_clear(draft);
        draft->truncated = true;
    } else if (limit->mode == RATE_REFUSED) {
        draft_fail(draft, RCODE_REFUSED);
    } else {
        draft->silent = true;
    }
    return true;
}

const struct behaviour_row behaviour_rate_limit = {
    .name = "rate-limit",
    .doc = "Replies over UDP are limited for each network that asks; what is too much is dropped, "
           "and now and then cut short. Meant against forgers of addresses, it hits busy resolvers "
           "too. Kinds of reply are not told apart.",
    .evidence = "Failure catalogue F111: gdnsd#163; BIND 9 ARM, rate-limit (slip 2, prefixes of 24 "
                "and 56). The mode refused: assumed.",
    .params = params,
    .short_param = "responses-per-second",
    .configure = configure,
    .finish = finish,
};
