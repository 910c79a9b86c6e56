/* Domain names: two of them out of any octets, in wire form and as text, and all that is said of
 * the two. What must hold: text and wire form say the same; equality, order and hash agree; so do
 * ancestry, suffixes and labels in common. */
#include <assert.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "wire/name.h"

static void check_text(const struct name *name)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    struct name again;
    name_put(&text, name);
    assert(!text.overflow);
    check_clean(&text);
    const struct bytes shown = bytes_of(buffer, text.size);
    assert(name_parse_text(shown, NULL, &again, NULL) && name_identical(name, &again));
    /* a final dot makes an origin idle */
    assert(name_parse_text(shown, name, &again, NULL) && name_identical(name, &again));
}

static void check_self(const struct name *name)
{
    struct name other, suffix;
    assert(name_from_wire(name_bytes(name), &other) && name_identical(name, &other));
    name_lower(&other);
    assert(name_equal(name, &other) && name_hash(name) == name_hash(&other));
    assert(name_compare(name, &other) == 0);
    assert(name_wire_hash(name_bytes(name)) == name_hash(name));
    assert(name_common_labels(name, &other) == name->labels);
    for (uint8_t labels = 0; labels <= name->labels; labels++) {
        name_suffix(name, labels, &suffix);
        assert(suffix.labels == labels && name_is_at_or_below(name, &suffix));
        assert(bytes_equal(name_suffix_bytes(name, labels), name_bytes(&suffix)));
        assert(name_ref_is_at_or_below(name_ref_of(name), &suffix));
    }
    if (name_parent(name, &other)) {
        const struct bytes first = name_first_label(name);
        assert(other.labels + 1 == name->labels && name_is_at_or_below(name, &other));
        assert(name_child(&other, first, &suffix) && name_identical(name, &suffix));
    } else {
        assert(name->labels == 0);
    }
    if (name_wildcard(name, &other)) {
        assert(name_is_wildcard(&other) && other.size == name->size + 2);
    }
    check_text(name);
}

/* `name`, which is at or below `old`, moved below `new` and back. */
static void check_moved(const struct name *name, const struct name *old, const struct name *new)
{
    struct name moved, back;
    const size_t size = (size_t)name->size - old->size + new->size;
    const bool fits = name_replace_suffix(name, old, new, &moved);
    assert(fits == (size <= NAME_OCTETS_MAX));
    if (fits) {
        assert(moved.size == size && name_is_at_or_below(&moved, new));
        /* and back: NOLINTNEXTLINE(readability-suspicious-call-argument) */
        assert(name_replace_suffix(&moved, new, old, &back) && name_equal(name, &back));
    }
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void check_two(const struct name *a, const struct name *b)
{
    const bool equal = name_equal(a, b);
    const uint8_t common = name_common_labels(a, b);
    assert(equal == (name_compare(a, b) == 0) && equal == name_ref_equal(name_ref_of(a), b));
    assert(equal == name_wire_equal(name_bytes(a), name_bytes(b)));
    assert(sign(name_compare(a, b)) == -sign(name_compare(b, a)));
    assert(!equal || name_hash(a) == name_hash(b));
    assert(!name_identical(a, b) || equal);
    assert(common == name_common_labels(b, a) && common <= a->labels && common <= b->labels);
    assert(name_is_at_or_below(a, b) == (common == b->labels));
    if (name_is_at_or_below(a, b)) {
        check_moved(a, b, name_root());
        check_moved(a, b, a);
    }
}

/* Text that is a name is the same name once it was written and read again. */
static void check_any_text(struct bytes text, const struct name *origin)
{
    const char *why = NULL;
    struct name name;
    if (name_parse_text(text, origin, &name, &why)) {
        assert(why == NULL);
        check_self(&name);
    } else {
        assert(why != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes octets = exact_copy(bytes_of(data, size));
    struct name a, b;
    const size_t taken = name_from_prefix(octets, &a);
    assert(taken == name_from_prefix(octets, NULL) && taken <= size);
    if (taken > 0) {
        check_self(&a);
        if (name_from_prefix(bytes_after(octets, taken), &b) > 0) {
            check_self(&b);
            check_two(&a, &b);
            check_two(&b, &a);
        }
    }
    check_any_text(octets, NULL);
    check_any_text(bytes_after(octets, taken), taken > 0 ? &a : NULL);
    exact_free(octets);
    return 0;
}
