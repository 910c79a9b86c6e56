/* What holds for every message: of a seeded corpus of realistic ones, and of what chance makes of
 * them. */
#include <stdlib.h>

#include "bench/corpus.h"
#include "tests/wire/support.h"
#include "wire/text.h"

#define SEEDS   40
#define DAMAGES 400

static struct arena arena;
static struct rng rng;
static uint8_t buffer[MESSAGE_OCTETS_MAX];

static const struct {
    const char *name;
} kinds[CORPUS_KINDS] = {
    {"referral"},       {"key behind a CNAME"}, {"NODATA"}, {"NXDOMAIN"},
    {"signed address"}, {"signed NODATA"},      {"MX"},     {"addresses"},
};

static void make(struct sample *sample, int kind, uint64_t seed)
{
    arena_init(&arena, CORPUS_ARENA_LIMIT);
    rng_seed(&rng, seed, bytes_of_string("property"));
    sample_make(sample, (unsigned)kind, &rng, &arena);
}

static bool parses(struct bytes octets, enum message_mode mode)
{
    struct message message;
    uint8_t *copy = malloc(octets.size + (octets.size == 0));
    memcpy(copy, octets.data, octets.size);
    const bool parsed = message_parse(bytes_of(copy, octets.size), mode, &message, NULL);
    free(copy);
    return parsed;
}

static bool is_same_record(const struct record *record, const struct rrset *rrset,
                           struct bytes rdata)
{
    uint8_t room[1100];
    struct bytes found;
    return name_ref_identical(record->owner, rrset->owner) && record->type == rrset->type &&
           record->rrclass == rrset->rrclass && record->ttl == rrset->ttl &&
           rdata_expand(record, room, sizeof room, &found) && bytes_equal(found, rdata);
}

START_TEST(what_was_encoded_is_parsed)
{
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct sample sample;
        struct message message;
        struct record record;
        struct record_walk walk;
        enum section section = SECTION_QUESTION;
        make(&sample, _i, seed);
        ck_assert(message_parse(sample.wire, MESSAGE_STRICT, &message, NULL));
        ck_assert(name_ref_identical(message.question.name, &sample.question));
        ck_assert_uint_eq(message.question.type, sample.type);
        ck_assert_uint_eq(message.flags, sample.flags);
        ck_assert(message.edns.present == sample.edns.present);
        for (size_t i = 0; i < sample.count; i++) {
            const struct sample_rrset *set = &sample.rrsets[i];
            if (set->section != section) {
                section = set->section;
                walk = record_walk_start(&message, section);
            }
            for (size_t j = 0; j < set->rrset.count; j++) {
                ck_assert(record_next(&walk, &record));
                ck_assert(is_same_record(&record, &set->rrset, set->rrset.rdata[j]));
            }
        }
        arena_free(&arena);
    }
}
END_TEST

START_TEST(no_beginning_of_a_message_is_one)
{
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct sample sample;
        make(&sample, _i, seed);
        for (size_t size = 0; size < sample.wire.size; size++) {
            const struct bytes beginning = bytes_of(sample.wire.data, size);
            if (parses(beginning, MESSAGE_STRICT) || parses(beginning, MESSAGE_LENIENT)) {
                ck_abort_msg("%zu octets of %zu", size, sample.wire.size);
            }
        }
        ck_assert(parses(sample.wire, MESSAGE_STRICT));
        arena_free(&arena);
    }
}
END_TEST

/* The octets of a message built from the records of `message`; 0 if they do not fit. */
static size_t rebuild(const struct message *message)
{
    struct builder builder;
    struct record record;
    struct name name;
    bool fits = true;
    builder_start(&builder, buffer, sizeof buffer, message->id, message->flags);
    name_expand(message->question.name, &name);
    builder_question(&builder, &name, message->question.type, message->question.rrclass);
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(message, (enum section)section);
        while (fits && record_next(&walk, &record)) {
            fits = builder_copy_record(&builder, &record);
        }
    }
    return fits ? builder_finish(&builder) : 0;
}

START_TEST(building_anew_gives_the_same_octets)
{
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct sample sample;
        struct message message;
        make(&sample, _i, seed);
        ck_assert(message_parse(sample.wire, MESSAGE_STRICT, &message, NULL));
        ck_assert(bytes_equal(bytes_of(buffer, rebuild(&message)), sample.wire));
        arena_free(&arena);
    }
}
END_TEST

/* Changes one to four octets, or the length. */
static struct bytes damage(struct bytes wire)
{
    uint8_t *copy = arena_alloc(&arena, wire.size + 8);
    size_t size = wire.size;
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, wire.data, wire.size);
    for (uint64_t count = rng_below(&rng, 4); count > 0; count--) {
        copy[rng_below(&rng, wire.size)] = (uint8_t)rng_next(&rng);
    }
    if (rng_below(&rng, 4) == 0) {
        size = wire.size + 8 - rng_below(&rng, 16);
    }
    copy[rng_below(&rng, 12) + 12] ^= (uint8_t)(1 << rng_below(&rng, 8));
    return bytes_of(copy, size);
}

static bool is_printable(const struct message *message)
{
    static char said[1 << 16];
    struct text text = text_in(said, sizeof said);
    bool is = true;
    message_put(&text, message);
    for (size_t i = 0; i < text.size; i++) {
        is = is && ((said[i] >= ' ' && said[i] < 0x7f) || said[i] == '\n' || said[i] == '\t');
    }
    return is;
}

START_TEST(what_strict_mode_accepts_lenient_mode_accepts)
{
    size_t accepted = 0;
    struct sample sample;
    make(&sample, _i, 1);
    for (unsigned i = 0; i < DAMAGES; i++) {
        const struct arena_mark mark = arena_mark(&arena);
        const struct bytes octets = damage(sample.wire);
        struct message message;
        const bool strict = parses(octets, MESSAGE_STRICT);
        if (message_parse(octets, MESSAGE_LENIENT, &message, NULL)) {
            ck_assert(strict == (message.forgiven == 0));
            ck_assert(is_printable(&message));
            accepted += strict;
        } else {
            ck_assert(!strict);
        }
        arena_rewind(&arena, mark);
    }
    ck_assert_uint_gt(accepted, 0);
    ck_assert_uint_lt(accepted, DAMAGES);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("property");
    add_rows(suite, what_was_encoded_is_parsed, kinds);
    add_rows(suite, no_beginning_of_a_message_is_one, kinds);
    add_rows(suite, building_anew_gives_the_same_octets, kinds);
    add_rows(suite, what_strict_mode_accepts_lenient_mode_accepts, kinds);
    return suite;
}
