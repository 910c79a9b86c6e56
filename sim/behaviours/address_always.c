/* A load balancer that knows one answer. */
#include "sim/behaviours/rows.h"

#include "sim/synth.h"
#include "sim/when.h"
#include "wire/rrtype.h"

struct address_always {
    struct when when;
    const struct rrset *addresses;
};

static const struct param_spec params[] = {
    {.key = "address",
     .type = PARAM_ADDRESSES,
     .required = true,
     .doc = "The IPv4 address that every question is answered with."},
    {.key = "ttl", .type = PARAM_DURATION, .fallback = "3600", .doc = "Its TTL."},
    WHEN_PARAMS,
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    const struct param *address = params_find(given, "address");
    struct address_always *always = ARENA_NEW(arena, struct address_always);
    if (always == NULL) {
        return behaviour_no_memory(reterr);
    }
    always->addresses = synth_addresses(arena, RRTYPE_A, behaviour_ttl(given, "ttl", 3600),
                                        address->addresses, address->count);
    if (always->addresses == NULL) {
        return behaviour_no_memory(reterr);
    }
    return when_configure(given, apex, arena, &always->when, reterr) ? always : NULL;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct address_always *always = state;
    if (!when_holds(&always->when, context)) {
        return false;
    }
    draft_fail(draft, RCODE_NOERROR);
    draft_add_answer(draft, &draft->qname, always->addresses, always->addresses->ttl);
    draft->opt = DRAFT_OPT_NONE;
    return true;
}

const struct behaviour_row behaviour_address_always = {
    .name = "address-always",
    .doc = "Every question, of whatever type, is answered with one A record, without the AA bit "
           "and without EDNS.",
    .evidence = "Failure catalogue F110: DVE-2017-0011 (an A record in answer to AAAA, and for the "
                "root, AA clear).",
    .params = params,
    .short_param = "address",
    .configure = configure,
    .finish = finish,
};
