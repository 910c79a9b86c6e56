#include "mail/dkim_retrieval.h"

#include "tests/mail/replies.h"
#include "tests/support/support.h"

#define ASK "k1._domainkey.c.example. TXT\n"

static const struct row {
    const char *name;
    const char *lines;
    enum dkim_retrieval_state state;
    const char *why;
    size_t seen;
    unsigned links;
} rows[] = {
    {"TXT at the name", ASK "+ k1._domainkey.c.example. TXT v=DKIM1; p=\n", DKIM_RECORDS, NULL, 1,
     0},
    {"case of the owner does not matter", ASK "+ K1._DomainKey.C.example. TXT v=DKIM1; p=\n",
     DKIM_RECORDS, NULL, 1, 0},
    {"behind a CNAME",
     ASK "+ k1._domainkey.c.example. CNAME k1.esp.example.\n"
         "+ k1.esp.example. TXT v=DKIM1; p=\n",
     DKIM_RECORDS, NULL, 1, 1},
    {"behind two CNAMEs out of order",
     ASK "+ k1.esp.example. TXT v=DKIM1; p=\n"
         "+ b.esp.example. CNAME k1.esp.example.\n"
         "+ k1._domainkey.c.example. CNAME b.esp.example.\n",
     DKIM_RECORDS, NULL, 1, 2},
    {"several", ASK "+ k1._domainkey.c.example. TXT a\n+ k1._domainkey.c.example. TXT b\n",
     DKIM_RECORDS, NULL, 2, 0},
    {"TXT of another name is not the key", ASK "+ other.c.example. TXT v=DKIM1; p=\n",
     DKIM_NO_RECORDS, "no data", 0, 0},
    {"TXT beside a CNAME wins",
     ASK "+ k1._domainkey.c.example. CNAME k1.esp.example.\n"
         "+ k1._domainkey.c.example. TXT v=DKIM1; p=\n"
         "+ k1.esp.example. TXT a\n+ k1.esp.example. TXT b\n",
     DKIM_RECORDS, NULL, 1, 0},
    {"no data", ASK "- c.example. SOA 1800\n", DKIM_NO_RECORDS, "no data", 0, 0},
    {"no data without SOA", ASK, DKIM_NO_RECORDS, "no data", 0, 0},
    {"no data behind a CNAME",
     ASK "+ k1._domainkey.c.example. CNAME k1.esp.example.\n- esp.example. SOA 300\n",
     DKIM_NO_RECORDS, "no data", 0, 1},
    {"CNAME alone", ASK "+ k1._domainkey.c.example. CNAME k1.esp.example.\n", DKIM_NO_RECORDS,
     "CNAME without its target", 0, 1},
    {"NXDOMAIN", ASK "rcode NXDOMAIN\n- c.example. SOA 1800\n", DKIM_NO_RECORDS, "NXDOMAIN", 0, 0},
    {"NXDOMAIN behind a CNAME",
     ASK "rcode NXDOMAIN\n+ k1._domainkey.c.example. CNAME k1.esp.example.\n"
         "- esp.example. SOA 300\n",
     DKIM_NO_RECORDS, "NXDOMAIN", 0, 1},
    {"NXDOMAIN is believed against a TXT",
     ASK "rcode NXDOMAIN\n+ k1._domainkey.c.example. TXT v=DKIM1; p=\n", DKIM_NO_RECORDS,
     "NXDOMAIN", 1, 0},
    {"SERVFAIL", ASK "rcode SERVFAIL\n", DKIM_UNAVAILABLE, "SERVFAIL", 0, 0},
    {"REFUSED", ASK "rcode REFUSED\n", DKIM_UNAVAILABLE, "REFUSED", 0, 0},
    {"FORMERR", ASK "rcode FORMERR\n", DKIM_UNAVAILABLE, "FORMERR", 0, 0},
    {"NOTIMP", ASK "rcode NOTIMP\n", DKIM_UNAVAILABLE, "NOTIMP", 0, 0},
    {"YXDOMAIN", ASK "rcode YXDOMAIN\n", DKIM_UNAVAILABLE, "YXDOMAIN", 0, 0},
    {"NOTAUTH", ASK "rcode NOTAUTH\n", DKIM_UNAVAILABLE, "NOTAUTH", 0, 0},
    {"BADVERS", ASK "rcode BADVERS\nflag EDNS\n", DKIM_UNAVAILABLE, "BADVERS", 0, 0},
    {"code without a word of its own", ASK "rcode YXRRSET\n", DKIM_UNAVAILABLE, "error code", 0, 0},
    {"CNAME alone, and a name server beside it",
     ASK "+ k1._domainkey.c.example. CNAME k1.esp.example.\n- c.example. NS ns1.dns.example.\n",
     DKIM_NO_RECORDS, "CNAME without its target", 0, 1},
    {"the first of two CNAMEs is followed",
     ASK "+ k1._domainkey.c.example. CNAME k1.esp.example.\n"
         "+ k1._domainkey.c.example. CNAME k2.esp.example.\n"
         "+ k1.esp.example. TXT v=DKIM1; p=\n",
     DKIM_RECORDS, NULL, 1, 1},
    {"address at the name", ASK "+ k1._domainkey.c.example. A 192.0.2.1\n", DKIM_NO_RECORDS,
     "no data", 0, 0},
    {"truncated", ASK "flag TC\n+ k1._domainkey.c.example. TXT v=DKIM1; p=\n", DKIM_UNAVAILABLE,
     "truncated reply", 0, 0},
    {"loop",
     ASK "+ k1._domainkey.c.example. CNAME b.c.example.\n"
         "+ b.c.example. CNAME k1._domainkey.c.example.\n",
     DKIM_UNAVAILABLE, "CNAME chain without end", 0, DKIM_CHAIN_MAX + 1},
    {"CNAME to itself", ASK "+ k1._domainkey.c.example. CNAME k1._domainkey.c.example.\n",
     DKIM_UNAVAILABLE, "CNAME chain without end", 0, DKIM_CHAIN_MAX + 1},
};

START_TEST(reads_what_the_reply_says)
{
    const struct row *row = &rows[_i];
    struct canned_reply reply;
    reply_build(&reply, row->lines);
    struct dkim_retrieval retrieval;
    dkim_retrieval_of_reply(&reply.message, &reply.name, &retrieval);
    ck_assert_int_eq(retrieval.state, row->state);
    ck_assert_pstr_eq(retrieval.why, row->why);
    ck_assert_uint_eq(retrieval.seen, row->seen);
    ck_assert_uint_eq(retrieval.count, row->seen);
    ck_assert_uint_eq(retrieval.links, row->links);
}
END_TEST

START_TEST(many_records_are_counted_and_the_first_kept)
{
    char lines[2048] = ASK;
    struct text text = {lines, sizeof lines, sizeof ASK - 1, false};
    for (int i = 0; i < DKIM_RECORDS_MAX + 3; i++) {
        text_put_format(&text, "+ k1._domainkey.c.example. TXT %d\n", i);
    }
    struct canned_reply reply;
    reply_build(&reply, lines);
    struct dkim_retrieval retrieval;
    dkim_retrieval_of_reply(&reply.message, &reply.name, &retrieval);
    ck_assert_uint_eq(retrieval.seen, DKIM_RECORDS_MAX + 3);
    ck_assert_uint_eq(retrieval.count, DKIM_RECORDS_MAX);
    ck_assert(bytes_are(retrieval.records[0], "\x01"
                                              "0"));
}
END_TEST

START_TEST(silence_is_unavailable)
{
    struct dkim_retrieval retrieval;
    dkim_retrieval_failed("timeout", &retrieval);
    ck_assert_int_eq(retrieval.state, DKIM_UNAVAILABLE);
    ck_assert_str_eq(retrieval.why, "timeout");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("dkim_retrieval");
    add_rows(suite, reads_what_the_reply_says, rows);
    add_test(suite, many_records_are_counted_and_the_first_kept);
    add_test(suite, silence_is_unavailable);
    return suite;
}
