#include "inspect/probe.h"

#include "tests/mail/replies.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define N "k1._domainkey.c.example."

START_TEST(sibling_shares_all_but_the_first_label)
{
    const struct name name = name_of_text(N);
    const struct name parent = name_of_text("_domainkey.c.example.");
    struct name sibling;
    struct name other;
    ck_assert(probe_sibling(&name, 1, &sibling));
    ck_assert_uint_eq(sibling.labels, name.labels);
    ck_assert(name_is_at_or_below(&sibling, &parent) && !name_equal(&sibling, &name));
    ck_assert(probe_sibling(&name, 1, &other) && name_equal(&other, &sibling));
    ck_assert(probe_sibling(&name, 2, &other) && !name_equal(&other, &sibling));
    ck_assert(!probe_sibling(name_root(), 1, &sibling));
}
END_TEST

static const struct variant {
    const char *name;
    bool (*make)(const struct name *name, struct name *ret);
    const char *from;
    const char *to; /* NULL: there is none */
} variants[] = {
    {"underscore lost", probe_without_underscores, N, "k1.domainkey.c.example."},
    {"every underscore lost", probe_without_underscores, "_a._b.c.", "a.b.c."},
    {"underscore inside a label stays", probe_without_underscores, "a_b.c.", NULL},
    {"underscore alone stays", probe_without_underscores, "_.c.", NULL},
    {"domainkey lost", probe_without_domainkey, N, "k1.c.example."},
    {"domainkey in another case", probe_without_domainkey, "k1._DOMAINKEY.c.", "k1.c."},
    {"no domainkey", probe_without_domainkey, "k1.c.example.", NULL},
};

START_TEST(variants_of_a_name)
{
    const struct variant *row = &variants[_i];
    const struct name from = name_of_text(row->from);
    struct name made;
    ck_assert(row->make(&from, &made) == (row->to != NULL));
    if (row->to != NULL) {
        const struct name to = name_of_text(row->to);
        ck_assert(name_equal(&made, &to));
    }
}
END_TEST

START_TEST(sibling_is_the_same_in_whatever_letters)
{
    const struct name small = name_of_text(N);
    const struct name large = name_of_text("K1._DomainKey.C.EXAMPLE.");
    struct name one;
    struct name other;
    ck_assert(probe_sibling(&small, 1, &one) && probe_sibling(&large, 1, &other));
    ck_assert(name_equal(&one, &other));
}
END_TEST

START_TEST(asked_in_small_letters_but_where_mixed_ones_are_the_question)
{
    const struct name small = name_of_text(N);
    const struct name large = name_of_text("K1._DomainKey.C.EXAMPLE.");
    const struct endpoint resolver = {{ADDRESS_V4, {192, 0, 2, 53}}, 53};
    const struct address server = address_v4((const uint8_t[]){192, 0, 2, 1});
    for (int manner = MANNER_PLAIN; manner < PROBE_MANNERS; manner++) {
        const struct probe probe = probe_at(&server, &large, RRTYPE_TXT, (enum probe_manner)manner);
        struct client_question question;
        probe_question(&probe, &resolver, &question);
        ck_assert_int_eq(name_identical(&question.name, &small), manner != MANNER_MIXED_CASE);
        ck_assert(name_equal(&question.name, &small));
    }
}
END_TEST

START_TEST(doubled_name_ends_in_the_zone_twice)
{
    const struct name name = name_of_text(N);
    const struct name zone = name_of_text("c.example.");
    const struct name wanted = name_of_text("k1._domainkey.c.example.c.example.");
    struct name doubled;
    ck_assert(probe_doubled(&name, &zone, &doubled));
    ck_assert(name_equal(&doubled, &wanted));
    ck_assert(!probe_doubled(&name, name_root(), &doubled));
}
END_TEST

static const struct dot {
    const char *name; /* the target that is there */
    bool lacks;
} dots[] = {
    {"k1.esp.example.c.example.", true},
    {"K1.esp.example.C.example.", true},
    {"k1.esp.example._domainkey.c.example.", true},
    {"k1.esp.example.example.", true},
    {"k1.esp.example.", false},
    {"k2.esp.example.c.example.", false},
    {"k1.esp.example.d.example.", false},
    {"x.k1.esp.example.c.example.", false},
};

START_TEST(missing_dot_is_the_target_and_an_ancestor_of_the_name)
{
    const struct name name = name_of_text(N);
    const struct name wanted = name_of_text("k1.esp.example.");
    const struct name target = name_of_text(dots[_i].name);
    ck_assert(probe_lacks_dot(&target, &wanted, &name) == dots[_i].lacks);
}
END_TEST

START_TEST(a_probe_reads_as_type_and_name)
{
    char buffer[64];
    struct text text = text_in(buffer, sizeof buffer);
    const struct name name = name_of_text(N);
    const struct probe probe = probe_of(&name, RRTYPE_AAAA);
    probe_put(&text, &probe);
    ck_assert_str_eq(buffer, "AAAA k1._domainkey.c.example.");
}
END_TEST

START_TEST(a_second_look_is_a_question_of_its_own)
{
    char buffer[64];
    struct text text = text_in(buffer, sizeof buffer);
    struct client_question question;
    const struct endpoint resolver = {{ADDRESS_V4, {192, 0, 2, 53}}, 53};
    const struct name name = name_of_text(N);
    const struct probe first = probe_of(&name, RRTYPE_TXT);
    const struct probe again = probe_again(&first, 10 * NS_PER_S);
    ck_assert(!probe_equal(&first, &again));
    probe_question(&again, &resolver, &question);
    ck_assert(question.recursion_desired && endpoint_equal(&question.server, &resolver));
    probe_put(&text, &again);
    ck_assert_str_eq(buffer, "TXT k1._domainkey.c.example., once more");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("probe");
    add_test(suite, sibling_shares_all_but_the_first_label);
    add_test(suite, sibling_is_the_same_in_whatever_letters);
    add_test(suite, asked_in_small_letters_but_where_mixed_ones_are_the_question);
    add_rows(suite, variants_of_a_name, variants);
    add_test(suite, doubled_name_ends_in_the_zone_twice);
    add_rows(suite, missing_dot_is_the_target_and_an_ancestor_of_the_name, dots);
    add_test(suite, a_probe_reads_as_type_and_name);
    add_test(suite, a_second_look_is_a_question_of_its_own);
    return suite;
}
