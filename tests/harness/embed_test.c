/* The public functions of faultzone.h, and what they say of what is wrong. */
#include "harness/faultzone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

#define TXT  16
#define NAME "k1._domainkey.customer.example"

static struct faultzone *world;
static char path[4096];

static void open_world(const char *scenario)
{
    char error[512] = "";
    const char *folder = getenv("SCENARIOS_DIR");
    snprintf(path, sizeof path, "%s/%s.yaml", folder != NULL ? folder : "scenarios", scenario);
    world = faultzone_open(path, 1, error, sizeof error);
    ck_assert_msg(world != NULL, "%s", error);
}

START_TEST(a_file_that_is_not_there_is_told)
{
    char error[512] = "";
    ck_assert_ptr_null(faultzone_open("nowhere.yaml", 1, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "nowhere.yaml"));
    ck_assert_ptr_null(faultzone_open("nowhere.yaml", 1, NULL, 0));
}
END_TEST

START_TEST(a_broken_file_is_told_with_its_place)
{
    char name[] = "/tmp/embed-XXXXXX", error[512] = "", expected[64];
    const int descriptor = mkstemp(name);
    FILE *file = fdopen(descriptor, "w");
    fputs("scenario: x\nzones: {}\nzone: {}\n", file);
    fclose(file);
    ck_assert_ptr_null(faultzone_open(name, 1, error, sizeof error));
    ck_assert_int_eq(remove(name), 0);
    snprintf(expected, sizeof expected, "%s:3:1: ", name);
    ck_assert_msg(strncmp(error, expected, strlen(expected)) == 0, "%s", error);
}
END_TEST

START_TEST(what_cannot_be_asked_is_named)
{
    uint8_t reply[512];
    size_t size;
    open_world("key/two-strings");
    ck_assert_int_eq(faultzone_ask(world, "a..b", TXT, reply, sizeof reply, &size),
                     FAULTZONE_BAD_NAME);
    ck_assert_int_eq(
        faultzone_ask_server(world, "203.0.113.1", NAME, TXT, reply, sizeof reply, &size),
        FAULTZONE_BAD_NAME);
    ck_assert_int_eq(faultzone_ask_server(world, "x", NAME, TXT, reply, sizeof reply, &size),
                     FAULTZONE_BAD_NAME);
    ck_assert_int_eq(faultzone_ask(world, NAME, TXT, reply, 20, &size), FAULTZONE_TOO_LARGE);
    ck_assert_ptr_null(faultzone_dkim(world, "a..b", NULL));
    faultzone_close(world);
    faultzone_close(NULL);
}
END_TEST

START_TEST(a_server_refers_and_the_resolver_answers)
{
    uint8_t reply[4096];
    size_t size = 0;
    open_world("key/two-strings");
    ck_assert_int_eq(
        faultzone_ask_server(world, "198.41.0.4", NAME, TXT, reply, sizeof reply, &size),
        FAULTZONE_ANSWERED);
    ck_assert_int_eq(reply[7], 0); /* no answer: a referral */
    ck_assert_int_gt(reply[9], 0);
    ck_assert_int_eq(faultzone_ask(world, NAME, TXT, reply, sizeof reply, &size),
                     FAULTZONE_ANSWERED);
    ck_assert_int_eq(reply[7], 1);
    faultzone_close(world);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_octets)
{
    uint8_t replies[2][4096];
    size_t sizes[2];
    open_world("key/two-strings");
    for (int i = 0; i < 2; i++) {
        faultzone_reset(world, 7);
        ck_assert_int_eq(faultzone_ask(world, NAME, TXT, replies[i], sizeof replies[i], &sizes[i]),
                         FAULTZONE_ANSWERED);
    }
    ck_assert_uint_eq(sizes[0], sizes[1]);
    ck_assert_mem_eq(replies[0], replies[1], sizes[0]);
    faultzone_close(world);
}
END_TEST

START_TEST(silence_is_a_temporary_error)
{
    const char *reason = NULL;
    open_world("transport/servers-silent");
    ck_assert_str_eq(faultzone_dkim(world, NAME, &reason), "temperror");
    ck_assert_str_eq(reason, "key unavailable");
    ck_assert_uint_gt(faultzone_now(world), 0);
    faultzone_close(world);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("embed");
    add_test(suite, a_file_that_is_not_there_is_told);
    add_test(suite, a_broken_file_is_told_with_its_place);
    add_test(suite, what_cannot_be_asked_is_named);
    add_test(suite, a_server_refers_and_the_resolver_answers);
    add_test(suite, the_same_seed_gives_the_same_octets);
    add_test(suite, silence_is_a_temporary_error);
    return suite;
}
