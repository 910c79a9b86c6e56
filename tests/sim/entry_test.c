/* How records are entered: what each row of the table makes of one. */
#include "sim/entry.h"

#include <string.h>

#include "base/text.h"
#include "tests/sim/stage.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define CNAME "k1._domainkey 60 CNAME k.esp.test."
#define TEXT  "k1._domainkey 60 TXT v=DKIM1; k=rsa; p=AAAA"
#define D10   "0123456789"
#define D50   D10 D10 D10 D10 D10
#define D250  D50 D50 D50 D50 D50
#define LONG  "t 60 TXT " D250 "|" D250
#define SPKI  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"

static const struct row {
    const char *name;
    const char *rule;
    const char *typed;
    const char *entered; /* one line a record */
} rows[] = {
    {"doubled", "doubled-zone", CNAME, "k1._domainkey.a.test.a.test. CNAME k.esp.test.\n"},
    {"doubled at the apex", "doubled-zone", "@ 60 TXT x", "a.test.a.test. TXT \"x\"\n"},
    {"no dot", "missing-dot", CNAME, "k1._domainkey.a.test. CNAME k.esp.test.a.test.\n"},
    {"no dot, MX", "missing-dot", "@ 60 MX 10 mx.esp.test.", "a.test. MX 10 mx.esp.test.a.test.\n"},
    {"no dot, no target", "missing-dot", TEXT,
     "k1._domainkey.a.test. TXT \"v=DKIM1; k=rsa; p=AAAA\"\n"},
    {"escaped dot", "escaped-dot", CNAME, "k1._domainkey.a.test. CNAME k.esp.test\\..a.test.\n"},
    {"escaped dot, the root", "escaped-dot", "x 60 CNAME .", "x.a.test. CNAME .\n"},
    {"one label", "one-label", CNAME, "k1\\._domainkey.a.test. CNAME k.esp.test.\n"},
    {"one label at the apex", "one-label", "@ 60 TXT x", "a.test. TXT \"x\"\n"},
    {"target as text", "target-as-text", CNAME, "k1._domainkey.a.test. TXT \"k.esp.test\"\n"},
    {"swapped", "swapped-fields", CNAME, "k.esp.test.a.test. CNAME k1._domainkey.a.test.\n"},
    {"no _domainkey", "no-domainkey", CNAME, "k1.a.test. CNAME k.esp.test.\n"},
    {"no selector", "no-selector", CNAME, "_domainkey.a.test. CNAME k.esp.test.\n"},
    {"below www", "below-www", CNAME, "k1._domainkey.www.a.test. CNAME k.esp.test.\n"},
    {"no underscore", "no-underscore", "_a._b 60 TXT x", "a.b.a.test. TXT \"x\"\n"},
    {"only an underscore", "no-underscore", "x._ 60 TXT x", "x.a.test. TXT \"x\"\n"},
    {"at the apex", "apex-cname", CNAME, "a.test. CNAME k.esp.test.\n"},
    {"split", "split-records", LONG,
     "t.a.test. TXT \"" D250 "01234\"\nt.a.test. TXT \"56789" D50 D50 D50 D50 D10 D10 D10 D10
     "\"\n"},
    {"split, short", "split-records", TEXT,
     "k1._domainkey.a.test. TXT \"v=DKIM1; k=rsa; p=AAAA\"\n"},
    {"truncated", "truncated-key", LONG, "t.a.test. TXT \"" D250 "01234\"\n"},
    {"truncated, short", "truncated-key", TEXT,
     "k1._domainkey.a.test. TXT \"v=DKIM1; k=rsa; p=AAAA\"\n"},
    {"backslashes", "literal-backslash", TEXT,
     "k1._domainkey.a.test. TXT \"v=DKIM1\\\\; k=rsa\\\\; p=AAAA\"\n"},
    {"quotes around", "quotes-around", TEXT,
     "k1._domainkey.a.test. TXT \"\\\"v=DKIM1; k=rsa; p=AAAA\\\"\"\n"},
    {"quotes inside", "quotes-inside", LONG,
     "t.a.test. TXT \"" D250 "01234\" \"\\\" \\\"56789" D50 D50 D50 D50 D10 D10 D10 D10 "\"\n"},
    {"spaces", "spaces-in-key", "t 60 TXT " D50 D10 D10,
     "t.a.test. TXT \"" D50 D10 "0123 456789\"\n"},
    {"no-break spaces", "non-ascii", TEXT,
     "k1._domainkey.a.test. TXT \"v=DKIM1;\\194\\160k=rsa;\\194\\160p=AAAA\"\n"},
    {"typographic quotes", "typographic-quotes", TEXT,
     "k1._domainkey.a.test. TXT \"\\226\\128\\156v=DKIM1; k=rsa; p=AAAA\\226\\128\\157\"\n"},
    {"PEM armour", "pem-armour", TEXT,
     "k1._domainkey.a.test. TXT \"v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC "
     "KEY-----\"\n"},
    {"PKCS 1", "pkcs1-key", "t 60 TXT p=" SPKI "MIIB", "t.a.test. TXT \"p=MIIB\"\n"},
    {"PKCS 1, too short", "pkcs1-key", "t 60 TXT p=MIIB", "t.a.test. TXT \"p=MIIB\"\n"},
    {"doubled tag", "duplicate-tag", "t 60 TXT p=Ap=", "t.a.test. TXT \"p=p=Ap=\"\n"},
    {"text before", "text-before-version", TEXT,
     "k1._domainkey.a.test. TXT \"k1._domainkey TXT v=DKIM1; k=rsa; p=AAAA\"\n"},
    {"empty", "empty-record", TEXT, "k1._domainkey.a.test. TXT \"\"\n"},
    {"a text's row leaves a CNAME", "quotes-around", CNAME,
     "k1._domainkey.a.test. CNAME k.esp.test.\n"},
};

/* The first record of the line, without its zone. */
static struct rr typed(struct arena *arena, const char *line)
{
    const struct zone *zone = stage_make_zone(arena, "a.test.", line);
    const struct rrset *rrset = zone_rrset_at(zone, 0);
    ck_assert_ptr_nonnull(rrset);
    return (struct rr){rrset->owner, rrset->type, rrset->rrclass, rrset->ttl, rrset->rdata[0]};
}

START_TEST(enters)
{
    static char seen[8192];
    struct arena arena;
    arena_init(&arena, (size_t)4 << 20);
    const struct name apex = stage_name("a.test.");
    const struct entry_row *rule = entry_find(bytes_of_string(rows[_i].rule));
    ck_assert_ptr_nonnull(rule);
    struct rr records[ENTRY_RECORDS_MAX] = {typed(&arena, rows[_i].typed)};
    const size_t count = rule->enter(rule, &apex, &arena, records);
    struct text text = text_in(seen, sizeof seen);
    for (size_t i = 0; i < count; i++) {
        ck_assert(rdata_is_sound(records[i].type, records[i].rdata));
        ck_assert_uint_eq(records[i].ttl, 60);
        name_put(&text, records[i].owner);
        text_put_char(&text, ' ');
        rrtype_put(&text, records[i].type);
        text_put_char(&text, ' ');
        rdata_put(&text, records[i].type, records[i].rdata);
        text_put_char(&text, '\n');
    }
    ck_assert_str_eq(seen, rows[_i].entered);
    arena_free(&arena);
}
END_TEST

/* Rows that change texts and those that change names come to the same end: told, not crashed. */
START_TEST(a_name_that_grows_too_long_is_refused)
{
    static const char label[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi";
    char line[512];
    struct arena arena;
    arena_init(&arena, (size_t)4 << 20);
    const struct name apex = stage_name("a.test.");
    struct text text = text_in(line, sizeof line);
    text_put_format(&text, "%s.%s.%s.%.59s 60 CNAME k.esp.test.", label, label, label, label);
    struct rr records[ENTRY_RECORDS_MAX] = {typed(&arena, line)};
    const char *const rules[] = {"doubled-zone", "below-www", "one-label"};
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        const struct entry_row *rule = entry_find(bytes_of_string(rules[i]));
        ck_assert_uint_eq(rule->enter(rule, &apex, &arena, records), 0);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(every_row_is_told)
{
    for (const struct entry_row *row = entry_rows; row->name != NULL; row++) {
        ck_assert_ptr_eq(entry_find(bytes_of_string(row->name)), row);
        ck_assert_uint_gt(strlen(row->doc), 20);
        ck_assert_uint_gt(strlen(row->evidence), 5);
    }
    ck_assert_ptr_null(entry_find(bytes_of_string("doubled")));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("entry");
    add_rows(suite, enters, rows);
    add_test(suite, a_name_that_grows_too_long_is_refused);
    add_test(suite, every_row_is_told);
    return suite;
}
