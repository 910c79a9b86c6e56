#include "mail/dkim_key.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/rng.h"
#include "mail/dkim_tags.h"
#include "tests/mail/test_keys.h"
#include "tests/support/support.h"

/* One arena for the program: every test has a process of its own. */
static struct arena *scratch(void)
{
    static struct arena arena;
    if (arena.ceiling == 0) {
        arena_init(&arena, 1U << 20);
    }
    return &arena;
}

static struct dkim_key parse(struct bytes text)
{
    struct dkim_key key;
    ck_assert(dkim_key_parse(text, scratch(), &key));
    return key;
}

static struct dkim_key parse_string(const char *text)
{
    return parse(bytes_of_string(text));
}

/* --- the article's key --- */

START_TEST(the_articles_two_strings_are_one_2048_bit_key)
{
    const struct bytes strings[2] = {bytes_of_string(ARTICLE_FIRST),
                                     bytes_of_string(ARTICLE_SECOND)};
    ck_assert_uint_eq(strings[0].size, 255);
    ck_assert_uint_eq(strings[1].size, 155);
    struct dkim_key key;
    ck_assert(dkim_key_parse_strings(strings, 2, scratch(), &key));
    ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
    ck_assert_int_eq(key.type, DKIM_KEY_TYPE_RSA);
    ck_assert_uint_eq(key.bits, 2048);
    ck_assert(bytes_equal(key.rsa.exponent, bytes_of("\x01\x00\x01", 3)));
    ck_assert(key.for_email && !key.limits_hashes && !key.testing && !key.strict_identity);
    ck_assert(!key.bare_newline && !key.space_at_the_end);
}
END_TEST

START_TEST(txt_rdata_is_joined_without_anything_between)
{
    static const char rdata[] = "\xff" ARTICLE_FIRST "\x9b" ARTICLE_SECOND;
    struct dkim_key key;
    ck_assert(dkim_key_parse_txt(bytes_of(rdata, sizeof rdata - 1), scratch(), &key));
    ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
    ck_assert_uint_eq(key.bits, 2048);
    ck_assert_uint_eq(key.text.size, 410);
}
END_TEST

START_TEST(rdata_that_is_no_sequence_of_strings_is_a_syntax_error)
{
    struct dkim_key key;
    ck_assert(dkim_key_parse_txt(bytes_of("\x09v=DKIM1", 8), scratch(), &key));
    ck_assert_int_eq(key.state, DKIM_KEY_SYNTAX);
    ck_assert_int_eq(key.problem.damage, DKIM_DAMAGE_MALFORMED_TXT);
    ck_assert(dkim_key_parse_txt(bytes_of(NULL, 0), scratch(), &key));
    ck_assert_int_eq(key.problem.damage, DKIM_DAMAGE_MALFORMED_TXT);
}
END_TEST

/* --- what is well-formed --- */

static const struct good {
    const char *name;
    const char *text;
    unsigned bits;
} goods[] = {
    {"F36 one string", "v=DKIM1; k=rsa; p=" RSA_2048, 2048},
    {"no v=", "k=rsa; p=" RSA_1024, 1024},
    {"p= alone", "p=" RSA_1024, 1024},
    {"final semicolon", "v=DKIM1; p=" RSA_1024 ";", 1024},
    {"no white space", "v=DKIM1;k=rsa;p=" RSA_1024, 1024},
    {"white space everywhere", " v = DKIM1 ; k\t=\trsa ; p = " RSA_1024 " ", 1024},
    {"folded", "v=DKIM1;\r\n k=rsa;\r\n\tp=" RSA_1024, 1024},
    {"F41 space inside p=",
     "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEB AQUAA4GNADCBiQKBgQCw/D7lqqeVJcKqoHs4RHn4Jn8QV8Opm2RYtcRgdfYW"
     "QmRN661XVZxoBKVO+1nkJgFw9mYKfgxx7mjbW2W24oVUbJlP5evn3bhpGGvyO3WHHWwAJA0xTgd0aTKE\t"
     "SMaIVzZy8WZZnMA1uQJrWgg7mKGN+pZTo70tW3ixcZBLNEpvDwIDAQAB",
     1024},
    {"unknown tags", "v=DKIM1; x=1; Zz_9=a=b=c; p=" RSA_1024, 1024},
    {"unknown tag without a value", "v=DKIM1; x=; p=" RSA_1024, 1024},
    {"tag names differ by case", "v=DKIM1; P=x; p=" RSA_1024, 1024},
    {"F57 empty g=", "v=DKIM1; g=; k=rsa; p=" RSA_1024, 1024},
    {"notes", "v=DKIM1; n=a note =20 with \\; p=" RSA_1024, 1024},
    {"F56 t=y", "v=DKIM1; t=y; p=" RSA_1024, 1024},
    {"unknown flags", "v=DKIM1; t=x1:y:z; p=" RSA_1024, 1024},
    {"s=*", "v=DKIM1; s=*; p=" RSA_1024, 1024},
    {"s= with others", "v=DKIM1; s=other : email; p=" RSA_1024, 1024},
    {"h= with others", "v=DKIM1; h=sha1:sha256:sha-3; p=" RSA_1024, 1024},
    {"F59 4096 bits", "v=DKIM1; k=rsa; p=" RSA_4096, 4096},
    {"F58 512 bits are well-formed", "v=DKIM1; k=rsa; p=" RSA_512, 512},
    {"F60 Ed25519", "v=DKIM1; k=ed25519; p=" ED25519, 256},
};

START_TEST(well_formed_records_give_their_key)
{
    const struct dkim_key key = parse_string(goods[_i].text);
    ck_assert_str_eq(dkim_damage_slug(key.problem.damage), "none");
    ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
    ck_assert_uint_eq(key.bits, goods[_i].bits);
}
END_TEST

/* --- what is damaged --- */

/* `found` is -1 at the end, -2 where it does not matter. */
static const struct bad {
    const char *name;
    const char *text;
    enum dkim_damage damage;
    size_t at;
    int found;
} bads[] = {
    {"F35 second half in a record of its own", ARTICLE_SECOND, DKIM_DAMAGE_BARE_BASE64, 0, 'P'},
    {"F35 half with padding", "QmRN661XVZxoBKVO1nkJgFw9mYKfgxx7w==", DKIM_DAMAGE_BARE_BASE64, 0,
     'Q'},
    {"F37 first of two strings only", ARTICLE_FIRST, DKIM_DAMAGE_TRUNCATED, 255, -1},
    {"F37 cut on a group of four", "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0Mi1ZbalFRcpxsXt",
     DKIM_DAMAGE_TRUNCATED, 62, -1},
    {"F37 cut, with a semicolon after it", "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMII;",
     DKIM_DAMAGE_TRUNCATED, 37, ';'},
    {"F38 backslash in v=", "v=DKIM1\\; k=rsa\\; p=" RSA_1024, DKIM_DAMAGE_BACKSLASH, 7, '\\'},
    {"F38 backslash in k=", "v=DKIM1; k=rsa\\; p=" RSA_1024, DKIM_DAMAGE_BACKSLASH, 14, '\\'},
    {"F38 backslash after p=", "v=DKIM1; p=" RSA_1024 "\\;", DKIM_DAMAGE_BACKSLASH, 227, '\\'},
    {"F39 quotes around", "\"v=DKIM1; k=rsa; p=" RSA_1024 "\"", DKIM_DAMAGE_QUOTES_AROUND, 0, '"'},
    {"F40 quotes inside p=", "v=DKIM1; p=MIGf\" \"MA0GCSqG", DKIM_DAMAGE_QUOTES_INSIDE, 15, '"'},
    {"quote at the end", "v=DKIM1; p=" RSA_1024 "\"", DKIM_DAMAGE_QUOTES_INSIDE, 227, '"'},
    {"F42 no-break space between tags", "v=DKIM1;\xc2\xa0k=rsa; p=" RSA_1024, DKIM_DAMAGE_NON_ASCII,
     8, 0xc2},
    {"F42 no-break space after the version", "v=DKIM1\xc2\xa0; k=rsa; p=" RSA_1024,
     DKIM_DAMAGE_NON_ASCII, 7, 0xc2},
    {"F42 zero-width space inside p=", "v=DKIM1; p=MIGf\xe2\x80\x8bMA0G", DKIM_DAMAGE_NON_ASCII, 15,
     0xe2},
    {"F43 typographic quotes around", "\xe2\x80\x9cv=DKIM1; p=" RSA_1024 "\xe2\x80\x9d",
     DKIM_DAMAGE_NON_ASCII, 0, 0xe2},
    {"F44 PEM armour", "v=DKIM1; p=-----BEGIN PUBLIC KEY-----" RSA_1024, DKIM_DAMAGE_PEM, 11, '-'},
    {"F45 PKCS 1", "v=DKIM1; k=rsa; p=" RSA_2048_PKCS1, DKIM_DAMAGE_PKCS1, 18, 'M'},
    {"F46 p=p=", "v=DKIM1; p=p=" RSA_1024, DKIM_DAMAGE_DOUBLED_TAG, 12, '='},
    {"F46 tag twice", "v=DKIM1; k=rsa; k=rsa; p=" RSA_1024, DKIM_DAMAGE_DUPLICATE_TAG, 16, 'k'},
    {"F46 key twice", "p=" RSA_1024 ";p=" RSA_1024, DKIM_DAMAGE_DUPLICATE_TAG, 219, 'p'},
    {"unknown tag twice", "x=1; x=2; p=" RSA_1024, DKIM_DAMAGE_DUPLICATE_TAG, 5, 'x'},
    {"v= twice", "v=DKIM1; v=DKIM1; p=" RSA_1024, DKIM_DAMAGE_DUPLICATE_TAG, 9, 'v'},
    {"v=v=", "v=v=DKIM1; p=" RSA_1024, DKIM_DAMAGE_DOUBLED_TAG, 2, 'v'},
    {"F47 host name before v=", "k1._domainkey TXT v=DKIM1; k=rsa; p=" RSA_1024,
     DKIM_DAMAGE_TEXT_BEFORE, 0, 'k'},
    {"F47 type before v=", "TXT v=DKIM1; k=rsa; p=" RSA_1024, DKIM_DAMAGE_TEXT_BEFORE, 0, 'T'},
    {"F49 no p=", "v=DKIM1; k=rsa", DKIM_DAMAGE_MISSING_KEY, 14, -1},
    {"v= alone", "v=DKIM1", DKIM_DAMAGE_MISSING_KEY, 7, -1},
    {"F50 nothing", "", DKIM_DAMAGE_EMPTY, 0, -1},
    {"white space alone", "  ", DKIM_DAMAGE_EMPTY, 0, ' '},
    {"F51 v= last", "k=rsa; p=" RSA_1024 "; v=DKIM1", DKIM_DAMAGE_VERSION_PLACE, 229, 'D'},
    {"F62 two semicolons at the end", "v=DKIM1; p=" RSA_1024 ";;", DKIM_DAMAGE_EMPTY_TAG, 228, ';'},
    {"F62 two semicolons inside", "v=DKIM1;; p=" RSA_1024, DKIM_DAMAGE_EMPTY_TAG, 8, ';'},
    {"F62 semicolon first", "; v=DKIM1; p=" RSA_1024, DKIM_DAMAGE_EMPTY_TAG, 0, ';'},
    {"F62 junk tag", "v=DKIM1; junk; p=" RSA_1024, DKIM_DAMAGE_NO_EQUALS, 13, ';'},
    {"F62 junk at the end", "v=DKIM1; p=" RSA_1024 "; #", DKIM_DAMAGE_TAG_NAME, 229, '#'},
    {"F14 host name", "k1.dkim.provider.example", DKIM_DAMAGE_HOSTNAME, 0, 'k'},
    {"F14 host name with a final dot", "k1.dkim.provider.example.", DKIM_DAMAGE_HOSTNAME, 0, 'k'},
    {"F14 host name with an underscore", "k1._domainkey.provider.example", DKIM_DAMAGE_HOSTNAME, 0,
     'k'},
    {"nothing but the beginning of a tag", "v=p=; p=" RSA_1024, DKIM_DAMAGE_DOUBLED_TAG, 2, 'p'},
    {"F14 host name of first and last letters and digits", "a0.z9.example", DKIM_DAMAGE_HOSTNAME, 0,
     'a'},
    {"F14 host name with a space behind it", "k1.dkim.provider.example ", DKIM_DAMAGE_HOSTNAME, 0,
     'k'},
    {"bare base64 with spaces", "QmRN661X VZxoBKVO 1nkJgFw9", DKIM_DAMAGE_BARE_BASE64, 0, 'Q'},
    {"16 characters may be base64", "QmRN661XVZxoBKVO", DKIM_DAMAGE_BARE_BASE64, 0, 'Q'},
    {"15 characters may be a word", "QmRN661XVZxoBKV", DKIM_DAMAGE_NO_EQUALS, 15, -1},
    {"no-break space before =", "v=DKIM1; k\xc2\xa0=rsa; p=" RSA_1024, DKIM_DAMAGE_NON_ASCII, 10,
     0xc2},
    {"lowest octet outside ASCII", "v=DKIM1; k=\x80rsa; p=" RSA_1024, DKIM_DAMAGE_NON_ASCII, 11,
     0x80},
    {"damage behind the first tag is its own", "xv=DKIM1; k", DKIM_DAMAGE_NO_EQUALS, 11, -1},
    {"k= begins with a digit", "v=DKIM1; k=1rsa; p=" RSA_1024, DKIM_DAMAGE_VALUE, 11, '1'},
    {"k= begins with a hyphen", "v=DKIM1; k=-rsa; p=" RSA_1024, DKIM_DAMAGE_VALUE, 11, '-'},
    {"k= ends in a hyphen", "v=DKIM1; k=rsa-; p=" RSA_1024, DKIM_DAMAGE_VALUE, 14, '-'},
    {"F14 host name beginning with a digit", "1a.dkim.example", DKIM_DAMAGE_HOSTNAME, 0, '1'},
    {"a word", "junk", DKIM_DAMAGE_NO_EQUALS, 4, -1},
    {"no semicolons", "v=DKIM1 k=rsa p=" RSA_1024, DKIM_DAMAGE_NO_SEMICOLON, 7, ' '},
    {"control octet in a value", "v=DKIM1; n=a\x01z; p=" RSA_1024, DKIM_DAMAGE_VALUE_OCTET, 12, 1},
    {"high octet in a note", "v=DKIM1; n=caf\xc3\xa9; p=" RSA_1024, DKIM_DAMAGE_NON_ASCII, 14,
     0xc3},
    {"DEL in an unknown tag", "v=DKIM1; x=a\x7fz; p=" RSA_1024, DKIM_DAMAGE_VALUE_OCTET, 12, 0x7f},
    {"tag name with a dash", "v=DKIM1; a-b=1; p=" RSA_1024, DKIM_DAMAGE_NO_EQUALS, 10, '-'},
    {"tag name with a digit first", "v=DKIM1; 1a=1; p=" RSA_1024, DKIM_DAMAGE_TAG_NAME, 9, '1'},
    {"empty h=", "v=DKIM1; h=; p=" RSA_1024, DKIM_DAMAGE_VALUE, 11, ';'},
    {"h= with two colons", "v=DKIM1; h=sha1::sha256; p=" RSA_1024, DKIM_DAMAGE_VALUE, 16, ':'},
    {"s= ends in a colon", "v=DKIM1; s=email:; p=" RSA_1024, DKIM_DAMAGE_VALUE, 17, ';'},
    {"t= with a comma", "v=DKIM1; t=y,s; p=" RSA_1024, DKIM_DAMAGE_VALUE, 12, ','},
    {"k= empty", "v=DKIM1; k=; p=" RSA_1024, DKIM_DAMAGE_VALUE, 11, ';'},
    {"* is no flag", "v=DKIM1; t=*; p=" RSA_1024, DKIM_DAMAGE_VALUE, 11, '*'},
    {"p= is not base64", "v=DKIM1; p=MIGf*MA0", DKIM_DAMAGE_BASE64, 15, '*'},
    {"padding missing from a whole key",
     "p=MIGbMA0GCSqGSIb3DQEBAQUAA4GJADCBhQJ+AMw9vEU1Yj1PH4mtnbrbnsJo6KMxDnZOE6H5kgG0Eb+s"
     "GxyKwdn/GxurtDMC/fommIIX9jQHa8zGIrvn3+DElleBwgs/uRcY2Xvv95Uv5jL5evY9tkh33sy5nWjR"
     "M/YdC5mSe78uWjgCxIrGi8Bq38qv5H6egpXJ0Lq974rxAgMBAAE",
     DKIM_DAMAGE_BASE64, 213, -1},
    {"p= goes on after the key", "p=" RSA_1024 "AAAA", DKIM_DAMAGE_KEY_ENCODING, 218, 'A'},
    {"RSA key is Ed25519's 32 octets", "v=DKIM1; k=rsa; p=" ED25519, DKIM_DAMAGE_KEY_KIND, 18, -2},
    {"RSA key for Ed25519", "v=DKIM1; k=ed25519; p=" RSA_1024, DKIM_DAMAGE_KEY_KIND, 64, -2},
    {"Ed25519 in a SubjectPublicKeyInfo, k=ed25519", "v=DKIM1; k=ed25519; p=" ED25519_SPKI,
     DKIM_DAMAGE_ED25519_LENGTH, 64, -2},
    {"Ed25519 in a SubjectPublicKeyInfo, k=rsa", "v=DKIM1; k=rsa; p=" ED25519_SPKI,
     DKIM_DAMAGE_KEY_KIND, 26, -2},
    {"Ed25519 cut", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg==", DKIM_DAMAGE_ED25519_LENGTH,
     46, -1},
    {"an ECDSA key", "v=DKIM1; k=rsa; p=" P256_SPKI, DKIM_DAMAGE_KEY_KIND, 26, -2},
};

START_TEST(damage_has_a_name_and_a_place)
{
    const struct bad *row = &bads[_i];
    const struct dkim_key key = parse_string(row->text);
    ck_assert_int_eq(key.state, DKIM_KEY_SYNTAX);
    ck_assert_str_eq(dkim_damage_slug(key.problem.damage), dkim_damage_slug(row->damage));
    ck_assert_uint_eq(key.problem.at, row->at);
    if (row->found != -2) {
        ck_assert_int_eq(key.problem.found, row->found);
    }
    ck_assert_int_eq(key.type, DKIM_KEY_TYPE_NONE);
    ck_assert_uint_eq(key.bits, 0);
}
END_TEST

static const struct version {
    const char *name;
    const char *text;
    enum dkim_damage damage;
    size_t at;
} versions[] = {
    {"F51 DKIM2", "v=DKIM2; p=" RSA_1024, DKIM_DAMAGE_VERSION, 6},
    {"F51 lower case", "v=dkim1; p=" RSA_1024, DKIM_DAMAGE_VERSION, 2},
    {"DKIM1.0", "v=DKIM1.0; p=" RSA_1024, DKIM_DAMAGE_VERSION, 7},
    {"cut", "v=DKIM; p=" RSA_1024, DKIM_DAMAGE_VERSION, 6},
    {"empty", "v=; p=" RSA_1024, DKIM_DAMAGE_VERSION, 2},
    {"wrong version before other damage", "v=DKIM2;;; p", DKIM_DAMAGE_VERSION, 6},
    {"F31 SPF", "v=spf1 include:_spf.example -all", DKIM_DAMAGE_OTHER_RECORD, 2},
    {"F31 DMARC", "v=DMARC1; p=none", DKIM_DAMAGE_OTHER_RECORD, 3},
};

START_TEST(another_version_is_discarded)
{
    const struct dkim_key key = parse_string(versions[_i].text);
    ck_assert_int_eq(key.state, DKIM_KEY_WRONG_VERSION);
    ck_assert_str_eq(dkim_damage_slug(key.problem.damage), dkim_damage_slug(versions[_i].damage));
    ck_assert_uint_eq(key.problem.at, versions[_i].at);
}
END_TEST

/* --- tags --- */

START_TEST(empty_p_is_revoked)
{
    ck_assert_int_eq(parse_string("v=DKIM1; k=rsa; p=").state, DKIM_KEY_REVOKED);
    ck_assert_int_eq(parse_string("v=DKIM1; p=; k=rsa").state, DKIM_KEY_REVOKED);
    ck_assert_int_eq(parse_string("p=  ;").state, DKIM_KEY_REVOKED);
    ck_assert_int_eq(parse_string("v=DKIM1; k=ed25519; p=").state, DKIM_KEY_REVOKED);
}
END_TEST

START_TEST(tags_are_read)
{
    struct dkim_key key = parse_string("v=DKIM1; h=sha256; s=email; t=y:s; p=" RSA_1024);
    ck_assert(key.limits_hashes && key.sha256 && !key.sha1);
    ck_assert(key.for_email && key.testing && key.strict_identity);
    key = parse_string("v=DKIM1; h=sha1; s=other; p=" RSA_1024);
    ck_assert(key.limits_hashes && !key.sha256 && key.sha1);
    ck_assert(!key.for_email && !key.testing && !key.strict_identity);
    key = parse_string("h=SHA256; s=Email; t=Y; p=" RSA_1024);
    ck_assert(!key.sha256 && !key.for_email && !key.testing);
}
END_TEST

START_TEST(other_key_types_keep_their_octets)
{
    struct dkim_key key = parse_string("v=DKIM1; k=dsa; p=AAAA");
    ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
    ck_assert_int_eq(key.type, DKIM_KEY_TYPE_OTHER);
    ck_assert_uint_eq(key.octets.size, 3);
    ck_assert_uint_eq(key.bits, 0);
    key = parse_string("v=DKIM1; k=RSA; p=" RSA_1024);
    ck_assert_int_eq(key.type, DKIM_KEY_TYPE_OTHER);
    key = parse_string("v=DKIM1; k=dsa; p=A");
    ck_assert_int_eq(key.problem.damage, DKIM_DAMAGE_BASE64);
}
END_TEST

START_TEST(what_is_forgiven_is_told)
{
    struct dkim_key key = parse_string("v=DKIM1; p=" RSA_1024 "; ");
    ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
    ck_assert(key.space_at_the_end && !key.bare_newline);
    key = parse_string("v=DKIM1;\nk=rsa; p=" RSA_1024);
    ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
    ck_assert(!key.space_at_the_end && key.bare_newline);
    key = parse_string("v=DKIM1;\n k=rsa; p=" RSA_1024 ";"); /* a space after it folds nothing */
    ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
    ck_assert(!key.space_at_the_end && key.bare_newline);
    key = parse_string("v=DKIM1; p=MIGf\nMA0GCSqG");
    ck_assert_int_eq(key.problem.damage, DKIM_DAMAGE_TRUNCATED);
    ck_assert(key.bare_newline);
}
END_TEST

START_TEST(tags_without_end_are_refused)
{
    char text[DKIM_TAGS_MAX * 8 + 16];
    struct text list = text_in(text, sizeof text);
    for (unsigned i = 0; i < DKIM_TAGS_MAX; i++) {
        text_put_format(&list, "x%u=1;", i);
    }
    text_put(&list, "p=");
    const struct dkim_key key = parse(bytes_of(text, list.size));
    ck_assert_int_eq(key.state, DKIM_KEY_SYNTAX);
    ck_assert_int_eq(key.problem.damage, DKIM_DAMAGE_TOO_MANY_TAGS);
    ck_assert_uint_eq(key.problem.at, list.size - 2);
}
END_TEST

START_TEST(place_is_told_in_record_value_and_key)
{
    const struct dkim_key key = parse_string("v=DKIM1; p= MIGf MA0GCSqG");
    ck_assert_int_eq(key.problem.damage, DKIM_DAMAGE_TRUNCATED);
    ck_assert_uint_eq(key.problem.at, 25);
    ck_assert_uint_eq(key.problem.at_value, 13);
    ck_assert(key.problem.in_key);
    ck_assert_uint_eq(key.problem.at_key, 9);
    ck_assert(bytes_are(key.problem.tag, "p"));
}
END_TEST

START_TEST(a_problem_reads_as_one_escaped_line)
{
    char buffer[256];
    struct text text = text_in(buffer, sizeof buffer);
    const struct dkim_key key = parse_string("v=DKIM1; k=\xc2\xa0rsa; p=");
    dkim_problem_put(&text, &key.problem);
    ck_assert_str_eq(buffer,
                     "a character outside ASCII stands in the record (a no-break space (U+00A0)); "
                     "octet 11 of the record is '\\194' (0xc2), octet 0 of the value of k=");
}
END_TEST

START_TEST(a_nul_is_told_as_what_it_is)
{
    char buffer[256];
    struct text text = text_in(buffer, sizeof buffer);
    const struct dkim_key key = parse(bytes_of("v=DKIM1\0; p=", 12));
    dkim_problem_put(&text, &key.problem);
    ck_assert_str_eq(buffer, "a control character stands in a value; octet 7 of the record is "
                             "'\\000' (0x00), octet 5 of the value of v=");
}
END_TEST

START_TEST(a_problem_of_no_tag_names_none)
{
    char buffer[256];
    struct text text = text_in(buffer, sizeof buffer);
    const struct dkim_key key = parse_string("");
    dkim_problem_put(&text, &key.problem);
    ck_assert_ptr_null(strstr(buffer, "value of"));
    ck_assert_ptr_nonnull(strstr(buffer, "; octet 0 of the record is the end"));
}
END_TEST

START_TEST(a_string_of_no_octets_adds_nothing)
{
    const struct bytes strings[] = {bytes_of_string("v=DKIM1; p="), bytes_of(NULL, 0),
                                    bytes_of_string(RSA_1024)};
    struct dkim_key key;
    ck_assert(dkim_key_parse_strings(strings, COUNT_OF(strings), scratch(), &key));
    ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
    ck_assert_uint_eq(key.bits, 1024);
}
END_TEST

START_TEST(every_damage_has_words)
{
    for (unsigned i = 0; i < DKIM_DAMAGES; i++) {
        ck_assert_ptr_nonnull(dkim_damage_slug(i));
        ck_assert_ptr_nonnull(dkim_damage_text(i));
    }
}
END_TEST

START_TEST(an_exhausted_arena_is_told)
{
    struct arena none;
    arena_init(&none, 16);
    struct dkim_key key;
    ck_assert(!dkim_key_parse(bytes_of_string("p=" RSA_1024), &none, &key));
    const struct bytes strings[] = {bytes_of_string("v=DKIM1; n=a long note"),
                                    bytes_of_string("; p=")};
    ck_assert(!dkim_key_parse_strings(strings, COUNT_OF(strings), &none, &key));
    const struct bytes rdata = bytes_of_string("\x11v=DKIM1; n=a note\x04; p=");
    ck_assert(!dkim_key_parse_txt(rdata, &none, &key));
    arena_free(&none);
}
END_TEST

START_TEST(same_numbers_are_the_same_key)
{
    const struct dkim_key one = parse_string("v=DKIM1; k=rsa; p=" RSA_1024);
    const struct dkim_key same = parse_string("n=other tags; p=" RSA_1024);
    const struct dkim_key other = parse_string("p=" RSA_2048);
    const struct dkim_key edwards = parse_string("k=ed25519; p=" ED25519);
    static const char zeros[] = "k=ed25519; p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const struct dkim_key other_edwards = parse_string(zeros);
    ck_assert_int_eq(other_edwards.state, DKIM_KEY_FOUND);
    ck_assert(!dkim_key_same(&edwards, &other_edwards));
    ck_assert(dkim_key_same(&one, &same));
    ck_assert(!dkim_key_same(&one, &other));
    ck_assert(!dkim_key_same(&one, &edwards));
    ck_assert(dkim_key_same(&edwards, &edwards));
}
END_TEST

/* --- properties --- */

START_TEST(any_chunking_gives_the_same_key)
{
    static const char whole[] = ARTICLE_FIRST ARTICLE_SECOND;
    const struct dkim_key expected = parse_string(whole);
    const struct arena_mark mark = arena_mark(scratch());
    struct rng rng;
    rng_seed(&rng, 4, bytes_of_string("chunks"));
    for (int round = 0; round < 500; round++) {
        struct bytes strings[64];
        size_t count = 0;
        size_t at = 0;
        while (at < sizeof whole - 1 && count < COUNT_OF(strings)) {
            size_t size = rng_below(&rng, 40);
            if (count == COUNT_OF(strings) - 1 || size > sizeof whole - 1 - at) {
                size = sizeof whole - 1 - at;
            }
            strings[count++] = bytes_of(whole + at, size);
            at += size;
        }
        struct dkim_key key;
        ck_assert(dkim_key_parse_strings(strings, count, scratch(), &key));
        ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
        ck_assert(dkim_key_same(&key, &expected));
        arena_rewind(scratch(), mark);
    }
}
END_TEST

static size_t put_folding(struct rng *rng, char *to)
{
    static const char *const spaces[] = {"", "", " ", "\t", "\r\n ", "  \r\n\t"};
    const char *space = spaces[rng_below(rng, COUNT_OF(spaces))];
    memcpy(to, space, strlen(space));
    return strlen(space);
}

START_TEST(folding_between_tokens_gives_the_same_key)
{
    static const char *const tokens[] = {"v", "=", "DKIM1", ";", "k", "=", "rsa", ";", "p", "="};
    static const char key_text[] = RSA_1024;
    const struct dkim_key expected = parse_string("p=" RSA_1024);
    const struct arena_mark mark = arena_mark(scratch());
    struct rng rng;
    rng_seed(&rng, 5, bytes_of_string("folding"));
    for (int round = 0; round < 500; round++) {
        char text[4096];
        size_t size = 0;
        for (size_t i = 0; i < COUNT_OF(tokens); i++) {
            size += put_folding(&rng, text + size);
            memcpy(text + size, tokens[i], strlen(tokens[i]));
            size += strlen(tokens[i]);
        }
        for (size_t i = 0; i < sizeof key_text - 1; i++) {
            size += put_folding(&rng, text + size);
            text[size++] = key_text[i];
        }
        const struct dkim_key key = parse(bytes_of(text, size));
        ck_assert_int_eq(key.state, DKIM_KEY_FOUND);
        ck_assert(dkim_key_same(&key, &expected) && !key.bare_newline);
        arena_rewind(scratch(), mark);
    }
}
END_TEST

static int openssl_bits(struct bytes der)
{
    const uint8_t *at = der.data;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der.size);
    const int bits = key == NULL ? 0 : EVP_PKEY_get_bits(key);
    EVP_PKEY_free(key);
    return bits;
}

START_TEST(any_octet_changed_is_refused_or_openssl_agrees)
{
    static const char whole[] = ARTICLE_FIRST ARTICLE_SECOND;
    struct rng rng;
    rng_seed(&rng, 6, bytes_of_string("octets"));
    size_t found = 0;
    for (int round = 0; round < 20000; round++) {
        char text[sizeof whole];
        memcpy(text, whole, sizeof whole);
        text[rng_below(&rng, sizeof whole - 1)] = (char)rng_next(&rng);
        const struct dkim_key key = parse(bytes_of(text, sizeof whole - 1));
        if (key.state == DKIM_KEY_FOUND && key.type == DKIM_KEY_TYPE_RSA) {
            found++;
            ck_assert_int_eq(openssl_bits(key.octets), (int)key.bits);
        } else if (key.state == DKIM_KEY_SYNTAX) {
            ck_assert_uint_le(key.problem.at, sizeof whole - 1);
        }
        arena_reset(scratch());
    }
    ck_assert_uint_gt(found, 1000);
}
END_TEST

START_TEST(every_cut_is_a_named_outcome)
{
    static const char whole[] = ARTICLE_FIRST ARTICLE_SECOND;
    for (size_t size = 0; size < sizeof whole - 1; size++) {
        const struct dkim_key key = parse(bytes_of(whole, size));
        ck_assert_msg(key.state != DKIM_KEY_FOUND, "cut at %zu", size);
        arena_reset(scratch());
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("dkim_key");
    add_test(suite, the_articles_two_strings_are_one_2048_bit_key);
    add_test(suite, txt_rdata_is_joined_without_anything_between);
    add_test(suite, rdata_that_is_no_sequence_of_strings_is_a_syntax_error);
    add_rows(suite, well_formed_records_give_their_key, goods);
    add_rows(suite, damage_has_a_name_and_a_place, bads);
    add_rows(suite, another_version_is_discarded, versions);
    add_test(suite, empty_p_is_revoked);
    add_test(suite, tags_are_read);
    add_test(suite, other_key_types_keep_their_octets);
    add_test(suite, what_is_forgiven_is_told);
    add_test(suite, tags_without_end_are_refused);
    add_test(suite, place_is_told_in_record_value_and_key);
    add_test(suite, a_problem_reads_as_one_escaped_line);
    add_test(suite, every_damage_has_words);
    add_test(suite, an_exhausted_arena_is_told);
    add_test(suite, same_numbers_are_the_same_key);
    add_test(suite, any_chunking_gives_the_same_key);
    add_test(suite, folding_between_tokens_gives_the_same_key);
    add_test(suite, any_octet_changed_is_refused_or_openssl_agrees);
    add_test(suite, every_cut_is_a_named_outcome);
    add_test(suite, a_nul_is_told_as_what_it_is);
    add_test(suite, a_problem_of_no_tag_names_none);
    add_test(suite, a_string_of_no_octets_adds_nothing);
    return suite;
}
