/* Requests and answers as octets. The handler here tells what it was asked. */
#include "live/control_talk.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/support.h"

#define ANSWER_OCTETS_MAX 1024

static size_t answer_size; /* not 0: as many octets and no words */

static void tell(void *context, const struct control_request *request, struct arena *arena,
                 struct control_response *ret)
{
    char words[ANSWER_OCTETS_MAX];
    (void)context;
    const int size = snprintf(words, sizeof words, "%.*s %.*s %.*s [%.*s]",
                              (int)request->method.size, (const char *)request->method.data,
                              (int)request->path.size, (const char *)request->path.data,
                              (int)request->query.size, (const char *)request->query.data,
                              (int)request->body.size, (const char *)request->body.data);
    ret->status = 200;
    ret->body = arena_copy(arena, bytes_of(words, (size_t)size));
    if (answer_size > 0) {
        ret->body = bytes_of(arena_alloc(arena, answer_size), answer_size);
    }
}

static struct control_house new_house(void)
{
    answer_size = 0;
    return (struct control_house){.handle = tell};
}

/* Says `text` in chunks of `chunk` octets; the last outcome. */
static enum control_outcome say(struct control_talk *talk, const char *text, size_t chunk)
{
    struct bytes rest = bytes_of_string(text);
    enum control_outcome outcome = CONTROL_MORE;
    while (outcome == CONTROL_MORE && rest.size > 0) {
        const size_t size = chunk < rest.size ? chunk : rest.size;
        outcome = control_talk_take(talk, bytes_of(rest.data, size));
        rest = bytes_after(rest, size);
    }
    return outcome;
}

static unsigned status_of(const struct control_talk *talk)
{
    unsigned status = 0;
    ck_assert_int_eq(sscanf((const char *)talk->head.data, "HTTP/1.1 %u", &status), 1);
    return status;
}

static const struct row {
    const char *name, *text;
    bool is_tcp;
    unsigned status;
    const char *body; /* NULL: an error's */
} rows[] = {
    {"get", "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", false, 200, "GET /a b=c []"},
    {"post", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{1}", false, 200,
     "POST /a  [{1}]"},
    {"more_than_announced", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{1}{2}", false,
     200, "POST /a  [{1}]"},
    {"head_has_no_body", "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n", false, 200, ""},
    {"no_request", "hello\r\n\r\n", false, 400, NULL},
    {"loopback_over_tcp", "GET /a HTTP/1.1\r\nHost: localhost:80\r\n\r\n", true, 200, "GET /a  []"},
    {"stranger_over_tcp", "GET /a HTTP/1.1\r\nHost: localhost.example\r\n\r\n", true, 403, NULL},
    {"script_over_tcp", "GET /a HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n", true, 403,
     NULL},
    {"body_too_large", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\n\r\n", false, 413,
     NULL},
};

START_TEST(answers_are_the_same_in_any_chunks)
{
    const struct row *row = &rows[_i];
    for (size_t chunk = 1; chunk <= strlen(row->text); chunk++) {
        struct control_house house = new_house();
        struct control_talk talk;
        ck_assert(control_talk_start(&talk, &house, row->is_tcp));
        ck_assert_int_eq(say(&talk, row->text, chunk), CONTROL_ANSWERED);
        ck_assert_uint_eq(status_of(&talk), row->status);
        ck_assert(row->body == NULL || bytes_are(talk.body, row->body));
        control_talk_end(&talk);
        ck_assert_uint_eq(house.octets, 0);
    }
}
END_TEST

START_TEST(announces_the_length_of_the_body)
{
    struct control_house house = new_house();
    struct control_talk talk;
    ck_assert(control_talk_start(&talk, &house, false));
    ck_assert_int_eq(say(&talk, rows[0].text, 100), CONTROL_ANSWERED);
    const char *length = strstr((const char *)talk.head.data, "\r\nContent-Length: 13\r\n");
    ck_assert_ptr_nonnull(length);
    ck_assert_uint_eq(talk.body.size, 13);
    control_talk_end(&talk);
}
END_TEST

START_TEST(owes_continue_to_who_waits_for_it)
{
    struct control_house house = new_house();
    struct control_talk talk;
    ck_assert(control_talk_start(&talk, &house, false));
    ck_assert_int_eq(say(&talk,
                         "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                         "Content-Length: 2\r\n\r\n",
                         100),
                     CONTROL_MORE);
    ck_assert(talk.owes_continue);
    ck_assert_int_eq(say(&talk, "{}", 1), CONTROL_ANSWERED);
    control_talk_end(&talk);
}
END_TEST

START_TEST(refuses_when_all_answers_together_are_too_large)
{
    struct control_house house = new_house();
    struct control_talk talks[2];
    answer_size = CONTROL_OCTETS_MAX / 2 + 1;
    for (size_t i = 0; i < 2; i++) {
        ck_assert(control_talk_start(&talks[i], &house, false));
        ck_assert_int_eq(say(&talks[i], rows[0].text, 100), CONTROL_ANSWERED);
        ck_assert_uint_eq(status_of(&talks[i]), i == 0 ? 200 : 503);
    }
    control_talk_end(&talks[0]);
    control_talk_end(&talks[1]);
    ck_assert_uint_eq(house.octets, 0);
}
END_TEST

START_TEST(tells_who_took_too_long)
{
    struct control_house house = new_house();
    struct control_talk talk;
    ck_assert(control_talk_start(&talk, &house, false));
    ck_assert_int_eq(say(&talk, "GET /a HT", 1), CONTROL_MORE);
    ck_assert_int_eq(control_talk_refuse(&talk, 408, "the request took too long"),
                     CONTROL_ANSWERED);
    ck_assert_uint_eq(status_of(&talk), 408);
    ck_assert(bytes_are(talk.body, "{\"error\": {\"message\": \"the request took too long\"}}\n"));
    control_talk_end(&talk);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("control_talk");
    add_rows(suite, answers_are_the_same_in_any_chunks, rows);
    add_test(suite, announces_the_length_of_the_body);
    add_test(suite, owes_continue_to_who_waits_for_it);
    add_test(suite, refuses_when_all_answers_together_are_too_large);
    add_test(suite, tells_who_took_too_long);
    return suite;
}
