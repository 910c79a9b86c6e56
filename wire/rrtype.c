/* The table of RR types. A new type is a row here and a number in rrtype.h. Sources: IANA's DNS
 * parameters registry and the RFCs it names; compression as RFC 3597 4, case folding as RFC 4034
 * 6.2 with RFC 6840 5.1 (not NSEC; HINFO has no names). */
#include "wire/rrtype.h"

#include <assert.h>
#include <stddef.h>

enum { PLAIN = false, NAMES = true };
enum { KEEP = false, FOLD = true };
enum { DATA = false, META = true };

#define ROW(constant, word, compress, names, fold, kind, fixed, ...)                               \
    {                                                                                              \
        .number = RRTYPE_##constant, .compression = COMPRESSION_##compress, .has_names = names,    \
        .fold_names = fold, .meta = kind, .fixed_size = fixed, .mnemonic = word, .layout = {       \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* clang-format off */
const struct rrtype rrtype_table[] = {
    ROW(A, "A", NEVER, PLAIN, KEEP, DATA, 4, FIELD_ADDRESS4),
    ROW(NS, "NS", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(MD, "MD", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(MF, "MF", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(CNAME, "CNAME", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(SOA, "SOA", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME, FIELD_NAME, FIELD_U32, FIELD_U32, FIELD_U32, FIELD_U32, FIELD_U32),
    ROW(MB, "MB", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(MG, "MG", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(MR, "MR", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(NULL, "NULL", NEVER, PLAIN, KEEP, DATA, 0, FIELD_OPAQUE_REST),
    ROW(WKS, "WKS", NEVER, PLAIN, KEEP, DATA, 0, FIELD_ADDRESS4, FIELD_U8, FIELD_OPAQUE_REST),
    ROW(PTR, "PTR", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(HINFO, "HINFO", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRING, FIELD_STRING),
    ROW(MINFO, "MINFO", RFC1035, NAMES, FOLD, DATA, 0, FIELD_NAME, FIELD_NAME),
    ROW(MX, "MX", RFC1035, NAMES, FOLD, DATA, 0, FIELD_U16, FIELD_NAME),
    ROW(TXT, "TXT", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRINGS),
    ROW(RP, "RP", LENIENT, NAMES, FOLD, DATA, 0, FIELD_NAME, FIELD_NAME),
    ROW(AFSDB, "AFSDB", LENIENT, NAMES, FOLD, DATA, 0, FIELD_U16, FIELD_NAME),
    ROW(X25, "X25", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRING),
    ROW(ISDN, "ISDN", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRING, FIELD_STRING_0),
    ROW(RT, "RT", LENIENT, NAMES, FOLD, DATA, 0, FIELD_U16, FIELD_NAME),
    ROW(NSAP, "NSAP", NEVER, PLAIN, KEEP, DATA, 0, FIELD_NSAP_REST),
    ROW(NSAP_PTR, "NSAP-PTR", NEVER, NAMES, KEEP, DATA, 0, FIELD_NAME),
    ROW(SIG, "SIG", LENIENT, NAMES, FOLD, DATA, 0, FIELD_TYPE, FIELD_U8, FIELD_U8, FIELD_U32, FIELD_TIME, FIELD_TIME, FIELD_U16, FIELD_NAME, FIELD_BASE64_REST),
    ROW(KEY, "KEY", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U8, FIELD_U8, FIELD_BASE64_REST),
    ROW(PX, "PX", LENIENT, NAMES, FOLD, DATA, 0, FIELD_U16, FIELD_NAME, FIELD_NAME),
    ROW(GPOS, "GPOS", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRING, FIELD_STRING, FIELD_STRING),
    ROW(AAAA, "AAAA", NEVER, PLAIN, KEEP, DATA, 16, FIELD_ADDRESS6),
    ROW(LOC, "LOC", NEVER, PLAIN, KEEP, DATA, 0, FIELD_LOC),
    ROW(NXT, "NXT", LENIENT, NAMES, FOLD, DATA, 0, FIELD_NAME, FIELD_OPAQUE_REST),
    ROW(EID, "EID", NEVER, PLAIN, KEEP, DATA, 0, FIELD_HEX_REST),
    ROW(NIMLOC, "NIMLOC", NEVER, PLAIN, KEEP, DATA, 0, FIELD_HEX_REST),
    ROW(SRV, "SRV", LENIENT, NAMES, FOLD, DATA, 0, FIELD_U16, FIELD_U16, FIELD_U16, FIELD_NAME),
    ROW(ATMA, "ATMA", NEVER, PLAIN, KEEP, DATA, 0, FIELD_OPAQUE_REST),
    ROW(NAPTR, "NAPTR", LENIENT, NAMES, FOLD, DATA, 0, FIELD_U16, FIELD_U16, FIELD_STRING, FIELD_STRING, FIELD_STRING, FIELD_NAME),
    ROW(KX, "KX", NEVER, NAMES, FOLD, DATA, 0, FIELD_U16, FIELD_NAME),
    ROW(CERT, "CERT", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U16, FIELD_U8, FIELD_BASE64_REST),
    ROW(A6, "A6", NEVER, PLAIN, KEEP, DATA, 0, FIELD_OPAQUE_REST),
    ROW(DNAME, "DNAME", NEVER, NAMES, FOLD, DATA, 0, FIELD_NAME),
    ROW(SINK, "SINK", NEVER, PLAIN, KEEP, DATA, 0, FIELD_OPAQUE_REST),
    ROW(OPT, "OPT", NEVER, PLAIN, KEEP, META, 0, FIELD_OPAQUE_REST),
    ROW(APL, "APL", NEVER, PLAIN, KEEP, DATA, 0, FIELD_APL),
    ROW(DS, "DS", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U8, FIELD_U8, FIELD_HEX_REST),
    ROW(SSHFP, "SSHFP", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U8, FIELD_U8, FIELD_HEX_REST),
    ROW(IPSECKEY, "IPSECKEY", NEVER, NAMES, KEEP, DATA, 0, FIELD_U8, FIELD_U8, FIELD_U8, FIELD_GATEWAY, FIELD_BASE64_REST),
    ROW(RRSIG, "RRSIG", NEVER, NAMES, FOLD, DATA, 0, FIELD_TYPE, FIELD_U8, FIELD_U8, FIELD_U32, FIELD_TIME, FIELD_TIME, FIELD_U16, FIELD_NAME, FIELD_BASE64_REST),
    ROW(NSEC, "NSEC", NEVER, NAMES, KEEP, DATA, 0, FIELD_NAME, FIELD_TYPES_REST),
    ROW(DNSKEY, "DNSKEY", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U8, FIELD_U8, FIELD_BASE64_REST),
    ROW(DHCID, "DHCID", NEVER, PLAIN, KEEP, DATA, 0, FIELD_BASE64_REST),
    ROW(NSEC3, "NSEC3", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U8, FIELD_U8, FIELD_U16, FIELD_SALT, FIELD_HASH, FIELD_TYPES_REST),
    ROW(NSEC3PARAM, "NSEC3PARAM", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U8, FIELD_U8, FIELD_U16, FIELD_SALT),
    ROW(TLSA, "TLSA", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U8, FIELD_U8, FIELD_U8, FIELD_HEX_REST),
    ROW(SMIMEA, "SMIMEA", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U8, FIELD_U8, FIELD_U8, FIELD_HEX_REST),
    ROW(HIP, "HIP", NEVER, NAMES, KEEP, DATA, 0, FIELD_HIP, FIELD_NAMES),
    ROW(NINFO, "NINFO", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRINGS),
    ROW(RKEY, "RKEY", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U8, FIELD_U8, FIELD_BASE64_REST),
    ROW(TALINK, "TALINK", NEVER, NAMES, KEEP, DATA, 0, FIELD_NAME, FIELD_NAME),
    ROW(CDS, "CDS", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U8, FIELD_U8, FIELD_HEX_REST),
    ROW(CDNSKEY, "CDNSKEY", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U8, FIELD_U8, FIELD_BASE64_REST),
    ROW(OPENPGPKEY, "OPENPGPKEY", NEVER, PLAIN, KEEP, DATA, 0, FIELD_BASE64_REST),
    ROW(CSYNC, "CSYNC", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U32, FIELD_U16, FIELD_TYPES_REST),
    ROW(ZONEMD, "ZONEMD", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U32, FIELD_U8, FIELD_U8, FIELD_HEX_REST),
    ROW(SVCB, "SVCB", NEVER, NAMES, KEEP, DATA, 0, FIELD_U16, FIELD_NAME, FIELD_PARAMS_REST),
    ROW(HTTPS, "HTTPS", NEVER, NAMES, KEEP, DATA, 0, FIELD_U16, FIELD_NAME, FIELD_PARAMS_REST),
    ROW(DSYNC, "DSYNC", NEVER, NAMES, KEEP, DATA, 0, FIELD_TYPE, FIELD_U8, FIELD_U16, FIELD_NAME),
    ROW(SPF, "SPF", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRINGS),
    ROW(NID, "NID", NEVER, PLAIN, KEEP, DATA, 10, FIELD_U16, FIELD_U64_HEX),
    ROW(L32, "L32", NEVER, PLAIN, KEEP, DATA, 6, FIELD_U16, FIELD_ADDRESS4),
    ROW(L64, "L64", NEVER, PLAIN, KEEP, DATA, 10, FIELD_U16, FIELD_U64_HEX),
    ROW(LP, "LP", NEVER, NAMES, KEEP, DATA, 0, FIELD_U16, FIELD_NAME),
    ROW(EUI48, "EUI48", NEVER, PLAIN, KEEP, DATA, 6, FIELD_EUI48),
    ROW(EUI64, "EUI64", NEVER, PLAIN, KEEP, DATA, 8, FIELD_EUI64),
    ROW(TKEY, "TKEY", NEVER, NAMES, KEEP, META, 0, FIELD_NAME, FIELD_TIME, FIELD_TIME, FIELD_U16, FIELD_U16, FIELD_BLOB16, FIELD_BLOB16),
    ROW(TSIG, "TSIG", NEVER, NAMES, KEEP, META, 0, FIELD_NAME, FIELD_U48, FIELD_U16, FIELD_BLOB16, FIELD_U16, FIELD_U16, FIELD_BLOB16),
    ROW(IXFR, "IXFR", NEVER, PLAIN, KEEP, META, 0, FIELD_OPAQUE_REST),
    ROW(AXFR, "AXFR", NEVER, PLAIN, KEEP, META, 0, FIELD_OPAQUE_REST),
    ROW(MAILB, "MAILB", NEVER, PLAIN, KEEP, META, 0, FIELD_OPAQUE_REST),
    ROW(MAILA, "MAILA", NEVER, PLAIN, KEEP, META, 0, FIELD_OPAQUE_REST),
    ROW(ANY, "ANY", NEVER, PLAIN, KEEP, META, 0, FIELD_OPAQUE_REST),
    ROW(URI, "URI", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U16, FIELD_TEXT_REST),
    ROW(CAA, "CAA", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U8, FIELD_TAG, FIELD_TEXT_REST),
    ROW(AVC, "AVC", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRINGS),
    ROW(DOA, "DOA", NEVER, PLAIN, KEEP, DATA, 0, FIELD_OPAQUE_REST),
    ROW(AMTRELAY, "AMTRELAY", NEVER, NAMES, KEEP, DATA, 0, FIELD_U8, FIELD_RELAY),
    ROW(RESINFO, "RESINFO", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRINGS),
    ROW(WALLET, "WALLET", NEVER, PLAIN, KEEP, DATA, 0, FIELD_STRINGS),
    ROW(TA, "TA", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U8, FIELD_U8, FIELD_HEX_REST),
    ROW(DLV, "DLV", NEVER, PLAIN, KEEP, DATA, 0, FIELD_U16, FIELD_U8, FIELD_U8, FIELD_HEX_REST),
};
/* clang-format on */

#define ROWS (sizeof rrtype_table / sizeof rrtype_table[0])

const struct rrtype *rrtype_search(uint16_t type)
{
    size_t low = 0;
    size_t high = ROWS;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (rrtype_table[middle].number < type) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < ROWS && rrtype_table[low].number == type ? &rrtype_table[low] : NULL;
}

const struct rrtype *rrtype_rows(size_t *ret_count)
{
    *ret_count = ROWS;
    return rrtype_table;
}

static char upper(uint8_t octet)
{
    return (char)(octet >= 'a' && octet <= 'z' ? octet - 32 : octet);
}

static bool text_is(struct bytes text, const char *word)
{
    size_t at = 0;
    while (at < text.size && word[at] != '\0' && upper(text.data[at]) == word[at]) {
        at++;
    }
    return at == text.size && word[at] == '\0';
}

/* `prefix` in any case and a number up to 65535 after it. */
static bool parse_numbered(struct bytes text, const char *prefix, uint16_t *ret)
{
    const size_t skip = bytes_of_string(prefix).size;
    uint32_t value = 0;
    if (text.size <= skip || !text_is(bytes_of(text.data, skip), prefix)) {
        return false;
    }
    for (size_t at = skip; at < text.size; at++) {
        if (text.data[at] < '0' || text.data[at] > '9') {
            return false;
        }
        value = value * 10 + (uint32_t)(text.data[at] - '0');
        if (value > UINT16_MAX) {
            return false;
        }
    }
    *ret = (uint16_t)value;
    return true;
}

bool rrtype_parse(struct bytes text, uint16_t *ret)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (text_is(text, rrtype_table[i].mnemonic)) {
            *ret = rrtype_table[i].number;
            return true;
        }
    }
    return parse_numbered(text, "TYPE", ret);
}

void rrtype_put(struct text *text, uint16_t type)
{
    const struct rrtype *row = rrtype_find(type);
    if (row != NULL) {
        text_put(text, row->mnemonic);
        return;
    }
    text_put(text, "TYPE");
    text_put_number(text, type);
}

bool rrtype_is_meta(uint16_t type)
{
    return type == RRTYPE_OPT || (type >= 128 && type <= 255);
}

static const struct {
    uint16_t number;
    const char *mnemonic;
} classes[] = {
    {RRCLASS_IN, "IN"},     {RRCLASS_CH, "CH"},   {RRCLASS_HS, "HS"},
    {RRCLASS_NONE, "NONE"}, {RRCLASS_ANY, "ANY"},
};

#define CLASSES (sizeof classes / sizeof classes[0])

bool rrclass_parse(struct bytes text, uint16_t *ret)
{
    for (size_t i = 0; i < CLASSES; i++) {
        if (text_is(text, classes[i].mnemonic)) {
            *ret = classes[i].number;
            return true;
        }
    }
    return parse_numbered(text, "CLASS", ret);
}

void rrclass_put(struct text *text, uint16_t rrclass)
{
    for (size_t i = 0; i < CLASSES; i++) {
        if (classes[i].number == rrclass) {
            text_put(text, classes[i].mnemonic);
            return;
        }
    }
    text_put(text, "CLASS");
    text_put_number(text, rrclass);
}
