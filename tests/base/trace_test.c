#include "base/trace.h"

#include "tests/support/support.h"

#define ROOMY ((size_t)1 << 20)

static struct trace_entry fact(const char *payload)
{
    return (struct trace_entry){
        .at = 5,
        .kind = TRACE_SENT,
        .who = "client",
        .what = "query",
        .flight = 3,
        .packet = {.from = {.address = address_v4((uint8_t[]){192, 0, 2, 1}), .port = 4000},
                   .to = {.address = address_v4((uint8_t[]){192, 0, 2, 2}), .port = 53},
                   .payload = bytes_of_string(payload)},
    };
}

static struct trace_entry decision(void)
{
    return (struct trace_entry){
        .at = 6,
        .kind = TRACE_DECISION,
        .who = "resolver",
        .what = "referral",
        .name = bytes_of("\3net", 5),
        .type = 16,
        .peer = {.address = address_v4((uint8_t[]){192, 0, 2, 3}), .port = 53},
        .number = 9,
        .note = "glue",
    };
}

START_TEST(entries_come_back_in_order_and_whole)
{
    struct arena arena;
    struct trace trace;
    arena_init(&arena, ROOMY);
    trace_init(&trace, &arena);
    for (uint64_t i = 0; i < 1000; i++) {
        char payload[8] = {(char)('a' + i % 26)};
        struct trace_entry entry = fact(payload);
        entry.at = i;
        trace_put(&trace, &entry);
        payload[0] = '!'; /* the trace has its own copy */
    }
    struct trace_cursor cursor = {0};
    for (uint64_t i = 0; i < 1000; i++) {
        const struct trace_entry *entry = trace_next(&trace, &cursor);
        ck_assert_ptr_nonnull(entry);
        ck_assert_uint_eq(entry->sequence, i);
        ck_assert_uint_eq(entry->at, i);
        ck_assert_uint_eq(entry->packet.payload.size, 1);
        ck_assert_uint_eq(entry->packet.payload.data[0], 'a' + i % 26);
    }
    ck_assert_ptr_null(trace_next(&trace, &cursor));
    ck_assert_ptr_null(trace_next(&trace, &cursor));
    ck_assert_uint_eq(trace.count, 1000);
    ck_assert_uint_eq(trace.missing, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(a_cursor_at_the_end_sees_what_is_added_later)
{
    struct arena arena;
    struct trace trace;
    struct trace_cursor cursor = {0};
    const struct trace_entry entry = fact("x");
    arena_init(&arena, ROOMY);
    trace_init(&trace, &arena);
    for (uint64_t i = 0; i < 100; i++) {
        trace_put(&trace, &entry);
        const struct trace_entry *read = trace_next(&trace, &cursor);
        ck_assert_ptr_nonnull(read);
        ck_assert_uint_eq(read->sequence, i);
        ck_assert_ptr_null(trace_next(&trace, &cursor));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(no_trace_swallows_everything)
{
    const struct trace_entry entry = fact("x");
    trace_put(NULL, &entry);
}
END_TEST

/* Digest of one trace made of `entry`, kept in an arena with this ceiling. */
static uint64_t digest_of(const struct trace_entry *entry, size_t ceiling)
{
    struct arena arena;
    struct trace trace;
    arena_init(&arena, ceiling);
    trace_init(&trace, &arena);
    trace_put(&trace, entry);
    trace_put(&trace, entry);
    const uint64_t digest = trace_digest(&trace);
    arena_free(&arena);
    return digest;
}

START_TEST(entries_without_room_are_counted_and_digested)
{
    struct arena arena;
    struct trace trace;
    const struct trace_entry entry = fact("x");
    arena_init(&arena, 64);
    trace_init(&trace, &arena);
    trace_put(&trace, &entry);
    trace_put(&trace, &entry);
    ck_assert_uint_eq(trace.count, 2);
    ck_assert_uint_eq(trace.missing, 2);
    struct trace_cursor cursor = {0};
    ck_assert_ptr_null(trace_next(&trace, &cursor));
    ck_assert_uint_eq(trace_digest(&trace), digest_of(&entry, ROOMY));
    arena_free(&arena);
}
END_TEST

/* The arena has room for a block of entries and a small copy, not for a large one. */
START_TEST(entries_without_room_keep_their_turn_in_the_digest)
{
    static uint8_t large[8000];
    struct arena arena;
    uint64_t digests[2];
    for (int roomy = 0; roomy < 2; roomy++) {
        struct trace trace;
        struct trace_entry entry = fact("x");
        arena_init(&arena, roomy ? ROOMY : 12288);
        trace_init(&trace, &arena);
        for (int i = 0; i < 4; i++) {
            entry.packet.payload = bytes_of(large, i % 2 == 0 ? sizeof large : 4);
            trace_put(&trace, &entry);
        }
        ck_assert_uint_eq(trace.missing, roomy ? 0 : 2);
        digests[roomy] = trace_digest(&trace);
        arena_free(&arena);
    }
    ck_assert_uint_eq(digests[0], digests[1]);
}
END_TEST

static void hear(void *context, const struct trace_entry *entry)
{
    uint64_t *count = context;
    ck_assert_uint_eq(entry->sequence, *count);
    ck_assert_str_eq(entry->who, "client");
    ++*count;
}

START_TEST(entries_that_pass_are_heard_and_take_no_memory)
{
    struct arena arena;
    struct trace trace;
    struct trace_cursor cursor = {0};
    uint64_t heard = 0;
    const struct trace_entry entry = fact("x");
    arena_init(&arena, ROOMY);
    trace_init(&trace, &arena);
    trace_let_pass(&trace);
    trace_reset(&trace);
    trace_put(&trace, &entry); /* nobody listens yet */
    trace.listener = hear;
    trace.listener_context = &heard;
    for (int i = 0; i < 100; i++) {
        trace_put(&trace, &entry);
    }
    ck_assert_uint_eq(heard, 100);
    ck_assert_uint_eq(arena.used, 0);
    ck_assert_uint_eq(trace_digest(&trace), 0);
    ck_assert_uint_eq(trace.missing, 0);
    ck_assert_ptr_null(trace_next(&trace, &cursor));
    arena_free(&arena);
}
END_TEST

/* One change each that the digest must see. */
static void change_at(struct trace_entry *entry)
{
    entry->at++;
}

static void change_kind(struct trace_entry *entry)
{
    entry->kind = TRACE_LOST;
}

static void change_who(struct trace_entry *entry)
{
    entry->who = "root";
}

static void change_what(struct trace_entry *entry)
{
    entry->what = "other";
}

static void change_flight(struct trace_entry *entry)
{
    entry->flight++;
}

static void change_from(struct trace_entry *entry)
{
    entry->packet.from.port++;
}

static void change_to(struct trace_entry *entry)
{
    entry->packet.to.address.octets[3]++;
}

static void change_transport(struct trace_entry *entry)
{
    entry->packet.transport = TRANSPORT_TCP;
}

static void change_packet_kind(struct trace_entry *entry)
{
    entry->packet.kind = PACKET_CLOSE;
}

static void change_payload(struct trace_entry *entry)
{
    entry->packet.payload = bytes_of_string("other");
}

static void change_name(struct trace_entry *entry)
{
    entry->name = bytes_of("\3org", 5);
}

static void change_type(struct trace_entry *entry)
{
    entry->type++;
}

static void change_peer(struct trace_entry *entry)
{
    entry->peer.port++;
}

static void change_number(struct trace_entry *entry)
{
    entry->number++;
}

static void change_note(struct trace_entry *entry)
{
    entry->note = NULL;
}

static const struct change {
    const char *name;
    bool of_decision;
    void (*apply)(struct trace_entry *entry);
} changes[] = {
    {"instant", false, change_at},
    {"kind", false, change_kind},
    {"who", false, change_who},
    {"what", false, change_what},
    {"flight", false, change_flight},
    {"source", false, change_from},
    {"destination", false, change_to},
    {"transport", false, change_transport},
    {"packet kind", false, change_packet_kind},
    {"payload", false, change_payload},
    {"decision's instant", true, change_at},
    {"decision's name", true, change_name},
    {"decision's type", true, change_type},
    {"decision's peer", true, change_peer},
    {"decision's number", true, change_number},
    {"decision's note", true, change_note},
};

START_TEST(digest_sees_every_change)
{
    struct trace_entry entry = changes[_i].of_decision ? decision() : fact("payload");
    const uint64_t before = digest_of(&entry, ROOMY);
    ck_assert_uint_eq(before, digest_of(&entry, ROOMY));
    changes[_i].apply(&entry);
    ck_assert(before != digest_of(&entry, ROOMY));
}
END_TEST

START_TEST(digest_sees_order)
{
    struct arena arena;
    struct trace one;
    struct trace other;
    const struct trace_entry a = fact("a");
    const struct trace_entry b = fact("b");
    arena_init(&arena, ROOMY);
    trace_init(&one, &arena);
    trace_init(&other, &arena);
    trace_put(&one, &a);
    trace_put(&one, &b);
    trace_put(&other, &b);
    trace_put(&other, &a);
    ck_assert(trace_digest(&one) != trace_digest(&other));
    arena_free(&arena);
}
END_TEST

START_TEST(reset_starts_over)
{
    struct arena arena;
    struct trace trace;
    const struct trace_entry entry = decision();
    arena_init(&arena, ROOMY);
    trace_init(&trace, &arena);
    const uint64_t fresh = trace_digest(&trace);
    trace_put(&trace, &entry);
    const uint64_t first = trace_digest(&trace);
    ck_assert(first != fresh);
    trace_reset(&trace);
    arena_reset(&arena);
    struct trace_cursor cursor = {0};
    ck_assert_ptr_null(trace_next(&trace, &cursor));
    ck_assert_uint_eq(trace_digest(&trace), fresh);
    trace_put(&trace, &entry);
    ck_assert_uint_eq(trace_digest(&trace), first);
    ck_assert_uint_eq(trace.count, 1);
    arena_free(&arena);
}
END_TEST

static void count_entry(void *context, const struct trace_entry *entry)
{
    uint64_t *count = context;
    ck_assert_uint_eq(entry->sequence, *count);
    (*count)++;
}

START_TEST(listener_hears_entries_that_found_no_room_too)
{
    struct arena arena;
    struct trace trace;
    uint64_t heard = 0;
    const struct trace_entry entry = fact("x");
    arena_init(&arena, 64);
    trace_init(&trace, &arena);
    trace.listener = count_entry;
    trace.listener_context = &heard;
    trace_put(&trace, &entry);
    trace_put(&trace, &entry);
    ck_assert_uint_eq(heard, 2);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("trace");
    add_test(suite, entries_come_back_in_order_and_whole);
    add_test(suite, a_cursor_at_the_end_sees_what_is_added_later);
    add_test(suite, no_trace_swallows_everything);
    add_test(suite, entries_without_room_are_counted_and_digested);
    add_test(suite, entries_without_room_keep_their_turn_in_the_digest);
    add_test(suite, entries_that_pass_are_heard_and_take_no_memory);
    add_rows(suite, digest_sees_every_change, changes);
    add_test(suite, digest_sees_order);
    add_test(suite, reset_starts_over);
    add_test(suite, listener_hears_entries_that_found_no_room_too);
    return suite;
}
