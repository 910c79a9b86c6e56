/* What the cache keeps, for how long, and what it lets go. */
#include "resolver/cache.h"

#include <stdio.h>

#include "tests/support/support.h"
#include "wire/rrtype.h"

#define SECOND NS_PER_S

static struct arena arena;

static struct cache *new_cache(size_t octets)
{
    arena_free(&arena); /* of the test before */
    arena_init(&arena, (size_t)64 << 20);
    struct cache *cache = cache_new(&arena, octets);
    ck_assert_ptr_nonnull(cache);
    return cache;
}

static struct name name_of(const char *text)
{
    struct name name;
    ck_assert(name_parse_text(bytes_of_string(text), NULL, &name, NULL));
    return name;
}

/* Files one TXT record "CONTENT". */
static bool put(struct cache *cache, const char *owner, const char *content, enum trust trust,
                instant_ns now, instant_ns expires)
{
    const struct name name = name_of(owner);
    const struct bytes rdata = bytes_of_string(content);
    const struct rrset rrset = {
        .owner = &name, .type = RRTYPE_TXT, .rrclass = RRCLASS_IN, .count = 1, .rdata = &rdata};
    return cache_put(cache, DRAWER_ANSWERS, &rrset, trust, now, expires);
}

/* The content filed under `owner`, "none", or "denied". */
static const char *get(const struct cache *cache, const char *owner, instant_ns now)
{
    static char content[256];
    const struct name name = name_of(owner);
    struct cached cached;
    if (!cache_find(cache, DRAWER_ANSWERS, name_bytes(&name), RRTYPE_TXT, now, &cached)) {
        return "none";
    }
    if (cached.denial) {
        return "denied";
    }
    struct bytes rdata;
    ck_assert(cached_next(&cached.octets, &rdata));
    snprintf(content, sizeof content, "%.*s", (int)rdata.size, (const char *)rdata.data);
    ck_assert(!cached_next(&cached.octets, &rdata));
    return content;
}

static void deny(struct cache *cache, enum drawer drawer, const char *owner, instant_ns now,
                 instant_ns expires)
{
    const struct name name = name_of(owner);
    const struct bytes rdata = bytes_of_string("soa");
    const struct name zone = name_of("example.");
    const struct rrset soa = {
        .owner = &zone, .type = RRTYPE_SOA, .rrclass = RRCLASS_IN, .count = 1, .rdata = &rdata};
    ck_assert(cache_deny(cache, drawer, &name, drawer == DRAWER_NXDOMAIN ? 0 : RRTYPE_TXT, &soa,
                         TRUST_AUTHORITATIVE, now, expires));
}

static bool is_denied(const struct cache *cache, const char *owner, instant_ns now)
{
    const struct name name = name_of(owner);
    struct cached cached;
    return cache_find(cache, DRAWER_NXDOMAIN, name_bytes(&name), 0, now, &cached);
}

START_TEST(keeps_until_the_instant_of_expiry)
{
    struct cache *cache = new_cache(1 << 17);
    ck_assert(put(cache, "k.example.", "a", TRUST_ANSWER, 0, 300 * SECOND));
    ck_assert_str_eq(get(cache, "k.example.", 0), "a");
    ck_assert_str_eq(get(cache, "K.Example.", 300 * SECOND - 1), "a");
    ck_assert_str_eq(get(cache, "k.example.", 300 * SECOND), "none");
    ck_assert_str_eq(get(cache, "l.example.", 0), "none");
    ck_assert_str_eq(get(cache, "k.example.", 0), "a");
}
END_TEST

START_TEST(ttl_never_grows)
{
    struct cache *cache = new_cache(1 << 17);
    const struct name name = name_of("k.example.");
    struct cached cached;
    uint32_t last = 300;
    put(cache, "k.example.", "a", TRUST_ANSWER, 0, 300 * SECOND);
    for (instant_ns now = 0; now < 300 * SECOND; now += SECOND / 7) {
        ck_assert(cache_find(cache, DRAWER_ANSWERS, name_bytes(&name), RRTYPE_TXT, now, &cached));
        ck_assert_uint_le(cached.ttl, last);
        ck_assert_uint_ge(cached.ttl, 1);
        last = cached.ttl;
    }
    ck_assert_uint_eq(last, 1);
}
END_TEST

START_TEST(what_expires_at_once_is_not_filed)
{
    struct cache *cache = new_cache(1 << 17);
    ck_assert(!put(cache, "k.example.", "a", TRUST_ANSWER, 5, 5));
    ck_assert_uint_eq(cache_count(cache), 0);
}
END_TEST

static const struct trust_row {
    const char *name;
    enum trust first, second;
    instant_ns second_at;
    const char *kept;
} trust_rows[] = {
    {"the same trust replaces", TRUST_ANSWER, TRUST_ANSWER, 10 * SECOND, "new"},
    {"more trust replaces", TRUST_ANSWER, TRUST_AUTHORITATIVE, 10 * SECOND, "new"},
    {"less trust does not", TRUST_AUTHORITATIVE, TRUST_ANSWER, 10 * SECOND, "old"},
    {"less trust replaces what no longer holds", TRUST_AUTHORITATIVE, TRUST_GLUE, 300 * SECOND,
     "new"},
};

START_TEST(trust_decides)
{
    const struct trust_row *row = &trust_rows[_i];
    struct cache *cache = new_cache(1 << 17);
    put(cache, "k.example.", "old", row->first, 0, 300 * SECOND);
    put(cache, "k.example.", "new", row->second, row->second_at, 900 * SECOND);
    ck_assert_str_eq(get(cache, "k.example.", row->second_at), row->kept);
    ck_assert_uint_eq(cache_count(cache), 1);
}
END_TEST

START_TEST(drawers_are_apart)
{
    struct cache *cache = new_cache(1 << 17);
    const struct name name = name_of("ns.example.");
    const struct bytes rdata = bytes_of("\1\2\3\4", 4);
    const struct rrset glue = {
        .owner = &name, .type = RRTYPE_A, .rrclass = RRCLASS_IN, .count = 1, .rdata = &rdata};
    struct cached cached;
    cache_put(cache, DRAWER_DELEGATIONS, &glue, TRUST_GLUE, 0, SECOND);
    ck_assert(!cache_find(cache, DRAWER_ANSWERS, name_bytes(&name), RRTYPE_A, 0, &cached));
    ck_assert(cache_find(cache, DRAWER_DELEGATIONS, name_bytes(&name), RRTYPE_A, 0, &cached));
    ck_assert_uint_eq(cached.trust, TRUST_GLUE);
}
END_TEST

START_TEST(a_denial_carries_its_soa)
{
    struct cache *cache = new_cache(1 << 17);
    const struct name name = name_of("k.example.");
    const struct name zone = name_of("example.");
    struct cached cached;
    deny(cache, DRAWER_ANSWERS, "k.example.", 0, 60 * SECOND);
    ck_assert_str_eq(get(cache, "k.example.", 0), "denied");
    ck_assert(cache_find(cache, DRAWER_ANSWERS, name_bytes(&name), RRTYPE_TXT, 0, &cached));
    ck_assert(bytes_equal(cached.owner, name_bytes(&zone)));
    ck_assert_uint_eq(cached.count, 1);
}
END_TEST

START_TEST(data_ends_a_denial_and_a_denial_ends_data)
{
    struct cache *cache = new_cache(1 << 17);
    deny(cache, DRAWER_NXDOMAIN, "k.example.", 0, 60 * SECOND);
    ck_assert(is_denied(cache, "k.example.", 1));
    put(cache, "k.example.", "a", TRUST_AUTHORITATIVE, 1, 60 * SECOND);
    ck_assert(!is_denied(cache, "k.example.", 1));
    deny(cache, DRAWER_ANSWERS, "k.example.", 2, 60 * SECOND);
    ck_assert_str_eq(get(cache, "k.example.", 2), "denied");
    put(cache, "k.example.", "b", TRUST_AUTHORITATIVE, 3, 60 * SECOND);
    ck_assert_str_eq(get(cache, "k.example.", 3), "b");
}
END_TEST

/* How long the failure of k.example. TXT holds after `now`. */
static duration_ns fail_at(struct cache *cache, instant_ns now)
{
    const struct name name = name_of("k.example.");
    const struct cache_failure failure = {&name, RRTYPE_TXT, 22, false, bytes_of_string("why")};
    struct cached cached;
    cache_fail(cache, &failure, now, 5 * SECOND, 300 * SECOND);
    ck_assert(cache_find(cache, DRAWER_FAILURES, name_bytes(&name), RRTYPE_TXT, now, &cached));
    ck_assert_uint_eq(cached.count, 22);
    ck_assert(bytes_are(cached.octets, "why"));
    return cached.expires - now;
}

START_TEST(failures_that_repeat_hold_longer)
{
    struct cache *cache = new_cache(1 << 17);
    static const duration_ns spells[] = {5, 10, 20, 40, 80, 160, 300, 300};
    instant_ns now = 0;
    for (size_t i = 0; i < COUNT_OF(spells); i++) {
        const duration_ns spell = fail_at(cache, now);
        ck_assert_uint_eq(spell, spells[i] * SECOND);
        now += spell + SECOND;
    }
    ck_assert_uint_eq(fail_at(cache, now + 1000 * SECOND), 5 * SECOND);
    put(cache, "k.example.", "a", TRUST_ANSWER, now, now + SECOND);
}
END_TEST

START_TEST(a_failure_too_large_to_file_is_not_remembered)
{
    struct cache *cache = new_cache(1 << 17);
    static uint8_t text[1 << 18];
    const struct name name = name_of("k.example.");
    const struct cache_failure failure = {
        .name = &name, .type = RRTYPE_TXT, .text = bytes_of(text, sizeof text)};
    struct cached cached;
    put(cache, "l.example.", "a", TRUST_ANSWER, 0, 60 * SECOND);
    cache_fail(cache, &failure, 0, 5 * SECOND, 300 * SECOND);
    ck_assert(!cache_find(cache, DRAWER_FAILURES, name_bytes(&name), RRTYPE_TXT, 1, &cached));
    ck_assert_str_eq(get(cache, "l.example.", 1), "a");
}
END_TEST

START_TEST(success_ends_a_failure)
{
    struct cache *cache = new_cache(1 << 17);
    const struct name name = name_of("k.example.");
    struct cached cached;
    fail_at(cache, 0);
    put(cache, "k.example.", "a", TRUST_ANSWER, 1, 2 * SECOND);
    ck_assert(!cache_find(cache, DRAWER_FAILURES, name_bytes(&name), RRTYPE_TXT, 1, &cached));
    ck_assert_uint_eq(fail_at(cache, 6 * SECOND), 5 * SECOND);
}
END_TEST

START_TEST(forgets_a_name_in_every_drawer)
{
    struct cache *cache = new_cache(1 << 17);
    const struct name name = name_of("K.example.");
    put(cache, "k.example.", "a", TRUST_ANSWER, 0, SECOND);
    put(cache, "l.example.", "b", TRUST_ANSWER, 0, SECOND);
    fail_at(cache, 0);
    cache_forget_name(cache, &name);
    ck_assert_uint_eq(cache_count(cache), 1);
    ck_assert_str_eq(get(cache, "l.example.", 0), "b");
}
END_TEST

/* Contents of varying length, so that entries end anywhere in the log. */
static const char *content_of(unsigned i)
{
    static const char octets[] =
        "0123456789012345678901234567890123456789012345678901234567890123456789";
    return octets + i % 61;
}

START_TEST(the_oldest_make_room_and_the_newest_stay)
{
    const size_t octets = 1 << 17;
    struct cache *cache = new_cache(octets);
    char owner[32];
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(owner, sizeof owner, "k%u.example.", i);
        ck_assert(put(cache, owner, content_of(i), TRUST_ANSWER, 0, SECOND));
        ck_assert_uint_le(cache_used(cache), octets);
        ck_assert_str_eq(get(cache, owner, 0), content_of(i));
        if (i >= 500) {
            snprintf(owner, sizeof owner, "k%u.example.", i - 500);
            ck_assert_str_eq(get(cache, owner, 0), content_of(i - 500));
        }
    }
    ck_assert_str_eq(get(cache, "k0.example.", 0), "none");
    ck_assert_uint_gt(cache_count(cache), 500);
    ck_assert_uint_lt(cache_count(cache), 2000);
}
END_TEST

START_TEST(one_name_filed_again_and_again_takes_the_place_of_one)
{
    struct cache *cache = new_cache(1 << 17);
    for (unsigned i = 0; i < 20000; i++) {
        ck_assert(put(cache, "k.example.", content_of(i), TRUST_ANSWER, 0, SECOND));
        ck_assert_str_eq(get(cache, "k.example.", 0), content_of(i));
        ck_assert_uint_eq(cache_count(cache), 1);
    }
}
END_TEST

START_TEST(what_is_too_large_is_not_filed_and_pushes_nothing_out)
{
    static uint8_t large[65535], larger[65535];
    struct cache *cache = new_cache(1 << 17);
    const struct name name = name_of("l.example.");
    const struct bytes rdata[] = {bytes_of(large, sizeof large), bytes_of(larger, sizeof larger)};
    struct rrset rrset = {
        .owner = &name, .type = RRTYPE_TXT, .rrclass = RRCLASS_IN, .count = 2, .rdata = rdata};
    put(cache, "k.example.", "a", TRUST_ANSWER, 0, SECOND);
    ck_assert(!cache_put(cache, DRAWER_ANSWERS, &rrset, TRUST_ANSWER, 0, SECOND));
    ck_assert_str_eq(get(cache, "k.example.", 0), "a");
}
END_TEST

START_TEST(a_reset_cache_is_empty_and_works)
{
    struct cache *cache = new_cache(1 << 17);
    char owner[32];
    for (unsigned round = 0; round < 5; round++) {
        for (unsigned i = 0; i < 3000; i++) {
            snprintf(owner, sizeof owner, "k%u.example.", i);
            ck_assert(put(cache, owner, content_of(i), TRUST_ANSWER, 0, SECOND));
        }
        cache_reset(cache);
        ck_assert_uint_eq(cache_count(cache), 0);
        ck_assert_uint_eq(cache_used(cache), 0);
        for (unsigned i = 0; i < 3000; i++) {
            snprintf(owner, sizeof owner, "k%u.example.", i);
            ck_assert_str_eq(get(cache, owner, 0), "none");
        }
    }
}
END_TEST

START_TEST(refuses_where_memory_ends)
{
    arena_free(&arena);
    arena_init(&arena, 1000);
    ck_assert_ptr_null(cache_new(&arena, 1 << 17));
    arena_free(&arena);
    arena_init(&arena, 8); /* not even for what is known of the cache */
    ck_assert_ptr_null(cache_new(&arena, 1 << 17));
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cache");
    add_test(suite, keeps_until_the_instant_of_expiry);
    add_test(suite, ttl_never_grows);
    add_test(suite, what_expires_at_once_is_not_filed);
    add_rows(suite, trust_decides, trust_rows);
    add_test(suite, drawers_are_apart);
    add_test(suite, a_denial_carries_its_soa);
    add_test(suite, data_ends_a_denial_and_a_denial_ends_data);
    add_test(suite, failures_that_repeat_hold_longer);
    add_test(suite, a_failure_too_large_to_file_is_not_remembered);
    add_test(suite, success_ends_a_failure);
    add_test(suite, forgets_a_name_in_every_drawer);
    add_test(suite, the_oldest_make_room_and_the_newest_stay);
    add_test(suite, one_name_filed_again_and_again_takes_the_place_of_one);
    add_test(suite, what_is_too_large_is_not_filed_and_pushes_nothing_out);
    add_test(suite, a_reset_cache_is_empty_and_works);
    add_test(suite, refuses_where_memory_ends);
    return suite;
}
