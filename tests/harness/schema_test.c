/* The checked-in schema and reference are what the tables make. */
#include "harness/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/reference.h"
#include "tests/support/support.h"

static char *read_stream(FILE *file, size_t *ret_size)
{
    const size_t room = 4 << 20;
    char *text = malloc(room);
    ck_assert_ptr_nonnull(text);
    *ret_size = fread(text, 1, room, file);
    ck_assert_uint_lt(*ret_size, room);
    return text;
}

static void expect_same(void (*write)(FILE *), const char *name, const char *command)
{
    char path[4096];
    size_t made_size;
    size_t kept_size;
    FILE *made = tmpfile();
    ck_assert_ptr_nonnull(made);
    write(made);
    rewind(made);
    const char *docs = getenv("DOCS_DIR");
    snprintf(path, sizeof path, "%s/reference/%s", docs != NULL ? docs : "docs", name);
    FILE *kept = fopen(path, "r");
    ck_assert_msg(kept != NULL, "%s is missing; make it with %s", path, command);
    char *made_text = read_stream(made, &made_size);
    char *kept_text = read_stream(kept, &kept_size);
    ck_assert_msg(made_size == kept_size && memcmp(made_text, kept_text, made_size) == 0,
                  "%s is out of date; make it anew with %s", path, command);
    free(made_text);
    free(kept_text);
    fclose(made);
    fclose(kept);
}

START_TEST(the_schema_is_up_to_date)
{
    expect_same(schema_write, "scenario.schema.json",
                "faultzone schema >docs/reference/scenario.schema.json");
}
END_TEST

START_TEST(the_reference_is_up_to_date)
{
    expect_same(reference_write, "scenario.md", "faultzone reference >docs/reference/scenario.md");
}
END_TEST

START_TEST(the_resolvers_limits_are_up_to_date)
{
    expect_same(reference_write_resolver, "resolver.md",
                "faultzone reference resolver >docs/reference/resolver.md");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("schema");
    add_test(suite, the_schema_is_up_to_date);
    add_test(suite, the_reference_is_up_to_date);
    add_test(suite, the_resolvers_limits_are_up_to_date);
    return suite;
}
