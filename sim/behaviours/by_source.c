/* Views: who asks from one place is shown another zone's data. */
#include "sim/behaviours/rows.h"

#include "sim/names.h"
#include "sim/subnet.h"
#include "wire/rdata.h"

struct by_source {
    struct subnet *from;
    size_t from_count;
    struct name view; /* the apex of the zone that is shown */
    struct names names;
    bool client_subnet;
};

static const struct param_spec params[] = {
    {.key = "from",
     .type = PARAM_TEXTS,
     .required = true,
     .doc = "Who is meant: addresses, or ranges of them (10.0.0.0/8)."},
    {.key = "zone",
     .type = PARAM_TEXT,
     .required = true,
     .doc = "The zone of the scenario, by its absolute name, that they are shown instead: its "
            "records stand there under its own name, and are shown under this zone's."},
    {.key = "names",
     .type = PARAM_TEXTS,
     .fallback = "all",
     .doc = "For which names, relative to the zone; the word all means every name but the apex."},
    {.key = "client-subnet",
     .type = PARAM_BOOL,
     .fallback = "false",
     .doc = "Where a query says for whom it is asked (RFC 7871), that counts instead of who "
            "asks."},
    {.key = NULL},
};

static bool read_sources(const struct param *from, struct by_source *ret, struct diag *reterr)
{
    for (size_t i = 0; i < from->count; i++) {
        if (!subnet_parse(from->texts[i], &ret->from[i])) {
            return diag_set(reterr, from->text_places[i],
                            "\"%.*s\" is neither an address nor a range of them",
                            (int)from->texts[i].size, (const char *)from->texts[i].data);
        }
    }
    ret->from_count = from->count;
    return true;
}

static bool read_view(const struct param *zone, struct by_source *ret, struct diag *reterr)
{
    const char *why = NULL;
    if (!name_parse_text(zone->texts[0], NULL, &ret->view, &why)) {
        return diag_set(reterr, zone->place, "\"%.*s\" is not a name: %s", (int)zone->texts[0].size,
                        (const char *)zone->texts[0].data, why);
    }
    return true;
}

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    const struct param *from = params_find(given, "from");
    struct by_source *by_source = ARENA_NEW(arena, struct by_source);
    if (by_source == NULL) {
        return behaviour_no_memory(reterr);
    }
    by_source->from = ARENA_NEW_ARRAY(arena, struct subnet, from->count);
    if (by_source->from == NULL) {
        return behaviour_no_memory(reterr);
    }
    by_source->client_subnet = params_number(given, "client-subnet", 0) != 0;
    if (!read_sources(from, by_source, reterr) ||
        !read_view(params_find(given, "zone"), by_source, reterr) ||
        !names_configure(params_find(given, "names"), apex, arena, &by_source->names, reterr)) {
        return NULL;
    }
    return by_source;
}

/* For whom the question is asked. */
static struct address asker_of(const struct by_source *by_source,
                               const struct behaviour_context *context, struct draft *draft)
{
    struct client_subnet subnet;
    if (by_source->client_subnet && client_subnet_find(context->query->edns.options, &subnet)) {
        draft->by_subnet = true;
        return subnet.address;
    }
    return context->client->address;
}

static bool is_meant(const struct by_source *by_source, const struct address *asker,
                     const struct draft_step *step)
{
    for (size_t i = 0; i < by_source->from_count; i++) {
        if (subnet_contains(&by_source->from[i], asker)) {
            return by_source->names.all ? !name_equal(step->owner, zone_apex(step->zone))
                                        : names_match(&by_source->names, step, NULL) == NAMES_HIT;
        }
    }
    return false;
}

static const struct zone *find_view(const struct by_source *by_source,
                                    const struct behaviour_context *context)
{
    for (size_t i = 0; i < context->zone_count; i++) {
        if (name_equal(zone_apex(context->zones[i]), &by_source->view)) {
            return context->zones[i];
        }
    }
    return NULL;
}

static void show(struct draft_step *step, const struct zone_found *found, struct arena *scratch)
{
    struct name *target = ARENA_NEW(scratch, struct name);
    switch (found->outcome) {
    case ZONE_ANSWER:
        draft_step_answer(step);
        draft_step_put(step, found->rrset, found->rrset->ttl);
        break;
    case ZONE_CNAME:
        if (target != NULL && rdata_target(found->rrset->type, found->rrset->rdata[0], target)) {
            draft_step_alias(step, found->rrset, found->rrset->ttl, target);
        }
        break;
    case ZONE_NODATA: draft_step_nodata(step); break;
    default: draft_step_nxdomain(step); break;
    }
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    const struct by_source *by_source = state;
    const struct address asker = asker_of(by_source, context, draft);
    if (!is_meant(by_source, &asker, step)) {
        return false;
    }
    const struct zone *view = find_view(by_source, context);
    struct name inside;
    if (view == NULL ||
        !name_replace_suffix(step->owner, zone_apex(step->zone), zone_apex(view), &inside)) {
        draft_step_fail(step, RCODE_SERVFAIL);
        return true;
    }
    struct zone_found found;
    zone_look_up(view, &inside, context->qtype, &found);
    show(step, &found, context->scratch);
    return true;
}

const struct behaviour_row behaviour_by_source = {
    .name = "by-source",
    .doc = "Split horizon: who asks from certain addresses is shown the data of another zone. The "
           "same with ranges all over the world is an answer by location.",
    .evidence = "Failure catalogue F91, F92: Amazon SES documentation (\"private domain\"); "
                "lieser/dkim_verifier#511; facebook/dns#77; RFC 7871.",
    .params = params,
    .configure = configure,
    .edit = edit,
};
