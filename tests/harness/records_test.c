/* Zone text through the whole loader: what it becomes, and where it is refused. */
#include "tests/harness/loading.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define HEAD "scenario: x\nzones:\n  z.example:\n    records: |\n" /* records begin in line 5 */
#define IN   "      "                                              /* and column 7 */

/* --- what is accepted --- */

static const struct accepted {
    const char *name;
    const char *text;
    const char *record;
} accepted[] = {
    {"relative owner", IN "a 60 A 192.0.2.9\n", "a.z.example. 60 IN A 192.0.2.9"},
    {"absolute owner", IN "b.z.example. 60 A 192.0.2.9\n", "b.z.example. 60 IN A 192.0.2.9"},
    {"apex", IN "@ 60 MX 5 m\n", "z.example. 60 IN MX 5 m.z.example."},
    {"default TTL", IN "a A 192.0.2.9\n", "a.z.example. 300 IN A 192.0.2.9"},
    {"TTL with units", IN "a 1h30m A 192.0.2.9\n", "a.z.example. 5400 IN A 192.0.2.9"},
    {"class before TTL", IN "a IN 60 A 192.0.2.9\n", "a.z.example. 60 IN A 192.0.2.9"},
    {"class after TTL", IN "a 60 IN A 192.0.2.9\n", "a.z.example. 60 IN A 192.0.2.9"},
    {"lower case", IN "a 60 in a 192.0.2.9\n", "a.z.example. 60 IN A 192.0.2.9"},
    {"owner before", IN "a 60 A 192.0.2.9\n" IN "  60 A 192.0.2.8\n",
     "a.z.example. 60 IN A 192.0.2.8"},
    {"$TTL", IN "$TTL 7m\n" IN "a A 192.0.2.9\n", "a.z.example. 420 IN A 192.0.2.9"},
    {"$ORIGIN", IN "$ORIGIN sub\n" IN "a CNAME b\n",
     "a.sub.z.example. 300 IN CNAME b.sub.z.example."},
    {"$ORIGIN absolute", IN "$ORIGIN z.example.\n" IN "a CNAME @\n",
     "a.z.example. 300 IN CNAME z.example."},
    {"$ORIGIN after a target", IN "a CNAME b\n" IN "$ORIGIN sub\n" IN "c CNAME d\n",
     "c.sub.z.example. 300 IN CNAME d.sub.z.example."},
    {"comment", IN "; nothing\n" IN "a CNAME b ; c\n", "a.z.example. 300 IN CNAME b.z.example."},
    {"parentheses", IN "a MX ( 10 ; first\n" IN "\n" IN "  m )\n",
     "a.z.example. 300 IN MX 10 m.z.example."},
    {"escaped dot", IN "a\\.b 60 A 192.0.2.9\n", "a\\.b.z.example. 60 IN A 192.0.2.9"},
    {"escaped dot in a target", IN "a CNAME b\\.c.\n", "a.z.example. 300 IN CNAME b\\.c."},
    {"decimal escape", IN "a\\032b 60 A 192.0.2.9\n", "a\\032b.z.example. 60 IN A 192.0.2.9"},
    {"wildcard", IN "* A 192.0.2.9\n", "*.z.example. 300 IN A 192.0.2.9"},
    {"one string", IN "a TXT \"b c\"\n", "a.z.example. 300 IN TXT \"b c\""},
    {"two strings stay two", IN "a TXT \"b\" \"c\"\n", "a.z.example. 300 IN TXT \"b\" \"c\""},
    {"adjacent strings", IN "a TXT \"b\"\"c\"\n", "a.z.example. 300 IN TXT \"b\" \"c\""},
    {"bare words", IN "a TXT b c\n", "a.z.example. 300 IN TXT \"b\" \"c\""},
    {"empty string", IN "a TXT \"\"\n", "a.z.example. 300 IN TXT \"\""},
    {"semicolon in quotes", IN "a TXT \"v=DKIM1; p=\"\n",
     "a.z.example. 300 IN TXT \"v=DKIM1; p=\""},
    {"escaped semicolon", IN "a TXT v=DKIM1\\;p=\n", "a.z.example. 300 IN TXT \"v=DKIM1;p=\""},
    {"literal backslash", IN "a TXT \"b\\\\;\"\n", "a.z.example. 300 IN TXT \"b\\\\;\""},
    {"any octet", IN "a TXT \"\\000\\255\\\"\"\n", "a.z.example. 300 IN TXT \"\\000\\255\\\"\""},
    {"UTF-8", IN "a TXT \"\xc3\xa4\"\n", "a.z.example. 300 IN TXT \"\\195\\164\""},
    {"generic TXT", IN "a TXT \\# 3 02 c2a0\n", "a.z.example. 300 IN TXT \"\\194\\160\""},
    {"generic A", IN "a A \\# 4 c0000209\n", "a.z.example. 300 IN A 192.0.2.9"},
    {"generic by number", IN "a TYPE1 \\# 4 C0000209\n", "a.z.example. 300 IN A 192.0.2.9"},
    {"unknown type", IN "a TYPE65300 \\# 2 beef\n", "a.z.example. 300 IN TYPE65300 \\# 2 BEEF"},
    {"unknown empty", IN "a TYPE65300 \\# 0\n", "a.z.example. 300 IN TYPE65300 \\# 0"},
    {"AAAA", IN "a AAAA 2001:DB8::1\n", "a.z.example. 300 IN AAAA 2001:db8::1"},
    {"SRV", IN "_a._tcp SRV 1 2 25 m\n", "_a._tcp.z.example. 300 IN SRV 1 2 25 m.z.example."},
    {"CAA", IN "a CAA 0 issue \"ca.example\"\n", "a.z.example. 300 IN CAA 0 issue \"ca.example\""},
    {"DNAME", IN "a DNAME b.example.\n", "a.z.example. 300 IN DNAME b.example."},
    {"HINFO", IN "a HINFO \"RFC8482\" \"\"\n", "a.z.example. 300 IN HINFO \"RFC8482\" \"\""},
};

START_TEST(accepts)
{
    static char text[4096];
    struct loading loading;
    struct text buffer = text_in(text, sizeof text);
    text_put(&buffer, HEAD);
    text_put(&buffer, accepted[_i].text);
    loading_begin_fine(&loading, text);
    ck_assert_msg(loading_has(loading_zone(&loading, "z.example")->zone, accepted[_i].record), "%s",
                  accepted[_i].name);
    loading_end(&loading);
}
END_TEST

/* --- what is refused --- */

static const struct refused {
    const char *name;
    const char *text;
    uint32_t line, column;
    const char *sentence;
    const char *hint;
} refused[] = {
    {"bad IPv4", IN "a 60 A 192.0.2.300\n", 5, 14, "not an IPv4 address", NULL},
    {"bad IPv6", IN "a AAAA 192.0.2.3\n", 5, 14, "not an IPv6 address", NULL},
    {"third line", IN "a A 192.0.2.1\n\n" IN "b A x\n", 7, 11, "`x` is not an IPv4", NULL},
    {"inside parentheses", IN "a MX ( ten\n" IN "m )\n", 5, 14, "data of type MX", NULL},
    {"missing data", IN "a A\n", 5, 9, "its data is missing", NULL},
    {"missing type", IN "a 60\n", 5, 9, "the record ends here", NULL},
    {"missing field", IN "a MX 10\n", 5, 12, "data of type MX", NULL},
    {"too much data", IN "a A 192.0.2.1 x\n", 5, 11, "not an IPv4", NULL},
    {"misspelt type", IN "a CNMAE b\n", 5, 9, "`CNMAE` is no RR type", "CNAME"},
    {"indented first", IN "a A 192.0.2.1\n" IN "  b A 192.0.2.1\n", 6, 9, "no RR type",
     "begins with a space"},
    {"owner elsewhere", IN "a.other. A 192.0.2.1\n", 5, 7, "not in the zone", NULL},
    {"owner too long",
     IN "a.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa A 192.0.2.1\n",
     5, 7, "not a domain name", NULL},
    {"empty label", IN "a..b A 192.0.2.1\n", 5, 7, "not a domain name", NULL},
    {"other class", IN "a CH A 192.0.2.1\n", 5, 9, "only the class IN", NULL},
    {"OPT", IN "a OPT \\# 0\n", 5, 9, "never data of a zone", NULL},
    {"ANY", IN "a ANY \\# 0\n", 5, 9, "never data of a zone", NULL},
    {"AXFR", IN "a AXFR x\n", 5, 9, "never data of a zone", NULL},
    {"IPSECKEY", IN "a IPSECKEY 10 0 2 . AQ==\n", 5, 9, "written as \\#", NULL},
    {"unknown type as text", IN "a TYPE65300 x\n", 5, 9, "written as \\#", NULL},
    {"unsound generic", IN "a A \\# 3 c00002\n", 5, 11, "not sound", NULL},
    {"generic TXT beyond", IN "a TXT \\# 2 0561\n", 5, 13, "not sound", NULL},
    {"generic too short", IN "a A \\# 4 c000\n", 5, 14, "fewer hex digits", NULL},
    {"generic too long", IN "a A \\# 1 c000\n", 5, 16, "no more than the number", NULL},
    {"generic odd", IN "a A \\# 4 c000020\n", 5, 14, "fewer hex digits", NULL},
    {"generic not hex", IN "a A \\# 4 c00002zz\n", 5, 16, "hex digits were expected", NULL},
    {"generic without size", IN "a A \\#\n", 5, 11, "number of octets", NULL},
    {"generic size too large", IN "a TXT \\# 65536 00\n", 5, 13, "number of octets", NULL},
    {"unquoted semicolon", IN "a TXT v=DKIM1; k=rsa\n", 5, 20, "begins a comment", "quotes"},
    {"open quote", IN "a TXT \"b\n" IN "c A 192.0.2.1\n", 5, 13, "not closed", NULL},
    {"open parenthesis", IN "a MX ( 10\n", 5, 12, "not closed", NULL},
    {"nested parentheses", IN "a MX ( ( 10 m ) )\n", 5, 14, "do not nest", NULL},
    {"closing parenthesis", IN "a MX 10 m )\n", 5, 17, "closes nothing", NULL},
    {"trailing backslash", IN "a TXT b\\\n", 5, 14, "nothing follows", NULL},
    {"$INCLUDE", IN "$INCLUDE /etc/passwd\n", 5, 7, "not supported", NULL},
    {"$GENERATE", IN "$GENERATE 1-9 a A 192.0.2.$\n", 5, 7, "not supported", NULL},
    {"unknown directive", IN "$FOO x\n", 5, 7, "unknown directive", NULL},
    {"bad $TTL", IN "$TTL soon\n", 5, 12, "not a TTL", NULL},
    {"$TTL without value", IN "$TTL\n", 5, 7, "takes one value", NULL},
    {"no owner yet", IN "a.other. A 192.0.2.1\n", 5, 7, "not in the zone", NULL},
    {"two mistakes", IN "a A x\n" IN "b A y\n", 6, 11, "`y` is not an IPv4", NULL},
};

START_TEST(refuses)
{
    static char text[4096];
    const struct refused *row = &refused[_i];
    struct loading loading;
    struct text buffer = text_in(text, sizeof text);
    text_put(&buffer, HEAD);
    text_put(&buffer, row->text);
    loading_begin(&loading, text);
    loading_expect_error(&loading, row->line, row->column, row->sentence, row->hint);
    loading_end(&loading);
}
END_TEST

/* --- strings --- */

static void load_string_of(struct loading *loading, size_t size)
{
    static char text[1024];
    struct text buffer = text_in(text, sizeof text);
    text_put(&buffer, HEAD IN "a TXT \"");
    for (size_t i = 0; i < size; i++) {
        text_put(&buffer, i == 0 ? "\\120" : "x"); /* an escape is one octet */
    }
    text_put(&buffer, "\"\n");
    loading_begin(loading, text);
}

START_TEST(a_string_holds_255_octets_and_no_more)
{
    struct loading loading;
    load_string_of(&loading, 255);
    ck_assert_ptr_nonnull(loading.scenario);
    loading_end(&loading);
    load_string_of(&loading, 256);
    loading_expect_error(&loading, 5, 13, "255 octets at most, this one has 256", "split it");
    loading_end(&loading);
}
END_TEST

START_TEST(a_very_long_record_is_refused_and_its_generic_form_is_not)
{
    static char text[200 * 1024];
    struct loading loading;
    struct text buffer = text_in(text, sizeof text);
    text_put(&buffer, HEAD IN "a TXT");
    for (unsigned i = 0; i < 100; i++) {
        text_put_format(&buffer, " \"%0240d\"", 0);
    }
    text_put(&buffer, "\n");
    loading_begin(&loading, text);
    loading_expect_error(&loading, 5, 13, "too long as text", NULL);
    loading_end(&loading);
    buffer = text_in(text, sizeof text);
    text_put(&buffer, HEAD IN "a TXT \\# 65280 ");
    for (unsigned i = 0; i < 255; i++) {
        text_put_format(&buffer, "ff%0510d", 0);
    }
    text_put(&buffer, "\n");
    loading_begin_fine(&loading, text);
    loading_end(&loading);
}
END_TEST

START_TEST(a_record_of_very_many_words_is_refused)
{
    static char text[16 * 1024];
    struct loading loading;
    struct text buffer = text_in(text, sizeof text);
    text_put(&buffer, HEAD IN "a TXT");
    for (unsigned i = 0; i < 1100; i++) {
        text_put(&buffer, " x");
    }
    loading_begin(&loading, text);
    ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "too many words"));
    loading_end(&loading);
}
END_TEST

/* --- other shapes --- */

START_TEST(a_list_of_lines_is_zone_text_too)
{
    struct loading loading;
    loading_begin_fine(&loading, "scenario: x\nzones:\n  z.example:\n    ttl: 77\n    records:\n"
                                 "      - a A 192.0.2.9\n      - 'b TXT \"c;d\"'\n");
    const struct zone *zone = loading_zone(&loading, "z.example")->zone;
    ck_assert(loading_has(zone, "a.z.example. 77 IN A 192.0.2.9"));
    ck_assert(loading_has(zone, "b.z.example. 77 IN TXT \"c;d\""));
    loading_end(&loading);
    loading_begin(&loading, "scenario: x\nzones:\n  z.example:\n    records:\n"
                            "      - a A 192.0.2.9\n      - b A x\n");
    loading_expect_error(&loading, 6, 13, "`x` is not an IPv4 address", NULL);
    loading_end(&loading);
}
END_TEST

START_TEST(folded_text_and_mappings_are_refused)
{
    struct loading loading;
    loading_begin(&loading, "scenario: x\nzones:\n  z.example:\n    records: >\n      a A b\n");
    loading_expect_error(&loading, 4, 14, "write `|` instead", NULL);
    loading_end(&loading);
    loading_begin(&loading, "scenario: x\nzones:\n  z.example:\n    records: {a: b}\n");
    loading_expect_error(&loading, 4, 14, "zone text (|) or a list", NULL);
    loading_end(&loading);
}
END_TEST

START_TEST(places_of_records_are_those_of_the_file)
{
    struct loading loading;
    loading_begin_fine(&loading, HEAD IN "; c\n" IN "a A 192.0.2.9\n" IN "  A 192.0.2.8\n");
    const struct scenario_zone *zone = loading_zone(&loading, "z.example");
    ck_assert_uint_eq(zone->said_count, 2);
    ck_assert_uint_eq(zone->said[0].place.line, 6);
    ck_assert_uint_eq(zone->said[0].place.column, 7);
    ck_assert_uint_eq(zone->said[1].place.line, 7);
    ck_assert_uint_eq(zone->said[1].place.column, 9);
    loading_end(&loading);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("records");
    add_rows(suite, accepts, accepted);
    add_rows(suite, refuses, refused);
    add_test(suite, a_string_holds_255_octets_and_no_more);
    add_test(suite, a_very_long_record_is_refused_and_its_generic_form_is_not);
    add_test(suite, a_record_of_very_many_words_is_refused);
    add_test(suite, a_list_of_lines_is_zone_text_too);
    add_test(suite, folded_text_and_mappings_are_refused);
    add_test(suite, places_of_records_are_those_of_the_file);
    return suite;
}
