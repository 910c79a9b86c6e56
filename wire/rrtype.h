/* One row per RR type: number, mnemonic, what its RDATA is made of, and where its names may be
 * compressed. A type without a row is handled as RFC 3597 says. */
#ifndef FAULTZONE_WIRE_RRTYPE_H
#define FAULTZONE_WIRE_RRTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
    RRTYPE_A = 1,
    RRTYPE_NS = 2,
    RRTYPE_MD = 3,
    RRTYPE_MF = 4,
    RRTYPE_CNAME = 5,
    RRTYPE_SOA = 6,
    RRTYPE_MB = 7,
    RRTYPE_MG = 8,
    RRTYPE_MR = 9,
    RRTYPE_NULL = 10,
    RRTYPE_WKS = 11,
    RRTYPE_PTR = 12,
    RRTYPE_HINFO = 13,
    RRTYPE_MINFO = 14,
    RRTYPE_MX = 15,
    RRTYPE_TXT = 16,
    RRTYPE_RP = 17,
    RRTYPE_AFSDB = 18,
    RRTYPE_X25 = 19,
    RRTYPE_ISDN = 20,
    RRTYPE_RT = 21,
    RRTYPE_NSAP = 22,
    RRTYPE_NSAP_PTR = 23,
    RRTYPE_SIG = 24,
    RRTYPE_KEY = 25,
    RRTYPE_PX = 26,
    RRTYPE_GPOS = 27,
    RRTYPE_AAAA = 28,
    RRTYPE_LOC = 29,
    RRTYPE_NXT = 30,
    RRTYPE_EID = 31,
    RRTYPE_NIMLOC = 32,
    RRTYPE_SRV = 33,
    RRTYPE_ATMA = 34,
    RRTYPE_NAPTR = 35,
    RRTYPE_KX = 36,
    RRTYPE_CERT = 37,
    RRTYPE_A6 = 38,
    RRTYPE_DNAME = 39,
    RRTYPE_SINK = 40,
    RRTYPE_OPT = 41,
    RRTYPE_APL = 42,
    RRTYPE_DS = 43,
    RRTYPE_SSHFP = 44,
    RRTYPE_IPSECKEY = 45,
    RRTYPE_RRSIG = 46,
    RRTYPE_NSEC = 47,
    RRTYPE_DNSKEY = 48,
    RRTYPE_DHCID = 49,
    RRTYPE_NSEC3 = 50,
    RRTYPE_NSEC3PARAM = 51,
    RRTYPE_TLSA = 52,
    RRTYPE_SMIMEA = 53,
    RRTYPE_HIP = 55,
    RRTYPE_NINFO = 56,
    RRTYPE_RKEY = 57,
    RRTYPE_TALINK = 58,
    RRTYPE_CDS = 59,
    RRTYPE_CDNSKEY = 60,
    RRTYPE_OPENPGPKEY = 61,
    RRTYPE_CSYNC = 62,
    RRTYPE_ZONEMD = 63,
    RRTYPE_SVCB = 64,
    RRTYPE_HTTPS = 65,
    RRTYPE_DSYNC = 66,
    RRTYPE_SPF = 99,
    RRTYPE_NID = 104,
    RRTYPE_L32 = 105,
    RRTYPE_L64 = 106,
    RRTYPE_LP = 107,
    RRTYPE_EUI48 = 108,
    RRTYPE_EUI64 = 109,
    RRTYPE_TKEY = 249,
    RRTYPE_TSIG = 250,
    RRTYPE_IXFR = 251,
    RRTYPE_AXFR = 252,
    RRTYPE_MAILB = 253,
    RRTYPE_MAILA = 254,
    RRTYPE_ANY = 255,
    RRTYPE_URI = 256,
    RRTYPE_CAA = 257,
    RRTYPE_AVC = 258,
    RRTYPE_DOA = 259,
    RRTYPE_AMTRELAY = 260,
    RRTYPE_RESINFO = 261,
    RRTYPE_WALLET = 262,
    RRTYPE_TA = 32768,
    RRTYPE_DLV = 32769,
};

enum {
    RRCLASS_IN = 1,
    RRCLASS_CH = 3,
    RRCLASS_HS = 4,
    RRCLASS_NONE = 254,
    RRCLASS_ANY = 255,
};

/* What RDATA is made of, in order. The kinds with "to the end" come last in a layout. */
enum rdata_field {
    FIELD_END = 0,
    FIELD_U8,
    FIELD_U16,
    FIELD_U32,
    FIELD_U48,
    FIELD_U64_HEX,     /* 8 octets, shown as four groups of hex digits */
    FIELD_TTL,         /* 32 bits, seconds */
    FIELD_TIME,        /* 32 bits, shown as YYYYMMDDHHmmSS (RFC 4034 3.2) */
    FIELD_TYPE,        /* 16 bits, shown as an RR type */
    FIELD_ADDRESS4,    /* 4 octets */
    FIELD_ADDRESS6,    /* 16 octets */
    FIELD_EUI48,       /* 6 octets */
    FIELD_EUI64,       /* 8 octets */
    FIELD_NAME,        /* a domain name; the row says whether it may be compressed */
    FIELD_STRING,      /* one character-string */
    FIELD_TAG,         /* one character-string, shown without quotes */
    FIELD_SALT,        /* length octet and octets, shown in hex ("-" for none) */
    FIELD_HASH,        /* length octet and octets, shown in base32hex */
    FIELD_STRINGS,     /* one or more character-strings, to the end */
    FIELD_STRING_0,    /* none or one character-string, to the end (RFC 1183 3.2) */
    FIELD_NAMES,       /* none or more names, to the end, never compressed */
    FIELD_TEXT_REST,   /* octets to the end, shown as one quoted string */
    FIELD_NSAP_REST,   /* octets to the end, shown in hex after 0x (RFC 1706 6) */
    FIELD_HEX_REST,    /* octets to the end, shown in hex */
    FIELD_BASE64_REST, /* octets to the end, shown in base64 */
    FIELD_TYPES_REST,  /* type bit maps (RFC 4034 4.1.2), to the end */
    FIELD_PARAMS_REST, /* service parameters (RFC 9460 2.2), to the end */
    FIELD_OPAQUE_REST, /* octets to the end; the record is shown in RFC 3597 form */
    FIELD_BLOB16,      /* 16-bit length and octets, shown in base64 */
    FIELD_HIP,         /* two lengths, an algorithm, HIT and key (RFC 8005 5) */
    FIELD_GATEWAY,     /* IPSECKEY's gateway, by the type octet two octets back (RFC 4025 2.1) */
    FIELD_RELAY,       /* AMTRELAY's type octet and relay (RFC 8777 4.2) */
    FIELD_APL,         /* address prefixes (RFC 3123 4), to the end */
    FIELD_LOC,         /* the 16 octets of RFC 1876 2 */
    FIELDS,
};

#define RRTYPE_FIELDS_MAX 10

enum rdata_compression {
    COMPRESSION_NEVER,   /* not written, not accepted */
    COMPRESSION_LENIENT, /* not written, accepted in lenient mode (RFC 3597 4) */
    COMPRESSION_RFC1035, /* written and accepted */
};

struct rrtype {
    uint16_t number;
    uint8_t compression; /* enum rdata_compression */
    bool has_names;      /* some field of `layout` holds names */
    bool fold_names;     /* its names are lower-cased in canonical form (RFC 4034 6.2) */
    bool meta;           /* asked for or carried, never data of a zone */
    uint8_t fixed_size;  /* octets of RDATA if it is always the same, else 0 */
    const char *mnemonic;
    uint8_t layout[RRTYPE_FIELDS_MAX]; /* enum rdata_field, ended by FIELD_END */
};

/* All rows, in order of number; types 1 to RRTYPE_DENSE_MAX are the first without a gap. */
#define RRTYPE_DENSE_MAX 53
extern const struct rrtype rrtype_table[];

/* The same as rrtype_find, for any type. */
const struct rrtype *rrtype_search(uint16_t type);

/* The row of `type`, NULL if it has none. */
static inline const struct rrtype *rrtype_find(uint16_t type)
{
    return type - 1U < RRTYPE_DENSE_MAX ? &rrtype_table[type - 1] : rrtype_search(type);
}

/* All rows, in order of number. */
const struct rrtype *rrtype_rows(size_t *ret_count);

/* Reads a mnemonic in any case, or TYPE123 (RFC 3597 5). */
bool rrtype_parse(struct bytes text, uint16_t *ret);

/* Writes the mnemonic, or TYPE123. */
void rrtype_put(struct text *text, uint16_t type);

/* True for types that may be asked for or carried but are never data of a zone: OPT, TKEY, TSIG,
 * IXFR to ANY, and the rest of 128 to 255 (RFC 6895 3.1). */
bool rrtype_is_meta(uint16_t type);

/* The same for classes: IN, CH, HS, NONE, ANY, or CLASS123. */
bool rrclass_parse(struct bytes text, uint16_t *ret);
void rrclass_put(struct text *text, uint16_t rrclass);

#endif
