/* Names where labels may be no labels, and where the work ends. */
#include "wire/scan.h"

#include "tests/support/guard.h"
#include "tests/wire/support.h"

static struct scan scan;

/* Scans the name at `at` with this much work left; where it ends, or SCAN_FAILED. */
static uint32_t scan_at(const char *hex, uint32_t at, uint32_t work)
{
    const struct bytes octets = guarded(octets_of_hex(hex));
    scan_start(&scan, octets, true);
    scan.work = work;
    return scan_name(&scan, at, (uint32_t)octets.size);
}

#define HEADER "1234 8180 0001 0000 0000 0000"
#define A16    "'aaaaaaaaaaaaaaaa'"
#define A63    A16 A16 A16 "'aaaaaaaaaaaaaaa'"

static const struct row {
    const char *name;
    const char *hex;
    enum message_outcome outcome; /* MESSAGE_FINE: it is a name */
} rows[] = {
    {"root", HEADER "00", MESSAGE_FINE},
    {"label of 63 octets", HEADER "3f" A63 "00", MESSAGE_FINE},
    {"label of 64 octets", HEADER "40" A63 "'a'00", MESSAGE_LABEL_TYPE},
    {"label of 191 octets", HEADER "bf" A63 A63 A63 "'aa'00", MESSAGE_LABEL_TYPE},
    {"cut in a label", HEADER "03'ww'", MESSAGE_NAME_CUT},
    {"cut after a label", HEADER "03'www'", MESSAGE_NAME_CUT},
    {"half a pointer", HEADER "03'www'c0", MESSAGE_NAME_CUT},
    {"255 octets", HEADER "3f" A63 "3f" A63 "3f" A63 "3d" A16 A16 A16 "'aaaaaaaaaaaaa'00",
     MESSAGE_FINE},
    {"labels that leave no room for the root, and end the octets",
     HEADER "3f" A63 "3f" A63 "3f" A63 "3e" A16 A16 A16 "'aaaaaaaaaaaaaa'", MESSAGE_NAME_TOO_LONG},
    {"254 octets, and an end", HEADER "3f" A63 "3f" A63 "3f" A63 "3d" A16 A16 A16 "'aaaaaaaaaaaaa'",
     MESSAGE_NAME_CUT},
};

START_TEST(is_a_name)
{
    const uint32_t end = scan_at(rows[_i].hex, MESSAGE_HEADER_OCTETS, 1000);
    if (rows[_i].outcome == MESSAGE_FINE) {
        ck_assert_uint_eq(end, octets_of_hex(rows[_i].hex).size);
    } else {
        ck_assert_uint_eq(end, SCAN_FAILED);
        ck_assert_str_eq(message_outcome_name(scan.outcome),
                         message_outcome_name(rows[_i].outcome));
    }
}
END_TEST

/* A label or a root costs one; a pointer too. */
START_TEST(the_last_of_the_work_may_be_done)
{
    static const char plain[] = HEADER "01'a'01'b'00";
    ck_assert_uint_eq(scan_at(plain, 12, 3), 17);
    ck_assert_uint_eq(scan.work, 0);
    ck_assert_uint_eq(scan_at(plain, 12, 2), SCAN_FAILED);
    ck_assert_int_eq(scan.outcome, MESSAGE_WORK);
    static const char pointed[] = HEADER "01'a'00 01'b' c00c";
    ck_assert_uint_eq(scan_at(pointed, 15, 4), 19);
    ck_assert_uint_eq(scan.work, 0);
    ck_assert_uint_eq(scan_at(pointed, 15, 3), SCAN_FAILED);
    ck_assert_int_eq(scan.outcome, MESSAGE_WORK);
}
END_TEST

/* What is remembered of a name spares its labels, not those before the pointer to it. */
START_TEST(work_ends_for_known_names_too)
{
    const struct bytes octets = guarded(octets_of_hex(HEADER "01'a'00 01'b' c00c"));
    for (uint32_t work = 0; work < 4; work++) {
        scan_start(&scan, octets, true);
        ck_assert_uint_eq(scan_name(&scan, 12, (uint32_t)octets.size), 15);
        scan.work = work;
        const uint32_t end = scan_name(&scan, 15, (uint32_t)octets.size);
        if (work < 2) {
            ck_assert_uint_eq(end, SCAN_FAILED);
            ck_assert_int_eq(scan.outcome, MESSAGE_WORK);
        } else {
            ck_assert_uint_eq(end, 19);
            ck_assert_uint_eq(scan.work, work - 2);
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("scan");
    add_rows(suite, is_a_name, rows);
    add_test(suite, the_last_of_the_work_may_be_done);
    add_test(suite, work_ends_for_known_names_too);
    return suite;
}
