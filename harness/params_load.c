/* Checking keys and values against their tables. Each type of value has one function that reads a
 * scalar; lists are scalars one after another. */
#include "harness/params_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/values.h"
#include "wire/rrtype.h"

#define SHOWN_OCTETS_MAX 60 /* of a value in a sentence */
#define PARAM_ITEMS_MAX  1024

/* --- one scalar --- */

/* Where a scalar stands and what it is for. */
struct slot {
    struct loader *loader;
    const struct param_spec *spec;
    struct place place;
    bool plain; /* not quoted: only then `true` and the like are words */
};

__attribute__((format(printf, 3, 4))) static struct diag *
refuse(const struct slot *slot, struct bytes text, const char *format, ...)
{
    char wanted[DIAG_SENTENCE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(wanted, sizeof wanted, format, arguments);
    va_end(arguments);
    const bool cut = text.size > SHOWN_OCTETS_MAX;
    return diags_add(slot->loader->diags, slot->place, "%s: `%.*s%s` is not %s", slot->spec->key,
                     (int)(cut ? SHOWN_OCTETS_MAX : text.size), (const char *)text.data,
                     cut ? "..." : "", wanted);
}

static bool read_bool(const struct slot *slot, struct bytes text, uint64_t *ret)
{
    if (slot->plain && value_bool(text, ret)) {
        return true;
    }
    diags_hint(refuse(slot, text, "true or false"), "write true or false, without quotes");
    return false;
}

static bool read_integer(const struct slot *slot, struct bytes text, uint64_t *ret)
{
    const struct param_spec *spec = slot->spec;
    uint64_t number;
    if (!value_integer(text, &number)) {
        refuse(slot, text, "a whole number");
        return false;
    }
    if (number < spec->least || (spec->most > 0 && number > spec->most)) {
        if (spec->most > 0) {
            refuse(slot, text, "between %llu and %llu", (unsigned long long)spec->least,
                   (unsigned long long)spec->most);
        } else {
            refuse(slot, text, "%llu or more", (unsigned long long)spec->least);
        }
        return false;
    }
    *ret = number;
    return true;
}

static bool read_duration(const struct slot *slot, struct bytes text, uint64_t *ret)
{
    if (value_duration(text, ret)) {
        return true;
    }
    diags_hint(refuse(slot, text, "a duration"), "write it like 300ms, 5s, 30m, 1h30m or 2d");
    return false;
}

static bool read_chance(const struct slot *slot, struct bytes text, uint64_t *ret)
{
    if (value_chance(text, ret)) {
        return true;
    }
    diags_hint(refuse(slot, text, "a chance"), "write it like 20%% or 0.2; 1 is always");
    return false;
}

static bool read_choice(const struct slot *slot, struct bytes text, uint64_t *ret)
{
    const char *const *choices = slot->spec->choices;
    struct spelling spelling = spelling_of(text);
    char list[DIAG_SENTENCE_MAX / 2];
    struct text names = text_in(list, sizeof list);
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (bytes_are(text, choices[i])) {
            *ret = i;
            return true;
        }
        spelling_offer(&spelling, choices[i]);
        text_put(&names, i > 0 ? ", " : "");
        text_put(&names, choices[i]);
    }
    struct diag *diag = refuse(slot, text, "one of %s", list);
    if (spelling.best != NULL) {
        diags_hint(diag, "did you mean `%s`?", spelling.best);
    }
    return false;
}

static bool read_address(const struct slot *slot, struct bytes text, struct address *ret)
{
    if (address_parse(text, ret)) {
        return true;
    }
    diags_hint(refuse(slot, text, "an IP address"), "write it like 192.0.2.1 or 2001:db8::1");
    return false;
}

static bool read_type(const struct slot *slot, struct bytes text, uint16_t *ret)
{
    if (rrtype_parse(text, ret)) {
        return true;
    }
    struct spelling spelling = spelling_of(text);
    size_t count;
    const struct rrtype *rows = rrtype_rows(&count);
    for (size_t i = 0; i < count; i++) {
        spelling_offer(&spelling, rows[i].mnemonic);
    }
    struct diag *diag = refuse(slot, text, "an RR type");
    if (spelling.best != NULL) {
        diags_hint(diag, "did you mean %s?", spelling.best);
    } else {
        diags_hint(diag, "unknown types are written like TYPE65280");
    }
    return false;
}

static bool read_number(const struct slot *slot, struct bytes text, uint64_t *ret)
{
    switch (slot->spec->type) {
    case PARAM_BOOL: return read_bool(slot, text, ret);
    case PARAM_INTEGER: return read_integer(slot, text, ret);
    case PARAM_DURATION: return read_duration(slot, text, ret);
    case PARAM_CHANCE: return read_chance(slot, text, ret);
    default: return read_choice(slot, text, ret);
    }
}

/* --- one value --- */

enum shape { SHAPE_NUMBER, SHAPE_TEXTS, SHAPE_ADDRESSES, SHAPE_TYPES };

static enum shape shape_of(enum param_type type)
{
    switch (type) {
    case PARAM_TEXT:
    case PARAM_TEXTS: return SHAPE_TEXTS;
    case PARAM_ADDRESS:
    case PARAM_ADDRESSES: return SHAPE_ADDRESSES;
    case PARAM_TYPES: return SHAPE_TYPES;
    default: return SHAPE_NUMBER;
    }
}

static bool may_be_list(enum param_type type)
{
    return type == PARAM_TEXTS || type == PARAM_ADDRESSES || type == PARAM_TYPES;
}

/* Makes room for `count` items in `ret`. */
static bool make_room(struct loader *loader, const struct param_spec *spec, size_t count,
                      struct param *ret)
{
    ret->count = count;
    switch (shape_of(spec->type)) {
    case SHAPE_TEXTS:
        ret->texts = ARENA_NEW_ARRAY(loader->arena, struct bytes, count);
        ret->text_places = ARENA_NEW_ARRAY(loader->arena, struct place, count);
        return (ret->texts != NULL && ret->text_places != NULL) || loader_exhausted(loader);
    case SHAPE_ADDRESSES:
        ret->addresses = ARENA_NEW_ARRAY(loader->arena, struct address, count);
        return ret->addresses != NULL || loader_exhausted(loader);
    case SHAPE_TYPES:
        ret->types = ARENA_NEW_ARRAY(loader->arena, uint16_t, count);
        return ret->types != NULL || loader_exhausted(loader);
    default: return true;
    }
}

/* Puts `text` into place `index` of `ret`, whose arrays are this room's own until handed over. */
static bool put_item(const struct slot *slot, struct bytes text, size_t index, struct param *ret)
{
    union {
        const void *borrowed;
        void *own;
    } items;
    switch (shape_of(slot->spec->type)) {
    case SHAPE_TEXTS:
        items.borrowed = ret->texts;
        ((struct bytes *)items.own)[index] = text;
        items.borrowed = ret->text_places;
        ((struct place *)items.own)[index] = slot->place;
        return true;
    case SHAPE_ADDRESSES:
        items.borrowed = ret->addresses;
        return read_address(slot, text, &((struct address *)items.own)[index]);
    case SHAPE_TYPES:
        items.borrowed = ret->types;
        return read_type(slot, text, &((uint16_t *)items.own)[index]);
    default: return read_number(slot, text, &ret->number);
    }
}

static const char *wanted_of(enum param_type type)
{
    return may_be_list(type) ? "a value or a list of values" : "one value";
}

bool param_load(struct loader *loader, const struct param_spec *spec, const struct yaml_node *node,
                struct param *ret)
{
    *ret = (struct param){.spec = spec, .place = node->place};
    const bool list = node->kind == YAML_SEQUENCE && may_be_list(spec->type);
    if (!list && (node->kind != YAML_SCALAR || yaml_is_empty(node))) {
        return loader_wrong_kind(loader, node, spec->key, wanted_of(spec->type));
    }
    const size_t count = list ? node->count : 1;
    if (count > PARAM_ITEMS_MAX) {
        diags_add(loader->diags, node->place, "%s: more than %d values", spec->key,
                  PARAM_ITEMS_MAX);
        return false;
    }
    if (!make_room(loader, spec, count, ret)) {
        return false;
    }
    bool fine = true;
    const struct yaml_node *item = list ? node->first : node;
    for (size_t i = 0; i < count; i++, item = item->next) {
        if (!loader_need_scalar(loader, item, spec->key)) {
            fine = false;
            continue;
        }
        const struct slot slot = {loader, spec, item->place, item->style == YAML_PLAIN};
        fine = put_item(&slot, item->scalar, i, ret) && fine;
    }
    return fine;
}

/* --- fallbacks --- */

/* Takes the next word of "a, b" or "[a, b]" off `*rest`; false at the end. */
static bool next_word(struct bytes *rest, struct bytes *ret)
{
    while (rest->size > 0 && memchr("[], ", rest->data[0], 4) != NULL) {
        *rest = bytes_after(*rest, 1);
    }
    size_t size = 0;
    while (size < rest->size && memchr("[],", rest->data[size], 3) == NULL) {
        size++;
    }
    *ret = bytes_of(rest->data, size);
    *rest = bytes_after(*rest, size);
    return size > 0;
}

static size_t count_words(struct bytes text)
{
    size_t count = 0;
    struct bytes word;
    while (next_word(&text, &word)) {
        count++;
    }
    return count;
}

/* The fallback of `spec` as if it had been written at `place`. */
static bool load_fallback(struct loader *loader, const struct param_spec *spec, struct place place,
                          struct param *ret)
{
    *ret = (struct param){.spec = spec, .place = place};
    const struct bytes text = bytes_of_string(spec->fallback);
    const bool list = may_be_list(spec->type);
    const size_t count = list ? count_words(text) : 1;
    if (!make_room(loader, spec, count, ret)) {
        return false;
    }
    const struct slot slot = {loader, spec, place, true};
    struct bytes rest = text;
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        struct bytes word = text;
        if (list) {
            next_word(&rest, &word);
        }
        fine = put_item(&slot, word, i, ret) && fine;
    }
    return fine;
}

/* --- a whole form --- */

const struct param_spec *param_spec_find(const struct param_spec *specs, struct bytes key)
{
    for (const struct param_spec *spec = specs; spec != NULL && spec->key != NULL; spec++) {
        if (bytes_are(key, spec->key)) {
            return spec;
        }
    }
    return NULL;
}

static size_t count_specs(const struct param_spec *specs)
{
    size_t count = 0;
    while (specs != NULL && specs[count].key != NULL) {
        count++;
    }
    return count;
}

static bool begin(struct loader *loader, const struct param_form *form, struct param **ret_items)
{
    *ret_items = ARENA_NEW_ARRAY(loader->arena, struct param, count_specs(form->specs));
    return *ret_items != NULL || loader_exhausted(loader);
}

static bool has_item(const struct param *items, size_t count, const struct param_spec *spec)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].spec == spec) {
            return true;
        }
    }
    return false;
}

/* Adds fallbacks and tells of what is missing, unless something (`fine` is false) was told that may
 * well be it. */
static bool finish(struct loader *loader, const struct param_form *form, struct place place,
                   struct param *items, size_t count, bool fine, struct params *ret)
{
    const bool quiet = !fine;
    const size_t given = count;
    for (const struct param_spec *spec = form->specs; spec != NULL && spec->key != NULL; spec++) {
        if (has_item(items, given, spec)) {
            continue;
        }
        if (spec->required) {
            if (!quiet) {
                diags_add(loader->diags, place, "%s needs the key `%s`: %s", form->what, spec->key,
                          spec->doc);
            }
            fine = false;
        } else if (spec->fallback != NULL) {
            fine = load_fallback(loader, spec, place, &items[count++]) && fine;
        }
    }
    *ret = (struct params){.items = items, .count = count};
    return fine;
}

static void tell_unknown(struct loader *loader, const struct param_form *form,
                         const struct yaml_node *member, const char *const *others)
{
    struct spelling spelling = spelling_of(member->key);
    for (const struct param_spec *spec = form->specs; spec != NULL && spec->key != NULL; spec++) {
        spelling_offer(&spelling, spec->key);
    }
    for (size_t i = 0; others != NULL && others[i] != NULL; i++) {
        spelling_offer(&spelling, others[i]);
    }
    loader_unknown_key(loader, member, form->what, &spelling);
}

bool params_load_members(struct loader *loader, const struct param_form *form,
                         const struct yaml_node *mapping, const bool *skip,
                         const char *const *others, struct params *ret)
{
    struct param *items;
    if (!begin(loader, form, &items)) {
        return false;
    }
    bool fine = true;
    size_t count = 0;
    size_t index = 0;
    for (const struct yaml_node *member = mapping->first; member != NULL; member = member->next) {
        if (skip != NULL && skip[index++]) {
            continue;
        }
        const struct param_spec *spec = param_spec_find(form->specs, member->key);
        if (spec == NULL) {
            tell_unknown(loader, form, member, others);
            fine = false;
        } else if (!has_item(items, count, spec)) { /* twice: told by the reader already */
            fine = param_load(loader, spec, member, &items[count]) && fine;
            items[count++].spec = spec;
        }
    }
    return finish(loader, form, mapping->place, items, count, fine, ret);
}

bool params_load_defaults(struct loader *loader, const struct param_form *form, struct place place,
                          struct params *ret)
{
    struct param *items;
    return begin(loader, form, &items) && finish(loader, form, place, items, 0, true, ret);
}

static bool load_short(struct loader *loader, const struct param_form *form,
                       const struct yaml_node *node, struct params *ret)
{
    struct param *items;
    if (form->short_param == NULL) {
        return loader_wrong_kind(loader, node, form->what,
                                 form->specs != NULL ? "a mapping (key: value) or true" : "true");
    }
    if (!begin(loader, form, &items)) {
        return false;
    }
    const struct param_spec *spec =
        param_spec_find(form->specs, bytes_of_string(form->short_param));
    const bool fine = param_load(loader, spec, node, &items[0]);
    return finish(loader, form, node->place, items, 1, fine, ret);
}

bool params_load(struct loader *loader, const struct param_form *form, const struct yaml_node *node,
                 struct params *ret)
{
    if (node->kind == YAML_MAPPING) {
        return params_load_members(loader, form, node, NULL, NULL, ret);
    }
    if (yaml_is_word(node, "true")) {
        return params_load_defaults(loader, form, node->place, ret);
    }
    return load_short(loader, form, node, ret);
}
