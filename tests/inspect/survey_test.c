#include "inspect/survey.h"

#include "tests/support/support.h"

static const struct row {
    const char *name; /* a zone */
    bool is_registry;
} rows[] = {
    {".", true},         {"com.", true},           {"example.", true},      {"co.uk.", true},
    {"COM.au.", true},   {"customer.com.", false}, {"customer.uk.", false}, {"co.example.", false},
    {"a.co.uk.", false}, {"coo.uk.", false},
};

START_TEST(registries_are_told_from_customers)
{
    struct name zone;
    ck_assert(name_parse_text(bytes_of_string(rows[_i].name), NULL, &zone, NULL));
    ck_assert_int_eq(survey_is_registry(NULL, &zone), rows[_i].is_registry);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("survey");
    add_rows(suite, registries_are_told_from_customers, rows);
    return suite;
}
