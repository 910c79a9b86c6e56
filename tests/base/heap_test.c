#include "base/heap.h"

#include "base/rng.h"
#include "tests/support/support.h"

#define CAPACITY 257

START_TEST(empty_heap_is_never_due)
{
    struct heap_item items[1];
    struct heap heap;
    heap_init(&heap, items, 1);
    ck_assert_uint_eq(heap_due(&heap), NEVER);
    ck_assert_ptr_null(heap_pop(&heap));
}
END_TEST

START_TEST(full_heap_files_nothing)
{
    struct heap_item items[2];
    struct heap heap;
    int things[3];
    heap_init(&heap, items, 2);
    ck_assert(heap_push(&heap, 3, &things[0]));
    ck_assert(heap_push(&heap, 2, &things[1]));
    ck_assert(!heap_push(&heap, 1, &things[2]));
    ck_assert_uint_eq(heap_due(&heap), 2);
    ck_assert_ptr_eq(heap_pop(&heap), &things[1]);
    ck_assert_ptr_eq(heap_pop(&heap), &things[0]);
}
END_TEST

START_TEST(heap_without_storage_is_full)
{
    struct heap heap;
    int thing;
    heap_init(&heap, NULL, 0);
    ck_assert(!heap_push(&heap, 1, &thing));
}
END_TEST

START_TEST(equals_come_out_in_the_order_they_went_in)
{
    struct heap_item items[CAPACITY];
    struct heap heap;
    int things[CAPACITY];
    heap_init(&heap, items, CAPACITY);
    for (size_t i = 0; i < CAPACITY; i++) {
        ck_assert(heap_push(&heap, i % 3, &things[i]));
    }
    for (size_t due = 0; due < 3; due++) {
        for (size_t i = due; i < CAPACITY; i += 3) {
            ck_assert_uint_eq(heap_due(&heap), due);
            ck_assert_ptr_eq(heap_pop(&heap), &things[i]);
        }
    }
}
END_TEST

/* What is filed, kept flat: the earliest is found by looking at all of it. */
struct flat {
    struct filed {
        instant_ns due;
        bool there;
    } filed[4096];
    size_t count;
};

static size_t flat_earliest(const struct flat *flat)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < flat->count; i++) {
        if (flat->filed[i].there &&
            (best == SIZE_MAX || flat->filed[i].due < flat->filed[best].due)) {
            best = i;
        }
    }
    return best;
}

START_TEST(any_mixture_of_push_and_pop_agrees_with_a_flat_list)
{
    struct heap_item items[CAPACITY];
    struct heap heap;
    static struct flat flat;
    struct rng rng;
    heap_init(&heap, items, CAPACITY);
    rng_seed(&rng, 1, bytes_of_string("test:heap"));
    while (flat.count < COUNT_OF(flat.filed)) {
        if (heap.count < CAPACITY && rng_chance(&rng, 600000)) {
            struct filed *filed = &flat.filed[flat.count++];
            *filed = (struct filed){.due = rng_below(&rng, 50), .there = true};
            ck_assert(heap_push(&heap, filed->due, filed));
            continue;
        }
        const size_t earliest = flat_earliest(&flat);
        struct filed *popped = heap_pop(&heap);
        ck_assert_ptr_eq(popped, earliest == SIZE_MAX ? NULL : &flat.filed[earliest]);
        if (popped != NULL) {
            popped->there = false;
        }
    }
}
END_TEST

START_TEST(filing_nothing_is_a_broken_contract)
{
    struct heap_item items[1];
    struct heap heap;
    heap_init(&heap, items, 1);
    heap_push(&heap, 1, NULL);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("heap");
    add_test(suite, empty_heap_is_never_due);
    add_test(suite, full_heap_files_nothing);
    add_test(suite, heap_without_storage_is_full);
    add_test(suite, equals_come_out_in_the_order_they_went_in);
    add_test(suite, any_mixture_of_push_and_pop_agrees_with_a_flat_list);
    add_abort_test(suite, filing_nothing_is_a_broken_contract);
    return suite;
}
