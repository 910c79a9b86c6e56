/* `setup:` what a mail provider asked its customer for. */
#include <string.h>

#include "harness/keyring.h"
#include "harness/story.h"
#include "inspect/given.h"
#include "inspect/plan.h"
#include "wire/rrtype.h"

#define SHOWN_OCTETS_MAX  40 /* of a TXT's text in a step's line */
#define VALUE_STRINGS_MAX 16 /* of 255 octets, of a value with keys in it */

/* In the order of enum plan_role. */
static const char *const roles[] = {"dkim",  "return-path", "tracking", "spf",
                                    "dmarc", "mx",          "other",    NULL};
_Static_assert(sizeof roles / sizeof *roles == PLAN_ROLES + 1, "all the roles");

/* In the order of enum plan_registry. */
static const char *const registry_words[] = {"unknown", "active", "hold", "free", NULL};

const struct param_spec setup_params[] = {
    {.key = "name", .type = PARAM_TEXT, .doc = "Where the record is to be.", .required = true},
    {.key = "type", .type = PARAM_TYPES, .doc = "CNAME, TXT, MX or NS.", .required = true},
    {.key = "value",
     .type = PARAM_TEXT,
     .doc = "The name it is to lead to; of TXT the text, where `${key:NAME}` stands for a key's "
            "public half.",
     .required = true},
    {.key = "role",
     .type = PARAM_CHOICE,
     .doc = "What it is for; guessed from the name without this key.",
     .choices = roles},
    {.key = "typed-at",
     .type = PARAM_TEXTS,
     .doc = "Known beside the DNS: servers of the DNS host where the record was typed, names or "
            "addresses."},
    {.key = "earlier-servers",
     .type = PARAM_TEXTS,
     .doc = "Known beside the DNS: servers that the domain was delegated to at an earlier look."},
    {.key = "registry",
     .type = PARAM_CHOICE,
     .doc = "Known beside the DNS: the domain's status at its registry (RDAP).",
     .choices = registry_words},
    {.key = "asked-as",
     .type = PARAM_TEXT,
     .doc = "Known beside the DNS: the name in the log of a verifier that finds nothing."},
    {.key = "not-asked",
     .type = PARAM_BOOL,
     .doc = "Known beside the DNS: a verifier's log shows no question since the record was added."},
    {.key = "wait",
     .type = PARAM_DURATION,
     .doc =
         "How long the check may wait to look a second time at what a resolver remembers. Without "
         "this key it looks once."},
    {.key = NULL},
};

/* Addresses of all servers that a key names; false (told) if one is unknown. */
static bool load_servers(struct story *story, const struct param *named, const struct address **ret,
                         size_t *ret_count)
{
    if (named == NULL) {
        return true;
    }
    struct address *items = ARENA_NEW_ARRAY(story->loader.arena, struct address, PLAN_HINTS_MAX);
    size_t count = 0;
    if (items == NULL) {
        return loader_exhausted(&story->loader);
    }
    for (size_t i = 0; i < named->count; i++) {
        const struct address *found;
        size_t found_count;
        if (!story_find_addresses(story, named->texts[i], named->text_places[i], &found,
                                  &found_count)) {
            return false;
        }
        for (size_t j = 0; j < found_count && count < PLAN_HINTS_MAX; j++) {
            items[count++] = found[j];
        }
    }
    *ret = items;
    *ret_count = count;
    return true;
}

static bool load_hints(struct story *story, const struct params *params, struct plan_hints *ret)
{
    const struct param *asked = params_find(params, "asked-as");
    ret->registry = (enum plan_registry)params_number(params, "registry", REGISTRY_UNKNOWN);
    ret->not_asked = params_number(params, "not-asked", 0) != 0;
    ret->wait = params_number(params, "wait", 0);
    if (asked != NULL &&
        !loader_name(&story->loader, asked->texts[0], asked->place, NULL, &ret->asked_as)) {
        return false;
    }
    return load_servers(story, params_find(params, "typed-at"), &ret->typed_at,
                        &ret->typed_at_count) &&
           load_servers(story, params_find(params, "earlier-servers"), &ret->earlier,
                        &ret->earlier_count);
}

/* The value with the public halves of keys where it refers to them. */
static bool expand_value(struct story *story, const struct param *value, struct bytes *ret)
{
    static const struct keyring none = {.count = 0};
    const struct keyring *ring = story->loader.keyring;
    struct zone_token tokens[VALUE_STRINGS_MAX];
    *ret = value->texts[0];
    if (!keyring_is_wanted(*ret)) {
        return true;
    }
    const size_t count = keyring_expand(&story->loader, ring != NULL ? ring : &none, *ret,
                                        value->place, tokens, VALUE_STRINGS_MAX);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += tokens[i].text.size - 2; /* its quotes */
    }
    uint8_t *joined = arena_alloc(story->loader.arena, size + 1);
    if (joined == NULL) {
        return loader_exhausted(&story->loader);
    }
    *ret = bytes_of(joined, size);
    for (size_t i = 0; i < count; i++) {
        const size_t part = tokens[i].text.size - 2;
        memcpy(joined, tokens[i].text.data + 1, part);
        joined += part;
    }
    return count > 0;
}

static bool load_record(struct story *story, const struct yaml_node *node,
                        struct plan_record *record)
{
    const struct param_form form = {"setup", setup_params, NULL};
    struct params params;
    struct name name;
    const char *why = NULL;
    if (!loader_need_mapping(&story->loader, node, "setup") ||
        !params_load(&story->loader, &form, node, &params)) {
        return false;
    }
    const struct param *where = params_find(&params, "name");
    const struct param *type = params_find(&params, "type");
    const struct param *value = params_find(&params, "value");
    const struct param *role = params_find(&params, "role");
    if (!loader_name(&story->loader, where->texts[0], where->place, NULL, &name)) {
        return false;
    }
    if (type->count != 1 || !plan_type_is_known(type->types[0])) {
        diags_add(story->loader.diags, type->place,
                  "the check looks for records of type CNAME, TXT, MX and NS, one at a time");
        return false;
    }
    struct bytes text;
    if (!expand_value(story, value, &text)) {
        return false;
    }
    if ((type->types[0] == RRTYPE_TXT &&
         !given_text_read(text, story->loader.arena, &text, &why)) ||
        !plan_record_make(&name, type->types[0], text, record, &why)) {
        diags_add(story->loader.diags, value->place, "value: %s", why);
        return false;
    }
    if (role != NULL) {
        record->role = (enum plan_role)role->number;
    }
    return load_hints(story, &params, &record->hints);
}

static const char *shown(struct story *story, const struct setup_step *setup)
{
    char buffer[2 * NAME_TEXT_MAX + 64];
    struct text text = text_in(buffer, sizeof buffer);
    const struct plan_record *record = &setup->records[0];
    text_put(&text, "setup ");
    name_put(&text, &record->name);
    text_put_char(&text, ' ');
    rrtype_put(&text, record->type);
    text_put_char(&text, ' ');
    if (record->type == RRTYPE_TXT) {
        const bool cut = record->value.size > SHOWN_OCTETS_MAX;
        text_put_escaped(&text,
                         cut ? bytes_of(record->value.data, SHOWN_OCTETS_MAX) : record->value);
        text_put(&text, cut ? "..." : "");
    } else {
        name_put(&text, &record->target);
    }
    if (setup->record_count > 1) {
        text_put_format(&text, " and %zu more", setup->record_count - 1);
    }
    return arena_copy_string(story->loader.arena, buffer);
}

bool story_load_setup(struct story *story, const struct step_row *row, const struct yaml_node *node,
                      struct step *step)
{
    const bool list = node->kind == YAML_SEQUENCE;
    const size_t count = list ? node->count : 1;
    if (count == 0 || count > PLAN_RECORDS_MAX) {
        diags_add(story->loader.diags, node->place, "%s: 1 to %d records are checked at a time",
                  row->key, PLAN_RECORDS_MAX);
        return false;
    }
    struct plan_record *records = ARENA_NEW_ARRAY(story->loader.arena, struct plan_record, count);
    if (records == NULL) {
        return loader_exhausted(&story->loader);
    }
    bool fine = true;
    const struct yaml_node *item = list ? node->first : node;
    for (size_t i = 0; i < count; i++, item = item->next) {
        fine = load_record(story, item, &records[i]) && fine;
    }
    if (!fine) {
        return false;
    }
    step->as.setup = (struct setup_step){.records = records, .record_count = count};
    step->shown = shown(story, &step->as.setup);
    return step->shown != NULL || loader_exhausted(&story->loader);
}
