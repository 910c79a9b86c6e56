#include "tests/support/guard.h"
#include "tests/wire/support.h"

/* --- text --- */

static const struct {
    const char *name;
    const char *text;
    const char *wire; /* NULL: refused */
} texts[] = {
    {"root", ".", "00"},
    {"absolute", "www.Example.", "03'www'07'Example'00"},
    {"relative takes the origin", "www", "03'www'03'org'00"},
    {"at sign is the origin", "@", "03'org'00"},
    {"escaped dot stays in its label", "a\\.b.", "03'a.b'00"},
    {"decimal escape", "a\\000\\255.", "03'a'00ff 00"},
    {"escaped at sign", "\\@.", "01'@'00"},
    {"escaped blank", "a\\ b.", "03'a b'00"},
    {"decimal escape at the end", "a\\100", "02'ad'03'org'00"},
    {"octets from 0x80 stand as they are", "\xc3\xa9.", "02c3a900"},
    {"empty text", "", NULL},
    {"two dots", "a..b.", NULL},
    {"leading dot", ".a.", NULL},
    {"two dots alone", "..", NULL},
    {"blank", "a b.", NULL},
    {"control character", "a\x01.", NULL},
    {"delete", "a\x7f.", NULL},
    {"final backslash", "a\\", NULL},
    {"two digits only", "a\\12", NULL},
    {"two digits and a letter", "a\\12x", NULL},
    {"number above 255", "a\\256.", NULL},
};

START_TEST(reads_text)
{
    const struct name origin = name_of("org.");
    struct name name = name_of("untouched.");
    const struct name before = name;
    const char *error = NULL;
    const bool read = name_parse_text(guarded_text(texts[_i].text), &origin, &name, &error);
    if (texts[_i].wire == NULL) {
        ck_assert(!read);
        ck_assert_ptr_nonnull(error);
        ck_assert(name_identical(&name, &before));
        return;
    }
    ck_assert_msg(read, "%s", error);
    ck_assert(bytes_equal(name_bytes(&name), octets_of_hex(texts[_i].wire)));
}
END_TEST

START_TEST(a_label_has_at_most_63_octets)
{
    char text[66];
    struct name name;
    const char *error;
    memset(text, 'a', sizeof text);
    ck_assert(name_parse_text(bytes_of(text, 63), NULL, &name, &error));
    ck_assert_uint_eq(name.octets[0], 63);
    ck_assert(!name_parse_text(bytes_of(text, 64), NULL, &name, &error));
}
END_TEST

/* Fills `text` with `labels` labels of one letter and returns its length. */
static size_t many_labels(char *text, size_t labels)
{
    for (size_t i = 0; i < labels; i++) {
        text[2 * i] = (char)('a' + i % 26);
        text[2 * i + 1] = '.';
    }
    return 2 * labels;
}

START_TEST(a_name_has_at_most_255_octets)
{
    char text[300];
    struct name name;
    const char *error;
    ck_assert(name_parse_text(bytes_of(text, many_labels(text, 127)), NULL, &name, &error));
    ck_assert_uint_eq(name.size, 255);
    ck_assert_uint_eq(name.labels, 127);
    ck_assert(!name_parse_text(bytes_of(text, many_labels(text, 128)), NULL, &name, &error));
    const struct name origin = name_of("o.");
    ck_assert(!name_parse_text(bytes_of(text, many_labels(text, 127) - 1), &origin, &name, &error));
    ck_assert(name_parse_text(bytes_of(text, many_labels(text, 126) - 1), &origin, &name, &error));
    ck_assert_uint_eq(name.size, 255);
    /* a label that grows over the limit by its last octet */
    size_t size = many_labels(text, 125);
    memcpy(text + size, "abc", 3);
    ck_assert(name_parse_text(bytes_of(text, size + 3), NULL, &name, &error));
    ck_assert_uint_eq(name.size, 255);
    memcpy(text + size, "abcd", 4);
    ck_assert(!name_parse_text(bytes_of(text, size + 4), NULL, &name, &error));
}
END_TEST

static const struct {
    const char *name;
    const char *wire;
    const char *text;
} puts_rows[] = {
    {"the root is a dot", "00", "."},
    {"case stays", "03'wWw'03'Org'00", "wWw.Org."},
    {"what zone text would misread", "0a'.;\"\\()@$ ~'00", "\\.\\;\\\"\\\\\\(\\)\\@\\$\\032~."},
    {"control characters", "04001b7fff00", "\\000\\027\\127\\255."},
};

START_TEST(puts_text)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    struct name name;
    ck_assert(name_from_wire(octets_of_hex(puts_rows[_i].wire), &name));
    name_put(&text, &name);
    ck_assert_str_eq(buffer, puts_rows[_i].text);
}
END_TEST

START_TEST(any_label_survives_text_both_ways)
{
    for (unsigned octet = 0; octet < 256; octet++) {
        char buffer[NAME_TEXT_MAX];
        struct text text = text_in(buffer, sizeof buffer);
        const uint8_t wire[] = {2, (uint8_t)octet, 'x', 0};
        struct name name, again;
        const char *error = "";
        ck_assert(name_from_wire(bytes_of(wire, sizeof wire), &name));
        name_put(&text, &name);
        ck_assert_msg(name_parse_text(bytes_of_string(buffer), NULL, &again, &error), "%s: %s",
                      buffer, error);
        ck_assert(name_identical(&name, &again));
        for (size_t i = 0; i < text.size; i++) {
            ck_assert_int_gt(buffer[i], ' ');
            ck_assert_int_lt(buffer[i], 0x7f);
        }
    }
}
END_TEST

START_TEST(the_longest_text_fits_its_limit)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    uint8_t wire[255] = {0};
    wire[0] = wire[64] = wire[128] = 63;
    wire[192] = 61;
    struct name name;
    ck_assert(name_from_wire(bytes_of(wire, sizeof wire), &name));
    name_put(&text, &name);
    ck_assert(!text.overflow);
    ck_assert_uint_eq(text.size, NAME_TEXT_MAX - 1);
}
END_TEST

/* --- wire --- */

static const struct {
    const char *name;
    const char *wire;
    bool sound;
} wires[] = {
    {"the root", "00", true},
    {"two labels", "01'a'01'b'00", true},
    {"nothing", "", false},
    {"no root", "01'a'", false},
    {"an octet too many", "01'a'0000", false},
    {"a label cut", "05'ab'", false},
    {"a pointer", "01'a'c00c", false},
    {"label type 0x40", "41 00 00", false},
    {"label type 0x80", "81 00 00", false},
};

START_TEST(reads_wire)
{
    struct name name;
    ck_assert(name_from_wire(octets_of_hex(wires[_i].wire), &name) == wires[_i].sound);
}
END_TEST

START_TEST(wire_of_256_octets_is_refused)
{
    uint8_t wire[256];
    struct name name;
    memset(wire, 1, sizeof wire);
    wire[254] = 0;
    ck_assert(name_from_wire(bytes_of(wire, 255), &name));
    ck_assert_uint_eq(name.labels, 127);
    memset(wire, 1, sizeof wire);
    wire[0] = 2;
    wire[255] = 0;
    ck_assert(!name_from_wire(bytes_of(wire, 256), &name));
}
END_TEST

/* "www.Example" by a pointer to "Example" at 4, and "Example" and the root by pointers alone. */
static const uint8_t compressed[] = "xxxx\007Example\0\003www\300\004\300\015\300\014";

START_TEST(expands_compressed_names)
{
    const struct name whole = name_of("www.Example.");
    struct name name;
    name_expand((struct name_ref){compressed, 13}, &name);
    ck_assert(name_identical(&name, &whole));
    ck_assert_uint_eq(name.labels, 2);
    name_expand((struct name_ref){compressed, 19}, &name);
    ck_assert(name_identical(&name, &whole));
    name_expand((struct name_ref){compressed, 21}, &name);
    ck_assert(name_identical(&name, name_root()));
    ck_assert_uint_eq(name.labels, 0);
}
END_TEST

START_TEST(a_reference_compares_as_what_it_refers_to)
{
    const struct name whole = name_of("www.Example.");
    const struct name lower = name_of("www.example.");
    const struct name other = name_of("wwx.Example.");
    const struct name longer = name_of("www.Example.org.");
    const struct name shorter = name_of("www.");
    for (uint32_t offset = 13; offset <= 19; offset += 6) {
        const struct name_ref ref = {compressed, offset};
        ck_assert(name_ref_equal(ref, &whole) && name_ref_identical(ref, &whole));
        ck_assert(name_ref_equal(ref, &lower) && !name_ref_identical(ref, &lower));
        ck_assert(!name_ref_equal(ref, &other));
        ck_assert(!name_ref_equal(ref, &longer) && !name_ref_equal(ref, &shorter));
        ck_assert_uint_eq(name_ref_hash(ref), name_hash(&lower));
    }
    ck_assert(name_ref_is_at_or_below((struct name_ref){compressed, 13}, name_root()));
    ck_assert(!name_ref_is_at_or_below((struct name_ref){compressed, 4}, &whole));
}
END_TEST

/* --- comparison --- */

START_TEST(only_ascii_letters_fold)
{
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            const uint8_t a_wire[] = {9, 1, 2, 3, 4, 5, 6, 7, 8, (uint8_t)a, 0};
            const uint8_t b_wire[] = {9, 1, 2, 3, 4, 5, 6, 7, 8, (uint8_t)b, 0};
            struct name a_name, b_name;
            (void)name_from_wire(bytes_of(a_wire, sizeof a_wire), &a_name);
            (void)name_from_wire(bytes_of(b_wire, sizeof b_wire), &b_name);
            const bool is_letter = (a | 0x20) >= 'a' && (a | 0x20) <= 'z';
            const bool same = a == b || (is_letter && (a | 0x20) == (b | 0x20));
            if (name_equal(&a_name, &b_name) != same ||
                (name_compare(&a_name, &b_name) == 0) != same ||
                (name_hash(&a_name) == name_hash(&b_name)) != same ||
                name_identical(&a_name, &b_name) != (a == b)) {
                ck_abort_msg("octets %u and %u", a, b);
            }
        }
    }
}
END_TEST

/* Every octet counts, wherever it stands and however long the name is. */
START_TEST(names_that_differ_in_one_octet_differ)
{
    for (size_t size = 1; size < 63; size++) {
        uint8_t wire[65] = {(uint8_t)size};
        struct name name, other;
        memset(wire + 1, 'x', size);
        ck_assert(name_from_wire(bytes_of(wire, size + 2), &name));
        for (size_t at = 1; at <= size; at++) {
            wire[at] = 'y';
            ck_assert(name_from_wire(bytes_of(wire, size + 2), &other));
            ck_assert_msg(!name_equal(&name, &other) && name_compare(&name, &other) < 0,
                          "%zu of %zu", at, size);
            ck_assert_msg(name_hash(&name) != name_hash(&other), "%zu of %zu", at, size);
            wire[at] = 'X';
            ck_assert(name_from_wire(bytes_of(wire, size + 2), &other));
            ck_assert_msg(name_equal(&name, &other) && name_hash(&name) == name_hash(&other),
                          "%zu of %zu", at, size);
            wire[at] = 'x';
        }
    }
}
END_TEST

/* 127 labels, and 255 octets. */
static struct name most_labels(void)
{
    struct name name = *name_root();
    while (name.labels < NAME_LABELS_MAX) {
        ck_assert(name_child(&name, bytes_of("A", 1), &name));
    }
    ck_assert_uint_eq(name.size, NAME_OCTETS_MAX);
    return name;
}

START_TEST(names_of_most_labels_are_compared_and_lowered)
{
    struct name name = most_labels();
    const struct name upper = name;
    name_lower(&name);
    ck_assert_int_eq(name_compare(&name, &upper), 0);
    ck_assert_uint_eq(name_common_labels(&name, &upper), NAME_LABELS_MAX);
    ck_assert(!name_identical(&name, &upper));
}
END_TEST

START_TEST(what_is_no_name_may_be_told_to_nobody)
{
    struct name name;
    const char *error = "untouched";
    ck_assert(!name_parse_text(guarded_text("a..b"), NULL, &name, NULL));
    ck_assert(name_parse_text(guarded_text("a.b"), NULL, &name, &error));
    ck_assert_str_eq(error, "untouched");
}
END_TEST

START_TEST(only_an_asterisk_alone_is_a_wildcard)
{
    static const struct {
        const char *text;
        bool is;
    } names[] = {{"*.example.", true},  {"*.", true},           {".", false},
                 {"a.example.", false}, {"*a.example.", false}, {"a.*.example.", false}};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct name name = name_of(names[i].text);
        ck_assert_msg(name_is_wildcard(&name) == names[i].is, "%s", names[i].text);
    }
}
END_TEST

START_TEST(short_names_fold_and_hash_too)
{
    const char *const pairs[][2] = {{"A.", "a."},         {"aB.", "Ab."},
                                    {"ABC.", "abc."},     {"ABCD.", "abcd."},
                                    {"abcDE.", "ABCde."}, {"abcdeF.", "abcdef."}};
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const struct name a = name_of(pairs[i][0]);
        const struct name b = name_of(pairs[i][1]);
        ck_assert(name_equal(&a, &b));
        ck_assert_uint_eq(name_hash(&a), name_hash(&b));
    }
}
END_TEST

START_TEST(names_of_one_octet_difference_hash_apart)
{
    const char *const names[] = {"a.",       "b.",   "aa.",   "ab.",   "ba.",
                                 "abc.",     "abd.", "acc.",  "bbc.",  "abcdefg.",
                                 "abcdefh.", "a.b.", "ab.c.", "a.bc.", "."};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        for (size_t j = 0; j < i; j++) {
            const struct name a = name_of(names[i]);
            const struct name b = name_of(names[j]);
            ck_assert_msg(name_hash(&a) != name_hash(&b), "%s %s", names[i], names[j]);
        }
    }
}
END_TEST

/* RFC 4034 6.1's own example. */
START_TEST(canonical_order_is_the_rfcs)
{
    const char *const order[] = {".",
                                 "example.",
                                 "a.example.",
                                 "y.a.example.",
                                 "y\\000.a.example.",
                                 "yljkjljk.a.example.",
                                 "Z.a.example.",
                                 "zABC.a.EXAMPLE.",
                                 "z.example.",
                                 "\\001.z.example.",
                                 "*.z.example.",
                                 "\\200.z.example."};
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        for (size_t j = 0; j < COUNT_OF(order); j++) {
            const struct name a = name_of(order[i]);
            const struct name b = name_of(order[j]);
            const int result = name_compare(&a, &b);
            ck_assert_msg((result > 0) - (result < 0) == (i > j) - (i < j), "%s %s", order[i],
                          order[j]);
        }
    }
}
END_TEST

/* --- family --- */

static const struct {
    const char *name;
    const char *below;
    const char *ancestor;
    bool is;
} families[] = {
    {"itself", "example.org.", "EXAMPLE.org.", true},
    {"a child", "www.example.org.", "example.Org.", true},
    {"everything is below the root", "org.", ".", true},
    {"the root is below itself", ".", ".", true},
    {"a parent is not below", "org.", "example.org.", false},
    {"an end of the same letters is none of the same labels", "badexample.org.", "example.org.",
     false},
    {"a length octet may look like a letter", "a\\007example.org.", "example.org.", false},
    {"a sibling", "a.org.", "b.org.", false},
};

START_TEST(is_at_or_below)
{
    const struct name below = name_of(families[_i].below);
    const struct name ancestor = name_of(families[_i].ancestor);
    ck_assert(name_is_at_or_below(&below, &ancestor) == families[_i].is);
    ck_assert((name_common_labels(&below, &ancestor) == ancestor.labels) == families[_i].is);
    ck_assert(name_ref_is_at_or_below(name_ref_of(&below), &ancestor) == families[_i].is);
}
END_TEST

static void is_text(const struct name *name, const char *text)
{
    const struct name expected = name_of(text);
    ck_assert_uint_eq(name->labels, expected.labels);
    ck_assert(name_identical(name, &expected));
}

START_TEST(takes_names_apart)
{
    struct name name = name_of("a.bc.def.");
    struct name part;
    name_suffix(&name, 2, &part);
    is_text(&part, "bc.def.");
    name_suffix(&name, 0, &part);
    is_text(&part, ".");
    name_suffix(&name, 3, &part);
    is_text(&part, "a.bc.def.");
    ck_assert(bytes_are(name_first_label(&name), "a"));
    ck_assert_uint_eq(name_suffix_bytes(&name, 1).size, 5);
    ck_assert(name_parent(&name, &name));
    is_text(&name, "bc.def.");
    ck_assert(name_parent(&name, &name) && name_parent(&name, &name));
    is_text(&name, ".");
    ck_assert(!name_parent(&name, &name));
    ck_assert_uint_eq(name_first_label(&name).size, 0);
}
END_TEST

START_TEST(puts_names_together)
{
    const struct name parent = name_of("example.");
    struct name name;
    ck_assert(name_wildcard(&parent, &name));
    is_text(&name, "*.example.");
    ck_assert(name_is_wildcard(&name) && !name_is_wildcard(&parent));
    ck_assert(name_child(&name, bytes_of_string("x.y"), &name));
    is_text(&name, "x\\.y.*.example.");
    ck_assert(!name_is_wildcard(&name));
    name_lower(&name);
    const struct name mixed = name_of("wWw.EXAMPLE.");
    name_copy(&name, &mixed);
    name_lower(&name);
    is_text(&name, "www.example.");
}
END_TEST

START_TEST(a_child_of_256_octets_is_refused)
{
    char text[300];
    struct name name, child;
    const char *error;
    ck_assert(name_parse_text(bytes_of(text, many_labels(text, 126)), NULL, &name, &error));
    ck_assert(!name_child(&name, bytes_of_string("ab"), &child));
    ck_assert(name_wildcard(&name, &child));
    ck_assert_uint_eq(child.size, 255);
    ck_assert(!name_wildcard(&child, &child));
}
END_TEST

START_TEST(replaces_a_suffix)
{
    const struct name name = name_of("a.b.old.example.");
    const struct name old = name_of("OLD.example.");
    const struct name new = name_of("new.");
    struct name ret;
    ck_assert(name_replace_suffix(&name, &old, &new, &ret));
    is_text(&ret, "a.b.new.");
    ck_assert(name_replace_suffix(&name, name_root(), &new, &ret));
    is_text(&ret, "a.b.old.example.new.");
    ck_assert(name_replace_suffix(&name, &old, name_root(), &ret));
    is_text(&ret, "a.b.");
}
END_TEST

START_TEST(a_replaced_suffix_may_grow_to_255_octets)
{
    char text[300];
    struct name long_name, ret;
    const char *error;
    const struct name name = name_of("aa.x.");
    const struct name old = name_of("x.");
    ck_assert(name_parse_text(bytes_of(text, many_labels(text, 126)), NULL, &long_name, &error));
    ck_assert(!name_replace_suffix(&name, &old, &long_name, &ret));
    const struct name short_name = name_of("a.x.");
    ck_assert(name_replace_suffix(&short_name, &old, &long_name, &ret));
    ck_assert_uint_eq(ret.size, 255);
    ck_assert_uint_eq(ret.labels, 127);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("name");
    add_rows(suite, reads_text, texts);
    add_test(suite, a_label_has_at_most_63_octets);
    add_test(suite, a_name_has_at_most_255_octets);
    add_rows(suite, puts_text, puts_rows);
    add_test(suite, any_label_survives_text_both_ways);
    add_test(suite, the_longest_text_fits_its_limit);
    add_rows(suite, reads_wire, wires);
    add_test(suite, wire_of_256_octets_is_refused);
    add_test(suite, expands_compressed_names);
    add_test(suite, a_reference_compares_as_what_it_refers_to);
    add_test(suite, only_ascii_letters_fold);
    add_test(suite, short_names_fold_and_hash_too);
    add_test(suite, names_of_one_octet_difference_hash_apart);
    add_test(suite, canonical_order_is_the_rfcs);
    add_rows(suite, is_at_or_below, families);
    add_test(suite, takes_names_apart);
    add_test(suite, puts_names_together);
    add_test(suite, a_child_of_256_octets_is_refused);
    add_test(suite, replaces_a_suffix);
    add_test(suite, a_replaced_suffix_may_grow_to_255_octets);
    add_test(suite, names_that_differ_in_one_octet_differ);
    add_test(suite, names_of_most_labels_are_compared_and_lowered);
    add_test(suite, what_is_no_name_may_be_told_to_nobody);
    add_test(suite, only_an_asterisk_alone_is_a_wildcard);
    return suite;
}
