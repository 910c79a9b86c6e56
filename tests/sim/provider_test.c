/* Providers as data: found by slug and date, whole, and in agreement with themselves. */
#include <string.h>

#include "sim/behaviour.h"
#include "sim/proxy.h"
#include "tests/sim/stage.h"
#include "tests/support/support.h"

static const struct row {
    const char *name;
    const char *text;
    const char *slug; /* NULL: not found */
    const char *date;
} rows[] = {
    {"slug_gives_the_newest", "cloudflare", "cloudflare", "2026"},
    {"date_gives_that_one", "cloudflare@2017", "cloudflare", "2017"},
    {"newest_by_date", "cloudflare@2026", "cloudflare", "2026"},
    {"generic", "generic", "generic", "2026"},
    {"imperva_by_old_name", "incapsula", "incapsula", "2026"},
    {"unknown_slug", "cloudflair", NULL, NULL},
    {"unknown_date", "cloudflare@1999", NULL, NULL},
    {"empty_date", "cloudflare@", NULL, NULL},
    {"nothing", "", NULL, NULL},
    {"only_a_date", "@2026", NULL, NULL},
};

START_TEST(finds_provider)
{
    const struct provider *provider = provider_find(bytes_of_string(rows[_i].text));
    ck_assert_int_eq(provider != NULL, rows[_i].slug != NULL);
    if (provider != NULL) {
        ck_assert_str_eq(provider->slug, rows[_i].slug);
        ck_assert_str_eq(provider->date, rows[_i].date);
    }
}
END_TEST

START_TEST(default_has_no_quirks)
{
    const struct provider *provider = provider_default();
    ck_assert_str_eq(provider->slug, "generic");
    ck_assert_ptr_null(provider->behaviours);
    ck_assert_ptr_null(provider->proxy);
    ck_assert_ptr_null(provider->name_servers);
}
END_TEST

START_TEST(cloudflare_keeps_negative_answers_1800_seconds)
{
    const struct provider *provider = provider_find(bytes_of_string("cloudflare"));
    ck_assert_uint_eq(provider->soa_ttl, 1800);
    ck_assert_uint_eq(provider->soa_minimum, 1800);
    ck_assert_uint_eq(provider->soa_serial, 2392502268);
    ck_assert_uint_eq(provider->soa_refresh, 10000);
    ck_assert_uint_eq(provider->soa_retry, 2400);
    ck_assert_uint_eq(provider->soa_expire, 604800);
    ck_assert_str_eq(provider->soa_rname, "dns.cloudflare.com.");
    ck_assert_str_eq(provider->name_servers[0], "mia.ns.cloudflare.com.");
    ck_assert_uint_eq(provider_find(bytes_of_string("cloudflare@2017"))->soa_minimum, 3600);
}
END_TEST

START_TEST(every_row_is_whole)
{
    for (const struct provider *provider = providers; provider->slug != NULL; provider++) {
        ck_assert_ptr_nonnull(provider->date);
        ck_assert_ptr_nonnull(provider->title);
        ck_assert_ptr_nonnull(provider->doc);
        ck_assert_ptr_nonnull(provider->evidence);
        ck_assert_uint_gt(provider->soa_minimum, 0);
        for (const char *const *host = provider->name_servers; host != NULL && *host != NULL;
             host++) {
            stage_name(*host);
            ck_assert_int_eq((*host)[strlen(*host) - 1], '.');
        }
        for (const char *const *name = provider->behaviours; name != NULL && *name != NULL;
             name++) {
            ck_assert_ptr_nonnull(behaviour_find(bytes_of_string(*name)));
        }
    }
}
END_TEST

/* A behaviour that a provider turns on by itself must work without being given anything. */
START_TEST(default_behaviours_need_no_parameters)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (const struct provider *provider = providers; provider->slug != NULL; provider++) {
        for (const char *const *name = provider->behaviours; name != NULL && *name != NULL;
             name++) {
            struct diag diag;
            ck_assert_ptr_nonnull(
                stage_configure(&arena, &arena, "a.test.", provider->slug, *name, "", &diag));
        }
    }
    arena_free(&arena);
}
END_TEST

START_TEST(proxy_profiles_have_sound_pools)
{
    for (const struct proxy_profile *profile = proxy_profiles; profile->slug != NULL; profile++) {
        struct address address;
        ck_assert_ptr_nonnull(profile->evidence);
        ck_assert_ptr_nonnull(profile->v4[0].base);
        for (size_t i = 0; i < PROXY_ADDRESSES_MAX && profile->v4[i].base != NULL; i++) {
            ck_assert(address_parse(bytes_of_string(profile->v4[i].base), &address));
            ck_assert_int_eq(address.family, ADDRESS_V4);
        }
        ck_assert_int_eq(profile->v6[0].base != NULL, profile->v6_kind != PROXY_V6_NONE);
        for (size_t i = 0; i < PROXY_ADDRESSES_MAX && profile->v6[i].base != NULL; i++) {
            ck_assert(address_parse(bytes_of_string(profile->v6[i].base), &address));
            ck_assert_int_eq(address.family, ADDRESS_V6);
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("provider");
    add_rows(suite, finds_provider, rows);
    add_test(suite, default_has_no_quirks);
    add_test(suite, cloudflare_keeps_negative_answers_1800_seconds);
    add_test(suite, every_row_is_whole);
    add_test(suite, default_behaviours_need_no_parameters);
    add_test(suite, proxy_profiles_have_sound_pools);
    return suite;
}
