#include "mail/policy_text.h"

#include "tests/support/support.h"

static const struct spf {
    const char *name, *published, *wanted;
    bool has;
} spfs[] = {
    {"the same", "v=spf1 include:_spf.esp.example -all", "v=spf1 include:_spf.esp.example -all",
     true},
    {"among others", "v=spf1 mx include:_spf.other.example include:_SPF.esp.example ~all",
     "v=spf1 include:_spf.esp.example -all", true},
    {"with a plus", "v=spf1 +include:_spf.esp.example -all", "v=spf1 include:_spf.esp.example -all",
     true},
    {"lacking", "v=spf1 include:_spf.other.example -all", "v=spf1 include:_spf.esp.example -all",
     false},
    {"one of two lacking", "v=spf1 include:a.example -all",
     "v=spf1 include:a.example ip4:192.0.2.1 -all", false},
    {"refused", "v=spf1 -include:_spf.esp.example -all", "v=spf1 include:_spf.esp.example -all",
     false},
    {"part of another", "v=spf1 include:_spf.esp.example.org -all",
     "v=spf1 include:_spf.esp.example -all", false},
    {"no SPF", "v=spf10 include:_spf.esp.example", "v=spf1 include:_spf.esp.example", false},
    {"nothing asked for", "v=spf1", "v=spf1 -all", true},
};

START_TEST(spf_terms_are_found_whatever_stands_around_them)
{
    const struct spf *row = &spfs[_i];
    ck_assert_int_eq(spf_has_terms(bytes_of_string(row->published), bytes_of_string(row->wanted)),
                     row->has);
}
END_TEST

static const struct dmarc {
    const char *name, *published;
    bool is, enough;
} dmarcs[] = {
    {"the same", "v=DMARC1; p=quarantine", true, true},
    {"stricter", "v=DMARC1;p=REJECT; rua=mailto:d@c.example", true, true},
    {"weaker", "v=DMARC1; p=none", true, false},
    {"no policy", "v=DMARC1; rua=mailto:d@c.example", true, false},
    {"unknown policy", "v=DMARC1; p=strict", true, false},
    {"white space", " v = DMARC1 ; p = reject ;", true, true},
    {"not first", "p=reject; v=DMARC1", false, false},
    {"small letters", "v=dmarc1; p=reject", false, false},
    {"empty", "", false, false},
};

START_TEST(dmarc_policies_are_compared)
{
    const struct dmarc *row = &dmarcs[_i];
    const struct bytes text = bytes_of_string(row->published);
    ck_assert_int_eq(dmarc_is_record(text), row->is);
    ck_assert_int_eq(dmarc_is_enough(text, bytes_of_string("v=DMARC1; p=quarantine")), row->enough);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("policy_text");
    add_rows(suite, spf_terms_are_found_whatever_stands_around_them, spfs);
    add_rows(suite, dmarc_policies_are_compared, dmarcs);
    return suite;
}
