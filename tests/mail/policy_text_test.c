#include "mail/policy_text.h"

#include "base/text.h"
#include "tests/support/guard.h"
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
    {"another record", "x=spf1 include:_spf.esp.example", "v=spf1 include:_spf.esp.example", false},
    {"half a version", "v=spf", "v=spf1", false},
    {"nothing", "", "v=spf1", false},
    {"mechanisms without an argument are the customer's", "v=spf1 -all", "v=spf1 a mx ?all", true},
    {"refusals are the customer's", "v=spf1 -all",
     "v=spf1 -include:a.example ~include:b.example ?include:c.example", true},
    {"a plus and nothing", "v=spf1 +", "v=spf1 +", true},
    {"spaces at the end", "v=spf1 include:a.example  ", "v=spf1  include:a.example ", true},
    {"first and last capital", "v=spf1 include:AZ.example", "v=spf1 include:az.example", true},
    {"asked for with a final dot", "v=spf1 include:_spf.esp.example",
     "v=spf1 include:_spf.esp.example.", true},
    {"with a final dot", "v=spf1 include:_spf.esp.example. -all", "v=spf1 include:_spf.esp.example",
     true},
    {"only letters have a case", "v=spf1 include:\x7fspf.example", "v=spf1 include:_spf.example",
     false},
    {"a digit is no capital", "v=spf1 include:\x11.example", "v=spf1 include:1.example", false},
};

START_TEST(spf_terms_are_found_whatever_stands_around_them)
{
    const struct spf *row = &spfs[_i];
    ck_assert_int_eq(spf_has_terms(guarded_text(row->published), guarded_text(row->wanted)),
                     row->has);
}
END_TEST

/* What stands behind "all" is never looked at (RFC 7208 5.1). */
static const struct behind {
    const char *name, *published;
    bool has, hides; /* include:a.example */
} behinds[] = {
    {"behind all", "v=spf1 mx -all include:a.example", false, true},
    {"behind all without a qualifier", "v=spf1 all include:a.example", false, true},
    {"behind all in capitals", "v=spf1 ~ALL include:a.example", false, true},
    {"behind what lets all pass", "v=spf1 +all include:a.example", false, true},
    {"behind what says nothing", "v=spf1 ?all include:a.example", false, true},
    {"before all and behind", "v=spf1 include:a.example -all include:a.example", true, false},
    {"another behind all", "v=spf1 -all include:b.example", false, false},
    {"no record", "v=spf2 -all include:a.example", false, false},
    {"a mechanism that ends like all", "v=spf1 exists:all include:a.example", true, false},
    {"a word that begins like all", "v=spf1 -all2 include:a.example", true, false},
    {"two qualifiers", "v=spf1 --all include:a.example", true, false},
};

START_TEST(spf_terms_behind_all_do_not_count)
{
    const struct behind *row = &behinds[_i];
    const struct bytes wanted = guarded_text("v=spf1 include:a.example ?all");
    ck_assert_int_eq(spf_has_terms(guarded_text(row->published), wanted), row->has);
    ck_assert_int_eq(spf_hides_terms(guarded_text(row->published), wanted), row->hides);
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
    {"another tag of this value", "x=DMARC1; p=reject", false, false},
    {"version alone", "v=DMARC1", true, false},
    {"no value at the end", "v=DMARC1; p=", true, false},
    {"no equals sign at the end", "v=DMARC1; p", true, false},
    {"a tag without an equals sign", "v=DMARC1; x; p=reject", true, true},
    {"a tag of blanks", "v=DMARC1; ; \t ;p=reject", true, true},
    {"blanks around a value", "v=DMARC1\t;\tp\t=\treject\t", true, true},
};

START_TEST(dmarc_policies_are_compared)
{
    const struct dmarc *row = &dmarcs[_i];
    const struct bytes text = guarded_text(row->published);
    ck_assert_int_eq(dmarc_is_record(text), row->is);
    ck_assert_int_eq(dmarc_is_enough(text, bytes_of_string("v=DMARC1; p=quarantine")), row->enough);
}
END_TEST

START_TEST(no_policy_is_never_enough)
{
    const struct bytes nothing = guarded_text("v=DMARC1; rua=mailto:d@c.example");
    ck_assert(!dmarc_is_enough(nothing, nothing));
    ck_assert(dmarc_is_enough(guarded_text("v=DMARC1; p=none"), nothing));
}
END_TEST

static const struct inherited {
    const char *name, *text;
    bool enough_below;
    enum dmarc_psd psd;
} inherited[] = {
    {"p counts below", "v=DMARC1; p=reject", true, DMARC_PSD_UNSAID},
    {"sp counts more", "v=DMARC1; p=reject; sp=none", false, DMARC_PSD_UNSAID},
    {"sp is stricter", "v=DMARC1; p=none; sp=Quarantine; psd=n", true, DMARC_PSD_NO},
    {"sp of no known kind", "v=DMARC1; p=reject; sp=maybe; psd=Y", true, DMARC_PSD_YES},
    {"psd that is unsure", "v=DMARC1; p=none; psd=u", false, DMARC_PSD_UNSAID},
    {"no record at all", "p=reject; sp=reject", false, DMARC_PSD_UNSAID},
};

START_TEST(dmarc_policies_are_inherited)
{
    const struct inherited *row = &inherited[_i];
    const struct bytes text = bytes_of_string(row->text);
    const struct bytes wanted = bytes_of_string("v=DMARC1; p=quarantine");
    ck_assert_int_eq(dmarc_is_enough_below(text, wanted), row->enough_below);
    ck_assert_int_eq(dmarc_psd_of(text), row->psd);
}
END_TEST

static const struct sound {
    const char *name, *record;
    bool is_sound;
} sounds[] = {
    {"every mechanism",
     "v=spf1 a mx/24 ptr +a:b.example/24//64 -mx:c.example ~ip4:192.0.2.1 ?ip6:2001:db8::/32 "
     "exists:%{i}.d.example INCLUDE:e.example -all",
     true},
    {"modifiers", "v=spf1 redirect=a.example exp=b.example x-y.z_1=what:ever/", true},
    {"nothing", "v=spf1", true},
    {"no such mechanism", "v=spf1 ipv4:192.0.2.1 -all", false},
    {"no such mechanism behind all", "v=spf1 -all ipv4:192.0.2.1", false},
    {"a word", "v=spf1 include:a.example please -all", false},
    {"a qualifier and nothing", "v=spf1 +", false},
    {"no SPF", "v=spf2 -all", false},
};

START_TEST(a_word_that_is_no_mechanism_breaks_the_record)
{
    const struct sound *row = &sounds[_i];
    ck_assert_int_eq(spf_is_sound(guarded_text(row->record)), row->is_sound);
}
END_TEST

static const struct reference {
    const char *name, *record, *domains; /* a blank behind each */
} references[] = {
    {"includes", "v=spf1 include:a.example mx +INCLUDE:b.example. ~all", "a.example b.example. "},
    {"includes that cannot pass", "v=spf1 -include:a.example ?include:b.example", ""},
    {"behind all", "v=spf1 include:a.example ~all include:b.example", "a.example "},
    {"a redirect", "v=spf1 redirect=b.example include:a.example", "a.example b.example "},
    {"a redirect beside all", "v=spf1 redirect=b.example -all", ""},
    {"more than there is room for",
     "v=spf1 include:a.example include:b.example include:c.example redirect=d.example",
     "a.example b.example "},
};

START_TEST(a_record_refers_to_others)
{
    const struct reference *row = &references[_i];
    struct bytes domains[2];
    char buffer[64];
    struct text text = text_in(buffer, sizeof buffer);
    const size_t count = spf_references(guarded_text(row->record), domains, COUNT_OF(domains));
    ck_assert_uint_le(count, COUNT_OF(domains));
    for (size_t i = 0; i < count; i++) {
        text_put_bytes(&text, domains[i]);
        text_put_char(&text, ' ');
    }
    ck_assert_str_eq(buffer, row->domains);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("policy_text");
    add_rows(suite, spf_terms_are_found_whatever_stands_around_them, spfs);
    add_rows(suite, spf_terms_behind_all_do_not_count, behinds);
    add_rows(suite, a_word_that_is_no_mechanism_breaks_the_record, sounds);
    add_rows(suite, a_record_refers_to_others, references);
    add_rows(suite, dmarc_policies_are_compared, dmarcs);
    add_test(suite, no_policy_is_never_enough);
    add_rows(suite, dmarc_policies_are_inherited, inherited);
    return suite;
}
