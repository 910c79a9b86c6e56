/* A reply in a few words. */
#include "harness/meaning.h"

#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

static const struct name *named(const char *text)
{
    static struct name names[16];
    static size_t count;
    struct name *name = &names[count++ % COUNT_OF(names)];
    ck_assert(name_parse_text(bytes_of_string(text), NULL, name, NULL));
    return name;
}

static void put(struct builder *builder, enum section section, const char *owner, uint16_t type,
                struct bytes rdata)
{
    const struct rr rr = {
        .owner = named(owner), .type = type, .rrclass = RRCLASS_IN, .ttl = 300, .rdata = rdata};
    ck_assert(builder_record(builder, section, &rr));
}

static void put_alias(struct builder *builder, const char *owner, const char *target)
{
    put(builder, SECTION_ANSWER, owner, RRTYPE_CNAME, name_bytes(named(target)));
}

static void put_soa(struct builder *builder)
{
    static const uint8_t soa[] = {2, 'n', 's', 0, 1, 'h', 0, 0, 0, 0, 1, 0, 0, 0,
                                  2, 0,   0,   0, 3, 0,   0, 0, 4, 0, 0, 0, 9};
    put(builder, SECTION_AUTHORITY, "example.", RRTYPE_SOA, bytes_of(soa, sizeof soa));
}

static void put_servers(struct builder *builder)
{
    put(builder, SECTION_AUTHORITY, "b.example.", RRTYPE_NS, name_bytes(named("ns1.b.example.")));
    put(builder, SECTION_AUTHORITY, "b.example.", RRTYPE_NS, name_bytes(named("ns2.b.example.")));
}

static void make_referral(struct builder *builder)
{
    put_servers(builder);
}

static void make_servers_with_authority(struct builder *builder)
{
    builder_flags(builder, MESSAGE_AA);
    put_servers(builder);
}

static void make_nodata(struct builder *builder)
{
    builder_flags(builder, MESSAGE_AA);
    put_soa(builder);
}

static void make_nxdomain(struct builder *builder)
{
    builder_rcode(builder, RCODE_NXDOMAIN);
    put_soa(builder);
}

static void make_dangling(struct builder *builder)
{
    put_alias(builder, "a.example.", "b.example.");
    make_nxdomain(builder);
}

static void make_dangling_nodata(struct builder *builder)
{
    put_alias(builder, "a.example.", "b.example.");
    put_soa(builder);
}

static void make_alias_alone(struct builder *builder)
{
    builder_flags(builder, MESSAGE_AA);
    put_alias(builder, "a.example.", "b.example.");
}

static void make_long_chain(struct builder *builder)
{
    put_alias(builder, "a.example.", "b.example.");
    put_alias(builder, "b.example.", "c.example.");
    put_alias(builder, "c.example.", "d.example.");
    put_alias(builder, "d.example.", "e.example.");
    put(builder, SECTION_ANSWER, "e.example.", RRTYPE_TXT, bytes_of("\x02hi\x01!", 5));
}

static void make_addresses(struct builder *builder)
{
    for (uint8_t i = 1; i <= 6; i++) {
        const uint8_t octets[4] = {192, 0, 2, i};
        put(builder, SECTION_ANSWER, "a.example.", RRTYPE_A, bytes_of(octets, 4));
    }
}

static void make_long_text(struct builder *builder)
{
    put(builder, SECTION_ANSWER, "a.example.", RRTYPE_TXT,
        bytes_of("\x1e\033[31mabcdefghijklmnopqrstuvwxyz", 32 - 1));
}

static void make_truncated(struct builder *builder)
{
    builder_flags(builder, MESSAGE_TC);
}

static void make_failure(struct builder *builder)
{
    uint8_t options[64];
    size_t size = 0;
    builder_rcode(builder, RCODE_SERVFAIL);
    ck_assert(extended_error_append(options, sizeof options, &size, EDE_NETWORK_ERROR,
                                    bytes_of_string("x")));
    builder_edns(builder, &(struct edns){.present = true, .options = bytes_of(options, size)});
}

static const struct row {
    const char *name;
    void (*make)(struct builder *builder);
    const char *expected;
    uint16_t type; /* asked for; 0: TXT */
} rows[] = {
    {"a_referral_names_the_cut", make_referral, "refers to b.example. (ns1.b.example., ...)", 0},
    {"servers_of_its_own_are_no_referral", make_servers_with_authority, "no TXT record", 0},
    {"no_data_has_its_life", make_nodata, "no TXT record (keep 9 s)", 0},
    {"no_name_has_its_life", make_nxdomain, "no such name (keep 9 s)", 0},
    {"a_dangling_alias", make_dangling, "alias to b.example., which does not exist (keep 9 s)", 0},
    {"an_alias_out_of_the_zone", make_alias_alone, "alias to b.example.", 0},
    {"an_alias_that_was_asked_for", make_dangling_nodata, "alias to b.example.", RRTYPE_CNAME},
    {"an_alias_to_no_data", make_dangling_nodata,
     "alias to b.example., which has no TXT record (keep 9 s)", 0},
    {"a_long_chain_is_cut", make_long_chain,
     "alias to b.example., then c.example., then d.example. and 1 more; TXT \"hi\" \"!\" (2 "
     "strings, 3 octets)",
     0},
    {"many_records_are_cut", make_addresses,
     "A 192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4 and 2 more", 0},
    {"long_data_is_cut_and_escaped", make_long_text, "TXT \"\\027[31mabcdefghi...", 0},
    {"a_truncated_reply", make_truncated, "truncated (TC)", 0},
    {"a_failure_has_its_errors", make_failure, "SERVFAIL; 23 (Network Error): (x)", 0},
};

START_TEST(means)
{
    uint8_t octets[2048];
    char buffer[1024];
    const uint16_t type = rows[_i].type != 0 ? rows[_i].type : RRTYPE_TXT;
    struct builder builder;
    struct message message;
    struct text text = text_in(buffer, sizeof buffer);
    builder_start(&builder, octets, sizeof octets, 1, MESSAGE_QR);
    ck_assert(builder_question(&builder, named("a.example."), type, RRCLASS_IN));
    rows[_i].make(&builder);
    const size_t size = builder_finish(&builder);
    ck_assert(message_parse(bytes_of(octets, size), MESSAGE_LENIENT, &message, NULL));
    meaning_put(&text, &message, 21);
    ck_assert_str_eq(buffer, rows[_i].expected);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("meaning");
    add_rows(suite, means, rows);
    return suite;
}
