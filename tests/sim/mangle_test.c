/* Messages mangled: what each kind of edit brings about, and that decisions alone decide. */
#include "sim/mangle.h"

#include <string.h>

#include "base/rng.h"
#include "tests/sim/stage.h"
#include "tests/support/support.h"

#define TRIES 3000

static const char zone[] = "@ 60 SOA n h 1 2 3 4 5\n"
                           "www 60 CNAME web\n"
                           "web 60 TXT v=DKIM1; p=AAAA\n";

#define CNAME "\nAN www.a.test. 60 IN CNAME web.a.test."
#define TXT   "\nAN web.a.test. 60 IN TXT \"v=DKIM1; p=AAAA\""

static struct stage stage;
static uint8_t genuine[2048];
static size_t genuine_size;
static struct mangle mangle;
static char text[STAGE_TEXT_MAX];

/* The reply to "www.a.test. TXT": an alias and a text. */
static void open_stage(void)
{
    uint8_t query[600];
    const struct stage_query how = {.udp_size = 0};
    stage_open(&stage);
    stage_serve(&stage, "a.test.", zone);
    const size_t size = stage_build("www.a.test. TXT", &how, query, sizeof query);
    stage_send(&stage, TRANSPORT_UDP, 40000, bytes_of(query, size));
    ck_assert_uint_eq(stage.outbox->count, 1);
    const struct bytes reply = stage.outbox->packets[0].payload;
    memcpy(genuine, reply.data, reply.size);
    genuine_size = reply.size;
}

static void mangle_by(const uint8_t *decisions, size_t size)
{
    struct input input = input_of(decisions, size);
    mangle_message(&mangle, bytes_of(genuine, genuine_size), &input);
}

static uint8_t row_of(const struct mangle_edit *table, const char *word)
{
    uint8_t row = 0;
    while (table[row].word != NULL && strcmp(table[row].word, word) != 0) {
        row++;
    }
    ck_assert_msg(table[row].word != NULL, "there is no edit \"%s\"", word);
    return row;
}

START_TEST(without_decisions_the_message_says_the_same)
{
    char before[STAGE_TEXT_MAX];
    open_stage();
    stage_show(bytes_of(genuine, genuine_size), before, sizeof before);
    ck_assert_str_eq(before, "NOERROR aa" CNAME TXT);
    mangle_by(NULL, 0);
    stage_show(bytes_of(mangle.octets, mangle.size), text, sizeof text);
    ck_assert_str_eq(text, before);
    ck_assert_uint_eq(mangle.edit_count, 0);
    stage_close(&stage);
}
END_TEST

START_TEST(options_have_codes_and_may_lie)
{
    uint8_t decisions[] = {1, 0, row_of(mangle_record_edits, "opt"), 1, 13, 2, 'h', 'i'};
    struct message message;
    struct message_error error = {0};
    open_stage();
    mangle_by(decisions, sizeof decisions);
    ck_assert(message_parse(bytes_of(mangle.octets, mangle.size), MESSAGE_STRICT, &message, NULL));
    ck_assert(bytes_equal(message.edns.options, bytes_of((const uint8_t *)"\0\x0d\0\x02hi", 6)));
    decisions[5] = 201;
    mangle_by(decisions, sizeof decisions);
    ck_assert(
        !message_parse(bytes_of(mangle.octets, mangle.size), MESSAGE_STRICT, &message, &error));
    ck_assert_int_eq(error.outcome, MESSAGE_OPT_OPTIONS);
    stage_close(&stage);
}
END_TEST

#define OCTETS(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

/* Records: 0 is the alias, 1 the text. */
static const struct record_row {
    const char *name;
    const char *word;
    const uint8_t *decisions;
    size_t size;
    const char *said;
} record_rows[] = {
    {"a record is left out", "left-out", OCTETS(0), "NOERROR aa" TXT},
    {"a record is repeated", "repeated", OCTETS(1, 4), "NOERROR aa" CNAME TXT TXT TXT},
    {"a record is moved", "moved", OCTETS(1, 1),
     "NOERROR aa" CNAME "\nNS web.a.test. 60 IN TXT \"v=DKIM1; p=AAAA\""},
    {"the answer is emptied", "emptied", OCTETS(1), "NOERROR aa"},
    {"records change places", "reordered", OCTETS(1), "NOERROR aa" TXT CNAME},
    {"an owner is the root", "owner", OCTETS(1, 1, 0),
     "NOERROR aa" CNAME "\nAN . 60 IN TXT \"v=DKIM1; p=AAAA\""},
    {"an owner is the input's own", "owner", OCTETS(1, 3 + 8, 0, 'm', 'y'),
     "NOERROR aa" CNAME "\nAN my.www.a.test. 60 IN TXT \"v=DKIM1; p=AAAA\""},
    {"a type is another", "type", OCTETS(1, 200, 0xff, 0),
     "NOERROR aa" CNAME "\nAN web.a.test. 60 IN TYPE65280 \\# 16 0F763D444B494D313B20703D41414141"},
    {"a TTL is too long for one", "ttl", OCTETS(1, 5),
     "NOERROR aa" CNAME "\nAN web.a.test. 4294967295 IN TXT \"v=DKIM1; p=AAAA\""},
    {"RDATA is the input's", "rdata", OCTETS(1, 3, 2, 'h', 'i'),
     "NOERROR aa" CNAME "\nAN web.a.test. 60 IN TXT \"hi\""},
    {"an alias leads to itself", "target", OCTETS(0, 0, 0),
     "NOERROR aa\nAN www.a.test. 60 IN CNAME www.a.test." TXT},
    {"a record is added", "added", OCTETS(0, 0, 4, 10, 0, 0, 1),
     "NOERROR aa" CNAME TXT "\nAN www.a.test. 300 IN A 10.0.0.1"},
    {"aliases go in a circle", "alias-chain", OCTETS(4),
     "NOERROR aa" CNAME TXT "\nAN www.a.test. 300 IN CNAME a00.www.a.test."
     "\nAN a00.www.a.test. 300 IN CNAME www.a.test."},
    {"a text is spliced", "text", OCTETS(1, 1, 0, 8, 0, 1, ' ', 0),
     "NOERROR aa" CNAME "\nAN web.a.test. 60 IN TXT \"v=DKIM1;  p=AAAA\""},
    {"a text is doubled", "text", OCTETS(1, 2, 0),
     "NOERROR aa" CNAME "\nAN web.a.test. 60 IN TXT \"v=DKIM1; p=AAAAv=DKIM1; p=AAAA\""},
    {"a text is cut into strings", "text", OCTETS(1, 0, 2, 8),
     "NOERROR aa" CNAME "\nAN web.a.test. 60 IN TXT \"v=DKIM1; \" \"p=AAAA\""},
    {"an OPT record nobody asked for", "opt", OCTETS(0, 4, 208, 0, 0, 0),
     "NOERROR aa opt" CNAME TXT},
};

START_TEST(records_are_edited)
{
    const struct record_row *row = &record_rows[_i];
    uint8_t decisions[32] = {1, 0, row_of(mangle_record_edits, row->word)};
    open_stage();
    memcpy(decisions + 3, row->decisions, row->size);
    mangle_by(decisions, 3 + row->size);
    ck_assert_uint_eq(mangle.edit_count, 1);
    ck_assert_str_eq(mangle.edits[0], row->word);
    stage_show(bytes_of(mangle.octets, mangle.size), text, sizeof text);
    ck_assert_str_eq(text, row->said);
    stage_close(&stage);
}
END_TEST

static const struct octet_row {
    const char *name;
    const char *word;
    const uint8_t *decisions;
    size_t size;
    enum message_outcome outcome; /* in strict mode */
} octet_rows[] = {
    {"a record more is promised", "count", OCTETS(1, 0), MESSAGE_RECORD_CUT},
    {"a record less is promised", "count", OCTETS(1, 1), MESSAGE_TRAILING},
    {"no question is promised", "count", OCTETS(0, 2, 0), MESSAGE_QUESTION_MISSING},
    {"RDATA is longer than it says", "rdlength", OCTETS(1, 1), MESSAGE_RDATA_STRING},
    {"RDATA is shorter than it says", "rdlength", OCTETS(1, 0), MESSAGE_RECORD_CUT},
    {"a string is longer than RDATA", "string-length", OCTETS(1, 0, 0), MESSAGE_RDATA_STRING},
    {"a pointer to itself", "pointer", OCTETS(1, 0), MESSAGE_POINTER_AHEAD},
    {"a pointer ahead", "pointer", OCTETS(1, 2), MESSAGE_POINTER_AHEAD},
    {"a pointer into the header", "pointer", OCTETS(1, 4), MESSAGE_POINTER_HEADER},
    {"a target that points to itself", "pointer", OCTETS(0, 1), MESSAGE_POINTER_AHEAD},
    {"a label of no known type", "label", OCTETS(1, 0x80), MESSAGE_LABEL_TYPE},
    {"cut in the header", "cut", OCTETS(0, 5), MESSAGE_HEADER_CUT},
    {"octets behind the end", "tail", OCTETS(1, 'x', 'y'), MESSAGE_TRAILING},
    {"garbage behind the header", "garbage", OCTETS(0, 1, 0x80, 0x80), MESSAGE_LABEL_TYPE},
    {"another ID", "id", OCTETS(0, 1), MESSAGE_FINE},
    {"another RCODE", "rcode", OCTETS(3), MESSAGE_FINE},
    {"other flags", "flags", OCTETS(0x80, 0), MESSAGE_FINE},
    {"another octet", "octet", OCTETS(0, 1, 1), MESSAGE_FINE},
};

START_TEST(octets_are_edited)
{
    const struct octet_row *row = &octet_rows[_i];
    uint8_t decisions[32] = {0, 2, row_of(mangle_octet_edits, row->word)};
    struct message message;
    struct message_error error = {0};
    open_stage();
    memcpy(decisions + 3, row->decisions, row->size);
    mangle_by(decisions, 3 + row->size);
    ck_assert_str_eq(mangle.edits[0], row->word);
    const bool fine =
        message_parse(bytes_of(mangle.octets, mangle.size), MESSAGE_STRICT, &message, &error);
    ck_assert_int_eq(fine ? MESSAGE_FINE : error.outcome, row->outcome);
    ck_assert(mangle.size != genuine_size || memcmp(mangle.octets, genuine, genuine_size) != 0);
    stage_close(&stage);
}
END_TEST

static size_t draw(struct rng *rng, uint8_t decisions[64])
{
    const size_t size = (size_t)rng_below(rng, 65);
    for (size_t i = 0; i < size; i++) {
        decisions[i] = (uint8_t)rng_next(rng);
    }
    return size;
}

/* The message's memory is of its own size: a sanitizer sees reads behind it. */
START_TEST(the_same_decisions_give_the_same_octets)
{
    static uint8_t octets[MANGLE_OCTETS_MAX];
    uint8_t decisions[64];
    unsigned fine = 0;
    struct message message;
    struct rng rng;
    open_stage();
    rng_seed(&rng, 1, bytes_of_string("decisions"));
    for (unsigned i = 0; i < TRIES; i++) {
        const size_t size = draw(&rng, decisions);
        mangle_by(decisions, size);
        const size_t before = mangle.size;
        memcpy(octets, mangle.octets, before);
        fine += message_parse(bytes_of(octets, before), MESSAGE_STRICT, &message, NULL);
        memset(&mangle, (int)(i % 256), sizeof mangle);
        mangle_by(decisions, size);
        ck_assert_uint_eq(mangle.size, before);
        ck_assert_mem_eq(mangle.octets, octets, before);
    }
    ck_assert_uint_gt(fine, TRIES / 4); /* enough to get past a parser */
    ck_assert_uint_lt(fine, TRIES - TRIES / 4);
    stage_close(&stage);
}
END_TEST

START_TEST(what_is_no_message_is_edited_too)
{
    const uint8_t decisions[] = {3, 2, row_of(mangle_octet_edits, "octet"), 0, 1, 1};
    memset(genuine, 'x', 3);
    for (genuine_size = 0; genuine_size <= 3; genuine_size++) {
        mangle_by(decisions, sizeof decisions);
        ck_assert_uint_eq(mangle.size, genuine_size);
        ck_assert_uint_eq(mangle.edit_count, 1);
        ck_assert(genuine_size < 2 || mangle.octets[1] == ('x' ^ 1));
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("mangle");
    add_test(suite, without_decisions_the_message_says_the_same);
    add_rows(suite, records_are_edited, record_rows);
    add_test(suite, options_have_codes_and_may_lie);
    add_rows(suite, octets_are_edited, octet_rows);
    add_test(suite, the_same_decisions_give_the_same_octets);
    add_test(suite, what_is_no_message_is_edited_too);
    return suite;
}
