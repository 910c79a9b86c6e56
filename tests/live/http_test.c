/* Heads of requests, sound and hostile. */
#include "live/http.h"

#include <string.h>

#include "tests/support/support.h"

#define HOST "Host: localhost\r\n"

static char heads[HTTP_HEAD_MAX + 1024];

static enum http_outcome read_head(const char *text, struct http_head *head,
                                   struct http_refusal *refusal)
{
    return http_read_head(bytes_of_string(text), head, refusal);
}

static const struct row {
    const char *name;
    const char *text;
    unsigned status; /* 0: sound */
} rows[] = {
    {"plain", "GET /v1/state HTTP/1.1\r\n" HOST "\r\n", 0},
    {"http_1_0_needs_no_host", "GET / HTTP/1.0\r\n\r\n", 0},
    {"body", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", 0},
    {"largest_body", "POST / HTTP/1.1\r\n" HOST "Content-Length: 262144\r\n\r\n", 0},
    {"body_one_too_large", "POST / HTTP/1.1\r\n" HOST "Content-Length: 262145\r\n\r\n", 413},
    {"length_of_many_digits",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551621\r\n\r\n", 413},
    {"length_with_zeros", "POST / HTTP/1.1\r\n" HOST "Content-Length: 000000005\r\n\r\n", 0},
    {"length_negative", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400},
    {"length_with_plus", "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n", 400},
    {"length_hexadecimal", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\n", 400},
    {"length_empty", "POST / HTTP/1.1\r\n" HOST "Content-Length: \r\n\r\n", 400},
    {"length_list", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\n", 400},
    {"length_twice", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\ncontent-length: 5\r\n\r\n",
     400},
    {"chunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 411},
    {"chunked_and_length",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\ntransfer-encoding: x\r\n\r\n", 411},
    {"host_missing", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 400},
    {"host_twice", "GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400},
    {"expect", "POST / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\n\r\n", 0},
    {"expect_other", "POST / HTTP/1.1\r\n" HOST "Expect: miracles\r\n\r\n", 417},
    {"http_2", "GET / HTTP/2.0\r\n" HOST "\r\n", 400},
    {"http_lower_case", "GET / http/1.1\r\n" HOST "\r\n", 400},
    {"no_version", "GET /\r\n" HOST "\r\n", 400},
    {"two_spaces", "GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
    {"absolute_target", "GET http://localhost/ HTTP/1.1\r\n" HOST "\r\n", 400},
    {"target_with_control", "GET /\x01 HTTP/1.1\r\n" HOST "\r\n", 400},
    {"target_not_ascii", "GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n", 400},
    {"method_empty", " / HTTP/1.1\r\n" HOST "\r\n", 400},
    {"method_no_token", "G(T / HTTP/1.1\r\n" HOST "\r\n", 400},
    {"method_too_long", "ABCDEFGHIJKLMNOPQ / HTTP/1.1\r\n" HOST "\r\n", 400},
    {"field_without_colon", "GET / HTTP/1.1\r\n" HOST "nonsense\r\n\r\n", 400},
    {"field_name_empty", "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n", 400},
    {"space_before_colon", "GET / HTTP/1.1\r\n" HOST "Content-Length : 5\r\n\r\n", 400},
    {"folded_field", "GET / HTTP/1.1\r\n" HOST "X: y\r\n z\r\n\r\n", 400},
    {"lone_carriage_return", "GET / HTTP/1.1\r\n" HOST "X: y\rz\r\n\r\n", 400},
    {"lone_line_feed", "GET / HTTP/1.1\r\n" HOST "X: y\nContent-Length: 5\r\n\r\n", 400},
    {"empty_line_first", "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 400},
};

START_TEST(heads_are_told_apart)
{
    struct http_head head;
    struct http_refusal refusal = {0};
    const enum http_outcome outcome = read_head(rows[_i].text, &head, &refusal);
    ck_assert_int_eq(outcome, rows[_i].status == 0 ? HTTP_WHOLE : HTTP_REFUSED);
    ck_assert_uint_eq(refusal.status, rows[_i].status);
}
END_TEST

START_TEST(parts_are_found)
{
    struct http_head head;
    struct http_refusal refusal;
    const char *text = "POST /v1/zones/x?a=b?c HTTP/1.1\r\nHOST:\t here \r\norigin: null\r\n"
                       "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc";
    ck_assert_int_eq(read_head(text, &head, &refusal), HTTP_WHOLE);
    ck_assert(bytes_are(head.method, "POST"));
    ck_assert(bytes_are(head.path, "/v1/zones/x"));
    ck_assert(bytes_are(head.query, "a=b?c"));
    ck_assert(bytes_are(head.host, "here"));
    ck_assert(head.has_origin && head.wants_continue);
    ck_assert_uint_eq(head.body_size, 3);
    ck_assert_uint_eq(head.size, strlen(text) - 3);
}
END_TEST

START_TEST(every_beginning_of_a_head_waits_for_more)
{
    const char *text = "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n";
    struct http_head head;
    struct http_refusal refusal;
    for (size_t size = 0; size < strlen(text); size++) {
        ck_assert_int_eq(http_read_head(bytes_of(text, size), &head, &refusal), HTTP_MORE);
    }
}
END_TEST

/* A head of `size` octets whose empty line is missing. */
static struct bytes endless(size_t size, const char *line)
{
    size_t used = 0;
    memcpy(heads, "GET / HTTP/1.1\r\n", 16);
    for (used = 16; used < size; used++) {
        heads[used] = line[used % strlen(line)];
    }
    return bytes_of(heads, size);
}

START_TEST(what_never_ends_is_refused)
{
    struct http_head head;
    struct http_refusal refusal;
    memset(heads, 'a', sizeof heads);
    ck_assert_int_eq(http_read_head(bytes_of(heads, HTTP_LINE_MAX - 1), &head, &refusal),
                     HTTP_MORE);
    ck_assert_int_eq(http_read_head(bytes_of(heads, HTTP_LINE_MAX), &head, &refusal), HTTP_REFUSED);
    ck_assert_uint_eq(refusal.status, 414);
    ck_assert_int_eq(http_read_head(endless(HTTP_HEAD_MAX - 1, "X: y"), &head, &refusal),
                     HTTP_MORE);
    ck_assert_int_eq(http_read_head(endless(HTTP_HEAD_MAX, "X: y"), &head, &refusal), HTTP_REFUSED);
    ck_assert_uint_eq(refusal.status, 431);
}
END_TEST

START_TEST(too_many_fields_are_refused)
{
    struct http_head head;
    struct http_refusal refusal;
    for (unsigned extra = 0; extra < 2; extra++) {
        strcpy(heads, "GET / HTTP/1.1\r\n" HOST);
        for (unsigned i = 1; i < HTTP_HEADERS_MAX + extra; i++) {
            strcat(heads, "X: y\r\n");
        }
        strcat(heads, "\r\n");
        ck_assert_int_eq(read_head(heads, &head, &refusal), extra ? HTTP_REFUSED : HTTP_WHOLE);
    }
    ck_assert_uint_eq(refusal.status, 431);
}
END_TEST

START_TEST(octets_of_any_kind_are_survived)
{
    struct http_head head;
    struct http_refusal refusal;
    uint32_t state = 1;
    for (unsigned round = 0; round < 20000; round++) {
        const size_t size = round % 200;
        for (size_t i = 0; i < size; i++) {
            state = state * 1664525 + 1013904223;
            heads[i] = "GET /: HTTP/1.1\r\n\r\n\0\xff"[(state >> 16) % 21];
        }
        const enum http_outcome outcome = http_read_head(bytes_of(heads, size), &head, &refusal);
        ck_assert(outcome != HTTP_WHOLE || head.size <= size);
    }
}
END_TEST

START_TEST(every_status_has_its_reason)
{
    static const unsigned statuses[] = {100, 200, 400, 403, 404, 405, 408, 409,
                                        411, 413, 414, 417, 422, 431, 503};
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        ck_assert_str_ne(http_reason(statuses[i]), "Unknown");
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("http");
    add_rows(suite, heads_are_told_apart, rows);
    add_test(suite, parts_are_found);
    add_test(suite, every_beginning_of_a_head_waits_for_more);
    add_test(suite, what_never_ends_is_refused);
    add_test(suite, too_many_fields_are_refused);
    add_test(suite, octets_of_any_kind_are_survived);
    add_test(suite, every_status_has_its_reason);
    return suite;
}
