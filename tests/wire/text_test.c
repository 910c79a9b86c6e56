#include "tests/wire/support.h"
#include "wire/text.h"

static char buffer[4096];

static const char *said(const char *hex, enum message_mode mode)
{
    static struct text text;
    struct message message;
    struct message_error error = {.outcome = MESSAGE_FINE};
    text = text_in(buffer, sizeof buffer);
    ck_assert_msg(message_parse(octets_of_hex(hex), mode, &message, &error), "%s",
                  message_outcome_name(error.outcome));
    message_put(&text, &message);
    return buffer;
}

START_TEST(a_message_looks_as_in_dig)
{
    ck_assert_str_eq(
        said("1234 8583 0001 0001 0001 0002 03'www'07'example'00 0010 0001"
             "c00c 0010 0001 0000012c 0006 05'a\"b'0aff"
             "c010 0006 0001 00000708 0018 c010 c00c 00000001 00000002 00000003 00000004 00000005"
             "c00c 0001 0001 0000003c 0004 c0000201"
             "00 0029 04d0 00008000 0018 000f 0009 0016 'ns\"gone' 000a 0002 abcd 000c 0001 00",
             MESSAGE_STRICT),
        ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 4660\n"
        ";; flags: qr aa rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 1, ADDITIONAL: 2\n"
        "\n"
        ";; OPT PSEUDOSECTION:\n"
        "; EDNS: version: 0, flags: do; udp: 1232\n"
        "; EDE: 22 (No Reachable Authority): (ns\\\"gone)\n"
        "; COOKIE: abcd\n"
        "; OPT=12: 00\n"
        "\n"
        ";; QUESTION SECTION:\n"
        ";www.example.\tIN\tTXT\n"
        "\n"
        ";; ANSWER SECTION:\n"
        "www.example.\t300\tIN\tTXT\t\"a\\\"b\\010\\255\"\n"
        "\n"
        ";; AUTHORITY SECTION:\n"
        "example.\t1800\tIN\tSOA\texample. www.example. 1 2 3 4 5\n"
        "\n"
        ";; ADDITIONAL SECTION:\n"
        "www.example.\t60\tIN\tA\t192.0.2.1\n");
}
END_TEST

START_TEST(what_was_forgiven_is_told)
{
    ck_assert_str_eq(
        said("1234 8240 0001 0002 0000 0001 00 00ff 0003"
             "00 0001 0001 0000003c 0003 010203"
             "00 0029 1000 00050000 0000"
             "01'a'00 0029 0200 00000000 0002 000a"
             "ff",
             MESSAGE_LENIENT),
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4660\n"
        ";; flags: qr tc; MBZ: 0x4; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1\n"
        ";; WARNING: malformed: rdata-short, trailing, opt-misplaced, opt-owner, opt-options\n"
        "\n"
        ";; OPT PSEUDOSECTION:\n"
        "; EDNS: version: 0, flags:; udp: 512\n"
        "\n"
        ";; QUESTION SECTION:\n"
        ";.\tCH\tANY\n"
        "\n"
        ";; ANSWER SECTION:\n"
        ".\t60\tIN\tA\t\\# 3 010203\t; malformed\n"
        ".\t327680\tCLASS4096\tOPT\t\\# 0\n"
        "\n"
        ";; ADDITIONAL SECTION:\n"
        "a.\t0\tCLASS512\tOPT\t\\# 2 000A\t; malformed\n");
}
END_TEST

START_TEST(a_message_without_question)
{
    ck_assert_str_eq(said("1234 8004 0000 0000 0000 0000", MESSAGE_LENIENT),
                     ";; ->>HEADER<<- opcode: QUERY, status: NOTIMP, id: 4660\n"
                     ";; flags: qr; QUERY: 0, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0\n"
                     ";; WARNING: malformed: header-only\n");
}
END_TEST

START_TEST(sections_of_an_update_have_other_names)
{
    const char *text = said("1234 2800 0001 0000 0000 0000 00 0006 0001", MESSAGE_STRICT);
    ck_assert_ptr_nonnull(strstr(text, "opcode: UPDATE"));
    ck_assert_ptr_nonnull(strstr(text, "; ZONE: 1, PREREQ: 0, UPDATE: 0, ADDITIONAL: 0\n"));
}
END_TEST

START_TEST(the_question_in_one_line)
{
    struct text text = text_in(buffer, sizeof buffer);
    struct message message;
    ck_assert(message_parse(octets_of_hex("1234 0100 0001 0000 0000 0000 03'a b'00 001c 0001"),
                            MESSAGE_STRICT, &message, NULL));
    message_question_put(&text, &message);
    ck_assert(message_parse(octets_of_hex("1234 8004 0000 0000 0000 0000"), MESSAGE_LENIENT,
                            &message, NULL));
    text_put(&text, "|");
    message_question_put(&text, &message);
    ck_assert_str_eq(buffer, "a\\032b. IN AAAA|-");
}
END_TEST

START_TEST(a_full_buffer_is_no_overrun)
{
    struct message message;
    ck_assert(message_parse(octets_of_hex("1234 8180 0001 0001 0000 0000 03'www'00 0001 0001"
                                          "c00c 0001 0001 0000003c 0004 01020304"),
                            MESSAGE_STRICT, &message, NULL));
    for (size_t capacity = 1; capacity < 230; capacity++) {
        struct text text = text_in(buffer, capacity);
        memset(buffer + capacity, 0x55, 16);
        message_put(&text, &message);
        ck_assert_uint_eq(strlen(buffer), text.size);
        ck_assert_uint_eq((unsigned char)buffer[capacity], 0x55);
    }
}
END_TEST

START_TEST(an_extended_error_may_have_no_text)
{
    const char *text = said("1234 8180 0001 0000 0000 0001 00 0001 0001"
                            "00 0029 04d0 00000000 0006 000f 0002 0012",
                            MESSAGE_STRICT);
    ck_assert_msg(strstr(text, "\n; EDE: 18 (Prohibited)\n") != NULL, "%s", text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("text");
    add_test(suite, a_message_looks_as_in_dig);
    add_test(suite, what_was_forgiven_is_told);
    add_test(suite, a_message_without_question);
    add_test(suite, sections_of_an_update_have_other_names);
    add_test(suite, the_question_in_one_line);
    add_test(suite, a_full_buffer_is_no_overrun);
    add_test(suite, an_extended_error_may_have_no_text);
    return suite;
}
