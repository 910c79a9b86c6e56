/* Misbehaviour of real servers, by its number in the collection of DNS violations: our servers do
 * the same when asked the same, octet for octet as far as it matters to a reader. Where the
 * captured packets lie beside the source tree, they are read too, and our servers get the very
 * queries that were captured.
 *
 * A reply is told in three parts: what the strict parser says and what the lenient one forgave;
 * flags, RCODE and counts of the header; what the resolver makes of it. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "resolver/classify.h"
#include "tests/sim/stage.h"
#include "tests/support/support.h"
#include "wire/message.h"
#include "wire/rrtype.h"

#define TOLD_MAX    512
#define FILE_MAX    4096
#define UDP_SIZE    4096
#define PATTERN_MAX 1024

static const struct row {
    const char *name;
    const char *files; /* below the collection's directory, a pattern */
    const char *question;
    struct stage_query how;
    const char *apex, *lines; /* the zone our server serves */
    struct {
        const char *name, *params;
    } behaviours[3];
    const char *told;
} rows[] = {
    {"0001 an OPT of zeros and octets behind it",
     "DVE-2017-0001/*kmpmedia*",
     "www.kmpmedia.net. A",
     {.udp_size = UDP_SIZE, .dnssec_ok = true, .flags = MESSAGE_RD},
     "kmpmedia.net.",
     "@ 600 SOA n h 1 2 3 4 5\nwww 600 A 192.0.2.1\n",
     {{"broken-opt", "mode: zeros"}, {"trailing", "octets: 8"}},
     "trailing, forgiven: trailing; aa NOERROR 1/1/0/1; answer"},
    {"0002 name servers of a name nobody has",
     "DVE-2017-0002/*",
     "577.kmpmedia.net. NS",
     {.udp_size = UDP_SIZE, .dnssec_ok = true, .flags = MESSAGE_RD},
     "kmpmedia.net.",
     "@ 600 SOA n h 1 2 3 4 5\n@ 300 NS n1\n@ 300 NS n2\n@ 300 NS n5\n@ 300 NS n6\n@ 300 NS n7\n",
     {{"ns-anywhere", ""}, {"broken-opt", "mode: zeros"}, {"trailing", "octets: 16"}},
     "trailing, forgiven: trailing; aa NOERROR 1/5/0/1; answer"},
    {"0003 capitals are NXDOMAIN",
     "DVE-2017-0003/0x20*",
     "b-0.19-23030008.AVqs.mcafee.com. A",
     {.udp_size = UDP_SIZE, .dnssec_ok = true, .flags = MESSAGE_RD},
     "avqs.mcafee.com.",
     "@ 600 SOA n h 1 2 3 4 600\n* 600 A 192.0.2.1\n",
     {{"letter-case", "mode: nxdomain"}, {"no-edns", "mode: ignored"}},
     "sound; aa NXDOMAIN 1/0/1/0; nxdomain"},
    {"0004 the answer stands behind an OPT of zeros",
     "DVE-2017-0004/*edns0*",
     "726170696473736c2d63726c.67656f7472757374.636f6d.80hc70747be.webcfs00.com. A",
     {.udp_size = UDP_SIZE},
     "webcfs00.com.",
     "@ 600 SOA n h 1 2 3 4 5\n726170696473736c2d63726c.67656f7472757374.636f6d.80hc70747be 14400 "
     "A 192.0.2.1\n",
     {{"broken-opt", "mode: zeros-first"}},
     "trailing, forgiven: trailing; aa NOERROR 1/1/0/0; nodata"},
    {"0005 BADVERS without the question",
     "DVE-2017-0005/*",
     ". SOA",
     {.udp_size = UDP_SIZE, .version = 1, .flags = MESSAGE_RD},
     ".",
     "@ 600 SOA n. h. 1 2 3 4 5\n",
     {{"edns-intolerant", "of: version; mode: badvers-header"}},
     "question-missing, forgiven: question-missing; BADVERS 0/0/0/1; badvers"},
    {"0006 capitals are refused",
     "DVE-2017-0006/*REFUSED*",
     "p7677.CDNgc.net. A",
     {.flags = MESSAGE_RD},
     "cdngc.net.",
     "@ 600 SOA n h 1 2 3 4 5\n",
     {{"letter-case", "mode: refused"}},
     "sound; aa REFUSED 1/0/0/0; refused"},
    {"0007 NOTIMP to NS, and an OPT nobody counted",
     "DVE-2017-0007/*edns0*",
     "se04.se.prima-vod-prep-sec.service.cdn.cra.cz. NS",
     {.udp_size = UDP_SIZE},
     "cdn.cra.cz.",
     "@ 600 SOA n h 1 2 3 4 5\n",
     {{"rcode", "rcode: NOTIMP; types: NS"}, {"broken-opt", "mode: uncounted"}},
     "trailing, forgiven: trailing; NOTIMP 1/0/0/0; notimp"},
    {"0011 an A record in answer to AAAA",
     "DVE-2017-0011/*AAAA*",
     "cdn.gitbook.com. AAAA",
     {.flags = MESSAGE_RD},
     "gitbook.com.",
     "@ 600 SOA n h 1 2 3 4 5\n",
     {{"address-always", "address: 192.0.2.1"}},
     "sound; NOERROR 1/1/0/0; lame"},
    {"0016 one record three times",
     "DVE-2017-0016/*",
     "dns.google.com. A",
     {.udp_size = 0},
     "google.com.",
     "@ 600 SOA n h 1 2 3 4 5\ndns 300 A 192.0.2.1\n",
     {{"duplicated", "copies: 3"}},
     "sound; aa NOERROR 1/3/0/0; answer"},
    {"0017 NXDOMAIN for one type, without SOA",
     "DVE-2017-0017/*TXT*",
     "www.rb.cz. TXT",
     {.udp_size = UDP_SIZE},
     "rb.cz.",
     "@ 600 SOA n h 1 2 3 4 5\nwww 600 A 192.0.2.1\n",
     {{"rcode", "rcode: NXDOMAIN; types: TXT"}, {"no-edns", "mode: ignored"}},
     "sound; aa NXDOMAIN 1/0/0/0; nxdomain"},
    {"0018 silence to a later version",
     "DVE-2017-0018/*",
     "www.rb.cz. TXT",
     {.udp_size = UDP_SIZE, .version = 1},
     "rb.cz.",
     "@ 600 SOA n h 1 2 3 4 5\nwww 600 A 192.0.2.1\n",
     {{"edns-intolerant", "of: version; mode: silent"}},
     "silence"},
    /* Captured alone: what our servers do not play, and the same servers asked otherwise. */
    {"0001 the other zone", "DVE-2017-0001/*kmplayer*", .apex = "kmplayer.com.",
     .told = "trailing, forgiven: trailing; aa NOERROR 1/1/0/1; answer"},
    {"0003 small letters are answered", "DVE-2017-0003/all*", .apex = "avqs.mcafee.com.",
     .told = "sound; aa NOERROR 1/1/1/0; answer"},
    {"0004 a later version", "DVE-2017-0004/*edns1*", .apex = "webcfs00.com.",
     .told = "trailing, forgiven: trailing; aa NOERROR 1/1/0/0; nodata"},
    {"0004 without EDNS", "DVE-2017-0004/*noedns*", .apex = "webcfs00.com.",
     .told = "sound; aa NOERROR 1/1/0/0; answer"},
    {"0006 capitals, another time", "DVE-2017-0006/*NOERROR*", .apex = "cdngc.net.",
     .told = "sound; aa NOERROR 1/0/1/0; nodata"},
    {"0006 small letters", "DVE-2017-0006/*cdngc*", .apex = "cdngc.net.",
     .told = "sound; aa NOERROR 1/0/1/0; nodata"},
    {"0007 without EDNS", "DVE-2017-0007/*noedns*", .apex = "cdn.cra.cz.",
     .told = "sound; NOTIMP 1/0/0/0; notimp"},
    {"0008 a denial of DS without SOA", "DVE-2017-0008/*", .apex = "nominet.uk.",
     .told = "sound; aa NOERROR 1/0/2/1; nodata"},
    {"0011 an A record of the root", "DVE-2017-0011/*IN_A_*", .apex = ".",
     .told = "sound; NOERROR 1/1/0/0; lame"},
    {"0012 the same server as 0007", "DVE-2017-0012/*edns0*", .apex = "cdn.cra.cz.",
     .told = "trailing, forgiven: trailing; NOTIMP 1/0/0/0; notimp"},
    {"0012 without EDNS", "DVE-2017-0012/*noedns*", .apex = "cdn.cra.cz.",
     .told = "sound; NOTIMP 1/0/0/0; notimp"},
    {"0017 MX", "DVE-2017-0017/*MX*", .apex = "rb.cz.",
     .told = "sound; aa NXDOMAIN 1/0/0/0; nxdomain"},
    {"0017 SOA", "DVE-2017-0017/*SOA*", .apex = "rb.cz.",
     .told = "sound; aa NXDOMAIN 1/0/0/0; nxdomain"},
};

/* --- telling --- */

static void tell_header(struct text *text, const struct message *reply)
{
    static const struct {
        uint16_t bit;
        const char *word;
    } flags[] = {{MESSAGE_AA, "aa "}, {MESSAGE_TC, "tc "}};
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        text_put(text, (reply->flags & flags[i].bit) != 0 ? flags[i].word : "");
    }
    rcode_put(text, reply->rcode);
    for (int section = 0; section < SECTIONS; section++) {
        text_put_format(text, "%c%u", section == 0 ? ' ' : '/', reply->counts[section]);
    }
}

/* What the resolver makes of a reply to `query` from a server of `apex`. */
static void tell_meaning(struct text *text, const struct message *reply,
                         const struct message *query, const char *apex)
{
    static struct reply meaning;
    struct name name;
    const struct name zone = stage_name(apex);
    name_expand(query->question.name, &name);
    const struct reply_question question = {&name, query->question.type, &zone};
    classify(reply, &question, &policy_default, &meaning);
    text_put(text, reply_kind_name(meaning.kind));
}

/* `octets` in answer to `query_octets`, told; "silence" if there are none. */
static const char *tell(struct bytes octets, struct bytes query_octets, const char *apex)
{
    static char told[TOLD_MAX];
    struct text text = text_in(told, sizeof told);
    struct message query, reply;
    struct message_error error = {MESSAGE_FINE, 0};
    if (octets.size == 0) {
        return "silence";
    }
    ck_assert(message_parse(query_octets, MESSAGE_STRICT, &query, NULL));
    const bool is_strict = message_parse(octets, MESSAGE_STRICT, &reply, &error);
    text_put(&text, is_strict ? "sound" : message_outcome_name(error.outcome));
    if (!is_strict && !message_parse(octets, MESSAGE_LENIENT, &reply, &error)) {
        return told;
    }
    if (reply.forgiven != 0) {
        text_put(&text, ", forgiven: ");
        message_forgiven_put(&text, reply.forgiven);
    }
    text_put(&text, "; ");
    tell_header(&text, &reply);
    text_put(&text, "; ");
    tell_meaning(&text, &reply, &query, apex);
    ck_assert(!text.overflow);
    return told;
}

/* --- our servers --- */

static void play(struct stage *stage, const struct row *row)
{
    stage_open(stage);
    struct stage_zone *zone = stage_serve(stage, row->apex, row->lines);
    for (size_t i = 0; i < COUNT_OF(row->behaviours) && row->behaviours[i].name != NULL; i++) {
        stage_behave(stage, zone, NULL, row->behaviours[i].name, row->behaviours[i].params);
    }
}

static const char *our_reply(struct stage *stage, const struct row *row, struct bytes query)
{
    stage_send(stage, TRANSPORT_UDP, 40000, query);
    const struct bytes reply =
        stage->outbox->count > 0 ? stage->outbox->packets[0].payload : bytes_of(NULL, 0);
    return tell(reply, query, row->apex);
}

START_TEST(our_servers_do_the_same)
{
    static struct stage stage;
    const struct row *row = &rows[_i];
    uint8_t query[600];
    if (row->lines == NULL) {
        return; /* captured alone */
    }
    const size_t size = stage_build(row->question, &row->how, query, sizeof query);
    play(&stage, row);
    ck_assert_str_eq(our_reply(&stage, row, bytes_of(query, size)), row->told);
    stage_close(&stage);
}
END_TEST

/* --- captured packets: dnstap in Frame Streams --- */

struct pair {
    struct bytes query, reply; /* empty where none was captured */
};

/* A protobuf number; 0 past the end. */
static uint64_t varint(struct bytes *rest)
{
    uint64_t value = 0;
    for (unsigned shift = 0; rest->size > 0 && shift < 64; shift += 7) {
        const uint8_t octet = rest->data[0];
        *rest = bytes_after(*rest, 1);
        value |= (uint64_t)(octet & 0x7f) << shift;
        if (octet < 0x80) {
            break;
        }
    }
    return value;
}

/* The next field of a protobuf message; its octets if it has any. False at the end. */
static bool next_field(struct bytes *rest, unsigned *ret_number, struct bytes *ret)
{
    static const size_t sizes[] = {0, 8, 0, 0, 0, 4};
    if (rest->size == 0) {
        return false;
    }
    const uint64_t tag = varint(rest);
    size_t size = sizes[tag & 7];
    if ((tag & 7) == 0) {
        varint(rest);
    } else if ((tag & 7) == 2) {
        size = (size_t)varint(rest);
    }
    ck_assert_uint_le(size, rest->size);
    *ret_number = (unsigned)(tag >> 3);
    *ret = bytes_of(rest->data, size);
    *rest = bytes_after(*rest, size);
    return true;
}

/* Takes what one dnstap frame holds: dnstap.proto's Dnstap.message, and in it query_message and
 * response_message. */
static void take_frame(struct bytes frame, struct pair *pair)
{
    enum { MESSAGE = 14, QUERY_MESSAGE = 10, RESPONSE_MESSAGE = 14 };
    unsigned number;
    struct bytes inner, field;
    while (next_field(&frame, &number, &inner)) {
        while (number == MESSAGE && next_field(&inner, &number, &field)) {
            if (number == QUERY_MESSAGE) {
                pair->query = field;
            } else if (number == RESPONSE_MESSAGE) {
                pair->reply = field;
            }
            number = MESSAGE;
        }
    }
}

static uint32_t u32(struct bytes *rest)
{
    ck_assert_uint_ge(rest->size, 4);
    const uint8_t *at = rest->data;
    const uint32_t value =
        (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    *rest = bytes_after(*rest, 4);
    return value;
}

static struct pair read_capture(const char *path)
{
    static uint8_t octets[FILE_MAX];
    struct pair pair = {.query = bytes_of(NULL, 0), .reply = bytes_of(NULL, 0)};
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    struct bytes rest = bytes_of(octets, fread(octets, 1, sizeof octets, file));
    fclose(file);
    while (rest.size > 0) {
        size_t size = u32(&rest);
        if (size == 0) { /* a control frame */
            size = u32(&rest);
        } else {
            take_frame(bytes_of(rest.data, size), &pair);
        }
        ck_assert_uint_le(size, rest.size);
        rest = bytes_after(rest, size);
    }
    return pair;
}

static void judge(const struct row *row, const char *path)
{
    static struct stage stage;
    const struct pair pair = read_capture(path);
    ck_assert_msg(pair.query.size > 0, "%s", path);
    const char *told = tell(pair.reply, pair.query, row->apex);
    ck_assert_msg(strcmp(told, row->told) == 0, "%s: %s", path, told);
    if (row->lines == NULL) {
        return;
    }
    play(&stage, row);
    told = our_reply(&stage, row, pair.query);
    ck_assert_msg(strcmp(told, row->told) == 0, "ours, asked as in %s: %s", path, told);
    stage_close(&stage);
}

START_TEST(captured_packets_are_read_as_ours)
{
    const struct row *row = &rows[_i];
    char pattern[PATTERN_MAX];
    snprintf(pattern, sizeof pattern, "%s/../../shared/dve/%s.dnstap", getenv("SCENARIOS_DIR"),
             row->files);
    glob_t files;
    const bool found = glob(pattern, 0, NULL, &files) == 0;
    for (size_t i = 0; found && i < files.gl_pathc; i++) {
        judge(row, files.gl_pathv[i]);
    }
    fprintf(stderr, "# %zu captures of %s%s\n", found ? files.gl_pathc : 0, row->name,
            found ? "" : ": they are not here, so nothing was tried");
    globfree(&files);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("captures");
    add_rows(suite, our_servers_do_the_same, rows);
    add_rows(suite, captured_packets_are_read_as_ours, rows);
    return suite;
}
