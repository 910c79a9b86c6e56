#include "tests/support/guard.h"
#include "tests/wire/support.h"
#include "wire/rrtype.h"

static const struct {
    const char *name;
    const char *text;
    int number; /* -1: refused */
} types[] = {
    {"A", "A", 1},
    {"in lower case", "txt", 16},
    {"in mixed case", "NsEc3PaRaM", 51},
    {"with a hyphen", "nsap-ptr", 23},
    {"HTTPS", "HTTPS", 65},
    {"beyond the registry's middle", "DLV", 32769},
    {"by number", "TYPE65280", 65280},
    {"by number in lower case", "type0", 0},
    {"a known one by number", "TYPE1", 1},
    {"the largest number", "TYPE65535", 65535},
    {"a number too large", "TYPE65536", -1},
    {"a very large number", "TYPE4294967297", -1},
    {"no number", "TYPE", -1},
    {"a number and more", "TYPE1x", -1},
    {"small letters to the last of them", "zonemd", RRTYPE_ZONEMD},
    {"a beginning", "TX", -1},
    {"a mnemonic and more", "TXTS", -1},
    {"nothing", "", -1},
    {"a sign", "TYPE-1", -1},
};

START_TEST(reads_types)
{
    uint16_t number = 4711;
    const bool read = rrtype_parse(guarded_text(types[_i].text), &number);
    ck_assert(read == (types[_i].number >= 0));
    ck_assert_int_eq(number, read ? types[_i].number : 4711);
}
END_TEST

START_TEST(every_type_comes_back_from_its_text)
{
    for (uint32_t type = 0; type <= UINT16_MAX; type++) {
        char buffer[32];
        struct text text = text_in(buffer, sizeof buffer);
        uint16_t number = 0;
        rrtype_put(&text, (uint16_t)type);
        ck_assert(rrtype_parse(bytes_of_string(buffer), &number));
        ck_assert_uint_eq(number, type);
    }
}
END_TEST

START_TEST(rows_are_in_order_and_found)
{
    size_t count;
    const struct rrtype *rows = rrtype_rows(&count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_ptr_eq(rrtype_find(rows[i].number), &rows[i]);
        ck_assert_msg(i == 0 || rows[i].number > rows[i - 1].number, "%s", rows[i].mnemonic);
    }
    ck_assert_ptr_null(rrtype_find(0));
    ck_assert_ptr_null(rrtype_find(54));
    ck_assert_ptr_null(rrtype_find(UINT16_MAX));
}
END_TEST

static bool layout_has_names(const struct rrtype *row)
{
    bool has = false;
    for (const uint8_t *field = row->layout; *field != FIELD_END; field++) {
        has = has || *field == FIELD_NAME || *field == FIELD_NAMES || *field == FIELD_GATEWAY ||
              *field == FIELD_RELAY;
    }
    return has;
}

START_TEST(what_a_row_says_of_names_agrees_with_its_layout)
{
    size_t count;
    const struct rrtype *rows = rrtype_rows(&count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(rows[i].has_names == layout_has_names(&rows[i]), "%s", rows[i].mnemonic);
        ck_assert_msg(rows[i].has_names || rows[i].compression == COMPRESSION_NEVER, "%s",
                      rows[i].mnemonic);
        ck_assert_msg(rows[i].has_names || !rows[i].fold_names, "%s", rows[i].mnemonic);
        ck_assert_msg(rows[i].meta == rrtype_is_meta(rows[i].number), "%s", rows[i].mnemonic);
    }
}
END_TEST

/* RFC 3597 4. */
START_TEST(compression_is_the_rfcs)
{
    static const uint16_t written[] = {2, 3, 4, 5, 6, 7, 8, 9, 12, 14, 15};
    static const uint16_t accepted[] = {17, 18, 21, 24, 26, 30, 33, 35};
    size_t count;
    size_t found[3] = {0};
    const struct rrtype *rows = rrtype_rows(&count);
    for (size_t i = 0; i < count; i++) {
        found[rows[i].compression]++;
    }
    for (size_t i = 0; i < COUNT_OF(written); i++) {
        ck_assert_int_eq(rrtype_find(written[i])->compression, COMPRESSION_RFC1035);
    }
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        ck_assert_int_eq(rrtype_find(accepted[i])->compression, COMPRESSION_LENIENT);
    }
    ck_assert_uint_eq(found[COMPRESSION_RFC1035], COUNT_OF(written));
    ck_assert_uint_eq(found[COMPRESSION_LENIENT], COUNT_OF(accepted));
}
END_TEST

START_TEST(meta_types_are_the_rfcs)
{
    ck_assert(rrtype_is_meta(RRTYPE_OPT) && rrtype_is_meta(RRTYPE_ANY) && rrtype_is_meta(128));
    ck_assert(!rrtype_is_meta(127) && !rrtype_is_meta(256) && !rrtype_is_meta(RRTYPE_A));
}
END_TEST

static const struct {
    const char *name;
    const char *text;
    int number;
    const char *again;
} classes[] = {
    {"IN", "in", 1, "IN"},
    {"CH", "CH", 3, "CH"},
    {"HS", "hs", 4, "HS"},
    {"NONE", "none", 254, "NONE"},
    {"ANY", "Any", 255, "ANY"},
    {"by number", "CLASS4096", 4096, "CLASS4096"},
    {"IN by number", "class1", 1, "IN"},
    {"too large", "CLASS65536", -1, ""},
    {"none such", "INN", -1, ""},
};

START_TEST(reads_and_says_classes)
{
    char buffer[32];
    struct text text = text_in(buffer, sizeof buffer);
    uint16_t number = 4711;
    ck_assert(rrclass_parse(bytes_of_string(classes[_i].text), &number) ==
              (classes[_i].number >= 0));
    if (classes[_i].number >= 0) {
        ck_assert_int_eq(number, classes[_i].number);
        rrclass_put(&text, number);
        ck_assert_str_eq(buffer, classes[_i].again);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("rrtype");
    add_rows(suite, reads_types, types);
    add_test(suite, every_type_comes_back_from_its_text);
    add_test(suite, rows_are_in_order_and_found);
    add_test(suite, what_a_row_says_of_names_agrees_with_its_layout);
    add_test(suite, compression_is_the_rfcs);
    add_test(suite, meta_types_are_the_rfcs);
    add_rows(suite, reads_and_says_classes, classes);
    return suite;
}
