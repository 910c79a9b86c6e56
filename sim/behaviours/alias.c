/* ALIAS or ANAME typed where a CNAME was asked for: the server follows it for addresses only. */
#include "sim/behaviours/rows.h"

#include "sim/chase.h"
#include "sim/names.h"
#include "wire/rrtype.h"

struct alias {
    struct names names;
    const struct name *targets; /* one a name */
    enum alias_failure failure;
};

/* In the order of enum alias_failure. */
static const char *const failures[] = {"servfail", "empty", NULL};

static const struct param_spec params[] = {
    {.key = "records",
     .type = PARAM_TEXTS,
     .required = true,
     .doc = "One or more \"name target\": the name relative to the zone, the target too unless "
            "it ends in a dot."},
    {.key = "failure",
     .type = PARAM_CHOICE,
     .choices = failures,
     .doc =
         "What A and AAAA give where the target does not exist or cannot be followed; by default "
         "as the provider does, and servfail where that is not known."},
    {.key = NULL},
};

/* The first word of `*rest`, which goes on after it. Empty at the end. */
static struct bytes next_word(struct bytes *rest)
{
    if (rest->size == 0) {
        return *rest;
    }
    size_t start = 0;
    while (start < rest->size && (rest->data[start] == ' ' || rest->data[start] == '\t')) {
        start++;
    }
    size_t end = start;
    while (end < rest->size && rest->data[end] != ' ' && rest->data[end] != '\t') {
        end++;
    }
    const struct bytes word = bytes_of(rest->data + start, end - start);
    *rest = bytes_after(*rest, end);
    return word;
}

static bool read_record(struct bytes text, struct place place, const struct name *apex,
                        struct name *ret_name, struct name *ret_target, struct diag *reterr)
{
    struct bytes rest = text;
    const struct bytes name = next_word(&rest);
    const struct bytes target = next_word(&rest);
    if (target.size == 0 || next_word(&rest).size != 0) {
        return diag_set(reterr, place, "an alias is written \"name target\"");
    }
    const char *why = NULL;
    if (!name_parse_text(target, apex, ret_target, &why)) {
        return diag_set(reterr, place, "\"%.*s\" is not a name: %s", (int)target.size,
                        (const char *)target.data, why);
    }
    return names_read(name, place, apex, ret_name, reterr);
}

static bool read_records(const struct param *records, const struct name *apex, struct name *names,
                         struct name *targets, struct diag *reterr)
{
    for (size_t i = 0; i < records->count; i++) {
        if (!read_record(records->texts[i], records->text_places[i], apex, &names[i], &targets[i],
                         reterr)) {
            return false;
        }
    }
    return true;
}

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    const struct param *records = params_find(given, "records");
    const size_t count = records != NULL ? records->count : 0;
    struct alias *alias = ARENA_NEW(arena, struct alias);
    struct name *names = ARENA_NEW_ARRAY(arena, struct name, count);
    struct name *targets = ARENA_NEW_ARRAY(arena, struct name, count);
    if (alias == NULL || names == NULL || targets == NULL) {
        return behaviour_no_memory(reterr);
    }
    if (count > 0 && !read_records(records, apex, names, targets, reterr)) {
        return NULL;
    }
    *alias = (struct alias){
        .names = {.items = names, .count = count},
        .targets = targets,
        .failure = (enum alias_failure)params_number(given, "failure", provider->alias_failure),
    };
    return alias;
}

static void fail(const struct alias *alias, struct draft_step *step)
{
    if (alias->failure == ALIAS_EMPTY) {
        draft_step_nodata(step);
    } else {
        draft_step_fail(step, RCODE_SERVFAIL);
    }
}

static void show_addresses(const struct alias *alias, const struct behaviour_context *context,
                           const struct name *target, struct draft_step *step)
{
    struct chased chased;
    chase(context, target, context->qtype, &chased);
    switch (chased.outcome) {
    case CHASE_FOUND:
        draft_step_answer(step);
        draft_step_put(step, chased.rrset, chased.ttl);
        break;
    case CHASE_NODATA: draft_step_nodata(step); break;
    case CHASE_NXDOMAIN:
    case CHASE_FAILED: fail(alias, step); break;
    }
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    (void)draft;
    const struct alias *alias = state;
    size_t index;
    const enum names_match match = names_match(&alias->names, step, &index);
    if (match != NAMES_HIT || step->edited) {
        return !step->edited && names_make_ancestor(match, step);
    }
    if (step->outcome == DRAFT_ANSWER && context->qtype != RRTYPE_CNAME) {
        return false; /* own data: an own A goes before the alias */
    }
    if (context->qtype == RRTYPE_A || context->qtype == RRTYPE_AAAA) {
        show_addresses(alias, context, &alias->targets[index], step);
    } else {
        draft_step_nodata(step);
    }
    return true;
}

const struct behaviour_row behaviour_alias = {
    .name = "alias",
    .doc = "ALIAS or ANAME: the server follows these names to their target for A and AAAA. All "
           "else is what the name itself owns, or NODATA; a CNAME is never shown.",
    .evidence = "Failure catalogue A4, F06, F07: PowerDNS guides/alias.rst (SERVFAIL where the "
                "target is SERVFAIL or NXDOMAIN); support.dnsimple.com (empty answer, TXT and MX "
                "beside it); help.ns1.com (A before ALIAS before CNAME).",
    .params = params,
    .short_param = "records",
    .configure = configure,
    .edit = edit,
};
