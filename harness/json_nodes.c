/* See the header. Strings become quoted scalars, all else plain ones. */
#include "harness/json_nodes.h"

#include <stdio.h>

#define NUMBER_TEXT_MAX 40

struct growing {
    struct arena *arena;
    struct diags *diags;
    struct place place;
    size_t nodes;
    unsigned depth;
};

static struct yaml_node *refuse(struct growing *growing, const char *sentence)
{
    diags_add(growing->diags, growing->place, "%s", sentence);
    return NULL;
}

static struct yaml_node *new_node(struct growing *growing, enum yaml_kind kind)
{
    if (growing->nodes++ == YAML_NODES_MAX || growing->depth > YAML_DEPTH_MAX) {
        return refuse(growing, "this is too deep or has too many values");
    }
    struct yaml_node *node = ARENA_NEW(growing->arena, struct yaml_node);
    if (node == NULL) {
        return refuse(growing, "there is not enough memory for this");
    }
    *node = (struct yaml_node){.kind = kind, .place = growing->place};
    return node;
}

/* Scenario files may not hold these either. */
static bool is_clean(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        const uint8_t octet = text.data[i];
        if ((octet < 0x20 && octet != '\n' && octet != '\t') || octet == 0x7f) {
            return false;
        }
    }
    return true;
}

static struct yaml_node *scalar(struct growing *growing, struct bytes text, enum yaml_style style)
{
    struct yaml_node *node = new_node(growing, YAML_SCALAR);
    if (node == NULL) {
        return NULL;
    }
    if (!is_clean(text)) {
        return refuse(growing, "there is a control character in a text");
    }
    node->style = style;
    node->scalar = arena_copy(growing->arena, text);
    return node->scalar.data != NULL ? node
                                     : refuse(growing, "there is not enough memory for this");
}

static struct yaml_node *plain(struct growing *growing, const json_t *value)
{
    char buffer[NUMBER_TEXT_MAX];
    if (json_is_integer(value)) {
        snprintf(buffer, sizeof buffer, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else if (json_is_real(value)) {
        snprintf(buffer, sizeof buffer, "%.15g", json_real_value(value));
    } else {
        snprintf(buffer, sizeof buffer, "%s",
                 json_is_null(value)   ? "null"
                 : json_is_true(value) ? "true"
                                       : "false");
    }
    return scalar(growing, bytes_of_string(buffer), YAML_PLAIN);
}

/* new_node refuses what is deeper than YAML_DEPTH_MAX: NOLINTBEGIN(misc-no-recursion) */
static struct yaml_node *grow(struct growing *growing, const json_t *value);

static struct yaml_node *sequence(struct growing *growing, const json_t *value)
{
    struct yaml_node *node = new_node(growing, YAML_SEQUENCE);
    struct yaml_node **end = node != NULL ? &node->first : NULL;
    for (size_t i = 0; node != NULL && i < json_array_size(value); i++) {
        *end = grow(growing, json_array_get(value, i));
        if (*end == NULL) {
            return NULL;
        }
        end = &(*end)->next;
        node->count++;
    }
    return node;
}

static struct yaml_node *mapping(struct growing *growing, json_t *value)
{
    const char *key;
    json_t *item;
    struct yaml_node *node = new_node(growing, YAML_MAPPING);
    struct yaml_node **end = node != NULL ? &node->first : NULL;
    json_object_foreach(value, key, item)
    {
        struct yaml_node *member = node != NULL ? grow(growing, item) : NULL;
        if (member == NULL) {
            return NULL;
        }
        if (!is_clean(bytes_of_string(key))) {
            return refuse(growing, "there is a control character in a key");
        }
        member->key = arena_copy(growing->arena, bytes_of_string(key));
        member->key_place = growing->place;
        if (member->key.data == NULL) {
            return refuse(growing, "there is not enough memory for this");
        }
        *end = member;
        end = &member->next;
        node->count++;
    }
    return node;
}

static struct yaml_node *grow(struct growing *growing, const json_t *value)
{
    union {
        const json_t *borrowed;
        json_t *walked; /* jansson's walks want it so */
    } same = {.borrowed = value};
    growing->depth++;
    struct yaml_node *node =
        json_is_object(value)  ? mapping(growing, same.walked)
        : json_is_array(value) ? sequence(growing, value)
        : json_is_string(value)
            ? scalar(growing, bytes_of(json_string_value(value), json_string_length(value)),
                     YAML_QUOTED)
            : plain(growing, value);
    growing->depth--;
    return node;
}
/* NOLINTEND(misc-no-recursion) */

struct yaml_node *json_nodes(const json_t *value, struct place place, struct arena *arena,
                             struct diags *diags)
{
    struct growing growing = {.arena = arena, .diags = diags, .place = place};
    return grow(&growing, value);
}
