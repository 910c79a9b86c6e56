/* Faults by themselves: what each does to a flight, and what a file may say about when. */
#include "sim/fault.h"

#include "tests/sim/toys.h"
#include "tests/support/support.h"

/* --- strikes --- */

struct strike_row {
    const char *name;
    const char *fault;
    struct toy_number numbers[2];
    enum transport transport;
    size_t size;            /* of the payload */
    uint64_t stream_octets; /* before it */
    bool opens;
    bool struck;
    size_t size_after;
    bool lost, stalled, refused, reset;
    duration_ns delay_least, delay_most;
    unsigned copies;
    size_t segment_size;
};

#define UDP .transport = TRANSPORT_UDP
#define TCP .transport = TRANSPORT_TCP

static const struct strike_row strike_rows[] = {
    {"loss loses",
     "loss",
     {{NULL, 0}},
     UDP,
     .size = 9,
     .struck = true,
     .size_after = 9,
     .lost = true},
    {"delay delays",
     "delay",
     {{"time", 7}},
     UDP,
     .size = 9,
     .struck = true,
     .size_after = 9,
     .delay_least = 7,
     .delay_most = 7},
    {"jitter stays within bounds",
     "delay",
     {{"time", 7}, {"jitter", 3}},
     TCP,
     .size = 9,
     .struck = true,
     .size_after = 9,
     .delay_least = 7,
     .delay_most = 10},
    {"an endless delay saturates",
     "delay",
     {{"time", UINT64_MAX}, {"jitter", UINT64_MAX}},
     UDP,
     .size = 9,
     .struck = true,
     .size_after = 9,
     .delay_least = NEVER,
     .delay_most = NEVER},
    {"reorder holds back",
     "reorder",
     {{"window", 5}},
     UDP,
     .size = 9,
     .struck = true,
     .size_after = 9,
     .delay_most = 5},
    {"reorder leaves streams alone", "reorder", {{"window", 5}}, TCP, .size = 9, .size_after = 9},
    {"duplicate copies",
     "duplicate",
     {{"copies", 3}},
     UDP,
     .size = 9,
     .struck = true,
     .size_after = 9,
     .copies = 3},
    {"duplicate leaves streams alone",
     "duplicate",
     {{"copies", 3}},
     TCP,
     .size = 9,
     .size_after = 9},
    {"corrupt keeps the size",
     "corrupt",
     {{"bits", 64}},
     UDP,
     .size = 9,
     .struck = true,
     .size_after = 9},
    {"corrupt cannot hit past the end",
     "corrupt",
     {{"offset", 9}},
     UDP,
     .size = 9,
     .size_after = 9},
    {"corrupt spares the empty", "corrupt", {{"bits", 1}}, UDP, .size = 0},
    {"truncate cuts", "truncate", {{"to", 4}}, UDP, .size = 9, .struck = true, .size_after = 4},
    {"truncate spares the short", "truncate", {{"to", 9}}, UDP, .size = 9, .size_after = 9},
    {"truncate leaves streams alone", "truncate", {{"to", 4}}, TCP, .size = 9, .size_after = 9},
    {"tcp-refused refuses the first",
     "tcp-refused",
     {{NULL, 0}},
     TCP,
     .size = 9,
     .opens = true,
     .struck = true,
     .size_after = 9,
     .refused = true},
    {"tcp-refused spares the rest", "tcp-refused", {{NULL, 0}}, TCP, .size = 9, .size_after = 9},
    {"tcp-stalled stalls",
     "tcp-stalled",
     {{NULL, 0}},
     TCP,
     .size = 9,
     .struck = true,
     .size_after = 9,
     .stalled = true},
    {"tcp-stalled spares datagrams", "tcp-stalled", {{NULL, 0}}, UDP, .size = 9, .size_after = 9},
    {"tcp-reset at once",
     "tcp-reset",
     {{"after", 0}},
     TCP,
     .size = 9,
     .struck = true,
     .reset = true},
    {"tcp-reset waits",
     "tcp-reset",
     {{"after", 20}},
     TCP,
     .size = 9,
     .stream_octets = 10,
     .size_after = 9},
    {"tcp-reset in the middle",
     "tcp-reset",
     {{"after", 14}},
     TCP,
     .size = 9,
     .stream_octets = 10,
     .struck = true,
     .size_after = 4,
     .reset = true},
    {"tcp-reset at the boundary",
     "tcp-reset",
     {{"after", 19}},
     TCP,
     .size = 9,
     .stream_octets = 10,
     .struck = true,
     .size_after = 9,
     .reset = true},
    {"tcp-reset past its point",
     "tcp-reset",
     {{"after", 5}},
     TCP,
     .size = 9,
     .stream_octets = 10,
     .struck = true,
     .size_after = 0,
     .reset = true},
    {"tcp-reset spares datagrams", "tcp-reset", {{"after", 0}}, UDP, .size = 9, .size_after = 9},
    {"tcp-segment cuts",
     "tcp-segment",
     {{"size", 2}},
     TCP,
     .size = 9,
     .struck = true,
     .size_after = 9,
     .segment_size = 2},
    {"tcp-segment spares the small", "tcp-segment", {{"size", 9}}, TCP, .size = 9, .size_after = 9},
    {"tcp-segment bounds the pieces",
     "tcp-segment",
     {{"size", 1}},
     TCP,
     .size = 2049,
     .struck = true,
     .size_after = 2049,
     .segment_size = 3},
    {"tcp-length keeps the size",
     "tcp-length",
     {{"to", 0}},
     TCP,
     .size = 9,
     .struck = true,
     .size_after = 9},
    {"tcp-length spares what has none", "tcp-length", {{"to", 0}}, TCP, .size = 1, .size_after = 1},
    {"tcp-length spares datagrams", "tcp-length", {{"to", 0}}, UDP, .size = 9, .size_after = 9},
};

static uint8_t octets[4096];

static size_t numbers_of(const struct strike_row *row)
{
    size_t count = 0;
    while (count < COUNT_OF(row->numbers) && row->numbers[count].key != NULL) {
        count++;
    }
    return count;
}

START_TEST(strikes_as_documented)
{
    const struct strike_row *row = &strike_rows[_i];
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const struct fault fault = toy_fault(&arena, row->fault, row->numbers, numbers_of(row));
    struct flight flight = {.opens = row->opens,
                            .stream_octets = row->stream_octets,
                            .packet = toy_packet(toy_endpoint(1, 1), toy_endpoint(2, 53),
                                                 row->transport, bytes_of(octets, row->size)),
                            .payload = octets,
                            .room = sizeof octets};
    struct rng rng;
    rng_seed(&rng, 1, bytes_of_string("test"));
    ck_assert(fault.row->strike(fault.state, &flight, &rng) == row->struck);
    ck_assert_uint_eq(flight.packet.payload.size, row->size_after);
    ck_assert_int_eq(flight.lost, row->lost);
    ck_assert_int_eq(flight.stalled, row->stalled);
    ck_assert_int_eq(flight.refused, row->refused);
    ck_assert_int_eq(flight.reset, row->reset);
    ck_assert_uint_ge(flight.delay, row->delay_least);
    ck_assert_uint_le(flight.delay, row->delay_most);
    ck_assert_uint_eq(flight.copies, row->copies);
    ck_assert_uint_eq(flight.segment_size, row->segment_size);
    arena_free(&arena);
}
END_TEST

static unsigned bits_set(const uint8_t *view, size_t size)
{
    unsigned count = 0;
    for (size_t i = 0; i < size * 8; i++) {
        count += view[i / 8] >> (i % 8) & 1;
    }
    return count;
}

START_TEST(corrupt_turns_exactly_so_many_bits)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    for (unsigned bits = 1; bits <= 64; bits++) {
        const struct fault fault =
            toy_fault(&arena, "corrupt", (const struct toy_number[]){{"bits", bits}}, 1);
        uint8_t payload[5] = {0};
        struct flight flight = {.packet.payload = bytes_of(payload, sizeof payload),
                                .payload = payload,
                                .room = sizeof payload};
        struct rng rng;
        rng_seed(&rng, bits, bytes_of_string("test"));
        ck_assert(fault.row->strike(fault.state, &flight, &rng));
        ck_assert_uint_eq(bits_set(payload, sizeof payload), bits < 40 ? bits : 40);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(corrupt_hits_the_octet_it_is_told)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const struct fault fault =
        toy_fault(&arena, "corrupt", (const struct toy_number[]){{"bits", 3}, {"offset", 2}}, 2);
    uint8_t payload[5] = {0};
    struct flight flight = {.packet.payload = bytes_of(payload, sizeof payload),
                            .payload = payload,
                            .room = sizeof payload};
    struct rng rng;
    rng_seed(&rng, 1, bytes_of_string("test"));
    ck_assert(fault.row->strike(fault.state, &flight, &rng));
    ck_assert_uint_eq(bits_set(payload + 2, 1), 3);
    ck_assert_uint_eq(bits_set(payload, 5), 3);
    arena_free(&arena);
}
END_TEST

START_TEST(truncate_can_set_tc)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const struct fault fault =
        toy_fault(&arena, "truncate", (const struct toy_number[]){{"to", 12}, {"set-tc", 1}}, 2);
    uint8_t payload[40] = {0};
    struct flight flight = {.packet.payload = bytes_of(payload, sizeof payload),
                            .payload = payload,
                            .room = sizeof payload};
    ck_assert(fault.row->strike(fault.state, &flight, NULL));
    ck_assert_uint_eq(payload[2], 0x02);
    ck_assert_uint_eq(bits_set(payload, sizeof payload), 1);
    arena_free(&arena);
}
END_TEST

START_TEST(every_row_can_be_found_and_explains_itself)
{
    for (const struct fault_row *row = fault_rows; row->name != NULL; row++) {
        ck_assert_ptr_eq(fault_find(bytes_of_string(row->name)), row);
        ck_assert_ptr_nonnull(row->doc);
        bool short_found = row->short_param == NULL;
        for (const struct param_spec *spec = row->params; spec->key != NULL; spec++) {
            ck_assert_ptr_nonnull(spec->doc);
            short_found |= row->short_param != NULL && strcmp(spec->key, row->short_param) == 0;
        }
        ck_assert_msg(short_found, "%s has no such parameter", row->name);
    }
    ck_assert_ptr_null(fault_find(bytes_of_string("los")));
}
END_TEST

/* --- triggers --- */

struct range_row {
    const char *name;
    const char *key;
    const char *texts[3];
    bool fine;
    uint64_t low, high;
};

static const struct range_row range_rows[] = {
    {"nth alone", "nth", {"3"}, true, 3, 3},
    {"nth with dots", "nth", {"2..5"}, true, 2, 5},
    {"nth as a list", "nth", {"2", "5"}, true, 2, 5},
    {"nth open", "nth", {"2.."}, true, 2, UINT64_MAX},
    {"nth counts from 1", "nth", {"0"}, false, 0, 0},
    {"nth backwards", "nth", {"5..2"}, false, 0, 0},
    {"nth of words", "nth", {"third"}, false, 0, 0},
    {"nth empty", "nth", {""}, false, 0, 0},
    {"nth without a start", "nth", {"..4"}, false, 0, 0},
    {"nth of three", "nth", {"1", "2", "3"}, false, 0, 0},
    {"nth too large", "nth", {"99999999999999999999"}, false, 0, 0},
    {"between as a list", "between", {"5s", "20s"}, true, 5 * NS_PER_S, 20 * NS_PER_S},
    {"between with dots", "between", {"100ms..1m"}, true, 100 * NS_PER_MS, 60 * NS_PER_S},
    {"between open", "between", {"5.."}, true, 5 * NS_PER_S, NEVER},
    {"between with a fraction",
     "between",
     {"0.5s..1.25s"},
     true,
     500 * NS_PER_MS,
     1250 * NS_PER_MS},
    {"between alone", "between", {"5s"}, false, 0, 0},
    {"between backwards", "between", {"5s", "1s"}, false, 0, 0},
    {"between of nothing", "between", {"5s", "5s"}, false, 0, 0},
    {"between of words", "between", {"soon", "later"}, false, 0, 0},
};

START_TEST(ranges_are_read)
{
    const struct range_row *row = &range_rows[_i];
    struct bytes texts[3];
    size_t count = 0;
    while (count < 3 && row->texts[count] != NULL) {
        texts[count] = bytes_of_string(row->texts[count]);
        count++;
    }
    const struct param_spec spec = {.key = row->key, .type = PARAM_TEXTS};
    const struct param param = {.spec = &spec, .texts = texts, .count = count, .place.line = 4};
    const struct params params = {.items = &param, .count = 1};
    struct fault_trigger trigger;
    struct diag diag = {0};
    struct arena arena;
    arena_init(&arena, 1 << 16);
    ck_assert(fault_trigger_configure(&params, &arena, &trigger, &diag) == row->fine);
    if (row->fine) {
        const bool nth = strcmp(row->key, "nth") == 0;
        ck_assert_uint_eq(nth ? trigger.nth_first : trigger.from, row->low);
        ck_assert_uint_eq(nth ? trigger.nth_last : trigger.until, row->high);
    } else {
        ck_assert_uint_eq(diag.place.line, 4);
        ck_assert_str_ne(diag.sentence, "");
    }
    arena_free(&arena);
}
END_TEST

START_TEST(an_empty_trigger_is_always)
{
    struct fault_trigger always;
    struct fault_trigger trigger;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    fault_trigger_always(&always);
    ck_assert(fault_trigger_configure(&(struct params){0}, &arena, &trigger, NULL));
    ck_assert_mem_eq(&trigger, &always, sizeof always);
    arena_free(&arena);
}
END_TEST

START_TEST(every_condition_is_read)
{
    static const struct param_spec specs[] = {{.key = "first"},
                                              {.key = "chance"},
                                              {.key = "transport"},
                                              {.key = "direction"},
                                              {.key = "type"}};
    const uint16_t types[2] = {16, 5};
    const struct param items[] = {{.spec = &specs[0], .number = 1},
                                  {.spec = &specs[1], .number = 250000},
                                  {.spec = &specs[2], .number = TRANSPORT_TCP},
                                  {.spec = &specs[3], .number = 1},
                                  {.spec = &specs[4], .types = types, .count = 2}};
    const struct params params = {.items = items, .count = COUNT_OF(items)};
    struct fault_trigger trigger;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    ck_assert(fault_trigger_configure(&params, &arena, &trigger, NULL));
    ck_assert(trigger.first);
    ck_assert_uint_eq(trigger.chance_ppm, 250000);
    ck_assert_int_eq(trigger.transport, TRANSPORT_TCP);
    ck_assert_int_eq(trigger.direction, 2); /* responses */
    ck_assert_uint_eq(trigger.type_count, 2);
    ck_assert_uint_eq(trigger.types[0], 16);
    ck_assert_uint_eq(trigger.types[1], 5);
    arena_free(&arena);
}
END_TEST

START_TEST(the_table_of_conditions_explains_itself)
{
    for (const struct param_spec *spec = fault_trigger_params; spec->key != NULL; spec++) {
        ck_assert_ptr_nonnull(spec->doc);
        ck_assert_msg((spec->type == PARAM_CHOICE) == (spec->choices != NULL), "%s", spec->key);
    }
}
END_TEST

START_TEST(jitter_varies)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const struct fault fault =
        toy_fault(&arena, "delay", (const struct toy_number[]){{"jitter", 1}}, 1);
    unsigned late = 0;
    for (unsigned i = 0; i < 64; i++) {
        struct flight flight = {.packet.transport = TRANSPORT_UDP};
        struct rng rng;
        rng_seed(&rng, i, bytes_of_string("test"));
        ck_assert(fault.row->strike(fault.state, &flight, &rng));
        late += flight.delay == 1;
    }
    ck_assert_uint_gt(late, 16);
    ck_assert_uint_lt(late, 48);
    arena_free(&arena);
}
END_TEST

START_TEST(names_that_are_none_are_told_with_their_place)
{
    const struct bytes texts[2] = {bytes_of_string("fine.example"), bytes_of_string("a..b")};
    const struct place places[2] = {{.line = 1}, {.line = 2}};
    const struct param_spec spec = {.key = "name", .type = PARAM_TEXTS};
    struct param param = {.spec = &spec, .texts = texts, .text_places = places, .count = 2};
    const struct params params = {.items = &param, .count = 1};
    struct fault_trigger trigger;
    struct diag diag = {0};
    struct arena arena;
    arena_init(&arena, 1 << 16);
    ck_assert(!fault_trigger_configure(&params, &arena, &trigger, &diag));
    ck_assert_uint_eq(diag.place.line, 2);
    param.count = 1;
    ck_assert(fault_trigger_configure(&params, &arena, &trigger, &diag));
    ck_assert_uint_eq(trigger.name_count, 1);
    arena_free(&arena);
}
END_TEST

START_TEST(sizes_that_exclude_each_other_are_refused)
{
    const struct param_spec specs[2] = {{.key = "larger-than"}, {.key = "smaller-than"}};
    struct param items[2] = {{.spec = &specs[0], .number = 100},
                             {.spec = &specs[1], .number = 102, .place.line = 3}};
    const struct params params = {.items = items, .count = 2};
    struct fault_trigger trigger;
    struct diag diag = {0};
    ck_assert(fault_trigger_configure(&params, NULL, &trigger, &diag));
    ck_assert_uint_eq(trigger.size_least, 101);
    ck_assert_uint_eq(trigger.size_most, 101);
    items[1].number = 101;
    ck_assert(!fault_trigger_configure(&params, NULL, &trigger, &diag));
    ck_assert_uint_eq(diag.place.line, 3);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("fault");
    add_rows(suite, strikes_as_documented, strike_rows);
    add_test(suite, corrupt_turns_exactly_so_many_bits);
    add_test(suite, corrupt_hits_the_octet_it_is_told);
    add_test(suite, truncate_can_set_tc);
    add_test(suite, every_row_can_be_found_and_explains_itself);
    add_rows(suite, ranges_are_read, range_rows);
    add_test(suite, an_empty_trigger_is_always);
    add_test(suite, every_condition_is_read);
    add_test(suite, the_table_of_conditions_explains_itself);
    add_test(suite, jitter_varies);
    add_test(suite, names_that_are_none_are_told_with_their_place);
    add_test(suite, sizes_that_exclude_each_other_are_refused);
    return suite;
}
