#include "inspect/suffixes.h"

#include "tests/mail/replies.h"
#include "tests/support/support.h"

/* Every form that the list has: comments, blank lines, white space behind a rule, wildcards,
 * exceptions, names beyond ASCII, and the two sections. */
static const char list_text[] = "// ===BEGIN ICANN DOMAINS===\n"
                                "com\n"
                                "\n"
                                "uk\n"
                                "co.uk this is ignored\n"
                                "*.ck\r\n"
                                "!www.ck\n"
                                "*.kawasaki.jp\n"
                                "!city.kawasaki.jp\n"
                                "jp\n"
                                "中国\n"
                                "公司.cn\n"
                                "cn\n"
                                "// ===END ICANN DOMAINS===\n"
                                "// ===BEGIN PRIVATE DOMAINS===\n"
                                "blogspot.com\n"
                                "a..b\n"
                                "*.compute.example.com\n"
                                "// ===END PRIVATE DOMAINS===";

static const struct row {
    const char *name;
    int labels;             /* of the public suffix */
    int icann_labels;       /* of the registry's */
    const char *registered; /* NULL: it is a suffix itself */
} rows[] = {
    {"com.", 1, 1, NULL},
    {"example.com.", 1, 1, "example.com."},
    {"B.Example.COM.", 1, 1, "Example.COM."},
    {"uk.", 1, 1, NULL},
    {"co.uk.", 2, 2, NULL},
    {"a.b.co.UK.", 2, 2, "b.co.UK."},
    {"b.uk.", 1, 1, "b.uk."},
    {"ck.", 1, 1, NULL},
    {"test.ck.", 2, 2, NULL},
    {"b.test.ck.", 2, 2, "b.test.ck."},
    {"www.ck.", 1, 1, "www.ck."},
    {"www.www.ck.", 1, 1, "www.ck."},
    {"kawasaki.jp.", 2, 2, NULL},
    {"c.kawasaki.jp.", 3, 3, NULL},
    {"b.c.kawasaki.jp.", 3, 3, "b.c.kawasaki.jp."},
    {"a.city.kawasaki.jp.", 2, 2, "city.kawasaki.jp."},
    {"a.xn--fiqs8s.", 1, 1, "a.xn--fiqs8s."},
    {"a.xn--55qx5d.cn.", 2, 2, "a.xn--55qx5d.cn."},
    {"a.blogspot.com.", 2, 1, "a.blogspot.com."},
    {"blogspot.com.", 2, 1, NULL},
    {"a.b.compute.example.com.", 4, 1, "a.b.compute.example.com."},
    {"a.unlisted.", 1, 1, "a.unlisted."},
    {"unlisted.", 1, 1, NULL},
};

START_TEST(suffixes_are_those_of_the_list)
{
    struct arena arena;
    struct suffix_list list;
    struct name registered;
    const struct row *row = &rows[_i];
    const struct name name = name_of_text(row->name);
    arena_init(&arena, 1U << 20);
    ck_assert(suffixes_read(bytes_of_string(list_text), &arena, &list));
    ck_assert_uint_eq(list.count, 13);
    ck_assert_int_eq(suffixes_labels(&list, &name, SUFFIX_PRIVATE), row->labels);
    ck_assert_int_eq(suffixes_labels(&list, &name, SUFFIX_ICANN), row->icann_labels);
    ck_assert(suffixes_registered(&list, &name, &registered) == (row->registered != NULL));
    if (row->registered != NULL) {
        const struct name wanted = name_of_text(row->registered);
        ck_assert(name_equal(&registered, &wanted));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(the_root_has_no_suffix)
{
    struct name registered;
    ck_assert_uint_eq(suffixes_labels(NULL, name_root(), SUFFIX_PRIVATE), 0);
    ck_assert(!suffixes_registered(NULL, name_root(), &registered));
}
END_TEST

START_TEST(a_file_without_rules_is_no_list)
{
    struct arena arena;
    struct suffix_list list;
    arena_init(&arena, 1U << 16);
    ck_assert(!suffixes_read(bytes_of_string(""), &arena, &list));
    ck_assert(!suffixes_read(bytes_of_string("// nothing\n\n"), &arena, &list));
    arena_free(&arena);
}
END_TEST

START_TEST(memory_may_run_out)
{
    unsigned failed = 0;
    for (size_t ceiling = 64; ceiling < 4096; ceiling += 64) {
        struct arena arena;
        struct suffix_list list;
        arena_init(&arena, ceiling);
        failed += !suffixes_read(bytes_of_string(list_text), &arena, &list);
        arena_free(&arena);
    }
    ck_assert_uint_gt(failed, 10);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("suffixes");
    add_rows(suite, suffixes_are_those_of_the_list, rows);
    add_test(suite, the_root_has_no_suffix);
    add_test(suite, a_file_without_rules_is_no_list);
    add_test(suite, memory_may_run_out);
    return suite;
}
