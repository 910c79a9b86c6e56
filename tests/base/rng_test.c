#include "base/rng.h"

#include "base/entropy.h"
#include "tests/support/support.h"

#define DRAWS 100000

/* The first outputs of xoshiro256++ from the state {1, 2, 3, 4}, as the generator's other
 * implementations give them. */
static const uint64_t published[] = {
    UINT64_C(41943041),
    UINT64_C(58720359),
    UINT64_C(3588806011781223),
    UINT64_C(3591011842654386),
    UINT64_C(9228616714210784205),
    UINT64_C(9973669472204895162),
    UINT64_C(14011001112246962877),
    UINT64_C(12406186145184390807),
};

START_TEST(generator_is_xoshiro256_plus_plus)
{
    struct rng rng = {.state = {1, 2, 3, 4}};
    for (size_t i = 0; i < COUNT_OF(published); i++) {
        ck_assert_uint_eq(rng_next(&rng), published[i]);
    }
}
END_TEST

/* Recorded traces depend on these values: they must never change. */
static const struct golden {
    const char *name; /* the stream's purpose */
    uint64_t seed;
    uint64_t first, second;
} goldens[] = {
    {"seat:resolver", 1, UINT64_C(0xca47a2932f070994), UINT64_C(0x5d2c5a1f78460d42)},
    {"seat:resolver", 2, UINT64_C(0xfa6296eb57655cbd), UINT64_C(0x33f829e413eaa4ba)},
    {"link:a>b:loss", 1, UINT64_C(0x904227564aeb0a72), UINT64_C(0x82078360eb3f7069)},
    {"", 0, UINT64_C(0x7a6576568a44363f), UINT64_C(0x26254be1b8149e1a)},
};

START_TEST(stream_is_the_same_in_every_version)
{
    const struct golden *row = &goldens[_i];
    struct rng rng;
    rng_seed(&rng, row->seed, bytes_of_string(row->name));
    ck_assert_uint_eq(rng_next(&rng), row->first);
    ck_assert_uint_eq(rng_next(&rng), row->second);
}
END_TEST

START_TEST(streams_of_different_purposes_agree_no_more_than_chance)
{
    struct rng a;
    struct rng b;
    rng_seed(&a, 1, bytes_of_string("seat:a"));
    rng_seed(&b, 1, bytes_of_string("seat:b"));
    size_t equal_bits = 0;
    for (size_t i = 0; i < 1000; i++) {
        uint64_t same = ~(rng_next(&a) ^ rng_next(&b));
        for (; same != 0; same &= same - 1) {
            equal_bits++;
        }
    }
    ck_assert_uint_gt(equal_bits, 31000); /* 32000 expected, standard deviation 126 */
    ck_assert_uint_lt(equal_bits, 33000);
}
END_TEST

START_TEST(below_stays_below_and_reaches_every_value)
{
    struct rng rng;
    size_t seen[7] = {0};
    rng_seed(&rng, 1, bytes_of_string("test:below"));
    for (size_t i = 0; i < DRAWS; i++) {
        const uint64_t draw = rng_below(&rng, 7);
        ck_assert_uint_lt(draw, 7);
        seen[draw]++;
    }
    for (size_t i = 0; i < 7; i++) {
        ck_assert_uint_gt(seen[i], DRAWS / 7 - 700); /* six standard deviations */
        ck_assert_uint_lt(seen[i], DRAWS / 7 + 700);
    }
}
END_TEST

START_TEST(below_is_fair_where_the_bound_does_not_divide_the_range)
{
    const uint64_t quarter = UINT64_C(1) << 62;
    struct rng rng;
    size_t low = 0;
    rng_seed(&rng, 1, bytes_of_string("test:fair"));
    for (size_t i = 0; i < DRAWS; i++) {
        low += rng_below(&rng, 3 * quarter) < quarter;
    }
    ck_assert_uint_gt(low, DRAWS / 3 - 1000); /* a plain remainder gives DRAWS / 2 */
    ck_assert_uint_lt(low, DRAWS / 3 + 1000);
}
END_TEST

START_TEST(below_one_is_zero_and_the_widest_bound_works)
{
    struct rng rng;
    rng_seed(&rng, 1, bytes_of_string("test:edges"));
    ck_assert_uint_eq(rng_below(&rng, 1), 0);
    ck_assert_uint_lt(rng_below(&rng, UINT64_MAX), UINT64_MAX);
    ck_assert_uint_lt(rng_below(&rng, (UINT64_C(1) << 63) + 1), (UINT64_C(1) << 63) + 1);
}
END_TEST

START_TEST(below_zero_is_a_broken_contract)
{
    struct rng rng = {.state = {1, 2, 3, 4}};
    rng_below(&rng, 0);
}
END_TEST

START_TEST(a_chance_beyond_always_is_a_broken_contract)
{
    struct rng rng = {.state = {1, 2, 3, 4}};
    rng_chance(&rng, CHANCE_ALWAYS + 1);
}
END_TEST

static const struct odds {
    const char *name;
    uint32_t ppm;
    size_t least, most; /* of DRAWS */
} all_odds[] = {
    {"never", 0, 0, 0},
    {"always", CHANCE_ALWAYS, DRAWS, DRAWS},
    {"one in five", 200000, 19200, 20800},
    {"one in a thousand", 1000, 40, 160},
};

START_TEST(chance_comes_true_as_often_as_it_says)
{
    struct rng rng;
    size_t hits = 0;
    rng_seed(&rng, 1, bytes_of_string("test:chance"));
    for (size_t i = 0; i < DRAWS; i++) {
        hits += rng_chance(&rng, all_odds[_i].ppm);
    }
    ck_assert_uint_ge(hits, all_odds[_i].least);
    ck_assert_uint_le(hits, all_odds[_i].most);
}
END_TEST

START_TEST(never_is_never)
{
    struct rng rng;
    rng_seed(&rng, 1, bytes_of_string("test:never"));
    for (size_t i = 0; i < (size_t)100 * DRAWS; i++) {
        if (rng_chance(&rng, 0)) {
            ck_abort_msg("came true at draw %zu", i);
        }
    }
}
END_TEST

START_TEST(every_chance_takes_one_draw)
{
    struct rng counted;
    struct rng reference;
    rng_seed(&counted, 1, bytes_of_string("test:draws"));
    reference = counted;
    rng_chance(&counted, all_odds[_i].ppm);
    rng_next(&reference);
    ck_assert_uint_eq(rng_next(&counted), rng_next(&reference));
}
END_TEST

START_TEST(entropy_of_a_stream_is_the_stream)
{
    struct rng a;
    rng_seed(&a, 1, bytes_of_string("test:entropy"));
    struct rng b = a;
    const struct entropy entropy = entropy_of_rng(&a);
    ck_assert_uint_eq(entropy_next(&entropy), rng_next(&b));
    ck_assert_uint_eq(entropy_next(&entropy), rng_next(&b));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("rng");
    add_test(suite, generator_is_xoshiro256_plus_plus);
    add_rows(suite, stream_is_the_same_in_every_version, goldens);
    add_test(suite, streams_of_different_purposes_agree_no_more_than_chance);
    add_test(suite, below_stays_below_and_reaches_every_value);
    add_test(suite, below_is_fair_where_the_bound_does_not_divide_the_range);
    add_test(suite, below_one_is_zero_and_the_widest_bound_works);
    add_abort_test(suite, below_zero_is_a_broken_contract);
    add_abort_test(suite, a_chance_beyond_always_is_a_broken_contract);
    add_rows(suite, chance_comes_true_as_often_as_it_says, all_odds);
    add_test(suite, never_is_never);
    add_rows(suite, every_chance_takes_one_draw, all_odds);
    add_test(suite, entropy_of_a_stream_is_the_stream);
    return suite;
}
