/* YAML as a tree in which every node knows its place. Strict: one document, no tags, anchors,
 * aliases, merges or directives, no key twice, bounded size, depth and number of nodes. Nothing is
 * interpreted: a scalar is the text it was written as. */
#ifndef FAULTZONE_HARNESS_YAML_H
#define FAULTZONE_HARNESS_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "harness/diags.h"
#include "harness/source.h"

#define YAML_DEPTH_MAX 32
#define YAML_NODES_MAX 65536
#define YAML_KEYS_MAX  2048 /* of one mapping */

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

enum yaml_style {
    YAML_PLAIN,
    YAML_QUOTED,
    YAML_LITERAL, /* | */
    YAML_FOLDED,  /* > */
};

struct yaml_node {
    enum yaml_kind kind;
    enum yaml_style style; /* of a scalar */
    struct place place;
    struct bytes scalar;     /* followed by a NUL */
    struct bytes key;        /* of a mapping's member */
    struct place key_place;  /* likewise */
    struct yaml_node *first; /* of a sequence or mapping, in the file's order */
    struct yaml_node *next;  /* sibling */
    size_t count;            /* members */
};

/* Reads one document from `source` into `arena`. NULL, and a diagnostic, if it is no YAML or breaks
 * a rule above. A key given twice is a diagnostic too, but the reading goes on: both members are in
 * the tree. The nodes borrow nothing but the source's file name. */
struct yaml_node *yaml_read(const struct source *source, struct arena *arena, struct diags *diags);

/* The member `key` of a mapping, NULL if there is none. */
const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key);

/* True if `node` is a plain or quoted or block scalar. */
static inline bool yaml_is_scalar(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR;
}

/* True for a key without anything after it, and for the plain words ~ and null. */
bool yaml_is_empty(const struct yaml_node *node);

/* True if `node` is exactly the plain word `word`. */
bool yaml_is_word(const struct yaml_node *node, const char *word);

/* "a mapping", "a list", "text": for sentences. */
const char *yaml_kind_text(const struct yaml_node *node);

/* Where in a literal block the last place was found, so that the next one need not count from the
 * start. Zeroed to begin with, and for another node. */
struct yaml_cursor {
    size_t start;  /* offset of the line's first octet */
    uint32_t line; /* of the block, from 0 */
};

/* The place in the file of octet `offset` of a scalar's text. Exact for literal blocks and for
 * plain or quoted scalars on one line without escapes; else the scalar's own. */
struct place yaml_place_in(const struct yaml_node *node, const struct source *source,
                           struct yaml_cursor *cursor, size_t offset);

#endif
