/* `expect:` and `forbid:` against the table of assertions. A mapping inside is a key with a dot:
 * `key: {bits: 2048}` is `key.bits: 2048`. */
#include <string.h>

#include "harness/expect.h"
#include "harness/story.h"

#define EXPECT_KEY_MAX   64
#define EXPECT_DEPTH_MAX 4

struct list {
    struct story *story;
    struct expectation *items;
    size_t count, capacity;
    enum step_kind kind;
    bool forbidden;
    char key[EXPECT_KEY_MAX];
};

/* --- words --- */

/* Values are YAML_DEPTH_MAX deep at most. NOLINTNEXTLINE(misc-no-recursion) */
static void put_value(struct text *text, const struct yaml_node *node)
{
    if (node->kind == YAML_SCALAR) {
        text_put_escaped(text, node->scalar);
        return;
    }
    text_put_char(text, '[');
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        put_value(text, item);
        text_put(text, item->next != NULL ? ", " : "");
    }
    text_put_char(text, ']');
}

static const char *shown(struct list *list, const struct yaml_node *node)
{
    char buffer[512];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, list->key);
    text_put(&text, ": ");
    put_value(&text, node);
    return arena_copy_string(list->story->loader.arena, buffer);
}

static bool steps_have(enum step_kind kind, const struct expect_row *row)
{
    return (row->steps & 1U << (unsigned)kind) != 0;
}

/* Which steps have an assertion called so, for the hint. */
static const struct step_row *other_step(const char *key)
{
    for (size_t kind = 0; kind < STEP_KINDS; kind++) {
        if (expect_find((enum step_kind)kind, bytes_of_string(key)) != NULL) {
            return &step_rows[kind];
        }
    }
    return NULL;
}

static bool tell_unknown(struct list *list, const struct yaml_node *node)
{
    struct spelling spelling = spelling_of(bytes_of_string(list->key));
    for (const struct expect_row *row = expect_rows; row->key != NULL; row++) {
        spelling_offer(&spelling, steps_have(list->kind, row) ? row->key : NULL);
    }
    struct diag *diag =
        diags_add(list->story->loader.diags, node->key_place, "a %s step has no assertion `%s`",
                  step_rows[list->kind].key, list->key);
    const struct step_row *other = other_step(list->key);
    if (spelling.best != NULL) {
        diags_hint(diag, "did you mean `%s`?", spelling.best);
    } else if (other != NULL) {
        diags_hint(diag, "a %s step has", other->key);
    }
    return false;
}

/* --- one assertion --- */

/* Words that nothing could ever be would make an assertion that is never met, or always. */
static bool check_texts(struct list *list, const struct expect_row *row, const struct param *wanted)
{
    bool fine = true;
    for (size_t i = 0; row->refuse != NULL && i < wanted->count; i++) {
        struct spelling spelling = spelling_of(wanted->texts[i]);
        const char *why = row->refuse(wanted->texts[i], &spelling);
        if (why == NULL) {
            continue;
        }
        struct diag *diag = diags_add(list->story->loader.diags, wanted->text_places[i],
                                      "%s: \"%.*s\" %s", row->key, (int)wanted->texts[i].size,
                                      (const char *)wanted->texts[i].data, why);
        if (spelling.best != NULL) {
            diags_hint(diag, "did you mean `%s`?", spelling.best);
        }
        fine = false;
    }
    return fine;
}

static bool add(struct list *list, const struct expect_row *row, const struct yaml_node *node)
{
    struct expectation *expectation = &list->items[list->count];
    expectation->row = row;
    expectation->forbidden = list->forbidden;
    expectation->place = node->key_place.line > 0 ? node->key_place : node->place;
    if (!param_load(&list->story->loader, &row->spec, node, &expectation->wanted)) {
        return false;
    }
    if (!check_texts(list, row, &expectation->wanted)) {
        return false;
    }
    expectation->shown = shown(list, node);
    list->count++;
    return expectation->shown != NULL || loader_exhausted(&list->story->loader);
}

static bool takes_list(const struct expect_row *row)
{
    const enum param_type type = row->spec.type;
    return type == PARAM_TEXTS || type == PARAM_ADDRESSES || type == PARAM_TYPES;
}

/* `forbid: {verdict: [declined, retry-later]}` forbids each. */
static bool add_each(struct list *list, const struct expect_row *row, const struct yaml_node *node)
{
    if (!list->forbidden) {
        diags_add(list->story->loader.diags, node->place,
                  "%s: one value is expected here; only `forbid` takes several", row->key);
        return false;
    }
    bool fine = true;
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        fine = add(list, row, item) && fine;
    }
    return fine;
}

/* EXPECT_DEPTH_MAX deep at most: NOLINTBEGIN(misc-no-recursion) */
static bool read_members(struct list *list, const struct yaml_node *mapping, unsigned depth);

static bool read_member(struct list *list, const struct yaml_node *node, unsigned depth)
{
    if (node->kind == YAML_MAPPING) {
        return depth < EXPECT_DEPTH_MAX ? read_members(list, node, depth + 1)
                                        : tell_unknown(list, node);
    }
    const struct expect_row *row = expect_find(list->kind, bytes_of_string(list->key));
    if (row == NULL) {
        return tell_unknown(list, node);
    }
    return node->kind == YAML_SEQUENCE && !takes_list(row) ? add_each(list, row, node)
                                                           : add(list, row, node);
}

static bool read_members(struct list *list, const struct yaml_node *mapping, unsigned depth)
{
    bool fine = true;
    const size_t before = strlen(list->key);
    for (const struct yaml_node *node = mapping->first; node != NULL; node = node->next) {
        struct text key = text_in(list->key + before, sizeof list->key - before);
        text_put(&key, before > 0 ? "." : "");
        text_put_escaped(&key, node->key);
        fine = read_member(list, node, depth) && fine;
        list->key[before] = '\0';
    }
    return fine;
}
/* NOLINTEND(misc-no-recursion) */

/* --- both keys --- */

/* How many assertions `node` can hold at most: YAML_DEPTH_MAX deep.
 * NOLINTNEXTLINE(misc-no-recursion) */
static size_t count_nodes(const struct yaml_node *node)
{
    size_t count = 1;
    for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
        count += count_nodes(child);
    }
    return count;
}

static bool read_key(struct list *list, const struct yaml_node *node)
{
    list->forbidden = bytes_are(node->key, "forbid");
    if (!loader_need_mapping(&list->story->loader, node, (const char *)node->key.data)) {
        return false;
    }
    if (list->kind == STEP_CHANGE || list->kind == STEP_WAIT) {
        diags_add(list->story->loader.diags, node->key_place,
                  "a %s step has nothing to assert; look in a step of its own",
                  step_rows[list->kind].key);
        return false;
    }
    return read_members(list, node, 1);
}

bool story_load_expectations(struct story *story, const struct yaml_node *step_node,
                             struct step *step)
{
    const struct yaml_node *keys[] = {yaml_find(step_node, "expect"),
                                      yaml_find(step_node, "forbid")};
    struct list list = {.story = story, .kind = step->kind};
    for (size_t i = 0; i < 2; i++) {
        list.capacity += keys[i] != NULL ? count_nodes(keys[i]) : 0;
    }
    list.items = ARENA_NEW_ARRAY(story->loader.arena, struct expectation, list.capacity + 1);
    if (list.items == NULL) {
        return loader_exhausted(&story->loader);
    }
    bool fine = true;
    for (size_t i = 0; i < 2; i++) {
        fine = (keys[i] == NULL || read_key(&list, keys[i])) && fine;
    }
    step->expectations = list.items;
    step->expectation_count = list.count;
    return fine;
}
