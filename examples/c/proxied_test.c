/* What a DKIM verifier sees of a proxied record, as a unit test. Run it where `scenarios` is. */
#include <check.h>
#include <faultzone.h>
#include <stdlib.h>

#define NAME      "cs1._domainkey.example.com"
#define TXT       16
#define RCODE(at) ((at)[3] & 0x0f)
#define COUNT(at) ((at)[6] << 8 | (at)[7]) /* of answers, RFC 1035 4.1.1 */

static struct faultzone *world_of(const char *path)
{
    char error[512];
    struct faultzone *world = faultzone_open(path, 1, error, sizeof error);
    ck_assert_msg(world != NULL, "%s", error);
    return world;
}

START_TEST(a_proxied_key_is_not_found)
{
    struct faultzone *world = world_of("scenarios/proxy/article-proxied.yaml");
    const char *reason;
    ck_assert_str_eq(faultzone_dkim(world, NAME, &reason), "permerror");
    ck_assert_str_eq(reason, "no key for signature");
    faultzone_close(world);
}
END_TEST

START_TEST(a_dns_only_key_passes)
{
    struct faultzone *world = world_of("scenarios/proxy/article-dns-only.yaml");
    unsigned char reply[4096];
    size_t size;
    ck_assert_str_eq(faultzone_dkim(world, NAME, NULL), "pass");
    ck_assert_int_eq(faultzone_ask(world, NAME, TXT, reply, sizeof reply, &size), FAULTZONE_ANSWERED);
    ck_assert_int_eq(RCODE(reply), 0);
    ck_assert_int_eq(COUNT(reply), 2); /* the alias, and the key */
    faultzone_close(world);
}
END_TEST

START_TEST(time_passes_only_when_it_is_told_to)
{
    struct faultzone *world = world_of("scenarios/proxy/article-proxied.yaml");
    const uint64_t half_an_hour = UINT64_C(1800) * 1000000000;
    ck_assert_uint_eq(faultzone_now(world), 0);
    faultzone_wait(world, half_an_hour);
    ck_assert_uint_eq(faultzone_now(world), half_an_hour);
    faultzone_reset(world, 2);
    ck_assert_uint_eq(faultzone_now(world), 0);
    faultzone_close(world);
}
END_TEST

START_TEST(the_scenarios_own_expectations_are_met)
{
    struct faultzone *world = world_of("scenarios/proxy/article-proxied.yaml");
    size_t met = 0;
    ck_assert_int_eq(faultzone_judge(world, 1, &met), 0);
    ck_assert_uint_gt(met, 10);
    faultzone_close(world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("proxied");
    TCase *tests = tcase_create("proxied");
    tcase_add_test(tests, a_proxied_key_is_not_found);
    tcase_add_test(tests, a_dns_only_key_passes);
    tcase_add_test(tests, time_passes_only_when_it_is_told_to);
    tcase_add_test(tests, the_scenarios_own_expectations_are_met);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
