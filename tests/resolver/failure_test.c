/* Extended errors: who was asked, over what, what came back, and that it always fits. */
#include "resolver/failure.h"

#include "tests/resolver/rig.h"
#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

static struct rig rig;
static struct failure failure;
static struct delegation delegation;

/* All lines: "CODE TEXT", one after another. */
static const char *lines_of(const struct failure *of)
{
    static char buffer[4 * FAILURE_OCTETS_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    struct bytes rest = bytes_of(of->lines, of->size);
    struct extended_error error;
    while (extended_error_next(&rest, &error)) {
        text_put_format(&text, "%u ", error.code);
        text_put_bytes(&text, error.extra);
        text_put_char(&text, '\n');
    }
    ck_assert(!text.overflow);
    return buffer;
}

static struct name name_of(const char *text)
{
    struct name name;
    ck_assert(name_parse_text(bytes_of_string(text), NULL, &name, NULL));
    return name;
}

/* `count` servers of long.example., each with an address that failed by `trouble`; the first label
 * of a name has `label` letters, of which all but two are written as \DDD. */
static void delegate(uint8_t count, uint8_t label, const char *trouble)
{
    const struct name cut = name_of("long.example.");
    delegation_start(&delegation, &cut);
    for (uint8_t i = 0; i < count; i++) {
        struct name server = {.size = (uint8_t)(label + 2), .labels = 1};
        memset(server.octets, 0x07, sizeof server.octets);
        server.octets[0] = label;
        server.octets[1] = 'n';
        server.octets[2] = (uint8_t)('a' + i);
        server.octets[label + 1] = 0;
        const int index = delegation_add_server(&delegation, &server, &policy_default);
        ck_assert_int_ge(index, 0);
        const struct address address = address_v4((const uint8_t[]){10, 0, 0, i});
        ck_assert(delegation_add_address(&delegation, (uint8_t)index, &address, &policy_default));
        delegation.addresses[i].trouble = trouble;
        delegation.addresses[i].tries = 2;
    }
}

static const struct code_row {
    const char *name;
    const char *trouble;
    uint16_t code;
} code_rows[] = {
    {"silence", "timed out", EDE_NO_REACHABLE_AUTHORITY},
    {"icmp", "unreachable", EDE_NO_REACHABLE_AUTHORITY},
    {"refused", "REFUSED", EDE_NO_REACHABLE_AUTHORITY},
    {"lame", "lame: answers for its parent", EDE_NO_REACHABLE_AUTHORITY},
    {"servfail", "SERVFAIL", EDE_NETWORK_ERROR},
    {"nonsense", "malformed reply", EDE_NETWORK_ERROR},
    {"broken", "connection reset", EDE_NETWORK_ERROR},
};

START_TEST(what_came_back_decides_the_code)
{
    const struct name name = name_of("k.long.example.");
    delegate(2, 2, "timed out");
    delegation.addresses[1].trouble = code_rows[_i].trouble;
    failure_of_servers(&failure, &delegation, &name, RRTYPE_TXT);
    ck_assert_uint_eq(failure.code, code_rows[_i].code);
    const char *lines = lines_of(&failure);
    ck_assert_msg(strstr(lines, "\n22 na. 10.0.0.0 over UDP: timed out, asked 2 times\n") != NULL,
                  "%s", lines);
    char wish[128];
    struct text text = text_in(wish, sizeof wish);
    text_put_format(&text, "\n%u nb. 10.0.0.1 over UDP: %s, asked 2 times\n", code_rows[_i].code,
                    code_rows[_i].trouble);
    ck_assert_msg(strstr(lines, wish) != NULL, "%s", lines);
}
END_TEST

START_TEST(what_has_no_room_is_counted)
{
    const struct name name = name_of("k.long.example.");
    delegate(13, 60, "timed out");
    failure_of_servers(&failure, &delegation, &name, RRTYPE_TXT);
    ck_assert_uint_le(failure.size, FAILURE_OCTETS_MAX);
    const char *lines = lines_of(&failure);
    int shown = 0;
    for (const char *at = lines; (at = strstr(at, "over UDP")) != NULL; at++) {
        shown++;
    }
    ck_assert_int_gt(shown, 5);
    char wish[32];
    struct text text = text_in(wish, sizeof wish);
    text_put_format(&text, "\n22 and %d more\n", 13 - shown);
    const char *more = strstr(lines, wish);
    ck_assert_msg(more != NULL && more[text.size] == '\0', "%s", lines);
}
END_TEST

START_TEST(a_long_name_is_cut_short)
{
    char buffer[FAILURE_LINE_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    delegate(1, 63, "timed out");
    failure_put_name(&line, &delegation.servers[0].name);
    ck_assert_uint_eq(line.size, 64);
    ck_assert_str_eq(buffer + 61, "...");
}
END_TEST

START_TEST(memory_and_stale_data_keep_the_reasons)
{
    const struct name name = name_of("k.long.example.");
    struct failure kept, stale;
    delegate(1, 2, "REFUSED");
    failure_of_servers(&failure, &delegation, &name, RRTYPE_TXT);
    failure_cached(&kept, bytes_of(failure.lines, failure.size), 5);
    ck_assert_uint_eq(kept.code, EDE_CACHED_ERROR);
    ck_assert_str_eq(lines_of(&kept),
                     "13 failed before, not tried again for 5 s\n"
                     "22 k.long.example. TXT: no server of long.example. answered\n"
                     "22 na. 10.0.0.0 over UDP: REFUSED, asked 2 times\n");
    failure_before(&stale, EDE_STALE_ANSWER, "old", &failure);
    ck_assert_str_eq(lines_of(&stale),
                     "3 old\n"
                     "22 k.long.example. TXT: no server of long.example. answered\n"
                     "22 na. 10.0.0.0 over UDP: REFUSED, asked 2 times\n");
}
END_TEST

/* --- on the wire --- */

/* 255 octets, all of whose labels are needed to tell it apart. */
static struct name longest_name(void)
{
    static const uint8_t labels[] = {63, 63, 63, 53};
    struct name name = {.size = 255, .labels = 5};
    uint8_t *at = name.octets;
    for (size_t i = 0; i < sizeof labels; i++) {
        *at++ = labels[i];
        memset(at, 'a' + (int)i, labels[i]);
        at += labels[i];
    }
    memcpy(at, "\7example", 9);
    return name;
}

static const struct size_row {
    const char *name;
    uint16_t udp_size;
    int lines;
} size_rows[] = {{"512", 512, 1}, {"1232", 1232, 6}};

START_TEST(the_longest_question_and_its_failure_fit)
{
    static const struct script scripts[] = {
        {"10.0.0.1", "*.example.", "*", "fill 13 a-zone-with-a-long-name.example.", 0},
        {"10.0.0.1", "*", "*", "silent", 0},
    };
    static uint8_t octets[512];
    static struct builder builder;
    struct message message;
    const struct name name = longest_name();
    const struct edns edns = {.present = true, .udp_size = size_rows[_i].udp_size};
    rig_start(&rig, NULL, scripts, COUNT_OF(scripts));
    builder_start(&builder, octets, sizeof octets, 7, MESSAGE_RD);
    builder_question(&builder, &name, RRTYPE_TXT, RRCLASS_IN);
    builder_edns(&builder, &edns);
    rig_send_octets(&rig, 40000, TRANSPORT_UDP, bytes_of(octets, builder_finish(&builder)));
    rig_run(&rig, 20 * NS_PER_S);
    ck_assert_uint_le(rig.answer_size, size_rows[_i].udp_size);
    ck_assert(message_parse(bytes_of(rig.answer_octets, rig.answer_size), MESSAGE_STRICT, &message,
                            NULL));
    ck_assert_uint_eq(message.rcode, RCODE_SERVFAIL);
    ck_assert_uint_eq(message.flags & MESSAGE_TC, 0);
    struct bytes rest = message.edns.options;
    struct extended_error error;
    int lines = 0;
    while (extended_error_next(&rest, &error)) {
        lines++;
    }
    ck_assert_int_ge(lines, size_rows[_i].lines);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("failure");
    add_rows(suite, what_came_back_decides_the_code, code_rows);
    add_test(suite, what_has_no_room_is_counted);
    add_test(suite, a_long_name_is_cut_short);
    add_test(suite, memory_and_stale_data_keep_the_reasons);
    add_rows(suite, the_longest_question_and_its_failure_fit, size_rows);
    return suite;
}
