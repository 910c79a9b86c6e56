#include "mail/base64.h"

#include <openssl/evp.h>

#include "base/rng.h"
#include "tests/support/guard.h"
#include "tests/support/support.h"

/* RFC 4648 10, and the edges of the alphabet. */
static const struct good {
    const char *name;
    const char *text;
    const char *octets;
    size_t size;
} goods[] = {
    {"nothing", "", "", 0},
    {"f", "Zg==", "f", 1},
    {"fo", "Zm8=", "fo", 2},
    {"foo", "Zm9v", "foo", 3},
    {"foob", "Zm9vYg==", "foob", 4},
    {"fooba", "Zm9vYmE=", "fooba", 5},
    {"foobar", "Zm9vYmFy", "foobar", 6},
    {"lowest", "AAAA", "\0\0\0", 3},
    {"highest", "////", "\xff\xff\xff", 3},
    {"plus", "++++", "\xfb\xef\xbe", 3},
    {"space inside a group", "Zm 9v", "foo", 3},
    {"tab before padding", "Zg\t==", "f", 1},
    {"space between paddings", "Zg= =", "f", 1},
    {"space after padding", "Zg== ", "f", 1},
    {"space first", "  Zm9v", "foo", 3},
    {"folded line", "Zm9v\r\n\tYmFy", "foobar", 6},
};

START_TEST(decodes_what_is_well_formed)
{
    const struct good *row = &goods[_i];
    uint8_t octets[16];
    const struct base64_result result =
        base64_decode(guarded_text(row->text), octets, sizeof octets);
    ck_assert_str_eq(base64_fault_text(result.fault), base64_fault_text(BASE64_FINE));
    ck_assert(bytes_equal(bytes_of(octets, result.size), bytes_of(row->octets, row->size)));
    ck_assert(!result.bare_newline);
}
END_TEST

static const struct bad {
    const char *name;
    const char *text;
    enum base64_fault fault;
    size_t at;
    size_t size;
} bads[] = {
    {"goes on after padding", "AA==AAAA", BASE64_AFTER_PADDING, 4, 1},
    {"goes on inside padding", "AA=A", BASE64_AFTER_PADDING, 3, 0},
    {"third padding", "AA===", BASE64_EARLY_PADDING, 4, 0},
    {"second padding after three", "AAA==", BASE64_EARLY_PADDING, 4, 0},
    {"padding first", "=AAA", BASE64_EARLY_PADDING, 0, 0},
    {"padding second", "AAAAA===", BASE64_EARLY_PADDING, 5, 3},
    {"padding after a whole group", "AAAA=", BASE64_EARLY_PADDING, 4, 3},
    {"one character left", "AAAAA", BASE64_MISSING_PADDING, 5, 3},
    {"two characters left", "AAAAAA", BASE64_MISSING_PADDING, 6, 4},
    {"three characters left", "AAAAAAA", BASE64_MISSING_PADDING, 7, 5},
    {"one padding missing", "AAAAAA=", BASE64_MISSING_PADDING, 7, 4},
    {"four trailing bits", "AB==", BASE64_TRAILING_BITS, 1, 1},
    {"two trailing bits", "AAB=", BASE64_TRAILING_BITS, 2, 2},
    {"trailing bits behind a space", "A AB =", BASE64_TRAILING_BITS, 3, 2},
    {"quote inside", "AAAA\"AAAA", BASE64_BAD_OCTET, 4, 3},
    {"dash", "AA-A", BASE64_BAD_OCTET, 2, 0},
    {"underscore of base64url", "AAA_", BASE64_BAD_OCTET, 3, 0},
    {"backslash last", "AAAA\\", BASE64_BAD_OCTET, 4, 3},
    {"high octet behind a space", "AAAA \xc2\xa0", BASE64_BAD_OCTET, 5, 3},
    {"vertical tab is no white space", "AA\vA", BASE64_BAD_OCTET, 2, 0},
};

START_TEST(names_fault_and_place)
{
    const struct bad *row = &bads[_i];
    uint8_t octets[16];
    const struct base64_result result =
        base64_decode(guarded_text(row->text), octets, sizeof octets);
    ck_assert_str_eq(base64_fault_text(result.fault), base64_fault_text(row->fault));
    ck_assert_uint_eq(result.at, row->at);
    if (row->fault != BASE64_AFTER_PADDING) {
        ck_assert_uint_eq(result.size, row->size);
    }
}
END_TEST

START_TEST(nul_is_no_character)
{
    uint8_t octets[16];
    const struct base64_result result = base64_decode(bytes_of("AA\0A", 4), octets, sizeof octets);
    ck_assert_int_eq(result.fault, BASE64_BAD_OCTET);
    ck_assert_uint_eq(result.at, 2);
}
END_TEST

static const struct line_break {
    const char *name;
    const char *text;
    bool bare;
} line_breaks[] = {
    {"CRLF and space folds", "Zm9v\r\n YmFy", false},
    {"LF alone", "Zm9v\nYmFy", true},
    {"CRLF without a space", "Zm9v\r\nYmFy", true},
    {"LF before a space", "Zm9v\n YmFy", true},
    {"CR alone", "Zm9v\rYmFy", true},
    {"CRLF at the end", "Zm9vYmFy\r\n", true},
    {"two LF before a space", "Zm9v\n\n YmFy", true},
    {"LF and something between it and a space", "Zm9v\nY mFy", true},
};

START_TEST(line_breaks_are_skipped_and_told_apart)
{
    uint8_t octets[16];
    const struct base64_result result =
        base64_decode(guarded_text(line_breaks[_i].text), octets, sizeof octets);
    ck_assert_int_eq(result.fault, BASE64_FINE);
    ck_assert(bytes_are(bytes_of(octets, result.size), "foobar"));
    ck_assert(result.bare_newline == line_breaks[_i].bare);
}
END_TEST

static const struct room {
    const char *name;
    const char *text;
    size_t room, size, at;
} rooms[] = {
    {"second group", "Zm9vYmFy", 3, 3, 4},
    {"second group, one octet short", "Zm9vYmFy", 5, 3, 4},
    {"group with a space inside", "Zm9vYm Fy", 3, 3, 8},
    {"last octet, padded", "Zm9vYg==", 3, 3, 8},
    {"first octet", "Zg==", 0, 0, 4},
};

START_TEST(never_writes_beyond_its_room)
{
    const struct room *row = &rooms[_i];
    uint8_t octets[8];
    memset(octets, 0xaa, sizeof octets);
    const struct base64_result result =
        base64_decode(bytes_of_string(row->text), octets, row->room);
    ck_assert_int_eq(result.fault, BASE64_NO_ROOM);
    ck_assert_str_eq(base64_fault_text(result.fault), "is longer than any key");
    ck_assert_uint_eq(result.size, row->size);
    ck_assert_uint_eq(result.at, row->at);
    for (size_t i = row->size; i < sizeof octets; i++) {
        ck_assert_uint_eq(octets[i], 0xaa);
    }
}
END_TEST

START_TEST(room_for_all_of_it_is_enough)
{
    uint8_t octets[8];
    ck_assert_int_eq(base64_decode(bytes_of_string("Zm9vYmFy"), octets, 6).fault, BASE64_FINE);
    ck_assert_int_eq(base64_decode(bytes_of_string("Zm9v Yg=="), octets, 4).fault, BASE64_FINE);
}
END_TEST

#define ROUNDS 20000

static size_t random_text(struct rng *rng, char *text, size_t most)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/====";
    const size_t size = rng_below(rng, most);
    for (size_t i = 0; i < size; i++) {
        text[i] = letters[rng_below(rng, sizeof letters - 1)];
    }
    return size;
}

START_TEST(what_is_accepted_openssl_decodes_to_the_same)
{
    struct rng rng;
    rng_seed(&rng, 1, bytes_of_string("base64 oracle"));
    size_t accepted = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char text[32];
        uint8_t ours[64];
        uint8_t theirs[64];
        const size_t size = random_text(&rng, text, 13);
        const struct base64_result result = base64_decode(bytes_of(text, size), ours, sizeof ours);
        if (result.fault != BASE64_FINE) {
            continue;
        }
        accepted++;
        const int decoded = EVP_DecodeBlock(theirs, (const uint8_t *)text, (int)size);
        ck_assert_int_ge(decoded, (int)result.size);
        ck_assert_mem_eq(ours, theirs, result.size);
        uint8_t again[64];
        EVP_EncodeBlock(again, ours, (int)result.size);
        ck_assert_mem_eq(again, text, size);
    }
    ck_assert_uint_gt(accepted, 100);
}
END_TEST

START_TEST(white_space_anywhere_changes_nothing)
{
    struct rng rng;
    rng_seed(&rng, 2, bytes_of_string("base64 folding"));
    for (int round = 0; round < ROUNDS; round++) {
        uint8_t octets[48];
        uint8_t text[80];
        uint8_t folded[200];
        uint8_t decoded[200];
        const size_t size = rng_below(&rng, sizeof octets);
        for (size_t i = 0; i < size; i++) {
            octets[i] = (uint8_t)rng_next(&rng);
        }
        const size_t text_size = (size_t)EVP_EncodeBlock(text, octets, (int)size);
        size_t at = 0;
        for (size_t i = 0; i < text_size; i++) {
            for (uint64_t spaces = rng_below(&rng, 3); spaces > 0; spaces--) {
                folded[at++] = rng_chance(&rng, CHANCE_ALWAYS / 2) ? ' ' : '\t';
            }
            folded[at++] = text[i];
        }
        const struct base64_result result =
            base64_decode(bytes_of(folded, at), decoded, base64_size_max(at));
        ck_assert_int_eq(result.fault, BASE64_FINE);
        ck_assert(bytes_equal(bytes_of(decoded, result.size), bytes_of(octets, size)));
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("base64");
    add_rows(suite, decodes_what_is_well_formed, goods);
    add_rows(suite, names_fault_and_place, bads);
    add_rows(suite, line_breaks_are_skipped_and_told_apart, line_breaks);
    add_test(suite, nul_is_no_character);
    add_rows(suite, never_writes_beyond_its_room, rooms);
    add_test(suite, room_for_all_of_it_is_enough);
    add_test(suite, what_is_accepted_openssl_decodes_to_the_same);
    add_test(suite, white_space_anywhere_changes_nothing);
    return suite;
}
