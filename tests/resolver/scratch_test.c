/* RRsets as they are taken out of replies. */
#include "resolver/scratch.h"

#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

#define LONGEST 249 /* octets of a name server's name: four labels and the root */

static struct scratch scratch;
static uint8_t octets[MESSAGE_OCTETS_MAX];
static struct message message;

static struct name name_of(const char *text)
{
    struct name name;
    ck_assert(name_parse_text(bytes_of_string(text), NULL, &name, NULL));
    return name;
}

/* A long name that begins with `first`. */
static struct name server_name(unsigned first)
{
    struct name name = {.size = LONGEST, .labels = 4};
    static const uint8_t starts[] = {0, 62, 124, 186};
    memset(name.octets, 'x', LONGEST);
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        name.octets[starts[i]] = 61;
    }
    name.octets[LONGEST - 1] = 0;
    name.octets[1] = (uint8_t)('a' + first % 26);
    name.octets[2] = (uint8_t)('a' + first / 26 % 26);
    return name;
}

/* A reply with `count` NS records of example. that name `different` servers in turn. */
static void compose(unsigned count, unsigned different)
{
    static struct builder builder;
    const struct name owner = name_of("example.");
    builder_start(&builder, octets, sizeof octets, 1, MESSAGE_QR);
    ck_assert(builder_question(&builder, &owner, RRTYPE_NS, RRCLASS_IN));
    for (unsigned i = 0; i < count; i++) {
        const struct name server = server_name(i % different);
        const struct rr rr = {&owner, RRTYPE_NS, RRCLASS_IN, 300 + i, name_bytes(&server)};
        ck_assert(builder_record(&builder, SECTION_ANSWER, &rr));
    }
    const size_t size = builder_finish(&builder);
    ck_assert(message_parse(bytes_of(octets, size), MESSAGE_STRICT, &message, NULL));
}

static bool take(uint32_t count_max, struct rrset *ret)
{
    static struct name owner;
    owner = name_of("EXAMPLE.");
    return scratch_take(&scratch, &message, SECTION_ANSWER, &owner, RRTYPE_NS, count_max, ret);
}

START_TEST(records_said_twice_count_once_and_the_least_ttl_holds)
{
    struct rrset rrset;
    compose(30, 3);
    ck_assert(take(3, &rrset));
    ck_assert_uint_eq(rrset.count, 3);
    ck_assert_uint_eq(rrset.ttl, 300);
    for (unsigned i = 0; i < 3; i++) {
        const struct name server = server_name(i);
        ck_assert(bytes_equal(rrset.rdata[i], name_bytes(&server)));
    }
}
END_TEST

START_TEST(one_record_more_than_allowed_refuses_all)
{
    struct rrset rrset;
    compose(4, 4);
    ck_assert(take(4, &rrset));
    ck_assert(!take(3, &rrset));
}
END_TEST

/* 128 KiB of names without compression, though the message has a few KiB. */
START_TEST(more_repetition_than_there_is_room_for_refuses_all)
{
    struct rrset rrset;
    compose(2 * MESSAGE_OCTETS_MAX / LONGEST, 1);
    ck_assert(take(1, &rrset));
    compose(2 * MESSAGE_OCTETS_MAX / LONGEST + 1, 1);
    ck_assert(!take(1, &rrset));
}
END_TEST

START_TEST(nothing_of_the_type_is_nothing)
{
    struct rrset rrset;
    compose(0, 1);
    ck_assert(!take(10, &rrset));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("scratch");
    add_test(suite, records_said_twice_count_once_and_the_least_ttl_holds);
    add_test(suite, one_record_more_than_allowed_refuses_all);
    add_test(suite, more_repetition_than_there_is_room_for_refuses_all);
    add_test(suite, nothing_of_the_type_is_nothing);
    return suite;
}
