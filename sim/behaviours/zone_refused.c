/* A strict server that does not load a zone with a CNAME beside other records, and then does not
 * answer for it. */
#include "sim/behaviours/rows.h"

#include "wire/rrtype.h"

struct zone_refused {
    bool refused; /* REFUSED instead of SERVFAIL */
};

static const char *const answers[] = {"servfail", "refused", NULL};

static const struct param_spec params[] = {
    {.key = "answer",
     .type = PARAM_CHOICE,
     .choices = answers,
     .fallback = "servfail",
     .doc = "What every question gets while the zone has such a name: that RCODE."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)apex;
    (void)provider;
    struct zone_refused *strict = ARENA_NEW(arena, struct zone_refused);
    if (strict == NULL) {
        return behaviour_no_memory(reterr);
    }
    strict->refused = params_number(given, "answer", 0) != 0;
    return strict;
}

/* True if a name has a CNAME that is not alone. */
static bool has_clash(const struct zone *zone)
{
    const struct rrset *last = NULL;
    const struct rrset *rrset;
    for (size_t i = 0; (rrset = zone_rrset_at(zone, i)) != NULL; i++) {
        const bool same = last != NULL && name_equal(last->owner, rrset->owner);
        if ((same && (last->type == RRTYPE_CNAME || rrset->type == RRTYPE_CNAME)) ||
            (rrset->type == RRTYPE_CNAME && rrset->count > 1)) {
            return true;
        }
        last = rrset;
    }
    return false;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct zone_refused *strict = state;
    if (!has_clash(context->zone)) {
        return false;
    }
    draft_fail(draft, strict->refused ? RCODE_REFUSED : RCODE_SERVFAIL);
    return true;
}

const struct behaviour_row behaviour_zone_refused = {
    .name = "zone-refused",
    .doc = "The server does not load the zone while a name in it has a CNAME and other records, or "
           "two CNAMEs; it answers well as soon as none has.",
    .evidence = "Failure catalogue F27: BIND's \"CNAME and other data\", "
                "TechnitiumSoftware/DnsServer#751. SERVFAIL: assumed, as BIND answers for a zone "
                "that it could not load.",
    .params = params,
    .short_param = "answer",
    .configure = configure,
    .finish = finish,
};
