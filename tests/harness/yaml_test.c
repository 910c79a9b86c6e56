/* Strict YAML: what is refused and where; and every node's place. */
#include "harness/yaml.h"

#include "tests/support/support.h"

struct reading {
    struct arena arena;
    struct diag items[4];
    struct diags diags;
    struct source source;
    struct yaml_node *root;
};

static void begin(struct reading *reading, struct bytes text)
{
    *reading = (struct reading){0};
    arena_init(&reading->arena, 64 << 20);
    reading->diags = (struct diags){.items = reading->items, .capacity = COUNT_OF(reading->items)};
    if (source_open(text, "f.yaml", &reading->arena, &reading->diags, &reading->source)) {
        reading->root = yaml_read(&reading->source, &reading->arena, &reading->diags);
    }
}

static void end(struct reading *reading)
{
    arena_free(&reading->arena);
}

/* --- what is refused --- */

static const struct refused {
    const char *name;
    const char *text;
    size_t size; /* 0: up to its NUL */
    uint32_t line, column;
    const char *sentence;
} refused[] = {
    {"empty file", "", 0, 1, 1, "the file is empty"},
    {"only a byte order mark", "\xef\xbb\xbf", 0, 1, 1, "the file is empty"},
    {"only a comment", "# nothing\n", 0, 2, 1, "the file is empty"},
    {"tag", "a: !!str b\n", 0, 1, 4, "tags (!name)"},
    {"local tag", "a: !x b\n", 0, 1, 4, "tags (!name)"},
    {"tag on a mapping", "a: !x {b: c}\n", 0, 1, 4, "tags (!name)"},
    {"tag on a list", "a: !x [b]\n", 0, 1, 4, "tags (!name)"},
    {"anchor", "a: &x b\n", 0, 1, 4, "anchors (&name)"},
    {"anchor on a mapping", "a: &x {b: c}\n", 0, 1, 4, "anchors (&name)"},
    {"anchor on a list", "a: &x [b]\n", 0, 1, 4, "anchors (&name)"},
    {"anchor on a key", "&x a: b\n", 0, 1, 1, "anchors (&name)"},
    {"alias", "a: *x\n", 0, 1, 4, "aliases (*name)"},
    {"alias as a key", "*x : b\n", 0, 1, 1, "aliases (*name)"},
    {"alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 0, 1, 4, "anchors (&name)"},
    {"merge", "a:\n  <<: {b: c}\n", 0, 2, 3, "merge keys"},
    {"directive", "%YAML 1.1\n---\na: b\n", 0, 1, 1, "directives"},
    {"tag directive", "%TAG ! tag:x,2000:\n---\na: b\n", 0, 1, 1, "directives"},
    {"second document", "a: b\n---\nc: d\n", 0, 2, 1, "a second document"},
    {"list as a key", "? [a]\n: b\n", 0, 1, 3, "a key must be plain text"},
    {"key twice", "a: b\nc: d\na: e\n", 0, 3, 1, "the key `a` is here twice"},
    {"key twice in flow", "x: {a: b, a: c}\n", 0, 1, 11, "the key `a` is here twice"},
    {"key twice after umlauts", "x: {\xc3\xa4: b, a: c, a: d}\n", 0, 1, 18, "`a` is here twice"},
    {"tab as indent", "a:\n\tb: c\n", 0, 2, 1, "not YAML"},
    {"unclosed list", "a: [b\n", 0, 2, 1, "not YAML"},
    {"colon in plain text", "a: b: c\n", 0, 1, 5, "not YAML"},
    {"NUL", "a: b\0c\n", 7, 1, 5, "a NUL octet"},
    {"escaped NUL", "a: \"\\0\"\n", 0, 1, 4, "a NUL octet"},
    {"not UTF-8", "a: \xff\n", 0, 1, 4, "not UTF-8"},
    {"overlong UTF-8", "a: \xc0\xaf\n", 0, 1, 4, "not UTF-8"},
    {"surrogate", "a: \xed\xa0\x80\n", 0, 1, 4, "not UTF-8"},
    {"cut UTF-8", "a: \xe2\x82", 0, 1, 4, "not UTF-8"},
    {"UTF-16",
     "\xff\xfe"
     "a\0",
     4, 1, 1, "not UTF-8"},
    {"escape character", "a: \x1b[31m\n", 0, 1, 4, "a control character"},
    {"delete", "a: \x7f\n", 0, 1, 4, "a control character"},
    {"next line", "a: \xc2\x85\n", 0, 1, 4, "a control character"},
    {"line separator", "a: \xe2\x80\xa8\n", 0, 1, 4, "line separator"},
    {"byte order mark inside", "a: \xef\xbb\xbf\n", 0, 1, 4, "byte order mark"},
    {"lone carriage return", "a: b\rc: d\n", 0, 1, 5, "carriage return"},
};

START_TEST(refuses)
{
    const struct refused *row = &refused[_i];
    struct reading reading;
    begin(&reading, bytes_of(row->text, row->size > 0 ? row->size : strlen(row->text)));
    ck_assert_uint_ge(reading.diags.count, 1);
    const struct diag *diag = &reading.items[0];
    ck_assert_msg(strstr(diag->sentence, row->sentence) != NULL, "%s: %s", row->name,
                  diag->sentence);
    ck_assert_msg(diag->place.line == row->line && diag->place.column == row->column,
                  "%s: at %u:%u", row->name, diag->place.line, diag->place.column);
    end(&reading);
}
END_TEST

START_TEST(a_key_given_twice_names_the_first_place_and_is_not_fatal)
{
    struct reading reading;
    begin(&reading, bytes_of_string("a: b\nb: c\n  # x\na: d\n"));
    ck_assert_ptr_nonnull(reading.root);
    ck_assert_ptr_nonnull(strstr(reading.items[0].hint, "line 1, column 1"));
    end(&reading);
}
END_TEST

/* --- limits --- */

static void nest(struct reading *reading, size_t depth, const char *open)
{
    char text[4 * YAML_DEPTH_MAX + 64];
    struct text buffer = text_in(text, sizeof text);
    for (size_t i = 0; i < depth; i++) {
        text_put(&buffer, open);
    }
    begin(reading, bytes_of_string(text));
}

START_TEST(depth_is_bounded_exactly)
{
    struct reading reading;
    char text[256];
    for (size_t depth = YAML_DEPTH_MAX; depth <= YAML_DEPTH_MAX + 1; depth++) {
        struct text buffer = text_in(text, sizeof text);
        for (size_t i = 0; i < depth; i++) {
            text_put_char(&buffer, '[');
        }
        for (size_t i = 0; i < depth; i++) {
            text_put_char(&buffer, ']');
        }
        begin(&reading, bytes_of_string(text));
        ck_assert_int_eq(reading.root != NULL, depth == YAML_DEPTH_MAX);
        end(&reading);
    }
    nest(&reading, (size_t)YAML_DEPTH_MAX * 2, "[");
    ck_assert_ptr_nonnull(strstr(reading.items[0].sentence, "nested too deeply"));
    end(&reading);
    nest(&reading, YAML_DEPTH_MAX, "{a: ");
    ck_assert_uint_ge(reading.diags.count, 1);
    end(&reading);
}
END_TEST

/* A list of `count` values. */
static struct bytes make_list(struct arena *arena, size_t count)
{
    char *text = arena_alloc(arena, count * 2 + 3);
    size_t size = 0;
    text[size++] = '[';
    for (size_t i = 0; i < count; i++) {
        text[size++] = 'x';
        text[size++] = ',';
    }
    text[size - 1] = ']';
    return bytes_of(text, size);
}

START_TEST(the_number_of_values_is_bounded)
{
    struct arena arena;
    struct reading reading;
    arena_init(&arena, 64 << 20);
    begin(&reading, make_list(&arena, YAML_NODES_MAX - 1));
    ck_assert_ptr_nonnull(reading.root);
    end(&reading);
    begin(&reading, make_list(&arena, YAML_NODES_MAX));
    ck_assert_ptr_null(reading.root);
    ck_assert_ptr_nonnull(strstr(reading.items[0].sentence, "too many values"));
    end(&reading);
    arena_free(&arena);
}
END_TEST

START_TEST(the_number_of_keys_is_bounded)
{
    static char text[YAML_KEYS_MAX * 16];
    struct text buffer = text_in(text, sizeof text);
    struct reading reading;
    for (unsigned i = 0; i < YAML_KEYS_MAX; i++) {
        text_put_format(&buffer, "k%u: x\n", i);
    }
    begin(&reading, bytes_of_string(text));
    ck_assert_uint_eq(reading.diags.count, 0);
    end(&reading);
    text_put(&buffer, "more: x\n");
    begin(&reading, bytes_of_string(text));
    ck_assert_ptr_nonnull(strstr(reading.items[0].sentence, "too many keys"));
    end(&reading);
}
END_TEST

START_TEST(memory_that_runs_out_is_told)
{
    static const char text[] = "a: [b, c, d, {e: f}]\ng: |\n  text\n";
    for (size_t ceiling = 0; ceiling < 4096; ceiling += 16) {
        struct reading reading = {0};
        arena_init(&reading.arena, ceiling);
        reading.diags = (struct diags){.items = reading.items, .capacity = 4};
        const bool opened = source_open(bytes_of_string(text), "f.yaml", &reading.arena,
                                        &reading.diags, &reading.source);
        const struct yaml_node *root =
            opened ? yaml_read(&reading.source, &reading.arena, &reading.diags) : NULL;
        ck_assert_int_eq(root == NULL, reading.diags.count > 0);
        arena_free(&reading.arena);
    }
}
END_TEST

/* --- places --- */

static void expect_place(const struct place *place, uint32_t line, uint32_t column)
{
    ck_assert_str_eq(place->file, "f.yaml");
    ck_assert_uint_eq(place->line, line);
    ck_assert_uint_eq(place->column, column);
}

START_TEST(every_node_knows_its_place)
{
    struct reading reading;
    begin(&reading, bytes_of_string("\xef\xbb\xbf"
                                    "one: 1\n"
                                    "\xc3\xa4\xc3\xb6: {two: [x,  y]}\r\n"
                                    "three:\n  - a\n  - \"b\"\n"));
    ck_assert_ptr_nonnull(reading.root);
    const struct yaml_node *node = reading.root->first;
    expect_place(&node->key_place, 1, 1);
    expect_place(&node->place, 1, 6);
    node = node->next;
    expect_place(&node->place, 2, 7); /* octets, not characters */
    expect_place(&node->first->key_place, 2, 8);
    expect_place(&node->first->first->place, 2, 14);
    expect_place(&node->first->first->next->place, 2, 18);
    node = node->next;
    expect_place(&node->first->place, 4, 5);
    expect_place(&node->first->next->place, 5, 5);
    ck_assert_int_eq(node->first->style, YAML_PLAIN);
    ck_assert_int_eq(node->first->next->style, YAML_QUOTED);
    end(&reading);
}
END_TEST

START_TEST(places_inside_a_block_are_those_of_the_file)
{
    struct reading reading;
    begin(&reading, bytes_of_string("a:\n  b: |   # zone\n    first\n\n      third\n"));
    const struct yaml_node *node = reading.root->first->first;
    ck_assert(bytes_are(node->scalar, "first\n\n  third\n"));
    struct place place = yaml_place_in(node, &reading.source, &(struct yaml_cursor){0}, 0);
    expect_place(&place, 3, 5);
    place = yaml_place_in(node, &reading.source, &(struct yaml_cursor){0}, 2);
    expect_place(&place, 3, 7);
    place = yaml_place_in(node, &reading.source, &(struct yaml_cursor){0}, 9);
    expect_place(&place, 5, 7);
    end(&reading);
}
END_TEST

START_TEST(a_cursor_finds_places_in_any_order)
{
    struct reading reading;
    struct yaml_cursor cursor = {0};
    begin(&reading, bytes_of_string("a: |\n  one\n\n  two\n  three"));
    const struct yaml_node *node = reading.root->first;
    static const size_t offsets[] = {0, 5, 12, 9, 4, 3, 13, 1};
    for (size_t i = 0; i < COUNT_OF(offsets); i++) {
        const struct place fresh =
            yaml_place_in(node, &reading.source, &(struct yaml_cursor){0}, offsets[i]);
        const struct place place = yaml_place_in(node, &reading.source, &cursor, offsets[i]);
        expect_place(&place, fresh.line, fresh.column);
    }
    const struct place last = yaml_place_in(node, &reading.source, &cursor, 9);
    expect_place(&last, 5, 3);
    end(&reading);
}
END_TEST

START_TEST(places_inside_plain_and_quoted_text_count_on)
{
    struct reading reading;
    begin(&reading, bytes_of_string("a: one two\nb: \"one two\"\nc: \"o\\x6ee two\"\n"));
    const struct yaml_node *node = reading.root->first;
    struct place place = yaml_place_in(node, &reading.source, &(struct yaml_cursor){0}, 4);
    expect_place(&place, 1, 8);
    place = yaml_place_in(node->next, &reading.source, &(struct yaml_cursor){0}, 4);
    expect_place(&place, 2, 9);
    place = yaml_place_in(node->next->next, &reading.source, &(struct yaml_cursor){0},
                          4); /* escapes: no counting */
    expect_place(&place, 3, 4);
    end(&reading);
}
END_TEST

START_TEST(nothing_is_interpreted)
{
    struct reading reading;
    begin(&reading, bytes_of_string("a: no\nb: ~\nc:\nd: 0x10\ne: \"true\"\n"));
    const struct yaml_node *node = reading.root->first;
    ck_assert(bytes_are(node->scalar, "no"));
    ck_assert(bytes_are(node->next->scalar, "~"));
    ck_assert(yaml_is_empty(node->next->next));
    ck_assert(yaml_is_empty(node->next));
    ck_assert(!yaml_is_empty(node));
    ck_assert(bytes_are(node->next->next->next->scalar, "0x10"));
    ck_assert(!yaml_is_word(yaml_find(reading.root, "e"), "true"));
    ck_assert_ptr_null(yaml_find(reading.root, "f"));
    end(&reading);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("yaml");
    add_rows(suite, refuses, refused);
    add_test(suite, a_key_given_twice_names_the_first_place_and_is_not_fatal);
    add_test(suite, depth_is_bounded_exactly);
    add_test(suite, the_number_of_values_is_bounded);
    add_test(suite, the_number_of_keys_is_bounded);
    add_test(suite, memory_that_runs_out_is_told);
    add_test(suite, every_node_knows_its_place);
    add_test(suite, places_inside_a_block_are_those_of_the_file);
    add_test(suite, a_cursor_finds_places_in_any_order);
    add_test(suite, places_inside_plain_and_quoted_text_count_on);
    add_test(suite, nothing_is_interpreted);
    return suite;
}
