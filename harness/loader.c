/* The small change of loading: sentences that many rooms need. */
#include "harness/loader.h"

#include <string.h>

bool loader_exhausted(struct loader *loader)
{
    static const char sentence[] = "the scenario needs more memory than it may take";
    const struct diags *diags = loader->diags;
    for (size_t i = 0; i < diags->count; i++) {
        if (strcmp(diags->items[i].sentence, sentence) == 0) {
            return false;
        }
    }
    diags_add(loader->diags, (struct place){.file = loader->source.file}, "%s", sentence);
    return false;
}

bool loader_is_fine(const struct loader *loader)
{
    return loader->diags->count == 0 && loader->diags->dropped == 0;
}

void loader_unknown_key(struct loader *loader, const struct yaml_node *member, const char *where,
                        const struct spelling *spelling)
{
    struct diag *diag = diags_add(loader->diags, member->key_place, "unknown key `%s` in %s",
                                  (const char *)member->key.data, where);
    if (spelling->best != NULL) {
        diags_hint(diag, "did you mean `%s`?", spelling->best);
    }
}

bool loader_wrong_kind(struct loader *loader, const struct yaml_node *node, const char *what,
                       const char *wanted)
{
    diags_add(loader->diags, node->place, "%s must be %s, this is %s", what, wanted,
              yaml_kind_text(node));
    return false;
}

bool loader_need_mapping(struct loader *loader, const struct yaml_node *node, const char *what)
{
    return node->kind == YAML_MAPPING ||
           loader_wrong_kind(loader, node, what, "a mapping (key: value)");
}

bool loader_need_sequence(struct loader *loader, const struct yaml_node *node, const char *what)
{
    return node->kind == YAML_SEQUENCE || loader_wrong_kind(loader, node, what, "a list");
}

bool loader_need_scalar(struct loader *loader, const struct yaml_node *node, const char *what)
{
    if (node->kind == YAML_SCALAR && !yaml_is_empty(node)) {
        return true;
    }
    return loader_wrong_kind(loader, node, what, "text");
}

bool loader_name(struct loader *loader, struct bytes text, struct place place,
                 const struct name *origin, struct name *ret)
{
    const char *why = NULL;
    if (text.size > 0 && name_parse_text(text, origin, ret, &why)) {
        return true;
    }
    diags_add(loader->diags, place, "`%.*s` is not a domain name: %s",
              (int)(text.size < 100 ? text.size : 100), (const char *)text.data,
              text.size == 0 ? "it is empty" : why);
    return false;
}

bool loader_not_doubled(struct loader *loader, struct bytes text, struct place place,
                        const struct name *name, const struct name *apex)
{
    struct name rest;
    if (text.size == 0 || text.data[text.size - 1] == '.' || bytes_are(text, "@") ||
        apex->labels == 0 || !name_is_at_or_below(name, apex)) {
        return true;
    }
    name_replace_suffix(name, apex, name_root(), &rest);
    const char *shorter = rest.labels > 0 ? loader_name_text(loader, &rest) : "@";
    struct diag *diag = diags_add(loader->diags, place,
                                  "`%.*s` is relative to the zone, which would double its name",
                                  (int)text.size, (const char *)text.data);
    diags_hint(diag, "write `%s`, or end it with a dot", shorter);
    return false;
}

const char *loader_name_text(struct loader *loader, const struct name *name)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    name_put(&text, name);
    if (name->labels > 0) {
        buffer[text.size - 1] = '\0';
    }
    return arena_copy_string(loader->arena, buffer);
}

static bool copy_text(struct loader *loader, const struct yaml_node *node, const char *what,
                      struct bytes *ret_text, struct place *ret_place)
{
    if (!loader_need_scalar(loader, node, what)) {
        return false;
    }
    *ret_text = node->scalar;
    *ret_place = node->place;
    return true;
}

bool loader_texts(struct loader *loader, const struct yaml_node *node, const char *what,
                  const struct bytes **ret_texts, const struct place **ret_places,
                  size_t *ret_count)
{
    if (node->kind == YAML_MAPPING || yaml_is_empty(node)) {
        return loader_wrong_kind(loader, node, what, "text or a list of texts");
    }
    const bool alone = node->kind == YAML_SCALAR;
    const size_t count = alone ? 1 : node->count;
    struct bytes *texts = ARENA_NEW_ARRAY(loader->arena, struct bytes, count);
    struct place *places = ARENA_NEW_ARRAY(loader->arena, struct place, count);
    if (texts == NULL || places == NULL) {
        return loader_exhausted(loader);
    }
    bool fine = true;
    const struct yaml_node *item = alone ? node : node->first;
    for (size_t i = 0; i < count; i++, item = item->next) {
        fine = copy_text(loader, item, what, &texts[i], &places[i]) && fine;
    }
    *ret_texts = texts;
    *ret_places = places;
    *ret_count = count;
    return fine;
}
