#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "tests/support/support.h"

#define CEILING ((size_t)1 << 20)

static bool is_zero(const unsigned char *octets, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (octets[i] != 0) {
            return false;
        }
    }
    return true;
}

START_TEST(memory_is_zeroed_and_aligned)
{
    struct arena arena;
    arena_init(&arena, CEILING);
    for (size_t size = 1; size < 4000; size += 37) {
        unsigned char *octets = arena_alloc(&arena, size);
        ck_assert_ptr_nonnull(octets);
        ck_assert_uint_eq((uintptr_t)octets % _Alignof(max_align_t), 0);
        ck_assert(is_zero(octets, size));
        memset(octets, 0xa5, size);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(requests_up_to_the_ceiling_are_granted_and_never_beyond)
{
    struct arena arena;
    arena_init(&arena, 100000);
    size_t granted = 0;
    while (arena_alloc(&arena, 1000) != NULL) {
        granted++;
        ck_assert(arena.used <= arena.ceiling);
    }
    ck_assert_uint_ge(granted, 97);
    ck_assert_uint_le(granted, 100);
    ck_assert(arena.exhausted);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 16)); /* smaller ones may still fit */
    arena_free(&arena);
}
END_TEST

static const struct huge {
    const char *name;
    size_t count, size;
} huges[] = {
    {"whole address space", 1, SIZE_MAX},
    {"rounding would wrap", 1, SIZE_MAX - 7},
    {"product wraps to a small number", SIZE_MAX / 2 + 1, 2},
    {"product wraps to zero", (size_t)1 << 32, (size_t)1 << 32},
    {"one more than the ceiling", CEILING + 1, 1},
};

START_TEST(absurd_requests_are_refused)
{
    struct arena arena;
    arena_init(&arena, CEILING);
    ck_assert_ptr_null(arena_alloc_array(&arena, huges[_i].count, huges[_i].size));
    ck_assert(arena.exhausted);
    ck_assert_uint_eq(arena.used, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(copy_ends_in_a_nul_that_is_not_counted)
{
    struct arena arena;
    arena_init(&arena, CEILING);
    const struct bytes copy = arena_copy(&arena, bytes_of("abc", 2));
    ck_assert(bytes_are(copy, "ab"));
    ck_assert_uint_eq(copy.data[2], 0);
    const char *whole = arena_copy_string(
        &arena, "fills its sixty-four octets but for the NUL, which needs 64 more");
    memset(arena_alloc(&arena, 16), 0xff, 16);
    ck_assert_uint_eq(strlen(whole), 64);
    ck_assert_str_eq(arena_copy_string(&arena, "xyz"), "xyz");
    const struct bytes nothing = arena_copy(&arena, bytes_of(NULL, 0));
    ck_assert_uint_eq(nothing.size, 0);
    ck_assert_ptr_nonnull(nothing.data);
    arena_free(&arena);
}
END_TEST

START_TEST(refused_copy_has_no_data)
{
    struct arena arena;
    arena_init(&arena, 8);
    ck_assert_ptr_null(arena_copy(&arena, bytes_of("a long sentence", 15)).data);
    ck_assert_ptr_null(arena_copy_string(&arena, "a long sentence"));
    arena_free(&arena);
}
END_TEST

START_TEST(rewind_keeps_what_came_before_and_zeroes_what_comes_after)
{
    struct arena arena;
    arena_init(&arena, CEILING);
    char *kept = arena_copy_string(&arena, "kept");
    const struct arena_mark mark = arena_mark(&arena);
    for (size_t i = 0; i < 100; i++) { /* crosses several chunks */
        memset(arena_alloc(&arena, 3000), 0xff, 3000);
    }
    arena_rewind(&arena, mark);
    ck_assert_uint_eq(arena.used, mark.used);
    ck_assert_str_eq(kept, "kept");
    for (size_t i = 0; i < 10; i++) {
        ck_assert(is_zero(arena_alloc(&arena, 3000), 3000));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(rewind_within_a_chunk_hands_out_the_same_memory_again)
{
    struct arena arena;
    arena_init(&arena, CEILING);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 100));
    const struct arena_mark mark = arena_mark(&arena);
    unsigned char *first = arena_alloc(&arena, 100);
    memset(first, 0xff, 100);
    arena_rewind(&arena, mark);
    ck_assert_ptr_eq(arena_alloc(&arena, 200), first);
    ck_assert(is_zero(first, 200));
    arena_free(&arena);
}
END_TEST

START_TEST(rewind_to_an_empty_arena_gives_back_everything)
{
    struct arena arena;
    arena_init(&arena, CEILING);
    const struct arena_mark mark = arena_mark(&arena);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 5000));
    arena_rewind(&arena, mark);
    ck_assert_uint_eq(arena.used, 0);
    ck_assert_ptr_null(arena.newest);
    arena_free(&arena);
}
END_TEST

START_TEST(reset_memory_is_zero_again)
{
    struct arena arena;
    arena_init(&arena, CEILING);
    for (size_t round = 0; round < 5; round++) {
        for (size_t i = 0; i < 20 + 10 * round; i++) {
            unsigned char *octets = arena_alloc(&arena, 1 + 997 * i % 2000);
            ck_assert(is_zero(octets, 1 + 997 * i % 2000));
            memset(octets, 0xff, 1 + 997 * i % 2000);
        }
        arena_reset(&arena);
        ck_assert_uint_eq(arena.used, 0);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(reset_forgives_exhaustion_and_keeps_one_chunk)
{
    struct arena arena;
    arena_init(&arena, 50000);
    while (arena_alloc(&arena, 4000) != NULL) {}
    arena_reset(&arena);
    ck_assert(!arena.exhausted);
    void *kept_chunk = arena.newest;
    ck_assert_ptr_nonnull(kept_chunk);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 4000));
    ck_assert_ptr_eq(arena.newest, kept_chunk); /* no new system memory was asked for */
    arena_free(&arena);
}
END_TEST

START_TEST(freed_arena_can_be_used_again)
{
    struct arena arena;
    arena_init(&arena, 5000);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 4000));
    arena_free(&arena);
    ck_assert_uint_eq(arena.used, 0);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 4000));
    ck_assert_ptr_null(arena_alloc(&arena, 4000)); /* the ceiling survived */
    arena_free(&arena);
}
END_TEST

START_TEST(carved_arena_never_grows_and_can_be_reset)
{
    enum { SIZE = 4096 };
    struct arena parent;
    arena_init(&parent, 1 << 20);
    struct arena carved;
    ck_assert(arena_carve(&parent, SIZE, &carved));
    void *chunk = carved.newest;
    for (int round = 0; round < 3; round++) {
        size_t got = 0;
        for (unsigned char *at = NULL; (at = arena_alloc(&carved, 40)) != NULL; got += 40) {
            for (size_t i = 0; i < 40; i++) {
                ck_assert_uint_eq(at[i], 0);
            }
            memset(at, 0xff, 40);
        }
        ck_assert_uint_gt(got, SIZE / 2);
        ck_assert_uint_le(got, SIZE);
        ck_assert(carved.exhausted);
        arena_reset(&carved);
        ck_assert_ptr_eq(carved.newest, chunk);
    }
    arena_free(&parent); /* and what was carved from it */
}
END_TEST

START_TEST(carving_from_an_exhausted_arena_fails)
{
    struct arena parent;
    arena_init(&parent, 1000);
    struct arena carved;
    ck_assert(!arena_carve(&parent, 4096, &carved));
    arena_free(&parent);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("arena");
    add_test(suite, memory_is_zeroed_and_aligned);
    add_test(suite, requests_up_to_the_ceiling_are_granted_and_never_beyond);
    add_rows(suite, absurd_requests_are_refused, huges);
    add_test(suite, copy_ends_in_a_nul_that_is_not_counted);
    add_test(suite, refused_copy_has_no_data);
    add_test(suite, rewind_keeps_what_came_before_and_zeroes_what_comes_after);
    add_test(suite, rewind_within_a_chunk_hands_out_the_same_memory_again);
    add_test(suite, rewind_to_an_empty_arena_gives_back_everything);
    add_test(suite, reset_memory_is_zero_again);
    add_test(suite, reset_forgives_exhaustion_and_keeps_one_chunk);
    add_test(suite, freed_arena_can_be_used_again);
    add_test(suite, carved_arena_never_grows_and_can_be_reset);
    add_test(suite, carving_from_an_exhausted_arena_fails);
    return suite;
}
