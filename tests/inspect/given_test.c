#include "inspect/given.h"

#include "tests/mail/replies.h"
#include "tests/support/support.h"

#define TEXT_OCTETS_MAX 2000

static const struct understood {
    const char *name;
    const char *text;
    const char *seen; /* relative to c.example */
} understoods[] = {
    {"as it is", "K1._domainkey", "K1._domainkey.c.example."},
    {"the origin", "@", "c.example."},
    {"final dot", "customer.example.", "customer.example."},
    {"escaped", "a\\@b\\046c", "a\\@b\\.c.c.example."},
    {"escaped at the start", "\\047a.", "\\/a."},
    {"wildcard", "*.a", "*.a.c.example."},
    /* as Python's codec "idna" has them */
    {"umlaut", "münchen.example.", "xn--mnchen-3ya.example."},
    {"capitals", "K1.MÜNCHEN.example.", "k1.xn--mnchen-3ya.example."},
    {"Polish capitals", "ŁÓDŹ.example.", "xn--d-uga0v4h.example."},
    {"Romanian", "Țară.example.", "xn--ar-kla13i.example."},
    {"Greek capitals", "ΑΘΗΝΑ.example.", "xn--mxaard0a.example."},
    {"Cyrillic capitals", "Ёлка.РФ.", "xn--80atc1g.xn--p1ai."},
    {"Vietnamese", "VIỆT.example.", "xn--vit-5kz.example."},
    {"Chinese", "例え.example.", "xn--r8jz45g.example."},
    {"Korean", "한국.example.", "xn--3e0b707e.example."},
    {"Hebrew", "שלום.example.", "xn--9dbne9b.example."},
};

START_TEST(what_is_meant_is_understood)
{
    const struct understood *row = &understoods[_i];
    const struct name origin = name_of_text("c.example.");
    const struct name wanted = name_of_text(row->seen);
    struct given_fault fault = {.why = "no reason"};
    struct name name;
    ck_assert_msg(given_name_read(bytes_of_string(row->text), &origin, &name, &fault), "%s",
                  fault.why);
    ck_assert(name_identical(&name, &wanted));
}
END_TEST

static const struct refused {
    const char *name;
    const char *text;
    const char *told;
} refuseds[] = {
    {"URL", "https://user@customer.example:8443/a@b",
     "it is a URL or a path; did you mean customer.example?"},
    {"path", "customer.example/", "it is a URL or a path; did you mean customer.example?"},
    {"address", "info@customer.example", "it is an e-mail address; did you mean customer.example?"},
    {"address of a letter", "<info@münchen.example>",
     "it is an e-mail address; did you mean xn--mnchen-3ya.example?"},
    {"port", "customer.example:53", "there is a colon in it; did you mean customer.example?"},
    {"IPv6 address", "2001:db8::1", "there is a colon in it"},
    {"blank", "customer.example # ours", "there is a blank in it; did you mean customer.example?"},
    {"two words", "our customer", "there is a blank in it"},
    {"quotes", "\"customer.example\"",
     "there are quotes around it; did you mean customer.example?"},
    {"column", "customer.example,yes",
     "a character in it is none of a name's; did you mean customer.example?"},
    {"empty", "", "the name is empty"},
    {"empty label", "a..b", "a label is empty"},
    {"sharp s", "straße.example", NULL},
    {"final sigma", "Αθήνας.example", NULL},
    {"combining mark", "mu\xcc\x88nchen.example", NULL},
    {"dotted I", "İstanbul.example", NULL},
    {"emoji", "😀.example", NULL},
    {"no UTF-8", "m\xfcnchen.example", NULL},
    {"cut UTF-8", "m\xc3", NULL},
    {"overlong UTF-8", "m\xe0\x81\xa1.example", NULL},
};

START_TEST(a_slip_is_refused_in_words)
{
    const struct refused *row = &refuseds[_i];
    char buffer[TEXT_OCTETS_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    struct given_fault fault;
    struct name name = {.size = 77};
    ck_assert(!given_name_read(bytes_of_string(row->text), NULL, &name, &fault));
    ck_assert_uint_eq(name.size, 77);
    given_fault_put(&text, &fault);
    if (row->told != NULL) {
        ck_assert_str_eq(buffer, row->told);
    } else {
        ck_assert_ptr_nonnull(strstr(buffer, "give it in the DNS's own form, xn--"));
    }
}
END_TEST

static const struct joined {
    const char *name;
    const char *text;
    const char *seen; /* NULL: refused */
} joineds[] = {
    {"plain", "v=DKIM1; p=AAA", "v=DKIM1; p=AAA"},
    {"plain with blanks", " v=DKIM1; p=AAA ", " v=DKIM1; p=AAA "},
    {"one string", "\"v=DKIM1; p=AAA\"", "v=DKIM1; p=AAA"},
    {"two strings", " \"v=DKIM1; p=AAA\" \t\"BBB\"", "v=DKIM1; p=AAABBB"},
    {"nothing between them", "\"v=DKIM1; \"\"p=AAA\"", "v=DKIM1; p=AAA"},
    {"as a key generator writes it", "( \"v=DKIM1; \"\n\t\"p=AAA\" )  ; ----- DKIM key k1",
     "v=DKIM1; p=AAA"},
    {"as dig shows it", "\"v=DKIM1\\; p=AAA\\\"\\065\"", "v=DKIM1; p=AAA\"A"},
    {"empty strings", "\"\" \"\"", ""},
    {"no closing quote", "\"v=DKIM1; p=AAA", NULL},
    {"escaped closing quote", "\"v=DKIM1; p=AAA\\\"", NULL},
    {"something behind it", "\"v=DKIM1;\" p=AAA", NULL},
};

START_TEST(quoted_strings_are_joined)
{
    const struct joined *row = &joineds[_i];
    struct arena arena;
    struct bytes seen;
    const char *why = NULL;
    arena_init(&arena, 65536);
    ck_assert_int_eq(given_text_read(bytes_of_string(row->text), &arena, &seen, &why),
                     row->seen != NULL);
    if (row->seen != NULL) {
        ck_assert(bytes_equal(seen, bytes_of_string(row->seen)));
    } else {
        ck_assert_ptr_nonnull(why);
    }
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("given");
    add_rows(suite, what_is_meant_is_understood, understoods);
    add_rows(suite, a_slip_is_refused_in_words, refuseds);
    add_rows(suite, quoted_strings_are_joined, joineds);
    return suite;
}
