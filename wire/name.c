/* Domain names. Octets are handled eight at a time where it pays: label lengths are below 'A', so
 * whole wire forms can be lower-cased and compared without looking at labels. */
#include "wire/name.h"

#include <assert.h>

#include "wire/octets.h"

#define POINTER_BITS 0xc0

static const struct name root = {.size = 1, .labels = 0, .octets = {0}};

const struct name *name_root(void)
{
    return &root;
}

void name_copy(struct name *ret, const struct name *name)
{
    memmove(ret, name, offsetof(struct name, octets) + name->size);
}

/* --- text --- */

struct name_builder {
    struct name name; /* `size` counts octets so far */
    size_t label;     /* offset of the open label's length octet */
    bool open;
};

static const char *builder_octet(struct name_builder *builder, uint8_t octet)
{
    struct name *name = &builder->name;
    if (!builder->open) {
        if (name->size + 2 >= NAME_OCTETS_MAX) {
            return "the name is longer than 255 octets";
        }
        builder->open = true;
        builder->label = name->size;
        name->octets[name->size++] = 0;
        name->labels++;
    }
    if (name->octets[builder->label] == LABEL_OCTETS_MAX) {
        return "a label is longer than 63 octets";
    }
    if (name->size + 1 >= NAME_OCTETS_MAX) {
        return "the name is longer than 255 octets";
    }
    name->octets[name->size++] = octet;
    name->octets[builder->label]++;
    return NULL;
}

static bool is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

/* Reads the escape after a backslash at `*at`; NULL, or what is wrong with it. */
static const char *read_escape(struct bytes text, size_t *at, uint8_t *ret)
{
    if (*at >= text.size) {
        return "the name ends in a backslash";
    }
    const uint8_t *digits = text.data + *at;
    if (!is_digit(digits[0])) {
        *ret = digits[0];
        *at += 1;
        return NULL;
    }
    if (text.size - *at < 3 || !is_digit(digits[1]) || !is_digit(digits[2])) {
        return "a backslash and a digit need two more digits";
    }
    const int value = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    if (value > 255) {
        return "an escaped number is above 255";
    }
    *ret = (uint8_t)value;
    *at += 3;
    return NULL;
}

/* Reads labels up to the end of `text`; afterwards a label is open unless there was a final dot. */
static const char *read_labels(struct bytes text, struct name_builder *builder)
{
    const char *error = NULL;
    for (size_t at = 0; at < text.size && error == NULL;) {
        uint8_t octet = text.data[at++];
        if (octet == '.') {
            error = builder->open ? NULL : "a label is empty";
            builder->open = false;
            continue;
        }
        if (octet <= ' ' || octet == 0x7f) {
            error = "a blank or control character in a name must be escaped";
            continue;
        }
        if (octet == '\\') {
            error = read_escape(text, &at, &octet);
        }
        if (error == NULL) {
            error = builder_octet(builder, octet);
        }
    }
    return error;
}

static const char *append_origin(struct name *name, const struct name *origin)
{
    if (name->size + origin->size > NAME_OCTETS_MAX) {
        return "the name is longer than 255 octets";
    }
    memcpy(name->octets + name->size, origin->octets, origin->size);
    name->size = (uint8_t)(name->size + origin->size);
    name->labels = (uint8_t)(name->labels + origin->labels);
    return NULL;
}

static const char *parse_text(struct bytes text, const struct name *origin, struct name *ret)
{
    if (text.size == 0) {
        return "the name is empty";
    }
    if (bytes_are(text, ".")) {
        name_copy(ret, &root);
        return NULL;
    }
    if (bytes_are(text, "@")) {
        name_copy(ret, origin);
        return NULL;
    }
    struct name_builder builder = {.open = false};
    const char *error = read_labels(text, &builder);
    if (error == NULL) {
        error = append_origin(&builder.name, builder.open ? origin : &root);
    }
    if (error == NULL) {
        name_copy(ret, &builder.name);
    }
    return error;
}

bool name_parse_text(struct bytes text, const struct name *origin, struct name *ret,
                     const char **reterr)
{
    const char *error = parse_text(text, origin != NULL ? origin : &root, ret);
    if (error != NULL && reterr != NULL) {
        *reterr = error;
    }
    return error == NULL;
}

static bool needs_backslash(uint8_t octet)
{
    return octet == '.' || octet == ';' || octet == '"' || octet == '\\' || octet == '(' ||
           octet == ')' || octet == '@' || octet == '$';
}

static char *put_octet(char *out, uint8_t octet)
{
    if (octet <= ' ' || octet >= 0x7f) {
        *out++ = '\\';
        *out++ = (char)('0' + octet / 100);
        *out++ = (char)('0' + octet / 10 % 10);
        *out++ = (char)('0' + octet % 10);
        return out;
    }
    if (needs_backslash(octet)) {
        *out++ = '\\';
    }
    *out++ = (char)octet;
    return out;
}

void name_put(struct text *text, const struct name *name)
{
    name_wire_put(text, name_bytes(name));
}

void name_wire_put(struct text *text, struct bytes wire)
{
    char buffer[NAME_TEXT_MAX];
    char *out = buffer;
    assert(wire.size >= 1 && wire.size <= NAME_OCTETS_MAX);
    for (size_t at = 0; wire.data[at] != 0;) {
        const size_t end = at + 1 + wire.data[at];
        assert(end < wire.size);
        for (at++; at < end; at++) {
            out = put_octet(out, wire.data[at]);
        }
        *out++ = '.';
    }
    if (out == buffer) {
        *out++ = '.';
    }
    text_put_bytes(text, bytes_of(buffer, (size_t)(out - buffer)));
}

void name_ref_put(struct text *text, struct name_ref ref)
{
    struct name name;
    name_expand(ref, &name);
    name_put(text, &name);
}

/* --- wire --- */

size_t name_from_prefix(struct bytes octets, struct name *ret)
{
    size_t at = 0;
    uint8_t labels = 0;
    while (at < octets.size && octets.data[at] != 0) {
        if (octets.data[at] > LABEL_OCTETS_MAX || at + octets.data[at] + 2 > NAME_OCTETS_MAX) {
            return 0;
        }
        at += 1U + octets.data[at];
        labels++;
    }
    if (at >= octets.size) {
        return 0;
    }
    if (ret != NULL) {
        ret->size = (uint8_t)(at + 1);
        ret->labels = labels;
        memmove(ret->octets, octets.data, at + 1);
    }
    return at + 1;
}

bool name_from_wire(struct bytes wire, struct name *ret)
{
    if (wire.size == 0 || name_from_prefix(wire, NULL) != wire.size) {
        return false;
    }
    (void)name_from_prefix(wire, ret);
    return true;
}

void name_expand(struct name_ref ref, struct name *ret)
{
    const uint8_t *message = ref.message;
    size_t run = ref.offset; /* labels that lie together are copied together */
    size_t at = run;
    size_t size = 0;
    uint8_t labels = 0;
    for (uint8_t length = message[at]; length != 0; length = message[at]) {
        if (length >= POINTER_BITS) {
            octets_copy(ret->octets + size, message + run, at - run);
            size += at - run;
            run = at = load_u16(message + at) & 0x3fffU;
            continue;
        }
        at += 1U + length;
        labels++;
    }
    octets_copy(ret->octets + size, message + run, at - run + 1);
    ret->size = (uint8_t)(size + at - run + 1);
    ret->labels = labels;
}

/* --- comparison --- */

static bool octets_equal_folded(const uint8_t *a, const uint8_t *b, size_t size)
{
    if (size < 8) {
        return size == 0 || same_folded(load_few(a, size), load_few(b, size));
    }
    for (size_t at = 0; at + 8 <= size; at += 8) {
        if (!same_folded(load_word(a + at), load_word(b + at))) {
            return false;
        }
    }
    return same_folded(load_word(a + size - 8), load_word(b + size - 8));
}

bool name_wire_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && octets_equal_folded(a.data, b.data, a.size);
}

bool name_equal(const struct name *a, const struct name *b)
{
    return a->size == b->size && octets_equal_folded(a->octets, b->octets, a->size);
}

bool name_identical(const struct name *a, const struct name *b)
{
    return a->size == b->size && memcmp(a->octets, b->octets, a->size) == 0;
}

/* Compares label by label, following pointers. */
static bool ref_equals(struct name_ref ref, const struct name *name, bool fold)
{
    const uint8_t *message = ref.message;
    size_t at = ref.offset;
    size_t done = 0;
    for (;;) {
        const uint8_t length = message[at];
        if (length >= POINTER_BITS) {
            at = load_u16(message + at) & 0x3fffU;
            continue;
        }
        if (length != name->octets[done]) {
            return false;
        }
        if (length == 0) {
            return true;
        }
        const uint8_t *a = message + at + 1;
        const uint8_t *b = name->octets + done + 1;
        if (fold ? !octets_equal_folded(a, b, length) : memcmp(a, b, length) != 0) {
            return false;
        }
        at += 1U + length;
        done += 1U + length;
    }
}

bool name_ref_equal(struct name_ref ref, const struct name *name)
{
    return ref_equals(ref, name, true);
}

bool name_ref_identical(struct name_ref ref, const struct name *name)
{
    return ref_equals(ref, name, false);
}

/* Writes the offset of each label into `ret`. */
static void label_starts(const struct name *name, uint8_t ret[NAME_LABELS_MAX])
{
    size_t at = 0;
    for (size_t i = 0; i < name->labels; i++) {
        ret[i] = (uint8_t)at;
        at += 1U + name->octets[at];
    }
}

static int label_compare(const uint8_t *a, const uint8_t *b)
{
    const uint8_t common = a[0] < b[0] ? a[0] : b[0];
    for (uint8_t i = 1; i <= common; i++) {
        const int order = lower_octet(a[i]) - lower_octet(b[i]);
        if (order != 0) {
            return order;
        }
    }
    return a[0] - b[0];
}

int name_compare(const struct name *a, const struct name *b)
{
    uint8_t a_starts[NAME_LABELS_MAX];
    uint8_t b_starts[NAME_LABELS_MAX];
    label_starts(a, a_starts);
    label_starts(b, b_starts);
    const size_t common = a->labels < b->labels ? a->labels : b->labels;
    for (size_t i = 1; i <= common; i++) {
        const int order =
            label_compare(a->octets + a_starts[a->labels - i], b->octets + b_starts[b->labels - i]);
        if (order != 0) {
            return order;
        }
    }
    return a->labels - b->labels;
}

uint64_t name_wire_hash(struct bytes wire)
{
    const uint8_t *data = wire.data;
    const size_t size = wire.size;
    uint64_t state = size * UINT64_C(0x9e3779b97f4a7c15);
    if (size <= 8) {
        return hash_step(hash_step(state, lower_word(load_few(data, size))), size);
    }
    for (size_t at = 0; at + 8 < size; at += 8) {
        state = hash_step(state, lower_word(load_word(data + at)));
    }
    return hash_step(hash_step(state, lower_word(load_word(data + size - 8))), size);
}

uint64_t name_hash(const struct name *name)
{
    return name_wire_hash(name_bytes(name));
}

uint64_t name_ref_hash(struct name_ref ref)
{
    const uint8_t *start = ref.message + ref.offset;
    size_t at = 0;
    while (start[at] != 0 && start[at] < POINTER_BITS) {
        at += 1U + start[at];
    }
    if (start[at] == 0) {
        return name_wire_hash(bytes_of(start, at + 1));
    }
    struct name name;
    name_expand(ref, &name);
    return name_hash(&name);
}

/* --- family --- */

/* The offset in `name` where the last `labels` labels begin. */
static size_t suffix_start(const struct name *name, uint8_t labels)
{
    size_t at = 0;
    assert(labels <= name->labels);
    for (size_t strip = (size_t)(name->labels - labels); strip > 0; strip--) {
        at += 1U + name->octets[at];
    }
    return at;
}

struct bytes name_suffix_bytes(const struct name *name, uint8_t labels)
{
    const size_t at = suffix_start(name, labels);
    return bytes_of(name->octets + at, name->size - at);
}

bool name_is_at_or_below(const struct name *name, const struct name *ancestor)
{
    return name->labels >= ancestor->labels &&
           name_wire_equal(name_suffix_bytes(name, ancestor->labels), name_bytes(ancestor));
}

bool name_ref_is_at_or_below(struct name_ref ref, const struct name *ancestor)
{
    struct name name;
    name_expand(ref, &name);
    return name_is_at_or_below(&name, ancestor);
}

uint8_t name_common_labels(const struct name *a, const struct name *b)
{
    uint8_t a_starts[NAME_LABELS_MAX];
    uint8_t b_starts[NAME_LABELS_MAX];
    label_starts(a, a_starts);
    label_starts(b, b_starts);
    const uint8_t most = a->labels < b->labels ? a->labels : b->labels;
    uint8_t common = 0;
    while (common < most && label_compare(a->octets + a_starts[a->labels - common - 1],
                                          b->octets + b_starts[b->labels - common - 1]) == 0) {
        common++;
    }
    return common;
}

bool name_parent(const struct name *name, struct name *ret)
{
    if (name->labels == 0) {
        return false;
    }
    name_suffix(name, (uint8_t)(name->labels - 1), ret);
    return true;
}

void name_suffix(const struct name *name, uint8_t labels, struct name *ret)
{
    const struct bytes suffix = name_suffix_bytes(name, labels);
    memmove(ret->octets, suffix.data, suffix.size);
    ret->size = (uint8_t)suffix.size;
    ret->labels = labels;
}

bool name_child(const struct name *parent, struct bytes label, struct name *ret)
{
    assert(label.size >= 1 && label.size <= LABEL_OCTETS_MAX);
    if (parent->size + 1 + label.size > NAME_OCTETS_MAX) {
        return false;
    }
    memmove(ret->octets + 1 + label.size, parent->octets, parent->size);
    memcpy(ret->octets + 1, label.data, label.size);
    ret->octets[0] = (uint8_t)label.size;
    ret->size = (uint8_t)(parent->size + 1 + label.size);
    ret->labels = (uint8_t)(parent->labels + 1);
    return true;
}

bool name_wildcard(const struct name *encloser, struct name *ret)
{
    return name_child(encloser, bytes_of("*", 1), ret);
}

bool name_is_wildcard(const struct name *name)
{
    return name->octets[0] == 1 && name->octets[1] == '*';
}

struct bytes name_first_label(const struct name *name)
{
    return bytes_of(name->octets + 1, name->octets[0]);
}

bool name_replace_suffix(const struct name *name, const struct name *old, const struct name *new,
                         struct name *ret)
{
    assert(name_is_at_or_below(name, old));
    const size_t kept = (size_t)(name->size - old->size);
    if (kept + new->size > NAME_OCTETS_MAX) {
        return false;
    }
    memcpy(ret->octets, name->octets, kept);
    memcpy(ret->octets + kept, new->octets, new->size);
    ret->size = (uint8_t)(kept + new->size);
    ret->labels = (uint8_t)(name->labels - old->labels + new->labels);
    return true;
}

void name_lower(struct name *name)
{
    for (size_t i = 0; i < name->size; i++) {
        name->octets[i] = lower_octet(name->octets[i]);
    }
}
