#include "inspect/punycode.h"

#include "tests/support/support.h"

/* As Python's codec "punycode" has them. */
static const struct row {
    const char *name;
    const char *raw;   /* in zone text: UTF-8 octets as \\DDD */
    const char *ascii; /* NULL: there is none */
} rows[] = {
    {"umlaut", "k1._domainkey.m\\195\\188ller.example.", "k1._domainkey.xn--mller-kva.example."},
    {"two labels", "b\\195\\188ro.m\\195\\188ller.example.", "xn--bro-hoa.xn--mller-kva.example."},
    {"no basic letter", "\\228\\189\\160.example.", "xn--6qq.example."},
    {"letter behind basic ones", "pro\\196\\141.example.", "xn--pro-hqa.example."},
    {"many of one script",
     "\\228\\187\\150\\228\\187\\172\\228\\184\\186\\228\\187\\128\\228\\185\\136\\228\\184\\141\\2"
     "32\\175\\180\\228\\184\\173\\230\\150\\135.example.",
     "xn--ihqwcrb4cv8a8dqg056pqjye.example."},
    {"plain", "k1._domainkey.c.example.", NULL},
    {"no UTF-8", "m\\252ller.example.", NULL},
    {"cut UTF-8", "m\\195.example.", NULL},
    {"overlong UTF-8", "m\\193\\160.example.", NULL},
};

static struct name named(const char *text)
{
    struct name name;
    ck_assert(name_parse_text(bytes_of_string(text), NULL, &name, NULL));
    return name;
}

START_TEST(raw_labels_become_a_labels)
{
    const struct row *row = &rows[_i];
    const struct name raw = named(row->raw);
    struct name ascii;
    ck_assert_int_eq(punycode_encode_name(&raw, &ascii), row->ascii != NULL);
    if (row->ascii != NULL) {
        const struct name wanted = named(row->ascii);
        ck_assert(name_identical(&ascii, &wanted));
    }
}
END_TEST

START_TEST(a_labels_become_raw_labels)
{
    const struct row *row = &rows[_i];
    struct name raw;
    if (row->ascii == NULL) {
        const struct name plain = named(row->raw);
        ck_assert(!punycode_decode_name(&plain, &raw));
        return;
    }
    const struct name ascii = named(row->ascii);
    const struct name wanted = named(row->raw);
    ck_assert(punycode_decode_name(&ascii, &raw));
    ck_assert(name_identical(&raw, &wanted));
}
END_TEST

static const struct nonsense {
    const char *name;
    const char *text;
} nonsenses[] = {
    {"bad digit", "xn--a-_.example."},
    {"number that does not end", "xn--a-999.example."},
    {"too great a number", "xn--a-99999999999999999999.example."},
    {"nothing behind the prefix", "xn--.example."},
};

START_TEST(nonsense_is_refused)
{
    const struct name name = named(nonsenses[_i].text);
    struct name raw;
    ck_assert(!punycode_decode_name(&name, &raw));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("punycode");
    add_rows(suite, raw_labels_become_a_labels, rows);
    add_rows(suite, a_labels_become_raw_labels, rows);
    add_rows(suite, nonsense_is_refused, nonsenses);
    return suite;
}
