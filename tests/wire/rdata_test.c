#include "tests/wire/support.h"
#include "wire/builder.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

/* RDATA of every type that has a row, and how it is said. Values come from the RFCs' own examples
 * where they have one. NULL text: the \# form. */
static const struct sample {
    const char *name;
    uint16_t type;
    const char *hex;
    const char *text;
} samples[] = {
    {"A", RRTYPE_A, "c0000201", "192.0.2.1"},
    {"NS", RRTYPE_NS, "02'ns'07'example'00", "ns.example."},
    {"MD", RRTYPE_MD, "01'a'00", "a."},
    {"MF", RRTYPE_MF, "01'a'00", "a."},
    {"CNAME", RRTYPE_CNAME, "03'a b'00", "a\\032b."},
    {"SOA", RRTYPE_SOA, "01'm'00 01'r'00 00000001 00001c20 00000e10 00127500 00000708",
     "m. r. 1 7200 3600 1209600 1800"},
    {"MB", RRTYPE_MB, "01'a'00", "a."},
    {"MG", RRTYPE_MG, "01'a'00", "a."},
    {"MR", RRTYPE_MR, "01'a'00", "a."},
    {"NULL", RRTYPE_NULL, "00ff", "\\# 2 00FF"},
    {"NULL without octets", RRTYPE_NULL, "", "\\# 0"},
    {"WKS", RRTYPE_WKS, "c0000201 06 0000004000", "\\# 10 C0000201060000004000"},
    {"PTR", RRTYPE_PTR, "00", "."},
    {"HINFO", RRTYPE_HINFO, "07'RFC8482'00", "\"RFC8482\" \"\""},
    {"MINFO", RRTYPE_MINFO, "01'a'00 01'b'00", "a. b."},
    {"MX", RRTYPE_MX, "000a 02'mx'00", "10 mx."},
    {"TXT", RRTYPE_TXT, "05'a\"b\\c'00 03 007fff", "\"a\\\"b\\\\c\" \"\" \"\\000\\127\\255\""},
    {"RP", RRTYPE_RP, "01'm'00 01't'00", "m. t."},
    {"AFSDB", RRTYPE_AFSDB, "0001 01'a'00", "1 a."},
    {"X25", RRTYPE_X25, "0c'311061700956'", "\"311061700956\""},
    {"ISDN", RRTYPE_ISDN, "0f'150862028003217'03'004'", "\"150862028003217\" \"004\""},
    {"ISDN without subaddress", RRTYPE_ISDN, "02'15'", "\"15\""},
    {"RT", RRTYPE_RT, "000a 01'a'00", "10 a."},
    {"NSAP", RRTYPE_NSAP, "47000580", "0x47000580"},
    {"NSAP-PTR", RRTYPE_NSAP_PTR, "01'a'00", "a."},
    {"SIG", RRTYPE_SIG, "0001 05 02 00000e10 5f5e1000 00000000 3039 01'a'00 abcdef",
     "A 5 2 3600 20200913122640 19700101000000 12345 a. q83v"},
    {"KEY", RRTYPE_KEY, "0100 03 05 00", "256 3 5 AA=="},
    {"PX", RRTYPE_PX, "000a 01'a'00 01'b'00", "10 a. b."},
    {"GPOS", RRTYPE_GPOS, "08'-32.6882'08'116.8652'04'10.0'", "\"-32.6882\" \"116.8652\" \"10.0\""},
    {"AAAA", RRTYPE_AAAA, "26064700303400000000000068186fd2", "2606:4700:3034::6818:6fd2"},
    {"LOC", RRTYPE_LOC, "00 33 16 13 89172dd0 70be15f0 00988d20",
     "42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m"},
    {"LOC of another version", RRTYPE_LOC, "01 00", "\\# 2 0100"},
    {"NXT", RRTYPE_NXT, "01'a'00 40", "\\# 4 01610040"},
    {"EID", RRTYPE_EID, "e32c6f78163a9348", "E32C6F78163A9348"},
    {"NIMLOC", RRTYPE_NIMLOC, "32251a03", "32251A03"},
    {"SRV", RRTYPE_SRV, "0001 0002 01bb 01'a'00", "1 2 443 a."},
    {"ATMA", RRTYPE_ATMA, "0039", "\\# 2 0039"},
    {"NAPTR", RRTYPE_NAPTR, "0064 000a 01'u' 07'E2U+sip' 05'!^.*!' 00",
     "100 10 \"u\" \"E2U+sip\" \"!^.*!\" ."},
    {"KX", RRTYPE_KX, "0001 01'a'00", "1 a."},
    {"CERT", RRTYPE_CERT, "0001 0002 05 abcd", "1 2 5 q80="},
    {"A6", RRTYPE_A6, "00 20010db8000000000000000000000001",
     "\\# 17 0020010DB8000000000000000000000001"},
    {"DNAME", RRTYPE_DNAME, "01'a'00", "a."},
    {"SINK", RRTYPE_SINK, "0102", "\\# 2 0102"},
    {"OPT", RRTYPE_OPT, "000a 0001 ff", "\\# 5 000A0001FF"},
    {"APL", RRTYPE_APL, "0001 18 03 c00002 0001 20 84 c0000201 0002 40 04 20010db8",
     "1:192.0.2.0/24 !1:192.0.2.1/32 2:2001:db8::/64"},
    {"APL without prefixes", RRTYPE_APL, "", "\\# 0"},
    {"APL of an unknown family", RRTYPE_APL, "0003 00 00", "\\# 4 00030000"},
    {"DS", RRTYPE_DS, "ec45 05 01 2bb183af5f22588179a53b0a98631fad1a292118",
     "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"},
    {"DS of 32 octets in two groups", RRTYPE_DS,
     "0001 08 02 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "1 8 2 000102030405060708090A0B0C0D0E0F101112131415161718191A1B 1C1D1E1F"},
    {"SSHFP", RRTYPE_SSHFP, "02 01 123456", "2 1 123456"},
    {"IPSECKEY by IPv4", RRTYPE_IPSECKEY, "0a 01 02 c0000226 abcdef", "10 1 2 192.0.2.38 q83v"},
    {"IPSECKEY by IPv6", RRTYPE_IPSECKEY, "0a 02 02 20010db8000000000000000000000001 abcdef",
     "10 2 2 2001:db8::1 q83v"},
    {"IPSECKEY by name", RRTYPE_IPSECKEY, "0a 03 02 01'g'00 abcdef", "10 3 2 g. q83v"},
    {"IPSECKEY without gateway", RRTYPE_IPSECKEY, "0a 00 02 abcdef", "10 0 2 . q83v"},
    {"IPSECKEY by something unknown", RRTYPE_IPSECKEY, "0a 09 02 abcdef", "\\# 6 0A0902ABCDEF"},
    {"RRSIG", RRTYPE_RRSIG, "001c 0d 03 0000012c 65e5ab80 ffffffff ffff 07'example'00 abcdef01",
     "AAAA 13 3 300 20240304110744 21060207062815 65535 example. q83vAQ=="},
    {"RRSIG on a leap day", RRTYPE_RRSIG, "0001 0d 03 00000000 65e0c5ff 38bb7c80 0001 00 ab",
     "A 13 3 0 20240229175927 20000229080000 1 . qw=="},
    {"NSEC", RRTYPE_NSEC,
     "01'h'00 0006 400100000003 041b 000000000000000000000000000000000000000000000000000020",
     "h. A MX RRSIG NSEC TYPE1234"},
    {"NSEC with a map that cannot be", RRTYPE_NSEC, "00 0000", "\\# 3 000000"},
    {"NSEC with windows out of order", RRTYPE_NSEC, "00 0101 80 0001 40", "\\# 7 00010180000140"},
    {"DNSKEY", RRTYPE_DNSKEY, "0101 03 0d abcdef", "257 3 13 q83v"},
    {"DHCID", RRTYPE_DHCID, "0002 01 636f", "AAIBY28="},
    {"NSEC3", RRTYPE_NSEC3,
     "01 01 000c 04 aabbccdd 14 174eb2409fe28bcb4887a1836f957f0a8425e27b 0006 400100000002",
     "1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A MX RRSIG"},
    {"NSEC3 without salt or types", RRTYPE_NSEC3, "01 00 0000 00 01 ff", "1 0 0 - VS"},
    {"NSEC3PARAM", RRTYPE_NSEC3PARAM, "01 00 000c 04 aabbccdd", "1 0 12 AABBCCDD"},
    {"TLSA", RRTYPE_TLSA, "03 01 01 d2abde", "3 1 1 D2ABDE"},
    {"SMIMEA", RRTYPE_SMIMEA, "00 00 01 d2", "0 0 1 D2"},
    {"HIP", RRTYPE_HIP, "02 02 0003 1122 abcdef 01'a'00 01'b'00", "2 1122 q83v a. b."},
    {"HIP without servers", RRTYPE_HIP, "02 02 0003 1122 abcdef", "2 1122 q83v"},
    {"NINFO", RRTYPE_NINFO, "01'a'", "\"a\""},
    {"RKEY", RRTYPE_RKEY, "0000 01 0a abcdef", "0 1 10 q83v"},
    {"TALINK", RRTYPE_TALINK, "01'a'00 01'b'00", "a. b."},
    {"CDS", RRTYPE_CDS, "0000 00 00 00", "0 0 0 00"},
    {"CDNSKEY", RRTYPE_CDNSKEY, "0000 03 00 00", "0 3 0 AA=="},
    {"OPENPGPKEY", RRTYPE_OPENPGPKEY, "abcdef", "q83v"},
    {"CSYNC", RRTYPE_CSYNC, "00000042 0003 0004 60000008", "66 3 A NS AAAA"},
    {"ZONEMD", RRTYPE_ZONEMD, "7848b7a3 01 01 abcd", "2018031523 1 1 ABCD"},
    {"SVCB alias", RRTYPE_SVCB, "0000 03'foo'00", "0 foo."},
    {"SVCB", RRTYPE_SVCB,
     "0010 03'foo'00 0000 0004 0001 0004 0001 0009 02'h2'05'h3-19' 0002 0000 0003 0002 0035"
     "0004 0004 c0000201 0005 0003 abcdef 0006 0010 20010db8000000000000000000000001"
     "0007 0010'/dns-query{?dns}' 029b 0005'hello'",
     "16 foo. mandatory=alpn,ipv4hint alpn=\"h2,h3-19\" no-default-alpn port=53 "
     "ipv4hint=192.0.2.1 ech=q83v ipv6hint=2001:db8::1 dohpath=\"/dns-query{?dns}\" "
     "key667=\"hello\""},
    {"HTTPS", RRTYPE_HTTPS, "0001 00 0001 0003 02'h2'", "1 . alpn=\"h2\""},
    {"HTTPS whose protocol has a comma", RRTYPE_HTTPS, "0001 00 0001 0004 03'h,2'",
     "1 . key1=\"\\003h,2\""},
    {"HTTPS whose port is cut", RRTYPE_HTTPS, "0001 00 0003 0001 35", "1 . key3=\"5\""},
    {"HTTPS with keys out of order", RRTYPE_HTTPS, "0001 00 0003 0002 0035 0001 0003 02'h2'",
     "\\# 16 00010000030002003500010003026832"},
    {"DSYNC", RRTYPE_DSYNC, "003b 01 14ef 01'a'00", "CDS 1 5359 a."},
    {"SPF", RRTYPE_SPF, "06'v=spf1'", "\"v=spf1\""},
    {"NID", RRTYPE_NID, "000a 00144fffff20ee64", "10 0014:4fff:ff20:ee64"},
    {"L32", RRTYPE_L32, "000a 0a010200", "10 10.1.2.0"},
    {"L64", RRTYPE_L64, "000a 20010db811401000", "10 2001:0db8:1140:1000"},
    {"LP", RRTYPE_LP, "000a 01'a'00", "10 a."},
    {"EUI48", RRTYPE_EUI48, "00005e00532a", "00-00-5e-00-53-2a"},
    {"EUI64", RRTYPE_EUI64, "00005eef1000002a", "00-00-5e-ef-10-00-00-2a"},
    {"TKEY", RRTYPE_TKEY, "01'a'00 00000000 00015180 0003 0000 0002 abcd 0000",
     "a. 19700101000000 19700102000000 3 0 2 q80= 0"},
    {"TSIG", RRTYPE_TSIG, "01'a'00 00005e0be100 012c 0002 abcd 1234 0011 0000",
     "a. 1577836800 300 2 q80= 4660 17 0"},
    {"IXFR", RRTYPE_IXFR, "00", "\\# 1 00"},
    {"AXFR", RRTYPE_AXFR, "00", "\\# 1 00"},
    {"MAILB", RRTYPE_MAILB, "00", "\\# 1 00"},
    {"MAILA", RRTYPE_MAILA, "00", "\\# 1 00"},
    {"ANY", RRTYPE_ANY, "00", "\\# 1 00"},
    {"URI", RRTYPE_URI, "000a 0001'ftp://a/'", "10 1 \"ftp://a/\""},
    {"CAA", RRTYPE_CAA, "80 05'issue''ca.example'", "128 issue \"ca.example\""},
    {"CAA without value", RRTYPE_CAA, "00 05'issue'", "0 issue \"\""},
    {"CAA whose tag is no word", RRTYPE_CAA, "00 03'a b''x'", "\\# 6 000361206278"},
    {"AVC", RRTYPE_AVC, "01'a'", "\"a\""},
    {"DOA", RRTYPE_DOA, "00000000 00000001 02 00 00", "\\# 11 0000000000000001020000"},
    {"AMTRELAY without relay", RRTYPE_AMTRELAY, "0a 00", "10 0 0 ."},
    {"AMTRELAY by IPv4", RRTYPE_AMTRELAY, "0a 81 cb00710f", "10 1 1 203.0.113.15"},
    {"AMTRELAY by IPv6", RRTYPE_AMTRELAY, "0a 02 20010db8000000000000000000000015",
     "10 0 2 2001:db8::15"},
    {"AMTRELAY by name", RRTYPE_AMTRELAY, "0a 83 01'a'00", "10 1 3 a."},
    {"RESINFO", RRTYPE_RESINFO, "07'qnamemi'", "\"qnamemi\""},
    {"WALLET", RRTYPE_WALLET, "03'ETH'", "\"ETH\""},
    {"TA", RRTYPE_TA, "0001 05 01 ab", "1 5 1 AB"},
    {"DLV", RRTYPE_DLV, "0001 05 01 ab", "1 5 1 AB"},
    {"TYPE65280", 65280, "c00c", "\\# 2 C00C"},
};

START_TEST(is_sound)
{
    ck_assert(rdata_is_sound(samples[_i].type, octets_of_hex(samples[_i].hex)));
}
END_TEST

START_TEST(is_said_as_text)
{
    char buffer[800];
    struct text text = text_in(buffer, sizeof buffer);
    rdata_put(&text, samples[_i].type, octets_of_hex(samples[_i].hex));
    ck_assert_str_eq(buffer, samples[_i].text);
}
END_TEST

static const struct sample *find_sample(uint16_t type)
{
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        if (samples[i].type == type) {
            return &samples[i];
        }
    }
    return NULL;
}

START_TEST(every_row_has_a_sample)
{
    size_t count;
    const struct rrtype *rows = rrtype_rows(&count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(find_sample(rows[i].number) != NULL, "%s", rows[i].mnemonic);
    }
}
END_TEST

/* Octets to the end may end anywhere; all else may not. */
static bool may_end_anywhere(uint8_t field)
{
    return field >= FIELD_STRINGS_0 && field <= FIELD_OPAQUE_REST && field != FIELD_NAMES;
}

START_TEST(cut_or_prolonged_it_is_unsound_unless_it_has_a_rest)
{
    const struct bytes rdata = octets_of_hex(samples[_i].hex);
    const struct rrtype *row = rrtype_find(samples[_i].type);
    uint8_t longer[400];
    const uint8_t *field = row == NULL ? NULL : row->layout;
    if (row == NULL || rdata.size == 0 || row->number == RRTYPE_LOC || row->number == RRTYPE_OPT ||
        strstr(samples[_i].name, "unknown") != NULL) {
        return;
    }
    while (field[1] != FIELD_END) {
        field++;
    }
    if (!may_end_anywhere(*field)) {
        memcpy(longer, rdata.data, rdata.size);
        longer[rdata.size] = 0x3f;
        ck_assert(!rdata_is_sound(row->number, exact_copy(bytes_of(longer, rdata.size + 1))));
        if (row->number != RRTYPE_TXT && row->number != RRTYPE_HIP && row->number != RRTYPE_APL) {
            ck_assert(
                !rdata_is_sound(row->number, exact_copy(bytes_of(rdata.data, rdata.size - 1))));
        }
    }
    /* wherever it is cut, it is judged without a look beyond */
    for (size_t size = 0; size < rdata.size; size++) {
        (void)rdata_is_sound(row->number, exact_copy(bytes_of(rdata.data, size)));
    }
}
END_TEST

static struct builder builder;
static uint8_t buffer[2048];

START_TEST(round_trips_through_a_message)
{
    const struct bytes rdata = octets_of_hex(samples[_i].hex);
    const uint16_t type = samples[_i].type;
    const struct rr rr = rr_of("example.", type, 60, rdata);
    const struct name a = name_of("a.example.");
    const enum section section =
        type == RRTYPE_OPT || type == RRTYPE_TSIG ? SECTION_ADDITIONAL : SECTION_ANSWER;
    struct message message;
    struct message_error error = {.outcome = MESSAGE_FINE};
    struct record record;
    struct bytes again;
    uint8_t expanded[1100];
    builder_start(&builder, buffer, sizeof buffer, 1, MESSAGE_QR);
    ck_assert(builder_question(&builder, &a, RRTYPE_A, RRCLASS_IN));
    ck_assert(builder_record(&builder, section, &rr));
    const struct bytes octets = exact_copy(bytes_of(buffer, builder_finish(&builder)));
    const enum message_mode mode = type == RRTYPE_OPT ? MESSAGE_LENIENT : MESSAGE_STRICT;
    ck_assert_msg(message_parse(octets, mode, &message, &error), "%s at %u",
                  message_outcome_name(error.outcome), error.offset);
    struct record_walk walk = record_walk_start(&message, section);
    ck_assert(record_next(&walk, &record));
    ck_assert_uint_eq(record.type, type);
    ck_assert(!record.unsound);
    ck_assert(name_ref_identical(record.owner, rr.owner));
    ck_assert(rdata_expand(&record, expanded, sizeof expanded, &again));
    ck_assert(bytes_equal(again, rdata));
}
END_TEST

START_TEST(unsound_rdata_is_said_in_hex)
{
    char said[64];
    struct text text = text_in(said, sizeof said);
    rdata_put(&text, RRTYPE_A, octets_of_hex("010203"));
    text_put(&text, "|");
    rdata_put(&text, RRTYPE_TXT, octets_of_hex(""));
    text_put(&text, "|");
    rdata_put(&text, RRTYPE_CNAME, octets_of_hex("c00c"));
    ck_assert_str_eq(said, "\\# 3 010203|\\# 0|\\# 2 C00C");
}
END_TEST

START_TEST(a_full_text_stays_full)
{
    char said[8];
    struct text text = text_in(said, sizeof said);
    rdata_put(&text, RRTYPE_MX, octets_of_hex("000a 02'mx'07'example'00"));
    ck_assert(text.overflow);
    ck_assert_uint_lt(text.size, sizeof said);
}
END_TEST

START_TEST(a_record_is_said_as_dig_does)
{
    char said[128];
    struct text text = text_in(said, sizeof said);
    const struct rr rr = rr_of("k1._domainkey.example.", RRTYPE_TXT, 300, octets_of_hex("03'p=;'"));
    rr_put(&text, &rr);
    ck_assert_str_eq(said, "k1._domainkey.example.\t300\tIN\tTXT\t\"p=;\"");
}
END_TEST

static const struct {
    const char *name;
    uint16_t type;
    const char *a;
    const char *b;
    int order;
} orders[] = {
    {"A", RRTYPE_A, "01020304", "01020305", -1},
    {"shorter first", RRTYPE_TXT, "01'a'", "01'a'01'b'", -1},
    {"case of a CNAME does not matter", RRTYPE_CNAME, "01'a'00", "01'A'00", 0},
    {"case of an MX's name does not matter", RRTYPE_MX, "0041 01'a'00", "0041 01'A'00", 0},
    {"case of a number does", RRTYPE_MX, "0061 01'a'00", "0041 01'A'00", 1},
    {"case of a TXT does", RRTYPE_TXT, "01'a'", "01'A'", 1},
    {"case of an NSEC's name does", RRTYPE_NSEC, "01'a'00", "01'A'00", 1},
    {"case of an RRSIG's signer does not", RRTYPE_RRSIG,
     "0001 05 01 00000000 00000000 00000000 0000 01'a'00 61",
     "0001 05 01 00000000 00000000 00000000 0000 01'A'00 61", 0},
    {"case of its signature does", RRTYPE_RRSIG,
     "0001 05 01 00000000 00000000 00000000 0000 01'a'00 61",
     "0001 05 01 00000000 00000000 00000000 0000 01'A'00 41", 1},
    {"second name of a SOA", RRTYPE_SOA,
     "01'a'00 01'B'00 00000000 00000000 00000000 00000000 00000000",
     "01'A'00 01'c'00 00000000 00000000 00000000 00000000 00000000", -1},
    {"unknown types octet by octet", 65280, "41", "61", -1},
    {"a longer name", RRTYPE_NS, "01'a'00", "01'a'01'b'00", -1},
};

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

START_TEST(has_canonical_order)
{
    const struct bytes a = octets_of_hex(orders[_i].a);
    const struct bytes b = octets_of_hex(orders[_i].b);
    ck_assert_int_eq(sign(rdata_compare(orders[_i].type, a, b)), orders[_i].order);
    ck_assert_int_eq(sign(rdata_compare(orders[_i].type, b, a)), -orders[_i].order);
    ck_assert(rdata_equal(orders[_i].type, a, b) == (orders[_i].order == 0));
}
END_TEST

START_TEST(canonical_form_lowers_names_only)
{
    uint8_t rdata[] = {'A', 'B', 2, 'C', 'd', 0};
    rdata_canonicalise(RRTYPE_MX, rdata, sizeof rdata);
    ck_assert_mem_eq(rdata, "AB\2cd", sizeof rdata);
    rdata[3] = 'C';
    rdata_canonicalise(RRTYPE_NSEC, rdata + 2, 4);
    rdata_canonicalise(65280, rdata, sizeof rdata);
    ck_assert_mem_eq(rdata, "AB\2Cd", sizeof rdata);
}
END_TEST

START_TEST(names_inside_are_walked)
{
    const struct bytes soa =
        octets_of_hex("01'm'00 01'r'00 00000001 00000002 00000003 00000004 00000005");
    const struct name m = name_of("m."), r = name_of("r.");
    struct soa_numbers numbers;
    struct name_ref ref;
    struct name target;
    size_t at = 0;
    ck_assert(rdata_next_name(RRTYPE_SOA, soa, &at, &ref) && name_ref_equal(ref, &m));
    ck_assert(rdata_next_name(RRTYPE_SOA, soa, &at, &ref) && name_ref_equal(ref, &r));
    ck_assert(!rdata_next_name(RRTYPE_SOA, soa, &at, &ref));
    ck_assert(rdata_target(RRTYPE_SOA, soa, &target) && name_equal(&target, &m));
    ck_assert(!rdata_target(RRTYPE_A, octets_of_hex("01020304"), &target));
    ck_assert(rdata_soa_numbers(soa, &numbers));
    ck_assert_uint_eq(numbers.serial, 1);
    ck_assert_uint_eq(numbers.refresh, 2);
    ck_assert_uint_eq(numbers.retry, 3);
    ck_assert_uint_eq(numbers.expire, 4);
    ck_assert_uint_eq(numbers.minimum, 5);
    ck_assert(!rdata_soa_numbers(octets_of_hex("000102"), &numbers));
}
END_TEST

START_TEST(strings_are_joined_with_nothing_between)
{
    uint8_t joined[16];
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex("02'ab'00 01'c'"), joined, sizeof joined), 3);
    ck_assert_mem_eq(joined, "abc", 3);
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex("00"), joined, 0), 0);
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex("02'ab'01'c'"), joined, 2), SIZE_MAX);
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex("02'a'"), joined, sizeof joined), SIZE_MAX);
    ck_assert_uint_eq(rdata_txt_join(octets_of_hex(""), joined, sizeof joined), SIZE_MAX);
}
END_TEST

START_TEST(expansion_may_need_more_than_there_is)
{
    const struct bytes octets = octets_of_hex("1234 8180 0001 0001 0000 0000 03'www'00 0001 0001"
                                              "c00c 0005 0001 0000003c 0002 c00c");
    struct message message;
    struct record record;
    struct bytes rdata;
    uint8_t room[5];
    ck_assert(message_parse(octets, MESSAGE_STRICT, &message, NULL));
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    ck_assert(record_next(&walk, &record));
    ck_assert(!rdata_expand(&record, room, 4, &rdata));
    ck_assert(rdata_expand(&record, room, 5, &rdata));
    ck_assert(bytes_equal(rdata, octets_of_hex("03'www'00")));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("rdata");
    add_rows(suite, is_sound, samples);
    add_rows(suite, is_said_as_text, samples);
    add_test(suite, every_row_has_a_sample);
    add_rows(suite, cut_or_prolonged_it_is_unsound_unless_it_has_a_rest, samples);
    add_rows(suite, round_trips_through_a_message, samples);
    add_test(suite, unsound_rdata_is_said_in_hex);
    add_test(suite, a_full_text_stays_full);
    add_test(suite, a_record_is_said_as_dig_does);
    add_rows(suite, has_canonical_order, orders);
    add_test(suite, canonical_form_lowers_names_only);
    add_test(suite, names_inside_are_walked);
    add_test(suite, strings_are_joined_with_nothing_between);
    add_test(suite, expansion_may_need_more_than_there_is);
    return suite;
}
