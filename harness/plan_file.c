/* From YAML to plan records. */
#include "harness/plan_file.h"

#include "harness/params_load.h"
#include "inspect/given.h"
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

#define DOUBT_OCTETS_MAX 512

static bool read_name(struct loader *loader, const struct param *where, const struct name *origin,
                      struct name *ret)
{
    const struct bytes text = where->texts[0];
    struct given_fault fault;
    struct name absolute;
    if (!given_name_read(text, origin, ret, &fault)) {
        char buffer[NAME_TEXT_MAX];
        struct text meant = text_in(buffer, sizeof buffer);
        struct diag *diag =
            diags_add(loader->diags, where->place, "`%.*s` is no domain name: %s",
                      (int)(text.size < NAME_OCTETS_MAX ? text.size : NAME_OCTETS_MAX),
                      (const char *)text.data, fault.why);
        if (fault.meant.size > 0) {
            given_name_put(&meant, &fault.meant);
            diags_hint(diag, "did you mean `%s`?", buffer);
        }
        return false;
    }
    return !given_name_read(text, NULL, &absolute, &fault) ||
           loader_not_doubled(loader, text, where->place, &absolute, origin);
}

static bool read_value(struct loader *loader, const struct params *params, const struct name *name,
                       uint16_t type, struct plan_record *ret)
{
    const struct param *value = params_find(params, "value");
    const struct param *role = params_find(params, "role");
    char buffer[DOUBT_OCTETS_MAX];
    struct text doubt = text_in(buffer, sizeof buffer);
    struct bytes text = value->texts[0];
    const char *why = NULL;
    if ((type == RRTYPE_TXT && !given_text_read(text, loader->arena, &text, &why)) ||
        !plan_record_make(name, type, text, ret, &why)) {
        diags_add(loader->diags, value->place, "%s", why);
        return false;
    }
    if (role != NULL) {
        ret->role = (enum plan_role)role->number;
    }
    if (plan_record_is_doubtful(ret, loader->arena, &doubt)) {
        diags_add(loader->diags, value->place, "%s", buffer);
        return false;
    }
    return true;
}

static bool read_record(struct loader *loader, const struct yaml_node *node,
                        const struct name *origin, struct plan_record *ret)
{
    const struct param_form form = {"a record of the plan", specs, NULL};
    struct params params;
    struct name name;
    if (!loader_need_mapping(loader, node, "a record of the plan") ||
        !params_load(loader, &form, node, &params)) {
        return false;
    }
    const struct param *where = params_find(&params, "name");
    const struct param *type = params_find(&params, "type");
    if (!read_name(loader, where, origin, &name)) {
        return false;
    }
    if (type->count != 1) {
        diags_add(loader->diags, type->place, "type: one type of record at a time");
        return false;
    }
    return read_value(loader, &params, &name, type->types[0], ret);
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
