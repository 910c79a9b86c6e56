/* From libyaml's events to nodes. The only room that knows libyaml. */
#include "harness/yaml.h"

#include <string.h>
#include <yaml.h>

/* One reading. An event is taken with `take` and given back with `drop` (or by the next `take`). */
struct reader {
    const struct source *source;
    struct arena *arena;
    struct diags *diags;
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    size_t nodes;
    struct source_cursor cursor;
};

static struct place place_of(struct reader *reader, const yaml_mark_t *mark)
{
    return source_place(reader->source, &reader->cursor, mark->line, mark->column);
}

/* --- events --- */

static void drop(struct reader *reader)
{
    if (reader->has_event) {
        yaml_event_delete(&reader->event);
        reader->has_event = false;
    }
}

/* libyaml's own words, with what people usually did. */
static void complain(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        diags_add(reader->diags, (struct place){.file = reader->source->file},
                  "not enough memory to read the file");
        return;
    }
    const char *problem = parser->problem != NULL ? parser->problem : "this is not YAML";
    const struct place place = place_of(reader, &parser->problem_mark);
    struct diag *diag;
    if (parser->context != NULL) {
        diag = diags_add(reader->diags, place, "not YAML: %s, %s (line %zu)", problem,
                         parser->context, parser->context_mark.line + 1);
    } else {
        diag = diags_add(reader->diags, place, "not YAML: %s", problem);
    }
    if (strstr(problem, "cannot start any token") != NULL) {
        diags_hint(diag, "indent with spaces, and quote text that begins with a special character");
    } else if (strstr(problem, "mapping values are not allowed") != NULL) {
        diags_hint(diag, "quote text that holds `: `");
    }
}

static bool take(struct reader *reader)
{
    drop(reader);
    if (yaml_parser_parse(&reader->parser, &reader->event) == 0) {
        complain(reader);
        return false;
    }
    reader->has_event = true;
    return true;
}

static bool refuse(struct reader *reader, const char *sentence)
{
    diags_add(reader->diags, place_of(reader, &reader->event.start_mark), "%s", sentence);
    return false;
}

/* --- nodes --- */

/* True if the current event, the start of a node, has neither anchor nor tag. */
static bool is_bare(struct reader *reader)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        anchor = reader->event.data.scalar.anchor;
        tag = reader->event.data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = reader->event.data.sequence_start.anchor;
        tag = reader->event.data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = reader->event.data.mapping_start.anchor;
        tag = reader->event.data.mapping_start.tag;
        break;
    case YAML_ALIAS_EVENT:
        return refuse(reader, "aliases (*name) are not part of scenario files; write it out");
    default: return refuse(reader, "a value is missing here");
    }
    if (anchor != NULL) {
        return refuse(reader, "anchors (&name) are not part of scenario files; write it out");
    }
    if (tag != NULL) {
        return refuse(reader, "tags (!name) are not part of scenario files; leave it out");
    }
    return true;
}

static enum yaml_style style_of(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_LITERAL_SCALAR_STYLE: return YAML_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE: return YAML_FOLDED;
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return YAML_QUOTED;
    default: return YAML_PLAIN;
    }
}

static bool no_memory(struct reader *reader)
{
    return refuse(reader, "the file needs more memory than a scenario may take");
}

/* A node of `kind` at the current event, NULL if there may be no more. */
static struct yaml_node *new_node(struct reader *reader, enum yaml_kind kind)
{
    if (++reader->nodes > YAML_NODES_MAX) {
        refuse(reader, "too many values in one file");
        return NULL;
    }
    struct yaml_node *node = ARENA_NEW(reader->arena, struct yaml_node);
    if (node == NULL) {
        no_memory(reader);
        return NULL;
    }
    node->kind = kind;
    node->place = place_of(reader, &reader->event.start_mark);
    return node;
}

static struct yaml_node *read_node(struct reader *reader, unsigned depth);

static struct yaml_node *read_scalar(struct reader *reader)
{
    struct yaml_node *node = new_node(reader, YAML_SCALAR);
    if (node == NULL) {
        return NULL;
    }
    const yaml_event_t *event = &reader->event;
    node->style = style_of(event->data.scalar.style);
    node->scalar =
        arena_copy(reader->arena, bytes_of(event->data.scalar.value, event->data.scalar.length));
    if (node->scalar.data == NULL) {
        no_memory(reader);
        return NULL;
    }
    if (memchr(node->scalar.data, 0, node->scalar.size) != NULL) {
        refuse(reader, "this text holds a NUL octet");
        return NULL;
    }
    return node;
}

static void append(struct yaml_node *parent, struct yaml_node **last, struct yaml_node *child)
{
    if (*last == NULL) {
        parent->first = child;
    } else {
        (*last)->next = child;
    }
    *last = child;
    parent->count++;
}

/* YAML_DEPTH_MAX deep at most: NOLINTBEGIN(misc-no-recursion) */
static struct yaml_node *read_sequence(struct reader *reader, unsigned depth)
{
    struct yaml_node *node = new_node(reader, YAML_SEQUENCE);
    struct yaml_node *last = NULL;
    while (node != NULL) {
        if (!take(reader)) {
            return NULL;
        }
        if (reader->event.type == YAML_SEQUENCE_END_EVENT) {
            return node;
        }
        struct yaml_node *child = read_node(reader, depth + 1);
        if (child == NULL) {
            return NULL;
        }
        append(node, &last, child);
    }
    return NULL;
}

/* Reads a key into `ret_key`; the value comes after it. */
static bool read_key(struct reader *reader, struct bytes *ret_key, struct place *ret_place)
{
    if (reader->event.type == YAML_ALIAS_EVENT || reader->event.type == YAML_SCALAR_EVENT) {
        if (!is_bare(reader)) {
            return false;
        }
    }
    if (reader->event.type != YAML_SCALAR_EVENT) {
        return refuse(reader, "a key must be plain text");
    }
    const struct bytes key =
        bytes_of(reader->event.data.scalar.value, reader->event.data.scalar.length);
    if (bytes_are(key, "<<") && reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        return refuse(reader, "merge keys (<<) are not part of scenario files; write it out");
    }
    *ret_place = place_of(reader, &reader->event.start_mark);
    *ret_key = arena_copy(reader->arena, key);
    return ret_key->data != NULL || no_memory(reader);
}

/* Tells of a key that `mapping` has already. Loading goes on, so that more can be told. */
static void check_twice(struct reader *reader, const struct yaml_node *mapping, struct bytes key,
                        struct place place)
{
    for (const struct yaml_node *other = mapping->first; other != NULL; other = other->next) {
        if (bytes_equal(other->key, key)) {
            struct diag *diag = diags_add(reader->diags, place, "the key `%s` is here twice",
                                          (const char *)key.data);
            diags_hint(diag, "it was first given in line %u, column %u",
                       (unsigned)other->key_place.line, (unsigned)other->key_place.column);
            return;
        }
    }
}

static struct yaml_node *read_member(struct reader *reader, const struct yaml_node *mapping,
                                     unsigned depth)
{
    struct bytes key;
    struct place place;
    if (!read_key(reader, &key, &place)) {
        return NULL;
    }
    if (mapping->count >= YAML_KEYS_MAX) {
        refuse(reader, "too many keys in one mapping");
        return NULL;
    }
    check_twice(reader, mapping, key, place);
    if (!take(reader)) {
        return NULL;
    }
    struct yaml_node *child = read_node(reader, depth + 1);
    if (child != NULL) {
        child->key = key;
        child->key_place = place;
    }
    return child;
}

static struct yaml_node *read_mapping(struct reader *reader, unsigned depth)
{
    struct yaml_node *node = new_node(reader, YAML_MAPPING);
    struct yaml_node *last = NULL;
    while (node != NULL) {
        if (!take(reader)) {
            return NULL;
        }
        if (reader->event.type == YAML_MAPPING_END_EVENT) {
            return node;
        }
        struct yaml_node *child = read_member(reader, node, depth);
        if (child == NULL) {
            return NULL;
        }
        append(node, &last, child);
    }
    return NULL;
}

/* Reads the node that begins with the current event. */
static struct yaml_node *read_node(struct reader *reader, unsigned depth)
{
    if (!is_bare(reader)) {
        return NULL;
    }
    if (depth > YAML_DEPTH_MAX) {
        refuse(reader, "nested too deeply");
        return NULL;
    }
    switch (reader->event.type) {
    case YAML_SEQUENCE_START_EVENT: return read_sequence(reader, depth);
    case YAML_MAPPING_START_EVENT: return read_mapping(reader, depth);
    default: return read_scalar(reader);
    }
}
/* NOLINTEND(misc-no-recursion) */

/* --- the document --- */

static bool check_start(struct reader *reader)
{
    if (reader->event.type == YAML_STREAM_END_EVENT) {
        return refuse(reader, "the file is empty; a scenario begins with `scenario: <title>`");
    }
    if (reader->event.data.document_start.version_directive != NULL ||
        reader->event.data.document_start.tag_directives.start !=
            reader->event.data.document_start.tag_directives.end) {
        return refuse(reader, "directives (%…) are not part of scenario files; leave it out");
    }
    return true;
}

static struct yaml_node *read_document(struct reader *reader)
{
    /* the stream's start, the document's: NOLINTNEXTLINE(misc-redundant-expression) */
    if (!take(reader) || !take(reader) || !check_start(reader) || !take(reader)) {
        return NULL;
    }
    struct yaml_node *root = read_node(reader, 1);
    if (root == NULL || !take(reader) || !take(reader)) {
        return NULL;
    }
    if (reader->event.type != YAML_STREAM_END_EVENT) {
        refuse(reader, "a second document; a scenario file holds one");
        return NULL;
    }
    return root;
}

struct yaml_node *yaml_read(const struct source *source, struct arena *arena, struct diags *diags)
{
    struct reader reader = {.source = source, .arena = arena, .diags = diags};
    if (yaml_parser_initialize(&reader.parser) == 0) {
        diags_add(diags, (struct place){.file = source->file}, "not enough memory");
        return NULL;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, source->text.data, source->text.size);
    struct yaml_node *root = read_document(&reader);
    drop(&reader);
    yaml_parser_delete(&reader.parser);
    return root;
}

/* --- reading nodes --- */

const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key)
{
    for (const struct yaml_node *child = mapping->first; child != NULL; child = child->next) {
        if (bytes_are(child->key, key)) {
            return child;
        }
    }
    return NULL;
}

bool yaml_is_empty(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && node->style == YAML_PLAIN &&
           (node->scalar.size == 0 || bytes_are(node->scalar, "~") ||
            bytes_are(node->scalar, "null"));
}

bool yaml_is_word(const struct yaml_node *node, const char *word)
{
    return node->kind == YAML_SCALAR && node->style == YAML_PLAIN && bytes_are(node->scalar, word);
}

const char *yaml_kind_text(const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_SEQUENCE: return "a list";
    case YAML_MAPPING: return "a mapping";
    default: return yaml_is_empty(node) ? "nothing" : "text";
    }
}

/* Moves `cursor` to the line that holds octet `offset` of `text`. */
static void find_line(struct bytes text, struct yaml_cursor *cursor, size_t offset)
{
    if (offset < cursor->start) {
        *cursor = (struct yaml_cursor){0};
    }
    while (cursor->start < offset) {
        const struct bytes rest = bytes_of(text.data + cursor->start, offset - cursor->start);
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        if (end == NULL) {
            return;
        }
        cursor->start = (size_t)(end - text.data) + 1;
        cursor->line++;
    }
}

/* In a literal block each line of text is the end of a line of the file. */
static struct place place_in_literal(const struct yaml_node *node, const struct source *source,
                                     struct yaml_cursor *cursor, size_t offset)
{
    find_line(node->scalar, cursor, offset);
    const struct bytes rest = bytes_after(node->scalar, cursor->start);
    const uint8_t *end = rest.size > 0 ? memchr(rest.data, '\n', rest.size) : NULL;
    const size_t size = end != NULL ? (size_t)(end - rest.data) : rest.size;
    const uint32_t line = node->place.line + 1 + cursor->line;
    const size_t full = source_line(source, line).size;
    const size_t indent = full > size ? full - size : 0;
    return (struct place){.file = source->file,
                          .line = line,
                          .column = (uint32_t)(indent + (offset - cursor->start) + 1)};
}

struct place yaml_place_in(const struct yaml_node *node, const struct source *source,
                           struct yaml_cursor *cursor, size_t offset)
{
    if (node->kind == YAML_SCALAR && node->style == YAML_LITERAL) {
        return place_in_literal(node, source, cursor, offset);
    }
    struct place place = node->place;
    if (node->kind != YAML_SCALAR || node->style == YAML_FOLDED) {
        return place;
    }
    const size_t at = place.column - 1 + (node->style == YAML_QUOTED ? 1 : 0);
    const struct bytes line = source_line(source, place.line);
    if (at + node->scalar.size <= line.size &&
        bytes_equal(bytes_of(line.data + at, node->scalar.size), node->scalar)) {
        place.column = (uint32_t)(at + offset + 1);
    }
    return place;
}
