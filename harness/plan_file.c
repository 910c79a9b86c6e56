/* From YAML to plan records. */
#include "harness/plan_file.h"

#include "harness/params_load.h"
#include "wire/rrtype.h"

/* In the order of enum plan_role. */
static const char *const roles[] = {"dkim",  "return-path", "tracking", "spf",
                                    "dmarc", "mx",          "other",    NULL};
_Static_assert(sizeof roles / sizeof *roles == PLAN_ROLES + 1, "all the roles");

static const struct param_spec specs[] = {
    {.key = "name", .type = PARAM_TEXT, .required = true},
    {.key = "type", .type = PARAM_TYPES, .required = true},
    {.key = "value", .type = PARAM_TEXT, .required = true},
    {.key = "role", .type = PARAM_CHOICE, .choices = roles},
    {.key = NULL},
};

static bool read_record(struct loader *loader, const struct yaml_node *node,
                        const struct name *origin, struct plan_record *ret)
{
    const struct param_form form = {"a record of the plan", specs, NULL};
    struct params params;
    struct name name;
    const char *why = NULL;
    if (!loader_need_mapping(loader, node, "a record of the plan") ||
        !params_load(loader, &form, node, &params)) {
        return false;
    }
    const struct param *where = params_find(&params, "name");
    const struct param *type = params_find(&params, "type");
    const struct param *value = params_find(&params, "value");
    const struct param *role = params_find(&params, "role");
    if (!loader_name(loader, where->texts[0], where->place, origin, &name)) {
        return false;
    }
    if (type->count != 1) {
        diags_add(loader->diags, type->place, "type: one type of record at a time");
        return false;
    }
    if (!plan_record_make(&name, type->types[0], value->texts[0], ret, &why)) {
        diags_add(loader->diags, value->place, "%s", why);
        return false;
    }
    if (role != NULL) {
        ret->role = (enum plan_role)role->number;
    }
    return true;
}

static bool read_records(struct loader *loader, const struct yaml_node *list,
                         const struct name *origin, struct plan *ret)
{
    if (!loader_need_sequence(loader, list, "records")) {
        return false;
    }
    if (list->count == 0 || list->count > PLAN_RECORDS_MAX) {
        diags_add(loader->diags, list->place, "records: a plan has 1 to %d records",
                  PLAN_RECORDS_MAX);
        return false;
    }
    struct plan_record *records = ARENA_NEW_ARRAY(loader->arena, struct plan_record, list->count);
    if (records == NULL) {
        return loader_exhausted(loader);
    }
    bool fine = true;
    size_t count = 0;
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        fine = read_record(loader, item, origin, &records[count++]) && fine;
    }
    *ret = (struct plan){.records = records, .count = count};
    return fine;
}

static bool check_keys(struct loader *loader, const struct yaml_node *root)
{
    bool fine = true;
    for (const struct yaml_node *member = root->first; member != NULL; member = member->next) {
        struct spelling spelling = spelling_of(member->key);
        spelling_offer(&spelling, "records");
        if (!bytes_are(member->key, "records")) {
            loader_unknown_key(loader, member, "a plan", &spelling);
            fine = false;
        }
    }
    return fine;
}

bool plan_file_parse(struct bytes text, const char *path, const struct name *origin,
                     struct arena *arena, struct diags *diags, struct plan *ret)
{
    struct loader loader = {.arena = arena, .diags = diags};
    if (!source_open(text, path, arena, diags, &loader.source)) {
        return false;
    }
    diags->source = loader.source.text;
    const struct yaml_node *root = yaml_read(&loader.source, arena, diags);
    if (root == NULL || !loader_need_mapping(&loader, root, "a plan") ||
        !check_keys(&loader, root)) {
        return false;
    }
    const struct yaml_node *list = yaml_find(root, "records");
    if (list == NULL) {
        diags_add(diags, root->place, "a plan needs `records`");
        return false;
    }
    return read_records(&loader, list, origin, ret) && diags->count == 0;
}

bool plan_file_read(const char *path, const struct name *origin, struct arena *arena,
                    struct diags *diags, struct plan *ret)
{
    struct bytes text;
    return source_read(path, PLAN_FILE_OCTETS_MAX, arena, diags, &text) &&
           plan_file_parse(text, path, origin, arena, diags, ret);
}
