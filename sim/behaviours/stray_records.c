/* Records that have no business in the reply: of names the server has no say in. */
#include "sim/behaviours/rows.h"

#include "sim/synth.h"
#include "sim/when.h"
#include "wire/rrtype.h"

enum stray_section { STRAY_ADDITIONAL, STRAY_AUTHORITY, STRAY_ANSWER };

struct stray_records {
    struct name *owners;
    size_t owner_count;
    const struct rrset *addresses;
    enum stray_section section;
};

static const char *const sections[] = {"additional", "authority", "answer", NULL};

static const struct param_spec params[] = {
    {.key = "owners",
     .type = PARAM_TEXTS,
     .required = true,
     .doc = "Whose addresses every reply brings along: absolute names, of other zones."},
    {.key = "address",
     .type = PARAM_ADDRESSES,
     .required = true,
     .doc = "The IPv4 address given for them."},
    {.key = "section",
     .type = PARAM_CHOICE,
     .choices = sections,
     .fallback = "additional",
     .doc = "Where the records stand."},
    {.key = "ttl", .type = PARAM_DURATION, .fallback = "3600", .doc = "Their TTL."},
    {.key = NULL},
};

/* Absolute names, outside the zone as a rule. */
static bool read_owners(const struct param *owners, struct stray_records *ret, struct diag *reterr)
{
    for (size_t i = 0; i < owners->count; i++) {
        const char *why = NULL;
        if (!name_parse_text(owners->texts[i], NULL, &ret->owners[i], &why)) {
            return diag_set(reterr, owners->text_places[i], "\"%.*s\" is not a name: %s",
                            (int)owners->texts[i].size, (const char *)owners->texts[i].data, why);
        }
    }
    ret->owner_count = owners->count;
    return true;
}

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)apex;
    (void)provider;
    const struct param *owners = params_find(given, "owners");
    const struct param *address = params_find(given, "address");
    struct stray_records *stray = ARENA_NEW(arena, struct stray_records);
    if (stray == NULL) {
        return behaviour_no_memory(reterr);
    }
    stray->owners = ARENA_NEW_ARRAY(arena, struct name, owners->count);
    stray->addresses = synth_addresses(arena, RRTYPE_A, behaviour_ttl(given, "ttl", 3600),
                                       address->addresses, address->count);
    if (stray->owners == NULL || stray->addresses == NULL) {
        return behaviour_no_memory(reterr);
    }
    stray->section = (enum stray_section)params_number(given, "section", STRAY_ADDITIONAL);
    return read_owners(owners, stray, reterr) ? stray : NULL;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    (void)context;
    const struct stray_records *stray = state;
    for (size_t i = 0; i < stray->owner_count; i++) {
        const struct name *owner = &stray->owners[i];
        const uint32_t ttl = stray->addresses->ttl;
        switch (stray->section) {
        case STRAY_ADDITIONAL: draft_add_additional(draft, owner, stray->addresses, ttl); break;
        case STRAY_AUTHORITY: draft_add_authority(draft, owner, stray->addresses, ttl); break;
        case STRAY_ANSWER: draft_add_answer(draft, owner, stray->addresses, ttl); break;
        }
    }
    return true;
}

const struct behaviour_row behaviour_stray_records = {
    .name = "stray-records",
    .doc = "Every reply brings addresses of names along that lie outside the server's zones. Who "
           "keeps them lets one provider speak for another.",
    .evidence = "Failure catalogue F94: RFC 5452 6 and RFC 2181 5.4.1 say what to make of them. As "
                "a customer's bug: assumed.",
    .params = params,
    .configure = configure,
    .finish = finish,
};
